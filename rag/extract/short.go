package extract

import (
	"regexp"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag"
)

// figure finds the number that a clause gives for the topic. The clause has to
// name what is counted.
func figure(c rag.Count, of term, e *evidence, terms []term) (item, bool) {
	if e.cell != nil {
		if of.word != "" && of.found(zh.Fold(e.cell.head)) == 0 {
			return item{}, false
		}
		it, ok := tableNumber(e.cell, e.hit.Passage.Text)
		it.supportHit = e.hit
		return it, ok
	}
	text := e.text()
	if of.word != "" && of.found(zh.Fold(text)) == 0 {
		return item{}, false
	}
	if m := telephone.FindStringSubmatch(text); m != nil && c.Unit == "" {
		return item{span: e.clause, short: m[1]}, true
	}
	figures := zh.Figures(text)
	var fit []zh.Figure
	for _, f := range figures {
		if sameUnit(c.Unit, f.Unit) && !strings.HasPrefix(f.In(text), "第") && !strings.HasSuffix(text[:f.Start], "“") {
			fit = append(fit, f)
		}
	}
	fit = withoutOld(text, fit)
	if len(fit) == 0 {
		return item{}, false
	}
	near := terms
	if of.word != "" {
		near = []term{of}
	}
	best := nearest(text, fit, near)
	sp := fit[best].Span
	if c.Unit == "" { // 60栋9833套 is one answer
		for i := best + 1; i < len(fit) && fit[i].Start == sp.End; i++ {
			sp.End = fit[i].End
		}
		for i := best - 1; i >= 0 && fit[i].End == sp.Start; i-- {
			sp.Start = fit[i].Start
		}
	}
	it := item{span: e.clause, short: sp.In(text)}
	if strings.HasPrefix(it.short, "一") && fit[best].Value == "1" {
		it.score = figurative
	}
	return it, true
}

// figurative is taken off a figure of one in words, which counts nothing more
// often than not (一座助餐点，装得下一条街的烟火).
const figurative = -0.3

// telephone is a number that is dialled: its groups of digits belong together.
var telephone = regexp.MustCompile(`(?:电话|热线|手机)[^0-9，,；;]{0,6}([0-9]{3,}(?:[ -][0-9]{3,})*)`)

// changedFrom ends in front of the figure that a change begins with, changedTo
// is what stands between it and the figure that it ends with (由两成提高到五成).
var (
	changedFrom = regexp.MustCompile(`(?:由|从)[^，,；;]{0,24}$`)
	changedTo   = regexp.MustCompile(`^\p{Han}{0,4}(?:到|至|为)$`)
)

// withoutOld drops the figures that a clause tells as changed into the next one:
// what is asked for is how things are.
func withoutOld(text string, figures []zh.Figure) []zh.Figure {
	var out []zh.Figure
	for i, f := range figures {
		if i+1 < len(figures) && changedTo.MatchString(text[f.End:figures[i+1].Start]) && changedFrom.MatchString(text[:f.Start]) {
			continue
		}
		out = append(out, f)
	}
	return out
}

// generalCounters are the units of counted things that 个 may ask for.
const generalCounters = "个家所项条座栋处台辆件名位人种类支批片期户张套场"

// sameUnit reports whether a figure's unit is what was asked for; "" asks for any.
func sameUnit(asked, got string) bool {
	asked = strings.TrimLeft(asked, "万亿")
	switch {
	case asked == "" || asked == got:
		return true
	case asked == "个":
		return got != "" && strings.Contains(generalCounters, got)
	case countsPeople(asked):
		return countsPeople(got) || got == "人次" && asked == "人"
	case asked == "家" || asked == "所" || asked == "处" || asked == "座":
		return got == "个"
	}
	return false
}

func countsPeople(unit string) bool { return unit == "人" || unit == "名" || unit == "位" }

// nearest picks the figure that stands closest to a term of the topic, one
// behind the term before one ahead of it.
func nearest(text string, figures []zh.Figure, terms []term) int {
	best, least := 0, -1
	for i, f := range figures {
		d := distance(text, f.Span, terms)
		if least < 0 || d < least {
			best, least = i, d
		}
	}
	return best
}

