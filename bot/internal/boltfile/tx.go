package boltfile

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"slices"

	"go.etcd.io/bbolt"
)

const (
	// sumSize is the length of the checksum before each value.
	sumSize = 4
	// scanStep is how many pairs Scan reads ahead of its caller.
	scanStep = 64
)

// Tx reads and, in an Update, writes. Keys and values go in and out as copies.
// Buckets are those of the Format.
type Tx struct {
	tx *bbolt.Tx
}

// Get gives the value of a key, nil where there is none. It is ErrDamaged where
// the value is not what was put.
func (t *Tx) Get(bucket string, key []byte) ([]byte, error) {
	b, err := t.bucket(bucket)
	if err != nil {
		return nil, err
	}
	sealed := b.Get(key)
	if sealed == nil {
		return nil, nil
	}
	return unseal(bucket, key, sealed)
}

// Put sets the value of a key, which must not be empty.
func (t *Tx) Put(bucket string, key, value []byte) error {
	b, err := t.bucket(bucket)
	if err != nil {
		return err
	}
	return b.Put(key, seal(bucket, key, value))
}

// GetJSON reads the JSON that is the value of a key into v, and reports false
// where there is none.
func (t *Tx) GetJSON(bucket string, key []byte, v any) (bool, error) {
	b, err := t.Get(bucket, key)
	if err != nil || b == nil {
		return false, err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return false, fmt.Errorf("decode value in %s: %w", bucket, err)
	}
	return true, nil
}

// PutJSON sets the value of a key to v as JSON.
func (t *Tx) PutJSON(bucket string, key []byte, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode value for %s: %w", bucket, err)
	}
	return t.Put(bucket, key, b)
}

// Delete removes a key; one that is not there is no error.
func (t *Tx) Delete(bucket string, key []byte) error {
	b, err := t.bucket(bucket)
	if err != nil {
		return err
	}
	return b.Delete(key)
}

// Scan calls visit for the keys from from on and before to, in order; a nil to is
// the end. Visit may write; what it puts may or may not be visited. Its error ends
// the scan and is returned.
func (t *Tx) Scan(bucket string, from, to []byte, visit func(key, value []byte) error) error {
	b, err := t.bucket(bucket)
	if err != nil {
		return err
	}
	for {
		step, err := read(b, bucket, from, to)
		if err != nil {
			return err
		}
		for _, p := range step {
			if err := visit(p.key, p.value); err != nil {
				return err
			}
		}
		if len(step) < scanStep {
			return nil
		}
		from = append(slices.Clone(step[len(step)-1].key), 0) // the next possible key
	}
}

func (t *Tx) bucket(name string) (*bbolt.Bucket, error) {
	b := t.tx.Bucket([]byte(name))
	if b == nil {
		return nil, fmt.Errorf("no bucket %q", name)
	}
	return b, nil
}

type pair struct{ key, value []byte }

// read gives copies of at most scanStep pairs. A cursor is of no use to who writes
// between its steps.
func read(b *bbolt.Bucket, bucket string, from, to []byte) ([]pair, error) {
	var step []pair
	c := b.Cursor()
	for k, sealed := c.Seek(from); k != nil && len(step) < scanStep; k, sealed = c.Next() {
		if to != nil && bytes.Compare(k, to) >= 0 {
			break
		}
		value, err := unseal(bucket, k, sealed)
		if err != nil {
			return nil, err
		}
		step = append(step, pair{bytes.Clone(k), value})
	}
	return step, nil
}

// castagnoli is the polynomial that processors compute themselves.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sum is over where a value belongs too, so that one in another's place is damage.
func sum(bucket string, key, value []byte) uint32 {
	s := crc32.Update(0, castagnoli, []byte(bucket))
	s = crc32.Update(s, castagnoli, key)
	return crc32.Update(s, castagnoli, value)
}

func seal(bucket string, key, value []byte) []byte {
	sealed := make([]byte, sumSize, sumSize+len(value))
	binary.BigEndian.PutUint32(sealed, sum(bucket, key, value))
	return append(sealed, value...)
}

// unseal gives a copy of the value, which is never nil.
func unseal(bucket string, key, sealed []byte) ([]byte, error) {
	if len(sealed) < sumSize ||
		binary.BigEndian.Uint32(sealed) != sum(bucket, key, sealed[sumSize:]) {
		return nil, fmt.Errorf("value in %s: %w", bucket, ErrDamaged)
	}
	return append([]byte{}, sealed[sumSize:]...), nil
}
