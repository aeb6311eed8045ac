package vector_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wenbao/rag/bitset"
	"wenbao/rag/vector"
)

// randomRows returns n rows of dim normally distributed values.
func randomRows(seed uint64, n, dim int) []float32 {
	r := rand.New(rand.NewPCG(seed, 1))
	rows := make([]float32, n*dim)
	for i := range rows {
		rows[i] = float32(r.NormFloat64())
	}
	return rows
}

func build(t testing.TB, dim int, rows []float32) *vector.Store {
	t.Helper()
	s, err := vector.Build(dim, rows)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func search(t testing.TB, s *vector.Store, query []float32, k int, allow *bitset.Set) []vector.Score {
	t.Helper()
	scores, err := s.Search(t.Context(), query, k, allow)
	if err != nil {
		t.Fatal(err)
	}
	return scores
}

// setOf returns the set over [0, n) of the numbers that keep lets through.
func setOf(n int, keep func(doc uint32) bool) *bitset.Set {
	s := bitset.New(n)
	for doc := range uint32(n) {
		if keep(doc) {
			s.Add(doc)
		}
	}
	return s
}

func docs(scores []vector.Score) []uint32 {
	var out []uint32
	for _, s := range scores {
		out = append(out, s.Doc)
	}
	return out
}

// exact ranks every allowed row by cosine in float64, without quantising.
func exact(rows, query []float32, k int, allow *bitset.Set) []uint32 {
	type scored struct {
		doc    uint32
		cosine float64
	}
	dim := len(query)
	var all []scored
	for doc := range uint32(len(rows) / dim) {
		if allow != nil && !allow.Has(doc) {
			continue
		}
		all = append(all, scored{doc, cosine(rows[int(doc)*dim:][:dim], query)})
	}
	slices.SortFunc(all, func(a, b scored) int {
		switch {
		case a.cosine > b.cosine:
			return -1
		case a.cosine < b.cosine:
			return 1
		}
		return int(a.doc) - int(b.doc)
	})
	var out []uint32
	for _, s := range all[:min(k, len(all))] {
		out = append(out, s.doc)
	}
	return out
}

func cosine(a, b []float32) float64 {
	var product, aa, bb float64
	for i := range a {
		product += float64(a[i]) * float64(b[i])
		aa += float64(a[i]) * float64(a[i])
		bb += float64(b[i]) * float64(b[i])
	}
	return product / math.Sqrt(aa*bb)
}

func TestSearchRanksByCosine(t *testing.T) {
	s := build(t, 2, []float32{
		0, 1, // 90° from the question
		1, 0, // 0°
		1, 1, // 45°
		-1, 0, // 180°
	})
	got := search(t, s, []float32{1, 0}, 4, nil)
	if want := []uint32{1, 2, 0, 3}; !slices.Equal(docs(got), want) {
		t.Errorf("order is %v, want %v", docs(got), want)
	}
	for i, want := range []float64{1, math.Sqrt2 / 2, 0, -1} {
		if math.Abs(float64(got[i].Cosine)-want) > 1e-6 {
			t.Errorf("cosine %d is %v, want %v", i, got[i].Cosine, want)
		}
	}
}

func TestSearchFindsWhatAnExactSearchFinds(t *testing.T) {
	tests := []struct {
		name   string
		n, dim int
		share  uint32 // one document in so many is allowed; 0 for no filter
	}{
		{"few", 7, 256, 0},
		{"many", 2000, 256, 0},
		{"dimension that does not fill its last word", 2000, 101, 0},
		{"large dimension", 50, vector.MaxDim, 0},
		{"half allowed", 2000, 256, 2},
		{"few allowed", 2000, 256, 300},
	}
	const k, queries = 20, 6
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rows := randomRows(1, tt.n, tt.dim)
			s := build(t, tt.dim, rows)
			var allow *bitset.Set
			if tt.share > 0 {
				allow = setOf(tt.n, func(doc uint32) bool { return doc%tt.share == 0 })
			}
			asked := randomRows(2, queries, tt.dim)
			found, wanted := 0, 0
			for i := range queries {
				query := asked[i*tt.dim : (i+1)*tt.dim]
				want := exact(rows, query, k, allow)
				got := search(t, s, query, k, allow)
				if len(got) != len(want) {
					t.Fatalf("%d results, want %d", len(got), len(want))
				}
				for _, score := range got {
					if slices.Contains(want, score.Doc) {
						found++
					}
					if diff := math.Abs(float64(score.Cosine) - cosine(rows[int(score.Doc)*tt.dim:][:tt.dim], query)); diff > 0.01 {
						t.Errorf("cosine of document %d is off by %v", score.Doc, diff)
					}
				}
				wanted += len(want)
			}
			// Random directions are the hardest case: their cosines lie closest together.
			if recall := float64(found) / float64(wanted); recall < 0.95 {
				t.Errorf("recall is %.3f, want 0.95", recall)
			}
		})
	}
}

func TestSearchForFewIsTheBeginningOfASearchForMany(t *testing.T) {
	const n, dim, queries = 1000, 64, 30
	s := build(t, dim, randomRows(1, n, dim))
	asked := randomRows(2, queries, dim)
	for i := range queries {
		query := asked[i*dim : (i+1)*dim]
		many := search(t, s, query, 100, nil)
		for _, k := range []int{1, 5, 20} {
			if diff := cmp.Diff(many[:k], search(t, s, query, k, nil)); diff != "" {
				t.Errorf("question %d: the best %d differ from the first of 100 (-many +few):\n%s", i, k, diff)
			}
		}
	}
}

