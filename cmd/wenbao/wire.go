package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"time"

	"wenbao/corpus/facet"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/ingest"
	"wenbao/corpus/source"
	"wenbao/rag"
	"wenbao/rag/chain/supplement"
	"wenbao/rag/cite"
	"wenbao/rag/embed"
	"wenbao/rag/extract"
	"wenbao/rag/index"
	"wenbao/rag/llm"
	"wenbao/rag/query"
)

// places is the gazetteer with the user's files, and a hash of those.
type places struct {
	*gazetteer.Gazetteer
	hash string
}

// loadPlaces reads --gazetteer.
func (a *app) loadPlaces() (places, error) {
	p := places{Gazetteer: gazetteer.New()}
	hash := sha256.New()
	for _, path := range a.global.gazetteer {
		if err := loadGazetteer(p.Gazetteer, path, hash); err != nil {
			return places{}, failuref(a.m.BadGazetteer, err)
		}
	}
	if len(a.global.gazetteer) > 0 {
		p.hash = hex.EncodeToString(hash.Sum(nil))
	}
	return p, nil
}

func loadGazetteer(g *gazetteer.Gazetteer, path string, hash io.Writer) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(g.Load(io.TeeReader(f, hash), path), f.Close())
}

func (a *app) ingestOptions(p places) ingest.Options {
	return ingest.Options{
		Source:    source.Options{Meta: a.global.meta},
		Annotator: facet.New(p.Gazetteer),
		Rules:     p.hash,
		Stdin:     a.Stdin,
	}
}

// indexOptions are the same wherever an index is made: an index made with others
// is stale.
func (a *app) indexOptions(ctx context.Context) (index.Options, error) {
	opt := index.Options{Embedder: embed.New(), Analyzer: a.analyzer}
	external, err := a.embedder()
	if err != nil || external == nil {
		return opt, err
	}
	opt.Embedder = external
	opt.Degraded = func(err error) { a.note("%s", a.m.wordsOnly(err)) }
	return opt, a.probe(ctx, external)
}

// indexed is a store with its index.
type indexed struct {
	*store
	index *index.Index
}

// collection is what questions are answered from.
type collection struct {
	indexed
	engine *rag.Engine
	// system names what writes the answers.
	system string
}

// open makes an engine over what --corpus or --data name. explain asks for
// Hit.Why.
func (a *app) open(ctx context.Context, explain bool) (*collection, error) {
	ix, err := a.openIndex(ctx)
	if err != nil {
		return nil, err
	}
	engine, err := a.engine(ix, explain)
	if err != nil {
		return nil, errors.Join(err, ix.Close())
	}
	return &collection{indexed: *ix, engine: engine, system: string(rag.Extractive)}, nil
}

// openIndex opens what --corpus or --data name.
func (a *app) openIndex(ctx context.Context) (*indexed, error) {
	s, err := a.store(ctx)
	if err != nil {
		return nil, err
	}
	ix, err := a.index(ctx, s, a.waiting())
	if errors.Is(err, index.ErrEmbedding) { // a question is not lost for want of vectors
		a.note("%s", a.m.wordsOnly(err))
		ix, err = a.indexWith(ctx, s, index.Options{Analyzer: a.analyzer}, a.waiting())
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return &indexed{store: s, index: ix}, nil
}

// index opens the library's index, brought up to date where it is not, or makes
// one of what is in memory.
func (a *app) index(ctx context.Context, s *store, progress func(done, total int)) (*index.Index, error) {
	opt, err := a.indexOptions(ctx)
	if err != nil {
		return nil, err
	}
	return a.indexWith(ctx, s, opt, progress)
}

func (a *app) indexWith(ctx context.Context, s *store, opt index.Options, progress func(done, total int)) (*index.Index, error) {
	if s.library == nil {
		return index.Build(ctx, s, opt)
	}
	if _, external := opt.Embedder.(*llm.Embedder); external {
		opt.VectorDir = s.dir // what was paid for is kept
	}
	ix, err := index.Refresh(ctx, s.dir, s.library, opt, progress)
	if err != nil {
		return nil, err
	}
	for _, notice := range ix.Notices() {
		a.note(a.m.IndexNotice, a.m.reason(notice))
	}
	return ix, nil
}

// slowIndex is how long a user may wait without knowing for what.
const slowIndex = time.Second

// waiting gives a progress function that says once what takes so long.
func (a *app) waiting() func(done, total int) {
	start, told := a.Now(), false
	return func(int, int) {
		if !told && a.Now().Sub(start) > slowIndex {
			told = true
			a.note("%s", a.m.BuildingIndex)
		}
	}
}

// engine puts the steps of an answer together.
func (a *app) engine(ix *indexed, explain bool) (*rag.Engine, error) {
	p, err := a.places()
	if err != nil {
		return nil, err
	}
	analyzer, err := a.analyzer()
	if err != nil {
		return nil, err
	}
	return &rag.Engine{
		Understander: understander(ix.index, p, analyzer.Words, ix.speakerOf),
		Searcher:     searcher{index: ix.index, options: index.SearchOptions{Explain: explain}},
		Answerer: supplement.Answerer{
			Inner: extract.New(extract.Options{
				Annotator: facet.New(p.Gazetteer), Words: analyzer.Words, DF: ix.index.DF, Senses: embed.New(),
			}),
			Checker: checker(p, analyzer.Words),
		},
		Coverage: ix.index.Coverage,
		Now:      a.Now,
	}, nil
}

// checker compares and computes figures, and checks what a model writes.
func checker(p places, words func(string) []string) *cite.Checker {
	return cite.NewChecker(cite.CheckerOptions{Annotator: facet.New(p.Gazetteer), Gazetteer: p.Gazetteer, Words: words})
}

// understander reads questions with what the index knows of its collection.
// speakerOf may be nil.
func understander(ix *index.Index, p places, words func(string) []string, speakerOf func(string) string) *query.Understander {
	return query.New(query.Options{
		Gazetteer: p.Gazetteer,
		Places:    ix.Places(),
		Speakers:  ix.Speakers(),
		Words:     words,
		DF:        ix.DF,
		Newest:    ix.Coverage().Last,
		SpeakerOf: speakerOf,
	})
}

// searcher is an index searched in one way.
type searcher struct {
	index   *index.Index
	options index.SearchOptions
}

// Search implements rag.Searcher.
func (s searcher) Search(ctx context.Context, q rag.Query, k int) ([]rag.Hit, error) {
	return s.index.SearchWith(ctx, q, k, s.options)
}
