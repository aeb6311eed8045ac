package bottest_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"wenbao/bot/bottest"
)

// FuzzSay writes anything: what the server finds in it are names and commands,
// within the text, one after the other.
func FuzzSay(f *testing.F) {
	for _, seed := range []string{"/ask@yunze_bot 柳溪", "𠮷 @yunze_bot,问 /a/b </x>", "@@a //b /@bot", "\r\n @ab \n", "/", "@", "a\xff/b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := bottest.New(bottest.Options{})
		defer s.Close()
		c := s.Private(li)
		c.Say(li, text)
		for _, m := range c.Messages() {
			if n := bottest.Units(m.Text); n > 4096 {
				t.Fatalf("%d units", n)
			}
			end := 0
			for _, e := range m.Entities {
				covered := e.Covered(m.Text)
				if e.Offset < end || bottest.Units(covered) != e.Length || e.Length != len(covered) {
					t.Fatalf("%q: %+v covers %q", m.Text, e, covered)
				}
				if mark := map[string]string{"mention": "@", "bot_command": "/"}[e.Type]; mark == "" || !strings.HasPrefix(covered, mark) {
					t.Fatalf("%q: %+v covers %q", m.Text, e, covered)
				}
				end = e.Offset + e.Length
			}
		}
	})
}

// FuzzSendMessage sends anything: what is accepted keeps to the limits.
func FuzzSendMessage(f *testing.F) {
	f.Add("甲 <b>乙</b>", keyboard(`"callback_data":"d"`), `{"message_id":1}`)
	f.Add(" &lt; ", keyboard(`"copy_text":{"text":"抄"},"url":"x"`), `{"message_id":9,"allow_sending_without_reply":true}`)
	f.Add("<blockquote>甲<code>乙</code></blockquote>", `{"inline_keyboard":[[],[{}]]}`, ``)
	f.Add("甲", `{"inline_keyboard":[[{"text":"b","switch_inline_query_current_chat":""}]]}`, `[]`)
	f.Fuzz(func(t *testing.T, text, markup, replyTo string) {
		a := start(t, bottest.Options{})
		c := a.s.Private(li)
		c.Say(li, "问")
		r, err := a.try(t.Context(), "sendMessage", fields{
			"chat_id": number(c.ID), "text": text, "parse_mode": "HTML", "reply_markup": markup, "reply_parameters": replyTo,
		})
		if err != nil {
			t.Fatal(err)
		}
		if !r.OK {
			if !strings.HasPrefix(r.Description, "Bad Request: ") || len(c.Messages()) != 1 {
				t.Fatalf("%q: %d messages", r.Description, len(c.Messages()))
			}
			return
		}
		m := c.Messages()[1]
		if n := bottest.Units(m.Text); n < 1 || n > 4096 || !utf8.ValidString(m.Text) || len(m.Entities) > 100 {
			t.Fatalf("%d units, %d entities: %q", n, len(m.Entities), m.Text)
		}
		for _, row := range m.Buttons {
			for _, b := range row {
				if b.Text == "" || b.Kind == bottest.ButtonData && (b.Value == "" || len(b.Value) > 64) {
					t.Fatalf("button %+v", b)
				}
			}
		}
		if m.ReplyTo != 0 && m.ReplyTo != 1 {
			t.Fatalf("replies to %d", m.ReplyTo)
		}
	})
}
