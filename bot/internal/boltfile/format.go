package boltfile

import (
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"
)

const (
	// formatBucket holds what the file is, under formatKey.
	formatBucket = "format"
	formatKey    = "format"
)

// stamp is what is kept of a Format.
type stamp struct {
	Name    string `json:"name"`
	Version int    `json:"version"`
}

func initialize(tx *bbolt.Tx, f Format) error {
	for _, name := range append([]string{formatBucket}, f.Buckets...) {
		if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
			return fmt.Errorf("create bucket %q: %w", name, err)
		}
	}
	b, err := json.Marshal(stamp{f.Name, f.Version})
	if err != nil {
		return err
	}
	return (&Tx{tx}).Put(formatBucket, []byte(formatKey), b)
}

// checkStamp says whether a file with that stamp, nil for none, is of the format.
func checkStamp(b []byte, f Format) error {
	var s stamp
	if b == nil {
		return fmt.Errorf("%w: it does not say what it is", ErrDamaged)
	}
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("%w: what it is cannot be read", ErrDamaged)
	}
	if s.Name != f.Name {
		return fmt.Errorf("%w: it holds %q, not %q", ErrDamaged, s.Name, f.Name)
	}
	if s.Version > f.Version {
		return fmt.Errorf("%w: %d, and this one knows %d", ErrNewer, s.Version, f.Version)
	}
	if s.Version != f.Version {
		return fmt.Errorf("%w: its version is %d", ErrDamaged, s.Version)
	}
	return nil
}
