package index

import (
	"context"
	"math"
	"slices"

	"wenbao/corpus/library"
	"wenbao/rag"
)

// judge reads the first of the candidates, which come in the order of fuse, scores
// them by their Features and puts them in order. The others stay behind them. A
// difference of 1 between two scores makes the better one e times as likely to
// stand in an article that answers.
func (ix *Index) judge(ctx context.Context, found []candidate, q rag.Query, records map[uint32]*library.Record) error {
	read, err := ix.read(ctx, found, q, records)
	if err != nil {
		return err
	}
	names := FeatureNames()
	for i := range read {
		found[read[i].at].weigh(names, &read[i])
	}
	order := make([]int, len(read))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return ix.compare(&found[read[a].at], &found[read[b].at]) })
	for _, n := range repeats(read, order) {
		found[read[n].at].share("repeat", 1, -repeatWeight)
	}
	putBehind(found, read)
	ix.order(found)
	return nil
}

// weigh gives a candidate that was read its score.
func (c *candidate) weigh(names []string, r *Reading) {
	c.shares, c.score = nil, 0
	for n, name := range names {
		c.share(name, r.Features[n], weights[n])
	}
	c.share("newer", r.recency, newerWeight)
}

// roundingError is more than what sums of shares are off by.
const roundingError = 1e-9

// putBehind takes so much off the candidates that were not read that none comes
// before one that was.
func putBehind(found []candidate, read []Reading) {
	worst, next := math.Inf(1), math.Inf(-1)
	wasRead := make([]bool, len(found))
	for _, r := range read {
		worst = min(worst, found[r.at].score)
		wasRead[r.at] = true
	}
	for i := range found {
		if !wasRead[i] {
			next = max(next, found[i].score)
		}
	}
	for i := range found {
		if !wasRead[i] && len(read) > 0 {
			found[i].share("unread", 1, worst-next-roundingError)
		}
	}
}
