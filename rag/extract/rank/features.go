package rank

import (
	"math"
	"strings"

	"wenbao/rag/asked"
)

// Features are what a sentence is judged by, most of them from 0 to 1.
type Features [NumFeatures]float64

// The features. A share is of the question's grams or words, by their weights;
// grams are pairs of characters.
const (
	GramsInSentence = iota // share in the sentence
	WordsInSentence        // share of the words in it
	GramsAround            // share in it and the two sentences around it
	GramsInHeadings        // share in it, the title and the headings
	GramsInPassage         // share in the passage, the title and the headings
	Beside                 // share of the grams beside the asking words
	LongestRun             // the longest string in common, by the question's length
	PassageScore           // the passage's score, by the best one's
	BestArticle            // 1 in the article of the best passage
	Opening                // 1 for the first sentence of an article
	News                   // characters that the question does not have, as a logarithm
	GivesNumber            // it has the form of what is asked for: see asked.Form, in the order of asked.Sort
	GivesDate
	GivesPerson
	GivesPlace
	GivesCause
	GivesList
	GivesMeaning
	// NumFeatures is their number.
	NumFeatures
)

// FeatureNames are the names of the features, in their order.
func FeatureNames() []string {
	return []string{
		"GramsInSentence", "WordsInSentence", "GramsAround", "GramsInHeadings", "GramsInPassage", "Beside", "LongestRun", "PassageScore",
		"BestArticle", "Opening", "News", "GivesNumber", "GivesDate", "GivesPerson", "GivesPlace", "GivesCause", "GivesList", "GivesMeaning",
	}
}

// dot is the sum of the features by their weights. The conversion keeps products
// from being fused with the sum, so that every machine ranks alike.
func (f *Features) dot(weights *Features) float64 {
	sum := 0.0
	for i, v := range f {
		sum += float64(v * weights[i])
	}
	return sum
}

// features are those of the sentence at i of a page.
func (q *question) features(p *page, i int) Features {
	folded, grams := p.folded[i], p.grams[i]
	var f Features
	f[GramsInSentence] = q.grams.Share(grams)
	f[WordsInSentence] = q.words.Share(p.words[i])
	f[GramsAround] = q.grams.Share(grams, p.at(i-1), p.at(i+1))
	f[GramsInHeadings] = q.grams.Share(grams, p.heads)
	f[GramsInPassage] = q.grams.Share(grams, p.heads, p.whole)
	f[Beside] = q.beside.Share(q.beside.Grams(folded))
	f[LongestRun] = float64(q.longestRun(folded)) / float64(max(q.runes, 1))
	f[PassageScore] = p.score
	f[BestArticle] = truth(p.best)
	f[Opening] = truth(i == 0 && p.hit.Passage.Span.Start == 0)
	f[News] = math.Log1p(float64(q.unasked(folded)))
	if sort := q.form.Sort; sort != asked.Other {
		f[GivesNumber+int(sort-asked.Number)] = q.form.GivenBy(folded)
	}
	return f
}

// longestRun is the length in characters of the longest string that the question
// and a folded sentence have in common.
func (q *question) longestRun(folded string) int {
	sentence := []rune(folded)
	best := 0
	ends := make([]int, len(sentence)+1) // length of the run that ends at each character
	for _, a := range q.text {
		before := 0
		for i, r := range sentence {
			length := 0
			if a == r && a != ' ' {
				length = before + 1
			}
			before, ends[i+1] = ends[i+1], length
			best = max(best, length)
		}
	}
	return best
}

// unasked is the number of characters of a folded sentence that the question
// does not have.
func (q *question) unasked(folded string) int {
	n := 0
	for _, r := range folded {
		if !strings.ContainsRune(q.text, r) {
			n++
		}
	}
	return n
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
