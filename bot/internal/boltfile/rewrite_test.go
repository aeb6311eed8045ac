package boltfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"wenbao/bot/internal/boltfile"
)

func TestRewriteLeavesNothing(t *testing.T) {
	path := temp(t)
	f := open(t, path)
	secret := strings.Repeat("沙湾街道的事 ", 400) // longer than a page
	put(t, f, map[string]string{"k": secret, "short": "沙湾街道的事", "stays": "v"})
	put(t, f, map[string]string{"k": "", "short": ""})
	if !holds(t, path, "沙湾街道的事") {
		t.Fatal("nothing was left before the rewrite either")
	}
	if err := f.Rewrite(t.Context()); err != nil {
		t.Fatal(err)
	}
	if holds(t, path, "沙湾街道的事") {
		t.Error("what was deleted is still in the file")
	}
	put(t, f, map[string]string{"new": "w"})
	closeFile(t, f)
	wantContent(t, open(t, path), map[string]string{"stays": "v", "new": "w"})
}

func holds(t testing.TB, path, text string) bool {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(b, []byte(text))
}

func TestRewriteAmongOthers(t *testing.T) {
	path := temp(t)
	f := open(t, path)
	want := make(map[string]string)
	var all sync.WaitGroup
	for w := range 8 {
		for i := range 25 {
			want[fmt.Sprintf("%d/%d", w, i)] = "v"
		}
		all.Go(func() {
			for i := range 25 {
				put(t, f, map[string]string{fmt.Sprintf("%d/%d", w, i): "v"})
				if n := len(content(t, f)); n <= i {
					t.Errorf("%d are there after %d", n, i)
				}
				if i%8 == w {
					if err := f.Rewrite(t.Context()); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
	wantContent(t, f, want)
	closeFile(t, f)
	wantContent(t, open(t, path), want)
}

// TestRewriteShared has calls wait for one that has begun: one more does for them all.
func TestRewriteShared(t *testing.T) {
	const callers = 50
	f := open(t, temp(t))
	var calling, all sync.WaitGroup
	err := f.View(t.Context(), func(*boltfile.Tx) error { // no rewrite ends meanwhile
		for range callers {
			calling.Add(1)
			all.Go(func() {
				calling.Done()
				if err := f.Rewrite(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		calling.Wait()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	all.Wait()
	// Two, and one for each that had not come to wait when the first ended.
	if n := f.Rewrites(); n < 1 || n > callers/2 {
		t.Errorf("%d calls made for %d rewrites", callers, n)
	}
}

func TestRewriteFails(t *testing.T) {
	path := temp(t)
	f := open(t, path)
	put(t, f, map[string]string{"k": "v"})
	inTheWay := filepath.Join(path+".tmp", "x")
	if err := os.MkdirAll(inTheWay, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := f.Rewrite(t.Context()); err == nil {
		t.Error("written anew where it cannot be")
	}
	wantContent(t, f, map[string]string{"k": "v"})
	put(t, f, map[string]string{"l": "w"})
	if err := os.RemoveAll(path + ".tmp"); err != nil {
		t.Fatal(err)
	}
	if err := f.Rewrite(t.Context()); err != nil {
		t.Error(err)
	}
	wantContent(t, f, map[string]string{"k": "v", "l": "w"})
}

func TestRewriteLosesTheFile(t *testing.T) {
	path := temp(t)
	f := open(t, path)
	if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700)); err != nil {
		t.Fatal(err)
	}
	if err := f.Rewrite(t.Context()); err == nil {
		t.Error("a directory was written over")
	}
	err := f.Update(t.Context(), func(*boltfile.Tx) error { t.Error("written"); return nil })
	if !errors.Is(err, boltfile.ErrClosed) {
		t.Error(err)
	}
	closeFile(t, f)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	wantContent(t, open(t, path), map[string]string{}) // the lock is free
}

func TestSparse(t *testing.T) {
	f := open(t, temp(t))
	many, none := make(map[string]string), make(map[string]string)
	for i := range 200 {
		many[fmt.Sprint(i)], none[fmt.Sprint(i)] = strings.Repeat("v", 500), ""
	}
	put(t, f, many)
	if f.Sparse() {
		t.Error("a full file is sparse")
	}
	put(t, f, none)
	if !f.Sparse() {
		t.Error("an empty file is not sparse")
	}
}
