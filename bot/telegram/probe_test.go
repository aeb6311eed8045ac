package telegram_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"wenbao/bot"
	"wenbao/bot/bottest"
	"wenbao/bot/telegram"
)

// Where little is said, a message that may have gone out is looked for with a few
// calls: a burst of them would be answered 429.
func TestProbeIsCheap(t *testing.T) {
	const most = 8
	faults := map[string]bottest.Fault{
		"502":        {HTML: true},
		"500":        {Code: 500},
		"cut before": {CutBefore: true},
		"cut after":  {CutAfter: true},
	}
	for name, fault := range faults {
		for _, group := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, group %v", name, group), func(t *testing.T) {
				inWorld(t, bottest.Options{}, func(w *world) {
					w.start()
					c, mention := w.Private(resident(1)), ""
					if group {
						c, mention = w.Group(bottest.GroupOptions{Title: "群", Supergroup: true}), "@"+w.Bot().Username+" "
					}
					c.Say(resident(1), mention+"一")
					w.settle(time.Minute)
					w.wait(time.Hour)
					fault.Method = "sendMessage"
					w.Fail(fault)
					c.Say(resident(1), mention+"二")
					w.settle(time.Minute)
					w.wantSaid(c, "答：一", "答：二")
					if n := w.Count("editMessageText"); n == 0 || n > most {
						t.Errorf("%d edits, want at most %d", n, most)
					}
				})
			})
		}
	}
}

// Many messages that may have gone out at the same time have IDs one after the
// other, all of them above what any of them was sent from.
func TestManyInDoubtAtOnce(t *testing.T) {
	for _, chats := range []int{32, 48} {
		t.Run(fmt.Sprint(chats), func(t *testing.T) {
			inWorld(t, bottest.Options{Latency: 20 * time.Millisecond}, func(w *world) {
				w.handler.handle = sleeper(time.Second) // until all have written
				w.start()
				w.Private(resident(0)).Say(resident(0), "一")
				w.settle(time.Minute)
				for i := 1; i <= chats; i++ {
					w.Fail(bottest.Fault{Method: "sendMessage", Chat: resident(i).ID, CutAfter: i%4 != 0, CutBefore: i%4 == 0})
					w.Private(resident(i)).Say(resident(i), "问")
				}
				w.settle(30 * time.Minute)
				for i := 1; i <= chats; i++ {
					w.wantSaid(w.Private(resident(i)), "答：问")
				}
			})
		})
	}
}

