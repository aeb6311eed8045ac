package session

import (
	"context"
	"time"

	"wenbao/bot"
)

// Forget implements bot.Store.
func (m *Memory) Forget(ctx context.Context, user int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.spent, user)
	for k := range m.sessions {
		if k.User == user {
			delete(m.sessions, k)
		}
	}
	for id, b := range m.answers {
		a, err := decode[bot.Answer](b)
		if err != nil {
			return err
		}
		if a.Key.User == user {
			delete(m.answers, id)
		}
	}
	for k, b := range m.opinions {
		o, err := decode[bot.Opinion](b)
		if err != nil {
			return err
		}
		if k.user == user || o.Answer.Key.User == user {
			delete(m.opinions, k)
		}
	}
	return nil
}

// Move implements bot.Store. Where a conversation goes on in both chats, the
// session that changed last stays.
func (m *Memory) Move(ctx context.Context, from, to int64) error {
	if err := ctx.Err(); err != nil || from == to {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.moveSessions(from, to); err != nil {
		return err
	}
	for id, b := range m.answers {
		a, err := decode[bot.Answer](b)
		if err != nil {
			return err
		}
		if a.Key.Chat != from {
			continue
		}
		a.Key.Chat, a.MovedFrom = to, from
		if m.answers[id], err = encode(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

func (m *Memory) moveSessions(from, to int64) error {
	for k, b := range m.sessions {
		if k.Chat != from {
			continue
		}
		moved := bot.Key{User: k.User, Chat: to, Thread: k.Thread}
		old, err := decode[bot.Session](b)
		if err != nil {
			return err
		}
		there, err := decode[bot.Session](m.sessions[moved])
		if err != nil {
			return err
		}
		if m.sessions[moved] == nil || there.Used.Before(old.Used) {
			m.sessions[moved] = b
		}
		delete(m.sessions, k)
	}
	return nil
}

// Expire implements bot.Store.
func (m *Memory) Expire(ctx context.Context, sessions, answers time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for k, b := range m.sessions {
		s, err := decode[bot.Session](b)
		if err != nil {
			return err
		}
		if s.Used.Before(sessions) {
			delete(m.sessions, k)
		}
	}
	for id, b := range m.answers {
		a, err := decode[bot.Answer](b)
		if err != nil {
			return err
		}
		if a.At.Before(answers) {
			delete(m.answers, id)
		}
	}
	for k, b := range m.opinions {
		v, err := decode[verdict](b)
		if err != nil {
			return err
		}
		if v.At.Before(answers) {
			delete(m.opinions, k)
		}
	}
	return nil
}
