package bottest

import (
	"fmt"
	"slices"
	"time"
)

// User is somebody, or a bot.
type User struct {
	ID       int64
	Name     string
	Username string
	Lang     string // of the user's app, like zh-hans
	Bot      bool
}

// GroupOptions say what a group is like.
type GroupOptions struct {
	Title string
	// Supergroup has message IDs of its own; a basic group shares those of the
	// bot's private chats. Forum is a supergroup with topics.
	Supergroup, Forum bool
	// Admin makes the bot an administrator, who receives all that is written.
	Admin bool
	// Outside leaves the bot out of the group until it is added.
	Outside bool
}

// Chat is a chat that the bot is or was in.
type Chat struct {
	s *Server
	// ID does not change. A group that has become a supergroup is another Chat.
	ID int64

	kind     string // as the Bot API has it
	title    string
	forum    bool
	user     User // of a private chat
	admin    bool // the bot is one
	status   string
	movedTo  int64
	lastBot  int64 // the bot that wrote last, 0 for none
	lastID   int   // of the messages of a supergroup
	messages []*message
	byID     map[int]*message
	topics   map[int]string
	typing   map[int]time.Time // until when, by topic
	drafts   map[int]draft     // by topic
	limit    chatLimit
}

// The kinds of chat, and what the bot is in one.
const (
	kindPrivate    = "private"
	kindGroup      = "group"
	kindSupergroup = "supergroup"

	statusMember = "member"
	statusKicked = "kicked"
	statusLeft   = "left"
)

// How long what the bot shows stays, by the documentation of sendChatAction and
// sendMessageDraft.
const (
	typingTime = 5 * time.Second
	draftTime  = 30 * time.Second
)

// draft is a message that grows.
type draft struct {
	Message
	until time.Time
}

// Message is a message as the people in the chat see it.
type Message struct {
	ID   int
	From User
	Date time.Time
	// Edited is when it was last edited, zero for never.
	Edited  time.Time
	Thread  int
	ReplyTo int
	// Kind is text, a kind of media, or a kind of service message.
	Kind string
	// Text is what is seen of the text or the caption, HTML what the bot sent.
	Text     string
	HTML     string
	Entities []Entity
	Buttons  [][]Button
	// ViaBot says that somebody chose it from the bot's inline results.
	ViaBot bool
	// Deleted messages are not seen any more, and in no list of messages.
	Deleted bool
}

// message is a Message with what only the wire shows.
type message struct {
	Message
	file      *wireMedia
	place     *wirePlace
	album     string
	anonymous bool
	member    *User // who came or went, for service messages
	other     int64 // the other ID of a group that moved
}

// Private gives the private chat of a user with the bot, which the user has
// started; the same chat each time.
func (s *Server) Private(u User) *Chat {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.chats[u.ID]; ok {
		return c
	}
	c := s.newChat(u.ID, kindPrivate)
	c.user = u
	return c
}

// Group makes a group, with the bot in it unless it is Outside. The bot is not told: see Chat.Add.
func (s *Server) Group(opt GroupOptions) *Chat {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastChat++
	const basic, super = 4_000_000, 1_002_000_000_000
	kind, id := kindGroup, -basic-s.lastChat
	if opt.Supergroup || opt.Forum {
		kind, id = kindSupergroup, -super-s.lastChat
	}
	c := s.newChat(id, kind)
	c.title, c.forum, c.admin = opt.Title, opt.Forum, opt.Admin
	if opt.Outside {
		c.status = statusLeft
	}
	return c
}

func (s *Server) newChat(id int64, kind string) *Chat {
	c := &Chat{
		s: s, ID: id, kind: kind, status: statusMember,
		byID: make(map[int]*message), topics: make(map[int]string),
		typing: make(map[int]time.Time), drafts: make(map[int]draft),
		limit: newChatLimit(kind),
	}
	s.chats[id] = c
	return c
}

// nextID gives the next message of the chat its ID. The lock is held.
func (c *Chat) nextID() int {
	counter := &c.s.lastID
	if c.kind == kindSupergroup {
		counter = &c.lastID
	}
	*counter++
	return *counter
}

// add puts a message into the chat. The lock is held.
func (c *Chat) add(m *message) *message {
	m.ID = c.nextID()
	m.Date = time.Now()
	if m.Kind == "" {
		m.Kind = "text"
	}
	c.messages = append(c.messages, m)
	c.byID[m.ID] = m
	if m.From.Bot && !m.anonymous {
		c.lastBot = m.From.ID
	}
	c.s.notify()
	return m
}

