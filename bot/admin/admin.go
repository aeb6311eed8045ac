// Package admin serves what those who run the bot ask of it: whether it lives,
// whether it is ready, and its figures.
package admin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Options say what is served.
type Options struct {
	// Addr is where to listen, such as 127.0.0.1:9090. What is served there is open
	// to all who reach it.
	Addr string
	// Metrics is served at /metrics; nil serves none.
	Metrics http.Handler
	// Ready says why the bot is not ready, nil when it is; nil is always ready.
	Ready func() error
	// Listening, where set, is called with the address once it is listened at.
	Listening func(addr string)
	// Logger gets what goes wrong with connections; nil drops it.
	Logger *slog.Logger
}

// Limits of the server. What it answers is small and at hand.
const (
	timeout     = 10 * time.Second
	idleTimeout = time.Minute
	maxHeader   = 8 << 10
	endTimeout  = 2 * time.Second
)

// Serve serves until ctx is done and returns nil then: /healthz answers 200 while
// the program lives, /readyz 200 or, with a line that says why, 503, and /metrics
// the figures.
func Serve(ctx context.Context, o Options) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.Addr)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return fmt.Errorf("admin: %w", err)
	}
	server := &http.Server{
		Handler:           o.handler(),
		ReadHeaderTimeout: timeout,
		ReadTimeout:       timeout,
		WriteTimeout:      timeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
	}
	if o.Logger != nil {
		server.ErrorLog = slog.NewLogLogger(o.Logger.Handler(), slog.LevelDebug)
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if o.Listening != nil {
		o.Listening(listener.Addr().String())
	}
	select {
	case err := <-failed:
		return fmt.Errorf("admin: %w", err)
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	if server.Shutdown(end) != nil {
		// Whoever is still being served has had time enough.
		_ = server.Close()
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("admin: %w", err)
	}
	return nil
}

func (o Options) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if o.Ready != nil {
			if err := o.Ready(); err != nil {
				say(w, http.StatusServiceUnavailable, err.Error())
				return
			}
		}
		say(w, http.StatusOK, "ready")
	})
	if o.Metrics != nil {
		mux.Handle("GET /metrics", o.Metrics)
	}
	return mux
}

// say answers with a line.
func say(w http.ResponseWriter, status int, line string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	// A client that has gone away is no fault of the server.
	_, _ = io.WriteString(w, line+"\n")
}
