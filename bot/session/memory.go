package session

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"wenbao/bot"
)

// Memory is a bot.Store that is gone with the program.
type Memory struct {
	mu       sync.Mutex
	sessions map[bot.Key][]byte // JSON, so that nothing is shared with callers
	answers  map[string][]byte  // by ID
	opinions map[opinionKey][]byte
	spent    map[int64]spent // by user
	closed   bool            // to all but the admins
}

type opinionKey struct {
	user   int64
	answer string
}

func (k opinionKey) compare(with opinionKey) int {
	return cmp.Or(cmp.Compare(k.user, with.user), cmp.Compare(k.answer, with.answer))
}

// NewMemory gives a store in which nothing is remembered yet.
func NewMemory() *Memory {
	return &Memory{
		sessions: make(map[bot.Key][]byte),
		answers:  make(map[string][]byte),
		opinions: make(map[opinionKey][]byte),
		spent:    make(map[int64]spent),
	}
}

var _ bot.Store = (*Memory)(nil)

// Session implements bot.Sessions.
func (m *Memory) Session(ctx context.Context, k bot.Key) (bot.Session, error) {
	if err := ctx.Err(); err != nil {
		return bot.Session{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return decode[bot.Session](m.sessions[k])
}

// UpdateSession implements bot.Sessions. The change must not use the store.
func (m *Memory) UpdateSession(ctx context.Context, k bot.Key, change func(*bot.Session)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s, err := decode[bot.Session](m.sessions[k])
	if err != nil {
		return err
	}
	change(&s)
	b, err := encodeSession(s)
	if err != nil {
		return err
	}
	if b == nil {
		delete(m.sessions, k)
		return nil
	}
	m.sessions[k] = b
	return nil
}

// PutAnswer implements bot.Answers.
func (m *Memory) PutAnswer(ctx context.Context, a bot.Answer) error {
	b, err := encode(ctx, a)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answers[a.ID] = b
	return nil
}

// Answer implements bot.Answers.
func (m *Memory) Answer(ctx context.Context, id string) (bot.Answer, error) {
	if err := ctx.Err(); err != nil {
		return bot.Answer{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.answer(id)
}

// UpdateAnswer implements bot.Answers.
func (m *Memory) UpdateAnswer(ctx context.Context, id string, change func(*bot.Answer)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	a, err := m.answer(id)
	if err != nil {
		return err
	}
	change(&a)
	b, err := encode(ctx, a)
	if err != nil {
		return err
	}
	m.answers[id] = b
	return nil
}

// answer gives the answer of an ID, bot.ErrNotKept where there is none. The lock is
// held.
func (m *Memory) answer(id string) (bot.Answer, error) {
	b, ok := m.answers[id]
	if !ok {
		return bot.Answer{}, fmt.Errorf("answer %q: %w", id, bot.ErrNotKept)
	}
	return decode[bot.Answer](b)
}

// PutOpinion implements bot.Opinions.
func (m *Memory) PutOpinion(ctx context.Context, o bot.Opinion) error {
	b, err := encode(ctx, o)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.answer(o.Answer.ID); err != nil {
		return err
	}
	m.opinions[opinionKey{o.User, o.Answer.ID}] = b
	return nil
}

// EachOpinion implements bot.Opinions.
func (m *Memory) EachOpinion(ctx context.Context, see func(bot.Opinion) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, k := range slices.SortedFunc(maps.Keys(m.opinions), opinionKey.compare) {
		o, err := decode[bot.Opinion](m.opinions[k])
		if err != nil {
			return err
		}
		if err := see(o); err != nil {
			return err
		}
	}
	return nil
}

// Opinions implements bot.Opinions.
func (m *Memory) Opinions(ctx context.Context) (good, bad int, err error) {
	if err := ctx.Err(); err != nil {
		return 0, 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, b := range m.opinions {
		o, err := decode[verdict](b)
		if err != nil {
			return 0, 0, err
		}
		if o.Good {
			good++
		} else {
			bad++
		}
	}
	return good, bad, nil
}

// Spend implements bot.Switches.
func (m *Memory) Spend(ctx context.Context, user, event int64, day string, limit int) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.spent[user]
	ok := s.spend(event, day, limit)
	m.spent[user] = s
	return ok, nil
}

// Maintenance implements bot.Switches.
func (m *Memory) Maintenance(ctx context.Context) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.closed, nil
}

// SetMaintenance implements bot.Switches.
func (m *Memory) SetMaintenance(ctx context.Context, on bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = on
	return nil
}