func TestSearchFiltersBeforeChoosing(t *testing.T) {
	const n, dim = 500, 16
	rows := randomRows(3, n, dim)
	s := build(t, dim, rows)
	query := rows[:dim]
	best := docs(search(t, s, query, 50, nil))
	allow := setOf(n, func(doc uint32) bool { return !slices.Contains(best, doc) })
	got := search(t, s, query, 20, allow)
	if len(got) != 20 {
		t.Fatalf("%d results, want 20: the filter cost some", len(got))
	}
	for _, score := range got {
		if !allow.Has(score.Doc) {
			t.Errorf("document %d is not allowed", score.Doc)
		}
	}
}

func TestSearchIgnoresAllowedNumbersBeyondTheStore(t *testing.T) {
	s := build(t, 2, []float32{1, 0, 0, 1})
	allow := bitset.New(1000)
	allow.Add(1)
	allow.Add(2)
	allow.Add(999)
	if got := docs(search(t, s, []float32{1, 0}, 10, allow)); !slices.Equal(got, []uint32{1}) {
		t.Errorf("found %v, want only document 1", got)
	}
}

func TestSearchGivesNothingForNothing(t *testing.T) {
	full := build(t, 2, []float32{1, 0, 0, 1})
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	tests := []struct {
		name  string
		store *vector.Store
		query []float32
		k     int
		allow *bitset.Set
	}{
		{"zero Store", &vector.Store{}, []float32{1, 0}, 5, nil},
		{"empty Store", build(t, 2, nil), []float32{1, 0}, 5, nil},
		{"zero query", full, []float32{0, 0}, 5, nil},
		{"NaN first", full, []float32{nan, 1}, 5, nil},
		{"NaN last", full, []float32{1, nan}, 5, nil},
		{"infinity", full, []float32{inf, 1}, 5, nil},
		{"k of 0", full, []float32{1, 0}, 0, nil},
		{"negative k", full, []float32{1, 0}, -1, nil},
		{"nothing allowed", full, []float32{1, 0}, 5, bitset.New(2)},
		{"empty filter", full, []float32{1, 0}, 5, &bitset.Set{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := search(t, tt.store, tt.query, tt.k, tt.allow); got != nil {
				t.Errorf("found %v", got)
			}
		})
	}
}

func TestSearchLeavesItsArgumentsAlone(t *testing.T) {
	rows, query := []float32{3, 4, 0, 2}, []float32{30, 40}
	keptRows, keptQuery := slices.Clone(rows), slices.Clone(query)
	s := build(t, 2, rows)
	first := search(t, s, query, 2, nil)
	first[0].Doc = 99
	if diff := cmp.Diff([][]float32{keptRows, keptQuery}, [][]float32{rows, query}); diff != "" {
		t.Errorf("arguments changed (-before +after):\n%s", diff)
	}
	if again := search(t, s, query, 2, nil); again[0].Doc != 0 {
		t.Errorf("a caller's change to its results shows in the next ones: %v", again)
	}
}

func TestBuildRefusesOddShapes(t *testing.T) {
	tests := []struct {
		name string
		dim  int
		rows []float32
	}{
		{"dimension 0", 0, nil},
		{"negative dimension", -1, nil},
		{"too large a dimension", vector.MaxDim + 1, nil},
		{"half a row", 2, []float32{1, 2, 3}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := vector.Build(tt.dim, tt.rows); !errors.Is(err, vector.ErrDimension) {
				t.Errorf("error is %v, want ErrDimension", err)
			}
		})
	}
}

func TestMerge(t *testing.T) {
	a := build(t, 2, []float32{1, 0, 0, 1, -1, 0})
	b := build(t, 2, []float32{0, -1})
	keep := setOf(3, func(doc uint32) bool { return doc != 1 })
	tests := []struct {
		name string
		base *vector.Store
		keep *bitset.Set
		add  *vector.Store
		want *vector.Store
	}{
		{"keep some and add", a, keep, b, build(t, 2, []float32{1, 0, -1, 0, 0, -1})},
		{"keep all", a, nil, b, build(t, 2, []float32{1, 0, 0, 1, -1, 0, 0, -1})},
		{"only remove", a, keep, nil, build(t, 2, []float32{1, 0, -1, 0})},
		{"keep none", a, bitset.New(3), b, b},
		{"into the zero Store", &vector.Store{}, nil, a, a},
		{"the zero Store", a, nil, &vector.Store{}, a},
		{"numbers beyond", b, bitset.Full(100), nil, b},
		{"nothing and nothing", &vector.Store{}, nil, nil, &vector.Store{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := tt.base.AppendTo(nil)
			got, err := tt.base.Merge(tt.keep, tt.add)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.AppendTo(nil), tt.want.AppendTo(nil)) {
				t.Errorf("merged Store of %d rows differs from one built at once", got.Len())
			}
			if !slices.Equal(tt.base.AppendTo(nil), before) {
				t.Error("merging changed the Store")
			}
			query := []float32{-1, 0.25}
			if got.Len() > 0 {
				if diff := cmp.Diff(search(t, tt.want, query, 9, nil), search(t, got, query, 9, nil)); diff != "" {
					t.Errorf("results differ (-built +merged):\n%s", diff)
				}
			}
		})
	}
}

func TestMergeRefusesAnotherDimension(t *testing.T) {
	a, b := build(t, 2, []float32{1, 0}), build(t, 3, []float32{1, 0, 0})
	if _, err := a.Merge(nil, b); !errors.Is(err, vector.ErrDimension) {
		t.Errorf("error is %v, want ErrDimension", err)
	}
}
