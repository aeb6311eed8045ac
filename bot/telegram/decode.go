package telegram

import (
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"wenbao/bot"
)

// self is what the bot knows of itself, from getMe.
type self struct {
	ID       int64
	Username string // without @
}

// incoming is an event with what is needed to answer it. It is kept as JSON.
//
// Event.Time is zero where Telegram does not say when it was: for presses and
// inline queries.
type incoming struct {
	bot.Event
	// Query is the ID of a callback query or an inline query, "" for others. It
	// can be answered for a short while only.
	Query string `json:"query,omitempty"`
	// ReplyTo is the message that answers refer to, 0 for none: they do in groups,
	// where others write in between.
	ReplyTo int `json:"reply_to,omitempty"`
	// Album is what media that were sent together have in common, "" for others, and
	// for documents: each of these is one to read.
	Album string `json:"album,omitempty"`
}

// decode makes an event of an update, and reports false for one that is of no
// concern to the bot.
func decode(u *models.Update, me self) (incoming, bool) {
	var in incoming
	var ok bool
	switch {
	case u.Message != nil:
		in, ok = decodeMessage(u.Message, me)
	case u.CallbackQuery != nil:
		in, ok = decodePress(u.CallbackQuery)
	case u.InlineQuery != nil:
		in, ok = decodeInline(u.InlineQuery)
	case u.MyChatMember != nil:
		in, ok = decodeMember(u.MyChatMember)
	}
	if !ok {
		return incoming{}, false
	}
	in.ID = u.ID
	return in, true
}

// inlineLanes is where the lanes of inline queries begin. The IDs of users and
// chats have at most 52 significant bits.
const inlineLanes = 1 << 62

// lane says which events are handled one after the other: those with the same
// lane. It is the chat's ID, and for an inline query, which has no chat, the
// user's, moved to where no chat's ID is.
func lane(e bot.Event) int64 {
	if e.Kind == bot.EventInline {
		return inlineLanes + e.User.ID
	}
	return e.Chat.ID
}

// decodeMessage reads something written to the bot. In groups that is what
// mentions it, replies to it or commands it.
func decodeMessage(m *models.Message, me self) (incoming, bool) {
	if m.MigrateToChatID != 0 {
		return decodeMoved(m), true
	}
	chat, ok := chatOf(m.Chat)
	if !ok {
		return incoming{}, false
	}
	user, ok := senderOf(m, me)
	if !ok {
		return incoming{}, false
	}
	kind, asked := whatIs(m, me)
	switch {
	case kind == "", asked.others && !asked.called:
		return incoming{}, false
	case !chat.Private && !asked.called && !repliesTo(m, me):
		return incoming{}, false
	}
	if m.IsTopicMessage {
		chat.Thread = m.MessageThreadID
	}
	in := incoming{Event: bot.Event{
		Kind:    kind,
		Chat:    chat,
		User:    user,
		Message: m.ID,
		Command: asked.command,
		Named:   asked.named,
		Text:    asked.text,
		Time:    timeOf(m.Date),
	}}
	if kind == bot.EventDocument {
		d := m.Document
		in.File = &bot.File{ID: d.FileID, Name: validText(d.FileName), Size: d.FileSize}
	} else {
		in.Album = m.MediaGroupID
	}
	if !chat.Private {
		in.ReplyTo = m.ID
	}
	if repliesTo(m, me) {
		in.Replied = firstData(m.ReplyToMessage.ReplyMarkup)
	}
	return in, true
}

// firstData is what the first button carries that carries anything.
func firstData(k *models.InlineKeyboardMarkup) string {
	if k == nil {
		return ""
	}
	for _, row := range k.InlineKeyboard {
		for _, b := range row {
			if b.CallbackData != "" {
				return validText(b.CallbackData)
			}
		}
	}
	return ""
}

// whatIs says what a message is, and reads its words. Where there are words under a
// photo it is these that count.
func whatIs(m *models.Message, me self) (bot.EventKind, words) {
	kind := kindOf(m)
	if kind == bot.EventText {
		return kind, readWords(m.Text, m.Entities, me)
	}
	asked := readWords(m.Caption, m.CaptionEntities, me)
	if kind == bot.EventMedia && (asked.text != "" || asked.command != "") {
		kind = bot.EventText
	}
	return kind, asked
}

// decodeMoved reads that a group has become a supergroup. The message is one of
// the old group; its twin in the new one says nothing more and makes no event.
func decodeMoved(m *models.Message) incoming {
	in := incoming{Event: bot.Event{
		Kind:    bot.EventMoved,
		Chat:    bot.Chat{ID: m.Chat.ID},
		Message: m.ID,
		MovedTo: m.MigrateToChatID,
		Time:    timeOf(m.Date),
	}}
	if m.From != nil {
		in.User = userOf(*m.From)
	}
	return in
}

