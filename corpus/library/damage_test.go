package library_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"wenbao/corpus/library"
)

// rewrite changes the bytes of a file.
func rewrite(t *testing.T, path string, change func([]byte) []byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, change(b), 0o600); err != nil {
		t.Fatal(err)
	}
}

func flip(at int) func([]byte) []byte {
	return func(b []byte) []byte {
		b[(at+len(b))%len(b)] ^= 0x40
		return b
	}
}

func cut(b []byte) []byte { return b[:len(b)-1] }

func TestDamagedManifest(t *testing.T) {
	changes := map[string]func([]byte) []byte{
		"magic": flip(0), "version": flip(9), "body": flip(40), "checksum": flip(-1),
		"cut": cut, "empty": func([]byte) []byte { return nil },
		"longer":        func(b []byte) []byte { return append(b, 0) },
		"another's":     func([]byte) []byte { return manifestOf(t, batch("q", "二", "7")) },
		"nothing in it": func(b []byte) []byte { return sealed(b[:12]) },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			commit(t, dir, batch("a", "一", "1"))
			commit(t, dir, batch("b", "一", "2"))
			path := filepath.Join(dir, "manifest-2.wbm")
			rewrite(t, path, change)
			names := files(t, dir)

			l := open(t, dir)
			equal(t, "generation", l.Generation(), uint64(1))
			equal(t, "IDs", l.IDs(), []string{"1"})
			if d := l.Damage(); len(d) != 1 || d[0].Path != path || d[0].Reason == "" {
				t.Errorf("damage: %v", d)
			}
			// A writer that changes nothing leaves everything for a second look.
			if err := begin(t, dir).Close(); err != nil {
				t.Fatal(err)
			}
			equal(t, "files after a writer without work", files(t, dir), names)
			// The numbers of the damaged generation are not used again.
			commit(t, dir, batch("b", "二", "2"))
			l = open(t, dir)
			equal(t, "generation after repair", l.Generation(), uint64(3))
			equal(t, "IDs after repair", l.IDs(), []string{"1", "2"})
			equal(t, "files after repair", files(t, dir),
				[]string{"manifest-1.wbm", "manifest-3.wbm", "seg-1.wbs", "seg-3.wbs"})
		})
	}
}

