package session

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"wenbao/bot"
)

// verdict is what of a bot.Opinion is counted, and when it expires.
type verdict struct {
	Good bool      `json:"good"`
	At   time.Time `json:"at"`
}

// decode reads JSON; nil is the zero value.
func decode[T any](b []byte) (v T, err error) {
	if b == nil {
		return v, nil
	}
	if err := json.Unmarshal(b, &v); err != nil {
		return v, fmt.Errorf("decode %T: %w", v, err)
	}
	return v, nil
}

// encode gives v as JSON, unless ctx is done.
func encode(ctx context.Context, v any) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode %T: %w", v, err)
	}
	return b, nil
}

// encodeSession gives s as JSON, nil where it is empty.
func encodeSession(s bot.Session) ([]byte, error) {
	if empty(s) {
		return nil, nil
	}
	b, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("encode session: %w", err)
	}
	return b, nil
}

// empty reports whether nothing is in a session but when it was used.
func empty(s bot.Session) bool {
	return len(s.Places) == 0 && s.Years.IsZero() && s.Lang == "" && len(s.Turns) == 0
}

// keptEvents is how many events are remembered that have taken their own. Those that
// come again after a crash are among a user's last few: one for each chat in which
// the user was being answered.
const keptEvents = 16

// spent is what a user has used up of a day's allowance.
type spent struct {
	Day    string  `json:"day"`
	N      int     `json:"n"`
	Events []int64 `json:"events,omitempty"` // the last that took one, oldest first
}

// spend takes one for an event, if there is one left or it has its own already. A
// later day begins with nothing spent.
func (s *spent) spend(event int64, day string, limit int) bool {
	if slices.Contains(s.Events, event) {
		return true
	}
	if day > s.Day {
		s.Day, s.N = day, 0
	}
	if s.N >= limit {
		return false
	}
	s.N++
	s.Events = append(s.Events[max(0, len(s.Events)-keptEvents+1):len(s.Events):len(s.Events)], event)
	return true
}
