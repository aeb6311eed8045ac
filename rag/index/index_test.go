package index_test

import (
	"context"
	"errors"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"wenbao/corpus"
	"wenbao/corpus/library"
	"wenbao/rag"
	"wenbao/rag/index"
	"wenbao/rag/lexical"
)

// pairs is an embedder for tests: pairs of characters hashed into 32 values. It
// counts the texts that it was given.
type pairs struct {
	name  string
	texts atomic.Int64
}

func (e *pairs) Name() string { return "pairs" + e.name }
func (e *pairs) Dim() int     { return 32 }

func (e *pairs) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	e.texts.Add(int64(len(texts)))
	out := make([][]float32, len(texts))
	for i, text := range texts {
		out[i] = make([]float32, e.Dim())
		runes := []rune(text)
		for j := 1; j < len(runes); j++ {
			h := fnv.New32a()
			h.Write([]byte(string(runes[j-1 : j+1])))
			out[i][h.Sum32()%32]++
		}
	}
	return out, ctx.Err()
}

// said is a passage to be made.
type said struct {
	text     string
	headings []string
	facets   corpus.Facets
}

// article makes a record of an article; ids are article and article-0, -1 ….
func article(id, title, newspaper string, date corpus.Date, passages ...said) library.Record {
	a := corpus.Article{
		ID: id, Title: title,
		Parts: []corpus.Part{{ID: id, Source: id + ".txt", Meta: corpus.Meta{Newspaper: newspaper, Date: date, Edition: "3"}}},
	}
	r := library.Record{}
	for i, p := range passages {
		start := len(a.Text)
		a.Text += p.text
		r.Passages = append(r.Passages, corpus.Passage{
			ID: id + "-" + strconv.Itoa(i), Article: id, Span: corpus.Span{Start: start, End: len(a.Text)},
			Text: p.text, Headings: p.headings, Facets: p.facets,
		})
		a.Text += "\n"
	}
	r.Article = a
	return r
}

func year(y int) corpus.Years { return corpus.Years{From: y, To: y} }

var (
	newYearsEve = corpus.Date{Year: 2024, Month: 12, Day: 31}
	january     = corpus.Date{Year: 2025, Month: 1, Day: 15}
)

// records are two made-up districts, with what was done and what is planned.
func records() []library.Record {
	return []library.Record{
		article("linjiang", "临江区经济工作会议召开", "云泽日报", newYearsEve,
			said{"建成老年食堂12家，每天就餐的老人有两千多位。", []string{"民生福祉"},
				corpus.Facets{Places: []string{"临江区"}, Period: year(2024), Kind: corpus.KindResult}},
			said{"再建成老年食堂20家，推动沙湾街道养老服务中心投用。", []string{"2025年安排", "民生福祉"},
				corpus.Facets{Places: []string{"临江区"}, Mentions: []string{"沙湾街道"}, Period: year(2025), Kind: corpus.KindPlan}},
			said{"要看到，办好民生实事没有捷径可走。", nil,
				corpus.Facets{Places: []string{"临江区"}, Kind: corpus.KindStatement}}),
		article("songling", "松岭县谋划明年工作", "云泽日报", newYearsEve,
			said{"再建成老年食堂20家，推动竹溪养老服务中心投用。", nil, corpus.Facets{
				Places: []string{"松岭县"}, Speaker: "宋知远", Office: "松岭县委书记", Period: year(2025), Kind: corpus.KindPlan}},
			said{"竹编产业园二期六月底前开工，带动八百名村民就业。", nil, corpus.Facets{
				Places: []string{"松岭县"}, Speaker: "宋知远", Period: year(2025), Kind: corpus.KindPlan}}),
		article("evening", "环湖路通车", "云泽晚报", january,
			said{"环湖路全长3.2公里，总投资4600万元，沿线村民进城少走二十分钟。", nil, corpus.Facets{Places: []string{"平阜县"}, Mentions: []string{"临江区"}}}),
	}
}

