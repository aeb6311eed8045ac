//go:build integration

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// emulatorEnv names the node_modules folder with telegram-test-api in it.
const emulatorEnv = "WENBAO_EMULATOR"

const emulatorToken = "4711:emulated-token-of-nobody-0123456789"

// TestEmulator drives one round trip through telegram-test-api, an emulator of the
// Bot API that others wrote: a question, its answer, a button, what it shows.
func TestEmulator(t *testing.T) {
	modules := os.Getenv(emulatorEnv)
	if modules == "" {
		t.Skip(emulatorEnv + " is not set")
	}
	emulator := startEmulator(t, modules)
	front := httptest.NewServer(decodeMultipart(t, emulator))
	defer front.Close()

	e, _, stderr := newEnv(t)
	base, library := e.Getenv, sampleLibrary(t)
	e.Getenv = func(key string) string {
		switch key {
		case "WENBAO_DATA":
			return library
		case "WENBAO_TELEGRAM_TOKEN":
			return emulatorToken
		}
		return base(key)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan int)
	go func() { done <- run(ctx, []string{"bot", "--telegram-url", front.URL}, e) }()
	defer func() {
		cancel()
		if code := <-done; code != exitOK {
			t.Errorf("exit code %d: %s", code, stderr)
		}
	}()

	client := emulatorClient{t, emulator}
	client.post("/sendMessage", map[string]any{"text": bedsQuestion})
	answer := client.next()
	if !strings.Contains(answer.Text, bedsQuote) || !strings.Contains(answer.Text, "<blockquote expandable>") {
		t.Errorf("answer %q", answer.Text)
	}
	data := answer.Markup.Rows[0][0]["callback_data"]
	client.post("/sendCallback", map[string]any{"data": data, "message": map[string]any{
		"message_id": 2, "date": 1, "from": client.user(), "chat": client.chat(),
	}})
	if shown := client.next(); !strings.Contains(shown.Text, bedsQuote) {
		t.Errorf("after the button %v: %q", data, shown.Text)
	}
}

// startEmulator starts the emulator on loopback and gives its address.
func startEmulator(t *testing.T, modules string) *url.URL {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	script := fmt.Sprintf(`const S = require("telegram-test-api");
		new (S.TelegramServer || S.default || S)({port: %d, host: "127.0.0.1"}).start().then(() => console.log("ready"))`, port)
	cmd := exec.CommandContext(t.Context(), "node", "-e", script)
	cmd.Env = append(os.Environ(), "NODE_PATH="+modules)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	})
	ready := make([]byte, len("ready"))
	if _, err := io.ReadFull(out, ready); err != nil {
		t.Fatalf("the emulator does not start: %v", err)
	}
	return &url.URL{Scheme: "http", Host: fmt.Sprintf("127.0.0.1:%d", port)}
}

// decodeMultipart passes calls on as JSON, which is what the emulator reads. It holds
// getUpdates up for a moment, since the emulator answers at once when there is
// nothing.
func decodeMultipart(t *testing.T, to *url.URL) http.Handler {
	proxy := &httputil.ReverseProxy{
		Rewrite:  func(r *httputil.ProxyRequest) { r.SetURL(to) },
		ErrorLog: log.New(io.Discard, "", 0), // the poll that the end of the test cuts
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/getUpdates") {
			time.Sleep(50 * time.Millisecond)
		}
		if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
			if err := r.ParseMultipartForm(1 << 20); err != nil && !errors.Is(err, io.EOF) { // no fields, no body
				t.Errorf("%s: %v", r.URL.Path, err)
			}
			fields := map[string]any{}
			for name, values := range r.Form {
				fields[name] = values[0]
			}
			body, err := json.Marshal(fields)
			if err != nil {
				t.Errorf("%s: %v", r.URL.Path, err)
			}
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			r.Header.Set("Content-Type", "application/json")
		}
		proxy.ServeHTTP(w, r)
	})
}

// emulatorClient is the user's side of the emulator.
type emulatorClient struct {
	t  *testing.T
	at *url.URL
}

func (c emulatorClient) user() map[string]any {
	return map[string]any{"id": 1, "first_name": "阿明", "is_bot": false}
}

func (c emulatorClient) chat() map[string]any {
	return map[string]any{"id": 1, "first_name": "阿明", "type": "private"}
}

func (c emulatorClient) post(path string, body map[string]any) []byte {
	c.t.Helper()
	for key, value := range map[string]any{
		"botToken": emulatorToken, "date": time.Now().Unix(), "from": c.user(), "chat": c.chat(),
		"token": emulatorToken, "chatId": 1,
	} {
		body[key] = value
	}
	data, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	resp, err := http.Post(c.at.String()+path, "application/json", bytes.NewReader(data))
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		c.t.Fatalf("%s: %s %s %v", path, resp.Status, answer, err)
	}
	return answer
}

type emulatedMessage struct {
	Text   string `json:"text"`
	Markup struct {
		Rows [][]map[string]any `json:"inline_keyboard"`
	} `json:"reply_markup"`
}

// next waits for the bot's next message.
func (c emulatorClient) next() emulatedMessage {
	c.t.Helper()
	for begun := time.Now(); time.Since(begun) < 30*time.Second; time.Sleep(50 * time.Millisecond) {
		var answer struct {
			Result []struct{ Message emulatedMessage }
		}
		if err := json.Unmarshal(c.post("/getUpdates", map[string]any{}), &answer); err != nil {
			c.t.Fatal(err)
		}
		if len(answer.Result) > 0 {
			return answer.Result[0].Message
		}
	}
	c.t.Fatal("the bot says nothing")
	return emulatedMessage{}
}
