package ingest

import (
	"cmp"
	"context"
	"errors"
	"io"
	"maps"
	"slices"

	"wenbao/corpus/facet"
	"wenbao/corpus/library"
	"wenbao/corpus/source"
)

// Options says how files are read. Annotator is required; the zero value of
// every other field is ready for use.
type Options struct {
	Source source.Options
	// Annotator must be safe for concurrent use.
	Annotator *facet.Annotator
	// Rules names what else decides about the facets, such as a hash of the
	// user's gazetteer. A library's file that was read under other rules, or
	// with other Source.Meta, counts as changed.
	Rules string
	// Workers is how many articles are taken apart at a time; 0 or less means
	// one for each processor. The result does not depend on it.
	Workers int
	// Stdin is read for the path "-".
	Stdin io.Reader
	// Progress, where set, is told of each file and now and then within long
	// ones, always from the goroutine that called Read or Update.
	Progress func(Progress)
}

// Validate reports a missing Annotator and what source.Options.Validate does.
func (o *Options) Validate() error {
	if o.Annotator == nil {
		return errors.New("ingest: no annotator")
	}
	return o.Source.Validate()
}

// Progress is how far reading has come. Totals are of the files that have to be
// read; they grow when an issue's other pages turn out to be needed.
type Progress struct {
	Files, TotalFiles int
	Bytes, TotalBytes int64
	Articles          int
	// Path is the file being read.
	Path string
}

// Report says what came of a run. Its lists are never nil.
type Report struct {
	// Files were found; Unchanged of them were as the library knows them. Added
	// and Changed went in, Removed went out because they are no longer there.
	// Failed files and folders could not be read; what the library had of them
	// it keeps.
	Files     int `json:"files"`
	Unchanged int `json:"unchanged"`
	Added     int `json:"added"`
	Changed   int `json:"changed"`
	Removed   int `json:"removed"`
	Failed    int `json:"failed"`
	// Articles, Passages and Fragments count what the files read in this run
	// hold, duplicates included.
	Articles  int `json:"articles"`
	Passages  int `json:"passages"`
	Fragments int `json:"fragments"`
	// TotalArticles and TotalPassages are what the collection now shows.
	TotalArticles int         `json:"total_articles"`
	TotalPassages int         `json:"total_passages"`
	Duplicates    []Duplicate `json:"duplicates"`
	Problems      []Problem   `json:"problems"`
}

// Duplicate is an article that the collection has already; it is kept once.
type Duplicate struct {
	Article string `json:"article"`
	Path    string `json:"path"`
	// Of is where the article stands already: a file, or the key of its batch.
	Of string `json:"of"`
}

// Problem is something wrong with one file or one line of it.
type Problem struct {
	Path    string `json:"path"`
	Line    int    `json:"line,omitempty"`
	Message string `json:"message"`
	// Err is the *source.Problem, for errors.Is and errors.As.
	Err error `json:"-"`
}

func newReport() Report {
	return Report{Duplicates: []Duplicate{}, Problems: []Problem{}}
}

func (r *Report) problem(p *source.Problem) {
	r.Problems = append(r.Problems, Problem{Path: p.Path, Line: p.Line, Message: p.Err.Error(), Err: p})
}

// found notes what source.Find gave.
func (r *Report) found(files []source.File, problems []source.Problem) {
	r.Files = len(files)
	r.Failed += len(problems)
	for i := range problems {
		r.problem(&problems[i])
	}
}

// outcome notes what was wrong with a file.
func (r *Report) outcome(f *outcome) {
	for _, p := range f.problems {
		r.problem(p)
	}
	if f.failed {
		r.Failed++
	}
}

// count adds the records of one batch.
func (r *Report) count(records []library.Record) {
	r.Articles += len(records)
	for i := range records {
		r.Passages += len(records[i].Passages)
		if records[i].Article.Fragment {
			r.Fragments++
		}
	}
}

// Read makes the files that paths stand for into records, in the order of
// source.Find, without a library. An article that stands in several files is
// given once, with the first of them. What is wrong with a file is in the
// report; the error is that of the options or the context's, with no records.
func Read(ctx context.Context, paths []string, opt Options) ([]library.Record, Report, error) {
	report := newReport()
	if err := opt.Validate(); err != nil {
		return nil, report, err
	}
	found, problems := source.Find(ctx, paths)
	if err := ctx.Err(); err != nil {
		return nil, report, err
	}
	report.found(found, problems)
	inputs := make([]input, len(found))
	for i, f := range found {
		inputs[i] = input{File: f, open: f.Path}
	}
	c := collection{report: &report, issues: issues{}, number: map[string]int{}}
	if err := newReader(opt).read(ctx, inputs, c.take); err != nil {
		return nil, report, err
	}
	return c.records(opt.Annotator), report, nil
}

// collection gathers the files of one call of Read.
type collection struct {
	report *Report
	issues issues
	// placed are the records with the number of the file that they begin in.
	placed []placed
	taken  int
	number map[string]int // of each file, by the Source of its page
}

type placed struct {
	library.Record
	file int
}

// take is told of each file in order.
func (c *collection) take(f *outcome) error {
	n := c.taken
	c.taken++
	c.report.outcome(f)
	if f.failed {
		return nil
	}
	c.report.Added++
	if c.issues.add(f) {
		c.number[f.issuePage.Source] = n
		return nil
	}
	c.report.count(f.records)
	for _, r := range f.records {
		c.placed = append(c.placed, placed{r, n})
	}
	return nil
}

// records gives everything in the order of the files, each article once.
func (c *collection) records(an *facet.Annotator) []library.Record {
	for _, key := range slices.Sorted(maps.Keys(c.issues)) {
		records := c.issues[key].records(an)
		c.report.count(records)
		for _, r := range records {
			c.placed = append(c.placed, placed{r, c.number[r.Article.Parts[0].Source]})
		}
	}
	slices.SortStableFunc(c.placed, func(a, b placed) int { return cmp.Compare(a.file, b.file) })
	out := make([]library.Record, 0, len(c.placed))
	first := make(map[string]string, len(c.placed)) // where an article stands, by ID
	for _, p := range c.placed {
		id, where := p.Article.ID, p.Article.Parts[0].Source
		if of, ok := first[id]; ok {
			c.report.Duplicates = append(c.report.Duplicates, Duplicate{Article: id, Path: where, Of: of})
			continue
		}
		first[id] = where
		out = append(out, p.Record)
		c.report.TotalPassages += len(p.Passages)
	}
	c.report.TotalArticles = len(out)
	return out
}
