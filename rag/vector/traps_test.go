package vector_test

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wenbao/rag/vector"
)

// The tests of this file are named after what chromem-go v0.7.0 does when it is
// used without care, and show that a Store does not.

// chromemUsed is everything of chromem-go that this package may name: what makes
// a collection in memory, fills it and queries it.
func chromemUsed() []string { return []string{"NewDB", "Document", "Result"} }

// chromemNever are the methods of its types that no file of this package may
// call, on whatever it has.
func chromemNever() []string {
	return []string{
		"Delete", "DeleteCollection", "Reset", "Export", "ExportToFile", "ExportToWriter", "Import",
		"ImportFromFile", "ImportFromReader", "Add", "AddConcurrently", "AddDocuments", "Query",
		"GetOrCreateCollection",
	}
}

// What behaviour cannot show, the source does: no persistent database, nothing
// deleted, no concurrent adding, and no collection without an embedding function.
func TestTrapPersistentDeleteAndNilEmbeddingFunc(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	made := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				checkSelector(t, name, n)
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "CreateCollection" {
					made++
					if embed, ok := n.Args[2].(*ast.Ident); !ok || embed.Name == "nil" {
						t.Errorf("%s makes a collection without a named embedding function", name)
					}
				}
			}
			return true
		})
	}
	if made != 1 {
		t.Errorf("collections are made in %d places, want 1", made)
	}
}

func checkSelector(t *testing.T, file string, s *ast.SelectorExpr) {
	t.Helper()
	word := s.Sel.Name
	if slices.Contains(chromemNever(), word) {
		t.Errorf("%s uses %s", file, word)
	}
	if of, ok := s.X.(*ast.Ident); ok && of.Name == "chromem" && !slices.Contains(chromemUsed(), word) {
		t.Errorf("%s uses chromem.%s", file, word)
	}
}

func TestTrapPersistentLeavesNoFiles(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	s := build(t, 4, randomRows(1, 100, 4))
	search(t, s, []float32{1, 2, 3, 4}, 10, nil)
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 0 {
		t.Errorf("searching left %v behind", left)
	}
}

// Wherever a search is cancelled, it gives the context's error and no results, or
// all results when it was done.
func TestTrapCancelledContextGivesPartialResults(t *testing.T) {
	const n, dim, k = 10_000, 8, 50
	s := build(t, dim, randomRows(1, n, dim))
	query := randomRows(2, 1, dim)
	want := search(t, s, query, k, nil)
	cancelled := 0
	for looks := range int64(10) {
		got, err := s.Search(cancelAfter(looks), query, k, nil)
		switch {
		case err == nil:
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("after %d looks, partial results and no error (-want +got):\n%s", looks, diff)
			}
		case !errors.Is(err, context.Canceled):
			t.Fatalf("after %d looks: %v, want the context's error", looks, err)
		case got != nil:
			t.Fatalf("after %d looks, results beside the error", looks)
		default:
			cancelled++
		}
	}
	// Before it starts, after its first look, and after two looks at least while it
	// reads so many rows; the last of them leaves the cancelling to chromem.
	if cancelled < 4 {
		t.Errorf("%d searches were cancelled, want 4", cancelled)
	}
}

// lookedAt is a context that is cancelled right after it has been looked at so many
// times. Unlike one that a timer cancels, it always stops a search at one place.
type lookedAt struct {
	context.Context
	left   atomic.Int64
	cancel context.CancelFunc
}

func cancelAfter(looks int64) context.Context {
	c := &lookedAt{}
	c.Context, c.cancel = context.WithCancel(context.Background())
	c.left.Store(looks)
	if looks == 0 {
		c.cancel()
	}
	return c
}

func (c *lookedAt) Err() error {
	err := c.Context.Err()
	if c.left.Add(-1) == 0 {
		c.cancel()
	}
	return err
}

func TestTrapMoreResultsThanDocuments(t *testing.T) {
	rows := []float32{1, 0, 0, 1, 0, 0} // the last one is never found
	s := build(t, 2, rows)
	for _, k := range []int{2, 3, 4, 1000, math.MaxInt} {
		if got := docs(search(t, s, []float32{1, 0.5}, k, nil)); !slices.Equal(got, []uint32{0, 1}) {
			t.Errorf("k of %d finds %v, want both documents", k, got)
		}
	}
	allow := setOf(3, func(doc uint32) bool { return doc == 1 })
	if got := docs(search(t, s, []float32{1, 0.5}, 1000, allow)); !slices.Equal(got, []uint32{1}) {
		t.Errorf("a filter and a large k find %v, want document 1", got)
	}
}

