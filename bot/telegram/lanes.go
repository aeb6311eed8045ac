package telegram

import (
	"context"
	"sync"
	"time"

	"wenbao/bot"
	"wenbao/bot/journal"
)

// job is an event on its way, with what the journal has of it.
type job struct {
	incoming
	lane  *chatLane
	live  *live
	entry journal.Entry
	// taken is when it was taken, zero for one found in the journal.
	taken time.Time
	// old says that an earlier run of the program has worked on it: what it has
	// begun may have gone out.
	old bool

	counted bool // it is one of lanes.waiting

	// interrupt and abandon end the work on it, the first only Handle; set while
	// it runs.
	interrupt, abandon context.CancelCauseFunc
}

// chatLane is what a chat does: one job after the other.
type chatLane struct {
	id      int64
	waiting []*job
	running *job
	users   int // goroutines that hold it
	// sending is held, by putting something into it, while a message goes out to
	// the chat and it is not known yet whether it arrived. It is a channel because
	// that can take long, and ends with a context.
	sending chan struct{}
	// last is the highest ID of a message of the bot's in the chat; it belongs to
	// who holds sending.
	last int
}

// hold takes sending.
func (l *chatLane) hold(ctx context.Context) error {
	select {
	case l.sending <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (l *chatLane) release() { <-l.sending }

// verdict is what becomes of a job that comes in.
type verdict int

const (
	// begins: its lane was idle; the caller drains it.
	begins verdict = iota
	// waits behind others of its lane.
	waits
	// overflows: there is no room.
	overflows
)

// lanes holds the jobs of all chats. It is safe for concurrent use.
type lanes struct {
	room, perChat int
	interrupts    func(bot.Event) bool
	queued        func(int)

	mu      sync.Mutex
	open    map[int64]*chatLane
	waiting int // in all, those included whose turn it is but for whom no worker is free
}

func newLanes(room, perChat int, interrupts func(bot.Event) bool, queued func(int)) *lanes {
	return &lanes{room: room, perChat: perChat, interrupts: interrupts, queued: queued, open: make(map[int64]*chatLane)}
}

// add puts a job into its lane. Jobs from the journal always find room. An event
// that interrupts ends the Handle of an earlier one of its conversation, whether
// there is room for it or not; that a chat is gone ends all that goes on in it, and
// gives what waited there.
func (s *lanes) add(j *job) (v verdict, dropped []*job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := lane(j.Event)
	l := s.borrow(id)
	defer s.giveBack(l)
	j.lane = l
	if j.Kind == bot.EventGone {
		dropped = s.clear(l)
	} else if l.running != nil && l.running.Key() == j.Key() && s.interrupts(j.Event) {
		l.running.interrupt(bot.ErrInterrupted)
	}
	if !j.old && !mustHear(j.Kind) && (s.waiting >= s.room || len(l.waiting) >= s.perChat) {
		return overflows, dropped
	}
	idle := l.running == nil && len(l.waiting) == 0
	l.waiting = append(l.waiting, j)
	j.counted = true
	s.count(1)
	if !idle {
		return waits, dropped
	}
	l.users++ // the caller's drain
	return begins, dropped
}

// mustHear reports whether the handler hears of an event in any case: what became
// of a chat is said once only.
func mustHear(k bot.EventKind) bool {
	return k == bot.EventGone || k == bot.EventMoved
}

// next begins the job whose turn it is, nil where there is none: the lane is idle
// then, and its drain is over. The first context is Handle's, done from the start
// where an event that interrupts waits behind; the second is that of the whole job.
func (s *lanes) next(ctx context.Context, l *chatLane) (handle, all context.Context, j *job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l.running = nil
	if len(l.waiting) == 0 {
		s.giveBack(l)
		return nil, nil, nil
	}
	j = l.waiting[0]
	l.waiting[0] = nil
	l.waiting = l.waiting[1:]
	all, j.abandon = context.WithCancelCause(ctx)
	handle, j.interrupt = context.WithCancelCause(all)
	l.running = j
	for _, later := range l.waiting {
		if later.Key() == j.Key() && s.interrupts(later.Event) {
			j.interrupt(bot.ErrInterrupted)
			break
		}
	}
	return handle, all, j
}

// begun says that a job waits no longer: it is being handled, or given up.
func (s *lanes) begun(j *job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if j.counted {
		j.counted = false
		s.count(-1)
	}
}

// behind reports whether another job of its topic comes before a job.
func (s *lanes) behind(j *job) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.open[lane(j.Event)]
	if l == nil || l.running == j {
		return false
	}
	if l.running != nil && l.running.Chat.Thread == j.Chat.Thread {
		return true
	}
	for _, earlier := range l.waiting {
		if earlier == j || earlier.Chat.Thread == j.Chat.Thread {
			return earlier != j
		}
	}
	return false
}

// leave ends a drain while jobs may still wait, and gives those: they stay in the
// journal.
func (s *lanes) leave(l *chatLane) (left []*job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	left = l.waiting
	s.count(-len(left))
	l.waiting, l.running = nil, nil
	s.giveBack(l)
	return left
}

// gone takes out what waits in a chat that nobody hears any more.
func (s *lanes) gone(l *chatLane) []*job {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clear(l)
}

// clear ends the job that runs in a lane and takes out those that wait, but for
// what the handler must hear. The lock is held.
func (s *lanes) clear(l *chatLane) (dropped []*job) {
	if l.running != nil && !mustHear(l.running.Kind) {
		l.running.abandon(bot.ErrGone)
	}
	var kept []*job
	for _, j := range l.waiting {
		if mustHear(j.Kind) {
			kept = append(kept, j)
		} else {
			dropped = append(dropped, j)
		}
	}
	l.waiting = kept
	s.count(-len(dropped))
	return dropped
}

// use gives a chat's lane for something beside its jobs, until it is given back
// with done.
func (s *lanes) use(id int64) (l *chatLane, done func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l = s.borrow(id)
	return l, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.giveBack(l)
	}
}

// borrow and giveBack count the users of a lane, which is there while it has any.
// The lock is held.
func (s *lanes) borrow(id int64) *chatLane {
	l := s.open[id]
	if l == nil {
		l = &chatLane{id: id, sending: make(chan struct{}, 1)}
		s.open[id] = l
	}
	l.users++
	return l
}

func (s *lanes) giveBack(l *chatLane) {
	if l.users--; l.users == 0 {
		delete(s.open, l.id)
	}
}

// count changes how many jobs wait. The lock is held.
func (s *lanes) count(by int) {
	s.waiting += by
	s.queued(s.waiting)
}
