package telegram

import (
	"context"
	"net/http"
	"sync"
	"time"

	"wenbao/bot"
	"wenbao/bot/telegram/markup"
)

const (
	// firstSign is how long the reply may take before there is a sign of life, and
	// signEvery how often it is repeated: Telegram shows it for 5 s.
	firstSign = 300 * time.Millisecond
	signEvery = 4500 * time.Millisecond
	// pressPatience is how long a press waits for its toast. After that it is
	// answered without one, so that the button does not look stuck.
	pressPatience = 3 * time.Second
	// draftLife is how long a draft is left as it is; Telegram shows it for 30 s.
	draftLife = 20 * time.Second
)

// live shows that an event waits or is being handled, and what there is of its
// answer: in private chats as a draft, in groups, and where Telegram takes no
// drafts, as a message that is edited. One goroutine does it, from the taking of
// the event to stop.
type live struct {
	run  *run
	job  *job
	wake chan struct{}      // holds one when there is something new
	quit context.CancelFunc // ends the goroutine, and does not wait for it
	done chan struct{}

	mu     sync.Mutex
	latest *bot.Message // nil when it has been shown

	// The rest belongs to the goroutine once there is something to show, and after
	// its end to who ended it.

	message  int   // the message that shows the answer, 0 for none
	chat     int64 // where that is
	unsure   bool  // it may have been sent, and is still in flight
	doubt    doubt // with unsure
	answered bool  // the press has been answered
	edits    bool  // a message is edited; else drafts are drawn
	mute     bool  // no more text is shown
	shown    string
	shownAt  time.Time
	quietTo  time.Time // no text is shown before
}

func newLive(r *run, j *job) *live {
	return &live{
		run:     r,
		job:     j,
		wake:    make(chan struct{}, 1),
		quit:    func() {},
		done:    make(chan struct{}),
		message: int(j.entry.Opened),
		chat:    j.Chat.ID,
		edits:   !j.Chat.Private || r.drafts.has(j.Chat.ID),
	}
}

// unfinished is what a message with live text is found again by.
const unfinished = "…"

// resume finds the message with live text that an earlier run of the program may
// have sent. It reports false where that was broken off.
func (v *live) resume(ctx context.Context) bool {
	if v.message != 0 || !v.job.entry.Opening {
		return true
	}
	d := newDelivery(v.run, v.job)
	id, err := d.find(ctx, text{text: unfinished, plain: true})
	if err != nil {
		return false
	}
	return v.opened(ctx, d.chat(), id)
}

// opened notes the message that shows the answer, 0 for none.
func (v *live) opened(ctx context.Context, chat int64, id int) bool {
	v.message, v.chat = id, chat
	return v.run.write(ctx, "opened", v.job.ID, func(ctx context.Context) error {
		return v.run.opt.Journal.Opened(ctx, v.job.ID, int64(id))
	})
}

// show is what the handler is given.
func (v *live) show(m bot.Message) {
	v.mu.Lock()
	v.latest = &m
	v.mu.Unlock()
	select {
	case v.wake <- struct{}{}:
	default:
	}
}

// start begins to show. Nothing is shown for what happens outside of a chat, or
// to it.
func (v *live) start(work context.Context) {
	switch v.job.Kind {
	case bot.EventInline, bot.EventGone, bot.EventMoved, bot.EventJoined:
		close(v.done)
		return
	}
	on, quit := context.WithCancel(work)
	v.quit = quit
	v.run.tasks.Go(func() {
		defer close(v.done)
		v.run.guard("live text", v.job.Event, func() { v.loop(work, on) })
	})
}

// stop ends the goroutine and waits for the call that is under way: text must not
// come after the reply. A call that only gives a sign is cut short.
func (v *live) stop() {
	v.quit()
	<-v.done
}

// loop shows what there is until on is done.
func (v *live) loop(work, on context.Context) {
	sign := time.NewTimer(firstSign)
	defer sign.Stop()
	var due, impatient <-chan time.Time
	if v.job.Kind == bot.EventPress {
		impatient = time.After(pressPatience)
	}
	for on.Err() == nil {
		select {
		case <-on.Done():
		case <-sign.C:
			sign.Reset(v.sign(work, on))
		case <-impatient:
			v.answered = v.run.api.answerPress(on, v.job.Query, "", false) == nil
		case <-v.wake:
			if due == nil && !v.mute {
				due = time.After(time.Until(v.nextTime()))
			}
		case <-due:
			due = nil
			if !v.draw(work) && !v.mute {
				due = time.After(max(v.every(), time.Until(v.quietTo)))
			}
		}
	}
}

