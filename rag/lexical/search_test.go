package lexical_test

import (
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"wenbao/rag/bitset"
	"wenbao/rag/lexical"
)

// build indexes every body as an article of its own.
func build(t testing.TB, bodies ...string) *lexical.Index {
	t.Helper()
	b := lexical.NewBuilder(analyzer(t))
	for _, body := range bodies {
		b.Add(lexical.Document{Body: body})
	}
	return b.Build()
}

func search(t testing.TB, ix *lexical.Index, q string, opt lexical.SearchOptions) []lexical.Score {
	t.Helper()
	scores, err := ix.Search(q, opt)
	if err != nil {
		t.Fatal(err)
	}
	return scores
}

func docs(scores []lexical.Score) []uint32 {
	var found []uint32
	for _, s := range scores {
		found = append(found, s.Doc)
	}
	return found
}

// near compares to the last digits that a 32-bit norm keeps.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*max(math.Abs(a), math.Abs(b)) }

func TestScoreIsBM25(t *testing.T) {
	// Latin words are the same term in both fields.
	scores := search(t, build(t, "alpha beta", "beta gamma gamma"), "gamma", lexical.SearchOptions{})
	if len(scores) != 1 {
		t.Fatalf("scores = %+v, want one", scores)
	}
	idf := math.Log(1 + (2-1+0.5)/(1+0.5))                                                               // one of two documents has it: ln 2 = 0.6931
	norm := 1.2 * (1 - 0.75 + 0.75*3/2.5)                                                                // 3 terms where the average is 2.5: 1.38
	part := idf * 2 * (1.2 + 1) / (2 + norm)                                                             // twice in it: 0.9023
	article := 0.5 * 2 * part                                                                            // the article is this document
	want := lexical.Score{Doc: 1, Words: part, Bigrams: part, Article: article, Total: 2*part + article} // 2.7069
	got := scores[0]
	if got.Doc != want.Doc || !near(got.Words, want.Words) || !near(got.Bigrams, want.Bigrams) ||
		!near(got.Article, want.Article) || !near(got.Total, want.Total) {
		t.Errorf("score = %+v, want %+v", got, want)
	}
}

func TestPossibleCountsEveryTermOnce(t *testing.T) {
	ix := build(t, "alpha beta", "beta gamma gamma")
	one := math.Log(1 + (2-1+0.5)/(1+0.5)) // one of two documents has it
	both := math.Log(1 + 0.5/(2+0.5))
	none := math.Log(1 + (2+0.5)/0.5)
	tests := []struct {
		q    string
		want float64
	}{
		{"gamma", one},
		{"gamma gamma beta", one + both},
		{"delta gamma", none + one},
		{"", 0},
	}
	for _, tt := range tests {
		if got := ix.Possible(tt.q); !near(got, tt.want) {
			t.Errorf("Possible(%q) = %v, want %v", tt.q, got, tt.want)
		}
	}
}

func TestContextCounts(t *testing.T) {
	b := lexical.NewBuilder(analyzer(t))
	b.Add(lexical.Document{Context: "alpha", Body: "beta"}, lexical.Document{Context: "alpha", Body: "beta gamma"})
	b.Add(lexical.Document{Context: "delta", Body: "beta"})
	scores := search(t, b.Build(), "alpha", lexical.SearchOptions{})
	if got := docs(scores); !slices.Equal(got, []uint32{0, 1}) {
		t.Fatalf("found %v, want the first article's documents, the shorter one first", got)
	}
	idf := math.Log(1 + (3-2+0.5)/(2+0.5))
	norm := 1.2 * (0.25 + 0.75*2/(7.0/3)) // lengths 2, 3 and 2
	if want := idf * 2.2 / (1 + norm); !near(scores[0].Words, want) {
		t.Errorf("Words = %v, want %v", scores[0].Words, want)
	}
	// In the article the context counts once; it has 4 terms, the other one 2.
	norm = 1.2 * (0.25 + 0.75*4/3)
	if want := 0.5 * 2 * idf * 2.2 / (1 + norm); !near(scores[0].Article, want) {
		t.Errorf("Article = %v, want %v", scores[0].Article, want)
	}
}

func TestArticleLiftsItsDocuments(t *testing.T) {
	b := lexical.NewBuilder(analyzer(t))
	b.Add(lexical.Document{Body: "养老服务"}, lexical.Document{Body: "道路建设"})
	b.Add(lexical.Document{Body: "养老服务"}, lexical.Document{Body: "养老服务"})
	scores := search(t, b.Build(), "养老", lexical.SearchOptions{})
	if got := docs(scores); !slices.Equal(got, []uint32{2, 3, 0}) {
		t.Errorf("found %v, want the article that has more of it first", got)
	}
}

func TestTiesAreInOrderOfDocuments(t *testing.T) {
	bodies := slices.Repeat([]string{"白塔镇养老服务"}, 100)
	ix := build(t, bodies...)
	for k, want := range map[int]int{1: 1, 7: 7, 100: 100, 1000: 100, 0: lexical.DefaultK, -5: lexical.DefaultK} {
		scores := search(t, ix, "养老服务", lexical.SearchOptions{K: k})
		if len(scores) != want {
			t.Errorf("K %d gives %d scores, want %d", k, len(scores), want)
		}
		for i, s := range scores {
			if s.Doc != uint32(i) {
				t.Fatalf("K %d: rank %d is document %d", k, i+1, s.Doc)
			}
		}
	}
}

