package zh

import (
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
)

// FiveYearPlan is the years of China's nth five-year plan: 1953-1957 for the
// first, 1958-1962 for the second; after three years without a plan the third
// began in 1966, and each one since follows the last without a gap, so the nth
// begins in 1966+5(n-3): 2021 for the 14th. An n below 1 gives zero Years.
func FiveYearPlan(n int) corpus.Years {
	const (
		length = 5
		first  = 1953
		third  = 1966
	)
	var from int
	switch {
	case n < 1:
		return corpus.Years{}
	case n < 3:
		from = first + length*(n-1)
	default:
		from = third + length*(n-3)
	}
	return corpus.Years{From: from, To: from + length - 1}
}

// planName reads the name of the nth plan, 一五 to 二十五, that s begins with:
// the ordinal and 五. 十五 is the tenth plan, 十五五 the fifteenth. n is 0 for none.
func planName(s string) (n, end int) {
	const five = "五"
	n, end = scanSmallChinese(s)
	switch {
	case n >= 1 && strings.HasPrefix(s[end:], five):
		return n, end + len(five)
	case n == 15 || n == 25: // the 五 has been read with the ordinal
		return n - 5, end
	}
	return 0, 0
}

// plan adds the five-year plan whose name begins at i; start is i, or the
// opening quotation mark before it. Without marks the name is believed from the
// eleventh plan on, where no measure word follows (十四五岁), and otherwise
// before 规划, 计划, 时期 and 期间. 0 is none.
func (s *timeScanner) plan(start, i int) int {
	n, size := planName(s.text[i:])
	if n == 0 {
		return 0
	}
	end := i + size
	quoted := start < i
	if quoted {
		r, size := utf8.DecodeRuneInString(s.text[end:])
		if r != '"' && !isCloser(r) {
			return 0
		}
		end += size
	}
	rest := s.text[end:]
	period := prefixLen(rest, "时期", "期间")
	named := period > 0 || prefixLen(rest, "规划", "计划") > 0
	if !quoted && !named && (n <= 10 || n >= 20 || unitLen(rest) > 0) {
		return 0
	}
	return s.add(start, end+period, TimeExpr{Years: FiveYearPlan(n), Plan: true})
}

// prefixLen is the length of the first of words that s begins with, 0 for none.
func prefixLen(s string, words ...string) int {
	for _, w := range words {
		if strings.HasPrefix(s, w) {
			return len(w)
		}
	}
	return 0
}
