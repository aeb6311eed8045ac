package index_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"wenbao/corpus"
	"wenbao/corpus/library"
	"wenbao/rag"
	"wenbao/rag/index"
)

// What reading adds to words and vectors: in each case two articles have about as
// much of the question, and b has to come first.
func TestReading(t *testing.T) {
	long := "白塔河沿岸的村民说起这些年的变化，都说水清了，岸绿了，来散步的人多了。"
	for _, c := range []struct {
		name  string
		query rag.Query
		rs    []library.Record
	}{
		{
			"the headline was said", rag.Query{Text: "望江大桥的施工进展"},
			[]library.Record{
				article("a", "全市交通工作会议召开", "", newYearsEve, said{text: "会议听取了望江大桥的施工进展。"}),
				article("b", "望江大桥", "", newYearsEve, said{text: "桥面施工进展顺利，年内能通车。"}),
			},
		},
		{
			"the headline was said last", rag.Query{Text: "门票多少钱", Earlier: []rag.Said{{Text: "东湖公园怎么样", Weight: 0.1}, {Text: "东湖公园很大", Weight: 0.15}, {Text: "西山公园怎么样", Weight: 0.75}, {Text: "西山公园很高", Weight: 1}}},
			[]library.Record{
				article("a", "东湖公园", "", newYearsEve, said{text: "门票十元钱，全天开放。"}),
				article("b", "西山公园", "", newYearsEve, said{text: "门票十元钱，全天开放。"}),
			},
		},
		{
			"the article has the rest of what is asked at once", rag.Query{Text: "白塔河治理投入多少？河边种树多少棵？"},
			[]library.Record{
				article("a", "", "", newYearsEve, said{text: "白塔河治理投入八百万元。"}, said{text: long}),
				article("b", "", "", newYearsEve, said{text: "白塔河治理投入九百万元。"}, said{text: "河边种树三千棵。"}),
			},
		},
		{
			"the form of an answer", rag.Query{Text: "竹编产业园有多少名工人", Asks: rag.AsksNumber, Counts: []rag.Count{{Unit: "名", Of: "工人"}}},
			[]library.Record{
				article("a", "", "", newYearsEve, said{text: "竹编产业园工人们正在忙碌。"}),
				article("b", "", "", newYearsEve, said{text: "竹编产业园工人有80名。"}),
			},
		},
		{
			"an everyday word is printed otherwise", rag.Query{
				Text: "沙湾老人去哪里", Wordings: []rag.Wording{{Said: "老人", Printed: []string{"养老"}}}},
			[]library.Record{
				article("a", "", "", newYearsEve, said{text: "沙湾的孩子去游泳馆。"}),
				article("b", "", "", newYearsEve, said{text: "沙湾有养老服务站。"}),
			},
		},
	} {
		ix := build(t, nil, c.rs...)
		if hits := search(t, ix, c.query, index.SearchOptions{}); len(hits) == 0 || hits[0].Article.ID != "b" {
			t.Errorf("%s: %v, want b first", c.name, ids(hits))
		}
	}
}

// What an article's words count for grows with how often it says them and falls with its
// length; what it lacks counts as much for a long question as for a short one.
func TestWordsOfAnArticle(t *testing.T) {
	filler := strings.Repeat("来散步的人多了。", 40)
	ix := build(t, nil,
		article("once", "", "", newYearsEve, said{text: "白塔河有渡口一座。"}),
		article("twice", "", "", newYearsEve, said{text: "白塔河有渡口，渡口两座。"}),
		article("long", "", "", newYearsEve, said{text: "白塔河有渡口一座。" + filler}),
		article("half", "", "", newYearsEve, said{text: "白塔河水清岸绿。"}),
	)
	raw := func(question, article, scorer string) float64 {
		for _, h := range search(t, ix, rag.Query{Text: question}, index.SearchOptions{Explain: true}) {
			for _, w := range h.Why {
				if h.Article.ID == article && w.Scorer == scorer {
					return w.Raw
				}
			}
		}
		return 0
	}
	const question = "白塔河的渡口"
	once := raw(question, "once", "said")
	if twice, long, half := raw(question, "twice", "said"), raw(question, "long", "said"), raw(question, "half", "said"); twice <= once || long >= once || half >= once {
		t.Errorf("said once %v, twice %v, in a long article %v, half of it %v", once, twice, long, half)
	}
	lacking := raw(question, "half", "lacking")
	if all, more := raw(question, "once", "lacking"), raw(question+"与白塔河的水", "half", "lacking"); all != 0 || lacking <= 0 || more < lacking {
		t.Errorf("lacking is %v of all, %v of half, %v of half a longer question", all, lacking, more)
	}
}

