package index

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"wenbao/corpus/library"
	"wenbao/rag"
	"wenbao/rag/bitset"
	"wenbao/rag/lexical"
	"wenbao/rag/vector"
)

// System is what finds passages.
type System string

// The systems. Hybrid falls back to Lexical where the index has no embedder.
const (
	Hybrid  System = "hybrid"
	Lexical System = "lexical" // without vectors
	Dense   System = "dense"   // by vectors alone: nothing is read
)

// SearchOptions say how to search. The zero value is how Search does it.
type SearchOptions struct {
	System System // "" means Hybrid
	// Explain asks for Hit.Why.
	Explain bool
}

// poolFactor is how many passages each scorer puts up for each one asked for.
const poolFactor = 2

// minPool is the least number of passages that each scorer puts up: by words
// alone it holds the right one for 98 % of the questions of crud_news and kdconv,
// and for all but 1 in 1,000 of cmrc2018.
const minPool = 100

// Search finds the k passages that answer best to q.Text, by words and vectors.
// q.Filter decides what can be found; the question's own places, years, kind and
// speaker only move passages up (see Features). k is cut to rag.MaxK, and 0 or
// less means rag.DefaultK. A passage whose article is damaged in the library is
// passed over. An embedder that fails at the question costs the vectors' share of
// the ranking and not the answer: Options.Degraded is told. It implements
// rag.Searcher.
func (ix *Index) Search(ctx context.Context, q rag.Query, k int) ([]rag.Hit, error) {
	return ix.SearchWith(ctx, q, k, SearchOptions{})
}

// SearchWith is Search by the system of choice, explained when asked for. Dense
// has nothing to fall back on and gives the embedder's error, which wraps
// ErrEmbedding.
func (ix *Index) SearchWith(ctx context.Context, q rag.Query, k int, opt SearchOptions) ([]rag.Hit, error) {
	if k <= 0 {
		k = rag.DefaultK
	}
	k = min(k, rag.MaxK)
	found, err := ix.candidates(ctx, q, max(minPool, poolFactor*k), opt.System)
	if err != nil {
		return nil, err
	}
	ix.fuse(found, q)
	records := map[uint32]*library.Record{}
	if opt.System != Dense {
		if err := ix.judge(ctx, found, q, records); err != nil {
			return nil, err
		}
	}
	return ix.hits(ctx, found, k, records, opt.Explain)
}

// candidate is a passage that some scorer put up.
type candidate struct {
	doc    uint32
	words  lexical.Score // zero when not found by words
	cosine float64       // 0 when not found by vectors
	shares []rag.Contribution
	score  float64
}

// candidates lists what the scorers put up, n each, in no order.
func (ix *Index) candidates(ctx context.Context, q rag.Query, n int, system System) ([]candidate, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	switch system {
	case "", Hybrid, Lexical:
	case Dense:
		if ix.opt.Embedder == nil {
			return nil, ErrNoEmbedder
		}
	default:
		return nil, fmt.Errorf("search: no system %q", system)
	}
	allow := ix.columns.allow(q.Filter)
	if allow != nil && allow.Count() == 0 {
		return nil, nil
	}
	var found []candidate
	if system != Dense {
		scores, err := ix.words.Search(q.Text, lexical.SearchOptions{K: n, Allow: allow, Also: besides(q)})
		if errors.Is(err, lexical.ErrAnalyzer) {
			err = fmt.Errorf("%w: %w", ErrStale, err)
		}
		if err != nil {
			return nil, err
		}
		for _, s := range scores {
			found = append(found, candidate{doc: s.Doc, words: s})
		}
	}
	if system == Lexical || ix.opt.Embedder == nil {
		return found, nil
	}
	all, err := ix.addDense(ctx, q.Text, found, n, allow)
	if system == Dense || !errors.Is(err, ErrEmbedding) {
		return all, err
	}
	if ix.opt.Degraded != nil {
		ix.opt.Degraded(err)
	}
	return found, nil
}

// weightWording is the weight of printed words for everyday ones beside the
// question's own of 1: it keeps the everyday ones ahead where both are printed.
const weightWording = 0.35

// besides are the texts that a query is searched with besides its own.
func besides(q rag.Query) []lexical.Text {
	var out []lexical.Text
	for _, w := range q.Wordings {
		out = append(out, lexical.Text{Text: strings.Join(w.Printed, " "), Weight: weightWording})
	}
	return append(out, earlier(q)...)
}

// earlier are the turns before a query, oldest first.
func earlier(q rag.Query) []lexical.Text {
	var out []lexical.Text
	for _, s := range q.Earlier {
		out = append(out, lexical.Text{Text: s.Text, Weight: s.Weight})
	}
	return out
}

// addDense adds the n passages nearest by vector, and the cosines of those that
// were found already.
func (ix *Index) addDense(ctx context.Context, text string, found []candidate, n int, allow *bitset.Set) ([]candidate, error) {
	vectors, err := embed(ctx, ix.opt.Embedder, []string{text})
	if err != nil {
		return nil, fmt.Errorf("embed question: %w", err)
	}
	at := make(map[uint32]int, len(found)+n)
	docs := bitset.New(ix.Len())
	for i := range found {
		at[found[i].doc] = i
		docs.Add(found[i].doc)
	}
	near, err := ix.vectors.Search(ctx, vectors[0], n, allow)
	if err != nil {
		return nil, err
	}
	var rest []vector.Score
	if len(found) > 0 {
		if rest, err = ix.vectors.Search(ctx, vectors[0], len(found), docs); err != nil {
			return nil, err
		}
	}
	for _, s := range slices.Concat(near, rest) {
		i, ok := at[s.Doc]
		if !ok {
			i = len(found)
			at[s.Doc] = i
			found = append(found, candidate{doc: s.Doc})
		}
		found[i].cosine = float64(s.Cosine)
	}
	return found, nil
}

// hits reads the articles of the k best candidates. A passage that stands in an
// article and in a fragment of it, ingested from another folder, is given once.
func (ix *Index) hits(ctx context.Context, found []candidate, k int, records map[uint32]*library.Record, explain bool) ([]rag.Hit, error) {
	if len(found) == 0 {
		return nil, nil
	}
	given := map[string]bool{} // IDs of the passages in hits
	hits := make([]rag.Hit, 0, min(k, len(found)))
	for i := range found {
		if len(hits) == k {
			break
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c := &found[i]
		r, err := ix.record(records, ix.columns.article[c.doc])
		if err != nil {
			return nil, err
		}
		if r == nil || given[ix.columns.ids[c.doc]] {
			continue
		}
		given[ix.columns.ids[c.doc]] = true
		h := rag.Hit{Rank: len(hits) + 1, Score: c.score, Passage: r.Passages[ix.columns.nth[c.doc]], Article: &r.Article}
		if explain {
			h.Why = why(c, found)
		}
		hits = append(hits, h)
	}
	return hits, nil
}

// record reads an article by its number, each once; nil for a damaged one.
func (ix *Index) record(read map[uint32]*library.Record, article uint32) (*library.Record, error) {
	if r, ok := read[article]; ok {
		return r, nil
	}
	r, err := ix.records.Record(ix.columns.articleIDs[article])
	if _, damaged := errors.AsType[*library.DamageError](err); damaged {
		r, err = nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read hit: %w", err)
	}
	if r != nil && !ix.columns.matches(article, r) {
		return nil, fmt.Errorf("article %s is not the one indexed: %w", r.Article.ID, ErrStale)
	}
	read[article] = r
	return r, nil
}
