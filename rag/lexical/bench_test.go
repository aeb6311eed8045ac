package lexical_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"wenbao/rag/lexical"
)

// paper writes n passages of about 100 characters, the same on every call.
func paper(n int) []string {
	rng := rand.New(rand.NewPCG(1, 2))
	places := []string{"云泽市", "临江区", "松岭县", "江滨新区", "平阜县", "沙湾街道", "白塔镇", "柳溪镇"}
	verbs := []string{"推进", "建成", "计划", "改造", "完成", "启动", "实施", "新增", "扩建", "培训"}
	things := []string{"养老服务中心", "农村道路", "老旧小区", "社区医院", "幼儿园", "湿地公园", "产业园区", "灌溉水渠", "助餐点", "图书馆", "污水管网", "技能培训"}
	one := func(words []string) string { return words[rng.IntN(len(words))] }
	passages := make([]string, n)
	for i := range passages {
		var b strings.Builder
		for range 6 {
			fmt.Fprintf(&b, "%d年，%s%s%s，涉及%d户。", 2020+rng.IntN(6), one(places), one(verbs), one(things), rng.IntN(3000))
		}
		passages[i] = b.String()
	}
	return passages
}

func BenchmarkNewAnalyzer(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := lexical.NewAnalyzer([]string{"临江区"}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWords(b *testing.B) {
	a := analyzer(b)
	text := strings.Join(paper(100), "\n")
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		a.Words(text)
	}
}

func BenchmarkBigrams(b *testing.B) {
	text := strings.Join(paper(100), "\n")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		lexical.Bigrams(text)
	}
}

func BenchmarkBuild(b *testing.B) {
	passages := paper(20_000)
	size := 0
	for _, p := range passages {
		size += len(p)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		build(b, passages...)
	}
}

func BenchmarkMerge(b *testing.B) {
	old, add := build(b, paper(20_000)...), build(b, paper(50)...)
	for b.Loop() {
		if _, err := old.Merge(nil, add); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	data := build(b, paper(20_000)...).AppendTo(nil)
	for b.Loop() {
		open(b, data)
	}
}

func BenchmarkSearch(b *testing.B) {
	ix := build(b, paper(20_000)...)
	for _, q := range []string{"助餐点", "临江区2025年养老服务方面有什么计划？"} {
		b.Run(q, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				search(b, ix, q, lexical.SearchOptions{})
			}
		})
	}
}
