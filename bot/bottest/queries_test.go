package bottest_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wenbao/bot/bottest"
)

func request(t *testing.T, url string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

const tooOld = "Bad Request: query is too old and response timeout expired or query ID is invalid"

func TestCallbackQuery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := start(t, bottest.Options{})
		c := a.s.Private(li)
		id := a.send(c, fields{"text": "甲", "reply_markup": `{"inline_keyboard":[[{"text":"原文","callback_data":"p:1"}]]}`})
		q, err := c.Press(li, id, "原文")
		if err != nil {
			t.Fatal(err)
		}
		u := a.drain()[0].Callback
		if u.ID != q || u.Data != "p:1" || u.Message.ID != id || u.Message.Date == 0 {
			t.Errorf("update: %+v", u)
		}
		a.refused("answerCallbackQuery", fields{"callback_query_id": q, "text": strings.Repeat("长", 201)}, "Bad Request: MESSAGE_TOO_LONG")
		a.ok("answerCallbackQuery", fields{"callback_query_id": q, "text": "记下了", "show_alert": "true"}, nil)
		if call, ok := a.s.Answered(q); !ok || call.Text != "记下了" || !call.Alert {
			t.Errorf("answer: %v %+v", ok, call)
		}
		a.refused("answerCallbackQuery", fields{"callback_query_id": q}, tooOld)
		a.refused("answerCallbackQuery", fields{"callback_query_id": "1"}, tooOld)

		late, err := c.Press(li, id, "p:1")
		if err != nil || late == q {
			t.Fatal(late, err)
		}
		time.Sleep(16 * time.Second)
		a.refused("answerCallbackQuery", fields{"callback_query_id": late}, tooOld)

		if _, err := c.Press(li, id, "没有的"); !errors.Is(err, bottest.ErrNoButton) {
			t.Errorf("error: %v", err)
		}
		// A button under a message that is gone can still be on a screen.
		c.Delete(id)
		a.drain()
		c.PressData(li, id, "p:1")
		if u := a.drain()[0].Callback; u.Message.ID != id || u.Message.Date != 0 {
			t.Errorf("update: %+v", u)
		}
	})
}

func TestCallbackCache(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := start(t, bottest.Options{})
		c := a.s.Private(li)
		id := a.send(c, fields{"text": "甲", "reply_markup": keyboard(`"callback_data":"d"`)})
		q := c.PressData(li, id, "d")
		a.ok("answerCallbackQuery", fields{"callback_query_id": q, "cache_time": "60"}, nil)
		if again := c.PressData(li, id, "d"); again != q || len(a.drain()) != 1 {
			t.Error("asked again within the cache time")
		}
		time.Sleep(time.Minute)
		if again := c.PressData(li, id, "d"); again == q {
			t.Error("not asked again after the cache time")
		}
	})
}

func article(id, more string) string {
	return `{"type":"article","id":"` + id + `","title":"桥","input_message_content":{"message_text":"<b>桥</b>","parse_mode":"HTML"}` + more + `}`
}

func TestInlineQuery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := start(t, bottest.Options{})
		q := a.s.Inline(li, "柳溪 桥", "")
		if u := a.drain()[0].Inline; u.ID != q || u.Query != "柳溪 桥" || u.Offset != "" {
			t.Errorf("update: %+v", u)
		}
		c := a.s.Group(bottest.GroupOptions{Title: "临江区"})
		if _, err := c.Choose(li, q, "1"); err == nil {
			t.Error("chosen before there was an answer")
		}
		a.ok("answerInlineQuery", fields{
			"inline_query_id": q, "results": "[" + article("1", `,"description":"两座"`) + "]", "next_offset": "10",
			"button": `{"text":"问得更多","start_parameter":"inline"}`,
		}, nil)
		call, ok := a.s.Answered(q)
		if !ok || len(call.Results) != 1 || call.Next != "10" || call.Hint != "问得更多" {
			t.Fatalf("answer: %v %+v", ok, call)
		}
		if r := call.Results[0]; r.Title != "桥" || r.Description != "两座" || r.Text != "桥" || describe(r.Entities) != "bold 0+1" {
			t.Errorf("result: %+v", r)
		}
		a.refused("answerInlineQuery", fields{"inline_query_id": q, "results": "[]"}, tooOld)

		id, err := c.Choose(li, q, "1")
		if err != nil {
			t.Fatal(err)
		}
		if m := c.Message(id); !m.ViaBot || m.Text != "桥" || m.From.ID != li.ID {
			t.Errorf("message: %+v", m)
		}
		if u := a.drain(); len(u) != 1 || u[0].Message.ViaBot == nil {
			t.Errorf("updates: %+v", u)
		}

		// For 300 s the answer is everybody's, unless it was personal.
		if other := a.s.Inline(chen, "柳溪 桥", ""); other != q {
			t.Error("asked again within the cache time")
		}
		time.Sleep(300 * time.Second)
		mine := a.s.Inline(li, "柳溪 桥", "")
		a.ok("answerInlineQuery", fields{"inline_query_id": mine, "results": "[]", "is_personal": "true", "cache_time": "60"}, nil)
		if a.s.Inline(li, "柳溪 桥", "") != mine || a.s.Inline(chen, "柳溪 桥", "") == mine {
			t.Error("a personal answer is one person's")
		}
	})
}

