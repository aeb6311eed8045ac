package session

import (
	"context"
	"encoding/json"
	"fmt"

	"wenbao/bot"
)

// verdict is what of a bot.Opinion is counted.
type verdict struct {
	Good bool `json:"good"`
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

// spent is what a user has used up of a day's allowance.
type spent struct {
	Day string `json:"day"`
	N   int    `json:"n"`
}

// spend takes one, if there is one left. Another day begins with nothing spent.
func (s *spent) spend(day string, limit int) bool {
	if s.Day != day {
		*s = spent{Day: day}
	}
	if s.N >= limit {
		return false
	}
	s.N++
	return true
}
