package llm

import (
	"context"
	"net/http/httptrace"
	"sync"
	"time"
)

// trailerWait is how long a stream is listened to after the model said why it
// stopped: the count of tokens follows, and servers need not close.
const trailerWait = time.Second

// call is the record of one attempt: what went over the wire, and the clocks that
// bound it. The transport writes it and the caller reads it. Safe for concurrent
// use.
type call struct {
	limits Limits
	cancel context.CancelFunc
	begun  time.Time

	mu    sync.Mutex
	phase Phase
	left  time.Duration // of the phase
	timer *time.Timer   // nil while nothing is waited for
	since time.Time     // when the timer was started
	fault error         // the first

	pieces     int           // of text, thinking included
	first      time.Duration // to the first of them
	finish     string        // why the model stopped, "" until it said so
	promptSize int           // in tokens, as the server counts
	answerSize int
}

// callKey is the context key of the record.
type callKey struct{}

// startCall begins a record that lives in the returned context. The caller ends
// it with end.
func startCall(ctx context.Context, limits Limits) (context.Context, *call) {
	ctx, cancel := context.WithCancel(ctx)
	c := &call{limits: limits, cancel: cancel, begun: time.Now(), phase: PhaseConnect, left: limits.Connect}
	ctx = context.WithValue(ctx, callKey{}, c)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { c.connected() },
	}), c
}

// callFrom finds the record.
func callFrom(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// end stops the clocks and whatever still runs.
func (c *call) end() {
	c.pause()
	c.cancel()
}

// connected ends the first phase, once; a clock that runs is set anew.
func (c *call) connected() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase != PhaseConnect {
		return
	}
	running := c.timer != nil
	c.stop()
	c.phase, c.left = PhaseFirstToken, c.limits.FirstToken
	if running {
		c.start()
	}
}

// wait starts the clock of the phase.
func (c *call) wait() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stop()
	c.start()
}

// pause stops it, and keeps what is left.
func (c *call) pause() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stop()
}

// start starts the timer. It is called with the lock held.
func (c *call) start() {
	c.since = time.Now()
	var t *time.Timer
	t = time.AfterFunc(c.left, func() { c.expire(&t) })
	c.timer = t
}

// stop stops the timer. It is called with the lock held.
func (c *call) stop() {
	if c.timer == nil {
		return
	}
	c.timer.Stop()
	c.timer = nil
	c.left = max(0, c.left-time.Since(c.since))
}

// expire ends the call unless the timer was stopped in the meantime. The pointer
// is read under the lock, after start has set it.
func (c *call) expire(t **time.Timer) {
	c.mu.Lock()
	if c.timer != *t {
		c.mu.Unlock()
		return
	}
	c.timer = nil
	if c.fault == nil && c.finish == "" {
		c.fault = &TimeoutError{Phase: c.phase, Limit: c.limit()}
	}
	c.mu.Unlock()
	c.cancel()
}

// limit is the length of the phase.
func (c *call) limit() time.Duration {
	switch c.phase {
	case PhaseConnect:
		return c.limits.Connect
	case PhaseFirstToken:
		return c.limits.FirstToken
	}
	return c.limits.BetweenTokens
}

// overrule puts an error of the reader's own in the place of whatever was noted:
// leaving a stream early looks like a cut.
func (c *call) overrule(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fault = err
}

// fail notes what went wrong and ends the call; the first fault stays.
func (c *call) fail(err error) {
	c.mu.Lock()
	if c.fault == nil {
		c.fault = err
	}
	c.mu.Unlock()
	c.cancel()
}

// piece notes a piece of text and reports whether there were too many.
func (c *call) piece() (tooMany bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pieces == 0 {
		c.first = time.Since(c.begun)
	}
	c.pieces++
	c.phase, c.left = PhaseBetweenTokens, c.limits.BetweenTokens
	return c.pieces > c.limits.Pieces
}

// finished notes why the model stopped.
func (c *call) finished(reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.finish = reason
	c.phase, c.left = PhaseBetweenTokens, min(trailerWait, c.limits.BetweenTokens)
}

// usage notes the server's count of tokens.
func (c *call) usage(prompt, answer int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.promptSize, c.answerSize = prompt, answer
}

// facts are what a record tells once the attempt is over.
type facts struct {
	fault              error
	pieces             int
	first              time.Duration
	finish             string
	promptSize, answer int
}

// facts reads the record.
func (c *call) facts() facts {
	c.mu.Lock()
	defer c.mu.Unlock()
	return facts{c.fault, c.pieces, c.first, c.finish, c.promptSize, c.answerSize}
}
