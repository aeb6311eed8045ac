package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"wenbao/bot/bottest"
)

// soakQuestion is a question whose answer is known.
type soakQuestion struct {
	text string
	// begins are the ways in which its answer may begin, as beginning gives them.
	begins []string
}

// asking is a question as it was asked in a chat.
type asking struct {
	soakQuestion
	message int
	at      time.Time
	group   bool // answers there are replies
}

// talk is what was asked in a chat.
type talk struct {
	chat  *bottest.Chat
	asked []asking
}

// beginningRunes tells answers apart and is less than one message.
const beginningRunes = 80

// beginning is the first of an answer's characters without blanks, which a chat
// shows otherwise.
func beginning(answer string) string {
	runes := []rune(squeezed(answer))
	return string(runes[:min(len(runes), beginningRunes)])
}

func squeezed(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// answeredBy reports whether a message of the bot's is the whole answer.
func (q asking) answeredBy(m bottest.Message) bool {
	if len(m.Buttons) == 0 || m.ID <= q.message || q.group != (m.ReplyTo != 0) || q.group && m.ReplyTo != q.message {
		return false
	}
	text := squeezed(m.Text)
	return slices.ContainsFunc(q.begins, func(b string) bool { return b != "" && strings.HasPrefix(text, b) })
}

// distinct draws questions of which no two can be told the same.
func distinct(all []soakQuestion, random *rand.Rand, n int) (out []soakQuestion) {
	for _, i := range random.Perm(len(all)) {
		if len(out) == n {
			break
		}
		if !slices.ContainsFunc(out, func(q soakQuestion) bool { return confusable(q, all[i]) }) {
			out = append(out, all[i])
		}
	}
	return out
}

// confusable reports whether one message could be the answer to both.
func confusable(p, q soakQuestion) bool {
	for _, a := range p.begins {
		for _, b := range q.begins {
			if strings.HasPrefix(a, b) || strings.HasPrefix(b, a) {
				return true
			}
		}
	}
	return false
}

// faultsOf says what is wrong in a chat: its messages of the bot's are to be one
// whole answer for each question, in the order of the questions, and nothing else.
func faultsOf(asked []asking, messages []bottest.Message) (faults []string) {
	times, latest := make([]int, len(asked)), 0
	for _, m := range messages {
		if !m.From.Bot {
			continue
		}
		n := slices.IndexFunc(asked, func(q asking) bool { return q.answeredBy(m) })
		if n < 0 {
			faults = append(faults, fmt.Sprintf("message %d of the bot, to %d, answers no question: %.60q", m.ID, m.ReplyTo, m.Text))
			continue
		}
		if n < latest {
			faults = append(faults, fmt.Sprintf("the answer to question %d comes after that to question %d", n, latest))
		}
		latest = max(latest, n)
		times[n]++
	}
	for n, c := range times {
		if c != 1 {
			faults = append(faults, fmt.Sprintf("question %d has %d answers", n, c))
		}
	}
	return faults
}

// TestSoakFaults wants the soak to see what it is there to see.
func TestSoakFaults(t *testing.T) {
	question := func(message int, group bool) asking {
		return asking{soakQuestion{"问", []string{beginning(fmt.Sprint("第 ", message, " 问的回答"))}}, message, time.Time{}, group}
	}
	answer := func(id, to, of int) bottest.Message {
		return bottest.Message{
			ID: id, ReplyTo: to, From: bottest.User{Bot: true}, Text: fmt.Sprintf("第 %d 问的回答\n出处", of),
			Buttons: [][]bottest.Button{{{Text: "[1]"}}},
		}
	}
	live := answer(4, 0, 3)
	live.Buttons = nil
	for _, tt := range []struct {
		name   string
		group  bool
		got    []bottest.Message
		faults int
	}{
		{"well", false, []bottest.Message{{ID: 1}, answer(2, 0, 1), {ID: 3}, answer(4, 0, 3)}, 0},
		{"well in a group", true, []bottest.Message{answer(2, 1, 1), answer(4, 3, 3)}, 0},
		{"both asked before", false, []bottest.Message{{ID: 1}, {ID: 3}, answer(4, 0, 1), answer(5, 0, 3)}, 0},
		{"lost", false, []bottest.Message{answer(2, 0, 1)}, 1},
		{"doubled, the other lost", false, []bottest.Message{answer(2, 0, 1), answer(4, 0, 1)}, 2},
		{"doubled at the end", false, []bottest.Message{answer(2, 0, 1), answer(4, 0, 3), answer(5, 0, 3)}, 1},
		{"doubled in a group", true, []bottest.Message{answer(2, 1, 1), answer(4, 3, 3), answer(5, 1, 1)}, 2},
		{"out of order", false, []bottest.Message{answer(4, 0, 3), answer(5, 0, 1)}, 1},
		{"out of order in a group", true, []bottest.Message{answer(4, 3, 3), answer(5, 1, 1)}, 1},
		{"to another's message", true, []bottest.Message{answer(2, 1, 1), answer(4, 1, 3)}, 2},
		{"no reply in a group", true, []bottest.Message{answer(2, 1, 1), answer(4, 0, 3)}, 2},
		{"another answer", false, []bottest.Message{answer(2, 0, 1), answer(4, 0, 9)}, 2},
		{"before it was asked", false, []bottest.Message{answer(2, 0, 3), answer(4, 0, 1)}, 2},
		{"live to the end", false, []bottest.Message{answer(2, 0, 1), live}, 2},
	} {
		asked := []asking{question(1, tt.group), question(3, tt.group)}
		if got := faultsOf(asked, tt.got); len(got) != tt.faults {
			t.Errorf("%s: %q, want %d faults", tt.name, got, tt.faults)
		}
	}
}

// TestDistinct draws questions that can be told apart by their answers.
func TestDistinct(t *testing.T) {
	all := []soakQuestion{{"甲", []string{"一", "二"}}, {"乙", []string{"二三"}}, {"丙", []string{"四"}}}
	for seed := range uint64(8) {
		got := distinct(all, rand.New(rand.NewPCG(seed, 0)), 3)
		if len(got) != 2 || confusable(got[0], got[1]) {
			t.Errorf("seed %d: %v", seed, got)
		}
	}
}
