package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"golang.org/x/tools/txtar"

	"wenbao/bot/bottest"
	"wenbao/rag/llm/llmtest"
)

// TestDialogues plays the dialogues in testdata/dialogue with `wenbao bot`, as a
// whole, over the sample pages, and wants each thing that the bot does to be what
// the file says; -update writes down what it does. See the README there.
func TestDialogues(t *testing.T) {
	files, err := filepath.Glob("../../testdata/dialogue/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("dialogues: %v %v", files, err)
	}
	library := sampleLibrary(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join(t.TempDir(), "lib")
			if err := os.CopyFS(dir, os.DirFS(library)); err != nil {
				t.Fatal(err)
			}
			var got string
			synctest.Test(t, func(t *testing.T) { got = newDialogue(t, dir, archive).play(string(archive.Comment)) })
			if got == string(archive.Comment) {
				return
			}
			if !*update {
				t.Errorf("the bot does something else (-update writes it down):\n%s", lineDiff(string(archive.Comment), got))
				return
			}
			archive.Comment = []byte(got)
			if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// dialogue is people talking to a bot. It lives in a synctest bubble, where the
// waiting takes no time.
type dialogue struct {
	t      *testing.T
	files  map[string][]byte
	dir    string // the library's
	server *bottest.Server
	model  *llmtest.Server
	people map[string]bottest.User
	groups map[string]*bottest.Chat
	topics map[string]int
	// seen is how many of the server's calls were printed.
	seen int
	// last is the last message with buttons in each chat.
	last map[int64]int
	stop func() (exit int, stderr string)
	// cut keeps the bot that runs from its servers.
	cut context.CancelFunc
	// instead is what the model does for so many requests, in place of writing.
	mu      sync.Mutex
	instead llmtest.Reply
	faulty  int
	// wrote is what people wrote.
	wrote []string
	out   strings.Builder
}

func newDialogue(t *testing.T, dir string, archive *txtar.Archive) *dialogue {
	d := &dialogue{
		t: t, dir: dir, files: map[string][]byte{}, server: bottest.New(bottest.Options{}),
		people: map[string]bottest.User{}, groups: map[string]*bottest.Chat{}, topics: map[string]int{},
		last: map[int64]int{},
	}
	for _, f := range archive.Files {
		d.files[f.Name] = f.Data
	}
	model, stop := llmtest.StartPiped(llmtest.Script{Chat: d.answer, Models: []string{"writer"}, Context: 8192})
	d.model = model
	t.Cleanup(func() { d.server.Close(); stop() })
	return d
}

// quiet is how long the bot has for what follows on a line of the script.
const quiet = 4 * time.Second

// play does what the lines ask for and gives the script with what the bot did
// after each.
func (d *dialogue) play(script string) string {
	for line := range strings.Lines(script) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "< ") {
			continue // what was expected is written anew
		}
		d.out.WriteString(line + "\n")
		switch {
		case strings.HasPrefix(line, "$ "):
			d.command(strings.Fields(line[2:]))
		case strings.HasPrefix(line, "! "):
			d.direct(strings.Fields(line[2:]))
			d.print()
			continue
		case strings.HasPrefix(line, ">> "):
			d.act(line[3:])
			continue
		case strings.HasPrefix(line, "> "):
			d.act(line[2:])
		default:
			continue
		}
		time.Sleep(quiet)
		d.print()
	}
	if d.stop != nil {
		d.end()
	}
	for _, c := range d.server.Complaints() {
		d.out.WriteString("< the server complains: " + c + "\n")
	}
	return d.out.String()
}

