package library_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"wenbao/corpus"
	"wenbao/corpus/library"
)

func TestReplaceAndRemove(t *testing.T) {
	dir := t.TempDir()
	commit(t, dir, batch("a", "一", "1", "2"), batch("b", "一", "3"))
	w := begin(t, dir)
	w.Remove("b")
	w.Remove("never there")
	put(t, w, batch("a", "二", "2", "4"))
	equal(t, "IDs", w.Library().IDs(), []string{"2", "4"})
	equal(t, "content", content(t, w.Library()), batch("a", "二", "2", "4").Records)
	if _, _, ok := w.Library().Source("b"); ok {
		t.Error("source of a removed batch is known")
	}
	w.Remove("a")
	put(t, w)
	articles, passages := w.Library().Len()
	equal(t, "length of an emptied library", []int{articles, passages}, []int{0, 0})
	equal(t, "generation", w.Library().Generation(), uint64(3))
	put(t, w, batch("c", "三", "5"))
	equal(t, "files after four commits", files(t, dir),
		[]string{"manifest-3.wbm", "manifest-4.wbm", "seg-3.wbs"})
}

func TestCommitOfNothing(t *testing.T) {
	dir := t.TempDir()
	w := begin(t, dir)
	put(t, w)
	equal(t, "files", files(t, dir), nil)
	equal(t, "generation", w.Library().Generation(), uint64(0))
	put(t, w, batch("a", "一", "1"))
	before := files(t, dir)
	w.Remove("b")
	put(t, w)
	equal(t, "files", files(t, dir), before)
	equal(t, "generation", w.Library().Generation(), uint64(1))
}

// TestGeneration wants the generation that Open would give, before and after each
// commit.
func TestGeneration(t *testing.T) {
	dir := t.TempDir()
	for _, none := range []string{dir, filepath.Join(dir, "nosuch")} {
		if g, err := library.Generation(none); !errors.Is(err, library.ErrNoLibrary) {
			t.Errorf("no library: %d, %v", g, err)
		}
	}
	w := begin(t, dir)
	for i := range uint64(12) {
		put(t, w, batch("a", fmt.Sprint(i), "1"))
		g, err := library.Generation(dir)
		if err != nil || g != i+1 || g != open(t, dir).Generation() {
			t.Errorf("after %d commits: %d, %v", i+1, g, err)
		}
	}
}

func TestNothingIsSeenBeforeCommit(t *testing.T) {
	dir := t.TempDir()
	commit(t, dir, batch("a", "一", "1"))
	w := begin(t, dir)
	w.Remove("a")
	if _, err := w.Put(batch("b", "二", "2")); err != nil {
		t.Fatal(err)
	}
	equal(t, "IDs of the writer's library", w.Library().IDs(), []string{"1"})
	equal(t, "IDs", open(t, dir).IDs(), []string{"1"})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	equal(t, "IDs after closing", open(t, dir).IDs(), []string{"1"})
	equal(t, "files after closing", files(t, dir), []string{"manifest-1.wbm", "seg-1.wbs"})
}

func TestDuplicates(t *testing.T) {
	dir := t.TempDir()
	w := begin(t, dir)
	got := func(b library.Batch) []library.Duplicate {
		t.Helper()
		dup, err := w.Put(b)
		if err != nil {
			t.Fatal(err)
		}
		return dup
	}
	equal(t, "first", got(batch("m", "一", "1", "2")), nil)
	equal(t, "again itself", got(batch("m", "一", "1", "2")), nil)
	equal(t, "twice in one", got(batch("n", "一", "3", "3")),
		[]library.Duplicate{{ID: "3", Source: "n", Of: "n"}})
	equal(t, "of another", got(batch("z", "二", "4", "2", "1")),
		[]library.Duplicate{{ID: "2", Source: "z", Of: "m"}, {ID: "1", Source: "z", Of: "m"}})
	put(t, w)
	equal(t, "IDs", w.Library().IDs(), []string{"1", "2", "3", "4"})
	articles, passages := w.Library().Len()
	equal(t, "length", []int{articles, passages}, []int{4, 8})

	equal(t, "smaller key", got(batch("a", "三", "1")),
		[]library.Duplicate{{ID: "1", Source: "a", Of: "m"}})
	w.Remove("m")
	put(t, w)
	equal(t, "IDs without m", w.Library().IDs(), []string{"1", "3", "4", "2"})
	for id, title := range map[string]string{"1": "云泽市三", "2": "云泽市二"} {
		r, err := w.Library().Record(id)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "title of "+id, r.Article.Title, title)
	}
}

