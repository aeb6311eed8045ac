package shelf_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"wenbao/bot"
	"wenbao/bot/shelf"
)

// disk is a library on a disk: it opens collections named by its generation and
// knows which of them are open.
type disk struct {
	mu         sync.Mutex
	generation uint64
	broken     error // what opening gives
	panics     any   // what opening panics with, nil where it does not
	opened     int
	open       map[string]bool // by bot.Collection.Model, which names the generation here
	unclosed   error           // what closing gives
}

func newDisk() *disk { return &disk{generation: 1, open: map[string]bool{}} }

func (d *disk) commit() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.generation++
}

func (d *disk) breakWith(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.broken = err
}

func (d *disk) panicWith(v any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.panics = v
}

func (d *disk) now() (uint64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.generation, nil
}

func (d *disk) isOpen(model string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.open[model]
}

func (d *disk) count() (opened, open int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, is := range d.open {
		if is {
			open++
		}
	}
	return d.opened, open
}

func (d *disk) openNow(ctx context.Context) (*bot.Collection, io.Closer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.opened++
	if d.panics != nil {
		panic(d.panics)
	}
	if err := errors.Join(ctx.Err(), d.broken); err != nil {
		return nil, nil, err
	}
	model := strings.Repeat("I", int(d.generation))
	d.open[model] = true
	return &bot.Collection{Model: model}, closer(func() error {
		d.mu.Lock()
		defer d.mu.Unlock()
		if !d.open[model] {
			panic("closed twice: " + model)
		}
		d.open[model] = false
		return d.unclosed
	}), nil
}

type closer func() error

func (c closer) Close() error { return c() }

func newShelf(t *testing.T, d *disk, change func(*shelf.Options)) *shelf.Shelf {
	t.Helper()
	opt := shelf.Options{Open: d.openNow, Generation: d.now}
	if change != nil {
		change(&opt)
	}
	s, err := shelf.New(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if _, open := d.count(); open > 0 {
			t.Errorf("%d collections are open at the end", open)
		}
	})
	return s
}

