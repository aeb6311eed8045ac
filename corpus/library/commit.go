package library

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
)

const (
	// maxSegments bounds the files that a reader holds open; a merge of 32 costs
	// each of 32 small commits one thirty-second of rewriting the library.
	maxSegments = 32
	// deadShare: live records are rewritten when more than one byte in deadShare
	// is dead, so a library takes at most about twice its size, apart from what the
	// generation before still needs.
	deadShare = 2
)

// Commit makes everything put and removed since the last Commit visible, or
// nothing of it. It writes nothing and keeps the generation when nothing was put
// or removed. A done context leaves what was put for another Commit; once the
// new state is being made durable the context is no longer looked at.
//
// Live records are rewritten into the new segment when most of what there is on
// disk is dead, or there are too many segments. Damaged ones stay where they
// are: what was readable remains so, and Verify goes on to name the others.
func (w *Writer) Commit(ctx context.Context) error {
	if w.err != nil {
		return w.err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if !w.changed {
		return nil
	}
	if w.wasteful() {
		if err := w.compact(ctx); err != nil {
			return err
		}
	}
	if err := w.commit(); err != nil {
		w.err = fmt.Errorf("commit: %w", err)
		return w.err
	}
	return nil
}

func (w *Writer) commit() error {
	if err := w.publishSegment(); err != nil {
		return err
	}
	m := &manifest{
		generation: w.newest + 1, nextSegment: w.next,
		segments: w.referenced(), batches: w.sorted(),
	}
	if err := writeFile(w.fs, w.dir, manifestName(m.generation), m.encode()); err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	committed, err := Open(w.dir)
	if err == nil && committed.Generation() != m.generation {
		err = errors.Join(committed.damage[0], committed.Close())
	}
	if err != nil {
		return fmt.Errorf("read back: %w", err)
	}
	previous := w.base
	w.base, w.newest, w.segments, w.changed = committed, m.generation, m.segments, false
	w.removeOld(previous.manifest, m)
	_ = previous.Close() // it was only read
	return nil
}

func (w *Writer) publishSegment() error {
	if w.out == nil {
		return nil
	}
	out := w.out
	w.out = nil
	if err := out.publish(); err != nil {
		return fmt.Errorf("write segment: %w", err)
	}
	w.segments = append(slices.Clone(w.segments), segment{out.number, out.size})
	return nil
}

// referenced are the segments that a live record lies in.
func (w *Writer) referenced() []segment {
	live := w.live()
	return slices.DeleteFunc(slices.Clone(w.segments), func(s segment) bool { return live[s.number] == 0 })
}

// live counts the bytes of live records by segment.
func (w *Writer) live() map[uint64]int64 {
	live := make(map[uint64]int64)
	for _, t := range w.batches {
		for _, r := range t.records {
			live[r.segment] += int64(r.length)
		}
	}
	return live
}

// wasteful reports whether the live records should be rewritten.
func (w *Writer) wasteful() bool {
	segments := w.referenced()
	if w.out != nil {
		segments = append(segments, segment{w.out.number, w.out.size})
	}
	var size, alive int64
	for _, s := range segments {
		size += s.size
	}
	for _, n := range w.live() {
		alive += n
	}
	return len(segments) > maxSegments || deadShare*(size-alive) > size
}

// compact copies the live records into the segment being written, in the order
// in which they are read.
func (w *Writer) compact(ctx context.Context) error {
	for _, t := range w.sorted() {
		t.records = slices.Clone(t.records)
		for i, r := range t.records {
			if err := ctx.Err(); err != nil {
				return err
			}
			if w.out != nil && r.segment == w.out.number {
				continue
			}
			frame, err := w.base.frame(t.key, r)
			if _, damaged := errors.AsType[*DamageError](err); damaged {
				continue
			}
			if err != nil {
				return fmt.Errorf("compact: %w", err)
			}
			if t.records[i], err = w.append(frame, r); err != nil {
				return fmt.Errorf("compact: %w", err)
			}
		}
		w.batches[t.key] = t
	}
	return nil
}

// removeOld removes what neither of the last two manifests speaks of. What
// cannot be removed is left to the next commit.
func (w *Writer) removeOld(previous, current *manifest) {
	found, err := list(w.dir)
	if err != nil {
		return
	}
	for _, g := range found.manifests {
		if g != previous.generation && g != current.generation {
			_ = w.fs.Remove(filepath.Join(w.dir, manifestName(g)))
		}
	}
	kept := slices.Concat(previous.segments, current.segments)
	for _, n := range found.segments {
		if !slices.ContainsFunc(kept, func(s segment) bool { return s.number == n }) {
			_ = w.fs.Remove(filepath.Join(w.dir, segmentName(n)))
		}
	}
}
