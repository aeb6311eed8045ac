package telegram

import (
	"sync"

	"wenbao/bot"
)

// movedGroups knows where groups went. The zero value is ready.
type movedGroups struct {
	mu sync.Mutex
	to map[int64]int64
}

// put notes that a group goes on under another ID, and reports false where that
// is known.
func (m *movedGroups) put(from, to int64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if from == to || m.to[from] == to {
		return false
	}
	if m.to == nil {
		m.to = make(map[int64]int64)
	}
	m.to[from] = to
	return true
}

// now is the ID that a chat has now.
func (m *movedGroups) now(chat int64) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	if to, ok := m.to[chat]; ok { // a supergroup does not move again
		return to
	}
	return chat
}

// maxRefusers is how many chats are remembered that take no drafts; when there are
// more they are asked again.
const maxRefusers = 10_000

// refusers are chats for which Telegram takes no drafts. The zero value is ready.
type refusers struct {
	mu    sync.Mutex
	chats map[int64]bool
}

func (r *refusers) add(chat int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.chats == nil || len(r.chats) >= maxRefusers {
		r.chats = make(map[int64]bool)
	}
	r.chats[chat] = true
}

func (r *refusers) has(chat int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.chats[chat]
}

// maxAlbums is how many chats are remembered that have sent an album; when there are
// more all are forgotten, and an album that is under way may be two.
const maxAlbums = 10_000

// albums knows the last album of each chat: Telegram gives the media of one as
// messages of their own, which are one event, and mostly one of them carries the
// words for all. The zero value is ready.
type albums struct {
	mu   sync.Mutex
	last map[int64]string
}

// again reports whether an event says nothing after what the chat has sent of the
// same album before.
func (a *albums) again(in incoming) bool {
	if in.Album == "" {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.last[in.Chat.ID] == in.Album {
		return in.Kind == bot.EventMedia
	}
	if a.last == nil || len(a.last) >= maxAlbums {
		a.last = make(map[int64]string)
	}
	a.last[in.Chat.ID] = in.Album
	return false
}
