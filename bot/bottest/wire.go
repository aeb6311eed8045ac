package bottest

// The types of the Bot API as they go over the wire, as far as the server has them.

type wireUser struct {
	ID       int64  `json:"id"`
	IsBot    bool   `json:"is_bot"`
	Name     string `json:"first_name"`
	Username string `json:"username,omitempty"`
	Lang     string `json:"language_code,omitempty"`
}

type wireChat struct {
	ID       int64  `json:"id"`
	Type     string `json:"type"`
	Title    string `json:"title,omitempty"`
	Username string `json:"username,omitempty"`
	Name     string `json:"first_name,omitempty"`
	IsForum  bool   `json:"is_forum,omitempty"`
}

type wireMessage struct {
	ID         int          `json:"message_id"`
	Thread     int          `json:"message_thread_id,omitempty"`
	From       *wireUser    `json:"from,omitempty"`
	SenderChat *wireChat    `json:"sender_chat,omitempty"`
	Date       int64        `json:"date"`
	EditDate   int64        `json:"edit_date,omitempty"`
	Chat       wireChat     `json:"chat"`
	IsTopic    bool         `json:"is_topic_message,omitempty"`
	ReplyTo    *wireMessage `json:"reply_to_message,omitempty"`
	ViaBot     *wireUser    `json:"via_bot,omitempty"`

	Text            string       `json:"text,omitempty"`
	Entities        []wireEntity `json:"entities,omitempty"`
	Caption         string       `json:"caption,omitempty"`
	CaptionEntities []wireEntity `json:"caption_entities,omitempty"`

	Album     string       `json:"media_group_id,omitempty"`
	Document  *wireMedia   `json:"document,omitempty"`
	Photo     []*wireMedia `json:"photo,omitempty"`
	Voice     *wireMedia   `json:"voice,omitempty"`
	Video     *wireMedia   `json:"video,omitempty"`
	Audio     *wireMedia   `json:"audio,omitempty"`
	Sticker   *wireMedia   `json:"sticker,omitempty"`
	Animation *wireMedia   `json:"animation,omitempty"`
	VideoNote *wireMedia   `json:"video_note,omitempty"`
	Location  *wirePlace   `json:"location,omitempty"`

	NewMembers   []wireUser    `json:"new_chat_members,omitempty"`
	LeftMember   *wireUser     `json:"left_chat_member,omitempty"`
	TopicCreated *wireTopic    `json:"forum_topic_created,omitempty"`
	MigrateTo    int64         `json:"migrate_to_chat_id,omitempty"`
	MigrateFrom  int64         `json:"migrate_from_chat_id,omitempty"`
	Markup       *wireKeyboard `json:"reply_markup,omitempty"`
}

type wireEntity struct {
	Type   string    `json:"type"`
	Offset int       `json:"offset"`
	Length int       `json:"length"`
	URL    string    `json:"url,omitempty"`
	User   *wireUser `json:"user,omitempty"`
}

// wireMedia is every kind of file that a message can carry.
type wireMedia struct {
	ID       string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Size     int64  `json:"file_size,omitempty"`
	Name     string `json:"file_name,omitempty"`
	MIME     string `json:"mime_type,omitempty"`
	Width    int    `json:"width,omitempty"`
	Height   int    `json:"height,omitempty"`
	Length   int    `json:"length,omitempty"`
	Duration int    `json:"duration,omitempty"`
	Kind     string `json:"type,omitempty"`
	Emoji    string `json:"emoji,omitempty"`
}

type wirePlace struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

type wireTopic struct {
	Name  string `json:"name"`
	Color int    `json:"icon_color"`
}

type wireKeyboard struct {
	Rows [][]wireButton `json:"inline_keyboard"`
}

// wireButton has fields that are there or not, even when empty.
type wireButton struct {
	Text          string    `json:"text"`
	URL           *string   `json:"url,omitempty"`
	Data          *string   `json:"callback_data,omitempty"`
	Copy          *wireCopy `json:"copy_text,omitempty"`
	Inline        *string   `json:"switch_inline_query,omitempty"`
	InlineCurrent *string   `json:"switch_inline_query_current_chat,omitempty"`
}

type wireCopy struct {
	Text string `json:"text"`
}

