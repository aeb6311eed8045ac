package cite

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// Find gives the spans of text that are the quote as printed, in order and
// without overlaps. The error is ErrTooShort.
func Find(text, quoted string) ([]corpus.Span, error) {
	q, err := parseQuote(quoted)
	if err != nil {
		return nil, err
	}
	return q.find(text), nil
}

// within is a quick check that leaves out what find has to look at as well: a
// text of which it says no holds no match.
func (q *quote) within(folded string) bool {
	for i := range q.pieces {
		at := strings.Index(folded, q.piece(i))
		if at < 0 {
			return false
		}
		folded = folded[at+q.pieces[i].Len():]
	}
	return true
}

// find gives the spans of text that are the quote.
func (q *quote) find(text string) []corpus.Span {
	f := finder{text: text, folded: zh.FoldMap(text)}
	var out []corpus.Span
	for at := 0; ; {
		sp, ok := f.chain(q, at)
		if !ok {
			return out
		}
		out = append(out, f.folded.Source(sp))
		at = sp.End
	}
}

// finder looks for pieces in one text; its offsets are those of the folded text.
type finder struct {
	text   string
	folded zh.Folded
}

// chain finds the first place from at on where all pieces stand in order, and
// then the shortest stretch that ends there.
func (f *finder) chain(q *quote, at int) (corpus.Span, bool) {
	last, begin := len(q.pieces)-1, at
	var sp corpus.Span
	for i := range q.pieces {
		var ok bool
		if sp, ok = f.next(q.piece(i), begin); !ok {
			return corpus.Span{}, false
		}
		begin = sp.End
	}
	start := sp.Start
	for i := last - 1; i >= 0; i-- {
		start = f.last(q.piece(i), at, start)
	}
	return corpus.Span{Start: start, End: sp.End}, true
}

// next finds a piece from at on.
func (f *finder) next(piece string, at int) (corpus.Span, bool) {
	for {
		i := strings.Index(f.folded.Text[at:], piece)
		if i < 0 {
			return corpus.Span{}, false
		}
		sp := corpus.Span{Start: at + i, End: at + i + len(piece)}
		if f.whole(sp) {
			return sp, true
		}
		at = sp.Start + 1
	}
}

// last is the start of the last place between from and to where a piece stands
// that is known to stand there.
func (f *finder) last(piece string, from, to int) int {
	for {
		i := from + strings.LastIndex(f.folded.Text[from:to], piece)
		if f.whole(corpus.Span{Start: i, End: i + len(piece)}) {
			return i
		}
		to = i + len(piece) - 1
	}
}

// whole reports whether a span cuts no number at its ends.
func (f *finder) whole(sp corpus.Span) bool {
	at := f.folded.Source(sp)
	return !insideNumber(f.text, at.Start) && !insideNumber(f.text, at.End)
}

// insideNumber reports whether a number stands on both sides of i: digits, with
// a point or a comma between them, and with the spaces that some pages print
// within a number.
func insideNumber(text string, i int) bool {
	before := strings.TrimRight(text[:i], numberBlanks)
	after := strings.TrimLeft(text[i:], numberBlanks)
	p, size := utf8.DecodeLastRuneInString(before)
	n, width := utf8.DecodeRuneInString(after)
	switch {
	case unicode.IsDigit(p) && unicode.IsDigit(n):
		return true
	case isNumberMark(p) && unicode.IsDigit(n):
		p, _ = utf8.DecodeLastRuneInString(before[:len(before)-size])
		return unicode.IsDigit(p)
	case unicode.IsDigit(p) && isNumberMark(n):
		n, _ = utf8.DecodeRuneInString(after[width:])
		return unicode.IsDigit(n)
	}
	return false
}

// numberBlanks may stand within a number; a line end may not.
const numberBlanks = " \u00a0\u3000"

func isNumberMark(r rune) bool { return r == '.' || r == '．' || r == ',' }
