package vector_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wenbao/rag/vector"
)

func TestSnapshotRoundTrip(t *testing.T) {
	for _, dim := range []int{1, 7, 8, 9, 256} {
		rows := randomRows(uint64(dim), 40, dim)
		clear(rows[3*dim : 4*dim])
		s := build(t, dim, rows)
		prefix := []byte("before")
		snapshot := s.AppendTo(bytes.Clone(prefix))
		if !bytes.HasPrefix(snapshot, prefix) {
			t.Fatal("AppendTo overwrote what was there")
		}
		data := snapshot[len(prefix):]
		read, err := vector.Read(data)
		if err != nil {
			t.Fatalf("dimension %d: %v", dim, err)
		}
		query := randomRows(99, 1, dim)
		want := search(t, s, query, 40, nil)
		clear(data)
		if diff := cmp.Diff(want, search(t, read, query, 40, nil)); diff != "" {
			t.Errorf("dimension %d: results differ after reading (-want +got):\n%s", dim, diff)
		}
		if read.Len() != s.Len() || read.Dim() != dim {
			t.Errorf("read %d rows of dimension %d, want %d of %d", read.Len(), read.Dim(), s.Len(), dim)
		}
	}
}

func TestSnapshotOfNothing(t *testing.T) {
	for _, s := range []*vector.Store{{}, build(t, 5, nil)} {
		read, err := vector.Read(s.AppendTo(nil))
		if err != nil {
			t.Fatal(err)
		}
		if read.Len() != 0 || read.Dim() != s.Dim() {
			t.Errorf("read %d rows of dimension %d, want none of %d", read.Len(), read.Dim(), s.Dim())
		}
	}
}

// header is a snapshot's first 16 bytes.
func header(magic string, dim uint32, rows uint64) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(magic), dim)
	return binary.LittleEndian.AppendUint64(b, rows)
}

func TestReadRefusesDamage(t *testing.T) {
	good := build(t, 3, []float32{1, 2, 3, -1, 0, 1}).AppendTo(nil)
	const firstRow = 16
	changed := func(at int, b byte) []byte {
		data := bytes.Clone(good)
		data[at] = b
		return data
	}
	tests := []struct {
		name string
		data []byte
	}{
		{"nothing", nil},
		{"half a header", good[:10]},
		{"another magic", changed(0, 'X')},
		{"cut short", good[:len(good)-1]},
		{"a row too few", good[:len(good)-8]},
		{"too long", append(bytes.Clone(good), 0)},
		{"no dimension but rows", header("WBV1", 0, 1)},
		{"dimension too large", header("WBV1", vector.MaxDim+1, 0)},
		{"dimension beyond int32", header("WBV1", math.MaxUint32, 0)},
		{"rows that overflow", header("WBV1", 8, 1<<61)},
		{"a value that is no level", changed(firstRow, 0)},
		{"a value of eight bits", changed(firstRow+1, 0x80)},
		{"padding that is not empty", changed(firstRow+3, 1)},
	}
	if _, err := vector.Read(good); err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := vector.Read(tt.data); !errors.Is(err, vector.ErrDamaged) {
				t.Errorf("error is %v, want ErrDamaged", err)
			}
		})
	}
}

// Whatever is read is written again as it was, and can be searched.
func FuzzRead(f *testing.F) {
	f.Add([]byte{})
	f.Add(header("WBV1", 0, 0))
	f.Add(header("WBV1", 8, 1<<61))
	for _, dim := range []int{1, 3, 8, 20} {
		s, err := vector.Build(dim, randomRows(1, 4, dim))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(s.AppendTo(nil))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := vector.Read(data)
		if err != nil {
			if !errors.Is(err, vector.ErrDamaged) {
				t.Fatalf("error is %v, want ErrDamaged", err)
			}
			return
		}
		if !bytes.Equal(s.AppendTo(nil), data) {
			t.Fatal("a snapshot is not written as it was read")
		}
		if s.Dim() == 0 {
			return
		}
		scores := search(t, s, randomRows(7, 1, s.Dim()), 10, nil)
		for i, score := range scores {
			if c := math.Abs(float64(score.Cosine)); !(c <= 1+1e-5) {
				t.Errorf("cosine %v", score.Cosine)
			}
			if i > 0 && scores[i-1].Cosine < score.Cosine {
				t.Error("results are out of order")
			}
		}
	})
}
