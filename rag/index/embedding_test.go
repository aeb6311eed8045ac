package index_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"wenbao/corpus"
	"wenbao/corpus/library"
	"wenbao/rag"
	"wenbao/rag/index"
	"wenbao/rag/vector"
)

var errAway = errors.New("model is away")

// hosted is pairs behind a network: it takes two texts at a time, and can be away.
type hosted struct {
	pairs
	away  atomic.Bool
	left  atomic.Int64 // calls until it is away; none at 0
	calls atomic.Int64
	// asked, where set, is closed by the first call, which then waits for answer.
	asked, answer chan struct{}
	once          sync.Once
}

func (e *hosted) BatchSize() int { return 2 }

func (e *hosted) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	if len(texts) > e.BatchSize() {
		return nil, fmt.Errorf("%d texts are more than %d", len(texts), e.BatchSize())
	}
	if e.asked != nil {
		e.once.Do(func() { close(e.asked) })
		<-e.answer
	}
	if e.away.Load() {
		return nil, errAway
	}
	if e.left.Load() > 0 && e.left.Add(-1) == 0 {
		e.away.Store(true)
	}
	e.calls.Add(1)
	return e.pairs.Embed(ctx, texts)
}

// keeping are options that keep vectors in dir.
func keeping(dir string, e index.Embedder) index.Options {
	opt := options(e)
	opt.VectorDir = dir
	return opt
}

// refreshKeeping refreshes and gives the notices and how many texts were embedded.
func refreshKeeping(t *testing.T, dir string, lib *library.Library, e *hosted) (notices []error, texts int64) {
	t.Helper()
	before := e.texts.Load()
	ix, err := index.Refresh(t.Context(), dir, lib, keeping(dir, e), nil)
	if err != nil {
		t.Fatal(err)
	}
	return ix.Notices(), e.texts.Load() - before
}

