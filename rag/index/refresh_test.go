package index_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"wenbao/corpus"
	"wenbao/corpus/library"
	"wenbao/rag"
	"wenbao/rag/index"
	"wenbao/rag/lexical"
)

// commit puts records into the library in dir, each as a batch of its own, and
// takes out those of the IDs to remove.
func commit(t *testing.T, dir string, put []library.Record, remove ...string) *library.Library {
	t.Helper()
	w, err := library.Begin(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for _, r := range put {
		if _, err := w.Put(library.Batch{Key: r.Article.ID, Records: []library.Record{r}}); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range remove {
		w.Remove(key)
	}
	if err := w.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	lib, err := library.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lib.Close() })
	return lib
}

func refresh(t *testing.T, dir string, lib *library.Library, e index.Embedder) *index.Index {
	t.Helper()
	ix, err := index.Refresh(t.Context(), dir, lib, options(e), nil)
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

// found is what some questions find, with their scores.
func found(t *testing.T, ix *index.Index) []string {
	t.Helper()
	var out []string
	for _, text := range []string{"老年食堂", "环湖路总投资", "2025年养老", "竹编"} {
		for _, h := range search(t, ix, rag.Query{Text: text}, index.SearchOptions{}) {
			out = append(out, h.Passage.ID+" "+h.Passage.Text)
		}
	}
	return out
}

func TestRefreshSavesAndOpens(t *testing.T) {
	dir := t.TempDir()
	lib := commit(t, dir, records())
	e := &pairs{}
	if _, err := index.Open(dir, lib, options(e)); !errors.Is(err, index.ErrStale) {
		t.Errorf("open without a snapshot: %v", err)
	}
	built := refresh(t, dir, lib, e)
	if n := built.Notices(); len(n) > 0 {
		t.Errorf("notices %v", n)
	}
	before := e.texts.Load()
	opened, err := index.Open(dir, lib, options(e))
	if err != nil {
		t.Fatal(err)
	}
	again := refresh(t, dir, lib, e)
	if n := e.texts.Load(); n != before {
		t.Errorf("%d texts were embedded to open", n-before)
	}
	want := found(t, built)
	for _, ix := range []*index.Index{opened, again} {
		if got := found(t, ix); !slices.Equal(got, want) {
			t.Errorf("found %v, want %v", got, want)
		}
		if got := ix.Coverage(); got.Passages != 6 || len(got.Places) != 3 {
			t.Errorf("coverage %+v", got)
		}
	}
	memory := build(t, e, records()...)
	if err := memory.Save(filepath.Join(dir, "no folder")); err == nil {
		t.Error("no error for a folder that is not there")
	}
}

func TestRefreshFollowsTheLibrary(t *testing.T) {
	dir := t.TempDir()
	rs := records()
	lib := commit(t, dir, rs)
	e := &pairs{}
	first := refresh(t, dir, lib, e)

	// One article is new, one has changed in its facets alone, one is gone.
	fresh := article("new", "柳溪镇老年食堂开张", "云泽日报", january, said{text: "柳溪镇的老年食堂开张了，每餐八元。"})
	rs[1].Passages[1].Facets.Kind = corpus.KindResult
	next := commit(t, dir, []library.Record{fresh, rs[1]}, "evening")
	if _, err := index.Open(dir, next, options(e)); !errors.Is(err, index.ErrStale) {
		t.Errorf("open with a newer library: %v", err)
	}
	before := e.texts.Load()
	second := refresh(t, dir, next, e)
	if n := e.texts.Load() - before; n != 3 {
		t.Errorf("%d passages were embedded, want the new one and two of the changed article", n)
	}
	if _, err := index.Open(dir, next, options(e)); err != nil {
		t.Errorf("open after refresh: %v", err)
	}
	rebuilt := build(t, e, rs[0], fresh, rs[1])
	got, want := found(t, second), found(t, rebuilt)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("found %v, want %v as when built anew", got, want)
	}
	kind := rag.Query{Text: "竹编产业园", Filter: rag.Filter{Kind: corpus.KindResult, Article: "songling"}}
	if hits := search(t, second, kind, index.SearchOptions{}); len(hits) != 1 || hits[0].Passage.ID != "songling-1" {
		t.Errorf("found %v, want the changed facets", ids(hits))
	}

	// The first index goes on with the library that it was given.
	if hits := search(t, first, rag.Query{Text: "环湖路总投资"}, index.SearchOptions{}); hits[0].Passage.ID != "evening-0" {
		t.Errorf("the older index finds %v", ids(hits))
	}
}

