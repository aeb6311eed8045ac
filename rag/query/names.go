package query

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wenbao/corpus/zh"
	"wenbao/rag"
)

// kinds are what things with a name of their own are: a name ends in one, with
// what tells the thing from others in front of it (望江大桥, 市第三人民医院).
var kinds = []string{
	"大桥", "隧道", "高速", "公路", "铁路", "快速路", "机场", "车站", "码头", "公园", "广场", "医院", "学校", "小学", "中学", "大学", "学院", "幼儿园",
	"博物馆", "图书馆", "纪念馆", "美术馆", "科技馆", "体育馆", "体育场", "展览馆", "文化馆", "剧院", "实验室", "研究所", "研究院", "中心", "基地", "园区",
	"开发区", "集团", "公司", "银行", "电站", "水库", "博览会",
}

// pointing are the last characters of words that point or count: what stands
// behind one is not called by its name (哪个实验室, 多少所学校).
const pointing = `这那哪此该本个座所家条处些几少多`

// owners are the characters that say whose a thing is (市图书馆).
const owners = `省市区县`

// kindsBy are the kinds by their first character.
var kindsBy = func() map[rune][]string {
	by := map[rune][]string{}
	for _, kind := range kinds {
		r, _ := utf8.DecodeRuneInString(kind)
		by[r] = append(by[r], kind)
	}
	return by
}()

var (
	anyKind = `(` + strings.Join(kinds, "|") + `)`
	// inMarks is a name in marks (“春风送岗”).
	inMarks = regexp.MustCompile(`[“《]([^“”《》]{2,12})[”》]`)
	// nameAhead is the name that a piece of a topic begins with: see endsInName. It
	// holds no verb of a clause.
	nameAhead = regexp.MustCompile(`^(?:(?:[^\P{Han}了是在有]|[\p{Nd}A-Za-z]){1,11}[^\P{Han}` + pointing + `]|[` + owners + `])` + anyKind)
	// whichOne asks for a thing whose name the answer gives.
	whichOne = regexp.MustCompile(`哪一?[个座所家条]|叫什么`)
	// goBack leads back to something that is named behind it.
	goBack = regexp.MustCompile(`^(?:那|我们|还是|再)*(?:回到|说回)(?:刚才)?(?:[说讲提]到?)?的?`)
	// theOne points to something named before by its kind (刚才那个实验室).
	theOne = regexp.MustCompile(`(?:刚才|前面|之前)?(?:[说讲提]到?的)?(?:这|那|该)[个座所家条处]?` + anyKind)
)

// attributes ask something of a thing and name none: a question about nothing
// else has the subject of the one before it.
var attributes = regexp.MustCompile(`^(?:(?:总投资额?|投资额?|造价|预算|费用|价格|票价|门票|收费|总长度?|全长|长度|宽度|高度|深度|占地面积|建筑面积|占地|面积|规模|容量|床位|` +
	`地址|位置|地点|电话|开放时间|营业时间|开馆时间|时间|日期|工期|进度|开工|动工|竣工|完工|建成|投用|启用|通车|开通|开放|开门|关门|闭馆|开馆|开业|搬迁|搬|用途|作用|特点|特色|名字|名称|人数|员工)[ 的了]*)+$`)

// naming reports whether a text names something, without telling where the name
// begins.
func naming(text string) bool {
	if strings.ContainsAny(text, "“《") && inMarks.MatchString(text) {
		return true
	}
	for i, r := range text {
		for _, kind := range kindsBy[r] {
			if strings.HasPrefix(text[i:], kind) && endsInName(text[:i]) {
				return true
			}
		}
	}
	return false
}

// endsInName reports whether the text ahead of a kind can be of a name: two
// characters that do not point or count, or whose the thing is (市图书馆).
func endsInName(ahead string) bool {
	last, n := utf8.DecodeLastRuneInString(ahead)
	if !zh.IsHan(last) || last == '的' || strings.ContainsRune(pointing, last) {
		return false
	}
	first, _ := utf8.DecodeLastRuneInString(ahead[:len(ahead)-n])
	return strings.ContainsRune(owners, last) || zh.IsHan(first) || first < utf8.RuneSelf && !betweenNames(first)
}

// nameIn is the name in a question of a topic, the first one or the one in marks,
// and "" at none.
func nameIn(text, topic string) string {
	if m := inMarks.FindStringSubmatch(text); m != nil && strings.Contains(topic, m[1]) {
		return m[1]
	}
	for field := range strings.FieldsSeq(topic) {
		if name := nameAhead.FindString(field); name != "" {
			return name
		}
	}
	return ""
}

// lacksSubject reports whether a question only asks something of a thing that it
// does not name (总投资多少).
func (p *parsed) lacksSubject() bool {
	return len(p.places)+len(p.unknown)+len(p.people) == 0 && attributes.MatchString(p.topic)
}

// named is a text with a thing that it points to by its kind called by its name:
// the newest in the turns before that is of the kind.
func (u *Understander) named(text string, before []rag.Turn) string {
	m := theOne.FindStringSubmatchIndex(text)
	if m == nil {
		return text
	}
	kind := text[m[2]:m[3]]
	for _, t := range slices.Backward(before[max(0, len(before)-maxChain):]) {
		for _, name := range append(answerNames(t.Answer), u.parse(asked(t.Question)).name) {
			if strings.HasSuffix(name, kind) {
				return text[:m[0]] + name + text[m[1]:]
			}
		}
	}
	return text
}

// answerNames are the names that stand by themselves in an answer, as short
// answers do: within a sentence nothing tells where a name begins.
func answerNames(answer string) []string {
	var names []string
	for _, piece := range strings.FieldsFunc(zh.Simplified(clean(answer)), betweenNames) {
		if nameAhead.FindString(piece) == piece && !slices.Contains(names, piece) {
			names = append(names, piece)
		}
	}
	return names
}

// betweenNames reports whether a character stands between the pieces of an answer.
func betweenNames(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
