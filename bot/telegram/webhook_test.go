package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wenbao/bot"
	"wenbao/bot/bottest"
	"wenbao/bot/telegram"
)

const secret = "a-secret-of-the-webhook"

// hooked is a world on loopback: a server that delivers, a program that listens.
type hooked struct {
	*world
	addr string
}

// startHook starts a program with a webhook and waits until Telegram knows it.
func startHook(t *testing.T, w *world) *hooked {
	t.Helper()
	h := &hooked{world: w}
	ready := make(chan string, 1)
	o := w.options()
	o.Webhook = &telegram.Webhook{
		URL: "https://bot.invalid/hook", Addr: "127.0.0.1:0", Secret: secret,
		Ready: func(addr string) { ready <- addr },
	}
	var err error
	if w.transport, err = telegram.New(o); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	w.stop, w.ended = stop, make(chan error, 1)
	go func() { w.ended <- w.transport.Run(ctx, w.handler) }()
	h.addr = "http://" + <-ready
	if _, err := w.Next(t.Context(), "setWebhook"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.end)
	return h
}

// toProgram is how the server reaches the program: the URL that it was told is
// that of the proxy.
type toProgram struct{ h *hooked }

func (p *toProgram) Do(req *http.Request) (*http.Response, error) {
	next := req.Clone(req.Context())
	next.URL.Scheme = "http"
	next.URL.Host = strings.TrimPrefix(p.h.addr, "http://")
	return http.DefaultTransport.RoundTrip(next)
}

func newHooked(t *testing.T, opt bottest.Options, tell ...func(*telegram.Options)) (*hooked, *toProgram) {
	t.Helper()
	way := &toProgram{}
	opt.Webhook = way
	w := &world{Server: bottest.New(opt), t: t, journal: newMemory(), handler: &handler{}, meter: &counts{}, log: &lockedBuffer{}}
	t.Cleanup(w.Close)
	way.h = &hooked{world: w}
	for _, f := range tell {
		w.tell = f
	}
	h := startHook(t, w)
	way.h.addr = h.addr
	return h, way
}

func TestWebhook(t *testing.T) {
	h, _ := newHooked(t, bottest.Options{})
	c := h.Private(resident(1))
	c.Say(resident(1), "一")
	c.Say(resident(1), "二")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for range 2 {
		if _, err := h.Next(ctx, "sendMessage"); err != nil {
			t.Fatal(err)
		}
	}
	h.wantSaid(c, "答：一", "答：二")
	h.end()
	if h.transport.Ready() == nil {
		t.Error("ready after the end")
	}
}

// The library answers 200 to a wrong secret and to what is no JSON, and reads a
// body of any size.
func TestTrapWebhookTakesAnything(t *testing.T) {
	h, _ := newHooked(t, bottest.Options{})
	const update = `{"update_id":%d,"message":{"message_id":1,"date":1,"from":{"id":7001,"is_bot":false,"first_name":"a"},"chat":{"id":7001,"type":"private"},"text":"问"}}`
	tests := []struct {
		name, method, secret, body string
		want                       int
	}{
		{"get", http.MethodGet, secret, "", 405},
		{"no secret", http.MethodPost, "", fmt.Sprintf(update, 1), 401},
		{"wrong secret", http.MethodPost, secret + "x", fmt.Sprintf(update, 2), 401},
		{"beginning of the secret", http.MethodPost, secret[:5], fmt.Sprintf(update, 3), 401},
		{"no json", http.MethodPost, secret, "{", 400},
		{"no update", http.MethodPost, secret, "{}", 400},
		{"empty", http.MethodPost, secret, "", 400},
		{"too large", http.MethodPost, secret, fmt.Sprintf(update, 4) + strings.Repeat(" ", 1<<20), 413},
		{"of no concern", http.MethodPost, secret, `{"update_id":5,"poll":{"id":"1"}}`, 200},
		{"unreadable", http.MethodPost, secret, `{"update_id":6,"message":{"message_id":"x"}}`, 200},
		{"good", http.MethodPost, secret, fmt.Sprintf(update, 7), 200},
		{"good again", http.MethodPost, secret, fmt.Sprintf(update, 7), 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), tt.method, h.addr+"/hook", strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			if tt.secret != "" {
				req.Header.Set("X-Telegram-Bot-Api-Secret-Token", tt.secret)
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != tt.want {
				t.Errorf("status %d, want %d", resp.StatusCode, tt.want)
			}
		})
	}
	if _, err := h.Next(t.Context(), "sendMessage"); err != nil {
		t.Fatal(err)
	}
	h.end()
	if got := h.handler.handled(); len(got) != 1 || got[0].ID != 7 {
		t.Errorf("handled %+v, want update 7 once", got)
	}
}

