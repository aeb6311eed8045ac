package vector

import (
	"math"
	"math/bits"
)

// A quantised value is a byte: level + zeroByte, with levels in
// [-maxLevel, maxLevel], so that bytes run from 1 to 127 and need seven bits.
const (
	maxLevel = 63
	zeroByte = 64
)

// A row is kept as words of eight values, the first one in the lowest byte, and
// padded with zero levels.
const (
	wordValues = 8
	zeroWord   = zeroByte * 0x0101010101010101
)

// rowWords is the number of words of a row.
func rowWords(dim int) int { return (dim + wordValues - 1) / wordValues }

// quantize writes the direction of v to row, which has rowWords(len(v)) words: the
// largest value becomes ±maxLevel. A vector without a direction (zeros, NaN,
// infinities) becomes zero, and the result is false.
func quantize(row []uint64, v []float32) bool {
	for i := range row {
		row[i] = zeroWord
	}
	var largest float64
	for _, x := range v {
		largest = max(largest, math.Abs(float64(x))) // NaN stays NaN
	}
	if largest == 0 || math.IsNaN(largest) || math.IsInf(largest, 0) {
		return false
	}
	for i, x := range v {
		level := int(math.Round(float64(x) / largest * maxLevel))
		row[i/wordValues] ^= uint64(zeroByte^(zeroByte+level)) << (8 * (i % wordValues))
	}
	return true
}

// dequantize returns the unit vector that row stands for; row is not zero.
func dequantize(row []uint64, dim int) []float32 {
	_, squares := measure(row)
	inverse := 1 / math.Sqrt(float64(squares))
	v := make([]float32, dim)
	for i := range v {
		level := int(byte(row[i/wordValues]>>(8*(i%wordValues)))) - zeroByte
		v[i] = float32(float64(level) * inverse)
	}
	return v
}

// valid reports whether quantize can have written row for a vector of dim values.
func valid(row []uint64, dim int) bool {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for _, word := range row {
		// A byte above 127 has its top bit set; 0 gets it when 1 is subtracted.
		if (word|(word-ones))&tops != 0 {
			return false
		}
	}
	padding := uint(8 * (dim % wordValues)) // where it begins in the last word
	return padding == 0 || row[len(row)-1]>>padding == uint64(zeroWord)>>padding
}

// measure returns the sum of the row's bytes, padding included, and the squared
// length of the vector that they stand for.
func measure(row []uint64) (sum uint32, squares int) {
	var total uint64
	for _, word := range row {
		sum += uint32(((word & evenBytes) + (word >> 8 & evenBytes)) * laneOnes >> 48)
		even, odd := reversedLanes(word)
		total += products(word, even, odd)
	}
	return sum, levelProduct(total, sum, sum, len(row))
}

// Four lanes of 16 bits to a word: every second byte of one, and 1 in each.
const (
	evenBytes = 0x00ff00ff00ff00ff
	laneOnes  = 0x0001000100010001
)

// reversedLanes gives the bytes at even and at odd places of a word, one a lane,
// the first in the highest lane.
func reversedLanes(word uint64) (even, odd uint64) {
	reversed := bits.ReverseBytes64(word)
	return reversed >> 8 & evenBytes, reversed & evenBytes
}

// products multiplies the bytes of a word with those of another, given as
// reversedLanes, each with its like, and returns the sum of the eight products.
//
// It is a multiplication of polynomials: with a0..a3 and b3..b0 in lanes of 16
// bits, the top lane of the 64-bit product is a0·b0 + … + a3·b3, at most
// 4·127·127 = 64,516, so no lane ever carries into the next, and what lies above
// the top one is cut off. One multiplication does the work of four.
func products(word, even, odd uint64) uint64 {
	return (word&evenBytes)*even>>48 + (word>>8&evenBytes)*odd>>48
}

// levelProduct turns the dot product of the bytes of two rows into that of their
// levels, given the sums of their bytes and their length in words.
func levelProduct(total uint64, sumA, sumB uint32, words int) int {
	return int(total) - zeroByte*(int(sumA)+int(sumB)-zeroByte*wordValues*words)
}

// probe is a quantised question, laid out for dot: reversedLanes of each word, and
// the sum of its bytes.
type probe struct {
	even, odd []uint64
	sum       uint32
}

// newProbe lays out a quantised row.
func newProbe(row []uint64) probe {
	p := probe{even: make([]uint64, len(row)), odd: make([]uint64, len(row))}
	for i, word := range row {
		p.even[i], p.odd[i] = reversedLanes(word)
	}
	p.sum, _ = measure(row)
	return p
}

// dot is the dot product of the levels of the question and of a row with the
// given sum of bytes.
func (p *probe) dot(row []uint64, sum uint32) int {
	even, odd := p.even[:len(row)], p.odd[:len(row)] // bounds checked once
	var total uint64
	for i, word := range row {
		total += products(word, even[i], odd[i])
	}
	return levelProduct(total, p.sum, sum, len(row))
}
