package bottest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"wenbao/bot/bottest"
)

func texts(list []update) []string {
	var out []string
	for _, u := range list {
		if u.Message != nil {
			out = append(out, u.Message.Text)
		}
	}
	return out
}

func TestGetUpdatesOffset(t *testing.T) {
	a := start(t, bottest.Options{})
	c := a.s.Private(li)
	for _, text := range []string{"一", "二", "三", "四"} {
		c.Say(li, text)
	}
	first := a.updates(fields{"limit": "2"})
	if got := texts(first); !slices.Equal(got, []string{"一", "二"}) || first[1].ID != first[0].ID+1 {
		t.Fatalf("limit 2: %v", first)
	}
	// What is not acknowledged comes again.
	if got := texts(a.updates(fields{})); len(got) != 4 {
		t.Errorf("again: %v", got)
	}
	if got := texts(a.updates(fields{"offset": number(first[1].ID)})); !slices.Equal(got, []string{"二", "三", "四"}) {
		t.Errorf("from the second: %v", got)
	}
	// An offset that no update has yet is taken for one of other days.
	if got := a.updates(fields{"offset": number(first[0].ID + 1000)}); len(got) != 3 {
		t.Errorf("far offset: %v", texts(got))
	}
	if got := texts(a.updates(fields{"offset": "-1"})); !slices.Equal(got, []string{"四"}) {
		t.Errorf("the last one: %v", got)
	}
	if a.updates(fields{"offset": number(first[0].ID + 4)}); a.s.Pending() != 0 {
		t.Errorf("%d wait", a.s.Pending())
	}
}

func TestGetUpdatesWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := start(t, bottest.Options{})
		c := a.s.Private(li)
		began := time.Now()
		if got := a.updates(fields{"timeout": "50"}); len(got) != 0 || time.Since(began) != 50*time.Second {
			t.Errorf("%v after %v", got, time.Since(began))
		}
		time.AfterFunc(7*time.Second, func() { c.Say(li, "醒") })
		began = time.Now()
		if got := a.drain(); len(got) != 0 {
			t.Errorf("without timeout: %v", got)
		}
		if got := texts(a.updates(fields{"timeout": "50"})); len(got) != 1 || time.Since(began) != 7*time.Second {
			t.Errorf("%v after %v", got, time.Since(began))
		}
	})
}

func TestGetUpdatesIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := start(t, bottest.Options{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := a.try(ctx, "getUpdates", fields{"timeout": "50"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error: %v", err)
		}
		// The one that left does not disturb the next one.
		began := time.Now()
		if a.updates(fields{"timeout": "3"}); time.Since(began) != 3*time.Second {
			t.Errorf("waited %v", time.Since(began))
		}
	})
}

func TestGetUpdatesConflict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := start(t, bottest.Options{PlainWebhook: true})
		first := make(chan reply, 2)
		poll := func() {
			r, err := a.try(t.Context(), "getUpdates", fields{"timeout": "50"})
			if err != nil {
				t.Error(err)
			}
			first <- r
		}
		go poll()
		synctest.Wait()
		go poll()
		r := <-first
		if r.Code != 409 || r.Description != "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running" {
			t.Errorf("the first poll: %+v", r)
		}
		a.ok("setWebhook", fields{"url": "http://bot.invalid/hook"}, nil)
		if r := <-first; r.Code != 409 || r.Description != "Conflict: terminated by setWebhook request" {
			t.Errorf("the second poll: %+v", r)
		}
		a.refused("getUpdates", nil, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	})
}

func TestAllowedUpdates(t *testing.T) {
	a := start(t, bottest.Options{})
	c := a.s.Private(li)
	a.updates(fields{"allowed_updates": `["message"]`})
	id := c.Say(li, "问")
	c.Edit(id, "改")
	c.Block()
	if got := a.updates(fields{"allowed_updates": `[]`}); len(got) != 1 {
		t.Errorf("updates: %+v", got)
	}
	c.Unblock()
	c.Edit(id, "再改")
	if got := a.updates(fields{}); len(got) != 3 || got[1].Member.New.Status != "member" || got[2].Edited.Text != "再改" {
		t.Errorf("updates: %+v", got)
	}
}

