package eval

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"

	"wenbao/rag"
	"wenbao/rag/cite"
)

// NearMiss is the kind of question that has to be refused with a notice and with
// what comes near.
const NearMiss = "nearmiss"

// AnswersReport is how a system's answers were marked.
type AnswersReport struct {
	Rows []AnswersRow `json:"rows"`
	// Measures are the same kinds, measured by sentences, quotes and time.
	Measures []MeasuresRow `json:"measures"`
	// Failures are the answers with a fault, in the order of the questions.
	Failures []Failure `json:"failures"`
}

// AnswersRow counts, of the N questions of one kind, those whose answer
//
//   - has the right Outcome, and for a near miss a notice;
//   - says all it Must, in its text or in a quote;
//   - leaves out all of MustNot in its text;
//   - is Cited: its passages show every relevant quote, and where there is none
//     to show, it has no citation;
//   - is Sound: cite.Check finds no problem;
//   - is Right: all of these.
type AnswersRow struct {
	Kind    string `json:"kind"` // All for the last row
	N       int    `json:"n"`
	Outcome int    `json:"outcome"`
	Must    int    `json:"must"`
	MustNot int    `json:"must_not"`
	Cited   int    `json:"cited"`
	Sound   int    `json:"sound"`
	Right   int    `json:"right"`
}

// Failure is an answer with a fault, for reading by eye.
type Failure struct {
	ID       string   `json:"id"`
	Question string   `json:"question"`
	Faults   []string `json:"faults"`
	Text     string   `json:"text"`
	Notice   string   `json:"notice"`
	Quotes   []string `json:"quotes"`
}

// Answers puts the questions to an engine, one after the other, and marks what
// it says, as it comes where the engine tells it so. The error is the engine's or
// the context's.
func Answers(ctx context.Context, e *rag.Engine, questions []Expected) (AnswersReport, error) {
	report := AnswersReport{Failures: []Failure{}}
	var marked []marks
	var measured []measures
	for i := range questions {
		q := &questions[i]
		a, t, err := ask(ctx, e, q.Asked())
		if err != nil {
			return AnswersReport{}, fmt.Errorf("ask question %s: %w", q.ID, err)
		}
		m := mark(q, a)
		measured = append(measured, measure(q, a, t))
		marked = append(marked, m)
		if faults := m.faults(); len(faults) > 0 {
			report.Failures = append(report.Failures, Failure{
				ID: q.ID, Question: q.Question, Faults: faults, Text: a.Text, Notice: a.Notice, Quotes: quotes(a),
			})
		}
	}
	report.Rows = byKind(marked, func(m marks) string { return m.kind }, answersRow)
	report.Measures = byKind(measured, func(m measures) string { return m.kind }, measuresRow)
	return report, nil
}

// marks are the faults of one answer by what they are faults of.
type marks struct {
	kind                                   string
	outcome, must, mustNot, cited, unsound []string
}

func (m *marks) faults() []string {
	return slices.Concat(m.outcome, m.must, m.mustNot, m.cited, m.unsound)
}

func mark(q *Expected, a rag.Answer) marks {
	m := marks{kind: q.Kind}
	if a.Outcome != q.Outcome {
		m.outcome = append(m.outcome, fmt.Sprintf("outcome is %s, not %s", a.Outcome, q.Outcome))
	}
	if q.Kind == NearMiss && a.Notice == "" {
		m.outcome = append(m.outcome, "there is no notice of the near miss")
	}
	said := append(quotes(a), a.Text)
	for _, s := range q.Must {
		if !slices.ContainsFunc(said, func(text string) bool { return says(text, s) }) {
			m.must = append(m.must, fmt.Sprintf("does not say %q", s))
		}
	}
	for _, s := range q.MustNot {
		if says(a.Text, s) {
			m.mustNot = append(m.mustNot, fmt.Sprintf("says %q", s))
		}
	}
	for _, s := range q.RelevantQuotes {
		if !slices.ContainsFunc(a.Citations, func(c rag.Citation) bool { return Shows(c.Article, c.Passage, s) }) {
			m.cited = append(m.cited, fmt.Sprintf("does not cite %q", s))
		}
	}
	if n := len(a.Citations); n > 0 && len(q.RelevantQuotes) == 0 {
		m.cited = append(m.cited, fmt.Sprintf("has %d citations and nothing to cite", n))
	}
	for _, p := range cite.Check(a) {
		m.unsound = append(m.unsound, p.String())
	}
	return m
}

func quotes(a rag.Answer) []string {
	out := make([]string, len(a.Citations))
	for i, c := range a.Citations {
		out[i] = c.Quote
	}
	return out
}

func answersRow(kind string, marked []marks) AnswersRow {
	row := AnswersRow{Kind: kind, N: len(marked)}
	for i := range marked {
		m := &marked[i]
		for _, c := range []struct {
			faults []string
			count  *int
		}{
			{m.outcome, &row.Outcome}, {m.must, &row.Must}, {m.mustNot, &row.MustNot},
			{m.cited, &row.Cited}, {m.unsound, &row.Sound}, {m.faults(), &row.Right},
		} {
			if len(c.faults) == 0 {
				*c.count++
			}
		}
	}
	return row
}

// Table gives the counts as shares, under the name of the system that answered.
func (r AnswersReport) Table(system string) Table {
	t := Table{Header: []string{"system", "kind", "n", "outcome", "must", "must_not", "cited", "sound", "right"}}
	for _, row := range r.Rows {
		cells := []string{system, row.Kind, strconv.Itoa(row.N)}
		for _, n := range []int{row.Outcome, row.Must, row.MustNot, row.Cited, row.Sound, row.Right} {
			cells = append(cells, decimal(float64(n)/float64(max(1, row.N))))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// WriteText writes the shares in columns, below them the measures and each failure.
func (r AnswersReport) WriteText(w io.Writer, system string) error {
	if err := r.Table(system).WriteText(w); err != nil {
		return err
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return err
	}
	if err := r.MeasuresTable(system).WriteText(w); err != nil {
		return err
	}
	for _, f := range r.Failures {
		if _, err := fmt.Fprintf(w, "\n%s %s\n", f.ID, f.Question); err != nil {
			return err
		}
		for _, fault := range f.Faults {
			if _, err := fmt.Fprintf(w, "  - %s\n", fault); err != nil {
				return err
			}
		}
		if _, err := fmt.Fprintf(w, "%s\n", f.Text); err != nil {
			return err
		}
	}
	return nil
}
