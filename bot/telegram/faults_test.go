package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"wenbao/bot"
	"wenbao/bot/bottest"
	"wenbao/bot/telegram"
)

// Whatever goes wrong on the way, each question has one answer in the end.
func TestFaultsOfSending(t *testing.T) {
	tests := map[string]struct {
		fault bottest.Fault
		sends int // calls of sendMessage
	}{
		"429":                  {bottest.Fault{Code: 429, RetryAfter: 7}, 2},
		"429 again and again":  {bottest.Fault{Code: 429, RetryAfter: 3, Times: 5}, 6},
		"500":                  {bottest.Fault{Code: 500}, 2},
		"502 with a page":      {bottest.Fault{HTML: true, Times: 3}, 4},
		"cut before":           {bottest.Fault{CutBefore: true}, 2},
		"cut after":            {bottest.Fault{CutAfter: true}, 1},
		"cut before and after": {bottest.Fault{CutBefore: true, Times: 2}, 3},
		"timeout":              {bottest.Fault{Delay: time.Minute}, 1}, // the one given up is not counted
		"400 on markup":        {bottest.Fault{Code: 400, Description: "Bad Request: can't parse entities: unexpected end tag"}, 2},
	}
	for name, tt := range tests {
		for _, group := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, group %v", name, group), func(t *testing.T) {
				inWorld(t, bottest.Options{}, func(w *world) {
					w.start()
					c, text := w.Private(resident(1)), ""
					if group {
						c, text = w.Group(bottest.GroupOptions{Title: "群", Supergroup: true}), "@"+w.Bot().Username+" "
					}
					tt.fault.Method = "sendMessage"
					w.Fail(tt.fault)
					began := time.Now()
					c.Say(resident(1), text+"甲 <乙> & \"丙\"")
					w.settle(10 * time.Minute)
					w.wantSaid(c, "答：甲 <乙> & \"丙\"")
					if got := w.Count("sendMessage"); got != tt.sends {
						t.Errorf("sendMessage was called %d times, want %d", got, tt.sends)
					}
					if wait := time.Duration(tt.fault.RetryAfter) * time.Second; time.Since(began) < wait {
						t.Errorf("answered after %v, before the %v that Telegram asked for", time.Since(began), wait)
					}
					c.Say(resident(1), text+"丁")
					w.settle(time.Minute)
					w.wantSaid(c, "答：甲 <乙> & \"丙\"", "答：丁")
				})
			})
		}
	}
}

func TestTooManyIsCounted(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.start()
		w.Fail(bottest.Fault{Method: "sendMessage", Code: 429, RetryAfter: 2, Times: 3})
		w.Private(resident(1)).Say(resident(1), "问")
		w.settle(time.Minute)
		if w.meter.get("429") != 3 || w.meter.get("sendMessage wait") != 3 {
			t.Errorf("counted %v", w.meter.of)
		}
	})
}

// While one chat waits for Telegram, no worker is held and others go on.
func TestWaitingChatHoldsUpNobody(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.tell = func(o *telegram.Options) { o.Workers = 1 }
		w.start()
		slow, quick := w.Private(resident(1)), w.Private(resident(2))
		w.Fail(bottest.Fault{Method: "sendMessage", Chat: slow.ID, Code: 429, RetryAfter: 60})
		slow.Say(resident(1), "一")
		w.wait(time.Second)
		quick.Say(resident(2), "二")
		w.wait(time.Second)
		w.wantSaid(quick, "答：二")
		w.wantSaid(slow)
		w.settle(2 * time.Minute)
		w.wantSaid(slow, "答：一")
	})
}

func TestRefusedPartIsGivenUp(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.start()
		c := w.Private(resident(1))
		w.Fail(bottest.Fault{Method: "sendMessage", Code: 400, Description: "Bad Request: not enough rights to send text messages to the chat"})
		c.Say(resident(1), "一")
		c.Say(resident(1), "二")
		w.settle(time.Minute)
		w.wantSaid(c, "答：二")
		if !containsAll(w.log.String(), "telegram refuses a message") {
			t.Error("the refusal was not logged")
		}
		if n := w.Count("sendMessage"); n != 2 {
			t.Errorf("sendMessage was called %d times: where nothing can be written nothing else is tried", n)
		}
	})
}

