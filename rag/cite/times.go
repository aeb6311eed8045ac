package cite

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// inYear reports whether a printed clause is of the year that a statement is
// told of. What names no year is of the question's.
func (h *holder) inYear(st *statement, s *source, cl *clause) bool {
	years := h.yearsOf(st, s)
	if len(years) == 0 {
		return true
	}
	return slices.ContainsFunc(years, func(y corpus.Years) bool { return s.inYears(y, cl) })
}

// yearsOf are the years that a statement is told of, seen from a source's day of
// printing: those that it names, else the last named before it in its sentence,
// in the heading above, in the question.
func (h *holder) yearsOf(st *statement, s *source) []corpus.Years {
	if own := yearsIn(st.text, s.context.Date); len(own) > 0 {
		return own
	}
	for _, text := range [...]string{st.upTo, h.r.lead} {
		if all := yearsIn(text, s.context.Date); len(all) > 0 {
			return all[len(all)-1:]
		}
	}
	return h.r.query.Periods
}

// yearsIn are the years that a text names and is not only comparing with.
func yearsIn(text string, ref corpus.Date) []corpus.Years {
	var out []corpus.Years
	for _, t := range zh.Times(text, ref) {
		before := text[:t.Start]
		compared := strings.HasSuffix(before, "比") || strings.HasSuffix(before, "较")
		if t.Years.IsZero() || t.Plan || compared || !namesYear(t.In(text)) {
			continue
		}
		out = append(out, t.Years)
	}
	return out
}

// namesYear reports whether a time names a year and not only a part of one (年内).
func namesYear(words string) bool { return yearName.MatchString(words) }

var yearName = regexp.MustCompile(`[0-9０-９〇零○一二三四五六七八九] *年|[今明去前后来上本]年`)

// inYears reports whether a clause may be told of the years: its period is one
// of them, or it names one, or its period is not known and its surroundings
// leave it open.
func (s *source) inYears(y corpus.Years, cl *clause) bool {
	text := cl.sentence.In(s.text)
	for _, t := range cl.times {
		if t.Years == y && !t.Plan && t.Start >= cl.span.Start-cl.sentence.Start && t.End <= cl.span.End-cl.sentence.Start && namesYear(t.In(text)) {
			return true
		}
	}
	if !cl.facets.Period.IsZero() {
		return cl.facets.Period.Overlaps(y)
	}
	for _, t := range cl.times {
		if t.Years.Overlaps(y) {
			return true
		}
	}
	return y.Has(s.context.Date.Year) || s.context.PlanYear > 0 && y.Has(s.context.PlanYear) && cl.facets.Kind != "result"
}

// times holds the years, days and hours of a statement against what it rests on.
func (h *holder) times(st *statement, on []support) {
	for _, o := range on {
		if !h.inYear(st, o.source, &o.source.clauses[o.clause]) {
			h.finding.add(WrongYear, st.text)
			return
		}
	}
	for _, t := range zh.Times(st.text, on[0].source.context.Date) {
		words := t.In(st.text)
		printed := func(o support) bool { return o.prints(t, words) }
		if t.Date.Month > 0 && !slices.ContainsFunc(on, printed) && !slices.ContainsFunc(h.finding.support, printed) {
			h.finding.add(WrongDate, words)
		}
		for _, part := range partsOfYear(words) {
			if !h.prints(part) {
				h.finding.add(WrongDate, words)
			}
		}
	}
	for _, at := range clocksIn(st.text) {
		printed := func(o support) bool {
			return slices.Contains(clocksIn(o.source.clauses[o.clause].whole+o.source.around), at)
		}
		if !slices.ContainsFunc(on, printed) && !slices.ContainsFunc(h.finding.support, printed) {
			h.finding.add(WrongDate, st.text)
		}
	}
	for _, at := range everySo.FindAllString(st.text, -1) {
		if !slices.ContainsFunc(on, func(o support) bool { return o.everySo(at) }) {
			h.finding.add(WrongDate, at)
		}
	}
	for _, at := range dayAndHour.FindAllString(zh.Fold(st.text), -1) {
		if !h.prints(at) {
			h.finding.add(WrongDate, at)
		}
	}
	for _, day := range weekday.FindAllString(st.text, -1) {
		if !h.prints(weekdayPrefix.ReplaceAllString(day, "周")) && !h.prints(weekdayPrefix.ReplaceAllString(day, "星期")) {
			h.finding.add(WrongDate, day)
		}
	}
}

// prints reports whether the sentence that a claim rests on has a day or month,
// or the paper was printed on it.
func (o support) prints(t zh.TimeExpr, words string) bool {
	same := func(d corpus.Date) bool {
		explicit := strings.ContainsAny(words, "年")
		return d.Month == t.Date.Month && (d.Day == t.Date.Day || t.Date.Day == 0) && (!explicit || d.Year == t.Date.Year)
	}
	cl := &o.source.clauses[o.clause]
	as := func(p zh.TimeExpr) bool {
		return same(p.Date) || same(corpus.Date{Year: cl.facets.Period.To, Month: p.Date.Month, Day: p.Date.Day})
	}
	// Folding takes out the blanks that some pages print within a date.
	return slices.ContainsFunc(cl.times, as) || slices.ContainsFunc(zh.Times(cl.whole, o.source.context.Date), as)
}