func TestRefreshRebuildsForOtherOptions(t *testing.T) {
	dir := t.TempDir()
	lib := commit(t, dir, records())
	refresh(t, dir, lib, nil)
	for _, e := range []index.Embedder{&pairs{}, &pairs{name: "2"}, &pairs{}, &wide{}} { // wide has the name of pairs
		if _, err := index.Open(dir, lib, options(e)); !errors.Is(err, index.ErrStale) {
			t.Errorf("open with embedder %v: %v", e, err)
		}
		if ix := refresh(t, dir, lib, e); len(ix.Notices()) > 0 {
			t.Errorf("refresh with embedder %v: %v", e, ix.Notices())
		}
		if _, err := index.Open(dir, lib, options(e)); err != nil {
			t.Errorf("open with embedder %v after refresh: %v", e, err)
		}
	}
}

func TestSnapshotWithoutItsEmbedder(t *testing.T) {
	dir := t.TempDir()
	rs := records()
	lib := commit(t, dir, rs)
	refresh(t, dir, lib, &pairs{})
	path := filepath.Join(dir, index.FileName)
	saved := readFile(t, path)
	want := found(t, build(t, nil, rs[2], rs[0], rs[1])) // as the library orders them
	opened, err := index.Open(dir, lib, options(nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, ix := range []*index.Index{opened, refresh(t, dir, lib, nil)} {
		if got := found(t, ix); !slices.Equal(got, want) {
			t.Errorf("found %v, want %v", got, want)
		}
		if _, err := ix.SearchWith(t.Context(), rag.Query{Text: "食堂"}, 5, index.SearchOptions{System: index.Dense}); !errors.Is(err, index.ErrNoEmbedder) {
			t.Errorf("dense: error %v", err)
		}
	}
	if !bytes.Equal(readFile(t, path), saved) {
		t.Error("the snapshot with its vectors was written over")
	}

	// With a newer library it makes way for one without vectors.
	rs[0].Article.Title = "临江区老年食堂又添新址"
	lib = commit(t, dir, rs[:1])
	refresh(t, dir, lib, nil)
	if _, err := index.Open(dir, lib, options(&pairs{})); !errors.Is(err, index.ErrStale) {
		t.Errorf("open with embedder: %v", err)
	}
	if got, want := found(t, refresh(t, dir, lib, &pairs{})), found(t, build(t, &pairs{}, rs[2], rs[0], rs[1])); !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

func TestOtherAnalyzer(t *testing.T) {
	dir := t.TempDir()
	lib := commit(t, dir, records())
	refresh(t, dir, lib, nil)
	other := index.Options{Analyzer: sync.OnceValues(func() (*lexical.Analyzer, error) {
		return lexical.NewAnalyzer([]string{"沙湾街道"})
	})}
	ix, err := index.Open(dir, lib, other)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ix.Search(t.Context(), rag.Query{Text: "食堂"}, 5); !errors.Is(err, index.ErrStale) {
		t.Errorf("search with another analyzer: %v", err)
	}
	if ix, err = index.Refresh(t.Context(), dir, lib, other, nil); err != nil || len(ix.Notices()) > 0 {
		t.Fatalf("refresh: %v", err)
	}
	if hits := search(t, ix, rag.Query{Text: "食堂"}, index.SearchOptions{}); len(hits) == 0 {
		t.Error("nothing found after refresh")
	}
}

func TestDamagedSnapshot(t *testing.T) {
	dir := t.TempDir()
	lib := commit(t, dir, records())
	e := &pairs{}
	want := found(t, refresh(t, dir, lib, e))
	path := filepath.Join(dir, index.FileName)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damage := map[string][]byte{
		"empty": {}, "other file": []byte(strings.Repeat("x", 100)),
		"longer": append(slices.Clone(good), 0),
	}
	for at := 1; at < len(good); at += len(good)/40 + 1 {
		damage["cut"] = good[:at]
		flipped := slices.Clone(good)
		flipped[at] ^= 0x20
		damage["flipped"] = flipped
		for name, b := range damage {
			if err := os.WriteFile(path, b, 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := index.Open(dir, lib, options(e)); !errors.Is(err, index.ErrDamaged) && !errors.Is(err, index.ErrStale) {
				t.Errorf("%s at %d: error %v", name, at, err)
			}
		}
	}
	ix := refresh(t, dir, lib, e) // the last damage is in place
	if n := ix.Notices(); len(n) != 1 || !errors.Is(n[0], index.ErrDamaged) {
		t.Errorf("notices %v, want the damage", n)
	}
	if got := found(t, ix); !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	if b, err := os.ReadFile(path); err != nil || !bytes.Equal(b, good) {
		t.Error("the snapshot was not put right, or the same library gave other bytes")
	}
}

func TestSnapshotThatCannotBeWritten(t *testing.T) {
	lib := commit(t, t.TempDir(), records())
	ix := refresh(t, filepath.Join(t.TempDir(), "no folder"), lib, nil)
	if len(ix.Notices()) != 1 || len(found(t, ix)) == 0 {
		t.Errorf("notices %v, want one and an index that works", ix.Notices())
	}
}

func TestDamagedArticle(t *testing.T) {
	dir := t.TempDir()
	lib := commit(t, dir, records())
	ix := refresh(t, dir, lib, nil)
	segments, err := filepath.Glob(filepath.Join(dir, "seg-*"))
	if err != nil || len(segments) != 1 {
		t.Fatalf("segments %v, error %v", segments, err)
	}
	b, err := os.ReadFile(segments[0])
	if err != nil {
		t.Fatal(err)
	}
	b[bytes.Index(b, []byte("环湖路全长"))]++
	if err := os.WriteFile(segments[0], b, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, h := range search(t, ix, rag.Query{Text: "环湖路 老年食堂"}, index.SearchOptions{}) {
		if h.Article.ID == "evening" {
			t.Error("found the damaged article")
		}
	}
	if err := os.Remove(filepath.Join(dir, index.FileName)); err != nil {
		t.Fatal(err)
	}
	anew := refresh(t, dir, lib, nil)
	if len(anew.Notices()) != 1 || anew.Len() != 5 {
		t.Errorf("%d passages, notices %v: want the damage named and the rest indexed", anew.Len(), anew.Notices())
	}
	if _, ok := errors.AsType[*library.DamageError](anew.Notices()[0]); !ok {
		t.Errorf("notice %v, want a DamageError", anew.Notices()[0])
	}
}

func TestTwoRefreshAtOnce(t *testing.T) {
	dir := t.TempDir()
	lib := commit(t, dir, records())
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			ix, err := index.Refresh(t.Context(), dir, lib, options(nil), nil)
			if err != nil || ix.Len() != 6 || len(ix.Notices()) > 0 {
				t.Errorf("refresh: %v", err)
			}
		})
	}
	wg.Wait()
	if _, err := index.Open(dir, lib, options(nil)); err != nil {
		t.Errorf("open: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.tmp")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestProgress(t *testing.T) {
	dir := t.TempDir()
	passages := make([]said, 1200)
	for i := range passages {
		passages[i] = said{text: fmt.Sprintf("第%d棵桃树。", i)}
	}
	const articles = 8 // with more passages than are analysed at a time
	var rs []library.Record
	for i := range articles {
		rs = append(rs, article(fmt.Sprint(i), "", "", corpus.Date{}, passages...))
	}
	lib := commit(t, dir, rs)
	var done []int
	ix, err := index.Refresh(t.Context(), dir, lib, options(nil), func(n, total int) {
		if total != articles {
			t.Errorf("total %d, want %d", total, articles)
		}
		done = append(done, n)
	})
	if err != nil || ix.Len() != articles*len(passages) {
		t.Fatalf("%d passages, error %v", ix.Len(), err)
	}
	if len(done) == 0 || !slices.IsSorted(done) || done[len(done)-1] > articles {
		t.Errorf("progress %v", done)
	}
	if hits := search(t, ix, rag.Query{Text: "桃树"}, index.SearchOptions{}); len(hits) != 20 {
		t.Errorf("%d hits, want 20", len(hits))
	}
}

func FuzzColumns(f *testing.F) {
	f.Add(index.Columns(build(f, nil, records()...)))
	f.Add(index.Columns(build(f, nil)))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		again, err := index.RecodeColumns(b)
		if err == nil && !bytes.Equal(again, b) {
			t.Errorf("%x reads and writes as %x", b, again)
		}
	})
}
