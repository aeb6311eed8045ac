package layout

import (
	"sort"

	"wenbao/corpus"
)

// Stitch joins articles that were continued on another page. It takes the
// articles of one issue of one newspaper, in any order of pages, and returns
// them with each continuation appended to its beginning. What cannot be joined
// beyond doubt stays as it is, marked as a fragment.
func Stitch(arts []corpus.Article) []corpus.Article {
	out := make([]corpus.Article, len(arts))
	copy(out, arts)
	taken := make([]bool, len(arts))
	for _, j := range joints(out) {
		// A beginning may itself be the continuation of a third page; the
		// joints come in the order of the beginnings, so join backwards.
		out[j.begin] = join(&out[j.begin], &out[j.cont])
		taken[j.cont] = true
	}
	kept := out[:0:0]
	for i := range out {
		if !taken[i] {
			kept = append(kept, out[i])
		}
	}
	return kept
}

// joint is a beginning and its continuation, by index.
type joint struct {
	begin, cont int
	likeness    float64
}

const (
	// minLikeness is the least share of a continuation's word pairs that its
	// beginning has to hold when several could belong together: two reports of
	// one page share hardly more than the place names.
	minLikeness = 0.05
	// clearLead is how much likelier the best pair has to be than the next.
	clearLead = 1.25
)

// joints pairs beginnings with continuations, likeliest first, and returns the
// pairs so that the last parts are joined before the ones that precede them.
func joints(arts []corpus.Article) []joint {
	var all []joint
	for b := range arts {
		for c := range arts {
			if b != c && connects(&arts[b], &arts[c]) {
				all = append(all, joint{b, c, likeness(&arts[b], &arts[c])})
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].likeness > all[j].likeness })
	begun, continued := map[int]bool{}, map[int]bool{}
	var out []joint
	for i, j := range all {
		if begun[j.begin] || continued[j.cont] || !clear(all, i, begun, continued) {
			continue
		}
		begun[j.begin], continued[j.cont] = true, true
		out = append(out, j)
	}
	sort.SliceStable(out, func(i, j int) bool { return depth(out, out[i].begin) > depth(out, out[j].begin) })
	return out
}

// clear reports whether a pair is the only one possible for both its sides, or
// likelier than every other by a margin.
func clear(all []joint, i int, begun, continued map[int]bool) bool {
	j, rivals := all[i], false
	for k, o := range all {
		if k == i || (o.begin != j.begin) == (o.cont != j.cont) || begun[o.begin] || continued[o.cont] {
			continue
		}
		rivals = true
		if j.likeness < o.likeness*clearLead {
			return false
		}
	}
	return !rivals || j.likeness >= minLikeness
}

// depth counts the joints before a part in its chain of continuations.
func depth(js []joint, part int) int {
	n := 0
	for steps := 0; steps <= len(js); steps++ {
		found := false
		for _, j := range js {
			if j.cont == part {
				part, found = j.begin, true
				n++
				break
			}
		}
		if !found {
			break
		}
	}
	return n
}

// connects reports whether b's jump line can mean the page of c and the other
// way round. An edition that is not known agrees with any.
func connects(b, c *corpus.Article) bool {
	last, first := b.Parts[len(b.Parts)-1], c.Parts[0]
	if last.To == "" || first.From == "" || last.Source == first.Source && last.DocID == first.DocID {
		return false
	}
	return (first.Edition == "" || first.Edition == last.To) && (last.Edition == "" || last.Edition == first.From) &&
		last.Newspaper == first.Newspaper && last.Date == first.Date
}

// likeness is the share of the continuation's word pairs (of characters) that
// the beginning has as well; a headline that both print counts for certain.
func likeness(b, c *corpus.Article) float64 {
	if !c.TitleMade && sameTitle(b.Title, c.Title) {
		return 1
	}
	have := pairs(b.Text)
	want := pairs(c.Text)
	if len(want) == 0 {
		return 0
	}
	n := 0
	for p := range want {
		if have[p] {
			n++
		}
	}
	return float64(n) / float64(len(want))
}

// sameTitle reports whether one title holds at least half of the other's pairs:
// a continuation often prints a shortened headline.
func sameTitle(a, b string) bool {
	x, y := pairs(a), pairs(b)
	n := 0
	for p := range y {
		if x[p] {
			n++
		}
	}
	return len(y) > 0 && 2*n >= min(len(x), len(y))
}

