package bottest

import (
	"net/http"
	"slices"
	"time"
)

// Fault is something that goes wrong with calls of the bot's.
type Fault struct {
	// Method and Chat say which calls, "" and 0 for all.
	Method string
	Chat   int64
	// Skip is how many such calls go well before, Times how many then go wrong,
	// 0 for one and less than 0 for all.
	Skip, Times int

	// Delay holds a call up; what is set below then happens.
	Delay time.Duration
	// CutBefore cuts the connection and does nothing; CutAfter does the call and
	// then cuts the connection, so that the bot is not told.
	CutBefore, CutAfter bool
	// HTML answers 502 with a page that is not JSON.
	HTML bool
	// Code refuses the call, with a Description that has a default, and for 429
	// with RetryAfter in seconds; with a Description as it is, 0 for none.
	Code        int
	Description string
	RetryAfter  int
}

// stops reports whether a call with the fault is not done at all.
func (f *Fault) stops() bool { return f.CutBefore || f.HTML || f.Code != 0 }

// Fail makes calls go wrong. Of several faults that fit a call the first happens.
func (s *Server) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	s.faults = append(s.faults, &f)
}

// Heal takes all faults back.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// fault gives what goes wrong with a call, the zero Fault for nothing.
func (s *Server) fault(method string, chat int64) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		if f.Method != "" && f.Method != method || f.Chat != 0 && f.Chat != chat {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		if f.Times--; f.Times == 0 {
			s.faults = slices.Delete(s.faults, i, i+1)
		}
		return *f
	}
	return Fault{}
}

// err is the answer to a call that a fault refuses.
func (f *Fault) err() *Error {
	e := &Error{Code: f.Code, Description: f.Description, RetryAfter: f.RetryAfter}
	switch {
	case f.Description != "":
	case f.Code == http.StatusTooManyRequests:
		e = tooMany(max(1, f.RetryAfter))
	case f.Code == http.StatusForbidden:
		e.Description = "Forbidden: bot was blocked by the user"
	default:
		e.Description = http.StatusText(f.Code)
	}
	return e
}
