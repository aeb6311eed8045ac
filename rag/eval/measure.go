package eval

import (
	"cmp"
	"math"
	"slices"
)

// Depth is the deepest rank that is counted, that of R@20.
const Depth = 20

// ndcgDepth is the depth of nDCG@10.
const ndcgDepth = 10

// Ranking is where the relevant items of one question came.
type Ranking struct {
	Kind string
	// Found are the ranks, from 1 and ascending, of the relevant items that were
	// found; Relevant is how many there are in all, at least one.
	Found    []int
	Relevant int
}

// Row holds the means over the questions of one kind.
type Row struct {
	Kind   string  `json:"kind"` // All for the last row
	N      int     `json:"n"`
	R1     float64 `json:"r_at_1"`
	R5     float64 `json:"r_at_5"`
	R10    float64 `json:"r_at_10"`
	R20    float64 `json:"r_at_20"`
	MRR    float64 `json:"mrr"`
	NDCG10 float64 `json:"ndcg_at_10"`
}

// All is the kind of the row over all questions.
const All = "all"

// Summarize gives a row for each kind, by name, and one over all.
func Summarize(rankings []Ranking) []Row {
	return byKind(rankings, func(r Ranking) string { return r.Kind }, summarize)
}

// byKind makes a row of the values of each kind, by name, and one of all.
func byKind[V, R any](values []V, kind func(V) string, row func(kind string, values []V) R) []R {
	sorted := slices.Clone(values)
	slices.SortStableFunc(sorted, func(a, b V) int { return cmp.Compare(kind(a), kind(b)) })
	var out []R
	for start := 0; start < len(sorted); {
		end := start + 1
		for end < len(sorted) && kind(sorted[end]) == kind(sorted[start]) {
			end++
		}
		out = append(out, row(kind(sorted[start]), sorted[start:end]))
		start = end
	}
	return append(out, row(All, values))
}

func summarize(kind string, rankings []Ranking) Row {
	row := Row{Kind: kind, N: len(rankings)}
	if row.N == 0 {
		return row
	}
	for _, r := range rankings {
		row.NDCG10 += r.ndcg()
		if len(r.Found) == 0 {
			continue
		}
		row.MRR += 1 / float64(r.Found[0])
		for _, at := range []struct {
			k   int
			sum *float64
		}{{1, &row.R1}, {5, &row.R5}, {10, &row.R10}, {20, &row.R20}} {
			if r.Found[0] <= at.k {
				*at.sum++
			}
		}
	}
	for _, sum := range []*float64{&row.R1, &row.R5, &row.R10, &row.R20, &row.MRR, &row.NDCG10} {
		*sum /= float64(row.N)
	}
	return row
}

func (r Ranking) ndcg() float64 {
	var dcg, ideal float64
	for _, rank := range r.Found {
		if rank <= ndcgDepth {
			dcg += gain(rank)
		}
	}
	for rank := 1; rank <= min(r.Relevant, ndcgDepth); rank++ {
		ideal += gain(rank)
	}
	if ideal == 0 {
		return 0
	}
	return dcg / ideal
}

func gain(rank int) float64 { return 1 / math.Log2(float64(rank)+1) }

// rankOf gives the ranking of items best first, each of which may come several
// times and then counts where it comes first. Items of ignore are taken out.
func rankOf(kind string, items, relevant, ignore []string) Ranking {
	r := Ranking{Kind: kind, Relevant: len(relevant)}
	seen := make(map[string]bool, len(items))
	for _, item := range items {
		if seen[item] || slices.Contains(ignore, item) && !slices.Contains(relevant, item) {
			continue
		}
		seen[item] = true
		if slices.Contains(relevant, item) {
			r.Found = append(r.Found, len(seen))
		}
	}
	return r
}
