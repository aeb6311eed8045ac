package embed

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// ErrWeights says that bytes are not weights as Encode writes them.
var ErrWeights = errors.New("not the weights of an embedder")

// Weights lie as they are used, numbers with the lowest byte first:
//
//	magic   4 bytes
//	dim     4 bytes
//	keys    4 bytes: how many
//	shared  4 bytes: how many shared rows
//	starts  4 bytes for each slot, and 4: see Vocabulary
//	lows    2 bytes for each key
//	scales  2 bytes for each row
//	values  4 bits for each of dim values of each row, the low half of a byte first:
//	        8 and a whole number from -7 to 7
//
// A row stands for its numbers times its scale. Rounded to eight bits instead, the
// same weights rank alike: what is lost in one row is not what is lost in another,
// and a text has dozens.
const (
	magic      = "WBE1"
	headerSize = 16
)

// Values are kept as half bytes around zeroHalf.
const (
	maxLevel = 7
	zeroHalf = 8
	maxHalf  = 15
)

// maxScale is the scale of the row with the largest value of all.
const maxScale = math.MaxUint16

// Limits of weights: more than the largest that fit into a program, and few enough
// for sizes to be computed without overflow.
const (
	maxDim  = 1 << 12
	maxRows = 1 << 24
	// wordValues is how many values are summed at a time; dim is a multiple.
	wordValues = 16
)

// Encode writes the weights of a vocabulary: dim values for each of its rows, one
// row after the other, rounded to one of 15 steps up to the largest of the row.
func Encode(v *Vocabulary, dim int, values []float32) ([]byte, error) {
	rows := v.Rows()
	if err := checkSizes(dim, rows-int(v.shared), int(v.shared)); err != nil {
		return nil, err
	}
	if len(values) != rows*dim {
		return nil, fmt.Errorf("encode weights: %d values for %d rows of %d", len(values), rows, dim)
	}
	largest := largestOf(values)
	if !(largest > 0) || math.IsInf(largest, 0) {
		return nil, fmt.Errorf("encode weights: the largest value is %v", largest)
	}
	b := []byte(magic)
	for _, n := range []int{dim, rows - int(v.shared), int(v.shared)} {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	b = append(append(b, v.starts...), v.lows...)
	for i := range rows {
		scale := math.Ceil(largestOf(values[i*dim:(i+1)*dim]) / largest * maxScale)
		b = binary.LittleEndian.AppendUint16(b, uint16(scale))
	}
	for i := range rows {
		row := values[i*dim : (i+1)*dim]
		step := math.Ceil(largestOf(row)/largest*maxScale) / maxScale * largest / maxLevel
		for j := 0; j < dim; j += 2 {
			b = append(b, half(row[j], step)|half(row[j+1], step)<<4)
		}
	}
	return b, nil
}

// half is a value as half a byte.
func half(x float32, step float64) byte {
	if step == 0 {
		return zeroHalf
	}
	return byte(zeroHalf + int(math.Round(float64(x)/step)))
}

// largestOf is the largest of the absolute values, NaN when one is NaN.
func largestOf(values []float32) float64 {
	largest := 0.0
	for _, x := range values {
		largest = max(largest, math.Abs(float64(x)))
	}
	return largest
}

func checkSizes(dim, keys, shared int) error {
	switch {
	case dim < wordValues || dim > maxDim || dim%wordValues != 0:
		return fmt.Errorf("%w: dimension %d", ErrWeights, dim)
	case keys < 0 || shared < 1 || keys > maxRows || shared > maxRows:
		return fmt.Errorf("%w: %d keys and %d shared rows", ErrWeights, keys, shared)
	}
	return nil
}

// Decode returns the embedder whose weights b holds. It keeps b, which must not
// change, and reads of it only what every row is found by. name is what Name
// gives. The error wraps ErrWeights.
func Decode(name string, b []byte) (*Static, error) {
	if len(b) < headerSize || string(b[:len(magic)]) != magic {
		return nil, fmt.Errorf("%w: no header", ErrWeights)
	}
	number := func(at int) int { return int(binary.LittleEndian.Uint32(b[at:])) }
	dim, keys, shared := number(4), number(8), number(12)
	if err := checkSizes(dim, keys, shared); err != nil {
		return nil, err
	}
	rows := keys + shared
	startsEnd := headerSize + 4*(slots+1)
	lowsEnd := startsEnd + 2*keys
	scalesEnd := lowsEnd + 2*rows
	if want := scalesEnd + rows*dim/2; len(b) != want {
		return nil, fmt.Errorf("%w: %d bytes, want %d", ErrWeights, len(b), want)
	}
	s := &Static{
		name: name,
		dim:  dim,
		vocabulary: Vocabulary{
			starts: b[headerSize:startsEnd],
			lows:   b[startsEnd:lowsEnd],
			shared: uint32(shared),
		},
		scales: b[lowsEnd:scalesEnd],
		values: b[scalesEnd:],
	}
	before := 0
	for slot := range slots + 1 {
		at := number(headerSize + 4*slot)
		if at < before || at > keys {
			return nil, fmt.Errorf("%w: slot %d begins at %d of %d keys", ErrWeights, slot, at, keys)
		}
		before = at
	}
	return s, nil
}
