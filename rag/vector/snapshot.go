package vector

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrDamaged says that bytes are not a snapshot that AppendTo wrote.
var ErrDamaged = errors.New("damaged vector snapshot")

// A snapshot is, in little-endian order: the magic, the dimension (4 bytes), the
// number of rows (8 bytes), and the quantised rows. It carries no checksum: the
// file it stands in has one.
const (
	snapshotMagic = "WBV1"
	dimAt         = len(snapshotMagic)
	rowsAt        = dimAt + 4
	headerBytes   = rowsAt + 8
)

// AppendTo appends a snapshot of s to b and returns the longer slice. A row takes
// one byte for each dimension, rounded up to a multiple of 8; equal Stores give
// equal bytes.
func (s *Store) AppendTo(b []byte) []byte {
	b = slices.Grow(b, headerBytes+len(s.matrix)*wordValues)
	b = append(b, snapshotMagic...)
	b = binary.LittleEndian.AppendUint32(b, uint32(s.dim))
	b = binary.LittleEndian.AppendUint64(b, uint64(s.Len()))
	for _, word := range s.matrix {
		b = binary.LittleEndian.AppendUint64(b, word)
	}
	return b
}

// Read reads a snapshot that fills data exactly; data is not kept. It fails with
// ErrDamaged on bytes that AppendTo cannot have written, whatever they are.
func Read(data []byte) (*Store, error) {
	if len(data) < headerBytes || string(data[:dimAt]) != snapshotMagic {
		return nil, fmt.Errorf("read vectors: no header: %w", ErrDamaged)
	}
	dim := binary.LittleEndian.Uint32(data[dimAt:])
	rows := binary.LittleEndian.Uint64(data[rowsAt:])
	body := data[headerBytes:]
	switch {
	case dim == 0 && rows == 0 && len(body) == 0:
		return &Store{}, nil
	case dim < 1 || dim > MaxDim:
		return nil, fmt.Errorf("read vectors: dimension %d: %w", dim, ErrDamaged)
	case rows > math.MaxUint32 || rows*uint64(rowWords(int(dim))*wordValues) != uint64(len(body)):
		return nil, fmt.Errorf("read vectors: %d rows of dimension %d in %d bytes: %w",
			rows, dim, len(body), ErrDamaged)
	}
	matrix := make([]uint64, len(body)/wordValues)
	for i := range matrix {
		matrix[i] = binary.LittleEndian.Uint64(body[i*wordValues:])
	}
	s, err := fromMatrix(int(dim), matrix)
	if err != nil {
		return nil, fmt.Errorf("read vectors: %w", err)
	}
	return s, nil
}
