package ingest_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"wenbao/corpus"
	"wenbao/corpus/facet"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/ingest"
	"wenbao/corpus/library"
	"wenbao/corpus/source"
)

// Pages of a made-up newspaper. pageOne goes on on page 3.
const (
	pageOne = `抓项目 促转型
——访松岭县委书记宋知远

“明年是关键的一年。”昨日，松岭县委书记宋知远接受云报融媒记者专访时说，全县上下要把项目抓在手上，松岭竹编产业园的建设一天也不能停，

(下转03版)
`
	pageThree = `(上接01版)竹编产业园二期要在六月底前开工。他表示，松岭竹编产业园建成后可以带动八百名村民在家门口就业，今后还要办好竹编培训班。

云报融媒记者 江一帆

临江区老年食堂开到家门口

12月29日，临江区沙湾街道的第三家老年食堂开张。临江区今年新开老年食堂12家，每天有两千多位老人前来就餐，一顿饭只要八元钱。明年，全区将再开20家，实现街道全覆盖。

云报融媒记者 林小满
`
	pageFive = `白塔镇修好最后一条断头路

12月28日，白塔镇环湖路全线通车。这条路全长3.2公里，总投资4600万元，沿线六个村的村民进城比过去少走二十分钟。
`
	rawRecords = `{"id":"a1","title":"江滨新区引进三家企业","text":"12月30日，江滨新区与三家企业签约，总投资18亿元，主要生产节能灯具。","date":"2024-12-31","source":"云泽日报"}
{"id":"a2","title":"平阜县苹果丰收","text":"平阜县今年苹果总产量达到21万吨，比去年增长6.5%，果农户均增收三千元。","date":"2024-12-31","source":"云泽日报"}
`
)

// annotator is shared: it is safe for concurrent use and takes a while to make.
var annotator = facet.New(gazetteer.New())

func options() ingest.Options { return ingest.Options{Annotator: annotator, Workers: 2} }

// write makes the files of a folder; names have forward slashes. It never sets a
// time that was there before: two versions of a file differ in time as they do
// on a disk with coarse times after a while.
func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		when := time.Date(2025, 1, 1, 8, 0, 0, 0, time.UTC)
		if info, err := os.Stat(path); err == nil {
			when = info.ModTime().Add(time.Minute)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
	}
}

// issueFiles are an issue whose first page goes on on its third.
func issueFiles() map[string]string {
	return map[string]string{
		"云泽日报/2024-12-31/01.txt": pageOne,
		"云泽日报/2024-12-31/03.txt": pageThree,
		"云泽日报/2024-12-31/05.txt": pageFive,
	}
}

// update runs Update and fails the test on an error.
func update(t *testing.T, dir string, paths ...string) ingest.Report {
	t.Helper()
	r, err := ingest.Update(t.Context(), dir, paths, options())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// counts are a report's counts of files.
func counts(r ingest.Report) [6]int {
	return [6]int{r.Files, r.Added, r.Changed, r.Unchanged, r.Removed, r.Failed}
}

// stored are all records of a library by ID.
func stored(t *testing.T, dir string) map[string]library.Record {
	t.Helper()
	lib, err := library.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	out := map[string]library.Record{}
	for r, err := range lib.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out[r.Article.ID] = *r
	}
	return out
}

