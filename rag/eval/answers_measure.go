package eval

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"wenbao/corpus"
	"wenbao/rag"
	"wenbao/rag/cite"
)

// MeasuresRow measures the answers to the N questions of one kind.
type MeasuresRow struct {
	Kind string `json:"kind"` // All for the last row
	N    int    `json:"n"`
	// Answered and Refused are all questions; AnsweredWrong are those answered
	// that have no answer, RefusedWrong those refused that have one.
	Answered      int `json:"answered"`
	AnsweredWrong int `json:"answered_wrong"`
	Refused       int `json:"refused"`
	RefusedWrong  int `json:"refused_wrong"`
	// Supported is the share of sentences in which, and in whose citations,
	// cite.Check finds no problem; 1 where there is no sentence.
	Supported float64 `json:"supported"`
	// Precision is the share of citations whose quote shows a relevant quote, or
	// says what the answer must; Recall is the share of relevant quotes that the
	// quote of a citation shows. Each is 1 where there is nothing to count.
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	// Generative counts the answers that a model has written, Removed the
	// sentences that the check has taken out of what models wrote.
	Generative int `json:"generative"`
	Removed    int `json:"removed"`
	// First is the time to the first piece of the answer that was shown, End that
	// to the whole, which an answer that is not told in pieces comes as.
	First Times `json:"first"`
	End   Times `json:"end"`
}

// Times are percentiles of durations in milliseconds.
type Times struct {
	P50 float64 `json:"p50_ms"`
	P95 float64 `json:"p95_ms"`
}

// timing is how long an answer took.
type timing struct{ first, end time.Duration }

// ask asks and times. A piece that the whole answer does not begin with was shown
// in vain.
func ask(ctx context.Context, e *rag.Engine, q rag.Question) (rag.Answer, timing, error) {
	start := e.Now()
	var t timing
	var told strings.Builder
	a, err := e.AskStream(ctx, q, func(piece string) error {
		if told.Len() == 0 {
			t.first = e.Now().Sub(start)
		}
		told.WriteString(piece)
		return nil
	})
	t.end = e.Now().Sub(start)
	if told.Len() == 0 || !strings.HasPrefix(a.Text, told.String()) {
		t.first = t.end
	}
	return a, t, err
}

// measures are the counts of one answer.
type measures struct {
	timing
	kind                 string
	answered, answerable bool
	sentences, supported int
	citations, precise   int
	relevant, recalled   int
	generative           bool
	removed              int
}

func measure(q *Expected, a rag.Answer, t timing) measures {
	m := measures{
		timing: t, kind: q.Kind, answered: a.Outcome == rag.Answered, answerable: q.Outcome == rag.Answered,
		sentences: len(a.Sentences), supported: len(a.Sentences) - unsupported(a),
		citations: len(a.Citations), relevant: len(q.RelevantQuotes),
		generative: a.Mode == rag.Generative, removed: a.Removed,
	}
	for _, c := range a.Citations {
		right := func(snippet string) bool { return quotesPart(c, snippet) }
		must := func(s string) bool { return says(c.Quote, s) }
		if slices.ContainsFunc(q.RelevantQuotes, right) || slices.ContainsFunc(q.Must, must) {
			m.precise++
		}
	}
	for _, snippet := range q.RelevantQuotes {
		if slices.ContainsFunc(a.Citations, func(c rag.Citation) bool { return quotesPart(c, snippet) }) {
			m.recalled++
		}
	}
	return m
}

// unsupported counts the sentences that have a problem, or a citation with one.
func unsupported(a rag.Answer) int {
	bad := make([]bool, len(a.Sentences))
	for _, p := range cite.Check(a) {
		for i, s := range a.Sentences {
			if p.Sentence == i+1 || p.Sentence == 0 && slices.Contains(s.Citations, p.Citation) {
				bad[i] = true
			}
		}
	}
	n := 0
	for _, b := range bad {
		if b {
			n++
		}
	}
	return n
}

// quotesPart reports whether a citation's quote and a snippet of its article have
// at least half of the shorter one in common. Headlines and bylines are shown
// with every citation of their article.
func quotesPart(c rag.Citation, snippet string) bool {
	spans, err := cite.Find(c.Article.Text, snippet)
	at := strings.Index(c.Passage.Text, c.Quote)
	if err != nil || at < 0 {
		return says(c.Quote, snippet) // too short to be looked up
	}
	start := c.Passage.Span.Start + at
	quote := corpus.Span{Start: start, End: start + len(c.Quote)}
	return slices.ContainsFunc(spans, func(sp corpus.Span) bool {
		return 2*common(sp, quote) >= min(sp.Len(), quote.Len()) || 2*titled(c.Article, sp) >= sp.Len()
	})
}

func measuresRow(kind string, measured []measures) MeasuresRow {
	row := MeasuresRow{Kind: kind, N: len(measured)}
	var sum measures
	var first, end []time.Duration
	for i := range measured {
		m := &measured[i]
		row.Answered += count(m.answered)
		row.AnsweredWrong += count(m.answered && !m.answerable)
		row.Refused += count(!m.answered)
		row.RefusedWrong += count(!m.answered && m.answerable)
		row.Generative += count(m.generative)
		row.Removed += m.removed
		sum.sentences += m.sentences
		sum.supported += m.supported
		sum.citations += m.citations
		sum.precise += m.precise
		sum.relevant += m.relevant
		sum.recalled += m.recalled
		first, end = append(first, m.first), append(end, m.end)
	}
	row.Supported = share(sum.supported, sum.sentences)
	row.Precision = share(sum.precise, sum.citations)
	row.Recall = share(sum.recalled, sum.relevant)
	row.First, row.End = timesOf(first), timesOf(end)
	return row
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// share is part of whole, 1 where there is no whole.
func share(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

// timesOf gives the percentiles, by the nearest rank.
func timesOf(d []time.Duration) Times {
	slices.Sort(d)
	at := func(percent int) float64 {
		if len(d) == 0 {
			return 0
		}
		return float64(d[(len(d)*percent+99)/100-1].Microseconds()) / 1000
	}
	return Times{P50: at(50), P95: at(95)}
}

// MeasuresTable gives the measures under the name of the system that answered.
// Times are in milliseconds and differ from run to run.
func (r AnswersReport) MeasuresTable(system string) Table {
	t := Table{Header: []string{
		"system", "kind", "n", "answered", "ans_wrong", "refused", "ref_wrong", "supported", "precision", "recall",
		"generative", "removed", "first_p50", "first_p95", "end_p50", "end_p95",
	}}
	for _, row := range r.Measures {
		cells := []string{system, row.Kind}
		for _, n := range []int{row.N, row.Answered, row.AnsweredWrong, row.Refused, row.RefusedWrong} {
			cells = append(cells, strconv.Itoa(n))
		}
		cells = append(cells, decimal(row.Supported), decimal(row.Precision), decimal(row.Recall))
		cells = append(cells, strconv.Itoa(row.Generative), strconv.Itoa(row.Removed))
		for _, ms := range []float64{row.First.P50, row.First.P95, row.End.P50, row.End.P95} {
			cells = append(cells, strconv.FormatFloat(ms, 'f', 1, 64))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}
