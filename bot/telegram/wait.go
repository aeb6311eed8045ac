package telegram

import (
	"context"
	"math/rand/v2"
	"time"
)

// The first waits after a fault, which then double up to longestWait. Polls begin
// low: a poll that is lost is common and repeating it costs nothing.
const (
	firstPollWait = 100 * time.Millisecond
	firstSendWait = 500 * time.Millisecond
	longestWait   = 30 * time.Second
)

// backoff gives waits that double.
type backoff struct{ first, wait time.Duration }

func newBackoff(first time.Duration) *backoff { return &backoff{first: first} }

// next is how long to wait now, with up to a fifth more, so that those who failed
// together do not come back together.
func (b *backoff) next() time.Duration {
	b.wait = min(max(b.first, 2*b.wait), longestWait)
	return jitter(b.wait)
}

// reset makes the next wait the first one again.
func (b *backoff) reset() { b.wait = 0 }

// jitter adds up to a fifth to a wait, which counts as none where it is negative.
func jitter(d time.Duration) time.Duration {
	d = max(d, 0)
	return d + rand.N(d/5+1)
}

// sleep waits, or gives the cause for which ctx was done before.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
