package bench_test

import (
	"path/filepath"
	"testing"

	"wenbao/rag"
	"wenbao/rag/eval/bench"
)

func TestOpen(t *testing.T) {
	c, err := bench.Open(t.Context(), filepath.FromSlash("../../../testdata/pages"))
	if err != nil {
		t.Fatal(err)
	}
	q := c.Understander.Understand(rag.Question{Text: "临江区2025年新增养老床位多少张？"})
	hits, err := c.Index.Search(t.Context(), q, 1)
	if err != nil || len(hits) != 1 || len(q.Places) != 1 || len(c.Words(q.Text)) == 0 {
		t.Errorf("%d hits for %+v, error %v", len(hits), q, err)
	}
	if _, err := bench.Open(t.Context(), filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("no error for a collection that is not there")
	}
}
