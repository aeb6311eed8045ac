package zh

import (
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
)

// The years that four digits before 年 can mean. Others (1200年) are durations.
const (
	minYear = 1800
	maxYear = 2199
)

// calendar is a date printed in digits, at the beginning of a string.
type calendar struct {
	years      corpus.Years // zero where no year is printed
	month, day int          // zero where not printed; of a range the first
	months     bool         // a range of months: 1-11月
	end        int
}

// scanCalendar reads the date that s begins with: 2025年, 二〇二五年, 2021—2025年,
// 2024年12月30日, 12月, 12月30日至31日, 1-11月, 2024-12-30.
func scanCalendar(s string) (calendar, bool) {
	if c, ok := scanISODate(s); ok {
		return c, true
	}
	c, ok := scanYears(s)
	if ok && c.years.From != c.years.To {
		return c, true
	}
	at := skipSpace(s, c.end)
	if m, found := scanMonth(s[at:]); found {
		m.years = c.years
		m.end += at
		return m, true
	}
	return c, ok
}

// scanYears reads a year or a range of years up to 年 or 年代.
func scanYears(s string) (calendar, bool) {
	from, i, ok := scanYear(s)
	if !ok {
		return calendar{}, false
	}
	closed := false
	if n := len("年"); strings.HasPrefix(s[i:], "年") {
		closed = true
		i += n
		if strings.HasPrefix(s[i:], "代") {
			return calendar{years: corpus.Years{From: from, To: from + 9}, end: i + len("代")}, true
		}
	}
	if n := rangeMarkLen(s[i:]); n > 0 {
		to, m, ok := scanYear(s[i+n:])
		if end := i + n + m; ok && to > from && strings.HasPrefix(s[end:], "年") {
			return calendar{years: corpus.Years{From: from, To: to}, end: end + len("年")}, true
		}
	}
	return calendar{years: corpus.Years{From: from, To: from}, end: i}, closed
}

// scanYear reads four digits that can be a year, with at most one space after
// them where 年 follows it.
func scanYear(s string) (year, end int, ok bool) {
	for range 4 {
		r, size := utf8.DecodeRuneInString(s[end:])
		d := digit(r)
		if d < 0 && r != '两' {
			d = int(chineseDigit(r))
		}
		if d < 0 {
			return 0, 0, false
		}
		year = year*10 + d
		end += size
	}
	if strings.HasPrefix(s[end:], " 年") {
		end++
	}
	return year, end, year >= minYear && year <= maxYear
}

// scanMonth reads 12月, 12月30日, 12月30日至31日, 1-11月 and 十二月三十日.
func scanMonth(s string) (calendar, bool) {
	month, i, ok := scanSmall(s, 12)
	if !ok {
		return calendar{}, false
	}
	if n := rangeMarkLen(s[i:]); n > 0 {
		if last, m, ok := scanSmall(s[i+n:], 12); ok && last > month && strings.HasPrefix(s[i+n+m:], "月") {
			return calendar{month: month, months: true, end: i + n + m + len("月")}, true
		}
	}
	i = skipSpace(s, i)
	if !strings.HasPrefix(s[i:], "月") {
		return calendar{}, false
	}
	c := calendar{month: month, end: i + len("月")}
	if n := rangeMarkLen(s[c.end:]); n > 0 {
		last, m, ok := scanSmall(s[c.end+n:], 12)
		if end := c.end + n + m; ok && last > month && strings.HasPrefix(s[end:], "月") {
			if _, _, day := scanDay(s[end+len("月"):]); !day {
				return calendar{month: month, months: true, end: end + len("月")}, true
			}
		}
	}
	at := skipSpace(s, c.end)
	if day, n, ok := scanDay(s[at:]); ok && (corpus.Date{Year: leapYear, Month: month, Day: day}).Valid() {
		c.day = day
		c.end = at + n
		if m := rangeMarkLen(s[c.end:]); m > 0 {
			if last, n, ok := scanDay(s[c.end+m:]); ok && last > day {
				c.end += m + n
			}
		}
	}
	return c, true
}

