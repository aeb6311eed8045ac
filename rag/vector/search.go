package vector

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"

	"wenbao/rag/bitset"
)

// A shortlist for k results holds k + k/shortlistShare + shortlistExtra rows. Its
// order rests on a quantised question, whose cosines are off by up to about 0.001.
// Over 78,745 news passages, k + 8 rows already held every one of the true twenty
// for each of 120 questions.
const (
	shortlistShare = 4
	shortlistExtra = 16
)

// checkEvery is how many rows are read between two looks at the context: about
// 0.2 ms.
const checkEvery = 4096

// Search returns the k documents nearest to query, best first and by number where
// equal; fewer when there are fewer. Only documents in allow are looked at, all
// when it is nil, so a filter never costs results. Cosines below zero count as
// well. A k below 1, a query without a direction (zeros, NaN, infinities) and an
// empty Store give nothing and no error. A query of another dimension fails with
// ErrDimension; a cancelled context gives its error and no results. Every allowed
// row is read, at about 50 ns for 256 dimensions.
func (s *Store) Search(ctx context.Context, query []float32, k int, allow *bitset.Set) ([]Score, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.Len() == 0 {
		return nil, nil
	}
	if len(query) != s.dim {
		return nil, fmt.Errorf("search %d values among vectors of %d: %w", len(query), s.dim, ErrDimension)
	}
	row := make([]uint64, rowWords(s.dim))
	if k < 1 || !quantize(row, query) {
		return nil, nil
	}
	k = min(k, s.Len())
	docs, err := s.shortlist(ctx, newProbe(row), k+k/shortlistShare+shortlistExtra, allow)
	if err != nil || len(docs) == 0 {
		return nil, err
	}
	scores, err := s.rank(ctx, unit(query), docs)
	if err != nil {
		return nil, err
	}
	return slices.Clip(scores[:min(k, len(scores))]), nil
}

// shortlist returns the n documents of allow that come nearest by quantised
// arithmetic, in no order.
func (s *Store) shortlist(ctx context.Context, p probe, n int, allow *bitset.Set) ([]Score, error) {
	n = min(n, s.Len())
	kept := make([]Score, 0, 2*n)
	bar := float32(math.Inf(-1))
	read := 0
	for doc := range s.docs(allow) {
		if read++; read%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		inverse := s.inverses[doc]
		if inverse == 0 {
			continue
		}
		// Documents come in ascending order: one that equals the bar is later
		// than all that are kept and cannot displace them.
		score := float32(p.dot(s.row(doc), s.sums[doc])) * inverse
		if score <= bar {
			continue
		}
		if kept = append(kept, Score{doc, score}); len(kept) == 2*n {
			slices.SortFunc(kept, compareScores)
			kept = kept[:n]
			bar = kept[n-1].Cosine
		}
	}
	slices.SortFunc(kept, compareScores)
	return kept[:min(n, len(kept))], nil
}

// docs gives the documents of allow, all when it is nil, in ascending order.
func (s *Store) docs(allow *bitset.Set) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		if allow == nil {
			for i := range s.Len() {
				if !yield(uint32(i)) {
					return
				}
			}
			return
		}
		for doc := range allow.All() {
			if int(doc) >= s.Len() || !yield(doc) {
				return
			}
		}
	}
}

// unit returns v scaled to length 1; v has a direction.
func unit(v []float32) []float32 {
	var squares float64
	for _, x := range v {
		squares += float64(x) * float64(x)
	}
	length := math.Sqrt(squares)
	u := make([]float32, len(v))
	for i, x := range v {
		u[i] = float32(float64(x) / length)
	}
	return u
}