func reload(t *testing.T, s *shelf.Shelf) bool {
	t.Helper()
	changed, err := s.Reload(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// TestReload wants those who hold the old collection to keep it until they let
// go, and all others to get the new one.
func TestReload(t *testing.T) {
	d := newDisk()
	s := newShelf(t, d, nil)
	first, release1 := s.Acquire()
	again, release2 := s.Acquire()
	if first.Model != "I" || again != first {
		t.Fatalf("acquired %q and %q", first.Model, again.Model)
	}
	if reload(t, s) {
		t.Error("changed without a commit")
	}
	d.commit()
	if !reload(t, s) {
		t.Error("a commit changes nothing")
	}
	second, release3 := s.Acquire()
	if second.Model != "II" {
		t.Errorf("acquired %q after the commit", second.Model)
	}
	release1()
	release1() // a second time does nothing
	if !d.isOpen("I") {
		t.Error("closed under its second user")
	}
	release2()
	if d.isOpen("I") {
		t.Error("open without a user")
	}
	release3()
	if !d.isOpen("II") {
		t.Error("the one in use was closed by its last user")
	}
}

// TestReloadFails keeps the old collection as long as the new one cannot be had.
func TestReloadFails(t *testing.T) {
	d := newDisk()
	s := newShelf(t, d, nil)
	d.commit()
	torn := errors.New("torn")
	d.breakWith(torn)
	if changed, err := s.Reload(t.Context()); changed || !errors.Is(err, torn) {
		t.Errorf("%v, %v", changed, err)
	}
	c, release := s.Acquire()
	if c.Model != "I" || !d.isOpen("I") {
		t.Errorf("acquired %q", c.Model)
	}
	release()
	d.breakWith(nil)
	if !reload(t, s) {
		t.Error("not tried again")
	}
}

func TestNewFails(t *testing.T) {
	d := newDisk()
	torn := errors.New("torn")
	d.breakWith(torn)
	if _, err := shelf.New(t.Context(), shelf.Options{Open: d.openNow}); !errors.Is(err, torn) {
		t.Errorf("broken: %v", err)
	}
	d.breakWith(nil)
	for name, opt := range map[string]shelf.Options{
		"no Open":        {},
		"negative Every": {Open: d.openNow, Every: -1},
		"no generation":  {Open: d.openNow, Generation: func() (uint64, error) { return 0, torn }},
	} {
		if _, err := shelf.New(t.Context(), opt); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if opened, _ := d.count(); opened != 1 {
		t.Errorf("opened %d times, want once for the broken one", opened)
	}
}

// TestNeverChanges is a collection of files, which has no generation.
func TestNeverChanges(t *testing.T) {
	d := newDisk()
	s := newShelf(t, d, func(opt *shelf.Options) { opt.Generation = nil })
	d.commit()
	if reload(t, s) {
		t.Error("it changed")
	}
	_, err := s.Ingest(t.Context(), "03.txt", strings.NewReader("白塔镇修桥"), nil)
	if !errors.Is(err, bot.ErrReadOnly) {
		t.Errorf("ingest: %v", err)
	}
}

// TestIngest wants what was ingested to be there when Ingest returns.
func TestIngest(t *testing.T) {
	d := newDisk()
	refused := errors.New("refused")
	s := newShelf(t, d, func(opt *shelf.Options) {
		opt.Ingest = func(_ context.Context, name string, r io.Reader, tell func(int64, int64)) (bot.Ingested, error) {
			b, err := io.ReadAll(r)
			if err != nil || len(b) == 0 {
				return bot.Ingested{Passages: 9}, refused
			}
			tell(int64(len(b)), int64(len(b)))
			d.commit()
			return bot.Ingested{Passages: len(name)}, nil
		}
	})
	told := int64(0)
	found, err := s.Ingest(t.Context(), "03.txt", strings.NewReader("abc"), func(done, _ int64) { told = done })
	if err != nil || found.Passages != 6 || told != 3 {
		t.Errorf("%+v, %v, told %d", found, err, told)
	}
	c, release := s.Acquire()
	defer release()
	if c.Model != "II" {
		t.Errorf("acquired %q after the ingest", c.Model)
	}
	if found, err = s.Ingest(t.Context(), "03.txt", strings.NewReader(""), nil); !errors.Is(err, refused) || found.Passages != 0 {
		t.Errorf("refused: %+v, %v", found, err)
	}
	torn := errors.New("torn")
	d.breakWith(torn)
	if _, err = s.Ingest(t.Context(), "04.txt", strings.NewReader("abc"), func(int64, int64) {}); !errors.Is(err, torn) {
		t.Errorf("reload fails: %v", err)
	}
}

// TestWaitingEnds wants one that waits for an ingest to give up with its context.
func TestWaitingEnds(t *testing.T) {
	d := newDisk()
	begun, goOn := make(chan struct{}), make(chan struct{})
	s := newShelf(t, d, func(opt *shelf.Options) {
		opt.Ingest = func(context.Context, string, io.Reader, func(int64, int64)) (bot.Ingested, error) {
			close(begun)
			<-goOn
			return bot.Ingested{}, nil
		}
	})
	var ingest sync.WaitGroup
	ingest.Go(func() {
		if _, err := s.Ingest(t.Context(), "03.txt", strings.NewReader(""), nil); err != nil {
			t.Error(err)
		}
	})
	<-begun
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(bot.ErrHandBack)
	if _, err := s.Reload(ctx); !errors.Is(err, bot.ErrHandBack) {
		t.Errorf("reload beside an ingest: %v", err)
	}
	if _, err := s.Ingest(ctx, "04.txt", strings.NewReader(""), nil); !errors.Is(err, bot.ErrHandBack) {
		t.Errorf("ingest beside an ingest: %v", err)
	}
	if _, release := s.Acquire(); release != nil { // goes on meanwhile
		release()
	}
	close(goOn)
	ingest.Wait()
}

// TestConcurrent has many users and many commits; nobody may see a collection
// that is closed.
func TestConcurrent(t *testing.T) {
	d := newDisk()
	s := newShelf(t, d, nil)
	var users sync.WaitGroup
	var done atomic.Bool
	for range 8 {
		users.Go(func() {
			for !done.Load() {
				c, release := s.Acquire()
				if !d.isOpen(c.Model) {
					t.Errorf("acquired %d, which is closed", len(c.Model))
				}
				release()
			}
		})
	}
	for range 100 {
		d.commit()
		if !reload(t, s) {
			t.Error("nothing changed")
		}
	}
	done.Store(true)
	users.Wait()
	if _, open := d.count(); open != 1 {
		t.Errorf("%d collections are open", open)
	}
}

// TestRun wants commits to be seen within Every, and a fault to be logged once.
func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDisk()
		var log bytes.Buffer
		s := newShelf(t, d, func(opt *shelf.Options) {
			opt.Logger = slog.New(slog.NewTextHandler(&log, nil))
		})
		ctx, cancel := context.WithCancel(t.Context())
		var watcher sync.WaitGroup
		watcher.Go(func() { s.Run(ctx) })

		d.commit()
		time.Sleep(shelf.DefaultEvery + time.Millisecond)
		synctest.Wait()
		if c, release := s.Acquire(); c.Model != "II" {
			t.Errorf("%q after one round", c.Model)
		} else {
			release()
		}
		d.commit()
		d.breakWith(errors.New("torn"))
		time.Sleep(5 * shelf.DefaultEvery)
		synctest.Wait()
		if opened, _ := d.count(); opened != 7 {
			t.Errorf("opened %d times, want 2 and then once a round", opened)
		}
		if n := strings.Count(log.String(), "torn"); n != 1 {
			t.Errorf("logged %d times: %s", n, log.String())
		}
		d.breakWith(nil)
		time.Sleep(shelf.DefaultEvery)
		synctest.Wait()
		d.breakWith(errors.New("torn"))
		d.commit()
		time.Sleep(shelf.DefaultEvery)
		synctest.Wait()
		if n := strings.Count(log.String(), "torn"); n != 2 {
			t.Errorf("a new fault is not logged: %s", log.String())
		}
		cancel()
		watcher.Wait()
	})
}

