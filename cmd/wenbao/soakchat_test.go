//go:build soak && linux

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"wenbao/bot/bottest"
)

// talk has everybody ask their questions, and does something else all the while
// again and again. Then, when the bot has long had nothing to do, it looks at what
// stands in each chat.
func (s *soak) talk(meanwhile func()) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	begun := time.Now()
	var asking, other sync.WaitGroup
	for i := range s.chats {
		asking.Go(func() { s.chat(i) })
	}
	other.Go(func() { s.sort(ctx) })
	other.Go(func() {
		for ctx.Err() == nil {
			meanwhile()
			select {
			case <-ctx.Done():
			case <-time.After(10 * time.Millisecond):
			}
		}
	})
	asking.Wait()
	s.spent = time.Since(begun)
	cancel()
	other.Wait()
	s.settle()
	for _, talk := range s.talks {
		for _, fault := range faultsOf(talk.asked, talk.chat.Messages()) {
			s.t.Errorf("chat %d: %s", talk.chat.ID, fault)
		}
	}
}

// chat is one person, alone with the bot or in a group, asking one question after
// the other; now and then two at once.
func (s *soak) chat(i int) {
	random := rand.New(rand.NewPCG(uint64(i), 7))
	user := bottest.User{ID: int64(100_000 + i), Name: fmt.Sprint("居民", i), Lang: "zh-hans"}
	chat, before := s.server.Private(user), ""
	group := i%groupShare == 0
	if group {
		chat, before = s.server.Group(bottest.GroupOptions{Title: fmt.Sprint("群", i), Supergroup: i%2 == 0}), "@"+s.server.Bot().Username+" "
	}
	box := s.inbox(chat.ID)
	var asked []asking
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.talks = append(s.talks, talk{chat, asked})
	}()
	questions := distinct(s.questions, random, s.each)
	if len(questions) < s.each {
		s.t.Errorf("no %d questions with different answers", s.each)
		return
	}
	for len(asked) < s.each && !s.t.Failed() {
		time.Sleep(time.Duration(random.ExpFloat64() * float64(s.think)))
		together := 1
		if !s.single && random.IntN(10) == 0 {
			together = 2
		}
		first := len(asked)
		for _, q := range questions[first:min(first+together, s.each)] {
			at := time.Now()
			asked = append(asked, asking{soakQuestion: q, at: at, group: group, message: chat.Say(user, before+q.text)})
		}
		for _, q := range asked[first:] {
			if !s.answered(box, q) {
				s.t.Errorf("chat %d: %q is not answered within %v", chat.ID, q.text, soakPatience)
				return
			}
		}
	}
}

// inbox is what came to one chat: each message of the bot's when it was whole first.
// Live text, which is not, has no buttons.
type inbox struct {
	mu      sync.Mutex
	whole   []arrival
	changed chan struct{}
}

// arrival is a message and when it came.
type arrival struct {
	message bottest.Message
	at      time.Time
}

// put adds what a call sent, unless it only changes a message that was whole.
func (b *inbox) put(c bottest.Call) {
	b.mu.Lock()
	known := slices.ContainsFunc(b.whole, func(a arrival) bool { return a.message.ID == c.Message })
	if !known {
		b.whole = append(b.whole, arrival{bottest.Message{
			ID: c.Message, From: bottest.User{Bot: true}, ReplyTo: c.ReplyTo, Text: c.Text, Buttons: c.Buttons,
		}, c.Time})
	}
	b.mu.Unlock()
	select {
	case b.changed <- struct{}{}:
	default:
	}
}

// answer gives when a question's answer came.
func (b *inbox) answer(q asking) (at time.Time, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.whole, func(a arrival) bool { return q.answeredBy(a.message) })
	if i < 0 {
		return time.Time{}, false
	}
	return b.whole[i].at, true
}

// inbox gives a chat's.
func (s *soak) inbox(chat int64) *inbox {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.inboxes[chat]
	if !ok {
		b = &inbox{changed: make(chan struct{}, 1)}
		s.inboxes[chat] = b
	}
	return b
}

// sort puts what the bot sends into the inboxes until the context is done.
func (s *soak) sort(ctx context.Context) {
	for {
		c, err := s.server.Next(ctx, "sendMessage", "editMessageText")
		if err != nil {
			return
		}
		if c.Done && len(c.Buttons) > 0 {
			s.inbox(c.Chat).put(c)
		}
	}
}

// answered waits for the answer to a question and keeps how long it took.
func (s *soak) answered(b *inbox, q asking) bool {
	late := time.After(soakPatience)
	for {
		if at, ok := b.answer(q); ok {
			s.mu.Lock()
			s.took = append(s.took, at.Sub(q.at))
			s.mu.Unlock()
			return true
		}
		select {
		case <-b.changed:
		case <-late:
			return false
		}
	}
}

// settle waits until the bot has taken every update and then done nothing for a
// while: what comes twice, or late, is there then.
func (s *soak) settle() {
	s.t.Helper()
	done, silent := -1, time.Now()
	for begun := time.Now(); time.Since(silent) < soakSilence; time.Sleep(100 * time.Millisecond) {
		now := s.server.Count("sendMessage") + s.server.Count("editMessageText") + s.server.Pending()
		if now != done || s.server.Pending() > 0 {
			done, silent = now, time.Now()
		}
		if time.Since(begun) > soakPatience {
			s.t.Errorf("no end %v after the last answer: %d updates are not taken", soakPatience, s.server.Pending())
			return
		}
	}
}
