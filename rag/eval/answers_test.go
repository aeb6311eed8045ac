package eval_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"wenbao/corpus"
	"wenbao/rag"
	"wenbao/rag/eval"
)

// report is an article of a headline and two passages.
func report() (*corpus.Article, []corpus.Passage) {
	const title, first, second = "白塔镇添了食堂", "新增养老床位 500张，老人都说好。", "每餐3元，共19条长凳。"
	a := &corpus.Article{ID: "a", Title: title, Text: title + "\n" + first + "\n" + second}
	at := func(s string) corpus.Span {
		i := strings.Index(a.Text, s)
		return corpus.Span{Start: i, End: i + len(s)}
	}
	a.Blocks = []corpus.Block{
		{Kind: corpus.BlockTitle, Span: at(title)},
		{Kind: corpus.BlockParagraph, Span: at(first)}, {Kind: corpus.BlockParagraph, Span: at(second)},
	}
	return a, []corpus.Passage{
		{ID: "p1", Article: "a", Span: at(first), Text: first},
		{ID: "p2", Article: "a", Span: at(second), Text: second},
	}
}

// script gives each question its answer.
type script map[string]rag.Answer

func (s script) Understand(q rag.Question) rag.Query { return rag.Query{Text: q.Text} }

func (s script) Search(context.Context, rag.Query, int) ([]rag.Hit, error) { return nil, nil }

func (s script) Answer(_ context.Context, q rag.Query, _ []rag.Hit) (rag.Answer, error) {
	a, ok := s[q.Text]
	if !ok {
		return rag.Answer{}, errUnscripted
	}
	return a, nil
}

var errUnscripted = errors.New("no such line")

func (s script) engine() *rag.Engine {
	return &rag.Engine{
		Understander: s, Searcher: s, Answerer: s,
		Coverage: func() rag.Coverage { return rag.Coverage{} },
		Now:      func() time.Time { return time.Unix(0, 0) },
	}
}

// said is an answer of one sentence that quotes a passage.
func said(outcome rag.Outcome, text, quote string, passage int) rag.Answer {
	a, passages := report()
	return rag.Answer{
		Outcome: outcome, Text: text + " [1]",
		Sentences: []rag.Sentence{{Text: text, Citations: []int{1}}},
		Citations: []rag.Citation{{N: 1, Quote: quote, Passage: passages[passage], Article: a}},
	}
}

