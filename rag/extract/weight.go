package extract

import (
	"math"
	"unicode/utf8"

	"wenbao/rag/asked"
)

const (
	minWeight = 0.5
	maxWeight = 6
	// lightWeight is the weight of a word that hardly tells questions apart.
	lightWeight = 0.2
)

// light reports whether a word of a question says little by not being printed. A
// single character does, unless printed words are known for it.
func light(word string, others []string) bool {
	return asked.Light(word) || utf8.RuneCountInString(word) == 1 && len(others) == 0
}

// weight is the term's inverse document frequency, within bounds: a word in
// every second passage still counts, one in a single passage does not drown the rest.
func (a *Answerer) weight(word string, others []string) float64 {
	if light(word, others) {
		return lightWeight
	}
	df, n := a.opt.DF(word)
	for _, o := range others {
		d, _ := a.opt.DF(o)
		df = max(df, d)
	}
	w := math.Log((float64(n) + 1) / (float64(df) + 0.5))
	return min(max(w, minWeight), maxWeight)
}
