package library_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"wenbao/corpus"
	"wenbao/corpus/library"
)

// record makes an article of three sentences, the words of which follow from id
// and note, with two passages.
func record(id, source, note string) library.Record {
	title := "云泽市" + note
	first := fmt.Sprintf("临江区办好第%s件实事。沙湾街道的食堂开张了。", id)
	second := fmt.Sprintf("松岭县<%s>修渠“%s”公里。", note, id)
	text := title + "\n" + first + "\n" + second
	a, b := len(title)+1, len(title)+1+len(first)+1
	passage := func(n, start, end int) corpus.Passage {
		return corpus.Passage{
			ID: fmt.Sprintf("%s.%d", id, n), Article: id,
			Span: corpus.Span{Start: start, End: end}, Text: text[start:end],
			Headings: []string{"民生"},
			Facets: corpus.Facets{
				Places: []string{"临江区"}, Period: corpus.Years{From: 2024, To: 2025}, Kind: corpus.KindPlan,
			},
		}
	}
	return library.Record{
		Article: corpus.Article{
			ID: id, Title: title,
			Authors: []corpus.Author{{Name: "李禾", Role: "记者"}},
			Parts: []corpus.Part{{
				ID: id, Source: source,
				Meta: corpus.Meta{Newspaper: "云泽日报", Date: corpus.Date{Year: 2024, Month: 12, Day: 31}, Edition: "3"},
			}},
			Text: text,
			Blocks: []corpus.Block{
				{Kind: corpus.BlockTitle, Span: corpus.Span{End: len(title)}},
				{Kind: corpus.BlockParagraph, Span: corpus.Span{Start: a, End: b - 1}, Printed: []corpus.Printed{{Span: corpus.Span{Start: 3, End: 9}}}},
			},
		},
		Passages: []corpus.Passage{passage(0, a, b-1), passage(1, b, len(text))},
	}
}

// batch makes a batch of one source, named like its key, and its articles.
func batch(key, note string, ids ...string) library.Batch {
	b := library.Batch{Key: key, Sources: []library.Source{source(key)}}
	for _, id := range ids {
		b.Records = append(b.Records, record(id, key, note))
	}
	return b
}

func source(path string) library.Source {
	return library.Source{
		Path: path, Size: 4096, ModTime: time.Date(2024, 12, 31, 8, 0, 0, 7, time.UTC),
		SHA256: strings.Repeat("0f", 32),
	}
}

// unsynced is the disk without waiting for it, which would be most of the tests'
// time. TestKill and the benchmarks use the disk as it is.
type unsynced struct{ library.FileSystem }

func (d unsynced) Create(path string) (library.File, error) {
	f, err := d.FileSystem.Create(path)
	return unsyncedFile{f}, err
}

func (unsynced) SyncDir(string) error { return nil }

type unsyncedFile struct{ library.File }

func (unsyncedFile) Sync() error { return nil }

// begin starts a writer that is closed with the test.
func begin(t testing.TB, dir string) *library.Writer {
	t.Helper()
	w, err := library.BeginOn(t.Context(), dir, unsynced{library.Disk})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Errorf("close writer: %v", err)
		}
	})
	return w
}

// put puts batches and commits them.
func put(t testing.TB, w *library.Writer, batches ...library.Batch) {
	t.Helper()
	for _, b := range batches {
		if _, err := w.Put(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// commit puts batches in a writer of its own.
func commit(t testing.TB, dir string, batches ...library.Batch) {
	t.Helper()
	w := begin(t, dir)
	put(t, w, batches...)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// open opens a library that is closed with the test.
func open(t testing.TB, dir string) *library.Library {
	t.Helper()
	l, err := library.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Errorf("close library: %v", err)
		}
	})
	return l
}

// content reads everything that a library shows.
func content(t testing.TB, l *library.Library) []library.Record {
	t.Helper()
	var records []library.Record
	for r, err := range l.All(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, *r)
	}
	return records
}

// files are the names in dir, without the lock.
func files(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.Name() != "wenbao.lock" {
			names = append(names, e.Name())
		}
	}
	return names
}