func TestAnswersMarks(t *testing.T) {
	beds := said(rag.Answered, "新增养老床位500张", "新增养老床位 500张", 0)
	benches := said(rag.Answered, "共19条长凳", "共19条长凳", 1)
	near := said(rag.NoEvidence, "没有2025年的。最接近的：每餐3元", "每餐3元", 1)
	noticed := near
	noticed.Notice = "只有2024年的"
	refusal := rag.Answer{Outcome: rag.NoEvidence, Text: "没有找到。"}
	wrongFigure := beds
	wrongFigure.Text, wrongFigure.Sentences = "510张", []rag.Sentence{{Text: "510张", Citations: []int{1}}}

	for _, tt := range []struct {
		name   string
		expect eval.Expected
		answer rag.Answer
		want   eval.AnswersRow // without Kind and N
		faults []string
	}{
		{"right", eval.Expected{Outcome: rag.Answered, Must: []string{"500张"}, MustNot: []string{"320张"}, RelevantQuotes: []string{"新增养老床位500张"}},
			beds, eval.AnswersRow{Outcome: 1, Must: 1, MustNot: 1, Cited: 1, Sound: 1, Right: 1}, nil},
		{"said in the quote alone", eval.Expected{Outcome: rag.Answered, Must: []string{"床位500"}, RelevantQuotes: []string{"老人都说好"}},
			said(rag.Answered, "有的", "新增养老床位 500张", 0), eval.AnswersRow{Outcome: 1, Must: 1, MustNot: 1, Cited: 1, Sound: 1, Right: 1}, nil},
		{"refused", eval.Expected{Outcome: rag.Answered, Must: []string{"500张"}, RelevantQuotes: []string{"新增养老床位500张"}},
			refusal, eval.AnswersRow{MustNot: 1, Sound: 1},
			[]string{"outcome is no_evidence, not answered", `does not say "500张"`, `does not cite "新增养老床位500张"`}},
		{"within a number", eval.Expected{Outcome: rag.Answered, Must: []string{"9条"}, MustNot: []string{"9条"}, RelevantQuotes: []string{"共19条长凳"}},
			benches, eval.AnswersRow{Outcome: 1, MustNot: 1, Cited: 1, Sound: 1}, []string{`does not say "9条"`}},
		{"says too much", eval.Expected{Outcome: rag.Answered, MustNot: []string{"19 条"}, RelevantQuotes: []string{"共19条长凳"}},
			benches, eval.AnswersRow{Outcome: 1, Must: 1, Cited: 1, Sound: 1}, []string{`says "19 条"`}},
		{"other passage", eval.Expected{Outcome: rag.Answered, RelevantQuotes: []string{"新增养老床位500张"}},
			benches, eval.AnswersRow{Outcome: 1, Must: 1, MustNot: 1, Sound: 1}, []string{`does not cite "新增养老床位500张"`}},
		{"over two passages", eval.Expected{Outcome: rag.Answered, RelevantQuotes: []string{"床位500张，老人都说好。每餐"}},
			beds, eval.AnswersRow{Outcome: 1, Must: 1, MustNot: 1, Cited: 1, Sound: 1, Right: 1}, nil},
		{"headline", eval.Expected{Outcome: rag.Answered, RelevantQuotes: []string{"白塔镇添了食堂"}},
			beds, eval.AnswersRow{Outcome: 1, Must: 1, MustNot: 1, Cited: 1, Sound: 1, Right: 1}, nil},
		{"unsound", eval.Expected{Outcome: rag.Answered, RelevantQuotes: []string{"新增养老床位500张"}},
			wrongFigure, eval.AnswersRow{Outcome: 1, Must: 1, MustNot: 1, Cited: 1}, []string{`unfounded: sentence 1, citation 0: "510张"`}},
		{"right refusal", eval.Expected{Outcome: rag.NoEvidence},
			refusal, eval.AnswersRow{Outcome: 1, Must: 1, MustNot: 1, Cited: 1, Sound: 1, Right: 1}, nil},
		{"refusal with a source", eval.Expected{Outcome: rag.NoEvidence},
			near, eval.AnswersRow{Outcome: 1, Must: 1, MustNot: 1, Sound: 1}, []string{"has 1 citations and nothing to cite"}},
		{"near miss", eval.Expected{Kind: eval.NearMiss, Outcome: rag.NoEvidence, RelevantQuotes: []string{"每餐3元"}},
			noticed, eval.AnswersRow{Outcome: 1, Must: 1, MustNot: 1, Cited: 1, Sound: 1, Right: 1}, nil},
		{"near miss without notice", eval.Expected{Kind: eval.NearMiss, Outcome: rag.NoEvidence, RelevantQuotes: []string{"每餐3元"}},
			near, eval.AnswersRow{Must: 1, MustNot: 1, Cited: 1, Sound: 1}, []string{"there is no notice of the near miss"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := tt.expect
			q.ID, q.Question = "1", "问"
			got, err := eval.Answers(context.Background(), script{"问": tt.answer}.engine(), []eval.Expected{q})
			if err != nil {
				t.Fatal(err)
			}
			tt.want.Kind, tt.want.N = q.Kind, 1
			if diff := cmp.Diff(tt.want, got.Rows[0]); diff != "" {
				t.Errorf("row (-want +got):\n%s", diff)
			}
			var faults []string
			for _, f := range got.Failures {
				faults = append(faults, f.Faults...)
			}
			if diff := cmp.Diff(tt.faults, faults, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnswersReport(t *testing.T) {
	questions := []eval.Expected{
		{ID: "1", Question: "几张", Kind: "number", Outcome: rag.Answered, Must: []string{"500张"}, RelevantQuotes: []string{"新增养老床位500张"}},
		{ID: "2", Question: "几条", Kind: "number", Outcome: rag.Answered, Must: []string{"19条"}, RelevantQuotes: []string{"共19条长凳"}},
		{ID: "3", Question: "你好", Kind: "chat", Outcome: rag.NoEvidence},
	}
	lines := script{
		"几张": said(rag.Answered, "新增养老床位500张", "新增养老床位 500张", 0),
		"几条": {Outcome: rag.NoEvidence, Text: "没有找到。"},
		"你好": {Outcome: rag.NoEvidence, Text: "请问报上的事。"},
	}
	got, err := eval.Answers(context.Background(), lines.engine(), questions)
	if err != nil {
		t.Fatal(err)
	}
	want := []eval.AnswersRow{
		{Kind: "chat", N: 1, Outcome: 1, Must: 1, MustNot: 1, Cited: 1, Sound: 1, Right: 1},
		{Kind: "number", N: 2, Outcome: 1, Must: 1, MustNot: 2, Cited: 1, Sound: 2, Right: 1},
		{Kind: eval.All, N: 3, Outcome: 2, Must: 2, MustNot: 3, Cited: 2, Sound: 3, Right: 2},
	}
	if diff := cmp.Diff(want, got.Rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	var text strings.Builder
	if err := got.WriteText(&text, "fake"); err != nil {
		t.Fatal(err)
	}
	wantText := `  system    kind  n  outcome   must  must_not  cited  sound  right
    fake    chat  1    1.000  1.000     1.000  1.000  1.000  1.000
    fake  number  2    0.500  0.500     1.000  0.500  1.000  0.500
    fake     all  3    0.667  0.667     1.000  0.667  1.000  0.667

  system    kind  n  answered  ans_wrong  refused  ref_wrong  supported  precision  recall  generative  removed  first_p50  first_p95  end_p50  end_p95
    fake    chat  1         0          0        1          0      1.000      1.000   1.000           0        0        0.0        0.0      0.0      0.0
    fake  number  2         1          0        1          1      1.000      1.000   0.500           0        0        0.0        0.0      0.0      0.0
    fake     all  3         1          0        2          1      1.000      1.000   0.500           0        0        0.0        0.0      0.0      0.0

2 几条
  - outcome is no_evidence, not answered
  - does not say "19条"
  - does not cite "共19条长凳"
没有找到。
`
	if diff := cmp.Diff(wantText, text.String()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

func TestAnswersStopsAtAnError(t *testing.T) {
	_, err := eval.Answers(context.Background(), script{}.engine(), []eval.Expected{{ID: "7", Question: "问"}})
	if !errors.Is(err, errUnscripted) || !strings.Contains(err.Error(), "question 7") {
		t.Errorf("error %v", err)
	}
}

func TestSnippets(t *testing.T) {
	a, passages := report()
	search := func(_ context.Context, q rag.Question, k int) ([]rag.Hit, error) {
		if k != eval.Depth {
			t.Errorf("asked for %d", k)
		}
		if q.Text == "空" {
			return nil, nil
		}
		return []rag.Hit{{Rank: 1, Passage: passages[1], Article: a}, {Rank: 2, Passage: passages[0], Article: a}}, nil
	}
	got, err := eval.Snippets(context.Background(), search, []eval.Expected{
		{ID: "1", Question: "两件", Kind: "both", RelevantQuotes: []string{"养老床位500张", "每餐3元"}}, // ranks 2 and 1
		{ID: "2", Question: "空", Kind: "none", RelevantQuotes: []string{"每餐3元"}},
		{ID: "3", Question: "闲话", Kind: "left out"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []eval.Row{
		// nDCG of rank 2: (1/log2(3)) / 1 = 0.63093
		{Kind: "both", N: 2, R1: 0.5, R5: 1, R10: 1, R20: 1, MRR: 0.75, NDCG10: (1 + 0.63093) / 2},
		{Kind: "none", N: 1},
		{Kind: eval.All, N: 3, R1: 1.0 / 3, R5: 2.0 / 3, R10: 2.0 / 3, R20: 2.0 / 3, MRR: 0.5, NDCG10: (1 + 0.63093) / 3},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-5)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if _, err := eval.Snippets(context.Background(), func(context.Context, rag.Question, int) ([]rag.Hit, error) {
		return nil, errUnscripted
	}, []eval.Expected{{ID: "1", RelevantQuotes: []string{"每餐3元"}}}); !errors.Is(err, errUnscripted) {
		t.Errorf("error %v", err)
	}
}

func TestWriteScores(t *testing.T) {
	one := eval.Table{Header: []string{"system", "n"}, Rows: [][]string{{"a", "1"}}}
	two := eval.Table{Header: []string{"system", "n"}, Rows: [][]string{{"b", "2"}}}
	var b strings.Builder
	if err := eval.WriteScores(&b, eval.Join(one, two), one); err != nil {
		t.Fatal(err)
	}
	if want := "system\tn\na\t1\nb\t2\n\nsystem\tn\na\t1\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
	if len(one.Rows) != 1 {
		t.Errorf("Join changed its input: %v", one)
	}
}
