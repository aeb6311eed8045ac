package bottest

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// updateLife is how long an update waits for the bot to take it.
const updateLife = 24 * time.Hour

// updates is what waits for the bot.
type updates struct {
	next    int64 // the ID of the next update
	queue   []queued
	again   []queued // taken already, delivered a second time
	held    []held   // not queued yet, in the order in which they will be
	timer   *time.Timer
	due     map[int64]time.Time // of the last update of each chat that was held
	allowed []string            // nil for all
	poll    chan *Error         // ends the poll that waits; nil for none
}

// queued is an update that waits.
type queued struct {
	id    int64
	lane  int64 // the chat or user; those of a lane stay in order
	at    time.Time
	body  json.RawMessage
	retry time.Time // when the webhook is tried again
	fails int
	busy  bool // on its way to the webhook
	twice bool // comes a second time
}

// held is an update that is held back.
type held struct {
	due    time.Time
	lane   int64
	update *wireUpdate
}

// push takes an update for the bot. The lock is held.
func (u *updates) push(s *Server, lane int64, w *wireUpdate) {
	if !u.wants(w) {
		return
	}
	if s.opt.MaxDelay <= 0 {
		u.enqueue(s, lane, w)
		return
	}
	if u.due == nil {
		u.due = make(map[int64]time.Time)
	}
	due := time.Now().Add(time.Duration(s.random.Int64N(int64(s.opt.MaxDelay))))
	if last := u.due[lane]; due.Before(last) {
		due = last
	}
	u.due[lane] = due
	at := len(u.held)
	for at > 0 && due.Before(u.held[at-1].due) {
		at--
	}
	u.held = slices.Insert(u.held, at, held{due: due, lane: lane, update: w})
	u.schedule(s)
}

// schedule sets the timer for the first update that is held back.
func (u *updates) schedule(s *Server) {
	if u.timer != nil {
		u.timer.Stop()
	}
	if len(u.held) > 0 {
		u.timer = time.AfterFunc(time.Until(u.held[0].due), func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			u.release(s)
		})
	}
}

// release queues what was held back long enough.
func (u *updates) release(s *Server) {
	for now := time.Now(); len(u.held) > 0 && !now.Before(u.held[0].due); {
		h := u.held[0]
		u.held = u.held[1:]
		u.enqueue(s, h.lane, h.update)
	}
	u.schedule(s)
}

func (u *updates) stop() {
	u.held = nil
	if u.timer != nil {
		u.timer.Stop()
	}
}

func (u *updates) enqueue(s *Server, lane int64, w *wireUpdate) {
	w.ID = u.next
	u.next++
	body, err := json.Marshal(w)
	if err != nil {
		panic(err) // The types of wire.go can all be marshalled.
	}
	u.queue = append(u.queue, queued{id: w.ID, lane: lane, at: time.Now(), body: body})
	s.notify()
}

// wants reports whether the bot wants updates of a kind.
func (u *updates) wants(w *wireUpdate) bool {
	kind := "message"
	switch {
	case w.Edited != nil:
		kind = "edited_message"
	case w.Callback != nil:
		kind = "callback_query"
	case w.Inline != nil:
		kind = "inline_query"
	case w.Member != nil:
		kind = "my_chat_member"
	}
	return len(u.allowed) == 0 || slices.Contains(u.allowed, kind)
}

// allow sets which kinds of update the bot wants, where it says so.
func (u *updates) allow(p params) *Error {
	if p["allowed_updates"] == "" {
		return nil
	}
	var kinds []string
	if err := json.Unmarshal([]byte(p["allowed_updates"]), &kinds); err != nil {
		return badRequest("Can't parse allowed_updates JSON array")
	}
	u.allowed = kinds
	return nil
}

// expire drops what has waited too long.
func (u *updates) expire() {
	u.queue = slices.DeleteFunc(u.queue, func(q queued) bool { return time.Since(q.at) > updateLife })
}

// forget drops the updates before an ID, and chooses those that come again.
func (u *updates) forget(s *Server, before int64) {
	n := 0
	for n < len(u.queue) && u.queue[n].id < before {
		u.repeat(s, u.queue[n])
		n++
	}
	u.queue = u.queue[n:]
}

// repeat chooses whether an update that was taken comes a second time.
func (u *updates) repeat(s *Server, q queued) {
	if q.twice || s.opt.Duplicate <= 0 || s.random.Float64() >= s.opt.Duplicate {
		return
	}
	q.twice = true
	u.again = append(u.again, q)
}

// take gives updates to a poll.
func (u *updates) take(limit int) []json.RawMessage {
	out := []json.RawMessage{}
	for len(u.again) > 0 && len(out) < limit {
		out = append(out, u.again[0].body)
		u.again = u.again[1:]
	}
	for _, q := range u.queue {
		if len(out) < limit {
			out = append(out, q.body)
		}
	}
	return out
}

// Pending is how many updates the bot has not taken yet.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.updates.queue) + len(s.updates.again) + len(s.updates.held)
}

// Renumber lets the IDs of updates go on at another number, as they do after a
// week without updates. What waits is given up.
func (s *Server) Renumber(next int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updates.queue, s.updates.again = nil, nil
	s.updates.next = next
}

// longestPoll is how long a poll may wait, in seconds, and maxUpdates how many
// updates it gives.
const (
	longestPoll = 50
	maxUpdates  = 100
)

func (s *Server) getUpdates(r *http.Request, p params) (any, *Error) {
	limit := int(p.integer("limit", maxUpdates, 1, maxUpdates))
	timeout := time.Duration(p.integer("timeout", 0, 0, longestPoll)) * time.Second
	s.mu.Lock()
	defer s.mu.Unlock()
	u := &s.updates
	if s.hook != nil {
		return nil, conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	if fail := u.allow(p); fail != nil {
		return nil, fail
	}
	u.expire()
	u.acknowledge(s, p.id("offset"))
	if out := u.take(limit); len(out) > 0 || timeout == 0 {
		return out, nil
	}
	u.endPoll(conflict("terminated by other getUpdates request; make sure that only one bot instance is running"))
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	return s.awaitUpdates(ctx, limit)
}

// awaitUpdates waits until there is an update, as the one poll that waits. The
// lock is held, but not while it waits.
func (s *Server) awaitUpdates(ctx context.Context, limit int) (out []json.RawMessage, fail *Error) {
	end := make(chan *Error, 1)
	s.updates.poll = end
	for len(out) == 0 && ctx.Err() == nil && fail == nil && !s.isClosed() {
		changed := s.changed
		s.mu.Unlock()
		select {
		case <-changed:
		case fail = <-end:
		case <-ctx.Done():
		case <-s.closed:
		}
		s.mu.Lock()
		out = s.updates.take(limit)
	}
	if s.updates.poll == end {
		s.updates.poll = nil
	}
	return out, fail
}

// acknowledge does what the offset of a poll asks for. One beyond the last update
// does nothing: IDs may have begun anew.
func (u *updates) acknowledge(s *Server, offset int64) {
	switch {
	case offset < 0:
		if drop := len(u.queue) + int(offset); drop > 0 {
			u.queue = u.queue[drop:]
		}
	case offset <= u.next:
		u.forget(s, offset)
	}
}

// endPoll ends the poll that waits. The lock is held.
func (u *updates) endPoll(fail *Error) {
	if u.poll != nil {
		u.poll <- fail
		u.poll = nil
	}
}
