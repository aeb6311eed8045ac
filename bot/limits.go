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
	// minute: 20 and 40. Half of that, and at least 5, may come at once.
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
	// every few letters typed. /forget counts with them, so that it works at once
	// after however many questions, and yet cannot keep the disk busy.
	oftenShare = 6
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
