package telegram

import (
	"slices"
	"sync"
	"time"
)

// heights follows the IDs of messages upwards. Telegram counts the messages of a
// supergroup by themselves, and those of all private chats and basic groups of a
// bot together. The zero value is ready.
type heights struct {
	mu     sync.Mutex
	shared count
	own    map[int64]*count // by supergroup
}

// count is one count of messages.
type count struct {
	height
	// met are the last IDs of messages of which it is known what they are, in
	// order: what others have written, and what the bot knows to have sent.
	met []int
}

// height is how far a count of messages is known to have come.
type height struct {
	id int       // the highest ID seen
	at time.Time // when it was seen
	// current says that all messages above id are ones that this run has not been
	// told of yet: it has sent a message itself, and knows what became of all others.
	// Before, those above may be messages of an earlier run.
	current bool
}

// maxMet is how many IDs are remembered, at least: those of a minute at the rate
// at which messages are sent.
const maxMet = 2 * DefaultRate * 60

// supergroups have IDs below this one; basic groups are between it and 0.
const supergroups = -1_000_000_000_000

func isSupergroup(chat int64) bool { return chat <= supergroups }

// see notes that there is a message. It may be one that is looked for.
func (h *heights) see(chat int64, id int) {
	h.change(chat, func(c *count) { c.raise(id) })
}

// meet notes a message that somebody else has written.
func (h *heights) meet(chat int64, id int) {
	h.change(chat, func(c *count) {
		c.raise(id)
		c.keep(id)
	})
}

// sent notes that a message has just been sent.
func (h *heights) sent(chat int64, id int) {
	h.change(chat, func(c *count) {
		c.raise(id)
		c.keep(id)
		c.current = true
	})
}

// blur notes that a message may have been sent of which nobody will find out.
func (h *heights) blur(chat int64) {
	h.change(chat, func(c *count) { c.current = false })
}

// of is the height of the count that a chat's messages are part of.
func (h *heights) of(chat int64) (now height) {
	h.change(chat, func(c *count) { now = c.height })
	return now
}

// knows reports whether it is known what a message is: none that is looked for.
func (h *heights) knows(chat int64, id int) (known bool) {
	h.change(chat, func(c *count) { _, known = slices.BinarySearch(c.met, id) })
	return known
}

func (h *heights) change(chat int64, change func(*count)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !isSupergroup(chat) {
		change(&h.shared)
		return
	}
	if h.own == nil {
		h.own = make(map[int64]*count)
	}
	c := h.own[chat]
	if c == nil {
		c = &count{}
		h.own[chat] = c
	}
	change(c)
}

func (c *count) raise(id int) {
	if id > c.id {
		c.id, c.at = id, time.Now()
	}
}

// keep remembers an ID. Half is forgotten at a time, so that each is moved about
// once.
func (c *count) keep(id int) {
	at, known := slices.BinarySearch(c.met, id)
	if known {
		return
	}
	c.met = slices.Insert(c.met, at, id)
	if len(c.met) >= 2*maxMet {
		c.met = slices.Clone(c.met[maxMet:])
	}
}
