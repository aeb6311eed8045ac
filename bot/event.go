package bot

import (
	"context"
	"errors"
	"io"
	"time"
)

// EventKind says what somebody did.
type EventKind string

// The kinds of event. What is of no concern to the bot makes none.
const (
	// EventText is something written to the bot: a question, or a command.
	EventText EventKind = "text"
	// EventPress is a button pressed under one of the bot's messages.
	EventPress EventKind = "press"
	// EventInline is a query typed after the bot's name in some other chat.
	EventInline EventKind = "inline"
	// EventDocument is a file sent to the bot.
	EventDocument EventKind = "document"
	// EventMedia is something that cannot be read: voice, a photo, a sticker. What has
	// words under it is EventText; of what is sent together, one is an event.
	EventMedia EventKind = "media"
	// EventJoined says that the bot was put into a group.
	EventJoined EventKind = "joined"
	// EventGone says that the bot was blocked or put out of a group.
	EventGone EventKind = "gone"
	// EventMoved says that a group goes on under another ID, Event.MovedTo.
	EventMoved EventKind = "moved"
)

// Event is something that somebody did. It can be kept as JSON.
type Event struct {
	// ID tells events apart; the same ID again is the same event, handled again
	// because it is not known whether it was handled to the end.
	ID   int64     `json:"id"`
	Kind EventKind `json:"kind"`
	// Chat is zero for EventInline.
	Chat Chat `json:"chat"`
	User User `json:"user"`
	// Message is the ID of what was written, or of the message under which the
	// button was pressed, 0 where there is none.
	Message int `json:"message,omitempty"`
	// Command is a command's name without slash, in lower case ("ask"), "" for none.
	Command string `json:"command,omitempty"`
	// Named says that the command carried the bot's own name: /ask@name.
	Named bool `json:"named,omitempty"`
	// Text is what was written, be it under a photo, without the command and without
	// the mention of the bot, trimmed; the query of EventInline; the caption of a file.
	Text string `json:"text,omitempty"`
	// Data is what the pressed button carries: Button.Data.
	Data string `json:"data,omitempty"`
	// Replied is what a button carries under the message of the bot's that this replies
	// to, "" where it does not or there is none.
	Replied string `json:"replied,omitempty"`
	// Offset is where a further page of inline results begins, "" at the start.
	Offset string `json:"offset,omitempty"`
	// File is set for EventDocument.
	File *File `json:"file,omitempty"`
	// MovedTo is set for EventMoved.
	MovedTo int64     `json:"moved_to,omitempty"`
	Time    time.Time `json:"time"`
}

// Chat is where something is written.
type Chat struct {
	ID int64 `json:"id"`
	// Private is a chat of one user with the bot; all others are groups.
	Private bool `json:"private,omitempty"`
	// Thread is the topic within the chat, 0 where there are none.
	Thread int `json:"thread,omitempty"`
}

// User is who did it.
type User struct {
	ID int64 `json:"id"`
	// Lang is the language that the user's own program is set to (zh-hans, en),
	// "" where it is not known.
	Lang string `json:"lang,omitempty"`
}

// File is a file that somebody sent.
type File struct {
	// ID is the transport's name for it.
	ID   string `json:"id"`
	Name string `json:"name"` // as its sender called it; not to be trusted as a path
	Size int64  `json:"size"` // bytes
}

// Key tells conversations apart: each user has one in each chat and topic.
type Key struct {
	User   int64 `json:"user"`
	Chat   int64 `json:"chat"`
	Thread int   `json:"thread,omitempty"`
}

// Key is the conversation that an event belongs to.
func (e *Event) Key() Key {
	return Key{User: e.User.ID, Chat: e.Chat.ID, Thread: e.Chat.Thread}
}

// Causes of a context that is done, for context.Cause.
var (
	// ErrInterrupted says that the user has asked something else, or said stop.
	// What there is of the answer is the answer.
	ErrInterrupted = errors.New("interrupted by the user")
	// ErrGone says that nobody can hear the answer any more.
	ErrGone = errors.New("the chat is gone")
	// ErrHandBack says that the program ends; the event is handled again by the
	// next one.
	ErrHandBack = errors.New("the program ends")
)

// Handler reacts to events.
type Handler interface {
	// Handle gives the whole reply to an event; an empty one says nothing. The
	// events of one chat come one after the other, but for EventMoved: it comes at
	// once, and mostly a second time in its turn. An event that comes again gets a
	// reply again and leaves no second trace.
	//
	// Show, where the event allows it, shows what there is of an answer so far, in
	// place of what was shown before. It neither fails nor waits, and the Reply
	// replaces what it showed.
	//
	// What goes wrong is said in the Reply, in the user's words. The only errors
	// are context.Cause(ctx) for ErrGone and ErrHandBack; ErrInterrupted is none.
	Handle(ctx context.Context, e Event, show func(Message)) (Reply, error)

	// Interrupts reports whether an event stops the answer to an earlier event of
	// its conversation: a new question does that is going to be answered, and /stop
	// and /forget. It is quick and never waits.
	Interrupts(e Event) bool

	// Busy is the reply to an event for which there is no room now.
	Busy(e Event) Reply

	// Failed is the reply to an event on which Handle panicked, or the program died
	// again and again.
	Failed(e Event) Reply
}

// Files fetches what users send.
type Files interface {
	// Open gives the content of a file, of at most limit bytes; a larger one gives
	// ErrTooLarge, at once or when the limit is passed.
	Open(ctx context.Context, f File, limit int64) (io.ReadCloser, error)
}

// ErrTooLarge says that a file is larger than is taken.
var ErrTooLarge = errors.New("file is too large")
