package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"wenbao/bot"
	"wenbao/bot/session"
)

// start is when tests begin.
var start = time.Date(2025, 1, 16, 9, 0, 0, 0, time.UTC)

// Who takes part.
const (
	resident  = 1001
	neighbour = 1002
	admin     = 1003
	group     = -5000
)

// talk is a conversation with a bot.
type talk struct {
	t     testing.TB
	bot   *bot.Bot
	store bot.Store
	shelf *shelf
	meter *meter
	now   time.Time
	next  int64 // event ID
	user  bot.User
	chat  bot.Chat
	shown []bot.Message
	said  bot.Reply // to the last event
}

// newTalk is a resident's private chat over the sample newspaper.
func newTalk(t testing.TB, change func(*bot.Options)) *talk {
	t.Helper()
	k := &talk{
		t: t, store: session.NewMemory(), shelf: &shelf{now: sample(t)}, meter: &meter{}, now: start, next: 1,
		user: bot.User{ID: resident, Lang: "zh-hans"}, chat: bot.Chat{ID: resident, Private: true},
	}
	o := bot.Options{
		Library: k.shelf, Store: k.store, Meter: k.meter, Files: files{},
		Username: func() string { return "wenbao_bot" },
		Admins:   []int64{admin}, Now: func() time.Time { return k.now },
	}
	if change != nil {
		change(&o)
	}
	b, err := bot.New(o)
	if err != nil {
		t.Fatal(err)
	}
	k.bot = b
	return k
}

// as goes on as another user, in that user's private chat.
func (k *talk) as(user int64) *talk {
	k.user.ID, k.chat = user, bot.Chat{ID: user, Private: true}
	return k
}

// in goes on in a group.
func (k *talk) in(chat int64) *talk {
	k.chat = bot.Chat{ID: chat}
	return k
}

// event fills in what every event has. Time goes on so that no limit of rates is
// met by the way.
func (k *talk) event(e bot.Event) bot.Event {
	k.now = k.now.Add(10 * time.Second)
	e.ID, e.User, e.Time = k.next, k.user, k.now
	if e.Kind != bot.EventInline {
		e.Chat = k.chat
	}
	k.next++
	return e
}

// handle has an event handled and checks what holds for every reply.
func (k *talk) handle(e bot.Event) bot.Reply {
	k.t.Helper()
	return k.handleIn(context.Background(), e)
}

func (k *talk) handleIn(ctx context.Context, e bot.Event) bot.Reply {
	k.t.Helper()
	k.shown = nil
	r, err := k.bot.Handle(ctx, e, func(m bot.Message) { k.shown = append(k.shown, m) })
	if err != nil {
		k.t.Fatalf("event %d: %v", e.ID, err)
	}
	checkReply(k.t, r)
	for _, m := range k.shown {
		checkMessage(k.t, m)
	}
	if k.shelf.acquired != 0 {
		k.t.Errorf("event %d: the collection was not released", e.ID)
	}
	k.said = r
	return r
}

// say writes something: a question, or a command.
func (k *talk) say(text string) bot.Reply {
	k.t.Helper()
	return k.handle(k.event(written(text)))
}

func written(text string) bot.Event {
	e := bot.Event{Kind: bot.EventText, Text: text}
	if rest, ok := strings.CutPrefix(text, "/"); ok {
		e.Command, e.Text, _ = strings.Cut(rest, " ")
	}
	return e
}

// press presses the button of a reply that has a text.
func (k *talk) press(r bot.Reply, text string) bot.Reply {
	k.t.Helper()
	return k.pressData(data(k.t, r, text))
}

func (k *talk) pressData(data string) bot.Reply {
	k.t.Helper()
	return k.handle(k.event(bot.Event{Kind: bot.EventPress, Data: data, Message: 77}))
}

func (k *talk) inline(query, offset string) bot.Reply {
	k.t.Helper()
	return k.handle(k.event(bot.Event{Kind: bot.EventInline, Text: query, Offset: offset}))
}

// buttons are all buttons of a reply.
func buttons(r bot.Reply) []bot.Button {
	var out []bot.Button
	for _, m := range r.Messages {
		for _, row := range m.Buttons {
			out = append(out, row...)
		}
	}
	return out
}

// data is what the button with a text carries.
func data(t testing.TB, r bot.Reply, text string) string {
	t.Helper()
	all := buttons(r)
	i := slices.IndexFunc(all, func(b bot.Button) bool { return b.Text == text })
	if i < 0 {
		t.Fatalf("no button %q in %s", text, shape(r))
	}
	return all[i].Data
}

