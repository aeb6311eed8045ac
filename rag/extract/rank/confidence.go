package rank

import (
	"math"

	"wenbao/corpus/zh"
	"wenbao/rag"
)

// Evidence is what tells whether a question is answered by what was found.
type Evidence [NumEvidence]float64

// The evidence. Shares are as in Features; the best sentence's article is meant.
const (
	ArticleGrams = iota // share of the grams in the article
	PassageGrams        // the best share in a passage, with title and headings
	PassageWords        // share of the words in the passage, the rare ones by far the most
	NamesPrinted        // the best share of names in a sentence
	NamesAsked          // 1 where the question has names
	Margin              // how far the next article's score is behind, by the best one's
	HeaviestWord        // weight of the question's heaviest word, by the most there is
	PartsAsked          // logarithm of how many questions are asked at once
	// NumEvidence is their number.
	NumEvidence
)

// EvidenceNames are the names of the evidence, in its order.
func EvidenceNames() []string {
	return []string{
		"ArticleGrams", "PassageGrams", "PassageWords", "NamesPrinted", "NamesAsked", "Margin", "HeaviestWord", "PartsAsked",
	}
}

// evidence is that of sentences in order.
func (q *question) evidence(ordered []Sentence, hits []rag.Hit) Evidence {
	var e Evidence
	top := &ordered[0]
	article := zh.Fold(top.Hit.Article.Title + "\n" + firstRunes(top.Hit.Article.Text, longestArticle))
	passage := zh.Fold(headsOf(top.Hit) + "\n" + top.Hit.Passage.Text)
	inArticle, inPassage := q.grams.grams(article), q.words.substrings(passage)
	for _, w := range append(q.said(article), q.meant(top.Hit)...) {
		q.grams.mark(inArticle, w)
		q.words.mark(inPassage, w)
	}
	e[ArticleGrams] = q.grams.share(inArticle)
	e[PassageWords] = q.words.shareBy(square, inPassage)
	for i := range ordered {
		s := &ordered[i]
		e[PassageGrams] = max(e[PassageGrams], s.Features[GramsInPassage])
		if len(q.names.text) == 0 {
			continue
		}
		e[NamesPrinted] = max(e[NamesPrinted], q.names.share(q.names.substrings(zh.Fold(s.Text()))))
	}
	e[NamesAsked] = truth(len(q.names.text) > 0)
	e[Margin] = margin(hits)
	e[HeaviestWord] = q.words.heaviest() / maxWeight
	e[PartsAsked] = math.Log(float64(q.parts + 1))
	return e
}

// longestArticle is how much of an article is looked at, in characters.
const longestArticle = 4000

// margin is how far the best passage of another article is behind the best. Where
// all are of one article, the next one's is no better than the last of them.
func margin(hits []rag.Hit) float64 {
	if hits[0].Score <= 0 {
		return 0
	}
	next := hits[len(hits)-1].Score
	for i := range hits {
		if hits[i].Article.ID != hits[0].Article.ID {
			next = hits[i].Score
			break
		}
	}
	return 1 - next/hits[0].Score
}

// confidence is the share of questions with such evidence that were answered.
func (e *Evidence) confidence() float64 {
	sum := evidenceBias
	for i, v := range e {
		sum += float64(v * evidenceWeights[i])
	}
	return 1 / (1 + math.Exp(-sum))
}