// everySo reports whether what a claim rests on tells how often as it is written:
// 每天, 每日 and 日均 are one.
func (o support) everySo(written string) bool {
	unit := func(s string) string {
		s = strings.NewReplacer("每", "", "个", "", "均", "", "星期", "周", "天", "日").Replace(s)
		return s
	}
	cl := &o.source.clauses[o.clause]
	return slices.ContainsFunc(everySo.FindAllString(cl.segment+cl.before, -1), func(printed string) bool { return unit(printed) == unit(written) })
}

// prints reports whether words stand in a passage cited.
func (h *holder) prints(folded string) bool {
	return slices.ContainsFunc(h.sources, func(s *source) bool {
		return strings.Contains(s.folded, folded) || strings.Contains(s.around, folded)
	})
}

// partsOfYear are the words for a part of the year in a time, as they have to be
// printed too.
func partsOfYear(words string) []string {
	var out []string
	for _, p := range [...][2]string{{"上半年", "上半年"}, {"下半年", "下半年"}, {"一季度", "一季度"}, {"二季度", "二季度"}, {"三季度", "三季度"}, {"四季度", "四季度"},
		{"年底", "底"}, {"年末", "底"}, {"年初", "初"}, {"上旬", "上旬"}, {"中旬", "中旬"}, {"下旬", "下旬"}, {"月底", "底"}, {"月初", "初"}} {
		if strings.Contains(words, p[0]) {
			out = append(out, p[1])
		}
	}
	return out
}

var (
	weekday       = regexp.MustCompile(`(?:周|星期|礼拜)[一二三四五六日天]`)
	everySo       = regexp.MustCompile(`每(?:个)?(?:周|星期|月|年|天|日|季度|半年)|[日周月年]均`)
	dayAndHour    = regexp.MustCompile(`[0-9]{1,2}日[0-9]{1,2}时`)
	weekdayPrefix = regexp.MustCompile(`周|星期|礼拜`)
	clock         = regexp.MustCompile(`([0-9]{1,2}|[一二两三四五六七八九十]{1,3})(?:[:]([0-9]{2})|(?:时|点钟|点)(?:([0-9]{1,2}|[一二三四五十]{2,3})分|(半))?)`)
)

// clocksIn are the times of day that a text names, in minutes after 12 o'clock:
// 晚九点 is 21时.
func clocksIn(text string) []int {
	const hour, half, noon = 60, 30, 12
	var out []int
	text = zh.Fold(text)
	for _, m := range clock.FindAllStringSubmatchIndex(text, -1) {
		word := text[m[0]:m[1]]
		if word == "一点" || strings.HasPrefix(text[m[1]:], "间") || strings.HasPrefix(text[m[1]:], "候") || m[0] > 0 && (text[m[0]-1] == '.' || text[m[0]-1] >= '0' && text[m[0]-1] <= '9') {
			continue
		}
		h, ok := zh.ParseNumber(text[m[2]:m[3]])
		if !ok {
			continue
		}
		minutes := 0
		switch {
		case m[4] >= 0:
			minutes = atoi(text[m[4]:m[5]])
		case m[6] >= 0:
			v, _ := zh.ParseNumber(text[m[6]:m[7]])
			minutes = atoi(v)
		case m[8] >= 0:
			minutes = half
		}
		out = append(out, atoi(h)%noon*hour+minutes)
	}
	return out
}

func atoi(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.IsDigit(r) || n > 1e6 {
			return n
		}
		n = n*10 + int(r-'0')
	}
	return n
}

var (
	digitRun = regexp.MustCompile(`[0-9]+(?:\.[0-9]+)*`)
	// telephone is a number printed in groups, which keep their order.
	telephone = regexp.MustCompile(`[0-9０-９]{3,}(?:[ -][0-9０-９]{3,})+`)
	roman     = regexp.MustCompile(`[\x{2160}-\x{217F}]`)
)

// loose holds the digits that belong to no figure or time: labels, telephone
// numbers, PM2.5; and Roman numerals, which number classes.
func (h *holder) loose(st *statement, on []support) {
	text := zh.Fold(looseText(st.text))
	for _, at := range digitRun.FindAllString(text, -1) {
		if !slices.ContainsFunc(h.sources, func(s *source) bool { return hasRun(s.folded, at) || hasRun(s.around, at) }) {
			h.finding.add(WrongFigure, at)
		}
	}
	for _, number := range telephone.FindAllString(st.text, -1) {
		if !h.prints(zh.Fold(number)) {
			h.finding.add(WrongFigure, number)
		}
	}
	for _, at := range roman.FindAllStringIndex(st.text, -1) {
		numeral := st.text[at[0]:at[1]]
		if !slices.ContainsFunc(on, func(o support) bool {
			cl := o.source.clauses[o.clause].sentence.In(o.source.text)
			i := strings.Index(cl, numeral)
			return i >= 0 && (roleOf(cl[:i]) == roleOf(st.text[:at[0]]) || roleOf(st.text[:at[0]]) == noRole)
		}) {
			h.finding.add(WrongFigure, numeral)
		}
	}
}

// looseText is a text without its figures, times and hours.
func looseText(text string) string { return clock.ReplaceAllString(zh.Fold(mask(text, nil)), ",") }

// hasRun reports whether digits stand in a text with no digit beside them.
func hasRun(text, digits string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], digits)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(digits)
		if (i == 0 || !isDigit(text[i-1])) && (end == len(text) || !isDigit(text[end])) {
			return true
		}
		from = i + 1
	}
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }
