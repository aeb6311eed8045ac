package bot

import (
	"context"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"
)

// Reasons for Meter.Refused.
const (
	refusedRate        = "rate"
	refusedQuota       = "quota"
	refusedBlocked     = "blocked"
	refusedMaintenance = "maintenance"
	refusedLong        = "long"
)

// refuse gives the reply to who may not, or not now.
func (b *Bot) refuse(ctx context.Context, x *exchange) (Reply, bool) {
	e := x.event
	switch {
	case forOthers(e):
		return Reply{}, true
	case x.admin, e.Kind == EventGone, e.Kind == EventMoved:
		return Reply{}, false
	}
	if !always(e) {
		if reply, shut := b.shut(ctx, x); shut {
			return reply, true
		}
	}
	if wait := b.mustWait(e); wait > 0 {
		b.opt.Meter.Refused(refusedRate)
		if e.Kind == EventMedia || e.Kind == EventDocument { // not each of a heap of stickers
			return x.quiet(), true
		}
		return x.line(fmt.Sprintf(x.words.TooFast, seconds(wait))), true
	}
	return Reply{}, false
}

// forOthers reports whether an event is a command in a group that may be another
// bot's: there is none of its name here, and it does not carry this bot's.
func forOthers(e *Event) bool {
	if e.Kind != EventText || e.Command == "" || e.Chat.Private || e.Named {
		return false
	}
	c, ok := findCommand(e.Command)
	return !ok || c.forAdmins()
}

// tooLong reports whether there is more text than is searched for.
func (b *Bot) tooLong(text string) bool {
	limit := b.opt.Limits.Question
	return limit > 0 && utf8.RuneCountInString(text) > limit
}

// refuseLong says so.
func (b *Bot) refuseLong(x *exchange) Reply {
	b.opt.Meter.Refused(refusedLong)
	return x.line(fmt.Sprintf(x.words.TooLong, b.opt.Limits.Question))
}

// shut gives the reply to who is not let in, if that is so.
func (b *Bot) shut(ctx context.Context, x *exchange) (Reply, bool) {
	e := x.event
	switch {
	case slices.Contains(b.opt.Block, e.User.ID), slices.Contains(b.opt.Block, e.Chat.ID):
		b.opt.Meter.Refused(refusedBlocked)
		return x.quiet(), true
	case !b.allowed(e):
		b.opt.Meter.Refused(refusedBlocked)
		if !e.Chat.Private && e.Kind != EventInline {
			return x.quiet(), true // a group that did not ask for the bot is not to hear from it
		}
		return x.line(x.words.NotAllowed), true
	}
	on, err := b.opt.Store.Maintenance(ctx)
	if !b.check(e, "read maintenance switch", err) || !on {
		return Reply{}, false
	}
	b.opt.Meter.Refused(refusedMaintenance)
	return x.line(x.words.Maintenance), true
}

func (b *Bot) allowed(e *Event) bool {
	return len(b.opt.Allow) == 0 || slices.Contains(b.opt.Allow, e.User.ID) || slices.Contains(b.opt.Allow, e.Chat.ID)
}

// always reports whether an event is one to stop the bot, or to see or delete
// what it keeps: every user has a right to that at any time.
func always(e *Event) bool {
	return e.isCommand(commandForget) || e.isCommand(commandPrivacy) || e.isCommand(commandStop)
}

// mustWait takes what an event costs out of the user's and the group's allowance,
// or gives how long it takes until there is enough.
func (b *Bot) mustWait(e *Event) time.Duration {
	now := b.opt.Now()
	switch {
	case e.Kind == EventJoined, e.isCommand(commandStop):
		return 0
	case e.isCommand(commandForget):
		return b.deletions.take(e.User.ID, now)
	case !costs(e):
		return b.often.take(e.User.ID, now)
	}
	if wait := b.users.take(e.User.ID, now); wait > 0 || e.Chat.Private {
		return wait
	}
	return b.chats.take(e.Chat.ID, now)
}

// affords reports whether mustWait would find enough for an event that searches.
func (b *Bot) affords(e *Event) bool {
	now := b.opt.Now()
	return slices.Contains(b.opt.Admins, e.User.ID) ||
		b.users.has(e.User.ID, now) && (e.Chat.Private || b.chats.has(e.Chat.ID, now))
}

// isCommand reports whether an event is a command of a name.
func (e *Event) isCommand(name string) bool { return e.Kind == EventText && e.Command == name }

// costs reports whether an event makes the bot search for something in a chat.
func costs(e *Event) bool {
	if asks(e) {
		return true
	}
	switch e.Kind {
	case EventText:
		c, ok := findCommand(e.Command)
		return ok && (c.costs == costsAlways || c.costs == costsGiven && e.Text != "")
	case EventPress:
		p, ok := parsePress(e.Data)
		return ok && p.verb == pressSuggest
	}
	return false
}
