package library

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"time"

	"wenbao/corpus"
)

// Record is an article with its passages.
type Record struct {
	Article  corpus.Article
	Passages []corpus.Passage
}

// Source is a file as it was when it was read.
type Source struct {
	Path    string
	Size    int64
	ModTime time.Time // UTC when it comes out of a library
	SHA256  string    // of its content, in whatever spelling it was put
}

// Batch is what was made of one file, or of several files together.
type Batch struct {
	// Key names the batch; putting another of the same key replaces it.
	Key     string
	Sources []Source
	Records []Record
}

// BatchInfo is a stored batch without its records.
type BatchInfo struct {
	Key     string
	Sources []Source
	// Articles are the IDs of all its articles in their order, also of those
	// that another batch shows.
	Articles []string
}

// Library is one committed generation. It does not change: what is committed
// later is seen by opening again. Safe for concurrent use.
type Library struct {
	dir      string
	manifest *manifest
	files    map[uint64]segmentFile // by number; missing ones are not in it
	ids      []string
	shown    map[string]place // by article ID
	sources  map[string]place // by path
	broken   map[string]bool  // keys of batches known to miss records
	passages int
	damage   []*DamageError
}

// segmentFile is an open segment and the size it had when it was opened.
type segmentFile struct {
	*os.File
	size int64
}

// place is an element of a batch: indexes into manifest.batches and into the
// batch's records or sources.
type place struct{ batch, item int }

// index fills in what is looked up by name. Where two batches hold the same
// article or path, the smaller key has it.
func (l *Library) index() {
	records := 0
	for _, t := range l.manifest.batches {
		records += len(t.records)
	}
	l.ids = make([]string, 0, records)
	l.shown = make(map[string]place, records)
	l.sources = make(map[string]place, len(l.manifest.batches))
	for b, t := range l.manifest.batches {
		for i, s := range t.sources {
			if _, ok := l.sources[s.Path]; !ok {
				l.sources[s.Path] = place{b, i}
			}
		}
		for i, r := range t.records {
			if _, ok := l.shown[r.id]; !ok {
				l.shown[r.id] = place{b, i}
				l.ids = append(l.ids, r.id)
				l.passages += r.passages
			}
		}
	}
}

// Generation grows with each commit that changed something. 0 is the state
// before the first.
func (l *Library) Generation() uint64 { return l.manifest.generation }

// Damage lists what Open found damaged and worked around: a newest manifest in
// whose place the one before is used, a segment that is missing or cut short.
// It is empty for a sound library.
func (l *Library) Damage() []*DamageError { return slices.Clone(l.damage) }

// Len is the number of articles shown, and of their passages.
func (l *Library) Len() (articles, passages int) { return len(l.ids), l.passages }

// IDs are the IDs of the articles shown, by the key of their batch and their
// order in it.
func (l *Library) IDs() []string { return slices.Clone(l.ids) }

// Record reads an article; the caller owns it. The error is ErrNoArticle, a
// *DamageError, or what the file system said.
func (l *Library) Record(id string) (*Record, error) {
	at, ok := l.shown[id]
	if !ok {
		return nil, fmt.Errorf("article %q: %w", id, ErrNoArticle)
	}
	return l.read(at)
}

// All reads every article shown in the order of IDs. The pair of a record that
// cannot be read is nil and its error, and the next ones follow; a context that
// is done gives its error and ends the sequence.
func (l *Library) All(ctx context.Context) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		for _, id := range l.ids {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			if !yield(l.read(l.shown[id])) {
				return
			}
		}
	}
}

// Source tells how a file was when it was read, and the batch it went into.
// ok is false for a file that the library does not know, and for one whose batch
// lies in a missing or shortened segment: either has to be read (again).
func (l *Library) Source(path string) (s Source, batch string, ok bool) {
	at, ok := l.sources[path]
	if !ok {
		return Source{}, "", false
	}
	t := &l.manifest.batches[at.batch]
	if l.broken[t.key] {
		return Source{}, "", false
	}
	return t.sources[at.item], t.key, true
}

// Batches are all batches by ascending key; the caller owns what it is given.
func (l *Library) Batches() iter.Seq[BatchInfo] {
	return func(yield func(BatchInfo) bool) {
		for _, t := range l.manifest.batches {
			info := BatchInfo{Key: t.key, Sources: slices.Clone(t.sources)}
			for _, r := range t.records {
				info.Articles = append(info.Articles, r.id)
			}
			if !yield(info) {
				return
			}
		}
	}
}

// Verify reads everything, also the articles not shown, and lists the damage,
// that of Damage first. The error is the context's, or what the file system said
// of a file that could not be read at all.
func (l *Library) Verify(ctx context.Context) ([]*DamageError, error) {
	damage := slices.Clone(l.damage)
	for b := range l.manifest.batches {
		for i := range l.manifest.batches[b].records {
			if err := ctx.Err(); err != nil {
				return damage, err
			}
			_, err := l.read(place{b, i})
			if bad, ok := errors.AsType[*DamageError](err); ok {
				damage = append(damage, bad)
			} else if err != nil {
				return damage, err
			}
		}
	}
	return damage, nil
}

// Close frees the files. Reads that come after it fail. It may be called again.
func (l *Library) Close() error {
	var errs []error
	for _, f := range l.files {
		if err := f.Close(); !errors.Is(err, os.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func (l *Library) read(at place) (*Record, error) {
	t := &l.manifest.batches[at.batch]
	r := t.records[at.item]
	frame, err := l.frame(t.key, r)
	if err != nil {
		return nil, err
	}
	rec, err := decodeRecord(frame[frameHead:])
	if err != nil {
		return nil, l.damaged(t.key, r, err.Error())
	}
	if rec.Article.ID != r.id {
		return nil, l.damaged(t.key, r, "another article lies there")
	}
	return rec, nil
}

// frame reads the frame of a record and checks it.
func (l *Library) frame(key string, r ref) ([]byte, error) {
	f, ok := l.files[r.segment]
	if !ok {
		return nil, l.damaged(key, r, "segment is missing")
	}
	if r.end() > f.size {
		return nil, l.damaged(key, r, "segment is cut short")
	}
	b := make([]byte, r.length)
	if _, err := f.ReadAt(b, r.offset); errors.Is(err, io.EOF) {
		return nil, l.damaged(key, r, "segment was cut short")
	} else if err != nil {
		return nil, fmt.Errorf("read article %s: %w", r.id, err)
	}
	if err := checkFrame(b); err != nil {
		return nil, l.damaged(key, r, err.Error())
	}
	return b, nil
}

func (l *Library) damaged(key string, r ref, reason string) *DamageError {
	return &DamageError{
		Path: filepath.Join(l.dir, segmentName(r.segment)), Offset: r.offset,
		Batch: key, Article: r.id, Reason: reason,
	}
}
