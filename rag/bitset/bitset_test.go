package bitset_test

import (
	"slices"
	"testing"

	"wenbao/rag/bitset"
)

func of(n int, numbers ...uint32) *bitset.Set {
	s := bitset.New(n)
	for _, i := range numbers {
		s.Add(i)
	}
	return s
}

func TestSetHoldsWhatWasAdded(t *testing.T) {
	s := of(130, 0, 63, 64, 129, 64)
	if got, want := slices.Collect(s.All()), []uint32{0, 63, 64, 129}; !slices.Equal(got, want) {
		t.Errorf("All = %v, want %v", got, want)
	}
	if s.Len() != 130 || s.Count() != 4 {
		t.Errorf("Len, Count = %d, %d, want 130, 4", s.Len(), s.Count())
	}
	for _, i := range []uint32{1, 62, 65, 128, 130, 191, 1 << 31} {
		if s.Has(i) {
			t.Errorf("Has(%d) of a number never added", i)
		}
	}
}

func TestFullEndsAtItsLength(t *testing.T) {
	for _, n := range []int{-1, 0, 1, 63, 64, 65, 128, 200} {
		s := bitset.Full(n)
		if got := s.Count(); got != max(n, 0) {
			t.Errorf("Full(%d) counts %d", n, got)
		}
		if n >= 0 && s.Has(uint32(n)) {
			t.Errorf("Full(%d) has %d", n, n)
		}
	}
}

func TestAndOrOfDifferentLengths(t *testing.T) {
	tests := []struct {
		name string
		s, t *bitset.Set
		and  []uint32
		or   []uint32 // nil: not allowed
	}{
		{"same length", of(100, 1, 70), of(100, 70, 99), []uint32{70}, []uint32{1, 70, 99}},
		{"shorter second", of(100, 1, 70), of(10, 1, 2), []uint32{1}, []uint32{1, 2, 70}},
		{"longer second, small numbers", of(10, 1), of(100, 1, 9), []uint32{1}, []uint32{1, 9}},
		{"longer second, large numbers", of(10, 1), of(100, 1, 10), []uint32{1}, nil},
		{"empty", bitset.New(0), bitset.New(0), nil, []uint32{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			and := tt.s.Clone()
			and.And(tt.t)
			if got := slices.Collect(and.All()); !slices.Equal(got, tt.and) {
				t.Errorf("And = %v, want %v", got, tt.and)
			}
			or := tt.s.Clone()
			if tt.or == nil {
				mustPanic(t, func() { or.Or(tt.t) })
				return
			}
			or.Or(tt.t)
			if got := slices.Collect(or.All()); !slices.Equal(got, tt.or) {
				t.Errorf("Or = %v, want %v", got, tt.or)
			}
		})
	}
}

func TestAddBeyondTheLengthPanics(t *testing.T) {
	mustPanic(t, func() { bitset.New(64).Add(64) })
}

func TestAllStopsWhenAsked(t *testing.T) {
	seen := 0
	for range of(200, 3, 4, 150).All() {
		seen++
		if seen == 2 {
			break
		}
	}
	if seen != 2 {
		t.Errorf("saw %d numbers, want 2", seen)
	}
}

func mustPanic(t *testing.T, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	f()
}
