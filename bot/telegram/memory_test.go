package telegram_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"wenbao/bot/journal"
)

// errDead is what a journal gives to a program that has crashed.
var errDead = errors.New("the program has crashed")

// memory is a Journal in memory, which outlives the programs that use it.
type memory struct {
	mu      sync.Mutex
	entries []*journal.Entry // pending, in the order taken
	known   map[int64]bool
	out     map[int64]bool  // given to the program that runs
	floors  map[int64]int64 // by lane, of those done
	// before and after, where set, are called at each write.
	before, after func(method string) error
}

func newMemory() *memory {
	return &memory{known: make(map[int64]bool), out: make(map[int64]bool), floors: make(map[int64]int64)}
}

// copy is what a crash leaves.
func (m *memory) copy() *memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := newMemory()
	for id := range m.known {
		c.known[id] = true
	}
	maps.Copy(c.floors, m.floors)
	for _, e := range m.entries {
		own := *e
		own.Sent = slices.Clone(e.Sent)
		c.entries = append(c.entries, &own)
	}
	return c
}

// write does a write between before and after.
func (m *memory) write(method string, change func() error) error {
	if m.before != nil {
		if err := m.before(method); err != nil {
			return err
		}
	}
	m.mu.Lock()
	err := change()
	m.mu.Unlock()
	if err == nil && m.after != nil {
		err = m.after(method)
	}
	return err
}

func (m *memory) change(method string, id int64, change func(*journal.Entry)) error {
	return m.write(method, func() error {
		for _, e := range m.entries {
			if e.ID == id {
				change(e)
				return nil
			}
		}
		return journal.ErrNotPending
	})
}

func (m *memory) Own(context.Context, int64) error { return nil }

func (m *memory) Take(_ context.Context, entries []journal.Entry) (fresh []journal.Entry, err error) {
	err = m.write("take", func() error {
		for _, e := range entries {
			if !m.known[e.ID] {
				m.known[e.ID] = true
				own := e
				m.entries = append(m.entries, &own)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.entries {
		if !m.out[e.ID] && slices.ContainsFunc(entries, func(given journal.Entry) bool { return given.ID == e.ID }) {
			m.out[e.ID] = true
			fresh = append(fresh, *e)
		}
	}
	return fresh, nil
}

func (m *memory) Tried(_ context.Context, id int64) error {
	return m.change("tried", id, func(e *journal.Entry) { e.Tries++ })
}

// setTries sets how often all events of an earlier run were handled.
func (m *memory) setTries(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.entries {
		e.Tries = n
	}
}

// spoil makes all events such that they cannot be read.
func (m *memory) spoil() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.entries {
		e.Body = []byte("{")
	}
}

func (m *memory) Opening(_ context.Context, id, floor int64) error {
	return m.change("opening", id, func(e *journal.Entry) { e.Opening, e.Opened, e.Floor = true, 0, floor })
}

func (m *memory) Opened(_ context.Context, id, message int64) error {
	return m.change("opened", id, func(e *journal.Entry) { e.Opening, e.Opened = false, message })
}

func (m *memory) Plan(_ context.Context, id int64, plan []byte, floor int64) error {
	return m.change("plan", id, func(e *journal.Entry) { e.Plan, e.Floor = plan, floor })
}

func (m *memory) Raise(_ context.Context, id, floor int64) error {
	return m.change("raise", id, func(e *journal.Entry) { e.Floor = max(e.Floor, floor) })
}

func (m *memory) Sent(_ context.Context, id int64, part int, message int64) error {
	return m.change("sent", id, func(e *journal.Entry) {
		e.Sent, e.Floor = append(e.Sent[:part:part], message), max(e.Floor, message)
	})
}

func (m *memory) Done(_ context.Context, ids ...int64) error {
	return m.write("done", func() error {
		m.entries = slices.DeleteFunc(m.entries, func(e *journal.Entry) bool {
			done := slices.Contains(ids, e.ID)
			if done {
				m.floors[e.Lane] = max(m.floors[e.Lane], e.Floor)
			}
			return done
		})
		return nil
	})
}

func (m *memory) Floors(context.Context) (map[int64]int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := maps.Clone(m.floors)
	for _, e := range m.entries {
		out[e.Lane] = max(out[e.Lane], e.Floor)
	}
	return out, nil
}

func (m *memory) Pending(context.Context) ([]journal.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []journal.Entry
	for _, e := range m.entries {
		m.out[e.ID] = true
		out = append(out, *e)
	}
	return out, nil
}

func (m *memory) Prune(context.Context, time.Time) error { return nil }

func (m *memory) pending() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.entries)
}
