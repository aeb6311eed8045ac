package bot

import (
	"cmp"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits keep one user from taking what is there for all. A zero field means the
// default that it names, a negative one no limit.
type Limits struct {
	// UserPerMinute and ChatPerMinute are how many events that search for
	// something one user, and all users of a group together, may cause in a
	// minute: 20 and 40. Half of that, and at least 5, may come at once. Of inline
	// queries and of what searches for nothing a user has six times as many.
	UserPerMinute, ChatPerMinute float64
	// ModelPerDay is how many questions a day a user may put to the model; after
	// that answers are printed words. 0 is no limit.
	ModelPerDay int
	// Question is the longest question in characters: 500.
	Question int
	// Document is the largest document in bytes: 20 MB, which is what the Bot API
	// lets bots fetch.
	Document int64
}

// The defaults of Limits. Twenty a minute is faster than anybody reads answers;
// those who turn pages and look at sources come near ten.
const (
	defaultUserPerMinute = 20
	defaultChatPerMinute = 40
	defaultQuestion      = 500
	defaultDocument      = 20 << 20
)

func (l Limits) orDefault() Limits {
	l.UserPerMinute = cmp.Or(l.UserPerMinute, defaultUserPerMinute)
	l.ChatPerMinute = cmp.Or(l.ChatPerMinute, defaultChatPerMinute)
	l.Question = cmp.Or(l.Question, defaultQuestion)
	l.Document = cmp.Or(l.Document, defaultDocument)
	return l
}

// Expiry is how long things are kept. A zero field means its default.
type Expiry struct {
	// History is how old an earlier question may be to help understand a new one:
	// 24 hours.
	History time.Duration
	// Sessions and Answers are how long those are kept unchanged: 30 days each.
	// A Bot only tells users of it: who runs it calls Store.Expire.
	Sessions, Answers time.Duration
}

// The defaults of Expiry.
const (
	DefaultHistory = 24 * time.Hour
	DefaultKept    = 30 * 24 * time.Hour
)

func (x Expiry) orDefault() Expiry {
	x.History = cmp.Or(x.History, DefaultHistory)
	x.Sessions = cmp.Or(x.Sessions, DefaultKept)
	x.Answers = cmp.Or(x.Answers, DefaultKept)
	return x
}

const (
	// leastBurst lets a few questions come one upon the other, as they do when
	// somebody begins.
	leastBurst = 5
	// burstMinutes is how much of a minute's allowance may come at once.
	burstMinutes = 0.5
	// oftenShare is how many inline queries count as one question: one is sent for
	// every few letters typed. Buttons, commands and stickers count with them: who
	// presses as fast as a telephone reacts is not slowed down.
	oftenShare = 6
	// forgetsPerMinute is how often a user may have all forgotten, whatever the
	// limits: each time two files are written anew, for which all others wait. Five
	// at once are enough for who is not sure that it has worked.
	forgetsPerMinute = 2
	// sweepAt is the least number of buckets at which full ones are dropped.
	sweepAt = 1024
)

// buckets are token buckets by ID. They are safe for concurrent use.
type buckets struct {
	perMinute float64 // negative: no limit
	burst     int

	mu    sync.Mutex
	of    map[int64]*rate.Limiter
	sweep int // the number of buckets at which to drop full ones
}

func newBuckets(perMinute float64) *buckets {
	burst := max(leastBurst, int(perMinute*burstMinutes))
	return &buckets{perMinute: perMinute, burst: burst, of: map[int64]*rate.Limiter{}, sweep: sweepAt}
}

// take takes a token, or gives how long it takes until there is one.
func (b *buckets) take(id int64, now time.Time) (wait time.Duration) {
	if b.perMinute < 0 {
		return 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.bucket(id, now).ReserveN(now, 1)
	if wait = r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

// has reports whether take would take a token.
func (b *buckets) has(id int64, now time.Time) bool {
	if b.perMinute < 0 {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	l, ok := b.of[id]
	return !ok || l.TokensAt(now) >= 1
}

func (b *buckets) bucket(id int64, now time.Time) *rate.Limiter {
	if l, ok := b.of[id]; ok {
		return l
	}
	if len(b.of) >= b.sweep {
		for id, l := range b.of {
			if l.TokensAt(now) >= float64(b.burst) { // as good as a new one
				delete(b.of, id)
			}
		}
		b.sweep = max(sweepAt, 2*len(b.of))
	}
	l := rate.NewLimiter(rate.Limit(b.perMinute/60), b.burst)
	b.of[id] = l
	return l
}

// seconds rounds up: who waits as long has waited long enough.
func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }
