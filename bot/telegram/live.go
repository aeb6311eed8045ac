package telegram

import (
	"context"
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

// live shows that an event is being handled, and what there is of its answer: in
// private chats as a draft, in groups as a message that is edited. One goroutine
// does it, between start and the function that start returns.
type live struct {
	run  *run
	job  *job
	wake chan struct{} // holds one when there is something new
	quit chan struct{}
	done chan struct{}

	mu     sync.Mutex
	latest *bot.Message // nil when it has been shown

	// The rest belongs to the goroutine, and after its end to who ended it.

	message  int   // the message that shows the answer, 0 for none
	unsure   bool  // it may have been sent, and is still in flight
	doubt    doubt // with unsure
	answered bool  // the press has been answered
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
		quit:    make(chan struct{}),
		done:    make(chan struct{}),
		message: int(j.entry.Opened),
		mute:    j.Chat.Private && r.drafts.has(j.Chat.ID),
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
	return v.opened(ctx, id)
}

// opened notes the message that shows the answer, 0 for none.
func (v *live) opened(ctx context.Context, id int) bool {
	v.message = id
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

// start begins to show; stop ends it and waits for the call that is under way.
// Nothing is shown for what happens outside of a chat, or to it.
func (v *live) start(ctx context.Context) (stop func()) {
	switch v.job.Kind {
	case bot.EventInline, bot.EventGone, bot.EventMoved, bot.EventJoined:
		return func() {}
	}
	go v.loop(ctx)
	return func() {
		close(v.quit)
		<-v.done
	}
}

func (v *live) loop(ctx context.Context) {
	defer close(v.done)
	sign := time.NewTimer(firstSign)
	defer sign.Stop()
	var due, impatient <-chan time.Time
	if v.job.Kind == bot.EventPress {
		impatient = time.After(pressPatience)
	}
	for !v.over(ctx) {
		select {
		case <-v.quit:
		case <-ctx.Done():
		case <-sign.C:
			v.sign(ctx)
			sign.Reset(signEvery)
		case <-impatient:
			v.answered = v.run.api.answerPress(ctx, v.job.Query, "", false) == nil
		case <-v.wake:
			if due == nil && !v.mute {
				due = time.After(time.Until(v.nextTime()))
			}
		case <-due:
			due = nil
			if !v.draw(ctx) && !v.mute {
				due = time.After(max(v.every(), time.Until(v.quietTo)))
			}
		}
	}
}

func (v *live) over(ctx context.Context) bool {
	select {
	case <-v.quit:
		return true
	default:
		return ctx.Err() != nil
	}
}

// every is how often text is shown.
func (v *live) every() time.Duration {
	if v.job.Chat.Private {
		return v.run.opt.DraftEvery
	}
	return v.run.opt.EditEvery
}

// nextTime is when text may be shown next.
func (v *live) nextTime() time.Time {
	next := v.shownAt.Add(v.every())
	if v.quietTo.After(next) {
		return v.quietTo
	}
	return next
}

// sign shows that an answer is being written, or keeps a draft from vanishing.
func (v *live) sign(ctx context.Context) {
	switch {
	case !v.run.spare():
	case v.job.Chat.Private && v.shown != "" && time.Since(v.shownAt) > draftLife:
		v.put(ctx, v.shown)
	default:
		// What is wrong with the chat shows when the reply is sent.
		_ = v.run.api.typing(ctx, v.run.place(v.job))
	}
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
		if !v.run.spare() || !v.put(ctx, html) {
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
	switch {
	case v.job.Chat.Private:
		err = v.run.api.draft(ctx, v.run.place(v.job), v.job.ID, html)
	case v.message != 0:
		err = v.run.api.edit(ctx, liveTimeout, v.run.chat(v.job), v.message, text{text: html})
	default:
		err = v.open(ctx, html)
	}
	v.shownAt = time.Now()
	if err == nil {
		v.shown = html
		return true
	}
	switch f := asFault(err); f.kind {
	case faultWait:
		v.quietTo = v.shownAt.Add(f.wait)
	case faultUnsure:
		v.mute = v.unsure
	case faultUnreached:
	default:
		v.mute = true
		if v.job.Chat.Private && f.kind == faultRefused && f.refusal == refusedOther {
			v.run.drafts.add(v.job.Chat.ID)
		}
	}
	return false
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
	chat := v.run.chat(v.job)
	from := v.run.ids.of(chat)
	if !v.run.write(ctx, "opening", v.job.ID, func(ctx context.Context) error {
		return v.run.opt.Journal.Opening(ctx, v.job.ID, int64(from.id))
	}) {
		v.run.land()
		return context.Cause(ctx)
	}
	id, err := v.run.api.send(ctx, liveTimeout, v.run.place(v.job), text{text: html})
	if err != nil && asFault(err).kind == faultUnsure {
		v.unsure, v.doubt = true, newDoubt(chat, from)
		return err
	}
	defer v.run.land()
	if err != nil {
		return err
	}
	v.run.ids.sent(chat, id)
	v.run.sent(chat, l, id)
	v.opened(ctx, id)
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
