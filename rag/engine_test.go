package rag_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"wenbao/corpus"
	"wenbao/rag"
	"wenbao/rag/ragtest"
)

// hit is the n-th of the hits that fakes find.
func hit(n int) rag.Hit {
	text := strings.Repeat("云", n) + "泽湖畔新添驿站三处。"
	id := string(rune('a' + n))
	a := &corpus.Article{ID: "article-" + id, Title: "驿站", Text: text}
	return rag.Hit{
		Rank: n, Score: 1 / float64(n), Article: a,
		Passage: corpus.Passage{ID: id, Article: a.ID, Span: corpus.Span{End: len(text)}, Text: text},
	}
}

// hits are as many of them.
func hits(n int) []rag.Hit {
	out := make([]rag.Hit, n)
	for i := range out {
		out[i] = hit(i + 1)
	}
	return out
}

// ticking is a clock that goes on by a second each time it is read.
func ticking() func() time.Time {
	now := time.Date(2025, 1, 15, 8, 0, 0, 0, time.UTC)
	return func() time.Time {
		now = now.Add(time.Second)
		return now
	}
}

// engine answers with what answer makes of the hits found.
func engine(found []rag.Hit, answer ragtest.Answerer) *rag.Engine {
	return &rag.Engine{
		Understander: ragtest.Understander(func(q rag.Question) rag.Query {
			return rag.Query{Text: q.Text, Filter: q.Filter, Asks: rag.AsksText}
		}),
		Searcher: ragtest.Searcher{Hits: found},
		Answerer: answer,
		Coverage: func() rag.Coverage { return rag.Coverage{Articles: 7, Places: []string{"云泽市"}} },
		Now:      ticking(),
	}
}

// quoteFirst answers with the first hit's words, and refuses without one.
func quoteFirst(_ context.Context, q rag.Query, found []rag.Hit) (rag.Answer, error) {
	if len(found) == 0 {
		return rag.Answer{Query: q, Outcome: rag.NoEvidence, Mode: rag.Extractive, Text: "没有。"}, nil
	}
	h := found[0]
	return rag.Answer{
		Query: q, Outcome: rag.Answered, Mode: rag.Extractive, Text: h.Passage.Text + " [1]",
		Sentences: []rag.Sentence{{Text: h.Passage.Text, Citations: []int{1}}},
		Citations: []rag.Citation{{N: 1, Quote: h.Passage.Text, Passage: h.Passage, Article: h.Article}},
	}, nil
}

func TestAsk(t *testing.T) {
	e := engine(hits(3), quoteFirst)
	got, err := e.Ask(t.Context(), rag.Question{Text: "驿站有几处？", Filter: rag.Filter{Newspaper: "云泽日报"}})
	if err != nil {
		t.Fatal(err)
	}
	ragtest.CheckAnswer(t, got)
	if got.Query.Text != "驿站有几处？" || got.Query.Filter.Newspaper != "云泽日报" {
		t.Errorf("the answer's query is %+v", got.Query)
	}
	if !reflect.DeepEqual(got.Hits, hits(3)) {
		t.Errorf("the answer has %d hits, want those found", len(got.Hits))
	}
	if got.Coverage != nil {
		t.Errorf("an answer tells the coverage %+v", got.Coverage)
	}
	if got.Elapsed != time.Second {
		t.Errorf("it took %v, want 1s", got.Elapsed)
	}
}

func TestAskWithoutEvidence(t *testing.T) {
	got, err := engine(nil, quoteFirst).Ask(t.Context(), rag.Question{Text: "驿站？"})
	if err != nil {
		t.Fatal(err)
	}
	ragtest.CheckAnswer(t, got)
	if got.Coverage == nil || got.Coverage.Articles != 7 {
		t.Errorf("coverage is %+v, want the collection's", got.Coverage)
	}
}

// counting is a Searcher that keeps what it was asked for.
type counting struct{ asked []int }

func (c *counting) Search(_ context.Context, _ rag.Query, k int) ([]rag.Hit, error) {
	c.asked = append(c.asked, k)
	return nil, nil
}

func TestAskK(t *testing.T) {
	searcher := &counting{}
	e := engine(nil, quoteFirst)
	e.Searcher = searcher
	for _, k := range []int{0, -3, 1, 7, rag.MaxK, rag.MaxK + 1} {
		if _, err := e.Ask(t.Context(), rag.Question{Text: "驿站？", K: k}); err != nil {
			t.Fatal(err)
		}
	}
	if want := []int{rag.DefaultK, rag.DefaultK, 1, 7, rag.MaxK, rag.MaxK}; !slices.Equal(searcher.asked, want) {
		t.Errorf("searched for %v passages, want %v", searcher.asked, want)
	}
}

