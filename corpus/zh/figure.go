package zh

import (
	"math/big"
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
)

// Figure is a number with its measure, as printed.
type Figure struct {
	// Span covers all of it, from 近 or 第 to the unit or 左右.
	corpus.Span
	// Value is the exact number in decimal digits, without separators or
	// trailing zeros: "220000" for 22万, "0.5", "-1.2"; "1/3" for a fraction
	// that has no finite decimal.
	Value string
	// Unit is the unit or measure word as printed (亩, 元, 人次, 个百分点), in
	// Simplified characters, without 余 and 多 and 万; "%" for a percentage however
	// it is written, "" when there is none.
	Unit string
	// Approx is the words that make it inexact, in Simplified characters and
	// joined in order: 近, 超, 余, 约余.
	Approx string
	// Number covers the number alone with its 万 and 亿, and the 余 between them.
	// The 半 of 两年半 counts in Value and stands outside Number.
	Number corpus.Span
}

// Figures finds every number with its measure: Arabic digits of either width,
// with 万 and 亿, percentages and fractions, ranges, of which both ends get the
// unit, and Chinese numerals.
//
// Years, dates, days of the month (3日, against 3天), quarters, times of day and
// five-year plans are no figures, nor are digits that letters or + join to a label (5G, A3, 1+3). Ordinals are, with
// 第 in their Span. A Chinese numeral is a figure before a measure word (两条,
// 三大), and without one when it has several characters (十五, 一百二十三); one
// character of 百千万亿 alone only after 近, 超 and the like (近亿元). 一 counts
// before the measure words that do not make it an article (一座, not 一批).
func Figures(text string) []Figure {
	text = Simplified(text)
	s := figureScanner{text: text}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		end := 0
		switch {
		case r == '半':
			end = s.half(i)
		case digit(r) >= 0:
			end = s.arabic(i)
		case chineseDigit(r) >= 0 || chinesePower(r) > 0:
			end = s.chinese(i)
		}
		i = max(i+size, end)
	}
	return s.figures
}

type figureScanner struct {
	text    string
	figures []Figure
}

// last is the end of the last figure.
func (s *figureScanner) last() int {
	if n := len(s.figures); n > 0 {
		return s.figures[n-1].End
	}
	return 0
}

// arabic reads the figure, or what only looks like one, that begins with a
// digit at i, and gives its end.
func (s *figureScanner) arabic(i int) int {
	prev := before(s.text, i)
	label := prev == '+' || prev < utf8.RuneSelf && prev > 0 && asciiWord(byte(prev))
	if label {
		return i + digitsLen(s.text[i:])
	}
	if end := timeLen(s.text[i:]); end > 0 {
		return i + end
	}
	n, ok := scanNumeral(s.text[i:])
	if !ok {
		return i + n.end + digitsLen(s.text[i+n.end:])
	}
	if strings.HasPrefix(s.text[i+n.end:], over) {
		return s.fraction(i, n)
	}
	end := i + n.end
	unit := unitLen(s.text[skipSpace(s.text, end):])
	if end < len(s.text) && unit == 0 && (s.text[end] == '+' || asciiWord(s.text[end])) {
		return end + digitsLen(s.text[end:])
	}
	return s.add(i, n)
}

// timeLen is the length of the date, quarter or time of day that s begins with.
func timeLen(s string) int {
	c, ok := scanCalendar(s)
	if ok {
		return c.end
	}
	if n, _ := quarterLen(s); n > 0 {
		return n
	}
	if n := clockLen(s); n > 0 {
		return n
	}
	if _, n, ok := scanDay(s); ok && strings.HasSuffix(s[:n], "日") {
		return n // 30日上午; durations are counted in 天
	}
	return 0
}

// clockLen is the length of 8时30分, 8时, 8点30分, 8点半 or 20:30 at the beginning of s.
func clockLen(s string) int {
	const hours, minutes = 24, 59
	_, i, ok := scanSmall(s, hours)
	if !ok {
		return 0
	}
	mark, size := utf8.DecodeRuneInString(s[i:])
	at := i + size
	_, m, ok := scanSmall(s[at:], minutes)
	switch mark {
	case ':', '：':
		if ok && m == 2 {
			return at + m
		}
	case '时', '点':
		if ok && strings.HasPrefix(s[at+m:], "分") {
			return at + m + len("分")
		}
		if n := prefixLen(s[at:], "半", "整", "许", "钟"); n > 0 {
			return at + n
		}
		if mark == '时' {
			return at
		}
	}
	return 0
}

// fraction reads 百分之十 and 三分之一, whose denominator n has been read at i.
func (s *figureScanner) fraction(i int, n numeral) int {
	scale := n.value
	f, ok := scanFraction(s.text[i:], n)
	if !ok {
		return i + f.end
	}
	unit := ""
	switch scale.Num().String() {
	case "100":
		unit = "%"
	case "1000":
		unit = "‰"
	}
	if unit != "" {
		f.value.Mul(f.value, scale)
	}
	start, approx := s.prefix(i, false)
	end := i + f.end
	after := approxAfter(s.text[end:])
	s.figures = append(s.figures, Figure{
		Span:   corpus.Span{Start: start, End: end + len(after)},
		Value:  canonical(f.value),
		Unit:   unit,
		Approx: approx + f.inexact + after,
		Number: corpus.Span{Start: i, End: end},
	})
	return end + len(after)
}

