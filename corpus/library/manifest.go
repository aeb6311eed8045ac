package library

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"time"
)

// A manifest file is, numbers being uvarints and a string its length and bytes:
//
//	magic (8 bytes), version (4 bytes, little endian)
//	generation, next segment
//	segments: count, then for each its number and its size in bytes
//	batches: count, then for each, keys ascending:
//	    key
//	    sources: count, then path, size, modified (seconds, signed; nanoseconds), hash
//	    records: count, then article id, passages, segment, offset, length
//	CRC-32C of everything before it (4 bytes, little endian)
//
// Every version keeps the magic, the version and the checksum where they are, so
// that a newer file is told from a damaged one. It is not JSON because it is
// read whole on every start: 17,000 files take 4 ms and not 50.
const (
	manifestMagic   = "wbmanif\n"
	manifestVersion = 1
	manifestHead    = len(manifestMagic) + 4
)

// manifest is one committed state. It is not changed once it is written or read.
type manifest struct {
	generation  uint64
	nextSegment uint64 // above every number that was ever committed
	segments    []segment
	batches     []batch // by key, ascending
}

type segment struct {
	number uint64
	size   int64
}

type batch struct {
	key     string
	sources []Source
	records []ref
}

// ref says where a record lies: the bytes [offset, offset+length) of a segment
// are its frame.
type ref struct {
	id       string
	passages int
	segment  uint64
	offset   int64
	length   int
}

func (r ref) end() int64 { return r.offset + int64(r.length) }

