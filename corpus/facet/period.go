package facet

import (
	"strconv"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// januaryNews is the last month in which a result without a year may as well be
// the year before's.
const januaryNews = 2

// period is the years that a sentence of some kind speaks of, and whether they
// rest on an inferred date.
func period(s sentence, c *Context, kind corpus.Kind) (corpus.Years, bool) {
	var named, day corpus.Years
	above, _ := inherited(c, kind)
	inferred, dayInferred := false, false
	for _, t := range s.times {
		switch {
		case t.Years.IsZero(), compared(s.text, t), t.Plan && !spans(s.text[t.Start:]):
		case t.Relative && !above.IsZero() && partOfYear(t.In(s.text)): // 年底前, 3月
		case s.isDay(t) && t.Relative && !day.IsZero() && !dayInferred: // 2025年1月4日至1月5日
		case s.isDay(t):
			day, dayInferred = hull(day, t.Years), t.Relative
		case contrary(t.Years, kind, c.Date) && !named.IsZero():
		case contrary(named, kind, c.Date):
			named, inferred = t.Years, t.Relative
		default:
			named, inferred = hull(named, t.Years), inferred || t.Relative
		}
	}
	switch {
	case !named.IsZero() && !contrary(named, kind, c.Date):
		return named, inferred && c.DateInferred
	case !day.IsZero() && (kind != corpus.KindPlan || c.PlanYear == 0 && c.Years.IsZero()):
		return day, dayInferred && c.DateInferred
	case !named.IsZero() && c.Years.IsZero() && kind == corpus.KindStatement:
		return named, inferred && c.DateInferred
	}
	return inherited(c, kind)
}

// contrary reports whether a text of that kind cannot be about the years: results
// lie not in the future, plans not in the past.
func contrary(y corpus.Years, kind corpus.Kind, ref corpus.Date) bool {
	if y.IsZero() || ref.Year == 0 {
		return false
	}
	return kind == corpus.KindResult && y.From > ref.Year || kind == corpus.KindPlan && y.To < ref.Year
}

// inherited is the period of a sentence that names none itself.
func inherited(c *Context, kind corpus.Kind) (corpus.Years, bool) {
	if !c.Years.IsZero() && !contrary(c.Years, kind, c.Date) {
		return c.Years, false
	}
	switch {
	case kind == corpus.KindPlan && c.PlanYear > 0:
		return corpus.Years{From: c.PlanYear, To: c.PlanYear}, c.PlanYearInferred
	case kind == corpus.KindResult && c.Date.Year > 0 && (c.Date.Month > januaryNews || c.Date.Month == 0):
		return corpus.Years{From: c.Date.Year, To: c.Date.Year}, c.DateInferred
	}
	return corpus.Years{}, false
}

// partOfYear reports whether a relative time names only a part of some year: it
// then lies in the year of its surroundings.
func partOfYear(s string) bool {
	return !containsAny(s, "今", "去", "明", "昨", "前年", "后年", "来年", "本年", "当", "日", "天", "近", "往年", "以来", "未来")
}

// compared reports whether a time is only what something is compared with: 比
// 2020年增长, 较上年.
func compared(text string, t zh.TimeExpr) bool {
	before := text[:t.Start]
	for _, w := range [...]string{"比", "较", "相比", "相较", "与"} {
		if strings.HasSuffix(before, w) {
			return true
		}
	}
	return strings.HasPrefix(text[t.End:], "相比") || strings.HasPrefix(text[t.End:], "同期")
}

// spans reports whether the name of a five-year plan that text begins with stands
// for its years (“十四五”期间) and not for the plan as a paper (“十五五”规划编制).
func spans(text string) bool {
	text = strings.TrimLeft(text, "“第一二三四五六七八九十")
	text = strings.TrimLeft(text, "”")
	return startsWithAny(text, []string{"期间", "时期", "以来", "末", "前", "后", "头", "开局", "中"})
}

// headingYears are the years a heading names, five-year plans left out.
func headingYears(h string, ref corpus.Date) corpus.Years {
	var y corpus.Years
	s := newSentence(h, ref)
	for _, t := range s.times {
		if !t.Plan && !s.isDay(t) {
			y = hull(y, t.Years)
		}
	}
	return y
}

// headingKind is the kind of what stands under a heading: by its words (要求,
// 任务, 安排; 成效, 成绩, 步伐), by its year, and by its form: a programme's heading
// begins with a verb (抓好科技创新), one of results ends with a predicate (科技创新
// 成效凸显).
func (an *Annotator) headingKind(h string, ref corpus.Date) corpus.Kind {
	y := headingYears(h, ref)
	h = strings.TrimLeft(h, "■●◆▲★ #　（）()一二三四五六七八九十、.")
	switch {
	case containsAny(h, planHeadings()...):
		return corpus.KindPlan
	case startsWithAny(h, causatives()) && (y.IsZero() || y.To >= ref.Year):
		return corpus.KindPlan
	case containsAny(h, resultHeadings()...):
		return corpus.KindResult
	case ref.Year > 0 && y.From > ref.Year:
		return corpus.KindPlan
	case ref.Year > 0 && !y.IsZero() && (y.To < ref.Year || y.To == ref.Year && ref.Month >= autumn):
		return corpus.KindResult
	case endsWithPredicate(h):
		return corpus.KindResult
	}
	s := newSentence(h, ref)
	if seen, soft := an.marksOf(h, an.headEnd(s)); soft || seen.has(markPlan) {
		return corpus.KindPlan
	} else if seen.has(markDone) {
		return corpus.KindResult
	}
	return ""
}

// causatives at a heading's head make a programme of what would be a result
// without them: 促进消费持续回暖.
func causatives() []string {
	return []string{"促进", "推动", "加快", "推进", "确保", "助力", "带动", "支持", "引导", "力促"}
}

// endsWithPredicate reports whether a heading says what has become of something
// (民生福祉不断增进): an adverb and a verb, or a set phrase, at its end, and nothing
// after that.
func endsWithPredicate(h string) bool {
	h = strings.TrimRight(h, " 　。！")
	for _, p := range strings.Fields(predicates) {
		if strings.HasSuffix(h, p) && len(h) > len(p)+len("民") {
			return true
		}
	}
	for _, adverb := range strings.Fields(predicateAdverbs) {
		if i := strings.LastIndex(h, adverb); i > 0 && len(h)-i-len(adverb) == len("增进") {
			return true
		}
	}
	return false
}

// planYear is the year that an article's plans are for: a later year than the
// printed one's that its title or a heading names, or the next one where the text
// speaks of it; before spring, this year. The flag says that it rests on an inferred date.
func planYear(a *corpus.Article) (int, bool) {
	m := a.Meta()
	text, top := body(a), titles(a)
	for _, b := range a.Blocks {
		if b.Kind == corpus.BlockHeading {
			top += "\n" + b.Span.In(a.Text)
		}
	}
	best := 0
	for _, t := range zh.Times(top, m.Date) {
		if !t.Plan && !t.Relative && t.Years.From > max(best, m.Date.Year-1) && planned(top[t.End:]) {
			best = t.Years.From
		}
	}
	switch {
	case best > 0:
		return best, false
	case m.Date.Year == 0:
		return 0, false
	case containsAny(a.Text, "明年", "来年", "新的一年"):
		return m.Date.Year + 1, m.DateInferred
	case strings.Contains(text, strconv.Itoa(m.Date.Year+1)+"年"):
		return m.Date.Year + 1, false
	case m.Date.Month > 0 && m.Date.Month < spring && strings.Contains(a.Text, "今年"):
		return m.Date.Year, m.DateInferred
	}
	return 0, false
}

// maxHeading is how many bytes after a year in a title are read.
const maxHeading = 120

// planned reports whether the words after a year tell of work to be done in it.
func planned(after string) bool {
	line, _, _ := strings.Cut(after[:min(len(after), maxHeading)], "\n")
	return containsAny(line, planHeadings()...) || containsAny(line, "开创", "这么干", "怎么干", "新局面")
}