// decodePress reads a press of a button. The message that it is under may be one
// that Telegram does not show any more; its topic is not known then.
func decodePress(q *models.CallbackQuery) (incoming, bool) {
	in := incoming{Query: q.ID, Event: bot.Event{
		Kind: bot.EventPress,
		User: userOf(q.From),
		Data: validText(q.Data),
	}}
	var chat models.Chat
	switch at := q.Message; {
	case at.Message != nil:
		chat, in.Message = at.Message.Chat, at.Message.ID
	case at.InaccessibleMessage != nil:
		chat, in.Message = at.InaccessibleMessage.Chat, at.InaccessibleMessage.MessageID
	}
	var ok bool
	in.Chat, ok = chatOf(chat)
	if !ok || in.User.ID == 0 || in.Data == "" {
		return incoming{}, false
	}
	if at := q.Message.Message; at != nil && at.IsTopicMessage {
		in.Chat.Thread = at.MessageThreadID
	}
	if !in.Chat.Private {
		in.ReplyTo = in.Message
	}
	return in, true
}

// decodeInline reads a query typed after the bot's name in another chat.
func decodeInline(q *models.InlineQuery) (incoming, bool) {
	if q.From == nil || q.From.ID == 0 {
		return incoming{}, false
	}
	return incoming{Query: q.ID, Event: bot.Event{
		Kind:   bot.EventInline,
		User:   userOf(*q.From),
		Text:   validText(q.Query),
		Offset: q.Offset,
	}}, true
}

// decodeMember reads what became of the bot in a chat: put in or put out.
func decodeMember(m *models.ChatMemberUpdated) (incoming, bool) {
	chat, ok := chatOf(m.Chat)
	if !ok {
		return incoming{}, false
	}
	in := incoming{Event: bot.Event{Chat: chat, User: userOf(m.From), Time: timeOf(m.Date)}}
	was, is := present(m.OldChatMember), present(m.NewChatMember)
	switch {
	case was && !is:
		in.Kind = bot.EventGone
	case !was && is && !chat.Private:
		in.Kind = bot.EventJoined
	default: // promoted, restricted, or unblocked
		return incoming{}, false
	}
	return in, true
}

// present reports whether somebody of this standing is in the chat.
func present(m models.ChatMember) bool {
	switch m.Type {
	case models.ChatMemberTypeLeft, models.ChatMemberTypeBanned:
		return false
	case models.ChatMemberTypeRestricted:
		return m.Restricted != nil && m.Restricted.IsMember
	}
	return true
}

// chatOf gives the chat, false for channels, in which nobody asks.
func chatOf(c models.Chat) (bot.Chat, bool) {
	switch c.Type {
	case models.ChatTypePrivate:
		return bot.Chat{ID: c.ID, Private: true}, true
	case models.ChatTypeGroup, models.ChatTypeSupergroup:
		return bot.Chat{ID: c.ID}, true
	}
	return bot.Chat{}, false
}

// senderOf gives who wrote a message, false for what no person wrote to the bot:
// other bots' messages, posts forwarded from a group's channel, and the results
// of the bot's own inline mode. Who writes as a group or a channel, as anonymous
// admins do, goes by its ID: From is then one account for all of Telegram.
func senderOf(m *models.Message, me self) (bot.User, bool) {
	switch {
	case m.IsAutomaticForward, m.ViaBot != nil && m.ViaBot.ID == me.ID:
		return bot.User{}, false
	case m.SenderChat != nil:
		return bot.User{ID: m.SenderChat.ID}, true
	case m.From == nil, m.From.IsBot, m.From.ID == me.ID:
		return bot.User{}, false
	}
	return userOf(*m.From), true
}

func userOf(u models.User) bot.User {
	return bot.User{ID: u.ID, Lang: strings.ToLower(validText(u.LanguageCode))}
}

// kindOf says what a message is, "" for notices such as that of a new title.
func kindOf(m *models.Message) bot.EventKind {
	switch {
	case m.Text != "":
		return bot.EventText
	case m.Document != nil && m.Animation == nil: // an animation comes as both
		return bot.EventDocument
	case m.Animation != nil, m.Audio != nil, m.Document != nil, m.PaidMedia != nil, len(m.Photo) > 0,
		m.Sticker != nil, m.Story != nil, m.Video != nil, m.VideoNote != nil, m.Voice != nil,
		m.Checklist != nil, m.Contact != nil, m.Dice != nil, m.Game != nil, m.Poll != nil,
		m.Venue != nil, m.Location != nil:
		return bot.EventMedia
	}
	return ""
}

// repliesTo reports whether a message answers one of the bot's. All messages in a
// topic answer, for Telegram, to the notice that it was made.
func repliesTo(m *models.Message, me self) bool {
	to := m.ReplyToMessage
	return to != nil && to.From != nil && to.From.ID == me.ID && to.ForumTopicCreated == nil
}

// timeOf reads a Unix time, 0 for none.
func timeOf(seconds int) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0).UTC()
}

// validText makes text valid UTF-8 with no blanks around it.
func validText(s string) string {
	return strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD"))
}
