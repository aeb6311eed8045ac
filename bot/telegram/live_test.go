package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wenbao/bot"
	"wenbao/bot/bottest"
	"wenbao/bot/telegram"
)

// writer shows n words, one each step, and then gives the whole.
func writer(n int, step time.Duration) func(context.Context, bot.Event, func(bot.Message)) (bot.Reply, error) {
	return func(_ context.Context, _ bot.Event, show func(bot.Message)) (bot.Reply, error) {
		text := ""
		for range n {
			time.Sleep(step)
			text += "字"
			show(bot.Text(text))
		}
		return bot.Say(text + "。"), nil
	}
}

func TestTypingUntilReply(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = sleeper(14 * time.Second)
		w.start()
		c := w.Private(resident(1))
		began := time.Now()
		c.Say(resident(1), "问")
		w.wait(400 * time.Millisecond)
		if !c.Typing(0) {
			t.Error("no sign of life after 400 ms")
		}
		w.settle(time.Minute)
		var at []time.Duration
		for _, call := range w.calls("sendChatAction") {
			at = append(at, call.Time.Sub(began).Round(100*time.Millisecond))
		}
		want := []time.Duration{300 * time.Millisecond, 4800 * time.Millisecond, 9300 * time.Millisecond, 13800 * time.Millisecond}
		if !slices.Equal(at, want) {
			t.Errorf("typing at %v, want %v", at, want)
		}
	})
}

func TestDraftsInPrivate(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = writer(100, 50*time.Millisecond) // 5 s
		w.start()
		c := w.Private(resident(1))
		c.Say(resident(1), "问")
		w.wait(3 * time.Second)
		if d, ok := c.Draft(); !ok || !strings.HasPrefix(d.Text, strings.Repeat("字", 40)) {
			t.Errorf("draft after 3 s: %v %q", ok, d.Text)
		}
		w.settle(time.Minute)
		w.wantSaid(c, strings.Repeat("字", 100)+"。")
		drafts := w.calls("sendMessageDraft")
		if len(drafts) < 9 || len(drafts) > 11 {
			t.Errorf("%d drafts in 5 s, want two a second", len(drafts))
		}
		for _, d := range drafts {
			if d.Draft == 0 || d.Draft != drafts[0].Draft {
				t.Errorf("draft has ID %d, the first one %d", d.Draft, drafts[0].Draft)
			}
		}
		if calls := w.Calls(); calls[len(calls)-1].Method != "sendMessage" {
			t.Errorf("the last call is %s", calls[len(calls)-1].Method)
		}
	})
}

func TestDraftIsKeptAlive(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = func(_ context.Context, _ bot.Event, show func(bot.Message)) (bot.Reply, error) {
			show(bot.Text("开头"))
			time.Sleep(2 * time.Minute)
			return bot.Say("完"), nil
		}
		w.start()
		c := w.Private(resident(1))
		c.Say(resident(1), "问")
		for range 11 {
			w.wait(10 * time.Second)
			if _, ok := c.Draft(); !ok {
				t.Fatal("the draft is gone")
			}
		}
		w.settle(time.Minute)
		w.wantSaid(c, "完")
	})
}

// Where there are no drafts a message grows, as in groups.
func TestServerWithoutDrafts(t *testing.T) {
	for name, code := range map[string]int{"refused": 400, "an old server": 404} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, bottest.Options{}, func(w *world) {
				w.Fail(bottest.Fault{Method: "sendMessageDraft", Code: code, Times: -1})
				w.handler.handle = writer(100, 100*time.Millisecond) // 10 s
				w.start()
				c := w.Private(resident(1))
				for i := range 3 {
					c.Say(resident(1), "问")
					w.wait(6 * time.Second)
					if got := said(w, c); len(got) != i+1 || !strings.HasPrefix(got[i], "字") {
						t.Errorf("after 6 s the chat sees %q", got)
					}
					w.settle(time.Minute)
				}
				if n := w.Count("sendMessageDraft"); n != 1 {
					t.Errorf("drafts were tried %d times, want once", n)
				}
				want := strings.Repeat("字", 100) + "。"
				w.wantSaid(c, want, want, want)
			})
		})
	}
}

func TestEditsInGroups(t *testing.T) {
	inWorld(t, bottest.Options{Limits: true}, func(w *world) {
		w.handler.handle = writer(100, 100*time.Millisecond) // 10 s
		w.start()
		c := w.Group(bottest.GroupOptions{Title: "群", Supergroup: true})
		began := time.Now()
		id := c.Say(resident(1), "@"+w.Bot().Username+" 问")
		w.wait(time.Second)
		if got := said(w, c); len(got) != 1 || !strings.HasPrefix(got[0], "字") {
			t.Errorf("after a second the group sees %q", got)
		}
		w.settle(time.Minute)
		w.wantSaid(c, strings.Repeat("字", 100)+"。")
		if took := time.Since(began); took > 11*time.Second {
			t.Errorf("the answer took %v", took)
		}
		if sent := w.calls("sendMessage"); len(sent) != 1 || sent[0].ReplyTo != id {
			t.Errorf("messages: %+v", sent)
		}
		if n := len(w.calls("editMessageText")); n < 3 || n > 5 {
			t.Errorf("%d edits in 10 s, want one every 3 s and the last one", n)
		}
	})
}