// holding is the one record whose text holds words.
func holding(t *testing.T, records map[string]library.Record, words string) library.Record {
	t.Helper()
	var found []library.Record
	for _, r := range records {
		if strings.Contains(r.Article.Text, words) {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d articles hold %q, want 1", len(found), words)
	}
	return found[0]
}

func none(records map[string]library.Record, words string) bool {
	for _, r := range records {
		if strings.Contains(r.Article.Text, words) {
			return false
		}
	}
	return true
}

func TestReadStitchesAndAnnotates(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, issueFiles())
	records, report, err := ingest.Read(t.Context(), []string{dir}, options())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := counts(report), [6]int{3, 3, 0, 0, 0, 0}; got != want {
		t.Errorf("counts %v, want %v", got, want)
	}
	if report.Articles != 3 || report.Fragments != 0 || report.TotalArticles != 3 {
		t.Errorf("report %+v, want 3 whole articles", report)
	}
	a := records[0].Article
	if len(a.Parts) != 2 || a.Parts[0].Edition != "1" || a.Parts[1].Edition != "3" || a.Fragment {
		t.Errorf("parts %+v, want the first page's and the third's", a.Parts)
	}
	if !strings.Contains(a.Text, "一天也不能停，竹编产业园二期") {
		t.Errorf("the sentence that the jump cut is not joined: %q", a.Text)
	}
	var passages int
	for _, r := range records {
		passages += len(r.Passages)
		for _, p := range r.Passages {
			if p.Span.In(r.Article.Text) != p.Text || p.Article != r.Article.ID {
				t.Errorf("passage %s is not its span of %s", p.ID, r.Article.Title)
			}
		}
	}
	if passages != report.Passages || passages != report.TotalPassages {
		t.Errorf("%d passages, reported %d and %d", passages, report.Passages, report.TotalPassages)
	}
	canteen := records[1]
	if p := canteen.Passages[0]; !slices.Contains(p.Facets.Places, "临江区") {
		t.Errorf("facets %+v of %q, want 临江区", p.Facets, p.Text)
	}
	if d := canteen.Article.Meta().Date; d != (corpus.Date{Year: 2024, Month: 12, Day: 31}) {
		t.Errorf("date %v, want the path's", d)
	}
}

func TestReadDoesNotDependOnWorkers(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, issueFiles())
	write(t, dir, map[string]string{"more.jsonl": strings.Repeat(rawRecords, 30)})
	var want []string
	for _, workers := range []int{1, 2, 7} {
		opt := options()
		opt.Workers = workers
		records, report, err := ingest.Read(t.Context(), []string{dir}, opt)
		if err != nil {
			t.Fatal(err)
		}
		if len(report.Duplicates) != 58 {
			t.Errorf("%d duplicates, want 58", len(report.Duplicates))
		}
		var got []string
		for _, r := range records {
			for _, p := range r.Passages {
				got = append(got, r.Article.ID+" "+p.ID)
			}
		}
		if want == nil {
			want = got
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d workers give %v, want %v", workers, got, want)
		}
	}
}

func TestUpdateReadsOnlyWhatChanged(t *testing.T) {
	files, dir := t.TempDir(), t.TempDir()
	write(t, files, issueFiles())
	write(t, files, map[string]string{"more.jsonl": rawRecords})
	steps := []struct {
		name   string
		do     func()
		counts [6]int // files, added, changed, unchanged, removed, failed
		total  int
	}{
		{"first", func() {}, [6]int{4, 4, 0, 0, 0, 0}, 5},
		{"nothing new", func() {}, [6]int{4, 0, 0, 4, 0, 0}, 5},
		{"touched", func() { write(t, files, map[string]string{"more.jsonl": rawRecords}) }, [6]int{4, 0, 0, 4, 0, 0}, 5},
		{"changed", func() {
			write(t, files, map[string]string{"more.jsonl": rawRecords[:strings.Index(rawRecords, "\n")+1]})
		}, [6]int{4, 0, 1, 3, 0, 0}, 4},
		{"added", func() { write(t, files, map[string]string{"more2.jsonl": rawRecords}) }, [6]int{5, 1, 0, 4, 0, 0}, 5},
		{"removed", func() { remove(t, files, "more2.jsonl") }, [6]int{4, 0, 0, 4, 1, 0}, 4},
	}
	generations := map[string]uint64{}
	for _, s := range steps {
		s.do()
		r := update(t, dir, files)
		if counts(r) != s.counts || r.TotalArticles != s.total {
			t.Errorf("%s: counts %v and %d articles, want %v and %d", s.name, counts(r), r.TotalArticles, s.counts, s.total)
		}
		generations[s.name] = generation(t, dir)
	}
	if generations["first"] != generations["touched"] || generations["touched"] == generations["changed"] {
		t.Errorf("generations %v: want a new one for changes alone", generations)
	}
}

