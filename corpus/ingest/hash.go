package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// hashFile is the SHA-256 of a file's content, in hexadecimal.
func hashFile(name string) (string, error) {
	f, err := os.Open(filepath.FromSlash(name))
	if err != nil {
		return "", withoutPath(err)
	}
	defer func() { _ = f.Close() }() // it was only read
	h := newHashingReader(f)
	if _, err := io.Copy(io.Discard, h); err != nil {
		return "", withoutPath(err)
	}
	return h.sum(), nil
}

// withoutPath leaves of an error what a Problem, which names the file, has to say.
func withoutPath(err error) error {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return pathErr.Err
	}
	return err
}

// hashingReader hashes what is read through it.
type hashingReader struct {
	r    io.Reader
	hash hash.Hash
}

func newHashingReader(r io.Reader) *hashingReader { return &hashingReader{r, sha256.New()} }

func (h *hashingReader) Read(b []byte) (int, error) {
	n, err := h.r.Read(b)
	h.hash.Write(b[:n])
	return n, err
}

func (h *hashingReader) sum() string { return hex.EncodeToString(h.hash.Sum(nil)) }

func hashString(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
