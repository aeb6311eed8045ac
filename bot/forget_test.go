package bot_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"wenbao/bot"
	"wenbao/rag"
)

// TestForget: all is deleted at once, in every chat, and again where the event
// comes again after something else was kept.
func TestForget(t *testing.T) {
	forgotten := 0
	k := newTalk(t, func(o *bot.Options) {
		o.Forgotten = func(context.Context) { forgotten++ }
		o.Limits.UserPerMinute = 1
	})
	k.say("/place 松岭县")
	private := k.say(bedsQuestion)
	k.press(private, "👍")
	k.in(group).say(bedsQuestion)
	k.as(neighbour)
	theirs := k.say(bedsQuestion)
	k.as(resident)

	e := k.event(written("/forget"))
	for i := range 2 {
		done := k.handle(e)
		if !strings.Contains(text(done), "已经全部删除") || len(buttons(done)) > 0 || forgotten != i+1 {
			t.Errorf("%s (%d times)", shape(done), forgotten)
		}
		if r := k.press(private, "[1]"); !isStale(r) {
			t.Errorf("an old button: %s", shape(r))
		}
		for _, chat := range []bot.Chat{{ID: resident, Private: true}, {ID: group}} {
			e := k.event(bot.Event{})
			e.Chat = chat
			if s := k.sessionOf(e); !reflect.DeepEqual(s, bot.Session{}) {
				t.Errorf("left in %d is %+v", chat.ID, s)
			}
		}
		if good, bad, err := k.store.Opinions(t.Context()); good+bad != 0 || err != nil {
			t.Errorf("left are opinions: %d, %d, %v", good, bad, err)
		}
		k.say("/lang en")
		k.say("/lang zh")
	}
	if r := k.as(neighbour).press(theirs, "[1]"); isStale(r) {
		t.Error("the neighbour's answer is gone too")
	}
}

// TestForgetAtOnce: it works when no further question does, and is bounded too.
func TestForgetAtOnce(t *testing.T) {
	k := newTalk(t, nil)
	quick := func(line string) bot.Reply {
		e := k.event(written(line))
		k.now = k.now.Add(-10 * time.Second)
		return k.handle(e)
	}
	for range 20 {
		quick(bedsQuestion)
	}
	if r := quick(bedsQuestion); !strings.Contains(text(r), "请过") {
		t.Fatalf("question 21: %s", text(r))
	}
	if r := quick("/forget"); !strings.Contains(text(r), "已经全部删除") {
		t.Errorf("after many questions: %s", text(r))
	}
	for range 100 {
		quick("/forget")
	}
	if r := quick("/forget"); !strings.Contains(text(r), "请过") {
		t.Errorf("after a hundred: %s", text(r))
	}
}

// slip gives an event that is handled while another one is.
func (k *talk) slip(line string, chat bot.Chat) bot.Event {
	e := k.event(written(line))
	e.User.ID, e.Chat = resident, chat
	return e
}

// wantNothing asserts that nothing is kept of the resident.
func (k *talk) wantNothing() {
	k.t.Helper()
	for _, chat := range []bot.Chat{{ID: resident, Private: true}, {ID: group}} {
		s, err := k.store.Session(context.Background(), bot.Key{User: resident, Chat: chat.ID})
		if err != nil || !reflect.DeepEqual(s, bot.Session{}) {
			k.t.Errorf("left in %d is %+v, %v", chat.ID, s, err)
		}
	}
	err := k.store.EachOpinion(context.Background(), func(o bot.Opinion) error {
		k.t.Errorf("left is an opinion of %q", o.Answer.Question)
		return nil
	})
	if err != nil {
		k.t.Error(err)
	}
}

// TestForgetWhileAnswering forgets while the same user is being answered in another
// chat: the answer arrives, and nothing of it is kept.
func TestForgetWhileAnswering(t *testing.T) {
	k := newTalk(t, func(o *bot.Options) { o.Limits.ModelPerDay = 1 })
	forget := k.slip("/forget", bot.Chat{ID: resident, Private: true})
	p := &pen{pieces: []string{"……"}}
	p.wait = func(ctx context.Context, _ int) error {
		r, err := k.bot.Handle(ctx, forget, nil)
		if err != nil || !strings.Contains(text(r), "已经全部删除") {
			t.Errorf("/forget: %v, %s", err, shape(r))
		}
		return nil
	}
	withPen(k, p)
	r := k.in(group).say(bedsQuestion)
	if !strings.Contains(text(r), "320张") || len(buttons(r)) > 0 {
		t.Errorf("the answer:\n%s", shape(r))
	}
	k.wantNothing()
	p.wait = nil
	if r := k.say(bedsQuestion); strings.Contains(text(r), "用完了") || len(buttons(r)) == 0 {
		t.Errorf("a question after that:\n%s", shape(r))
	}
}

// TestForgetWhileStopping: the same for an answer that is interrupted.
func TestForgetWhileStopping(t *testing.T) {
	k := newTalk(t, nil)
	forget := k.slip("/forget", bot.Chat{ID: resident, Private: true})
	ctx, stop := context.WithCancelCause(t.Context())
	withPen(k, &pen{pieces: []string{"一。"}, wait: func(ctx context.Context, _ int) error {
		if _, err := k.bot.Handle(context.WithoutCancel(ctx), forget, nil); err != nil {
			t.Error(err)
		}
		stop(bot.ErrInterrupted)
		return ctx.Err()
	}})
	if r := k.in(group).handleIn(ctx, k.event(written(bedsQuestion))); !strings.Contains(text(r), "已停下") {
		t.Errorf("%s", shape(r))
	}
	k.wantNothing()
}

