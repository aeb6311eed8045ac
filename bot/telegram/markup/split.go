package markup

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"wenbao/bot"
	"wenbao/corpus/zh"
)

// text is styled text. It is not changed once made.
type text []bot.Run

// block is what a part holds of a bot.Block.
type block struct {
	from          int // the bot.Block's index
	quote, folded bool
	runs          text
}

// cutter takes text to smaller pieces, which are together the whole text.
type cutter func(text) []text

// split lays blocks out on parts of at most limit units each.
func split(blocks []bot.Block, limit int) [][]block {
	l := layout{limit: limit}
	for i, b := range blocks {
		pieces := clean(b.Pieces)
		if len(pieces) == 0 {
			continue
		}
		byPiece := func(text) []text { return pieces }
		frame := block{from: i, quote: b.Quote || b.Folded, folded: b.Folded}
		l.put(frame, join(pieces), []cutter{byPiece, sentences, characters, runes})
	}
	l.turn()
	return l.parts
}

// layout fills parts one after the other.
type layout struct {
	limit int
	parts [][]block

	// The part that is being filled.
	blocks          []block
	units, entities int
}

// put lays text out whole: on the part as it is, or else on a new one. Text that
// is too much for a part is cut by the first of the cutters, and what that gives,
// where it is still too much, by the next one.
func (l *layout) put(frame block, t text, cutters []cutter) {
	if len(l.blocks) == 0 {
		t = trimStart(t)
	}
	units, entities := l.cost(frame, t)
	if l.units+units <= l.limit && l.entities+entities <= MaxEntities {
		l.add(frame, t, units, entities)
		return
	}
	empty := layout{limit: l.limit}
	fresh := trimStart(t)
	units, entities = empty.cost(frame, fresh)
	if len(cutters) == 0 || units <= l.limit && entities <= MaxEntities {
		l.turn()
		l.add(frame, fresh, units, entities)
		return
	}
	for _, smaller := range cutters[0](t) {
		l.put(frame, smaller, cutters[1:])
	}
}

// add puts text on the part.
func (l *layout) add(frame block, t text, units, entities int) {
	if len(t) == 0 {
		return
	}
	if l.opens(frame) {
		l.blocks = append(l.blocks, frame)
	}
	last := &l.blocks[len(l.blocks)-1]
	last.runs = append(last.runs, t...)
	l.units += units
	l.entities += entities
}

// turn ends the part.
func (l *layout) turn() {
	seen := false
	for i := range l.blocks {
		seen = seen || visible(l.blocks[i].runs)
	}
	if seen {
		last := &l.blocks[len(l.blocks)-1]
		last.runs = trimEnd(last.runs)
		l.parts = append(l.parts, l.blocks)
	}
	l.blocks, l.units, l.entities = nil, 0, 0
}

// opens reports whether text of a block begins it on this part.
func (l *layout) opens(frame block) bool {
	return len(l.blocks) == 0 || l.blocks[len(l.blocks)-1].from != frame.from
}

// cost is what text adds to the part in units and entities.
func (l *layout) cost(frame block, t text) (units, entities int) {
	style := bot.Plain
	if l.opens(frame) {
		if len(l.blocks) > 0 {
			units += len(separator(l.blocks[len(l.blocks)-1], frame))
		}
		if frame.quote {
			entities++
		}
	} else if runs := l.blocks[len(l.blocks)-1].runs; len(runs) > 0 {
		style = runs[len(runs)-1].Style
	}
	for _, r := range t {
		if r.Style != style && tag(r.Style) != "" {
			entities++
		}
		style = r.Style
		units += unitsOf(r.Text)
	}
	return units, entities
}

// unitsOf counts the UTF-16 units of text in valid UTF-8.
func unitsOf(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// join puts pieces of text together.
func join(pieces []text) text {
	var all text
	for _, p := range pieces {
		all = append(all, p...)
	}
	return all
}

// sentences cuts text between sentences; the white space between two of them goes
// with the first.
func sentences(t text) []text {
	var ends []int
	for i, s := range zh.Sentences(plain(t)) {
		if i > 0 {
			ends = append(ends, s.Start)
		}
	}
	return cutAt(t, ends)
}

// characters cuts text between what a reader sees as characters: letters with
// their marks, emoji with all that they are joined of.
func characters(t text) []text {
	var ends []int
	var before rune
	flags := 0
	for i, r := range plain(t) {
		if i > 0 && !joins(before, r, flags) {
			ends = append(ends, i)
		}
		if regional(r) {
			flags++
		} else {
			flags = 0
		}
		before = r
	}
	return cutAt(t, ends)
}

// zwj joins emoji into one.
const zwj = '\u200D'

// joins reports whether two characters are seen as one. Flags is how many regional
// indicators, which make a flag by twos, end with the first of them.
func joins(before, r rune, flags int) bool {
	switch {
	case unicode.Is(unicode.M, r), r == zwj, before == zwj:
		return true
	case r >= 0x1F3FB && r <= 0x1F3FF, // skin colours
		r >= 0xE0020 && r <= 0xE007F: // tags, which make regional flags
		return true
	}
	return regional(r) && flags%2 == 1
}

// regional reports whether r is a regional indicator.
func regional(r rune) bool {
	return r >= 0x1F1E6 && r <= 0x1F1FF
}

// runes cuts text between code points.
func runes(t text) []text {
	var ends []int
	for i := range plain(t) {
		if i > 0 {
			ends = append(ends, i)
		}
	}
	return cutAt(t, ends)
}

// plain gives text without its styles.
func plain(t text) string {
	if len(t) == 1 {
		return t[0].Text
	}
	var b strings.Builder
	for _, r := range t {
		b.WriteString(r.Text)
	}
	return b.String()
}

// cutAt cuts text at byte offsets, which rise and are within it.
func cutAt(t text, at []int) []text {
	var out []text
	var piece text
	done := 0 // offset of what is left of the run
	for _, r := range t {
		for len(at) > 0 && at[0] <= done+len(r.Text) {
			n := at[0] - done
			if n > 0 {
				piece = append(piece, bot.Run{Text: r.Text[:n], Style: r.Style})
			}
			out = append(out, piece)
			piece = nil
			r.Text = r.Text[n:]
			done, at = at[0], at[1:]
		}
		if r.Text != "" {
			piece = append(piece, r)
		}
		done += len(r.Text)
	}
	if len(piece) > 0 {
		out = append(out, piece)
	}
	return out
}
