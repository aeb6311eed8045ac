package facet

import (
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// inferDate works out when a page without a date was printed, as far as that is
// safe; else it gives the zero Date.
//
// A dateline with a year (2024年12月30日，…) gives its year and month. One without
// (12月30日，…) gives its month, and the year when the page says which year is
// next: 明年 together with work or plans for 2025, or a summing-up of 2024 beside
// arrangements for 2025. A page that goes on to years after the next one tells of
// the past, and gives nothing. Without a dateline both of these together give the
// year. The day is never known: a paper reports on the day before. For the same
// reason 12月31日 gives nothing, for the page may be of the next year.
func inferDate(text string) corpus.Date {
	full, month, ok := datelines(text)
	if !ok {
		return corpus.Date{}
	}
	if full.Year > 0 {
		if looksBack(text, full.Year) {
			return corpus.Date{}
		}
		return full
	}
	sums, plans := workYears(text)
	next := containsAny(text, "明年", "来年")
	switch {
	case plans == 0:
		return corpus.Date{}
	case month >= autumn && (next || sums == plans-1):
		return corpus.Date{Year: plans - 1, Month: month}
	case month > 0 && month < spring && sums == plans-1 && !next:
		return corpus.Date{Year: plans, Month: month}
	case month == 0 && next && sums == plans-1:
		return corpus.Date{Year: plans - 1}
	}
	return corpus.Date{}
}

// looksBack reports whether a text that begins on a day of the year goes on to
// later years: it tells a story of then. News speaks of the next year at most.
func looksBack(text string, year int) bool {
	for _, t := range zh.Times(text, corpus.Date{}) {
		target := strings.HasSuffix(text[:t.Start], "到") || strings.HasSuffix(text[:t.Start], "至") // 到2030年
		if !t.Plan && !target && t.Years.From > year+1 {
			return true
		}
	}
	return false
}

// Next year's work is arranged from autumn on, this year's before spring.
const (
	autumn = 10
	spring = 4
)

// datelines reads the days that paragraphs begin with. They have to agree on
// year and month; ok is false when they do not, or when one is the last of a year.
func datelines(text string) (full corpus.Date, month int, ok bool) {
	for line := range strings.Lines(text) {
		d, yearless := dateline(line)
		if d.IsZero() {
			continue
		}
		if d.Month == 12 && d.Day == 31 || month != 0 && month != d.Month {
			return corpus.Date{}, 0, false
		}
		month = d.Month
		if yearless {
			continue
		}
		d.Day = 0
		if full.Year != 0 && full != d {
			return corpus.Date{}, 0, false
		}
		full = d
	}
	return full, month, true
}

// dateline is the day that a paragraph begins with and that a comma, or the
// paper's mark for its report, follows; yearless says that its year is unknown.
func dateline(line string) (d corpus.Date, yearless bool) {
	// Any leap year serves to read a day without a year.
	const leapYear = 2024
	ref := corpus.Date{Year: leapYear, Month: 12, Day: 31}
	ts := zh.Times(line, ref)
	if len(ts) == 0 {
		return corpus.Date{}, false
	}
	t := ts[0]
	after := strings.TrimSpace(line[t.End:])
	switch {
	case t.Date.Day == 0, strings.TrimSpace(line[:t.Start]) != "", !isDateText(t.In(line)),
		!startsWithAny(after, []string{"，", ",", "上午", "下午", "晚", "电", "讯"}):
		return corpus.Date{}, false
	}
	return t.Date, t.Relative
}

// isDateText tells 12月30日 from 昨日.
func isDateText(s string) bool { return strings.Contains(s, "月") }

// workYears are the year that a page sums up and the year that it arranges the
// work of, each 0 where the page names none or several.
func workYears(text string) (sums, plans int) {
	for line := range strings.Lines(text) {
		for _, t := range zh.Times(line, corpus.Date{}) {
			if t.Plan || t.Relative || t.Years.IsZero() || t.Years.From != t.Years.To || t.Date.Month > 0 {
				continue
			}
			before, after := near(line, t.Span)
			switch {
			case containsAny(before, "总结", "回顾"):
				sums = same(sums, t.Years.From)
			case containsAny(before, "安排", "部署", "谋划", "做好") || containsAny(after, "总体要求", "工作会议", "工作安排", "工作计划", "目标任务"):
				plans = same(plans, t.Years.From)
			}
		}
	}
	return max(sums, 0), max(plans, 0)
}

// same is a when b agrees with it or is the first, and -1, for ever, when not.
func same(a, b int) int {
	if a == 0 || a == b {
		return b
	}
	return -1
}

// nearLen is how far from a year, in bytes, the word stands that says what is
// done with it: eight characters.
const nearLen = 24

// near is the text right before and after a span, within its clause.
func near(line string, sp corpus.Span) (before, after string) {
	before = line[max(0, sp.Start-nearLen):sp.Start]
	if i := strings.LastIndexAny(before, "，,。；;"); i >= 0 {
		before = before[i:]
	}
	after = line[sp.End:min(len(line), sp.End+nearLen)]
	if i := strings.IndexAny(after, "，,。；;"); i >= 0 {
		after = after[:i]
	}
	return before, after
}
