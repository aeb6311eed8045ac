package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"wenbao/bot"
	"wenbao/bot/admin"
	"wenbao/bot/journal"
	"wenbao/bot/meter"
	"wenbao/bot/session"
	"wenbao/bot/shelf"
	"wenbao/bot/telegram"
	"wenbao/corpus/library"
)

type botCommand struct{}

func (c *botCommand) flags(a *app, fs *pflag.FlagSet) {
	a.global.bot(a, fs)
	a.global.models(a, fs)
	a.global.library(a, fs)
	a.global.source(a, fs)
	a.global.files(a, fs)
}

func (c *botCommand) run(ctx context.Context, a *app, args []string) error {
	if args = a.moreCorpus(args, 0); len(args) > 0 {
		return usagef(a.m.TooManyArgs, args[0])
	}
	s, err := a.settings()
	if err != nil {
		return err
	}
	b, err := a.botSettings(&s)
	if err != nil {
		return err
	}
	if b.token == "" {
		return fail(a.m.NoToken)
	}
	a.Stderr = &oneAtATime{w: a.Stderr}
	err = a.serveBot(ctx, b)
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil // a signal is how a bot ends
	}
	return err
}

// oneAtATime is a writer for many goroutines.
type oneAtATime struct {
	mu sync.Mutex
	w  io.Writer
}

func (o *oneAtATime) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.w.Write(p)
}

// serveBot opens what a bot works with, runs it until the context is done, and
// closes everything in the reverse order.
func (a *app) serveBot(ctx context.Context, b botSettings) (err error) {
	m, err := a.models()
	if err != nil {
		return err
	}
	files, err := a.openBotFiles()
	if err != nil {
		return err
	}
	defer closing(files, &err)
	s, err := shelf.New(ctx, a.shelfOptions(m))
	if err != nil {
		return err
	}
	defer closing(s, &err)
	if b.maintenance != nil {
		if err := files.store.SetMaintenance(ctx, *b.maintenance); err != nil {
			return err
		}
	}
	forgotten := func(ctx context.Context) {
		m.cache.Clear()
		a.compact(ctx, files.journal)
	}
	return a.runBot(ctx, b, files, s, forgotten)
}

// runBot puts the parts of a bot together and runs them. Forgotten deletes what
// there is of a user beside the store.
func (a *app) runBot(ctx context.Context, b botSettings, files *botFiles, s *shelf.Shelf, forgotten func(context.Context)) error {
	count := meter.New(meter.Options{Collection: func() (int, int) { return size(s) }})
	transport, err := telegram.New(a.telegramOptions(b, files.journal, count, s))
	if err != nil {
		return err
	}
	handler, err := bot.New(bot.Options{
		Library: s, Store: files.store, Meter: count, Files: transport, Username: transport.Username,
		Limits: b.limits, Expiry: b.expiry, Admins: b.admins, Allow: b.allow, Block: b.block,
		Now: a.Now, Logger: a.botLogger(),
		Forgotten: forgotten,
	})
	if err != nil {
		return err
	}
	err = together(ctx,
		func(ctx context.Context) error { return a.listening(b.listen, transport.Run(ctx, handler)) },
		func(ctx context.Context) error { return a.serveAdmin(ctx, b.admin, count, transport.Ready) },
		func(ctx context.Context) error { s.Run(ctx); return nil },
		func(ctx context.Context) error { a.expire(ctx, files.store, b.expiry); return nil },
	)
	if errors.Is(err, telegram.ErrToken) {
		return fail(a.m.TokenRefused)
	}
	return err
}

// together runs the parts side by side and waits for all of them. The first that
// ends, ends the others.
func together(ctx context.Context, parts ...func(context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	errs := make([]error, len(parts))
	var running sync.WaitGroup
	for i, part := range parts {
		running.Go(func() {
			defer stop()
			errs[i] = part(ctx)
		})
	}
	running.Wait()
	return errors.Join(errs...)
}

// telegramOptions say how the bot and Telegram reach each other.
func (a *app) telegramOptions(b botSettings, j *journal.Journal, count *meter.Meter, s *shelf.Shelf) telegram.Options {
	opt := telegram.Options{
		Token: b.token, URL: b.url, Rate: float64(b.rate),
		Journal: j, Meter: count, Logger: a.botLogger(),
		Workers: b.workers, Queue: b.queue, Grace: b.grace,
		Commands: bot.Commands, Admins: b.admins,
		Started: func(username string) {
			articles, _ := size(s)
			if b.webhook == "" {
				a.note(a.m.BotPolls, username, articles)
			} else {
				a.note(a.m.BotListens, username, articles, b.listen)
			}
		},
	}
	if a.HTTP != nil {
		opt.Client = client{a.HTTP}
	}
	if b.webhook != "" {
		opt.Webhook = &telegram.Webhook{URL: b.webhook, Addr: b.listen, Secret: b.secret}
	}
	return opt
}

// client is an HTTP client without redirects and cookies.
type client struct{ http.RoundTripper }

// Do implements telegram.Doer.
func (c client) Do(r *http.Request) (*http.Response, error) { return c.RoundTrip(r) }

// size is how much there is to answer from.
func size(s *shelf.Shelf) (articles, passages int) {
	c, release := s.Acquire()
	defer release()
	v := c.Index.Coverage()
	return v.Articles, v.Passages
}

// botLogger is where a bot says what it does: with --log all, else what somebody
// should look at. Both go without texts.
func (a *app) botLogger() *slog.Logger {
	opt := slog.HandlerOptions{Level: slog.LevelWarn}
	if a.global.log {
		opt.Level = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(a.Stderr, &opt))
}

// serveAdmin serves the admin endpoint where one is wanted, until the context is
// done.
func (a *app) serveAdmin(ctx context.Context, addr string, count *meter.Meter, ready func() error) error {
	if addr == "" {
		<-ctx.Done()
		return nil
	}
	log := a.botLogger()
	return a.listening(addr, admin.Serve(ctx, admin.Options{
		Addr: addr, Metrics: count.Handler(), Ready: ready, Logger: log,
		Listening: func(at string) { log.Info("admin endpoint", "addr", at) },
	}))
}

// listening words the error of what listens at an address that cannot be had.
func (a *app) listening(addr string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, syscall.EADDRNOTAVAIL) {
		return failuref(a.m.CannotListen, addr)
	}
	return err
}

