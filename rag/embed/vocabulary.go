package embed

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// slots is how many parts the keys are sorted into, by their upper half.
const slots = 1 << 16

// Vocabulary gives each feature that it holds a row, and one of a few shared rows
// to single characters and to words of letters or digits that it does not hold.
// Longer runs of characters that it does not hold have none. It does not change
// and is safe for concurrent use.
type Vocabulary struct {
	starts []byte // slots+1 numbers of 4 bytes: where the keys of a slot begin
	lows   []byte // the lower halves of the keys, 2 bytes each, ascending in a slot
	shared uint32 // number of shared rows, behind those of the keys
}

// NewVocabulary makes one of keys, of which none may stand there twice, and of at
// least one shared row.
func NewVocabulary(keys []uint32, shared int) (*Vocabulary, error) {
	sorted := slices.Sorted(slices.Values(keys))
	if len(slices.Compact(slices.Clone(sorted))) < len(keys) {
		return nil, errors.New("vocabulary: a key stands there twice")
	}
	if shared < 1 {
		return nil, fmt.Errorf("vocabulary: %d shared rows", shared)
	}
	v := &Vocabulary{shared: uint32(shared)}
	at := 0
	for slot := range slots + 1 {
		for at < len(sorted) && int(sorted[at]>>16) < slot {
			v.lows = binary.LittleEndian.AppendUint16(v.lows, uint16(sorted[at]))
			at++
		}
		v.starts = binary.LittleEndian.AppendUint32(v.starts, uint32(at))
	}
	return v, nil
}

// Rows is the number of rows, shared ones included.
func (v *Vocabulary) Rows() int { return len(v.lows)/2 + int(v.shared) }

// Row is the row of a key.
func (v *Vocabulary) Row(key uint32) (row uint32, ok bool) {
	slot := key >> 16 * 4
	row = binary.LittleEndian.Uint32(v.starts[slot:])
	end := binary.LittleEndian.Uint32(v.starts[slot+4:])
	for ; row < end; row++ {
		if binary.LittleEndian.Uint16(v.lows[row*2:]) == uint16(key) {
			return row, true
		}
	}
	return 0, false
}

// AppendRows appends the rows of the features of a text, as often as they stand
// in it.
func (v *Vocabulary) AppendRows(rows []uint32, text string) []uint32 {
	eachFeature(text, func(f feature) {
		row, ok := v.Row(f.key)
		switch {
		case ok:
			rows = append(rows, row)
		case f.runes <= 1:
			rows = append(rows, uint32(len(v.lows)/2)+f.key%v.shared)
		}
	})
	return rows
}
