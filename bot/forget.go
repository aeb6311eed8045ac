package bot

import (
	"context"
	"sync"
)

// forgets counts how often each user's data was deleted while the program runs, so
// that work which began before that writes nothing after it.
type forgets struct {
	// mu is held by all at once who write, and alone to count.
	mu    sync.RWMutex
	times map[int64]int // by user
}

func (f *forgets) of(user int64) int {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.times[user]
}

// add waits for what is being written. What began before writes nothing any more.
func (f *forgets) add(user int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.times[user]++
}

// write makes a change of the store that keeps something of the user's, and reports
// whether it was made. It is not where the user's data was deleted since the
// exchange began: what was to be written is of before.
func (b *Bot) write(x *exchange, doing string, change func() error) bool {
	b.forgets.mu.RLock()
	defer b.forgets.mu.RUnlock()
	if b.forgets.times[x.event.User.ID] != x.forgets {
		b.opt.Logger.Info("not kept, since the user had all forgotten", "event", x.event.ID)
		return false
	}
	return b.check(x.event, doing, change())
}

// updateSession is write for the session of the conversation.
func (b *Bot) updateSession(ctx context.Context, x *exchange, doing string, change func(*Session)) bool {
	return b.write(x, doing, func() error { return b.opt.Store.UpdateSession(ctx, x.event.Key(), change) })
}

// keep is write for an answer.
func (b *Bot) keep(ctx context.Context, x *exchange, a Answer) bool {
	return b.write(x, "keep answer", func() error { return b.opt.Store.PutAnswer(ctx, a) })
}

// forgetCommand deletes all that is kept of a user, and keeps nothing of having
// been told to: the same event again deletes again. What the user's other chats
// are being answered is not kept: neither that begun before, nor that begun on
// data which was being deleted.
func (b *Bot) forgetCommand(ctx context.Context, x *exchange) Reply {
	user := x.event.User.ID
	b.forgets.add(user)
	err := b.opt.Store.Forget(ctx, user)
	b.forgets.add(user)
	if !b.check(x.event, "forget user", err) {
		return x.trouble()
	}
	b.opt.Forgotten(ctx)
	return Say(x.words.ForgetDone)
}