// TestDuplicateAndDelay takes the same updates with a seed twice: all arrive, in
// order within a chat, some of them twice.
func TestDuplicateAndDelay(t *testing.T) {
	run := func(seed uint64) (order []string) {
		synctest.Test(t, func(t *testing.T) {
			a := start(t, bottest.Options{Seed: seed, Duplicate: 0.3, MaxDelay: 2 * time.Second})
			for i := range 20 {
				for _, u := range []bottest.User{li, chen} {
					a.s.Private(u).Say(u, fmt.Sprintf("%s%02d", u.Name, i))
				}
			}
			seen := make(map[int64]string)
			last := make(map[int64]string)
			var offset int64
			for a.s.Pending() > 0 {
				for _, u := range a.updates(fields{"offset": number(offset), "timeout": "5", "limit": "3"}) {
					order = append(order, u.Message.Text)
					if seen[u.ID] != "" && seen[u.ID] != u.Message.Text {
						t.Errorf("update %d is %q and %q", u.ID, seen[u.ID], u.Message.Text)
					}
					if seen[u.ID] == "" && u.Message.Text <= last[u.Message.From.ID] {
						t.Errorf("%q after %q", u.Message.Text, last[u.Message.From.ID])
					}
					if seen[u.ID] == "" {
						last[u.Message.From.ID] = u.Message.Text
					}
					seen[u.ID] = u.Message.Text
					offset = max(offset, u.ID+1)
				}
			}
			if len(seen) != 40 || len(order) == 40 {
				t.Errorf("%d updates in %d deliveries", len(seen), len(order))
			}
		})
		return order
	}
	first := run(7)
	if again := run(7); !slices.Equal(first, again) {
		t.Error("the same seed gives another order")
	}
	if other := run(8); slices.Equal(first, other) {
		t.Error("another seed gives the same order")
	}
}

func TestUpdatesGrowOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := start(t, bottest.Options{})
		c := a.s.Private(li)
		c.Say(li, "昨天")
		time.Sleep(23 * time.Hour)
		c.Say(li, "今天")
		time.Sleep(2 * time.Hour)
		if got := texts(a.updates(fields{})); !slices.Equal(got, []string{"今天"}) {
			t.Errorf("updates: %v", got)
		}
	})
}

func TestRenumber(t *testing.T) {
	a := start(t, bottest.Options{})
	c := a.s.Private(li)
	c.Say(li, "先")
	offset := a.drain()[0].ID + 1
	a.s.Renumber(5)
	c.Say(li, "后")
	if got := a.updates(fields{"offset": number(offset)}); len(got) != 1 || got[0].ID != 5 {
		t.Errorf("updates: %+v", got)
	}
}