func TestTrapWrongDimensionPoisonsEveryQuery(t *testing.T) {
	s := build(t, 3, randomRows(1, 50, 3))
	for _, query := range [][]float32{nil, {1}, {1, 2}, {1, 2, 3, 4}} {
		got, err := s.Search(t.Context(), query, 5, nil)
		if !errors.Is(err, vector.ErrDimension) || got != nil {
			t.Errorf("%d values: %v, %v, want ErrDimension", len(query), got, err)
		}
	}
	if got := search(t, s, []float32{1, 2, 3}, 5, nil); len(got) != 5 {
		t.Errorf("%d results afterwards, want 5", len(got))
	}
}

func TestTrapVectorsNotNormalised(t *testing.T) {
	// Every length of the same three directions, from denormal to near overflow.
	directions := []float32{3, 4, 4, 3, -3, 4}
	want := search(t, build(t, 2, directions), []float32{1, 0}, 3, nil)
	for _, length := range []float32{1e-40, 1e-20, 0.001, 7, 1e20, 5e37} {
		scaled := slices.Clone(directions)
		for i := range scaled {
			scaled[i] *= length
		}
		got := search(t, build(t, 2, scaled), []float32{length, 0}, 3, nil)
		for i, score := range got {
			// 1e-40 has four digits left.
			if score.Doc != want[i].Doc || math.Abs(float64(score.Cosine-want[i].Cosine)) > 1e-3 {
				t.Errorf("vectors of length %v give %v, want %v", length, got, want)
			}
		}
	}
}

func TestTrapZeroVectorGivesNaN(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	s := build(t, 2, []float32{
		0, 0,
		1, 0,
		nan, 1,
		1, nan,
		inf, 0,
		0, 1,
	})
	if s.Len() != 6 {
		t.Errorf("%d rows, want 6: rows without a direction keep their number", s.Len())
	}
	got := search(t, s, []float32{1, 1}, 6, nil)
	if !slices.Equal(docs(got), []uint32{1, 5}) {
		t.Errorf("found %v, want documents 1 and 5", got)
	}
	for _, score := range got {
		if math.IsNaN(float64(score.Cosine)) {
			t.Errorf("cosine of document %d is NaN", score.Doc)
		}
	}
}

func TestTrapTiesInRandomOrder(t *testing.T) {
	// 300 documents of three directions, so that ties cross every cut.
	const n, k, runs = 300, 70, 100
	var rows []float32
	r := rand.New(rand.NewPCG(5, 5))
	for range n {
		rows = append(rows, [][]float32{{1, 0}, {1, 1}, {0, 1}}[r.IntN(3)]...)
	}
	s := build(t, 2, rows)
	query := []float32{1, 0.9}
	want := exact(rows, query, k, nil)
	for range runs {
		if got := docs(search(t, s, query, k, nil)); !slices.Equal(got, want) {
			t.Fatalf("order is %v, want %v", got, want)
		}
	}
}

// unreachable stands for the network and fails the test when it is used.
type unreachable struct{ t *testing.T }

func (u unreachable) RoundTrip(r *http.Request) (*http.Response, error) {
	u.t.Errorf("a request to %s", r.URL.Host)
	return nil, errors.New("no network in tests")
}

// See also TestTrapPersistentDeleteAndNilEmbeddingFunc.
func TestTrapNilEmbeddingFuncCallsACloud(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "not-a-key")
	before := http.DefaultTransport
	http.DefaultTransport = unreachable{t}
	t.Cleanup(func() { http.DefaultTransport = before })

	s := build(t, 2, []float32{0, 0, 1, 0, 0, 1})
	for _, query := range [][]float32{{1, 2}, {0, 0}, {}, nil} {
		// Errors about dimensions are another test's; here only requests count.
		_, _ = s.Search(t.Context(), query, 3, nil)
	}
}

// Whatever chromem shares with its callers ends with the search: vectors handed
// in, and results handed out, can be changed at will.
func TestTrapAliasing(t *testing.T) {
	rows := randomRows(1, 200, 8)
	query := randomRows(2, 1, 8)
	s := build(t, 8, rows)
	want := search(t, s, query, 10, nil)
	got := search(t, s, query, 10, nil)
	for i := range got {
		got[i] = vector.Score{}
	}
	clear(rows)
	if diff := cmp.Diff(want, search(t, s, query, 10, nil)); diff != "" {
		t.Errorf("results changed (-before +after):\n%s", diff)
	}
}

func TestTrapConcurrentUse(t *testing.T) {
	const dim = 16
	rows := randomRows(1, 500, dim)
	s := build(t, dim, rows)
	want := search(t, s, rows[:dim], 10, nil)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				got, err := s.Search(context.Background(), rows[:dim], 10, nil)
				if err != nil || !slices.Equal(got, want) {
					t.Errorf("got %v, %v, want %v", got, err, want)
				}
				if _, err := s.Merge(nil, s); err != nil {
					t.Error(err)
				}
				s.AppendTo(nil)
			}
		})
	}
	wg.Wait()
}
