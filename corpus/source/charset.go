package source

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
)

const (
	// maxControlShare is the share of control bytes from which a file is not
	// text. Text has next to none; in random bytes about one in ten is one.
	maxControlShare = 0.05
	// minCommonShare is the share of GB 2312's 3,755 common characters among all
	// two-byte characters but punctuation from which bytes are taken for
	// GB 18030. Of 1,500 news texts none has less than 0.92; UTF-8 read as GB 18030
	// has about 0.12, Big5 up to 0.32.
	minCommonShare = 0.7
)

// decode makes bytes without a byte order mark into clean text. cut says that
// they end in the middle of a character, which is left out. Errors are ErrBinary
// and ErrCharset.
func decode(b []byte, form format) (text string, cut bool, err error) {
	if isBinary(b) {
		return "", false, ErrBinary
	}
	whole := b[:len(b)-partialRune(b)]
	if utf8.Valid(whole) {
		text, cut = string(whole), len(whole) < len(b)
	} else if text, cut, err = decodeLegacy(b, form); err != nil {
		return "", false, err
	}
	// A decoder before us marks a cut character so.
	if rest, found := strings.CutSuffix(text, string(utf8.RuneError)); found {
		text, cut = rest, true
	}
	return clean(text), cut, nil
}

// decodeLegacy reads bytes that are not UTF-8: by what a web page declares, else
// as GB 18030 when that looks Chinese.
func decodeLegacy(b []byte, form format) (text string, cut bool, err error) {
	declared, name := declaredCharset(b, form)
	if declared != nil && name != "gbk" && name != "gb18030" {
		if text, ok := decodeAll(b, declared); ok {
			return text, false, nil
		}
	}
	pairs := countPairs(b)
	if !pairs.valid {
		return "", false, ErrCharset
	}
	looksChinese := pairs.common > 0 && float64(pairs.common) >= minCommonShare*float64(pairs.all)
	if !looksChinese && name != "gbk" && name != "gb18030" {
		return "", false, ErrCharset
	}
	text, ok := decodeAll(b[:pairs.end], simplifiedchinese.GB18030)
	if !ok {
		return "", false, ErrCharset
	}
	return text, pairs.end < len(b), nil
}

// declaredCharset is the charset that a web page's meta tag names. It is nil for
// UTF-8, since this is asked of other bytes, and for Latin-1, which is what none
// counts as and what editors put in by default.
func declaredCharset(b []byte, form format) (encoding.Encoding, string) {
	if form != markup {
		return nil, ""
	}
	enc, name, _ := charset.DetermineEncoding(b, "")
	if name == "utf-8" || name == "windows-1252" {
		return nil, ""
	}
	return enc, name
}

// decodeAll decodes b and reports whether every byte had a meaning.
func decodeAll(b []byte, enc encoding.Encoding) (string, bool) {
	decoded, err := enc.NewDecoder().Bytes(b)
	if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
		return "", false
	}
	return string(decoded), true
}

// partialRune is the number of bytes at the end of b that begin a rune and do
// not complete it.
func partialRune(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		tail := b[len(b)-n:]
		if utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return n
			}
			return 0
		}
	}
	return 0
}

// pairCount is what countPairs finds.
type pairCount struct {
	valid       bool // the bytes can be GB 18030
	end         int  // where a character that is cut begins, else the number of bytes
	all, common int  // two-byte characters but punctuation; GB 2312's first level
}

// countPairs walks the one-, two- and four-byte characters of GB 18030.
func countPairs(b []byte) pairCount {
	var c pairCount
	for i := 0; i < len(b); {
		n := gbLen(b[i:])
		if n < 0 {
			return pairCount{}
		}
		if n == 0 {
			return pairCount{valid: true, end: i, all: c.all, common: c.common}
		}
		if n == 2 {
			lead, trail := b[i], b[i+1]
			if lead < 0xA1 || lead > 0xA3 { // rows 1 to 3 are punctuation and full-width ASCII
				c.all++
			}
			if lead >= 0xB0 && lead <= 0xD7 && trail >= 0xA1 { // rows 16 to 55
				c.common++
			}
		}
		i += n
	}
	c.valid, c.end = true, len(b)
	return c
}

// gbLen is the length of the GB 18030 character that b begins with, 0 when b
// ends before it does, -1 when there is none.
func gbLen(b []byte) int {
	isLead := func(c byte) bool { return c >= 0x81 && c <= 0xFE }
	switch {
	case b[0] < utf8.RuneSelf:
		return 1
	case !isLead(b[0]):
		return -1
	case len(b) == 1:
		return 0
	case !isDigit(b[1]):
		if b[1] < 0x40 || b[1] == 0x7F || b[1] == 0xFF {
			return -1
		}
		return 2
	case len(b) == 2:
		return 0
	case !isLead(b[2]):
		return -1
	case len(b) == 3:
		return 0
	case !isDigit(b[3]):
		return -1
	}
	return 4
}

// isBinary looks at bytes that stand for themselves in every charset read here.
func isBinary(b []byte) bool {
	controls := 0
	for _, c := range b {
		switch {
		case c == 0:
			return true
		case c == '\t', c == '\n', c == '\v', c == '\f', c == '\r':
		case c < ' ', c == 0x7F:
			controls++
		}
	}
	return float64(controls) > maxControlShare*float64(len(b))
}

// clean ends lines with "\n" alone and drops control characters but the tab, and
// byte order marks where files were joined.
func clean(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case r == '\r', r == '\f', r == '\v':
			return '\n'
		case unicode.IsControl(r), r == '\uFEFF':
			return -1
		}
		return r
	}, text)
}

// oneLine is clean text on one line, without spaces around it.
func oneLine(text string) string {
	isGap := func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\u00a0' }
	return strings.TrimSpace(strings.Join(strings.FieldsFunc(clean(text), isGap), " "))
}

func isBlank(text string) bool { return strings.TrimSpace(text) == "" }
