package vector

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	chromem "github.com/philippgille/chromem-go"
)

// rank puts the shortlist into a chromem collection of its own and returns it in
// order of cosine with query, a unit vector. The shortlist is not empty.
//
// The collection is in memory and lives for this one call. All of it is asked for,
// neither more, which chromem refuses, nor less, which would let chance choose
// among equals; the order is then ours.
func (s *Store) rank(ctx context.Context, query []float32, shortlist []Score) ([]Score, error) {
	c, err := chromem.NewDB().CreateCollection("shortlist", nil, refuseToEmbed)
	if err != nil {
		return nil, fmt.Errorf("rank by vector: %w", err)
	}
	for _, score := range shortlist {
		doc := chromem.Document{
			ID:        strconv.FormatUint(uint64(score.Doc), 10),
			Embedding: dequantize(s.row(score.Doc), s.dim),
		}
		if err := c.AddDocument(ctx, doc); err != nil {
			return nil, fmt.Errorf("rank by vector: %w", err)
		}
	}
	results, err := c.QueryEmbedding(ctx, query, c.Count(), nil, nil)
	if ctxErr := ctx.Err(); ctxErr != nil {
		return nil, ctxErr // chromem gives what it has so far, and no error
	}
	if err != nil {
		return nil, fmt.Errorf("rank by vector: %w", err)
	}
	return toScores(results)
}

// refuseToEmbed stands where chromem would otherwise call a cloud API. Every
// document comes with its vector, so it is never called.
func refuseToEmbed(context.Context, string) ([]float32, error) {
	return nil, errors.New("chromem asked for an embedding")
}

// toScores reads chromem's results and puts them in order.
func toScores(results []chromem.Result) ([]Score, error) {
	scores := make([]Score, len(results))
	for i, r := range results {
		doc, err := strconv.ParseUint(r.ID, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("rank by vector: document %q: %w", r.ID, err)
		}
		scores[i] = Score{Doc: uint32(doc), Cosine: r.Similarity}
	}
	slices.SortFunc(scores, compareScores)
	return scores, nil
}
