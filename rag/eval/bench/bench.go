// Package bench opens collections in memory for the trainers of rankings, as the
// command does, but without a library.
package bench

import (
	"context"
	"fmt"
	"strings"

	"wenbao/corpus/facet"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/ingest"
	"wenbao/rag"
	"wenbao/rag/embed"
	"wenbao/rag/index"
	"wenbao/rag/lexical"
	"wenbao/rag/query"
)

// Collection is what can be searched.
type Collection struct {
	Index        *index.Index
	Understander rag.Understander
	// Words cuts text into words without stop words.
	Words func(text string) []string
}

// Open reads and indexes files and folders as one collection, with the built-in
// embedder. What cannot be read is an error: a trainer would learn from the rest.
func Open(ctx context.Context, paths ...string) (*Collection, error) {
	places := gazetteer.New()
	records, report, err := ingest.Read(ctx, paths, ingest.Options{Annotator: facet.New(places)})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", strings.Join(paths, ", "), err)
	}
	if len(report.Problems) > 0 {
		return nil, report.Problems[0].Err
	}
	analyzer, err := lexical.NewAnalyzer(nil)
	if err != nil {
		return nil, err
	}
	ix, err := index.Build(ctx, index.NewMemory(records), index.Options{
		Embedder: embed.New(), Analyzer: func() (*lexical.Analyzer, error) { return analyzer, nil },
	})
	if err != nil {
		return nil, fmt.Errorf("index %s: %w", strings.Join(paths, ", "), err)
	}
	return &Collection{
		Index: ix,
		Words: analyzer.Words,
		Understander: query.New(query.Options{
			Gazetteer: places, Places: ix.Places(), Speakers: ix.Speakers(), Words: analyzer.Words, DF: ix.DF, Newest: ix.Coverage().Last,
		}),
	}, nil
}
