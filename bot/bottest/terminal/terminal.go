package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"wenbao/bot/bottest"
)

// terminal is one who talks to the bot.
type terminal struct {
	s     *bottest.Server
	quiet time.Duration // 0 does every line at once
	user  bottest.User
	chat  *bottest.Chat
	group *bottest.Chat // made when it is first wanted
	forum *bottest.Chat
	// thread is the topic that is written in, 0 for none.
	thread int
	query  string // the last inline query

	mu     sync.Mutex
	out    io.Writer
	chats  map[int64]*bottest.Chat
	last   time.Time // when something was printed
	heard  bool      // the bot has called at least once
	shown  []button  // those of the last keyboard
	inline []bottest.InlineResult
}

// button is a button that can be pressed.
type button struct {
	bottest.Button
	chat    *bottest.Chat
	message int
}

func newTerminal(s *bottest.Server, out io.Writer) *terminal {
	t := &terminal{s: s, out: out, chats: make(map[int64]*bottest.Chat)}
	t.become("李桥")
	return t
}

// become lets somebody of a name write, the same one for the same name.
func (t *terminal) become(name string) {
	id := int64(1000)
	for _, r := range name {
		id = (id*31 + int64(r)) % 1_000_000_007
	}
	t.user = bottest.User{ID: 1 + id, Name: name, Lang: "zh-hans"}
	t.enter(t.s.Private(t.user), 0)
}

func (t *terminal) enter(c *bottest.Chat, thread int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.chat, t.thread = c, thread
	t.chats[c.ID] = c
}

// talk does what the lines say, until there are none.
func (t *terminal) talk(ctx context.Context, in io.Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		t.watch(ctx)
	}()
	defer func() { <-watched }()
	defer cancel()
	t.waitForBot(ctx)
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		switch {
		case ctx.Err() != nil || line == ":quit":
			return nil
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		}
		if t.quiet > 0 {
			t.print("> " + line)
		}
		if err := t.do(ctx, line); err != nil {
			t.print("! " + err.Error())
		}
		t.waitForQuiet(ctx)
	}
	return lines.Err()
}

// watch prints what the bot does.
func (t *terminal) watch(ctx context.Context) {
	for {
		call, err := t.s.Next(ctx)
		if err != nil {
			return // The context is done: there is no other error.
		}
		t.mu.Lock()
		t.heard = true
		t.last = time.Now()
		t.show(call)
		t.mu.Unlock()
	}
}

// waitForBot waits until the bot is there, in a script.
func (t *terminal) waitForBot(ctx context.Context) {
	for t.quiet > 0 && ctx.Err() == nil {
		t.mu.Lock()
		heard := t.heard
		t.mu.Unlock()
		if heard {
			t.waitForQuiet(ctx)
			return
		}
		pause(ctx, t.quiet/10)
	}
}

// waitForQuiet waits until the bot has done nothing for a while, in a script.
func (t *terminal) waitForQuiet(ctx context.Context) {
	began := time.Now()
	for t.quiet > 0 && ctx.Err() == nil {
		t.mu.Lock()
		since := time.Since(began)
		if t.last.After(began) {
			since = time.Since(t.last)
		}
		t.mu.Unlock()
		if since >= t.quiet && t.s.Pending() == 0 {
			return
		}
		pause(ctx, t.quiet/10)
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// do does what one line says.
func (t *terminal) do(ctx context.Context, line string) error {
	command, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	with := bottest.SayOptions{Thread: t.thread}
	switch command {
	case ":private":
		t.enter(t.s.Private(t.user), 0)
	case ":group":
		if t.group == nil {
			t.group = t.s.Group(bottest.GroupOptions{Title: "云泽街坊", Supergroup: true})
		}
		t.enter(t.group, 0)
	case ":topic":
		if t.forum == nil {
			t.forum = t.s.Group(bottest.GroupOptions{Title: "云泽议事", Forum: true})
		}
		t.enter(t.forum, t.forum.Topic(t.user, rest))
	case ":user":
		t.become(rest)
	case ":reply":
		id, text, _ := strings.Cut(rest, " ")
		n, err := strconv.Atoi(id)
		if err != nil {
			return fmt.Errorf("reply to %q: no number", id)
		}
		with.ReplyTo = n
		t.chat.SayWith(t.user, text, with)
	case ":press":
		return t.press(rest)
	case ":inline":
		t.query = t.s.Inline(t.user, rest, "")
	case ":choose":
		return t.choose(rest)
	case ":file":
		content, err := os.ReadFile(rest)
		if err != nil {
			return err
		}
		t.chat.SendFile(t.user, bottest.File{Name: filepath.Base(rest), Content: content, SayOptions: with})
	case ":photo", ":voice", ":sticker":
		t.chat.SendMedia(t.user, command[1:], bottest.File{SayOptions: with})
	case ":block":
		t.s.Private(t.user).Block()
	case ":unblock":
		t.s.Private(t.user).Unblock()
	case ":wait":
		seconds, err := strconv.ParseFloat(rest, 64)
		if err != nil {
			return fmt.Errorf("wait %q: no number of seconds", rest)
		}
		pause(ctx, time.Duration(seconds*float64(time.Second)))
	default:
		if strings.HasPrefix(line, ":") {
			return fmt.Errorf("%s is not known", command)
		}
		t.chat.SayWith(t.user, line, with)
	}
	return nil
}

var errNoNumber = errors.New("there is none with that number")

// press presses a button of the keyboard that was printed last.
func (t *terminal) press(number string) error {
	t.mu.Lock()
	shown := t.shown
	t.mu.Unlock()
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(shown) {
		return fmt.Errorf("press %s: %w", number, errNoNumber)
	}
	b := shown[n-1]
	switch b.Kind {
	case bottest.ButtonData:
		b.chat.PressData(t.user, b.message, b.Value)
	case bottest.ButtonInline, bottest.ButtonInlineCurrent:
		t.query = t.s.Inline(t.user, b.Value, "")
	default:
		t.print(fmt.Sprintf("* %s: %s", b.Kind, b.Value))
	}
	return nil
}

// choose sends one of the inline results that were printed last.
func (t *terminal) choose(number string) error {
	t.mu.Lock()
	inline := t.inline
	t.mu.Unlock()
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(inline) {
		return fmt.Errorf("choose %s: %w", number, errNoNumber)
	}
	id, err := t.chat.Choose(t.user, t.query, inline[n-1].ID)
	if err == nil {
		t.print(fmt.Sprintf("#%d %s, via the bot\n%s", id, t.user.Name, indent(t.chat.Message(id).Text)))
	}
	return err
}

func (t *terminal) print(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fmt.Fprintln(t.out, line)
}
