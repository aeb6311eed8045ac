package telegram

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
)

// faultKind says what went wrong with a call.
type faultKind int

const (
	// faultUnsure is one after which it is not known whether the call was done: a
	// cut connection, a timeout, an answer 5xx or one that cannot be read.
	faultUnsure faultKind = iota
	// faultUnreached is a call that never left: no connection came about.
	faultUnreached
	// faultWait asks to wait: 429.
	faultWait
	// faultMoved says that a group goes on under another ID.
	faultMoved
	// faultGone says that nobody hears the bot there: 403.
	faultGone
	// faultConflict says that somebody else takes the updates: 409.
	faultConflict
	// faultToken says that the token is not accepted: 401, 404.
	faultToken
	// faultRefused is any other refusal; refusal says more.
	faultRefused
)

// String is the name that faults are counted under.
func (k faultKind) String() string {
	return [...]string{"unsure", "unreached", "wait", "moved", "gone", "conflict", "token", "refused"}[k]
}

// refusal is why a call was refused, where that makes a difference.
type refusal int

const (
	refusedOther     refusal = iota
	refusedSame              // the message has this text and these buttons already
	refusedNoMessage         // there is no such message, or it is not the bot's
	refusedNoChat            // there is no such chat, or its user has not written yet
	refusedNoRights          // the bot may not write there
	refusedMarkup            // the HTML cannot be read
	refusedTooBig            // the file is larger than bots may fetch
)

// refusals is how refusals are told apart. The Bot API has no codes for them, only
// descriptions in words; this is the one place where those are looked at.
var refusals = []struct {
	words string // in lower case
	why   refusal
}{
	{"message is not modified", refusedSame},
	{"message to edit not found", refusedNoMessage},
	{"message can't be edited", refusedNoMessage},
	{"message_id_invalid", refusedNoMessage},
	{"chat not found", refusedNoChat},
	{"not enough rights", refusedNoRights},
	{"have no rights", refusedNoRights},
	{"chat_write_forbidden", refusedNoRights},
	{"topic_closed", refusedNoRights},
	{"can't parse entities", refusedMarkup},
	{"file is too big", refusedTooBig},
}

// refusalOf reads a description.
func refusalOf(description string) refusal {
	description = strings.ToLower(description)
	for _, r := range refusals {
		if strings.Contains(description, r.words) {
			return r.why
		}
	}
	return refusedOther
}

// fault is what went wrong with a call. Its text holds neither addresses nor what
// was sent, so that it can be logged.
type fault struct {
	kind    faultKind
	refusal refusal
	wait    time.Duration // with faultWait
	moved   int64         // with faultMoved
	code    int           // the HTTP status, 0 where there was no answer
	err     error         // what the network said, where it is that
}

func (f *fault) Error() string {
	switch {
	case f.kind == faultWait:
		return fmt.Sprintf("wait %v", f.wait)
	case f.err != nil:
		return fmt.Sprintf("%v: %v", f.kind, f.err)
	case f.code != 0:
		return fmt.Sprintf("%v: status %d, reason %d", f.kind, f.code, f.refusal)
	}
	return f.kind.String()
}

func (f *fault) Unwrap() error { return f.err }

// asFault gives the fault that an error is, nil for nil. What api has not made
// itself counts as unsure.
func asFault(err error) *fault {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*fault](err); ok {
		return f
	}
	return &fault{kind: faultUnsure}
}

// ofLibrary makes a fault of an error of the library, whose text may hold what
// was sent or received.
func ofLibrary(err error) *fault {
	if f, ok := errors.AsType[*fault](err); ok {
		return f // from wire.Do
	}
	if e, ok := errors.AsType[*tg.TooManyRequestsError](err); ok {
		return &fault{kind: faultWait, wait: retryAfter(e.RetryAfter), code: 429}
	}
	if e, ok := errors.AsType[*tg.MigrateError](err); ok {
		return &fault{kind: faultMoved, moved: int64(e.MigrateToChatID), code: 400}
	}
	switch {
	case errors.Is(err, tg.ErrorForbidden):
		return &fault{kind: faultGone, code: 403}
	case errors.Is(err, tg.ErrorConflict):
		return &fault{kind: faultConflict, code: 409}
	case errors.Is(err, tg.ErrorUnauthorized):
		return &fault{kind: faultToken, code: 401}
	case errors.Is(err, tg.ErrorNotFound):
		return &fault{kind: faultToken, code: 404}
	case errors.Is(err, tg.ErrorBadRequest):
		return &fault{kind: faultRefused, refusal: refusalOf(err.Error()), code: 400}
	}
	return &fault{kind: faultUnsure}
}

// ofStatus makes a fault of an answer that is not ok.
func ofStatus(code int, description string, wait int, moved int64) *fault {
	f := &fault{code: code}
	switch {
	case moved != 0:
		f.kind, f.moved = faultMoved, moved
	case code == 429:
		f.kind, f.wait = faultWait, retryAfter(wait)
	case code == 403:
		f.kind = faultGone
	case code == 409:
		f.kind = faultConflict
	case code == 401, code == 404:
		f.kind = faultToken
	case code >= 400 && code < 500:
		f.kind, f.refusal = faultRefused, refusalOf(description)
	}
	return f
}

// What is made of the seconds that an answer 429 asks for: none, or less than
// none, must not have the call repeated at once, and more than a day is no number
// that Telegram gives.
const (
	leastRetryAfter = 1
	mostRetryAfter  = 24 * 60 * 60
)

func retryAfter(seconds int) time.Duration {
	return time.Duration(min(max(seconds, leastRetryAfter), mostRetryAfter)) * time.Second
}

// ofNetwork makes a fault of an error of the HTTP client, without the address,
// which holds the token.
func ofNetwork(err error) *fault {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Op == "dial" {
		return &fault{kind: faultUnreached, err: err}
	}
	return &fault{kind: faultUnsure, err: err}
}