func remove(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
		t.Fatal(err)
	}
}

func generation(t *testing.T, dir string) uint64 {
	t.Helper()
	lib, err := library.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	return lib.Generation()
}

func TestUpdateRulesAndMeta(t *testing.T) {
	files, dir := t.TempDir(), t.TempDir()
	write(t, files, map[string]string{"page.txt": pageFive})
	opt := options()
	for i, change := range []func(){
		func() {},
		func() { opt.Rules = "another gazetteer" },
		func() { opt.Source.Meta.Newspaper = "云泽日报" },
	} {
		change()
		for range 2 {
			r, err := ingest.Update(t.Context(), dir, []string{files}, opt)
			if err != nil {
				t.Fatal(err)
			}
			if r.Added+r.Changed+r.Unchanged != 1 {
				t.Errorf("change %d: counts %v", i, counts(r))
			}
		}
	}
	if g := generation(t, dir); g != 3 {
		t.Errorf("generation %d, want one for each change", g)
	}
	if a := holding(t, stored(t, dir), "环湖路").Article; a.Meta().Newspaper != "云泽日报" {
		t.Errorf("newspaper %q, want the one given last", a.Meta().Newspaper)
	}
}

func TestUpdateStitchesAgain(t *testing.T) {
	files, dir := t.TempDir(), t.TempDir()
	all := issueFiles()
	const one, three = "云泽日报/2024-12-31/01.txt", "云泽日报/2024-12-31/03.txt"
	write(t, files, map[string]string{three: all[three]})

	// The continuation comes alone, then its beginning.
	r := update(t, dir, files)
	if r.Fragments != 1 || !holding(t, stored(t, dir), "竹编培训班").Article.Fragment {
		t.Errorf("report %+v, want a fragment", r)
	}
	write(t, files, map[string]string{one: all[one]})
	r = update(t, dir, files)
	if got, want := counts(r), [6]int{2, 1, 0, 1, 0, 0}; got != want {
		t.Errorf("counts %v, want %v", got, want)
	}
	if a := holding(t, stored(t, dir), "竹编培训班").Article; len(a.Parts) != 2 || a.Fragment {
		t.Errorf("%d parts, want the continuation joined", len(a.Parts))
	}

	// A change of the continuation shows in the article that begins elsewhere.
	write(t, files, map[string]string{three: strings.ReplaceAll(all[three], "八百名", "九百名")})
	update(t, dir, files)
	if a := holding(t, stored(t, dir), "九百名村民").Article; len(a.Parts) != 2 {
		t.Errorf("%d parts, want 2", len(a.Parts))
	}

	// The beginning goes away: what is left is a fragment again.
	remove(t, files, one)
	r = update(t, dir, files)
	if r.Removed != 1 || !holding(t, stored(t, dir), "竹编培训班").Article.Fragment || !none(stored(t, dir), "一天也不能停") {
		t.Errorf("report %+v, want the beginning taken out", r)
	}

	// Without its jump line the page is a batch of its own.
	write(t, files, map[string]string{three: strings.ReplaceAll(all[three], "(上接01版)", "")})
	update(t, dir, files)
	if a := holding(t, stored(t, dir), "竹编培训班").Article; a.Fragment {
		t.Error("still a fragment")
	}
	if n := len(stored(t, dir)); n != 2 {
		t.Errorf("%d articles, want 2", n)
	}
}