func TestBestAreTheFirstOfAll(t *testing.T) {
	ix := build(t, paper(300)...)
	for _, q := range []string{"临江区养老服务", "道路改造", "2025年计划"} {
		all := search(t, ix, q, lexical.SearchOptions{K: ix.Len()})
		for _, k := range []int{1, 3, 10, 50} {
			if got := search(t, ix, q, lexical.SearchOptions{K: k}); !slices.Equal(got, all[:min(k, len(all))]) {
				t.Errorf("%s: the best %d are not the first of all", q, k)
			}
		}
	}
}

func TestFilterComesBeforeTheCut(t *testing.T) {
	ix := build(t, "养老 养老 养老", "养老 养老", "养老", "道路")
	allow := bitset.New(ix.Len())
	allow.Add(2)
	allow.Add(3)
	if got := docs(search(t, ix, "养老", lexical.SearchOptions{K: 1, Allow: allow})); !slices.Equal(got, []uint32{2}) {
		t.Errorf("found %v, want the only allowed document", got)
	}
	if got := search(t, ix, "养老", lexical.SearchOptions{Allow: bitset.New(0)}); len(got) != 0 {
		t.Errorf("found %v where nothing is allowed", got)
	}
}

func TestAlsoAddsTerms(t *testing.T) {
	ix := build(t, "老人助餐", "医院建设", "道路改造")
	opt := lexical.SearchOptions{Also: []lexical.Text{{"医院", 0.5}, {"道路", 0}}}
	scores := search(t, ix, "助餐", opt)
	if got := docs(scores); !slices.Equal(got, []uint32{0, 1}) {
		t.Fatalf("found %v, want the question's document, then the synonym's", got)
	}
	alone := search(t, ix, "医院", lexical.SearchOptions{})
	if got, want := scores[1].Total, alone[0].Total/2; !near(got, want) {
		t.Errorf("half the weight scores %v, want %v", got, want)
	}
	twice := search(t, ix, "医院", lexical.SearchOptions{Also: []lexical.Text{{"医院", 1}}})
	if got, want := twice[0].Total, 2*alone[0].Total; !near(got, want) {
		t.Errorf("asked twice scores %v, want %v", got, want)
	}
}

func TestOddQuestions(t *testing.T) {
	ix := build(t, append(paper(50), "水", "😀 5G")...)
	tests := []struct {
		name, q string
		found   bool
	}{
		{"empty", "", false},
		{"one character", "水", true},
		{"only stop words", "的了吗", false},
		{"emoji", "😀", false},
		{"emoji and a word", "😀5g", true},
		{"control characters", "\x00\x01\u200b", false},
		{"not UTF-8", "\xff\xfe养老", true},
		{"10,000 characters", strings.Repeat("临江区养老服务计划怎么样", 1000), true},
		{"Japanese", "ひらがな", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := len(search(t, ix, tt.q, lexical.SearchOptions{})) > 0; got != tt.found {
				t.Errorf("found: %t, want %t", got, tt.found)
			}
		})
	}
}

func TestCommonTermsGiveWayToRareOnes(t *testing.T) {
	bodies := slices.Repeat([]string{"alpha"}, 9000)
	bodies[7] = "alpha beta"
	ix := build(t, bodies...)
	if got := docs(search(t, ix, "alpha beta", lexical.SearchOptions{})); !slices.Equal(got, []uint32{7}) {
		t.Errorf("found %v, want what has the rare word", got)
	}
	if got := search(t, ix, "alpha", lexical.SearchOptions{}); len(got) != lexical.DefaultK {
		t.Errorf("found %d documents with a common word asked for by itself", len(got))
	}
}

func TestEmptyIndex(t *testing.T) {
	ix := lexical.NewBuilder(analyzer(t)).Build()
	if got := search(t, ix, "养老", lexical.SearchOptions{}); len(got) != 0 || ix.Len() != 0 {
		t.Errorf("found %v in %d documents", got, ix.Len())
	}
}

func TestDocumentFrequencies(t *testing.T) {
	ix := build(t, "养老服务，养老计划", "养老", "道路")
	if w, b := ix.TermDF("养老"), ix.BigramDF("养老"); w != 2 || b != 2 {
		t.Errorf("养老 in %d and %d documents, want 2", w, b)
	}
	if w, b := ix.TermDF("医院"), ix.BigramDF("服务养"); w != 0 || b != 0 {
		t.Errorf("terms that nobody wrote in %d and %d documents", w, b)
	}
}

func TestSearchesAtOnce(t *testing.T) {
	ix := build(t, paper(200)...)
	want := search(t, ix, "临江区养老服务", lexical.SearchOptions{})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				got, err := ix.Search("临江区养老服务", lexical.SearchOptions{})
				if err != nil || !slices.Equal(got, want) {
					t.Errorf("scores differ from those of a search alone (error %v)", err)
					return
				}
			}
		})
	}
	wg.Wait()
}

func FuzzSearch(f *testing.F) {
	ix := build(f, paper(60)...)
	for _, q := range []string{"临江区养老", "", "5.6", "的", "a b\nc"} {
		f.Add(q, 5)
	}
	f.Fuzz(func(t *testing.T, q string, k int) {
		scores := search(t, ix, q, lexical.SearchOptions{K: k})
		if k > 0 && len(scores) > k {
			t.Fatalf("%d scores, asked for %d", len(scores), k)
		}
		for i, s := range scores {
			if !(s.Words+s.Bigrams > 0) || s.Total != s.Words+s.Bigrams+s.Article {
				t.Fatalf("rank %d: %+v", i+1, s)
			}
			if i > 0 && (s.Total > scores[i-1].Total || s.Total == scores[i-1].Total && s.Doc <= scores[i-1].Doc) {
				t.Fatalf("rank %d: %+v after %+v", i+1, s, scores[i-1])
			}
		}
	})
}