func TestEntitiesOfMessages(t *testing.T) {
	a := start(t, bottest.Options{Username: "yunze_bot"})
	c := a.s.Private(li)
	for text, want := range map[string]string{
		"/ask 柳溪":              "bot_command 0+4",
		"/ask@yunze_bot 柳溪":    "bot_command 0+14",
		"请看 /help":             "bot_command 3+5",
		"😀 @yunze_bot 𠮷 @li_q": "mention 3+10 mention 17+5",
		"问@yunze_bot":          "",
		"@yunze_bot问":          "",
		"@yunze_bot,问":         "mention 0+10",
		"/ask问":                "",
		"看/help":               "",
		"//help a/b </x>":      "",
		"1/2 and /2":           "bot_command 8+2",
		"a@b.example":          "",
	} {
		c.Say(li, text)
		got := ""
		for _, e := range a.drain()[0].Message.Entities {
			if got != "" {
				got += " "
			}
			got += fmt.Sprintf("%s %d+%d", e.Type, e.Offset, e.Length)
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestPrivacy(t *testing.T) {
	a := start(t, bottest.Options{Username: "yunze_bot"})
	c := a.s.Group(bottest.GroupOptions{Title: "临江区"})
	bots := a.send(c, fields{"text": "我在"})
	for _, tt := range []struct {
		name string
		say  func() int
		want bool
	}{
		{"talk", func() int { return c.Say(li, "今天天气好") }, false},
		{"a mention", func() int { return c.Say(li, "@Yunze_Bot 柳溪镇") }, true},
		{"a mention of another", func() int { return c.Say(li, "@song_ling 柳溪镇") }, false},
		{"a bare command", func() int { return c.Say(li, "/ask 柳溪镇") }, true},
		{"a command for the bot", func() int { return c.Say(li, "/ask@yunze_bot 柳溪镇") }, true},
		{"a command for another", func() int { return c.Say(li, "/ask@other_bot 柳溪镇") }, false},
		{"a reply to the bot", func() int { return c.SayWith(li, "再说", bottest.SayOptions{ReplyTo: bots}) }, true},
		{"a reply to somebody", func() int { return c.SayWith(li, "再说", bottest.SayOptions{ReplyTo: c.Say(chen, "哦")}) }, false},
		{"a name without @", func() int {
			bot := a.s.Bot()
			return c.SayWith(li, "问报 柳溪", bottest.SayOptions{Entities: []bottest.Entity{{Type: "text_mention", Length: 2, User: &bot}}})
		}, true},
		{"a bare command after another bot", func() int {
			c.Say(bottest.User{ID: 900, Name: "别的", Bot: true}, "嘀")
			return c.Say(li, "/ask 柳溪镇")
		}, false},
		{"another bot", func() int { return c.Say(bottest.User{ID: 900, Bot: true}, "@yunze_bot 嘀") }, false},
	} {
		tt.say()
		if got := len(a.drain()) == 1; got != tt.want {
			t.Errorf("%s: received %v", tt.name, got)
		}
	}
	for _, all := range []*bottest.Chat{
		a.s.Group(bottest.GroupOptions{Admin: true}),
		a.s.Private(chen),
	} {
		all.Say(chen, "今天天气好")
		if got := a.drain(); len(got) != 1 {
			t.Errorf("in chat %d: %d updates", all.ID, len(got))
		}
	}
}

func TestTopics(t *testing.T) {
	a := start(t, bottest.Options{Username: "yunze_bot"})
	c := a.s.Group(bottest.GroupOptions{Title: "松岭县", Forum: true})
	topic := c.Topic(li, "水库")
	c.SayWith(li, "@yunze_bot 水位", bottest.SayOptions{Thread: topic})
	got := a.drain()
	m := got[len(got)-1].Message
	if m.Thread != topic || !m.IsTopic || m.ReplyTo == nil || m.ReplyTo.ID != topic {
		t.Errorf("message in a topic: %+v", m)
	}
	id := a.send(c, fields{"text": "水位正常", "message_thread_id": number(topic)})
	if got := c.Message(id).Thread; got != topic {
		t.Errorf("thread %d", got)
	}

	// Outside of forums replies make threads, which are no topics.
	super := a.s.Group(bottest.GroupOptions{Title: "平阜县", Supergroup: true})
	root := a.send(super, fields{"text": "我在", "message_thread_id": "77"})
	super.SayWith(li, "问", bottest.SayOptions{ReplyTo: root})
	if m := a.drain()[0].Message; m.Thread != root || m.IsTopic {
		t.Errorf("reply in a supergroup: %+v", m)
	}
}

func TestAnonymousAdmin(t *testing.T) {
	a := start(t, bottest.Options{})
	c := a.s.Group(bottest.GroupOptions{Title: "临江区", Supergroup: true})
	c.SayWith(li, "/ask 柳溪", bottest.SayOptions{Anonymous: true})
	m := a.drain()[0].Message
	if m.From.ID != 1087968824 || m.Sender == nil || m.Sender.ID != c.ID {
		t.Errorf("message: %+v", m)
	}
}

func TestLongTextIsSentInParts(t *testing.T) {
	a := start(t, bottest.Options{})
	c := a.s.Private(li)
	long := make([]rune, 3000)
	for i := range long {
		long[i] = '𠮷'
	}
	last := c.Say(li, string(long))
	if got := c.Messages(); len(got) != 2 || got[1].ID != last || bottest.Units(got[0].Text) != 4096 {
		t.Errorf("%d messages", len(got))
	}
}

func TestComingAndGoing(t *testing.T) {
	a := start(t, bottest.Options{})
	c := a.s.Private(li)
	group := a.s.Group(bottest.GroupOptions{Title: "临江区"})
	p := fields{"chat_id": number(c.ID), "text": "甲"}
	c.Block()
	if r := a.refused("sendMessage", p, "Forbidden: bot was blocked by the user"); r.Code != 403 {
		t.Errorf("code %d", r.Code)
	}
	c.Say(li, "听不见")
	c.Unblock()
	a.ok("sendMessage", p, nil)
	p["chat_id"] = number(group.ID)
	group.Kick(li)
	a.refused("sendMessage", p, "Forbidden: bot was kicked from the group chat")
	group.Leave(li)
	a.refused("sendMessage", p, "Forbidden: bot is not a member of the group chat")
	group.Add(li)
	a.ok("sendMessage", p, nil)

	var got []string
	for _, u := range a.drain() {
		switch {
		case u.Member != nil:
			got = append(got, u.Member.New.Status)
		default:
			got = append(got, "message")
		}
	}
	// Of being added there are two, the second a service message.
	want := []string{"kicked", "member", "kicked", "left", "member", "message"}
	if !slices.Equal(got, want) {
		t.Errorf("updates %v, want %v", got, want)
	}
}

// TestOutside has a group that the bot is put into later.
func TestOutside(t *testing.T) {
	a := start(t, bottest.Options{ReadAll: true})
	group := a.s.Group(bottest.GroupOptions{Title: "临江区", Outside: true})
	group.Say(li, "听不见")
	p := fields{"chat_id": number(group.ID), "text": "甲"}
	a.refused("sendMessage", p, "Forbidden: bot is not a member of the group chat")
	if n := a.s.Pending(); n != 0 {
		t.Errorf("%d updates of a group that the bot is not in", n)
	}
	group.Add(li)
	a.ok("sendMessage", p, nil)
	if got := a.drain(); len(got) == 0 || got[0].Member == nil || got[0].Member.New.Status != "member" {
		t.Errorf("updates %+v", got)
	}
}

func TestMigrate(t *testing.T) {
	a := start(t, bottest.Options{})
	old := a.s.Group(bottest.GroupOptions{Title: "临江区"})
	next := old.Migrate(li)
	r := a.refused("sendMessage", fields{"chat_id": number(old.ID), "text": "甲"}, "Bad Request: group chat was upgraded to a supergroup chat")
	if r.Parameters.MigrateTo != next.ID {
		t.Errorf("parameters: %+v", r.Parameters)
	}
	a.send(next, fields{"text": "甲"})
	got := a.drain()
	if len(got) != 2 || got[0].Message.MovedTo != next.ID || got[1].Message.MovedOff != old.ID {
		t.Errorf("updates: %+v", got)
	}
}

func TestFiles(t *testing.T) {
	a := start(t, bottest.Options{})
	c := a.s.Private(li)
	c.SendFile(li, bottest.File{Name: "云泽日报.txt", Content: []byte("第三版"), MIME: "text/plain", Caption: "收进来"})
	m := a.drain()[0].Message
	if m.Document == nil || m.Document.Name != "云泽日报.txt" || m.Document.Size != 9 || m.Caption != "收进来" {
		t.Fatalf("message: %+v", m)
	}
	var f struct {
		Path string `json:"file_path"`
		Size int64  `json:"file_size"`
	}
	a.ok("getFile", fields{"file_id": m.Document.ID}, &f)
	if body, status := a.download(f.Path); body != "第三版" || status != 200 || f.Size != 9 {
		t.Errorf("%d %q", status, body)
	}
	a.refused("getFile", fields{"file_id": "none"}, "Bad Request: wrong file_id or the file is temporarily unavailable")
	a.refused("getFile", nil, "Bad Request: file_id not specified")

	c.SendFile(li, bottest.File{Name: "big.zip", Size: 20<<20 + 1})
	a.refused("getFile", fields{"file_id": a.drain()[0].Message.Document.ID}, "Bad Request: file is too big")
}

func (a api) download(path string) (string, int) {
	a.t.Helper()
	req := request(a.t, a.url+"/file/bot"+a.s.Token()+"/"+path)
	resp, err := a.client.Do(req)
	if err != nil {
		a.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	return string(body), resp.StatusCode
}

func TestMedia(t *testing.T) {
	a := start(t, bottest.Options{})
	c := a.s.Private(li)
	for _, kind := range []string{"photo", "voice", "video", "audio", "sticker", "animation", "video_note", "location"} {
		c.SendMedia(li, kind, bottest.File{Name: "x"})
		var list []struct{ Message map[string]json.RawMessage }
		a.ok("getUpdates", fields{"offset": "-1"}, &list)
		if len(list) != 1 || list[0].Message[kind] == nil {
			t.Errorf("%s: %v", kind, list)
		}
	}
}
