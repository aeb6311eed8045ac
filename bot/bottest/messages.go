package bottest

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// target gives the chat that a call is about, if the bot may write there.
func (s *Server) target(r *request) (*Chat, *Error) {
	if r.params["chat_id"] == "" {
		return nil, badRequest("chat_id is empty")
	}
	c := s.chats[r.id("chat_id")]
	if c == nil {
		return nil, badRequest("chat not found")
	}
	if c.movedTo != 0 {
		fail := badRequest("group chat was upgraded to a supergroup chat")
		fail.MigrateTo = c.movedTo
		return nil, fail
	}
	switch {
	case c.status == statusKicked && c.kind == kindPrivate:
		return nil, forbidden("bot was blocked by the user")
	case c.status == statusKicked:
		return nil, forbidden("bot was kicked from the " + c.kind + " chat")
	case c.status == statusLeft:
		return nil, forbidden("bot is not a member of the " + c.kind + " chat")
	}
	return c, nil
}

// thread gives the topic that a call is about, 0 for none. Only forums and
// private chats look at it.
func (r *request) thread(c *Chat) (int, *Error) {
	thread := int(r.id("message_thread_id"))
	if thread == 0 || !c.forum && c.kind != kindPrivate {
		return 0, nil
	}
	if _, ok := c.topics[thread]; !ok {
		return 0, badRequest("message thread not found")
	}
	r.call.Thread = thread
	return thread, nil
}

// text reads the text of a call, with the entities that come with it, are written
// in it as HTML, and that the server finds.
func (s *Server) text(p params) (text string, entities []Entity, fail *Error) {
	text = p["text"]
	if !utf8.ValidString(text) {
		return "", nil, badRequest("Strings must be encoded in UTF-8")
	}
	switch strings.ToLower(p["parse_mode"]) {
	case "":
		var given []wireEntity
		if p["entities"] != "" && json.Unmarshal([]byte(p["entities"]), &given) != nil {
			return "", nil, badRequest("Can't parse entities JSON object")
		}
		for _, w := range given {
			entities = append(entities, Entity{Type: w.Type, Offset: w.Offset, Length: w.Length, URL: w.URL})
		}
		text = clean(text)
	case "html":
		var err error
		if text, entities, err = ParseHTML(text); err != nil {
			return "", nil, badRequest("can't parse entities: %v", err)
		}
	default:
		return "", nil, badRequest("unsupported parse_mode") // of this server: it reads HTML only
	}
	text, entities = trim(text, entities)
	if blank(text) {
		return "", nil, badRequest("Text must be non-empty")
	}
	entities = append(entities, detect(text)...)
	sortEntities(entities)
	entities, nested := settle(entities)
	if nested {
		s.complain("quotation inside of a quotation")
	}
	if len(entities) > maxEntities {
		s.complain("%d entities", len(entities))
		entities = entities[:maxEntities]
	}
	return text, entities, nil
}

// messageText is text as a message needs it, noted in the call. Sending and
// editing have different words for one that is too long.
func (s *Server) messageText(r *request, tooLong string) *Error {
	if r.params["text"] == "" {
		return badRequest("Message text is empty")
	}
	if raw := r.params["link_preview_options"]; raw != "" && !json.Valid([]byte(raw)) {
		return badRequest("Can't parse link preview options JSON object")
	}
	r.call.HTML = r.params["text"]
	var fail *Error
	if r.call.Text, r.call.Entities, fail = s.text(r.params); fail != nil {
		return fail
	}
	if Units(r.call.Text) > maxUnits {
		return badRequest("%s", tooLong)
	}
	return nil
}

func (s *Server) sendMessage(r *request) (any, *Error) {
	fail := s.messageText(r, "Message is too long")
	if fail != nil {
		return nil, fail
	}
	buttons, fail := s.keyboard(r)
	if fail != nil {
		return nil, fail
	}
	c, fail := s.target(r)
	if fail != nil {
		return nil, fail
	}
	thread, fail := r.thread(c)
	if fail != nil {
		return nil, fail
	}
	if fail = r.replyTo(c); fail != nil {
		return nil, fail
	}
	m := c.add(&message{Message: Message{
		From: s.bot, Thread: thread, ReplyTo: r.call.ReplyTo,
		Text: r.call.Text, HTML: r.call.HTML, Entities: r.call.Entities, Buttons: buttons,
	}})
	delete(c.typing, thread)
	delete(c.drafts, thread)
	r.call.Message = m.ID
	return c.wireMessage(m, true), nil
}

