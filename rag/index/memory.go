package index

import (
	"context"
	"fmt"
	"iter"

	"wenbao/corpus/library"
)

// Memory is Records without a library. It is safe for concurrent use.
type Memory struct {
	records []library.Record
	byID    map[string]int
}

// NewMemory holds records, whose article IDs must differ and which must not be
// changed any more.
func NewMemory(records []library.Record) *Memory {
	m := &Memory{records: records, byID: make(map[string]int, len(records))}
	for i := range records {
		m.byID[records[i].Article.ID] = i
	}
	return m
}

// All gives the records in the order in which they were given.
func (m *Memory) All(ctx context.Context) iter.Seq2[*library.Record, error] {
	return func(yield func(*library.Record, error) bool) {
		for i := range m.records {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			if !yield(&m.records[i], nil) {
				return
			}
		}
	}
}

// Record gives an article, which must not be changed. The error is
// library.ErrNoArticle.
func (m *Memory) Record(id string) (*library.Record, error) {
	i, ok := m.byID[id]
	if !ok {
		return nil, fmt.Errorf("article %q: %w", id, library.ErrNoArticle)
	}
	return &m.records[i], nil
}

// Generation is 0: the records do not change.
func (m *Memory) Generation() uint64 { return 0 }
