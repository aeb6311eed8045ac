package boltfile

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
)

// bbolt's file format, version 2, in the machine's byte order. The file consists
// of pages of one size; a page may go on over those that follow it (its overflow).
// Pages 0 and 1 are metas, of which the one with the higher transaction ID that
// has a right checksum holds; it names the root bucket and the list of free pages.
const (
	metaMagic   = 0xED0CDAED
	metaVersion = 2
	metaSize    = 64 // with the checksum over what comes before it
	metaSummed  = 56

	headerSize  = 16 // of a page
	elementSize = 16 // of a key's entry in a branch or a leaf
	bucketSize  = 16 // of a bucket's value: its root page and a number

	branchFlag   = 0x01
	leafFlag     = 0x02
	freelistFlag = 0x10

	bucketElement = 0x01 // the flag of a key that is a bucket's name

	minPageSize, maxPageSize = 1 << 10, 1 << 16
	firstPage                = 2      // after the metas
	manyFree                 = 0xFFFF // the count of a free list that begins with its count
)

var order = binary.NativeEndian

// meta is what a meta page says.
type meta struct {
	pageSize uint32
	root     uint64
	freelist uint64
	pages    uint64 // all in use or free have a lower number
	tx       uint64
}

// readMeta reads a page from its header on; ok is false where it is no whole meta.
func readMeta(page []byte) (m meta, ok bool) {
	if len(page) < headerSize+metaSize {
		return m, false
	}
	b := page[headerSize : headerSize+metaSize]
	sum := fnv.New64a()
	sum.Write(b[:metaSummed])
	if order.Uint32(b) != metaMagic || order.Uint32(b[4:]) != metaVersion ||
		order.Uint64(b[metaSummed:]) != sum.Sum64() {
		return m, false
	}
	return meta{
		pageSize: order.Uint32(b[8:]), root: order.Uint64(b[16:]), freelist: order.Uint64(b[32:]),
		pages: order.Uint64(b[40:]), tx: order.Uint64(b[48:]),
	}, true
}

// page is a page with those that it goes on over.
type page struct {
	id       uint64
	flags    uint16
	count    uint16
	overflow uint32
	data     []byte // from the header on
}

// readHeader reads a page's header, data being at least that long.
func readHeader(data []byte) page {
	return page{
		id: order.Uint64(data), flags: order.Uint16(data[8:]),
		count: order.Uint16(data[10:]), overflow: order.Uint32(data[12:]), data: data,
	}
}

// element is a key of a page with what it stands for: a page of a branch, a value
// or a bucket of a leaf.
type element struct {
	key, value []byte
	child      uint64
	bucket     bool
}

// elements reads a branch or a leaf. bbolt writes keys and values without gaps
// after the entries, so that any change to count, position or length shows.
func (p page) elements() ([]element, error) {
	at := headerSize + int(p.count)*elementSize
	if at > len(p.data) {
		return nil, fmt.Errorf("page %d has no room for %d keys", p.id, p.count)
	}
	elements := make([]element, p.count)
	for i := range elements {
		start := headerSize + i*elementSize
		entry := p.data[start : start+elementSize]
		e := &elements[i]
		var pos, key, value uint32
		if p.flags == branchFlag {
			pos, key, e.child = order.Uint32(entry), order.Uint32(entry[4:]), order.Uint64(entry[8:])
		} else {
			flags := order.Uint32(entry)
			pos, key, value = order.Uint32(entry[4:]), order.Uint32(entry[8:]), order.Uint32(entry[12:])
			if e.bucket = flags == bucketElement; flags&^bucketElement != 0 {
				return nil, fmt.Errorf("page %d: key %d has the flags %x", p.id, i, flags)
			}
		}
		end := int64(at) + int64(key) + int64(value)
		if int64(start)+int64(pos) != int64(at) || key == 0 || end > int64(len(p.data)) {
			return nil, fmt.Errorf("page %d: key %d is not where it should be", p.id, i)
		}
		e.key = p.data[at : at+int(key)]
		e.value = p.data[at+int(key) : end]
		at = int(end)
	}
	return elements, nil
}

// free reads a free list.
func (p page) free() ([]uint64, error) {
	count, at := uint64(p.count), headerSize
	if p.count == manyFree {
		if len(p.data) < headerSize+8 {
			return nil, fmt.Errorf("page %d has no room for its count", p.id)
		}
		count, at = order.Uint64(p.data[headerSize:]), headerSize+8
	}
	if count > uint64(len(p.data)-at)/8 {
		return nil, fmt.Errorf("page %d has no room for %d free pages", p.id, count)
	}
	free := make([]uint64, count)
	for i := range free {
		free[i] = order.Uint64(p.data[at+i*8:])
	}
	return free, nil
}
