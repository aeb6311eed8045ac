package ingest

import (
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"sync"

	"wenbao/corpus"
	"wenbao/corpus/facet"
	"wenbao/corpus/layout"
	"wenbao/corpus/library"
	"wenbao/corpus/panics"
	"wenbao/corpus/passage"
	"wenbao/corpus/source"
)

// input is a file to read.
type input struct {
	source.File        // its Path is how messages name it
	open        string // the path to open, which also becomes Page.Source
	// hash is that of its content, "" when it is not known yet.
	hash string
}

// outcome is what became of a file.
type outcome struct {
	input
	// records are the articles of a file that is a batch of its own.
	records []library.Record
	// issuePage is the page of a file that goes into its issue's batch, and
	// articles are what stands on it, annotated; otherwise it is nil.
	issuePage *corpus.Page
	articles  []corpus.Article
	problems  []*source.Problem
	// failed says that the file could not be read to its end or gave no page.
	failed bool
}

// reader takes files apart: one goroutine reads, workers split, annotate and
// cut, and the caller's goroutine gets the outcomes in order.
type reader struct {
	opt     Options
	workers int
	// hashes asks for the hash of each file's content.
	hashes bool
	meter  meter
}

func newReader(opt Options) *reader {
	workers := opt.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return &reader{opt: opt, workers: workers, meter: meter{tell: opt.Progress}}
}

// pageJob is a page on its way through a worker; what it becomes may be looked
// at once done is closed.
type pageJob struct {
	page     corpus.Page
	articles []corpus.Article
	records  []library.Record
	panicked *panics.Panic
	done     chan struct{}
}

// fileJob is a file on its way. Its outcome's problems and failed, and panicked,
// may be looked at once pages is closed.
type fileJob struct {
	outcome
	pages    chan *pageJob
	panicked *panics.Panic
}

// queued is how many pages of a file may be under way: enough to keep the
// workers busy while the caller writes.
const queued = 64

// read calls take with the outcome of each input, in order. It stops at an
// error of take, and at a done context with its error; take is then not called
// for a file that was not read whole. Where reading a file panics, or taking apart
// one of its pages, read does when its turn comes.
func (r *reader) read(ctx context.Context, inputs []input, take func(*outcome) error) error {
	r.meter.expect(inputs)
	inner, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	files, work := make(chan *fileJob), make(chan *pageJob)
	wg.Go(func() {
		defer close(files)
		defer close(work)
		for _, in := range inputs {
			if !r.readFile(inner, in, files, work) {
				return
			}
		}
	})
	for range r.workers {
		wg.Go(func() {
			for j := range work {
				j.panicked = panics.Catch(func() { j.takeApart(r.opt.Annotator) })
				close(j.done)
			}
		})
	}
	for f := range files {
		r.collect(f)
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := take(&f.outcome); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// readFile hands on a file and then its pages. It reports false when the
// context is done, and after a panic.
func (r *reader) readFile(ctx context.Context, in input, files chan<- *fileJob, work chan<- *pageJob) (ok bool) {
	f := &fileJob{outcome: outcome{input: in}, pages: make(chan *pageJob, queued)}
	defer close(f.pages)
	if !send(ctx, files, f) {
		return false
	}
	f.panicked = panics.Catch(func() { ok = r.readPages(ctx, f, work) })
	return ok
}

// readPages hands on the pages of a file, and reports false when the context is
// done.
func (r *reader) readPages(ctx context.Context, f *fileJob, work chan<- *pageJob) bool {
	stdin, err := r.prepare(f)
	if err != nil {
		f.note(err)
		return true
	}
	pages := 0
	for page, err := range source.Read(ctx, f.open, stdin, r.opt.Source) {
		if ctx.Err() != nil {
			return false
		}
		if err != nil {
			f.note(err)
			continue
		}
		pages++
		j := &pageJob{page: page, done: make(chan struct{})}
		if !send(ctx, work, j) || !send(ctx, f.pages, j) {
			return false
		}
	}
	f.failed = f.failed || pages == 0
	if s, ok := stdin.(*hashingReader); ok {
		f.hash = s.sum()
	}
	return ctx.Err() == nil
}

// prepare gives the reader for standard input and the hash of any other file
// that needs one.
func (r *reader) prepare(f *fileJob) (stdin io.Reader, err error) {
	switch {
	case f.open == source.Stdin && r.opt.Stdin == nil:
		return nil, errors.New("no standard input")
	case f.open == source.Stdin:
		return newHashingReader(r.opt.Stdin), nil
	case r.hashes && f.hash == "":
		f.hash, err = hashFile(f.open)
	}
	return nil, err
}

// send reports false when the context is done first.
func send[T any](ctx context.Context, to chan<- T, v T) bool {
	select {
	case to <- v:
		return true
	case <-ctx.Done():
		return false
	}
}

// note records a problem, under the name by which messages know the file. A
// problem after which reading went on is no failure of the file.
func (f *fileJob) note(err error) {
	named := &source.Problem{Path: f.Path, Err: err}
	if p, ok := errors.AsType[*source.Problem](err); ok {
		named.Line, named.Err = p.Line, p.Err
	}
	if named.Line > 0 || errors.Is(err, source.ErrTruncated) || errors.Is(err, source.ErrDate) {
		f.problems = append(f.problems, named)
		return
	}
	f.fail(named)
}

func (f *fileJob) fail(p *source.Problem) {
	f.problems = append(f.problems, p)
	f.failed = true
}

// collect waits for the pages of a file and puts them together. It panics with
// what reading them has panicked with.
func (r *reader) collect(f *fileJob) {
	r.meter.begin(f.File)
	for j := range f.pages {
		<-j.done
		if j.panicked != nil {
			panic(j.panicked)
		}
		if j.records == nil && len(j.articles) > 0 {
			f.issuePage, f.articles = &j.page, j.articles
		}
		f.records = append(f.records, j.records...)
		r.meter.page(len(j.page.Text), max(len(j.records), len(j.articles)))
	}
	if f.panicked != nil {
		panic(f.panicked)
	}
	r.meter.end()
}

// takeApart splits a page into annotated articles and, when no other page can
// continue them, cuts these into passages.
func (j *pageJob) takeApart(an *facet.Annotator) {
	articles := an.Page(j.page, layout.Split(j.page))
	if !j.page.Single && slices.ContainsFunc(articles, jumps) {
		j.articles = articles
		return
	}
	j.records = records(an, articles)
}

// jumps reports whether an article begins or ends on another page.
func jumps(a corpus.Article) bool {
	return slices.ContainsFunc(a.Parts, func(p corpus.Part) bool { return p.From != "" || p.To != "" })
}

// records cuts articles into passages.
func records(an *facet.Annotator, articles []corpus.Article) []library.Record {
	out := make([]library.Record, len(articles))
	for i := range articles {
		a := &articles[i]
		out[i] = library.Record{Article: *a, Passages: passage.Cut(a, facetsOf(an, a))}
	}
	return out
}

// facetsOf tells what the texts of an article speak of. All its parts are of one
// issue, so the article's date is the date of each.
func facetsOf(an *facet.Annotator, a *corpus.Article) passage.Facets {
	// Passages come section by section: the context of the last one serves most.
	var last []string
	var around facet.Context
	fresh := false
	return func(headings []string, text string) corpus.Facets {
		if !fresh || !slices.Equal(headings, last) {
			last, around, fresh = headings, an.ContextOf(a, headings), true
		}
		return an.Text(text, around)
	}
}
