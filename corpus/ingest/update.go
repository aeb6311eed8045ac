package ingest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"wenbao/corpus/library"
	"wenbao/corpus/source"
)

// Update brings the library in dir in line with the files that paths stand for
// and commits that at once. A file of the same size and modification time, or of
// the same content, is not read again. Files that the library had from below a
// folder in paths, and that are no longer there, are taken out; files elsewhere
// stay. What fails is in the report and keeps the records it had.
//
// After an error nothing is committed: it is that of the options, that of
// library.Begin (*library.LockedError for a second writer), what writing gave,
// or the context's. A panic commits nothing either, and leaves no lock behind.
func Update(ctx context.Context, dir string, paths []string, opt Options) (report Report, err error) {
	if err := opt.Validate(); err != nil {
		return newReport(), err
	}
	w, err := library.Begin(ctx, dir)
	if err != nil {
		return newReport(), err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	u := newUpdate(w, opt)
	err = u.run(ctx, paths)
	return u.report, err
}

// recordVersion changes whenever the same file would become other records, so
// that libraries of an older program are read again.
const recordVersion = 2

// settings names what, beside a file's content, decides what becomes of it.
func (o *Options) settings() string {
	return hashString(fmt.Sprintf("%d\x00%+v\x00%s", recordVersion, o.Source.Meta, o.Rules))[:16]
}

// state is how a file compares with what the library knows.
type state int

const (
	added state = iota
	changed
	unchanged
)

// update is one call of Update.
type update struct {
	opt      Options
	settings string
	writer   *library.Writer
	batches  map[string]library.BatchInfo // the library's, by key
	reader   *reader
	report   Report

	states map[string]state // of the files found, by path
	gone   map[string]bool  // paths of files that are no longer there
	// dirty are the keys of batches that have to be made anew; done are those
	// that were put.
	dirty, done map[string]bool
	read        map[string]bool // paths of files that were read, or tried
	failed      map[string]bool // paths of those that could not be
	issues      issues
}

func newUpdate(w *library.Writer, opt Options) *update {
	u := &update{
		opt: opt, settings: opt.settings(), writer: w, reader: newReader(opt), report: newReport(),
		batches: map[string]library.BatchInfo{},
		states:  map[string]state{}, gone: map[string]bool{},
		dirty: map[string]bool{}, done: map[string]bool{},
		read: map[string]bool{}, failed: map[string]bool{},
		issues: issues{},
	}
	u.reader.hashes = true
	for b := range w.Library().Batches() {
		u.batches[b.Key] = b
	}
	return u
}

func (u *update) run(ctx context.Context, paths []string) error {
	inputs, err := u.find(ctx, paths)
	if err != nil {
		return err
	}
	for inputs = append(inputs, u.companions()...); len(inputs) > 0; inputs = u.companions() {
		if err := u.reader.read(ctx, inputs, u.take); err != nil {
			return err
		}
	}
	if err := u.settle(); err != nil {
		return err
	}
	if err := u.writer.Commit(ctx); err != nil {
		return err
	}
	u.tally()
	return nil
}

// find lists the files that are new or have changed, and notes which are gone.
func (u *update) find(ctx context.Context, paths []string) ([]input, error) {
	files, problems := source.Find(ctx, paths)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	u.report.found(files, problems)
	var inputs []input
	for _, f := range files {
		in := input{File: f, open: absolute(f.Path)}
		if s := u.compare(&in); s != unchanged {
			inputs = append(inputs, in)
			u.read[in.open] = true
		}
	}
	u.findGone(paths, problems)
	return inputs, nil
}

// compare tells how a file compares with what the library knows, and marks its
// former batch when it has changed.
func (u *update) compare(in *input) state {
	known, key, ok := u.writer.Library().Source(in.open)
	s := changed
	switch {
	case !ok:
		s = added
	case !strings.HasPrefix(known.SHA256, u.settings+":") || known.Size != in.Size:
	case known.ModTime.Equal(in.ModTime):
		s = unchanged
	default:
		// An error comes again, and is reported, when the file is read.
		if hash, err := hashFile(in.open); err == nil {
			in.hash = hash
		}
		if known.SHA256 == u.settings+":"+in.hash {
			s = unchanged
		}
	}
	u.states[in.open] = s
	if s == changed {
		u.dirty[key] = true
	}
	return s
}

// findGone notes the library's files that lie below a folder in paths and no
// longer exist. Those below a folder that could not be listed are not there to
// be judged.
func (u *update) findGone(paths []string, problems []source.Problem) {
	var folders, unseen []string
	for _, p := range paths {
		if info, err := os.Stat(p); err == nil && info.IsDir() {
			folders = append(folders, absolute(p))
		}
	}
	for _, p := range problems {
		unseen = append(unseen, absolute(p.Path))
	}
	for key, b := range u.batches {
		for _, s := range b.Sources {
			if _, found := u.states[s.Path]; found || !below(s.Path, folders) || below(s.Path, unseen) {
				continue
			}
			if _, err := os.Lstat(filepath.FromSlash(s.Path)); os.IsNotExist(err) {
				u.gone[s.Path] = true
				u.dirty[key] = true
				u.report.Removed++
			}
		}
	}
}

// below reports whether a path is one of the folders or lies in one.
func below(name string, folders []string) bool {
	return slices.ContainsFunc(folders, func(f string) bool {
		return name == f || strings.HasPrefix(name, strings.TrimSuffix(f, "/")+"/")
	})
}

// companions lists the files that have to be read because another file of their
// batch has changed or has come to it, and were not read yet.
func (u *update) companions() []input {
	for key := range u.issues {
		u.dirty[key] = true
	}
	var inputs []input
	for _, key := range slices.Sorted(maps.Keys(u.dirty)) {
		for _, s := range u.batches[key].Sources {
			if u.read[s.Path] || u.gone[s.Path] {
				continue
			}
			u.read[s.Path] = true
			f := source.File{Path: s.Path, Size: s.Size, ModTime: s.ModTime}
			if info, err := os.Stat(filepath.FromSlash(s.Path)); err == nil {
				f.Size, f.ModTime = info.Size(), info.ModTime()
			}
			inputs = append(inputs, input{File: f, open: s.Path})
		}
	}
	return inputs
}

// take is told of each file that was read, in order. A file that is a batch of
// its own goes to the library at once.
func (u *update) take(f *outcome) error {
	u.report.outcome(f)
	if f.failed {
		u.failed[f.open] = true
		return nil
	}
	if f.open == source.Stdin {
		return u.takeStdin(f)
	}
	if u.issues.add(f) {
		return nil
	}
	return u.put(library.Batch{Key: f.open, Sources: []library.Source{u.source(f.input)}, Records: f.records})
}

// takeStdin stores what came by standard input under its hash.
func (u *update) takeStdin(f *outcome) error {
	f.open = source.Stdin + ":" + f.hash
	if f.issuePage != nil {
		f.records = records(u.opt.Annotator, f.articles)
	}
	known := u.source(f.input)
	if s, _, ok := u.writer.Library().Source(f.open); ok && s.SHA256 == known.SHA256 {
		u.states[source.Stdin] = unchanged
		return nil
	}
	return u.put(library.Batch{Key: f.open, Sources: []library.Source{known}, Records: f.records})
}

// source is how the library remembers a file.
func (u *update) source(in input) library.Source {
	return library.Source{Path: in.open, Size: in.Size, ModTime: in.ModTime, SHA256: u.settings + ":" + in.hash}
}

func (u *update) put(b library.Batch) error {
	u.done[b.Key] = true
	u.report.count(b.Records)
	duplicates, err := u.writer.Put(b)
	for _, d := range duplicates {
		u.report.Duplicates = append(u.report.Duplicates, Duplicate{Article: d.ID, Path: d.Source, Of: d.Of})
	}
	return err
}

// settle puts the issues and takes out the batches of which nothing is left.
func (u *update) settle() error {
	for _, key := range slices.Sorted(maps.Keys(u.dirty)) {
		if u.done[key] {
			continue
		}
		if err := u.settleBatch(key); err != nil {
			return err
		}
	}
	return nil
}

// settleBatch makes a batch out of its files' new articles and of what the
// library has of those that could not be read.
func (u *update) settleBatch(key string) error {
	b := library.Batch{Key: key}
	former := u.batches[key]
	for _, s := range former.Sources {
		if u.failed[s.Path] {
			s.SHA256 = "" // never equal: it is read again, with the others, next time
			b.Sources = append(b.Sources, s)
		}
	}
	kept := len(b.Sources)
	if s := u.issues[key]; s != nil {
		for _, in := range s.inputs {
			b.Sources = append(b.Sources, u.source(in))
		}
		b.Records = s.records(u.opt.Annotator)
	}
	switch {
	case len(b.Sources) == 0:
		u.writer.Remove(key)
		return nil
	case kept == len(former.Sources) && kept == len(b.Sources):
		return nil // nothing but failures: it stays as it is
	case kept > 0:
		b.Records = keepFormer(b.Records, u.former(former), u.failed)
	}
	return u.put(b)
}

// former reads the records of a batch of the library; damaged ones are lost
// already.
func (u *update) former(b library.BatchInfo) []library.Record {
	var out []library.Record
	for _, id := range b.Articles {
		if r, err := u.writer.Library().Record(id); err == nil {
			out = append(out, *r)
		}
	}
	return out
}

// tally counts the files by what became of them.
func (u *update) tally() {
	for path, s := range u.states {
		switch {
		case u.failed[path]:
		case s == added:
			u.report.Added++
		case s == changed:
			u.report.Changed++
		default:
			u.report.Unchanged++
		}
	}
	u.report.TotalArticles, u.report.TotalPassages = u.writer.Library().Len()
}

// absolute is the path by which the library knows a file, with forward slashes.
func absolute(name string) string {
	if name == source.Stdin {
		return name
	}
	abs, err := filepath.Abs(filepath.FromSlash(name))
	if err != nil {
		abs = filepath.Clean(name) // there is no working directory
	}
	return filepath.ToSlash(abs)
}
