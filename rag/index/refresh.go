package index

import (
	"context"
	"errors"
	"fmt"

	"wenbao/corpus/library"
	"wenbao/rag/bitset"
	"wenbao/rag/lexical"
)

// Refresh gives an index of the library in dir and sees to it that the snapshot
// there is of it. When only the library has moved on, articles that are as they
// were are taken over and only the others are analysed; otherwise, and when the
// snapshot is damaged, all are. With another embedder than the snapshot's, vectors
// come from Options.VectorDir as far as they are there. progress, where set, is
// told from time to time, with an embedder after each batch, how many of the
// articles are done.
//
// What was worked around is in Notices: damage, and a snapshot that could not be
// written, which costs the next Refresh its time and nothing else. The error is
// that of reading the library or of the embedder, or the context's. After that of
// the embedder, which wraps ErrEmbedding, the snapshot is as it was and
// Options.VectorDir holds the batches that were embedded: the next Refresh goes on
// behind them. One without Embedder gives an index by words alone, and leaves a
// snapshot that has vectors in its place until the library moves on.
func Refresh(ctx context.Context, dir string, lib *library.Library, opt Options, progress func(done, total int)) (*Index, error) {
	if err := opt.Validate(); err != nil {
		return nil, err
	}
	var notices []error
	old, err := load(dir, opt)
	if err == nil {
		// Another analyzer shows only now that it is loaded, and a search that
		// follows needs it anyway.
		_, err = old.words.Analyzer()
	}
	switch {
	case err == nil && old.generation == lib.Generation():
		old.records = lib
		return old, nil
	case err == nil:
	case errors.Is(err, ErrStale), errors.Is(err, lexical.ErrAnalyzer):
		old = nil
	default:
		old, notices = nil, []error{err}
	}
	ix, err := renew(ctx, old, lib, opt, progress)
	if err != nil {
		return nil, err
	}
	if err := ix.Save(dir); err != nil {
		notices = append(notices, err)
	}
	ix.notices = append(notices, ix.notices...)
	return ix, nil
}

// renew indexes the library, taking over from old, which may be nil, what it can.
func renew(ctx context.Context, old *Index, lib *library.Library, opt Options, progress func(done, total int)) (*Index, error) {
	analyzer, err := analyzerOf(old, opt)
	if err != nil {
		return nil, err
	}
	b := newBuilder(analyzer, opt)
	if progress != nil {
		total, _ := lib.Len()
		b.progress = func(done int) { progress(done, total) }
	}
	if old == nil {
		return b.index(ctx, lib, nil)
	}
	former := newFormer(&old.columns)
	fresh, err := b.index(ctx, lib, former)
	if err != nil {
		return nil, err
	}
	return old.merge(former.keep, fresh)
}

func analyzerOf(old *Index, opt Options) (*lexical.Analyzer, error) {
	if old != nil {
		return old.words.Analyzer()
	}
	return opt.analyzer()
}

// merge gives an index of ix's passages that are in keep and then those of add,
// with add's records.
func (ix *Index) merge(keep *bitset.Set, add *Index) (*Index, error) {
	words, err := ix.words.Merge(keep, add.words)
	if err != nil {
		return nil, fmt.Errorf("merge index: %w", err)
	}
	vectors, err := ix.vectors.Merge(keep, add.vectors)
	if err != nil {
		return nil, fmt.Errorf("merge index: %w", err)
	}
	w := newColumnWriter()
	w.appendKept(&ix.columns, keep)
	w.appendKept(&add.columns, bitset.Full(add.Len()))
	w.sortIDs()
	out := *add
	out.columns, out.words, out.vectors = w.columns, words, vectors
	return &out, nil
}

// former are the articles of a former index.
type former struct {
	columns *columns
	number  map[string]int // of each article, by its ID
	first   []int          // of each article's passages, and one more
	// keep are the passages of the articles that are as they were.
	keep *bitset.Set
}

func newFormer(c *columns) *former {
	f := &former{columns: c, number: make(map[string]int, len(c.articleIDs)), keep: bitset.New(c.len())}
	for i, id := range c.articleIDs {
		f.number[id] = i
	}
	f.first = make([]int, len(c.articleIDs)+1)
	for _, a := range c.article {
		f.first[a+1]++
	}
	for i := range c.articleIDs {
		f.first[i+1] += f.first[i]
	}
	return f
}

// takeOver reports whether an article is as it was, and keeps it then.
func (f *former) takeOver(id string, hash uint64) bool {
	if f == nil {
		return false
	}
	n, ok := f.number[id]
	if !ok || f.columns.hashes[n] != hash {
		return false
	}
	for i := f.first[n]; i < f.first[n+1]; i++ {
		f.keep.Add(uint32(i))
	}
	return true
}
