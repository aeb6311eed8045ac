package eval

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"

	"wenbao/rag"
	"wenbao/rag/extract/rank"
)

// HoldoutOptions say how to measure refusals. Engine and Ranker are required.
type HoldoutOptions struct {
	Engine *rag.Engine
	// Ranker gives the confidence that the curve is drawn by.
	Ranker *rank.Ranker
	// Progress, where set, is told of each question asked.
	Progress func(done, total int)
}

// HoldoutReport is how many questions are refused over a whole collection, and how many
// over what is left of it when the documents of their story are out, and all others that
// support an answer.
type HoldoutReport struct {
	Rows []HoldoutRow `json:"rows"`
}

// HoldoutRow counts the refusals among the N questions of one kind and half.
type HoldoutRow struct {
	Kind string `json:"kind"`
	// HeldOut says that nothing was learned on these questions: see HeldOut.
	HeldOut bool `json:"held_out"`
	// Threshold is the confidence below which all are refused; 0 for the row of
	// what the engine itself refuses, by all its rules.
	Threshold float64 `json:"threshold"`
	N         int     `json:"n"`
	// Answerable counts those that the whole collection answers: all that are not
	// Misdated. Refused counts those of them that are refused over it.
	Answerable int `json:"answerable"`
	Refused    int `json:"refused"`
	// RefusedWithout counts those of all that are refused without the documents of
	// their story, RefusedUnsupported those refused without any that supports an
	// answer: see Unsupported.
	RefusedWithout     int `json:"refused_without"`
	RefusedUnsupported int `json:"refused_unsupported"`
}

// Holdout asks each question over the collection and over what is left of it. The
// documents are left out of what the search finds: words are weighed as if they
// were there. The error is the engine's or the context's.
func Holdout(ctx context.Context, questions []Judged, opt HoldoutOptions) (HoldoutReport, error) {
	var pairs []pair
	for i := range questions {
		p, err := opt.pair(ctx, &questions[i])
		if err != nil {
			return HoldoutReport{}, err
		}
		pairs = append(pairs, p)
		if opt.Progress != nil {
			opt.Progress(i+1, len(questions))
		}
	}
	var report HoldoutReport
	for _, half := range []bool{false, true} {
		of := slices.DeleteFunc(slices.Clone(pairs), func(p pair) bool { return p.heldOut != half })
		report.Rows = append(report.Rows, curves(of, half)...)
	}
	return report, nil
}

// pair is what came of one question.
type pair struct {
	kind                        string
	heldOut, misdated           bool
	whole, without, unsupported finding
}

// finding is what came of one question over one collection.
type finding struct {
	answered   bool
	confidence float64
}

// refused reports whether a finding is refused at a threshold; at 0 the engine
// decides.
func (f finding) refused(threshold float64) bool {
	if threshold == 0 {
		return !f.answered
	}
	return f.confidence < threshold
}

func (o *HoldoutOptions) pair(ctx context.Context, q *Judged) (pair, error) {
	p := pair{kind: q.Kind, heldOut: HeldOut(q)}
	whole, sentences, err := o.ask(ctx, q, nil)
	if err != nil {
		return pair{}, err
	}
	p.whole, p.misdated = whole, Misdated(q, sentences)
	rounds := 0
	err = Unsupported(q, func(without []string) ([]rank.Sentence, error) {
		found, sentences, err := o.ask(ctx, q, without)
		if rounds++; rounds == 1 {
			p.without = found
		}
		p.unsupported = found
		return sentences, err
	})
	return p, err
}

// ask asks a question without some documents.
func (o *HoldoutOptions) ask(ctx context.Context, q *Judged, without []string) (finding, []rank.Sentence, error) {
	engine := *o.Engine
	engine.Searcher = Lacking{Searcher: o.Engine.Searcher, Documents: without}
	a, err := engine.Ask(ctx, q.Asked())
	if err != nil {
		return finding{}, nil, fmt.Errorf("ask question %s: %w", q.ID, err)
	}
	reading := o.Ranker.Read(a.Query, a.Hits)
	return finding{answered: a.Outcome == rag.Answered, confidence: reading.Confidence}, reading.Sentences, nil
}

// curves are the rows of one half, a threshold after the other for each kind.
func curves(pairs []pair, half bool) []HoldoutRow {
	var rows []HoldoutRow
	for _, of := range byKind(pairs, func(p pair) string { return p.kind }, func(kind string, of []pair) []HoldoutRow {
		var rows []HoldoutRow
		for step := range thresholds {
			rows = append(rows, holdoutRow(kind, half, float64(step)/thresholds, of))
		}
		return rows
	}) {
		if of[0].Kind != All && of[0].N > 0 {
			rows = append(rows, of...)
		}
	}
	return rows
}

// thresholds is how many points a curve has, from 0.
const thresholds = 20

func holdoutRow(kind string, half bool, threshold float64, pairs []pair) HoldoutRow {
	row := HoldoutRow{Kind: kind, HeldOut: half, Threshold: threshold, N: len(pairs)}
	for _, p := range pairs {
		row.Answerable += count(!p.misdated)
		row.Refused += count(!p.misdated && p.whole.refused(threshold))
		row.RefusedWithout += count(p.without.refused(threshold))
		row.RefusedUnsupported += count(p.unsupported.refused(threshold))
	}
	return row
}

// Table gives the counts as shares.
func (r HoldoutReport) Table() Table {
	t := Table{Header: []string{"kind", "half", "threshold", "n", "n_answerable", "ref_answerable", "ref_without", "ref_unsupported"}}
	for _, row := range r.Rows {
		half, threshold := "learned", "answers"
		if row.HeldOut {
			half = "held-out"
		}
		if row.Threshold > 0 {
			threshold = strconv.FormatFloat(row.Threshold, 'f', 2, 64)
		}
		t.Rows = append(t.Rows, []string{
			row.Kind, half, threshold, strconv.Itoa(row.N), strconv.Itoa(row.Answerable),
			decimal(share(row.Refused, row.Answerable)), decimal(share(row.RefusedWithout, row.N)), decimal(share(row.RefusedUnsupported, row.N)),
		})
	}
	return t
}

// WriteText writes the table in columns.
func (r HoldoutReport) WriteText(w io.Writer) error { return r.Table().WriteText(w) }

// Lacking is a Searcher over a collection without some documents. It needs the
// collection's own IDs of documents, and a Searcher that heeds Filter.Except: what is
// left is found and scored as if they had never been there, but for how rare words are.
type Lacking struct {
	rag.Searcher
	Documents []string
}

// Search implements rag.Searcher. The articles of the documents are only known once
// they are found: it searches again without them until none is left.
func (l Lacking) Search(ctx context.Context, q rag.Query, k int) ([]rag.Hit, error) {
	for {
		hits, err := l.Searcher.Search(ctx, q, k)
		if err != nil {
			return nil, err
		}
		before := len(q.Filter.Except)
		for i, id := range documents(hits) {
			if slices.Contains(l.Documents, id) && !slices.Contains(q.Filter.Except, hits[i].Article.ID) {
				q.Filter.Except = append(slices.Clip(q.Filter.Except), hits[i].Article.ID)
			}
		}
		if len(q.Filter.Except) == before {
			return hits, nil
		}
	}
}
