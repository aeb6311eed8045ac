package telegram_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"wenbao/bot"
	"wenbao/bot/bottest"
	"wenbao/bot/telegram"
)

// A press that waits behind a running answer, or was made while the program was
// down, says what its toast was to say.
func TestLatePress(t *testing.T) {
	tests := map[string]func(w *world, c *bottest.Chat) (query string){
		"behind an answer": func(w *world, c *bottest.Chat) string {
			w.start()
			c.Say(resident(1), "问")
			w.wait(time.Second)
			return c.PressData(resident(1), 1, "x")
		},
		"behind other chats": func(w *world, c *bottest.Chat) string {
			w.tell = func(o *telegram.Options) { o.Workers = 1 }
			w.start()
			w.Private(resident(2)).Say(resident(2), "问")
			w.wait(time.Second)
			return c.PressData(resident(1), 1, "x")
		},
		"while the program was down": func(w *world, c *bottest.Chat) string {
			query := c.PressData(resident(1), 1, "x")
			w.wait(20 * time.Second)
			w.start()
			return query
		},
	}
	for name, press := range tests {
		t.Run(name, func(t *testing.T) {
			inWorld(t, bottest.Options{}, func(w *world) {
				w.handler.handle = func(ctx context.Context, e bot.Event, show func(bot.Message)) (bot.Reply, error) {
					if e.Kind == bot.EventText {
						return sleeper(20*time.Second)(ctx, e, show)
					}
					return echo(e), nil
				}
				c := w.Private(resident(1))
				query := press(w, c)
				w.wait(4 * time.Second)
				answer, ok := w.Answered(query)
				if down := strings.Contains(name, "down"); ok == down || answer.Text != "" {
					t.Errorf("after 4 s the press is answered: %v, with %q", ok, answer.Text)
				}
				w.settle(time.Minute)
				if got := said(w, c); !slices.Contains(got, "按：x") {
					t.Errorf("the bot said %q", got)
				}
			})
		})
	}
}

// Whatever goes wrong with the answer to a press, what it says arrives, once, and
// what else there is to say does not wait for long.
func TestFaultsOfQueries(t *testing.T) {
	tests := map[string]struct {
		fault  bottest.Fault
		toast  bool // the toast is shown; else it is said, where nothing else is
		within time.Duration
	}{
		"429, short": {bottest.Fault{Code: 429, RetryAfter: 2}, true, 3 * time.Second},
		"429, long":  {bottest.Fault{Code: 429, RetryAfter: 600}, false, 100 * time.Millisecond},
		"429, often": {bottest.Fault{Code: 429, RetryAfter: 5, Times: -1}, false, 16 * time.Second},
		"500":        {bottest.Fault{Code: 500}, true, time.Second},
		"502, often": {bottest.Fault{HTML: true, Times: -1}, false, 5 * time.Second},
		"cut before": {bottest.Fault{CutBefore: true}, true, time.Second},
		"cut after":  {bottest.Fault{CutAfter: true}, true, time.Second},
		"hangs":      {bottest.Fault{Delay: time.Hour}, false, 16 * time.Second},
		"400":        {bottest.Fault{Code: 400, Description: "Bad Request: query is too old"}, false, 100 * time.Millisecond},
		"403":        {bottest.Fault{Code: 403}, false, 100 * time.Millisecond},
	}
	for name, tt := range tests {
		for _, messages := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				inWorld(t, bottest.Options{}, func(w *world) {
					w.handler.handle = func(context.Context, bot.Event, func(bot.Message)) (bot.Reply, error) {
						r := bot.Reply{Toast: "好"}
						if messages {
							r.Messages = []bot.Message{bot.Text("一")}
						}
						return r, nil
					}
					w.start()
					c := w.Private(resident(1))
					tt.fault.Method = "answerCallbackQuery"
					w.Fail(tt.fault)
					began := time.Now()
					query := c.PressData(resident(1), 1, "x")
					w.settle(time.Minute)
					took := time.Since(began)
					answer, shown := w.Answered(query)
					if shown != tt.toast || shown && answer.Text != "好" {
						t.Errorf("the toast is shown: %v, %q", shown, answer.Text)
					}
					want := []string{"一"}
					if !messages {
						want = []string{"好"}
					}
					if tt.toast && !messages {
						want = nil
					}
					w.wantSaid(c, want...)
					if took > tt.within {
						t.Errorf("it took %v", took)
					}
				})
			})
		}
		t.Run(name+", inline", func(t *testing.T) {
			inWorld(t, bottest.Options{}, func(w *world) {
				w.handler.handle = func(context.Context, bot.Event, func(bot.Message)) (bot.Reply, error) {
					return bot.Reply{Inline: &bot.Inline{Hint: "提示"}}, nil
				}
				w.start()
				tt.fault.Method = "answerInlineQuery"
				w.Fail(tt.fault)
				began := time.Now()
				query := w.Inline(resident(1), "养老", "")
				w.settle(time.Minute)
				if _, ok := w.Answered(query); ok != tt.toast || time.Since(began) > tt.within {
					t.Errorf("answered: %v after %v", ok, time.Since(began))
				}
				if n := w.Count("sendMessage"); n != 0 {
					t.Errorf("%d messages were sent", n)
				}
			})
		})
	}
}

