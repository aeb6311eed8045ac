package embed

import (
	"cmp"
	"encoding/binary"
	"slices"

	"wenbao/corpus/zh"
)

// nearEnough is the least likeness of two words that may stand for one another.
// From there up are 翻新 and 改造 (.75), 看病 and 医疗 (.61), 工资 and 收入 (.78); below
// it 房价 and 住宅 (.50), 超市 and 消费 (.51), 高铁 and 通车 (.34).
const nearEnough = 0.6

// Neighbours gives for each of some words those of others whose meaning is near its
// own, the nearest first and of equals in the order of their bytes. How near is the mean of
// two cosines: of what was learned for each whole word, and of their vectors, in which their
// characters have a part. A word that nothing was learned for as a whole has no
// neighbours and is none; a word is not its own.
func (s *Static) Neighbours(words, among []string) [][]string {
	found := make([][]neighbour, len(words))
	asked := make([]meaning, len(words))
	for i, word := range words {
		asked[i] = s.meaning(word)
	}
	if !slices.ContainsFunc(asked, func(m meaning) bool { return m.whole != nil }) {
		return make([][]string, len(words))
	}
	for _, other := range among {
		m := s.meaning(other)
		for i := range asked {
			if near := asked[i].near(m); near >= nearEnough {
				found[i] = append(found[i], neighbour{other, near})
			}
		}
	}
	out := make([][]string, len(words))
	for i := range found {
		slices.SortFunc(found[i], func(a, b neighbour) int {
			return cmp.Or(cmp.Compare(b.near, a.near), cmp.Compare(a.word, b.word))
		})
		for _, n := range found[i] {
			out[i] = append(out[i], n.word)
		}
		out[i] = slices.Compact(out[i])
	}
	return out
}

type neighbour struct {
	word string
	near float64
}

// meaning is what was learned for a word: whole is its own row, vector the sum of the
// rows of all its features. Both have length 1, and are nil where nothing was.
type meaning struct {
	word          string // in Simplified characters
	whole, vector []float32
}

// near is how near two meanings are, 0 where one is none or they are of one word.
func (m meaning) near(other meaning) float64 {
	if m.whole == nil || other.whole == nil || m.word == other.word {
		return 0
	}
	return (cosine(m.whole, other.whole) + cosine(m.vector, other.vector)) / 2
}

// meaning is that of a word.
func (s *Static) meaning(word string) meaning {
	word = zh.Simplified(word)
	key, ok := Key(word)
	if !ok {
		return meaning{}
	}
	row, ok := s.vocabulary.Row(key)
	if !ok {
		return meaning{}
	}
	sum := newSum(s.dim)
	s.addRow(sum, row)
	m := meaning{word: word, whole: sum.unit()}
	for _, row := range s.vocabulary.AppendRows(nil, word) {
		s.addRow(sum, row)
	}
	m.vector = sum.unit()
	return m
}

// addRow adds a row of the weights to a sum.
func (s *Static) addRow(to *sum, row uint32) {
	scale := binary.LittleEndian.Uint16(s.scales[row*2:])
	size := s.dim / 2
	at := int(row) * size
	to.add(s.values[at:at+size], uint64(scale))
}

// cosine is that of two vectors of length 1. The conversion keeps products from being
// fused with the sum, so that every machine finds alike.
func cosine(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		sum += float64(float64(a[i]) * float64(b[i]))
	}
	return sum
}
