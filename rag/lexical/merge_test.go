package lexical_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"wenbao/corpus/panics"
	"wenbao/rag/bitset"
	"wenbao/rag/lexical"
)

// articles cuts bodies into articles of three documents each.
func articles(bodies []string) [][]lexical.Document {
	var all [][]lexical.Document
	for three := range slices.Chunk(bodies, 3) {
		var article []lexical.Document
		for _, body := range three {
			article = append(article, lexical.Document{Context: "云泽日报 " + three[0], Body: body})
		}
		all = append(all, article)
	}
	return all
}

func buildArticles(t testing.TB, all [][]lexical.Document) *lexical.Index {
	t.Helper()
	b := lexical.NewBuilder(analyzer(t))
	for _, article := range all {
		b.Add(article...)
	}
	return b.Build()
}

func TestMergeGivesWhatBuildingAgainWould(t *testing.T) {
	all := articles(paper(60)) // 20 articles
	tests := []struct {
		name      string
		first     [][]lexical.Document
		keep      func(doc int) bool // nil keeps all
		add       [][]lexical.Document
		wantFirst func([][]lexical.Document) [][]lexical.Document
	}{
		{"append", all[:12], nil, all[12:], keepAll},
		{"append to nothing", nil, nil, all, keepAll},
		{"add nothing", all, nil, nil, keepAll},
		{"drop all", all[:12], func(int) bool { return false }, all[12:], func([][]lexical.Document) [][]lexical.Document { return nil }},
		{"drop articles", all[:12], func(doc int) bool { return doc/3%2 == 0 }, all[12:], func(a [][]lexical.Document) [][]lexical.Document {
			var kept [][]lexical.Document
			for i := 0; i < len(a); i += 2 {
				kept = append(kept, a[i])
			}
			return kept
		}},
		{"drop the first documents of articles", all[:12], func(doc int) bool { return doc%3 != 0 }, nil, func(a [][]lexical.Document) [][]lexical.Document {
			var kept [][]lexical.Document
			for _, article := range a {
				kept = append(kept, article[1:])
			}
			return kept
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			first := buildArticles(t, tt.first)
			var keep *bitset.Set
			if tt.keep != nil {
				keep = bitset.New(first.Len())
				for doc := range first.Len() {
					if tt.keep(doc) {
						keep.Add(uint32(doc))
					}
				}
			}
			before := first.AppendTo(nil)
			merged, err := first.Merge(keep, buildArticles(t, tt.add))
			if err != nil {
				t.Fatal(err)
			}
			want := buildArticles(t, slices.Concat(tt.wantFirst(tt.first), tt.add))
			if !bytes.Equal(merged.AppendTo(nil), want.AppendTo(nil)) {
				t.Error("the merged index differs from one built of the same documents")
			}
			if !bytes.Equal(first.AppendTo(nil), before) {
				t.Error("merging changed the index")
			}
			if got, want := search(t, merged, "养老", lexical.SearchOptions{}), search(t, want, "养老", lexical.SearchOptions{}); !slices.Equal(got, want) {
				t.Errorf("found %v, want %v", got, want)
			}
		})
	}
}

func keepAll(all [][]lexical.Document) [][]lexical.Document { return all }

func TestMergeWithNothing(t *testing.T) {
	ix := build(t, paper(10)...)
	merged, err := ix.Merge(nil, nil)
	if err != nil || !bytes.Equal(merged.AppendTo(nil), ix.AppendTo(nil)) {
		t.Errorf("merging nothing changes the index (error %v)", err)
	}
}

func TestMergeRefusesAnotherAnalyzer(t *testing.T) {
	other, err := plain()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := build(t, "养老").Merge(nil, lexical.NewBuilder(other).Build()); !errors.Is(err, lexical.ErrAnalyzer) {
		t.Errorf("Merge: %v, want ErrAnalyzer", err)
	}
}

// TestBuildPanics: shards are analysed by goroutines, and a panic there comes out of
// Build.
func TestBuildPanics(t *testing.T) {
	b := lexical.NewBuilder(nil)
	b.Add(lexical.Document{Body: "临江区新增养老床位"})
	if p := panics.Catch(func() { b.Build() }); p == nil || !strings.Contains(p.At, "builder.go") {
		t.Errorf("Build without an analyzer panics with %v", p)
	}
}
