package baseline

import (
	"cmp"
	"math"
	"slices"
	"unicode"
)

// The constants of BM25 (Robertson and Zaragoza 2009) at their usual values, k1
// and b: published figures for pairs of characters are given with these.
const (
	saturation  = 1.2
	lengthShare = 0.75
)

// Bigrams ranks texts by BM25 over pairs of neighbouring Han characters and whole
// words of other letters and digits, in lower case. Whatever else stands between two
// characters parts them. It does not change and is safe for concurrent use.
type Bigrams struct {
	postings map[string][]posting
	lengths  []float64 // of the texts, in terms
	average  float64   // of lengths
}

// posting says how often a term stands in a text.
type posting struct {
	text  int
	count float64
}

// Found is a text by its place in what NewBigrams was given, with its score.
type Found struct {
	Text  int
	Score float64
}

// NewBigrams indexes texts.
func NewBigrams(texts []string) *Bigrams {
	b := &Bigrams{postings: map[string][]posting{}, lengths: make([]float64, len(texts))}
	total := 0.0
	for i, text := range texts {
		terms := termsOf(text)
		for _, term := range terms {
			list := b.postings[term]
			if n := len(list); n > 0 && list[n-1].text == i {
				list[n-1].count++
				continue
			}
			b.postings[term] = append(list, posting{text: i, count: 1})
		}
		b.lengths[i] = float64(len(terms))
		total += b.lengths[i]
	}
	b.average = total / float64(max(1, len(texts)))
	return b
}

// termsOf are the pairs and words of a text in their order.
func termsOf(text string) []string {
	var terms []string
	var word []rune
	var before rune // the Han character before, 0 after anything else
	for _, r := range text {
		han := unicode.Is(unicode.Han, r)
		if !han && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			word, before = append(word, unicode.ToLower(r)), 0
			continue
		}
		if len(word) > 0 {
			terms, word = append(terms, string(word)), word[:0]
		}
		if !han {
			before = 0
			continue
		}
		if before != 0 {
			terms = append(terms, string([]rune{before, r}))
		}
		before = r
	}
	if len(word) > 0 {
		terms = append(terms, string(word))
	}
	return terms
}

// Search gives the k texts that score best for a query, best first, those of the
// same score in their order. A term counts once, however often the query has it.
// Texts that share no term with it are not found.
func (b *Bigrams) Search(query string, k int) []Found {
	scores := make([]float64, len(b.lengths))
	seen := map[string]bool{}
	for _, term := range termsOf(query) {
		if seen[term] {
			continue
		}
		seen[term] = true
		list := b.postings[term]
		weight := b.rarity(len(list))
		for _, in := range list {
			scores[in.text] += float64(weight * b.frequency(in))
		}
	}
	var found []Found
	for text, score := range scores {
		if score > 0 {
			found = append(found, Found{Text: text, Score: score})
		}
	}
	slices.SortFunc(found, func(x, y Found) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(x.Text, y.Text))
	})
	return found[:min(max(k, 0), len(found))]
}

// rarity is the weight of a term that so many texts have, never negative:
// ln(1 + (N-n+½)/(n+½)).
func (b *Bigrams) rarity(texts int) float64 {
	n, all := float64(texts), float64(len(b.lengths))
	return math.Log(1 + (all-n+0.5)/(n+0.5))
}

// frequency is what the count of a term in a text is worth.
func (b *Bigrams) frequency(in posting) float64 {
	length := 1 - lengthShare + float64(lengthShare*b.lengths[in.text])/b.average
	return in.count * (saturation + 1) / (in.count + float64(saturation*length))
}