// analyzer is shared by the tests: it takes a while to load.
var analyzer = sync.OnceValues(func() (*lexical.Analyzer, error) {
	return lexical.NewAnalyzer([]string{"临江区", "松岭县"})
})

func options(e index.Embedder) index.Options {
	return index.Options{Embedder: e, Analyzer: analyzer}
}

func build(t testing.TB, e index.Embedder, rs ...library.Record) *index.Index {
	t.Helper()
	ix, err := index.Build(t.Context(), index.NewMemory(rs), options(e))
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

func search(t testing.TB, ix *index.Index, q rag.Query, opt index.SearchOptions) []rag.Hit {
	t.Helper()
	hits, err := ix.SearchWith(t.Context(), q, 20, opt)
	if err != nil {
		t.Fatal(err)
	}
	return hits
}

func ids(hits []rag.Hit) []string {
	out := make([]string, len(hits))
	for i, h := range hits {
		out[i] = h.Passage.ID
	}
	return out
}

func TestSearch(t *testing.T) {
	ix := build(t, &pairs{}, records()...)
	var _ rag.Searcher = ix
	hits, err := ix.Search(t.Context(), rag.Query{Text: "环湖路总投资多少？"}, 0)
	if err != nil {
		t.Fatal(err)
	}
	h := hits[0]
	if h.Passage.ID != "evening-0" || h.Article.ID != "evening" || h.Rank != 1 {
		t.Errorf("first hit %+v, want evening-0", h.Passage)
	}
	if strings.Contains(h.Passage.Text, "通车") {
		t.Error("the context is in the quoted text")
	}
	for i := 1; i < len(hits); i++ {
		if hits[i].Score > hits[i-1].Score || hits[i].Rank != i+1 {
			t.Errorf("hit %d of score %v follows %v", i, hits[i].Score, hits[i-1].Score)
		}
	}
	if hits, _ = ix.Search(t.Context(), rag.Query{Text: "环湖路"}, 1); len(hits) != 1 {
		t.Errorf("%d hits for k = 1", len(hits))
	}
}

func TestContextIsFound(t *testing.T) {
	ix := build(t, nil, records()...)
	for query, want := range map[string]string{
		"通车":    "evening-0",  // the headline
		"平阜":    "evening-0",  // a place from the facets
		"2024年": "linjiang-0", // the period
		"安排":    "linjiang-1", // a heading
		"县委书记":  "songling-0", // the speaker's office
	} {
		if hits := search(t, ix, rag.Query{Text: query}, index.SearchOptions{}); len(hits) == 0 || hits[0].Passage.ID != want {
			t.Errorf("%s finds %v, want %s first", query, ids(hits), want)
		}
	}
}

func TestFilter(t *testing.T) {
	ix := build(t, &pairs{}, records()...)
	all := []string{"evening-0", "linjiang-0", "linjiang-1", "linjiang-2", "songling-0", "songling-1"}
	for _, c := range []struct {
		name   string
		filter rag.Filter
		want   []string
	}{
		{"none", rag.Filter{}, all},
		{"place spoken for or named", rag.Filter{Places: []string{"临江区"}}, all[:4]},
		{"one of two places", rag.Filter{Places: []string{"松岭县", "沙湾街道"}}, []string{"linjiang-1", "songling-0", "songling-1"}},
		{"place in Traditional characters", rag.Filter{Places: []string{"臨江區"}}, all[:4]},
		{"unknown place", rag.Filter{Places: []string{"江滨新区"}}, nil},
		{"years, unknown ones out", rag.Filter{Years: year(2025)}, []string{"linjiang-1", "songling-0", "songling-1"}},
		{"years overlap", rag.Filter{Years: corpus.Years{From: 2020, To: 2024}}, []string{"linjiang-0"}},
		{"kind", rag.Filter{Kind: corpus.KindResult}, []string{"linjiang-0"}},
		{"newspaper", rag.Filter{Newspaper: "云泽晚报"}, []string{"evening-0"}},
		{"newspaper in Traditional characters", rag.Filter{Newspaper: "雲澤晚報"}, []string{"evening-0"}},
		{"unknown newspaper", rag.Filter{Newspaper: "云泽早报"}, nil},
		{"article", rag.Filter{Article: "songling"}, []string{"songling-0", "songling-1"}},
		{"unknown article", rag.Filter{Article: "song"}, nil},
		{"all but an article", rag.Filter{Except: []string{"songling", "song"}}, all[:4]},
		{"since", rag.Filter{Since: corpus.Date{Year: 2025}}, []string{"evening-0"}},
		{"until the month", rag.Filter{Until: corpus.Date{Year: 2024, Month: 12}}, all[1:]},
		{"until the day", rag.Filter{Until: corpus.Date{Year: 2024, Month: 12, Day: 30}}, nil},
		{"since and until", rag.Filter{Since: newYearsEve, Until: newYearsEve}, all[1:]},
		{"all at once", rag.Filter{Places: []string{"临江区"}, Years: year(2025), Kind: corpus.KindPlan, Newspaper: "云泽日报"}, []string{"linjiang-1"}},
	} {
		for _, system := range []index.System{index.Dense, index.Hybrid} {
			// Dense search finds everything that is let through.
			got := ids(search(t, ix, rag.Query{Text: "老年食堂 民生 环湖路 竹编", Filter: c.filter}, index.SearchOptions{System: system}))
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("%s, %s: %v, want %v", c.name, system, got, c.want)
			}
		}
	}
}

