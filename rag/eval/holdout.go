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

// HoldoutReport is how many questions are refused over a whole collection, and
// how many over what is left of it when the documents of their story are out.
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
	// Refused counts those refused over the whole collection, RefusedWithout those
	// over the rest.
	Refused        int `json:"refused"`
	RefusedWithout int `json:"refused_without"`
	// Unanswerable counts the questions whose answers the rest does not print (see
	// PrintedElsewhere), RefusedUnanswerable those of them that are refused there.
	Unanswerable        int `json:"unanswerable"`
	RefusedUnanswerable int `json:"refused_unanswerable"`
}

// Holdout asks each question over the collection and over the rest of it. The
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
	kind          string
	heldOut       bool
	whole, rest   finding
	printedInRest bool
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
	var err error
	if p.whole, _, err = o.ask(ctx, q, nil); err != nil {
		return pair{}, err
	}
	var found []rank.Sentence
	if p.rest, found, err = o.ask(ctx, q, q.Story()); err != nil {
		return pair{}, err
	}
	p.printedInRest = PrintedElsewhere(q, found)
	return p, nil
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
		refused := p.rest.refused(threshold)
		row.Refused += count(p.whole.refused(threshold))
		row.RefusedWithout += count(refused)
		row.Unanswerable += count(!p.printedInRest)
		row.RefusedUnanswerable += count(refused && !p.printedInRest)
	}
	return row
}

// Table gives the counts as shares.
func (r HoldoutReport) Table() Table {
	t := Table{Header: []string{"kind", "half", "threshold", "n", "ref_answerable", "ref_without", "n_unanswerable", "ref_unanswerable"}}
	for _, row := range r.Rows {
		half, threshold := "learned", "answers"
		if row.HeldOut {
			half = "held-out"
		}
		if row.Threshold > 0 {
			threshold = strconv.FormatFloat(row.Threshold, 'f', 2, 64)
		}
		n := max(1, row.N)
		t.Rows = append(t.Rows, []string{
			row.Kind, half, threshold, strconv.Itoa(row.N), decimal(float64(row.Refused) / float64(n)), decimal(float64(row.RefusedWithout) / float64(n)),
			strconv.Itoa(row.Unanswerable), decimal(share(row.RefusedUnanswerable, row.Unanswerable)),
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
