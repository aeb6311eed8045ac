package zh

import (
	"unicode/utf8"

	"wenbao/corpus"
)

// Sentences cuts text into sentences. A sentence ends at a newline, and after a
// run of 。！？!? or … with the closing quotation marks and brackets that follow
// it. So in “看准了就干。”他说 the quotation is a sentence of its own, with its
// 。”, and a quotation of several sentences is cut like any other text. There
// is no end where a comma, colon or semicolon follows (“好！”，他说), nor inside
// a title or a bracket that closes soon on the same line (《出发！》).
//
// The ASCII marks . ! ? end no sentence between letters or digits (3.5, a?b=c),
// and . none after a digit unless the line ends there (1. 加快建设). A straight "
// counts as closing when an odd number of them stands before it on the line;
// nothing else depends on quotation marks being balanced.
//
// The spans hold every printing character, in order, and no blank at either end.
func Sentences(text string) []corpus.Span {
	var spans []corpus.Span
	start, straight := 0, 0
	cut := func(end int) {
		if sp := trim(text, start, end); sp.Len() > 0 {
			spans = append(spans, sp)
		}
		start = end
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r >= firstIdeograph && r <= lastIdeograph:
			i += n
		case r == '\n' || r == '\r':
			cut(i)
			i += n
			straight = 0
		case r == '"':
			straight++
			i += n
		case r == '《' || r == '（' || r == '(':
			i += max(n, asideLen(text[i:], closerOf(r)))
		case isTerminator(r):
			var end int
			end, straight = terminated(text, i, straight)
			if endsSentence(text, i, end) {
				cut(end)
			}
			i = end
		default:
			i += n
		}
	}
	cut(len(text))
	return spans
}

// maxAside is how many bytes a title or bracket may take for the marks in it to
// end no sentence: 60 characters, longer than any title seen. What is longer,
// or left open, is text like the rest.
const maxAside = 180

// asideLen is the length of s up to and with the first closer on its line, 0
// when that is not within maxAside.
func asideLen(s string, closer rune) int {
	for i, r := range s {
		switch {
		case i >= maxAside || r == '\n' || r == '\r':
			return 0
		case r == closer:
			return i + utf8.RuneLen(r)
		}
	}
	return 0
}

// isTerminator reports whether r can end a sentence.
func isTerminator(r rune) bool {
	switch r {
	case '。', '｡', '！', '？', '!', '?', '…', '⋯', '.', '．', '‼', '⁇', '⁈', '⁉':
		return true
	}
	return false
}

// terminated is the end of the run of terminators at i and of the closing marks
// after it, with the count of straight quotation marks carried on.
func terminated(text string, i, straight int) (end, quotes int) {
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !isTerminator(r) {
			break
		}
		i += n
	}
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == '"' && straight%2 == 1 {
			straight++
		} else if !isCloser(r) {
			break
		}
		i += n
	}
	return i, straight
}

// endsSentence reports whether the terminators of text[start:end] end one.
func endsSentence(text string, start, end int) bool {
	next, n := utf8.DecodeRuneInString(text[end:])
	if n == 0 || next == '\n' || next == '\r' {
		return true
	}
	switch next {
	case '，', ',', '、', '；', ';', '：', ':':
		return false
	}
	mark := text[start]
	if mark != '.' && mark != '!' && mark != '?' || start == 0 {
		return true
	}
	before := text[start-1]
	if mark == '.' && end == start+1 && '0' <= before && before <= '9' {
		return false
	}
	return !asciiWord(before) || !asciiWord(text[end])
}
