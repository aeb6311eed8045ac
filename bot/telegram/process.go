package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"wenbao/bot"
	"wenbao/bot/journal"
)

// run is a Transport at work: one Run of it.
type run struct {
	*Transport
	handler bot.Handler
	lanes   *lanes
	workers chan struct{}   // holds one for each event that is handled
	flights chan struct{}   // holds one for each message on its way, or in doubt
	ending  <-chan struct{} // closed when nothing more is begun
	notices notices
	groups  movedGroups
	drafts  refusers
	albums  albums
	door    door // of the webhook
	tasks   sync.WaitGroup
}

// maxInFlight is how many messages are on their way at once. It keeps small how
// many IDs Telegram can have given away between the look at the highest one and
// the sending: see probeWindow.
const maxInFlight = 32

func newRun(t *Transport, h bot.Handler, ending <-chan struct{}) *run {
	r := &run{
		Transport: t,
		handler:   h,
		workers:   make(chan struct{}, t.opt.Workers),
		flights:   make(chan struct{}, maxInFlight),
		ending:    ending,
	}
	r.lanes = newLanes(t.opt.Queue, t.opt.PerChat, r.interrupts, t.opt.Meter.Queued)
	return r
}

// interrupts asks the handler.
func (r *run) interrupts(e bot.Event) (yes bool) {
	r.guard("handler", e, func() { yes = r.handler.Interrupts(e) })
	return yes
}

func (r *run) newJob(in incoming, e journal.Entry) *job {
	j := &job{incoming: in, entry: e}
	j.live = newLive(r, j)
	return j
}

// serve takes up what the journal holds and takes updates until ctx is done. Work
// on events goes on until work is done.
func (r *run) serve(ctx, work context.Context) error {
	if err := r.recover(work); err != nil {
		return err
	}
	r.tasks.Go(func() { r.prune(ctx) })
	r.tasks.Go(func() { r.putCommands(ctx) })
	if r.opt.Webhook != nil {
		return r.listen(ctx, work)
	}
	return r.poll(ctx, work)
}

// recover takes up what an earlier run has left in the journal.
func (r *run) recover(work context.Context) error {
	if err := r.opt.Journal.Own(work, r.self().ID); err != nil {
		return fmt.Errorf("telegram: read journal: %w", err)
	}
	floors, err := r.opt.Journal.Floors(work)
	if err != nil {
		return fmt.Errorf("telegram: read journal: %w", err)
	}
	for chat, floor := range floors {
		r.ids.see(chat, int(floor))
	}
	pending, err := r.opt.Journal.Pending(work)
	if err != nil {
		return fmt.Errorf("telegram: read journal: %w", err)
	}
	for _, e := range pending {
		var in incoming
		if err := json.Unmarshal(e.Body, &in); err != nil {
			r.log.Error("event in the journal cannot be read", "event", e.ID, "err", err)
			r.forget(work, e.ID)
			continue
		}
		r.ids.see(in.Chat.ID, max(in.Message, int(e.Floor)))
		r.hearOfMove(work, in.Event)
		j := r.newJob(in, e)
		j.old = true
		r.drop(work, r.begin(work, j))
	}
	r.log.Info("journal read", "pending", len(pending))
	return nil
}

// take keeps events and begins them. When it returns nil they are safe and the
// updates can be acknowledged.
func (r *run) take(work context.Context, events []incoming) error {
	if len(events) == 0 {
		return nil
	}
	entries := make([]journal.Entry, len(events))
	byID := make(map[int64]incoming, len(events))
	for i, in := range events {
		body, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("encode event %d: %w", in.ID, err)
		}
		entries[i] = journal.Entry{ID: in.ID, Lane: lane(in.Event), Body: body}
		byID[in.ID] = in
	}
	// Whether events were taken must be known, whatever becomes of who brings them:
	// taken ones do not come again.
	fresh, err := r.opt.Journal.Take(context.WithoutCancel(work), entries)
	if err != nil {
		return err
	}
	var over []*job
	for _, e := range fresh {
		in := byID[e.ID]
		r.opt.Meter.Update(string(in.Kind))
		r.hearOfMove(work, in.Event)
		j := r.newJob(in, e)
		j.taken = time.Now()
		if r.albums.again(in) {
			over = append(over, j)
			continue
		}
		over = append(over, r.begin(work, j)...)
	}
	r.drop(work, over)
	return nil
}

