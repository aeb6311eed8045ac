package llm

import (
	"sync"
	"time"
)

// breaker keeps calls from a server that is down: after some failures in a row
// none is let through until a cool-down has passed, then one, whose outcome
// decides for the others. Safe for concurrent use.
type breaker struct {
	limit    int
	coolDown time.Duration
	now      func() time.Time

	mu       sync.Mutex
	failures int // in a row
	until    time.Time
	probing  bool
}

// outcome is how a call that was let through ended.
type outcome int

const (
	undecided outcome = iota // the caller gave up
	worked
	failed
)

// enter lets a call through or gives ErrDown. A call let through ends with leave.
func (b *breaker) enter() (probe bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failures < b.limit {
		return false, nil
	}
	if b.probing || b.now().Before(b.until) {
		return false, ErrDown
	}
	b.probing = true
	return true, nil
}

// leave tells how a call ended. One that was let through before the breaker
// opened does not close it.
func (b *breaker) leave(probe bool, o outcome) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if probe {
		b.probing = false
	}
	open := b.failures >= b.limit
	switch {
	case o == worked && (probe || !open):
		b.failures = 0
	case o == failed && (probe || !open):
		b.failures++
		b.until = b.now().Add(b.coolDown)
	}
}
