package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"wenbao/bot"
	"wenbao/bot/bottest"
	"wenbao/bot/telegram"
)

func TestEnd(t *testing.T) {
	t.Run("running events finish", func(t *testing.T) {
		inWorld(t, bottest.Options{}, func(w *world) {
			w.handler.handle = sleeper(10 * time.Second)
			w.start()
			c := w.Private(resident(1))
			c.Say(resident(1), "一")
			c.Say(resident(1), "二")
			w.wait(time.Second)
			began := time.Now()
			w.end()
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("the end took %v", took)
			}
			w.wantSaid(c, "答：一")
			if w.journal.pending() != 1 {
				t.Errorf("%d events are left, want the one that was not begun", w.journal.pending())
			}
			w.start()
			w.settle(time.Minute)
			w.wantSaid(c, "答：一", "答：二")
		})
	})
	t.Run("those that take too long are handed back", func(t *testing.T) {
		inWorld(t, bottest.Options{}, func(w *world) {
			w.handler.handle = sleeper(time.Minute)
			w.start()
			c := w.Private(resident(1))
			c.Say(resident(1), "一")
			w.wait(time.Second)
			began := time.Now()
			w.end()
			if took := time.Since(began).Round(time.Second); took != 20*time.Second {
				t.Errorf("the end took %v, want the grace of 20 s", took)
			}
			w.wantSaid(c)
			w.start()
			w.settle(5 * time.Minute)
			w.wantSaid(c, "答：一")
		})
	})
	t.Run("a journal that fails does not hold it up", func(t *testing.T) {
		inWorld(t, bottest.Options{}, func(w *world) {
			w.journal.before = func(method string) error {
				if method == "done" {
					return errors.New("no space left on device")
				}
				return nil
			}
			w.handler.handle = sleeper(time.Second)
			w.tell = func(o *telegram.Options) { o.PerChat = 1 }
			w.start()
			c := w.Private(resident(1))
			for i := range 3 { // answered, waits, no room
				c.Say(resident(1), fmt.Sprint(i))
				w.wait(100 * time.Millisecond)
			}
			c.SendMedia(resident(1), "photo", bottest.File{Album: "1"})
			c.SendMedia(resident(1), "photo", bottest.File{Album: "1"}) // done with at once
			w.wait(5 * time.Second)
			began := time.Now()
			w.end()
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("the end took %v, more than the grace of 20 s", took)
			}
		})
	})
	t.Run("what an earlier run has left does not hold it up", func(t *testing.T) {
		inWorld(t, bottest.Options{}, func(w *world) {
			w.handler.handle = sleeper(time.Hour)
			w.tell = func(o *telegram.Options) { o.Grace = time.Millisecond }
			w.start()
			c := w.Private(resident(1))
			c.Say(resident(1), "问")
			w.wait(time.Second)
			w.end()
			w.journal.spoil()
			w.journal.before = func(string) error { return errors.New("no space left on device") }
			w.start()
			w.wait(time.Minute)
			w.end() // returns
		})
	})
	t.Run("a delivery that waits is left for later", func(t *testing.T) {
		inWorld(t, bottest.Options{}, func(w *world) {
			w.start()
			c := w.Private(resident(1))
			w.Fail(bottest.Fault{Method: "sendMessage", Code: 429, RetryAfter: 600})
			c.Say(resident(1), "一")
			w.wait(time.Second)
			w.end()
			w.wantSaid(c)
			w.start()
			w.settle(5 * time.Minute)
			w.wantSaid(c, "答：一")
			if n := len(w.handler.handled()); n != 1 {
				t.Errorf("handled %d times, want once", n)
			}
		})
	})
}

// sleeper answers after a while.
func sleeper(d time.Duration) func(context.Context, bot.Event, func(bot.Message)) (bot.Reply, error) {
	return func(ctx context.Context, e bot.Event, _ func(bot.Message)) (bot.Reply, error) {
		select {
		case <-ctx.Done():
			return bot.Reply{}, context.Cause(ctx)
		case <-time.After(d):
			return echo(e), nil
		}
	}
}
