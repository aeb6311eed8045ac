package eval_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wenbao/corpus"
	"wenbao/rag"
	"wenbao/rag/eval"
	"wenbao/rag/extract/rank"
)

// shelf finds all its documents for each question, and answers with the first.
type shelf []rag.Hit

// document is an article of one passage with a document's ID.
func document(id, text string) rag.Hit {
	a := &corpus.Article{ID: id, Text: text, Parts: []corpus.Part{{DocID: id}}}
	return rag.Hit{Score: 1, Passage: corpus.Passage{ID: id, Text: text, Span: corpus.Span{End: len(text)}}, Article: a}
}

func (s shelf) Understand(q rag.Question) rag.Query { return rag.Query{Text: q.Text} }

func (s shelf) Search(_ context.Context, q rag.Query, k int) ([]rag.Hit, error) {
	out := slices.DeleteFunc(slices.Clone(s), func(h rag.Hit) bool { return slices.Contains(q.Filter.Except, h.Article.ID) })
	out = out[:min(k, len(out))]
	for i := range out {
		out[i].Rank = i + 1
	}
	return out, nil
}

func (s shelf) Answer(_ context.Context, q rag.Query, hits []rag.Hit) (rag.Answer, error) {
	if q.Text == "坏" {
		return rag.Answer{}, errUnscripted
	}
	if len(hits) == 0 {
		return rag.Answer{Outcome: rag.NoEvidence}, nil
	}
	return rag.Answer{Outcome: rag.Answered, Text: hits[0].Passage.Text, Sentences: []rag.Sentence{{Text: "12万棵——" + hits[0].Passage.Text}}}, nil
}

func (s shelf) options() eval.HoldoutOptions {
	return eval.HoldoutOptions{
		Engine: &rag.Engine{
			Understander: s, Searcher: s, Answerer: s,
			Coverage: func() rag.Coverage { return rag.Coverage{} }, Now: func() time.Time { return time.Unix(0, 0) },
		},
		Ranker: &rank.Ranker{Words: strings.Fields, DF: func(string) (int, int) { return 1, 100 }},
	}
}

var trees = shelf{
	document("d1", "白塔河种树12万棵。"), document("d2", "白塔河边种下12万棵树苗。"), document("d3", "新建小游园26处。"),
}

var asked = eval.Judged{ID: "q", Question: "白塔河种树多少棵？", Kind: "number", Relevant: []string{"d1"}, Answers: []string{"12万棵"}}

func TestLacking(t *testing.T) {
	for _, c := range []struct {
		k       int
		without []string
		want    string
	}{
		{3, nil, "d1 1 d2 2 d3 3"},
		{3, []string{"d1"}, "d2 1 d3 2"},
		{1, []string{"d1", "d2"}, "d3 1"},
		{3, []string{"d1", "d2", "d3"}, ""},
	} {
		hits, err := eval.Lacking{Searcher: trees, Documents: c.without}.Search(context.Background(), rag.Query{}, c.k)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range hits {
			got = append(got, h.Article.ID, string(rune('0'+h.Rank)))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%d without %v: %q, not %q", c.k, c.without, s, c.want)
		}
	}
}

func TestHoldout(t *testing.T) {
	known := asked
	known.NearDup = []string{"d2", "d3"}
	unnamed := asked // d2 tells the same, and the set does not say so
	unnamed.NearDup = []string{"d3"}
	misdated := known
	misdated.Question = "2021年白塔河种树多少棵？"
	report, err := eval.Holdout(context.Background(), []eval.Judged{known, unnamed, misdated}, trees.options())
	if err != nil {
		t.Fatal(err)
	}
	want := eval.HoldoutRow{Kind: "number", HeldOut: eval.HeldOut(&asked), N: 3, Answerable: 2, RefusedWithout: 2, RefusedUnsupported: 3}
	if diff := cmp.Diff(want, report.Rows[0]); diff != "" {
		t.Errorf("row of the answers (-want +got):\n%s", diff)
	}
	before := report.Rows[1]
	for _, row := range report.Rows[2:] {
		if row.Threshold <= before.Threshold || row.Refused < before.Refused || row.RefusedWithout < before.RefusedWithout {
			t.Errorf("the curve falls from %+v to %+v", before, row)
		}
		before = row
	}
	if _, err := eval.Holdout(context.Background(), []eval.Judged{{ID: "x", Question: "坏", Relevant: []string{"d1"}}}, trees.options()); !errors.Is(err, errUnscripted) {
		t.Errorf("error is %v", err)
	}
}

