package telegram

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"

	"wenbao/bot"
)

// Parts of updates as Telegram sends them.
const (
	fromUser  = `"from":{"id":11,"is_bot":false,"first_name":"林","language_code":"zh-Hans"}`
	fromSelf  = `"from":{"id":700,"is_bot":true,"first_name":"问报","username":"wenbao_bot"}`
	fromOther = `"from":{"id":701,"is_bot":true,"first_name":"天气","username":"other_bot"}`
	inPrivate = `"chat":{"id":11,"type":"private","first_name":"林"}`
	inGroup   = `"chat":{"id":-100200,"type":"supergroup","title":"柳溪镇"}`
	inChannel = `"chat":{"id":-100300,"type":"channel","title":"云泽日报"}`
	toSelf    = `"reply_to_message":{"message_id":8,"date":1736899100,` + fromSelf + `,` + inGroup + `,"text":"答"}`
)

// messageUpdate makes an update of a message from the fields of the message.
func messageUpdate(fields ...string) string {
	return `{"update_id":5,"message":{"message_id":9,"date":1736899200,` + strings.Join(fields, ",") + `}}`
}

// entityMark is an entity: Telegram's name for its kind, and the words that it covers.
type entityMark struct{ kind, words string }

// textFields makes the fields of a text with entities. A text_mention is of the bot.
func textFields(text string, marks ...entityMark) string {
	entities := []map[string]any{}
	for _, m := range marks {
		before, _, _ := strings.Cut(text, m.words)
		e := map[string]any{"type": m.kind, "offset": units16(before), "length": units16(m.words)}
		if m.kind == "text_mention" {
			e["user"] = map[string]any{"id": 700, "is_bot": true}
		}
		entities = append(entities, e)
	}
	body, err := json.Marshal(map[string]any{"text": text, "entities": entities})
	if err != nil {
		panic(err) // strings and numbers always can be
	}
	return strings.Trim(string(body), "{}")
}

// captionFields makes the fields of a caption.
func captionFields(text string, marks ...entityMark) string {
	s := strings.Replace(textFields(text, marks...), `"text":`, `"caption":`, 1)
	return strings.Replace(s, `"entities":`, `"caption_entities":`, 1)
}

func units16(s string) int { return len(utf16.Encode([]rune(s))) }

// decodeJSON decodes an update for the bot @wenbao_bot, 700.
func decodeJSON(t *testing.T, update string) (incoming, bool) {
	t.Helper()
	var u models.Update
	if err := json.Unmarshal([]byte(update), &u); err != nil {
		t.Fatalf("%v in %s", err, update)
	}
	return decode(&u, self{ID: 700, Username: "wenbao_bot"})
}

