package cite_test

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"wenbao/corpus/library"
	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/cite"
	"wenbao/rag/ragtest"
)

func TestVerifyFindsTheOtherScript(t *testing.T) {
	records := []library.Record{
		article("a", "2024-12-31", "臨江區今年這麼幹", "書記說：「新增養老床位500張，裡裡外外都乾淨。」", "隨著著名的湖濱書院開放，遊客眾多。"),
		article("b", "2025-01-15", "沙湾街道的账本", "街道里的食堂后年翻新，面条5元一碗。", "随着著名的湖滨书院开放，游客众多。"),
	}
	for _, tt := range []struct {
		name, quote string
		want        []string
	}{
		{"printed in Traditional characters", "新增养老床位500张，里里外外都干净", []string{"新增養老床位500張，裡裡外外都乾淨"}},
		{"other variants", "裏裏外外都乾淨", []string{"裡裡外外都乾淨"}},
		{"printed in Simplified characters", "街道裡的食堂後年翻新，麵條5元一碗", []string{"街道里的食堂后年翻新，面条5元一碗"}},
		{"printed in both", "隨著著名的湖濱書院", []string{"隨著著名的湖濱書院", "随着著名的湖滨书院"}},
		{"quotation marks", "“新增养老床位500张，里里外外都干净。”", []string{"新增養老床位500張，裡裡外外都乾淨"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v, err := cite.Verify(context.Background(), all(records), tt.quote)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, m := range v.Matches {
				got = append(got, m.Text)
				if m.Span.In(m.Article.Text) != m.Text {
					t.Errorf("span %v is %q, not %q", m.Span, m.Span.In(m.Article.Text), m.Text)
				}
			}
			if strings.Join(got, "|") != strings.Join(tt.want, "|") {
				t.Errorf("Verify(%q) found %q, want %q", tt.quote, got, tt.want)
			}
		})
	}
}

// TestNearMissOfTheOtherScript shows what was printed, and as different only what
// says something else.
func TestNearMissOfTheOtherScript(t *testing.T) {
	records := []library.Record{article("a", "2024-12-31", "臨江區今年這麼幹", "全區新增養老床位500張，開工建設頤養中心。")}
	v, err := cite.Verify(context.Background(), all(records), "全区新增养老床位800张，开工建设颐养中心")
	if err != nil || v.Found || v.Near == nil {
		t.Fatalf("%+v, error %v", v, err)
	}
	if v.Near.Text != "全區新增養老床位500張，開工建設頤養中心" {
		t.Errorf("printed %q", v.Near.Text)
	}
	for _, p := range v.Near.Diff {
		if p.Op == cite.Printed && p.Text != "500" && p.Text != "5" || p.Op == cite.Quoted && p.Text != "800" && p.Text != "8" {
			t.Errorf("differs in %+v", p)
		}
	}
}

// TestReviewOfTheOtherScript gives every pair by hand the same verdict when the
// sentence, or the passages, are in Traditional characters. What is kept is as written, what is
// quoted as printed.
func TestReviewOfTheOtherScript(t *testing.T) {
	s := theSample(t)
	for _, p := range readPairs(t) {
		if p.From != "" {
			continue
		}
		sentence := cited(p.Sentence, len(p.Snippets))
		hits := s.hits(t, p.Snippets...)
		want := s.checker.Review(rag.Query{}, sentence, hits)
		for _, tt := range []struct {
			name, sentence string
			hits           []rag.Hit
		}{
			{"sentence", ragtest.Traditional(sentence), hits},
			{"passages", sentence, traditionalHits(hits)},
		} {
			got := s.checker.Review(rag.Query{}, tt.sentence, tt.hits)
			if len(got.Stated) != len(want.Stated) || zh.Simplified(got.Kept) != zh.Simplified(want.Kept) {
				t.Errorf("%s: %s in Traditional characters: keeps %q, else %q", p.ID, tt.name, got.Kept, want.Kept)
			}
			for _, st := range got.Stated {
				if words := strings.TrimRight(markers.ReplaceAllString(st.Text, ""), "。 "); !strings.Contains(markers.ReplaceAllString(tt.sentence, ""), words) {
					t.Errorf("%s: %q was not written", p.ID, words)
				}
			}
			for _, c := range got.Citations {
				if h := tt.hits[indexOf(tt.hits, c)]; c.Article != h.Article || !strings.Contains(h.Passage.Text, c.Quote) {
					t.Errorf("%s: %q is not as printed", p.ID, c.Quote)
				}
			}
		}
	}
}

// markers are citation markers with the blank before them.
var markers = regexp.MustCompile(` ?\[\d+\]`)

// indexOf is the index of the hit that a citation cites.
func indexOf(hits []rag.Hit, c rag.Citation) int {
	for i, h := range hits {
		if h.Passage.ID == c.Passage.ID {
			return i
		}
	}
	return 0
}

// traditionalHits are hits of a paper in Traditional characters.
func traditionalHits(hits []rag.Hit) []rag.Hit {
	out := make([]rag.Hit, len(hits))
	for i, h := range hits {
		a := *h.Article
		for _, s := range []*string{&a.Kicker, &a.Title, &a.Subtitle, &a.Byline, &a.Office, &a.Text, &a.Facets.Speaker, &a.Facets.Office} {
			*s = ragtest.Traditional(*s)
		}
		p := h.Passage
		p.Text = ragtest.Traditional(p.Text)
		p.Facets.Speaker, p.Facets.Office = ragtest.Traditional(p.Facets.Speaker), ragtest.Traditional(p.Facets.Office)
		p.Headings = nil
		for _, heading := range h.Passage.Headings {
			p.Headings = append(p.Headings, ragtest.Traditional(heading))
		}
		h.Article, h.Passage = &a, p
		out[i] = h
	}
	return out
}
