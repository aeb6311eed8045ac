package layout

import (
	"regexp"
	"strings"
	"unicode"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

var (
	// A role, with an outlet's name in front where one is printed (云报融媒记者).
	roleField = regexp.MustCompile(`^(?:\p{Han}{1,8}(?:报|社|台|媒|媒体|网|刊|中心))?(?:首席|见习|实习|特约|驻站)?(?:记者|通讯员|评论员|撰稿人|实习生|摄影|责编|责任编辑|编辑|校对|文图|图文|摄影报道)`)
	// Signed by the paper itself.
	bareByline = regexp.MustCompile(`^(?:本报|本刊)(?:评论员|编辑部|特约评论员)$`)
	// An issuing office: (云泽宣), （区融媒体中心供稿）.
	officeLine = regexp.MustCompile(`^[（(][\s\x{3000}]*(\p{Han}{1,14}?)[\s\x{3000}]*(宣|宣传部|供稿|融媒体中心|办公室)[\s\x{3000}]*[)）]$`)
	// 本报讯（记者 张三 通讯员 李四）…, 新华社云泽12月30日电（记者张三）…
	wireLead = regexp.MustCompile(`^(?:\p{Han}{1,6}讯|(?:本报|新华社|中新社)\p{Han}{0,8}(?:\d{1,2}月\d{1,2}日)?电)[\s\x{3000}]*(?:[（(][^()（）]{0,40}[)）])?[\s\x{3000}]*`)
	words    = regexp.MustCompile(`\p{Han}+`)
)

// Surnames that may follow a role without a space (记者张三). A name that stands
// apart from its role needs no surname on this list.
const surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单裴霍涂成苗谷曲盛冉翁蓝骆路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"

// isByline reports whether a whole line names who wrote the article.
func isByline(s string) bool {
	if runeLen(s) > maxByline || strings.ContainsAny(s, "。！？；") {
		return false
	}
	if bareByline.MatchString(s) || officeLine.MatchString(s) {
		return true
	}
	as, ok := readByline(s)
	return ok && len(as) > 0
}

// readByline reads the roles and names of a byline. It reports false when the
// line holds anything else.
func readByline(s string) (as []corpus.Author, ok bool) {
	for _, r := range s {
		if !unicode.Is(unicode.Han, r) && !unicode.IsSpace(r) && !strings.ContainsRune("（）()：:、，,/", r) {
			return nil, false
		}
	}
	role := ""
	for _, field := range bylineFields(s) {
		name := field
		if r := roleField.FindString(field); r != "" {
			role = r
			name = strings.TrimPrefix(field, r)
			if name == "" {
				continue
			}
			if !startsWithSurname(name) {
				return nil, false
			}
		}
		if n := runeLen(name); n < 2 || n > 4 || role == "" {
			return nil, false
		}
		as = append(as, corpus.Author{Name: name, Role: role})
	}
	return as, role != ""
}

func startsWithSurname(name string) bool {
	for _, r := range name {
		return strings.ContainsRune(surnames, r)
	}
	return false
}

// bylineFields cuts a byline into words. Two single characters in a row are a
// name of two characters that was spaced out (王　伟).
func bylineFields(s string) []string {
	found := words.FindAllString(s, -1)
	var out []string
	for i := 0; i < len(found); i++ {
		w := found[i]
		if runeLen(w) == 1 && i+1 < len(found) && runeLen(found[i+1]) == 1 {
			i++
			w += found[i]
		}
		out = append(out, w)
	}
	return out
}

// leadingByline finds 本报讯（记者 …） in front of a paragraph.
func leadingByline(s string) (cut int, ok bool) {
	m := wireLead.FindString(s)
	if m == "" || len(m) == len(s) {
		return 0, false
	}
	known := strings.HasPrefix(s, "本报") || strings.HasPrefix(s, "本刊") || strings.HasPrefix(s, "新华社") || strings.HasPrefix(s, "中新社")
	return len(m), known || strings.ContainsAny(m, "（(")
}

// trailingByline finds （记者 …）, （张三 李四） or (云泽宣) behind the last
// sentence of a paragraph.
func trailingByline(s string) (cut int, ok bool) {
	open := max(strings.LastIndex(s, "（"), strings.LastIndex(s, "("))
	if open <= 0 || !closed(strings.TrimRightFunc(s[:open], unicode.IsSpace)) {
		return 0, false
	}
	tail := s[open:]
	if !strings.HasSuffix(tail, "）") && !strings.HasSuffix(tail, ")") {
		return 0, false
	}
	if officeLine.MatchString(tail) {
		return open, true
	}
	if _, ok := readByline(tail); ok {
		return open, true
	}
	return open, onlyNames(tail)
}

// onlyNames reports whether brackets hold nothing but one to three names.
func onlyNames(s string) bool {
	fields := bylineFields(s)
	if len(fields) == 0 || len(fields) > 3 || strings.ContainsFunc(s, unicode.IsDigit) {
		return false
	}
	for _, f := range fields {
		if n := runeLen(f); n < 2 || n > 3 || !startsWithSurname(f) {
			return false
		}
	}
	return true
}

// authors reads the names in a byline, as printed but for blanks.
func authors(s string) []corpus.Author {
	as := readAuthors(zh.Simplified(s))
	for i := range as {
		as[i].Name, as[i].Role = asPrinted(s, as[i].Name), asPrinted(s, as[i].Role)
	}
	return as
}

// asPrinted gives words that were read in Simplified characters, without blanks, as
// a text prints them.
func asPrinted(text, words string) string {
	if printed, ok := zh.AsPrinted(strings.Map(dropSpace, text), words); ok {
		return printed
	}
	return words
}

// readAuthors reads the names in a byline in Simplified characters.
func readAuthors(s string) []corpus.Author {
	if officeLine.MatchString(s) {
		return nil
	}
	if lead := wireLead.FindString(s); lead != "" {
		i := strings.IndexAny(lead, "（(")
		if i < 0 {
			return nil
		}
		s = lead[i:]
	}
	if as, ok := readByline(s); ok {
		return as
	}
	if !onlyNames(s) {
		return nil
	}
	var as []corpus.Author
	for _, f := range bylineFields(s) {
		as = append(as, corpus.Author{Name: f})
	}
	return as
}

// office reads the issuing office of a byline such as (云泽宣), without the
// brackets and as printed.
func office(s string) string {
	if m := officeLine.FindStringSubmatch(zh.Simplified(s)); m != nil {
		return asPrinted(s, m[1]+m[2])
	}
	return ""
}