func distance(text string, sp corpus.Span, terms []term) int {
	least := len(text) * 2
	for _, t := range terms {
		for _, w := range append([]string{t.word}, t.others...) {
			for from := 0; ; {
				i := strings.Index(text[from:], w)
				if i < 0 || w == "" {
					break
				}
				start, end := from+i, from+i+len(w)
				switch {
				case start >= sp.End: // 56家养老服务中心
					least = min(least, start-sp.End+1)
				case end <= sp.Start: // 新增平台49个
					least = min(least, sp.Start-end)
				}
				from = end
			}
		}
	}
	return least
}

// named finds a post with a name behind it.
var named = regexp.MustCompile(`(?:书记|市长|县长|区长|镇长|乡长|局长|主任|主席|院长|校长|所长|处长|科长|站长|厂长|部长|秘书长|组长|队长|会长|经理|董事长|总裁|负责人|教授|研究员|工程师|专家|记者|医生|教师|村民|居民|市民|主播|董事|馆长|园长|行长|社长|理事长|党委委员|常委)[ \x{3000}]?(\p{Han}{2,4})`)

// afterName are words that follow a name in a report, and end it.
var afterName = []string{"接受", "表示", "介绍", "说", "在", "主持", "出席", "指出", "强调", "告诉", "认为", "率", "到", "作", "为", "赴", "带领", "参加", "代表", "宣布", "来", "讲", "谈", "坦言", "透露", "向", "对", "与", "和", "一行", "等", "的", "是", "也", "还", "正", "就", "从"}

// person finds who it is: a known speaker or a name behind a post in the
// clause's segment; for 谁说 who is quoted, where the passage or another of the
// article names the speaker.
func person(q rag.Query, e *evidence, p pool) (item, bool) {
	text := e.hit.Passage.Text
	if onlyDeputy(q.Topic, e.segment.In(text)) {
		return item{}, false
	}
	name := e.hit.Passage.Facets.Speaker
	if name == "" {
		name = e.hit.Article.Facets.Speaker
	}
	if name != "" && strings.Contains(e.segment.In(text), name) {
		it := item{span: widen(e, e.segment, name), short: name}
		if q.Speaker != "" && q.Topic == "" { // X是谁 asks for the post
			office := e.hit.Article.Facets.Office
			if office == "" || !strings.Contains(it.span.In(text), office) {
				return item{}, false
			}
			it.short = office
		}
		return it, true
	}
	if asksSpeaker.MatchString(q.Text) {
		return quoted(e, name, p)
	}
	for _, m := range named.FindAllStringSubmatchIndex(e.segment.In(text), -1) {
		if found := cutName(e.segment.In(text)[m[2]:m[3]]); found != "" {
			return item{span: widen(e, e.segment, found), short: found}, true
		}
	}
	return item{}, false
}

// post is the last word of an office that a person holds.
var post = regexp.MustCompile(`书记|主任|主席|市长|县长|区长|镇长|乡长|局长|院长|校长|所长|部长|秘书长`)

// onlyDeputy reports whether a text names only the deputy of a post asked for
// (副书记, where the 书记 is wanted).
func onlyDeputy(topic, text string) bool {
	held := post.FindString(topic)
	if held == "" || strings.Contains(topic, "副"+held) || !strings.Contains(text, "副"+held) {
		return false
	}
	return !strings.Contains(strings.ReplaceAll(text, "副"+held, ""), held)
}

// asksSpeaker asks whose words something is.
var asksSpeaker = regexp.MustCompile(`谁(?:说|讲|表示|提出|提到|认为|指出|强调|介绍|透露)`)

// quoted names the speaker of a clause by words of its own passage, else by
// those of another passage of the article.
func quoted(e *evidence, name string, p pool) (item, bool) {
	if name == "" {
		name = e.hit.Passage.Facets.Office
	}
	if name == "" {
		return item{}, false
	}
	it := item{span: e.clause, short: name}
	if strings.Contains(e.hit.Passage.Text, name) {
		it.support = nameSpan(e.hit.Passage.Text, name)
		it.supportHit = e.hit
		return it, true
	}
	for i := range p {
		h := p[i].hit
		if h.Article.ID == e.hit.Article.ID && strings.Contains(h.Passage.Text, name) {
			it.support, it.supportHit = nameSpan(h.Passage.Text, name), h
			return it, true
		}
	}
	return item{}, false
}