// Live text must never keep a reply from arriving, whatever Telegram says to it.
func TestFaultsOfLiveText(t *testing.T) {
	faults := map[string]bottest.Fault{
		"429":            {Code: 429, RetryAfter: 4, Times: 2},
		"500":            {Code: 500, Times: 2},
		"cut before":     {CutBefore: true},
		"cut after":      {CutAfter: true},
		"400":            {Code: 400, Description: "Bad Request: nothing doing"},
		"edit not found": {Code: 400, Description: "Bad Request: message to edit not found"},
		"hangs":          {Delay: time.Hour},
	}
	for name, fault := range faults {
		for _, method := range []string{"sendMessageDraft", "sendMessage", "editMessageText"} {
			t.Run(name+" of "+method, func(t *testing.T) {
				inWorld(t, bottest.Options{}, func(w *world) {
					w.handler.handle = writer(100, 100*time.Millisecond)
					w.start()
					c, text := w.Private(resident(1)), "问"
					if method != "sendMessageDraft" {
						c, text = w.Group(bottest.GroupOptions{Title: "群"}), "@"+w.Bot().Username+" 问"
					}
					own := fault
					own.Method = method
					w.Fail(own)
					c.Say(resident(1), text)
					w.settle(3 * time.Minute)
					got := said(w, c)
					// A message that may be there and is found by nobody is deleted by hand;
					// one that Telegram said is gone was not.
					if name == "edit not found" && method == "editMessageText" {
						got = got[len(got)-1:]
					}
					if want := strings.Repeat("字", 100) + "。"; len(got) != 1 || got[0] != want {
						t.Errorf("the chat sees %q", got)
					}
				})
			})
		}
	}
}

// A message with live text of which nobody knows is found by the reply, although
// the IDs have grown meanwhile.
func TestLostLiveTextIsFound(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = func(ctx context.Context, e bot.Event, show func(bot.Message)) (bot.Reply, error) {
			if e.Chat.Private {
				return echo(e), nil
			}
			return writer(50, 100*time.Millisecond)(ctx, e, show)
		}
		w.start()
		for i := range 40 { // IDs that are far from 0
			w.Private(resident(2)).Say(resident(2), fmt.Sprint(i))
			w.wait(10 * time.Millisecond)
		}
		c := w.Group(bottest.GroupOptions{Title: "群"})
		w.Fail(bottest.Fault{Method: "sendMessage", Chat: c.ID, CutAfter: true})
		c.Say(resident(1), "@"+w.Bot().Username+" 问")
		w.wait(2 * time.Second)
		for i := range 40 {
			w.Private(resident(2)).Say(resident(2), fmt.Sprint(i))
			w.wait(10 * time.Millisecond)
		}
		w.settle(time.Minute)
		w.wantSaid(c, strings.Repeat("字", 50)+"。")
	})
}

// A message with live text is deleted where no part of the reply takes its place.
func TestLiveTextWithoutReply(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = func(_ context.Context, _ bot.Event, show func(bot.Message)) (bot.Reply, error) {
			show(bot.Text("半句"))
			time.Sleep(time.Second)
			return bot.Reply{}, nil
		}
		w.start()
		c := w.Group(bottest.GroupOptions{Title: "群"})
		c.Say(resident(1), "@"+w.Bot().Username+" 问")
		w.settle(time.Minute)
		w.wantSaid(c)
	})
}

// Replies come first: with a rate that is used up nothing else is sent.
func TestLiveTextTakesWhatIsSpare(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.tell = func(o *telegram.Options) { o.Rate = 5 }
		w.handler.handle = writer(50, 100*time.Millisecond)
		w.start()
		for i := range 30 {
			w.Private(resident(i)).Say(resident(i), "问")
		}
		w.wait(5 * time.Second)
		began := time.Now()
		w.settle(time.Minute)
		// 30 answers at 5 a second, of which some may go at once.
		if took := time.Since(began); took > 7*time.Second {
			t.Errorf("30 answers took %v after they were ready", took)
		}
		byTime := make(map[int64]int)
		for _, c := range w.Calls() {
			if c.Method != "sendChatAction" || c.Done {
				byTime[c.Time.Unix()]++
			}
		}
		for at, n := range byTime {
			if n > 5+5+1 {
				t.Errorf("%d calls in second %d", n, at)
			}
		}
	})
}