func TestBoosts(t *testing.T) {
	ix := build(t, &pairs{}, records()...)
	for _, c := range []struct {
		name  string
		query rag.Query
		want  string
	}{
		{"place", rag.Query{Text: "再建成老年食堂20家", Places: []string{"松岭县"}}, "songling-0"},
		{"place", rag.Query{Text: "再建成老年食堂20家", Places: []string{"临江区"}}, "linjiang-1"},
		{"period", rag.Query{Text: "临江区建成老年食堂", Places: []string{"临江区"}, Periods: []corpus.Years{year(2024)}}, "linjiang-0"},
		{"period", rag.Query{Text: "临江区建成老年食堂", Places: []string{"临江区"}, Periods: []corpus.Years{year(2025)}}, "linjiang-1"},
		{"speaker", rag.Query{Text: "再建成老年食堂20家", Speaker: "宋知远"}, "songling-0"},
		{"speaker in Traditional characters", rag.Query{Text: "再建成老年食堂20家", Speaker: "宋知遠"}, "songling-0"},
	} {
		if hits := search(t, ix, c.query, index.SearchOptions{}); hits[0].Passage.ID != c.want {
			t.Errorf("%s: %v, want %s first", c.name, ids(hits), c.want)
		}
	}
	// Boosts drop nothing: what they pass by is still found.
	hits := search(t, ix, rag.Query{Text: "环湖路", Places: []string{"松岭县"}, Periods: []corpus.Years{year(2024)}, Kind: corpus.KindPlan}, index.SearchOptions{})
	if !slices.Contains(ids(hits), "evening-0") {
		t.Errorf("%v, want evening-0 among them", ids(hits))
	}
}

func TestTiesGoByID(t *testing.T) {
	var rs []library.Record
	for _, id := range []string{"d", "b", "e", "a", "c"} {
		rs = append(rs, article(id, "", "", corpus.Date{}, said{text: "柳溪镇的桃花开了。"}))
	}
	ix := build(t, &pairs{}, rs...)
	for range 20 {
		got := ids(search(t, ix, rag.Query{Text: "柳溪镇桃花"}, index.SearchOptions{}))
		if want := []string{"a-0", "b-0", "c-0", "d-0", "e-0"}; !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	}
}