// A message is found although others have come between that the bot does not know
// of when it looks.
func TestProbeBehindOthers(t *testing.T) {
	mention := func(w *world) string { return "@" + w.Bot().Username + " 问" }
	tests := map[string]func(w *world) (c *bottest.Chat){
		"people talk in a group without the bot": func(w *world) *bottest.Chat {
			w.handler.handle = sleeper(20 * time.Second)
			c := w.Group(bottest.GroupOptions{Title: "群", Supergroup: true})
			c.Say(resident(1), mention(w))
			w.settle(time.Minute)
			w.Fail(bottest.Fault{Method: "sendMessage", CutAfter: true})
			c.Say(resident(1), mention(w))
			for i := range 12 {
				w.wait(time.Second)
				c.Say(resident(2), fmt.Sprint("闲话", i))
			}
			return c
		},
		"updates do not come in": func(w *world) *bottest.Chat {
			w.handler.handle = sleeper(30 * time.Second)
			c := w.Private(resident(1))
			c.Say(resident(1), "问")
			w.settle(time.Minute)
			w.Fail(bottest.Fault{Method: "sendMessage", Chat: c.ID, CutAfter: true})
			c.Say(resident(1), "问")
			w.wait(time.Second)
			w.Fail(bottest.Fault{Method: "getUpdates", Code: 502, Times: -1})
			for i := range 20 {
				w.Private(resident(2)).Say(resident(2), fmt.Sprint("另", i))
				w.wait(10 * time.Millisecond) // the first one ends the poll that waits
			}
			w.wait(time.Minute)
			w.Heal()
			return c
		},
		"messages of an earlier run": func(w *world) *bottest.Chat {
			w.handler.handle = sleeper(time.Second)
			c := w.Private(resident(1))
			c.Say(resident(1), "问")
			c.Say(resident(1), "问")
			for i := range 20 {
				other := w.Private(resident(10 + i))
				w.Fail(bottest.Fault{Method: "sendMessage", Chat: other.ID, CutAfter: true})
				w.Fail(bottest.Fault{Method: "editMessageText", Chat: other.ID, Code: 429, RetryAfter: 600, Times: 2})
				other.Say(resident(10+i), "早")
			}
			w.Fail(bottest.Fault{Method: "sendMessage", Chat: c.ID, CutBefore: true, Times: -1})
			w.wait(10 * time.Second)
			w.end()
			w.Heal()
			for i := range 20 {
				w.Fail(bottest.Fault{Method: "editMessageText", Chat: resident(10 + i).ID, Code: 429, RetryAfter: 600})
			}
			w.Fail(bottest.Fault{Method: "sendMessage", Chat: c.ID, CutAfter: true, Times: 2})
			w.start()
			return c
		},
		"others write while it is on its way": func(w *world) *bottest.Chat {
			c := w.Private(resident(1))
			c.Say(resident(1), "问")
			w.settle(time.Minute)
			w.Fail(bottest.Fault{Method: "sendMessage", Chat: c.ID, Delay: 2 * time.Second, CutAfter: true})
			c.Say(resident(1), "问")
			for i := range 12 {
				w.wait(100 * time.Millisecond)
				w.Private(resident(2)).Say(resident(2), fmt.Sprint("另", i))
			}
			return c
		},
		"many write while it is on its way": func(w *world) *bottest.Chat {
			c := w.Private(resident(1))
			c.Say(resident(1), "问")
			w.settle(time.Minute)
			w.Fail(bottest.Fault{Method: "sendMessage", Chat: c.ID, Delay: 5 * time.Second, CutAfter: true})
			c.Say(resident(1), "问")
			for i := range 100 {
				w.wait(40 * time.Millisecond)
				w.Private(resident(10+i%7)).Say(resident(10+i%7), fmt.Sprint("另", i))
			}
			return c
		},
		"a press after much that the bot is not told of": func(w *world) *bottest.Chat {
			w.handler.handle = func(context.Context, bot.Event, func(bot.Message)) (bot.Reply, error) {
				return bot.Say("答：问"), nil
			}
			c := w.Group(bottest.GroupOptions{Title: "群", Supergroup: true})
			c.Say(resident(1), mention(w))
			w.settle(time.Minute)
			for i := range 200 {
				w.wait(time.Second)
				c.Say(resident(2), fmt.Sprint("闲话", i))
			}
			w.Fail(bottest.Fault{Method: "sendMessage", CutAfter: true})
			c.PressData(resident(1), c.Messages()[1].ID, "x")
			return c
		},
		"many write while the floor is written": func(w *world) *bottest.Chat {
			c := w.Private(resident(1))
			c.Say(resident(1), "问")
			w.settle(time.Minute)
			var plans, raises atomic.Int32
			w.journal.before = func(method string) error {
				if method == "plan" && plans.Add(1) == 1 || method == "raise" && raises.Add(1) == 1 {
					time.Sleep(2 * time.Second)
				}
				return nil
			}
			c.Say(resident(1), "问")
			w.Fail(bottest.Fault{Method: "sendMessage", Chat: c.ID, CutAfter: true})
			w.Fail(bottest.Fault{Method: "editMessageText", Chat: c.ID, Code: 429, RetryAfter: 600})
			for i := range 100 {
				w.Private(resident(10+i)).Say(resident(10+i), "另")
				w.wait(50 * time.Millisecond)
			}
			w.wait(20 * time.Second)
			w.end() // what is known now is the floor in the journal
			w.start()
			return c
		},
		"a notice that is lost": func(w *world) *bottest.Chat {
			w.handler.handle = func(ctx context.Context, e bot.Event, show func(bot.Message)) (bot.Reply, error) {
				if e.Text == "问" {
					return sleeper(2*time.Second)(ctx, e, show)
				}
				return sleeper(time.Minute)(ctx, e, show)
			}
			w.end()
			w.tell = func(o *telegram.Options) { o.PerChat, o.Grace = 1, time.Millisecond }
			w.start()
			c := w.Private(resident(1))
			c.Say(resident(1), "问")
			w.settle(time.Minute)
			say := func(text string) {
				for i := range 12 {
					w.Private(resident(10+i)).Say(resident(10+i), text)
				}
				w.wait(100 * time.Millisecond)
			}
			say("runs")
			say("waits")
			w.Fail(bottest.Fault{Method: "sendMessage", CutAfter: true, Times: 12 + 1})
			c.Say(resident(1), "问")
			w.wait(100 * time.Millisecond)
			say("no room")
			return c
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inWorld(t, bottest.Options{}, func(w *world) {
				w.tell = func(o *telegram.Options) { o.Grace = time.Millisecond }
				w.start()
				c := test(w)
				w.settle(time.Hour)
				w.wantSaid(c, "答：问", "答：问")
			})
		})
	}
}

// Chats that end while it is not known whether a message arrived there are not in
// the way of others.
func TestDoubtEndsWithTheChat(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.start()
		w.Fail(bottest.Fault{Method: "sendMessage", CutAfter: true, Times: 32})
		w.Fail(bottest.Fault{Method: "editMessageText", Code: 429, RetryAfter: 6000, Times: 32})
		for i := range 32 {
			w.Private(resident(10+i)).Say(resident(10+i), "问")
		}
		w.wait(10 * time.Second)
		c := w.Private(resident(1))
		c.Say(resident(1), "问")
		w.wait(time.Minute)
		w.wantSaid(c) // as many are in doubt as may be in flight
		for i := range 32 {
			w.Private(resident(10 + i)).Block()
		}
		w.settle(time.Minute)
		w.wantSaid(c, "答：问")
	})
}