// manifestOf is the manifest of a library that holds b.
func manifestOf(t *testing.T, b library.Batch) []byte {
	t.Helper()
	dir := t.TempDir()
	commit(t, dir, b)
	content, err := os.ReadFile(filepath.Join(dir, "manifest-1.wbm"))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// sealed appends the checksum that makes b look whole.
func sealed(b []byte) []byte {
	b = bytes.Clone(b)
	return binary.LittleEndian.AppendUint32(b, library.Checksum(b))
}

func TestNoSoundManifest(t *testing.T) {
	dir := t.TempDir()
	commit(t, dir, batch("a", "一", "1"))
	path := filepath.Join(dir, "manifest-1.wbm")
	rewrite(t, path, flip(20))
	_, err := library.Open(dir)
	if bad, ok := errors.AsType[*library.DamageError](err); !ok || bad.Path != path {
		t.Errorf("open: %v", err)
	}
	for range 2 { // the first must not keep the lock
		_, err = library.Begin(t.Context(), dir)
		if _, ok := errors.AsType[*library.DamageError](err); !ok {
			t.Errorf("begin: %v", err)
		}
	}
	equal(t, "files", files(t, dir), []string{"manifest-1.wbm", "seg-1.wbs"})
}

func TestNewerVersion(t *testing.T) {
	dir := t.TempDir()
	commit(t, dir, batch("a", "一", "1"))
	commit(t, dir, batch("b", "一", "2"))
	rewrite(t, filepath.Join(dir, "manifest-2.wbm"), func(b []byte) []byte {
		b[8]++
		return sealed(b[:len(b)-4])
	})
	if _, err := library.Open(dir); !errors.Is(err, library.ErrVersion) {
		t.Errorf("open: %v", err)
	}
	if _, err := library.Begin(t.Context(), dir); !errors.Is(err, library.ErrVersion) {
		t.Errorf("begin: %v", err)
	}
}

func TestEveryByteIsChecked(t *testing.T) {
	dir := t.TempDir()
	commit(t, dir, batch("a", "一", "1"))
	manifest := manifestOf(t, batch("a", "一", "1"))
	for i := range manifest {
		if _, err := library.Recode(flip(i)(bytes.Clone(manifest))); err == nil {
			t.Errorf("a manifest with byte %d changed is taken for sound", i)
		}
	}
	l := open(t, dir)
	path := filepath.Join(dir, "seg-1.wbs")
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range sound {
		if err := os.WriteFile(path, flip(i)(bytes.Clone(sound)), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Record("1"); !errors.As(err, new(*library.DamageError)) {
			t.Errorf("a segment with byte %d changed: %v", i, err)
		}
	}
}

func TestDamagedRecord(t *testing.T) {
	dir := t.TempDir()
	commit(t, dir, batch("a", "一", "1", "2", "3"), batch("b", "一", "4", "5", "6", "7", "8", "9"))
	path := filepath.Join(dir, "seg-1.wbs")
	rewrite(t, path, func(b []byte) []byte { return flip(len(b) / 9 * 3 / 2)(b) })
	l := open(t, dir)
	var got []string
	for r, err := range l.All(t.Context()) {
		if bad, ok := errors.AsType[*library.DamageError](err); ok {
			got = append(got, bad.Article+" damaged")
			if bad.Path != path || bad.Batch != "a" || bad.Offset == 0 {
				t.Errorf("damage: %#v", bad)
			}
			continue
		}
		got = append(got, r.Article.ID)
	}
	equal(t, "articles", got, []string{"1", "2 damaged", "3", "4", "5", "6", "7", "8", "9"})
	damage, err := l.Verify(t.Context())
	if err != nil || len(damage) != 1 || damage[0].Article != "2" {
		t.Errorf("verify: %v, %v", damage, err)
	}

	// Compaction takes along what is readable and does not lose sight of the rest.
	w := begin(t, dir)
	w.Remove("b")
	put(t, w)
	equal(t, "files", files(t, dir), []string{"manifest-1.wbm", "manifest-2.wbm", "seg-1.wbs", "seg-2.wbs"})
	damage, err = w.Library().Verify(t.Context())
	if err != nil || len(damage) != 1 || damage[0].Article != "2" {
		t.Errorf("verify after compaction: %v, %v", damage, err)
	}
	for _, id := range []string{"1", "3"} {
		if _, err := w.Library().Record(id); err != nil {
			t.Errorf("after compaction: %v", err)
		}
	}
	put(t, w, batch(damage[0].Batch, "一", "1", "2", "3"))
	if damage, err = w.Library().Verify(t.Context()); err != nil || len(damage) > 0 {
		t.Errorf("verify after repair: %v, %v", damage, err)
	}
}

// TestDamagedSegment: what lies in a missing or shortened segment is named, and
// its source counts as unread, so that the next ingest repairs it.
func TestDamagedSegment(t *testing.T) {
	damages := map[string]func(path string) error{
		"missing": os.Remove,
		"cut":     func(path string) error { return os.Truncate(path, 100) },
		"empty":   func(path string) error { return os.Truncate(path, 0) },
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			commit(t, dir, batch("a", "一", "1"))
			commit(t, dir, batch("b", "一", "2"))
			path := filepath.Join(dir, "seg-1.wbs")
			if err := damage(path); err != nil {
				t.Fatal(err)
			}
			l := open(t, dir)
			if d := l.Damage(); len(d) != 1 || d[0].Path != path {
				t.Errorf("damage: %v", d)
			}
			_, err := l.Record("1")
			if bad, ok := errors.AsType[*library.DamageError](err); !ok || bad.Path != path || bad.Article != "1" {
				t.Errorf("record: %v", err)
			}
			if _, err := l.Record("2"); err != nil {
				t.Errorf("record of the sound segment: %v", err)
			}
			_, _, a := l.Source("a")
			_, _, b := l.Source("b")
			equal(t, "sources known", []bool{a, b}, []bool{false, true})
			commit(t, dir, batch("a", "一", "1"))
			equal(t, "content", content(t, open(t, dir)),
				append(batch("a", "一", "1").Records, batch("b", "一", "2").Records...))
		})
	}
}

// TestExchangedSegment puts another library's segment in the place of one: its
// frames are sound, but they are not those that the manifest speaks of.
func TestExchangedSegment(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	commit(t, dir, batch("a", "一", "1"))
	commit(t, other, batch("a", "一", "2"))
	b, err := os.ReadFile(filepath.Join(other, "seg-1.wbs"))
	if err != nil {
		t.Fatal(err)
	}
	rewrite(t, filepath.Join(dir, "seg-1.wbs"), func([]byte) []byte { return b })
	_, err = open(t, dir).Record("1")
	if _, ok := errors.AsType[*library.DamageError](err); !ok {
		t.Errorf("record: %v", err)
	}
}

func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	commit(t, dir, batch("a", "一", "1"))
	sound := files(t, dir)
	for _, name := range []string{"seg-2.wbs", "seg-3.wbs.tmp", "manifest-2.wbm.tmp"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	foreign := "manifest-02.wbm" // not a name that a writer gives
	if err := os.WriteFile(filepath.Join(dir, foreign), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	equal(t, "IDs", open(t, dir).IDs(), []string{"1"})
	begin(t, dir)
	equal(t, "files", files(t, dir), append([]string{foreign}, sound...))
}
