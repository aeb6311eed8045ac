package zh_test

import (
	"fmt"
	"slices"
	"testing"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// show writes an expression as "printed=years date flags".
func show(text string, e zh.TimeExpr) string {
	s := e.In(text) + "="
	switch {
	case e.Years.IsZero():
		s += "?"
	case e.Years.From == e.Years.To:
		s += fmt.Sprint(e.Years.From)
	default:
		s += fmt.Sprintf("%d-%d", e.Years.From, e.Years.To)
	}
	if !e.Date.IsZero() {
		s += " " + e.Date.String()
	}
	if e.Relative {
		s += " rel"
	}
	if e.Plan {
		s += " plan"
	}
	return s
}

func TestTimes(t *testing.T) {
	tests := []struct {
		name, in string
		want     []string
	}{
		{"years", "2025年、二〇二五年、二零二五年、２０２５年、2024年度", []string{
			"2025年=2025", "二〇二五年=2025", "二零二五年=2025", "２０２５年=2025", "2024年度=2024",
		}},
		{"spaces", "截至 2025 年 1 月 13 日", []string{"2025 年 1 月 13 日=2025 2025-01-13"}},
		{"no years", "25年、1200年、2025个、12025年、A2025年", nil},
		{"ranges", "2021—2025年，2023年至2025年，2021至2025年，1990年代", []string{
			"2021—2025年=2021-2025", "2023年至2025年=2023-2025", "2021至2025年=2021-2025", "1990年代=1990-1999",
		}},
		{"dates", "2024年12月30日，2024年12月，2024-12-30，2024年2月30日", []string{
			"2024年12月30日=2024 2024-12-30", "2024年12月=2024 2024-12", "2024-12-30=2024 2024-12-30", "2024年2月=2024 2024-02",
		}},
		{"target", "力争到2030年建成", []string{"2030年=2030"}},
		{"day without year", "会议12月30日召开，1月5日结束", []string{"12月30日=2024 2024-12-30 rel", "1月5日=2024 2024-01-05 rel"}},
		{"day ahead", "会议将于1月5日召开，6月底前投用", []string{"1月5日=2025 2025-01-05 rel", "6月底=2025 2025-06 rel"}},
		{"day range", "会议12月30日至31日召开", []string{"12月30日至31日=2024 2024-12-30 rel"}},
		{"leap day", "会议2月29日召开", []string{"2月29日=2024 2024-02-29 rel"}},
		{"months", "据统计1-11月，全区10月份", []string{"1-11月=2024 rel", "10月份=2024 2024-10 rel"}},
		{"Chinese month", "会议十二月三十日召开", []string{"十二月三十日=2024 2024-12-30 rel"}},
		{"clause's year", "2025年，水厂6月底建成，年底通水。会议12月30日召开", []string{
			"2025年=2025", "6月底=2025 2025-06 rel", "年底=2025 rel", "12月30日=2024 2024-12-30 rel",
		}},
		{"relative years", "今年、去年底、前年、明年上半年、后年，来年，本年度", []string{
			"今年=2024 rel", "去年底=2023 rel", "前年=2022 rel", "明年上半年=2025 rel", "后年=2026 rel", "来年=2025 rel", "本年度=2024 rel",
		}},
		{"relative year and month", "今年3月5日，去年11月", []string{"今年3月5日=2024 2024-03-05 rel", "去年11月=2023 2023-11 rel"}},
		{"words", "文明年货节、当今年轻人、附近年货、过去年复一年、每年底", nil},
		{"days", "昨日、今天、明天，前天", []string{
			"昨日=2024 2024-12-30 rel", "今天=2024 2024-12-31 rel", "明天=2025 2025-01-01 rel", "前天=2024 2024-12-29 rel",
		}},
		{"vague days", "日前、近日、30日前、附近日照足", []string{"日前=2024 rel", "近日=2024 rel"}},
		{"months around", "上月、本月、下个月", []string{"上月=2024 2024-11 rel", "本月=2024 2024-12 rel", "下个月=2025 2025-01 rel"}},
		{"parts", "一季度、前三季度、上半年、2024年四季度", []string{"一季度=2024 rel", "前三季度=2024 rel", "上半年=2024 rel", "2024年四季度=2024"}},
		{"several years", "近年来、近三年、过去5年、未来两年、今后十年", []string{
			"近年来=? rel", "近三年=2022-2024 rel", "过去5年=2020-2024 rel", "未来两年=2025-2026 rel", "今后十年=2025-2034 rel",
		}},
		{"since", "2021年以来，今年以来", []string{"2021年以来=2021-2024 rel", "今年以来=2024 rel"}},
		{"plans", "“十四五”规划、十五五开局、“十三五”期间、“九五”、十五时期，“十五”", []string{
			"“十四五”=2021-2025 plan", "十五五=2026-2030 plan", "“十三五”期间=2016-2020 plan",
			"“九五”=1996-2000 plan", "十五时期=2001-2005 plan", "“十五”=2001-2005 plan",
		}},
		{"no plans", "十四五岁、九五折、十五人、“十个”", nil},
		{"not parts", "2025年初步建成，2025年内需", []string{"2025年=2025", "2025年=2025"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, e := range zh.Times(tt.in, corpus.Date{Year: 2024, Month: 12, Day: 31}) {
				got = append(got, show(tt.in, e))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestTimesPartlyKnown(t *testing.T) {
	const text = "会议昨日和12月30日召开，明年、未来两年、上月、2020年以来"
	tests := []struct {
		ref  corpus.Date
		want []string
	}{
		{corpus.Date{}, []string{"昨日=? rel", "12月30日=? rel", "明年=? rel", "未来两年=? rel", "上月=? rel", "2020年以来=2020 rel"}},
		{corpus.Date{Year: 2024}, []string{
			"昨日=2024 rel", "12月30日=2024 2024-12-30 rel", "明年=2025 rel", "未来两年=2025-2026 rel", "上月=2024 rel", "2020年以来=2020-2024 rel",
		}},
		{corpus.Date{Year: 2025, Month: 1}, []string{
			"昨日=2025 rel", "12月30日=2024 2024-12-30 rel", "明年=2026 rel", "未来两年=2026-2027 rel", "上月=2024 2024-12 rel", "2020年以来=2020-2025 rel",
		}},
	}
	for _, tt := range tests {
		var got []string
		for _, e := range zh.Times(text, tt.ref) {
			got = append(got, show(text, e))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%v:\ngot  %q\nwant %q", tt.ref, got, tt.want)
		}
	}
}

func TestFiveYearPlan(t *testing.T) {
	for n, want := range map[int]corpus.Years{
		-1: {}, 0: {},
		1:  {From: 1953, To: 1957},
		2:  {From: 1958, To: 1962},
		3:  {From: 1966, To: 1970},
		10: {From: 2001, To: 2005},
		14: {From: 2021, To: 2025},
		15: {From: 2026, To: 2030},
	} {
		if got := zh.FiveYearPlan(n); got != want {
			t.Errorf("FiveYearPlan(%d) = %v, want %v", n, got, want)
		}
	}
}

func FuzzTimes(f *testing.F) {
	for _, s := range []string{
		"2021—2025年，12月30日至31日", "“十四五”时期、二十五规划", "近三年，上个月，2月29日", "2024年 12月",
		"1990年代", "一季度，年底前", "昨日\xff", "00002025年",
	} {
		f.Add(s, 2024, 12, 31)
		f.Add(s, 0, 0, 0)
	}
	f.Fuzz(func(t *testing.T, s string, year, month, day int) {
		ref := corpus.Date{Year: year, Month: month, Day: day}
		if !ref.Valid() {
			return
		}
		last := 0
		for _, e := range zh.Times(s, ref) {
			checkSpan(t, s, e.Span, last)
			last = e.End
			if e.Years.To < e.Years.From {
				t.Fatalf("%q: years %v", e.In(s), e.Years)
			}
			if !e.Date.IsZero() && !e.Date.Valid() {
				t.Fatalf("%q: date %v", e.In(s), e.Date)
			}
			if !e.Date.IsZero() && !e.Years.Has(e.Date.Year) {
				t.Fatalf("%q: date %v outside %v", e.In(s), e.Date, e.Years)
			}
			if ref.IsZero() && e.Relative && !e.Date.IsZero() && e.Years.IsZero() {
				t.Fatalf("%q: %v from nothing", e.In(s), e.Date)
			}
		}
	})
}