// Others are served while a message waits, so that the IDs of messages have grown
// far beyond the floor of the plan when it goes out and the answer is lost.
func TestProbeAfterLongWait(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.start()
		c, other := w.Private(resident(1)), w.Private(resident(2))
		w.Fail(bottest.Fault{Method: "sendMessage", Chat: c.ID, Code: 429, RetryAfter: 60})
		w.Fail(bottest.Fault{Method: "sendMessage", Chat: c.ID, CutAfter: true})
		c.Say(resident(1), "一")
		w.wait(time.Second)
		for i := range 150 {
			other.Say(resident(2), fmt.Sprint(i))
			w.wait(10 * time.Millisecond)
		}
		w.settle(5 * time.Minute)
		w.wantSaid(c, "答：一")
	})
}

// The notice that there is no room must not be taken for the message looked for.
func TestProbeAndNotice(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.tell = func(o *telegram.Options) { o.PerChat = 1 }
		w.start()
		c := w.Private(resident(1))
		w.Fail(bottest.Fault{Method: "sendMessage", Code: 429, RetryAfter: 20})
		c.Say(resident(1), "一")
		w.wait(time.Second)
		w.Fail(bottest.Fault{Method: "sendMessage", Skip: 1, CutAfter: true})
		c.Say(resident(1), "二")
		c.Say(resident(1), "三") // no room
		w.settle(5 * time.Minute)
		got := said(w, c)
		if len(got) != 3 || strings.Count(strings.Join(got, " "), "答：一") != 1 || strings.Count(strings.Join(got, " "), "答：二") != 1 {
			t.Errorf("the bot said %q", got)
		}
	})
}

func TestFaultsOfPolling(t *testing.T) {
	tests := map[string]bottest.Fault{
		"500":        {Code: 500, Times: 4},
		"502":        {HTML: true, Times: 4},
		"cut before": {CutBefore: true, Times: 4},
		"cut after":  {CutAfter: true, Times: 2},
		"conflict":   {Code: 409, Description: "Conflict: terminated by other getUpdates request", Times: 3},
		"429":        {Code: 429, RetryAfter: 5},
	}
	for name, fault := range tests {
		t.Run(name, func(t *testing.T) {
			inWorld(t, bottest.Options{}, func(w *world) {
				w.start()
				c := w.Private(resident(1))
				fault.Method = "getUpdates"
				w.Fail(fault)
				c.Say(resident(1), "一")
				w.wait(time.Second)
				if name == "500" && w.transport.Ready() == nil {
					t.Error("ready although no update comes in")
				}
				w.settle(5 * time.Minute)
				w.wantSaid(c, "答：一")
				w.wait(time.Minute)
				if err := w.transport.Ready(); err != nil {
					t.Errorf("not ready: %v", err)
				}
				if name == "conflict" && !containsAll(w.log.String(), "another program takes the updates") {
					t.Error("the conflict was not logged")
				}
			})
		})
	}
}

// What cannot be kept is not acknowledged, and comes again.
func TestJournalThatCannotBeWritten(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		fails := 5
		w.journal.before = func(string) error {
			if fails--; fails >= 0 {
				return errors.New("no space left on device")
			}
			return nil
		}
		w.start()
		c := w.Private(resident(1))
		c.Say(resident(1), "一")
		w.wait(time.Second)
		fails += 3 // writes in the middle of an answer
		c.Say(resident(1), "二")
		w.settle(10 * time.Minute)
		w.wantSaid(c, "答：一", "答：二")
		if n := len(w.handler.handled()); n != 2 {
			t.Errorf("%d events were handled, want 2", n)
		}
	})
}

