// Package vector finds the documents whose vectors point in nearly the same
// direction as a question's.
//
// It is the only importer of chromem-go, which compares a question with every
// document it holds, at 0.7 to 2 µs and 2.5 KB of heap each. A Store therefore
// keeps its rows as bytes, seven bits a value, reads through all of them with
// integer arithmetic (67,000 rows of 256 values: 4 ms, 17 MB), and puts only a
// shortlist into a chromem collection, which ranks it by cosine and is then
// forgotten: never persistent, nothing ever deleted from it.
//
// Clusters (an inverted file) would read fewer rows, and lose near ones: over 78,745
// news passages with vectors made by hashing, the nearest of 256 k-means cells that
// make up a tenth of the rows held 0.60 of the true twenty, two fifths 0.86;
// reading all of them quantised finds 0.98.
package vector

import (
	"cmp"
	"errors"
	"fmt"
	"math"

	"wenbao/rag/bitset"
)

// MaxDim is the largest dimension of a Store. Up to it, the dot product of two
// quantised rows (MaxDim times maxLevel squared) stays below 2^24 and is
// therefore exact as a float32.
const MaxDim = 4096

// ErrDimension says that a vector has not the dimension of the Store.
var ErrDimension = errors.New("wrong vector dimension")

// Score is one document found, with the cosine of the angle between its
// quantised vector and the question's, in [-1, 1].
type Score struct {
	Doc    uint32
	Cosine float32
}

// compareScores is the order of results: best first, then by document.
func compareScores(a, b Score) int {
	return cmp.Or(cmp.Compare(b.Cosine, a.Cosine), cmp.Compare(a.Doc, b.Doc))
}

// Store holds one vector for each document, numbered from 0. It is never
// changed once made, and safe for concurrent use. Its zero value is empty and
// of dimension 0.
type Store struct {
	dim int
	// matrix holds the quantised rows one after the other, rowWords(dim) words each.
	matrix []uint64
	// sums and inverses have one entry a row, both worked out from the matrix:
	// the sum of its bytes, and one over the length of the vector that the bytes
	// stand for, 0 for a row that is never found.
	sums     []uint32
	inverses []float32
}

// Build makes a Store of the rows of a row-major matrix, dim values each. Rows
// of any length are taken for their direction. A row of zeros, or one that holds
// NaN or an infinity, keeps its number and is never found. It fails with
// ErrDimension when dim is not in [1, MaxDim] or the values are no whole number
// of rows. The rows are not kept, and equal rows give equal bytes everywhere.
func Build(dim int, rows []float32) (*Store, error) {
	if dim < 1 || dim > MaxDim {
		return nil, fmt.Errorf("build vectors of dimension %d, want 1 to %d: %w", dim, MaxDim, ErrDimension)
	}
	if len(rows)%dim != 0 {
		return nil, fmt.Errorf("build vectors: %d values in rows of %d: %w", len(rows), dim, ErrDimension)
	}
	n := len(rows) / dim
	if uint64(n) > math.MaxUint32 {
		return nil, fmt.Errorf("build vectors: %d rows are more than can be numbered", n)
	}
	width := rowWords(dim)
	matrix := make([]uint64, n*width)
	for i := range n {
		quantize(matrix[i*width:(i+1)*width], rows[i*dim:(i+1)*dim])
	}
	return fromMatrix(dim, matrix)
}

// fromMatrix makes a Store that keeps matrix, which is whole rows of a valid
// dimension. It fails with ErrDamaged on bytes that quantize does not write.
func fromMatrix(dim int, matrix []uint64) (*Store, error) {
	width := rowWords(dim)
	n := len(matrix) / width
	s := &Store{dim: dim, matrix: matrix, sums: make([]uint32, n), inverses: make([]float32, n)}
	for i := range n {
		row := s.row(uint32(i))
		if !valid(row, dim) {
			return nil, fmt.Errorf("vector of row %d: %w", i, ErrDamaged)
		}
		sum, squares := measure(row)
		s.sums[i] = sum
		if squares > 0 {
			s.inverses[i] = float32(1 / math.Sqrt(float64(squares)))
		}
	}
	return s, nil
}

// Len is the number of rows, those that are never found included.
func (s *Store) Len() int { return len(s.sums) }

// Dim is the number of values in a vector.
func (s *Store) Dim() int { return s.dim }

// row is the quantised row of a document.
func (s *Store) row(doc uint32) []uint64 {
	width := rowWords(s.dim)
	at := int(doc) * width
	return s.matrix[at : at+width : at+width]
}

// Merge returns a new Store: the rows of s that are in keep, in their order and
// numbered anew from 0, then the rows of add. A nil keep keeps all and numbers
// beyond s.Len() are ignored; a nil add adds nothing. Rows are copied as they
// are, so merging often loses nothing. It fails with ErrDimension when both hold
// rows and their dimensions differ.
func (s *Store) Merge(keep *bitset.Set, add *Store) (*Store, error) {
	if add == nil {
		add = &Store{dim: s.dim}
	}
	dim := s.dim
	switch {
	case s.Len() == 0:
		dim = cmp.Or(add.dim, s.dim)
	case add.Len() > 0 && add.dim != s.dim:
		return nil, fmt.Errorf("merge vectors of dimension %d and %d: %w", s.dim, add.dim, ErrDimension)
	}
	m := &Store{dim: dim, matrix: make([]uint64, 0, len(s.matrix)+len(add.matrix))}
	for doc := range s.docs(keep) {
		m.appendRow(s, doc)
	}
	for doc := range add.docs(nil) {
		m.appendRow(add, doc)
	}
	return m, nil
}

// appendRow copies a row of from, which has the same dimension.
func (s *Store) appendRow(from *Store, doc uint32) {
	s.matrix = append(s.matrix, from.row(doc)...)
	s.sums = append(s.sums, from.sums[doc])
	s.inverses = append(s.inverses, from.inverses[doc])
}
