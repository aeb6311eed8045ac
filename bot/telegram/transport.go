package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"wenbao/bot"
	"wenbao/bot/journal"
)

// Doer does HTTP requests, as *http.Client does.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Journal keeps updates and replies until they are done with; *journal.Journal is
// one, and says what the methods do. What a method was given is on the disk when
// it returns.
type Journal interface {
	Own(ctx context.Context, bot int64) error
	Take(ctx context.Context, entries []journal.Entry) (fresh []journal.Entry, err error)
	Tried(ctx context.Context, id int64) error
	Opening(ctx context.Context, id, floor int64) error
	Opened(ctx context.Context, id, message int64) error
	Plan(ctx context.Context, id int64, plan []byte, floor int64) error
	Raise(ctx context.Context, id, floor int64) error
	Sent(ctx context.Context, id int64, part int, message int64) error
	Done(ctx context.Context, ids ...int64) error
	Pending(ctx context.Context) ([]journal.Entry, error)
	Floors(ctx context.Context) (map[int64]int64, error)
	Prune(ctx context.Context, before time.Time) error
}

// Meter counts what the transport does. It is safe for concurrent use and does
// not wait.
type Meter interface {
	// Update counts an update by its bot.EventKind, once however often it comes,
	// "other" for what is of no concern, "unreadable" for what cannot be read.
	Update(kind string)
	// Queued says how many events wait now.
	Queued(n int)
	// TooMany counts an answer 429.
	TooMany()
	// Delivered counts an event answered, with the time from its taking to the
	// first message sent.
	Delivered(kind string, took time.Duration)
	// Panicked counts a panic, of the handler or of what is around it.
	Panicked()
	// Faults counts a call that failed, by method and class of fault.
	Faults(method, class string)
}

// Options are what a Transport works with. Token and Journal are required.
type Options struct {
	Token string
	// URL is the Bot API server, "" for DefaultURL.
	URL string
	// Client does the requests; nil makes an http.Client that goes by the proxies
	// of the environment.
	Client  Doer
	Journal Journal
	Meter   Meter        // nil counts nothing
	Logger  *slog.Logger // nil drops what is logged

	// Workers is how many events are handled at once, 0 for DefaultWorkers. Those
	// whose reply waits for Telegram do not count.
	Workers int
	// Queue is how many events may wait in all, 0 for DefaultQueue; PerChat how many
	// in one chat, 0 for DefaultPerChat. One more gets Handler.Busy.
	Queue, PerChat int
	// Rate is how many messages a second are sent overall, 0 for DefaultRate, which
	// is what Telegram allows. Live text and typing take only what is spare of it.
	Rate float64
	// EditEvery is how often live text is edited in groups, 0 for 3 s, which is 20
	// times a minute as Telegram allows; there is none where much was written to the
	// group. DraftEvery is how often it is drawn in private chats, 0 for 500 ms.
	EditEvery, DraftEvery time.Duration
	// Grace is how long Run may go on after the end was asked for, 0 for DefaultGrace.
	Grace time.Duration

	// Webhook has updates sent to the program; nil asks for them.
	Webhook *Webhook
	// Commands lists the commands for Telegram's menus, as bot.Commands does; nil
	// leaves the menus as they are.
	Commands func(lang string, scope bot.CommandScope) []bot.CommandInfo
	// Admins are users whose private chats show the commands of bot.ScopeAdmin.
	Admins []int64
	// Started, where set, is called once Telegram has accepted the token.
	Started func(username string)
}

// Defaults of Options.
const (
	DefaultURL     = "https://api.telegram.org"
	DefaultWorkers = 64
	DefaultQueue   = 1000
	DefaultPerChat = 20
	DefaultRate    = 30 // messages a second
	DefaultGrace   = 20 * time.Second

	defaultEditEvery  = 3 * time.Second
	defaultDraftEvery = 500 * time.Millisecond
)

// keepDone is how long the IDs of updates that are done with are kept, to know
// them when they come again: Telegram keeps updates for 24 hours.
const keepDone = 48 * time.Hour

// pruneEvery is how often older IDs are deleted.
const pruneEvery = time.Hour

// errStarting is what Ready says before the first contact.
var errStarting = errors.New("not in contact with telegram yet")

// Transport carries a Handler over the Bot API. It implements bot.Files. Its
// methods are safe for concurrent use, but Run is for one call at a time.
type Transport struct {
	opt     Options
	api     *api
	log     *slog.Logger
	limiter *rate.Limiter
	ids     heights

	mu     sync.Mutex
	me     self
	health error // nil while updates come in
}

// New makes a Transport. It does not call Telegram.
func New(o Options) (*Transport, error) {
	o = o.filled()
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("telegram: %w", err)
	}
	t := &Transport{
		opt:     o,
		log:     o.Logger,
		limiter: rate.NewLimiter(rate.Limit(o.Rate), max(1, int(o.Rate))),
		health:  errStarting,
	}
	var err error
	t.api, err = newAPI(o.Client, o.URL, o.Token, t.fault)
	if err != nil {
		return nil, fmt.Errorf("telegram: %w", err)
	}
	return t, nil
}

