package index_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"wenbao/corpus"
	"wenbao/corpus/library"
	"wenbao/rag"
	"wenbao/rag/embed"
	"wenbao/rag/index"
)

// many makes n articles of four passages, each of so many made-up sentences.
func many(n, sentences int) []library.Record {
	places := []string{"临江区", "松岭县", "平阜县", "江滨新区"}
	verbs := []string{"建成", "开工建设", "改造提升", "新增", "规划"}
	things := []string{"老年食堂", "养老服务中心", "高标准农田", "环湖公路", "竹编产业园", "实验小学", "社区卫生站", "口袋公园"}
	rng := rand.New(rand.NewPCG(1, 2))
	pick := func(words []string) string { return words[rng.IntN(len(words))] }
	out := make([]library.Record, n)
	for i := range out {
		place := pick(places)
		var passages []said
		for range 4 {
			var text strings.Builder
			for range sentences {
				fmt.Fprintf(&text, "%s%s%s%d处，总投资%d万元。", place, pick(verbs), pick(things), rng.IntN(90)+1, rng.IntN(9000)+100)
			}
			year := corpus.Years{From: 2024 + rng.IntN(2)}
			year.To = year.From
			passages = append(passages, said{text: text.String(), facets: corpus.Facets{Places: []string{place}, Period: year}})
		}
		out[i] = article(fmt.Sprintf("a%06d", i), place+pick(verbs)+pick(things), "云泽日报", newYearsEve, passages...)
	}
	return out
}

func BenchmarkSearch(b *testing.B) {
	ix := build(b, embed.New(), many(2000, 6)...)
	query := rag.Query{Text: "临江区2025年新增多少处老年食堂？", Places: []string{"临江区"}, Periods: []corpus.Years{year(2025)}}
	filtered := query
	filtered.Filter = rag.Filter{Places: []string{"临江区"}, Years: year(2025)}
	for _, c := range []struct {
		name   string
		query  rag.Query
		system index.System
	}{{"lexical", query, index.Lexical}, {"dense", query, index.Dense}, {"hybrid", query, index.Hybrid}, {"filtered", filtered, index.Hybrid}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				search(b, ix, c.query, index.SearchOptions{System: c.system})
			}
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	rs := many(500, 6)
	for b.Loop() {
		build(b, embed.New(), rs...)
	}
}

// wide gives vectors of as many values as large models do, for nothing.
type wide struct{ pairs }

func (*wide) Dim() int { return 1024 }

func (e *wide) Embed(_ context.Context, texts []string) ([][]float32, error) {
	e.texts.Add(int64(len(texts)))
	out := make([][]float32, len(texts))
	for i, text := range texts {
		out[i] = make([]float32, e.Dim())
		out[i][len(text)%e.Dim()] = 1
	}
	return out, nil
}

// BenchmarkBuildKept is a build of 8,000 passages by words, with vectors made for
// nothing, with the same kept in a log, and with all of them read from one.
func BenchmarkBuildKept(b *testing.B) {
	rs := index.NewMemory(many(2000, 6))
	e := &wide{}
	run := func(b *testing.B, opt index.Options) {
		if _, err := index.Build(b.Context(), rs, opt); err != nil {
			b.Fatal(err)
		}
	}
	for _, c := range []struct {
		name string
		opt  func() index.Options
	}{
		{"words", func() index.Options { return options(nil) }},
		{"vectors", func() index.Options { return options(e) }},
		{"kept", func() index.Options { return keeping(b.TempDir(), e) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				run(b, c.opt())
			}
		})
	}
	b.Run("read", func(b *testing.B) {
		opt := keeping(b.TempDir(), e)
		run(b, opt)
		before := e.texts.Load()
		for b.Loop() {
			run(b, opt)
		}
		if n := e.texts.Load() - before; n > 0 {
			b.Errorf("%d texts were embedded again", n)
		}
	})
}
