package bottest_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wenbao/bot/bottest"
)

func TestSendMessage(t *testing.T) {
	a := start(t, bottest.Options{})
	c := a.s.Private(li)
	asked := c.Say(li, "柳溪镇的桥")
	id := a.send(c, fields{
		"text": " <b>柳溪镇</b> 修了两座桥。\n", "parse_mode": "HTML",
		"reply_parameters": `{"message_id":` + number(asked) + `}`,
		"reply_markup":     `{"inline_keyboard":[[{"text":"原文","callback_data":"p:1"},{"text":"抄","copy_text":{"text":"云泽日报"}}]]}`,
	})
	if id <= asked {
		t.Errorf("message %d after %d", id, asked)
	}
	m := c.Message(id)
	// The blank before the bold words goes, the one after them stays.
	if m.Text != "柳溪镇 修了两座桥。" || describe(m.Entities) != "bold 0+3" || m.ReplyTo != asked || !m.From.Bot {
		t.Errorf("message: %+v", m)
	}
	if m.Buttons[0][0].Value != "p:1" || m.Buttons[0][1].Kind != bottest.ButtonCopy {
		t.Errorf("buttons: %+v", m.Buttons)
	}
	call := a.s.Calls()[0]
	if call.Method != "sendMessage" || !call.Done || call.Message != id || call.ReplyTo != asked || call.Text != m.Text {
		t.Errorf("call: %+v", call)
	}
	if got := a.s.Complaints(); len(got) != 0 {
		t.Errorf("complaints: %q", got)
	}
}

func TestSendMessageRefused(t *testing.T) {
	a := start(t, bottest.Options{})
	c := a.s.Private(li)
	forum := a.s.Group(bottest.GroupOptions{Title: "临江区", Forum: true})
	chat := number(c.ID)
	long := strings.Repeat("<b>𠮷</b>", 2048)
	a.send(c, fields{"text": long, "parse_mode": "HTML"}) // 4096 units once parsed
	for _, tt := range []struct {
		p    fields
		want string
	}{
		{fields{"chat_id": chat, "text": long + "一", "parse_mode": "HTML"}, "Bad Request: message is too long"},
		{fields{"chat_id": chat}, "Bad Request: message text is empty"},
		{fields{"chat_id": chat, "text": " \n\u200b"}, "Bad Request: text must be non-empty"},
		{fields{"chat_id": chat, "text": "<b> </b>", "parse_mode": "HTML"}, "Bad Request: text must be non-empty"},
		{fields{"chat_id": chat, "text": "a\xff"}, "Bad Request: strings must be encoded in UTF-8"},
		{fields{"text": "甲"}, "Bad Request: chat_id is empty"},
		{fields{"chat_id": "99", "text": "甲"}, "Bad Request: chat not found"},
		{fields{"chat_id": chat, "text": "甲", "parse_mode": "Wiki"}, "Bad Request: unsupported parse_mode"},
		{fields{"chat_id": chat, "text": "<p>甲</p>", "parse_mode": "HTML"}, `Bad Request: can't parse entities: Unsupported start tag "p" at byte offset 0`},
		{fields{"chat_id": chat, "text": "甲", "link_preview_options": "{"}, "Bad Request: can't parse link preview options JSON object"},
		{fields{"chat_id": chat, "text": "甲", "reply_parameters": "{"}, "Bad Request: can't parse reply parameters JSON object"},
		{fields{"chat_id": chat, "text": "甲", "reply_parameters": `{"message_id":99}`}, "Bad Request: message to be replied not found"},
		{fields{"chat_id": chat, "text": "甲", "message_thread_id": "7"}, "Bad Request: message thread not found"},
		{fields{"chat_id": number(forum.ID), "text": "甲", "message_thread_id": "7"}, "Bad Request: message thread not found"},
		{fields{"chat_id": chat, "text": "甲", "reply_markup": keyboard(`"callback_data":"` + strings.Repeat("d", 65) + `"`)}, "Bad Request: BUTTON_DATA_INVALID"},
		{fields{"chat_id": chat, "text": "甲", "reply_markup": keyboard(`"copy_text":{"text":"` + strings.Repeat("抄", 257) + `"}`)}, "Bad Request: BUTTON_COPY_TEXT_INVALID"},
		{fields{"chat_id": chat, "text": "甲", "reply_markup": keyboard(`"copy_text":{"text":""}`)}, "Bad Request: BUTTON_COPY_TEXT_INVALID"},
		{fields{"chat_id": chat, "text": "甲", "reply_markup": keyboard(`"style":""`)}, "Bad Request: text buttons are unallowed in the inline keyboard"},
		{fields{"chat_id": chat, "text": "甲", "reply_markup": `{"inline_keyboard":[[{"text":" ","callback_data":"d"}]]}`}, "Bad Request: inline keyboard button text must be non-empty"},
		{fields{"chat_id": chat, "text": "甲", "reply_markup": `{"inline_keyboard":[[` + strings.Repeat(`{"text":"b","callback_data":"d"},`, 100) + `{"text":"b","callback_data":"d"}]]}`}, "Bad Request: reply markup is too long"},
		{fields{"chat_id": chat, "text": "甲", "reply_markup": `{`}, "Bad Request: can't parse reply keyboard markup JSON object"},
	} {
		a.refused("sendMessage", tt.p, tt.want)
	}
	if got := len(c.Messages()); got != 1 {
		t.Errorf("%d messages, want 1", got)
	}
	last := a.s.Calls()[len(a.s.Calls())-1]
	if last.Done || last.Error == nil {
		t.Errorf("a refused call: %+v", last)
	}
}

