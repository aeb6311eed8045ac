package eval_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"wenbao/rag/eval"
)

func TestSummarize(t *testing.T) {
	got := eval.Summarize([]eval.Ranking{
		{Kind: "b", Found: []int{2, 3}, Relevant: 2},
		{Kind: "a", Found: []int{1}, Relevant: 1},
		{Kind: "b", Found: []int{12}, Relevant: 1},
		{Kind: "b", Relevant: 1},
		{Kind: "b", Found: []int{6}, Relevant: 3},
	})
	want := []eval.Row{
		{Kind: "a", N: 1, R1: 1, R5: 1, R10: 1, R20: 1, MRR: 1, NDCG10: 1},
		{
			Kind: "b", N: 4,
			R1:  0,
			R5:  1.0 / 4,                      // the one at 2
			R10: 2.0 / 4,                      // and the one at 6
			R20: 3.0 / 4,                      // and the one at 12
			MRR: (1.0/2 + 1.0/12 + 1.0/6) / 4, // 0.1875
			// 2 and 3 of two:  (1/log2(3) + 1/log2(4)) / (1 + 1/log2(3)) = (0.6309+0.5) / 1.6309 = 0.6934
			// 6 of three:      (1/log2(7)) / (1 + 1/log2(3) + 1/log2(4)) = 0.3562 / 2.1309 = 0.1672
			// 12 and none:     0
			NDCG10: (0.69343 + 0.16716) / 4,
		},
		{
			Kind: eval.All, N: 5,
			R1: 1.0 / 5, R5: 2.0 / 5, R10: 3.0 / 5, R20: 4.0 / 5,
			MRR:    (1 + 1.0/2 + 1.0/12 + 1.0/6) / 5,
			NDCG10: (1 + 0.69343 + 0.16716) / 5,
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-5)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestSummarizeNothing(t *testing.T) {
	got := eval.Summarize(nil)
	if diff := cmp.Diff([]eval.Row{{Kind: eval.All}}, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// More relevant items than places are no handicap: the ideal has ten of them.
func TestNDCGOfManyRelevant(t *testing.T) {
	r := eval.Ranking{Kind: "a", Relevant: 15}
	for rank := 1; rank <= 15; rank++ {
		r.Found = append(r.Found, rank)
	}
	if got := eval.Summarize([]eval.Ranking{r})[0].NDCG10; math.Abs(got-1) > 1e-9 {
		t.Errorf("nDCG@10 is %v, want 1", got)
	}
}
