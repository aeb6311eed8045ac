package bottest_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"wenbao/bot/bottest"
)

// hook is a bot's webhook.
type hook struct {
	mu       sync.Mutex
	takes    time.Duration
	statuses []int // of the next answers, then 200
	texts    []string
	secrets  []string
	now, max int // how many at once
}

// taken gives what came so far, and lets the next answers have other statuses.
func (h *hook) taken(statuses ...int) (texts, secrets []string, most int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	texts, secrets, most = h.texts, h.secrets, h.max
	h.texts, h.secrets, h.statuses = nil, nil, statuses
	return texts, secrets, most
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var u update
	if err := json.NewDecoder(r.Body).Decode(&u); err != nil {
		http.Error(w, "", http.StatusBadRequest)
		return
	}
	h.mu.Lock()
	h.now++
	h.max = max(h.max, h.now)
	h.secrets = append(h.secrets, r.Header.Get("X-Telegram-Bot-Api-Secret-Token"))
	status := http.StatusOK
	if len(h.statuses) > 0 {
		status, h.statuses = h.statuses[0], h.statuses[1:]
	}
	h.texts = append(h.texts, u.Message.Text)
	h.mu.Unlock()
	time.Sleep(h.takes)
	h.mu.Lock()
	h.now--
	h.mu.Unlock()
	w.WriteHeader(status)
}

func TestWebhook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hook{takes: time.Second}
		a := start(t, bottest.Options{Webhook: bottest.Local{Handler: h}})
		one, two := a.s.Private(li), a.s.Private(chen)
		one.Say(li, "一")
		one.Say(li, "二")
		two.Say(chen, "甲")
		a.ok("setWebhook", fields{"url": "https://bot.example/hook", "secret_token": "s-1", "max_connections": "2"}, nil)
		time.Sleep(10 * time.Second)
		got, secrets, most := h.taken(500, 503)
		if most != 2 || slices.Index(got, "一") > slices.Index(got, "二") || len(got) != 3 {
			t.Errorf("%d at once: %v", most, got)
		}
		if slices.ContainsFunc(secrets, func(s string) bool { return s != "s-1" }) {
			t.Errorf("secrets: %v", secrets)
		}

		// What is not answered with 2xx is delivered again, and holds its chat up.
		one.Say(li, "三")
		one.Say(li, "四")
		time.Sleep(10 * time.Second)
		if got, _, _ := h.taken(); !slices.Equal(got, []string{"三", "三", "三", "四"}) {
			t.Errorf("deliveries: %v", got)
		}
		var info struct {
			URL     string
			Pending int    `json:"pending_update_count"`
			Error   string `json:"last_error_message"`
		}
		a.ok("getWebhookInfo", nil, &info)
		if info.URL != "https://bot.example/hook" || info.Pending != 0 || !strings.Contains(info.Error, "503") {
			t.Errorf("info: %+v", info)
		}

		a.ok("deleteWebhook", nil, nil)
		one.Say(li, "五")
		time.Sleep(10 * time.Second)
		if got := texts(a.updates(fields{})); !slices.Equal(got, []string{"五"}) {
			t.Errorf("updates: %v", got)
		}
		a.ok("deleteWebhook", fields{"drop_pending_updates": "true"}, nil)
		if a.s.Pending() != 0 {
			t.Errorf("%d wait", a.s.Pending())
		}
	})
}

func TestWebhookTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hook{}
		a := start(t, bottest.Options{Webhook: bottest.Local{Handler: h}, Duplicate: 1})
		a.ok("setWebhook", fields{"url": "https://bot.example/hook"}, nil)
		a.s.Private(li).Say(li, "一")
		time.Sleep(time.Second)
		if got, _, _ := h.taken(); !slices.Equal(got, []string{"一", "一"}) {
			t.Errorf("deliveries: %v", got)
		}
	})
}

func TestWebhookRefused(t *testing.T) {
	a := start(t, bottest.Options{})
	for _, tt := range []struct {
		p    fields
		want string
	}{
		{fields{"url": "http://127.0.0.1:1/"}, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"},
		{fields{"url": "https://"}, "Bad Request: invalid webhook URL specified"},
		{fields{"url": "https://bot.example/", "secret_token": "a b"}, "Bad Request: secret token contains unallowed characters"},
		{fields{"url": "https://bot.example/", "secret_token": strings.Repeat("a", 257)}, "Bad Request: secret token is too long"},
	} {
		a.refused("setWebhook", tt.p, tt.want)
	}
}
