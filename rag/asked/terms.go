// Package asked takes questions apart, to hold printed texts against them: the
// pairs of characters and the words that a text should have, what each of them
// weighs, and the form of what is asked for.
//
// Texts are compared folded: see zh.Fold.
package asked

import (
	"math"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// Terms are distinct strings with weights. The zero value has none.
type Terms struct {
	index   map[string]int
	text    []string
	weights []float64
	// pairs has a bit for each pair of Han characters among the terms, at pairBit: most
	// pairs of a text are none of them, and need not be looked up.
	pairs [pairBits / 64]uint64
}

// pairBits is how many bits tell pairs apart: a question has some dozens.
const pairBits = 1 << 12

// pairBit is the bit of a pair.
func pairBit(first, second rune) uint32 { return (uint32(first)*31 + uint32(second)) % pairBits }

// Add adds a term. Of a term that is added several times the greatest weight
// counts; one that weighs nothing is left out.
func (t *Terms) Add(s string, weight float64) {
	if i, ok := t.index[s]; ok {
		t.weights[i] = max(t.weights[i], weight)
		return
	}
	if s == "" || weight <= 0 {
		return
	}
	if t.index == nil {
		t.index = map[string]int{}
	}
	t.index[s] = len(t.text)
	first, n := utf8.DecodeRuneInString(s)
	if second, m := utf8.DecodeRuneInString(s[n:]); n+m == len(s) {
		bit := pairBit(first, second)
		t.pairs[bit/64] |= 1 << (bit % 64)
	}
	t.text = append(t.text, s)
	t.weights = append(t.weights, weight)
}

// Len is the number of terms.
func (t *Terms) Len() int { return len(t.text) }

// At is the term at an index, in the order in which terms were added, and its weight.
func (t *Terms) At(i int) (text string, weight float64) { return t.text[i], t.weights[i] }

// WeightBy is that of all terms together, each counted by a function of it.
func (t *Terms) WeightBy(worth func(float64) float64) float64 {
	sum := 0.0
	for _, w := range t.weights {
		sum += worth(w)
	}
	return sum
}

// Seen tells which of a set of terms a text has; nil has none.
type Seen []bool

// Grams marks the terms that are grams of a folded text.
func (t *Terms) Grams(text string) Seen {
	out := make(Seen, len(t.text))
	eachGram(text, func(first, second rune) bool {
		bit := pairBit(first, second)
		return t.pairs[bit/64]&(1<<(bit%64)) != 0
	}, func(g string) {
		if i, ok := t.index[g]; ok {
			out[i] = true
		}
	})
	return out
}

// Substrings marks the terms that stand anywhere in a folded text.
func (t *Terms) Substrings(text string) Seen {
	out := make(Seen, len(t.text))
	t.Mark(out, text)
	return out
}

// Mark marks the terms that stand in any of the words as well.
func (t *Terms) Mark(s Seen, words ...string) {
	for i, term := range t.text {
		for _, w := range words {
			s[i] = s[i] || strings.Contains(w, term)
		}
	}
}

// Share is the weight of the terms that one of the marks has, by that of all, from
// 0 to 1; 0 where there is no term.
func (t *Terms) Share(marks ...Seen) float64 { return t.ShareBy(nil, marks...) }

// Square is for ShareBy: the rare terms count by far the most.
func Square(w float64) float64 { return float64(w * w) } // not fused with a sum

// ShareBy is Share with each weight counted by a function of it, nil for as it is.
func (t *Terms) ShareBy(worth func(float64) float64, marks ...Seen) float64 {
	sum, total := 0.0, 0.0
	for i, w := range t.weights {
		if worth != nil {
			w = worth(w)
		}
		total += w
		for _, s := range marks {
			if s != nil && s[i] {
				sum += w
				break
			}
		}
	}
	if total == 0 {
		return 0
	}
	return sum / total
}

// Heaviest is the greatest weight of a term that is not marked, 0 where all are.
func (t *Terms) Heaviest(marks Seen) float64 {
	most := 0.0
	for i, w := range t.weights {
		if !marks[i] {
			most = max(most, w)
		}
	}
	return most
}

// Rarity is a term's inverse document frequency, in nats, of df of n texts: 0 for
// what stands everywhere, about log n for what stands in one. It is never negative.
func Rarity(df, n int) float64 {
	return max(0, math.Log((float64(n)+1)/(float64(df)+0.5)))
}

// EachGram visits the grams of a folded text in order: the pairs of neighbouring
// Han characters, and the runs of letters and digits.
func EachGram(text string, visit func(gram string)) {
	eachGram(text, func(rune, rune) bool { return true }, visit)
}

// eachGram is EachGram for those pairs alone that are wanted.
func eachGram(text string, wanted func(first, second rune) bool, visit func(gram string)) {
	before, last := -1, rune(0) // where the Han character before begins, and it
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case zh.IsHan(r):
			if before >= 0 && wanted(last, r) {
				visit(text[before : i+n])
			}
			before, last = i, r
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			n = labelLen(text[i:])
			visit(text[i : i+n])
			before = -1
		default:
			before = -1
		}
		i += n
	}
}

// Grams are those that EachGram visits.
func Grams(text string) []string {
	var out []string
	EachGram(text, func(g string) { out = append(out, g) })
	return out
}

// labelLen is the length in bytes of the run of letters and digits that a text
// begins with.
func labelLen(text string) int {
	for i, r := range text {
		if zh.IsHan(r) || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return i
		}
	}
	return len(text)
}

// asking finds the words of a folded question that only ask: the answer is
// printed in their stead. Longer ones stand before their parts.
var asking = regexp.MustCompile(`请问|什么时候|什么时间|什么地方|什么样的?|为什么|为何|是什么|什么|多长时间|多久|多少|百分之几|哪一年|哪一天|` +
	`哪[一两二三几些个位家种类所项条里儿年天]?[个种]?|如何|怎么样|怎样|怎么|是谁|谁|何时|何地|何处|何人|何种|何|第?几|是否|有没有|是不是|能不能|吗|呢|？|\?`)

// WithoutAsking is a folded question with blanks for the words that only ask.
func WithoutAsking(folded string) string { return asking.ReplaceAllString(folded, " ") }

// Asking are the words of a folded question that only ask, in order.
func Asking(folded string) []corpus.Span {
	var out []corpus.Span
	for _, m := range asking.FindAllStringIndex(folded, -1) {
		out = append(out, corpus.Span{Start: m[0], End: m[1]})
	}
	return out
}

// Parts are the questions that a folded question asks at once.
func Parts(folded string) []string {
	return strings.FieldsFunc(folded, func(r rune) bool { return r == '?' || r == ';' })
}
