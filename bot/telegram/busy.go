package telegram

import (
	"context"
	"sync"
	"time"
)

const (
	// noticeEvery is how often a chat is told that there is no room.
	noticeEvery = 10 * time.Second
	// maxNotices is how many such notices are on their way at once; events beyond
	// get none.
	maxNotices = 64
	// maxNoticed is how many chats are remembered before old ones are deleted.
	maxNoticed = 1000
)

// notices says who is told that there is no room.
type notices struct {
	mu    sync.Mutex
	going int
	last  map[int64]time.Time // by chat
}

func newNotices() *notices { return &notices{last: make(map[int64]time.Time)} }

// begin reports whether there is a notice for a job; end ends it. Presses and
// inline queries always get one, which is no message in the chat.
func (n *notices) begin(j *job) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.going >= maxNotices {
		return false
	}
	now := time.Now()
	if j.Query == "" {
		if last, ok := n.last[j.Chat.ID]; ok && now.Sub(last) < noticeEvery {
			return false
		}
		n.sweep(now)
		n.last[j.Chat.ID] = now
	}
	n.going++
	return true
}

func (n *notices) end() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.going--
}

// sweep forgets chats that may be told again. The lock is held.
func (n *notices) sweep(now time.Time) {
	if len(n.last) < maxNoticed {
		return
	}
	for chat, last := range n.last {
		if now.Sub(last) >= noticeEvery {
			delete(n.last, chat)
		}
	}
}

// turnAway tells a chat that there is no room for its event, and reports false
// where it is not told. The event is done with after that. A notice is tried once:
// a crash in between leaves the event to be handled by the next run.
func (r *run) turnAway(work context.Context, j *job) bool {
	if !r.notices.begin(j) {
		return false
	}
	r.tasks.Go(func() {
		defer r.notices.end()
		p := newPlan(r.handler.Busy(j.Event), false)
		if j.Query != "" {
			// Too late, or not at all: there is no room for more.
			_ = r.answer(work, j, p)
		}
		for _, part := range p.Parts {
			if !r.notify(work, j, part) {
				break
			}
		}
		r.forget(work, j.ID)
	})
	return true
}

// notify sends a message beside the jobs of a lane, and reports whether it
// arrived. It holds the lane: another message whose arrival is in doubt must not
// be taken for this one.
func (r *run) notify(ctx context.Context, j *job, p part) bool {
	l, done := r.lanes.use(lane(j.Event))
	defer done()
	if l.hold(ctx) != nil {
		return false
	}
	defer l.release()
	if r.limiter.Wait(ctx) != nil || r.fly(ctx) != nil {
		return false
	}
	defer r.land()
	id, err := r.api.send(ctx, callTimeout, r.place(j), p.in(marked))
	if err != nil {
		if asFault(err).kind == faultUnsure {
			r.ids.blur(r.chat(j))
		}
		return false
	}
	r.ids.sent(r.chat(j), id)
	r.sent(r.chat(j), l, id)
	return true
}