// every is how often text is shown.
func (v *live) every() time.Duration {
	if v.edits {
		return v.run.opt.EditEvery
	}
	return v.run.opt.DraftEvery
}

// nextTime is when text may be shown next.
func (v *live) nextTime() time.Time {
	next := v.shownAt.Add(v.every())
	if v.quietTo.After(next) {
		return v.quietTo
	}
	return next
}

// sign shows that an answer is being written, or keeps a draft from vanishing, and
// gives the time to the next sign: soon where this one was left out, because there
// is nothing to spare or because an event before this one gives it.
func (v *live) sign(work, on context.Context) time.Duration {
	if v.run.lanes.behind(v.job) || !v.run.spare() {
		return firstSign
	}
	if !v.edits && v.shown != "" && time.Since(v.shownAt) > draftLife {
		v.put(work, v.shown)
		return signEvery
	}
	// What else is wrong with the chat shows when the reply is sent.
	if f := asFault(v.run.api.typing(on, v.run.place(v.job))); f != nil && f.kind == faultGone {
		v.run.left(work, v.job)
	}
	return signEvery
}

// draw shows what is new, and reports false where it is still to be shown.
func (v *live) draw(ctx context.Context) bool {
	v.mu.Lock()
	m := v.latest
	v.mu.Unlock()
	if m == nil {
		return true
	}
	html := markup.Preview(*m)
	if html != "" && html != v.shown {
		if v.run.api.pace.full(v.run.chat(v.job)) || !v.run.spare() || !v.put(ctx, html) {
			return false
		}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.latest != m {
		return false
	}
	v.latest = nil
	return true
}

// put shows a text in the way of the chat and reports whether that went well.
func (v *live) put(ctx context.Context, html string) bool {
	var err error
	switch chat := v.run.chat(v.job); {
	case !v.edits:
		err = v.run.api.draft(ctx, v.run.place(v.job), v.job.ID, html)
	case v.message != 0 && v.chat == chat:
		err = v.run.api.edit(ctx, liveTimeout, chat, v.message, text{text: html})
	default:
		err = v.open(ctx, html)
	}
	v.shownAt = time.Now()
	if err == nil {
		v.shown = html
		return true
	}
	v.meet(ctx, asFault(err))
	return false
}

// meet does about a text that was not shown what its fault asks for.
func (v *live) meet(ctx context.Context, f *fault) {
	switch {
	case f.kind == faultWait:
		v.quietTo = v.shownAt.Add(f.wait)
	case f.kind == faultUnsure:
		v.mute = v.unsure
	case f.kind == faultUnreached:
	case f.kind == faultGone:
		v.mute = true
		v.run.left(ctx, v.job)
	case !v.edits && f.noDrafts():
		v.run.drafts.add(v.job.Chat.ID)
		v.edits, v.shown = true, ""
	default:
		v.mute = true
	}
}

// noDrafts reports whether a draft was refused as such: by a server that does not
// know them, or that has none for this chat.
func (f *fault) noDrafts() bool {
	return f.code == http.StatusNotFound || f.kind == faultRefused && f.refusal == refusedOther
}

// open sends the message that shows the answer. The journal knows of it before, so
// that it is found again after a crash.
func (v *live) open(ctx context.Context, html string) error {
	l := v.job.lane
	if err := l.hold(ctx); err != nil {
		return err
	}
	defer l.release()
	if !v.run.flySpare() {
		return &fault{kind: faultUnreached}
	}
	defer func() {
		if !v.unsure {
			v.run.land()
		}
	}()
	to := v.run.place(v.job)
	from := v.run.ids.of(to.chat)
	if !v.run.write(ctx, "opening", v.job.ID, func(ctx context.Context) error {
		return v.run.opt.Journal.Opening(ctx, v.job.ID, int64(from.id))
	}) {
		return context.Cause(ctx)
	}
	id, err := v.run.api.send(ctx, liveTimeout, to, text{text: html})
	if err != nil {
		if asFault(err).kind == faultUnsure {
			v.unsure, v.doubt = true, newDoubt(to.chat, from)
		}
		return err
	}
	v.run.ids.sent(to.chat, id)
	v.run.sent(to.chat, l, id)
	v.opened(ctx, to.chat, id)
	return nil
}

// flySpare is fly for what does not wait.
func (r *run) flySpare() bool {
	select {
	case r.flights <- struct{}{}:
		return true
	default:
		return false
	}
}

// spareShare is the part of the rate that is kept for replies, so that live text
// and typing never make one wait.
const spareShare = 3

// spare takes a call from the rate if there is one to spare.
func (r *run) spare() bool {
	kept := float64(r.limiter.Burst()-1) / spareShare
	return r.limiter.Tokens() >= kept+1 && r.limiter.Allow()
}
