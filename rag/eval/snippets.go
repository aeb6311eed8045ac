package eval

import (
	"context"
	"fmt"

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
		q := &questions[i]
		if len(q.RelevantQuotes) == 0 {
			continue
		}
		hits, err := search(ctx, q.question(), Depth)
		if err != nil {
			return nil, fmt.Errorf("search for question %s: %w", q.ID, err)
		}
		for _, snippet := range q.RelevantQuotes {
			rankings = append(rankings, Ranking{Kind: q.Kind, Found: firstShown(hits, snippet), Relevant: 1})
		}
	}
	return Summarize(rankings), nil
}

// firstShown is the rank of the first hit that shows a snippet, as a list.
func firstShown(hits []rag.Hit, snippet string) []int {
	for i, h := range hits {
		if shows(h.Article, h.Passage, snippet) {
			return []int{i + 1}
		}
	}
	return nil
}
