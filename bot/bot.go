package bot

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"
)

// Options are what a Bot works with. Library, Store and Meter are required.
type Options struct {
	Library Library
	Store   Store
	Meter   Meter
	// Files fetches documents; nil takes none.
	Files Files
	// Username gives the bot's name without @, for hints; nil, or "" as long as it
	// is not known.
	Username func() string

	Limits Limits
	Expiry Expiry
	// Admins are users who may add documents and use /stats, /reload and
	// /maintenance; no limit and no list holds for them. Allow and Block are users
	// or chats: an empty Allow lets everybody in, Block goes before it.
	Admins, Allow, Block []int64

	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Logger gets ids, counts and causes; nil drops them.
	Logger *slog.Logger
	// Forgotten, where set, is called after a user's data was deleted, to delete
	// what is left of it outside the Store.
	Forgotten func(ctx context.Context)
}

// Validate reports a required field that is missing.
func (o *Options) Validate() error {
	switch {
	case o.Library == nil:
		return errors.New("bot: no library")
	case o.Store == nil:
		return errors.New("bot: no store")
	case o.Meter == nil:
		return errors.New("bot: no meter")
	}
	return nil
}

// Bot reacts to events. It is safe for concurrent use as its Options are.
type Bot struct {
	opt          Options
	users, chats *buckets // of what searches
	often        *buckets // of inline queries and /forget, by user
}

// New makes a Bot. The error is that of Validate.
func New(o Options) (*Bot, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	o.Limits, o.Expiry = o.Limits.orDefault(), o.Expiry.orDefault()
	o.Admins, o.Allow, o.Block = slices.Clone(o.Admins), slices.Clone(o.Allow), slices.Clone(o.Block)
	if o.Username == nil {
		o.Username = func() string { return "" }
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Forgotten == nil {
		o.Forgotten = func(context.Context) {}
	}
	return &Bot{
		opt:   o,
		users: newBuckets(o.Limits.UserPerMinute),
		chats: newBuckets(o.Limits.ChatPerMinute),
		often: newBuckets(o.Limits.UserPerMinute * oftenShare),
	}, nil
}

var _ Handler = (*Bot)(nil)

// exchange is one event while it is handled.
type exchange struct {
	event   *Event
	show    func(Message)
	session Session
	words   *catalogue
	admin   bool
}

// Handle implements Handler. An interrupted answer is what was told of it; see
// ask. Everything else that an interruption meets is done to its end.
func (b *Bot) Handle(ctx context.Context, e Event, show func(Message)) (Reply, error) {
	steady, stop := steadied(ctx)
	defer stop()
	x := b.begin(steady, &e, show)
	reply, refused := b.refuse(steady, x)
	switch {
	case refused:
	case asks(&e):
		reply = b.question(ctx, x)
	default:
		reply = b.react(steady, x)
	}
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, ErrInterrupted) {
		return Reply{}, cause
	}
	return reply, nil
}

// begin looks up the conversation of an event. One that cannot be read is one
// that begins.
func (b *Bot) begin(ctx context.Context, e *Event, show func(Message)) *exchange {
	key := e.Key()
	if e.Kind == EventInline { // goes by what is set in the user's private chat, whose ID is the user's
		key.Chat = e.User.ID
	}
	session, err := b.opt.Store.Session(ctx, key)
	b.check(e, "read session", err)
	if show == nil {
		show = func(Message) {}
	}
	return &exchange{
		event: e, show: show, session: session,
		words: wordsIn(languageOf(session.Lang, e.User.Lang)),
		admin: slices.Contains(b.opt.Admins, e.User.ID),
	}
}

// react handles everything but questions.
func (b *Bot) react(ctx context.Context, x *exchange) Reply {
	switch e := x.event; e.Kind {
	case EventText:
		return b.command(ctx, x)
	case EventPress:
		return b.press(ctx, x)
	case EventInline:
		return b.inline(ctx, x)
	case EventDocument:
		return b.document(ctx, x)
	case EventMedia:
		return Say(x.words.CannotRead)
	case EventJoined:
		return Say(b.greeting(x))
	case EventMoved:
		b.check(e, "move chat", b.opt.Store.Move(ctx, e.Chat.ID, e.MovedTo))
	}
	return Reply{}
}

// asks reports whether an event is a question, written or by a button.
func asks(e *Event) bool {
	switch e.Kind {
	case EventText:
		return e.Text != "" && (e.Command == "" || e.Command == commandAsk)
	case EventPress:
		p, ok := parsePress(e.Data)
		return ok && (p.verb == pressRelated || p.verb == pressUnfiltered)
	}
	return false
}

// Interrupts implements Handler: questions do, and /stop.
func (b *Bot) Interrupts(e Event) bool {
	return asks(&e) || e.Kind == EventText && e.Command == commandStop
}

// Busy implements Handler.
func (b *Bot) Busy(e Event) Reply {
	x := exchange{event: &e, words: wordsIn(languageOf("", e.User.Lang))}
	return x.line(x.words.Busy)
}

// Failed implements Handler.
func (b *Bot) Failed(e Event) Reply {
	x := exchange{event: &e, words: wordsIn(languageOf("", e.User.Lang))}
	return x.trouble()
}

// steadied gives a context that an interruption does not end, for all that is
// not worth stopping, or must not be left half done.
func steadied(ctx context.Context) (context.Context, func()) {
	steady, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	unhook := context.AfterFunc(ctx, func() {
		if cause := context.Cause(ctx); !errors.Is(cause, ErrInterrupted) {
			cancel(cause)
		}
	})
	return steady, func() { unhook(); cancel(context.Canceled) }
}

// check logs an error that is not the user's and does not keep the bot from
// going on, unless it only says that nobody waits any more. It reports whether
// there was none.
func (b *Bot) check(e *Event, doing string, err error) bool {
	if err != nil && !errors.Is(err, context.Canceled) {
		b.opt.Logger.Error(doing, "event", e.ID, "kind", e.Kind, "error", err)
	}
	return err == nil
}
