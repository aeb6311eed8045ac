package extract

import (
	"regexp"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/facet"
	"wenbao/corpus/zh"
	"wenbao/rag"
)

// named finds a post with a name behind it.
var named = regexp.MustCompile(`(?:书记|市长|县长|区长|镇长|乡长|局长|主任|主席|院长|校长|所长|处长|科长|站长|厂长|部长|秘书长|组长|队长|会长|经理|董事长|总裁|负责人|教授|研究员|工程师|专家|记者|医生|教师|大学生|钳工|农户|村民|居民|市民|主播|董事|馆长|园长|行长|社长|理事长|党委委员|常委)[ \x{3000}]?(\p{Han}{2,4})`)

// afterName are words that follow a name in a report, and end it.
var afterName = []string{"把", "将", "接受", "表示", "介绍", "说", "在", "主持", "出席", "指出", "强调", "告诉", "认为", "率", "到", "作", "为", "赴", "带领", "参加", "代表", "宣布", "来", "讲", "谈", "坦言", "透露", "向", "对", "与", "和", "一行", "等", "的", "是", "也", "还", "正", "就", "从"}

// person finds who it is: a known speaker or a name behind a post in the
// clause's segment; for 谁说 who is quoted, where the passage or another of the
// article names the speaker.
func (a *Answerer) person(q rag.Query, e *evidence, p pool) (item, bool) {
	text := e.hit.Passage.Text
	if otherRank(q.Topic, e.segment.In(text)) {
		return item{}, false
	}
	name := e.hit.Passage.Facets.Speaker
	if name == "" {
		name = e.hit.Article.Facets.Speaker
	}
	if found := a.holder(q.Topic, e.segment.In(text)); found != "" {
		return item{span: widen(e, e.segment, found), short: found}, true
	}
	if !a.isName(name) {
		name = ""
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
		if found := a.nameIn(e.segment.In(text), corpus.Span{Start: m[2], End: m[3]}); found != "" {
			return item{span: widen(e, e.segment, found), short: found}, true
		}
	}
	if !asksName.MatchString(q.Text) {
		return firstPerson(e)
	}
	return item{}, false
}

// holder is the name that stands behind the post that a topic asks for (区长蓝玉衡),
// "" where none does.
func (a *Answerer) holder(topic, segment string) string {
	held := post.FindString(topic)
	for _, m := range named.FindAllStringSubmatchIndex(segment, -1) {
		if held != "" && strings.HasSuffix(strings.TrimRight(segment[:m[2]], " \u3000"), held) {
			return a.nameIn(segment, corpus.Span{Start: m[2], End: m[3]})
		}
	}
	return ""
}

// asksName asks who somebody is, and not who did something.
var asksName = regexp.MustCompile(`是谁|谁是|哪位|什么名字|[叫姓]什么`)

// saidBy is a name, behind a post or a description, with the verb that brings
// its quotation in (种药材的万宝田说：“).
var saidBy = regexp.MustCompile(`(?:的|村民|居民|市民|职工|师傅|老板娘?|教师|会计)(\p{Han}{2,3}?)(?:笑着|高兴地)?(?:说|表示|介绍|坦言|告诉记者)[，,]?[：:]“[^”]*”?[。！]?$`)

// firstPerson names the speaker of a quotation whose clause answers who did it:
// where it has no subject of its own, that is the one who says it.
func firstPerson(e *evidence) (item, bool) {
	text := e.hit.Passage.Text
	m := saidBy.FindStringSubmatchIndex(text[e.sentence.Start:e.clause.End])
	if m == nil || withSubject.MatchString(e.text()) {
		return item{}, false
	}
	name := corpus.Span{Start: e.sentence.Start + m[2], End: e.sentence.Start + m[3]}
	return item{span: corpus.Span{Start: name.Start, End: e.clause.End}, short: name.In(text)}, true
}

// withSubject tells a clause of a quotation that begins with who or what it is about.
var withSubject = regexp.MustCompile(`^“?(?:他|她|咱村|村里|县里|市里|区里|大家|孩子|老人)`)

// post is the last word of an office that a person holds.
var post = regexp.MustCompile(`书记|主任|主席|市长|县长|区长|镇长|乡长|局长|院长|校长|所长|部长|秘书长`)

// otherRank reports whether a text names only the deputy of a post asked for
// (副书记, where the 书记 is wanted), or only the head where the deputy is.
func otherRank(topic, text string) bool {
	held := post.FindString(topic)
	switch {
	case held == "":
		return false
	case strings.Contains(topic, "副"+held):
		return !strings.Contains(text, "副"+held)
	case !strings.Contains(text, "副"+held):
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
	_, stamp := facet.Stamp(text)
	var pick *zh.TimeExpr
	for i := range times {
		t := &times[i]
		at := e.segment.Start + t.Start
		if at >= e.clause.End || t.Plan || at < stamp.End || wired.MatchString(text[e.segment.Start+t.End:]) { // when a report went out is not when something happened
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

// wired begins behind the day of a dateline (云泽1月14日电), wireDay is that day.
var (
	wired   = regexp.MustCompile(`^[电讯]`)
	wireDay = regexp.MustCompile(`(?:[0-9]{1,2}月)?[0-9]{1,2}日[电讯]`)
)

// clock is a time of day as printed, with the day ahead of it and the time that
// it lasts to.
var clock = func() *regexp.Regexp {
	const one = `(?:[0-9０-９]{4}年)?(?:[0-9０-９]{1,2}月[0-9０-９]{1,2}日)?(?:凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|早|晚)?(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})(?:时|点)(?:[0-9０-９]{1,2}分|半)?`
	return regexp.MustCompile(one + `(?:至` + one + `)?`)
}()

// hour finds at what time of day it is (几点).
func hour(e *evidence) (item, bool) {
	short := clock.FindString(e.text())
	if short == "" {
		return item{}, false
	}
	return item{span: e.clause, short: short}, true
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
