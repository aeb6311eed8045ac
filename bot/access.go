package bot

import (
	"context"
	"fmt"
	"slices"
	"time"
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
	if x.admin || e.Kind == EventGone || e.Kind == EventMoved {
		return Reply{}, false
	}
	if !always(e) {
		if reply, shut := b.shut(ctx, x); shut {
			return reply, true
		}
	}
	if wait := b.mustWait(x); wait > 0 {
		b.opt.Meter.Refused(refusedRate)
		return x.line(fmt.Sprintf(x.words.TooFast, seconds(wait))), true
	}
	return Reply{}, false
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
	return e.Kind == EventText &&
		(e.Command == commandForget || e.Command == commandPrivacy || e.Command == commandStop)
}

// mustWait takes what an event costs out of the user's and the group's allowance,
// or gives how long it takes until there is enough.
func (b *Bot) mustWait(x *exchange) time.Duration {
	e, now := x.event, b.opt.Now()
	if e.Kind == EventInline || e.Kind == EventText && e.Command == commandForget {
		return b.often.take(e.User.ID, now)
	}
	if !costs(e) {
		return 0
	}
	if wait := b.users.take(e.User.ID, now); wait > 0 || e.Chat.Private {
		return wait
	}
	return b.chats.take(e.Chat.ID, now)
}

// costs reports whether an event makes the bot search for something.
func costs(e *Event) bool {
	if asks(e) {
		return true
	}
	switch e.Kind {
	case EventText:
		c, ok := findCommand(e.Command)
		return ok && c.costs && e.Text != ""
	case EventPress:
		p, ok := parsePress(e.Data)
		return ok && p.verb == pressSuggest
	}
	return false
}
