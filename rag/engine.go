package rag

import (
	"context"
	"fmt"
	"time"
)

// Understander makes a Query of a Question. It never fails: what it cannot make
// sense of is searched as it stands. Safe for concurrent use.
type Understander interface {
	Understand(q Question) Query
}

// Engine answers questions over one collection. Every field is required unless it
// says otherwise. It is safe for concurrent use as its parts are.
type Engine struct {
	Understander Understander
	Searcher     Searcher
	Answerer     Answerer
	// Rewriter, where set, has the first word on follow-ups.
	Rewriter Rewriter
	// Coverage says what the collection holds, for answers that find nothing.
	Coverage func() Coverage
	// Now is the clock that Answer.Elapsed is read from.
	Now func() time.Time
}

// Ask answers a question. Finding nothing is an Answer, not an error.
func (e *Engine) Ask(ctx context.Context, q Question) (Answer, error) {
	return e.AskStream(ctx, q, nil)
}

// AskStream is Ask for an Answerer that is a Streamer: tell, where set, hears
// the answer as it comes.
func (e *Engine) AskStream(ctx context.Context, q Question, tell func(piece string) error) (Answer, error) {
	start := e.Now()
	query, hits, err := e.Search(ctx, q)
	if err != nil {
		return Answer{}, err
	}
	a, err := e.answer(ctx, query, hits, tell)
	if err != nil {
		return Answer{}, fmt.Errorf("answer: %w", err)
	}
	a.Query, a.Hits = query, hits
	if a.Outcome == NoEvidence {
		c := e.Coverage()
		a.Coverage = &c
	}
	a.Elapsed = e.Now().Sub(start)
	return a, nil
}

func (e *Engine) answer(ctx context.Context, q Query, hits []Hit, tell func(piece string) error) (Answer, error) {
	if s, ok := e.Answerer.(Streamer); ok && tell != nil {
		return s.Stream(ctx, q, hits, tell)
	}
	return e.Answerer.Answer(ctx, q, hits)
}

// Search finds the passages that Ask would answer from, best first.
func (e *Engine) Search(ctx context.Context, q Question) (Query, []Hit, error) {
	if e.Rewriter != nil && len(q.History) > 0 {
		q = e.Rewriter.Rewrite(ctx, q)
	}
	query := e.Understander.Understand(q)
	if query.Asks == AsksChat {
		return query, nil, nil
	}
	k := q.K
	if k <= 0 {
		k = DefaultK
	}
	hits, err := e.Searcher.Search(ctx, query, min(k, MaxK))
	if err != nil {
		return query, nil, fmt.Errorf("search: %w", err)
	}
	return query, hits, nil
}
