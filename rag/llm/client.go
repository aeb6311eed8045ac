package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"
)

// maxBody is the most that is read of an answer that is not streamed. 32 vectors
// of 4,096 values are about 3 MB of JSON.
const maxBody = 64 << 20

// Options are what a client is given from outside. Its zero value is ready for use.
type Options struct {
	// HTTP carries the requests; nil means one like http.DefaultTransport. A
	// transport that does not tell by httptrace when it has a connection is held to
	// Limits.Connect until its first response header.
	HTTP http.RoundTripper
	// Now is the clock of the breaker and of Retry-After dates; nil means time.Now.
	Now func() time.Time
	// Sleep waits before another attempt and gives the context's error when that
	// ends first; nil means a timer.
	Sleep func(ctx context.Context, d time.Duration) error
	// Logger gets a line an attempt that failed: durations and codes, neither texts
	// nor keys. nil means none.
	Logger *slog.Logger
}

// secret is a key behind a function: package fmt prints a string wherever it finds
// it, in unexported fields too, and a function never.
type secret func() string

// client talks to one server: it classifies, repeats and gives up. Safe for
// concurrent use.
type client struct {
	what    string // for messages: "model qwen3:8b"
	key     secret
	limits  Limits
	http    http.RoundTripper
	sleep   func(ctx context.Context, d time.Duration) error
	now     func() time.Time
	log     *slog.Logger
	breaker *breaker
}

func newClient(what string, cfg Config, opt Options) *client {
	c := &client{
		what: what, key: func() string { return cfg.Key }, limits: cfg.Limits.withDefaults(),
		http: opt.HTTP, sleep: opt.Sleep, now: opt.Now, log: opt.Logger,
	}
	if c.http == nil {
		c.http = http.DefaultTransport
	}
	if c.sleep == nil {
		c.sleep = sleep
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	c.breaker = &breaker{limit: c.limits.Failures, coolDown: c.limits.CoolDown, now: c.now}
	return c
}

// sleep waits for d or for the end of ctx.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Do sends a request of the adapter's and turns a streamed answer into one that
// it reads right. Whatever goes wrong is in the record of the call as well: the
// adapter keeps only the message of an error, or not even that. Redirects are not
// followed, since they would carry the prompt to an address nobody configured.
func (c *client) Do(req *http.Request) (*http.Response, error) {
	resp, err := c.send(req)
	if err != nil {
		return nil, err
	}
	resp.Body = newStream(resp.Body, callFrom(req.Context()), req.Context().Err)
	return resp, nil
}

// send gives a successful response, with the clock of the call stopped, or an
// error that the record holds too.
func (c *client) send(req *http.Request) (*http.Response, error) {
	rec := callFrom(req.Context())
	req.Header.Del("Authorization")
	if key := c.key(); key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	rec.wait()
	resp, err := c.http.RoundTrip(req)
	rec.pause()
	switch {
	case err != nil && req.Context().Err() != nil:
		return nil, err // why is in the record, or the caller's
	case err != nil:
		err = fmt.Errorf("%w: %w", ErrUnreachable, err)
	case resp.StatusCode == http.StatusOK:
		rec.connected()
		return resp, nil
	default:
		rec.wait()
		err = statusError(resp, c.key(), c.now())
		rec.pause()
		resp.Body.Close() //nolint:errcheck // an error's body: nothing is lost
	}
	rec.fail(err)
	return nil, err
}

// try calls do until it works, at most as often as the limits allow. It repeats
// only while nothing of an answer has come, and only what may pass. The error is
// the caller's own context's, or one of the package's, or do's.
func (c *client) try(caller context.Context, do func(ctx context.Context, rec *call) error) error {
	probe, err := c.breaker.enter()
	if err != nil {
		return err
	}
	result := undecided
	defer func() { c.breaker.leave(probe, result) }()
	ctx, cancel := context.WithTimeoutCause(caller, c.limits.Total, &TimeoutError{Phase: PhaseTotal, Limit: c.limits.Total})
	defer cancel()
	for n := 1; ; n++ {
		touched, err := c.attempt(ctx, do)
		if err == nil {
			result = worked
			return nil
		}
		if caller.Err() != nil {
			return caller.Err()
		}
		c.log.LogAttrs(ctx, slog.LevelWarn, "call failed", slog.String("of", c.what), slog.Int("attempt", n),
			slog.String("fault", string(FaultOf(err))))
		pause, again := c.pause(n, err)
		if !again || touched || !fits(ctx, pause) {
			result = verdict(err)
			return err
		}
		if wait := c.sleep(ctx, pause); wait != nil {
			return wait
		}
	}
}

// attempt calls do once and says what came of it, and whether any of an answer came.
func (c *client) attempt(ctx context.Context, do func(ctx context.Context, rec *call) error) (touched bool, err error) {
	attempt, rec := startCall(ctx, c.limits)
	defer rec.end()
	err = do(attempt, rec)
	f := rec.facts()
	switch {
	case err == nil && f.fault == nil:
		return true, nil
	case f.fault != nil:
		err = f.fault
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	}
	return f.pieces > 0, err
}

// verdict is what a failed call means for the server's health: a server that
// refuses is up.
func verdict(err error) outcome {
	for _, down := range []error{ErrUnreachable, ErrTimeout, ErrServer, ErrBusy, ErrCut, ErrStream, ErrMalformed} {
		if errors.Is(err, down) {
			return failed
		}
	}
	return worked
}

// pause is how long to wait after the n-th attempt, and whether another one makes
// sense.
func (c *client) pause(n int, err error) (time.Duration, bool) {
	if n >= c.limits.Attempts || !transient(err) {
		return 0, false
	}
	d := c.limits.Backoff << min(n-1, 16)
	d -= time.Duration(rand.Int64N(int64(d)/2 + 1))
	if busy := (*BusyError)(nil); errors.As(err, &busy) {
		d = max(d, busy.RetryAfter)
		return d, busy.RetryAfter <= c.limits.RetryAfter
	}
	return d, true
}

// transient reports whether an error may be gone at the next attempt. A model that
// was too slow once will be so again.
func transient(err error) bool {
	if t := (*TimeoutError)(nil); errors.As(err, &t) {
		return t.Phase == PhaseConnect
	}
	return errors.Is(err, ErrUnreachable) || errors.Is(err, ErrBusy) || errors.Is(err, ErrServer)
}

// fits reports whether the context leaves time for the wait.
func fits(ctx context.Context, d time.Duration) bool {
	end, ok := ctx.Deadline()
	return !ok || time.Until(end) > d
}

// exchange sends in, or nothing where it is nil, and decodes the answer into out. It
// repeats as try does.
func (c *client) exchange(ctx context.Context, method, url string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return fmt.Errorf("write request: %w", err)
		}
	}
	return c.try(ctx, func(ctx context.Context, rec *call) error {
		req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
		if err != nil {
			return fmt.Errorf("write request: %w", err)
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := c.send(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close() //nolint:errcheck // what was read is checked
		rec.wait()
		defer rec.pause()
		return decode(resp.Body, out)
	})
}

// decode reads a whole body.
func decode(body io.Reader, out any) error {
	data, err := io.ReadAll(io.LimitReader(body, maxBody+1))
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", ErrCut, err)
	case len(data) > maxBody:
		return fmt.Errorf("an answer of over %d bytes: %w", maxBody, ErrMalformed)
	case json.Unmarshal(data, out) != nil:
		return ErrMalformed
	}
	return nil
}