// Of two years' reports of the same event the newer one comes first, unless the
// question names a time.
func TestNewerFirst(t *testing.T) {
	on := func(y int) corpus.Date { return corpus.Date{Year: y, Month: 4, Day: 7} }
	ix := build(t, nil,
		article("a", "云泽湖马拉松开跑", "云泽日报", on(2023), said{text: "云泽湖马拉松开跑，三千名跑者参加。", facets: corpus.Facets{Period: year(2023)}}),
		article("b", "云泽湖马拉松开跑", "云泽日报", on(2024), said{text: "云泽湖马拉松开跑，五千名跑者参加。", facets: corpus.Facets{Period: year(2024)}}),
		article("c", "云泽湖马拉松开跑", "云泽日报", corpus.Date{}, said{text: "云泽湖马拉松开跑，两千名跑者参加。"}),
	)
	for _, c := range []struct {
		name, first, then string
		query             rag.Query
	}{
		{"no time", "b-0", "a-0", rag.Query{Text: "云泽湖马拉松有多少跑者"}},
		{"a year", "a-0", "b-0", rag.Query{Text: "2023年云泽湖马拉松有多少跑者", Periods: []corpus.Years{year(2023)}}},
	} {
		hits := search(t, ix, c.query, index.SearchOptions{Explain: true})
		got := ids(hits)
		if len(got) != 3 || slices.Index(got, c.first) > slices.Index(got, c.then) {
			t.Errorf("%s: %v, want %s before %s", c.name, got, c.first, c.then)
		}
		for _, h := range hits {
			if newer := explainedBy(h, "newer"); newer != (c.name == "no time" && h.Passage.ID != "c-0") {
				t.Errorf("%s: %s is judged by its day: %v", c.name, h.Passage.ID, newer)
			}
			for _, w := range h.Why { // one of an unknown day lies between
				if w.Scorer == "newer" && w.Share > 0 != (h.Passage.ID == "b-0") {
					t.Errorf("%s: %s gains %v by its day", c.name, h.Passage.ID, w.Share)
				}
			}
		}
	}
	old := search(t, ix, rag.Query{Text: "云泽湖马拉松两千名跑者"}, index.SearchOptions{})
	if old[0].Passage.ID != "c-0" {
		t.Errorf("%v: a day decides against words", ids(old))
	}
}

func explainedBy(h rag.Hit, scorer string) bool {
	return slices.ContainsFunc(h.Why, func(w rag.Contribution) bool { return w.Scorer == scorer })
}

