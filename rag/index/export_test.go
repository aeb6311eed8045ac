package index

import (
	"context"
	"errors"
)

// RecodeColumns reads the columns of a snapshot and writes them again.
func RecodeColumns(b []byte) ([]byte, error) {
	c, err := decodeColumns(b)
	if err != nil {
		return nil, err
	}
	return c.appendTo(nil), nil
}

// Columns are an index's columns as they are stored.
func Columns(ix *Index) []byte { return ix.columns.appendTo(nil) }

// Keep gives the vectors of texts: from the log in dir those that it holds, as many
// as held says, and the others from the embedder, which go into the log.
func Keep(ctx context.Context, dir string, e Embedder, texts []string) (rows [][]float32, held int, err error) {
	l, err := openVectorLog(dir, e)
	if err != nil {
		return nil, 0, err
	}
	for _, text := range texts {
		row := make([]float32, e.Dim())
		if l.read(text, row) {
			held++
		} else {
			vectors, err := embed(ctx, e, []string{text})
			if err != nil {
				return nil, 0, errors.Join(err, l.close())
			}
			l.append([]string{text}, vectors)
			row = vectors[0]
		}
		rows = append(rows, row)
	}
	return rows, held, l.close()
}
