package lexical_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"runtime"
	"slices"
	"testing"

	"wenbao/rag/bitset"
	"wenbao/rag/lexical"
)

func open(t testing.TB, data []byte) *lexical.Index {
	t.Helper()
	ix, err := lexical.Read(data, loaded)
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

func TestSnapshotIsTheIndex(t *testing.T) {
	for _, n := range []int{0, 1, 300} {
		ix := build(t, paper(n)...)
		data := ix.AppendTo([]byte("before"))
		data = data[len("before"):]
		read := open(t, data)
		if !bytes.Equal(read.AppendTo(nil), data) {
			t.Errorf("%d documents: a snapshot of what was read differs", n)
		}
		want := search(t, ix, "临江区养老服务", lexical.SearchOptions{})
		if got := search(t, read, "临江区养老服务", lexical.SearchOptions{}); !slices.Equal(got, want) {
			t.Errorf("%d documents: found %v, want %v", n, got, want)
		}
	}
}

func TestBuildIsTheSameOnAnyNumberOfProcessors(t *testing.T) {
	bodies := paper(2500) // two shards
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one := build(t, bodies...).AppendTo(nil)
	runtime.GOMAXPROCS(4)
	if !bytes.Equal(build(t, bodies...).AppendTo(nil), one) {
		t.Error("four processors build another index than one")
	}
}

func TestReadRefusesOtherAnalyzers(t *testing.T) {
	data := build(t, "养老").AppendTo(nil)
	ix, err := lexical.Read(data, plain)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ix.Search("养老", lexical.SearchOptions{}); !errors.Is(err, lexical.ErrAnalyzer) {
		t.Errorf("search: %v, want ErrAnalyzer", err)
	}
	broken := errors.New("no word list")
	ix, err = lexical.Read(data, func() (*lexical.Analyzer, error) { return nil, broken })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ix.Search("养老", lexical.SearchOptions{}); !errors.Is(err, broken) {
		t.Errorf("search: %v, want the loader's error", err)
	}
}

func TestReadRefusesDamage(t *testing.T) {
	good := build(t, paper(20)...).AppendTo(nil)
	const sizes = 8 // the lengths of the sections follow the magic
	tests := []struct {
		name   string
		damage func(b []byte) []byte
	}{
		{"empty", func([]byte) []byte { return nil }},
		{"another file", func([]byte) []byte { return bytes.Repeat([]byte("云泽日报"), 100) }},
		{"another version", func(b []byte) []byte { b[7]++; return b }},
		{"cut", func(b []byte) []byte { return b[:len(b)-1] }},
		{"cut in the head", func(b []byte) []byte { return b[:20] }},
		{"longer", func(b []byte) []byte { return append(b, 0) }},
		{"section of 2^63 bytes", func(b []byte) []byte { binary.LittleEndian.PutUint64(b[sizes:], 1<<63); return b }},
		{"articles of 3 bytes", func(b []byte) []byte { return resize(b, 1, -1) }},
		{"fewer lengths", func(b []byte) []byte { return resize(b, 7, -4) }},
		{"fewer dfs", func(b []byte) []byte { return resize(b, 4, -4) }},
		{"article out of order", func(b []byte) []byte {
			name := binary.LittleEndian.Uint64(b[sizes:])
			binary.LittleEndian.PutUint32(b[sizes+14*8+int(name)+8:], 1<<30)
			return b
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := lexical.Read(tt.damage(bytes.Clone(good)), loaded)
			if !errors.Is(err, lexical.ErrFormat) {
				t.Errorf("Read: %v, want ErrFormat", err)
			}
		})
	}
}

// resize moves the end of section i, and the next section takes the difference.
func resize(b []byte, i, by int) []byte {
	for section, change := range map[int]int{i: by, i + 1: -by} {
		at := b[8+8*section:]
		binary.LittleEndian.PutUint64(at, uint64(int(binary.LittleEndian.Uint64(at))+change))
	}
	return b
}

// FuzzRead checks that damage anywhere is refused or searched without harm.
func FuzzRead(f *testing.F) {
	good := build(f, paper(5)...).AppendTo(nil)
	f.Add(good, 0, byte(0))
	f.Add(good[:100], 50, byte(255))
	for at := 120; at < len(good); at += len(good) / 20 {
		f.Add(good, at, byte(0xff))
	}
	f.Fuzz(func(t *testing.T, data []byte, at int, with byte) {
		data = bytes.Clone(data)
		if 0 <= at && at < len(data) {
			data[at] ^= with
		}
		ix, err := lexical.Read(data, loaded)
		if err != nil {
			if !errors.Is(err, lexical.ErrFormat) {
				t.Fatalf("Read: %v, want ErrFormat", err)
			}
			return
		}
		if 4*ix.Len() > len(data) {
			t.Fatalf("%d documents in %d bytes", ix.Len(), len(data))
		}
		scores, err := ix.Search("临江区养老服务计划", lexical.SearchOptions{K: 3})
		if err != nil && !errors.Is(err, lexical.ErrAnalyzer) {
			t.Fatal(err)
		}
		for _, s := range scores {
			if int(s.Doc) >= ix.Len() {
				t.Fatalf("document %d of %d", s.Doc, ix.Len())
			}
		}
		merged, err := ix.Merge(bitset.Full(ix.Len()), ix)
		if err != nil || merged.Len() != 2*ix.Len() {
			t.Fatalf("merged with itself: %v", err)
		}
	})
}
