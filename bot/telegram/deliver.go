package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"wenbao/bot"
)

// delivery is the reply to one event on its way. It belongs to one goroutine.
type delivery struct {
	run  *run
	job  *job
	plan plan
	sent int // how many parts are done with
	// floor is what the journal has: it is below the ID of every message that the
	// part at hand may be.
	floor int
	// unsure says that the part at hand may have gone out, and doubt where it would
	// be; flying that its flight is held until that is settled.
	unsure, flying bool
	doubt          doubt
	// live is the message that showed the answer growing, 0 for none.
	live int
	// answered says that the press or the inline query has its answer.
	answered bool
	told     bool // the meter knows that the event is answered
}

// newDelivery goes on where the journal says that the delivery stands.
func newDelivery(r *run, j *job) *delivery {
	floor := int(j.entry.Floor)
	return &delivery{
		run:    r,
		job:    j,
		sent:   len(j.entry.Sent),
		floor:  floor,
		unsure: j.old,
		doubt:  doubt{floor: floor},
		live:   int(j.entry.Opened),
	}
}

// takeOver ends the live text and goes on with what it leaves.
func (d *delivery) takeOver() {
	v := d.job.live
	v.stop()
	d.answered = d.answered || v.answered
	d.live = v.message
	if v.chat != d.chat() { // it has stayed behind
		d.live = 0
	}
	if v.unsure {
		d.unsure, d.flying, d.doubt = true, true, v.doubt
		v.unsure = false
	}
}

// end leaves nothing in flight and nobody showing anything.
func (d *delivery) end() {
	d.takeOver()
	d.settle(false)
}

// keep writes the plan down. It reports false where that did not succeed before
// the end.
func (d *delivery) keep(ctx context.Context) bool {
	raw, err := json.Marshal(d.plan)
	if err != nil {
		d.run.log.Error("reply cannot be encoded", "event", d.job.ID, "err", err)
		return false
	}
	return d.run.write(ctx, "plan", d.job.ID, func(ctx context.Context) error {
		return d.run.opt.Journal.Plan(ctx, d.job.ID, raw, int64(d.floor))
	})
}

// chat is where the reply goes.
func (d *delivery) chat() int64 { return d.run.chat(d.job) }

// errNobody says that there is nobody to deliver to.
var errNobody = errors.New("nobody hears the answer")

// deliver sends what has not been sent. It reports false where it was broken off.
// It holds the lane for all the time: a message that goes out beside it could be
// taken for the one that is looked for.
func (d *delivery) deliver(ctx context.Context) bool {
	if d.job.lane.hold(ctx) != nil {
		return false
	}
	defer d.job.lane.release()
	if !d.answerQuery(ctx) {
		return false
	}
	d.removeLive(ctx)
	for d.sent < len(d.plan.Parts) {
		id, err := d.deliverPart(ctx, d.plan.Parts[d.sent])
		if errors.Is(err, errNobody) {
			d.run.left(ctx, d.job)
			return true
		}
		if err != nil {
			return false
		}
		if !d.noteSent(ctx, id) {
			return false
		}
	}
	return true
}

// noteSent writes down that the part at hand is done with, as the message id, or 0
// where Telegram would not have it.
func (d *delivery) noteSent(ctx context.Context, id int) bool {
	d.settle(id != 0)
	part := d.sent
	d.sent++
	d.floor = max(d.floor, id)
	if id != 0 {
		d.delivered()
	}
	return d.run.write(ctx, "sent", d.job.ID, func(ctx context.Context) error {
		return d.run.opt.Journal.Sent(ctx, d.job.ID, part, int64(id))
	})
}

// delivered tells the meter of the first sign of an answer.
func (d *delivery) delivered() {
	if d.told || d.job.taken.IsZero() {
		return
	}
	d.told = true
	d.run.opt.Meter.Delivered(string(d.job.Kind), time.Since(d.job.taken))
}

