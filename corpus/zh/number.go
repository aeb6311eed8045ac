package zh

import (
	"math/big"
	"strings"
	"unicode/utf8"
)

// ParseNumber reads a string that is one number and nothing else: 1,200, 15.5亿,
// ２２万, 一百二十三, 二〇二五, 三点五万, 三分之一, 半, 一半, with - or 负 before it.
// The value is in the form of Figure.Value. A percentage is not a bare number.
func ParseNumber(s string) (value string, ok bool) {
	s = Simplified(s)
	if s == "半" || s == "一半" {
		return "0.5", true
	}
	rest := s
	for _, minus := range []string{"-", "−", "－", "负"} {
		rest = strings.TrimPrefix(rest, minus)
		if rest != s {
			break
		}
	}
	n, ok := scanNumeral(rest)
	if ok && strings.HasPrefix(rest[n.end:], over) {
		n, ok = scanFraction(rest, n)
	}
	if !ok || n.end != len(rest) || n.inexact != "" {
		return "", false
	}
	if rest != s {
		n.value.Neg(n.value)
	}
	return canonical(n.value), true
}

// over stands between denominator and numerator: 三分之一 is 1/3.
const over = "分之"

// maxDigits is the most digits a number may have; longer runs are serial
// numbers, and exact arithmetic on them would not be linear.
const maxDigits = 30

// numeral is a number at the beginning of a string.
type numeral struct {
	value *big.Rat
	end   int // bytes it takes
	// scale is the product of 万, 亿 … written after the digits, nil for none.
	scale *big.Rat
	// inexact is the 余 or 多 between digits and scale.
	inexact string
	chinese bool
	runes   int // Chinese only: its length
	// bare says that it is Chinese and begins with 百, 千, 万 or 亿.
	bare bool
}

// scanNumeral reads the number that s begins with, Arabic or Chinese, with its
// scale. When there is none it reports false, and end is how much to skip.
func scanNumeral(s string) (numeral, bool) {
	n, ok := scanArabic(s)
	if !ok && n.end == 0 {
		n, ok = scanChinese(s)
	}
	if !ok {
		return n, false
	}
	return scanScale(s, n), true
}

// scanFraction reads what follows a denominator and 分之.
func scanFraction(s string, denominator numeral) (numeral, bool) {
	at := denominator.end + len(over)
	n, ok := scanNumeral(s[at:])
	if !ok || denominator.value.Sign() == 0 {
		return numeral{end: denominator.end}, false
	}
	n.value.Quo(n.value, denominator.value)
	n.end += at
	return n, true
}

// digit is the value of an Arabic digit of either width, -1 for other runes.
func digit(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r >= '０' && r <= '９':
		return int(r - '０')
	}
	return -1
}

// scanArabic reads 1200, 1,200, 15.5 and their full-width forms.
func scanArabic(s string) (numeral, bool) {
	var digits []byte
	point := false
	i := 0
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if d := digit(r); d >= 0 {
			digits = append(digits, byte('0'+d))
			i += size
			continue
		}
		next, _ := utf8.DecodeRuneInString(s[i+size:])
		if (r == '.' || r == '．') && len(digits) > 0 && digit(next) >= 0 {
			if point { // 1.2.3 is a version or a date
				return numeral{end: i + size}, false
			}
			point = true
			digits = append(digits, '.')
		} else if r != ',' || point || !groupsDigits(s, i) {
			break
		}
		i += size
	}
	if len(digits) == 0 || len(digits) > maxDigits {
		return numeral{end: i}, false
	}
	value, ok := new(big.Rat).SetString(string(digits))
	return numeral{value: value, end: i}, ok
}

// chineseDigit is the value of a Chinese digit, -1 for other runes.
func chineseDigit(r rune) int64 {
	switch r {
	case '零', '〇', '○':
		return 0
	case '一':
		return 1
	case '二', '两':
		return 2
	case '三':
		return 3
	case '四':
		return 4
	case '五':
		return 5
	case '六':
		return 6
	case '七':
		return 7
	case '八':
		return 8
	case '九':
		return 9
	}
	return -1
}

// chinesePower is 10, 100, 1000, 1e4 or 1e8 for 十百千万亿, 0 for other runes.
func chinesePower(r rune) int64 {
	switch r {
	case '十':
		return 10
	case '百':
		return 100
	case '千':
		return 1000
	case '万':
		return 1e4
	case '亿':
		return 1e8
	}
	return 0
}

// maxChinese is the longest Chinese numeral read, in runes: the longest that
// keeps its value within an int64 (九千九百九十九万…亿).
const maxChinese = 24

// maxValue bounds the values of Chinese numerals.
const maxValue = 1e16

// scanChinese reads 十五, 一百二十三, 一万五 (15000), 二〇二五 and 三点五.
func scanChinese(s string) (numeral, bool) {
	var a chineseReader
	i := 0
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if p := chinesePower(r); p > 0 {
			if r == '千' && a.runes > 0 && beginsKiloUnit(s[i:]) {
				break
			}
			a.power(p)
		} else if d := chineseDigit(r); d >= 0 {
			a.digit(d)
		} else {
			break
		}
		i += size
	}
	value, ok := a.value()
	if !ok {
		return numeral{end: i}, false
	}
	n := numeral{value: new(big.Rat).SetInt64(value), end: i, chinese: true, runes: a.runes, bare: a.bare}
	return chineseDecimals(s, n), true
}

