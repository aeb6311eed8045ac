package zh

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"wenbao/corpus"
)

// Fold is s in the form in which texts are compared:
//
//   - white space and zero-width characters are dropped;
//   - full-width ASCII becomes half width, letters become lower case;
//   - every quotation mark (“”‘’「」『』 and the straight ones) becomes ";
//   - 。 becomes . and 〈〉 become 《》, 【】〔〕 become [];
//   - Traditional characters and variants become Simplified ones, also those that
//     Simplified print has in some words (著 becomes 着): see Simplified;
//   - every dash and hyphen becomes -, every wave ~, every middle dot ·;
//   - a byte that is no UTF-8 becomes U+FFFD.
//
// Folding a folded text changes nothing. The result is for matching only.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		if f := foldRune(r); f >= 0 {
			b.WriteRune(f)
		}
	}
	return b.String()
}

// Folded is a folded text that remembers where its bytes came from.
type Folded struct {
	// Text is what Fold gives.
	Text string
	runs []run
}

// run is a stretch of folded text whose bytes lie in the source at one
// distance, or a single rune that folding made shorter or longer.
type run struct {
	folded      int         // first byte in Folded.Text
	source      corpus.Span // where it was printed
	foldedWidth int         // bytes in Folded.Text
}

// FoldMap folds s as Fold does and keeps the way back. It needs memory for
// each rune that folding widens, narrows or drops, not for the others.
func FoldMap(s string) Folded {
	var b strings.Builder
	b.Grow(len(s))
	var runs []run
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		at := corpus.Span{Start: i, End: i + n}
		i += n
		f := foldRune(r)
		if f < 0 {
			continue
		}
		from := b.Len()
		b.WriteRune(f)
		runs = extend(runs, run{from, at, b.Len() - from})
	}
	return Folded{Text: b.String(), runs: runs}
}

// extend adds the run of one rune, joined to the last run when both keep
// their widths and nothing was dropped between them.
func extend(runs []run, next run) []run {
	if n := len(runs); n > 0 {
		last := &runs[n-1]
		if last.source.End == next.source.Start &&
			last.source.Len() == last.foldedWidth && next.source.Len() == next.foldedWidth {
			last.source.End = next.source.End
			last.foldedWidth += next.foldedWidth
			return runs
		}
	}
	return append(runs, next)
}

// Source is the span of the source that folded into sp. The span must lie
// within f.Text on rune boundaries. The result begins and ends with a rune that
// survived folding; what was dropped between them is included. An empty span
// gives an empty one.
func (f Folded) Source(sp corpus.Span) corpus.Span {
	start := f.sourceStart(sp.Start)
	if sp.Len() <= 0 {
		return corpus.Span{Start: start, End: start}
	}
	r := f.runs[f.runAt(sp.End-1)]
	end := r.source.End
	if sp.End < r.folded+r.foldedWidth {
		end = min(end, r.source.Start+sp.End-r.folded)
	}
	return corpus.Span{Start: start, End: end}
}

// sourceStart is where the rune at a folded offset was printed, or the end of
// the last one when the offset is the end of the text.
func (f Folded) sourceStart(offset int) int {
	if len(f.runs) == 0 {
		return 0
	}
	r := f.runs[f.runAt(offset)]
	return min(r.source.Start+offset-r.folded, r.source.End)
}

// runAt is the index of the run that holds a folded offset.
func (f Folded) runAt(offset int) int {
	return max(0, sort.Search(len(f.runs), func(i int) bool { return f.runs[i].folded > offset })-1)
}

// dropped is what foldRune gives for a rune that leaves nothing behind.
const dropped rune = -1

// fullWidthShift is the distance from full-width ！…～ to ASCII !…~.
const fullWidthShift = '！' - '!'

// foldRune is the folded form of one rune, or dropped.
func foldRune(r rune) rune {
	switch {
	case r >= firstIdeograph && r <= lastIdeograph:
		if f := simplified[r-firstIdeograph]; f != 0 {
			return rune(f)
		}
		return r
	case r >= '！' && r <= '～':
		r -= fullWidthShift
	}
	switch {
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		return r
	case r >= 'A' && r <= 'Z':
		return r + ('a' - 'A')
	case isBlank(r):
		return dropped
	}
	if f := foldMark(r); f != r {
		return f
	}
	return unicode.ToLower(r)
}

// foldMark gives punctuation of one kind one form.
func foldMark(r rune) rune {
	switch r {
	case '“', '”', '„', '‟', '〝', '〞', '‘', '’', '‚', '‛', '「', '」', '『', '』', '｢', '｣', '\'', '`', '´':
		return '"'
	case '。', '｡':
		return '.'
	case '､':
		return '、'
	case '〈':
		return '《'
	case '〉':
		return '》'
	case '【', '〔':
		return '['
	case '】', '〕':
		return ']'
	case '‐', '‑', '‒', '–', '—', '―', '─', '━', '−', '﹣':
		return '-'
	case '〜', '∼', '˜':
		return '~'
	case '•', '・', '･', '‧', '∙', '⋅':
		return '·'
	case '⋯':
		return '…'
	case '￥':
		return '¥'
	}
	return r
}