// The Castagnoli polynomial has instructions of its own on amd64 and arm64.
func checksum(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

func (m *manifest) encode() []byte {
	b := append([]byte(nil), manifestMagic...)
	b = binary.LittleEndian.AppendUint32(b, manifestVersion)
	b = binary.AppendUvarint(b, m.generation)
	b = binary.AppendUvarint(b, m.nextSegment)
	b = binary.AppendUvarint(b, uint64(len(m.segments)))
	for _, s := range m.segments {
		b = binary.AppendUvarint(b, s.number)
		b = binary.AppendUvarint(b, uint64(s.size))
	}
	b = binary.AppendUvarint(b, uint64(len(m.batches)))
	for i := range m.batches {
		b = m.batches[i].append(b)
	}
	return binary.LittleEndian.AppendUint32(b, checksum(b))
}

func (t *batch) append(b []byte) []byte {
	b = appendString(b, t.key)
	b = binary.AppendUvarint(b, uint64(len(t.sources)))
	for _, s := range t.sources {
		b = appendString(b, s.Path)
		b = binary.AppendUvarint(b, uint64(s.Size))
		b = binary.AppendVarint(b, s.ModTime.Unix())
		b = binary.AppendUvarint(b, uint64(s.ModTime.Nanosecond()))
		b = appendString(b, s.SHA256)
	}
	b = binary.AppendUvarint(b, uint64(len(t.records)))
	for _, r := range t.records {
		b = appendString(b, r.id)
		b = binary.AppendUvarint(b, uint64(r.passages))
		b = binary.AppendUvarint(b, r.segment)
		b = binary.AppendUvarint(b, uint64(r.offset))
		b = binary.AppendUvarint(b, uint64(r.length))
	}
	return b
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// decodeManifest reads what encode wrote. The error is ErrVersion for a newer
// format and anything else for damage.
func decodeManifest(b []byte) (*manifest, error) {
	if len(b) < manifestHead+4 || string(b[:len(manifestMagic)]) != manifestMagic {
		return nil, errors.New("not a manifest")
	}
	body, sum := b[:len(b)-4], binary.LittleEndian.Uint32(b[len(b)-4:])
	if checksum(body) != sum {
		return nil, errors.New("checksum does not match")
	}
	if binary.LittleEndian.Uint32(b[len(manifestMagic):]) > manifestVersion {
		return nil, ErrVersion
	}
	d := decoder{rest: string(body[manifestHead:])}
	m := d.manifest()
	if d.err == nil && d.rest != "" {
		d.fail("%d bytes too many", len(d.rest))
	}
	if d.err != nil {
		return nil, d.err
	}
	return m, m.check()
}

// check reports the first statement of the manifest that contradicts another.
func (m *manifest) check() error {
	sizes := make(map[uint64]int64, len(m.segments))
	for _, s := range m.segments {
		if _, twice := sizes[s.number]; twice || s.number >= m.nextSegment {
			return fmt.Errorf("segment %d is numbered wrongly", s.number)
		}
		sizes[s.number] = s.size
	}
	byKey := func(a, b batch) int { return cmp.Compare(a.key, b.key) }
	if !slices.IsSortedFunc(m.batches, byKey) {
		return errors.New("batches are not in order")
	}
	for i, t := range m.batches {
		if i > 0 && m.batches[i-1].key == t.key {
			return fmt.Errorf("batch %q is there twice", t.key)
		}
		for _, r := range t.records {
			size, ok := sizes[r.segment]
			if !ok || r.length < frameHead || r.offset > size-int64(r.length) {
				return fmt.Errorf("article %s lies outside segment %d", r.id, r.segment)
			}
		}
	}
	return nil
}

// decoder takes values off the front of rest. After the first error it gives
// zeros. Strings share rest's memory.
type decoder struct {
	rest string
	err  error
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf(format, args...)
	}
	d.rest = ""
}

func (d *decoder) manifest() *manifest {
	m := &manifest{generation: d.uvarint(), nextSegment: d.uvarint()}
	m.segments = make([]segment, d.count(2))
	for i := range m.segments {
		m.segments[i] = segment{number: d.uvarint(), size: d.int()}
	}
	m.batches = make([]batch, d.count(3))
	for i := range m.batches {
		m.batches[i] = d.batch()
	}
	return m
}

func (d *decoder) batch() batch {
	t := batch{key: d.string()}
	t.sources = make([]Source, d.count(5))
	for i := range t.sources {
		s := Source{Path: d.string(), Size: d.int()}
		s.ModTime = d.time()
		s.SHA256 = d.string()
		t.sources[i] = s
	}
	t.records = make([]ref, d.count(5))
	for i := range t.records {
		t.records[i] = ref{
			id: d.string(), passages: int(d.int()),
			segment: d.uvarint(), offset: d.int(), length: int(d.int()),
		}
	}
	return t
}

// count reads how many elements follow, each of at least size bytes: a wrong
// count must not make the reader allocate more than the file could hold.
func (d *decoder) count(size int) int {
	n := d.uvarint()
	if n > uint64(len(d.rest)/size) {
		d.fail("%d elements in %d bytes", n, len(d.rest))
		return 0
	}
	return int(n)
}

func (d *decoder) string() string {
	n := d.count(1)
	s := d.rest[:n]
	d.rest = d.rest[n:]
	return s
}

func (d *decoder) time() time.Time {
	sec, nsec := d.varint(), d.int()
	if nsec >= int64(time.Second) {
		d.fail("%d nanoseconds", nsec)
	}
	return time.Unix(sec, nsec).UTC()
}

func (d *decoder) int() int64 {
	v := d.uvarint()
	if v > math.MaxInt64 {
		d.fail("number %d is too large", v)
		return 0
	}
	return int64(v)
}

func (d *decoder) uvarint() uint64 {
	v, n := binary.Uvarint([]byte(d.rest[:min(len(d.rest), binary.MaxVarintLen64)]))
	d.skip(n)
	return v
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint([]byte(d.rest[:min(len(d.rest), binary.MaxVarintLen64)]))
	d.skip(n)
	return v
}

func (d *decoder) skip(n int) {
	if n <= 0 {
		d.fail("ends in the middle of a number")
		return
	}
	d.rest = d.rest[n:]
}
