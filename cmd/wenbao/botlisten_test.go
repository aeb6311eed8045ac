package main

import (
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"wenbao/bot/bottest"
)

// TestBotCannotListen has addresses that are taken.
func TestBotCannotListen(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	addr := taken.Addr().String()
	for _, args := range [][]string{
		{"--listen-admin", addr},
		{"--webhook", "https://papers.example.org/hook", "--listen", addr},
	} {
		e, stderr := botEnv(t)
		server, url := newServer(t, bottest.Options{})
		b := startBot(t, server, url, e, stderr, append(args, "--corpus", pages)...)
		select {
		case code := <-b.code:
			b.code <- code
			if code != exitFailed {
				t.Errorf("%q: exit code %d", args, code)
			}
		case <-time.After(patience):
			t.Fatal("the bot goes on")
		}
		wantText(t, stderr.String(), "wenbao: 不能在 "+addr+" 上接收连接")
	}
}

// TestBotWebhook has the updates pushed, by who knows the secret that was set.
func TestBotWebhook(t *testing.T) {
	const secret = "a-secret-of-nobody-4711"
	e, stderr := botEnv(t)
	base := e.Getenv
	e.Getenv = func(key string) string {
		if key == "WENBAO_WEBHOOK_SECRET" {
			return secret
		}
		return base(key)
	}
	addr := freeAddress(t)
	server, url := newServer(t, bottest.Options{PlainWebhook: true})
	b := startBot(t, server, url, e, stderr, "--corpus", pages, "--webhook", "http://"+addr+"/hook", "--listen", addr)
	wantText(t, b.says(resident, bedsQuestion), "500张")
	wantText(t, stderr.String(), "在 "+addr+" 接收推送\n")
	for shown, want := range map[string]int{secret: http.StatusOK, secret[1:]: http.StatusUnauthorized, "": http.StatusUnauthorized} {
		if status := post(t, "http://"+addr+"/hook", shown); status != want {
			t.Errorf("with the secret %q: status %d, want %d", shown, status, want)
		}
	}
	if strings.Contains(stderr.String(), secret) {
		t.Errorf("the secret in the log: %s", stderr)
	}
	if code := b.end(); code != exitOK {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}

// post sends an update that is of no concern to the bot as Telegram does, with a
// secret.
func post(t *testing.T, url, secret string) (status int) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(`{"update_id":7}`))
	if err != nil {
		t.Fatal(err)
	}
	if secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode
}

// freeAddress is an address of this machine that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// TestBotAdmin looks at the admin endpoint.
func TestBotAdmin(t *testing.T) {
	e, stderr := botEnv(t)
	addr := freeAddress(t)
	server, url := newServer(t, bottest.Options{})
	b := startBot(t, server, url, e, stderr, "--corpus", pages, "--listen-admin", addr)
	b.says(resident, bedsQuestion)
	for path, want := range map[string]string{
		"/healthz": ".*", "/readyz": ".*",
		"/metrics": `(?s).*wenbao_answers_total\{fault="",mode="extractive",outcome="answered"\} 1\n.*wenbao_collection_articles 18\n.*`,
	} {
		status, body := get(t, "http://"+addr+path)
		if status != http.StatusOK || !regexp.MustCompile("^(?s:"+want+")$").MatchString(body) {
			t.Errorf("%s: status %d: %s", path, status, body)
		}
		if strings.Contains(body, "养老") {
			t.Errorf("%s tells what was asked: %s", path, body)
		}
	}
}

func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	res, err := http.Get(url) //nolint:noctx // it is on loopback, and answers at once
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// TestBotNotReady has a Telegram that does not answer at first.
func TestBotNotReady(t *testing.T) {
	e, stderr := botEnv(t)
	addr := freeAddress(t)
	server, url := newServer(t, bottest.Options{})
	server.Fail(bottest.Fault{Method: "getMe", Code: http.StatusBadGateway, Times: -1})
	b := startBot(t, server, url, e, stderr, "--corpus", pages, "--listen-admin", addr)
	stderr.await(t, "admin endpoint")
	for path, want := range map[string]int{"/healthz": http.StatusOK, "/readyz": http.StatusServiceUnavailable} {
		if status, body := get(t, "http://"+addr+path); status != want {
			t.Errorf("%s: status %d: %s", path, status, body)
		}
	}
	server.Heal()
	b.says(resident, bedsQuestion)
	if status, body := get(t, "http://"+addr+"/readyz"); status != http.StatusOK {
		t.Errorf("status %d: %s", status, body)
	}
}
