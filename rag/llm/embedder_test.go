package llm_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"wenbao/rag/index"
	"wenbao/rag/llm"
	"wenbao/rag/llm/llmtest"
)

var _ index.Embedder = (*llm.Embedder)(nil)

func openEmbedder(t testing.TB, script llmtest.Script, edit ...func(*llm.Config)) (*llm.Embedder, *llmtest.Server) {
	t.Helper()
	s := llmtest.Start(t, script)
	cfg := config(s)
	cfg.Name = "bge-m3"
	for _, e := range edit {
		e(&cfg)
	}
	e, err := llm.OpenEmbedder(cfg, llm.Options{HTTP: s.Transport, Sleep: (&waits{}).sleep})
	if err != nil {
		t.Fatal(err)
	}
	return e, s
}

// unit is the vector that the server gives, with the length 1.
func unit(text string, dim int) []float32 {
	sum := 0.0
	values := llmtest.Vector(text, dim)
	for _, x := range values {
		sum += x * x
	}
	v := make([]float32, dim)
	for i, x := range values {
		v[i] = float32(x / math.Sqrt(sum))
	}
	return v
}

// near reports whether two vectors are the same but for rounding.
func near(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool { return math.Abs(float64(x-y)) < 1e-6 })
}

// Vectors come in the order of the texts, which the server turns round, and the
// texts stay as they are, line breaks too.
func TestEmbed(t *testing.T) {
	tests := []struct {
		kind        string
		batch       int
		texts, asks int
	}{
		{llm.KindOllama, 0, 70, 3}, {llm.KindOpenAI, 0, 25, 3}, {llm.KindOpenAI, 5, 10, 2}, {llm.KindOpenAI, 5, 0, 0},
	}
	for _, tt := range tests {
		e, s := openEmbedder(t, llmtest.Script{}, func(c *llm.Config) { c.Kind, c.Batch = tt.kind, tt.batch })
		texts := make([]string, tt.texts)
		for i := range texts {
			texts[i] = fmt.Sprintf("第%d段\n驿站", i)
		}
		kept := slices.Clone(texts)
		vectors, err := e.Embed(t.Context(), texts)
		if err != nil || len(vectors) != len(texts) {
			t.Fatalf("%s: %d vectors, %v", tt.kind, len(vectors), err)
		}
		for i, v := range vectors {
			if !near(v, unit(kept[i], 4)) {
				t.Errorf("%s: vector %d is %v", tt.kind, i, v)
			}
		}
		if !slices.Equal(texts, kept) {
			t.Error("the texts were changed")
		}
		if n := s.Count("/v1/embeddings"); n != tt.asks {
			t.Errorf("%s: %d requests for %d texts, want %d", tt.kind, n, tt.texts, tt.asks)
		}
	}
}

func TestEmbedSaysNothing(t *testing.T) {
	e, s := openEmbedder(t, llmtest.Script{}, func(c *llm.Config) { c.Dim = 4 })
	vectors, err := e.Embed(t.Context(), []string{"", " \n"})
	if err != nil || len(s.Requests()) > 0 {
		t.Errorf("%v after %d requests", err, len(s.Requests()))
	}
	for _, v := range vectors {
		if !slices.Equal(v, make([]float32, 4)) {
			t.Errorf("vector is %v", v)
		}
	}
	mixed, err := e.Embed(t.Context(), []string{"", "云", ""})
	if err != nil || !near(mixed[1], unit("云", 4)) || len(mixed[0]) != 4 || len(mixed[2]) != 4 {
		t.Errorf("vectors are %v, %v", mixed, err)
	}
}

func TestEmbedderName(t *testing.T) {
	e, s := openEmbedder(t, llmtest.Script{Dim: 8})
	if e.Name() != "openai:bge-m3" || e.Dim() != 0 || len(s.Requests()) > 0 {
		t.Errorf("before: %s, %d", e.Name(), e.Dim())
	}
	if n, err := e.Probe(t.Context()); n != 8 || err != nil {
		t.Errorf("probe gives %d, %v", n, err)
	}
	if e.Name() != "openai:bge-m3/8" || e.Dim() != 8 {
		t.Errorf("after: %s, %d", e.Name(), e.Dim())
	}
	e, _ = openEmbedder(t, llmtest.Script{Dim: 8}, func(c *llm.Config) { c.Dim = 16 })
	if _, err := e.Probe(t.Context()); !errors.Is(err, llm.ErrDim) || e.Name() != "openai:bge-m3/16" {
		t.Errorf("%s: error %v", e.Name(), err)
	}
}

