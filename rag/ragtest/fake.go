package ragtest

import (
	"context"

	"wenbao/rag"
)

// Understander is a rag.Understander that is a function.
type Understander func(rag.Question) rag.Query

// Understand calls the function.
func (f Understander) Understand(q rag.Question) rag.Query { return f(q) }

// Searcher is a rag.Searcher that finds the same hits whatever is asked.
type Searcher struct {
	// Hits are given best first and up to k of them.
	Hits []rag.Hit
	// Err, where set, is given in their stead.
	Err error
}

// Search gives a copy of the first k hits, or the error.
func (s Searcher) Search(ctx context.Context, _ rag.Query, k int) ([]rag.Hit, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.Err != nil {
		return nil, s.Err
	}
	return append([]rag.Hit(nil), s.Hits[:min(max(k, 0), len(s.Hits))]...), nil
}

// Answerer is a rag.Answerer that is a function.
type Answerer func(context.Context, rag.Query, []rag.Hit) (rag.Answer, error)

// Answer calls the function.
func (f Answerer) Answer(ctx context.Context, q rag.Query, hits []rag.Hit) (rag.Answer, error) {
	return f(ctx, q, hits)
}
