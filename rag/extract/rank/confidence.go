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
	PassageGrams = iota // the best share of the grams in a passage, with title and headings
	PartGrams           // the best share in a sentence of the article, mean of the questions asked at once
	MissingWords        // how many of the words the article lacks, one that stands in no more than one passage counting for 1
	WordsAsked          // logarithm of how many there are, counted likewise
	HeadlineSaid        // how much of the article's headline the question says: see asked.HeadlineSaid
	Margin              // how far the next article's score is behind, by the best one's
	FieldBehind         // how far the next articles' scores are behind, the mean: see fieldSize
	PartsAsked          // logarithm of how many questions are asked at once
	// NumEvidence is their number.
	NumEvidence
)

// EvidenceNames are the names of the evidence, in its order.
func EvidenceNames() []string {
	return []string{"PassageGrams", "PartGrams", "MissingWords", "WordsAsked", "HeadlineSaid", "Margin", "FieldBehind", "PartsAsked"}
}

// evidence is that of sentences in order.
func (q *question) evidence(ordered []Sentence, hits []rag.Hit) Evidence {
	var e Evidence
	top := &ordered[0]
	if words, printed := q.wordsIn(top.Hit); words.Len() > 0 {
		rare := func(weight float64) float64 { return min(weight/q.rarest, 1) }
		weight := words.WeightBy(rare)
		e[MissingWords] = weight * (1 - words.ShareBy(rare, printed))
		e[WordsAsked] = math.Log1p(weight)
	}
	if !top.Hit.Article.TitleMade {
		e[HeadlineSaid] = asked.HeadlineSaid(zh.Fold(top.Hit.Article.Title), q.text, q.rarity)
	}
	for i := range ordered {
		e[PassageGrams] = max(e[PassageGrams], ordered[i].Features[GramsInPassage])
	}
	e[PartGrams] = q.inSentences(ordered)
	e[Margin], e[FieldBehind] = margins(hits)
	e[PartsAsked] = math.Log(float64(len(q.parts) + 1))
	return e
}

// longestArticle is how much of an article is looked at, in characters.
const longestArticle = 4000

// wordsIn marks the words that a hit's article has or means: the grams of a question
// that is made of single characters (听雨桥).
func (q *question) wordsIn(h *rag.Hit) (*asked.Terms, asked.Seen) {
	text := zh.Fold(h.Article.Title + "\n" + firstRunes(h.Article.Text, longestArticle))
	also := append(q.said(text), q.meant(h)...)
	words := &q.telling
	printed := words.Substrings(text)
	if q.words.Len() == 0 {
		words, printed = &q.grams, q.grams.Grams(text)
	}
	for _, w := range also {
		words.Mark(printed, w)
	}
	return words, printed
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

// fieldSize is how many of the articles next to the best are looked at. Where nothing
// answers a question they are all about as near.
const fieldSize = 5

// margins say how far the best passages of other articles are behind the best: that of
// the next article, and those of the next few on the average.
func margins(hits []rag.Hit) (next, field float64) {
	best := hits[0].Score
	if best <= 0 {
		return 0, 0
	}
	seen := map[string]bool{hits[0].Article.ID: true}
	var behind []float64
	for i := range hits {
		if id := hits[i].Article.ID; !seen[id] && len(behind) < fieldSize {
			seen[id] = true
			behind = append(behind, 1-hits[i].Score/best)
		}
	}
	if len(behind) == 0 {
		return loneMargin, loneMargin
	}
	for _, v := range behind {
		field += v
	}
	return behind[0], field / float64(len(behind))
}

// confidence is the share of questions with such evidence that were answered.
func (e *Evidence) confidence() float64 {
	sum := evidenceBias
	for i, v := range e {
		sum += float64(v * evidenceWeights[i])
	}
	return 1 / (1 + math.Exp(-sum))
}
