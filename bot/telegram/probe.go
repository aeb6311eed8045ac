package telegram

import (
	"context"
	"math"
	"time"
)

// probeWindow is how many messages are looked at after a crash, above the floor in
// the journal. Between the look at the highest ID and the sending Telegram gives
// away those of messages that are in flight at the same time, maxInFlight at most,
// and of what users write in that time; and the floor may be lower by staleFloor.
// What is known to be another message does not count: it need not be looked at.
const probeWindow = 64

// staleFloor is how much higher the highest ID may be than the floor in the
// journal before a message is sent without writing down a new one.
const staleFloor = 16

// probeMargin is how many messages of users may be on their way to the bot while
// one is looked for. Those written before the fault have mostly come by then: the
// first look is at least firstSendWait after it.
const probeMargin = 4

// writtenEvery is how often, at most, people are taken to write in a supergroup
// what the bot is not told of. Of more than maxHidden such messages the last ones
// are not looked at: each look is an edit, of which Telegram allows 20 a minute.
const (
	writtenEvery = time.Second
	maxHidden    = 256
)

// doubt is about a message that may have gone out: where it is looked for.
type doubt struct {
	floor int // below its ID
	// known says that the run itself has sent it, from a height that was current;
	// else it may be any message within the probeWindow.
	known bool
	// hidden is how many messages there may be above floor of which the bot is
	// never told.
	hidden int
	// end is the last ID looked at, probed how far it was looked for already, 0 for
	// nowhere, and looks how many messages were looked at.
	end, probed, looks int
}

// newDoubt is about a message that was sent to a chat from a height, and has met
// with a fault now.
func newDoubt(chat int64, from height) doubt {
	b := doubt{floor: from.id, known: from.current}
	if isSupergroup(chat) {
		b.hidden = int(min(time.Since(from.at)/writtenEvery, maxHidden))
	}
	return b
}

// probe looks for the part at hand among the messages that came after the floor,
// and gives its ID, 0 where it is not there. It edits what it finds, so that the
// message is right in any case: an edit succeeds on messages of the bot's in this
// chat only, and of those none but the one looked for is above the floor. The
// likeliest ID comes first, since the message was sent soon after the look at the
// height.
//
// After an error it goes on where it was.
func (d *delivery) probe(ctx context.Context, x text) (int, error) {
	if d.doubt.probed == 0 {
		d.doubt.end = d.run.probeEnd(d.chat(), d.doubt)
	}
	for id := max(d.doubt.floor, d.doubt.probed) + 1; id <= d.doubt.end; id++ {
		switch {
		case d.run.ids.knows(d.chat(), id):
			continue
		case d.doubt.looks >= probeWindow+d.doubt.hidden:
			return 0, nil
		}
		if err := d.run.limiter.Wait(ctx); err != nil {
			return 0, err
		}
		err := d.run.api.edit(ctx, callTimeout, d.chat(), id, x)
		if err == nil {
			d.run.log.Info("message had gone out", "event", d.job.ID, "part", d.sent, "above", id-d.doubt.floor)
			return id, nil
		}
		if asFault(err).refusal != refusedNoMessage {
			return 0, err
		}
		d.doubt.probed = id
		d.doubt.looks++
	}
	return 0, nil
}

// probeEnd is the highest ID that a message in doubt can have. Whatever has been
// given an ID between the floor and the message is one of these:
//
//   - a message that the run has been told of since: its ID is not above the
//     highest one seen now;
//   - a message of the run's own that is in doubt as well or still on its way: it
//     is one of the flights, which are held until the doubt is settled;
//   - a message of a user's that is still on its way to us: probeMargin, as long as
//     updates do come in;
//   - in a supergroup, a message that the bot is not told of: hidden.
//
// Where one of these is not known, as after a crash, there is no such ID; the number
// of looks bounds the search in any case.
func (r *run) probeEnd(chat int64, b doubt) int {
	if !b.known || r.Ready() != nil {
		return math.MaxInt
	}
	return r.ids.of(chat).id + len(r.flights) + probeMargin + b.hidden
}

// raise writes down a higher floor where the old one is not enough to find the
// message again after a crash: others have been sent since, or one of the bot's in
// this chat, which a probe would take for the one looked for. Others go on while it
// is written, so that it is looked at again. It gives the height from which the
// message is sent.
func (d *delivery) raise(ctx context.Context) (height, error) {
	for {
		last, now := d.job.lane.last, d.run.ids.of(d.chat())
		if last <= d.floor && now.id <= d.floor+staleFloor {
			return now, nil
		}
		if !d.run.write(ctx, "floor", d.job.ID, func(ctx context.Context) error {
			return d.run.opt.Journal.Raise(ctx, d.job.ID, int64(now.id))
		}) {
			return now, context.Cause(ctx)
		}
		d.floor = now.id
	}
}

// find looks for a message that may have gone out, for as long as it takes to be
// certain.
func (d *delivery) find(ctx context.Context, x text) (int, error) {
	if err := d.job.lane.hold(ctx); err != nil {
		return 0, err
	}
	defer d.job.lane.release()
	wait := newBackoff(firstSendWait)
	for {
		id, err := d.probe(ctx, x)
		f := asFault(err)
		switch {
		case err == nil:
			d.run.sent(d.chat(), d.job.lane, id)
			return id, nil
		case ctx.Err() != nil:
			return 0, context.Cause(ctx)
		case f.kind == faultGone, f.kind == faultMoved, f.kind == faultRefused:
			return 0, nil // it cannot be edited; the reply meets the same
		}
		if err := d.pause(ctx, f, wait); err != nil {
			return 0, err
		}
	}
}
