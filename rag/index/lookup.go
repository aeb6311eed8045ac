package index

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/library"
	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/lexical"
)

// Passage gives a passage by its ID, or by the beginning of it when that is
// unique, and its article, which is shared and must not be changed. The error is
// ErrNotFound, ErrAmbiguous, or that of reading the article.
func (ix *Index) Passage(ctx context.Context, id string) (corpus.Passage, *corpus.Article, error) {
	if err := ctx.Err(); err != nil {
		return corpus.Passage{}, nil, err
	}
	doc, err := ix.columns.find(id)
	if err != nil {
		return corpus.Passage{}, nil, fmt.Errorf("passage %q: %w", id, err)
	}
	article := ix.columns.article[doc]
	r, err := ix.records.Record(ix.columns.articleIDs[article])
	if err != nil {
		return corpus.Passage{}, nil, fmt.Errorf("passage %q: %w", id, err)
	}
	if !ix.columns.matches(article, r) {
		return corpus.Passage{}, nil, fmt.Errorf("passage %q: its article is not the one indexed: %w", id, ErrStale)
	}
	return r.Passages[ix.columns.nth[doc]], &r.Article, nil
}

// find gives the number of the passage whose ID begins with prefix.
func (c *columns) find(prefix string) (uint32, error) {
	at := sort.Search(len(c.byID), func(i int) bool { return c.ids[c.byID[i]] >= prefix })
	begins := func(i int) bool { return i < len(c.byID) && strings.HasPrefix(c.ids[c.byID[i]], prefix) }
	if prefix == "" || !begins(at) {
		return 0, ErrNotFound
	}
	id := c.ids[c.byID[at]]
	// The same passage may stand in two articles, when one is a part of the other.
	next := at
	for begins(next) && c.ids[c.byID[next]] == id {
		next++
	}
	if id != prefix && begins(next) {
		return 0, ErrAmbiguous
	}
	return c.byID[at], nil
}

// DF is how many of n passages hold a term, by which the extractor weighs words:
// a word as the analyzer cuts it, or any other run of characters, for which it is
// how many hold the rarest pair of characters in it.
func (ix *Index) DF(term string) (df, n int) {
	n = ix.Len()
	if df = ix.words.TermDF(zh.Fold(term)); df > 0 {
		return df, n
	}
	for i, p := range lexical.Bigrams(term) {
		if d := ix.words.BigramDF(p); i == 0 || d < df {
			df = d
		}
	}
	return df, n
}

// Coverage says what is indexed.
func (ix *Index) Coverage() rag.Coverage {
	c := &ix.columns
	v := rag.Coverage{Articles: len(c.articleIDs), Passages: c.len()}
	newspapers, years := map[string]bool{}, map[int]bool{}
	var first, last uint32
	for i := range c.len() {
		newspapers[c.names[c.newspaper[i]]] = true
		for _, y := range listedYears(c.years(i)) {
			years[y] = true
		}
		if d := c.date[i]; d != 0 {
			if first == 0 || d < first {
				first = d
			}
			last = max(last, d)
		}
	}
	delete(newspapers, "")
	v.Newspapers = slices.Sorted(maps.Keys(newspapers))
	v.Years = slices.Sorted(maps.Keys(years))
	v.First, v.Last = numberDate(first), numberDate(last)
	spoken, _ := c.countPlaces()
	v.Places = c.mostFirst(spoken, nil)
	return v
}

// Places are the full names of all places that passages speak for or name: those
// spoken for in most passages first, then those named in most, then by name.
func (ix *Index) Places() []string {
	spoken, named := ix.columns.countPlaces()
	return ix.columns.mostFirst(spoken, named)
}

// Speakers are the names of all speakers, those of most passages first, then by
// name.
func (ix *Index) Speakers() []string {
	counts := make([]int, len(ix.columns.names))
	for _, s := range ix.columns.speaker {
		counts[s]++
	}
	return ix.columns.mostFirst(counts, nil)
}

// countPlaces counts for each name the passages that speak for it, and those
// that name it.
func (c *columns) countPlaces() (spoken, named []int) {
	spoken, named = make([]int, len(c.names)), make([]int, len(c.names))
	for i := range c.len() {
		for _, p := range c.spoken(i) {
			spoken[p]++
		}
		for _, p := range c.mentioned(i) {
			named[p]++
		}
	}
	return spoken, named
}

// mostFirst are the names with a count, by their first count, then by their
// second where there is one, then by name.
func (c *columns) mostFirst(first, second []int) []string {
	if second == nil {
		second = make([]int, len(first))
	}
	var numbers []int
	for n := 1; n < len(first); n++ { // 0 is no name
		if first[n]+second[n] > 0 {
			numbers = append(numbers, n)
		}
	}
	slices.SortFunc(numbers, func(a, b int) int {
		return cmp.Or(cmp.Compare(first[b], first[a]), cmp.Compare(second[b], second[a]),
			cmp.Compare(c.names[a], c.names[b]))
	})
	out := make([]string, len(numbers))
	for i, n := range numbers {
		out[i] = c.names[n]
	}
	return out
}

var _ Records = (*library.Library)(nil)