func equal[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestWhatIsPutComesOut(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "library")
	two := batch("b.txt", "二", "3", "1")
	two.Sources = append(two.Sources, source("b2.txt"))
	empty := library.Batch{Key: "empty.txt", Sources: []library.Source{source("empty.txt")}}
	bare := library.Batch{Key: "c", Records: []library.Record{{Article: corpus.Article{ID: "9"}}}}
	one := batch("a.txt", "一", "2")
	commit(t, dir, bare, two, empty, one)

	l := open(t, dir)
	equal(t, "generation", l.Generation(), uint64(1))
	equal(t, "IDs", l.IDs(), []string{"2", "3", "1", "9"})
	articles, passages := l.Len()
	equal(t, "length", []int{articles, passages}, []int{4, 6})
	want := []library.Record{one.Records[0], two.Records[0], two.Records[1], bare.Records[0]}
	equal(t, "content", content(t, l), want)
	for _, w := range want {
		got, err := l.Record(w.Article.ID)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "record "+w.Article.ID, *got, w)
	}
	if _, err := l.Record("4"); !errors.Is(err, library.ErrNoArticle) {
		t.Errorf("unknown article: %v", err)
	}
	var infos []library.BatchInfo
	for b := range l.Batches() {
		infos = append(infos, b)
	}
	equal(t, "batches", infos, []library.BatchInfo{
		{Key: "a.txt", Sources: one.Sources, Articles: []string{"2"}},
		{Key: "b.txt", Sources: two.Sources, Articles: []string{"3", "1"}},
		{Key: "c", Sources: nil, Articles: []string{"9"}},
		{Key: "empty.txt", Sources: empty.Sources},
	})
	src, key, ok := l.Source("b2.txt")
	equal(t, "source", src, source("b2.txt"))
	equal(t, "batch of source", key, "b.txt")
	if _, _, known := l.Source("d.txt"); !ok || known {
		t.Errorf("sources known: b2.txt %v, d.txt %v", ok, known)
	}
	damage, err := l.Verify(t.Context())
	if err != nil || len(damage) > 0 || len(l.Damage()) > 0 {
		t.Errorf("verify: %v, %v; damage: %v", damage, err, l.Damage())
	}
}

func TestOpenOfNothing(t *testing.T) {
	empty := t.TempDir()
	for _, dir := range []string{empty, filepath.Join(empty, "none")} {
		if _, err := library.Open(dir); !errors.Is(err, library.ErrNoLibrary) {
			t.Errorf("Open(%q): %v", dir, err)
		}
	}
	plain := filepath.Join(empty, "file")
	if err := os.WriteFile(plain, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := library.Open(plain); err == nil || errors.Is(err, library.ErrNoLibrary) {
		t.Errorf("Open of a file: %v", err)
	}
	if _, err := library.Begin(t.Context(), plain); !errors.As(err, new(*fs.PathError)) {
		t.Errorf("Begin on a file: %v", err)
	}
}

func TestCancelledReads(t *testing.T) {
	dir := t.TempDir()
	commit(t, dir, batch("a", "一", "1", "2"))
	l := open(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var errs []error
	for _, err := range l.All(ctx) {
		errs = append(errs, err)
		cancel()
	}
	if len(errs) != 2 || errs[0] != nil || !errors.Is(errs[1], context.Canceled) {
		t.Errorf("All: %v", errs)
	}
	if _, err := l.Verify(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Verify: %v", err)
	}
}

func TestClosedLibrary(t *testing.T) {
	dir := t.TempDir()
	commit(t, dir, batch("a", "一", "1"))
	l := open(t, dir)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Record("1"); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Record: %v", err)
	}
	if _, err := l.Verify(t.Context()); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Verify: %v", err)
	}
}

// TestReadersBesideAWriter opens and reads while a writer replaces everything
// again and again: each library opened must be of one generation.
func TestReadersBesideAWriter(t *testing.T) {
	const commits, readers = 15, 2
	dir := t.TempDir()
	state := func(n int) []library.Batch {
		note := fmt.Sprint(n)
		return []library.Batch{batch("a", note, "1", "2"), batch("b", note, "3", "4")}
	}
	commit(t, dir, state(0)...)
	held := open(t, dir)
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range readers {
		wg.Go(func() {
			for last := uint64(0); ; {
				select {
				case <-done:
					return
				default:
				}
				last = readWhole(t, dir, last)
			}
		})
	}
	w := begin(t, dir)
	for n := range commits {
		put(t, w, state(n+1)...)
	}
	close(done)
	wg.Wait()
	for _, r := range content(t, held) {
		equal(t, "title of the first generation", r.Article.Title, "云泽市0")
	}
}

// readWhole opens dir and checks that it is one state, not older than last.
func readWhole(t *testing.T, dir string, last uint64) uint64 {
	l, err := library.Open(dir)
	if err != nil {
		t.Errorf("open: %v", err)
		return last
	}
	defer func() { _ = l.Close() }()
	if l.Generation() < last || len(l.Damage()) > 0 {
		t.Errorf("generation %d after %d, damage %v", l.Generation(), last, l.Damage())
	}
	want := fmt.Sprintf("云泽市%d", l.Generation()-1)
	for r, err := range l.All(context.Background()) {
		if err != nil {
			t.Errorf("read: %v", err)
		} else if r.Article.Title != want {
			t.Errorf("title %q in generation %d", r.Article.Title, l.Generation())
		}
	}
	return l.Generation()
}
