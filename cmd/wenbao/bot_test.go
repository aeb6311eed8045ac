package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"wenbao/bot/bottest"
	"wenbao/bot/journal"
)

const fakeToken = bottest.DefaultToken

// The people of these tests.
var (
	resident = bottest.User{ID: 7001, Name: "李禾", Lang: "zh-hans"}
	editor   = bottest.User{ID: 7002, Name: "周川", Lang: "zh-hans"} // an admin
)

// shared is a buffer that is read while the program writes to it.
type shared struct {
	mu      sync.Mutex
	b       bytes.Buffer
	changed chan struct{} // closed at the next write; nil where nobody waits
}

func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
	return s.b.Write(p)
}

// await waits until a text has been written.
func (s *shared) await(t *testing.T, text string) {
	t.Helper()
	late := time.After(patience)
	for {
		more := s.next()
		if strings.Contains(s.String(), text) {
			return
		}
		select {
		case <-more:
		case <-late:
			t.Fatalf("no %q in %q", text, s)
		}
	}
}

// next is closed at the next write.
func (s *shared) next() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.changed == nil {
		s.changed = make(chan struct{})
	}
	return s.changed
}

func (s *shared) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// runningBot is `wenbao bot` in this process, with a server on loopback.
type runningBot struct {
	t      *testing.T
	server *bottest.Server
	stderr *shared
	stop   context.CancelFunc
	code   chan int
}

// botEnv is an environment with a token, and with a library of those of the sample
// pages that paths name.
func botEnv(t *testing.T, paths ...string) (e env, stderr *shared) {
	t.Helper()
	e, _, first := newEnv(t)
	if len(paths) > 0 {
		if code := run(t.Context(), append([]string{"ingest"}, paths...), e); code != exitOK {
			t.Fatalf("ingest: exit code %d: %s", code, first)
		}
	}
	base := e.Getenv
	e.Getenv = func(key string) string {
		if key == "WENBAO_TELEGRAM_TOKEN" {
			return fakeToken
		}
		return base(key)
	}
	stderr = &shared{}
	e.Stderr = stderr
	return e, stderr
}

// newServer is a Bot API server whose admin has a private chat with the bot, and
// its address.
func newServer(t *testing.T, opt bottest.Options) (s *bottest.Server, url string) {
	t.Helper()
	s = bottest.New(opt)
	s.Private(editor)
	return s, s.Listen(t)
}

func startBot(t *testing.T, s *bottest.Server, url string, e env, stderr *shared, args ...string) *runningBot {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	b := &runningBot{t: t, server: s, stderr: stderr, stop: stop, code: make(chan int, 1)}
	args = append([]string{"bot", "--log", "--telegram-url", url, "--admins", fmt.Sprint(editor.ID)}, args...)
	go func() { b.code <- run(ctx, args, e) }()
	t.Cleanup(func() { stop(); b.end() })
	return b
}

// end stops the bot as SIGTERM does and gives its exit code, once more if asked again.
func (b *runningBot) end() int {
	b.stop()
	code := <-b.code
	b.code <- code
	return code
}

// says writes something in a private chat and gives the text that the bot sends
// for it.
func (b *runningBot) says(u bottest.User, text string) string {
	b.t.Helper()
	b.server.Private(u).Say(u, text)
	return b.sent()
}

func (b *runningBot) sent() string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), patience)
	defer cancel()
	call, err := b.server.Next(ctx, "sendMessage")
	if err != nil || call.Error != nil {
		b.t.Fatalf("the bot sends nothing: %v %v: %s", err, call.Error, b.stderr)
	}
	return call.Text
}

func wantText(t *testing.T, got string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(got, part) {
			t.Errorf("no %q in %q", part, got)
		}
	}
}

// TestBot asks a question, is answered, and ends the bot.
func TestBot(t *testing.T) {
	e, stderr := botEnv(t, pages)
	server, url := newServer(t, bottest.Options{})
	b := startBot(t, server, url, e, stderr)
	wantText(t, b.says(resident, bedsQuestion), "500张", "[1]", bedsQuote)
	if code := b.end(); code != exitOK {
		t.Errorf("exit code %d", code)
	}
	said := stderr.String()
	wantText(t, said, "wenbao: 机器人 @"+bottest.DefaultUsername+"，报道 18 篇，长轮询\n")
	_, secret, _ := strings.Cut(fakeToken, ":")
	for _, private := range []string{secret, "养老", "500张", resident.Name} {
		if strings.Contains(said, private) {
			t.Errorf("%q in the log: %s", private, said)
		}
	}
	dir := filepath.Join(e.Getenv("WENBAO_DATA"), botDir)
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "sessions.db"): 0o600, filepath.Join(dir, "journal.db"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v, want %v", path, info.Mode(), err, want)
		}
	}
	if complaints := b.server.Complaints(); len(complaints) > 0 {
		t.Errorf("the server complains: %q", complaints)
	}
}

