package telegram

import (
	"context"
	"sync"
	"time"

	"wenbao/bot"
)

// noticeEvery is how often somebody is told that there is no room. What they write
// in between is answered by the next notice.
const noticeEvery = 10 * time.Second

// notices are the events that wait for a notice that there is no room for them, by
// who is told: each conversation. The zero value is ready.
type notices struct {
	mu      sync.Mutex
	waiting map[bot.Key]*notice
}

// notice is what one conversation is to be told.
type notice struct {
	last *job    // what it answers, nil for nothing
	ids  []int64 // all the events that it is about
}

// add has an event wait, and reports whether its conversation was not being told
// anything: the caller sees to that.
func (n *notices) add(j *job) (first bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	k := j.Key()
	all, ok := n.waiting[k]
	if !ok {
		if n.waiting == nil {
			n.waiting = make(map[bot.Key]*notice)
		}
		all = &notice{}
		n.waiting[k] = all
	}
	all.last, all.ids = j, append(all.ids, j.ID)
	return !ok
}

// take gives what a conversation is to be told now. Where that is nothing, the
// conversation is forgotten.
func (n *notices) take(k bot.Key) notice {
	n.mu.Lock()
	defer n.mu.Unlock()
	all := n.waiting[k]
	now := *all
	if now.last == nil {
		delete(n.waiting, k)
	}
	*all = notice{}
	return now
}

// giveBack has what could not be told wait again.
func (n *notices) giveBack(k bot.Key, old notice) {
	n.mu.Lock()
	defer n.mu.Unlock()
	all := n.waiting[k]
	if all.last == nil {
		all.last = old.last
	}
	all.ids = append(all.ids, old.ids...)
}

// turnAway tells whose event it is that there is no room for it. The event is done
// with after that; a crash in between leaves it to be handled by the next run.
func (r *run) turnAway(work context.Context, j *job) {
	switch {
	case j.Query != "":
		r.tasks.Go(func() {
			r.guard("notice", j.Event, func() { r.turnQueryAway(work, j) })
			r.forget(work, j.ID)
		})
	case r.notices.add(j):
		r.tasks.Go(func() { r.tell(work, j.Key()) })
	}
}

// turnQueryAway answers a press or an inline query for which there is no room, a
// press that cannot be answered by a message.
func (r *run) turnQueryAway(work context.Context, j *job) {
	p := newPlan(r.handler.Busy(j.Event), false)
	if r.limiter.Wait(work) != nil {
		return
	}
	if r.answer(work, j, p) != nil && j.Kind == bot.EventPress {
		p = p.spoken()
	}
	r.notify(work, j, p)
}

// tell gives a conversation its notices until there is nothing more to say. What
// waits at the end of the program is left to the next one.
func (r *run) tell(work context.Context, k bot.Key) {
	for {
		n := r.notices.take(k)
		if n.last == nil {
			return
		}
		told := true
		r.guard("notice", n.last.Event, func() {
			told = r.notify(work, n.last, newPlan(r.handler.Busy(n.last.Event), false))
		})
		if told {
			r.forget(work, n.ids...)
		} else {
			r.notices.giveBack(k, n)
		}
		select {
		case <-time.After(noticeEvery):
		case <-r.ending:
			return
		}
	}
}

// notify sends messages beside the jobs of a lane, and reports false where that
// may be tried again. It holds the lane: another message whose arrival is in doubt
// must not be taken for one of these.
func (r *run) notify(ctx context.Context, j *job, p plan) bool {
	l, done := r.lanes.use(lane(j.Event))
	defer done()
	if l.hold(ctx) != nil {
		return false
	}
	defer l.release()
	for _, x := range p.Parts {
		if r.limiter.Wait(ctx) != nil || r.fly(ctx) != nil {
			return false
		}
		if f := r.sendNotice(ctx, j, l, x); f != nil {
			return f.kind != faultWait && f.kind != faultUnreached
		}
	}
	return true
}

// sendNotice sends one message, once, and ends its flight.
func (r *run) sendNotice(ctx context.Context, j *job, l *chatLane, x part) *fault {
	defer r.land()
	to := r.place(j)
	id, err := r.api.send(ctx, callTimeout, to, x.in(marked))
	f := asFault(err)
	switch {
	case f == nil:
		r.ids.sent(to.chat, id)
		r.sent(to.chat, l, id)
	case f.kind == faultUnsure:
		r.ids.blur(to.chat)
	}
	return f
}