// leapYear is any year that has every day a month can have.
const leapYear = 2000

// scanDay reads 30日 or 30号.
func scanDay(s string) (day, end int, ok bool) {
	day, i, ok := scanSmall(s, 31)
	if !ok {
		return 0, 0, false
	}
	i = skipSpace(s, i)
	r, size := utf8.DecodeRuneInString(s[i:])
	return day, i + size, r == '日' || r == '号'
}

// scanSmall reads a number from 1 to limit in one or two Arabic digits, or Chinese.
func scanSmall(s string, limit int) (n, end int, ok bool) {
	for {
		r, size := utf8.DecodeRuneInString(s[end:])
		d := digit(r)
		if d < 0 {
			break
		}
		n = n*10 + d
		end += size
		if n > limit {
			return 0, 0, false
		}
	}
	if end == 0 {
		n, end = scanSmallChinese(s)
	}
	return n, end, n >= 1 && n <= limit
}

// scanSmallChinese reads 一 to 九十九.
func scanSmallChinese(s string) (n, end int) {
	last := 0
	for range 3 {
		r, size := utf8.DecodeRuneInString(s[end:])
		switch d := int(chineseDigit(r)); {
		case r == '十' && n == 0:
			n, last = max(last, 1)*10, 0
		case d >= 1 && r != '两' && last == 0:
			last = d
		default:
			return n + last, end
		}
		end += size
	}
	return n + last, end
}

// scanISODate reads 2024-12-30, 2024/12/30 and 2024.12.30.
func scanISODate(s string) (calendar, bool) {
	if len(s) < len("2024-1-1") || s[0] < '0' || s[0] > '9' {
		return calendar{}, false
	}
	mark := s[4]
	if mark != '-' && mark != '/' && mark != '.' {
		return calendar{}, false
	}
	year, i, ok := scanYear(s)
	if !ok || i != 4 {
		return calendar{}, false
	}
	month, m, ok := scanSmall(s[i+1:], 12)
	i += 1 + m
	if !ok || i >= len(s) || s[i] != mark {
		return calendar{}, false
	}
	day, m, ok := scanSmall(s[i+1:], 31)
	i += 1 + m
	d := corpus.Date{Year: year, Month: month, Day: day}
	if !ok || !d.Valid() || i < len(s) && asciiWord(s[i]) {
		return calendar{}, false
	}
	return calendar{years: corpus.Years{From: year, To: year}, month: month, day: day, end: i}, true
}

// rangeMarkLen is the length of the mark or word between the ends of a range
// that s begins with, 0 for none.
func rangeMarkLen(s string) int {
	r, size := utf8.DecodeRuneInString(s)
	switch r {
	case '-', '－', '–', '~', '～', '至', '到':
		return size
	case '—', '─':
		if strings.HasPrefix(s[size:], s[:size]) { // the double dash
			size *= 2
		}
		return size
	}
	return 0
}

// skipSpace is the offset after at most one space at i.
func skipSpace(s string, i int) int {
	if i < len(s) && s[i] == ' ' {
		i++
	}
	return i
}

// quarterLen is the length of 一季度, 第3季度, 前三季度 or 首季 at the beginning of
// s, with the first quarter meant; 0 for none.
func quarterLen(s string) (end, quarter int) {
	prefix := 0
	first := false
	switch {
	case strings.HasPrefix(s, "第"):
		prefix = len("第")
	case strings.HasPrefix(s, "前"):
		prefix = len("前")
		first = true
	}
	quarter, n, ok := scanSmall(s[prefix:], 4)
	if !ok || !strings.HasPrefix(s[prefix+n:], "季度") {
		return 0, 0
	}
	if first {
		quarter = 1
	}
	return prefix + n + len("季度"), quarter
}
