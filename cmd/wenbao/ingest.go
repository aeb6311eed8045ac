package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/pflag"

	"wenbao/corpus/ingest"
	"wenbao/corpus/library"
	"wenbao/corpus/source"
)

type ingestCommand struct{}

func (c *ingestCommand) flags(a *app, fs *pflag.FlagSet) {
	a.global.jsonOutput(a, fs)
	a.global.library(a, fs)
	a.global.files(a, fs)
	a.global.embedding(a, fs)
}

type ingestJSON struct {
	ingest.Report
	Data    string       `json:"data"`
	Elapsed milliseconds `json:"elapsed_ms"`
}

func (c *ingestCommand) run(ctx context.Context, a *app, args []string) error {
	if len(args) == 0 {
		return usage(a.m.NoPaths)
	}
	dir, err := a.dataDir()
	if err != nil {
		return err
	}
	start := a.Now()
	report, err := c.update(ctx, a, dir, args)
	if err != nil {
		return err
	}
	if a.global.json {
		out := ingestJSON{Report: report, Data: dir, Elapsed: toMilliseconds(a.Now().Sub(start))}
		if err := writeJSON(a.Stdout, out); err != nil {
			return err
		}
	} else if err := a.print(a.m.ingested(report, dir)); err != nil {
		return err
	}
	return a.problems(report)
}

// update brings the library and its index in line with the files.
func (c *ingestCommand) update(ctx context.Context, a *app, dir string, paths []string) (ingest.Report, error) {
	places, err := a.places()
	if err != nil {
		return ingest.Report{}, err
	}
	bar := newBar(a.Stderr, a.m)
	defer bar.finish()
	opt := a.ingestOptions(places)
	opt.Progress = bar.reading
	report, err := ingest.Update(ctx, dir, paths, opt)
	if err != nil {
		return report, err
	}
	err = a.refresh(ctx, dir, bar.indexing)
	if errors.Is(err, library.ErrNoLibrary) {
		return report, nil // nothing could be read, so none was made
	}
	return report, err
}

// refresh makes the index of what was read, so that the first question need not
// wait for it.
func (a *app) refresh(ctx context.Context, dir string, progress func(done, total int)) (err error) {
	s, err := a.openLibrary(dir)
	if err != nil {
		return err
	}
	defer closing(s, &err)
	_, err = a.index(ctx, s, progress)
	return err
}

// problems tells of each problem on a line of its own. The error is errTold when
// some text could not be read.
func (a *app) problems(r ingest.Report) error {
	var result error
	for _, p := range r.Problems {
		bad, ok := errors.AsType[*source.Problem](p.Err)
		if !ok {
			bad = &source.Problem{Path: p.Path, Line: p.Line, Err: p.Err}
		}
		a.note("%s", a.m.problem(bad))
		if !harmless(bad) {
			result = errTold
		}
	}
	return result
}

// ingested sums up what was done.
func (m *messages) ingested(r ingest.Report, dir string) string {
	var b strings.Builder
	fmt.Fprintf(&b, m.IngestFiles+"\n", r.Files, r.Added, r.Changed, r.Unchanged, r.Removed, r.Failed)
	fmt.Fprintf(&b, m.IngestArticles+"\n", r.Articles, r.Passages, r.Fragments, len(r.Duplicates))
	fmt.Fprintf(&b, m.IngestTotal+"\n", r.TotalArticles, r.TotalPassages, dir)
	return b.String()
}

// bar shows progress on a terminal, and nothing elsewhere.
type bar struct {
	bar *progressbar.ProgressBar // nil when there is no terminal
	m   messages
}

// barEvery is how often the bar is drawn at most: often enough to look alive.
const barEvery = 100 * time.Millisecond

func newBar(w io.Writer, m messages) *bar {
	b := &bar{m: m}
	if isTerminal(w) {
		b.bar = progressbar.NewOptions64(-1,
			progressbar.OptionSetWriter(w),
			progressbar.OptionShowBytes(true),
			progressbar.OptionThrottle(barEvery),
			progressbar.OptionSetWidth(20),
			progressbar.OptionClearOnFinish(),
		)
	}
	return b
}

// reading is told how far the files are read.
func (b *bar) reading(p ingest.Progress) {
	if b.bar == nil {
		return
	}
	b.bar.ChangeMax64(max(p.TotalBytes, 1))
	b.bar.Describe(fmt.Sprintf(b.m.ReadingFiles, p.Files, p.TotalFiles))
	_ = b.bar.Set64(p.Bytes) // a bar that cannot be drawn is no reason to stop
}

// indexing is told how many articles are indexed.
func (b *bar) indexing(done, total int) {
	if b.bar != nil {
		b.bar.Describe(fmt.Sprintf(b.m.Indexing, done, total))
	}
}

func (b *bar) finish() {
	if b.bar != nil {
		_ = b.bar.Finish()
	}
}
