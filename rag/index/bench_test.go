package index_test

import (
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