// shape writes a reply for reading: bold between asterisks, italic between
// underscores, quotations behind a bar, buttons with what they carry.
func shape(r bot.Reply) string {
	var b strings.Builder
	if r.Toast != "" {
		fmt.Fprintf(&b, "(toast) %s\n", r.Toast)
	}
	for _, m := range r.Messages {
		shapeMessage(&b, m)
	}
	if r.Inline != nil {
		if r.Inline.Hint != "" {
			fmt.Fprintf(&b, "(hint) %s\n", r.Inline.Hint)
		}
		for _, res := range r.Inline.Results {
			fmt.Fprintf(&b, "(result %s) %s\n    %s\n", res.ID, res.Title, strings.ReplaceAll(res.Description, "\n", "\n    "))
			shapeMessage(&b, res.Message)
		}
		if r.Inline.Next != "" {
			fmt.Fprintf(&b, "(next) %s\n", r.Inline.Next)
		}
	}
	return b.String()
}

func shapeMessage(b *strings.Builder, m bot.Message) {
	if m.Replace != 0 {
		fmt.Fprintf(b, "(in place of %d)\n", m.Replace)
	}
	for i, block := range m.Blocks {
		if i > 0 {
			b.WriteString("\n")
		}
		text := shapeBlock(block)
		if block.Quote {
			bar := "│ "
			if block.Folded {
				bar = "┆ "
			}
			text = bar + strings.ReplaceAll(text, "\n", "\n"+bar)
		}
		for line := range strings.Lines(text + "\n") {
			b.WriteString(strings.TrimRight(line, " \n") + "\n")
		}
	}
	for _, row := range m.Buttons {
		for _, button := range row {
			switch {
			case button.Copy != "":
				fmt.Fprintf(b, "<%s | copies %s>", button.Text, button.Copy)
			default:
				fmt.Fprintf(b, "<%s | %s>", button.Text, button.Data)
			}
		}
		b.WriteString("\n")
	}
}

func shapeBlock(block bot.Block) string {
	var b strings.Builder
	for _, p := range block.Pieces {
		for _, r := range p {
			mark := map[bot.Style]string{bot.Bold: "*", bot.Italic: "_", bot.Code: "`"}[r.Style]
			b.WriteString(mark + r.Text + mark)
		}
	}
	return b.String()
}

// text is everything that a reply says, without marks.
func text(r bot.Reply) string {
	var b strings.Builder
	b.WriteString(r.Toast)
	for _, m := range r.Messages {
		b.WriteString(messageText(m))
	}
	if r.Inline != nil {
		b.WriteString(r.Inline.Hint)
	}
	return b.String()
}

func messageText(m bot.Message) string {
	var b strings.Builder
	for _, block := range m.Blocks {
		for _, p := range block.Pieces {
			for _, r := range p {
				b.WriteString(r.Text)
			}
		}
		b.WriteString("\n\n")
	}
	return b.String()
}

const (
	maxToast  = 200  // characters, of answerCallbackQuery
	maxPart   = 4096 // characters of one message
	maxButton = 40   // characters: more does not fit a telephone's row
)

// checkReply asserts what holds for every reply.
func checkReply(t testing.TB, r bot.Reply) {
	t.Helper()
	if n := utf8.RuneCountInString(r.Toast); n > maxToast {
		t.Errorf("a toast of %d characters: %s", n, r.Toast)
	}
	for _, m := range r.Messages {
		checkMessage(t, m)
	}
	if r.Inline == nil {
		return
	}
	if len(r.Inline.Results) > bot.MaxResults {
		t.Errorf("%d inline results", len(r.Inline.Results))
	}
	seen := map[string]bool{}
	for _, res := range r.Inline.Results {
		if res.ID == "" || len(res.ID) > bot.MaxData || seen[res.ID] || res.Title == "" {
			t.Errorf("inline result %q (%s)", res.ID, res.Title)
		}
		seen[res.ID] = true
		checkMessage(t, res.Message)
		if len(res.Message.Buttons) > 0 || utf8.RuneCountInString(messageText(res.Message)) > maxPart {
			t.Errorf("inline result %s has buttons, or is too long", res.ID)
		}
	}
}

// checkMessage asserts what holds for every message: something to read, unless it
// only changes buttons, and buttons within their limits.
func checkMessage(t testing.TB, m bot.Message) {
	t.Helper()
	if strings.TrimSpace(messageText(m)) == "" && (m.Replace == 0 || len(m.Buttons) == 0) {
		t.Errorf("a message with nothing to read: %+v", m)
	}
	if !utf8.ValidString(messageText(m)) {
		t.Errorf("a message that is no UTF-8: %q", messageText(m))
	}
	for _, row := range m.Buttons {
		if len(row) == 0 || len(row) > 8 {
			t.Errorf("a row of %d buttons", len(row))
		}
		for _, b := range row {
			checkButton(t, b)
		}
	}
}

func checkButton(t testing.TB, b bot.Button) {
	t.Helper()
	set := 0
	for _, s := range []string{b.Data, b.Copy, b.Inline} {
		if s != "" {
			set++
		}
	}
	units := 0
	for _, r := range b.Copy {
		units++
		if r > 0xffff {
			units++
		}
	}
	n := utf8.RuneCountInString(b.Text)
	if set != 1 || n == 0 || n > maxButton || len(b.Data) > bot.MaxData || units > bot.MaxCopy {
		t.Errorf("button %+v", b)
	}
}
