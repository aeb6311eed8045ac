package cite

import (
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

const (
	// minHan is the least number of Chinese characters of a quote: one stands
	// on every page and proves nothing.
	minHan = 2
	// minPiece is the least number of characters of each piece of a quote with
	// omissions, for the same reason.
	minPiece = 2
)

// quote is a quote made ready for comparing.
type quote struct {
	folded zh.Folded
	source string
	// pieces are spans of folded.Text: one, or those between the omissions.
	pieces []corpus.Span
}

func parseQuote(s string) (quote, error) {
	q := quote{folded: zh.FoldMap(s), source: s}
	han := 0
	for _, sp := range splitOmissions(q.folded.Text) {
		if sp = trimMarks(q.folded.Text, sp); sp.Len() == 0 {
			continue
		}
		piece := sp.In(q.folded.Text)
		if utf8.RuneCountInString(piece) < minPiece {
			return quote{}, ErrTooShort
		}
		han += zh.CountHan(piece)
		q.pieces = append(q.pieces, sp)
	}
	if han < minHan {
		return quote{}, ErrTooShort
	}
	return q, nil
}

func (q *quote) piece(i int) string { return q.pieces[i].In(q.folded.Text) }

// chars is the number of characters that are compared.
func (q *quote) chars() int {
	n := 0
	for i := range q.pieces {
		n += utf8.RuneCountInString(q.piece(i))
	}
	return n
}

// splitOmissions gives what stands between the omission marks of a folded text.
func splitOmissions(s string) []corpus.Span {
	var out []corpus.Span
	start := 0
	for i := 0; i < len(s); {
		n := omissionLen(s[i:])
		if n == 0 {
			i++
			continue
		}
		out = append(out, corpus.Span{Start: start, End: i})
		i += n
		start = i
	}
	return append(out, corpus.Span{Start: start, End: len(s)})
}

// omissionLen is the length of the omission mark that s begins with, 0 for none.
func omissionLen(s string) int {
	const fewestDots = 3
	n := 0
	for strings.HasPrefix(s[n:], "…") {
		n += len("…")
	}
	if n > 0 {
		return n
	}
	for n < len(s) && s[n] == '.' {
		n++
	}
	if n < fewestDots {
		return 0
	}
	return n
}

// trimMarks takes quotation marks off both ends, and from the end what closes a
// clause. An exclamation or question mark says something and stays.
func trimMarks(s string, sp corpus.Span) corpus.Span {
	const quotation, closing = `"`, `",.;:、`
	sp.Start = sp.End - len(strings.TrimLeft(sp.In(s), quotation))
	sp.End = sp.Start + len(strings.TrimRight(sp.In(s), closing))
	return sp
}