func TestDecodeText(t *testing.T) {
	tests := []struct {
		name  string
		text  string
		marks []entityMark
		// What comes of it in a private chat, as command|text, and whether the same
		// is for the bot in a group.
		want  string
		group bool
	}{
		{"question", "沙湾街道有多少床位？", nil, "|沙湾街道有多少床位？", false},
		{"blanks around", "\u3000 床位 \n", nil, "|床位", false},
		{"command", "/ask 沙湾街道", []entityMark{{"bot_command", "/ask"}}, "ask|沙湾街道", true},
		{"alone", "/help", []entityMark{{"bot_command", "/help"}}, "help|", true},
		{"in capitals", "/HELP", []entityMark{{"bot_command", "/HELP"}}, "help|", true},
		{"deep link", "/start inline", []entityMark{{"bot_command", "/start"}}, "start|inline", true},
		{"by name", "/ask@wenbao_bot 白塔镇", []entityMark{{"bot_command", "/ask@wenbao_bot"}}, "ask|白塔镇", true},
		{"by name in capitals", "/ask@WenBao_Bot 白塔镇", []entityMark{{"bot_command", "/ask@WenBao_Bot"}}, "ask|白塔镇", true},
		{"after other words", "请看 /help", []entityMark{{"bot_command", "/help"}}, "help|请看", true},
		{"between words", "帮我 /ask@wenbao_bot 松岭县 养老", []entityMark{{"bot_command", "/ask@wenbao_bot"}}, "ask|帮我 松岭县 养老", true},
		{"after surrogates", "😀𠮷 /ask 柳溪镇", []entityMark{{"bot_command", "/ask"}}, "ask|😀𠮷 柳溪镇", true},
		{"on a line of its own", "一\n/ask\n二", []entityMark{{"bot_command", "/ask"}}, "ask|一\n\n二", true},
		{"only the first", "/ask 说说 /help", []entityMark{{"bot_command", "/ask"}, {"bot_command", "/help"}}, "ask|说说 /help", true},
		{"the first for us", "看 /help@other_bot 和 /ask", []entityMark{{"bot_command", "/help@other_bot"}, {"bot_command", "/ask"}}, "ask|看 /help@other_bot 和", true},
		{"with a colon", "/ask：松岭县", []entityMark{{"bot_command", "/ask"}}, "ask|松岭县", true},

		{"glued", "/ask松岭县", nil, "ask|松岭县", false},
		{"glued by name", "/ask@wenbao_bot松岭县", nil, "ask|松岭县", true},
		{"full width", "／Ask 松岭县", nil, "ask|松岭县", false},
		{"full width by name", "／ask@wenbao_bot 松岭县", nil, "ask|松岭县", true},
		{"full width later", "请看 ／help", nil, "|请看 ／help", false},
		{"no name", "/2025年", nil, "|/2025年", false},
		{"a path", "/etc/passwd 是什么", nil, "|/etc/passwd 是什么", false},
		{"too long for a name", "/" + strings.Repeat("a", 33), nil, "|/" + strings.Repeat("a", 33), false},
		{"a slash", "/", nil, "|/", false},

		{"mention", "@wenbao_bot 沙湾街道", []entityMark{{"mention", "@wenbao_bot"}}, "|沙湾街道", true},
		{"mention in capitals", "@WENBAO_BOT 沙湾街道", []entityMark{{"mention", "@WENBAO_BOT"}}, "|沙湾街道", true},
		{"mention later", "😀𠮷 @wenbao_bot 沙湾街道", []entityMark{{"mention", "@wenbao_bot"}}, "|😀𠮷 沙湾街道", true},
		{"mention at the end", "沙湾街道呢 @wenbao_bot", []entityMark{{"mention", "@wenbao_bot"}}, "|沙湾街道呢", true},
		{"mention and comma", "@wenbao_bot，沙湾街道呢", []entityMark{{"mention", "@wenbao_bot"}}, "|沙湾街道呢", true},
		{"mention that touches Han", "请问@wenbao_bot沙湾街道呢", nil, "|请问沙湾街道呢", true},
		{"mention alone", "@wenbao_bot", []entityMark{{"mention", "@wenbao_bot"}}, "|", true},
		{"mention twice", "@wenbao_bot 好 @wenbao_bot", []entityMark{{"mention", "@wenbao_bot"}}, "|好", true},
		{"mention by shown name", "𠮷 问报 沙湾街道", []entityMark{{"text_mention", "问报"}}, "|𠮷 沙湾街道", true},
		{"mention and command", "@wenbao_bot /ask 床位", []entityMark{{"mention", "@wenbao_bot"}, {"bot_command", "/ask"}}, "ask|床位", true},
		{"command and mention", "/ask 床位 @wenbao_bot", []entityMark{{"bot_command", "/ask"}, {"mention", "@wenbao_bot"}}, "ask|床位", true},
		{"marks in any order", "/ask 说说 /help", []entityMark{{"bot_command", "/help"}, {"bot_command", "/ask"}}, "ask|说说 /help", true},
		{"mention of another", "@wenbao_bots 沙湾街道", []entityMark{{"mention", "@wenbao_bots"}}, "|@wenbao_bots 沙湾街道", false},
		{"address", "a@wenbao_bot", nil, "|a@wenbao_bot", false},
		{"another's command with a mention", "/w@other_bot @wenbao_bot 呢", []entityMark{{"bot_command", "/w@other_bot"}}, "|/w@other_bot 呢", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fields := textFields(tt.text, tt.marks...)
			in, ok := decodeJSON(t, messageUpdate(fromUser, inPrivate, fields))
			if got := in.Command + "|" + in.Text; !ok || got != tt.want || in.Kind != bot.EventText {
				t.Errorf("private: got %q, %v, want %q", got, ok, tt.want)
			}
			in, ok = decodeJSON(t, messageUpdate(fromUser, inGroup, fields))
			if ok != tt.group {
				t.Fatalf("group: got %v, want %v", ok, tt.group)
			}
			if got := in.Command + "|" + in.Text; ok && got != tt.want {
				t.Errorf("group: got %q, want %q", got, tt.want)
			}
			in, ok = decodeJSON(t, messageUpdate(fromUser, inGroup, toSelf, fields))
			if got := in.Command + "|" + in.Text; !ok || got != tt.want {
				t.Errorf("in reply: got %q, %v, want %q", got, ok, tt.want)
			}
		})
	}
}

