package boltfile

import (
	"context"
	"errors"
	"sync"

	"go.etcd.io/bbolt"
)

// maxShared is how many updates share a transaction at most, so that one failing
// update makes no more than that many run alone.
const maxShared = 256

// errUnfinished is given for an update that ended its goroutine.
var errUnfinished = errors.New("update did not finish")

// Update calls change in a transaction, alone at the time. What it did is on the
// disk when Update returns nil, and undone otherwise. A done ctx gives its error;
// once begun, an update is not cut short.
//
// Change may be called more than once, each time with nothing done yet: it has to
// begin afresh. It must not use the File. It may run in another goroutine that
// updates, but its panic comes out of its own Update.
func (f *File) Update(ctx context.Context, change func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	u := &update{change: change, err: errUnfinished, turn: make(chan bool, 1)}
	if f.queue.join(u) || <-u.turn {
		f.lead()
	}
	if u.panicked != nil {
		panic(u.panicked)
	}
	return u.err
}

// lead runs the updates that wait now, and hands over to the next that waits.
func (f *File) lead() {
	shared := f.queue.take()
	defer f.queue.release(shared)
	f.using.RLock()
	defer f.using.RUnlock()
	if f.db == nil {
		for _, u := range shared {
			u.err = ErrClosed
		}
		return
	}
	refused := commit(f.db, shared)
	if !refused || len(shared) == 1 {
		return
	}
	for i := range shared {
		commit(f.db, shared[i:i+1])
	}
}

// commit runs the updates in one transaction and sets their errors. Refused says
// that one of them had an error of its own, which undid the others too.
func commit(db *bbolt.DB, shared []*update) (refused bool) {
	err := db.Update(func(tx *bbolt.Tx) error {
		for _, u := range shared {
			if err := u.run(&Tx{tx}); err != nil {
				refused = true
				return err
			}
		}
		return nil
	})
	for _, u := range shared {
		u.err = err
	}
	return refused
}

// update is a call of File.Update.
type update struct {
	change   func(*Tx) error
	err      error
	panicked any
	// turn tells the caller once to go on: to lead, or because it is done.
	turn chan bool
}

func (u *update) run(tx *Tx) (err error) {
	u.panicked = nil
	defer func() {
		if u.panicked = recover(); u.panicked != nil {
			err = errUnfinished
		}
	}()
	return u.change(tx)
}

// queue holds the updates that wait while one of the callers leads: runs
// transactions for all. The zero queue is empty.
type queue struct {
	mu      sync.Mutex
	waiting []*update // in order; while led is false there is none
	led     bool
}

// join puts u in the queue and reports whether its caller has to lead.
func (q *queue) join(u *update) (lead bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, u)
	lead, q.led = !q.led, true
	return lead
}

// take removes those that share the next transaction; the leader's is the first.
func (q *queue) take() []*update {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.waiting), maxShared)
	shared := q.waiting[:n:n]
	q.waiting = q.waiting[n:]
	return shared
}

// release lets the callers of a transaction that has ended go on, and the next
// one lead. The first of shared is the leader, who does not wait.
func (q *queue) release(shared []*update) {
	for _, u := range shared[1:] {
		u.turn <- false
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) > 0 {
		q.waiting[0].turn <- true
		return
	}
	q.waiting, q.led = nil, false
}
