package bottest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// SayOptions say how something is written.
type SayOptions struct {
	ReplyTo int
	Thread  int
	// Entities are those that the app makes, like text_mention, beside the
	// mentions and commands that the server finds.
	Entities []Entity
	// Anonymous is an administrator who writes as the group.
	Anonymous bool
}

// anonymousAdmin is who writes for administrators that hide, as Telegram has it.
const anonymousAdmin = 1087968824

// Say is somebody writing in the chat. It gives the message's ID. The bot receives
// it if it is in the chat and, in a group, may read it. A text that is too long is
// sent in several messages, as apps do; the ID is the last one's.
func (c *Chat) Say(u User, text string) int { return c.SayWith(u, text, SayOptions{}) }

// SayWith is Say with options.
func (c *Chat) SayWith(u User, text string, o SayOptions) int {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	id := 0
	for text = clean(text); text != ""; {
		end := byteOffset(text, maxUnits)
		id = c.write(u, text[:end], o)
		text = text[end:]
	}
	return id
}

func (c *Chat) write(u User, text string, o SayOptions) int {
	entities := append(detect(text), o.Entities...)
	sortEntities(entities)
	text, entities = trim(text, entities)
	m := &message{Message: Message{From: u, Text: text, Entities: entities}}
	return c.post(m, o)
}

// post adds somebody's message to the chat and tells the bot.
func (c *Chat) post(m *message, o SayOptions) int {
	m.ReplyTo, m.Thread, m.anonymous = o.ReplyTo, o.Thread, o.Anonymous
	if o.Anonymous {
		m.From = User{ID: anonymousAdmin, Name: "Group", Username: "GroupAnonymousBot", Bot: true}
	}
	// In supergroups that are no forums a reply belongs to a thread that the
	// message replied to begins.
	if first := c.find(o.ReplyTo); first != nil && c.kind == kindSupergroup && !c.forum {
		if m.Thread = first.Thread; m.Thread == 0 {
			m.Thread = first.ID
		}
	}
	c.add(m)
	if c.reads(m) {
		c.s.deliver(c, m)
	}
	return m.ID
}

// reads reports whether the bot receives a message of somebody's.
func (c *Chat) reads(m *message) bool {
	switch {
	case c.status != statusMember || c.movedTo != 0:
		return false
	case m.From.Bot && !m.anonymous:
		return false // Bots do not receive what bots write.
	case c.kind == kindPrivate || c.admin || c.s.opt.ReadAll || m.ViaBot:
		return true
	}
	if to := c.find(m.ReplyTo); to != nil && to.From.ID == c.s.bot.ID {
		return true
	}
	for _, e := range m.Entities {
		covered := e.Covered(m.Text)
		switch e.Type {
		case "mention":
			if strings.EqualFold(covered, "@"+c.s.bot.Username) {
				return true
			}
		case "text_mention":
			if e.User != nil && e.User.ID == c.s.bot.ID {
				return true
			}
		case "bot_command":
			_, to, found := strings.Cut(covered, "@")
			// A bare command is for the bot that wrote last, and for all before that.
			if found && strings.EqualFold(to, c.s.bot.Username) ||
				!found && (c.lastBot == 0 || c.lastBot == c.s.bot.ID) {
				return true
			}
		}
	}
	return false
}

// Edit is somebody editing their own message.
func (c *Chat) Edit(id int, text string) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	m := c.find(id)
	if m == nil {
		return
	}
	text = clean(text)
	m.Text, m.Entities = trim(text, detect(text))
	m.Edited = time.Now()
	c.s.notify()
	if c.reads(m) {
		c.s.updates.push(c.s, c.ID, &wireUpdate{Edited: c.wireMessage(m, true)})
	}
}

// Delete is somebody deleting a message, of which the bot is not told.
func (c *Chat) Delete(id int) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if m := c.find(id); m != nil {
		m.Deleted = true
		c.s.notify()
	}
}

// File is a file that somebody sends.
type File struct {
	Name    string
	Content []byte
	// Size is what the server says of the file, 0 for the size of its content.
	Size    int64
	MIME    string
	Caption string
	// Album is what files that are sent together have in common, "" for none.
	Album string
	SayOptions
}

