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

// Neighbours gives those of some words whose meaning is near that of a word, the
// nearest first and of equals in the order of their bytes. How near is the mean of
// two cosines: of what was learned for each whole word, and of their vectors, in which their
// characters have a part. A word that nothing was learned for as a whole has no
// neighbours and is none; a word is not its own.
func (s *Static) Neighbours(word string, among []string) []string {
	asked, ok := s.meaning(word)
	if !ok {
		return nil
	}
	type neighbour struct {
		word string
		near float64
	}
	var found []neighbour
	for _, other := range among {
		m, ok := s.meaning(other)
		if !ok || zh.Simplified(other) == zh.Simplified(word) {
			continue
		}
		if near := (cosine(asked.whole, m.whole) + cosine(asked.vector, m.vector)) / 2; near >= nearEnough {
			found = append(found, neighbour{other, near})
		}
	}
	slices.SortFunc(found, func(a, b neighbour) int {
		return cmp.Or(cmp.Compare(b.near, a.near), cmp.Compare(a.word, b.word))
	})
	out := make([]string, len(found))
	for i, n := range found {
		out[i] = n.word
	}
	return slices.Compact(out)
}

// meaning is what was learned for a word: whole is its own row, vector the sum of the
// rows of all its features. Both have length 1.
type meaning struct{ whole, vector []float32 }

// meaning is that of a word, false where the vocabulary does not hold it.
func (s *Static) meaning(word string) (meaning, bool) {
	word = zh.Simplified(word)
	key, ok := Key(word)
	if !ok {
		return meaning{}, false
	}
	row, ok := s.vocabulary.Row(key)
	if !ok {
		return meaning{}, false
	}
	sum := newSum(s.dim)
	s.addRow(sum, row)
	m := meaning{whole: sum.unit()}
	for _, row := range s.vocabulary.AppendRows(nil, word) {
		s.addRow(sum, row)
	}
	m.vector = sum.unit()
	return m, true
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
