package rank

import (
	"math"

	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/asked"
)

// Evidence is what tells whether a question is answered by what was found.
type Evidence [NumEvidence]float64

// The evidence. Shares are as in Features; the best sentence's article is meant.
const (
	ArticleGrams = iota // share of the grams in the article
	PassageGrams        // the best share in a passage, with title and headings
	PartGrams           // the best share in a sentence of the article, mean of the questions asked at once
	ArticleWords        // share of the words in the article found that has most, the rare ones by far the most
	Margin              // how far the next article's score is behind, by the best one's
	PartsAsked          // logarithm of how many questions are asked at once
	// NumEvidence is their number.
	NumEvidence
)

// EvidenceNames are the names of the evidence, in its order.
func EvidenceNames() []string {
	return []string{"ArticleGrams", "PassageGrams", "PartGrams", "ArticleWords", "Margin", "PartsAsked"}
}

// evidence is that of sentences in order.
func (q *question) evidence(ordered []Sentence, hits []rag.Hit) Evidence {
	var e Evidence
	top := &ordered[0]
	inArticle, _ := q.inArticle(top.Hit)
	e[ArticleGrams] = q.grams.Share(inArticle)
	for i := range ordered {
		e[PassageGrams] = max(e[PassageGrams], ordered[i].Features[GramsInPassage])
	}
	e[PartGrams] = q.inSentences(ordered)
	read := map[string]bool{}
	for i := range hits {
		if h := &hits[i]; !read[h.Article.ID] {
			read[h.Article.ID] = true
			grams, words := q.inArticle(h)
			e[ArticleWords] = max(e[ArticleWords], q.shareOfWords(grams, words))
		}
	}
	e[Margin] = margin(hits)
	e[PartsAsked] = math.Log(float64(len(q.parts) + 1))
	return e
}

// shareOfWords is the share of the words, and that of the grams for a question that
// is made of single characters (听雨桥).
func (q *question) shareOfWords(grams, words asked.Seen) float64 {
	if q.words.Len() == 0 {
		return q.grams.Share(grams)
	}
	return q.words.ShareBy(asked.Square, words)
}

// longestArticle is how much of an article is looked at, in characters.
const longestArticle = 4000

// inArticle marks the grams and the words that a hit's article has or means.
func (q *question) inArticle(h *rag.Hit) (grams, words asked.Seen) {
	text := zh.Fold(h.Article.Title + "\n" + firstRunes(h.Article.Text, longestArticle))
	grams, words = q.grams.Grams(text), q.words.Substrings(text)
	for _, w := range append(q.said(text), q.meant(h)...) {
		q.grams.Mark(grams, w)
		q.words.Mark(words, w)
	}
	return grams, words
}

// inSentences is how well single sentences of the best one's article cover the
// questions that are asked at once: the mean over them of the best share.
func (q *question) inSentences(ordered []Sentence) float64 {
	best := make([]float64, len(q.parts))
	for i := range ordered {
		s := &ordered[i]
		if s.Hit.Article.ID != ordered[0].Hit.Article.ID {
			continue
		}
		text := zh.Fold(s.Text())
		also := append(q.said(text), q.meant(s.Hit)...)
		for n := range q.parts {
			marks := q.parts[n].Grams(text)
			for _, w := range also {
				q.parts[n].Mark(marks, w)
			}
			best[n] = max(best[n], q.parts[n].Share(marks))
		}
	}
	sum, n := 0.0, 0
	for i := range q.parts {
		if q.parts[i].Len() > 0 {
			sum += best[i]
			n++
		}
	}
	return sum / float64(max(n, 1))
}

// loneMargin is the margin where all hits are of one article and none could be
// taken for it: about the median of the questions of crud_news that were answered.
const loneMargin = 0.3

// margin is how far the best passage of another article is behind the best.
func margin(hits []rag.Hit) float64 {
	if hits[0].Score <= 0 {
		return 0
	}
	for i := range hits {
		if hits[i].Article.ID != hits[0].Article.ID {
			return 1 - hits[i].Score/hits[0].Score
		}
	}
	return loneMargin
}

// confidence is the share of questions with such evidence that were answered.
func (e *Evidence) confidence() float64 {
	sum := evidenceBias
	for i, v := range e {
		sum += float64(v * evidenceWeights[i])
	}
	return 1 / (1 + math.Exp(-sum))
}
