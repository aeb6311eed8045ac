package bottest

import (
	"context"
	"slices"
	"time"
)

// Call is one call of the bot's, other than a getUpdates that went well. What does not apply to
// its method is zero.
type Call struct {
	Time   time.Time
	Method string
	// Done says that it took effect, Cut that the bot was not told.
	Done, Cut bool
	// Error is the answer to a call that was refused.
	Error *Error

	Chat    int64
	Thread  int
	Message int // sent, edited or deleted
	ReplyTo int
	// Text is what people see, HTML what the bot sent.
	Text     string
	HTML     string
	Entities []Entity
	Buttons  [][]Button

	Draft  int64  // of sendMessageDraft
	Action string // of sendChatAction

	Query string // the callback or inline query that is answered
	Alert bool   // the callback query's Text is to be closed by hand
	// Results and Next answer an inline query; Hint is the line above them.
	Results []InlineResult
	Next    string
	Hint    string
}

// calls keeps what the bot did.
type calls struct {
	list   []Call
	first  int // how many were dropped before list
	cursor int // of Next
	counts map[string]int
}

func (c *calls) add(call Call, keep int) {
	c.count(call.Method)
	c.list = append(c.list, call)
	// Half is dropped at a time, so that each call is moved about once.
	if keep > 0 && len(c.list) > 2*keep {
		drop := len(c.list) - keep
		c.list = slices.Clone(c.list[drop:])
		c.first += drop
	}
}

func (c *calls) count(method string) {
	if c.counts == nil {
		c.counts = make(map[string]int)
	}
	c.counts[method]++
}

// counted counts a call that is not kept.
func (s *Server) counted(method string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls.count(method)
}

// Calls are the calls so far, in order, those that were refused included.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls.list)
}

// Count is how often a method was called, refusals included; polls, which wait,
// are counted when they are answered.
func (s *Server) Count(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls.counts[method]
}

// Next waits for the next call that it has not given yet: of one of the methods
// named, passing over all others, or of any where none is named.
func (s *Server) Next(ctx context.Context, methods ...string) (Call, error) {
	for {
		s.mu.Lock()
		c := &s.calls
		for c.cursor = max(c.cursor, c.first); c.cursor < c.first+len(c.list); {
			call := c.list[c.cursor-c.first]
			c.cursor++
			if len(methods) == 0 || slices.Contains(methods, call.Method) {
				s.mu.Unlock()
				return call, nil
			}
		}
		changed := s.changed
		s.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return Call{}, context.Cause(ctx)
		}
	}
}
