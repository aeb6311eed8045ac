package main

import (
	"context"
	"errors"
	"io"

	"wenbao/corpus/ingest"
	"wenbao/corpus/library"
	"wenbao/rag/index"
)

// store is where the articles are: the library, or files read into memory.
type store struct {
	index.Records
	library *library.Library // nil for files
	dir     string           // the library's, "" for files
	// failed says that some file could not be read. It was told already.
	failed bool
}

func (s *store) Close() error {
	if s.library == nil {
		return nil
	}
	return s.library.Close()
}

// speakerOf names who speaks in an article, "" when that is not known.
func (s *store) speakerOf(article string) string {
	r, err := s.Record(article)
	if err != nil {
		return ""
	}
	return r.Article.Facets.Speaker
}

// closing closes c and hands its error on where there is none yet.
func closing(c io.Closer, err *error) {
	*err = errors.Join(*err, c.Close())
}

// store opens what --corpus or --data name.
func (a *app) store(ctx context.Context) (*store, error) {
	if len(a.global.corpus) > 0 {
		return a.readFiles(ctx)
	}
	dir, err := a.dataDir()
	if err != nil {
		return nil, err
	}
	return a.openLibrary(dir)
}

func (a *app) openLibrary(dir string) (*store, error) {
	lib, err := library.Open(dir)
	if err != nil {
		return nil, err
	}
	for _, bad := range lib.Damage() {
		a.note(a.m.DamagedFile, bad.Path)
	}
	return &store{Records: lib, library: lib, dir: dir}, nil
}

// readFiles reads the files of --corpus. What is wrong with one is told, and the
// rest is answered from.
func (a *app) readFiles(ctx context.Context) (*store, error) {
	places, err := a.places()
	if err != nil {
		return nil, err
	}
	records, report, err := ingest.Read(ctx, a.global.corpus, a.ingestOptions(places))
	if err != nil {
		return nil, err
	}
	failed := a.problems(report) != nil
	if len(records) == 0 {
		return nil, fail(a.m.NothingRead)
	}
	return &store{Records: index.NewMemory(records), failed: failed}, nil
}
