package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
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
	notices *notices
	groups  movedGroups
	drafts  refusers
	tasks   sync.WaitGroup
}

// maxInFlight is how many messages are on their way at once. It keeps small how
// many IDs Telegram can have given away between the look at the highest one and
// the sending: see probeWindow.
const maxInFlight = 32

func newRun(t *Transport, h bot.Handler, ending <-chan struct{}) *run {
	return &run{
		Transport: t,
		handler:   h,
		lanes:     newLanes(t.opt.Queue, t.opt.PerChat, h.Interrupts, t.opt.Meter.Queued),
		workers:   make(chan struct{}, t.opt.Workers),
		flights:   make(chan struct{}, maxInFlight),
		ending:    ending,
		notices:   newNotices(),
	}
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

// finish waits for running events, and after the grace time has them handed back.
func (r *run) finish(abandon context.CancelCauseFunc) {
	late := time.AfterFunc(r.opt.Grace, func() { abandon(bot.ErrHandBack) })
	defer late.Stop()
	r.tasks.Wait()
}

// recover takes up what an earlier run has left in the journal.
func (r *run) recover(work context.Context) error {
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
		r.drop(work, r.begin(work, &job{incoming: in, entry: e, old: true}))
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
		over = append(over, r.begin(work, &job{incoming: byID[e.ID], entry: e, taken: time.Now()})...)
	}
	r.drop(work, over)
	return nil
}

// begin puts a job into its lane, and gives those that nothing is done about.
func (r *run) begin(work context.Context, j *job) (over []*job) {
	verdict, dropped := r.lanes.add(j)
	switch verdict {
	case begins:
		r.tasks.Go(func() { r.drain(work, j.lane) })
	case overflows:
		if !r.turnAway(work, j) {
			dropped = append(dropped, j)
		}
	}
	return dropped
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
			r.lanes.leave(l)
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
// it stays in the journal.
func (r *run) process(handle, all context.Context, j *job) bool {
	d := newDelivery(r, j)
	defer d.settle(false)
	if len(j.entry.Plan) == 0 {
		if !r.makePlan(handle, all, d) {
			return r.isGone(all, j)
		}
	} else if err := json.Unmarshal(j.entry.Plan, &d.plan); err != nil {
		r.log.Error("reply in the journal cannot be read", "event", j.ID, "err", err)
		return r.forget(all, j.ID)
	}
	r.lanes.begun(j)
	if !d.deliver(all) {
		return r.isGone(all, j)
	}
	return r.forget(all, j.ID)
}

// isGone finishes a job that was broken off because nobody hears the answer, and
// reports false for one that was broken off otherwise.
func (r *run) isGone(all context.Context, j *job) bool {
	return errors.Is(context.Cause(all), bot.ErrGone) && r.forget(all, j.ID)
}

// makePlan has the event handled and keeps the reply. It reports false where
// there is none.
func (r *run) makePlan(handle, all context.Context, d *delivery) bool {
	v := newLive(r, d.job)
	if !v.resume(all) {
		return false
	}
	select {
	case r.workers <- struct{}{}:
	case <-r.ending: // not begun: the next run of the program does it
		return false
	case <-all.Done():
		return false
	}
	r.lanes.begun(d.job)
	stop := v.start(all)
	reply, ok := r.handle(handle, all, d.job.Event, v.show)
	<-r.workers // not held while stop waits for Telegram
	stop()
	d.unsure, d.flying, d.doubt = v.unsure, v.unsure, v.doubt
	if !ok {
		return false
	}
	d.plan, d.answered, d.live = newPlan(reply, v.answered), v.answered, v.message
	d.floor = r.ids.of(r.chat(d.job)).id
	if d.unsure {
		d.floor = d.doubt.floor
	}
	return d.keep(all)
}

// handle runs the handler, and reports false where the job was abandoned.
func (r *run) handle(ctx, all context.Context, e bot.Event, show func(bot.Message)) (bot.Reply, bool) {
	reply, err := r.contained(ctx, e, show)
	switch {
	case err == nil:
		if e.Kind == bot.EventMoved {
			r.groups.put(e.Chat.ID, e.MovedTo)
		}
		return reply, true
	case all.Err() != nil:
		return bot.Reply{}, false
	}
	r.log.Error("handler failed against its contract", "event", e.ID, "kind", e.Kind)
	return r.handler.Failed(e), true
}

// contained runs the handler; a panic costs this one reply.
func (r *run) contained(ctx context.Context, e bot.Event, show func(bot.Message)) (reply bot.Reply, err error) {
	defer func() {
		if v := recover(); v != nil {
			r.opt.Meter.Panicked()
			r.log.Error("handler panicked", "event", e.ID, "kind", e.Kind,
				"panic", panicText(v), "stack", string(debug.Stack()))
			reply, err = r.handler.Failed(e), nil
		}
	}()
	return r.handler.Handle(ctx, e, show)
}

// panicText says what a panic was about, without texts of users that its value
// may hold: only the runtime's own errors are shown.
func panicText(v any) string {
	if err, ok := v.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", v)
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

// drop finishes jobs that nobody waits for.
func (r *run) drop(ctx context.Context, jobs []*job) {
	if len(jobs) == 0 {
		return
	}
	ids := make([]int64, len(jobs))
	for i, j := range jobs {
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
