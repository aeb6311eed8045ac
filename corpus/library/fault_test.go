package library_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wenbao/corpus/library"
)

// faulty is a disk that fails at its n-th step, and from then on as after says.
// It keeps account of what was synced instead of syncing.
type faulty struct {
	n     int // steps until the fault
	after after
	steps []string // what was done and, at last, what failed

	synced  map[string]bool // temporary files written since: are they durable
	renamed [][2]string     // renames whose directory was not synced
}

// after says what follows the fault.
type after int

const (
	goesOn   after = iota // only the one step fails
	full                  // all writing fails, and removing goes on
	stopped               // nothing happens any more: the process was killed
	powerCut              // stopped, and what was not synced is lost
)

func (a after) String() string { return [...]string{"goes on", "full", "stopped", "power cut"}[a] }

func (d *faulty) step(what, path string) error {
	fault := &os.PathError{Op: what, Path: path, Err: syscall.ENOSPC}
	if d.failed() {
		if d.after == goesOn || d.after == full && what == "remove" {
			return nil
		}
		return fault
	}
	d.steps = append(d.steps, what+" "+filepath.Base(path))
	if d.failed() {
		return fault
	}
	return nil
}

func (d *faulty) failed() bool { return len(d.steps) > d.n }

func (d *faulty) Create(path string) (library.File, error) {
	if err := d.step("create", path); err != nil {
		return nil, err
	}
	f, err := library.Disk.Create(path)
	d.synced[path] = false
	return &faultyFile{File: f, disk: d, path: path}, err
}

func (d *faulty) Rename(from, to string) error {
	if err := d.step("rename", from); err != nil {
		return err
	}
	d.renamed = append(d.renamed, [2]string{from, to})
	return library.Disk.Rename(from, to)
}

func (d *faulty) Remove(path string) error {
	if err := d.step("remove", path); err != nil {
		return err
	}
	return library.Disk.Remove(path)
}

func (d *faulty) SyncDir(dir string) error {
	if err := d.step("sync", dir); err != nil {
		return err
	}
	d.renamed = nil
	return nil
}

// cutPower loses what was not synced: contents always, names when names is set.
func (d *faulty) cutPower(t *testing.T, names bool) {
	t.Helper()
	for _, r := range d.renamed {
		if !d.synced[r[0]] {
			t.Errorf("%s was renamed before it was synced", r[0])
		}
		if names {
			if err := os.Rename(r[1], r[0]); err != nil {
				t.Fatal(err)
			}
		}
	}
	for path, synced := range d.synced {
		if err := os.Truncate(path, 0); !synced && err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
}

type faultyFile struct {
	library.File
	disk *faulty
	path string
}

// Write writes half of what it should when the fault comes.
func (f *faultyFile) Write(b []byte) (int, error) {
	if err := f.disk.step("write", f.path); err != nil {
		n, _ := f.File.Write(b[:len(b)/2])
		return n, err
	}
	return f.File.Write(b)
}

func (f *faultyFile) Sync() error {
	if err := f.disk.step("fsync", f.path); err != nil {
		return err
	}
	f.disk.synced[f.path] = true
	return nil
}

func (f *faultyFile) Close() error {
	err := f.File.Close()
	return errors.Join(f.disk.step("close", f.path), err)
}

// long is a text that fills the write buffer several times over.
func long(key, id string) library.Batch {
	b := batch(key, "长", id)
	b.Records[0].Article.Text += strings.Repeat("云泽市临江区沙湾街道。", 9_000)
	return b
}

// change is what the writer under test does to a library of small and large: it
// puts, replaces, removes, and leaves so much dead that Commit compacts.
func change(w *library.Writer) error {
	for _, b := range []library.Batch{batch("small", "二", "1", "3"), long("new", "4")} {
		if _, err := w.Put(b); err != nil {
			return err
		}
	}
	w.Remove("large")
	return w.Commit(context.Background())
}

// TestFaultAtEveryStep fails each step of a commit in turn, in each way. What
// opens afterwards must be the state before or the state after.
func TestFaultAtEveryStep(t *testing.T) {
	oldDir, newDir := t.TempDir(), t.TempDir()
	for _, dir := range []string{oldDir, newDir} {
		commit(t, dir, batch("small", "一", "1", "2"), batch("kept", "一", "7"), long("large", "5"))
	}
	w := begin(t, newDir)
	if err := change(w); err != nil {
		t.Fatal(err)
	}
	was, will := content(t, open(t, oldDir)), content(t, open(t, newDir))
	for _, how := range []struct {
		after after
		names bool
	}{{after: goesOn}, {after: full}, {after: stopped}, {powerCut, false}, {powerCut, true}} {
		t.Run(fmt.Sprint(how.after, how.names), func(t *testing.T) {
			seen := map[bool]bool{}
			for n := 0; ; n++ {
				dir := t.TempDir()
				if err := os.CopyFS(dir, os.DirFS(oldDir)); err != nil {
					t.Fatal(err)
				}
				d := &faulty{n: n, after: how.after, synced: map[string]bool{}}
				err := attempt(t, dir, d)
				if how.after == powerCut {
					d.cutPower(t, how.names)
				}
				seen[checkState(t, dir, d, err, was, will)] = true
				if !d.failed() {
					break
				}
			}
			if len(seen) != 2 {
				t.Errorf("saw the state after: %v; want both", seen)
			}
		})
	}
}

// attempt runs change on d and gives its error.
func attempt(t *testing.T, dir string, d *faulty) error {
	t.Helper()
	w, err := library.BeginOn(t.Context(), dir, d)
	if err != nil {
		t.Fatal(err)
	}
	err = change(w)
	if err != nil {
		if _, again := w.Put(batch("x", "三", "9")); again == nil {
			t.Errorf("after %q: the writer goes on after an error", d.steps)
		}
	}
	_ = w.Close() // it may fail to clean up, as a full disk does
	return err
}

// checkState opens dir, reports whether it is in the state after, and checks that
// the next writer comes to that state and leaves nothing lying about.
func checkState(t *testing.T, dir string, d *faulty, err error, was, will []library.Record) (done bool) {
	t.Helper()
	if err != nil && !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("after %q: %v does not say that the disk is full", d.steps, err)
	}
	l := open(t, dir)
	got := content(t, l)
	done = cmp.Equal(got, will)
	if !done && !cmp.Equal(got, was) || len(l.Damage()) > 0 {
		t.Errorf("after %q: neither the one state nor the other; damage: %v", d.steps, l.Damage())
	}
	if err == nil && !done {
		t.Errorf("after %q: committed, and the state is the old one", d.steps)
	}
	if err := attempt(t, dir, &faulty{n: math.MaxInt, synced: map[string]bool{}}); err != nil {
		t.Fatal(err)
	}
	if !cmp.Equal(content(t, open(t, dir)), will) {
		t.Errorf("after %q: the next writer comes to another state", d.steps)
	}
	for _, name := range files(t, dir) {
		if strings.HasSuffix(name, ".tmp") {
			t.Errorf("after %q: %s is left over", d.steps, name)
		}
	}
	return done
}
