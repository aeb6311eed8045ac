package index

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
