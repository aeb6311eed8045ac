package boltfile_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"wenbao/bot/internal/boltfile"
)

func testFormat() boltfile.Format {
	return boltfile.Format{Name: "test", Version: 2, Buckets: []string{"a", "b"}}
}

// open opens a file and closes it at the end of the test, unless it is closed by then.
func open(t testing.TB, path string) *boltfile.File {
	t.Helper()
	f, err := boltfile.Open(path, testFormat())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil && !errors.Is(err, boltfile.ErrClosed) {
			t.Error(err)
		}
	})
	return f
}

func temp(t testing.TB) string { return filepath.Join(t.TempDir(), "test.db") }

func closeFile(t testing.TB, f *boltfile.File) {
	t.Helper()
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// put sets keys of bucket a; "" deletes.
func put(t testing.TB, f *boltfile.File, pairs map[string]string) {
	t.Helper()
	err := f.Update(t.Context(), func(tx *boltfile.Tx) error {
		for k, v := range pairs {
			if v == "" {
				if err := tx.Delete("a", []byte(k)); err != nil {
					return err
				}
			} else if err := tx.Put("a", []byte(k), []byte(v)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// content gives what is in bucket a.
func content(t testing.TB, f *boltfile.File) map[string]string {
	t.Helper()
	pairs := make(map[string]string)
	err := f.View(t.Context(), func(tx *boltfile.Tx) error {
		return tx.Scan("a", nil, nil, func(key, value []byte) error {
			pairs[string(key)] = string(value)
			return nil
		})
	})
	if err != nil {
		t.Error(err)
	}
	return pairs
}

func wantContent(t testing.TB, f *boltfile.File, want map[string]string) {
	t.Helper()
	if got := content(t, f); !maps.Equal(got, want) {
		t.Errorf("content (-want +got):\n%s", cmp.Diff(want, got))
	}
}

// TestWork has many sizes of keys and values come and go, and the file closed,
// checked and opened in between.
func TestWork(t *testing.T) {
	path := temp(t)
	r := rand.New(rand.NewPCG(1, 2))
	want := make(map[string]string)
	for round := range 10 {
		f := open(t, path)
		wantContent(t, f, want)
		for range 8 {
			changes := make(map[string]string)
			for range r.IntN(60) {
				key := fmt.Sprint(r.IntN(1500))
				changes[key] = strings.Repeat(key, r.IntN(200)*r.IntN(10))
			}
			put(t, f, changes)
			maps.Copy(want, changes)
			maps.DeleteFunc(want, func(_, v string) bool { return v == "" })
		}
		if round%7 == 3 {
			if err := f.Rewrite(t.Context()); err != nil {
				t.Fatal(err)
			}
			if f.Sparse() {
				t.Error("a file written anew is sparse")
			}
		}
		wantContent(t, f, want)
		closeFile(t, f)
	}
}

func TestScan(t *testing.T) {
	f := open(t, temp(t))
	all := make(map[string]string)
	for i := range 300 {
		all[fmt.Sprintf("%03d", i)] = "v"
	}
	put(t, f, all)
	var visited []string
	err := f.Update(t.Context(), func(tx *boltfile.Tx) error {
		visited = nil
		return tx.Scan("a", []byte("010"), []byte("290"), func(key, value []byte) error {
			visited = append(visited, string(key))
			return tx.Delete("a", key)
		})
	})
	if err != nil || len(visited) != 280 || visited[0] != "010" || visited[279] != "289" {
		t.Errorf("%v, visited %d from %q", err, len(visited), visited)
	}
	if left := content(t, f); len(left) != 20 {
		t.Errorf("%d are left", len(left))
	}
	enough := errors.New("enough")
	n := 0
	err = f.View(t.Context(), func(tx *boltfile.Tx) error {
		return tx.Scan("a", nil, nil, func(_, _ []byte) error { n++; return enough })
	})
	if !errors.Is(err, enough) || n != 1 {
		t.Errorf("%v after %d", err, n)
	}
}

func TestNoValueIsNotAnEmptyOne(t *testing.T) {
	f := open(t, temp(t))
	err := f.Update(t.Context(), func(tx *boltfile.Tx) error { return tx.Put("b", []byte("empty"), nil) })
	if err != nil {
		t.Fatal(err)
	}
	err = f.View(t.Context(), func(tx *boltfile.Tx) error {
		if v, err := tx.Get("b", []byte("empty")); err != nil || v == nil || len(v) > 0 {
			t.Errorf("empty value: %#v, %v", v, err)
		}
		if v, err := tx.Get("b", []byte("none")); err != nil || v != nil {
			t.Errorf("no value: %#v, %v", v, err)
		}
		if _, err := tx.Get("c", []byte("none")); err == nil {
			t.Error("there is a bucket that is not of the format")
		}
		if err := tx.Put("b", []byte("new"), nil); err == nil {
			t.Error("a view can write")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestLocked(t *testing.T) {
	path := temp(t)
	f := open(t, path)
	synctest.Test(t, func(t *testing.T) { // which makes the wait short
		if _, err := boltfile.Open(path, testFormat()); !errors.Is(err, boltfile.ErrLocked) {
			t.Errorf("opened twice: %v", err)
		}
	})
	closeFile(t, f)
	closeFile(t, open(t, path))
}

func TestClosed(t *testing.T) {
	f := open(t, temp(t))
	closeFile(t, f)
	for name, err := range map[string]error{
		"View":    f.View(t.Context(), func(*boltfile.Tx) error { t.Error("read"); return nil }),
		"Update":  f.Update(t.Context(), func(*boltfile.Tx) error { t.Error("written"); return nil }),
		"Rewrite": f.Rewrite(t.Context()),
		"Close":   f.Close(),
	} {
		if !errors.Is(err, boltfile.ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if f.Sparse() {
		t.Error("a closed file is sparse")
	}
}

func TestOnlyItsOwnerReads(t *testing.T) {
	path := temp(t)
	f := open(t, path)
	check := func(when string) {
		t.Helper()
		for _, name := range []string{path, path + ".lock"} {
			if info, err := os.Stat(name); err != nil || info.Mode() != 0o600 {
				t.Errorf("%s: %v %v, %v", when, name, info.Mode(), err)
			}
		}
		if _, err := os.Stat(path + ".tmp"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s, the temporary file: %v", when, err)
		}
	}
	check("made")
	if err := f.Rewrite(t.Context()); err != nil {
		t.Fatal(err)
	}
	check("written anew")
}

func TestCutShort(t *testing.T) {
	path := temp(t)
	f := open(t, path)
	put(t, f, map[string]string{"k": "v"})
	closeFile(t, f)
	if err := os.WriteFile(path+".tmp", []byte("half of a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	f = open(t, path)
	wantContent(t, f, map[string]string{"k": "v"})
	if _, err := os.Stat(path + ".tmp"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what was cut short is still there: %v", err)
	}
}

func TestOtherFormats(t *testing.T) {
	path := temp(t)
	closeFile(t, open(t, path))
	tests := map[string]struct {
		change func(*boltfile.Format)
		want   error
	}{
		"newer":          {func(f *boltfile.Format) { f.Version = 1 }, boltfile.ErrNewer},
		"older":          {func(f *boltfile.Format) { f.Version = 3 }, boltfile.ErrDamaged},
		"another's":      {func(f *boltfile.Format) { f.Name = "other" }, boltfile.ErrDamaged},
		"bucket missing": {func(f *boltfile.Format) { f.Buckets = append(f.Buckets, "c") }, boltfile.ErrDamaged},
		"bucket unknown": {func(f *boltfile.Format) { f.Buckets = f.Buckets[:1] }, boltfile.ErrDamaged},
	}
	for name, tt := range tests {
		format := testFormat()
		tt.change(&format)
		for range 2 { // a file that was refused is not left locked
			if _, err := boltfile.Open(path, format); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", name, err, tt.want)
			}
		}
	}
	if _, err := boltfile.Open(filepath.Join(path, "below a file"), testFormat()); err == nil {
		t.Error("a file was opened below a file")
	}
	open(t, path)
}