// add appends the figure whose number n begins at i, and gives its end.
func (s *figureScanner) add(i int, n numeral) int {
	start, approx := s.prefix(i, n.bare)
	f := Figure{Number: corpus.Span{Start: i, End: i + n.end}}
	m := s.measure(f.Number.End)
	f.Unit = m.unit
	f.Approx = approx + n.inexact + m.inexact
	f.Span = corpus.Span{Start: start, End: m.end}
	if before(s.text, i) == '第' {
		f.Start = i - len("第")
		f.Approx = ""
	}
	if sign := s.sign(i); sign > 0 && (f.Unit == "%" || f.Unit == "℃" || f.Unit == "‰") {
		f.Start = i - sign
		f.Number.Start = f.Start
		n.value.Neg(n.value)
	}
	if m.half {
		n.value.Add(n.value, big.NewRat(1, 2))
	}
	f.Value = canonical(n.value)
	s.share(n, f)
	s.figures = append(s.figures, f)
	return f.End
}

// sign is the length of a minus sign before i that is no hyphen or range, 0 for none.
func (s *figureScanner) sign(i int) int {
	r := before(s.text, i)
	if r != '-' && r != '－' && r != '−' {
		return 0
	}
	size := utf8.RuneLen(r)
	if i-size == s.last() && i > size {
		return 0
	}
	prev := before(s.text, i-size)
	if digit(prev) >= 0 || prev < utf8.RuneSelf && asciiWord(byte(prev)) {
		return 0
	}
	return size
}

// share gives the unit of f, and its 万, to the figure before it when the two
// are the ends of a range: 15-20家, 3至5万亩.
func (s *figureScanner) share(n numeral, f Figure) {
	if len(s.figures) == 0 || f.Unit == "" && n.scale == nil {
		return
	}
	first := &s.figures[len(s.figures)-1]
	mark := rangeMarkLen(s.text[first.End:])
	if first.Unit != "" || first.End != first.Number.End || mark == 0 || first.End+mark != f.Start {
		return
	}
	first.Unit = f.Unit
	if n.scale == nil {
		return
	}
	if v, ok := new(big.Rat).SetString(first.Value); ok && v.Cmp(new(big.Rat).Quo(n.value, n.scale)) < 0 {
		first.Value = canonical(v.Mul(v, n.scale))
	}
}

// measure is what follows a number.
type measure struct {
	unit    string
	inexact string // 余, 多, 左右 …
	half    bool   // 半 follows the unit
	end     int
}

// measure reads the unit after a number that ends at i.
func (s *figureScanner) measure(i int) measure {
	m := measure{end: i}
	at := i
	if n := prefixLen(s.text[at:], "余", "多"); n > 0 {
		m.inexact = s.text[at : at+n]
		at += n
		m.end = at
	}
	at = skipSpace(s.text, at)
	if n := unitLen(s.text[at:]); n > 0 {
		m.unit = s.text[at : at+n]
		m.end = at + n
	}
	switch m.unit {
	case "％":
		m.unit = "%"
	case "个": // 3个多月
		if rest := s.text[m.end:]; strings.HasPrefix(rest, "多") {
			if n := prefixLen(rest[len("多"):], "月", "小时", "百分点", "星期", "世纪"); n > 0 {
				m.inexact += "多"
				m.unit += rest[len("多") : len("多")+n]
				m.end += len("多") + n
			}
		}
	case "年", "天", "成":
		if rest := s.text[m.end:]; strings.HasPrefix(rest, "半") && prefixLen(rest[len("半"):], "数", "程", "价", "径") == 0 {
			m.half = true
			m.end += len("半")
		}
	}
	after := approxAfter(s.text[m.end:])
	m.inexact += after
	m.end += len(after)
	return m
}

// approxAfter is the word after a measure that makes it inexact, or "".
func approxAfter(s string) string {
	return s[:prefixLen(s, "左右", "上下", "以上", "以下", "以内")]
}

// prefix is where the figure with its number at i begins, with the word before
// it that makes it inexact. 上 does so before 百, 千, 万 alone (上千).
func (s *figureScanner) prefix(i int, bare bool) (start int, approx string) {
	head := s.text[s.last():i]
	words := [...]struct{ word, notIn string }{
		{"不少于", ""}, {"不低于", ""}, {"不超过", ""}, {"不足", ""}, {"将近", ""}, {"接近", ""}, {"超过", ""},
		{"大约", ""}, {"至少", ""}, {"最多", ""},
		{"近", "附最靠临远邻"}, {"超", "赶高反"}, {"约", "节签预合条制集大特违公契"}, {"逾", ""},
	}
	for _, w := range words {
		rest, ok := strings.CutSuffix(head, w.word)
		if ok && !strings.ContainsRune(w.notIn, before(rest, len(rest))) {
			return i - len(w.word), w.word
		}
	}
	if bare && strings.HasSuffix(head, "上") && !strings.HasSuffix(head, "以上") {
		return i - len("上"), "上"
	}
	return i, ""
}