func TestSpans(t *testing.T) {
	elsewhere := asked
	elsewhere.Kind, elsewhere.Answers = "wrong", []string{"七天"}
	report, err := eval.Spans(context.Background(), []eval.Judged{asked, elsewhere}, trees.options())
	if err != nil {
		t.Fatal(err)
	}
	half := eval.HeldOut(&asked)
	right := eval.SpansRow{Kind: "number", HeldOut: half, N: 1, Top1: 1, Top3: 1, Answered: 1, Said: 1, EM: 1, F1: 1, Short: 1, ShortEM: 1, ShortF1: 1}
	wrong := eval.SpansRow{Kind: "wrong", HeldOut: half, N: 1, Answered: 1, Short: 1}
	all := eval.SpansRow{Kind: eval.All, HeldOut: half, N: 2, Top1: .5, Top3: .5, Answered: 1, Said: .5, EM: .5, F1: .5, Short: 1, ShortEM: .5, ShortF1: .5}
	if diff := cmp.Diff([]eval.SpansRow{right, wrong, all}, report.Rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestSupporting(t *testing.T) {
	sentences := func(hits ...rag.Hit) []rank.Sentence {
		var out []rank.Sentence
		for i := range hits {
			out = append(out, rank.Sentence{Hit: &hits[i], Span: hits[i].Passage.Span})
		}
		return out
	}
	for _, c := range []struct {
		name    string
		answers []string
		want    []string
	}{
		{"the answer", []string{"12万棵"}, []string{"d2"}},
		{"half of the answers", []string{"12万棵", "云泽市政府"}, []string{"d2"}},
		{"a third of them", []string{"12万棵", "云泽市政府", "二〇二四年"}, nil},
		{"too short to tell", []string{"12"}, nil},
		{"words of the question", []string{"白塔河"}, nil},
	} {
		q := asked
		q.Answers = c.answers
		if got := eval.Supporting(&q, sentences(trees[1], trees[2])); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, not %v", c.name, got, c.want)
		}
	}
	if !eval.HoldsAnswer(&asked, &sentences(trees[0])[0]) || eval.HoldsAnswer(&asked, &sentences(trees[1])[0]) {
		t.Error("an answer counts in the question's own documents alone")
	}
}

func TestMisdated(t *testing.T) {
	told := document("d1", "2023-08-13，今年上半年白塔河种树12万棵，比2022年多。")
	other := document("d2", "2021年白塔河种树9万棵。")
	for _, c := range []struct {
		name, question string
		found          []rag.Hit
		want           bool
	}{
		{"the paper's year", "2023年白塔河种树多少棵？", []rag.Hit{told, other}, false},
		{"a year that it prints", "与2022年相比怎样？", []rag.Hit{told}, false},
		{"one that another prints", "2021年白塔河种树多少棵？", []rag.Hit{told, other}, true},
		{"no year", "白塔河种树多少棵？", []rag.Hit{told}, false},
		{"its document not found", "2021年白塔河种树多少棵？", []rag.Hit{other}, false},
	} {
		q := asked
		q.Question = c.question
		var found []rank.Sentence
		for i := range c.found {
			found = append(found, rank.Sentence{Hit: &c.found[i]})
		}
		if got := eval.Misdated(&q, found); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
