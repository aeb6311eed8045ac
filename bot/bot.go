package bot

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"
	"unicode/utf8"

	"wenbao/corpus/panics"
	"wenbao/rag"
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
	often        *buckets // of inline queries and all else, by user
	deletions    *buckets // of /forget, by user
	forgets      forgets
	examples     examples
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

		deletions: newBuckets(forgetsPerMinute),

		forgets: forgets{times: map[int64]int{}},
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
	// forgets is how often the user's data was deleted before the exchange began.
	forgets int
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
	b.locate(ctx, e)
	key := e.Key()
	if e.Kind == EventInline { // goes by what is set in the user's private chat, whose ID is the user's
		key.Chat = e.User.ID
	}
	forgets := b.forgets.of(e.User.ID) // before anything of the user's is read
	session, err := b.opt.Store.Session(ctx, key)
	b.check(e, "read session", err)
	if show == nil {
		show = func(Message) {}
	}
	return &exchange{
		event: e, show: show, session: session,
		words: wordsIn(languageOf(session.Lang, e.User.Lang)),
		admin: slices.Contains(b.opt.Admins, e.User.ID), forgets: forgets,
	}
}

// locate puts a press in a group where its answer was given: of an old message the
// transport does not know the topic, and it has the former ID of a group that moved,
// in which there is nothing to change any more.
func (b *Bot) locate(ctx context.Context, e *Event) {
	p, _ := parsePress(e.Data)
	if e.Kind != EventPress || e.Chat.Private || p.id == "" {
		return
	}
	a, err := b.opt.Store.Answer(ctx, p.id)
	if err != nil {
		return // who wants the answer is told
	}
	if a.MovedFrom != 0 && a.MovedFrom == e.Chat.ID {
		e.Chat.ID, e.Message = a.Key.Chat, 0
	}
	if a.Key.Chat == e.Chat.ID && e.Chat.Thread == 0 {
		e.Chat.Thread = a.Key.Thread
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

// Interrupts implements Handler: questions do, unless they are small talk or going
// to be refused, and /stop and /forget.
func (b *Bot) Interrupts(e Event) bool {
	switch {
	case e.isCommand(commandStop), e.isCommand(commandForget):
		return true
	case !asks(&e), b.tooLong(e.Text), !b.affords(&e):
		return false
	}
	return e.Kind == EventPress || !b.isChat(e.Text)
}

// maxChat is how many characters small talk has at most, with room to spare. A long
// question takes milliseconds to understand, for which Interrupts is not to wait.
const maxChat = 30

// isChat reports whether a text is small talk.
func (b *Bot) isChat(text string) bool {
	if utf8.RuneCountInString(text) > maxChat {
		return false
	}
	c, release := b.opt.Library.Acquire()
	defer release()
	return c.Printed.Understander.Understand(rag.Question{Text: text}).Asks == rag.AsksChat
}

// Busy implements Handler.
func (b *Bot) Busy(e Event) Reply {
	x := b.beside(&e)
	return x.line(x.words.Busy)
}

// Failed implements Handler.
func (b *Bot) Failed(e Event) Reply {
	x := b.beside(&e)
	return x.trouble()
}

// besideWait is how long the language of a chat is looked up for an event that is
// not handled. Reading waits only while the file is written anew.
const besideWait = time.Second

// beside is begin for an event that is not handled, maybe because that panicked:
// of the conversation it has the language, if that can be read.
func (b *Bot) beside(e *Event) (x *exchange) {
	ctx, cancel := context.WithTimeout(context.Background(), besideWait)
	defer cancel()
	x = &exchange{event: e, words: wordsIn(languageOf("", e.User.Lang))}
	if p := panics.Catch(func() { x = b.begin(ctx, e, nil) }); p != nil {
		b.check(e, "read session", p)
	}
	return x
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
