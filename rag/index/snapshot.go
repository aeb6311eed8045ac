package index

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"wenbao/corpus/library"
	"wenbao/rag/lexical"
	"wenbao/rag/vector"
)

// FileName is the snapshot's name in the library's directory.
const FileName = "index.wbi"

// A snapshot file is, numbers being little endian:
//
//	magic (8 bytes), format version (4 bytes), length of the head (4 bytes)
//	head as JSON, CRC-32C of it (4 bytes)
//	the sections one behind the other
const (
	snapshotMagic = "wbindex\n"
	preambleBytes = len(snapshotMagic) + 8
	checksumBytes = 4
	maxHeadBytes  = 1 << 20
)

// formatVersion changes with the file's layout, and whenever documents are made
// or columns are filled in another way.
const formatVersion = 2

// head says what a snapshot was made of and where its sections are.
type head struct {
	Generation uint64    `json:"generation"`
	Embedder   string    `json:"embedder"` // "" at none
	Dim        int       `json:"dim"`
	Sections   []section `json:"sections"`
}

// section is one of the parts of an index: the columns, the index by words, and
// the vectors, in this order.
type section struct {
	Size     int64  `json:"size"`
	Checksum uint32 `json:"checksum"`
}

const numSections = 3

func checksum(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

// headOf is a head without sections.
func headOf(opt Options, generation uint64) head {
	h := head{Generation: generation}
	if opt.Embedder != nil {
		h.Embedder, h.Dim = opt.Embedder.Name(), opt.Embedder.Dim()
	}
	return h
}

// fits reports whether a snapshot with this head can be used with the options. Any
// can be without an embedder: its vectors are left out.
func (h *head) fits(opt Options) bool {
	if opt.Embedder == nil {
		return true
	}
	want := headOf(opt, h.Generation)
	return h.Embedder == want.Embedder && h.Dim == want.Dim
}

// Save writes a snapshot into dir, in place of the one there.
func (ix *Index) Save(dir string) error {
	h := headOf(ix.opt, ix.generation)
	sections := [numSections][]byte{ix.columns.appendTo(nil), ix.words.AppendTo(nil), ix.vectors.AppendTo(nil)}
	for _, s := range sections {
		h.Sections = append(h.Sections, section{int64(len(s)), checksum(s)})
	}
	js, err := json.Marshal(&h)
	if err != nil {
		return fmt.Errorf("save index: %w", err)
	}
	b := []byte(snapshotMagic)
	b = binary.LittleEndian.AppendUint32(b, formatVersion)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(js)))
	b = append(b, js...)
	b = binary.LittleEndian.AppendUint32(b, checksum(js))
	err = replaceFile(filepath.Join(dir, FileName), func(w io.Writer) error {
		for _, s := range append([][]byte{b}, sections[:]...) {
			if _, err := w.Write(s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("save index: %w", err)
	}
	return nil
}

// replaceFile writes a file under a name of its own, because another process may
// be doing the same, and then renames it to path.
func replaceFile(path string, write func(io.Writer) error) error {
	dir, name := filepath.Split(path)
	f, err := os.CreateTemp(dir, name+".*.tmp")
	if err != nil {
		return err
	}
	if err = write(f); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes a rename last through a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Open opens the snapshot in dir; without Options.Embedder, that of any embedder,
// by words alone. The error is ErrStale when it is not of this generation of the
// library and these options, or there is none, and ErrDamaged when it cannot be
// trusted. The analyzer is loaded, and compared with the one
// that the snapshot was made with, at the first search, which then gives ErrStale.
func Open(dir string, lib *library.Library, opt Options) (*Index, error) {
	if err := opt.Validate(); err != nil {
		return nil, err
	}
	ix, err := load(dir, opt)
	if err != nil {
		return nil, err
	}
	if ix.generation != lib.Generation() {
		return nil, fmt.Errorf("snapshot of generation %d, library of %d: %w", ix.generation, lib.Generation(), ErrStale)
	}
	ix.records = lib
	return ix, nil
}

// load reads a snapshot of any generation; its records are still missing.
func load(dir string, opt Options) (*Index, error) {
	data, err := os.ReadFile(filepath.Join(dir, FileName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no snapshot: %w", ErrStale)
	}
	if err != nil {
		return nil, fmt.Errorf("read index: %w", err)
	}
	return decode(data, opt)
}

// decode makes an index of a snapshot's bytes, which it goes on using.
func decode(data []byte, opt Options) (*Index, error) {
	h, rest, err := decodeHead(data)
	if err != nil {
		return nil, err
	}
	if !h.fits(opt) {
		return nil, fmt.Errorf("snapshot of embedder %q: %w", h.Embedder, ErrStale)
	}
	sections, err := h.cut(rest)
	if err != nil {
		return nil, err
	}
	ix := &Index{generation: h.Generation, opt: opt}
	if ix.columns, err = decodeColumns(sections[0]); err != nil {
		return nil, fmt.Errorf("%w: columns: %w", ErrDamaged, err)
	}
	if ix.words, err = lexical.Read(sections[1], opt.analyzer); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if opt.Embedder == nil {
		ix.vectors = &vector.Store{}
		return ix, ix.check()
	}
	if ix.vectors, err = vector.Read(sections[2]); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return ix, ix.check()
}

// check reports sections that do not belong together.
func (ix *Index) check() error {
	n := ix.Len()
	if ix.words.Len() != n || ix.opt.Embedder != nil && n > 0 && (ix.vectors.Len() != n || ix.vectors.Dim() != ix.opt.Embedder.Dim()) {
		return fmt.Errorf("%w: %d passages, %d by words, %d vectors", ErrDamaged, n, ix.words.Len(), ix.vectors.Len())
	}
	return nil
}

func decodeHead(data []byte) (h head, rest []byte, err error) {
	if len(data) < preambleBytes || !bytes.HasPrefix(data, []byte(snapshotMagic)) {
		return h, nil, fmt.Errorf("%w: no such beginning", ErrDamaged)
	}
	version := binary.LittleEndian.Uint32(data[len(snapshotMagic):])
	if version != formatVersion {
		return h, nil, fmt.Errorf("snapshot of format %d: %w", version, ErrStale)
	}
	size := int64(binary.LittleEndian.Uint32(data[len(snapshotMagic)+4:]))
	data = data[preambleBytes:]
	if size > maxHeadBytes || size+checksumBytes > int64(len(data)) {
		return h, nil, fmt.Errorf("%w: head is cut short", ErrDamaged)
	}
	js, rest := data[:size], data[size+checksumBytes:]
	if checksum(js) != binary.LittleEndian.Uint32(data[size:]) {
		return h, nil, fmt.Errorf("%w: head's checksum does not match", ErrDamaged)
	}
	if err := json.Unmarshal(js, &h); err != nil {
		return h, nil, fmt.Errorf("%w: head: %w", ErrDamaged, err)
	}
	return h, rest, nil
}

// cut gives the sections, whose checksums are right.
func (h *head) cut(rest []byte) ([][]byte, error) {
	if len(h.Sections) != numSections {
		return nil, fmt.Errorf("%w: %d sections", ErrDamaged, len(h.Sections))
	}
	out := make([][]byte, 0, numSections)
	for i, s := range h.Sections {
		if s.Size < 0 || s.Size > int64(len(rest)) {
			return nil, fmt.Errorf("%w: section %d is cut short", ErrDamaged, i)
		}
		b := rest[:s.Size:s.Size]
		if rest = rest[s.Size:]; checksum(b) != s.Checksum {
			return nil, fmt.Errorf("%w: section %d's checksum does not match", ErrDamaged, i)
		}
		out = append(out, b)
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("%w: %d bytes too many", ErrDamaged, len(rest))
	}
	return out, nil
}