// What cannot be kept is answered with an error, and comes again.
func TestWebhookWithoutJournal(t *testing.T) {
	h, _ := newHooked(t, bottest.Options{})
	fails := 1
	h.journal.before = func(method string) error {
		if method == "take" && fails > 0 {
			fails--
			return errors.New("no space left on device")
		}
		return nil
	}
	c := h.Private(resident(1))
	c.Say(resident(1), "一")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := h.Next(ctx, "sendMessage"); err != nil {
		t.Fatal(err)
	}
	h.wantSaid(c, "答：一")
}

func TestWebhookThatCannotBe(t *testing.T) {
	t.Run("refused", func(t *testing.T) {
		s := bottest.New(bottest.Options{}) // takes https only
		defer s.Close()
		tr, err := telegram.New(telegram.Options{
			Token: s.Token(), URL: bottest.URL, Client: s.Client(), Journal: newMemory(),
			Webhook: &telegram.Webhook{URL: "http://bot.invalid/hook", Addr: "127.0.0.1:0"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := tr.Run(t.Context(), &handler{}); err == nil || !strings.Contains(err.Error(), "setWebhook") {
			t.Errorf("Run: %v", err)
		}
	})
	t.Run("address in use", func(t *testing.T) {
		h, _ := newHooked(t, bottest.Options{})
		tr, err := telegram.New(telegram.Options{
			Token: h.Token(), URL: bottest.URL, Client: h.Client(), Journal: newMemory(),
			Webhook: &telegram.Webhook{URL: "https://bot.invalid/", Addr: strings.TrimPrefix(h.addr, "http://")},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := tr.Run(t.Context(), &handler{}); err == nil || !strings.Contains(err.Error(), "listen") {
			t.Errorf("Run: %v", err)
		}
	})
}

// What holds up the end is given up when the grace time is over: an update that is
// half sent, and an answer that takes long.
func TestWebhookEndsInTime(t *testing.T) {
	h, _ := newHooked(t, bottest.Options{}, func(o *telegram.Options) { o.Grace = 200 * time.Millisecond })
	begun := make(chan struct{})
	h.handler.handle = func(ctx context.Context, _ bot.Event, _ func(bot.Message)) (bot.Reply, error) {
		close(begun)
		<-ctx.Done()
		return bot.Reply{}, context.Cause(ctx)
	}
	h.Private(resident(1)).Say(resident(1), "一")
	<-begun
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(h.addr, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "POST /hook HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: %s\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n", secret)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err != nil { // 100 Continue: the body is being read
		t.Fatal(err)
	}
	h.stop()
	select {
	case err := <-h.ended:
		if err != nil {
			t.Errorf("Run: %v", err)
		}
		h.stop = nil
	case <-time.After(10 * time.Second):
		t.Fatal("the program does not end")
	}
	if n := h.journal.pending(); n != 1 {
		t.Errorf("%d events are left, want the one that was handed back", n)
	}
}

// The program is not ready while what Telegram sends cannot be kept.
func TestWebhookReady(t *testing.T) {
	h, _ := newHooked(t, bottest.Options{})
	var fails atomic.Bool
	h.journal.before = func(method string) error {
		if method == "take" && fails.Load() {
			return errors.New("no space left on device")
		}
		return nil
	}
	post := func(id int) int {
		t.Helper()
		body := fmt.Sprintf(`{"update_id":%d,"message":{"message_id":1,"date":1,"from":{"id":7001,"is_bot":false,"first_name":"a"},"chat":{"id":7001,"type":"private"},"text":"问"}}`, id)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.addr+"/hook", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	for i, broken := range []bool{false, true, true, false} {
		fails.Store(broken)
		status := post(1 + i)
		if ready := h.transport.Ready() == nil; ready == broken || (status == http.StatusOK) == broken {
			t.Errorf("broken: %v, status %d, ready: %v", broken, status, ready)
		}
	}
}
