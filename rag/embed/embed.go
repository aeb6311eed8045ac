package embed

import (
	"context"
	"encoding/binary"
	"math"

	"wenbao/corpus/zh"
)

// Static embeds a text as the weighted sum of the vectors of its features, scaled
// to length 1. Sums are of whole numbers, so the same text has the same vector on
// every machine. It is safe for concurrent use.
type Static struct {
	name       string
	dim        int
	vocabulary Vocabulary
	scales     []byte // 2 for each row
	values     []byte // dim/2 for each row
}

// Name identifies the embedder and everything that its vectors depend on.
func (s *Static) Name() string { return s.name }

// Dim is the number of values of a vector.
func (s *Static) Dim() int { return s.dim }

// Embed returns one vector of length 1 for each text, in their order; a text in
// Traditional characters has that of the same in Simplified ones. A text
// without letters, digits or characters has no direction: its vector is all zeros
// and is never found. It fails only with the error of a cancelled context, and
// then without vectors.
func (s *Static) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	vectors := make([][]float32, len(texts))
	sum := newSum(s.dim)
	var rows []uint32
	for i, text := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		rows = s.vocabulary.AppendRows(rows[:0], zh.Simplified(text))
		for _, row := range rows {
			s.addRow(sum, row)
		}
		vectors[i] = sum.unit()
	}
	return vectors, nil
}

// sum adds up rows. Sixteen values are added at a time, in the halves of eight
// words: a product of a value and a scale has 20 bits, and before a half runs over
// it is moved to totals.
type sum struct {
	halves []uint64 // 8 words for each 16 values, two values in each: see add
	scales uint64   // of the rows in halves
	totals []int64
}

// fullScales is the most that the scales of the rows in halves may add up to:
// maxHalf times as much is the largest number of 32 bits.
const fullScales = math.MaxUint32 / maxHalf

// wordBytes are those that are read at a time.
const wordBytes = 8

func newSum(dim int) *sum {
	return &sum{halves: make([]uint64, dim/2), totals: make([]int64, dim)}
}

// add adds a row times its scale. Of each word of the row, values k and k+8 go to
// the halves of word k.
func (s *sum) add(row []byte, scale uint64) {
	const low = 0x0000000f0000000f
	if s.scales+scale > fullScales {
		s.flush()
	}
	s.scales += scale
	halves := s.halves
	for len(row) >= wordBytes && len(halves) >= wordValues/2 {
		x := binary.LittleEndian.Uint64(row)
		halves[0] += x & low * scale
		halves[1] += x >> 4 & low * scale
		halves[2] += x >> 8 & low * scale
		halves[3] += x >> 12 & low * scale
		halves[4] += x >> 16 & low * scale
		halves[5] += x >> 20 & low * scale
		halves[6] += x >> 24 & low * scale
		halves[7] += x >> 28 & low * scale
		row, halves = row[wordBytes:], halves[wordValues/2:]
	}
}

// flush moves halves to totals, without what zeroHalf has added.
func (s *sum) flush() {
	zero := int64(zeroHalf * s.scales)
	for i, x := range s.halves {
		at := i/8*wordValues + i%8
		s.totals[at] += int64(x&math.MaxUint32) - zero
		s.totals[at+8] += int64(x>>32) - zero
		s.halves[i] = 0
	}
	s.scales = 0
}

// unit returns the sum scaled to length 1, or zeros when there is nothing to
// scale, and starts anew.
func (s *sum) unit() []float32 {
	s.flush()
	var squares float64
	for _, x := range s.totals {
		squares += float64(float64(x) * float64(x)) // never fused: alike on every machine
	}
	v := make([]float32, len(s.totals))
	if squares > 0 {
		length := math.Sqrt(squares)
		for i, x := range s.totals {
			v[i] = float32(float64(x) / length)
		}
	}
	clear(s.totals)
	return v
}
