//go:build unix

package library_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"wenbao/corpus/library"
)

// opened is what Open gave.
type opened struct {
	library *library.Library
	err     error
}

// openInTheMeantime opens dir and stops where Open reads the manifest of that
// name: it finds a pipe there, out of which content comes once meanwhile is done.
func openInTheMeantime(t *testing.T, dir, name string, content []byte, meanwhile func()) *library.Library {
	t.Helper()
	path := filepath.Join(dir, name)
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	result := make(chan opened)
	go func() {
		l, err := library.Open(dir)
		result <- opened{l, err}
	}()
	pipe, err := os.OpenFile(path, os.O_WRONLY, 0) // returns when Open has opened it
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, kept, 0o600); err != nil {
		t.Fatal(err)
	}
	meanwhile()
	if _, err := pipe.Write(content); err != nil {
		t.Error(err)
	}
	if err := pipe.Close(); err != nil {
		t.Error(err)
	}
	got := <-result
	if got.err != nil {
		t.Fatal(got.err)
	}
	t.Cleanup(func() { _ = got.library.Close() })
	return got.library
}

// TestOvertakenAtSegments: between reading the manifest and opening its segment
// two commits pass and remove both.
func TestOvertakenAtSegments(t *testing.T) {
	dir := t.TempDir()
	commit(t, dir, batch("a", "一", "1"))
	l := openInTheMeantime(t, dir, "manifest-1.wbm", manifestOf(t, batch("a", "一", "1")), func() {
		commit(t, dir, batch("a", "二", "1"))
		commit(t, dir, batch("a", "三", "1"))
	})
	equal(t, "generation", l.Generation(), uint64(3))
	equal(t, "content", content(t, l), batch("a", "三", "1").Records)
}

// TestOvertakenAtManifests: the newest manifest is damaged, and the one before it
// is removed by commits just when it would be read.
func TestOvertakenAtManifests(t *testing.T) {
	dir := t.TempDir()
	commit(t, dir, batch("a", "一", "1"))
	commit(t, dir, batch("a", "二", "1"))
	l := openInTheMeantime(t, dir, "manifest-2.wbm", []byte("half"), func() {
		commit(t, dir, batch("a", "三", "1"))
	})
	equal(t, "generation", l.Generation(), uint64(3))
	equal(t, "content", content(t, l), batch("a", "三", "1").Records)
}
