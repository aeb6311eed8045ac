package reading_test

import (
	"testing"

	"wenbao/corpus"
	"wenbao/rag"
	"wenbao/rag/reading"
)

func TestHits(t *testing.T) {
	printed := &corpus.Article{ID: "a", Title: "臨江開新局", Text: "臨江開新局\n區長馮遠說，路通了。"}
	plain := &corpus.Article{ID: "b", Title: "松岭开新局", Text: "松岭开新局"}
	hits := []rag.Hit{
		{Rank: 1, Article: printed, Passage: corpus.Passage{
			ID: "a-1", Text: "區長馮遠說，路通了。", Headings: []string{"■ 路通了", "辦好實事"},
			Facets: corpus.Facets{Speaker: "馮遠", Office: "區長"},
		}},
		{Rank: 2, Article: printed, Passage: corpus.Passage{ID: "a-2", Text: "路通了。"}},
		{Rank: 3, Article: plain, Passage: corpus.Passage{ID: "b-1", Text: "松岭", Headings: []string{"开新局"}}},
	}
	read := reading.Hits(hits)
	p := read[0].Passage
	if p.Text != "区长冯远说，路通了。" || p.Headings[1] != "办好实事" || p.Facets.Speaker != "冯远" || p.Facets.Office != "区长" {
		t.Errorf("read %+v", p)
	}
	if read[0].Article.Title != "临江开新局" || read[0].Article != read[1].Article {
		t.Error("the article is not shared")
	}
	if read[2].Article != plain || read[1].Rank != 2 {
		t.Errorf("read %+v", read[2])
	}
	if h := hits[0]; h.Article != printed || h.Passage.Headings[1] != "辦好實事" || printed.Title != "臨江開新局" {
		t.Error("the hits were changed")
	}
	if h := reading.Hit(hits[0]); h.Passage.Text != p.Text {
		t.Errorf("one hit: %q", h.Passage.Text)
	}
	for words, want := range map[string]string{
		"冯远": "馮遠", "区长": "區長", "办好实事": "辦好實事", "临江": "臨江", "路通了": "路通了",
		"2025年": "2025年", "没有找到": "没有找到",
	} {
		if got := reading.AsPrinted(&hits[0], words); got != want {
			t.Errorf("AsPrinted(%q) = %q, want %q", words, got, want)
		}
	}
}
