package bot_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"wenbao/bot"
	"wenbao/corpus/facet"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/ingest"
	"wenbao/corpus/library"
	"wenbao/rag"
	"wenbao/rag/chain/supplement"
	"wenbao/rag/cite"
	"wenbao/rag/extract"
	"wenbao/rag/index"
	"wenbao/rag/lexical"
	"wenbao/rag/query"
)

// analyzer is shared: loading one takes a while.
var analyzer = sync.OnceValues(func() (*lexical.Analyzer, error) { return lexical.NewAnalyzer(nil) })

// newspaper is the sample newspaper, indexed once for all tests.
var newspaper = sync.OnceValues(func() (*bot.Collection, error) {
	records, _, err := ingest.Read(context.Background(), []string{"../testdata/pages"},
		ingest.Options{Annotator: facet.New(gazetteer.New())})
	if err != nil {
		return nil, err
	}
	return collect(records)
})

// collect makes a collection of records, without a model.
func collect(records []library.Record) (*bot.Collection, error) {
	a, err := analyzer()
	if err != nil {
		return nil, err
	}
	ix, err := index.Build(context.Background(), index.NewMemory(records), index.Options{Analyzer: analyzer})
	if err != nil {
		return nil, err
	}
	places := gazetteer.New()
	engine := &rag.Engine{
		Understander: query.New(query.Options{
			Gazetteer: places, Places: ix.Places(), Speakers: ix.Speakers(), Words: a.Words, Newest: ix.Coverage().Last,
		}),
		Searcher: ix,
		Answerer: supplement.Answerer{
			Inner:   extract.New(extract.Options{Annotator: facet.New(places), Words: a.Words, DF: ix.DF}),
			Checker: cite.NewChecker(cite.CheckerOptions{Annotator: facet.New(places), Gazetteer: places, Words: a.Words}),
		},
		Coverage: ix.Coverage,
		Now:      time.Now,
	}
	return &bot.Collection{Engine: engine, Printed: engine, Index: ix}, nil
}

// sample gives the sample newspaper.
func sample(t testing.TB) *bot.Collection {
	t.Helper()
	c, err := newspaper()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// nothing is a collection without an article.
func nothing(t testing.TB) *bot.Collection {
	t.Helper()
	c, err := collect(nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// shelf is a bot.Library whose collection tests replace.
type shelf struct {
	mu       sync.Mutex
	now      *bot.Collection
	acquired int // and not released
	changed  bool
	err      error // of Reload
	ingest   func(name string, r io.Reader, tell func(done, total int64)) (bot.Ingested, error)
}

func (s *shelf) Acquire() (*bot.Collection, func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.acquired++
	return s.now, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.acquired--
	}
}

func (s *shelf) Reload(context.Context) (bool, error) { return s.changed, s.err }

func (s *shelf) Ingest(_ context.Context, name string, r io.Reader, tell func(done, total int64)) (bot.Ingested, error) {
	if s.ingest == nil {
		return bot.Ingested{}, bot.ErrReadOnly
	}
	return s.ingest(name, r, tell)
}

// meter is a bot.Meter that remembers.
type meter struct {
	mu      sync.Mutex
	answers []rag.Answer
	refused []string
}

func (m *meter) Answered(a rag.Answer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answers = append(m.answers, a)
}

func (m *meter) Refused(reason string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refused = append(m.refused, reason)
}

func (m *meter) Panicked() {}

func (m *meter) Stats() bot.Stats {
	return bot.Stats{Updates: 120, Answered: 90, NoEvidence: 12, Generative: 30, Removed: 4, TooMany: 2, Queued: 1, P50: 0.04, P95: 0.21}
}

// files is a bot.Files of one content.
type files struct {
	content string
	err     error
}

func (f files) Open(_ context.Context, _ bot.File, limit int64) (io.ReadCloser, error) {
	if f.err != nil {
		return nil, f.err
	}
	if int64(len(f.content)) > limit {
		return nil, bot.ErrTooLarge
	}
	return io.NopCloser(strings.NewReader(f.content)), nil
}

// page is a small report of its own for a collection of one's own.
func page(t testing.TB, text string) []library.Record {
	t.Helper()
	records, _, err := ingest.Read(t.Context(), []string{"-"}, ingest.Options{
		Annotator: facet.New(gazetteer.New()), Stdin: strings.NewReader(text),
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(records) == 0 {
		t.Fatal("no article was read")
	}
	return records
}

// broken is an engine whose search fails.
func broken() *rag.Engine {
	return &rag.Engine{
		Understander: understander{}, Searcher: failing{}, Now: time.Now,
		Coverage: func() rag.Coverage { return rag.Coverage{} },
	}
}

type understander struct{}

func (understander) Understand(q rag.Question) rag.Query { return rag.Query{Text: q.Text} }

type failing struct{}

func (failing) Search(context.Context, rag.Query, int) ([]rag.Hit, error) {
	return nil, errors.New("disk on fire")
}
