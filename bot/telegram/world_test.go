package telegram_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"wenbao/bot"
	"wenbao/bot/bottest"
	"wenbao/bot/telegram"
)

// handler is a Handler that does what a test says; it echoes where that says
// nothing.
type handler struct {
	handle     func(ctx context.Context, e bot.Event, show func(bot.Message)) (bot.Reply, error)
	interrupts func(bot.Event) bool
	busy       func(bot.Event) bot.Reply

	mu     sync.Mutex
	events []bot.Event
}

func (h *handler) Handle(ctx context.Context, e bot.Event, show func(bot.Message)) (bot.Reply, error) {
	h.mu.Lock()
	h.events = append(h.events, e)
	h.mu.Unlock()
	if h.handle != nil {
		return h.handle(ctx, e, show)
	}
	return echo(e), nil
}

// echo answers a text with itself.
func echo(e bot.Event) bot.Reply {
	switch e.Kind {
	case bot.EventText:
		return bot.Say("答：" + e.Text)
	case bot.EventPress:
		return bot.Reply{Toast: "按：" + e.Data}
	}
	return bot.Reply{}
}

func (h *handler) Interrupts(e bot.Event) bool { return h.interrupts != nil && h.interrupts(e) }

func (h *handler) Busy(e bot.Event) bot.Reply {
	if h.busy != nil {
		return h.busy(e)
	}
	if e.Kind == bot.EventPress {
		return bot.Reply{Toast: "稍后再试"}
	}
	return bot.Say("稍后再试")
}

func (h *handler) Failed(bot.Event) bot.Reply { return bot.Say("出错了") }

// handled are the events so far.
func (h *handler) handled() []bot.Event {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.events)
}

// counts is a Meter.
type counts struct {
	mu        sync.Mutex
	of        map[string]int
	queued    int
	delivered []time.Duration
}

func (c *counts) add(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil {
		c.of = make(map[string]int)
	}
	c.of[name]++
}

func (c *counts) get(name string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.of[name]
}

func (c *counts) Update(kind string)          { c.add("update " + kind) }
func (c *counts) TooMany()                    { c.add("429") }
func (c *counts) Panicked()                   { c.add("panic") }
func (c *counts) Faults(method, class string) { c.add(method + " " + class) }

func (c *counts) Queued(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queued = n
}

func (c *counts) Delivered(kind string, took time.Duration) {
	c.add("delivered " + kind)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.delivered = append(c.delivered, took)
}

// world is a server, a journal, and a program between them.
type world struct {
	*bottest.Server
	t       testing.TB
	journal *memory
	handler *handler
	meter   *counts
	log     *lockedBuffer
	tell    func(*telegram.Options) // changes the options

	transport *telegram.Transport
	stop      context.CancelFunc
	ended     chan error
}

// lockedBuffer is a log that can be read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// inWorld runs a test in a bubble of its own time, with a program that is not
// started yet.
func inWorld(t *testing.T, opt bottest.Options, test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{
			Server: bottest.New(opt), t: t, journal: newMemory(), handler: &handler{},
			meter: &counts{}, log: &lockedBuffer{},
		}
		test(w)
		w.end()
		w.Close()
		for _, c := range w.Complaints() {
			t.Errorf("telegram would complain: %s", c)
		}
		if strings.Contains(w.log.String(), w.Token()) {
			t.Errorf("the log holds the token")
		}
	})
}

func (w *world) options() telegram.Options {
	o := telegram.Options{
		Token: w.Token(), URL: bottest.URL, Client: w.Client(), Journal: w.journal, Meter: w.meter,
		Logger: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Rate:   1000,
	}
	if w.tell != nil {
		w.tell(&o)
	}
	return o
}

// start starts the program.
func (w *world) start() {
	w.t.Helper()
	var err error
	w.transport, err = telegram.New(w.options())
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	w.stop, w.ended = stop, make(chan error, 1)
	go func() { w.ended <- w.transport.Run(ctx, w.handler) }()
	synctest.Wait()
}

// end ends the program, if it runs, and waits for it.
func (w *world) end() {
	w.t.Helper()
	if w.stop == nil {
		return
	}
	w.stop()
	if err := <-w.ended; err != nil {
		w.t.Errorf("Run: %v", err)
	}
	w.stop = nil
}

// wait lets time pass.
func (w *world) wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// settle lets time pass until the journal holds nothing, at most limit.
func (w *world) settle(limit time.Duration) {
	w.t.Helper()
	for end := time.Now().Add(limit); ; {
		synctest.Wait()
		if w.Pending() == 0 && w.journal.pending() == 0 {
			return
		}
		if time.Now().After(end) {
			w.t.Fatalf("after %v there are %d updates and %d entries left", limit, w.Pending(), w.journal.pending())
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// said lists what the bot has said in a chat.
func said(w *world, c *bottest.Chat) []string {
	var out []string
	for _, m := range c.Messages() {
		if m.From.ID == w.Bot().ID {
			out = append(out, m.Text)
		}
	}
	return out
}

func (w *world) wantSaid(c *bottest.Chat, want ...string) {
	w.t.Helper()
	if got := said(w, c); !slices.Equal(got, want) {
		w.t.Errorf("the bot said %q, want %q", got, want)
	}
}

// calls lists the calls of a method that were done.
func (w *world) calls(method string) []bottest.Call {
	var out []bottest.Call
	for _, c := range w.Calls() {
		if c.Method == method && c.Done {
			out = append(out, c)
		}
	}
	return out
}

// resident makes up somebody in 云泽市.
func resident(n int) bottest.User {
	return bottest.User{ID: int64(7000 + n), Name: fmt.Sprintf("居民%d", n), Lang: "zh-hans"}
}

func containsAll(text string, parts ...string) bool {
	for _, p := range parts {
		if !strings.Contains(text, p) {
			return false
		}
	}
	return true
}
