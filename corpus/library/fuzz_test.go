package library_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wenbao/corpus/library"
)

// FuzzManifest: whatever a manifest's bytes are, decoding ends, and what it takes
// for sound is written again to something that decodes to the same.
func FuzzManifest(f *testing.F) {
	for _, ids := range [][]string{nil, {"1"}, {"1", "2"}} {
		dir := f.TempDir()
		commit(f, dir, batch("a.txt", "一", ids...), batch("b.txt", "一", "9"))
		b, err := os.ReadFile(filepath.Join(dir, "manifest-1.wbm"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := library.Recode(b); err == nil && library.Checksum(b[:len(b)-4]) != binary.LittleEndian.Uint32(b[len(b)-4:]) {
			t.Error("a wrong checksum was taken for sound")
		}
		// A right checksum lets the fuzzer get to the body.
		if len(b) < 4 {
			return
		}
		once, err := library.Recode(sealed(b[:len(b)-4]))
		if err != nil {
			return
		}
		twice, err := library.Recode(once)
		if err != nil || !bytes.Equal(once, twice) {
			t.Errorf("written again it is another: %v\n%q\n%q", err, once, twice)
		}
	})
}

// FuzzRecord: whatever a record's bytes are, decoding ends, and a record that it
// gives can be put, comes out as it was, and has passages that are their spans.
func FuzzRecord(f *testing.F) {
	for _, r := range batch("a", "一", "1", "2").Records {
		b, err := library.EncodeRecord(&r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := library.DecodeRecord(b)
		if err != nil {
			return
		}
		for _, p := range r.Passages {
			if p.Text != p.Span.In(r.Article.Text) {
				t.Errorf("passage %q is not its span", p.Text)
			}
		}
		again, err := library.EncodeRecord(r)
		if err != nil {
			t.Fatal(err)
		}
		back, err := library.DecodeRecord(again)
		if err != nil || !cmp.Equal(r, back) {
			t.Errorf("%v\n%s", err, cmp.Diff(r, back))
		}
	})
}

// FuzzOpen: a library with any manifest and any segment opens or gives one of the
// documented errors, and reading it never does worse.
func FuzzOpen(f *testing.F) {
	dir := f.TempDir()
	commit(f, dir, batch("a", "一", "1", "2"))
	var seed [2][]byte
	for i, name := range []string{"manifest-1.wbm", "seg-1.wbs"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			f.Fatal(err)
		}
		seed[i] = b
	}
	f.Add(seed[0], seed[1])
	f.Add(seed[0], seed[1][:len(seed[1])/2])
	f.Fuzz(func(t *testing.T, manifest, segment []byte) {
		dir := t.TempDir()
		for name, b := range map[string][]byte{"manifest-1.wbm": sealed(manifest[:max(0, len(manifest)-4)]), "seg-1.wbs": segment} {
			if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		l, err := library.Open(dir)
		if err != nil {
			if _, damaged := errors.AsType[*library.DamageError](err); !damaged && !errors.Is(err, library.ErrVersion) {
				t.Errorf("open: %v", err)
			}
			return
		}
		defer func() { _ = l.Close() }()
		if _, err := l.Verify(t.Context()); err != nil {
			t.Errorf("verify: %v", err)
		}
		articles, _ := l.Len()
		if got := len(l.IDs()); got != articles {
			t.Errorf("%d IDs of %d articles", got, articles)
		}
	})
}
