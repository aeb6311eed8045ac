package bot_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"wenbao/bot"
	"wenbao/rag"
)

func TestBlockAndAllow(t *testing.T) {
	for _, tt := range []struct {
		name         string
		allow, block []int64
		answers      map[string]bool
	}{
		{"open", nil, nil, map[string]bool{"@resident": true, "@neighbour": true, "@group": true, "@admin": true}},
		{"a user blocked", nil, []int64{resident}, map[string]bool{"@resident": false, "@neighbour": true, "@admin": true}},
		{"a group blocked", nil, []int64{group}, map[string]bool{"@resident": true, "@group": false}},
		{"a user allowed", []int64{resident}, nil, map[string]bool{"@resident": true, "@neighbour": false, "@admin": true}},
		{"a group allowed", []int64{group}, nil, map[string]bool{"@resident": false, "@group": true}},
		{"blocked goes first", []int64{resident}, []int64{resident}, map[string]bool{"@resident": false}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for who, want := range tt.answers {
				k := newTalk(t, func(o *bot.Options) { o.Allow, o.Block = tt.allow, tt.block })
				k.become(who)
				r := k.say(bedsQuestion)
				if got := strings.Contains(text(r), "320张"); got != want {
					t.Errorf("%s: %s", who, shape(r))
				}
				if !want && !slices.Equal(k.meter.refused, []string{"blocked"}) {
					t.Errorf("%s: refused %q", who, k.meter.refused)
				}
				if inline := k.inline("养老", ""); inline.Inline == nil || who == "@resident" && !want && len(inline.Inline.Results) > 0 {
					t.Errorf("%s, inline: %s", who, shape(inline))
				}
				if r := k.say("/privacy"); text(r) == "" {
					t.Errorf("%s is not told what is kept", who)
				}
			}
		})
	}
}

// TestSilence: who is blocked, and groups that did not ask for the bot, do not
// hear from it.
func TestSilence(t *testing.T) {
	k := newTalk(t, func(o *bot.Options) { o.Block, o.Allow = []int64{neighbour}, []int64{resident} })
	if r := k.as(neighbour).say(bedsQuestion); text(r) != "" {
		t.Errorf("to who is blocked: %s", shape(r))
	}
	k.user.ID = 4711
	if r := k.in(group).say(bedsQuestion); text(r) != "" {
		t.Errorf("to a stranger's group: %s", shape(r))
	}
	if r := k.handle(k.event(bot.Event{Kind: bot.EventJoined})); text(r) != "" {
		t.Errorf("to a group it was put into: %s", shape(r))
	}
	if r := k.as(4711).say(bedsQuestion); !strings.Contains(text(r), "约定") {
		t.Errorf("to a stranger: %s", shape(r))
	}
}

func TestMaintenance(t *testing.T) {
	k := newTalk(t, nil)
	answer := k.say(bedsQuestion)
	k.as(admin).say("/maintenance on")
	k.as(resident)
	if r := k.say(bedsQuestion); !strings.Contains(text(r), "维护") {
		t.Errorf("closed: %s", text(r))
	}
	if r := k.press(answer, "[1]"); !strings.Contains(r.Toast, "维护") || len(r.Messages) > 0 {
		t.Errorf("closed, a button: %s", shape(r))
	}
	if r := k.inline("养老", ""); !strings.Contains(text(r), "维护") || len(r.Inline.Results) > 0 {
		t.Errorf("closed, inline: %s", shape(r))
	}
	if r := k.say("/forget"); !strings.Contains(text(r), "已经全部删除") {
		t.Errorf("closed, /forget: %s", shape(r))
	}
	if r := k.as(admin).say(bedsQuestion); !strings.Contains(text(r), "320张") {
		t.Errorf("closed, to an admin: %s", text(r))
	}
	k.say("/maintenance off")
	if r := k.as(resident).say(bedsQuestion); !strings.Contains(text(r), "320张") {
		t.Errorf("open again: %s", text(r))
	}
}

// TestRates asks quicker than is allowed.
func TestRates(t *testing.T) {
	k := newTalk(t, func(o *bot.Options) { o.Limits.UserPerMinute = 6 }) // one in 10 s, 5 at once
	quick := func(line string) bot.Reply {
		e := k.event(written(line))
		k.now = k.now.Add(-10 * time.Second)
		return k.handle(e)
	}
	for i := range 5 {
		if r := quick(bedsQuestion); !strings.Contains(text(r), "320张") {
			t.Errorf("question %d: %s", i+1, text(r))
		}
	}
	if r := quick(bedsQuestion); !strings.Contains(text(r), "请过 10 秒") {
		t.Errorf("question 6: %s", text(r))
	}
	if r := quick("/help"); strings.Contains(text(r), "请过") {
		t.Errorf("/help costs: %s", text(r))
	}
	if r := quick("/search 养老"); !strings.Contains(text(r), "请过") {
		t.Errorf("/search costs nothing: %s", text(r))
	}
	if r := k.as(neighbour).say(bedsQuestion); !strings.Contains(text(r), "320张") {
		t.Errorf("the neighbour has to wait: %s", text(r))
	}
	if r := k.as(resident).say(bedsQuestion); !strings.Contains(text(r), "320张") {
		t.Errorf("ten seconds later: %s", text(r))
	}
	k.as(admin)
	for range 10 {
		if r := quick(bedsQuestion); !strings.Contains(text(r), "320张") {
			t.Fatalf("an admin has to wait: %s", text(r))
		}
	}
	if want := []string{"rate", "rate"}; !slices.Equal(k.meter.refused, want) {
		t.Errorf("refused %q", k.meter.refused)
	}
}