// wantEmbedded refreshes without trouble and checks how many texts that took.
func wantEmbedded(t *testing.T, when, dir string, lib *library.Library, e *hosted, want int64) {
	t.Helper()
	if notices, n := refreshKeeping(t, dir, lib, e); n != want || len(notices) > 0 {
		t.Errorf("%s: %d texts were embedded, want %d; notices %v", when, n, want, notices)
	}
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func writeFile(t testing.TB, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// logs are the paths of the logs in dir.
func logs(t testing.TB, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "vectors-*.wbv"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// onlyLog is the path of the one log in dir.
func onlyLog(t testing.TB, dir string) string {
	t.Helper()
	found := logs(t, dir)
	if len(found) != 1 {
		t.Fatalf("logs %v, want one", found)
	}
	return found[0]
}

// forget takes the snapshot away, so that all records are indexed anew.
func forget(t *testing.T, dir string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, index.FileName)); err != nil {
		t.Fatal(err)
	}
}

// snapshot is what the snapshot in dir holds.
func snapshot(t *testing.T, dir string) []byte {
	t.Helper()
	return readFile(t, filepath.Join(dir, index.FileName))
}

func TestBuildGoesOnWhereItStopped(t *testing.T) {
	dir := t.TempDir()
	lib := commit(t, dir, records())
	refresh(t, dir, lib, &hosted{})
	want := snapshot(t, dir)
	forget(t, dir)

	e := &hosted{}
	e.left.Store(2)
	_, err := index.Refresh(t.Context(), dir, lib, keeping(dir, e), nil)
	if !errors.Is(err, index.ErrEmbedding) || !errors.Is(err, errAway) {
		t.Fatalf("refresh with an embedder that goes away: error %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, index.FileName)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("there is a snapshot: %v", err)
	}
	if ix, err := index.Refresh(t.Context(), dir, lib, keeping(dir, nil), nil); err != nil || len(ix.Notices()) > 0 || len(found(t, ix)) == 0 {
		t.Errorf("refresh by words alone: error %v", err)
	}
	e.away.Store(false)
	wantEmbedded(t, "after two batches of two", dir, lib, e, 2)
	if !bytes.Equal(snapshot(t, dir), want) {
		t.Error("the snapshot is not that of a build in one go")
	}
}

func TestCancelledBuildGoesOn(t *testing.T) {
	dir := t.TempDir()
	lib := commit(t, dir, records())
	e := &hosted{}
	ctx, cancel := context.WithCancel(t.Context())
	stop := func(int, int) { cancel() } // after the first batch, which ends an article
	_, err := index.Refresh(ctx, dir, lib, keeping(dir, e), stop)
	if !errors.Is(err, context.Canceled) || errors.Is(err, index.ErrEmbedding) {
		t.Fatalf("error %v, want the context's alone", err)
	}
	if n := e.texts.Load(); n != 2 {
		t.Fatalf("%d texts were embedded, want no batch behind the first", n)
	}
	wantEmbedded(t, "again", dir, lib, e, 4)
}

func TestEmbeddersTakeTurns(t *testing.T) {
	dir := t.TempDir()
	lib := commit(t, dir, records())
	one, two := &hosted{}, &hosted{pairs: pairs{name: "2"}}
	wantEmbedded(t, "the first", dir, lib, one, 6)
	want := snapshot(t, dir)
	wantEmbedded(t, "the second", dir, lib, two, 6)
	wantEmbedded(t, "the first again", dir, lib, one, 0)
	if !bytes.Equal(snapshot(t, dir), want) {
		t.Error("the snapshot is not that of the first time")
	}
	refresh(t, dir, lib, nil)
	wantEmbedded(t, "the second after none", dir, lib, two, 0)

	// What came meanwhile is embedded by the one in use, then by the other.
	lib = commit(t, dir, []library.Record{article("new", "", "", corpus.Date{}, said{text: "柳溪镇的桃花开了。"})})
	wantEmbedded(t, "the second, one passage later", dir, lib, two, 1)
	wantEmbedded(t, "the first, one passage later", dir, lib, one, 1)
	if n := len(logs(t, dir)); n != 2 {
		t.Errorf("%d logs, want one for each embedder", n)
	}
}

func TestArticleComesBack(t *testing.T) {
	dir := t.TempDir()
	rs := records()
	e := &hosted{}
	wantEmbedded(t, "all", dir, commit(t, dir, rs), e, 6)
	wantEmbedded(t, "one gone", dir, commit(t, dir, nil, "evening"), e, 0)
	wantEmbedded(t, "back again", dir, commit(t, dir, rs[2:]), e, 0)
	rs[1].Passages[1].Facets.Kind = corpus.KindResult // not part of the text
	wantEmbedded(t, "other facets", dir, commit(t, dir, rs[1:2]), e, 0)
}

func TestLogOfAnotherEmbedder(t *testing.T) {
	dir := t.TempDir()
	lib := commit(t, dir, records())
	refreshKeeping(t, dir, lib, &hosted{})
	ofOne := onlyLog(t, dir)
	two := &hosted{pairs: pairs{name: "2"}}
	refreshKeeping(t, dir, lib, two)
	ofTwo := logs(t, dir)[0]
	if ofTwo == ofOne {
		ofTwo = logs(t, dir)[1]
	}
	foreign := readFile(t, ofOne)
	writeFile(t, ofTwo, foreign)
	forget(t, dir)
	notices, n := refreshKeeping(t, dir, lib, two)
	if n != 6 || len(notices) != 1 || !errors.Is(notices[0], index.ErrNotKept) {
		t.Errorf("%d texts were embedded, want all 6; notices %v, want one", n, notices)
	}
	if !bytes.Equal(readFile(t, ofTwo), foreign) {
		t.Error("the other embedder's log was changed")
	}
}

func TestDamagedLog(t *testing.T) {
	whole := t.TempDir()
	refreshKeeping(t, whole, commit(t, whole, records()), &hosted{})
	good, want := readFile(t, onlyLog(t, whole)), snapshot(t, whole)
	const record = 16 + 4*32 + 4
	header := len(good) - 6*record
	flip := func(at int) []byte {
		b := slices.Clone(good)
		b[at] ^= 1
		return b
	}
	for _, c := range []struct {
		name     string
		log      []byte
		embedded int64
	}{
		{"whole", good, 0},
		{"empty", nil, 6},
		{"torn header", good[:header-1], 6},
		{"header alone", good[:header], 6},
		{"torn record", good[:len(good)-1], 1},
		{"torn first record", good[:header+1], 6},
		{"half gone", good[:header+3*record], 3},
		{"zeros behind", append(slices.Clone(good), make([]byte, 2*record+5)...), 0},
		{"zeros within", slices.Concat(good[:header+record], make([]byte, record), good[header+2*record:]), 1},
		{"flipped header", flip(header - 1), 0},
		{"flipped key", flip(header), 1},
		{"flipped value", flip(header + 3*record + 40), 1},
		{"flipped last checksum", flip(len(good) - 1), 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			lib := commit(t, dir, records())
			path := filepath.Join(dir, filepath.Base(onlyLog(t, whole)))
			writeFile(t, path, c.log)
			wantEmbedded(t, "damaged", dir, lib, &hosted{}, c.embedded)
			if !bytes.Equal(snapshot(t, dir), want) {
				t.Error("the snapshot is not that of a whole log")
			}
			if n := len(readFile(t, path)) - header; n%record != 0 {
				t.Errorf("%d bytes of records of %d", n, record)
			}
			forget(t, dir)
			wantEmbedded(t, "mended", dir, lib, &hosted{}, 0)
		})
	}
}

func TestOldVectorsAreDropped(t *testing.T) {
	dir := t.TempDir()
	rs := records()
	e := &hosted{}
	wantEmbedded(t, "all", dir, commit(t, dir, rs), e, 6)
	path := onlyLog(t, dir)
	full := len(readFile(t, path))

	next := func(id, text string) library.Record {
		return article(id, "", "", corpus.Date{}, said{text: text})
	}
	lib := commit(t, dir, []library.Record{next("x", "白塔镇的灯会。")}, "linjiang")
	wantEmbedded(t, "3 of 7 gone", dir, lib, e, 1)
	if n := len(readFile(t, path)); n <= full {
		t.Errorf("%d bytes after %d: less than half were gone", n, full)
	}
	lib = commit(t, dir, []library.Record{next("y", "柳溪镇的桃花。")}, "songling")
	wantEmbedded(t, "5 of 8 gone", dir, lib, e, 1)
	if n := len(readFile(t, path)); n >= full {
		t.Errorf("%d bytes after %d: more than half were gone", n, full)
	}
	forget(t, dir)
	wantEmbedded(t, "built anew", dir, lib, e, 0)
	if left, _ := filepath.Glob(filepath.Join(dir, "*.tmp")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Vectors of articles that cannot be read now may be wanted later.
func TestDamagedArticleKeepsItsVectors(t *testing.T) {
	dir := t.TempDir()
	e := &hosted{}
	lib := commit(t, dir, records())
	wantEmbedded(t, "all", dir, lib, e, 6)
	segment := filepath.Join(dir, "seg-1.wbs")
	good := readFile(t, segment)
	bad := slices.Clone(good)
	for _, words := range []string{"环湖路全长", "竹编产业园", "老年食堂12家"} {
		bad[bytes.Index(bad, []byte(words))]++
	}
	writeFile(t, segment, bad)
	forget(t, dir)
	if notices, n := refreshKeeping(t, dir, lib, e); n != 0 || len(notices) != 3 {
		t.Errorf("%d texts were embedded, notices %v", n, notices)
	}
	writeFile(t, segment, good)
	forget(t, dir)
	wantEmbedded(t, "repaired", dir, lib, e, 0)
}

func TestOneProcessKeepsVectors(t *testing.T) {
	dir := t.TempDir()
	lib := commit(t, dir, records())
	first := &hosted{asked: make(chan struct{}), answer: make(chan struct{})}
	var wg sync.WaitGroup
	wg.Go(func() {
		ix, err := index.Refresh(t.Context(), dir, lib, keeping(dir, first), nil)
		if err != nil || len(ix.Notices()) > 0 {
			t.Errorf("first: %v", err)
		}
	})
	<-first.asked
	notices, n := refreshKeeping(t, dir, lib, &hosted{})
	if n != 6 || len(notices) != 1 || !errors.Is(notices[0], index.ErrNotKept) {
		t.Errorf("second: %d texts were embedded, want 6; notices %v, want one", n, notices)
	}
	close(first.answer)
	wg.Wait()
	forget(t, dir)
	wantEmbedded(t, "third", dir, lib, &hosted{}, 0)
}

func TestBuildersAtOnce(t *testing.T) {
	dir := t.TempDir()
	lib := commit(t, dir, records())
	want := found(t, refresh(t, t.TempDir(), lib, &hosted{}))
	e := &hosted{}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			ix, err := index.Refresh(t.Context(), dir, lib, keeping(dir, e), nil)
			if err != nil || !slices.Equal(found(t, ix), want) {
				t.Errorf("refresh: %v", err)
			}
		})
	}
	wg.Wait()
	forget(t, dir)
	wantEmbedded(t, "after them", dir, lib, e, 0)
}

func TestVectorDirThatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	lib := commit(t, dir, records())
	e := &hosted{}
	wantEmbedded(t, "all", dir, lib, e, 6)
	forget(t, dir)

	// Without its lock a log is only read.
	lock := onlyLog(t, dir) + ".lock"
	if err := errors.Join(os.Remove(lock), os.Mkdir(lock, 0o700)); err != nil {
		t.Fatal(err)
	}
	if notices, n := refreshKeeping(t, dir, lib, e); n != 0 || len(notices) != 1 || !errors.Is(notices[0], index.ErrNotKept) {
		t.Errorf("without lock: %d texts were embedded, want none; notices %v, want one", n, notices)
	}
	for _, to := range []string{filepath.Join(dir, "no folder"), filepath.Join(dir, index.FileName)} {
		ix, err := index.Build(t.Context(), index.NewMemory(records()), keeping(to, e))
		if err != nil || ix.Len() != 6 || len(ix.Notices()) != 1 || !errors.Is(ix.Notices()[0], index.ErrNotKept) {
			t.Errorf("%s: error %v, want an index with a notice", to, err)
		}
	}
}

func TestVectorsOfTheBuiltIn(t *testing.T) {
	dir := t.TempDir()
	refresh(t, dir, commit(t, dir, records()), &pairs{})
	if left := logs(t, dir); len(left) > 0 {
		t.Errorf("without VectorDir there are %v", left)
	}
}

