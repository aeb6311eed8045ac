package journal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"wenbao/bot/internal/boltfile"
)

// Entry is one update from its taking to its end.
type Entry struct {
	// ID is the update's, Lane its chat's: the entries of a lane are handled in
	// order.
	ID, Lane int64
	// Body is the event, in the caller's form.
	Body []byte
	// Plan is the reply, in the caller's form, nil before there is one.
	Plan []byte
	// Floor is the highest message ID that was seen when the plan was made, when
	// the last part was sent, or when Raise was called.
	Floor int64
	// Sent are the message IDs of the parts sent, in order.
	Sent []int64
	// Opening says that a live message was about to be sent; Opened is its ID, 0
	// where it is not known or there is none.
	Opening bool
	Opened  int64
	// Tries is how often Tried was called.
	Tries int
}

var (
	// ErrLocked says that another program uses the file.
	ErrLocked = boltfile.ErrLocked
	// ErrDamaged says that the content of the file is not what was written.
	ErrDamaged = boltfile.ErrDamaged
	// ErrNewer says that a newer version of the program wrote the file.
	ErrNewer = boltfile.ErrNewer
	// ErrClosed is what a closed Journal gives.
	ErrClosed = boltfile.ErrClosed
	// ErrNotPending says that an update was not taken, or is done.
	ErrNotPending = errors.New("update is not pending")
	// ErrPart says that the parts before one are not noted as sent.
	ErrPart = errors.New("an earlier part is not noted as sent")
)

// Journal is an open journal. It is safe for concurrent use. A done context gives
// its error; once begun, no method is cut short.
type Journal struct {
	file *boltfile.File
	// stale says that the file may hold text of what is done.
	stale atomic.Bool

	mu sync.Mutex
	// taking are the IDs that a Take is about; freed wakes who waits for one.
	taking map[int64]bool
	freed  sync.Cond
	// out are the IDs of the pending entries that Take or Pending gave to the caller.
	out map[int64]bool
}

// Open opens the journal at path, and begins one where there is none. The error
// wraps ErrLocked, ErrDamaged or ErrNewer where it is one of these.
func Open(path string) (*Journal, error) {
	file, err := boltfile.Open(path, format())
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	j := &Journal{file: file, taking: make(map[int64]bool), out: make(map[int64]bool)}
	j.freed.L = &j.mu
	j.stale.Store(true)
	if file.Sparse() {
		if err := j.Compact(context.Background()); err != nil {
			return nil, errors.Join(err, file.Close())
		}
	}
	return j, nil
}

// Own says which bot the updates are of. A journal of another bot's is emptied:
// its updates are not this one's to answer, and its message IDs count otherwise.
func (j *Journal) Own(ctx context.Context, bot int64) error {
	return j.update(ctx, func(tx tx) error { return tx.own(bot) })
}

// Take keeps the ID, the Lane and the Body of those entries whose ID is not known
// yet, pending or done, and gives these in order. It gives those as well that are
// pending and were given to nobody by this Journal, neither by Take nor by Pending:
// of an earlier Take that had kept them, although it returned an error.
func (j *Journal) Take(ctx context.Context, entries []Entry) (fresh []Entry, err error) {
	if len(entries) == 0 {
		return nil, ctx.Err()
	}
	j.claim(entries)
	defer func() { j.handOut(entries, fresh) }()
	now := time.Now()
	err = j.update(ctx, func(tx tx) error {
		fresh = nil
		for _, e := range entries {
			kept, ok, err := j.takeOne(tx, e, now)
			if err != nil {
				return err
			}
			if ok && !slices.ContainsFunc(fresh, func(f Entry) bool { return f.ID == e.ID }) {
				fresh = append(fresh, kept)
			}
		}
		return nil
	})
	if err != nil {
		fresh = nil
	}
	return fresh, err
}

// takeOne keeps one entry, and reports whether it is for the caller to handle.
func (j *Journal) takeOne(tx tx, e Entry, now time.Time) (kept Entry, ok bool, err error) {
	known, err := tx.known(e.ID)
	if err != nil {
		return Entry{}, false, err
	}
	if !known {
		return Entry{ID: e.ID, Lane: e.Lane, Body: e.Body}, true, tx.take(e, now)
	}
	j.mu.Lock()
	out := j.out[e.ID]
	j.mu.Unlock()
	if out {
		return Entry{}, false, nil
	}
	return tx.find(e.ID)
}

// claim waits until no other Take is about one of the entries, so that of two at
// the same time the second knows what became of the first.
func (j *Journal) claim(entries []Entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for slices.ContainsFunc(entries, func(e Entry) bool { return j.taking[e.ID] }) {
		j.freed.Wait()
	}
	for _, e := range entries {
		j.taking[e.ID] = true
	}
}

