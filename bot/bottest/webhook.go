package bottest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// How updates go to a webhook. The first retry comes at once, as with the real
// server, the others after longer and longer.
const (
	webhookTimeout     = 60 * time.Second
	defaultConnections = 40
	maxConnections     = 100
	firstRetry         = time.Second
	longestRetry       = time.Minute
)

// webhook is where updates go.
type webhook struct {
	url, secret string
	connections int
	busy        int
	cancel      context.CancelFunc
	failed      time.Time
	failure     string
}

func (s *Server) setWebhook(r *request) (any, *Error) {
	if r.params["url"] == "" {
		return s.deleteWebhook(r)
	}
	target, err := url.Parse(r.params["url"])
	plain := err == nil && target.Scheme == "http" && s.opt.PlainWebhook
	secret := r.params["secret_token"]
	switch {
	case err != nil || target.Host == "":
		return nil, badRequest("invalid webhook URL specified")
	case target.Scheme != "https" && !plain:
		return nil, badRequest("bad webhook: An HTTPS URL must be provided for webhook")
	case len(secret) > 256:
		return nil, badRequest("secret token is too long")
	case !regexp.MustCompile(`^[A-Za-z0-9_-]*$`).MatchString(secret):
		return nil, badRequest("secret token contains unallowed characters")
	}
	if fail := s.updates.allow(r.params); fail != nil {
		return nil, fail
	}
	s.updates.endPoll(conflict("terminated by setWebhook request"))
	s.endWebhook()
	s.dropPending(r)
	ctx, cancel := context.WithCancel(context.Background())
	h := &webhook{
		url: target.String(), secret: secret, cancel: cancel,
		connections: int(r.integer("max_connections", defaultConnections, 1, maxConnections)),
	}
	s.hook = h
	s.workers.Go(func() { s.runWebhook(ctx, h) })
	return true, nil
}

func (s *Server) deleteWebhook(r *request) (any, *Error) {
	s.endWebhook()
	s.dropPending(r)
	return true, nil
}

func (s *Server) dropPending(r *request) {
	if r.truth("drop_pending_updates") {
		s.updates.queue, s.updates.again = nil, nil
	}
}

// endWebhook stops deliveries. The lock is held.
func (s *Server) endWebhook() {
	if s.hook != nil {
		s.hook.cancel()
		s.hook = nil
	}
}

func (s *Server) getWebhookInfo(*request) (any, *Error) {
	info := struct {
		URL         string   `json:"url"`
		Certificate bool     `json:"has_custom_certificate"`
		Pending     int      `json:"pending_update_count"`
		ErrorDate   int64    `json:"last_error_date,omitempty"`
		Error       string   `json:"last_error_message,omitempty"`
		Connections int      `json:"max_connections,omitempty"`
		Allowed     []string `json:"allowed_updates,omitempty"`
	}{Pending: len(s.updates.queue), Allowed: s.updates.allowed}
	if s.hook != nil {
		info.URL, info.Connections, info.Error = s.hook.url, s.hook.connections, s.hook.failure
		if !s.hook.failed.IsZero() {
			info.ErrorDate = s.hook.failed.Unix()
		}
	}
	return info, nil
}

// runWebhook delivers updates until ctx is done: those of one lane in order, of
// several at once.
func (s *Server) runWebhook(ctx context.Context, h *webhook) {
	for {
		s.mu.Lock()
		s.updates.expire()
		wait := s.startDeliveries(ctx, h)
		changed := s.changed
		s.mu.Unlock()
		timer := time.NewTimer(wait)
		select {
		case <-changed:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
		if ctx.Err() != nil {
			return
		}
	}
}

// startDeliveries starts what can be delivered now, and gives the time until more
// can be.
func (s *Server) startDeliveries(ctx context.Context, h *webhook) time.Duration {
	wait := updateLife
	u := &s.updates
	for len(u.again) > 0 {
		u.queue = append([]queued{u.again[0]}, u.queue...)
		u.again = u.again[1:]
	}
	lanes := make(map[int64]bool) // with an update before this one
	for i := range u.queue {
		q := &u.queue[i]
		first := !lanes[q.lane]
		lanes[q.lane] = true
		if !first || q.busy || h.busy >= h.connections {
			continue
		}
		if d := time.Until(q.retry); d > 0 {
			wait = min(wait, d)
			continue
		}
		q.busy = true
		h.busy++
		sent := *q
		s.workers.Go(func() { s.delivered(h, sent, s.post(ctx, h, sent)) })
	}
	return wait
}

// post delivers one update.
func (s *Server) post(ctx context.Context, h *webhook, q queued) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, bytes.NewReader(q.body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if h.secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", h.secret)
	}
	resp, err := s.opt.Webhook.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // Nothing was written.
	reply, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return err
	}
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("wrong response from the webhook: %s", resp.Status)
	}
	if strings.Contains(string(reply), `"method"`) {
		s.mu.Lock()
		s.complain("a method in the answer of the webhook: not known to this server")
		s.mu.Unlock()
	}
	return nil
}

// delivered notes how a delivery went.
func (s *Server) delivered(h *webhook, q queued, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.notify()
	h.busy--
	at := slices.IndexFunc(s.updates.queue, func(o queued) bool { return o.id == q.id && o.busy })
	if at < 0 {
		return // dropped meanwhile
	}
	o := &s.updates.queue[at]
	o.busy = false
	if err != nil {
		h.failed, h.failure = time.Now(), err.Error()
		if o.fails > 0 {
			o.retry = time.Now().Add(min(longestRetry, firstRetry<<min(o.fails-1, 10)))
		}
		o.fails++
		return
	}
	done := *o
	s.updates.queue = slices.Delete(s.updates.queue, at, at+1)
	s.updates.repeat(s, done)
}