func pairs(s string) map[[2]rune]bool {
	out := map[[2]rune]bool{}
	var prev rune
	for _, r := range s {
		if r < 0x4e00 || r > 0x9fff {
			prev = 0
			continue
		}
		if prev != 0 {
			out[[2]rune{prev, r}] = true
		}
		prev = r
	}
	return out
}

// join appends a continuation to its beginning. A paragraph that the jump cut
// becomes one block again.
func join(b, c *corpus.Article) corpus.Article {
	a := *b
	a.Parts = append(append([]corpus.Part{}, b.Parts...), c.Parts...)
	a.Blocks = append([]corpus.Block{}, b.Blocks...)
	a.Text = b.Text
	blocks := shifted(c.Blocks, len(b.Parts))
	texts := make([]string, len(c.Blocks))
	for i, blk := range c.Blocks {
		texts[i] = blk.Span.In(c.Text)
	}
	cut, tail := lastParagraph(a.Blocks), firstParagraph(blocks)
	if cut >= 0 && tail >= 0 && !closed(a.Blocks[cut].Span.In(a.Text)) {
		a = extend(a, cut, texts[tail], blocks[tail].Printed)
		blocks = append(blocks[:tail], blocks[tail+1:]...)
		texts = append(texts[:tail], texts[tail+1:]...)
	}
	for i, blk := range blocks {
		start := len(a.Text) + 1
		a.Text += "\n" + texts[i]
		blk.Span = corpus.Span{Start: start, End: len(a.Text)}
		a.Blocks = append(a.Blocks, blk)
	}
	a.Byline = joinNonEmpty(b.Byline, c.Byline)
	a.Authors = append(append([]corpus.Author{}, b.Authors...), c.Authors...)
	if a.Office == "" {
		a.Office = c.Office
	}
	if a.City == "" {
		a.City = c.City
	}
	a.Facets = inherit(b.Facets, c.Facets)
	a.Fragment = b.Parts[0].From != "" || c.Parts[len(c.Parts)-1].To != ""
	return a
}

// inherit fills what a beginning does not say of itself from its continuation.
func inherit(b, c corpus.Facets) corpus.Facets {
	if len(b.Places) == 0 {
		b.Places = c.Places
	}
	if b.Speaker == "" && b.Office == "" {
		b.Speaker, b.Office = c.Speaker, c.Office
	}
	return b
}

// extend puts more words behind a block and moves what follows.
func extend(a corpus.Article, block int, words string, printed []corpus.Printed) corpus.Article {
	end := a.Blocks[block].Span.End
	a.Text = a.Text[:end] + words + a.Text[end:]
	a.Blocks[block].Span.End += len(words)
	a.Blocks[block].Printed = append(append([]corpus.Printed{}, a.Blocks[block].Printed...), printed...)
	for i := block + 1; i < len(a.Blocks); i++ {
		a.Blocks[i].Span.Start += len(words)
		a.Blocks[i].Span.End += len(words)
	}
	return a
}

// shifted copies blocks with their part indexes moved.
func shifted(blocks []corpus.Block, by int) []corpus.Block {
	out := make([]corpus.Block, len(blocks))
	for i, b := range blocks {
		out[i] = b
		out[i].Printed = make([]corpus.Printed, len(b.Printed))
		for k, p := range b.Printed {
			out[i].Printed[k] = corpus.Printed{Part: p.Part + by, Span: p.Span}
		}
	}
	return out
}

// lastParagraph is the index of the running text that an article ends with, -1
// when a heading or a table stands last.
func lastParagraph(blocks []corpus.Block) int {
	for i := len(blocks) - 1; i >= 0; i-- {
		switch blocks[i].Kind {
		case corpus.BlockParagraph, corpus.BlockList:
			return i
		case corpus.BlockByline, corpus.BlockJump:
		default:
			return -1
		}
	}
	return -1
}

// firstParagraph is the index of the running text that an article begins with.
func firstParagraph(blocks []corpus.Block) int {
	for i, b := range blocks {
		switch b.Kind {
		case corpus.BlockParagraph:
			return i
		case corpus.BlockHeading, corpus.BlockTable, corpus.BlockList:
			return -1
		}
	}
	return -1
}

func joinNonEmpty(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return a + " " + b
}
