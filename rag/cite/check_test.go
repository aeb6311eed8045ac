package cite_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"wenbao/rag"
	"wenbao/rag/cite"
)

// sound is an answer without problems, over the first record of paper().
func sound() rag.Answer {
	r := paper()[2]
	r.Passages[0].Headings = []string{"办好十件实事"}
	return rag.Answer{
		Outcome: rag.Answered,
		Text:    "500张——临江区2025年：新增养老床位500张 [1]\n· 十件实事：水费5.6元 [1] [2]",
		Sentences: []rag.Sentence{
			{Text: "500张——临江区2025年：新增养老床位500张", Citations: []int{1}},
			{Text: "十件实事：水费5.6元", Citations: []int{1, 2}},
		},
		Citations: []rag.Citation{
			{N: 1, Quote: "新增养老床位500张", Passage: r.Passages[0], Article: &r.Article},
			{N: 2, Quote: "水费5.6元", Passage: r.Passages[1], Article: &r.Article},
		},
	}
}

func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(a *rag.Answer)
		want   []cite.Problem
	}{
		{"sound", func(*rag.Answer) {}, nil},
		{"refusal", func(a *rag.Answer) { *a = rag.Answer{Outcome: rag.NoEvidence, Text: "没有找到。"} }, nil},
		{"no citation", func(a *rag.Answer) { a.Sentences[0] = rag.Sentence{Text: "新增养老床位"} },
			[]cite.Problem{{Kind: cite.Uncited, Sentence: 1, Text: "新增养老床位"}}},
		{"number of no citation", func(a *rag.Answer) { a.Sentences[0].Citations = []int{1, 3} },
			[]cite.Problem{{Kind: cite.Unresolved, Sentence: 1, Citation: 3}}},
		{"marker of no citation", func(a *rag.Answer) { a.Text += "[4]" },
			[]cite.Problem{{Kind: cite.Unresolved, Citation: 4, Text: "[4]"}}},
		{"quote with other white space", func(a *rag.Answer) { a.Citations[1].Quote = "水费 5.6元" },
			[]cite.Problem{{Kind: cite.Misquoted, Citation: 2, Text: "水费 5.6元"}}},
		{"empty quote", func(a *rag.Answer) { a.Citations[1].Quote = "" },
			[]cite.Problem{{Kind: cite.Misquoted, Citation: 2}}},
		{"moved passage", func(a *rag.Answer) { a.Citations[1].Passage.Span.Start-- },
			[]cite.Problem{{Kind: cite.Displaced, Citation: 2, Text: "a-2"}}},
		{"passage beyond the end", func(a *rag.Answer) { a.Citations[1].Passage.Span.End = 1000 },
			[]cite.Problem{{Kind: cite.Displaced, Citation: 2, Text: "a-2"}}},
		{"no article", func(a *rag.Answer) { a.Citations[1].Article = nil },
			[]cite.Problem{{Kind: cite.Displaced, Citation: 2, Text: "a-2"}}},
		{"wrong numbers", func(a *rag.Answer) { a.Citations[0].N, a.Citations[1].N = 2, 1; a.Sentences = nil },
			[]cite.Problem{{Kind: cite.Unnumbered, Citation: 2}, {Kind: cite.Unnumbered, Citation: 1}}},
		{"figure of another passage", func(a *rag.Answer) { a.Sentences[1].Citations = []int{1} },
			[]cite.Problem{{Kind: cite.Unfounded, Sentence: 2, Text: "5.6元"}}},
		{"other figure", func(a *rag.Answer) {
			a.Text = "新增养老床位510张"
			a.Sentences = []rag.Sentence{{Text: a.Text, Citations: []int{1}}}
		}, []cite.Problem{{Kind: cite.Unfounded, Sentence: 1, Text: "510张"}}},
		{"other unit", func(a *rag.Answer) {
			a.Text = "新增养老床位500个"
			a.Sentences = []rag.Sentence{{Text: a.Text, Citations: []int{1}}}
		}, []cite.Problem{{Kind: cite.Unfounded, Sentence: 1, Text: "500个"}}},
		{"part of a line", func(a *rag.Answer) { a.Sentences[1].Text = "水费" }, nil},
		{"sentence not in the text", func(a *rag.Answer) { a.Sentences[1].Text = "电费" },
			[]cite.Problem{{Kind: cite.Unstated, Sentence: 2, Text: "电费"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := sound()
			tt.change(&a)
			if diff := cmp.Diff(tt.want, cite.Check(a)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}
