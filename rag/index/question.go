package index

import (
	"slices"
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/asked"
)

// question is a query taken apart for reading passages.
type question struct {
	// wordings are those of the query, folded.
	wordings []rag.Wording
	// own are the grams of its text, all those of earlier turns as well.
	own, all asked.Terms
	// words are the words of both but single characters, and evidence is what each word
	// counts for that an article says: the square of its rarity, 1 for maxRarity.
	words, evidence asked.Terms
	// said are its text and the turns before it, folded, the latest first.
	said []string
	// rarity is how rare each gram of them is, by one that stands in one passage.
	rarity map[string]float64
	form   asked.Form
	// timeless says that it names no time.
	timeless bool
}

// maxRarity bounds the weight of a gram, so that one that nothing prints does not
// drown the rest. rarest is about that of a word in one of 100,000 passages.
const (
	maxRarity = 8
	rarest    = 12
)

// question takes a query apart. The error says that the analyzer cannot be had.
func (ix *Index) question(q rag.Query) (*question, error) {
	analyzer, err := ix.words.Analyzer()
	if err != nil {
		return nil, err
	}
	text := zh.Fold(q.Text)
	out := &question{wordings: folded(q.Wordings), said: []string{text}, rarity: map[string]float64{}, form: asked.FormOf(q)}
	out.timeless = len(q.Periods) == 0 && q.Filter.Since.IsZero() && q.Filter.Until.IsZero() && len(zh.Times(q.Text, corpus.Date{})) == 0
	for _, g := range asked.Grams(asked.WithoutAsking(text)) {
		out.own.Add(g, min(asked.Rarity(ix.DF(g)), maxRarity))
	}
	ix.addTerms(out, analyzer.Words, asked.WithoutAsking(text), 1)
	for _, t := range slices.Backward(earlier(q)) {
		text := zh.Fold(t.Text)
		out.said = append(out.said, text)
		ix.addTerms(out, analyzer.Words, asked.WithoutAsking(text), t.Weight)
	}
	return out, nil
}

// addTerms adds the terms of a text of some weight to all, words and evidence.
func (ix *Index) addTerms(q *question, words func(string) []string, text string, weight float64) {
	for _, g := range asked.Grams(text) {
		rarity := asked.Rarity(ix.DF(g))
		q.all.Add(g, weight*min(rarity, maxRarity))
		q.rarity[g] = min(rarity/asked.Rarity(1, ix.Len()), 1)
	}
	for _, w := range words(text) {
		rarity := asked.Rarity(ix.DF(w))
		q.evidence.Add(w, weight*asked.Square(min(rarity/maxRarity, 1)))
		if utf8.RuneCountInString(w) > 1 {
			q.words.Add(w, weight*rarity)
		}
	}
}

func folded(wordings []rag.Wording) []rag.Wording {
	out := make([]rag.Wording, len(wordings))
	for i, w := range wordings {
		out[i].Said = zh.Fold(w.Said)
		for _, printed := range w.Printed {
			out[i].Printed = append(out[i].Printed, zh.Fold(printed))
		}
	}
	return out
}

// saidBy are the question's words that a folded text says in others: everyday
// words for which it has a printed one.
func (q *question) saidBy(text string) []string {
	var out []string
	for _, w := range q.wordings {
		if slices.ContainsFunc(w.Printed, func(printed string) bool { return strings.Contains(text, printed) }) {
			out = append(out, w.Said)
		}
	}
	return out
}

// saidAgo is what a headline said one turn earlier is worth by one said later. It
// lets kdconv, which goes from one sight to the next, tell them apart.
const saidAgo = 0.8

// titleSaid is how much of a folded headline the question says, or, for less, a turn
// before it: see asked.HeadlineSaid.
func (q *question) titleSaid(title string) float64 {
	best, worth := 0.0, 1.0
	for _, said := range q.said {
		best = max(best, worth*asked.HeadlineSaid(title, said, q.rarity))
		worth *= saidAgo
	}
	return best
}