// SendFile is somebody sending a document.
func (c *Chat) SendFile(u User, f File) int { return c.SendMedia(u, "document", f) }

// SendMedia is somebody sending a photo, voice, video, audio, sticker, animation,
// video_note, location or document.
func (c *Chat) SendMedia(u User, kind string, f File) int {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	m := &message{Message: Message{From: u, Kind: kind, Text: f.Caption, Entities: detect(f.Caption)}, album: f.Album}
	if kind == "location" {
		m.place = &wirePlace{Latitude: 34.5, Longitude: 112.5}
	} else {
		m.file = c.s.keepFile(f, kind)
	}
	return c.post(m, f.SayOptions)
}

// ErrNoButton says that there is no such button to press.
var ErrNoButton = errors.New("no such button")

// Press is somebody pressing a button under a message, named by its label or by
// its data. It gives the query that the bot has to answer; one that was answered
// already where the answer is cached.
func (c *Chat) Press(u User, id int, button string) (query string, err error) {
	c.s.mu.Lock()
	m := c.find(id)
	var data string
	if m != nil {
		for _, row := range m.Buttons {
			for _, b := range row {
				if b.Kind == ButtonData && (b.Text == button || b.Value == button) && data == "" {
					data = b.Value
				}
			}
		}
	}
	c.s.mu.Unlock()
	if data == "" {
		return "", fmt.Errorf("press %q under message %d: %w", button, id, ErrNoButton)
	}
	return c.PressData(u, id, data), nil
}

// PressData is somebody pressing a button that may be gone by now, or its message.
func (c *Chat) PressData(u User, id int, data string) (query string) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	key := fmt.Sprint("press ", c.ID, id, u.ID, data)
	if q, ok := c.s.cachedQuery(key); ok {
		return q
	}
	q := c.s.newQuery(key)
	w := &wireMessage{ID: id, Chat: c.wire()} // no longer accessible: date 0
	if m := c.find(id); m != nil {
		w = c.wireMessage(m, true)
	}
	c.s.updates.push(c.s, c.ID, &wireUpdate{Callback: &wireCallback{
		ID: q, From: wire(u), Message: w, Instance: strconv.FormatInt(-c.ID, 10), Data: data,
	}})
	return q
}

// Inline is somebody typing after the bot's name in some chat. It gives the query
// that the bot has to answer; one that was answered already where the answer is
// cached.
func (s *Server) Inline(u User, text, offset string) (query string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range []string{inlineKey(0, text, offset), inlineKey(u.ID, text, offset)} {
		if q, ok := s.cachedQuery(key); ok {
			return q
		}
	}
	q := s.newQuery(inlineKey(u.ID, text, offset))
	s.queries[q].shared = inlineKey(0, text, offset)
	s.updates.push(s, u.ID, &wireUpdate{Inline: &wireInline{ID: q, From: wire(u), Query: text, Offset: offset, ChatType: "supergroup"}})
	return q
}

func inlineKey(user int64, text, offset string) string {
	return fmt.Sprintf("inline %d %q %q", user, text, offset)
}

// Choose is somebody sending one of the results of an inline query to the chat.
func (c *Chat) Choose(u User, query, result string) (id int, err error) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	q := c.s.queries[query]
	if q == nil || q.answer == nil {
		return 0, fmt.Errorf("choose from query %s: not answered", query)
	}
	for _, r := range q.answer.Results {
		if r.ID == result {
			m := &message{Message: Message{From: u, Text: r.Text, HTML: r.HTML, Entities: r.Entities, ViaBot: true}}
			return c.post(m, SayOptions{}), nil
		}
	}
	return 0, fmt.Errorf("choose from query %s: no result %q", query, result)
}

// Answered gives the call that answered a query, false while there is none.
func (s *Server) Answered(query string) (Call, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if q := s.queries[query]; q != nil && q.answer != nil {
		return *q.answer, true
	}
	return Call{}, false
}