// nameSpan is the clause around a name in a passage.
func nameSpan(text, name string) corpus.Span {
	for _, s := range zh.Sentences(text) {
		for _, c := range zh.Clauses(s.In(text)) {
			if sp := shift(c.Span, s.Start); strings.Contains(sp.In(text), name) {
				return sp
			}
		}
	}
	i := strings.Index(text, name)
	return corpus.Span{Start: i, End: i + len(name)}
}

// cutName ends a name before the word behind it; "" when hardly a name is left.
func cutName(s string) string {
	for _, w := range afterName {
		if i := strings.Index(s, w); i > 0 {
			s = s[:i]
		}
	}
	if n := len([]rune(s)); n < 2 || n > 4 {
		return ""
	}
	return s
}

// widen gives the clause, with what lies between it and a word of its segment
// that it does not hold itself.
func widen(e *evidence, segment corpus.Span, word string) corpus.Span {
	if strings.Contains(e.text(), word) {
		return e.clause
	}
	i := strings.Index(segment.In(e.hit.Passage.Text), word)
	if i < 0 {
		return e.clause
	}
	at := segment.Start + i
	return corpus.Span{Start: min(e.clause.Start, at), End: max(e.clause.End, at+len(word))}
}

// date finds when it is: the time named in the clause, else in front of it in
// the same segment.
func date(e *evidence) (item, bool) {
	text := e.hit.Passage.Text
	printed := partDate(item{hit: e.hit})
	times := zh.Times(e.segment.In(text), printed)
	var pick *zh.TimeExpr
	for i := range times {
		t := &times[i]
		at := e.segment.Start + t.Start
		if at >= e.clause.End || t.Plan {
			continue
		}
		if pick == nil || better(t, pick, e) {
			pick = t
		}
	}
	if pick == nil {
		return item{}, false
	}
	short := pick.In(e.segment.In(text))
	at := e.segment.Start + pick.Start
	it := item{span: corpus.Span{Start: min(at, e.clause.Start), End: max(e.clause.End, at+len(short))}, short: short}
	if zh.CountHan(e.segment.In(text)) <= maxSegment {
		it.span = e.segment // a second date, of the end, may stand behind
	}
	if pick.Date.Day > 0 || pick.Date.Month > 0 {
		it.score += 0.3 // a day answers 什么时候 better than a year
	}
	return it, true
}

// maxSegment is how long a part of a sentence may be, in Han characters, to be
// printed whole with a date.
const maxSegment = 60

// better prefers a day to a year, and a time within the clause to one before it.
func better(t, than *zh.TimeExpr, e *evidence) bool {
	day := func(x *zh.TimeExpr) bool { return x.Date.Month > 0 }
	if day(t) != day(than) {
		return day(t)
	}
	return e.segment.Start+t.Start >= e.clause.Start && e.segment.Start+than.Start < e.clause.Start
}

var located = regexp.MustCompile(`(?:位于|坐落于|坐落在|搬到|搬至|迁到|迁至|落户|选址|设在|建在|放在|在|于|走进)([^，,。；;“”]{2,24}?)(?:的|召开|举行|举办|建成|建设|各建|新建|开工|开业|启动|开幕|揭牌|投用|成立|落成|挂牌|建|办|[，,。；;]|$)`)

// placeLike tells the name of a place, a road or a building at the end of words.
var placeLike = regexp.MustCompile(`(?:省|市|县|区|镇|乡|村|街道|社区|路|街|道|巷|号|里|楼|层|厅|馆|院|校|学|园|场|站|港|湖|山|江|河|岛|湾|桥|口|中心|基地|大厦|车间|工厂|广场|现场|小区|片区)$`)

// place finds where it is: what stands behind 位于, 在 and the like.
func place(e *evidence) (item, bool) {
	segment := e.segment.In(e.hit.Passage.Text)
	segment = strings.TrimRight(segment, "。！？!?")
	for _, m := range located.FindAllStringSubmatch(segment, -1) {
		if !placeLike.MatchString(m[1]) {
			continue
		}
		return item{span: widen(e, e.segment, m[1]), short: m[1]}, true
	}
	return item{}, false
}