func TestUpdateKeepsWhatFails(t *testing.T) {
	files, dir := t.TempDir(), t.TempDir()
	write(t, files, issueFiles())
	update(t, dir, files)
	before := stored(t, dir)
	const three = "云泽日报/2024-12-31/03.txt"
	write(t, files, map[string]string{
		three:                     "\x00\x01\x02 no text any more",
		"云泽日报/2024-12-31/05.txt":  "",
		"云泽日报/2024-12-31/01.txt":  strings.ReplaceAll(pageOne, "关键的一年", "要紧的一年"),
		"云泽日报/2024-12-31/06.txt":  "柳溪镇办起乡村图书馆\n\n柳溪镇的乡村图书馆昨天开门，藏书两万册，孩子们放学后都到这里来看书写作业。\n",
		"云泽日报/2024-12-31/07.json": "skipped",
	})
	r := update(t, dir, files)
	if got, want := counts(r), [6]int{4, 1, 1, 0, 0, 2}; got != want {
		t.Errorf("counts %v, want %v", got, want)
	}
	var binary, empty bool
	for _, p := range r.Problems {
		if _, ok := errors.AsType[*source.Problem](p.Err); !ok || p.Message == "" {
			t.Errorf("problem %+v, want a *source.Problem with its message", p)
		}
		binary = binary || errors.Is(p.Err, source.ErrBinary) && strings.HasSuffix(p.Path, "03.txt")
		empty = empty || errors.Is(p.Err, source.ErrEmpty) && strings.HasSuffix(p.Path, "05.txt")
	}
	if !binary || !empty || len(r.Problems) != 2 {
		t.Errorf("problems %+v, want those of pages 3 and 5", r.Problems)
	}
	after := stored(t, dir)
	for id := range before {
		if _, ok := after[id]; !ok {
			t.Errorf("article %s was lost", id)
		}
	}
	holding(t, after, "乡村图书馆昨天开门")

	// Once the page can be read again everything is as the files say.
	write(t, files, map[string]string{three: pageThree, "云泽日报/2024-12-31/05.txt": pageFive})
	if r := update(t, dir, files); r.Failed != 0 || r.Changed+r.Unchanged != 4 {
		t.Errorf("counts %v, want no failure", counts(r))
	}
	if a := holding(t, stored(t, dir), "要紧的一年").Article; len(a.Parts) != 2 {
		t.Errorf("%d parts, want 2", len(a.Parts))
	}
}

func TestUpdateLeavesOtherFoldersAlone(t *testing.T) {
	files, dir := t.TempDir(), t.TempDir()
	write(t, files, map[string]string{"a/one.jsonl": rawRecords, "b/page.txt": pageFive})
	update(t, dir, filepath.Join(files, "a"), filepath.Join(files, "b", "page.txt"))
	remove(t, files, "a/one.jsonl")
	remove(t, files, "b/page.txt")
	if r := update(t, dir, filepath.Join(files, "b")); r.Removed != 1 || r.TotalArticles != 2 {
		t.Errorf("removed %d, %d articles left: want page.txt out and the other kept", r.Removed, r.TotalArticles)
	}
	// A root that is no longer there says nothing about what was below it.
	if err := os.Remove(filepath.Join(files, "a")); err != nil {
		t.Fatal(err)
	}
	if r := update(t, dir, filepath.Join(files, "a")); r.Removed != 0 || r.Failed != 1 || r.TotalArticles != 2 {
		t.Errorf("report %+v, want a problem and nothing removed", r)
	}
}

func TestUpdateDuplicates(t *testing.T) {
	files, dir := t.TempDir(), t.TempDir()
	write(t, files, map[string]string{"a.txt": pageFive, "copy/a.txt": pageFive})
	r := update(t, dir, files)
	if len(r.Duplicates) != 1 || r.TotalArticles != 1 || !strings.HasSuffix(r.Duplicates[0].Path, "copy/a.txt") {
		t.Errorf("report %+v, want the copy reported", r)
	}
	remove(t, files, "a.txt")
	if r := update(t, dir, files); r.Removed != 1 || r.TotalArticles != 1 {
		t.Errorf("report %+v, want the copy to stand in", r)
	}
}

