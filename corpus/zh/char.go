package zh

import (
	"unicode"
	"unicode/utf8"

	"wenbao/corpus"
)

// IsHan reports whether r is a Chinese character. The zero of 二〇二五 (U+3007)
// is one; punctuation and full-width Latin letters are not.
func IsHan(r rune) bool {
	if r >= firstIdeograph && r <= lastIdeograph {
		return true
	}
	return r > unicode.MaxLatin1 && unicode.Is(unicode.Han, r)
}

// The block that holds nearly every character a newspaper prints.
const (
	firstIdeograph = 0x4E00
	lastIdeograph  = 0x9FFF
)

// CountHan is the number of Chinese characters in s.
func CountHan(s string) int {
	n := 0
	for _, r := range s {
		if IsHan(r) {
			n++
		}
	}
	return n
}

// isBlank reports whether r prints nothing: white space of any width, and the
// zero-width characters that web pages and converters leave between words.
func isBlank(r rune) bool {
	switch r {
	case ' ', '\n', '\r', '\t', '\u3000',
		'\u00AD',                     // soft hyphen
		'\u200B', '\u200C', '\u200D', // zero-width space, non-joiner, joiner
		'\u2060', '\uFEFF': // word joiner, byte order mark
		return true
	}
	if r >= firstIdeograph && r <= lastIdeograph {
		return false
	}
	return unicode.IsSpace(r)
}

// trim is the span of text[start:end] without blanks at either end.
func trim(text string, start, end int) corpus.Span {
	for start < end {
		r, n := utf8.DecodeRuneInString(text[start:end])
		if !isBlank(r) {
			break
		}
		start += n
	}
	for start < end {
		r, n := utf8.DecodeLastRuneInString(text[start:end])
		if !isBlank(r) {
			break
		}
		end -= n
	}
	return corpus.Span{Start: start, End: end}
}

// asciiWord reports whether b is an ASCII letter or digit.
func asciiWord(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b|0x20 && b|0x20 <= 'z'
}

// closerOf is the bracket or quotation mark that closes what r opens, 0 when r
// opens nothing. The straight marks " and ' open and close alike and are not here.
func closerOf(r rune) rune {
	switch r {
	case '“':
		return '”'
	case '‘':
		return '’'
	case '「':
		return '」'
	case '『':
		return '』'
	case '《':
		return '》'
	case '〈':
		return '〉'
	case '（':
		return '）'
	case '(':
		return ')'
	case '【':
		return '】'
	case '[':
		return ']'
	case '〔':
		return '〕'
	}
	return 0
}

// isCloser reports whether r closes a bracket or a quotation.
func isCloser(r rune) bool {
	switch r {
	case '”', '’', '」', '』', '》', '〉', '）', ')', '】', ']', '〕':
		return true
	}
	return false
}