// command is "wenbao bot …", which ends one that runs, or "stop".
func (d *dialogue) command(args []string) {
	if d.stop != nil {
		d.end()
	}
	if args[0] == "stop" {
		return
	}
	e, _, stderr := newEnv(d.t)
	base := e.Getenv
	e.Getenv = func(key string) string {
		switch key {
		case "WENBAO_DATA":
			return d.dir
		case "WENBAO_TELEGRAM_TOKEN":
			return d.server.Token()
		case "WENBAO_MODEL_URL":
			return d.model.URL
		}
		return base(key)
	}
	connected, cut := context.WithCancel(d.t.Context())
	d.cut = cut
	e.HTTP = severable{exchange{bottest.URL: d.server.Client(), d.model.URL: d.model.Transport}, connected}
	ctx, cancel := context.WithCancel(d.t.Context())
	done := make(chan int, 1)
	args = append(args[1:], "--log", "--telegram-url", bottest.URL)
	go func() { done <- run(ctx, args, e) }()
	d.stop = func() (int, string) { cancel(); return <-done, stderr.String() }
}

// end ends the bot as SIGTERM does.
func (d *dialogue) end() {
	code, stderr := d.stop()
	d.stop = nil
	d.print()
	if code != exitOK {
		fmt.Fprintf(&d.out, "< exit code %d: %s\n", code, stderr)
	}
	d.checkLog(stderr)
}

// leastWritten is the length of what people wrote that is looked for in a log;
// shorter things stand there by chance.
const leastWritten = 4

// checkLog wants no text in a log. What is printed is Chinese, and so is most of
// what people write: no line may have Chinese in it but the program's notices,
// which are no log. The rest, such as the names of files, is looked for.
func (d *dialogue) checkLog(log string) {
	for line := range strings.Lines(log) {
		if strings.HasPrefix(line, "wenbao: ") {
			continue
		}
		if strings.ContainsFunc(line, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			d.t.Errorf("text in the log: %s", line)
		}
		for _, text := range append([]string{d.server.Token()}, d.wrote...) {
			_, argument, _ := strings.Cut(text, " ") // of a command, or of what is done
			for _, part := range []string{text, argument} {
				if len(part) >= leastWritten && strings.Contains(line, part) {
					d.t.Errorf("%q in the log: %s", part, line)
				}
			}
		}
	}
}

// firstUser is the ID of the first of the people; it is the admin's by custom.
const firstUser = 7001

func (d *dialogue) person(name string) bottest.User {
	u, ok := d.people[name]
	if !ok {
		u = bottest.User{ID: int64(firstUser + len(d.people)), Name: name, Lang: "zh-hans"}
		d.people[name] = u
	}
	return u
}

// chat is the group of that name, or somebody's private chat.
func (d *dialogue) chat(person, group string) *bottest.Chat {
	if group == "" {
		return d.server.Private(d.person(person))
	}
	c, ok := d.groups[group]
	if !ok {
		forum := strings.HasSuffix(group, "论坛")
		c = d.server.Group(bottest.GroupOptions{
			Title: group, Supergroup: !strings.HasPrefix(group, "小"), Forum: forum, Outside: strings.HasPrefix(group, "新"),
		})
		d.groups[group] = c
	}
	return c
}

// act is what somebody does: "WHO[@GROUP[#TOPIC]]" with ": TEXT" or what deed knows.
func (d *dialogue) act(line string) {
	who, what, found := strings.Cut(line, " ")
	if !found {
		d.t.Fatalf("nothing is done in %q", line)
	}
	who, says := strings.CutSuffix(who, ":")
	who, topic, _ := strings.Cut(who, "#")
	who, group, _ := strings.Cut(who, "@")
	user, chat := d.person(who), d.chat(who, group)
	opt := bottest.SayOptions{Thread: d.topics[topic]}
	text := strings.ReplaceAll(what, `\n`, "\n")
	d.wrote = append(d.wrote, text)
	switch verb, rest, _ := strings.Cut(text, " "); {
	case says:
		chat.SayWith(user, text, opt)
	case verb == "moves":
		d.groups[group] = chat.Migrate(user)
	default:
		d.deed(user, chat, verb, rest, opt)
	}
}

