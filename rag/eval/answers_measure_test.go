package eval_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wenbao/rag"
	"wenbao/rag/eval"
)

func TestAnswersMeasures(t *testing.T) {
	beds := said(rag.Answered, "新增养老床位500张", "新增养老床位 500张", 0)
	two := said(rag.Answered, "新增养老床位500张", "新增养老床位 500张", 0)
	benches := said(rag.Answered, "共19条长凳", "共19条长凳", 1)
	two.Sentences = append(two.Sentences, rag.Sentence{Text: "共21条长凳", Citations: []int{2}})
	second := benches.Citations[0]
	second.N = 2
	two.Citations = append(two.Citations, second)
	two.Text += "共21条长凳 [2]"
	misquoted := said(rag.Answered, "新增养老床位500张", "新增养老床位500张", 0) // without the space that was printed
	written := said(rag.Answered, "新增养老床位500张", "新增养老床位 500张", 0)
	written.Mode, written.Removed = rag.Generative, 2

	for _, tt := range []struct {
		name   string
		expect eval.Expected
		answer rag.Answer
		want   eval.MeasuresRow // without N, First and End
	}{
		{"right", eval.Expected{Outcome: rag.Answered, RelevantQuotes: []string{"新增养老床位500张"}}, beds,
			eval.MeasuresRow{Answered: 1, Supported: 1, Precision: 1, Recall: 1}},
		{"a figure and a citation too many", eval.Expected{Outcome: rag.Answered, RelevantQuotes: []string{"新增养老床位500张"}}, two,
			eval.MeasuresRow{Answered: 1, Supported: 0.5, Precision: 0.5, Recall: 1}},
		{"misquoted", eval.Expected{Outcome: rag.Answered, RelevantQuotes: []string{"老人都说好"}}, misquoted,
			eval.MeasuresRow{Answered: 1}},
		{"half of what there is", eval.Expected{Outcome: rag.Answered, RelevantQuotes: []string{"新增养老床位500张", "每餐3元"}}, beds,
			eval.MeasuresRow{Answered: 1, Supported: 1, Precision: 1, Recall: 0.5}},
		{"says what it must", eval.Expected{Outcome: rag.Answered, Must: []string{"500张"}, RelevantQuotes: []string{"每餐3元"}}, beds,
			eval.MeasuresRow{Answered: 1, Supported: 1, Precision: 1}},
		{"answered wrongly", eval.Expected{Outcome: rag.NoEvidence}, beds,
			eval.MeasuresRow{Answered: 1, AnsweredWrong: 1, Supported: 1, Recall: 1}},
		{"refused wrongly", eval.Expected{Outcome: rag.Answered, RelevantQuotes: []string{"每餐3元"}}, rag.Answer{Outcome: rag.NoEvidence},
			eval.MeasuresRow{Refused: 1, RefusedWrong: 1, Supported: 1, Precision: 1}},
		{"written by a model", eval.Expected{Outcome: rag.Answered, RelevantQuotes: []string{"新增养老床位500张"}}, written,
			eval.MeasuresRow{Answered: 1, Supported: 1, Precision: 1, Recall: 1, Generative: 1, Removed: 2}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := tt.expect
			q.ID, q.Question, q.Kind = "1", "问", "kind"
			report, err := eval.Answers(context.Background(), script{"问": tt.answer}.engine(), []eval.Expected{q})
			if err != nil {
				t.Fatal(err)
			}
			for i, kind := range []string{"kind", eval.All} {
				tt.want.Kind, tt.want.N = kind, 1
				if diff := cmp.Diff(tt.want, report.Measures[i]); diff != "" {
					t.Errorf("row (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// clock is a time that only moves when it is told to.
type clock struct{ time.Time }

func (c *clock) pass(d time.Duration) { c.Time = c.Add(d) }

// teller tells an answer in two pieces: the first after 10 ms, the rest when the
// question's time is over.
type teller struct {
	script
	clock  *clock
	pieces map[string]string
	ends   map[string]time.Duration
}

func (s teller) Stream(ctx context.Context, q rag.Query, hits []rag.Hit, tell func(string) error) (rag.Answer, error) {
	s.clock.pass(10 * time.Millisecond)
	if piece := s.pieces[q.Text]; piece != "" {
		if err := tell(piece); err != nil {
			return rag.Answer{}, err
		}
	}
	s.clock.pass(s.ends[q.Text] - 10*time.Millisecond)
	return s.Answer(ctx, q, hits)
}

func TestAnswersTimes(t *testing.T) {
	beds := said(rag.Answered, "新增养老床位500张", "新增养老床位 500张", 0)
	s := teller{
		script: script{"甲": beds, "乙": beds, "丙": beds}, clock: &clock{time.Unix(0, 0)},
		// The second is shown in vain, the third says nothing before its end.
		pieces: map[string]string{"甲": "新增", "乙": "别的话"},
		ends:   map[string]time.Duration{"甲": 40 * time.Millisecond, "乙": 60 * time.Millisecond, "丙": 80 * time.Millisecond},
	}
	engine := s.engine()
	engine.Answerer, engine.Now = s, func() time.Time { return s.clock.Time }
	report, err := eval.Answers(context.Background(), engine, []eval.Expected{
		{ID: "1", Question: "甲"}, {ID: "2", Question: "乙"}, {ID: "3", Question: "丙"},
	})
	if err != nil {
		t.Fatal(err)
	}
	all := report.Measures[len(report.Measures)-1]
	if want := (eval.Times{P50: 60, P95: 80}); all.First != want || all.End != want {
		t.Errorf("first %v, end %v, want both %v", all.First, all.End, want)
	}
	one, err := eval.Answers(context.Background(), engine, []eval.Expected{{ID: "1", Question: "甲"}})
	if err != nil {
		t.Fatal(err)
	}
	if first := one.Measures[0].First; first != (eval.Times{P50: 10, P95: 10}) {
		t.Errorf("first %v, want 10 ms", first)
	}
}
