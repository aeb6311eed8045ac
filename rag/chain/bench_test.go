package chain_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tmc/langchaingo/llms"

	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/chain"
	"wenbao/rag/eval"
)

// benchData names the environment variable with the folder of the data sets;
// without it the large benchmark is skipped.
const benchData = "WENBAO_BENCH"

// instant is a model that answers at once, a few characters at a time: with text,
// or where that is "" with the first sentence of each of the first passages.
type instant struct {
	text string
	size int // characters said at once; 0 means 2, about a token
}

// quoted is how many sentences an instant model without a text writes.
const quoted = 6

// written is what the model says to a prompt.
func (m instant) written(messages []llms.MessageContent) string {
	if m.text != "" {
		return m.text
	}
	var out strings.Builder
	user := messages[len(messages)-1].Parts[0].(llms.TextContent).Text
	for i, b := range blocks(user)[:min(quoted, len(blocks(user)))] {
		_, text, _ := strings.Cut(b, "\n")
		if spans := zh.Sentences(text); len(spans) > 0 {
			fmt.Fprintf(&out, "%s[%d]\n", spans[0].In(text), i+1)
		}
	}
	return out.String()
}

func (m instant) Name() string                      { return "instant" }
func (m instant) ContextTokens(context.Context) int { return 8192 }

func (m instant) Call(ctx context.Context, prompt string, options ...llms.CallOption) (string, error) {
	return llms.GenerateFromSinglePrompt(ctx, m, prompt, options...)
}

func (m instant) GenerateContent(ctx context.Context, messages []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	var opts llms.CallOptions
	for _, o := range options {
		o(&opts)
	}
	text := m.written(messages)
	for token := range slices.Chunk([]rune(text), cmp.Or(m.size, 2)) {
		if opts.StreamingFunc == nil {
			break
		}
		if err := opts.StreamingFunc(ctx, []byte(string(token))); err != nil {
			return nil, err
		}
	}
	return &llms.ContentResponse{Choices: []*llms.ContentChoice{{Content: text, StopReason: "stop"}}}, nil
}

// BenchmarkOverhead is all of an answer but the model: extract, pack, prompt, the
// check of every sentence as it comes, and of the whole.
func BenchmarkOverhead(b *testing.B) {
	p := sample(b)
	c := p.search(b, question)
	for name, text := range map[string]string{
		"two-sentences": good,
		"eight-sentences": good + "新建老年助餐点20个[1]。临江区2025年计划新增养老床位900张[1]。沙湾街道、白塔镇各建一处养老服务综合体[1]。" +
			"2024年临江区新增养老床位320张[2]。临江区建成老年助餐点38个[2]。江滨新区2025年计划新增养老床位400张[3]。",
	} {
		b.Run(name, func(b *testing.B) {
			a := p.with(b, instant{text: text})
			for b.Loop() {
				if _, err := a.Answer(b.Context(), c.query, c.hits); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("extract-alone", func(b *testing.B) {
		for b.Loop() {
			if _, err := p.engine.Answerer.Answer(b.Context(), c.query, c.hits); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("cached", func(b *testing.B) {
		a := p.with(b, instant{text: good}, func(o *chain.Options) { o.Cache = chain.NewCache(1) })
		for b.Loop() {
			if _, err := a.Answer(b.Context(), c.query, c.hits); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkOverheadCrud is the same over crud_news, understanding and searching
// the question included, with the same for the answer without a model. Run it with
// -benchtime 200x.
func BenchmarkOverheadCrud(b *testing.B) {
	dir := os.Getenv(benchData)
	if dir == "" {
		b.Skip(benchData + " is not set")
	}
	questions, err := eval.ReadFile(filepath.Join(dir, "crud_news.queries.jsonl.gz"), eval.ReadJudged)
	if err != nil {
		b.Fatal(err)
	}
	p, err := open(b.Context(), filepath.Join(dir, "crud_news.corpus.jsonl.gz"))
	if err != nil {
		b.Fatal(err)
	}
	generative := *p.engine
	generative.Answerer = p.with(b, instant{})
	for name, e := range map[string]*rag.Engine{"extractive": p.engine, "generative": &generative} {
		b.Run(name, func(b *testing.B) {
			var times []time.Duration
			kept := 0
			for i := 0; b.Loop(); i++ {
				begun := time.Now()
				a, err := e.Ask(b.Context(), rag.Question{Text: questions[i%len(questions)].Question})
				if err != nil {
					b.Fatal(err)
				}
				times = append(times, time.Since(begun))
				if a.Mode == rag.Generative {
					kept++
				}
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "p95-ms")
			b.ReportMetric(float64(kept)/float64(len(times)), "generative")
		})
	}
}