// removeLive deletes the message with live text where no part takes its place.
func (d *delivery) removeLive(ctx context.Context) {
	if d.live == 0 || len(d.plan.Parts) > 0 && d.plan.Parts[0].Replace == 0 {
		return
	}
	// A message that stays there is a blemish; the reply does not wait for it.
	_ = d.run.api.remove(ctx, d.chat(), d.live)
	d.live = 0
}

// settle ends the doubt about the part at hand. Known says that it was found out
// whether it had gone out.
func (d *delivery) settle(known bool) {
	if d.unsure && !known {
		d.run.ids.blur(d.chat())
	}
	d.land()
	d.unsure, d.doubt = false, doubt{}
}

// land ends the flight of the part at hand.
func (d *delivery) land() {
	if d.flying {
		d.flying = false
		d.run.land()
	}
}

// hasMoved reports whether the group goes on elsewhere: no message of the old one
// is there, although one of the same ID may be.
func (d *delivery) hasMoved() bool { return d.chat() != d.job.Chat.ID }

// try is a way to bring a part to the chat.
type try struct {
	target int // the message that is edited, 0 for a new one
	form   form
}

// deliverPart brings a part to the chat, however long that takes, and gives the
// ID of its message, or 0 where Telegram refuses it. Its errors are errNobody and
// those of ctx.
func (d *delivery) deliverPart(ctx context.Context, p part) (int, error) {
	if d.hasMoved() {
		p.Replace = 0
	}
	if p.HTML == "" {
		return d.deliverButtons(ctx, p)
	}
	how, wait := try{target: p.Replace}, newBackoff(firstSendWait)
	if how.target == 0 && d.sent == 0 {
		how.target = d.live
	}
	for {
		id, err := d.attempt(ctx, p, how)
		if err == nil {
			d.run.sent(d.chat(), d.job.lane, id)
			return id, nil
		}
		f := asFault(err)
		switch {
		case ctx.Err() != nil:
			return 0, context.Cause(ctx)
		case f.kind == faultGone:
			return 0, errNobody
		case f.kind == faultMoved && f.moved != d.chat():
			d.move(ctx, f.moved)
			how.target = 0
		case f.kind == faultRefused:
			if !d.otherwise(f, &how) {
				d.run.log.Error("telegram refuses a message", "event", d.job.ID, "part", d.sent, "fault", f)
				return 0, nil
			}
		default:
			if err := d.pause(ctx, f, wait); err != nil {
				return 0, err
			}
		}
	}
}

// otherwise finds another way for a part that was refused, and reports false where
// there is none. Telegram's reasons are many and change; only where it says that
// nothing can be written to the chat is nothing else tried.
func (d *delivery) otherwise(f *fault, how *try) bool {
	switch {
	case f.refusal == refusedNoChat, f.refusal == refusedNoRights:
		return false
	case f.refusal == refusedNoMessage && how.target != 0:
		how.target = 0
		return true
	case how.form != bare:
		how.form++
	case how.target != 0:
		how.target = 0
	case d.unsure: // it was the look for it that was refused
		d.settle(false)
		how.form = marked
	default:
		return false
	}
	d.run.log.Error("telegram refuses a message, tried otherwise", "event", d.job.ID, "part", d.sent, "fault", f, "form", how.form)
	return true
}