// expireEvery is how often what has grown old is deleted.
const expireEvery = time.Hour

// expire deletes conversations and answers that are older than they are kept, at
// once and then every hour.
func (a *app) expire(ctx context.Context, store bot.Store, keep bot.Expiry) {
	ticker := time.NewTicker(expireEvery)
	defer ticker.Stop()
	for {
		sessions, answers := a.Now().Add(-cmp.Or(keep.Sessions, bot.DefaultKept)), a.Now().Add(-cmp.Or(keep.Answers, bot.DefaultKept))
		if err := store.Expire(ctx, sessions, answers); err != nil && ctx.Err() == nil {
			a.botLogger().Warn("old conversations are not deleted", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// compact deletes what the journal still has of updates that are done with.
func (a *app) compact(ctx context.Context, j *journal.Journal) {
	if err := j.Compact(ctx); err != nil {
		a.botLogger().Warn("the journal is not compacted", "err", err)
	}
}

// botFiles are what a bot remembers.
type botFiles struct {
	journal *journal.Journal
	store   *session.File
}

func (f *botFiles) Close() error { return errors.Join(f.store.Close(), f.journal.Close()) }

// botDir is the folder in the data directory that a bot remembers in.
const botDir = "bot"

// openBotFiles opens the files of the bot, which no other process then may use.
func (a *app) openBotFiles() (*botFiles, error) {
	dir, err := a.dataDir()
	if err != nil {
		return nil, err
	}
	dir = filepath.Join(dir, botDir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "journal.db")
	j, err := journal.Open(path)
	if err != nil {
		return nil, a.badBotFile(path, err)
	}
	path = filepath.Join(dir, "sessions.db")
	store, err := session.Open(path)
	if err != nil {
		return nil, errors.Join(a.badBotFile(path, err), j.Close())
	}
	return &botFiles{j, store}, nil
}

// badBotFile says in words for the user why a file cannot be opened.
func (a *app) badBotFile(path string, err error) error {
	switch {
	case errors.Is(err, journal.ErrLocked), errors.Is(err, session.ErrLocked):
		return failuref(a.m.BotRunning, filepath.Dir(path))
	case errors.Is(err, journal.ErrDamaged), errors.Is(err, session.ErrDamaged):
		return failuref(a.m.BotFileDamaged, path)
	case errors.Is(err, journal.ErrNewer), errors.Is(err, session.ErrNewer):
		return failuref(a.m.BotFileNewer, path)
	}
	return fmt.Errorf("open %s: %w", path, err)
}

// shelfOptions say how the collection is opened and seen to change. Files are read
// once; a library is followed, and may be added to.
func (a *app) shelfOptions(m models) shelf.Options {
	opt := shelf.Options{
		Open:   func(ctx context.Context) (*bot.Collection, io.Closer, error) { return a.openForBot(ctx, m) },
		Logger: a.botLogger(),
	}
	if len(a.global.corpus) > 0 {
		return opt
	}
	opt.Generation = func() (uint64, error) {
		dir, err := a.dataDir()
		if err != nil {
			return 0, err
		}
		return library.Generation(dir)
	}
	opt.Ingest = func(ctx context.Context, name string, r io.Reader, tell func(done, total int64)) (bot.Ingested, error) {
		dir, err := a.dataDir()
		if err != nil {
			return bot.Ingested{}, err
		}
		return a.receive(ctx, dir, name, r, tell)
	}
	return opt
}

// openForBot opens the collection with an engine that answers with printed words,
// and one with the model where there is one.
func (a *app) openForBot(ctx context.Context, m models) (*bot.Collection, io.Closer, error) {
	col, err := a.open(ctx, false)
	if err != nil {
		return nil, nil, err
	}
	out := &bot.Collection{Engine: col.engine, Printed: col.engine, Index: col.index}
	if m.Model == nil {
		return out, col, nil
	}
	printed := *col.engine
	if err := a.write(col, m); err != nil {
		return nil, nil, errors.Join(err, col.Close())
	}
	out.Printed, out.Model = &printed, col.system
	return out, col, nil
}
