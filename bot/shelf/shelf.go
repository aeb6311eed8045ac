// Package shelf holds the collection that a bot answers from, and replaces it
// while the bot runs: what is asked from then on is answered from the new one,
// what is being answered is finished from the old one, and the last user of that
// closes it.
package shelf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"wenbao/bot"
	"wenbao/corpus/panics"
)

// DefaultEvery is how often Run looks whether the library has changed: listing a
// directory costs some microseconds, and nobody waits for an update to the second.
const DefaultEvery = 10 * time.Second

// Options say what lies on a Shelf. Open is required.
type Options struct {
	// Open opens the collection as it is now; the closer frees it. It is not
	// called twice at a time.
	Open func(ctx context.Context) (*bot.Collection, io.Closer, error)
	// Generation is a number that changes whenever Open would give something
	// else. It has to be cheap. nil is for a collection that never changes.
	Generation func() (uint64, error)
	// Every is how often Run asks for the Generation; 0 means DefaultEvery.
	Every time.Duration
	// Ingest reads a file into the library, as bot.Library has it but for the
	// reload that comes after it. It is not called twice at a time. nil is for a
	// library that cannot be written: bot.ErrReadOnly.
	Ingest func(ctx context.Context, name string, r io.Reader, tell func(done, total int64)) (bot.Ingested, error)
	// Logger gets generations and errors; nil discards.
	Logger *slog.Logger
}

// Validate reports a missing Open and a negative Every.
func (o Options) Validate() error {
	switch {
	case o.Open == nil:
		return errors.New("shelf: Open is required")
	case o.Every < 0:
		return fmt.Errorf("shelf: Every is %v", o.Every)
	}
	return nil
}

// Shelf implements bot.Library. It is safe for concurrent use.
type Shelf struct {
	options Options
	logger  *slog.Logger
	// changing holds one token, which Reload and Ingest take for as long as they
	// are at work: a channel and not a mutex so that waiting for it can be ended.
	changing chan struct{}
	// generation is what the collection in use was opened at; changing guards it.
	generation uint64

	mu      sync.Mutex
	current *copyInUse
}

// copyInUse is an open collection and how many use it. Shelf.mu guards the count.
type copyInUse struct {
	collection *bot.Collection
	closer     io.Closer
	// users are those who acquired it, and the shelf as long as it is current.
	users int
}

// New opens the collection. Its error is that of the options, of Open or of
// Generation. Close frees it.
func New(ctx context.Context, opt Options) (*Shelf, error) {
	if err := opt.Validate(); err != nil {
		return nil, err
	}
	if opt.Generation == nil {
		opt.Generation = func() (uint64, error) { return 0, nil }
	}
	if opt.Every == 0 {
		opt.Every = DefaultEvery
	}
	s := &Shelf{options: opt, logger: opt.Logger, changing: make(chan struct{}, 1)}
	if s.logger == nil {
		s.logger = slog.New(slog.DiscardHandler)
	}
	generation, err := opt.Generation()
	if err != nil {
		return nil, fmt.Errorf("look at the library: %w", err)
	}
	if err := s.open(ctx, generation); err != nil {
		return nil, err
	}
	return s, nil
}

// open puts what Open gives in place of what there is. The generation was read
// before: a commit in between is then seen as a change and not missed.
func (s *Shelf) open(ctx context.Context, generation uint64) error {
	collection, closer, err := s.options.Open(ctx)
	if err != nil {
		return fmt.Errorf("open the collection: %w", err)
	}
	s.generation = generation
	s.put(&copyInUse{collection: collection, closer: closer, users: 1})
	return nil
}

// put makes next the collection in use and lets go of the former one. A nil next
// leaves none.
func (s *Shelf) put(next *copyInUse) {
	s.mu.Lock()
	former := s.current
	s.current = next
	s.mu.Unlock()
	if former != nil {
		s.release(former)
	}
}

// release takes one user off c, and closes it with the last.
func (s *Shelf) release(c *copyInUse) {
	s.mu.Lock()
	c.users--
	last := c.users == 0
	s.mu.Unlock()
	if !last {
		return
	}
	if err := c.closer.Close(); err != nil {
		s.logger.Warn("close a collection", "err", err)
	}
}

// Acquire implements bot.Library. It must not be called after Close.
func (s *Shelf) Acquire() (*bot.Collection, func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.current
	c.users++
	return c.collection, sync.OnceFunc(func() { s.release(c) })
}

// Reload implements bot.Library. After an error the collection is as it was.
func (s *Shelf) Reload(ctx context.Context) (changed bool, err error) {
	if err := s.begin(ctx); err != nil {
		return false, err
	}
	defer s.end()
	return s.reload(ctx)
}

// begin waits until no other Reload or Ingest is at work, or for the context.
func (s *Shelf) begin(ctx context.Context) error {
	select {
	case s.changing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (s *Shelf) end() { <-s.changing }

// reload is Reload for who holds the token. A library that makes its reader panic
// is one that cannot be opened.
func (s *Shelf) reload(ctx context.Context) (changed bool, err error) {
	if p := panics.Catch(func() { changed, err = s.follow(ctx) }); p != nil {
		return false, fmt.Errorf("open the collection: %w", p)
	}
	return changed, err
}

// follow opens the library as it is now, if it has changed.
func (s *Shelf) follow(ctx context.Context) (changed bool, err error) {
	generation, err := s.options.Generation()
	if err != nil {
		return false, fmt.Errorf("look at the library: %w", err)
	}
	if generation == s.generation {
		return false, nil
	}
	if err := s.open(ctx, generation); err != nil {
		return false, err
	}
	s.logger.Info("collection reloaded", "generation", generation)
	return true, nil
}

// Ingest implements bot.Library. What was ingested stays so when the reload after
// it fails; Run then tries that again.
func (s *Shelf) Ingest(ctx context.Context, name string, r io.Reader, tell func(done, total int64)) (bot.Ingested, error) {
	if s.options.Ingest == nil {
		return bot.Ingested{}, bot.ErrReadOnly
	}
	if err := s.begin(ctx); err != nil {
		return bot.Ingested{}, err
	}
	defer s.end()
	found, err := s.options.Ingest(ctx, name, r, tell)
	if err != nil {
		return bot.Ingested{}, fmt.Errorf("ingest a file: %w", err)
	}
	if _, err := s.reload(ctx); err != nil {
		return bot.Ingested{}, err
	}
	return found, nil
}

// Run reloads whenever the library has changed, until the context is done. A
// library that cannot be opened leaves the collection as it is and is tried again;
// it is logged once as long as the error stays the same.
func (s *Shelf) Run(ctx context.Context) {
	ticker := time.NewTicker(s.options.Every)
	defer ticker.Stop()
	told := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		_, err := s.Reload(ctx)
		switch {
		case err == nil:
			told = ""
		case ctx.Err() == nil && err.Error() != told:
			told = err.Error()
			s.logger.Warn("the collection stays as it is", "err", err)
		}
	}
}

// Close lets go of the collection; whoever still has acquired it may use it to the
// end. Closing again does nothing.
func (s *Shelf) Close() error {
	s.put(nil)
	return nil
}
