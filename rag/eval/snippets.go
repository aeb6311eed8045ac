package eval

import (
	"context"
	"fmt"
	"time"

	"wenbao/rag"
)

// Search finds passages for a question, as rag.Engine.Search does without the
// query.
type Search func(ctx context.Context, q rag.Question, k int) ([]rag.Hit, error)

// Snippets measures how high the passages come that show the relevant quotes.
// Each quote counts as a question of its own with one relevant passage, so a
// question about two places is half found when one of them is. Questions
// without relevant quotes are left out.
func Snippets(ctx context.Context, search Search, questions []Expected) ([]Row, error) {
	var rankings []Ranking
	for i := range questions {
		found, _, err := rankSnippets(ctx, search, &questions[i], time.Now)
		if err != nil {
			return nil, err
		}
		rankings = append(rankings, found...)
	}
	return Summarize(rankings), nil
}

// rankSnippets searches for a question and ranks each of its relevant quotes; it
// does not search where there is none.
func rankSnippets(ctx context.Context, search Search, q *Expected, now func() time.Time) ([]Ranking, time.Duration, error) {
	if len(q.RelevantQuotes) == 0 {
		return nil, 0, nil
	}
	start := now()
	hits, err := search(ctx, q.Asked(), Depth)
	if err != nil {
		return nil, 0, fmt.Errorf("search for question %s: %w", q.ID, err)
	}
	took := now().Sub(start)
	var rankings []Ranking
	for _, snippet := range q.RelevantQuotes {
		rankings = append(rankings, Ranking{Kind: q.Kind, Found: firstShown(hits, snippet), Relevant: 1})
	}
	return rankings, took, nil
}

// firstShown is the rank of the first hit that shows a snippet, as a list.
func firstShown(hits []rag.Hit, snippet string) []int {
	for i, h := range hits {
		if Shows(h.Article, h.Passage, snippet) {
			return []int{i + 1}
		}
	}
	return nil
}