// A story printed a third time goes behind what is new; one that is told otherwise
// does not, and nothing is lost.
func TestRepeats(t *testing.T) {
	const story = "白塔河湿地公园元旦起免费开放，公园新建步道12公里，设有6处观鸟点，游客可从东门、南门入园，停车场有500个车位。"
	facets := corpus.Facets{Places: []string{"临江区"}, Period: year(2025)}
	elsewhere := corpus.Facets{Places: []string{"松岭县"}, Period: year(2025)}
	with := func(old, now string) said { return said{text: strings.Replace(story, old, now, 1), facets: facets} }
	other := article("z", "", "云泽日报", newYearsEve, said{text: "元旦起白塔河湿地公园停车场的车位免费，要预约。"})
	query := rag.Query{Text: "白塔河湿地公园元旦起免费开放，停车场车位免费吗？"}
	for _, c := range []struct {
		name   string
		third  said
		repeat bool
	}{
		{"reprinted", with("", ""), true},
		{"reprinted with another word", with("游客", "市民"), true},
		{"another figure", with("500个", "300个"), false},
		{"another day", with("元旦起", "2月1日起"), false},
		{"another place", said{text: story, facets: elsewhere}, false},
		{"more to say", said{text: story + "园内禁止露营和烧烤，违者将被劝离。", facets: facets}, false},
	} {
		ix := build(t, nil, article("a", "", "云泽日报", newYearsEve, with("", "")), article("b", "", "云泽晚报", newYearsEve, with("", "")),
			article("c", "", "云泽商报", newYearsEve, c.third), other)
		hits := search(t, ix, query, index.SearchOptions{Explain: true})
		if len(hits) != 4 {
			t.Fatalf("%s: %v, want all 4", c.name, ids(hits))
		}
		if c.repeat && hits[3].Passage.ID == "z-0" {
			t.Errorf("%s: %v, want it behind z", c.name, ids(hits))
		}
		for i, h := range hits {
			if repeat := explainedBy(h, "repeat"); repeat != (c.repeat && i == 3) {
				t.Errorf("%s: hit %d is explained as a repeat: %v", c.name, i+1, repeat)
			}
		}
	}
	// An article may say a thing as often as it likes.
	ix := build(t, nil, article("a", "", "云泽日报", newYearsEve, with("", ""), with("", ""), with("", "")), other)
	for _, h := range search(t, ix, query, index.SearchOptions{Explain: true}) {
		if explainedBy(h, "repeat") {
			t.Errorf("%s is explained as a repeat of its own article", h.Passage.ID)
		}
	}
}

// What is not read stays behind what is, and keeps its order.
func TestUnread(t *testing.T) {
	var rs []library.Record
	for i := range 80 {
		text := fmt.Sprintf("柳溪镇%d号桃园的桃花开了%s。", i, strings.Repeat("真美", i%7))
		rs = append(rs, article(fmt.Sprintf("a%02d", i), "", "", corpus.Date{}, said{text: text}))
	}
	ix := build(t, &pairs{}, rs...)
	q := rag.Query{Text: "柳溪镇的桃花"}
	hits, err := ix.SearchWith(t.Context(), q, 80, index.SearchOptions{Explain: true})
	if err != nil || len(hits) != 80 {
		t.Fatalf("%d hits, error %v", len(hits), err)
	}
	read, err := ix.Read(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range hits {
		if unread := explainedBy(h, "unread"); unread != (i >= len(read)) {
			t.Errorf("hit %d is unread: %v, and %d were read", i+1, unread, len(read))
		}
		if i > 0 && h.Score > hits[i-1].Score {
			t.Errorf("hit %d of score %v follows %v", i+1, h.Score, hits[i-1].Score)
		}
	}
}

func TestRead(t *testing.T) {
	ix := build(t, &pairs{}, records()...)
	read, err := ix.Read(t.Context(), rag.Query{Text: "临江区老年食堂", Places: []string{"临江区"}})
	if err != nil || len(read) == 0 {
		t.Fatalf("%d passages read, error %v", len(read), err)
	}
	fits := map[string]float64{"linjiang": 1, "evening": 0.5}
	for _, r := range read {
		for i, name := range index.FeatureNames() {
			if v := r.Features[i]; v < -1 || v > 3+1e-9 {
				t.Errorf("%s of %s is %v", name, r.Passage.ID, v)
			}
		}
		if got := r.Features[index.PlaceFits]; got != fits[r.Article.ID] {
			t.Errorf("%s fits the place by %v, want %v", r.Passage.ID, got, fits[r.Article.ID])
		}
	}
	if names := index.FeatureNames(); len(names) != index.NumFeatures {
		t.Errorf("%d names for %d features", len(names), index.NumFeatures)
	}
}