func TestDecodeNamed(t *testing.T) {
	for text, want := range map[string]bool{
		"/ask@wenbao_bot 床位": true, "/ASK@WENBAO_BOT 床位": true, "／ask@wenbao_bot床位": true,
		"/ask 床位 @wenbao_bot": false, "@wenbao_bot 床位": false, "/unknown@wenbao_bot": true,
	} {
		var marks []entityMark
		if first, _, _ := strings.Cut(text, " "); strings.HasPrefix(first, "/") {
			marks = []entityMark{{"bot_command", first}}
		}
		in, ok := decodeJSON(t, messageUpdate(fromUser, inGroup, textFields(text, marks...)))
		if !ok || in.Named != want {
			t.Errorf("%s: got %+v, %v", text, in, ok)
		}
	}
}

func TestDecodeMessage(t *testing.T) {
	at := time.Date(2025, 1, 15, 0, 0, 0, 0, time.UTC)
	user := bot.User{ID: 11, Lang: "zh-hans"}
	private, group := bot.Chat{ID: 11, Private: true}, bot.Chat{ID: -100200}
	document := `"document":{"file_id":"F1","file_unique_id":"U1","file_name":"云泽日报.txt","file_size":2048}`
	file := &bot.File{ID: "F1", Name: "云泽日报.txt", Size: 2048}
	hello := textFields("@wenbao_bot 床位", entityMark{"mention", "@wenbao_bot"})
	tests := []struct {
		name   string
		update string
		want   incoming
	}{
		{
			"private",
			messageUpdate(fromUser, inPrivate, textFields("床位")),
			incoming{Event: bot.Event{Kind: bot.EventText, Chat: private, User: user, Text: "床位"}},
		},
		{
			"group",
			messageUpdate(fromUser, inGroup, hello),
			incoming{ReplyTo: 9, Event: bot.Event{Kind: bot.EventText, Chat: group, User: user, Text: "床位"}},
		},
		{
			"topic",
			messageUpdate(fromUser, inGroup, hello, `"message_thread_id":4,"is_topic_message":true`),
			incoming{ReplyTo: 9, Event: bot.Event{
				Kind: bot.EventText, Chat: bot.Chat{ID: -100200, Thread: 4}, User: user, Text: "床位",
			}},
		},
		{
			"thread of replies, which is no topic",
			messageUpdate(fromUser, inGroup, hello, `"message_thread_id":4`),
			incoming{ReplyTo: 9, Event: bot.Event{Kind: bot.EventText, Chat: group, User: user, Text: "床位"}},
		},
		{
			"topic of a private chat",
			messageUpdate(fromUser, inPrivate, textFields("床位"), `"message_thread_id":4,"is_topic_message":true`),
			incoming{Event: bot.Event{
				Kind: bot.EventText, Chat: bot.Chat{ID: 11, Private: true, Thread: 4}, User: user, Text: "床位",
			}},
		},
		{
			"anonymous admin",
			messageUpdate(`"from":{"id":1087968824,"is_bot":true,"first_name":"Group","username":"GroupAnonymousBot"}`,
				`"sender_chat":{"id":-100200,"type":"supergroup"}`, inGroup, hello),
			incoming{ReplyTo: 9, Event: bot.Event{Kind: bot.EventText, Chat: group, User: bot.User{ID: -100200}, Text: "床位"}},
		},
		{
			"document",
			messageUpdate(fromUser, inPrivate, document, captionFields("/ingest 一月", entityMark{"bot_command", "/ingest"})),
			incoming{Event: bot.Event{
				Kind: bot.EventDocument, Chat: private, User: user, Command: "ingest", Text: "一月", File: file,
			}},
		},
		{
			"document with a mention",
			messageUpdate(fromUser, inGroup, document, captionFields("𠮷 @wenbao_bot", entityMark{"mention", "@wenbao_bot"})),
			incoming{ReplyTo: 9, Event: bot.Event{Kind: bot.EventDocument, Chat: group, User: user, Text: "𠮷", File: file}},
		},
		{
			"animation, which comes as a document too",
			messageUpdate(fromUser, inPrivate, document, `"animation":{"file_id":"F1","file_unique_id":"U1","width":1,"height":1,"duration":1}`),
			incoming{Event: bot.Event{Kind: bot.EventMedia, Chat: private, User: user}},
		},
		{
			"group becomes supergroup",
			messageUpdate(fromUser, `"chat":{"id":-55,"type":"group"}`, `"migrate_to_chat_id":-100200`),
			incoming{Event: bot.Event{Kind: bot.EventMoved, Chat: bot.Chat{ID: -55}, User: user, MovedTo: -100200}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.want.ID, tt.want.Message, tt.want.Time = 5, 9, at
			got, ok := decodeJSON(t, tt.update)
			if !ok || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %+v, %v\nwant %+v", got, ok, tt.want)
			}
		})
	}
}