func TestExplain(t *testing.T) {
	ix := build(t, &pairs{}, records()...)
	q := rag.Query{Text: "临江区老年食堂", Places: []string{"临江区"}, Periods: []corpus.Years{year(2024)}, Kind: corpus.KindResult}
	hits := search(t, ix, q, index.SearchOptions{Explain: true})
	for _, h := range hits {
		sum := 0.0
		for _, w := range h.Why {
			sum += w.Share
			if w.Rank < 1 || w.Rank > len(hits) {
				t.Errorf("%s has rank %d by %s", h.Passage.ID, w.Rank, w.Scorer)
			}
		}
		if sum != h.Score {
			t.Errorf("%s: shares add up to %v, score %v", h.Passage.ID, sum, h.Score)
		}
	}
	var scorers []string
	for _, w := range hits[0].Why {
		scorers = append(scorers, w.Scorer)
	}
	if want := []string{"words", "bigrams", "article", "dense", "cosine", "heading", "title", "passage", "said", "sentence", "long", "place", "period", "kind"}; !slices.Equal(scorers, want) {
		t.Errorf("%s is explained by %v, want %v", hits[0].Passage.ID, scorers, want)
	}
	if hits := search(t, ix, q, index.SearchOptions{}); hits[0].Why != nil {
		t.Error("explained without being asked")
	}
}

func TestSystems(t *testing.T) {
	ix := build(t, nil, records()...)
	if _, err := ix.SearchWith(t.Context(), rag.Query{Text: "食堂"}, 5, index.SearchOptions{System: index.Dense}); !errors.Is(err, index.ErrNoEmbedder) {
		t.Errorf("dense without embedder: %v", err)
	}
	if _, err := ix.SearchWith(t.Context(), rag.Query{Text: "食堂"}, 5, index.SearchOptions{System: "sparse"}); err == nil {
		t.Error("no error for an unknown system")
	}
	lexical := search(t, ix, rag.Query{Text: "老年食堂"}, index.SearchOptions{System: index.Lexical})
	if hybrid := search(t, ix, rag.Query{Text: "老年食堂"}, index.SearchOptions{}); !slices.Equal(ids(hybrid), ids(lexical)) {
		t.Errorf("hybrid without embedder finds %v, lexical %v", ids(hybrid), ids(lexical))
	}
	if got := ids(lexical); slices.Contains(got, "evening-0") {
		t.Errorf("lexical search finds %v: evening-0 has no word of it", got)
	}
}

func TestOddQueries(t *testing.T) {
	ix := build(t, &pairs{}, records()...)
	for _, text := range []string{
		"", " ", "？", "的", "区", "的了和", "😀👨‍👩‍👧", "\x00\x1b[31m", "\xff\xfe", "a", "2025",
		strings.Repeat("临江区老年食堂有多少家？", 1000),
	} {
		hits, err := ix.Search(t.Context(), rag.Query{Text: text}, rag.MaxK+1)
		if err != nil || len(hits) > ix.Len() {
			t.Errorf("%.20q: %d hits, error %v", text, len(hits), err)
		}
	}
	empty := build(t, &pairs{})
	if hits, err := empty.Search(t.Context(), rag.Query{Text: "老年食堂"}, 5); err != nil || len(hits) != 0 {
		t.Errorf("empty index: %d hits, error %v", len(hits), err)
	}
}

func TestCancelled(t *testing.T) {
	ix := build(t, &pairs{}, records()...)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if hits, err := ix.Search(ctx, rag.Query{Text: "食堂"}, 5); !errors.Is(err, context.Canceled) || hits != nil {
		t.Errorf("cancelled: %d hits, error %v", len(hits), err)
	}
	if _, err := index.Build(ctx, index.NewMemory(records()), options(nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled build: error %v", err)
	}
}

func TestConcurrentSearches(t *testing.T) {
	ix := build(t, &pairs{}, records()...)
	want := ids(search(t, ix, rag.Query{Text: "老年食堂"}, index.SearchOptions{}))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			hits, err := ix.Search(t.Context(), rag.Query{Text: "老年食堂"}, 20)
			if err != nil || !slices.Equal(ids(hits), want) {
				t.Errorf("%v, error %v, want %v", ids(hits), err, want)
			}
		})
	}
	wg.Wait()
}

