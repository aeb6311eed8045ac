package telegram

import (
	"slices"
	"sync"
	"time"
)

const (
	// groupTime is the time over which Telegram counts what is written to a group,
	// messages and edits alike: it allows 20.
	groupTime = time.Minute
	// maxLive is how much may have been written in that time before no live text is
	// shown: five of the 20 are left for the replies, which have to arrive.
	maxLive = 15
	// maxPaced is how many groups are remembered before the silent ones are deleted.
	maxPaced = 1000
)

// pace knows how much was written to each group. The zero value is ready.
type pace struct {
	mu     sync.Mutex
	groups map[int64][]time.Time // of the last groupTime, in order
}

// note counts a message or an edit; those in private chats are of no interest.
func (p *pace) note(chat int64) {
	if chat >= 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.groups == nil {
		p.groups = make(map[int64][]time.Time)
	}
	if len(p.groups) >= maxPaced {
		for id := range p.groups {
			p.trim(id, now)
		}
	}
	p.groups[chat] = append(p.trim(chat, now), now)
}

// full reports whether there is no room for live text in a chat.
func (p *pace) full(chat int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.trim(chat, time.Now())) >= maxLive
}

// trim forgets what was written to a group before groupTime, and the group where
// that was all. The lock is held.
func (p *pace) trim(chat int64, now time.Time) []time.Time {
	written := p.groups[chat]
	old := 0
	for old < len(written) && now.Sub(written[old]) >= groupTime {
		old++
	}
	if old < len(written) {
		written = slices.Delete(written, 0, old)
		p.groups[chat] = written
		return written
	}
	delete(p.groups, chat)
	return nil
}