// deed is "reply: TEXT", "press LABEL", "data DATA", "inline OFFSET: QUERY",
// "file NAME CAPTION", "sends KIND [back]", "blocks", "unblocks", "adds" or "kicks".
func (d *dialogue) deed(user bottest.User, chat *bottest.Chat, verb, rest string, opt bottest.SayOptions) {
	switch verb {
	case "reply:":
		opt.ReplyTo = d.lastOf(chat)
		chat.SayWith(user, rest, opt)
	case "press":
		d.press(user, chat, rest)
	case "data":
		chat.PressData(user, d.last[chat.ID], rest)
	case "inline":
		offset, query, _ := strings.Cut(rest, ":")
		d.server.Inline(user, strings.TrimSpace(query), offset)
	case "file":
		name, caption, _ := strings.Cut(rest, " ")
		chat.SendFile(user, bottest.File{Name: name, Content: d.files[name], Caption: caption, SayOptions: opt})
	case "sends":
		kind, back := strings.CutSuffix(rest, " back")
		if back {
			opt.ReplyTo = d.lastOf(chat)
		}
		chat.SendMedia(user, kind, bottest.File{Name: "x.bin", Content: []byte("x"), SayOptions: opt})
	case "blocks":
		chat.Block()
	case "unblocks":
		chat.Unblock()
	case "adds":
		chat.Add(user)
	case "kicks":
		chat.Kick(user)
	default:
		d.t.Fatalf("nobody can do %q", verb)
	}
}

// press presses "LABEL", or "LABEL #MESSAGE".
func (d *dialogue) press(user bottest.User, chat *bottest.Chat, what string) {
	label, number, named := strings.Cut(what, " #")
	message := d.last[chat.ID]
	if named {
		message = d.number(number)
	}
	if _, err := chat.Press(user, message, label); err != nil {
		d.out.WriteString("< " + err.Error() + "\n")
	}
}

// lastOf is the last message of the bot in a chat.
func (d *dialogue) lastOf(c *bottest.Chat) int {
	id := 0
	for _, m := range c.Messages() {
		if m.From.Bot {
			id = m.ID
		}
	}
	return id
}

// reading begins a draft that tells how far a file is read. Files are read in no time
// that the bubble knows: whether one shows is chance.
const reading = "正在读"

// print writes what the bot did since the last time; the same thing done over and
// over is counted.
func (d *dialogue) print() {
	calls := d.server.Calls()
	var did []string
	for _, c := range inOrder(calls[d.seen:]) {
		if c.Done && len(c.Buttons) > 0 {
			d.last[c.Chat] = c.Message
		}
		if c.Draft != 0 && strings.HasPrefix(c.Text, reading) {
			continue
		}
		if text := printedCall(c, d.where(c.Chat)); text != "" {
			did = append(did, strings.TrimRight(text, "\n"))
		}
	}
	d.seen = len(calls)
	for i := 0; i < len(did); {
		n := 1
		for i+n < len(did) && did[i+n] == did[i] {
			n++
		}
		if n > 1 {
			did[i] += fmt.Sprintf(" ×%d", n)
		}
		for line := range strings.Lines(did[i]) {
			d.out.WriteString("< " + strings.TrimRight(line, "\n") + "\n")
		}
		i += n
	}
}

// inOrder puts what was done at one instant, by goroutines that nothing keeps in order,
// by its chat, and first what is of none: presses and inline queries answered. What was
// done in one chat stays in its order.
func inOrder(calls []bottest.Call) []bottest.Call {
	chat := func(c bottest.Call) int64 {
		if c.Chat == 0 {
			return math.MinInt64
		}
		return c.Chat
	}
	out := slices.Clone(calls)
	slices.SortStableFunc(out, func(a, b bottest.Call) int { return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(chat(a), chat(b))) })
	return out
}

// where names a chat.
func (d *dialogue) where(chat int64) string {
	for name, u := range d.people {
		if u.ID == chat {
			return name
		}
	}
	for name, c := range d.groups {
		if c.ID == chat {
			return "@" + name
		}
	}
	return ""
}

// lineDiff shows where two texts part.
func lineDiff(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	at := 0
	for at < len(w) && at < len(g) && w[at] == g[at] {
		at++
	}
	const around = 12
	cut := func(lines []string) string {
		return strings.Join(lines[max(0, at-2):min(len(lines), at+around)], "\n")
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "line %d\n--- want\n%s\n--- got\n%s", at+1, cut(w), cut(g))
	return b.String()
}