func TestPassage(t *testing.T) {
	ix := build(t, nil, records()...)
	for _, c := range []struct {
		id, want string
		err      error
	}{
		{"linjiang-1", "linjiang-1", nil},
		{"even", "evening-0", nil},
		{"linjiang", "", index.ErrAmbiguous},
		{"linjiang-1x", "", index.ErrNotFound},
		{"zz", "", index.ErrNotFound},
		{"", "", index.ErrNotFound},
	} {
		p, a, err := ix.Passage(t.Context(), c.id)
		if !errors.Is(err, c.err) || p.ID != c.want || err == nil && a.ID != p.Article {
			t.Errorf("%q gives %q, error %v", c.id, p.ID, err)
		}
	}
}

// A passage may stand in a whole article and in a fragment of it.
func TestSamePassageTwice(t *testing.T) {
	fragment := article("fragment", "", "", corpus.Date{}, said{text: "柳溪镇的桃花开了。"})
	whole := article("whole", "", "", corpus.Date{}, said{text: "柳溪镇的桃花开了。"})
	whole.Passages[0].ID = fragment.Passages[0].ID
	ix := build(t, nil, fragment, whole)
	if _, _, err := ix.Passage(t.Context(), "frag"); err != nil {
		t.Errorf("by its ID: %v", err)
	}
	if hits := search(t, ix, rag.Query{Text: "桃花"}, index.SearchOptions{}); len(hits) != 1 {
		t.Errorf("found %v, want it once", ids(hits))
	}
}

func TestCoverage(t *testing.T) {
	ix := build(t, nil, records()...)
	c := ix.Coverage()
	if c.Articles != 3 || c.Passages != 6 || c.First != newYearsEve || c.Last != january {
		t.Errorf("coverage %+v", c)
	}
	for _, list := range []struct{ got, want []string }{
		{c.Newspapers, []string{"云泽日报", "云泽晚报"}},
		{c.Places, []string{"临江区", "松岭县", "平阜县"}},
		{ix.Places(), []string{"临江区", "松岭县", "平阜县", "沙湾街道"}},
		{ix.Speakers(), []string{"宋知远"}},
	} {
		if !slices.Equal(list.got, list.want) {
			t.Errorf("%v, want %v", list.got, list.want)
		}
	}
	if !slices.Equal(c.Years, []int{2024, 2025}) {
		t.Errorf("years %v", c.Years)
	}
}

func TestDF(t *testing.T) {
	ix := build(t, nil, records()...)
	for term, want := range map[string]int{"食堂": 3, "环湖": 1, "老年食": 3, "火箭": 0, "": 0} {
		if df, n := ix.DF(term); df != want || n != 6 {
			t.Errorf("%s: df %d of %d, want %d of 6", term, df, n, want)
		}
	}
}

func TestArticles(t *testing.T) {
	var got []string
	for r, err := range build(t, nil, records()...).Articles(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, r.Article.ID)
	}
	if want := []string{"linjiang", "songling", "evening"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// What was said before finds what the question leaves out, by its weight.
func TestEarlierTurns(t *testing.T) {
	ix := build(t, nil, records()...)
	for _, tt := range []struct {
		songling, evening float64
		want              string
	}{{1, 0.1, "songling"}, {0.1, 1, "evening"}} {
		q := rag.Query{Text: "什么时候的事？", Earlier: []rag.Said{{Text: "竹编产业园", Weight: tt.songling}, {Text: "环湖路", Weight: tt.evening}}}
		hits, err := ix.Search(t.Context(), q, 1)
		if err != nil || len(hits) != 1 || hits[0].Article.ID != tt.want {
			t.Errorf("weights %v and %v: %+v, error %v; want %s", tt.songling, tt.evening, hits, err, tt.want)
		}
	}
}
