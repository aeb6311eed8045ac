package library_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"wenbao/corpus"
	"wenbao/corpus/library"
)

// benchArticles is the size of the largest collection of the project's benchmarks.
const benchArticles = 16_845

// words are what made-up articles of the benchmarks consist of.
var words = strings.Fields("临江区 松岭县 江滨新区 平阜县 沙湾街道 白塔镇 柳溪镇 建成 推进 学校 医院 公交 老人 " +
	"食堂 灌渠 亩 万元 今年 明年 计划 项目 服务 居民 道路 治理 产业 园区 粮食 培训 就业 改造 小区")

// printed makes an article of about 2 KB with a passage for each 150 characters.
func printed(rnd *rand.Rand, n int) library.Record {
	r := library.Record{Article: corpus.Article{
		ID: fmt.Sprintf("%016x", n), Title: "云泽市" + words[n%len(words)],
		Parts: []corpus.Part{{ID: fmt.Sprintf("%016x", n), Source: "pages.jsonl", DocID: fmt.Sprint(n)}},
	}}
	var text strings.Builder
	for text.Len() < 2000 {
		start := text.Len()
		for text.Len()-start < 450 {
			text.WriteString(words[rnd.IntN(len(words))])
		}
		text.WriteString("。")
		span := corpus.Span{Start: start, End: text.Len()}
		r.Article.Blocks = append(r.Article.Blocks, corpus.Block{
			Kind: corpus.BlockParagraph, Span: span, Printed: []corpus.Printed{{Span: span}},
		})
		r.Passages = append(r.Passages, corpus.Passage{
			ID: fmt.Sprintf("%016x.%d", n, start), Article: r.Article.ID, Span: span,
			Text:   text.String()[start:],
			Facets: corpus.Facets{Places: []string{"云泽市", "临江区"}, Period: corpus.Years{From: 2025, To: 2025}, Kind: corpus.KindPlan},
		})
		text.WriteString("\n")
	}
	r.Article.Text = text.String()
	return r
}

// pages makes one batch for each n articles.
func pages(perBatch int) []library.Batch {
	rnd := rand.New(rand.NewPCG(1, 2))
	var batches []library.Batch
	for n := 0; n < benchArticles; n += perBatch {
		key := fmt.Sprintf("2024/%08d.txt", n)
		b := library.Batch{Key: key, Sources: []library.Source{source(key)}}
		for i := n; i < min(n+perBatch, benchArticles); i++ {
			b.Records = append(b.Records, printed(rnd, i))
		}
		batches = append(batches, b)
	}
	return batches
}

// BenchmarkWrite puts and commits all articles durably, in a file each or in one
// file.
func BenchmarkWrite(b *testing.B) {
	for name, perBatch := range map[string]int{"files": 1, "records": benchArticles} {
		batches := pages(perBatch)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				w, err := library.Begin(b.Context(), b.TempDir())
				if err != nil {
					b.Fatal(err)
				}
				put(b, w, batches...)
				if err := w.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkOpen opens and closes a library of a file for each article.
func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	commit(b, dir, pages(1)...)
	for b.Loop() {
		l, err := library.Open(dir)
		if err != nil {
			b.Fatal(err)
		}
		if err := l.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRecord reads one article; ns/op is its latency.
func BenchmarkRecord(b *testing.B) {
	dir := b.TempDir()
	commit(b, dir, pages(1)...)
	l := open(b, dir)
	ids := l.IDs()
	rnd := rand.New(rand.NewPCG(3, 4))
	for b.Loop() {
		if _, err := l.Record(ids[rnd.IntN(len(ids))]); err != nil {
			b.Fatal(err)
		}
	}
}