func TestUpdateStdin(t *testing.T) {
	dir := t.TempDir()
	for i, want := range [][6]int{{1, 1, 0, 0, 0, 0}, {1, 0, 0, 1, 0, 0}} {
		opt := options()
		opt.Stdin = strings.NewReader(rawRecords)
		r, err := ingest.Update(t.Context(), dir, []string{"-"}, opt)
		if err != nil {
			t.Fatal(err)
		}
		if counts(r) != want || r.TotalArticles != 2 {
			t.Errorf("run %d: counts %v and %d articles, want %v and 2", i, counts(r), r.TotalArticles, want)
		}
	}
	if r := update(t, dir, "-"); r.Failed != 1 || r.TotalArticles != 2 {
		t.Errorf("without standard input: report %+v", r)
	}
}

func TestBadInputIsReportedAndTheRestGoesOn(t *testing.T) {
	good := map[string]string{"good.txt": pageFive}
	for _, c := range []struct {
		name, file, text string
		err              error
		line             int
		failed, articles int
	}{
		{"empty", "x.txt", "", source.ErrEmpty, 0, 1, 1},
		{"blank", "x.txt", " \n\t\n", source.ErrEmpty, 0, 1, 1},
		{"binary", "x.txt", "\x00\x01\x02\x03", source.ErrBinary, 0, 1, 1},
		{"truncated", "x.txt", pageThree[:len(pageThree)-2], source.ErrTruncated, 0, 0, 3},
		{"broken line", "x.jsonl", rawRecords + "{broken\n", source.ErrFormat, 3, 0, 3},
		{"broken gzip", "x.jsonl.gz", "\x1f\x8b\x08\x00", source.ErrTruncated, 0, 1, 1},
		{"one line", "x.txt", strings.Repeat("柳溪镇种下一万棵桃树。", 2000), nil, 0, 0, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			files, dir := t.TempDir(), t.TempDir()
			write(t, files, good)
			write(t, files, map[string]string{c.file: c.text})
			_, inMemory, err := ingest.Read(t.Context(), []string{files}, options())
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range []ingest.Report{inMemory, update(t, dir, files)} {
				if r.Failed != c.failed || r.TotalArticles != c.articles {
					t.Errorf("%d failed, %d articles, want %d and %d (%+v)", r.Failed, r.TotalArticles, c.failed, c.articles, r.Problems)
				}
				if c.err == nil {
					continue
				}
				if len(r.Problems) != 1 || !errors.Is(r.Problems[0].Err, c.err) || r.Problems[0].Line != c.line ||
					!strings.HasSuffix(r.Problems[0].Path, c.file) {
					t.Errorf("problems %+v, want %v in line %d of %s", r.Problems, c.err, c.line, c.file)
				}
			}
		})
	}
}

func TestTooLarge(t *testing.T) {
	files := t.TempDir()
	write(t, files, map[string]string{"big.txt": strings.Repeat(pageFive, 10), "good.txt": pageFive})
	opt := options()
	opt.Source.MaxBytes = int64(len(pageFive)) + 1
	_, r, err := ingest.Read(t.Context(), []string{files}, opt)
	if err != nil || r.TotalArticles != 1 || len(r.Problems) != 1 || !errors.Is(r.Problems[0].Err, source.ErrTooLarge) {
		t.Errorf("report %+v, error %v, want the big file refused", r, err)
	}
}

