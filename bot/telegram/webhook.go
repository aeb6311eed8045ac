package telegram

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
)

// Webhook has Telegram send the updates to a server of our own. TLS is the matter
// of a proxy in front of it.
type Webhook struct {
	// URL is what Telegram calls; any path of the server takes updates.
	URL string
	// Addr is where to listen, such as 127.0.0.1:8443.
	Addr string
	// Secret is what Telegram shows with each update: 1 to 256 letters, digits, _
	// and -. "" makes a new one at each start.
	Secret string
	// Ready, where set, is called with the address once it is listened at.
	Ready func(addr string)
}

var secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func (w *Webhook) validate() error {
	switch {
	case w.URL == "":
		return errors.New("webhook without url")
	case w.Addr == "":
		return errors.New("webhook without an address to listen at")
	case w.Secret != "" && !secretForm.MatchString(w.Secret):
		return errors.New("webhook secret has other characters than letters, digits, _ and -, or more than 256")
	}
	return nil
}

// Limits of the webhook's server.
const (
	// maxUpdate is the largest update that is read; Telegram's are some 10 KB.
	maxUpdate = 1 << 20
	// hookConns is how many updates Telegram may send at once; its own default.
	hookConns   = 40
	hookTimeout = 30 * time.Second
	idleTimeout = 2 * time.Minute
	maxHeader   = 16 << 10
	secretBytes = 32
)

// hookShare is the part of the grace time for which updates on their way in are
// waited for at the end: one that is half sent must not hold up what else ends.
const hookShare = 4

// door lets updates in until it is shut.
type door struct {
	mu   sync.RWMutex
	shut bool
}

// close shuts the door behind those who are in, when they are out again.
func (d *door) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shut = true
}

// secretHeader is where Telegram shows the secret.
const secretHeader = "X-Telegram-Bot-Api-Secret-Token"

// listen takes updates that Telegram sends until ctx is done. The webhook stays
// set, so that updates wait for the next start.
func (r *run) listen(ctx, work context.Context) error {
	hook := *r.opt.Webhook
	if hook.Secret == "" {
		secret := make([]byte, secretBytes)
		_, _ = rand.Read(secret) // never fails
		hook.Secret = hex.EncodeToString(secret)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", hook.Addr)
	if err != nil {
		return unlessDone(ctx, fmt.Errorf("telegram: listen for the webhook: %w", err))
	}
	server := newHookServer(r.hookHandler(work, hook.Secret), r.log)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if hook.Ready != nil {
		hook.Ready(listener.Addr().String())
	}
	err = r.retry(ctx, "setWebhook", func(ctx context.Context) error { return r.api.setWebhook(ctx, hook) })
	if err == nil {
		r.setHealth(nil)
		r.log.Info("webhook is set", "addr", listener.Addr().String())
		select {
		case <-ctx.Done():
		case err = <-failed:
			return fmt.Errorf("telegram: serve the webhook: %w", err)
		}
	}
	r.shut(work, server)
	if end := <-failed; !errors.Is(end, http.ErrServerClosed) {
		r.log.Warn("webhook did not end in order", "err", end)
	}
	return unlessDone(ctx, err)
}

// shut ends the webhook. Updates on their way in are taken to the end, within a
// part of the grace time.
func (r *run) shut(work context.Context, server *http.Server) {
	limited, cancel := context.WithTimeout(work, r.opt.Grace/hookShare)
	defer cancel()
	err := server.Shutdown(limited)
	if err != nil {
		err = errors.Join(err, server.Close())
	}
	if err != nil {
		r.log.Warn("webhook did not end in order", "err", err)
	}
	r.door.close()
}

func newHookServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: hookTimeout,
		ReadTimeout:       hookTimeout,
		WriteTimeout:      hookTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// hookHandler takes one update a request. It answers 200 when the journal has it;
// at anything else Telegram sends it again.
func (r *run) hookHandler(work context.Context, secret string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		if subtle.ConstantTimeCompare([]byte(req.Header.Get(secretHeader)), []byte(secret)) != 1 {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(r.takeBody(work, req.Body))
	})
}

// takeBody takes the update in a body, and gives the status to answer with.
func (r *run) takeBody(work context.Context, body io.Reader) int {
	// One byte more than is taken shows that there is more. http.MaxBytesReader would
	// cut the connection as well, which holds up the end of the server.
	raw, err := io.ReadAll(io.LimitReader(body, maxUpdate+1))
	switch {
	case len(raw) > maxUpdate:
		return http.StatusRequestEntityTooLarge
	case err != nil, !json.Valid(raw):
		return http.StatusBadRequest
	}
	id, in, ok := r.read(raw)
	switch {
	case id == 0:
		return http.StatusBadRequest
	case !ok: // of no concern, or of a form that will not become readable
		return http.StatusOK
	}
	r.door.mu.RLock()
	defer r.door.mu.RUnlock()
	if r.door.shut {
		return http.StatusServiceUnavailable
	}
	if err := r.take(work, []incoming{in}); err != nil {
		r.log.Error("update cannot be kept", "update", id, "err", err)
		r.setHealth(fmt.Errorf("updates cannot be taken: %w", err))
		return http.StatusServiceUnavailable
	}
	r.setHealth(nil)
	return http.StatusOK
}

// setWebhook tells Telegram where to send updates.
func (a *api) setWebhook(ctx context.Context, hook Webhook) error {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := a.lib.SetWebhook(limited, &tg.SetWebhookParams{
		URL:            hook.URL,
		MaxConnections: hookConns,
		AllowedUpdates: allowed(),
		SecretToken:    hook.Secret,
	})
	return a.done(ctx, "setWebhook", err)
}

// deleteWebhook has updates wait until they are asked for.
func (a *api) deleteWebhook(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := a.lib.DeleteWebhook(limited, &tg.DeleteWebhookParams{})
	return a.done(ctx, "deleteWebhook", err)
}
