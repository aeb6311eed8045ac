package telegram_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"wenbao/bot"
	"wenbao/bot/bottest"
)

func TestGroupMoves(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = sleeper(10 * time.Second)
		w.start()
		c := w.Group(bottest.GroupOptions{Title: "临江区"})
		c.Say(resident(1), "@"+w.Bot().Username+" 问")
		w.wait(time.Second)
		next := c.Migrate(resident(1))
		w.settle(time.Minute)
		w.wantSaid(c)
		w.wantSaid(next, "答：问")
		moved := slices.IndexFunc(w.handler.handled(), func(e bot.Event) bool {
			return e.Kind == bot.EventMoved && e.Chat.ID == c.ID && e.MovedTo == next.ID
		})
		if moved < 0 {
			t.Errorf("the handler was not told: %+v", w.handler.handled())
		}
	})
}

// The handler hears of a move before the first question of the new group, although
// the old one still waits for an answer, and once more after that.
func TestMoveIsHeardAtOnce(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = func(ctx context.Context, e bot.Event, show func(bot.Message)) (bot.Reply, error) {
			if e.Text == "慢" {
				return sleeper(20*time.Second)(ctx, e, show)
			}
			return echo(e), nil
		}
		w.start()
		c := w.Group(bottest.GroupOptions{Title: "临江区"})
		c.Say(resident(1), "@"+w.Bot().Username+" 慢")
		w.wait(time.Second)
		next := c.Migrate(resident(1))
		next.Say(resident(1), "@"+w.Bot().Username+" 问")
		w.wait(time.Second)
		w.settle(time.Minute)
		w.wantSaid(next, "答：问", "答：慢")
		var order []string
		for _, e := range w.handler.handled() {
			order = append(order, string(e.Kind)+e.Text)
		}
		if want := []string{"text慢", "moved", "text问", "moved"}; !slices.Equal(order, want) {
			t.Errorf("the handler heard %q, want %q", order, want)
		}
	})
}

// Messages of the old group are not there in the new one; one that has the same ID
// there is left alone.
func TestMovedIDs(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = func(_ context.Context, e bot.Event, show func(bot.Message)) (bot.Reply, error) {
			if e.Text == "慢" {
				time.Sleep(5 * time.Second)
				show(bot.Text("半句"))
				time.Sleep(10 * time.Second)
				show(bot.Text("半句，又半句"))
				time.Sleep(5 * time.Second)
			}
			if e.Kind == bot.EventPress {
				time.Sleep(time.Second)
				m := bot.Text("第二页")
				m.Replace = e.Message
				return bot.Reply{Messages: []bot.Message{m, {Replace: e.Message, Buttons: [][]bot.Button{{{Text: "一", Data: "1"}}}}}}, nil
			}
			return echo(e), nil
		}
		w.start()
		c := w.Group(bottest.GroupOptions{Title: "临江区"})
		mention := "@" + w.Bot().Username + " "
		c.Say(resident(1), mention+"慢")
		w.wait(8 * time.Second)
		live := c.Messages()[1].ID
		c.PressData(resident(1), live, "next")
		next := c.Migrate(resident(1))
		for range live {
			next.Say(resident(1), mention+"问")
		}
		w.settle(time.Minute)
		want := slices.Repeat([]string{"答：问"}, live)
		w.wantSaid(next, append(want, "答：慢", "第二页")...)
		for _, call := range w.calls("sendMessage") {
			if call.Chat == next.ID && (call.Text == "答：慢" || call.Text == "第二页") && call.ReplyTo != 0 {
				t.Errorf("%s replies to %d of the old group", call.Text, call.ReplyTo)
			}
		}
	})
}
