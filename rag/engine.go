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

// Ask answers a question. Finding nothing is an Answer, not an error. What finds
// nothing as a follow-up is asked again by itself, where that makes sense.
func (e *Engine) Ask(ctx context.Context, q Question) (Answer, error) {
	return e.AskStream(ctx, q, nil)
}

// AskStream is Ask for an Answerer that is a Streamer: tell, where set, hears
// the answer as it comes.
func (e *Engine) AskStream(ctx context.Context, q Question, tell func(piece string) error) (Answer, error) {
	start := e.Now()
	query := e.understand(ctx, q)
	told := false
	a, err := e.answerQuery(ctx, query, q.K, noting(&told, tell))
	if err != nil {
		return Answer{}, err
	}
	if a.Outcome == NoEvidence && query.Otherwise != nil && !told {
		alone, err := e.answerQuery(ctx, *query.Otherwise, q.K, tell)
		if err != nil {
			return Answer{}, err
		}
		if alone.Outcome == Answered {
			a = alone
		}
	}
	if a.Outcome == NoEvidence {
		c := e.Coverage()
		a.Coverage = &c
	}
	a.Elapsed = e.Now().Sub(start)
	return a, nil
}

// noting is tell, noting that it was called; nil stays nil.
func noting(called *bool, tell func(piece string) error) func(piece string) error {
	if tell == nil {
		return nil
	}
	return func(piece string) error {
		*called = true
		return tell(piece)
	}
}

// answerQuery searches and answers.
func (e *Engine) answerQuery(ctx context.Context, q Query, k int, tell func(piece string) error) (Answer, error) {
	hits, err := e.search(ctx, q, k)
	if err != nil {
		return Answer{}, err
	}
	a, err := e.answer(ctx, q, hits, tell)
	if err != nil {
		return Answer{}, fmt.Errorf("answer: %w", err)
	}
	a.Query, a.Hits = q, hits
	return a, nil
}

func (e *Engine) answer(ctx context.Context, q Query, hits []Hit, tell func(piece string) error) (Answer, error) {
	if s, ok := e.Answerer.(Streamer); ok && tell != nil {
		return s.Stream(ctx, q, hits, tell)
	}
	return e.Answerer.Answer(ctx, q, hits)
}

// Search finds the passages that Ask would answer from first, best first.
func (e *Engine) Search(ctx context.Context, q Question) (Query, []Hit, error) {
	query := e.understand(ctx, q)
	hits, err := e.search(ctx, query, q.K)
	return query, hits, err
}

// understand reads a question.
func (e *Engine) understand(ctx context.Context, q Question) Query {
	if e.Rewriter != nil && len(q.History) > 0 {
		q = e.Rewriter.Rewrite(ctx, q)
	}
	return e.Understander.Understand(q)
}

// search finds passages for a query; small talk has none. k is as in Question.K.
func (e *Engine) search(ctx context.Context, q Query, k int) ([]Hit, error) {
	if q.Asks == AsksChat {
		return nil, nil
	}
	if k <= 0 {
		k = DefaultK
	}
	hits, err := e.Searcher.Search(ctx, q, min(k, MaxK))
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return hits, nil
}
