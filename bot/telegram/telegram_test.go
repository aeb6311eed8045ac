package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"wenbao/bot"
	"wenbao/bot/bottest"
	"wenbao/bot/telegram"
)

func TestAnswersInPrivate(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.start()
		c := w.Private(resident(1))
		c.Say(resident(1), "白塔镇哪年建了图书室？")
		w.settle(time.Second)
		w.wantSaid(c, "答：白塔镇哪年建了图书室？")
		call := w.calls("sendMessage")[0]
		if call.ReplyTo != 0 || call.Thread != 0 {
			t.Errorf("a private answer replies to %d in topic %d", call.ReplyTo, call.Thread)
		}
		if w.meter.get("update text") != 1 || w.meter.get("delivered text") != 1 {
			t.Errorf("counted %v", w.meter.of)
		}
		if w.Count("sendChatAction") != 0 {
			t.Error("an answer at once was preceded by typing")
		}
	})
}

func TestAnswersInGroups(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.start()
		c := w.Group(bottest.GroupOptions{Title: "沙湾街道", Supergroup: true})
		c.Say(resident(1), "大家早")
		id := c.Say(resident(1), "@"+w.Bot().Username+" 江滨新区有几所学校？")
		w.settle(time.Second)
		w.wantSaid(c, "答：江滨新区有几所学校？")
		if got := w.calls("sendMessage")[0].ReplyTo; got != id {
			t.Errorf("the answer replies to %d, want %d", got, id)
		}
	})
}

func TestStaysInTopic(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = sleeper(time.Second)
		w.start()
		c := w.Group(bottest.GroupOptions{Title: "松岭县", Forum: true})
		topic := c.Topic(resident(1), "养老")
		id := c.SayWith(resident(1), "/ask@"+w.Bot().Username+" 养老院", bottest.SayOptions{Thread: topic})
		w.settle(5 * time.Second)
		call := w.calls("sendMessage")[0]
		if call.Thread != topic || call.ReplyTo != id {
			t.Errorf("the answer is in topic %d to %d, want %d to %d", call.Thread, call.ReplyTo, topic, id)
		}
		if typing := w.calls("sendChatAction"); len(typing) != 1 || typing[0].Thread != topic {
			t.Errorf("typing: %+v", typing)
		}
	})
}

func TestLongAnswerHasParts(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = func(context.Context, bot.Event, func(bot.Message)) (bot.Reply, error) {
			m := bot.Message{Buttons: [][]bot.Button{{{Text: "来源", Data: "s:1"}, {Text: "脚注", Copy: "云泽日报"}}}}
			for range 3 {
				m.Blocks = append(m.Blocks, bot.Paragraph(long(3000)))
			}
			return bot.Reply{Messages: []bot.Message{m}}, nil
		}
		w.start()
		c := w.Private(resident(1))
		c.Say(resident(1), "说说沙湾街道")
		w.settle(time.Second)
		messages := w.calls("sendMessage")
		if len(messages) != 3 {
			t.Fatalf("%d parts, want 3", len(messages))
		}
		for i, m := range messages {
			if last := i == len(messages)-1; (len(m.Buttons) > 0) != last {
				t.Errorf("part %d has %d rows of buttons", i, len(m.Buttons))
			}
		}
	})
}

// long is a text of n characters.
func long(n int) string {
	text := make([]rune, n)
	for i := range text {
		text[i] = rune('一' + i%500)
	}
	return string(text)
}

func TestPressIsAnswered(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = func(_ context.Context, e bot.Event, _ func(bot.Message)) (bot.Reply, error) {
			switch {
			case e.Kind == bot.EventText:
				return bot.Reply{Messages: []bot.Message{{
					Blocks:  []bot.Block{bot.Paragraph("一")},
					Buttons: [][]bot.Button{{{Text: "下一页", Data: "next"}, {Text: "原文", Data: "full"}}},
				}}}, nil
			case e.Data == "next":
				m := bot.Text("二")
				m.Replace = e.Message
				return bot.Reply{Messages: []bot.Message{m}}, nil
			}
			return bot.Reply{Toast: "没有了", Alert: true, Messages: []bot.Message{bot.Text("三")}}, nil
		}
		w.start()
		c := w.Private(resident(1))
		c.Say(resident(1), "问")
		w.settle(time.Second)
		w.wantSaid(c, "一")
		id := c.Messages()[1].ID
		full := press(w, c, id, "full")
		w.settle(time.Second)
		next := press(w, c, id, "next")
		w.settle(time.Second)
		w.wantSaid(c, "二", "三")
		answers := w.calls("answerCallbackQuery")
		if len(answers) != 2 || answers[0].Query != full || answers[0].Text != "没有了" || !answers[0].Alert ||
			answers[1].Query != next || answers[1].Text != "" {
			t.Errorf("answers to presses: %+v", answers)
		}
		// The same again changes nothing, and that is no fault.
		c.PressData(resident(1), id, "next")
		w.settle(time.Second)
		w.wantSaid(c, "二", "三")
	})
}

