package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-telegram/bot/models"

	"wenbao/bot"
)

// silence is how long nothing may come in before the offset is forgotten: after a
// week without updates Telegram numbers them anew, perhaps below it, and would give
// none of them. It gives those of the last 24 hours without an offset; the journal
// knows the ones it has.
const silence = 24 * time.Hour

// poll asks for updates until ctx is done. An update is acknowledged, by asking
// for the next one, when the journal has it.
func (r *run) poll(ctx, work context.Context) error {
	if err := r.retry(ctx, "deleteWebhook", r.api.deleteWebhook); err != nil {
		return unlessDone(ctx, err)
	}
	var offset int64
	var timeout time.Duration // 0 until it is known that polls succeed
	heard := time.Now()
	wait := newBackoff(firstPollWait)
	for ctx.Err() == nil {
		next, err := r.pollOnce(ctx, work, offset, timeout)
		if err != nil {
			if asFault(err).kind == faultToken {
				return unlessDone(ctx, ErrToken)
			}
			r.pauseAfter(ctx, err, wait)
			timeout = 0
			continue
		}
		wait.reset()
		r.setHealth(nil)
		timeout = pollTimeout
		switch {
		case next != offset:
			offset, heard = next, time.Now()
		case time.Since(heard) > silence:
			offset, heard = 0, time.Now()
		}
	}
	return nil
}

// unlessDone gives an error, nil where it comes from ctx being done.
func unlessDone(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// errUnreadable says that none of the updates has an ID that can be read.
var errUnreadable = errors.New("no update can be read")

// pollOnce takes the updates that there are and gives the next offset.
func (r *run) pollOnce(ctx, work context.Context, offset int64, timeout time.Duration) (int64, error) {
	raw, err := r.api.updates(ctx, offset, timeout)
	if err != nil {
		return offset, err
	}
	var events []incoming
	nothing := len(raw) > 0
	for _, u := range raw {
		id, in, ok := r.read(u)
		if ok {
			events = append(events, in)
		}
		if id != 0 {
			offset, nothing = id+1, false
		}
	}
	if nothing { // the next poll would give the same at once
		return offset, errUnreadable
	}
	return offset, r.take(work, events)
}

// pauseAfter waits after a poll that failed.
func (r *run) pauseAfter(ctx context.Context, err error, wait *backoff) {
	if ctx.Err() != nil {
		return
	}
	f := asFault(err)
	pause := max(wait.next(), f.wait)
	r.setHealth(fmt.Errorf("updates cannot be taken: %w", f))
	if f.kind == faultConflict {
		r.log.Error("another program takes the updates of this bot, or a webhook is set", "again_in", pause)
	} else {
		r.log.Warn("updates cannot be taken", "err", err, "again_in", pause)
	}
	// Whether the wait was broken off shows at the next call.
	_ = sleep(ctx, pause)
}

// read reads an update, and counts one that is no event. Its ID is 0 where not even
// that can be read; ok reports whether it is an event.
func (r *run) read(raw json.RawMessage) (id int64, in incoming, ok bool) {
	var update models.Update
	if err := json.Unmarshal(raw, &update); err != nil {
		r.opt.Meter.Update("unreadable")
		var head struct {
			ID int64 `json:"update_id"`
		}
		_ = json.Unmarshal(raw, &head) // then the ID stays 0
		r.log.Error("update cannot be read", "update", head.ID)
		return head.ID, incoming{}, false
	}
	if m := update.Message; m != nil {
		r.ids.meet(m.Chat.ID, m.ID)
	}
	if r.guard("decoding", bot.Event{ID: update.ID}, func() { in, ok = decode(&update, r.self()) }) {
		r.opt.Meter.Update("unreadable")
		return update.ID, incoming{}, false
	}
	if !ok {
		r.opt.Meter.Update("other")
		return update.ID, incoming{}, false
	}
	if in.Kind == bot.EventPress {
		r.ids.see(in.Chat.ID, in.Message)
	}
	return update.ID, in, true
}