// deliverButtons gives a message other buttons, and its ID, 0 where they cannot be
// changed: a message that is gone needs none.
func (d *delivery) deliverButtons(ctx context.Context, p part) (int, error) {
	wait := newBackoff(firstSendWait)
	for p.Replace != 0 {
		if err := d.run.limiter.Wait(ctx); err != nil {
			return 0, context.Cause(ctx)
		}
		err := d.run.api.editButtons(ctx, d.chat(), p.Replace, p.Buttons)
		f := asFault(err)
		switch {
		case err == nil:
			return p.Replace, nil
		case ctx.Err() != nil:
			return 0, context.Cause(ctx)
		case f.kind == faultGone:
			return 0, errNobody
		case f.kind == faultMoved: // the message has stayed behind
			d.move(ctx, f.moved)
			return 0, nil
		case f.kind == faultRefused:
			d.run.log.Info("buttons cannot be changed", "event", d.job.ID, "fault", f)
			return 0, nil
		}
		if err := d.pause(ctx, f, wait); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// pause waits before the next attempt, as long as Telegram asks for, or else
// longer each time.
func (d *delivery) pause(ctx context.Context, f *fault, wait *backoff) error {
	if f.kind == faultWait {
		wait.reset()
		return sleep(ctx, jitter(f.wait))
	}
	pause := wait.next()
	d.run.log.Warn("message waits for telegram", "event", d.job.ID, "part", d.sent, "fault", f, "again_in", pause)
	return sleep(ctx, pause)
}

// attempt tries to bring a part to the chat: as an edit where there is a message
// for it, else as a new message, after a look whether it is there already.
func (d *delivery) attempt(ctx context.Context, p part, how try) (int, error) {
	x := p.in(how.form)
	if how.target != 0 {
		if err := d.run.limiter.Wait(ctx); err != nil {
			return 0, err
		}
		return how.target, d.run.api.edit(ctx, callTimeout, d.chat(), how.target, x)
	}
	if d.unsure {
		if id, err := d.probe(ctx, x); id != 0 || err != nil {
			return id, err
		}
		d.settle(true)
	}
	to := d.run.place(d.job)
	if how.form == bare {
		to.replyTo = 0
	}
	return d.send(ctx, to, x)
}

// send sends a new message. One that may have gone out stays in flight.
func (d *delivery) send(ctx context.Context, to place, x text) (int, error) {
	if err := d.run.limiter.Wait(ctx); err != nil {
		return 0, err
	}
	if err := d.run.fly(ctx); err != nil {
		return 0, err
	}
	d.flying = true
	from, err := d.raise(ctx)
	if err != nil {
		return 0, err
	}
	id, err := d.run.api.send(ctx, callTimeout, to, x)
	if err != nil && asFault(err).kind == faultUnsure {
		d.unsure, d.doubt = true, newDoubt(to.chat, from)
		return 0, err
	}
	if err == nil {
		d.run.ids.sent(to.chat, id)
	}
	d.land() // only now: an ID is counted as seen or as in flight at any time
	return id, err
}

// chat is where a job's event happened: a group's new ID when it has moved.
func (r *run) chat(j *job) int64 { return r.groups.now(j.Chat.ID) }

// place is where a job's reply goes. What it answers has stayed behind where the
// group has moved.
func (r *run) place(j *job) place {
	to := place{chat: r.chat(j), thread: j.Chat.Thread, replyTo: j.ReplyTo}
	if to.chat != j.Chat.ID {
		to.replyTo = 0
	}
	return to
}

// sent notes a message of the bot's. The lane is held.
func (r *run) sent(chat int64, l *chatLane, id int) {
	r.ids.see(chat, id)
	l.last = max(l.last, id)
}

// fly and land bound how many messages are on their way at once, those included
// that may have arrived without our being told.
func (r *run) fly(ctx context.Context) error {
	select {
	case r.flights <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (r *run) land() { <-r.flights }

// move goes on in the group's new chat, where messages have other IDs, and tells
// the handler. Whether the part at hand had gone out to the old chat cannot be
// found out any more, since Telegram takes no edits there: it is sent.
func (d *delivery) move(ctx context.Context, to int64) {
	from := d.chat()
	d.settle(false)
	d.floor, d.job.lane.last = 0, 0
	d.run.hearOfMove(ctx, bot.Event{
		ID: d.job.ID, Kind: bot.EventMoved, Chat: bot.Chat{ID: from}, MovedTo: to, Time: time.Now(),
	})
}

// left ends what is done for a chat in which nobody hears the bot.
func (r *run) left(ctx context.Context, j *job) {
	r.log.Info("chat is gone", "event", j.ID)
	r.drop(ctx, r.lanes.gone(j.lane))
}