// keyboard is a keyboard of one button with an action.
func keyboard(action string) string { return `{"inline_keyboard":[[{"text":"钮",` + action + `}]]}` }

func TestReplyToWhatIsGone(t *testing.T) {
	a := start(t, bottest.Options{})
	c := a.s.Private(li)
	id := c.Say(li, "撤回的话")
	c.Delete(id)
	sent := a.send(c, fields{"text": "甲", "reply_parameters": `{"message_id":` + number(id) + `,"allow_sending_without_reply":true}`})
	if got := c.Message(sent).ReplyTo; got != 0 {
		t.Errorf("replies to %d", got)
	}
}

func TestComplaints(t *testing.T) {
	for _, tt := range []struct {
		name string
		p    fields
		want string
	}{
		{"an empty copy_text beside data", fields{"text": "甲", "reply_markup": keyboard(`"callback_data":"d","copy_text":{"text":""}`)}, "2 actions"},
		{"a field that buttons have not", fields{"text": "甲", "reply_markup": keyboard(`"callback_data":"d","colour":"red"`)}, `a field "colour"`},
		{"a parameter that is not known", fields{"text": "甲", "disable_web_page_preview": "true"}, `no parameter "disable_web_page_preview"`},
		{"a quotation in a quotation", fields{"text": "<blockquote>甲<blockquote>乙</blockquote></blockquote>", "parse_mode": "HTML"}, "inside of a quotation"},
		{"more entities than are kept", fields{"text": strings.Repeat("<b>甲</b>乙", 101), "parse_mode": "HTML"}, "101 entities"},
		{"a row that is too wide", fields{"text": "甲", "reply_markup": `{"inline_keyboard":[[` + strings.TrimSuffix(strings.Repeat(`{"text":"b","callback_data":"d"},`, 9), ",") + `]]}`}, "row of 9"},
	} {
		a := start(t, bottest.Options{})
		id := a.send(a.s.Private(li), tt.p)
		if got := a.s.Complaints(); len(got) != 1 || !strings.Contains(got[0], tt.want) {
			t.Errorf("%s: %q", tt.name, got)
		}
		if m := a.s.Private(li).Message(id); len(m.Entities) > 100 {
			t.Errorf("%s: %d entities", tt.name, len(m.Entities))
		}
	}
}

func TestMessageIDs(t *testing.T) {
	a := start(t, bottest.Options{})
	one, two := a.s.Private(li), a.s.Private(chen)
	group := a.s.Group(bottest.GroupOptions{Title: "临江区"})
	super := a.s.Group(bottest.GroupOptions{Title: "松岭县", Supergroup: true})
	var ids []int
	for _, c := range []*bottest.Chat{one, two, group, super, one} {
		ids = append(ids, a.send(c, fields{"text": "甲"}))
	}
	ids = append(ids, two.Say(chen, "乙"))
	for i, want := range []int{1, 2, 3, 1, 4, 5} {
		if ids[i] != want {
			t.Fatalf("IDs %v", ids)
		}
	}
}