// begin puts a job into its lane, and gives those that nothing is done about.
func (r *run) begin(work context.Context, j *job) (over []*job) {
	j.live.start(work)
	verdict, dropped := r.lanes.add(j)
	switch verdict {
	case begins:
		r.tasks.Go(func() { r.drain(work, j.lane) })
	case overflows:
		j.live.quit()
		r.turnAway(work, j)
	}
	return dropped
}

// hearOfMove tells the handler that a group has moved, before anything is done
// about what is written in the new one. Where that is an event of its own, the
// handler hears of it again in its turn: what went on in the old group ends by then.
func (r *run) hearOfMove(ctx context.Context, e bot.Event) {
	if e.Kind != bot.EventMoved || !r.groups.put(e.Chat.ID, e.MovedTo) {
		return
	}
	if _, err := r.contained(ctx, e, func(bot.Message) {}); err != nil {
		r.log.Error("handler does not know that a group has moved", "event", e.ID)
	}
}

// drain does the jobs of a lane until there are none, or the end has come.
func (r *run) drain(work context.Context, l *chatLane) {
	for {
		handle, all, j := r.lanes.next(work, l)
		if j == nil {
			return
		}
		if !r.process(handle, all, j) {
			r.log.Info("event stays in the journal", "event", j.ID, "kind", j.Kind)
		}
		r.lanes.begun(j)
		j.abandon(nil) // frees the contexts
		if r.isEnding() {
			for _, left := range r.lanes.leave(l) {
				left.live.quit()
			}
			return
		}
	}
}

func (r *run) isEnding() bool {
	select {
	case <-r.ending:
		return true
	default:
		return false
	}
}

// process does one job from where it stands to its end, and reports false where
// it stays in the journal. A panic on its way costs this one reply.
func (r *run) process(handle, all context.Context, j *job) (done bool) {
	d := newDelivery(r, j)
	defer d.end()
	if !r.guard("event", j.Event, func() { done = r.carryOut(handle, all, d) }) {
		return done
	}
	if !r.guard("excuse", j.Event, func() { done = r.excuse(all, d) }) {
		return done
	}
	return r.forget(all, j.ID)
}

// carryOut makes the reply, unless the journal has it, and delivers it.
func (r *run) carryOut(handle, all context.Context, d *delivery) bool {
	j := d.job
	if len(j.entry.Plan) == 0 {
		if !r.makePlan(handle, all, d) {
			return r.isGone(all, j)
		}
	} else if err := json.Unmarshal(j.entry.Plan, &d.plan); err != nil {
		r.log.Error("reply in the journal cannot be read", "event", j.ID, "err", err)
		return r.forget(all, j.ID)
	}
	return r.finish(all, d)
}

// excuse delivers, in place of what is left of a reply, that it failed. One that has
// gone out to its end needs none.
func (r *run) excuse(all context.Context, d *delivery) bool {
	d.end()
	if n := len(d.plan.Parts); n > 0 && d.sent == n {
		return r.forget(all, d.job.ID)
	}
	failed := newPlan(r.handler.Failed(d.job.Event), d.answered)
	failed.Parts = append(slices.Clone(d.plan.Parts[:min(d.sent, len(d.plan.Parts))]), failed.Parts...)
	d.plan = failed
	return d.keep(all) && r.finish(all, d)
}

// finish delivers the reply to its end.
func (r *run) finish(all context.Context, d *delivery) bool {
	r.lanes.begun(d.job)
	d.takeOver()
	if !d.deliver(all) {
		return r.isGone(all, d.job)
	}
	return r.forget(all, d.job.ID)
}

// isGone finishes a job that was broken off because nobody hears the answer, and
// reports false for one that was broken off otherwise.
func (r *run) isGone(all context.Context, j *job) bool {
	return errors.Is(context.Cause(all), bot.ErrGone) && r.forget(all, j.ID)
}

// maxTries is how often an event of an earlier run of the program is handled: beyond
// that each run has ended before there was a reply, perhaps by the event.
const maxTries = 5