func press(w *world, c *bottest.Chat, id int, data string) (query string) {
	w.t.Helper()
	query, err := c.Press(resident(1), id, data)
	if err != nil {
		w.t.Fatal(err)
	}
	return query
}

func TestSlowPressIsAnsweredWithoutToast(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = func(_ context.Context, e bot.Event, _ func(bot.Message)) (bot.Reply, error) {
			if e.Kind == bot.EventPress {
				time.Sleep(20 * time.Second)
			}
			return echo(e), nil
		}
		w.start()
		c := w.Private(resident(1))
		query := c.PressData(resident(1), c.Say(resident(1), "x"), "slow")
		w.settle(2 * time.Minute)
		answers := w.calls("answerCallbackQuery")
		if len(answers) != 1 || answers[0].Query != query || answers[0].Text != "" {
			t.Errorf("answers: %+v", answers)
		}
		w.wantSaid(c, "答：x", "按：slow")
	})
}

func TestReplaceOfWhatIsGone(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = func(_ context.Context, e bot.Event, _ func(bot.Message)) (bot.Reply, error) {
			m := bot.Text("新的一页")
			m.Replace = e.Message
			return bot.Reply{Messages: []bot.Message{m}}, nil
		}
		w.start()
		c := w.Private(resident(1))
		c.PressData(resident(1), 4711, "next")
		w.settle(time.Second)
		w.wantSaid(c, "新的一页")
	})
}

func TestInline(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = func(_ context.Context, e bot.Event, _ func(bot.Message)) (bot.Reply, error) {
			return bot.Reply{Inline: &bot.Inline{
				Results: []bot.Result{{ID: "p1", Title: "柳溪镇", Description: e.Text, Message: bot.Text("柳溪镇修路 < 2 公里")}},
				Next:    "20", Hint: "怎么用",
			}}, nil
		}
		w.start()
		query := w.Inline(resident(1), "柳溪镇 道路", "")
		w.settle(time.Second)
		answers := w.calls("answerInlineQuery")
		if len(answers) != 1 {
			t.Fatalf("%d answers", len(answers))
		}
		a := answers[0]
		if a.Query != query || len(a.Results) != 1 || a.Results[0].Text != "柳溪镇修路 < 2 公里" || a.Next != "20" || a.Hint != "怎么用" {
			t.Errorf("answer: %+v", a)
		}
		if w.Count("sendChatAction") != 0 {
			t.Error("typing was shown for an inline query")
		}
	})
}

func TestOrderWithinAndAcrossChats(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = func(_ context.Context, e bot.Event, _ func(bot.Message)) (bot.Reply, error) {
			if e.User.ID == resident(1).ID {
				time.Sleep(10 * time.Second)
			}
			return echo(e), nil
		}
		w.start()
		slow, quick := w.Private(resident(1)), w.Private(resident(2))
		for _, text := range []string{"一", "二", "三"} {
			slow.Say(resident(1), text)
			quick.Say(resident(2), text)
		}
		w.wait(time.Second)
		w.wantSaid(quick, "答：一", "答：二", "答：三")
		w.wantSaid(slow)
		w.settle(time.Minute)
		w.wantSaid(slow, "答：一", "答：二", "答：三")
	})
}

func TestWorkersBoundHandling(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		var running, most atomic.Int32
		w.handler.handle = func(_ context.Context, e bot.Event, _ func(bot.Message)) (bot.Reply, error) {
			if n := running.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(time.Second)
			running.Add(-1)
			return echo(e), nil
		}
		w.tell = func(o *telegram.Options) { o.Workers = 3 }
		w.start()
		for i := range 10 {
			w.Private(resident(i)).Say(resident(i), "问")
		}
		w.settle(time.Minute)
		if most.Load() != 3 {
			t.Errorf("%d events were handled at once, want 3", most.Load())
		}
	})
}