func (o Options) validate() error {
	switch {
	case !ValidToken(o.Token):
		return errors.New("token does not look like 123456:ABC-DEF")
	case o.Journal == nil:
		return errors.New("no journal")
	case o.Workers < 0 || o.Queue < 0 || o.PerChat < 0 || o.Rate < 0 || o.EditEvery < 0 || o.DraftEvery < 0 || o.Grace < 0:
		return errors.New("a limit is negative")
	}
	if o.Webhook != nil {
		return o.Webhook.validate()
	}
	return nil
}

// filled sets what was left out.
func (o Options) filled() Options {
	fill(&o.Workers, DefaultWorkers)
	fill(&o.Queue, DefaultQueue)
	fill(&o.PerChat, DefaultPerChat)
	fill(&o.Rate, DefaultRate)
	fill(&o.EditEvery, defaultEditEvery)
	fill(&o.DraftEvery, defaultDraftEvery)
	fill(&o.Grace, DefaultGrace)
	fill(&o.URL, DefaultURL)
	o.URL = strings.TrimRight(o.URL, "/")
	if o.Client == nil {
		o.Client = newClient()
	}
	if o.Meter == nil {
		o.Meter = uncounted{}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// fill sets a value that is zero.
func fill[T comparable](v *T, missing T) {
	var zero T
	if *v == zero {
		*v = missing
	}
}

// idleConns is how many connections to Telegram are kept: as many as messages go
// out at once, and the poll.
const idleConns = maxInFlight + 1

// newClient makes the HTTP client. It has no timeout of its own: each call has.
func newClient() *http.Client {
	dialer := http.DefaultTransport
	if base, ok := dialer.(*http.Transport); ok {
		own := base.Clone()
		own.MaxIdleConnsPerHost = idleConns
		dialer = own
	}
	return &http.Client{
		Transport: dialer,
		// The address holds the token: it is shown to nobody else.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Username is the bot's name without @, "" before Telegram was reached.
func (t *Transport) Username() string {
	return t.self().Username
}

func (t *Transport) self() self {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.me
}

// Ready says why updates do not come in now, nil while they do.
func (t *Transport) Ready() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.health
}

func (t *Transport) setHealth(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.health = err
}

// fault counts and logs a call that failed.
func (t *Transport) fault(method string, f *fault) {
	t.opt.Meter.Faults(method, f.kind.String())
	if f.kind == faultWait {
		t.opt.Meter.TooMany()
	}
	t.log.Debug("telegram call failed", "method", method, "fault", f)
}

// Run takes updates and answers them until ctx is done, and returns nil then; what
// is not finished within Options.Grace stays in the journal. It returns an error
// only for what cannot get better: ErrToken, a webhook that Telegram refuses, an
// address that cannot be listened at, a journal that cannot be read.
func (t *Transport) Run(ctx context.Context, h bot.Handler) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	work, abandon := context.WithCancelCause(context.WithoutCancel(ctx))
	defer abandon(nil)
	r := newRun(t, h, ctx.Done())
	over := make(chan struct{})
	var late sync.WaitGroup
	late.Go(func() { r.endLate(over, abandon) })
	var failed error
	if err := t.start(ctx); err == nil {
		failed = r.serve(ctx, work)
	} else if ctx.Err() == nil {
		failed = err
	}
	stop()
	t.setHealth(errStarting)
	r.tasks.Wait()
	close(over)
	late.Wait()
	return failed
}

// endLate has what is not over within the grace time, from when the end is asked
// for, handed back.
func (r *run) endLate(over <-chan struct{}, abandon context.CancelCauseFunc) {
	<-r.ending
	grace := time.NewTimer(r.opt.Grace)
	defer grace.Stop()
	select {
	case <-grace.C:
		abandon(bot.ErrHandBack)
	case <-over:
	}
}

// start makes contact: who the bot is, and its menus.
func (t *Transport) start(ctx context.Context) error {
	var me self
	err := t.retry(ctx, "getMe", func(ctx context.Context) (err error) {
		me, err = t.api.me(ctx)
		return err
	})
	if err != nil {
		return err
	}
	t.mu.Lock()
	t.me = me
	t.mu.Unlock()
	t.log.Info("telegram accepted the token", "bot", me.ID, "name", me.Username)
	if t.opt.Started != nil {
		t.opt.Started(me.Username)
	}
	return nil
}

// retry makes a call of the start until it succeeds, ctx is done or Telegram
// refuses it.
func (t *Transport) retry(ctx context.Context, method string, call func(context.Context) error) error {
	wait := newBackoff(firstPollWait)
	for {
		err := call(ctx)
		f := asFault(err)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case f.kind == faultToken:
			return ErrToken
		case f.kind == faultRefused, f.kind == faultGone, f.kind == faultMoved:
			return fmt.Errorf("telegram refuses %s: %w", method, f)
		}
		pause := max(wait.next(), f.wait)
		t.log.Warn("telegram cannot be reached", "method", method, "fault", f, "again_in", pause)
		if sleep(ctx, pause) != nil {
			return context.Cause(ctx)
		}
	}
}

// uncounted is a Meter that counts nothing.
type uncounted struct{}

func (uncounted) Update(string)                   {}
func (uncounted) Queued(int)                      {}
func (uncounted) TooMany()                        {}
func (uncounted) Delivered(string, time.Duration) {}
func (uncounted) Panicked()                       {}
func (uncounted) Faults(string, string)           {}
