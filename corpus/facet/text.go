package facet

import (
	"slices"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/zh"
)

// Context is what a text inherits from its surroundings. The zero Context is a
// text that stands alone.
type Context struct {
	// City is what 我市 means, Places are the places the article speaks for.
	City   string
	Places []string
	// Speaker and Office are the article's.
	Speaker, Office string
	// Date is the day of printing; DateInferred says that it was worked out.
	Date         corpus.Date
	DateInferred bool
	// Years and Kind are the headings'.
	Years corpus.Years
	Kind  corpus.Kind
	// PlanYear is the year that the article's plans without a year are for, 0
	// when it is not known; PlanYearInferred says that it rests on the date.
	PlanYear         int
	PlanYearInferred bool

	// usual is the kind that most of the article is of, "" when none is.
	usual corpus.Kind
	// names also knows the short forms of the article's places.
	names *gazetteer.Gazetteer
}

func (c *Context) gazetteer(an *Annotator) *gazetteer.Gazetteer {
	if c.names != nil {
		return c.names
	}
	return an.places
}

// ContextOf is what a text of an annotated article inherits under a heading
// path, outermost first. The innermost heading that shows a kind decides that;
// the innermost that names a year decides the year, and none beyond it counts.
func (an *Annotator) ContextOf(a *corpus.Article, headings []string) Context {
	m := a.Meta()
	c := Context{
		City: a.City, Places: a.Facets.Places, Speaker: a.Facets.Speaker, Office: a.Facets.Office,
		Date: m.Date, DateInferred: m.DateInferred, usual: a.Facets.Kind,
	}
	known := append(slices.Clone(a.Facets.Places), a.Facets.Mentions...)
	if a.City != "" {
		known = append(known, a.City)
	}
	c.names = an.places.With(known)
	c.PlanYear, c.PlanYearInferred = planYear(zh.SimplifiedArticle(a))
	for _, h := range slices.Backward(headings) {
		h = zh.Simplified(h)
		if c.Kind == "" {
			c.Kind = an.headingKind(h, c.Date)
		}
		if c.Years = headingYears(h, c.Date); !c.Years.IsZero() {
			break // what lies further out is of another year
		}
	}
	return c
}

// sentence is a text with the times it names.
type sentence struct {
	text  string
	times []zh.TimeExpr
}

// midMonth stands for a month when days are counted from it.
const midMonth = 15

// A day or month without a year that would lie so many days back is the same day of the
// next year: on 15 January, 3月31日 is to come. Within one year more is needed, for
// a paper of December looks back on the spring.
const (
	farBack         = 240
	farBackSameYear = 330
)

func newSentence(text string, ref corpus.Date) sentence {
	s := sentence{text, zh.Times(text, ref)}
	if ref.Day == 0 {
		return s
	}
	for i, t := range s.times {
		if !t.Relative || t.Date.Month == 0 || !t.Date.Valid() {
			continue
		}
		date := t.Date
		if date.Day == 0 {
			date.Day = midMonth
		}
		if date.Compare(ref) < 0 && intended(text[:t.Start]) {
			s.later(i)
			continue
		}
		limit := farBack
		if t.Date.Year == ref.Year {
			limit = farBackSameYear
		}
		if date.Compare(ref.AddDays(-limit)) < 0 && t.Date.Year >= ref.Year-1 && !strings.ContainsAny(t.In(text), "年") {
			s.later(i)
		}
	}
	return s
}

// later moves a time to the next year.
func (s sentence) later(i int) {
	t := &s.times[i]
	t.Date.Year++
	t.Years = corpus.Years{From: t.Date.Year, To: t.Date.Year}
}

// intended reports whether the clause that a text ends with tells an intent, so
// that the time behind it is still to come (计划10月底通车).
func intended(before string) bool {
	if i := strings.LastIndexAny(before, "，,；;。"); i >= 0 {
		before = before[i:]
	}
	return containsAny(before, "计划", "拟", "预计", "力争", "争取", "确保", "打算", "有望")
}

// timeAt is the index of the first time that does not begin before offset at,
// and whether it begins there.
func (s sentence) timeAt(at int) (int, bool) {
	return slices.BinarySearchFunc(s.times, at, func(t zh.TimeExpr, at int) int { return t.Start - at })
}

// cut is a part of s with its times.
func (s sentence) cut(sp corpus.Span) sentence {
	out := sentence{text: sp.In(s.text)}
	from, _ := s.timeAt(sp.Start)
	for _, t := range s.times[from:] {
		if t.End > sp.End {
			break
		}
		t.Start, t.End = t.Start-sp.Start, t.End-sp.Start
		out.times = append(out.times, t)
	}
	return out
}

// future reports whether s names a year after ref's.
func (s sentence) future(ref corpus.Date) bool {
	return ref.Year > 0 && slices.ContainsFunc(s.times, func(t zh.TimeExpr) bool {
		return !t.Plan && t.Years.From > ref.Year
	})
}

// past reports whether s names a year whose results may be told: one before
// ref's, or ref's own unless it has only begun.
func (s sentence) past(ref corpus.Date) bool {
	last := ref.Year
	if ref.Month > 0 && ref.Month < spring {
		last--
	}
	return ref.Year > 0 && slices.ContainsFunc(s.times, func(t zh.TimeExpr) bool {
		return !t.Plan && !t.Years.IsZero() && !s.isDay(t) && t.Years.To <= last
	})
}