// TestBotLibrary changes the library under the running bot: by wenbao ingest
// beside it, and by a page that an admin sends.
func TestBotLibrary(t *testing.T) {
	e, stderr := botEnv(t, pages+"/2025-01-15")
	server, url := newServer(t, bottest.Options{})
	b := startBot(t, server, url, e, stderr)
	if got := b.says(resident, bedsQuestion); strings.Contains(got, "500张") {
		t.Errorf("before the page is there: %q", got)
	}
	beside := e
	beside.Stderr, beside.Stdout = io.Discard, io.Discard
	if code := run(t.Context(), []string{"ingest", pages}, beside); code != exitOK {
		t.Fatalf("ingest: exit code %d", code)
	}
	b.says(editor, "/reload")
	wantText(t, b.says(resident, bedsQuestion), "500张")

	b.server.Private(editor).SendFile(editor, bottest.File{Name: "云泽日报2025-01-16第2版.txt", Content: []byte(sentPage)})
	wantText(t, b.sent(), "白塔镇修好一座桥")
	wantText(t, b.says(resident, "/verify 村民不用再绕路"), "白塔镇修好一座桥")
	if got := files(t, filepath.Join(e.Getenv("WENBAO_DATA"), receivedDir)); len(got) != 1 {
		t.Errorf("received: %q", got)
	}
	if code := b.end(); code != exitOK {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	if strings.Contains(stderr.String(), "第2版") {
		t.Errorf("the name of a file in the log: %s", stderr)
	}
}

// TestBotAgain stops the bot and starts it anew: what was asked meanwhile is
// answered, and a follow-up knows what was asked before.
func TestBotAgain(t *testing.T) {
	e, stderr := botEnv(t, pages)
	server, url := newServer(t, bottest.Options{})
	first := startBot(t, server, url, e, stderr, "--corpus", pages)
	first.says(resident, bedsQuestion)
	if code := first.end(); code != exitOK {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	server.Private(resident).Say(resident, "那江滨新区呢？")
	second := startBot(t, server, url, e, stderr)
	wantText(t, second.sent(), "400张")
}

// TestBotEndsAtOnce has the signal come before anything is open.
func TestBotEndsAtOnce(t *testing.T) {
	e, stderr := botEnv(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if code := run(ctx, []string{"bot", "--corpus", pages}, e); code != exitOK || stderr.String() != "" {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}

// TestBotTwice wants the second bot on the same data to say so.
func TestBotTwice(t *testing.T) {
	e, stderr := botEnv(t)
	j, err := journal.Open(filepath.Join(botFolder(t, e), "journal.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if code := run(t.Context(), []string{"bot", "--corpus", pages}, e); code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	wantText(t, stderr.String(), "wenbao: 已经有一个 wenbao bot 在用")
}

func botFolder(t *testing.T, e env) string {
	t.Helper()
	dir := filepath.Join(e.Getenv("WENBAO_DATA"), botDir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestBotRefused has a token that Telegram does not know.
func TestBotRefused(t *testing.T) {
	e, stderr := botEnv(t)
	server, url := newServer(t, bottest.Options{Token: "42:another-token-for-nobody-at-all"})
	b := startBot(t, server, url, e, stderr, "--corpus", pages)
	select {
	case code := <-b.code:
		b.code <- code
		if code != exitFailed {
			t.Errorf("exit code %d", code)
		}
	case <-time.After(patience):
		t.Fatal("the bot goes on")
	}
	wantText(t, stderr.String(), "wenbao: Telegram 不认这个令牌")
}

// TestBotForgets looks for what a user said in the files of the bot, before and
// after /forget.
func TestBotForgets(t *testing.T) {
	e, stderr := botEnv(t)
	server, url := newServer(t, bottest.Options{})
	// What waits together leaves more in the journal than the next updates write over.
	const others, each = 20, 9
	for id := range int64(others) {
		u := bottest.User{ID: 8000 + id, Name: "居民"}
		server.Private(u).Say(u, strings.Repeat("新街", 200))
	}
	for n := range each {
		server.Private(resident).Say(resident, fmt.Sprint(strings.Repeat("老街", 100), n, bedsQuestion))
	}
	b := startBot(t, server, url, e, stderr, "--corpus", pages, "--telegram-rate", "1000")
	for range others + each {
		b.sent()
	}
	dir := botFolder(t, e)
	for _, name := range []string{"sessions.db", "journal.db"} {
		if !holds(t, filepath.Join(dir, name), bedsQuestion) {
			t.Errorf("%s does not hold the question", name)
		}
	}
	wantText(t, b.says(resident, "/forget"), "已经全部删除")
	if code := b.end(); code != exitOK {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	for _, name := range []string{"sessions.db", "journal.db"} {
		for _, text := range []string{bedsQuestion, bedsQuote, "老街"} {
			if holds(t, filepath.Join(dir, name), text) {
				t.Errorf("%s still holds %q", name, text)
			}
		}
	}
}

// holds reports whether a file has a text in it.
func holds(t *testing.T, file, text string) bool {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(b, []byte(text))
}

// TestBotMaintenance starts closed to all but admins, and stays so until it is
// started open.
func TestBotMaintenance(t *testing.T) {
	e, stderr := botEnv(t)
	server, url := newServer(t, bottest.Options{})
	for _, test := range []struct {
		args   []string
		closed bool
	}{
		{[]string{"--maintenance"}, true}, {nil, true}, {[]string{"--maintenance=false"}, false}, {nil, false},
	} {
		b := startBot(t, server, url, e, stderr, append(test.args, "--corpus", pages)...)
		if got := b.says(resident, bedsQuestion); strings.Contains(got, "500张") == test.closed {
			t.Errorf("%q: %q", test.args, got)
		}
		b.end()
	}
}
