package extract

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/asked"
)

// Senses knows what words and texts mean without having them in common.
type Senses interface {
	// Neighbours gives for each of some words those of others whose meaning is near its
	// own, nearest first.
	Neighbours(words, among []string) [][]string
	// Embed gives each text a vector of length 1, or of zeros where it says nothing. Vectors
	// point the more alike, the more alike the texts are.
	Embed(ctx context.Context, texts []string) ([][]float32, error)
}

const (
	// maxNeighbours is how many printed words may stand for one of a question: those
	// behind them are seldom another word for the same.
	maxNeighbours = 3
	// maxFormless is how many sentences are shown that have the topic and not what is asked
	// of it.
	maxFormless = 2
	// minAlike is the least cosine between a topic and printed words that may mean the
	// same. Of the everyday questions of testdata/eval/colloquial.jsonl that are
	// developed on, 70, it shows the right words to 25 and others to 12; .55 shows 29 and
	// 14, .65 20 and 9. From .5 down some of the questions of questions.jsonl that have no
	// answer are shown something.
	minAlike = 0.6
)

// nearby is what is printed about the topic without what is asked of it, else in other words,
// of the place, the years and the kind asked for. Other words may mean another thing: it is told as the nearest there is
// and is no answer.
func (a *Answerer) nearby(ctx context.Context, q rag.Query, place string, hits []rag.Hit) (finding, error) {
	if q.Topic == "" || contact.MatchString(q.Text) {
		return finding{}, nil
	}
	if f := a.withoutForm(q, place, hits); len(f.items) > 0 {
		return f, nil
	}
	if a.opt.Senses == nil || q.Asks == rag.AsksPerson {
		return finding{}, nil // another post is another's
	}
	if f := a.byNeighbours(q, place, hits); len(f.items) > 0 {
		return f, nil
	}
	return a.byMeaning(ctx, q, place, hits)
}

// withoutForm finds where all of the topic is printed without the number, the time, the
// place or the person that is asked for. Who else holds a post is nothing near it.
func (a *Answerer) withoutForm(q rag.Query, place string, hits []rag.Hit) finding {
	switch {
	case q.Asks == rag.AsksPerson && post.MatchString(q.Topic):
		return finding{}
	case q.Asks == rag.AsksNumber, q.Asks == rag.AsksDate, q.Asks == rag.AsksPlace, q.Asks == rag.AsksPerson:
	default:
		return finding{}
	}
	whole := a.gather(q, place, hits).filter(func(e *evidence) bool {
		return e.score.near >= wholeTopic && e.inPeriod(q.Periods) && e.ofKind(q.Kind) && !mayGive(q, e.text())
	})
	q.Asks = rag.AsksText
	items := sentences(q, whole)
	return finding{items: items[:min(len(items), maxFormless)], near: otherForm}
}

// mayGive reports whether a clause has a number or a time that may be the one asked for.
func mayGive(q rag.Query, clause string) bool {
	switch q.Asks {
	case rag.AsksNumber:
		unit := ""
		if len(q.Counts) > 0 {
			unit = q.Counts[0].Unit
		}
		return len(fitting(clause, unit)) > 0
	case rag.AsksDate:
		return anyTime.MatchString(clause)
	}
	return false
}

// byNeighbours finds what is printed with words for those of the topic (农机 for 拖拉机),
// and says which stand for which.
func (a *Answerer) byNeighbours(q rag.Query, place string, hits []rag.Hit) finding {
	others := a.neighbours(q, hits)
	if len(others) == 0 {
		return finding{}
	}
	q.Wordings = slices.Concat(others, q.Wordings)
	if q.Asks != rag.AsksList && q.Asks != rag.AsksYesNo {
		q.Asks = rag.AsksText // a figure may be another thing's: the sentence tells of what
	}
	f := a.find(q, place, a.gather(q, place, hits))
	if f.near != exact {
		return finding{}
	}
	items, instead := printedWith(f.items, others)
	return finding{items: items, near: otherWords, instead: instead}
}

// neighbours are the words of the topic with those that hits have printed and whose
// meaning is near.
func (a *Answerer) neighbours(q rag.Query, hits []rag.Hit) []rag.Wording {
	var text strings.Builder
	for i := range hits {
		text.WriteString(zh.Fold(hits[i].Passage.Text) + "\n")
	}
	printed := slices.DeleteFunc(a.opt.Words(text.String()), func(w string) bool {
		return utf8.RuneCountInString(w) < 2 || !isHanWord(w) || asked.Light(w)
	})
	slices.Sort(printed)
	printed = slices.Compact(printed)
	terms := slices.DeleteFunc(a.terms(q), func(t term) bool { return t.word == "" || light(t.word, t.others) })
	words := make([]string, len(terms))
	for i, t := range terms {
		words[i] = t.word
	}
	var out []rag.Wording
	for i, near := range a.opt.Senses.Neighbours(words, printed) {
		if len(near) > 0 {
			out = append(out, rag.Wording{Said: words[i], Printed: slices.Concat(near[:min(len(near), maxNeighbours)], terms[i].others)})
		}
	}
	return out
}

