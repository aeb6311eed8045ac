package ragtest

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"
	"testing"

	"wenbao/rag"
)

// askers is how many goroutines a suite asks from at once.
const askers = 4

// TestSearcher puts a Searcher to the contract of rag.Searcher with queries that
// each find two passages or more.
func TestSearcher(t *testing.T, s rag.Searcher, queries ...rag.Query) {
	const k = 20
	for _, q := range queries {
		asked := copyQuery(q)
		hits, err := s.Search(t.Context(), q, k)
		if err != nil {
			t.Fatalf("search %q: %v", q.Text, err)
		}
		if !reflect.DeepEqual(q, asked) {
			t.Errorf("search changed the query from %+v to %+v", asked, q)
		}
		if len(hits) < 2 {
			t.Fatalf("search %q: %d hits, the suite needs two", q.Text, len(hits))
		}
		checkHits(t, q, hits, k)
		first, err := s.Search(t.Context(), q, 1)
		if err != nil || len(first) != 1 || first[0].Passage.ID != hits[0].Passage.ID {
			t.Errorf("search %q for one hit: %d hits, %v; want %s", q.Text, len(first), err, hits[0].Passage.ID)
		}
		atOnce(t, func() any {
			again, err := s.Search(t.Context(), q, k)
			return found{ids(again), err}
		}, found{ids(hits), nil})
		cancelledSearch(t, s, q)
	}
}

// found is the outcome of a search in brief.
type found struct {
	ids []string
	err error
}

func cancelledSearch(t *testing.T, s rag.Searcher, q rag.Query) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	hits, err := s.Search(ctx, q, rag.DefaultK)
	if !errors.Is(err, context.Canceled) || len(hits) > 0 {
		t.Errorf("a cancelled search gives %d hits and error %v", len(hits), err)
	}
}

// checkHits asserts order, ranks and limits.
func checkHits(t *testing.T, q rag.Query, hits []rag.Hit, k int) {
	t.Helper()
	if len(hits) > k {
		t.Errorf("search %q: %d hits, at most %d asked for", q.Text, len(hits), k)
	}
	seen := map[string]bool{}
	for i, h := range hits {
		if h.Rank != i+1 {
			t.Errorf("search %q: hit %d has rank %d", q.Text, i+1, h.Rank)
		}
		if seen[h.Passage.ID] {
			t.Errorf("search %q: passage %s is there twice", q.Text, h.Passage.ID)
		}
		seen[h.Passage.ID] = true
		if h.Article == nil || h.Article.ID != h.Passage.Article {
			t.Errorf("search %q: hit %d has not its passage's article", q.Text, i+1)
		}
		if i == 0 {
			continue
		}
		above := hits[i-1]
		if above.Score < h.Score || above.Score == h.Score && above.Passage.ID >= h.Passage.ID {
			t.Errorf("search %q: %s (%v) stands before %s (%v)", q.Text, above.Passage.ID, above.Score, h.Passage.ID, h.Score)
		}
	}
}

func ids(hits []rag.Hit) []string {
	out := make([]string, len(hits))
	for i, h := range hits {
		out[i] = h.Passage.ID
	}
	return out
}

// Case is a query and the hits to answer it from.
type Case struct {
	Query rag.Query
	Hits  []rag.Hit
}

// TestAnswerer puts an Answerer that answers alike every time to the contract of
// rag.Answerer.
func TestAnswerer(t *testing.T, a rag.Answerer, cases ...Case) {
	for _, c := range cases {
		query, hits := copyQuery(c.Query), copyHits(c.Hits)
		answer, err := a.Answer(t.Context(), c.Query, c.Hits)
		if err != nil {
			t.Fatalf("answer %q: %v", c.Query.Text, err)
		}
		CheckAnswer(t, answer)
		checkSources(t, answer, c.Hits)
		if !reflect.DeepEqual(c.Query, query) {
			t.Errorf("answering changed the query from %+v to %+v", query, c.Query)
		}
		if !reflect.DeepEqual(c.Hits, hits) {
			t.Errorf("answering %q changed the hits", c.Query.Text)
		}
		atOnce(t, func() any {
			again, err := a.Answer(t.Context(), c.Query, c.Hits)
			return answered{again, err}
		}, answered{answer, nil})
	}
}

// answered is the outcome of an Answerer.
type answered struct {
	answer rag.Answer
	err    error
}

// checkSources asserts that what is cited was found.
func checkSources(t *testing.T, a rag.Answer, hits []rag.Hit) {
	t.Helper()
	for _, c := range a.Citations {
		if !slices.ContainsFunc(hits, func(h rag.Hit) bool { return h.Passage.ID == c.Passage.ID && h.Article == c.Article }) {
			t.Errorf("passage %s is cited and was not among the hits", c.Passage.ID)
		}
	}
}

// atOnce calls f from several goroutines and asserts that all get want.
func atOnce(t *testing.T, f func() any, want any) {
	t.Helper()
	var wg sync.WaitGroup
	got := make([]any, askers)
	for i := range got {
		wg.Go(func() { got[i] = f() })
	}
	wg.Wait()
	for _, g := range got {
		if !reflect.DeepEqual(g, want) {
			t.Errorf("asked again at once with others: %+v, want %+v", g, want)
			return
		}
	}
}

// copyQuery copies a query with its lists.
func copyQuery(q rag.Query) rag.Query {
	q.Wordings = slices.Clone(q.Wordings)
	for i := range q.Wordings {
		q.Wordings[i].Printed = slices.Clone(q.Wordings[i].Printed)
	}
	q.Earlier = slices.Clone(q.Earlier)
	q.Counts, q.Places, q.Unknown, q.Periods = slices.Clone(q.Counts), slices.Clone(q.Places), slices.Clone(q.Unknown), slices.Clone(q.Periods)
	q.Filter.Places, q.Filter.Except = slices.Clone(q.Filter.Places), slices.Clone(q.Filter.Except)
	return q
}

// copyHits copies hits with their passages and articles.
func copyHits(hits []rag.Hit) []rag.Hit {
	out := slices.Clone(hits)
	for i := range out {
		p, a := &out[i].Passage, *out[i].Article
		p.Headings = slices.Clone(p.Headings)
		p.Facets.Places, p.Facets.Mentions = slices.Clone(p.Facets.Places), slices.Clone(p.Facets.Mentions)
		a.Parts, a.Blocks, a.Authors = slices.Clone(a.Parts), slices.Clone(a.Blocks), slices.Clone(a.Authors)
		a.Facets.Places, a.Facets.Mentions = slices.Clone(a.Facets.Places), slices.Clone(a.Facets.Mentions)
		out[i].Article = &a
		out[i].Why = slices.Clone(out[i].Why)
	}
	return out
}