func TestPutRefuses(t *testing.T) {
	good := batch("a", "一", "1")
	changed := func(change func(*library.Batch)) library.Batch {
		b := good
		b.Sources = slices.Clone(good.Sources)
		b.Records = []library.Record{record("1", "a", "一")}
		change(&b)
		return b
	}
	tests := map[string]library.Batch{
		"no key":          changed(func(b *library.Batch) { b.Key = "" }),
		"no article ID":   changed(func(b *library.Batch) { b.Records[0].Article.ID = "" }),
		"negative size":   changed(func(b *library.Batch) { b.Sources[0].Size = -1 }),
		"other's passage": changed(func(b *library.Batch) { b.Records[0].Passages[1].Article = "2" }),
		"other words":     changed(func(b *library.Batch) { b.Records[0].Passages[1].Text = "云泽" }),
		"span too long":   changed(func(b *library.Batch) { b.Records[0].Passages[1].Span.End++ }),
		"span reversed": changed(func(b *library.Batch) {
			b.Records[0].Passages[1].Span = corpus.Span{Start: 2, End: 1}
		}),
	}
	w := begin(t, t.TempDir())
	for name, b := range tests {
		if _, err := w.Put(b); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	put(t, w, good)
	equal(t, "content", content(t, w.Library()), good.Records)
}

func TestCancelledCommit(t *testing.T) {
	w := begin(t, t.TempDir())
	if _, err := w.Put(batch("a", "一", "1")); err != nil {
		t.Fatal(err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Commit(cancelled); !errors.Is(err, context.Canceled) {
		t.Errorf("commit: %v", err)
	}
	equal(t, "generation", w.Library().Generation(), uint64(0))
	put(t, w)
	equal(t, "IDs", w.Library().IDs(), []string{"1"})
	if _, err := library.Begin(cancelled, t.TempDir()); !errors.Is(err, context.Canceled) {
		t.Errorf("begin: %v", err)
	}
}

func TestClosedWriter(t *testing.T) {
	w := begin(t, t.TempDir())
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Put(batch("a", "一", "1")); err == nil {
		t.Error("put on a closed writer: no error")
	}
	if err := w.Commit(t.Context()); err == nil {
		t.Error("commit on a closed writer: no error")
	}
}

func TestSecondWriter(t *testing.T) {
	dir := t.TempDir()
	before := time.Now().Add(-time.Second)
	w := begin(t, dir)
	_, err := library.Begin(t.Context(), dir)
	locked, ok := errors.AsType[*library.LockedError](err)
	if !ok || locked.Dir != dir || locked.PID != os.Getpid() || locked.Since.Before(before.Truncate(time.Second)) {
		t.Fatalf("second writer: %#v", err)
	}
	put(t, w, batch("a", "一", "1"))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	put(t, begin(t, dir), batch("b", "一", "2"))
}

// TestHolderWithoutSignature is the moment between locking and signing.
func TestHolderWithoutSignature(t *testing.T) {
	for _, text := range []string{"", "12", "x 1\n"} {
		dir := t.TempDir()
		begin(t, dir)
		if err := os.WriteFile(filepath.Join(dir, "wenbao.lock"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := library.Begin(t.Context(), dir)
		locked, ok := errors.AsType[*library.LockedError](err)
		if !ok || locked.PID != 0 || !locked.Since.IsZero() {
			t.Errorf("lock file %q: %#v", text, err)
		}
	}
}

func TestCompaction(t *testing.T) {
	dir := t.TempDir()
	w := begin(t, dir)
	big := library.Batch{Key: "b"}
	for i := range 20 {
		big.Records = append(big.Records, record(fmt.Sprint(i), "b", "一"))
	}
	put(t, w, batch("a", "一", "x", "y"), big)
	held := open(t, dir)
	want := content(t, held)
	put(t, w, batch("c", "一", "z"))
	equal(t, "files before", files(t, dir),
		[]string{"manifest-1.wbm", "manifest-2.wbm", "seg-1.wbs", "seg-2.wbs"})
	w.Remove("b")
	put(t, w)
	equal(t, "files with the generation before", files(t, dir),
		[]string{"manifest-2.wbm", "manifest-3.wbm", "seg-1.wbs", "seg-2.wbs", "seg-3.wbs"})
	put(t, w, batch("d", "一", "w"))
	equal(t, "files after", files(t, dir),
		[]string{"manifest-3.wbm", "manifest-4.wbm", "seg-3.wbs", "seg-4.wbs"})
	left := slices.Concat(batch("a", "一", "x", "y").Records, batch("c", "一", "z").Records, batch("d", "一", "w").Records)
	equal(t, "content", content(t, w.Library()), left)
	equal(t, "content held open", content(t, held), want)
}

func TestManySmallCommits(t *testing.T) {
	dir := t.TempDir()
	w := begin(t, dir)
	const commits = library.MaxSegments + 3
	for i := range commits {
		put(t, w, batch(fmt.Sprintf("%03d", i), "一", fmt.Sprint(i)))
	}
	// The merging commit leaves one segment, the ones after it add theirs.
	if names := files(t, dir); len(names) > 2+4 {
		t.Errorf("%d files: %v", len(names), names)
	}
	if got := len(content(t, open(t, dir))); got != commits {
		t.Errorf("%d articles, want %d", got, commits)
	}
}
