package eval_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"wenbao/corpus/facet"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/ingest"
	"wenbao/rag"
	"wenbao/rag/eval"
	"wenbao/rag/index"
)

// documents is a collection of three; d2 tells the story of d1 once more, and
// comes behind it because it is longer.
const documents = `{"id":"d1","title":"白塔镇添了食堂","text":"白塔镇的老年食堂昨天开门，三十位老人坐到一起吃了第一顿热饭。"}
{"id":"d2","title":"白塔镇添了食堂","text":"白塔镇的老年食堂昨天开门，三十位老人坐到一起吃了第一顿热饭，饭后还唱了戏。"}
{"id":"d3","title":"柳溪镇修好了桥","text":"柳溪镇的石桥修好了，货车又能开进果园。"}
`

const judged = `{"id":"q1","question":"老年食堂第一顿热饭","kind":"near","relevant":["d2"],"near_dup":["d1"]}
{"id":"q2","question":"货车开进果园","kind":"plain","relevant":["d3"]}
{"id":"q3","question":"那里的桥呢","history":["柳溪镇","在松岭县"],"kind":"turns","relevant":["d3"]}
{"id":"q4","question":"石桥","kind":"absent","relevant":["d9"]}
{"id":"q5","question":"老年食堂第一顿热饭","kind":"second","relevant":["d2"],"near_dup":[]}
`

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if !strings.HasSuffix(name, ".gz") {
		_, err = f.WriteString(text)
	} else {
		z := gzip.NewWriter(f)
		_, _ = z.Write([]byte(text))
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// ticking is a clock that advances by a millisecond each time it is read.
func ticking() func() time.Time {
	now := time.Unix(0, 0)
	return func() time.Time {
		now = now.Add(time.Millisecond)
		return now
	}
}

func retrievalOptions(t *testing.T) eval.RetrievalOptions {
	return eval.RetrievalOptions{
		Corpus:  []string{write(t, "c.jsonl.gz", documents)},
		Queries: write(t, "q.jsonl.gz", judged),
		System:  index.Lexical,
		Ingest:  ingest.Options{Annotator: facet.New(gazetteer.New())},
		Now:     ticking(),
	}
}

func TestRetrieval(t *testing.T) {
	opt := retrievalOptions(t)
	var done []int
	opt.Progress = func(n, total int) { done = append(done, n, total) }
	got, err := eval.Retrieval(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	perfect := func(kind string) eval.Row {
		return eval.Row{Kind: kind, N: 1, R1: 1, R5: 1, R10: 1, R20: 1, MRR: 1, NDCG10: 1}
	}
	want := eval.RetrievalReport{
		System: index.Lexical, K: eval.DefaultPassages, Documents: 3, Passages: 3, Questions: 5,
		BuildSeconds: 0.001, P50: 1, P95: 1,
		Rows: []eval.Row{
			{Kind: "absent", N: 1}, perfect("near"), perfect("plain"),
			// nDCG of rank 2: 1/log2(3) = 0.63093
			{Kind: "second", N: 1, R1: 0, R5: 1, R10: 1, R20: 1, MRR: 0.5, NDCG10: 0.63093},
			perfect("turns"),
			{Kind: eval.All, N: 5, R1: .6, R5: .8, R10: .8, R20: .8, MRR: .7, NDCG10: 3.63093 / 5},
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-5)); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{1, 5, 2, 5, 3, 5, 4, 5, 5, 5}, done); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
}

// fixed is an Understander that searches for the same words always.
type fixed string

func (f fixed) Understand(rag.Question) rag.Query { return rag.Query{Text: string(f)} }

func TestRetrievalUnderstander(t *testing.T) {
	opt := retrievalOptions(t)
	passages := 0
	opt.Understander = func(ix *index.Index) rag.Understander {
		passages = ix.Len()
		return fixed("石桥")
	}
	got, err := eval.Retrieval(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	if passages != 3 || got.Rows[len(got.Rows)-1].R20 != 0.4 {
		t.Errorf("%d passages, rows %+v", passages, got.Rows)
	}
}

func TestRetrievalErrors(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(o *eval.RetrievalOptions)
	}{
		{"no corpus", func(o *eval.RetrievalOptions) { o.Corpus = nil }},
		{"no queries", func(o *eval.RetrievalOptions) { o.Queries = "" }},
		{"no annotator", func(o *eval.RetrievalOptions) { o.Ingest.Annotator = nil }},
		{"negative k", func(o *eval.RetrievalOptions) { o.K = -1 }},
		{"unknown system", func(o *eval.RetrievalOptions) { o.System = "guess" }},
		{"missing file", func(o *eval.RetrievalOptions) { o.Queries += ".not" }},
		{"corpus as queries", func(o *eval.RetrievalOptions) { o.Queries = o.Corpus[0] }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			opt := retrievalOptions(t)
			tt.change(&opt)
			if _, err := eval.Retrieval(context.Background(), opt); err == nil {
				t.Error("no error")
			}
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := eval.Retrieval(ctx, retrievalOptions(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestRetrievalReportText(t *testing.T) {
	r := eval.RetrievalReport{
		System: index.Hybrid, K: 100, Documents: 3, Passages: 4, Questions: 2, BuildSeconds: 1.25, P50: 2, P95: 3.5,
		Rows: []eval.Row{{Kind: "all", N: 2, R1: 0.5, R5: 1, R10: 1, R20: 1, MRR: 0.75, NDCG10: 0.8154}},
	}
	var b strings.Builder
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	want := `  system  kind  n    R@1    R@5   R@10   R@20    MRR  nDCG@10
  hybrid   all  2  0.500  1.000  1.000  1.000  0.750    0.815
3 documents, 4 passages, 0 problems, built in 1.2 s; 2 questions, k 100, p50 2.0 ms, p95 3.5 ms
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	js, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back eval.RetrievalReport
	if err := json.Unmarshal(js, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, back); diff != "" {
		t.Errorf("JSON and back (-want +got):\n%s", diff)
	}
}
