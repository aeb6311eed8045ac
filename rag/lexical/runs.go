package lexical

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"wenbao/corpus/zh"
)

// script is how the characters of a run make up words.
type script uint8

const (
	none  script = iota // punctuation, symbols, emoji: between runs
	han                 // written without spaces: Han, kana, Hangul
	latin               // letters and digits of any other script
)

// run is a stretch of folded text in one script.
type run struct {
	text   string
	script script
	// joined says that it follows the run before it without anything between.
	joined bool
}

// appendRuns folds text and cuts it into runs. Line ends part runs; other white
// space does so between letters of alphabets and is nothing between Han characters.
func appendRuns(runs []run, text string) []run {
	for text != "" {
		piece, rest := cutPiece(text)
		runs = appendFoldedRuns(runs, zh.Fold(piece))
		text = rest
	}
	return runs
}

// cutPiece splits text at the first white space that parts runs.
func cutPiece(text string) (piece, rest string) {
	prev := none
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsSpace(r) {
			prev = scriptOf(r)
			i += size
			continue
		}
		after := strings.TrimLeftFunc(text[i:], unicode.IsSpace)
		space := text[i : len(text)-len(after)]
		next, _ := utf8.DecodeRuneInString(after)
		if strings.ContainsRune(space, '\n') || prev == latin && scriptOf(next) == latin {
			return text[:i], after
		}
		i += len(space)
	}
	return text, ""
}

func appendFoldedRuns(runs []run, s string) []run {
	start, current, joined := 0, none, false
	for i, r := range s {
		next := scriptOf(r)
		if current == latin && decimalPoint(s, i) {
			next = latin
		}
		if next == current {
			continue
		}
		if current != none {
			runs = append(runs, run{s[start:i], current, joined})
		}
		joined = current != none
		start, current = i, next
	}
	if current != none {
		runs = append(runs, run{s[start:], current, joined})
	}
	return runs
}

// decimalPoint reports whether s[i] is a point between two digits.
func decimalPoint(s string, i int) bool {
	return s[i] == '.' && i > 0 && isDigit(s[i-1]) && i+1 < len(s) && isDigit(s[i+1])
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

func scriptOf(r rune) script {
	switch {
	case r < utf8.RuneSelf:
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' {
			return latin
		}
		return none
	case zh.IsHan(r), unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
		return han
	case unicode.IsLetter(r), unicode.IsDigit(r):
		return latin
	}
	return none
}

// Bigrams gives the overlapping pairs of characters of each Han run of text,
// folded, in order; a run of one character gives that character, and letters
// and digits of other scripts stay whole.
func Bigrams(text string) []string {
	return appendBigrams(nil, appendRuns(nil, text))
}

func appendBigrams(grams []string, runs []run) []string {
	for _, r := range runs {
		if r.script == latin {
			grams = append(grams, r.text)
			continue
		}
		grams = appendPairs(grams, r.text)
	}
	return grams
}

func appendPairs(grams []string, s string) []string {
	_, second := utf8.DecodeRuneInString(s)
	if second == len(s) {
		return append(grams, s)
	}
	first := 0
	for second < len(s) {
		_, size := utf8.DecodeRuneInString(s[second:])
		grams = append(grams, s[first:second+size])
		first, second = second, second+size
	}
	return grams
}
