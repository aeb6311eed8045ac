package library

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/gofrs/flock"
)

// Writer changes a library. There is at most one at a time for a directory,
// among all processes. It is not safe for concurrent use.
//
// Records go to disk as they are put, so memory holds one batch and the list of
// what there is. A failed write makes the writer useless: everything after it
// gives the same error, and the last committed state stays.
type Writer struct {
	dir  string
	fs   fileSystem
	lock *flock.Flock
	base *Library // the last committed state
	// newest is the highest generation that has a manifest, sound or not.
	newest uint64
	next   uint64 // number of the next segment

	segments []segment // all that batches may lie in, but the one being written
	batches  map[string]batch
	holders  map[string][]string // keys of the batches that hold an article, by its ID
	out      *segmentWriter      // nil before the first record
	changed  bool
	err      error
}

// Duplicate is an article of a batch that was put which the library has already.
type Duplicate struct {
	ID string
	// Source is the file of the article's first part.
	Source string
	// Of is the key of the batch that has it. It is the same batch's key when
	// the article came twice in it; the second copy is then not stored.
	Of string
}

// Begin locks dir for writing, making it where it does not exist, clears up after
// a writer that was killed, and starts from the last committed state. When there
// is another writer the error is a *LockedError, at once; otherwise it is that
// of Open, but an empty directory is no error here.
func Begin(ctx context.Context, dir string) (*Writer, error) {
	return begin(ctx, dir, disk{})
}

func begin(ctx context.Context, dir string, fsys fileSystem) (*Writer, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return nil, fmt.Errorf("make library: %w", err)
	}
	lk, err := lock(dir)
	if err != nil {
		return nil, err
	}
	w := &Writer{dir: dir, fs: fsys, lock: lk}
	if err := w.start(); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

func (w *Writer) start() error {
	base, err := Open(w.dir)
	if errors.Is(err, ErrNoLibrary) {
		base = &Library{dir: w.dir, manifest: &manifest{nextSegment: 1}}
	} else if err != nil {
		return err
	}
	w.base = base
	found, err := list(w.dir)
	if err != nil {
		return err
	}
	w.clearLeftovers(found)
	w.newest, w.next = base.manifest.generation, base.manifest.nextSegment
	w.segments = base.manifest.segments
	// Numbers that a damaged manifest has used must not come again.
	for _, g := range found.manifests {
		w.newest = max(w.newest, g)
	}
	for _, n := range found.segments {
		w.next = max(w.next, n+1)
	}
	w.batches = make(map[string]batch, len(base.manifest.batches))
	w.holders = make(map[string][]string, len(base.ids))
	for _, t := range base.manifest.batches {
		w.hold(t)
	}
	return nil
}

// Library is the last committed state, at first the one the writer started from;
// Generation is 0 when there was none. It belongs to the writer: the next Commit
// that writes, and Close, close it.
func (w *Writer) Library() *Library { return w.base }

// Put stores a batch, in place of the one of that key. It becomes visible with
// the next Commit. duplicates are the articles that the library has already, in
// the order of the batch; they are no error. The batch is not changed.
func (w *Writer) Put(b Batch) (duplicates []Duplicate, err error) {
	if w.err != nil {
		return nil, w.err
	}
	if err := b.check(); err != nil {
		return nil, fmt.Errorf("put batch %q: %w", b.Key, err)
	}
	t := batch{key: b.Key, sources: slices.Clone(b.Sources)}
	seen := make(map[string]bool, len(b.Records))
	for i := range b.Records {
		rec := &b.Records[i]
		if of, ok := w.holder(rec.Article.ID, b.Key, seen); ok {
			duplicates = append(duplicates, Duplicate{ID: rec.Article.ID, Source: rec.source(), Of: of})
		}
		if seen[rec.Article.ID] {
			continue
		}
		seen[rec.Article.ID] = true
		frame, err := encodeFrame(rec)
		if err != nil {
			return nil, fmt.Errorf("put batch %q: %w", b.Key, err)
		}
		r, err := w.append(frame, ref{id: rec.Article.ID, passages: len(rec.Passages)})
		if err != nil {
			return nil, fmt.Errorf("put batch %q: %w", b.Key, err)
		}
		t.records = append(t.records, r)
	}
	w.drop(b.Key)
	w.hold(t)
	w.changed = true
	return duplicates, nil
}

