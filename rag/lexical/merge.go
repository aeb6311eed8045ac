package lexical

import (
	"bytes"
	"fmt"

	"wenbao/rag/bitset"
)

// dropped stands for the number of a document that is not kept.
const dropped = ^uint32(0)

// Merge returns an index of ix's documents that are in keep, renumbered in
// order, followed by those of add; a nil keep keeps all, a nil add adds none.
// Nothing is analysed again. Neither index is changed. The error is ErrAnalyzer
// when the two cut words differently.
func (ix *Index) Merge(keep *bitset.Set, add *Index) (*Index, error) {
	if add == nil {
		add = &Index{name: ix.name}
	}
	if ix.name != add.name {
		return nil, fmt.Errorf("merge %q into %q: %w", add.name, ix.name, ErrAnalyzer)
	}
	return merge(ix, keep, add), nil
}

func merge(a *Index, keep *bitset.Set, b *Index) *Index {
	toA, kept := renumber(a.Len(), keep)
	out := &Index{name: a.name, analyzer: a.analyzer}
	out.articles = mergeArticles(a.articles, toA, b.articles)
	out.words = mergeFields(&a.words, toA, &b.words, kept)
	out.bigrams = mergeFields(&a.bigrams, toA, &b.bigrams, kept)
	out.measure()
	return out
}

// renumber gives every document its new number, or dropped, and counts those kept.
func renumber(n int, keep *bitset.Set) (to []uint32, kept uint32) {
	to = make([]uint32, n)
	for i := range to {
		if keep != nil && !keep.Has(uint32(i)) {
			to[i] = dropped
			continue
		}
		to[i] = kept
		kept++
	}
	return to, kept
}

// mergeArticles numbers the articles that still have documents from 0.
func mergeArticles(a u32s, to []uint32, b u32s) u32s {
	var out u32s
	next, last := uint32(0), dropped
	number := func(article uint32) {
		if article != last && last != dropped {
			next++
		}
		last = article
		out.append(next)
	}
	for i := range a.len() {
		if to[i] != dropped {
			number(a.at(i))
		}
	}
	if last != dropped {
		next++
		last = dropped
	}
	for i := range b.len() {
		number(b.at(i))
	}
	return out
}

// mergeFields merges the terms of a, whose documents get new numbers, with those
// of b, whose documents follow from first on.
func mergeFields(a *field, to []uint32, b *field, first uint32) field {
	var w fieldWriter
	w.grow(a, b)
	for i := range a.lengths.len() {
		if to[i] != dropped {
			w.lengths.append(a.lengths.at(i))
		}
	}
	w.lengths = append(w.lengths, b.lengths...)
	for i, j := 0, 0; i < a.numTerms() || j < b.numTerms(); {
		order := compareTerms(a, i, b, j)
		var term []byte
		if order <= 0 {
			term = a.term(i)
			w.addList(a.list(i), to)
			i++
		}
		if order >= 0 {
			term = b.term(j)
			w.addShifted(b.list(j), first, b.lengths.len())
			j++
		}
		w.end(term)
	}
	return w.field
}

// compareTerms compares term i of a with term j of b; a field that has come to
// its end sorts last.
func compareTerms(a *field, i int, b *field, j int) int {
	switch {
	case i == a.numTerms():
		return 1
	case j == b.numTerms():
		return -1
	}
	return bytes.Compare(a.term(i), b.term(j))
}

// grow makes room for what merging a and b can come to.
func (w *fieldWriter) grow(a, b *field) {
	w.terms = make([]byte, 0, max(len(a.terms), len(b.terms)))
	w.postings = make([]byte, 0, len(a.postings)+len(b.postings))
	w.lengths = make(u32s, 0, len(a.lengths)+len(b.lengths))
}

func (w *fieldWriter) addList(p postings, to []uint32) {
	for p.read() && int64(p.doc) < int64(len(to)) {
		if doc := to[p.doc]; doc != dropped {
			w.add(doc, p.counts)
		}
	}
}

func (w *fieldWriter) addShifted(p postings, first uint32, n int) {
	for p.read() && int64(p.doc) < int64(n) {
		w.add(first+p.doc, p.counts)
	}
}
