package admin_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"

	"wenbao/bot/admin"
)

// serve starts a server and gives its address.
func serve(t *testing.T, o admin.Options) (url string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	listening, ended := make(chan string, 1), make(chan error, 1)
	o.Addr = "127.0.0.1:0"
	o.Listening = func(addr string) { listening <- addr }
	go func() { ended <- admin.Serve(ctx, o) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return "http://" + <-listening
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	resp, err := http.Get(url) //nolint:noctx // A test of a server at hand.
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func TestServe(t *testing.T) {
	var ready error
	url := serve(t, admin.Options{
		Ready: func() error { return ready },
		Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "wenbao_updates_total 1\n")
		}),
	})
	tests := []struct {
		path  string
		ready error
		code  int
		body  string
	}{
		{"/healthz", errors.New("no contact"), 200, "ok\n"},
		{"/readyz", nil, 200, "ready\n"},
		{"/readyz", errors.New("no contact"), 503, "no contact\n"},
		{"/metrics", nil, 200, "wenbao_updates_total 1\n"},
		{"/", nil, 404, "404 page not found\n"},
	}
	for _, tt := range tests {
		ready = tt.ready
		if code, body := get(t, url+tt.path); code != tt.code || body != tt.body {
			t.Errorf("%s: %d %q, want %d %q", tt.path, code, body, tt.code, tt.body)
		}
	}
}

func TestServeLittle(t *testing.T) {
	url := serve(t, admin.Options{})
	if code, _ := get(t, url+"/readyz"); code != 200 {
		t.Errorf("/readyz: %d", code)
	}
	if code, _ := get(t, url+"/metrics"); code != 404 {
		t.Errorf("/metrics: %d", code)
	}
}

func TestServeAddressInUse(t *testing.T) {
	url := serve(t, admin.Options{})
	if err := admin.Serve(t.Context(), admin.Options{Addr: url[len("http://"):]}); err == nil {
		t.Error("two servers listen at one address")
	}
}