func TestEmbedFaults(t *testing.T) {
	answer := func(body string) llmtest.Script {
		return llmtest.Script{Edit: func(string, []byte) []byte { return []byte(body) }}
	}
	first := func(r llmtest.Reply) llmtest.Script { return llmtest.Script{First: []llmtest.Reply{r, r, r}} }
	tests := []struct {
		name   string
		script llmtest.Script
		want   error
	}{
		{"too few", answer(`{"data":[{"index":0,"embedding":[1]}]}`), llm.ErrMalformed},
		{"an index twice", answer(`{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}`), llm.ErrMalformed},
		{"an index beyond", answer(`{"data":[{"index":0,"embedding":[1]},{"index":2,"embedding":[1]}]}`), llm.ErrMalformed},
		{"an index below", answer(`{"data":[{"index":-1,"embedding":[1]},{"index":0,"embedding":[1]}]}`), llm.ErrMalformed},
		{"another length", answer(`{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1]}]}`), llm.ErrDim},
		{"no values", answer(`{"data":[{"index":0,"embedding":[]},{"index":1,"embedding":[1]}]}`), llm.ErrMalformed},
		{"an infinite value", answer(`{"data":[{"index":0,"embedding":[1e999]},{"index":1,"embedding":[1]}]}`), llm.ErrMalformed},
		{"no JSON", answer(`<html>`), llm.ErrMalformed},
		{"half", llmtest.Script{First: []llmtest.Reply{llmtest.Stream(llmtest.Raw(`{"data":[`), llmtest.Cut())}}, llm.ErrCut},
		{"no model", first(llmtest.Fail(404, `{"error":{"code":"model_not_found"}}`)), llm.ErrNoModel},
		{"no key", first(llmtest.Fail(401, ``)), llm.ErrUnauthorized},
		{"too long", first(llmtest.Fail(400, `{"error":{"code":"context_length_exceeded"}}`)), llm.ErrContext},
		{"busy", first(llmtest.Fail(429, ``)), llm.ErrBusy},
		{"broken", first(llmtest.Fail(500, ``)), llm.ErrServer},
	}
	for _, tt := range tests {
		e, _ := openEmbedder(t, tt.script)
		if v, err := e.Embed(t.Context(), []string{"云", "雨"}); !errors.Is(err, tt.want) || v != nil {
			t.Errorf("%s: %v, error %v, want %v", tt.name, v, err, tt.want)
		}
	}
}

// Servers that give no index give the order of the texts; the largest and the
// smallest numbers have a length.
func TestEmbedOddVectors(t *testing.T) {
	e, _ := openEmbedder(t, llmtest.Script{Edit: func(string, []byte) []byte {
		return []byte(`{"data":[{"embedding":[3e300,4e300]},{"embedding":[3e-300,4e-300]},{"embedding":[0,0]}]}`)
	}})
	got, err := e.Embed(t.Context(), []string{"一", "二", "三"})
	if err != nil || !near(got[0], []float32{0.6, 0.8}) || !near(got[1], []float32{0.6, 0.8}) || !near(got[2], []float32{0, 0}) {
		t.Errorf("vectors are %v, %v", got, err)
	}
}

func TestEmbedRetries(t *testing.T) {
	e, s := openEmbedder(t, llmtest.Script{First: []llmtest.Reply{llmtest.Fail(500, ""), llmtest.Fail(429, "")}})
	if v, err := e.EmbedQuery(t.Context(), "云"); err != nil || !near(v, unit("云", 4)) || len(s.Requests()) != 3 {
		t.Errorf("%v, %v after %d requests", v, err, len(s.Requests()))
	}
	if vs, err := e.EmbedDocuments(t.Context(), []string{"云", "雨"}); err != nil || len(vs) != 2 || !near(vs[1], unit("雨", 4)) {
		t.Errorf("%v, %v", vs, err)
	}
}

