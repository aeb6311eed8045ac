package bot

import (
	"context"
	"errors"
	"io"

	"wenbao/corpus"
	"wenbao/rag"
	"wenbao/rag/index"
)

// Collection is one state of the library and what answers from it. It does not
// change and is safe for concurrent use.
type Collection struct {
	// Engine answers. Printed answers with printed words alone; it is Engine
	// itself where no model is configured.
	Engine, Printed *rag.Engine
	// Index finds passages by ID and gives the articles.
	Index *index.Index
	// Model names what writes the answers, "" for none.
	Model string
}

// Library gives the collection to answer from.
type Library interface {
	// Acquire gives the collection as it is now. It stays usable until release is
	// called, once; whatever replaces it meanwhile is for those who come later.
	Acquire() (c *Collection, release func())
	// Reload looks for changes now and reports whether there were any.
	Reload(ctx context.Context) (changed bool, err error)
	// Ingest reads a file into the library and then reloads. Name is only a name:
	// it is no path. Tell is told how far it is, in bytes of total. A library that
	// cannot be written gives ErrReadOnly, one that is being written ErrBusy.
	Ingest(ctx context.Context, name string, r io.Reader, tell func(done, total int64)) (Ingested, error)
}

// Errors of Library.Ingest.
var (
	// ErrReadOnly says that there is no library to write into.
	ErrReadOnly = errors.New("collection cannot be added to")
	// ErrBusy says that another program is writing into it now.
	ErrBusy = errors.New("collection is being written by another program")
)

// Ingested sums up what was found in a file.
type Ingested struct {
	// Articles are those of the file, those that were there already included.
	Articles []*corpus.Article
	Passages int
	// Fragments counts articles that begin or end on a page that is not there,
	// Duplicates those that the library had already.
	Fragments, Duplicates int
	// Problem is why the file, or some of it, could not be read, nil for none.
	Problem error
	// TotalArticles is what the library holds now.
	TotalArticles int
}

// Meter counts what the bot does. It is safe for concurrent use and does not wait.
type Meter interface {
	// Answered counts an answer given to a question; a refusal is one too.
	Answered(a rag.Answer)
	// Refused counts an event turned away, by reason: "rate", "quota", "blocked",
	// "maintenance", "long".
	Refused(reason string)
	// Panicked counts a handler's panic.
	Panicked()
	// Stats gives the counts so far.
	Stats() Stats
}

// Stats are counts since the start.
type Stats struct {
	Updates, Answered, NoEvidence, Generative, Removed, TooMany, Panics int64
	// Queued is how many updates wait now.
	Queued int64
	// P50 and P95 are of the time from update to answer, in seconds, 0 where
	// there was none.
	P50, P95 float64
}
