package eval

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/rag"
	"wenbao/rag/extract/rank"
)

// Contender is a system that is compared with others. Name and Search are required.
type Contender struct {
	Name   string
	Search Search
	// Answers, where set, is asked those kinds of questions too that have known
	// answers, for best sentences and refusals. Its Progress is not used.
	Answers *HoldoutOptions
	// Sentences, where set and Answers is not, finds sentences as passages of their
	// own: the best ones of a system that gives no answers.
	Sentences Search
}

// CompareOptions say how a set is asked. The zero value is ready for use.
type CompareOptions struct {
	// K is how many passages are asked for where documents are ranked, 0 for
	// DefaultPassages.
	K int
	// Progress, where set, is told of each question.
	Progress func(done, total int)
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Halves of a set's questions: see HeldOut. All is both.
const (
	learnedHalf = "learned"
	heldOutHalf = "held-out"
)

// Compared is how a system does on the questions of one kind and half of a set.
type Compared struct {
	Set    string
	Half   string // All, "learned" or "held-out"
	System string
	Row
	Times
	Best     *Best     // nil where no sentences were asked for
	Refusals *Refusals // nil where no answers were asked for
}

// Best are the shares of questions of which a known answer stands in the best
// sentence of the whole collection, and in one of the best three.
type Best struct{ Top1, Top3 float64 }

// Refusals are the shares of questions refused: Answerable over the whole
// collection, Without over the rest, when the documents of their story are out.
type Refusals struct{ Answerable, Without float64 }

// leastKind is how many questions a kind has to have for a row of its own: of fewer,
// one is more than three points. Where a set has smaller kinds, a row has all of it.
const leastKind = 30

// Compare asks one system a set's questions, one after the other. There are rows for
// the whole set and, where documents are judged, for each half, ordered by half and
// then kind. Times are those of searching.
func Compare(ctx context.Context, set Set, c Contender, opt CompareOptions) ([]Compared, error) {
	opt.K = min(cmp.Or(opt.K, DefaultPassages), rag.MaxK)
	if opt.Now == nil {
		opt.Now = time.Now
	}
	asks := asking(set.Judged)
	var trials []trial
	total := len(set.Judged) + len(set.Expected)
	for i := range total {
		var t trial
		var err error
		if i < len(set.Judged) {
			q := &set.Judged[i]
			t, err = c.judged(ctx, q, asks[q.Kind], opt)
		} else {
			t, err = c.expected(ctx, &set.Expected[i-len(set.Judged)], opt)
		}
		if err != nil {
			return nil, err
		}
		trials = append(trials, t)
		if opt.Progress != nil {
			opt.Progress(i+1, total)
		}
	}
	return compared(set.Name, c.Name, trials), nil
}

// trial is what came of one question.
type trial struct {
	kind, half string // half is "" where there are none
	rankings   []Ranking
	took       time.Duration
	best       *Best
	refusals   *Refusals
}

// longestAnswer is the most characters of an answer that a sentence may hold. What
// crud_news gives for an event to be found in print has 96 at least; of cmrc2018's
// answers one in a hundred is longer.
const longestAnswer = 90

// asking are the kinds whose questions ask for something that can be said: at least
// half of them have a known answer that is not too long.
func asking(questions []Judged) map[string]bool {
	balance := map[string]int{}
	for i := range questions {
		q := &questions[i]
		if slices.ContainsFunc(q.Answers, func(a string) bool { return a != "" && utf8.RuneCountInString(a) <= longestAnswer }) {
			balance[q.Kind]++
		} else {
			balance[q.Kind]--
		}
	}
	kinds := map[string]bool{}
	for kind, n := range balance {
		kinds[kind] = n >= 0
	}
	return kinds
}

// judged asks a published question, and for an answer where it asks for one.
func (c *Contender) judged(ctx context.Context, q *Judged, asks bool, opt CompareOptions) (trial, error) {
	t := trial{kind: q.Kind, half: learnedHalf}
	if HeldOut(q) {
		t.half = heldOutHalf
	}
	ranking, took, err := rankDocuments(ctx, c.Search, q, opt.K, opt.Now)
	if err != nil {
		return trial{}, err
	}
	t.rankings, t.took = []Ranking{ranking}, took
	switch {
	case !asks:
	case c.Answers != nil:
		t.best, t.refusals, err = c.Answers.answering(ctx, q)
	case c.Sentences != nil:
		t.best, err = c.best(ctx, q)
	}
	return t, err
}

// best finds the best sentences.
func (c *Contender) best(ctx context.Context, q *Judged) (*Best, error) {
	hits, err := c.Sentences(ctx, q.Asked(), topSentences)
	if err != nil {
		return nil, fmt.Errorf("search sentences for question %s: %w", q.ID, err)
	}
	var b Best
	b.Top1, b.Top3 = tops(q, sentencesOf(hits))
	return &b, nil
}

// topSentences is how many sentences are looked at.
const topSentences = 3

// sentencesOf are passages as sentences.
func sentencesOf(hits []rag.Hit) []rank.Sentence {
	out := make([]rank.Sentence, len(hits))
	for i := range hits {
		out[i] = rank.Sentence{Hit: &hits[i], Span: corpus.Span{End: len(hits[i].Passage.Text)}}
	}
	return out
}

// expected asks a question of our own.
func (c *Contender) expected(ctx context.Context, q *Expected, opt CompareOptions) (trial, error) {
	rankings, took, err := rankSnippets(ctx, c.Search, q, opt.Now)
	return trial{kind: q.Kind, rankings: rankings, took: took}, err
}

// answering asks a question over the collection and over the rest of it.
func (o *HoldoutOptions) answering(ctx context.Context, q *Judged) (*Best, *Refusals, error) {
	whole, sentences, err := o.ask(ctx, q, nil)
	if err != nil {
		return nil, nil, err
	}
	rest, _, err := o.ask(ctx, q, q.Story())
	if err != nil {
		return nil, nil, err
	}
	var b Best
	b.Top1, b.Top3 = tops(q, sentences)
	return &b, &Refusals{Answerable: float64(count(!whole.answered)), Without: float64(count(!rest.answered))}, nil
}

// compared are the rows of a set's questions. Those without anything to rank count
// for nothing.
func compared(set, system string, trials []trial) []Compared {
	trials = slices.DeleteFunc(slices.Clone(trials), func(t trial) bool { return len(t.rankings) == 0 })
	kept := map[string]bool{}
	for _, r := range byKind(trials, func(t trial) string { return t.kind }, comparedRow) {
		if r.Kind != All {
			kept[r.Kind] = r.N >= leastKind
			kept[All] = kept[All] || r.N < leastKind
		}
	}
	var rows []Compared
	for _, half := range []string{All, learnedHalf, heldOutHalf} {
		of := slices.DeleteFunc(slices.Clone(trials), func(t trial) bool { return half != All && t.half != half })
		if len(of) == 0 {
			continue
		}
		for _, r := range byKind(of, func(t trial) string { return t.kind }, comparedRow) {
			if kept[r.Kind] {
				r.Set, r.Half, r.System = set, half, system
				rows = append(rows, r)
			}
		}
	}
	return rows
}

// comparedRow is the row of some questions.
func comparedRow(kind string, trials []trial) Compared {
	var rankings []Ranking
	var times []time.Duration
	var best []Best
	var refusals []Refusals
	for _, t := range trials {
		rankings, times = append(rankings, t.rankings...), append(times, t.took)
		if t.best != nil {
			best = append(best, *t.best)
		}
		if t.refusals != nil {
			refusals = append(refusals, *t.refusals)
		}
	}
	out := Compared{Row: summarize(kind, rankings), Times: Times{P50: percentile(times, 0.50), P95: percentile(times, 0.95)}}
	if len(best) > 0 {
		out.Best = &Best{
			Top1: mean(best, func(b Best) float64 { return b.Top1 }), Top3: mean(best, func(b Best) float64 { return b.Top3 }),
		}
	}
	if len(refusals) > 0 {
		out.Refusals = &Refusals{
			Answerable: mean(refusals, func(r Refusals) float64 { return r.Answerable }),
			Without:    mean(refusals, func(r Refusals) float64 { return r.Without }),
		}
	}
	return out
}

// mean is that of one value of each.
func mean[T any](of []T, value func(T) float64) float64 {
	sum := 0.0
	for _, v := range of {
		sum += value(v)
	}
	return sum / float64(len(of))
}
