package telegram_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wenbao/bot"
	"wenbao/bot/bottest"
)

// A fault that keeps coming is met with longer waits, but to be asked to wait shows
// that Telegram is there.
func TestWaitsBeginAnewAfter429(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.start()
		c := w.Private(resident(1))
		w.Fail(bottest.Fault{Method: "sendMessage", CutBefore: true, Times: 4})
		w.Fail(bottest.Fault{Method: "sendMessage", Code: 429, RetryAfter: 1})
		w.Fail(bottest.Fault{Method: "sendMessage", CutBefore: true})
		c.Say(resident(1), "问")
		w.settle(5 * time.Minute)
		w.wantSaid(c, "答：问")
		var at []time.Time
		for _, call := range w.Calls() {
			if call.Method == "sendMessage" {
				at = append(at, call.Time)
			}
		}
		if len(at) != 7 {
			t.Fatalf("sendMessage was called %d times, want 7", len(at))
		}
		if before, after := at[4].Sub(at[3]), at[6].Sub(at[5]); before < 4*time.Second || after > time.Second {
			t.Errorf("waited %v before 429 and %v after it", before, after)
		}
	})
}

// What waits when the end comes is left to the next run, all of it.
func TestEndBeginsNothing(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = sleeper(time.Second)
		w.start()
		c := w.Private(resident(1))
		var want []string
		for i := range 15 {
			c.Say(resident(1), fmt.Sprint(i))
			want = append(want, fmt.Sprint("答：", i))
		}
		w.wait(500 * time.Millisecond)
		w.end()
		if n := len(w.handler.handled()); n != 1 || w.journal.pending() != 14 {
			t.Errorf("%d events were begun, %d are left", n, w.journal.pending())
		}
		w.start()
		w.settle(time.Minute)
		w.wantSaid(c, want...)
	})
}

// A press of which a part was delivered before a crash had its toast as well.
func TestPressIsAnsweredOnceAcrossRuns(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = func(context.Context, bot.Event, func(bot.Message)) (bot.Reply, error) {
			return bot.Reply{Toast: "好", Messages: []bot.Message{bot.Text("一"), bot.Text("二")}}, nil
		}
		w.start()
		c := w.Private(resident(1))
		w.Fail(bottest.Fault{Method: "sendMessage", Skip: 1, Code: 429, RetryAfter: 600})
		c.PressData(resident(1), 1, "x")
		w.wait(time.Second)
		w.end()
		w.start()
		w.settle(time.Minute)
		w.wantSaid(c, "一", "二")
		if n := w.Count("answerCallbackQuery"); n != 1 {
			t.Errorf("the press was answered %d times", n)
		}
	})
}

// A write to the journal that had landed, although it gave an error, does not count
// twice.
func TestWriteThatHadLanded(t *testing.T) {
	for _, method := range []string{"take", "plan", "sent", "done"} {
		t.Run(method, func(t *testing.T) {
			inWorld(t, bottest.Options{}, func(w *world) {
				w.handler.handle = func(context.Context, bot.Event, func(bot.Message)) (bot.Reply, error) {
					return bot.Reply{Messages: []bot.Message{bot.Text("一"), bot.Text("二"), bot.Text("三")}}, nil
				}
				fails := true
				w.journal.after = func(m string) error {
					if fails && m == method {
						fails = false
						return errDead
					}
					return nil
				}
				w.start()
				c := w.Private(resident(1))
				w.Fail(bottest.Fault{Method: "sendMessage", Skip: 1, Code: 429, RetryAfter: 600})
				c.Say(resident(1), "问")
				w.wait(5 * time.Second)
				if method != "take" { // of which a restart is not needed
					w.end()
					w.start()
				}
				w.settle(15 * time.Minute)
				w.wantSaid(c, "一", "二", "三")
			})
		})
	}
}

// Whatever Telegram has against a message, what it says arrives.
func TestRefusedFormIsTriedOtherwise(t *testing.T) {
	const words = "甲 <乙>"
	unexpected := bottest.Fault{Code: 400, Description: "Bad Request: SOMETHING_NEW"}
	tests := map[string]struct {
		method         string // with live text where it is an edit
		times          int
		style, buttons bool // what is left
		reply          bool
	}{
		"send, once":  {"sendMessage", 1, false, true, true},
		"send, twice": {"sendMessage", 2, false, false, false},
		"edit, once":  {"editMessageText", 1, false, true, true},
		"edit, twice": {"editMessageText", 2, false, false, true},
		"no edits":    {"editMessageText", -1, false, false, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			inWorld(t, bottest.Options{}, func(w *world) {
				edit := tt.method == "editMessageText"
				w.handler.handle = func(_ context.Context, _ bot.Event, show func(bot.Message)) (bot.Reply, error) {
					if edit {
						show(bot.Text("甲"))
						time.Sleep(time.Second)
					}
					return bot.Reply{Messages: []bot.Message{{
						Blocks:  []bot.Block{{Pieces: []bot.Piece{{{Text: words, Style: bot.Bold}}}}},
						Buttons: [][]bot.Button{{{Text: "来源", Data: "s"}}},
					}}}, nil
				}
				w.start()
				c := w.Group(bottest.GroupOptions{Title: "群", Supergroup: true})
				fault := unexpected
				fault.Method, fault.Times = tt.method, tt.times
				w.Fail(fault)
				c.Say(resident(1), "@"+w.Bot().Username+" 问")
				w.settle(time.Minute)
				all := c.Messages()
				last := all[len(all)-1]
				if last.Text != words || (len(last.Buttons) > 0) != tt.buttons || (last.ReplyTo != 0) != tt.reply ||
					(len(last.Entities) > 0) != tt.style {
					t.Errorf("the last message is %+v", last)
				}
				if !strings.Contains(w.log.String(), "telegram refuses a message, tried otherwise") {
					t.Error("the refusal was not logged")
				}
			})
		})
	}
	t.Run("refused for good", func(t *testing.T) {
		inWorld(t, bottest.Options{}, func(w *world) {
			w.start()
			c := w.Private(resident(1))
			fault := unexpected
			fault.Method, fault.Times = "sendMessage", 3
			w.Fail(fault)
			c.Say(resident(1), "一")
			c.Say(resident(1), "二")
			w.settle(time.Minute)
			w.wantSaid(c, "答：二")
		})
	})
	t.Run("the look for it is refused", func(t *testing.T) {
		inWorld(t, bottest.Options{}, func(w *world) {
			w.start()
			c := w.Private(resident(1))
			fault := unexpected
			fault.Method, fault.Times = "editMessageText", -1
			w.Fail(fault)
			w.Fail(bottest.Fault{Method: "sendMessage", CutBefore: true})
			c.Say(resident(1), "一")
			w.settle(time.Minute)
			w.wantSaid(c, "答：一")
		})
	})
}