// chineseDecimals adds the 点五 of 三点五.
func chineseDecimals(s string, n numeral) numeral {
	const point = "点"
	if !strings.HasPrefix(s[n.end:], point) {
		return n
	}
	i := n.end + len(point)
	place := big.NewRat(1, 1)
	sum := new(big.Rat)
	count := 0
	for i < len(s) && count < maxDigits {
		r, size := utf8.DecodeRuneInString(s[i:])
		d := chineseDigit(r)
		if d < 0 || r == '两' {
			break
		}
		place.Quo(place, big.NewRat(10, 1))
		sum.Add(sum, new(big.Rat).Mul(place, new(big.Rat).SetInt64(d)))
		i += size
		count++
	}
	next, _ := utf8.DecodeRuneInString(s[i:])
	if count == 0 || next == '十' || next == '线' { // 八点三十, 三点一线
		return n
	}
	n.value.Add(n.value, sum)
	n.end = i
	n.runes += 1 + count
	return n
}

// chineseReader adds up a Chinese numeral rune by rune.
type chineseReader struct {
	runes int
	bare  bool
	// total is what 万 and 亿 have closed, section the part below them, last the
	// digit waiting for its power, or -1.
	total, section, last int64
	positional           int64 // the digits read as in 二〇二五
	powers               bool  // a power has been read
	zeros                bool  // 零 or 〇 has been read
	lastPower            int64 // the power read just before last
	bad                  bool
}

func (a *chineseReader) digit(d int64) {
	if a.runes == 0 {
		a.last = -1
	}
	a.runes++
	if a.runes > maxChinese {
		a.bad = true
		return
	}
	if a.last > 0 && a.powers {
		a.bad = true // 三百一二
	}
	if d == 0 {
		a.zeros = true
		a.lastPower = 0
	}
	a.positional = min(a.positional*10+d, maxValue)
	a.last = d
}

func (a *chineseReader) power(p int64) {
	if a.runes == 0 {
		a.last = -1
		a.bare = p > 10
	}
	if a.runes > 1 && !a.powers {
		a.bad = true // 三五百
	}
	a.runes++
	a.powers = true
	last := max(a.last, 0)
	switch {
	case a.runes > maxChinese || a.total > maxValue || a.section > maxValue:
		a.bad = true
	case p >= 1e4:
		a.close(p, last)
	case a.last <= 0:
		a.section += p // 十五, 百
	default:
		a.section += last * p
	}
	a.last = -1
	a.lastPower = p
}

// close multiplies by 万 or 亿 what stands before it.
func (a *chineseReader) close(p, last int64) {
	part := a.section + last
	if p == 1e8 || part == 0 {
		part += a.total
		a.total = 0
	}
	if part == 0 {
		part = 1 // 万人
	}
	if part > maxValue/p {
		a.bad = true
		return
	}
	a.total += part * p
	a.section = 0
}

func (a *chineseReader) value() (int64, bool) {
	if a.runes == 0 || a.bad {
		return 0, false
	}
	last := max(a.last, 0)
	if !a.powers {
		// Two digits side by side are 三五个, a guess and no number.
		return a.positional, a.runes != 2 || a.zeros
	}
	if a.lastPower >= 100 {
		last *= a.lastPower / 10 // 一万五
	}
	return a.total + a.section + last, true
}

// beginsKiloUnit reports whether 千 belongs to a unit: 千瓦, 千米, 千克 …
func beginsKiloUnit(s string) bool {
	r, _ := utf8.DecodeRuneInString(s[len("千"):])
	switch r {
	case '瓦', '米', '克', '伏', '卡', '赫', '帕', '焦', '安', '乏':
		return true
	}
	return false
}

// scanScale reads what multiplies a number: 万, 亿, 千万, 万亿, with 余 or 多 before
// it, and the further parts of 1亿2000万.
func scanScale(s string, n numeral) numeral {
	n = scanPowers(s, n)
	if n.scale == nil || n.chinese {
		return n
	}
	next, ok := scanArabic(s[n.end:])
	if !ok {
		return n
	}
	next = scanPowers(s[n.end:], next)
	if next.scale != nil && next.value.Cmp(n.scale) < 0 {
		n.value.Add(n.value, next.value)
		n.end += next.end
		n.inexact += next.inexact
	}
	return n
}

func scanPowers(s string, n numeral) numeral {
	i := n.end
	r, size := utf8.DecodeRuneInString(s[i:])
	inexact := ""
	if r == '余' || r == '多' {
		inexact = s[i : i+size]
		i += size
	} else if r == ' ' && !n.chinese {
		i += size
	}
	scale := int64(1)
	start := i
	for i < len(s) {
		r, size = utf8.DecodeRuneInString(s[i:])
		p := chinesePower(r)
		if p < 100 || r == '千' && beginsKiloUnit(s[i:]) || scale > maxValue/p {
			break
		}
		scale *= p
		i += size
	}
	if i == start {
		return n
	}
	n.scale = new(big.Rat).SetInt64(scale)
	n.value.Mul(n.value, n.scale)
	n.inexact = inexact
	n.end = i
	return n
}

// canonical prints v exactly: in decimal digits where that ends, else as a/b.
func canonical(v *big.Rat) string {
	if v.IsInt() {
		return v.Num().String()
	}
	if places, exact := v.FloatPrec(); exact {
		return v.FloatString(places)
	}
	return v.String()
}