// handOut ends a claim; fresh are the entries that the caller gets.
func (j *Journal) handOut(entries, fresh []Entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, e := range entries {
		delete(j.taking, e.ID)
	}
	for _, e := range fresh {
		j.out[e.ID] = true
	}
	j.freed.Broadcast()
}

// Tried adds one to the Tries of an entry.
func (j *Journal) Tried(ctx context.Context, id int64) error {
	return j.change(ctx, id, func(r *record) { r.Tries++ })
}

// Opening notes that a live message is about to be sent, floor being the highest
// message ID seen.
func (j *Journal) Opening(ctx context.Context, id, floor int64) error {
	return j.change(ctx, id, func(r *record) { r.Opening, r.Opened, r.Floor = true, 0, floor })
}

// Opened notes the ID of the live message, 0 where it did not come to one.
func (j *Journal) Opened(ctx context.Context, id, message int64) error {
	return j.change(ctx, id, func(r *record) { r.Opening, r.Opened = false, message })
}

// Plan keeps the reply, floor being the highest message ID seen. A plan made
// before is replaced.
func (j *Journal) Plan(ctx context.Context, id int64, plan []byte, floor int64) error {
	return j.update(ctx, func(tx tx) error {
		return tx.change(id, func(k []byte, r *record) error {
			r.Floor = floor
			return tx.Put(plans, k, plan)
		})
	})
}

// Sent notes the message ID of a part sent, counted from 0, and raises Floor to it.
// A part noted before gets the new ID; one that leaves out others gives ErrPart.
func (j *Journal) Sent(ctx context.Context, id int64, part int, message int64) error {
	return j.update(ctx, func(tx tx) error {
		return tx.change(id, func(_ []byte, r *record) error {
			if part < 0 || part > len(r.Sent) {
				return fmt.Errorf("update %d: part %d: %w", id, part, ErrPart)
			}
			if part == len(r.Sent) {
				r.Sent = append(r.Sent, 0)
			}
			r.Sent[part] = message
			r.Floor = max(r.Floor, message)
			return nil
		})
	})
}

// Raise raises Floor, after a wait in which nothing was sent.
func (j *Journal) Raise(ctx context.Context, id, floor int64) error {
	return j.change(ctx, id, func(r *record) { r.Floor = max(r.Floor, floor) })
}

// Done ends entries. Their IDs stay known until Prune; those that are not pending
// are passed over.
func (j *Journal) Done(ctx context.Context, ids ...int64) error {
	if len(ids) == 0 {
		return ctx.Err()
	}
	err := j.update(ctx, func(tx tx) error {
		for _, id := range ids {
			if err := tx.end(id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	j.stale.Store(true)
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, id := range ids {
		delete(j.out, id)
	}
	return nil
}

// Pending gives the entries that are not done, in the order taken. It is for the
// start: one that a Take keeps meanwhile may be given by both.
func (j *Journal) Pending(ctx context.Context) (pending []Entry, err error) {
	err = j.view(ctx, func(tx tx) error {
		return tx.Scan(entries, nil, nil, func(k, value []byte) error {
			e, err := tx.entry(k, value)
			pending = append(pending, e)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	j.handOut(nil, pending)
	return pending, nil
}

// Floors gives the highest Floor of each lane, over the entries that are pending
// and those done whose IDs are still known.
func (j *Journal) Floors(ctx context.Context) (highest map[int64]int64, err error) {
	err = j.view(ctx, func(tx tx) error {
		highest, err = tx.floors()
		return err
	})
	return highest, err
}

// Prune forgets the IDs of what is done and was taken before a time, and the text
// of all that is done.
func (j *Journal) Prune(ctx context.Context, before time.Time) error {
	err := j.update(ctx, func(tx tx) error { return tx.prune(before, time.Now()) })
	if err != nil || !j.stale.Load() {
		return err
	}
	return j.Compact(ctx)
}

// Compact writes the file anew, without the text of what is done.
func (j *Journal) Compact(ctx context.Context) error {
	j.stale.Store(false)
	if err := j.file.Rewrite(ctx); err != nil {
		j.stale.Store(true)
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// Close waits for what is being written and closes the file.
func (j *Journal) Close() error {
	if err := j.file.Close(); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

func (j *Journal) view(ctx context.Context, read func(tx) error) error {
	if err := j.file.View(ctx, func(t *boltfile.Tx) error { return read(tx{t}) }); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

func (j *Journal) update(ctx context.Context, change func(tx) error) error {
	if err := j.file.Update(ctx, func(t *boltfile.Tx) error { return change(tx{t}) }); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// change changes the record of a pending entry.
func (j *Journal) change(ctx context.Context, id int64, change func(*record)) error {
	return j.update(ctx, func(tx tx) error {
		return tx.change(id, func(_ []byte, r *record) error {
			change(r)
			return nil
		})
	})
}
