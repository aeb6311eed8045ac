package index

import (
	"context"
	"fmt"

	"wenbao/rag/vector"
)

// defaultBatch is how many texts an Embedder that does not say is given at a time:
// about what one request of a model behind a network takes, and no slower than
// more at once with the built-in one.
const defaultBatch = 32

// batchSize is how many texts an embedder is given at a time.
func batchSize(e Embedder) int {
	if b, ok := e.(interface{ BatchSize() int }); ok && b.BatchSize() > 0 {
		return b.BatchSize()
	}
	return defaultBatch
}

// embed calls an embedder and holds it to its contract. The error is that of ctx
// once it is done, and otherwise wraps ErrEmbedding.
func embed(ctx context.Context, e Embedder, texts []string) ([][]float32, error) {
	vectors, err := e.Embed(ctx, texts)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrEmbedding, err)
	case len(vectors) != len(texts):
		return nil, fmt.Errorf("%w: %s gave %d vectors for %d texts", ErrEmbedding, e.Name(), len(vectors), len(texts))
	}
	for _, v := range vectors {
		if len(v) != e.Dim() {
			return nil, fmt.Errorf("%w: %s gave %d values, not %d", ErrEmbedding, e.Name(), len(v), e.Dim())
		}
	}
	return vectors, nil
}

// embed makes the vectors of the texts: from the log those that it holds, and the
// others batch by batch.
func (b *builder) embed(ctx context.Context) (*vector.Store, error) {
	e := b.opt.Embedder
	if e == nil {
		return &vector.Store{}, nil
	}
	b.openLog()
	dim, size := e.Dim(), batchSize(e)
	rows := make([]float32, len(b.texts)*dim)
	var missing []int // texts, at most a batch
	for i, text := range b.texts {
		if !b.kept.read(text, rows[i*dim:(i+1)*dim]) {
			missing = append(missing, i)
		}
		if len(missing) < size && i+1 < len(b.texts) {
			continue
		}
		if err := b.embedRows(ctx, rows, missing); err != nil {
			return nil, fmt.Errorf("embed passages: %w", err)
		}
		missing = missing[:0]
		if i+1 < len(b.texts) {
			b.tell(i + 1)
		}
	}
	return vector.Build(dim, rows)
}

// embedRows fills in the rows of a batch of texts and keeps them in the log.
func (b *builder) embedRows(ctx context.Context, rows []float32, batch []int) error {
	if err := ctx.Err(); err != nil || len(batch) == 0 {
		return err
	}
	texts := make([]string, len(batch))
	for i, n := range batch {
		texts[i] = b.texts[n]
	}
	vectors, err := embed(ctx, b.opt.Embedder, texts)
	if err != nil {
		return err
	}
	b.kept.append(texts, vectors)
	dim := b.opt.Embedder.Dim()
	for i, n := range batch {
		copy(rows[n*dim:], vectors[i])
	}
	return nil
}

// openLog opens the log of vectors, where there has to be one, when the first text
// is to be embedded. Without a usable one the build goes on.
func (b *builder) openLog() {
	if b.live == nil || b.kept != nil || len(b.texts) == 0 {
		return
	}
	kept, err := openVectorLog(b.opt.VectorDir, b.opt.Embedder)
	if err != nil {
		b.live = nil
		b.notices = append(b.notices, err)
		return
	}
	b.kept = kept
}

// closeLog closes the log, and before that drops what no passage needs any more.
// While articles cannot be read or the log is in trouble, everything is kept.
func (b *builder) closeLog() {
	if len(b.notices) == 0 {
		if err := b.kept.compact(b.live); err != nil {
			b.notices = append(b.notices, err)
		}
	}
	if err := b.kept.close(); err != nil {
		b.notices = append(b.notices, err)
	}
}
