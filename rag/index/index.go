package index

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"wenbao/corpus/library"
	"wenbao/rag/lexical"
	"wenbao/rag/vector"
)

var (
	// ErrNotFound says that no passage has the ID asked for.
	ErrNotFound = errors.New("no such passage")
	// ErrAmbiguous says that several passages have an ID that begins so.
	ErrAmbiguous = errors.New("several passages have an id that begins so")
	// ErrStale says that there is no snapshot, or that it was made from another
	// generation of the library or with another analyzer, embedder or format.
	ErrStale = errors.New("index is not current")
	// ErrDamaged says that a snapshot is not what was written.
	ErrDamaged = errors.New("index snapshot is damaged")
	// ErrNoEmbedder says that a search by vectors alone has no embedder.
	ErrNoEmbedder = errors.New("index has no embedder")
	// ErrEmbedding says that the embedder failed, or did not keep its contract,
	// and wraps what it said. An index without embedder can still be had.
	ErrEmbedding = errors.New("embedder gives no vectors")
	// ErrNotKept says that vectors are not added to Options.VectorDir, or cannot
	// be read from it. It is found among Notices only.
	ErrNotKept = errors.New("vectors are not kept")
)

// Embedder turns texts into vectors, one for each text in their order, of Dim
// values each. Equal texts give equal vectors; a vector of zeros is for a text
// that says nothing. It must not keep or change texts, and is safe for
// concurrent use. Name changes whenever vectors would. Dim is from 1 to
// vector.MaxDim and, as Name, stays what it is while an index is in use.
//
// An Embedder with a method BatchSize() int is given at most so many texts at a
// time, any other 32.
type Embedder interface {
	Name() string
	Dim() int
	Embed(ctx context.Context, texts []string) ([][]float32, error)
}

// Records is where the articles are: a *library.Library, or a *Memory.
type Records interface {
	// All gives every article once, always in the same order. The pair of one
	// that cannot be read is nil and its error, and the next ones follow; a
	// context that is done gives its error and ends the sequence.
	All(ctx context.Context) iter.Seq2[*library.Record, error]
	// Record gives an article by its ID. Safe for concurrent use.
	Record(id string) (*library.Record, error)
	// Generation is a number that changes whenever All does.
	Generation() uint64
}

// Options says how passages are indexed. The zero value is ready for use.
type Options struct {
	// Embedder makes the vectors; nil means to search by words alone. It may fail:
	// see Refresh and Search.
	Embedder Embedder
	// VectorDir is the directory that keeps what the Embedder gave, for one that
	// is slow, paid for or fallible; the library's own will do. "" keeps nothing,
	// as is right for the built-in embedder.
	//
	// Vectors are kept by embedder, in a file for each, and by the text embedded.
	// No text whose vector is there is embedded again: not after a build that was
	// cut short, nor when an article comes back, nor when an embedder does. A batch
	// is on the disk before the next one is asked for. Vectors of texts that are no
	// longer in the records go when they are more than half of the file. Of several
	// processes, one adds to a file and the others read it; they work on, and
	// Notices says so, as it does when a file cannot be used or written.
	VectorDir string
	// Degraded, where set, is told why a search went by words alone although there
	// is an Embedder; the error wraps ErrEmbedding. It is called by the searching
	// goroutine, so that it has to be safe for concurrent use.
	Degraded func(error)
	// Analyzer gives the analyzer, each time the same one; it is called when the
	// analyzer is first needed. nil means lexical.NewAnalyzer(nil). Loading takes
	// some tens of milliseconds: share one among indexes with sync.OnceValues.
	// Another analyzer makes an index stale as a whole, so do not give it words
	// that change with every new page. Bigrams find what no list holds.
	Analyzer func() (*lexical.Analyzer, error)
}

// Validate reports an Embedder without a usable dimension; the error wraps
// ErrEmbedding. Build, Open and Refresh call it.
func (o *Options) Validate() error {
	if o.Embedder == nil {
		return nil
	}
	if dim := o.Embedder.Dim(); dim < 1 || dim > vector.MaxDim {
		return fmt.Errorf("%w: %s has dimension %d, want 1 to %d", ErrEmbedding, o.Embedder.Name(), dim, vector.MaxDim)
	}
	return nil
}

func (o *Options) analyzer() (*lexical.Analyzer, error) {
	if o.Analyzer != nil {
		return o.Analyzer()
	}
	return lexical.NewAnalyzer(nil)
}

// Index finds passages. It does not change and is safe for concurrent use. It
// reads articles from its Records, which have to stay open.
type Index struct {
	records    Records
	generation uint64
	opt        Options
	columns    columns
	words      *lexical.Index
	vectors    *vector.Store
	notices    []error
}

// Build indexes all records. Those that are damaged (*library.DamageError) are
// left out and listed by Notices; any other error ends it, as does a done context.
// That of the embedder wraps ErrEmbedding.
func Build(ctx context.Context, from Records, opt Options) (*Index, error) {
	if err := opt.Validate(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	analyzer, err := opt.analyzer()
	if err != nil {
		return nil, err
	}
	return newBuilder(analyzer, opt).index(ctx, from, nil)
}

// Notices are what was worked around: records that could not be read, a damaged
// snapshot, one that could not be written. The caller must not change them.
func (ix *Index) Notices() []error { return ix.notices }

// Len is the number of passages.
func (ix *Index) Len() int { return ix.columns.len() }

// Articles gives every article in the order of the records, damaged ones as
// Records.All does.
func (ix *Index) Articles(ctx context.Context) iter.Seq2[*library.Record, error] {
	return ix.records.All(ctx)
}