func TestMissingFilesAndLoops(t *testing.T) {
	files := t.TempDir()
	write(t, files, map[string]string{"a/good.txt": pageFive})
	if err := os.Symlink("..", filepath.Join(files, "a", "up")); err != nil {
		t.Skip(err)
	}
	r := update(t, t.TempDir(), files, filepath.Join(files, "nowhere.txt"))
	var loop, missing bool
	for _, p := range r.Problems {
		loop = loop || errors.Is(p.Err, source.ErrLoop)
		missing = missing || errors.Is(p.Err, os.ErrNotExist)
	}
	if !loop || !missing || r.TotalArticles != 1 || r.Failed != 2 {
		t.Errorf("report %+v, want a loop, a missing file and an article", r)
	}
}

func TestCancelledUpdateCommitsNothing(t *testing.T) {
	files, dir := t.TempDir(), t.TempDir()
	write(t, files, map[string]string{"a.txt": pageFive})
	update(t, dir, files)
	write(t, files, map[string]string{"b.jsonl": rawRecords, "c.txt": pageThree})
	ctx, cancel := context.WithCancel(t.Context())
	opt := options()
	opt.Progress = func(p ingest.Progress) { cancel() }
	if _, err := ingest.Update(ctx, dir, []string{files}, opt); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the context's", err)
	}
	if n := len(stored(t, dir)); n != 1 || generation(t, dir) != 1 {
		t.Errorf("%d articles after a cancelled update, want the one from before", n)
	}
	if r := update(t, dir, files); r.Added != 2 {
		t.Errorf("counts %v after it, want 2 added", counts(r))
	}
	if _, _, err := ingest.Read(ctx, []string{files}, options()); !errors.Is(err, context.Canceled) {
		t.Errorf("Read gives %v, want the context's error", err)
	}
}

func TestSecondWriter(t *testing.T) {
	dir := t.TempDir()
	w, err := library.Begin(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	_, err = ingest.Update(t.Context(), dir, []string{t.TempDir()}, options())
	if locked, ok := errors.AsType[*library.LockedError](err); !ok || locked.PID != os.Getpid() {
		t.Errorf("error %v, want a LockedError that names this process", err)
	}
}

func TestProgress(t *testing.T) {
	files := t.TempDir()
	write(t, files, map[string]string{"a.txt": pageFive, "b.jsonl": strings.Repeat(rawRecords, 100)})
	var seen []ingest.Progress
	opt := options()
	opt.Progress = func(p ingest.Progress) { seen = append(seen, p) }
	if _, err := ingest.Update(t.Context(), t.TempDir(), []string{files}, opt); err != nil {
		t.Fatal(err)
	}
	last := seen[len(seen)-1]
	if last.Files != 2 || last.TotalFiles != 2 || last.Bytes != last.TotalBytes || last.Articles != 201 {
		t.Errorf("last progress %+v, want everything", last)
	}
	for i := 1; i < len(seen); i++ {
		if seen[i].Bytes < seen[i-1].Bytes || seen[i].Articles < seen[i-1].Articles || seen[i].Bytes > seen[i].TotalBytes {
			t.Errorf("progress goes from %+v to %+v", seen[i-1], seen[i])
		}
	}
	if len(seen) < 4 {
		t.Errorf("%d reports, want some within the long file", len(seen))
	}
}

func TestOptions(t *testing.T) {
	if _, err := ingest.Update(t.Context(), t.TempDir(), nil, ingest.Options{}); err == nil {
		t.Error("no error without an annotator")
	}
	opt := options()
	opt.Source.Meta.Date = corpus.Date{Year: 2024, Month: 13, Day: 1}
	if _, _, err := ingest.Read(t.Context(), nil, opt); !errors.Is(err, source.ErrDate) {
		t.Errorf("error %v, want ErrDate", err)
	}
}

func BenchmarkRead(b *testing.B) {
	dir := b.TempDir()
	text := strings.Repeat(rawRecords, 500)
	if err := os.WriteFile(filepath.Join(dir, "a.jsonl"), []byte(text), 0o644); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, _, err := ingest.Read(b.Context(), []string{dir}, options()); err != nil {
			b.Fatal(err)
		}
	}
}
