package source

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"

	"wenbao/corpus"
)

// Years outside this range are taken for other numbers.
const (
	firstYear = 1900
	lastYear  = 2099
)

// parseDate reads a date that a file gives: 2024-12-31, 2024/12/31, 2024.12.31,
// 20241231, 2024年12月31日, with or without a time of day after it, and the forms
// that name no day or month. ok is false for what is no date; "" is the zero Date.
func parseDate(s string) (d corpus.Date, ok bool) {
	s = strings.TrimSpace(width.Fold.String(s))
	if s == "" {
		return corpus.Date{}, true
	}
	if d, rest, ok := datePrefix(s); ok {
		return d, rest == "" || strings.IndexByte(" \tT(,;", rest[0]) >= 0 || strings.HasPrefix(rest, "星期")
	}
	partial := strings.NewReplacer("年", "-", "月", "-", "/", "-", ".", "-").Replace(s)
	d, err := corpus.ParseDate(strings.TrimSuffix(partial, "-"))
	return d, err == nil && d.Day == 0 && inRange(d)
}

func inRange(d corpus.Date) bool { return d.Year >= firstYear && d.Year <= lastYear }

// datePrefix reads the full date that s begins with. Years have four digits;
// 20241231 and 202412/31 are dates too. What follows is no digit.
func datePrefix(s string) (d corpus.Date, rest string, ok bool) {
	n, digits, rest := leadingNumber(s)
	switch digits {
	case 8:
		d = corpus.Date{Year: n / 10000, Month: n / 100 % 100, Day: n % 100}
	case 6:
		d = corpus.Date{Year: n / 100, Month: n % 100}
		d.Day, rest = nextNumber(rest)
	case 4:
		d.Year = n
		if d.Month, rest = nextNumber(rest); d.Month != 0 {
			d.Day, rest = nextNumber(rest)
		}
	}
	if d.Month == 0 || d.Day == 0 || !inRange(d) || !d.Valid() {
		return corpus.Date{}, s, false
	}
	return d, strings.TrimPrefix(rest, "日"), true
}

// nextNumber reads a separator and the one or two digits after it; 0 says that
// there is no such thing.
func nextNumber(s string) (n int, rest string) {
	sep, size := utf8.DecodeRuneInString(s)
	if !strings.ContainsRune("-/._年月", sep) {
		return 0, s
	}
	n, digits, rest := leadingNumber(s[size:])
	if digits < 1 || digits > 2 {
		return 0, s
	}
	return n, rest
}

// maxDigits is the length of the longest number read; it keeps n from overflowing.
const maxDigits = 9

// leadingNumber reads the digits that s begins with; a number longer than
// maxDigits counts as none.
func leadingNumber(s string) (n, digits int, rest string) {
	for digits < len(s) && isDigit(s[digits]) {
		digits++
	}
	if digits > maxDigits {
		return 0, 0, s
	}
	for _, c := range []byte(s[:digits]) {
		n = n*10 + int(c-'0')
	}
	return n, digits, s[digits:]
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