// makePlan has the event handled and keeps the reply. It reports false where
// there is none.
func (r *run) makePlan(handle, all context.Context, d *delivery) bool {
	// Nothing has gone out but what live shows.
	d.unsure, d.doubt = false, doubt{}
	if !d.job.live.resume(all) {
		return false
	}
	reply, ok := r.react(handle, all, d.job)
	d.takeOver()
	if !ok {
		return false
	}
	d.plan = newPlan(reply, d.answered)
	d.floor = r.ids.of(d.chat()).id
	if d.unsure {
		d.floor = d.doubt.floor
	}
	return d.keep(all)
}

// react has a worker handle an event, and reports false where there is no reply.
func (r *run) react(handle, all context.Context, j *job) (bot.Reply, bool) {
	select {
	case r.workers <- struct{}{}:
	case <-r.ending: // not begun: the next run of the program does it
		return bot.Reply{}, false
	case <-all.Done():
		return bot.Reply{}, false
	}
	defer func() { <-r.workers }()
	r.lanes.begun(j)
	if j.old && !r.mayTry(all, j) {
		r.log.Error("event is not handled any more", "event", j.ID, "kind", j.Kind, "tries", j.entry.Tries)
		return r.handler.Failed(j.Event), true
	}
	return r.handle(handle, all, j.Event, j.live.show)
}

// mayTry reports whether an event of an earlier run may be handled once more, and
// writes down that it is. A fresh one need not wait for the disk: if it ends the
// program, it is of an earlier run from then on.
func (r *run) mayTry(all context.Context, j *job) bool {
	if j.entry.Tries >= maxTries {
		return false
	}
	r.write(all, "tried", j.ID, func(ctx context.Context) error { return r.opt.Journal.Tried(ctx, j.ID) })
	return true
}

// handle runs the handler, and reports false where the job was abandoned.
func (r *run) handle(ctx, all context.Context, e bot.Event, show func(bot.Message)) (bot.Reply, bool) {
	reply, err := r.contained(ctx, e, show)
	switch {
	case err == nil:
		return reply, true
	case all.Err() != nil:
		return bot.Reply{}, false
	}
	r.log.Error("handler failed against its contract", "event", e.ID, "kind", e.Kind)
	return r.handler.Failed(e), true
}

// contained runs the handler; a panic costs this one reply.
func (r *run) contained(ctx context.Context, e bot.Event, show func(bot.Message)) (reply bot.Reply, err error) {
	if r.guard("handler", e, func() { reply, err = r.handler.Handle(ctx, e, show) }) {
		return r.handler.Failed(e), nil
	}
	return reply, err
}

// write does a write to the journal, again and again until it succeeds, and
// reports false where ctx was done before. What has happened is noted even after
// the end was asked for: each try is allowed to finish.
func (r *run) write(ctx context.Context, what string, id int64, put func(context.Context) error) bool {
	wait := newBackoff(firstSendWait)
	for {
		err := put(context.WithoutCancel(ctx))
		if err == nil {
			return true
		}
		r.log.Error("journal cannot be written", "what", what, "event", id, "err", err)
		if errors.Is(err, journal.ErrNotPending) {
			return true // the event is done with; nothing is owed
		}
		if sleep(ctx, wait.next()) != nil {
			return false
		}
	}
}

// forget notes that events are done with.
func (r *run) forget(ctx context.Context, ids ...int64) bool {
	return r.write(ctx, "done", ids[0], func(ctx context.Context) error {
		return r.opt.Journal.Done(ctx, ids...)
	})
}

// drop finishes jobs that nobody waits for, or that others answer for.
func (r *run) drop(ctx context.Context, jobs []*job) {
	if len(jobs) == 0 {
		return
	}
	ids := make([]int64, len(jobs))
	for i, j := range jobs {
		j.live.quit()
		ids[i] = j.ID
	}
	r.forget(ctx, ids...)
}

// prune deletes the IDs of old updates, now and every hour.
func (r *run) prune(ctx context.Context) {
	for {
		if err := r.opt.Journal.Prune(ctx, time.Now().Add(-keepDone)); err != nil && ctx.Err() == nil {
			r.log.Error("journal cannot be pruned", "err", err)
		}
		if sleep(ctx, pruneEvery) != nil {
			return
		}
	}
}
