package vector_test

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"wenbao/rag/bitset"
	"wenbao/rag/vector"
)

// The size of the news collection that the project measures itself on.
const (
	benchRows = 67_000
	benchDim  = 256
)

// clusteredRows returns n rows that scatter around one centre in a hundred.
func clusteredRows(n, dim int) []float32 {
	r := rand.New(rand.NewPCG(11, 12))
	centres := randomRows(13, n/100+1, dim)
	rows := make([]float32, 0, n*dim)
	for range n {
		at := r.IntN(len(centres)/dim) * dim
		for _, c := range centres[at : at+dim] {
			rows = append(rows, c+float32(r.Float64()*2-1))
		}
	}
	return rows
}

func BenchmarkSearch(b *testing.B) {
	rows := clusteredRows(benchRows, benchDim)
	s := build(b, benchDim, rows)
	every := func(share uint32) *bitset.Set {
		return setOf(benchRows, func(doc uint32) bool { return doc%share == 0 })
	}
	tests := []struct {
		name  string
		allow *bitset.Set
		k     int
	}{
		{"all", nil, 20},
		{"all", nil, 200},
		{"tenth", every(10), 20},
		{"thousandth", every(1000), 20},
	}
	for _, bb := range tests {
		b.Run(bb.name+"/k="+strconv.Itoa(bb.k), func(b *testing.B) {
			doc := 0
			for b.Loop() {
				doc = (doc + 6007) % benchRows
				search(b, s, rows[doc*benchDim:(doc+1)*benchDim], bb.k, bb.allow)
			}
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	rows := clusteredRows(benchRows/10, benchDim)
	b.SetBytes(int64(4 * len(rows)))
	for b.Loop() {
		build(b, benchDim, rows)
	}
}

func BenchmarkRead(b *testing.B) {
	data := build(b, benchDim, clusteredRows(benchRows, benchDim)).AppendTo(nil)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := vector.Read(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMerge(b *testing.B) {
	s := build(b, benchDim, clusteredRows(benchRows, benchDim))
	add := build(b, benchDim, clusteredRows(10, benchDim))
	keep := setOf(benchRows, func(doc uint32) bool { return doc%1000 != 0 })
	for b.Loop() {
		if _, err := s.Merge(keep, add); err != nil {
			b.Fatal(err)
		}
	}
}
