// Package bitset holds sets of small numbers, one bit a number: the documents
// that a filter lets through.
package bitset

import (
	"iter"
	"math/bits"
	"slices"
)

const wordBits = 64

// Set is a set of numbers in [0, Len). Its zero value is the empty set of
// length 0. Concurrent readers are safe; a writer needs the set to itself.
type Set struct {
	words []uint64
	n     int
}

// New returns the empty set over [0, n); a negative n counts as 0.
func New(n int) *Set {
	n = max(n, 0)
	return &Set{words: make([]uint64, (n+wordBits-1)/wordBits), n: n}
}

// Full returns the set of every number in [0, n).
func Full(n int) *Set {
	s := New(n)
	for i := range s.words {
		s.words[i] = ^uint64(0)
	}
	if tail := s.n % wordBits; tail != 0 {
		s.words[len(s.words)-1] = 1<<tail - 1
	}
	return s
}

// Len is the bound given to New: numbers of the set are below it.
func (s *Set) Len() int { return s.n }

// Add puts i into the set. It panics when i is not below Len.
func (s *Set) Add(i uint32) {
	if int64(i) >= int64(s.n) {
		panic("bitset: number out of range")
	}
	s.words[i/wordBits] |= 1 << (i % wordBits)
}

// Has reports whether i is in the set; a number beyond Len is not.
func (s *Set) Has(i uint32) bool {
	return int64(i) < int64(s.n) && s.words[i/wordBits]&(1<<(i%wordBits)) != 0
}

// Count is how many numbers are in the set.
func (s *Set) Count() int {
	n := 0
	for _, w := range s.words {
		n += bits.OnesCount64(w)
	}
	return n
}

// And keeps what is in t too. Numbers beyond t's length are dropped.
func (s *Set) And(t *Set) {
	shared := min(len(s.words), len(t.words))
	for i := range shared {
		s.words[i] &= t.words[i]
	}
	clear(s.words[shared:])
}

// Or adds what is in t. It panics when t holds a number that is not below s.Len.
func (s *Set) Or(t *Set) {
	if t.bound() > s.n {
		panic("bitset: number out of range")
	}
	for i := range min(len(s.words), len(t.words)) {
		s.words[i] |= t.words[i]
	}
}

// Clone returns a copy that shares nothing with s.
func (s *Set) Clone() *Set { return &Set{words: slices.Clone(s.words), n: s.n} }

// All gives the numbers of the set, ascending.
func (s *Set) All() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for i, w := range s.words {
			for ; w != 0; w &= w - 1 {
				if !yield(uint32(i*wordBits + bits.TrailingZeros64(w))) {
					return
				}
			}
		}
	}
}

// bound is one more than the largest number in the set, 0 for the empty set.
func (s *Set) bound() int {
	for i := len(s.words) - 1; i >= 0; i-- {
		if s.words[i] != 0 {
			return i*wordBits + bits.Len64(s.words[i])
		}
	}
	return 0
}