func TestStart(t *testing.T) {
	t.Run("telegram is down at first", func(t *testing.T) {
		inWorld(t, bottest.Options{}, func(w *world) {
			w.Fail(bottest.Fault{Method: "getMe", CutBefore: true, Times: 3})
			w.Fail(bottest.Fault{Method: "getMe", Code: 503, Times: 2})
			started := ""
			w.tell = func(o *telegram.Options) { o.Started = func(name string) { started = name } }
			w.start()
			if w.transport.Ready() == nil {
				t.Error("ready before the first contact")
			}
			w.wait(time.Minute)
			if err := w.transport.Ready(); err != nil || started != w.Bot().Username || w.transport.Username() != started {
				t.Errorf("ready: %v, started as %q, username %q", err, started, w.transport.Username())
			}
		})
	})
	t.Run("wrong token", func(t *testing.T) {
		inWorld(t, bottest.Options{}, func(w *world) {
			w.tell = func(o *telegram.Options) { o.Token = "12345:ABCDEFGHIJKLMNOPQRST" }
			tr, err := telegram.New(w.options())
			if err != nil {
				t.Fatal(err)
			}
			err = tr.Run(context.Background(), w.handler)
			if !errors.Is(err, telegram.ErrToken) || strings.Contains(err.Error(), "ABCDEFGH") {
				t.Errorf("Run: %v", err)
			}
		})
	})
	t.Run("token revoked", func(t *testing.T) {
		inWorld(t, bottest.Options{}, func(w *world) {
			w.start()
			w.Fail(bottest.Fault{Method: "getUpdates", Code: 401})
			w.Private(resident(1)).Say(resident(1), "一") // ends the poll that waits
			if err := <-w.ended; !errors.Is(err, telegram.ErrToken) {
				t.Errorf("Run: %v", err)
			}
			w.stop = nil
		})
	})
	t.Run("never any contact", func(t *testing.T) {
		inWorld(t, bottest.Options{}, func(w *world) {
			w.Fail(bottest.Fault{CutBefore: true, Times: -1})
			w.start()
			w.wait(10 * time.Minute)
		})
	})
	t.Run("bad options", func(t *testing.T) {
		for _, o := range []telegram.Options{
			{Token: "", Journal: newMemory()},
			{Token: "nonsense", Journal: newMemory()},
			{Token: bottest.DefaultToken},
			{Token: bottest.DefaultToken, Journal: newMemory(), Workers: -1},
			{Token: bottest.DefaultToken, Journal: newMemory(), Webhook: &telegram.Webhook{URL: "https://bot.invalid/"}},
			{Token: bottest.DefaultToken, Journal: newMemory(), Webhook: &telegram.Webhook{Addr: "127.0.0.1:0"}},
			{Token: bottest.DefaultToken, Journal: newMemory(), Webhook: &telegram.Webhook{URL: "https://bot.invalid/", Addr: ":0", Secret: "ä"}},
		} {
			if _, err := telegram.New(o); err == nil || strings.Contains(err.Error(), "nobody-at-all") {
				t.Errorf("New(%+v): %v", o, err)
			}
		}
	})
}

func TestCommands(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.Private(resident(1))
		w.tell = func(o *telegram.Options) {
			// The first has never written, the second has blocked the bot: refused.
			o.Admins = []int64{resident(2).ID, resident(3).ID, resident(1).ID}
			o.Commands = func(lang string, scope bot.CommandScope) []bot.CommandInfo {
				return []bot.CommandInfo{{Name: "ask", Description: lang + " " + string(scope)}}
			}
		}
		w.Fail(bottest.Fault{Method: "setMyCommands", Code: 400, Description: "Bad Request: BOT_COMMAND_INVALID"})
		w.Fail(bottest.Fault{Method: "setMyCommands", Code: 500})
		w.Fail(bottest.Fault{Method: "setMyCommands", Code: 403, Skip: 7, Times: 2})
		w.start()
		w.wait(time.Second)
		for scope, want := range map[bottest.CommandScope]string{
			{Type: "default"}:                       "", // refused
			{Type: "default", Lang: "en"}:           "en private",
			{Type: "all_private_chats", Lang: "en"}: "en private",
			{Type: "all_group_chats"}:               "zh group",
			{Type: "chat", Chat: 7001}:              "zh admin",
			{Type: "chat", Chat: 7001, Lang: "en"}:  "en admin",
			{Type: "all_group_chats", Lang: "en"}:   "en group",
			{Type: "all_private_chats"}:             "zh private",
		} {
			got := ""
			for _, c := range w.Commands(scope) {
				got += c.Description
			}
			if got != want {
				t.Errorf("commands of %+v are %q, want %q", scope, got, want)
			}
		}
		// An admin who has not written yet is nothing to worry about.
		const words = `msg="menu of commands cannot be set"`
		for level, want := range map[string]int{"INFO": 2, "WARN": 3} {
			if n := strings.Count(w.log.String(), "level="+level+" "+words); n != want {
				t.Errorf("%d menus that cannot be set are logged as %s, want %d", n, level, want)
			}
		}
	})
}