// A toast that an earlier run may have shown is not said again.
func TestToastAcrossRuns(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		fails := true
		w.journal.before = func(method string) error {
			if fails && method == "done" {
				return errDead
			}
			return nil
		}
		w.tell = func(o *telegram.Options) { o.Grace = time.Second }
		w.start()
		c := w.Private(resident(1))
		query := c.PressData(resident(1), 1, "x")
		w.wait(time.Second)
		w.end()
		fails = false
		w.start()
		w.settle(time.Minute)
		if a, ok := w.Answered(query); !ok || a.Text != "按：x" {
			t.Errorf("answered: %v, %q", ok, a.Text)
		}
		w.wantSaid(c)
	})
}

func TestPressInGroupIsAnsweredBelowIt(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = func(_ context.Context, e bot.Event, _ func(bot.Message)) (bot.Reply, error) {
			return bot.Reply{Messages: []bot.Message{{
				Blocks:  []bot.Block{bot.Paragraph("答" + e.Data)},
				Buttons: [][]bot.Button{{{Text: "更多", Data: "more"}}},
			}}}, nil
		}
		w.start()
		c := w.Group(bottest.GroupOptions{Title: "群", Forum: true})
		topic := c.Topic(resident(1), "养老")
		c.SayWith(resident(1), "@"+w.Bot().Username+" 问", bottest.SayOptions{Thread: topic})
		w.settle(time.Minute)
		id := w.calls("sendMessage")[0].Message
		press(w, c, id, "more")
		w.settle(time.Minute)
		if call := w.calls("sendMessage")[1]; call.ReplyTo != id || call.Thread != topic {
			t.Errorf("the answer replies to %d in topic %d, want %d in %d", call.ReplyTo, call.Thread, id, topic)
		}
	})
}

// An answer 429 that says nothing sensible of how long to wait is no reason to send
// again at once.
func TestRetryAfterThatIsNone(t *testing.T) {
	for _, after := range []int{0, -7, -1 << 62} {
		inWorld(t, bottest.Options{}, func(w *world) {
			w.start()
			c := w.Private(resident(1))
			w.Fail(bottest.Fault{Method: "sendMessage", Code: 429, Description: "Too Many Requests", RetryAfter: after, Times: 3})
			began := time.Now()
			c.Say(resident(1), "问")
			w.settle(time.Minute)
			w.wantSaid(c, "答：问")
			if took := time.Since(began); took < 3*time.Second || took > 5*time.Second {
				t.Errorf("retry_after %d: it took %v", after, took)
			}
		})
	}
}
