package llm_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tmc/langchaingo/llms"

	"wenbao/rag/llm"
	"wenbao/rag/llm/llmtest"
)

// BenchmarkStream is what an answer of 500 tokens costs besides the model: the
// watching, the filter, the detector and the adapter.
func BenchmarkStream(b *testing.B) {
	var pieces []string
	for i := range 500 {
		pieces = append(pieces, fmt.Sprintf("第%d处。", i))
	}
	stream := body(llmtest.Answer(pieces...))
	answer := roundTripper(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(stream)), Request: r}, nil
	})
	m, err := llm.Open(llm.Config{Kind: llm.KindOllama, Name: "m"}, llm.Options{HTTP: answer})
	if err != nil {
		b.Fatal(err)
	}
	show := llms.WithStreamingFunc(func(context.Context, []byte) error { return nil })
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.GenerateContent(b.Context(), prompt(), show); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEmbed is what a batch of 32 vectors of 1,024 values costs besides the model.
func BenchmarkEmbed(b *testing.B) {
	e, _ := openEmbedder(b, llmtest.Script{Dim: 1024}, func(c *llm.Config) { c.Batch = 32 })
	texts := make([]string, 32)
	for i := range texts {
		texts[i] = fmt.Sprint("第", i, "段")
	}
	for b.Loop() {
		if _, err := e.Embed(b.Context(), texts); err != nil {
			b.Fatal(err)
		}
	}
}