// replyTo reads which message is replied to.
func (r *request) replyTo(c *Chat) *Error {
	if r.params["reply_parameters"] == "" {
		return nil
	}
	var reply struct {
		Message int  `json:"message_id"`
		Without bool `json:"allow_sending_without_reply"`
	}
	if err := json.Unmarshal([]byte(r.params["reply_parameters"]), &reply); err != nil {
		return badRequest("Can't parse reply parameters JSON object")
	}
	if reply.Message <= 0 {
		return nil
	}
	if c.find(reply.Message) == nil {
		if reply.Without {
			return nil
		}
		return badRequest("message to be replied not found")
	}
	r.call.ReplyTo = reply.Message
	return nil
}

// own gives the message of the bot's that a call changes.
func (s *Server) own(r *request) (*Chat, *message, *Error) {
	r.call.Message = int(r.id("message_id"))
	c, fail := s.target(r)
	if fail != nil {
		return nil, nil, fail
	}
	m := c.find(r.call.Message)
	switch {
	case m == nil:
		return nil, nil, badRequest("message to edit not found")
	case m.From.ID != s.bot.ID || m.Kind != "text":
		return nil, nil, badRequest("Message can't be edited")
	}
	r.call.Thread, r.call.ReplyTo = m.Thread, m.ReplyTo
	return c, m, nil
}

func notModified() *Error {
	return badRequest("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
}

func (s *Server) editMessageText(r *request) (any, *Error) {
	if fail := s.messageText(r, "MESSAGE_TOO_LONG"); fail != nil {
		return nil, fail
	}
	buttons, fail := s.keyboard(r)
	if fail != nil {
		return nil, fail
	}
	c, m, fail := s.own(r)
	if fail != nil {
		return nil, fail
	}
	if m.Text == r.call.Text && slices.Equal(m.Entities, r.call.Entities) && reflect.DeepEqual(m.Buttons, buttons) {
		return nil, notModified()
	}
	m.Text, m.HTML, m.Entities, m.Buttons = r.call.Text, r.call.HTML, r.call.Entities, buttons
	m.Edited = time.Now()
	return c.wireMessage(m, true), nil
}

func (s *Server) editMessageReplyMarkup(r *request) (any, *Error) {
	buttons, fail := s.keyboard(r)
	if fail != nil {
		return nil, fail
	}
	c, m, fail := s.own(r)
	if fail != nil {
		return nil, fail
	}
	if reflect.DeepEqual(m.Buttons, buttons) {
		return nil, notModified()
	}
	m.Buttons = buttons
	m.Edited = time.Now()
	return c.wireMessage(m, true), nil
}

func (s *Server) deleteMessage(r *request) (any, *Error) {
	if r.id("message_id") == 0 {
		return nil, badRequest("Message identifier is not specified")
	}
	c, fail := s.target(r)
	if fail != nil {
		return nil, fail
	}
	r.call.Message = int(r.id("message_id"))
	m := c.find(r.call.Message)
	const deletable = 48 * time.Hour
	switch {
	case m == nil:
		return nil, badRequest("message to delete not found")
	case m.From.ID != s.bot.ID && c.kind != kindPrivate && !c.admin, time.Since(m.Date) > deletable:
		return nil, badRequest("message can't be deleted")
	}
	m.Deleted = true
	return true, nil
}

func (s *Server) sendMessageDraft(r *request) (any, *Error) {
	r.call.HTML = r.params["text"]
	text, entities, fail := s.text(r.params)
	if fail != nil {
		return nil, fail
	}
	r.call.Text, r.call.Entities, r.call.Draft = text, entities, r.id("draft_id")
	c, fail := s.target(r)
	if fail != nil {
		return nil, fail
	}
	thread, fail := r.thread(c)
	switch {
	case fail != nil:
		return nil, fail
	case c.kind != kindPrivate || s.opt.NoDrafts:
		return nil, badRequest("TEXTDRAFT_PEER_INVALID")
	case r.call.Draft == 0:
		return nil, badRequest("RANDOM_ID_INVALID")
	case Units(text) > maxUnits:
		return nil, badRequest("MESSAGE_TOO_LONG")
	}
	c.drafts[thread] = draft{
		Message: Message{From: s.bot, Date: time.Now(), Thread: thread, Kind: "draft", Text: text, HTML: r.call.HTML, Entities: entities},
		until:   time.Now().Add(draftTime),
	}
	return true, nil
}

func (s *Server) sendChatAction(r *request) (any, *Error) {
	r.call.Action = r.params["action"]
	const actions = " typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker find_location record_video_note upload_video_note "
	if !strings.Contains(actions, " "+r.call.Action+" ") || r.call.Action == "" {
		return nil, badRequest("Wrong parameter action in request")
	}
	c, fail := s.target(r)
	if fail != nil {
		return nil, fail
	}
	thread, fail := r.thread(c)
	if fail != nil {
		return nil, fail
	}
	if r.call.Action == "typing" {
		c.typing[thread] = time.Now().Add(typingTime)
	}
	return true, nil
}