func TestEmbedCancelled(t *testing.T) {
	e, _ := openEmbedder(t, llmtest.Script{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if v, err := e.Embed(ctx, []string{"云"}); !errors.Is(err, context.Canceled) || v != nil {
		t.Errorf("%v, %v", v, err)
	}
	if _, err := e.EmbedQuery(ctx, "云"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestEmbedConcurrent(t *testing.T) {
	e, _ := openEmbedder(t, llmtest.Script{})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			text := fmt.Sprint("第", i, "段")
			if v, err := e.EmbedQuery(t.Context(), text); err != nil || !near(v, unit(text, 4)) || e.Dim() != 4 {
				t.Errorf("%s: %v, %v", text, v, err)
			}
		})
	}
	wg.Wait()
}

func openReranker(t testing.TB, script llmtest.Script, path string) (*llm.Reranker, *llmtest.Server) {
	t.Helper()
	s := llmtest.Start(t, script)
	r, err := llm.OpenReranker(llm.Config{Name: "bge-reranker", URL: s.URL + path}, llm.Options{HTTP: s.Transport, Sleep: (&waits{}).sleep})
	if err != nil {
		t.Fatal(err)
	}
	return r, s
}

func TestRerank(t *testing.T) {
	texts := make([]string, 50)
	for i := range texts {
		texts[i] = fmt.Sprintf("第%d处%s", i, []string{"驿站", "食堂", "驿站在街道"}[i%3])
	}
	for _, tei := range []bool{false, true} {
		for _, path := range []string{"", "/", "/v1", "/v1/rerank", "/rerank/"} {
			r, s := openReranker(t, llmtest.Script{TEI: tei}, path)
			for range 2 {
				scores, err := r.Rerank(t.Context(), "街道驿站", texts)
				if err != nil || len(scores) != len(texts) {
					t.Fatalf("%s: %d scores, %v", path, len(scores), err)
				}
				for i, got := range scores {
					if want := llmtest.Shared("街道驿站", texts[i]); got != float64(want) {
						t.Errorf("text %d has the score %v, want %v", i, got, want)
					}
				}
			}
			want := 4
			if tei {
				want++ // the first is sent in the other dialect
			}
			if n := len(s.Requests()); n != want {
				t.Errorf("TEI %v: %d requests, want %d", tei, n, want)
			}
		}
	}
}

func TestRerankNothing(t *testing.T) {
	r, s := openReranker(t, llmtest.Script{}, "")
	if scores, err := r.Rerank(t.Context(), "云", nil); err != nil || len(scores) > 0 || len(s.Requests()) > 0 {
		t.Errorf("%v, %v after %d requests", scores, err, len(s.Requests()))
	}
	if r.Name() != "bge-reranker" {
		t.Errorf("name is %q", r.Name())
	}
}

func TestRerankFaults(t *testing.T) {
	answer := func(body string) llmtest.Script {
		return llmtest.Script{Edit: func(string, []byte) []byte { return []byte(body) }}
	}
	bad := llmtest.Fail(400, "")
	tests := []struct {
		name   string
		script llmtest.Script
		want   error
	}{
		{"too few", answer(`{"results":[{"index":0,"relevance_score":1}]}`), llm.ErrMalformed},
		{"twice", answer(`[{"index":0,"score":1},{"index":0,"score":1}]`), llm.ErrMalformed},
		{"beyond", answer(`[{"index":0,"score":1},{"index":2,"score":1}]`), llm.ErrMalformed},
		{"no score", answer(`[{"index":0,"score":1},{"index":1}]`), llm.ErrMalformed},
		{"no index", answer(`[{"index":0,"score":1},{"score":1}]`), llm.ErrMalformed},
		{"no results", answer(`{}`), llm.ErrMalformed},
		{"null", answer(`null`), llm.ErrMalformed},
		{"no JSON", answer(`ok`), llm.ErrMalformed},
		{"refused in both dialects", llmtest.Script{First: []llmtest.Reply{bad, bad}}, llm.ErrRequest},
		{"no such path", llmtest.Script{First: []llmtest.Reply{llmtest.Fail(404, "")}}, llm.ErrNotFound},
	}
	for _, tt := range tests {
		r, _ := openReranker(t, tt.script, "")
		if scores, err := r.Rerank(t.Context(), "云", []string{"云", "雨"}); !errors.Is(err, tt.want) || scores != nil {
			t.Errorf("%s: %v, error %v, want %v", tt.name, scores, err, tt.want)
		}
	}
}

// Equal scores of texts are no mistake, and zero is a score.
func TestRerankZero(t *testing.T) {
	r, _ := openReranker(t, llmtest.Script{Edit: func(_ string, b []byte) []byte {
		return bytes.ReplaceAll(b, []byte(`"relevance_score":1`), []byte(`"relevance_score":-2.5`))
	}}, "")
	scores, err := r.Rerank(t.Context(), "云", []string{"云", "雨"})
	if err != nil || !slices.Equal(scores, []float64{-2.5, 0}) {
		t.Errorf("%v, %v", scores, err)
	}
}

// A text that is longer than the model reads costs its end, not the whole batch.
func TestEmbedTooLong(t *testing.T) {
	const limit = 100 // characters
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var ask struct{ Input []string }
		if err := json.NewDecoder(r.Body).Decode(&ask); err != nil {
			t.Error(err)
		}
		type vector struct {
			Index     int       `json:"index"`
			Embedding []float64 `json:"embedding"`
		}
		var data []vector
		for i, text := range ask.Input {
			if n := len([]rune(text)); n > limit {
				w.WriteHeader(http.StatusBadRequest)
				fmt.Fprint(w, `{"error":{"message":"the input length exceeds the context length","code":"api_error"}}`)
				return
			}
			data = append(data, vector{i, llmtest.Vector(text, 4)})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"data": data})
	}))
	defer server.Close()
	e, err := llm.OpenEmbedder(llm.Config{Kind: llm.KindOpenAI, Name: "m", URL: server.URL}, llm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("新建老年助餐点", 50)
	got, err := e.Embed(t.Context(), []string{"短句", long, "又一句"})
	if err != nil {
		t.Fatal(err)
	}
	half := []rune(long)
	for len(half) > limit {
		half = half[:len(half)/2]
	}
	for i, want := range []string{"短句", string(half), "又一句"} {
		if !near(got[i], unit(want, 4)) {
			t.Errorf("vector %d is not that of %q", i, want)
		}
	}
}