// Remove takes the batch of that key out with the next Commit. A key that is not
// there is left at that.
func (w *Writer) Remove(key string) {
	if w.drop(key) {
		w.changed = true
	}
}

// Close drops what was not committed and releases the lock. It may be called
// again, and after Commit.
func (w *Writer) Close() error {
	if errors.Is(w.err, errClosed) {
		return nil
	}
	w.err = errClosed
	var errs []error
	if w.out != nil {
		errs = append(errs, w.out.discard())
	}
	if w.base != nil {
		errs = append(errs, w.base.Close())
	}
	errs = append(errs, unlock(w.lock))
	return errors.Join(errs...)
}

// clearLeftovers removes what a killed writer left: temporary files, and
// segments of a commit that did not come about. It keeps the latter when
// anything is damaged, for they may be what a damaged manifest spoke of. What
// cannot be removed is left to the next writer.
func (w *Writer) clearLeftovers(found listing) {
	for _, name := range found.temps {
		_ = w.fs.Remove(filepath.Join(w.dir, name))
	}
	if len(w.base.damage) > 0 {
		return
	}
	for _, n := range found.segments {
		if n >= w.base.manifest.nextSegment {
			_ = w.fs.Remove(filepath.Join(w.dir, segmentName(n)))
		}
	}
}

// hold enters a batch under its key, which must be free.
func (w *Writer) hold(t batch) {
	w.batches[t.key] = t
	for _, r := range t.records {
		w.holders[r.id] = append(w.holders[r.id], t.key)
	}
}

// drop takes a batch out and reports whether it was there.
func (w *Writer) drop(key string) bool {
	t, ok := w.batches[key]
	for _, r := range t.records {
		keys := slices.DeleteFunc(w.holders[r.id], func(k string) bool { return k == key })
		if len(keys) == 0 {
			delete(w.holders, r.id)
			continue
		}
		w.holders[r.id] = keys
	}
	delete(w.batches, key)
	return ok
}

// holder finds who has an article already: the batch being put, of which the
// articles seen are known, or the first other batch by key.
func (w *Writer) holder(id, putting string, seen map[string]bool) (key string, ok bool) {
	if seen[id] {
		return putting, true
	}
	for _, k := range w.holders[id] {
		if k != putting && (!ok || k < key) {
			key, ok = k, true
		}
	}
	return key, ok
}

// append writes a frame to the segment being written and gives r with the place
// where it now lies.
func (w *Writer) append(frame []byte, r ref) (ref, error) {
	if w.out == nil {
		w.out, w.err = createSegment(w.fs, w.dir, w.next)
		w.next++
	}
	if w.err == nil {
		r.segment, r.offset, r.length = w.out.number, w.out.size, len(frame)
		w.err = w.out.write(frame)
	}
	return r, w.err
}

// sorted are the batches by key.
func (w *Writer) sorted() []batch {
	sorted := make([]batch, 0, len(w.batches))
	for _, key := range slices.Sorted(maps.Keys(w.batches)) {
		sorted = append(sorted, w.batches[key])
	}
	return sorted
}

// check reports why a batch cannot be stored.
func (b *Batch) check() error {
	if b.Key == "" {
		return errors.New("batch without key")
	}
	for _, s := range b.Sources {
		if s.Size < 0 {
			return fmt.Errorf("source %q has a size of %d", s.Path, s.Size)
		}
	}
	for i := range b.Records {
		if err := b.Records[i].check(); err != nil {
			return err
		}
	}
	return nil
}

func (r *Record) source() string {
	if len(r.Article.Parts) == 0 {
		return ""
	}
	return r.Article.Parts[0].Source
}