// Small talk is not searched.
func TestAskChat(t *testing.T) {
	searcher := &counting{}
	e := engine(hits(2), quoteFirst)
	e.Searcher = searcher
	e.Understander = ragtest.Understander(func(rag.Question) rag.Query { return rag.Query{Asks: rag.AsksChat} })
	got, err := e.Ask(t.Context(), rag.Question{Text: "你好"})
	if err != nil || got.Outcome != rag.NoEvidence || len(got.Hits) > 0 || len(searcher.asked) > 0 {
		t.Errorf("small talk: %+v, %v, searched %d times", got, err, len(searcher.asked))
	}
}

func TestAskErrors(t *testing.T) {
	broken := errors.New("broken")
	failing := func(context.Context, rag.Query, []rag.Hit) (rag.Answer, error) {
		return rag.Answer{Text: "half an answer"}, broken
	}
	search := engine(nil, quoteFirst)
	search.Searcher = ragtest.Searcher{Err: broken}
	for name, e := range map[string]*rag.Engine{"search": search, "answer": engine(hits(1), failing)} {
		got, err := e.Ask(t.Context(), rag.Question{Text: "驿站？"})
		if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), name+": ") {
			t.Errorf("%s: error %v", name, err)
		}
		if !reflect.DeepEqual(got, rag.Answer{}) {
			t.Errorf("%s: an answer beside the error: %+v", name, got)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := engine(hits(1), quoteFirst).Ask(ctx, rag.Question{Text: "驿站？"}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled question gives the error %v", err)
	}
}

func TestCitationSectionAndPart(t *testing.T) {
	a := &corpus.Article{Parts: []corpus.Part{{ID: "one"}, {ID: "two"}}}
	c := rag.Citation{Article: a, Passage: corpus.Passage{Part: 1, Headings: []string{"2025年安排", "驿站"}}}
	if c.Section() != "驿站" || c.Part().ID != "two" {
		t.Errorf("section %q, part %q", c.Section(), c.Part().ID)
	}
	c.Passage = corpus.Passage{Part: 2}
	if c.Section() != "" || c.Part().ID != "" {
		t.Errorf("without heading and part: section %q, part %q", c.Section(), c.Part().ID)
	}
}

func TestFilterIsZero(t *testing.T) {
	if !(rag.Filter{}).IsZero() {
		t.Error("the zero filter lets nothing pass")
	}
	for _, f := range []rag.Filter{
		{Places: []string{"云泽市"}}, {Years: corpus.Years{From: 2024, To: 2024}}, {Kind: corpus.KindPlan}, {Newspaper: "云泽日报"},
		{Article: "a"}, {Except: []string{"a"}}, {Since: corpus.Date{Year: 2024}}, {Until: corpus.Date{Year: 2024}},
	} {
		if f.IsZero() {
			t.Errorf("%+v is the zero filter", f)
		}
	}
}

// The fakes keep the contracts themselves.
func TestFakes(t *testing.T) {
	ragtest.TestSearcher(t, ragtest.Searcher{Hits: hits(3)}, rag.Query{Text: "驿站"})
	ragtest.TestAnswerer(t, ragtest.Answerer(quoteFirst),
		ragtest.Case{Query: rag.Query{Text: "驿站", Places: []string{"云泽市"}}, Hits: hits(2)}, ragtest.Case{})
}

// TestAskChangedSubject wants a question that finds nothing as a follow-up to be
// answered by itself, and the answer to say so.
func TestAskChangedSubject(t *testing.T) {
	e := engine(hits(2), func(ctx context.Context, q rag.Query, found []rag.Hit) (rag.Answer, error) {
		if !strings.HasPrefix(q.Text, "驿站") {
			found = nil
		}
		return quoteFirst(ctx, q, found)
	})
	for _, tt := range []struct {
		text, otherwise string
		outcome         rag.Outcome
		query           string
	}{
		{"临江区驿站有几处？", "驿站有几处？", rag.Answered, "驿站有几处？"},
		{"驿站有几处？", "有几处？", rag.Answered, "驿站有几处？"},
		{"临江区地铁通了吗？", "地铁通了吗？", rag.NoEvidence, "临江区地铁通了吗？"},
	} {
		e.Understander = ragtest.Understander(func(rag.Question) rag.Query {
			return rag.Query{Text: tt.text, Asks: rag.AsksText, Otherwise: &rag.Query{Text: tt.otherwise, Asks: rag.AsksText, Alone: true}}
		})
		got, err := e.Ask(t.Context(), rag.Question{Text: tt.otherwise})
		if err != nil {
			t.Fatal(err)
		}
		if got.Outcome != tt.outcome || got.Query.Text != tt.query || got.Query.Alone != (tt.query == tt.otherwise) {
			t.Errorf("%s: %s by %q, alone %t", tt.text, got.Outcome, got.Query.Text, got.Query.Alone)
		}
		if (got.Coverage != nil) != (tt.outcome == rag.NoEvidence) {
			t.Errorf("%s: coverage %v", tt.text, got.Coverage)
		}
	}
}