// TestPanics: a collection that makes whoever opens it panic leaves the old one in
// service. The log names the place, and nothing of what it panicked with.
func TestPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDisk()
		var log bytes.Buffer
		s := newShelf(t, d, func(opt *shelf.Options) {
			opt.Logger = slog.New(slog.NewTextHandler(&log, nil))
		})
		ctx, cancel := context.WithCancel(t.Context())
		var watcher sync.WaitGroup
		watcher.Go(func() { s.Run(ctx) })

		d.commit()
		d.panicWith("云泽市的文章")
		time.Sleep(3 * shelf.DefaultEvery)
		synctest.Wait()
		c, release := s.Acquire()
		if c.Model != "I" || !d.isOpen("I") {
			t.Errorf("in service is %q", c.Model)
		}
		release()
		if n := strings.Count(log.String(), "shelf_test.go:"); n == 0 || strings.Count(log.String(), "\n") != 1 || strings.Contains(log.String(), "云泽") {
			t.Errorf("log: %s", log.String())
		}
		if _, err := s.Reload(ctx); err == nil {
			t.Error("Reload gives no error")
		}
		d.panicWith(nil)
		time.Sleep(shelf.DefaultEvery)
		synctest.Wait()
		if c, release := s.Acquire(); c.Model != "II" {
			t.Errorf("once it can be opened, in service is %q", c.Model)
		} else {
			release()
		}
		cancel()
		watcher.Wait()
	})
}

// TestCloseFails wants the error of closing in the log: nobody else could be told.
func TestCloseFails(t *testing.T) {
	d := newDisk()
	d.unclosed = errors.New("jammed")
	var log bytes.Buffer
	s := newShelf(t, d, func(opt *shelf.Options) { opt.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	d.commit()
	reload(t, s)
	if !strings.Contains(log.String(), "jammed") {
		t.Errorf("log %q", log.String())
	}
}
