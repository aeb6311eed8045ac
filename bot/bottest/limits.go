package bottest

import (
	"fmt"
	"math"
	"net/http"
	"time"
)

// What Telegram lets a bot send, by its FAQ ("My bot is hitting limits"): about 30
// messages a second overall, one a second in a chat with short bursts, 20 a minute
// in a group. The size of the bursts is not documented; five is what is seen.
const (
	overallRate  = 30
	privateRate  = 1
	privateBurst = 5
	groupCount   = 20
	groupTime    = time.Minute
)

type limits struct {
	overall bucket
}

// chatLimit is that of one chat.
type chatLimit struct {
	group  bool
	bucket bucket
	sent   []time.Time // in the last minute, in groups
}

func newChatLimit(kind string) chatLimit {
	return chatLimit{group: kind != kindPrivate, bucket: newBucket(privateRate, privateBurst)}
}

// limit refuses a call with 429 where there were too many. Calls that are refused
// do not count. Edits count like messages, drafts overall only.
func (s *Server) limit(method string, chat int64) *Error {
	if !s.opt.Limits {
		return nil
	}
	var wait time.Duration
	now := time.Now()
	switch method {
	case "sendMessage", "editMessageText", "editMessageReplyMarkup":
		wait = s.limits.overall.wait(now)
		if c := s.chats[chat]; c != nil {
			wait = max(wait, c.limit.wait(now))
			if wait == 0 {
				c.limit.take(now)
			}
		}
	case "sendMessageDraft":
		wait = s.limits.overall.wait(now)
	default:
		return nil
	}
	if wait == 0 {
		s.limits.overall.take(now)
		return nil
	}
	return tooMany(int(math.Ceil(wait.Seconds())))
}

func tooMany(seconds int) *Error {
	return &Error{
		Code: http.StatusTooManyRequests, RetryAfter: seconds,
		Description: fmt.Sprintf("Too Many Requests: retry after %d", seconds),
	}
}

func (l *chatLimit) wait(now time.Time) time.Duration {
	if !l.group {
		return l.bucket.wait(now)
	}
	for len(l.sent) > 0 && now.Sub(l.sent[0]) >= groupTime {
		l.sent = l.sent[1:]
	}
	if len(l.sent) < groupCount {
		return 0
	}
	return groupTime - now.Sub(l.sent[0])
}

func (l *chatLimit) take(now time.Time) {
	if l.group {
		l.sent = append(l.sent, now)
		return
	}
	l.bucket.take(now)
}

// bucket is a token bucket.
type bucket struct {
	rate, size float64
	tokens     float64
	at         time.Time
}

func newBucket(rate, size float64) bucket { return bucket{rate: rate, size: size, tokens: size} }

func (b *bucket) fill(now time.Time) {
	if !b.at.IsZero() {
		b.tokens = min(b.size, b.tokens+b.rate*now.Sub(b.at).Seconds())
	}
	b.at = now
}

// wait is how long it takes until a token is there.
func (b *bucket) wait(now time.Time) time.Duration {
	b.fill(now)
	if b.tokens >= 1 {
		return 0
	}
	return time.Duration((1 - b.tokens) / b.rate * float64(time.Second))
}

func (b *bucket) take(now time.Time) {
	b.fill(now)
	b.tokens--
}