// printedWith keeps the items that have one of the other words in their text or above
// it, and gives of these words those that they have.
func printedWith(items []item, others []rag.Wording) (kept []item, instead []rag.Wording) {
	used := make([][]string, len(others))
	for _, it := range items {
		text := zh.Fold(it.text() + "\n" + strings.Join(it.hit.Passage.Headings, "\n"))
		has := false
		for i, o := range others {
			for _, w := range o.Printed {
				if !strings.Contains(text, w) {
					continue
				}
				has = true
				if !slices.Contains(used[i], w) {
					used[i] = append(used[i], w)
				}
			}
		}
		if has {
			kept = append(kept, it)
		}
	}
	for i, words := range used {
		if len(words) > 0 {
			instead = append(instead, rag.Wording{Said: others[i].Said, Printed: words})
		}
	}
	return kept, instead
}

// byMeaning finds the printed words that say most nearly what the topic does.
func (a *Answerer) byMeaning(ctx context.Context, q rag.Query, place string, hits []rag.Hit) (finding, error) {
	topic := q.Topic
	q.Topic = "" // whatever is printed of the place, whether it has a word of the topic or not
	p := a.gather(q, place, hits).filter(func(e *evidence) bool {
		return e.inPeriod(q.Periods) && e.ofKind(q.Kind) && !e.lead && e.cell == nil && zh.CountHan(e.text()) >= fewestItemHan
	})
	texts := []string{topic}
	for i := range p {
		texts = append(texts, p[i].segment.In(p[i].hit.Passage.Text))
	}
	vectors, err := a.opt.Senses.Embed(ctx, texts)
	if err != nil {
		return finding{}, err
	}
	best, likeness := -1, minAlike
	for i := range p {
		if c := cosine(vectors[0], vectors[i+1]); c > likeness {
			best, likeness = i, c
		}
	}
	if best < 0 {
		return finding{}, nil
	}
	it := p[best].item(likeness)
	it.span = printable(&p[best])
	return finding{items: []item{it}, near: otherWords}, nil
}

// leastMeant is the share of the best cosine to the topic below which a sentence of a
// list, found by other words than the question's, means something else: of the quotes shown
// for testdata/eval/colloquial.jsonl it drops only such that do not answer.
const leastMeant = 0.5

// meant drops from a list, where the question is in everyday words, what has a printed
// word for one of them and means another thing (种植 for 种地, of herbs where water is
// asked for). What stands in one sentence is kept or dropped together.
func (a *Answerer) meant(ctx context.Context, q rag.Query, f finding) (finding, error) {
	if a.opt.Senses == nil || len(q.Wordings) == 0 || narrowed(q) || f.near != exact || len(f.items) < 2 || f.items[0].short != "" {
		return f, nil
	}
	texts := []string{q.Topic}
	for _, it := range f.items {
		texts = append(texts, it.text())
	}
	vectors, err := a.opt.Senses.Embed(ctx, texts)
	if err != nil {
		return finding{}, err
	}
	alike, best := map[corpus.Span]float64{}, 0.0
	at := make([]corpus.Span, len(f.items))
	for i, it := range f.items {
		at[i] = sentenceOf(it)
		c := cosine(vectors[0], vectors[i+1])
		alike[at[i]], best = max(alike[at[i]], c), max(best, c)
	}
	kept := f
	kept.items = nil
	for i, it := range f.items {
		if alike[at[i]] >= leastMeant*best {
			kept.items = append(kept.items, it)
		}
	}
	return kept, nil
}

// sentenceOf is where an item's sentence stands in its article.
func sentenceOf(it item) corpus.Span {
	for _, sp := range zh.Sentences(it.hit.Passage.Text) {
		if sp.Start <= it.span.Start && it.span.Start < sp.End {
			return shift(sp, it.hit.Passage.Span.Start)
		}
	}
	return shift(it.span, it.hit.Passage.Span.Start)
}

// cosine is that of two vectors of length 1. The conversion keeps products from being
// fused with the sum, so that every machine finds alike.
func cosine(v, w []float32) float64 {
	sum := 0.0
	for i := range v {
		sum += float64(float64(v[i]) * float64(w[i]))
	}
	return sum
}

// insteadName names words with those that are printed in their stead: （拖拉机—农机）. It is
// "" where whole texts are alike.
func insteadName(instead []rag.Wording) string {
	if len(instead) == 0 {
		return ""
	}
	names := make([]string, len(instead))
	for i, w := range instead {
		names[i] = w.Said + "—" + joinNames(w.Printed)
	}
	return "（" + strings.Join(names, "，") + "）"
}
