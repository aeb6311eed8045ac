package bot_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"wenbao/bot"
)

// TestInterrupted stops an answer at every point. What was told stays, without
// numbers that lead nowhere, and nothing else.
func TestInterrupted(t *testing.T) {
	pieces := []string{"第一句[1]。", "第二句 [2]。", "第三句[1][3]。"}
	for stopAt, want := range map[int]string{
		0: "没有作答", 1: "第一句。", 2: "第一句。第二句。", 3: "第一句。第二句。第三句。",
	} {
		k := newTalk(t, nil)
		ctx, stop := context.WithCancelCause(t.Context())
		if stopAt == 0 {
			stop(bot.ErrInterrupted)
		}
		withPen(k, &pen{pieces: pieces, wait: func(ctx context.Context, told int) error {
			if told == stopAt {
				stop(bot.ErrInterrupted)
			}
			return ctx.Err()
		}})
		r := k.handleIn(ctx, k.event(written(bedsQuestion)))
		if !strings.Contains(text(r), want) || !strings.Contains(text(r), "已停下") || strings.ContainsAny(text(r), "[]") {
			t.Errorf("stopped after %d pieces:\n%s", stopAt, shape(r))
		}
		if turns := k.sessionOf(k.event(bot.Event{})).Turns; len(turns) != 1 || turns[0].Turn.Question != bedsQuestion {
			t.Errorf("stopped after %d pieces: the turns are %+v", stopAt, turns)
		}
	}
}

// TestInterruptedWithoutModel: printed words come too quickly to be stopped.
func TestInterruptedWithoutModel(t *testing.T) {
	k := newTalk(t, nil)
	ctx, stop := context.WithCancelCause(t.Context())
	stop(bot.ErrInterrupted)
	for _, line := range []string{bedsQuestion, "/search 养老", "/verify 新增养老床位320张"} {
		if r := k.handleIn(ctx, k.event(written(line))); !strings.Contains(text(r), "320张") {
			t.Errorf("%s, interrupted:\n%s", line, shape(r))
		}
	}
}

func TestGoneAndHandedBack(t *testing.T) {
	for _, cause := range []error{bot.ErrGone, bot.ErrHandBack} {
		var log bytes.Buffer
		k := newTalk(t, func(o *bot.Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
		ctx, stop := context.WithCancelCause(t.Context())
		withPen(k, &pen{pieces: []string{"一"}, wait: func(ctx context.Context, _ int) error {
			stop(cause)
			return ctx.Err()
		}})
		e := k.event(written(bedsQuestion))
		r, err := k.bot.Handle(ctx, e, nil)
		if log.Len() > 0 {
			t.Errorf("%v is logged: %s", cause, log.String())
		}
		if !errors.Is(err, cause) || len(r.Messages) > 0 {
			t.Errorf("%v: %v, %s", cause, err, shape(r))
		}
		if k.shelf.acquired != 0 {
			t.Errorf("%v: the collection was not released", cause)
		}
		if turns := k.sessionOf(e).Turns; len(turns) > 0 {
			t.Errorf("%v: it left a turn", cause)
		}
	}
}

func TestInterrupts(t *testing.T) {
	k := newTalk(t, nil)
	r := k.say(bedsQuestion)
	related := buttons(k.press(r, "相关问题"))[0].Data
	unfiltered := strings.Replace(data(t, r, "相关问题"), "r:", "n:", 1)
	for _, tt := range []struct {
		event bot.Event
		want  bool
	}{
		{written("松岭县呢"), true},
		{written("/ask 松岭县呢"), true},
		{written("/stop"), true},
		{written("/forget"), true},
		{written("谢谢"), false},
		{written("好的"), false},
		{written("/ask 你好"), false},
		{written(strings.Repeat("长", 501)), false},
		{bot.Event{Kind: bot.EventPress, Data: related}, true},
		{bot.Event{Kind: bot.EventPress, Data: unfiltered}, true},
		{written("/ask"), false},
		{written("/help"), false},
		{written("/search 养老"), false},
		{bot.Event{Kind: bot.EventText}, false},
		{bot.Event{Kind: bot.EventPress, Data: data(t, r, "👍")}, false},
		{bot.Event{Kind: bot.EventPress, Data: "q:"}, false},
		{bot.Event{Kind: bot.EventInline, Text: "养老"}, false},
		{bot.Event{Kind: bot.EventMedia}, false},
	} {
		if got := k.bot.Interrupts(tt.event); got != tt.want {
			t.Errorf("%+v interrupts: %v", tt.event, got)
		}
	}
}

// TestInterruptsNothingForARefusal: a question for which there is no allowance left
// leaves the one before to its end.
func TestInterruptsNothingForARefusal(t *testing.T) {
	k := newTalk(t, func(o *bot.Options) { o.Limits.UserPerMinute, o.Limits.ChatPerMinute = 6, 6 })
	ask := func(want bool) {
		t.Helper()
		e := k.event(written(bedsQuestion))
		k.now = k.now.Add(-10 * time.Second)
		if got := k.bot.Interrupts(e); got != want {
			t.Errorf("question %d interrupts: %v", e.ID, got)
		}
		k.handle(e)
	}
	for range 5 {
		ask(true)
	}
	ask(false)
	if stop := k.event(written("/stop")); !k.bot.Interrupts(stop) {
		t.Error("/stop does not interrupt")
	}
	k.now = k.now.Add(time.Minute)
	k.in(group)
	for user := range int64(5) {
		k.user.ID = 10 + user
		ask(true)
	}
	k.user.ID = 20
	ask(false)
	k.user.ID = admin
	ask(true)
}

// TestStop: it says whether something was stopped.
func TestStop(t *testing.T) {
	k := newTalk(t, nil).in(group)
	says := func(want string) {
		t.Helper()
		if r := k.say("/stop"); !strings.Contains(text(r), want) {
			t.Errorf("%s", shape(r))
		}
	}
	const stopped, nothing = "好，不写了", "没有在给您写"
	says(nothing)
	ctx, stop := context.WithCancelCause(t.Context())
	withPen(k, &pen{pieces: []string{"一。"}, wait: func(ctx context.Context, _ int) error {
		stop(bot.ErrInterrupted)
		return ctx.Err()
	}})
	k.handleIn(ctx, k.event(written(bedsQuestion)))
	k.user.ID = neighbour
	says(nothing)
	k.user.ID = resident
	k.chat.Thread = 5
	says(nothing)
	k.chat.Thread = 0
	says(stopped)
	k.now = k.now.Add(time.Hour)
	says(nothing)
	withPen(k, &pen{})
	k.say(bedsQuestion)
	says(nothing)
}
