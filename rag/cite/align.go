package cite

import (
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// move is the last step of the cheapest way to a cell of a table.
type move byte

const (
	moveChar  move = iota // the next character of both
	moveQuote             // one of the quote that was not printed
	moveText              // one that was printed and is not in the quote
	moveSkip              // one of the text, for free: before the quote or in an omission
)

// table compares a quote with a stretch of text: cell (i, j) is the fewest
// changes between the first i characters of the quote and some stretch of text
// that ends at j (Sellers 1980). Where an omission may stand, skipping text
// costs nothing.
type table struct {
	quote, text []rune
	omission    []bool // whether one may stand before quote[i]
	moves       []move // row by row, len(text)+1 each
	end         int    // of the best stretch
	distance    int    // its changes
}

// fill computes all cells.
func (t *table) fill() {
	width := len(t.text) + 1
	t.moves = make([]move, (len(t.quote)+1)*width)
	row, above := make([]int, width), make([]int, width)
	for j := range t.moves[:width] {
		t.moves[j] = moveSkip
	}
	for i := 1; i <= len(t.quote); i++ {
		row, above = above, row
		skip, skipCost := moveText, 1
		if i < len(t.quote) && t.omission[i] {
			skip, skipCost = moveSkip, 0
		}
		moves := t.moves[i*width : (i+1)*width]
		row[0], moves[0] = i, moveQuote
		for j := 1; j < width; j++ {
			cost, m := above[j-1], moveChar
			if t.quote[i-1] != t.text[j-1] {
				cost++
			}
			if c := above[j] + 1; c < cost {
				cost, m = c, moveQuote
			}
			if c := row[j-1] + skipCost; c < cost {
				cost, m = c, skip
			}
			row[j], moves[j] = cost, m
		}
	}
	t.chooseEnd(row)
}

// chooseEnd takes the first of the cheapest ends, and of those that follow each
// other directly the last: when the quote's last characters are others than
// the printed ones, it is the printed ones that have to show.
func (t *table) chooseEnd(row []int) {
	t.end = 0
	for j, cost := range row {
		if cost < row[t.end] {
			t.end = j
		}
	}
	for t.end+1 < len(row) && row[t.end+1] == row[t.end] {
		t.end++
	}
	t.distance = row[t.end]
}

// step is a move with the characters it is about.
type step struct {
	move
	quote, text int
}

// steps leads back from the end, and gives the moves in reading order from the
// first that takes a character of the quote to the last.
func (t *table) steps() []step {
	width := len(t.text) + 1
	var back []step
	i, j := len(t.quote), t.end
	for i > 0 {
		m := t.moves[i*width+j]
		switch m {
		case moveChar:
			i, j = i-1, j-1
		case moveQuote:
			i--
		default:
			j--
		}
		back = append(back, step{m, i, j})
	}
	for l, r := 0, len(back)-1; l < r; l, r = l+1, r-1 {
		back[l], back[r] = back[r], back[l]
	}
	return back
}

// align finds the stretch of a candidate that is nearest to the quote. It
// reports false when comparing would take too much memory or nothing compares.
func (q *quote) align(c candidate) (Near, bool) {
	folded, from, text := c.window()
	t := table{text: text}
	var starts []int // in q.folded.Text, of each character of t.quote
	for i, sp := range q.pieces {
		for k, r := range q.piece(i) {
			t.quote = append(t.quote, r)
			t.omission = append(t.omission, i > 0 && k == 0)
			starts = append(starts, sp.Start+k)
		}
	}
	if len(t.quote)*len(t.text) > maxCells {
		return Near{}, false
	}
	t.fill()
	article := &c.record.Article
	d := differ{text: article.Text, quote: q, quoteAt: starts, folded: folded, textAt: offsets(text, from)}
	span, diff, widened, ok := d.diff(t.steps(), t.text, t.quote)
	if !ok {
		return Near{}, false
	}
	changes := float64(t.distance + widened)
	return Near{Match: match(c.record, span), Diff: diff, Similarity: 1 - changes/float64(len(t.quote))}, true
}

// window cuts the candidate's stretch out of its article: its characters,
// folded, and where the first of them stands in the folded text.
func (c candidate) window() (folded zh.Folded, from int, text []rune) {
	folded = zh.FoldMap(c.record.Article.Text)
	end, at := len(folded.Text), 0
	for i := range folded.Text {
		if at == c.start {
			from = i
		}
		if at == c.end {
			end = i
			break
		}
		at++
	}
	return folded, from, []rune(folded.Text[from:end])
}

// offsets is where each character begins when the first begins at from.
func offsets(text []rune, from int) []int {
	out := make([]int, len(text))
	for i, r := range text {
		out[i] = from
		from += utf8.RuneLen(r)
	}
	return out
}

// differ writes the difference between a quote and a text as printed.
type differ struct {
	text            string
	quote           *quote
	folded          zh.Folded // of the text
	textAt, quoteAt []int     // where each compared character begins, folded

	out                   []Piece
	same, printed, quoted strings.Builder
	done                  int // what is written of text ends here
}

// diff gives the span of text that the steps go over and the difference. Where
// the span would cut a number it is widened, by so many characters.
func (d *differ) diff(steps []step, text, quote []rune) (span corpus.Span, diff []Piece, widened int, ok bool) {
	span, ok = d.span(steps, text)
	if !ok {
		return span, nil, 0, false
	}
	d.done = span.Start
	for insideNumber(d.text, span.Start) {
		_, n := utf8.DecodeLastRuneInString(d.text[:span.Start])
		span.Start -= n
		widened++
	}
	d.printed.WriteString(d.text[span.Start:d.done])
	skipped := false
	for _, s := range steps {
		if s.move == moveSkip {
			skipped = true
			continue
		}
		if skipped {
			d.omit(s)
			skipped = false
		}
		d.step(s, text, quote)
	}
	for insideNumber(d.text, span.End) {
		_, n := utf8.DecodeRuneInString(d.text[span.End:])
		span.End += n
		widened++
	}
	if d.done < span.End {
		d.flushSame()
		d.printed.WriteString(d.text[d.done:span.End])
	}
	d.flushSame()
	d.flushChange()
	return span, d.out, widened, true
}

// span is where the printed characters of the steps stand.
func (d *differ) span(steps []step, text []rune) (corpus.Span, bool) {
	first, last := -1, -1
	for _, s := range steps {
		if s.move == moveChar || s.move == moveText {
			if first < 0 {
				first = s.text
			}
			last = s.text
		}
	}
	if first < 0 {
		return corpus.Span{}, false
	}
	return corpus.Span{Start: d.at(first, text).Start, End: d.at(last, text).End}, true
}

// at is where a compared character was printed.
func (d *differ) at(i int, text []rune) corpus.Span {
	return d.folded.Source(corpus.Span{Start: d.textAt[i], End: d.textAt[i] + utf8.RuneLen(text[i])})
}

// omit marks an omission before a step.
func (d *differ) omit(s step) {
	d.flushSame()
	d.flushChange()
	d.out = append(d.out, Piece{Same, "……"})
	if s.text == len(d.textAt) {
		return // the text ends here, and the rest of the quote is not in it
	}
	d.done = d.folded.Source(corpus.Span{Start: d.textAt[s.text], End: d.textAt[s.text]}).Start
}

// step writes one step.
func (d *differ) step(s step, text, quote []rune) {
	printed := ""
	if s.move != moveQuote {
		end := d.at(s.text, text).End
		printed = d.text[d.done:end]
		d.done = end
	}
	if s.move == moveChar && text[s.text] == quote[s.quote] {
		d.flushChange()
		d.same.WriteString(printed)
		return
	}
	d.flushSame()
	d.printed.WriteString(printed)
	if s.move != moveText {
		at := corpus.Span{Start: d.quoteAt[s.quote], End: d.quoteAt[s.quote] + utf8.RuneLen(quote[s.quote])}
		d.quoted.WriteString(d.quote.folded.Source(at).In(d.quote.source))
	}
}

func (d *differ) flushSame() { d.flush(Same, &d.same) }

// flushChange writes what was printed before what was quoted in its place.
func (d *differ) flushChange() {
	d.flush(Printed, &d.printed)
	d.flush(Quoted, &d.quoted)
}

func (d *differ) flush(op Op, b *strings.Builder) {
	if b.Len() > 0 {
		d.out = append(d.out, Piece{op, b.String()})
		b.Reset()
	}
}
