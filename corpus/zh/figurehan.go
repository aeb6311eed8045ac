package zh

import (
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
)

// chinese reads the Chinese numeral at i, adds it when it is a figure, and gives
// its end.
func (s *figureScanner) chinese(i int) int {
	if end := timeLen(s.text[i:]); end > 0 {
		return i + end
	}
	if n, end := planName(s.text[i:]); n > 10 && n < 20 && unitLen(s.text[i+end:]) == 0 {
		return i + end
	}
	n, ok := scanNumeral(s.text[i:])
	if !ok {
		return i + n.end
	}
	end := i + n.end
	rest := s.text[end:]
	switch {
	case strings.HasPrefix(rest, over):
		return s.fraction(i, n)
	case s.text[i:end] == "一" && strings.HasPrefix(rest, "半"):
		return s.addHalf(i, end+len("半"), "")
	case s.isWord(i, n) || !s.counts(i, n):
		return end
	}
	return s.add(i, n)
}

// isWord reports whether the runes around the numeral at i make a word of it:
// 统一, 几十, 数百, 周三, “三五”, 十几.
func (s *figureScanner) isWord(i int, n numeral) bool {
	prev := before(s.text, i)
	next, _ := utf8.DecodeRuneInString(s.text[i+n.end:])
	first, _ := utf8.DecodeRuneInString(s.text[i:])
	switch {
	case next == '几' || prev == '几':
		return true
	case prev == '数' && chinesePower(first) > 0:
		return true
	case strings.ContainsRune("统同唯专单周初之拜", prev), strings.HasSuffix(s.text[:i], "星期"):
		return true
	case prev == '“' || prev == '‘':
		return isCloser(next)
	}
	return false
}

// counts reports whether the numeral at i counts something.
func (s *figureScanner) counts(i int, n numeral) bool {
	rest := s.text[i+n.end:]
	inexact := prefixLen(rest, "余", "多")
	rest = rest[inexact:]
	size := unitLen(rest)
	unit := rest[:size]
	one := n.value.IsInt() && n.value.Num().IsInt64() && n.value.Num().Int64() == 1
	if n.runes == 1 && !n.bare {
		return size > 0 && s.digitCounts(i, unit, rest[size:], one)
	}
	if n.bare && n.runes == 1 && n.scale == nil {
		_, approx := s.prefix(i, true)
		return approx != ""
	}
	if size > 0 {
		return countedBy(unit) && unit != "大" && !isMeeting(unit, rest[size:])
	}
	next, _ := utf8.DecodeRuneInString(rest)
	return !n.bare && !strings.ContainsRune("届中大月号", next)
}

// digitCounts reports whether a single Chinese digit counts before a unit.
func (s *figureScanner) digitCounts(i int, unit, rest string, one bool) bool {
	printed, _ := utf8.DecodeRuneInString(s.text[i:])
	next, _ := utf8.DecodeRuneInString(rest)
	switch {
	case before(s.text, i) == '第':
		return true
	case printed == '零' || printed == '〇' || printed == '○':
		return isMeasure(unit)
	case one && (!countsOne(unit) || next == '一' || strings.HasPrefix(rest, unit) || s.afterOne(i)):
		return false // 一批, 一家一户, 一个个
	case printed == '二' && !isMeasure(unit):
		return false // counting uses 两; 二次, 二手, 二类 are words
	case unit == "成" && strings.ContainsRune("功为立果员长本绩效熟就型品都", next):
		return false
	}
	return countedBy(unit) && !isMeeting(unit, rest)
}

// afterOne reports whether the numeral at i is the second of 一家一户.
func (s *figureScanner) afterOne(i int) bool {
	_, size := utf8.DecodeLastRuneInString(s.text[:i])
	return before(s.text, i-size) == '一'
}

// isMeeting reports whether unit and rest are of a congress's ordinal, as in
// 十二届七次全会.
func isMeeting(unit, rest string) bool {
	return unit == "届" || unit == "次" && prefixLen(rest, "全会", "全体", "会议", "代表") > 0
}

// half reads 半 before a measure of time (半年, 半个月) and gives its end, 0 when
// it is no figure (上半年, 大半天, 半导体).
func (s *figureScanner) half(i int) int {
	if strings.ContainsRune("上下前后大多过对一小", before(s.text, i)) {
		return 0
	}
	end := i + len("半")
	n := prefixLen(s.text[end:], "年", "天", "小时", "个月", "个小时", "个世纪")
	if n == 0 {
		return 0
	}
	return s.addHalf(i, end, s.text[end:end+n])
}

// addHalf appends the half printed at text[i:end] with its unit.
func (s *figureScanner) addHalf(i, end int, unit string) int {
	start, approx := s.prefix(i, false)
	s.figures = append(s.figures, Figure{
		Span:   corpus.Span{Start: start, End: end + len(unit)},
		Value:  "0.5",
		Unit:   unit,
		Approx: approx,
		Number: corpus.Span{Start: i, End: end},
	})
	return end + len(unit)
}
