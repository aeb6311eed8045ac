package rank

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"wenbao/corpus/zh"
)

// terms are distinct strings with weights.
type terms struct {
	index   map[string]int
	text    []string
	weights []float64
	total   float64
}

// add adds a term that is not there yet.
func (t *terms) add(s string, weight float64) {
	if t.index == nil {
		t.index = map[string]int{}
	}
	if _, ok := t.index[s]; ok || s == "" || weight <= 0 {
		return
	}
	t.index[s] = len(t.text)
	t.text = append(t.text, s)
	t.weights = append(t.weights, weight)
	t.total += weight
}

// seen tells which of a set of terms a text has.
type seen []bool

// grams marks the terms that are grams of a folded text.
func (t *terms) grams(text string) seen {
	out := make(seen, len(t.text))
	eachGram(text, func(g string) {
		if i, ok := t.index[g]; ok {
			out[i] = true
		}
	})
	return out
}

// substrings marks the terms that stand anywhere in a folded text.
func (t *terms) substrings(text string) seen {
	out := make(seen, len(t.text))
	for i, s := range t.text {
		out[i] = strings.Contains(text, s)
	}
	return out
}

// mark marks the terms that stand in words.
func (t *terms) mark(s seen, words string) {
	for i, term := range t.text {
		s[i] = s[i] || strings.Contains(words, term)
	}
}

// share is the weight of the terms that one of the marks has, by that of all; 0
// where there is no term.
func (t *terms) share(marks ...seen) float64 { return t.shareBy(identity, marks...) }

func identity(w float64) float64 { return w }

func square(w float64) float64 { return w * w }

// shareBy is share with each weight counted by a function of it.
func (t *terms) shareBy(worth func(float64) float64, marks ...seen) float64 {
	sum, total := 0.0, 0.0
	for i, w := range t.weights {
		total += worth(w)
		for _, s := range marks {
			if s != nil && s[i] {
				sum += worth(w)
				break
			}
		}
	}
	if total == 0 {
		return 0
	}
	return sum / total
}

// gramsOf are the pairs of neighbouring Han characters of a folded text, and its
// runs of letters and digits.
func gramsOf(text string) []string {
	var out []string
	eachGram(text, func(g string) { out = append(out, g) })
	return out
}

// eachGram visits the grams of a folded text in order.
func eachGram(text string, visit func(gram string)) {
	before := -1 // where the Han character before begins
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case zh.IsHan(r):
			if before >= 0 {
				visit(text[before : i+n])
			}
			before = i
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