func TestBatchesAndProgress(t *testing.T) {
	dir := t.TempDir()
	lib := commit(t, dir, records())
	e := &hosted{}
	var done []int
	_, err := index.Refresh(t.Context(), dir, lib, keeping(dir, e), func(n, total int) {
		if total != 3 {
			t.Errorf("total %d, want 3", total)
		}
		done = append(done, n)
	})
	if err != nil {
		t.Fatal(err)
	}
	// Articles of 1, 3 and 2 passages, two passages a batch.
	if n := e.calls.Load(); n != 3 || !slices.Equal(done, []int{1, 2}) {
		t.Errorf("%d calls, progress %v; want 3 and, before the last, [1 2]", n, done)
	}
}

// unfit breaks the contract of an Embedder.
type unfit struct {
	pairs
	dim     int
	vectors [][]float32
}

func (e *unfit) Dim() int { return e.dim }

func (e *unfit) Embed(context.Context, []string) ([][]float32, error) { return e.vectors, nil }

func TestUnfitEmbedder(t *testing.T) {
	dir := t.TempDir()
	lib := commit(t, dir, records())
	for _, e := range []*unfit{
		{dim: 0}, {dim: -1}, {dim: vector.MaxDim + 1},
		{dim: 2}, {dim: 2, vectors: make([][]float32, 6)}, {dim: 2, vectors: [][]float32{{1}}},
	} {
		if _, err := index.Build(t.Context(), index.NewMemory(records()), keeping(dir, e)); !errors.Is(err, index.ErrEmbedding) {
			t.Errorf("build with %+v: %v", e, err)
		}
		if _, err := index.Refresh(t.Context(), dir, lib, keeping(dir, e), nil); !errors.Is(err, index.ErrEmbedding) {
			t.Errorf("refresh with %+v: %v", e, err)
		}
		opt := options(e)
		if err := opt.Validate(); (err != nil) != (e.dim != 2) {
			t.Errorf("validate %+v: %v", e, err)
		}
	}
}