func TestEditMessageText(t *testing.T) {
	a := start(t, bottest.Options{})
	c := a.s.Private(li)
	asked := c.Say(li, "问")
	id := a.send(c, fields{"text": "甲", "reply_markup": keyboard(`"callback_data":"d"`)})
	edit := func(p fields) fields {
		p["chat_id"] = number(c.ID)
		if p["message_id"] == "" {
			p["message_id"] = number(id)
		}
		return p
	}
	a.refused("editMessageText", edit(fields{"text": "<b></b>甲", "parse_mode": "HTML", "reply_markup": keyboard(`"callback_data":"d"`)}),
		"Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
	a.refused("editMessageText", edit(fields{"text": "甲", "message_id": number(asked)}), "Bad Request: message can't be edited")
	a.refused("editMessageText", edit(fields{"text": "甲", "message_id": "99"}), "Bad Request: message to edit not found")
	a.refused("editMessageText", edit(fields{"text": strings.Repeat("一", 4097)}), "Bad Request: MESSAGE_TOO_LONG")
	if m := c.Message(id); !m.Edited.IsZero() {
		t.Errorf("edited by calls that were refused: %+v", m)
	}
	// Without a keyboard in the call the keyboard goes.
	a.ok("editMessageText", edit(fields{"text": "甲"}), nil)
	if m := c.Message(id); m.Buttons != nil || m.Edited.IsZero() {
		t.Errorf("after the edit: %+v", m)
	}
	a.ok("editMessageReplyMarkup", edit(fields{"reply_markup": keyboard(`"callback_data":"e"`)}), nil)
	if m := c.Message(id); m.Buttons[0][0].Value != "e" || m.Text != "甲" {
		t.Errorf("after the edit of the keyboard: %+v", m)
	}
}

func TestDeleteMessage(t *testing.T) {
	a := start(t, bottest.Options{})
	c := a.s.Group(bottest.GroupOptions{Title: "临江区"})
	theirs := c.Say(li, "问")
	id := a.send(c, fields{"text": "甲"})
	chat := number(c.ID)
	a.refused("deleteMessage", fields{"chat_id": chat, "message_id": number(theirs)}, "Bad Request: message can't be deleted")
	a.ok("deleteMessage", fields{"chat_id": chat, "message_id": number(id)}, nil)
	a.refused("deleteMessage", fields{"chat_id": chat, "message_id": number(id)}, "Bad Request: message to delete not found")
	a.refused("editMessageText", fields{"chat_id": chat, "message_id": number(id), "text": "乙"}, "Bad Request: message to edit not found")
	if got := c.Messages(); len(got) != 1 || !c.Message(id).Deleted {
		t.Errorf("messages: %+v", got)
	}
}

func TestDraft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := start(t, bottest.Options{})
		c := a.s.Private(li)
		p := fields{"chat_id": number(c.ID), "draft_id": "9", "text": "正在<b>写</b>", "parse_mode": "HTML"}
		a.ok("sendMessageDraft", p, nil)
		if d, ok := c.Draft(); !ok || d.Text != "正在写" || describe(d.Entities) != "bold 2+1" {
			t.Errorf("draft: %v %+v", ok, d)
		}
		time.Sleep(30 * time.Second)
		if _, ok := c.Draft(); ok {
			t.Error("the draft is there after 30 s")
		}
		a.ok("sendMessageDraft", p, nil)
		a.send(c, fields{"text": "写完了"})
		if _, ok := c.Draft(); ok {
			t.Error("the draft is there beside the message")
		}

		p["draft_id"] = "0"
		a.refused("sendMessageDraft", p, "Bad Request: RANDOM_ID_INVALID")
		p["draft_id"], p["text"] = "9", "<b>"
		a.refused("sendMessageDraft", p, `Bad Request: can't parse entities: Can't find end tag corresponding to start tag "b"`)
		p["text"] = strings.Repeat("一", 4097)
		a.refused("sendMessageDraft", p, "Bad Request: MESSAGE_TOO_LONG")
		p["text"], p["chat_id"] = "甲", number(a.s.Group(bottest.GroupOptions{}).ID)
		a.refused("sendMessageDraft", p, "Bad Request: TEXTDRAFT_PEER_INVALID")
	})
}

func TestNoDrafts(t *testing.T) {
	a := start(t, bottest.Options{NoDrafts: true})
	a.refused("sendMessageDraft", fields{"chat_id": number(a.s.Private(li).ID), "draft_id": "9", "text": "甲"}, "Bad Request: TEXTDRAFT_PEER_INVALID")
}

func TestTyping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := start(t, bottest.Options{})
		c := a.s.Group(bottest.GroupOptions{Title: "松岭县", Forum: true})
		topic := c.Topic(li, "水库")
		p := fields{"chat_id": number(c.ID), "message_thread_id": number(topic), "action": "typing"}
		a.ok("sendChatAction", p, nil)
		if !c.Typing(topic) || c.Typing(0) {
			t.Errorf("typing: %v in the topic, %v outside", c.Typing(topic), c.Typing(0))
		}
		time.Sleep(5 * time.Second)
		if c.Typing(topic) {
			t.Error("typing after 5 s")
		}
		p["action"] = "sleeping"
		a.refused("sendChatAction", p, "Bad Request: wrong parameter action in request")
	})
}