func TestDecodeMedia(t *testing.T) {
	media := map[string]string{
		"voice":    `"voice":{"file_id":"F","file_unique_id":"U","duration":3}`,
		"photo":    `"photo":[{"file_id":"F","file_unique_id":"U","width":1,"height":1}]`,
		"sticker":  `"sticker":{"file_id":"F","file_unique_id":"U","type":"regular","width":1,"height":1}`,
		"video":    `"video":{"file_id":"F","file_unique_id":"U","width":1,"height":1,"duration":1}`,
		"round":    `"video_note":{"file_id":"F","file_unique_id":"U","length":1,"duration":1}`,
		"audio":    `"audio":{"file_id":"F","file_unique_id":"U","duration":1}`,
		"contact":  `"contact":{"phone_number":"1","first_name":"林"}`,
		"location": `"location":{"latitude":1,"longitude":2}`,
		"venue":    `"venue":{"location":{"latitude":1,"longitude":2},"title":"t","address":"a"}`,
		"poll":     `"poll":{"id":"1","question":"q","options":[],"total_voter_count":0,"type":"regular"}`,
		"dice":     `"dice":{"emoji":"🎲","value":3}`,
	}
	named := captionFields("@wenbao_bot", entityMark{"mention", "@wenbao_bot"})
	words := func(text string) string {
		var marks []entityMark
		if first, _, _ := strings.Cut(text, " "); strings.HasPrefix(first, "/") {
			marks = []entityMark{{"bot_command", first}}
		}
		return captionFields(text, marks...)
	}
	for name, fields := range media {
		t.Run(name, func(t *testing.T) {
			album := `"media_group_id":"134"`
			in, ok := decodeJSON(t, messageUpdate(fromUser, inPrivate, fields, album))
			if !ok || in.Kind != bot.EventMedia || in.Text != "" || in.Album != "134" {
				t.Errorf("private: got %+v, %v", in, ok)
			}
			for _, words := range []string{captionFields("这是什么"), words("床位")} {
				if in, ok := decodeJSON(t, messageUpdate(fromUser, inGroup, fields, words)); ok {
					t.Errorf("group: got %+v", in)
				}
			}
			for _, called := range []string{toSelf, named} {
				if in, ok := decodeJSON(t, messageUpdate(fromUser, inGroup, fields, called)); !ok || in.Kind != bot.EventMedia {
					t.Errorf("group, called: got %+v, %v", in, ok)
				}
			}
			// With words it is these that count.
			for fields, want := range map[string]string{
				messageUpdate(fromUser, inPrivate, fields, captionFields("这是什么"), album): "|这是什么",
				messageUpdate(fromUser, inPrivate, fields, words("/help")):               "help|",
				messageUpdate(fromUser, inGroup, fields, words("/ask@wenbao_bot 床位")):    "ask|床位",
				messageUpdate(fromUser, inGroup, fields, words("@wenbao_bot 床位")):        "|床位",
				messageUpdate(fromUser, inGroup, fields, toSelf, words("床位")):            "|床位",
			} {
				in, ok := decodeJSON(t, fields)
				if got := in.Command + "|" + in.Text; !ok || in.Kind != bot.EventText || got != want {
					t.Errorf("with words: got %+v, %v, want %q", in, ok, want)
				}
			}
		})
	}
}