// hasFigure reports whether s has a figure: a digit outside of its times, or one
// of the words that stand for one.
func (s sentence) hasFigure() bool {
	at := 0
	for _, t := range s.times {
		if strings.ContainsAny(s.text[at:t.Start], digits) {
			return true
		}
		at = t.End
	}
	return strings.ContainsAny(s.text[at:], digits) || containsAny(s.text, "近亿", "上亿", "过百", "过半", "百分之", "翻番")
}

const digits = "0123456789０１２３４５６７８９"

// namesDay reports whether s names a day that is not after ref's year.
func (s sentence) namesDay(ref corpus.Date) bool {
	return slices.ContainsFunc(s.times, func(t zh.TimeExpr) bool {
		return s.isDay(t) && (ref.Year == 0 || t.Years.From <= ref.Year)
	})
}

// isDay reports whether one of the sentence's times is a day: 12月30日, 昨日.
func (s sentence) isDay(t zh.TimeExpr) bool {
	return t.Date.Day > 0 || t.Relative && strings.ContainsAny(t.In(s.text), "日天")
}

// Text tells the facets of a passage, a sentence or a clause. Of several
// sentences the places are those of all of them, the kind is the one that most
// of the text has, and the years are those of the sentences of that kind. Who
// speaks is given as printed.
func (an *Annotator) Text(s string, c Context) corpus.Facets {
	name, office := c.Speaker, c.Office
	c.Speaker, c.Office = zh.Simplified(name), zh.Simplified(office)
	f := an.text(zh.Simplified(s), c)
	if f.Speaker == c.Speaker {
		f.Speaker = name
	} else {
		f.Speaker = asPrinted(s, f.Speaker)
	}
	if f.Office == c.Office {
		f.Office = office
	} else {
		f.Office = asPrinted(s, f.Office)
	}
	return f
}

// text is Text in Simplified characters.
func (an *Annotator) text(s string, c Context) corpus.Facets {
	spans := zh.Sentences(s)
	if len(spans) <= 1 {
		return an.sentence(s, &c)
	}
	parts := make([]corpus.Facets, len(spans))
	weight := map[corpus.Kind]int{}
	for i, sp := range spans {
		parts[i] = an.sentence(sp.In(s), &c)
		weight[parts[i].Kind] += sp.Len()
	}
	out := corpus.Facets{Speaker: c.Speaker, Office: c.Office, Kind: heaviest(weight)}
	for _, p := range parts {
		out.Places = union(out.Places, p.Places)
		out.Mentions = union(out.Mentions, p.Mentions)
		if out.Speaker == c.Speaker && out.Office == c.Office {
			out.Speaker, out.Office = p.Speaker, p.Office
		}
		if p.Kind == out.Kind && !p.Period.IsZero() {
			out.Period = hull(out.Period, p.Period)
			out.PeriodInferred = out.PeriodInferred || p.PeriodInferred
		}
	}
	out.Mentions = slices.DeleteFunc(out.Mentions, func(m string) bool { return slices.Contains(out.Places, m) })
	return out
}

// heaviest is the kind with most text; of equals a plan, then a result.
func heaviest(weight map[corpus.Kind]int) corpus.Kind {
	best := corpus.KindPlan
	for _, k := range [...]corpus.Kind{corpus.KindResult, corpus.KindStatement} {
		if weight[k] > weight[best] {
			best = k
		}
	}
	return best
}

func union(a, b []string) []string {
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}

// hull is the narrowest range that holds both; the zero range adds nothing.
func hull(a, b corpus.Years) corpus.Years {
	switch {
	case a.IsZero():
		return b
	case b.IsZero():
		return a
	}
	return corpus.Years{From: min(a.From, b.From), To: max(a.To, b.To)}
}

func (an *Annotator) sentence(text string, c *Context) corpus.Facets {
	s := newSentence(text, c.Date)
	var f corpus.Facets
	f.Places, f.Mentions = an.placesOf(s, c)
	f.Kind = settled(an.kindOf(s, c), s, c.Date)
	f.Period, f.PeriodInferred = period(s, c, f.Kind)
	f.Speaker, f.Office = an.speakerOf(text, c)
	return f
}

// settled is the kind when the years in the sentence allow it: of what lies in
// the future there are no results, unless the sentence has figures and the
// future is only what they are good for, and what is only of the past is no plan.
func settled(kind corpus.Kind, s sentence, ref corpus.Date) corpus.Kind {
	if ref.Year == 0 || len(s.times) == 0 {
		return kind
	}
	future, now, past := false, false, false
	for _, t := range s.times {
		if t.Plan || t.Years.IsZero() || compared(s.text, t) {
			continue
		}
		future = future || t.Years.From > ref.Year
		past = past || t.Years.To < ref.Year
		now = now || t.Years.From <= ref.Year && t.Years.To >= ref.Year
	}
	switch {
	case kind == corpus.KindResult && future && !now && !past && !s.hasFigure():
		return corpus.KindStatement
	case kind == corpus.KindPlan && past && !now && !future:
		return corpus.KindResult
	}
	return kind
}