// pager answers with a message of which presses change the buttons only: a page of
// sources, and the mark of an opinion.
func pager(_ context.Context, e bot.Event, _ func(bot.Message)) (bot.Reply, error) {
	button := func(text string) bot.Button { return bot.Button{Text: text, Data: text} }
	switch {
	case e.Kind == bot.EventText:
		m := bot.Text("答")
		m.Buttons = [][]bot.Button{{button("[1]"), button("更多来源 ›")}, {button("👍"), button("👎")}}
		return bot.Reply{Messages: []bot.Message{m}}, nil
	case e.Data == "更多来源 ›":
		return bot.Reply{Messages: []bot.Message{{
			Replace: e.Message,
			Buttons: [][]bot.Button{{button("‹"), button("[6]")}, {button("👍"), button("👎")}},
		}}}, nil
	case e.Data == "👍":
		return bot.Reply{Toast: "谢谢", Messages: []bot.Message{{
			Replace: e.Message,
			Buttons: [][]bot.Button{{button("[1]"), button("更多来源 ›")}, {button("👍 ✓"), button("👎")}},
		}}}, nil
	}
	return bot.Reply{Messages: []bot.Message{{Replace: e.Message}}}, nil // none at all
}

// labels are the texts of a message's buttons.
func labels(m bottest.Message) []string {
	var out []string
	for _, row := range m.Buttons {
		for _, b := range row {
			out = append(out, b.Text)
		}
	}
	return out
}

func TestOtherButtons(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = pager
		w.start()
		c := w.Private(resident(1))
		c.Say(resident(1), "问")
		w.settle(time.Minute)
		id := c.Messages()[1].ID
		for _, step := range []struct {
			press, toast string
			want         []string
		}{
			{"更多来源 ›", "", []string{"‹", "[6]", "👍", "👎"}},
			{"👍", "谢谢", []string{"[1]", "更多来源 ›", "👍 ✓", "👎"}},
			{"👍", "谢谢", []string{"[1]", "更多来源 ›", "👍 ✓", "👎"}}, // pressed twice: not modified
			{"👎", "", nil},
		} {
			c.PressData(resident(1), id, step.press)
			w.settle(time.Minute)
			if got := labels(c.Message(id)); !slices.Equal(got, step.want) {
				t.Errorf("after %s the buttons are %q, want %q", step.press, got, step.want)
			}
			answers := w.calls("answerCallbackQuery")
			if got := answers[len(answers)-1].Text; got != step.toast {
				t.Errorf("after %s the toast is %q", step.press, got)
			}
		}
		w.wantSaid(c, "答")
		if n := w.Count("editMessageText"); n != 0 {
			t.Errorf("%d edits of the text", n)
		}
	})
}

// Buttons that cannot be changed are left at that; what is only a matter of time is
// waited for.
func TestFaultsOfOtherButtons(t *testing.T) {
	tests := map[string]struct {
		fault   bottest.Fault
		changed bool
		calls   int
	}{
		"429":        {bottest.Fault{Code: 429, RetryAfter: 9}, true, 2},
		"502":        {bottest.Fault{HTML: true, Times: 2}, true, 3},
		"cut before": {bottest.Fault{CutBefore: true}, true, 2},
		"cut after":  {bottest.Fault{CutAfter: true}, true, 2},
		"gone":       {bottest.Fault{Code: 400, Description: "Bad Request: message to edit not found"}, false, 1},
		"refused":    {bottest.Fault{Code: 400}, false, 1},
		"blocked":    {bottest.Fault{Code: 403}, false, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			inWorld(t, bottest.Options{}, func(w *world) {
				w.handler.handle = pager
				w.start()
				c := w.Private(resident(1))
				c.Say(resident(1), "问")
				w.settle(time.Minute)
				id := c.Messages()[1].ID
				tt.fault.Method = "editMessageReplyMarkup"
				w.Fail(tt.fault)
				c.PressData(resident(1), id, "👎")
				w.settle(5 * time.Minute)
				w.wantSaid(c, "答")
				if changed := len(labels(c.Message(id))) == 0; changed != tt.changed {
					t.Errorf("changed: %v", changed)
				}
				if n := w.Count("editMessageReplyMarkup"); n != tt.calls {
					t.Errorf("called %d times, want %d", n, tt.calls)
				}
				if strings.Contains(w.log.String(), "level=ERROR") {
					t.Errorf("logged as an error: %s", w.log)
				}
			})
		})
	}
}