// wireUpdate has one of its fields set. The server puts the ID on it when it is queued.
type wireUpdate struct {
	ID       int64         `json:"update_id"`
	Message  *wireMessage  `json:"message,omitempty"`
	Edited   *wireMessage  `json:"edited_message,omitempty"`
	Callback *wireCallback `json:"callback_query,omitempty"`
	Inline   *wireInline   `json:"inline_query,omitempty"`
	Member   *wireMember   `json:"my_chat_member,omitempty"`
}

type wireCallback struct {
	ID       string       `json:"id"`
	From     wireUser     `json:"from"`
	Message  *wireMessage `json:"message,omitempty"`
	Instance string       `json:"chat_instance"`
	Data     string       `json:"data,omitempty"`
}

type wireInline struct {
	ID       string   `json:"id"`
	From     wireUser `json:"from"`
	Query    string   `json:"query"`
	Offset   string   `json:"offset"`
	ChatType string   `json:"chat_type,omitempty"`
}

type wireMember struct {
	Chat wireChat   `json:"chat"`
	From wireUser   `json:"from"`
	Date int64      `json:"date"`
	Old  wireStatus `json:"old_chat_member"`
	New  wireStatus `json:"new_chat_member"`
}

type wireStatus struct {
	Status string   `json:"status"`
	User   wireUser `json:"user"`
	Until  *int64   `json:"until_date,omitempty"`
}

// wire is a user as the Bot API has it.
func wire(u User) wireUser {
	return wireUser{ID: u.ID, IsBot: u.Bot, Name: u.Name, Username: u.Username, Lang: u.Lang}
}

func wireEntities(entities []Entity) []wireEntity {
	var out []wireEntity
	for _, e := range entities {
		w := wireEntity{Type: e.Type, Offset: e.Offset, Length: e.Length, URL: e.URL}
		if e.User != nil {
			u := wire(*e.User)
			w.User = &u
		}
		out = append(out, w)
	}
	return out
}

// deliver queues a message for the bot. The lock is held.
func (s *Server) deliver(c *Chat, m *message) {
	s.updates.push(s, c.ID, &wireUpdate{Message: c.wireMessage(m, true)})
}

// wireMessage is a message as the Bot API has it, with the one that it replies to.
func (c *Chat) wireMessage(m *message, reply bool) *wireMessage {
	from := wire(m.From)
	w := &wireMessage{ID: m.ID, Thread: m.Thread, From: &from, Date: m.Date.Unix(), Chat: c.wire(), Markup: wireMarkup(m.Buttons)}
	w.IsTopic = c.forum && m.Thread != 0
	if !m.Edited.IsZero() {
		w.EditDate = m.Edited.Unix()
	}
	if m.anonymous {
		chat := c.wire()
		w.SenderChat = &chat
	}
	if m.ViaBot {
		bot := wire(c.s.bot)
		w.ViaBot = &bot
	}
	// What is written in a topic without a reply replies to the message that
	// opened the topic.
	to := m.ReplyTo
	if to == 0 && w.IsTopic && m.Kind != kindTopic {
		to = m.Thread
	}
	if first := c.find(to); first != nil && reply {
		w.ReplyTo = c.wireMessage(first, false)
	}
	c.fillContent(w, m)
	return w
}

// fillContent sets the field that the kind of message has.
func (c *Chat) fillContent(w *wireMessage, m *message) {
	entities := wireEntities(m.Entities)
	switch m.Kind {
	case "text":
		w.Text, w.Entities = m.Text, entities
		return
	case kindTopic:
		const blue = 7322096
		w.TopicCreated = &wireTopic{Name: m.Text, Color: blue}
		return
	case kindJoined:
		w.NewMembers = []wireUser{wire(*m.member)}
	case kindWent:
		member := wire(*m.member)
		w.LeftMember = &member
	case kindMigrateTo:
		w.MigrateTo = m.other
	case kindMigrateFrom:
		w.MigrateFrom = m.other
	case "photo":
		w.Photo = []*wireMedia{m.file}
	case "voice":
		w.Voice = m.file
	case "video":
		w.Video = m.file
	case "audio":
		w.Audio = m.file
	case "sticker":
		w.Sticker = m.file
	case "animation":
		w.Animation, w.Document = m.file, m.file
	case "video_note":
		w.VideoNote = m.file
	case "location":
		w.Location = m.place
	default:
		w.Document = m.file
	}
	w.Caption, w.CaptionEntities, w.Album = m.Text, entities, m.album
}