func TestInlineQueryRefused(t *testing.T) {
	a := start(t, bottest.Options{})
	q := a.s.Inline(li, "桥", "")
	var many []string
	for i := range 51 {
		many = append(many, article(fmt.Sprint(i), ""))
	}
	for _, tt := range []struct {
		p    fields
		want string
	}{
		{fields{"results": "[" + strings.Join(many, ",") + "]"}, "Bad Request: too many inline query results specified"},
		{fields{"results": "[" + article("1", "") + "," + article("1", "") + "]"}, "Bad Request: RESULT_ID_DUPLICATE"},
		{fields{"results": "[" + article("", "") + "]"}, "Bad Request: RESULT_ID_INVALID"},
		{fields{"results": "[" + article(strings.Repeat("x", 65), "") + "]"}, "Bad Request: RESULT_ID_INVALID"},
		{fields{"results": "[]", "next_offset": strings.Repeat("x", 65)}, "Bad Request: NEXT_OFFSET_INVALID"},
		{fields{"results": "[]", "button": `{"text":"问","start_parameter":"问"}`}, "Bad Request: START_PARAM_INVALID"},
		{fields{"results": `[{"type":"article","id":"1","title":"桥","input_message_content":{"message_text":"<b>","parse_mode":"HTML"}}]`},
			`Bad Request: can't parse inline query result: can't parse entities: Can't find end tag corresponding to start tag "b"`},
		{fields{"results": `[{"type":"article","id":"1","title":"桥","input_message_content":{"message_text":"` + strings.Repeat("一", 4097) + `"}}]`}, "Bad Request: MESSAGE_TOO_LONG"},
		{fields{"results": `[{"type":"article","id":"1","title":"桥"}]`}, `Bad Request: can't parse inline query result: Can't find field "input_message_content"`},
		{fields{"results": `{`}, "Bad Request: can't parse JSON encoded inline query results"},
	} {
		tt.p["inline_query_id"] = q
		a.refused("answerInlineQuery", tt.p, tt.want)
	}
	a.ok("answerInlineQuery", fields{"inline_query_id": q, "results": "[" + strings.Join(many[:50], ",") + "]"}, nil)
}

func TestCommands(t *testing.T) {
	a := start(t, bottest.Options{})
	list := `[{"command":"ask","description":"提问"}]`
	a.ok("setMyCommands", fields{"commands": list, "scope": `{"type":"all_private_chats"}`, "language_code": "zh"}, nil)
	scope := bottest.CommandScope{Type: "all_private_chats", Lang: "zh"}
	if got := a.s.Commands(scope); len(got) != 1 || got[0] != (bottest.Command{Name: "ask", Description: "提问"}) {
		t.Errorf("commands: %+v", got)
	}
	var got []bottest.Command
	a.ok("getMyCommands", fields{"scope": `{"type":"all_private_chats"}`, "language_code": "zh"}, &got)
	if len(got) != 1 {
		t.Errorf("commands: %+v", got)
	}
	a.ok("deleteMyCommands", fields{"scope": `{"type":"all_private_chats"}`, "language_code": "zh"}, nil)
	if a.ok("getMyCommands", fields{"scope": `{"type":"all_private_chats"}`, "language_code": "zh"}, &got); len(got) != 0 {
		t.Errorf("commands after deleting: %+v", got)
	}
	for _, tt := range []struct {
		p    fields
		want string
	}{
		{fields{"commands": `[{"command":"Ask","description":"提问"}]`}, "Bad Request: BOT_COMMAND_INVALID"},
		{fields{"commands": `[{"command":"提问","description":"提问"}]`}, "Bad Request: BOT_COMMAND_INVALID"},
		{fields{"commands": `[{"command":"ask","description":""}]`}, "Bad Request: command description must be non-empty"},
		{fields{"commands": `[{"command":"ask","description":"` + strings.Repeat("长", 257) + `"}]`}, "Bad Request: command description length must not exceed 256"},
		{fields{"commands": "[" + strings.Repeat(list[1:len(list)-1]+",", 100) + list[1:]}, "Bad Request: BOT_COMMANDS_TOO_MUCH"},
		{fields{"commands": list, "scope": `{"type":"everywhere"}`}, "Bad Request: can't parse BotCommandScope: Unsupported type specified"},
		{fields{"commands": list, "scope": `{"type":"chat","chat_id":1}`}, "Bad Request: chat not found"},
		{fields{"commands": list, "language_code": "zh-hans"}, "Bad Request: invalid language code specified"},
	} {
		a.refused("setMyCommands", tt.p, tt.want)
	}
}