func TestSearchWithoutItsEmbedder(t *testing.T) {
	e := &hosted{}
	var told atomic.Int64
	opt := options(e)
	opt.Degraded = func(err error) {
		told.Add(1)
		if !errors.Is(err, index.ErrEmbedding) || !errors.Is(err, errAway) {
			t.Errorf("told %v, want the embedder's error", err)
		}
	}
	ix, err := index.Build(t.Context(), index.NewMemory(records()), opt)
	if err != nil {
		t.Fatal(err)
	}
	q := rag.Query{Text: "老年食堂"}
	want := ids(search(t, ix, q, index.SearchOptions{System: index.Lexical}))
	all := ids(search(t, ix, q, index.SearchOptions{}))
	if told.Load() != 0 || len(all) != ix.Len() {
		t.Fatalf("told %d times of nothing, found %v", told.Load(), all)
	}
	e.away.Store(true)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			hits, err := ix.Search(t.Context(), q, 20)
			if err != nil || !slices.Equal(ids(hits), want) {
				t.Errorf("%v, error %v, want %v as by words alone", ids(hits), err, want)
			}
		})
	}
	wg.Wait()
	if n := told.Load(); n != 8 {
		t.Errorf("told %d times, want 8", n)
	}
	if _, err := ix.SearchWith(t.Context(), q, 5, index.SearchOptions{System: index.Dense}); !errors.Is(err, errAway) {
		t.Errorf("dense: error %v, want the embedder's", err)
	}
	e.away.Store(false)
	if got := ids(search(t, ix, q, index.SearchOptions{})); !slices.Equal(got, all) {
		t.Errorf("back again: %v, want %v", got, all)
	}
}

// A question that is given up while it is embedded is not answered by words.
func TestSearchGivenUp(t *testing.T) {
	e := &hosted{}
	opt := options(e)
	opt.Degraded = func(err error) { t.Errorf("told %v", err) }
	ix, err := index.Build(t.Context(), index.NewMemory(records()), opt)
	if err != nil {
		t.Fatal(err)
	}
	e.asked, e.answer = make(chan struct{}), make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-e.asked
		cancel()
		close(e.answer)
	}()
	if hits, err := ix.Search(ctx, rag.Query{Text: "老年食堂"}, 5); !errors.Is(err, context.Canceled) || hits != nil {
		t.Errorf("%d hits, error %v", len(hits), err)
	}
}

// Whatever a log holds, texts have the vectors that the embedder gives them, and
// the log then holds them all, or is not the embedder's and stays as it was.
func FuzzVectorLog(f *testing.F) {
	texts := []string{"沙湾街道的灯会。", "柳溪镇的桃花开了。"}
	e := &pairs{}
	want, err := e.Embed(f.Context(), texts)
	if err != nil {
		f.Fatal(err)
	}
	seed := f.TempDir()
	if _, _, err := index.Keep(f.Context(), seed, e, texts); err != nil {
		f.Fatal(err)
	}
	name := filepath.Base(onlyLog(f, seed))
	good := readFile(f, filepath.Join(seed, name))
	f.Add(good)
	f.Add(good[:len(good)-1])
	f.Add(append(slices.Clone(good), good...))
	f.Add(good[:20])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		dir := t.TempDir()
		path := filepath.Join(dir, name)
		writeFile(t, path, b)
		rows, _, err := index.Keep(t.Context(), dir, e, texts)
		if err != nil {
			if !bytes.Equal(readFile(t, path), b) {
				t.Errorf("a log was changed that gave %v", err)
			}
			return
		}
		if !slices.EqualFunc(rows, want, slices.Equal) {
			t.Errorf("vectors %v, want %v", rows, want)
		}
		if _, held, err := index.Keep(t.Context(), dir, e, texts); err != nil || held != len(texts) {
			t.Errorf("the log then holds %d of %d, error %v", held, len(texts), err)
		}
	})
}