// TestDecodeReply wants what a button carries under the message of the bot's that is
// replied to, and of nobody else's.
func TestDecodeReply(t *testing.T) {
	const update = `{"update_id":1,"message":{"message_id":9,"date":1,"chat":{"id":5,"type":"private"},
		"from":{"id":5,"first_name":"A"},"text":"临江区呢","reply_to_message":{"message_id":8,"date":1,
		"chat":{"id":5,"type":"private"},"from":{"id":%s,"is_bot":true,"first_name":"B"},"text":"床位"%s}}}`
	const copying = `{"text":"📋","copy_text":{"text":"x"}}`
	const keyboard = `,"reply_markup":{"inline_keyboard":[[` + copying + `],[{"text":"[1]","callback_data":"s:abc:1"},{"text":"r","callback_data":"r:abc"}]]}`
	for _, tt := range []struct{ from, markup, want string }{
		{"700", keyboard, "s:abc:1"},
		{"700", `,"reply_markup":{"inline_keyboard":[[` + copying + `]]}`, ""},
		{"700", "", ""},
		{"701", keyboard, ""},
	} {
		if in, ok := decodeJSON(t, fmt.Sprintf(update, tt.from, tt.markup)); !ok || in.Replied != tt.want {
			t.Errorf("a reply to %s with %q: %q, %v", tt.from, tt.markup, in.Replied, ok)
		}
	}
}

