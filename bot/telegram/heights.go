package telegram

import (
	"sync"
	"time"
)

// heights follows the IDs of messages upwards. Telegram counts the messages of a
// supergroup by themselves, and those of all private chats and basic groups of a
// bot together. The zero value is ready.
type heights struct {
	mu     sync.Mutex
	shared height
	own    map[int64]height // by supergroup
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

// supergroups have IDs below this one; basic groups are between it and 0.
const supergroups = -1_000_000_000_000

func isSupergroup(chat int64) bool { return chat <= supergroups }

// see notes that a message exists.
func (h *heights) see(chat int64, id int) {
	h.change(chat, func(v *height) { v.raise(id) })
}

// sent notes that a message has just been sent.
func (h *heights) sent(chat int64, id int) {
	h.change(chat, func(v *height) {
		v.raise(id)
		v.current = true
	})
}

// blur notes that a message may have been sent of which nobody will find out.
func (h *heights) blur(chat int64) {
	h.change(chat, func(v *height) { v.current = false })
}

// of is the height of the count that a chat's messages are part of.
func (h *heights) of(chat int64) (now height) {
	h.change(chat, func(v *height) { now = *v })
	return now
}

func (h *heights) change(chat int64, change func(*height)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !isSupergroup(chat) {
		change(&h.shared)
		return
	}
	if h.own == nil {
		h.own = make(map[int64]height)
	}
	v := h.own[chat]
	change(&v)
	h.own[chat] = v
}

func (v *height) raise(id int) {
	if id > v.id {
		v.id, v.at = id, time.Now()
	}
}
