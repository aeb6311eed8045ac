package bot

import (
	"context"
	"errors"
	"time"

	"wenbao/corpus"
	"wenbao/rag"
)

// Session is what is remembered of one conversation. The zero Session is that of
// a conversation that begins.
type Session struct {
	// Places and Years are the standing filter that /place and /period set.
	Places []string     `json:"places,omitempty"`
	Years  corpus.Years `json:"years,omitzero"`
	// Lang is what /lang set, "" to go by the user's own.
	Lang string `json:"lang,omitempty"`
	// Turns are the last questions and answers, oldest first.
	Turns []Turn    `json:"turns,omitempty"`
	Used  time.Time `json:"used,omitzero"` // when it last changed
}

// Turn is a question and its answer.
type Turn struct {
	Event int64 `json:"event"` // the question's event
	// Answer is the answer's ID, "" for one that was stopped.
	Answer string    `json:"answer"`
	Turn   rag.Turn  `json:"turn"`
	At     time.Time `json:"at"`
}

func (t *Turn) stopped() bool { return t.Answer == "" }

// Answer is what is kept of an answer, for the buttons under it.
type Answer struct {
	ID string `json:"id"`
	// Key is the conversation that it was given in.
	Key Key `json:"key"`
	// MovedFrom is the ID that the chat had before it moved, 0 where it has not.
	MovedFrom int64 `json:"moved_from,omitempty"`
	// Filter is what it was found under.
	Filter rag.Filter `json:"filter,omitzero"`
	// Question is as asked, Query as it was searched.
	Question string      `json:"question"`
	Query    string      `json:"query"`
	Outcome  rag.Outcome `json:"outcome"`
	Mode     rag.Mode    `json:"mode"`
	Text     string      `json:"text"`
	Sources  []Source    `json:"sources,omitempty"`
	// Related are the questions that were offered after it.
	Related []string  `json:"related,omitempty"`
	At      time.Time `json:"at"`
}

// Source is a citation that is kept.
type Source struct {
	N       int    `json:"n"`
	Passage string `json:"passage"` // its ID
	Article string `json:"article"` // its ID
	Quote   string `json:"quote"`
}

// Opinion is what a user thinks of an answer, with the answer as it was.
type Opinion struct {
	Answer Answer    `json:"answer"`
	User   int64     `json:"user"`
	Good   bool      `json:"good"`
	At     time.Time `json:"at"`
}

// ErrNotKept says that an answer is not there: never was, expired, or forgotten.
var ErrNotKept = errors.New("answer is not kept")

// Store remembers conversations. What a method was given is on the disk, where
// there is one, when it returns. Values go in and out as copies. Safe for
// concurrent use. An error other than those named is one of the disk.
//
// Its suite is bottest.TestStore.
type Store interface {
	Sessions
	Answers
	Opinions
	Switches
	// Forget deletes all that is kept of a user, in every chat: sessions, answers
	// with what others think of them, opinions and counts. Nothing of it is left on
	// the disk.
	Forget(ctx context.Context, user int64) error
	// Move makes a group's conversations those of another chat ID, and notes the
	// former one in its answers. Where both have a session, the one used last stays.
	Move(ctx context.Context, from, to int64) error
	// Expire deletes sessions last changed before a time, and answers given and
	// opinions formed before another.
	Expire(ctx context.Context, sessions, answers time.Time) error
}

// Sessions keeps what conversations stand at.
type Sessions interface {
	// Session gives a conversation's session, the zero one where there is none.
	Session(ctx context.Context, k Key) (Session, error)
	// UpdateSession changes one, with no other change in between. The change may be
	// made more than once, each time to the session as it is, and must not use the
	// store. A session that is left zero but for Used is deleted; one without Used
	// expires at once.
	UpdateSession(ctx context.Context, k Key, change func(*Session)) error
}

// Answers keeps answers for the buttons under them.
type Answers interface {
	// PutAnswer keeps an answer; one of the same ID is replaced.
	PutAnswer(ctx context.Context, a Answer) error
	// Answer gives an answer, ErrNotKept where it is not there.
	Answer(ctx context.Context, id string) (Answer, error)
	// UpdateAnswer changes an answer, but for its ID, Key and At, with no other
	// change in between; ErrNotKept where it is not there. The change may be made
	// more than once, each time to the answer as it is, and must not use the store.
	UpdateAnswer(ctx context.Context, id string, change func(*Answer)) error
}

// Opinions keeps what users think of answers.
type Opinions interface {
	// PutOpinion keeps what a user thinks of an answer in place of what the same
	// user thought of it before; ErrNotKept where the answer is not kept any more.
	PutOpinion(ctx context.Context, o Opinion) error
	// EachOpinion gives all opinions kept, by user and then by answer, until see
	// gives an error, which it gives then. See must not use the store.
	EachOpinion(ctx context.Context, see func(Opinion) error) error
	// Opinions counts them.
	Opinions(ctx context.Context) (good, bad int, err error)
}

// Switches keeps the little that is not a conversation's.
type Switches interface {
	// Spend takes one from a user's allowance for a day (2006-01-02) on behalf of an
	// event, and reports false where limit were taken already. An event that comes
	// again soon has taken its own, whatever the day. Days go forward only: an
	// earlier one than before, of a clock that was put back, counts as that one.
	Spend(ctx context.Context, user, event int64, day string, limit int) (bool, error)
	// Maintenance reports whether the bot is closed to all but its admins.
	Maintenance(ctx context.Context) (bool, error)
	SetMaintenance(ctx context.Context, on bool) error
}
