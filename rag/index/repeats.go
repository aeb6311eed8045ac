package index

import (
	"cmp"
	"math/bits"
	"slices"
	"strconv"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag/asked"
)

const (
	// repeatWeight is taken off a passage that only repeats one before it: about as
	// much as the tenth hit is behind the first.
	repeatWeight = 6.0
	// repeatShare is the share of its grams that a repeat has in common with the
	// passage that it repeats.
	repeatShare = 0.9
	// tellings is how often a story may stand before all else: a second paper confirms
	// it. With one, R@1 of crud_news 1doc_sub loses a point, since of two reports of a
	// story only one counts as right there.
	tellings = 2
	// signatureWords is how many times 64 marks a telling has: enough for a passage
	// of some 150 grams.
	signatureWords = 8
)

// repeats are the numbers of those readings that say nothing but what better ones
// of other articles have said often enough: reprints, and reports that papers took
// from one office. One with a figure, a time, a place, a year or a speaker that the
// other has not is none, however alike the words are: a correction is news.
//
// Better is what comes first in order, which holds the numbers of the readings.
func repeats(read []Reading, order []int) []int {
	var out []int
	var told []*telling
	for _, n := range order {
		next := newTelling(&read[n])
		before := slices.IndexFunc(told, next.repeats)
		if before < 0 {
			told = append(told, next)
			continue
		}
		if told[before].times++; told[before].times > tellings {
			out = append(out, n)
		}
	}
	return out
}

// telling is what a passage tells, for comparing it with others.
type telling struct {
	reading *Reading
	grams   []uint32               // hashes, ascending, each once
	marks   [signatureWords]uint64 // a bit for each of grams, some for several
	facts   []string               // ascending; read when first needed
	known   bool                   // whether facts are read
	times   int                    // how often it is told
}

func newTelling(r *Reading) *telling {
	t := &telling{reading: r, times: 1}
	asked.EachGram(zh.Fold(r.Passage.Text), func(gram string) {
		h := hash(gram)
		t.grams = append(t.grams, h)
		t.marks[h%signatureWords] |= 1 << (h / signatureWords % 64)
	})
	slices.Sort(t.grams)
	t.grams = slices.Compact(t.grams)
	return t
}

// hash is FNV-1a, the same on every machine.
func hash(s string) uint32 {
	const offset, prime = 2166136261, 16777619
	h := uint32(offset)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * prime
	}
	return h
}

// repeats reports whether t says nothing that before does not say.
func (t *telling) repeats(before *telling) bool {
	if t.reading.Article.ID == before.reading.Article.ID || len(t.grams) == 0 {
		return false
	}
	most := int((1 - repeatShare) * float64(len(t.grams))) // that before may lack
	if t.marksBeside(before) > most || len(t.grams)-common(t.grams, before.grams) > most {
		return false
	}
	a, b := &t.reading.Passage.Facets, &before.reading.Passage.Facets
	if a.Period != b.Period || a.Kind != b.Kind || a.Speaker != b.Speaker || !slices.Equal(a.Places, b.Places) {
		return false
	}
	known := before.told()
	for _, fact := range t.told() {
		if _, ok := slices.BinarySearch(known, fact); !ok {
			return false
		}
	}
	return true
}

// marksBeside is how many marks t has that before has not: no more than there are
// such grams. It tells nearly all passages apart without a look at these.
func (t *telling) marksBeside(before *telling) int {
	n := 0
	for i, m := range t.marks {
		n += bits.OnesCount64(m &^ before.marks[i])
	}
	return n
}

// told are the figures, times and places of a passage.
func (t *telling) told() []string {
	if t.known {
		return t.facts
	}
	t.known = true
	p, a := t.reading.Passage, t.reading.Article
	var printed corpus.Date
	if p.Part < len(a.Parts) {
		printed = a.Parts[p.Part].Date
	}
	for _, f := range zh.Figures(p.Text) {
		t.facts = append(t.facts, f.Value+f.Unit)
	}
	for _, when := range zh.Times(p.Text, printed) {
		t.facts = append(t.facts, when.Date.String()+" "+strconv.Itoa(when.Years.From)+"-"+strconv.Itoa(when.Years.To))
	}
	t.facts = append(t.facts, p.Facets.Mentions...)
	slices.Sort(t.facts)
	return t.facts
}

// common is how many numbers two ascending lists share.
func common(a, b []uint32) int {
	n := 0
	for len(a) > 0 && len(b) > 0 {
		switch c := cmp.Compare(a[0], b[0]); {
		case c == 0:
			n++
			a, b = a[1:], b[1:]
		case c < 0:
			a = a[1:]
		default:
			b = b[1:]
		}
	}
	return n
}
