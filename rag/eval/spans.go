package eval

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/extract/rank"
)

// SpansReport is how well answers meet those that are known.
type SpansReport struct {
	Rows []SpansRow `json:"rows"`
}

// SpansRow measures the N questions of one kind and half.
type SpansRow struct {
	Kind    string `json:"kind"`
	HeldOut bool   `json:"held_out"`
	N       int    `json:"n"`
	// Top1 and Top3 are the shares of questions whose answer stands in the best
	// sentence of the whole collection, or in one of the best three: see HoldsAnswer.
	Top1 float64 `json:"top_1"`
	Top3 float64 `json:"top_3"`
	// Answered is the share of questions answered, Said that of those whose answer's
	// text or quotes hold a known one.
	Answered float64 `json:"answered"`
	Said     float64 `json:"said"`
	// EM and F1 compare the first line of all answers with the known ones, as CMRC
	// 2018 does: by equality, and by the longest string in common; refusals have 0.
	EM float64 `json:"em"`
	F1 float64 `json:"f1"`
	// Short is the share of questions with a short answer, ShortEM and ShortF1 are
	// over those alone.
	Short   float64 `json:"short"`
	ShortEM float64 `json:"short_em"`
	ShortF1 float64 `json:"short_f1"`
}

// Spans asks each question and compares the answers.
func Spans(ctx context.Context, questions []Judged, opt HoldoutOptions) (SpansReport, error) {
	rows := map[bool][]SpansRow{}
	for i := range questions {
		q := &questions[i]
		a, err := opt.Engine.Ask(ctx, q.Asked())
		if err != nil {
			return SpansReport{}, fmt.Errorf("ask question %s: %w", q.ID, err)
		}
		row := spansRow(q, a)
		row.Top1, row.Top3 = tops(q, opt.Ranker.Read(a.Query, a.Hits).Sentences)
		rows[row.HeldOut] = append(rows[row.HeldOut], row)
		if opt.Progress != nil {
			opt.Progress(i+1, len(questions))
		}
	}
	var report SpansReport
	for _, half := range []bool{false, true} {
		if len(rows[half]) > 0 {
			report.Rows = append(report.Rows, byKind(rows[half], func(r SpansRow) string { return r.Kind }, meanSpans)...)
		}
	}
	return report, nil
}

// tops are 1 where the first, or one of the first three, holds an answer.
func tops(q *Judged, found []rank.Sentence) (one, three float64) {
	for i := range found[:min(3, len(found))] {
		if HoldsAnswer(q, &found[i]) {
			return float64(count(i == 0)), 1
		}
	}
	return 0, 0
}

// spansRow measures one answer.
func spansRow(q *Judged, a rag.Answer) SpansRow {
	row := SpansRow{Kind: q.Kind, HeldOut: HeldOut(q), N: 1}
	if a.Outcome != rag.Answered || len(a.Sentences) == 0 {
		return row
	}
	row.Answered = 1
	said := comparable(a.Text + strings.Join(quotes(a), ""))
	text, isShort := shortAnswer(a.Sentences[0].Text)
	for _, known := range q.Answers {
		row.Said = max(row.Said, float64(count(strings.Contains(said, comparable(known)))))
		row.EM = max(row.EM, float64(count(comparable(text) == comparable(known))))
		row.F1 = max(row.F1, overlap(comparable(text), comparable(known)))
	}
	if isShort {
		row.Short, row.ShortEM, row.ShortF1 = 1, row.EM, row.F1
	}
	return row
}

// shortAnswer is what stands in front of the dash of an answer's first sentence,
// or the whole of it.
func shortAnswer(sentence string) (text string, short bool) {
	text, _, short = strings.Cut(sentence, "——")
	return text, short
}

// comparable is a text without marks, folded.
func comparable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPunct(r) || unicode.IsSymbol(r) || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, zh.Fold(s))
}

// overlap is the F1 of the longest string that two texts have in common, by
// characters.
func overlap(text, known string) float64 {
	x, y := []rune(text), []rune(known)
	best := 0
	ends := make([]int, len(y)+1)
	for _, a := range x {
		before := 0
		for i, b := range y {
			length := 0
			if a == b {
				length = before + 1
			}
			before, ends[i+1] = ends[i+1], length
			best = max(best, length)
		}
	}
	if len(x)+len(y) == 0 {
		return 0
	}
	return 2 * float64(best) / float64(len(x)+len(y))
}

// meanSpans is the row of several questions.
func meanSpans(kind string, rows []SpansRow) SpansRow {
	mean := SpansRow{Kind: kind, HeldOut: rows[0].HeldOut, N: len(rows)}
	for _, r := range rows {
		for _, add := range []struct {
			to   *float64
			more float64
		}{
			{&mean.Top1, r.Top1}, {&mean.Top3, r.Top3}, {&mean.Answered, r.Answered}, {&mean.Said, r.Said}, {&mean.EM, r.EM},
			{&mean.F1, r.F1}, {&mean.Short, r.Short}, {&mean.ShortEM, r.ShortEM}, {&mean.ShortF1, r.ShortF1},
		} {
			*add.to += add.more
		}
	}
	short := max(mean.Short, 1)
	mean.ShortEM, mean.ShortF1 = mean.ShortEM/short, mean.ShortF1/short
	for _, sum := range []*float64{&mean.Top1, &mean.Top3, &mean.Answered, &mean.Said, &mean.EM, &mean.F1, &mean.Short} {
		*sum /= float64(len(rows))
	}
	return mean
}

// Table gives the shares.
func (r SpansReport) Table() Table {
	t := Table{Header: []string{"kind", "half", "n", "top_1", "top_3", "answered", "said", "em", "f1", "short", "short_em", "short_f1"}}
	for _, row := range r.Rows {
		half := "learned"
		if row.HeldOut {
			half = "held-out"
		}
		cells := []string{row.Kind, half, strconv.Itoa(row.N)}
		for _, v := range []float64{row.Top1, row.Top3, row.Answered, row.Said, row.EM, row.F1, row.Short, row.ShortEM, row.ShortF1} {
			cells = append(cells, decimal(v))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// WriteText writes the table in columns.
func (r SpansReport) WriteText(w io.Writer) error { return r.Table().WriteText(w) }