// The first sign does not wait for a worker, nor for what another topic asks.
func TestSignWhileWaiting(t *testing.T) {
	t.Run("for a worker", func(t *testing.T) {
		inWorld(t, bottest.Options{}, func(w *world) {
			w.handler.handle = sleeper(10 * time.Second)
			w.tell = func(o *telegram.Options) { o.Workers = 1 }
			w.start()
			first, second := w.Private(resident(1)), w.Private(resident(2))
			first.Say(resident(1), "一")
			second.Say(resident(2), "二")
			for range 4 {
				w.wait(time.Second)
				if !first.Typing(0) || !second.Typing(0) {
					t.Errorf("typing: %v, %v", first.Typing(0), second.Typing(0))
				}
			}
			w.settle(time.Minute)
		})
	})
	t.Run("behind another topic", func(t *testing.T) {
		inWorld(t, bottest.Options{}, func(w *world) {
			w.handler.handle = sleeper(10 * time.Second)
			w.start()
			c := w.Group(bottest.GroupOptions{Title: "松岭县", Forum: true})
			one, two := c.Topic(resident(1), "养老"), c.Topic(resident(1), "道路")
			ask := func(topic int) {
				c.SayWith(resident(1), "@"+w.Bot().Username+" 问", bottest.SayOptions{Thread: topic})
			}
			ask(one)
			ask(two)
			ask(two)
			w.wait(time.Second)
			if !c.Typing(one) || !c.Typing(two) {
				t.Errorf("typing: %v, %v", c.Typing(one), c.Typing(two))
			}
			if n := w.Count("sendChatAction"); n != 2 {
				t.Errorf("%d signs, want one a topic", n)
			}
			w.settle(time.Minute)
		})
	})
	t.Run("with nothing to spare", func(t *testing.T) {
		inWorld(t, bottest.Options{}, func(w *world) {
			w.handler.handle = sleeper(20 * time.Second)
			w.tell = func(o *telegram.Options) { o.Rate = 3 }
			w.start()
			for i := range 6 {
				w.Private(resident(i)).Say(resident(i), "问")
			}
			w.wait(2500 * time.Millisecond)
			for i := range 6 {
				if c := w.Private(resident(i)); !c.Typing(0) {
					t.Errorf("nothing is shown in chat %d", i)
				}
			}
			w.settle(time.Minute)
		})
	})
}

// Live text leaves room for the replies among what Telegram allows a group.
func TestManyAnswersInAGroup(t *testing.T) {
	inWorld(t, bottest.Options{Limits: true}, func(w *world) {
		w.handler.handle = writer(100, 100*time.Millisecond) // 10 s
		w.start()
		c := w.Group(bottest.GroupOptions{Title: "群", Supergroup: true})
		for i := range 8 {
			began := time.Now()
			c.Say(resident(1), "@"+w.Bot().Username+" 问")
			w.settle(time.Minute)
			if took := time.Since(began); took > 12*time.Second {
				t.Errorf("answer %d took %v", i, took)
			}
		}
		if n := w.meter.get("429"); n != 0 {
			t.Errorf("429 came %d times", n)
		}
		if n := len(w.calls("editMessageText")); n < 10 {
			t.Errorf("%d edits: live text was not shown", n)
		}
	})
}

// A sign that hangs does not hold up the reply.
func TestReplyDoesNotWaitForASign(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = sleeper(time.Second)
		w.Fail(bottest.Fault{Method: "sendChatAction", Delay: time.Hour})
		w.start()
		c := w.Private(resident(1))
		c.Say(resident(1), "问")
		w.settle(1500 * time.Millisecond)
		w.wantSaid(c, "答：问")
	})
}

// To be told while it is written that nobody hears the answer ends the writing.
func TestGoneWhileWriting(t *testing.T) {
	for _, tt := range []struct {
		method string
		group  bool
	}{{"sendChatAction", false}, {"sendMessageDraft", false}, {"sendMessage", true}, {"editMessageText", true}} {
		t.Run(tt.method, func(t *testing.T) {
			inWorld(t, bottest.Options{}, func(w *world) {
				w.Fail(bottest.Fault{Method: tt.method, Code: 403, Times: -1})
				var causes []error
				w.handler.handle = func(ctx context.Context, _ bot.Event, show func(bot.Message)) (bot.Reply, error) {
					for i := range 60 {
						if tt.method != "sendChatAction" {
							show(bot.Text(strings.Repeat("字", i+1)))
						}
						select {
						case <-ctx.Done():
							causes = append(causes, context.Cause(ctx))
							return bot.Reply{}, context.Cause(ctx)
						case <-time.After(time.Second):
						}
					}
					return bot.Say("完"), nil
				}
				w.start()
				c, text := w.Private(resident(1)), "问"
				if tt.group {
					c, text = w.Group(bottest.GroupOptions{Title: "群"}), "@"+w.Bot().Username+" 问"
				}
				c.Say(resident(1), text)
				c.Say(resident(1), text) // goes with the first
				w.settle(10 * time.Second)
				if len(causes) != 1 || !errors.Is(causes[0], bot.ErrGone) {
					t.Errorf("ended by %v", causes)
				}
			})
		})
	}
}
