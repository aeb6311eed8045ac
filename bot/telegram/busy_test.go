package telegram_test

import (
	"context"
	"testing"
	"time"

	"wenbao/bot"
	"wenbao/bot/bottest"
	"wenbao/bot/telegram"
)

func TestBusy(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = func(_ context.Context, e bot.Event, _ func(bot.Message)) (bot.Reply, error) {
			time.Sleep(5 * time.Second)
			return echo(e), nil
		}
		w.tell = func(o *telegram.Options) { o.PerChat = 2 }
		w.start()
		c := w.Private(resident(1))
		c.Say(resident(1), "1")
		w.wait(10 * time.Millisecond) // the first one runs
		for _, text := range []string{"2", "3", "4", "5"} {
			c.Say(resident(1), text)
		}
		w.wait(100 * time.Millisecond)
		w.wantSaid(c, "稍后再试") // at once for the first one
		other := w.Private(resident(2))
		other.Say(resident(2), "1") // runs
		w.wait(100 * time.Millisecond)
		other.Say(resident(2), "2")
		c.Say(resident(1), "6") // no second notice yet
		w.settle(time.Minute)
		w.wantSaid(c, "稍后再试", "答：1", "答：2", "稍后再试", "答：3")
		w.wantSaid(other, "答：1", "答：2")
		if w.meter.queued != 0 {
			t.Errorf("%d events wait at the end", w.meter.queued)
		}
	})
}

// Everybody for whom there is no room is told so, however many there are, and what
// cannot be told at once is told later.
func TestBusyIsNeverSilent(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		const askers = 100
		w.handler.handle = sleeper(time.Minute)
		w.tell = func(o *telegram.Options) { o.PerChat, o.Queue = 1, 1 }
		w.start()
		c := w.Group(bottest.GroupOptions{Title: "群", Supergroup: true})
		ask := func(n int) int { return c.Say(resident(n), "@"+w.Bot().Username+" 问") }
		ask(0)
		w.wait(10 * time.Millisecond)
		ask(0)
		w.wait(10 * time.Millisecond)
		w.Fail(bottest.Fault{Method: "sendMessage", Code: 429, RetryAfter: 5, Times: 3})
		last := make(map[int]int) // asker by message
		for n := range askers {
			last[ask(1+n)] = 1 + n
		}
		w.wait(time.Second)
		again := ask(1)
		w.wait(30 * time.Second)
		told := make(map[int]bool)
		for _, m := range c.Messages() {
			if m.Text == "稍后再试" {
				told[m.ReplyTo] = true
			}
		}
		for id, n := range last {
			if !told[id] && (n != 1 || !told[again]) {
				t.Errorf("resident %d is told nothing", n)
			}
		}
		if !told[again] {
			t.Error("a second question in a row is met with silence")
		}
		w.settle(5 * time.Minute)
	})
}

func TestQueueOfAllChatsIsBounded(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = func(_ context.Context, e bot.Event, _ func(bot.Message)) (bot.Reply, error) {
			time.Sleep(time.Second)
			return echo(e), nil
		}
		w.tell = func(o *telegram.Options) { o.Queue = 1 }
		w.start()
		a, b := w.Private(resident(1)), w.Private(resident(2))
		a.Say(resident(1), "1")
		w.wait(10 * time.Millisecond)
		b.Say(resident(2), "1")
		w.wait(10 * time.Millisecond)
		a.Say(resident(1), "2")
		w.wait(10 * time.Millisecond)
		b.Say(resident(2), "2")
		b.PressData(resident(2), 1, "x")
		w.settle(time.Minute)
		w.wantSaid(a, "答：1", "答：2")
		w.wantSaid(b, "稍后再试", "答：1")
		if answers := w.calls("answerCallbackQuery"); len(answers) != 1 || answers[0].Text != "稍后再试" {
			t.Errorf("answers: %+v", answers)
		}
	})
}