func TestInterrupt(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.interrupts = func(e bot.Event) bool { return e.Kind == bot.EventText }
		w.handler.handle = func(ctx context.Context, e bot.Event, _ func(bot.Message)) (bot.Reply, error) {
			select {
			case <-ctx.Done():
				return bot.Say("停：" + e.Text + " " + context.Cause(ctx).Error()), nil
			case <-time.After(time.Minute):
				return echo(e), nil
			}
		}
		w.start()
		c := w.Group(bottest.GroupOptions{Title: "群"})
		ask := func(n int, text string) { c.Say(resident(n), "@"+w.Bot().Username+" "+text) }
		ask(1, "甲")
		w.wait(time.Second)
		ask(2, "乙") // another user's conversation
		w.wait(time.Second)
		w.wantSaid(c)
		ask(1, "丙")
		w.wait(time.Second)
		w.wantSaid(c, "停：甲 "+bot.ErrInterrupted.Error())
		ask(2, "丁") // ends what runs now
		w.wait(time.Second)
		ask(1, "戊") // ends what waits, when its turn comes
		w.wait(time.Second)
		cause := " " + bot.ErrInterrupted.Error()
		w.wantSaid(c, "停：甲"+cause, "停：乙"+cause, "停：丙"+cause)
		w.settle(5 * time.Minute)
		w.wantSaid(c, "停：甲"+cause, "停：乙"+cause, "停：丙"+cause, "答：丁", "答：戊")
	})
}

func TestPanicCostsOneAnswer(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = func(_ context.Context, e bot.Event, _ func(bot.Message)) (bot.Reply, error) {
			if e.Text == "坏" {
				panic("a secret of the user")
			}
			return echo(e), nil
		}
		w.start()
		c := w.Private(resident(1))
		for _, text := range []string{"一", "坏", "二"} {
			c.Say(resident(1), text)
		}
		w.settle(time.Second)
		w.wantSaid(c, "答：一", "出错了", "答：二")
		if w.meter.get("panic") != 1 {
			t.Error("the panic was not counted")
		}
		log := w.log.String()
		if !containsAll(log, "handler panicked", "telegram_test.go") || containsAll(log, "secret of the user") {
			t.Errorf("log: %s", log)
		}
	})
}

func TestGone(t *testing.T) {
	tests := map[string]func(w *world, c *bottest.Chat){
		"told":   func(_ *world, c *bottest.Chat) { c.Block() },
		"by 403": func(w *world, _ *bottest.Chat) { w.Fail(bottest.Fault{Method: "sendMessage", Code: 403, Times: -1}) },
	}
	for name, block := range tests {
		t.Run(name, func(t *testing.T) {
			inWorld(t, bottest.Options{}, func(w *world) {
				var causes []error
				w.handler.handle = func(ctx context.Context, e bot.Event, _ func(bot.Message)) (bot.Reply, error) {
					if e.Kind == bot.EventGone {
						return bot.Reply{}, nil
					}
					select {
					case <-ctx.Done():
						causes = append(causes, context.Cause(ctx))
						return bot.Reply{}, context.Cause(ctx)
					case <-time.After(10 * time.Second):
						return echo(e), nil
					}
				}
				w.start()
				c := w.Private(resident(1))
				c.Say(resident(1), "一")
				c.Say(resident(1), "二")
				w.wait(time.Second)
				block(w, c)
				w.settle(time.Minute)
				w.wantSaid(c)
				events := w.handler.handled()
				switch name {
				case "told":
					if len(causes) != 1 || !errors.Is(causes[0], bot.ErrGone) || events[len(events)-1].Kind != bot.EventGone {
						t.Errorf("causes %v, events %v", causes, events)
					}
				default:
					if len(events) != 1 {
						t.Errorf("%d events were handled, want 1", len(events))
					}
				}
			})
		})
	}
}

// Media that are sent together are one event; those of another album are another.
func TestAlbums(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.start()
		c := w.Private(resident(1))
		for range 4 {
			c.SendMedia(resident(1), "photo", bottest.File{Album: "1"})
		}
		c.SendMedia(resident(1), "photo", bottest.File{Album: "2", Caption: "这是哪里？"})
		c.SendMedia(resident(1), "photo", bottest.File{Album: "2"})
		c.SendMedia(resident(1), "photo", bottest.File{})
		c.SendMedia(resident(1), "photo", bottest.File{})
		w.Private(resident(2)).SendMedia(resident(2), "photo", bottest.File{Album: "1"})
		w.settle(time.Minute)
		got := make(map[int64][]string)
		for _, e := range w.handler.handled() {
			got[e.Chat.ID] = append(got[e.Chat.ID], string(e.Kind)+e.Text)
		}
		if want := []string{"media", "text这是哪里？", "media", "media"}; !slices.Equal(got[c.ID], want) {
			t.Errorf("events %q, want %q", got[c.ID], want)
		}
		if n := len(got[resident(2).ID]); n != 1 {
			t.Errorf("another chat's album makes %d events", n)
		}
	})
}

// An update that comes twice counts once.
func TestUpdatesCountOnce(t *testing.T) {
	inWorld(t, bottest.Options{Duplicate: 1}, func(w *world) {
		w.start()
		for i := range 10 {
			w.Private(resident(1)).Say(resident(1), fmt.Sprint(i))
		}
		w.settle(time.Minute)
		if n := w.meter.get("update text"); n != 10 {
			t.Errorf("10 updates count %d", n)
		}
	})
}
