package telegram_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wenbao/bot"
	"wenbao/bot/bottest"
	"wenbao/bot/telegram"
)

// A panic anywhere on the way of an event costs that one reply at most.
func TestPanicAroundTheHandler(t *testing.T) {
	const failed, good = "出错了", "答：坏"
	inCall := func(method string) func(*world) {
		return func(w *world) {
			var once atomic.Bool
			w.tell = func(o *telegram.Options) {
				o.Client = doer(func(req *http.Request) (*http.Response, error) {
					if strings.HasSuffix(req.URL.Path, "/"+method) && once.CompareAndSwap(false, true) {
						_ = req.Body.Close() // ends the library's writing into it
						panic("a secret of the user")
					}
					return w.Client().Do(req)
				})
			}
		}
	}
	inJournal := func(method string) func(*world) {
		return func(w *world) {
			var once atomic.Bool
			w.journal.before = func(m string) error {
				if m == method && once.CompareAndSwap(false, true) {
					panic(fmt.Errorf("a secret of the user"))
				}
				return nil
			}
		}
	}
	tests := map[string]struct {
		set  func(*world)
		said []string
	}{
		"typing":      {inCall("sendChatAction"), []string{good}},
		"a draft":     {inCall("sendMessageDraft"), []string{good}},
		"the message": {inCall("sendMessage"), []string{failed}},
		"the plan":    {inJournal("plan"), []string{failed}},
		"sent":        {inJournal("sent"), []string{good}},
		"done":        {inJournal("done"), []string{good}},
		"interrupts": {func(w *world) {
			w.handler.interrupts = func(bot.Event) bool { panic("a secret of the user") }
		}, []string{good}},
		"every plan": {func(w *world) {
			w.journal.before = func(m string) error {
				if m == "plan" && len(w.handler.handled()) == 1 {
					panic("a secret of the user")
				}
				return nil
			}
		}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			inWorld(t, bottest.Options{}, func(w *world) {
				w.handler.handle = func(ctx context.Context, e bot.Event, show func(bot.Message)) (bot.Reply, error) {
					if e.Text == "坏" {
						time.Sleep(time.Second)
						show(bot.Text("半句"))
						time.Sleep(2 * time.Second)
					}
					return echo(e), nil
				}
				tt.set(w)
				w.start()
				c := w.Private(resident(1))
				c.Say(resident(1), "坏")
				w.wait(2 * time.Second)
				c.Say(resident(1), "二") // asks whether it interrupts
				w.settle(time.Minute)
				w.wantSaid(c, append(tt.said, "答：二")...)
				if w.meter.get("panic") == 0 {
					t.Error("the panic was not counted")
				}
				if log := w.log.String(); !containsAll(log, " panicked") || containsAll(log, "secret of the user") {
					t.Errorf("log: %s", log)
				}
			})
		})
	}
}

// More panics than may be in flight, or work, leave nothing held.
func TestPanicsHoldNothing(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		const panics = 40
		var sends atomic.Int32
		w.tell = func(o *telegram.Options) {
			o.Workers = 2
			o.Client = doer(func(req *http.Request) (*http.Response, error) {
				if strings.HasSuffix(req.URL.Path, "/sendMessage") && sends.Add(1) <= panics {
					_ = req.Body.Close() // ends the library's writing into it
					panic("no")
				}
				return w.Client().Do(req)
			})
		}
		w.start()
		c := w.Private(resident(1))
		for range 45 {
			c.Say(resident(1), "问")
			w.wait(time.Second)
		}
		w.settle(time.Minute)
		if n := len(said(w, c)); n != 25 { // each panic of two is that of the excuse
			t.Errorf("%d answers, want 25", n)
		}
	})
}

func TestPanicOfBusy(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = sleeper(time.Second)
		w.handler.busy = func(bot.Event) bot.Reply { panic("no") }
		w.tell = func(o *telegram.Options) { o.PerChat = 1 }
		w.start()
		c := w.Private(resident(1))
		for _, text := range []string{"1", "2", "3"} {
			c.Say(resident(1), text)
			w.wait(10 * time.Millisecond)
		}
		c.PressData(resident(1), 1, "x")
		w.settle(time.Minute)
		w.wantSaid(c, "答：1", "答：2")
		if n := w.meter.get("panic"); n != 2 {
			t.Errorf("%d panics were counted, want 2", n)
		}
	})
}

// An event that may end the program is not handled for ever.
func TestTries(t *testing.T) {
	for tries, want := range []string{"答：问", "答：问", "答：问", "答：问", "答：问", "出错了", "出错了"} {
		inWorld(t, bottest.Options{}, func(w *world) {
			w.handler.handle = sleeper(time.Hour)
			w.tell = func(o *telegram.Options) { o.Grace = time.Millisecond }
			w.start()
			c := w.Private(resident(1))
			c.Say(resident(1), "问")
			w.wait(time.Second)
			w.end()
			w.journal.setTries(tries)
			w.handler.handle = nil
			w.start()
			w.settle(time.Minute)
			w.wantSaid(c, want)
			if n := len(w.handler.handled()); (n == 2) != (want == "答：问") {
				t.Errorf("tried %d times before, it was handled %d times", tries, n)
			}
		})
	}
}