func TestGroupRate(t *testing.T) {
	k := newTalk(t, func(o *bot.Options) { o.Limits.ChatPerMinute = 6 }).in(group)
	for user := range int64(7) {
		k.user.ID = 10 + user
		e := k.event(written(bedsQuestion))
		k.now = k.now.Add(-10 * time.Second)
		if r := k.handle(e); strings.Contains(text(r), "320张") != (user < 5) {
			t.Errorf("user %d of the group: %s", user+1, text(r))
		}
	}
}

// TestManyUsers: buckets of users who are long gone do not pile up, and those of
// others are not lost with them.
func TestManyUsers(t *testing.T) {
	k := newTalk(t, func(o *bot.Options) { o.Limits.UserPerMinute = 0.001 })
	for range 5 {
		k.say("/search 养老")
	}
	for user := range int64(3000) {
		k.as(10000 + user).say("/verify 张")
	}
	if r := k.as(resident).say("/search 养老"); !strings.Contains(text(r), "请过") {
		t.Errorf("the bucket was lost: %s", text(r))
	}
}

func TestInlineRate(t *testing.T) {
	k := newTalk(t, func(o *bot.Options) { o.Limits.UserPerMinute = 4 })
	refused := 0
	for range 30 {
		e := k.event(bot.Event{Kind: bot.EventInline, Text: "养老"})
		k.now = k.now.Add(-10 * time.Second)
		if r := k.handle(e); len(r.Inline.Results) == 0 {
			refused++
		}
	}
	if refused == 0 || refused == 30 {
		t.Errorf("%d of 30 inline queries were refused", refused)
	}
	if r := k.say(bedsQuestion); !strings.Contains(text(r), "320张") {
		t.Errorf("inline queries take from questions: %s", text(r))
	}
}

// TestOtherRates: what searches for nothing has its limit too, a wide one.
func TestOtherRates(t *testing.T) {
	for name, event := range map[string]bot.Event{
		"/help": written("/help"), "/privacy": written("/privacy"), "/place": written("/place 临江"),
		"a sticker":    {Kind: bot.EventMedia},
		"a document":   {Kind: bot.EventDocument, File: &bot.File{ID: "f", Name: "a.txt"}},
		"clear":        {Kind: bot.EventPress, Data: "c:", Message: 77},
		"an old press": {Kind: bot.EventPress, Data: "s:aaaaaaaaaaaaa:1", Message: 77},
	} {
		t.Run(name, func(t *testing.T) {
			k := newTalk(t, func(o *bot.Options) { o.Limits.UserPerMinute = 2 }) // 12 a minute, 6 at once
			for i := range 7 {
				e := k.event(event)
				k.now = k.now.Add(-10 * time.Second)
				r := k.handle(e)
				switch refused := len(k.meter.refused) > 0; {
				case refused != (i == 6):
					t.Errorf("event %d is refused: %v, %s", i+1, refused, shape(r))
				case refused && (event.Kind == bot.EventMedia || event.Kind == bot.EventDocument) && text(r) != "":
					t.Errorf("more is said to it: %s", shape(r))
				case refused && event.Kind != bot.EventMedia && event.Kind != bot.EventDocument && !strings.Contains(text(r), "请过"):
					t.Errorf("nothing is said to it: %s", shape(r))
				}
			}
			if r := k.say("/stop"); strings.Contains(text(r), "请过") {
				t.Errorf("/stop has to wait: %s", shape(r))
			}
		})
	}
}

// TestForgetRate: no setting lets a user have the files written anew all the time.
func TestForgetRate(t *testing.T) {
	forgotten := 0
	k := newTalk(t, func(o *bot.Options) {
		o.Limits.UserPerMinute = -1
		o.Forgotten = func(context.Context) { forgotten++ }
	})
	for range 60 { // ten minutes
		k.say("/forget")
	}
	if forgotten < 20 || forgotten > 25 {
		t.Errorf("forgotten %d times in ten minutes", forgotten)
	}
	if r := k.as(neighbour).say("/forget"); !strings.Contains(text(r), "已经全部删除") {
		t.Errorf("the neighbour: %s", shape(r))
	}
}

// counting is a rag.Answerer that counts what it is asked.
type counting struct {
	rag.Answerer
	n int
}

func (c *counting) Answer(ctx context.Context, q rag.Query, hits []rag.Hit) (rag.Answer, error) {
	c.n++
	return c.Answerer.Answer(ctx, q, hits)
}

// TestStartCosts: it tries questions, once for all users of a collection.
func TestStartCosts(t *testing.T) {
	k := newTalk(t, func(o *bot.Options) { o.Limits.UserPerMinute = 6 })
	c := *k.shelf.now
	engine, asked := *c.Printed, counting{Answerer: c.Printed.Answerer}
	engine.Answerer = &asked
	c.Engine, c.Printed = &engine, &engine
	k.shelf.now = &c
	first := k.say("/start")
	tried := asked.n
	if tried == 0 || len(buttons(first)) != 3 {
		t.Fatalf("%d questions were tried:\n%s", tried, shape(first))
	}
	k.say(bedsQuestion)
	k.as(neighbour).say("/place 松岭")
	second := k.say("/start")
	if asked.n != tried+1 {
		t.Errorf("%d questions were tried again", asked.n-tried-1)
	}
	for i, b := range buttons(second) {
		if b.Text != buttons(first)[i].Text {
			t.Errorf("the neighbour is offered %q", b.Text)
		}
	}
	again := c
	k.shelf.now = &again
	if k.say("/start"); asked.n != 2*tried+1 {
		t.Error("over another collection nothing was tried")
	}
	k.as(resident)
	for range 6 {
		e := k.event(written("/start"))
		k.now = k.now.Add(-10 * time.Second)
		k.handle(e)
	}
	if !strings.Contains(text(k.said), "请过") {
		t.Errorf("/start costs nothing: %s", shape(k.said))
	}
}