func TestDecodeNothing(t *testing.T) {
	hello := textFields("@wenbao_bot 床位", entityMark{"mention", "@wenbao_bot"})
	tests := []struct{ name, update string }{
		{"nothing", `{"update_id":5}`},
		{"edit", `{"update_id":5,"edited_message":{"message_id":9,"date":1,` + fromUser + `,` + inPrivate + `,"text":"床位"}}`},
		{"channel post", `{"update_id":5,"channel_post":{"message_id":9,"date":1,` + inChannel + `,"text":"@wenbao_bot 床位"}}`},
		{"channel", messageUpdate(fromUser, inChannel, hello)},
		{"another bot", messageUpdate(fromOther, inGroup, hello)},
		{"itself", messageUpdate(fromSelf, inGroup, hello)},
		{"no sender", messageUpdate(inGroup, hello)},
		{"its own inline result", messageUpdate(fromUser, inPrivate, textFields("床位"), `"via_bot":{"id":700,"is_bot":true,"first_name":"问报"}`)},
		{"forwarded from the group's channel", messageUpdate(fromUser, inGroup, hello, `"is_automatic_forward":true`, `"sender_chat":{"id":-100300,"type":"channel"}`)},
		{"not for the bot", messageUpdate(fromUser, inGroup, textFields("床位"))},
		{"a reply to somebody else", messageUpdate(fromUser, inGroup, textFields("床位"), strings.Replace(toSelf, fromSelf, fromUser, 1))},
		{"a message in a topic that the bot made", messageUpdate(fromUser, inGroup, textFields("床位"), strings.Replace(toSelf, `"text":"答"`, `"forum_topic_created":{"name":"t","icon_color":1}`, 1))},
		{"another's command", messageUpdate(fromUser, inGroup, textFields("/help@other_bot", entityMark{"bot_command", "/help@other_bot"}))},
		{"another's command in reply", messageUpdate(fromUser, inGroup, toSelf, textFields("/help@other_bot", entityMark{"bot_command", "/help@other_bot"}))},
		{"another's command in private", messageUpdate(fromUser, inPrivate, textFields("/help@other_bot", entityMark{"bot_command", "/help@other_bot"}))},
		{"the new group's notice", messageUpdate(fromUser, inGroup, `"migrate_from_chat_id":-55`)},
		{"a new title", messageUpdate(fromUser, inPrivate, `"new_chat_title":"白塔镇"`)},
		{"a member", messageUpdate(fromUser, inGroup, `"new_chat_members":[{"id":700,"is_bot":true}]`)},
		{"a press under an inline result", `{"update_id":5,"callback_query":{"id":"q",` + fromUser + `,"inline_message_id":"m","data":"d"}}`},
		{"a press of a game", `{"update_id":5,"callback_query":{"id":"q",` + fromUser + `,"message":{"message_id":9,"date":1,` + inPrivate + `},"game_short_name":"g"}}`},
		{"an inline query of nobody", `{"update_id":5,"inline_query":{"id":"q","query":"床位","offset":""}}`},
		{"a poll", `{"update_id":5,"poll":{"id":"1","question":"q","options":[]}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := decodeJSON(t, tt.update); ok || !reflect.DeepEqual(got, incoming{}) {
				t.Errorf("got %+v, %v", got, ok)
			}
		})
	}
}

func TestDecodePress(t *testing.T) {
	press := func(message string) string {
		return `{"update_id":5,"callback_query":{"id":"4382bfdwdsb",` + fromUser + `,"message":` + message + `,"data":"s:1"}}`
	}
	tests := []struct {
		name, message string
		chat          bot.Chat
		replyTo       int
	}{
		{"private", `{"message_id":9,"date":1,` + fromSelf + `,` + inPrivate + `,"text":"答"}`, bot.Chat{ID: 11, Private: true}, 0},
		{"group", `{"message_id":9,"date":1,` + fromSelf + `,` + inGroup + `,"text":"答"}`, bot.Chat{ID: -100200}, 9},
		{"topic", `{"message_id":9,"date":1,` + fromSelf + `,` + inGroup + `,"message_thread_id":4,"is_topic_message":true}`, bot.Chat{ID: -100200, Thread: 4}, 9},
		{"not shown any more", `{"message_id":9,"date":0,` + inGroup + `}`, bot.Chat{ID: -100200}, 9},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := incoming{Query: "4382bfdwdsb", ReplyTo: tt.replyTo, Event: bot.Event{
				ID: 5, Kind: bot.EventPress, Chat: tt.chat, User: bot.User{ID: 11, Lang: "zh-hans"}, Message: 9, Data: "s:1",
			}}
			got, ok := decodeJSON(t, press(tt.message))
			if !ok || !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v, %v\nwant %+v", got, ok, want)
			}
		})
	}
}

func TestDecodeInline(t *testing.T) {
	got, ok := decodeJSON(t, `{"update_id":5,"inline_query":{"id":"77",`+fromUser+`,"query":" 江滨新区 养老 ","offset":"20","chat_type":"sender"}}`)
	want := incoming{Query: "77", Event: bot.Event{
		ID: 5, Kind: bot.EventInline, User: bot.User{ID: 11, Lang: "zh-hans"}, Text: "江滨新区 养老", Offset: "20",
	}}
	if !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v, %v\nwant %+v", got, ok, want)
	}
}

func TestDecodeMember(t *testing.T) {
	const (
		member  = `{"status":"member","user":{"id":700,"is_bot":true}}`
		admin   = `{"status":"administrator","user":{"id":700,"is_bot":true}}`
		left    = `{"status":"left","user":{"id":700,"is_bot":true}}`
		kicked  = `{"status":"kicked","user":{"id":700,"is_bot":true},"until_date":0}`
		muted   = `{"status":"restricted","user":{"id":700,"is_bot":true},"is_member":true}`
		mutedBy = `{"status":"restricted","user":{"id":700,"is_bot":true},"is_member":false}`
	)
	tests := []struct {
		name, chat, was, is string
		want                bot.EventKind // "" for none
	}{
		{"blocked", inPrivate, member, kicked, bot.EventGone},
		{"unblocked", inPrivate, kicked, member, ""},
		{"added", inGroup, left, member, bot.EventJoined},
		{"added as admin", inGroup, left, admin, bot.EventJoined},
		{"added again", inGroup, kicked, member, bot.EventJoined},
		{"promoted", inGroup, member, admin, ""},
		{"restricted", inGroup, member, muted, ""},
		{"put out", inGroup, admin, kicked, bot.EventGone},
		{"left", inGroup, member, left, bot.EventGone},
		{"left while restricted", inGroup, muted, mutedBy, bot.EventGone},
		{"banned after that", inGroup, left, kicked, ""},
		{"channel", inChannel, left, admin, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := decodeJSON(t, fmt.Sprintf(`{"update_id":5,"my_chat_member":{%s,%s,"date":1736899200,"old_chat_member":%s,"new_chat_member":%s}}`,
				tt.chat, fromUser, tt.was, tt.is))
			if got.Kind != tt.want || ok != (tt.want != "") {
				t.Fatalf("got %+v, %v", got, ok)
			}
			if ok && (got.ID != 5 || got.Chat.ID == 0 || got.User.ID != 11 || got.Time.IsZero()) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestIncomingJSON(t *testing.T) {
	in, ok := decodeJSON(t, messageUpdate(fromUser, inGroup, toSelf, `"document":{"file_id":"F1","file_unique_id":"U1","file_name":"a.txt"}`))
	if !ok {
		t.Fatal("not decoded")
	}
	in.Query = "77"
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var back incoming
	if err := json.Unmarshal(body, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back, in) {
		t.Errorf("got  %+v\nwant %+v", back, in)
	}
}

func TestLane(t *testing.T) {
	const largest = 1<<52 - 1 // the largest ID there can be
	tests := []struct {
		name  string
		event bot.Event
		want  int64
	}{
		{"chat", bot.Event{Kind: bot.EventText, Chat: bot.Chat{ID: 11}, User: bot.User{ID: 12}}, 11},
		{"group", bot.Event{Kind: bot.EventPress, Chat: bot.Chat{ID: -100200, Thread: 4}, User: bot.User{ID: 12}}, -100200},
		{"inline", bot.Event{Kind: bot.EventInline, User: bot.User{ID: largest}}, inlineLanes + largest},
	}
	for _, tt := range tests {
		if got := lane(tt.event); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(messageUpdate(fromUser, inGroup, textFields("😀 @wenbao_bot /ask@wenbao_bot 松岭县", entityMark{"bot_command", "/ask@wenbao_bot"}))))
	f.Add([]byte(messageUpdate(fromUser, inPrivate, `"text":"／ask \ud83d","entities":[{"type":"bot_command","offset":-3,"length":9223372036854775807}]`)))
	f.Add([]byte(messageUpdate(fromUser, inPrivate, `"text":"问报","entities":[{"type":"text_mention","offset":0,"length":2,"user":{"id":700}},{"type":"text_mention","offset":1,"length":1,"user":{"id":700}}]`)))
	f.Add([]byte(`{"update_id":5,"callback_query":{"id":"q",` + fromUser + `,"message":null,"data":"d"}}`))
	f.Add([]byte(`{"update_id":5,"my_chat_member":{` + inGroup + `,"old_chat_member":{"status":"restricted"},"new_chat_member":{"status":"left"}}}`))
	f.Fuzz(func(t *testing.T, update []byte) {
		var u models.Update
		if json.Unmarshal(update, &u) != nil {
			return
		}
		in, ok := decode(&u, self{ID: 700, Username: "wenbao_bot"})
		if !ok {
			if !reflect.DeepEqual(in, incoming{}) {
				t.Fatalf("no event, but %+v", in)
			}
			return
		}
		if in.Kind == "" || in.ID != u.ID {
			t.Fatalf("event %d of kind %q", in.ID, in.Kind)
		}
		if !utf8.ValidString(in.Text) || strings.TrimSpace(in.Text) != in.Text {
			t.Fatalf("text %q", in.Text)
		}
		if len(in.Command) > maxCommand || in.Command != strings.ToLower(in.Command) {
			t.Fatalf("command %q", in.Command)
		}
		if (in.Kind == bot.EventInline) != (in.Chat == bot.Chat{}) && in.Chat.ID != 0 {
			t.Fatalf("%s in chat %+v", in.Kind, in.Chat)
		}
		if (in.Kind == bot.EventDocument) != (in.File != nil) {
			t.Fatalf("%s with file %+v", in.Kind, in.File)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	var u models.Update
	body := messageUpdate(fromUser, inGroup, textFields(strings.Repeat("松岭县养老床位", 100)+" @wenbao_bot", entityMark{"mention", "@wenbao_bot"}))
	if err := json.Unmarshal([]byte(body), &u); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, ok := decode(&u, self{ID: 700, Username: "wenbao_bot"}); !ok {
			b.Fatal("not decoded")
		}
	}
}