// during is a bot.Store that does something beside what it is asked.
type during struct {
	bot.Store
	forget func()     // before a user's data is deleted
	answer func(bool) // after an answer was read
}

func (d *during) Forget(ctx context.Context, user int64) error {
	if d.forget != nil {
		d.forget()
	}
	return d.Store.Forget(ctx, user)
}

func (d *during) Answer(ctx context.Context, id string) (bot.Answer, error) {
	a, err := d.Store.Answer(ctx, id)
	if d.answer != nil {
		d.answer(err == nil)
	}
	return a, err
}

// TestAskWhileForgetting asks in the group when the deletion has begun: what the
// answer rests on may be what is being deleted.
func TestAskWhileForgetting(t *testing.T) {
	var store during
	k := newTalk(t, func(o *bot.Options) {
		store.Store = o.Store
		o.Store = &store
	})
	writing, forgotten, answered := make(chan bool), make(chan bool), make(chan bot.Reply)
	withPen(k, &pen{pieces: []string{"……"}, wait: func(context.Context, int) error {
		writing <- true
		<-forgotten
		return nil
	}})
	question, forget := k.slip(bedsQuestion, bot.Chat{ID: group}), k.slip("/forget", bot.Chat{ID: resident, Private: true})
	store.forget = func() {
		go func() {
			r, err := k.bot.Handle(context.Background(), question, nil)
			if err != nil {
				t.Error(err)
			}
			answered <- r
		}()
		<-writing
	}
	if _, err := k.bot.Handle(t.Context(), forget, nil); err != nil {
		t.Fatal(err)
	}
	close(forgotten)
	if r := <-answered; !strings.Contains(text(r), "320张") || len(buttons(r)) > 0 {
		t.Errorf("the answer:\n%s", shape(r))
	}
	k.wantNothing()
}

// TestForgetUnderAPress deletes an answer while somebody presses a button under it:
// what the press has read of it does not come back.
func TestForgetUnderAPress(t *testing.T) {
	for _, name := range []string{"👍", "相关问题"} {
		var store during
		k := newTalk(t, func(o *bot.Options) {
			store.Store = o.Store
			o.Store = &store
		}).in(group)
		d := data(t, k.say(bedsQuestion), name)
		k.user.ID = neighbour
		store.answer = func(found bool) {
			if err := k.store.Forget(context.Background(), resident); !found || err != nil {
				t.Errorf("the answer was there: %v, %v", found, err)
			}
			store.answer = nil
		}
		if r := k.pressData(d); !isStale(r) {
			t.Errorf("%s: %s", name, shape(r))
		}
		k.wantNothing()
		if _, err := k.store.Answer(t.Context(), strings.Split(d, ":")[1]); !errors.Is(err, bot.ErrNotKept) {
			t.Errorf("%s: the answer is there again: %v", name, err)
		}
	}
}

// TestExpired: buttons of answers older than they are kept say so, and what was
// thought of them goes with them.
func TestExpired(t *testing.T) {
	k := newTalk(t, nil)
	pressed := allData(t, k)
	old, err := k.store.Answer(t.Context(), strings.Split(pressed[0], ":")[1])
	if err != nil {
		t.Fatal(err)
	}
	k.pressData("o:" + old.ID + ":1:+")
	k.now = k.now.Add(time.Hour)
	fresh := k.say(bedsQuestion)
	if err := k.store.Expire(t.Context(), k.now.Add(-time.Minute), k.now.Add(-time.Minute)); err != nil {
		t.Fatal(err)
	}
	for _, d := range pressed {
		if r := k.pressData(d); !isStale(r) {
			t.Errorf("%s after it expired: %s", d, shape(r))
		}
	}
	if good, bad, err := k.store.Opinions(t.Context()); good+bad != 0 || err != nil {
		t.Errorf("left are opinions: %d, %d, %v", good, bad, err)
	}
	if r := k.press(fresh, "[1]"); isStale(r) {
		t.Error("the answer of just now is gone too")
	}
}

// TestOpinionIsWhole: an opinion is kept with what was asked, what was answered, and
// the passages.
func TestOpinionIsWhole(t *testing.T) {
	k := newTalk(t, nil)
	r := k.say(bedsQuestion)
	cited := k.meter.answers[0]
	k.press(r, "👎")
	var all []bot.Opinion
	if err := k.store.EachOpinion(t.Context(), func(o bot.Opinion) error { all = append(all, o); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(all) != 1 || all[0].Good || all[0].User != resident || !all[0].At.Equal(k.now) {
		t.Fatalf("opinions are %+v", all)
	}
	a := all[0].Answer
	if a.Question != bedsQuestion || a.Text != cited.Text || a.Outcome != rag.Answered || len(a.Sources) != len(cited.Citations) {
		t.Errorf("of the answer is kept %+v", a)
	}
	for i, s := range a.Sources {
		if c := cited.Citations[i]; s.Passage != c.Passage.ID || s.Article != c.Article.ID || s.Quote != c.Quote {
			t.Errorf("source %d is %+v", i+1, s)
		}
	}
	k.as(admin)
	if r := k.say("/stats"); !strings.Contains(text(r), "👍 0　👎 1") {
		t.Errorf("/stats: %s", text(r))
	}
}