// find gives a message that is there, nil for none. The lock is held.
func (c *Chat) find(id int) *message {
	if m := c.byID[id]; m != nil && !m.Deleted {
		return m
	}
	return nil
}

// Messages are the messages of the chat as they are now.
func (c *Chat) Messages() []Message {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	var out []Message
	for _, m := range c.messages {
		if !m.Deleted {
			out = append(out, m.copy())
		}
	}
	return out
}

// Message gives a message as it is now; one that was deleted, or never was, has
// Deleted set.
func (c *Chat) Message(id int) Message {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if m := c.find(id); m != nil {
		return m.copy()
	}
	return Message{ID: id, Deleted: true}
}

func (m *message) copy() Message {
	out := m.Message
	out.Entities = slices.Clone(out.Entities)
	out.Buttons = slices.Clone(out.Buttons)
	return out
}

// Typing reports whether the chat shows that the bot is typing, in a topic, 0 for
// the chat itself.
func (c *Chat) Typing(thread int) bool {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return time.Now().Before(c.typing[thread])
}

// Draft gives the message that grows in the chat, false where there is none.
func (c *Chat) Draft() (Message, bool) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	d, ok := c.drafts[0]
	if !ok || !time.Now().Before(d.until) {
		return Message{}, false
	}
	return d.Message, true
}

// Title names the chat.
func (c *Chat) Title() string {
	if c.kind == kindPrivate {
		return c.user.Name
	}
	return c.title
}

// Topic opens a topic in a forum and gives its thread.
func (c *Chat) Topic(by User, name string) int {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if !c.forum {
		panic(fmt.Sprintf("chat %d has no topics", c.ID))
	}
	m := &message{Message: Message{From: by, Kind: kindTopic, Text: name}}
	c.add(m)
	m.Thread = m.ID
	c.topics[m.ID] = name
	c.s.deliver(c, m)
	return m.ID
}

// The kinds of service message.
const (
	kindTopic       = "forum_topic_created"
	kindJoined      = "new_chat_members"
	kindWent        = "left_chat_member"
	kindMigrateTo   = "migrate_to_chat_id"
	kindMigrateFrom = "migrate_from_chat_id"
)

// Block is the user of a private chat blocking the bot, Unblock the contrary.
func (c *Chat) Block() { c.setStatus(c.user, statusKicked) }

// Unblock lets the bot write again.
func (c *Chat) Unblock() { c.setStatus(c.user, statusMember) }

// Kick is somebody putting the bot out of a group, Leave the bot being gone
// without that, Add the bot being put in.
func (c *Chat) Kick(by User) { c.setStatus(by, statusKicked) }

// Leave takes the bot out of a group so that it could be put in again.
func (c *Chat) Leave(by User) { c.setStatus(by, statusLeft) }

// Add puts the bot into a group.
func (c *Chat) Add(by User) { c.setStatus(by, statusMember) }

// setStatus changes what the bot is in the chat, and tells it.
func (c *Chat) setStatus(by User, status string) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	old := c.status
	c.status = status
	member := &wireMember{
		Chat: c.wire(), From: wire(by), Date: time.Now().Unix(),
		Old: c.s.wireStatus(old), New: c.s.wireStatus(status),
	}
	c.s.updates.push(c.s, c.ID, &wireUpdate{Member: member})
	if c.kind == kindPrivate {
		return
	}
	kind := kindJoined
	if status != statusMember {
		kind = kindWent
	}
	m := c.add(&message{Message: Message{From: by, Kind: kind}, member: &c.s.bot})
	if status == statusMember {
		c.s.deliver(c, m)
	}
}

func (s *Server) wireStatus(status string) wireStatus {
	w := wireStatus{Status: status, User: wire(s.bot)}
	if status == statusKicked {
		w.Until = new(int64) // 0 is for ever
	}
	return w
}

// Migrate makes a basic group a supergroup, and gives it. What the bot sends to
// the old one is refused with the new one's ID.
func (c *Chat) Migrate(by User) *Chat {
	next := c.s.Group(GroupOptions{Title: c.title, Supergroup: true, Admin: c.admin})
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.s.deliver(c, c.add(&message{Message: Message{From: by, Kind: kindMigrateTo}, other: next.ID}))
	c.movedTo = next.ID
	c.s.deliver(next, next.add(&message{Message: Message{From: by, Kind: kindMigrateFrom}, other: c.ID}))
	return next
}

func (c *Chat) wire() wireChat {
	w := wireChat{ID: c.ID, Type: c.kind, Title: c.title, IsForum: c.forum}
	if c.kind == kindPrivate {
		w.Name, w.Username = c.user.Name, c.user.Username
	}
	return w
}
