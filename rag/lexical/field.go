package lexical

import (
	"encoding/binary"
	"math"
)

// A field is the terms of one kind, words or bigrams, with their postings, laid
// out as it lies in a snapshot. Its slices may alias a snapshot and are never
// written to. A field read from a damaged snapshot gives wrong results but
// neither panics nor reads beyond its slices.
type field struct {
	terms    []byte // the terms, one behind the other, in order of their bytes
	termEnds u32s   // where each ends in terms
	dfs      u32s   // how many documents hold each
	postings []byte // of each term in order: see appendPosting
	postEnds u32s   // where those of each term end in postings
	lengths  u32s   // of each document: terms in its body, and in its context << 16
}

// maxLength and maxCount are where a document's terms, and the occurrences of
// one term in it, stop being counted: far beyond where they change a score.
const (
	maxLength = math.MaxUint16
	maxCount  = 15
)

// u32s are little-endian numbers of 32 bits.
type u32s []byte

func (u u32s) len() int         { return len(u) / 4 }
func (u u32s) at(i int) uint32  { return binary.LittleEndian.Uint32(u[4*i:]) }
func (u *u32s) append(v uint32) { *u = binary.LittleEndian.AppendUint32(*u, v) }

// numTerms is how many terms the field has.
func (f *field) numTerms() int { return f.termEnds.len() }

// term gives the bytes of term i.
func (f *field) term(i int) []byte { return between(f.terms, f.termEnds, i) }

// list gives the postings of term i.
func (f *field) list(i int) postings { return postings{rest: between(f.postings, f.postEnds, i)} }

// between gives part i of data, empty where the ends make no sense.
func between(data []byte, ends u32s, i int) []byte {
	start := uint32(0)
	if i > 0 {
		start = ends.at(i - 1)
	}
	end := ends.at(i)
	if start > end || int64(end) > int64(len(data)) {
		return nil
	}
	return data[start:end:end]
}

// find gives the number of a term, false when no document holds it.
func (f *field) find(term string) (int, bool) {
	low, high := 0, f.numTerms()
	for low < high {
		mid := int(uint(low+high) / 2)
		if string(f.term(mid)) < term {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low, low < f.numTerms() && string(f.term(low)) == term
}

func (f *field) df(term string) int {
	i, ok := f.find(term)
	if !ok {
		return 0
	}
	return int(f.dfs.at(i))
}

// counts are the occurrences of a term in a document's body, low four bits, and
// in its context, high four bits; each stops at maxCount.
type counts uint8

const (
	inBody    counts = 1
	inContext counts = 1 << 4
)

func (c counts) body() int    { return int(c & maxCount) }
func (c counts) context() int { return int(c >> 4) }

// add counts one more occurrence.
func (c counts) add(one counts) counts {
	if one == inBody && c.body() == maxCount || one == inContext && c.context() == maxCount {
		return c
	}
	return c + one
}

// postings reads the documents that hold one term, ascending.
type postings struct {
	rest []byte
	next uint32 // the smallest number that the next document can have
	// doc and counts are the posting last read.
	doc    uint32
	counts counts
}

// read moves to the next posting, false at the end and at bytes that are none.
func (p *postings) read() bool {
	var v uint64
	var n int
	switch b := p.rest; { // the short ones without a call
	case len(b) > 0 && b[0] < 0x80:
		v, n = uint64(b[0]), 1
	case len(b) > 1 && b[1] < 0x80:
		v, n = uint64(b[0]&0x7f)|uint64(b[1])<<7, 2
	default:
		v, n = binary.Uvarint(b)
	}
	if n <= 0 || v>>1 > math.MaxUint32-uint64(p.next) {
		return false
	}
	p.rest = p.rest[n:]
	p.counts = inBody
	if v&1 != 0 {
		if len(p.rest) == 0 {
			return false
		}
		p.counts, p.rest = counts(p.rest[0]), p.rest[1:]
	}
	p.doc = p.next + uint32(v>>1)
	p.next = p.doc + 1
	return true
}

// appendPosting appends a document that lies gap beyond the smallest number it
// could have: twice the gap, plus one when counts follow; without them the term
// stands once in the body, which three postings in four do.
func appendPosting(b []byte, gap uint32, c counts) []byte {
	if c == inBody {
		return binary.AppendUvarint(b, uint64(gap)<<1)
	}
	return append(binary.AppendUvarint(b, uint64(gap)<<1|1), byte(c))
}

// fieldWriter lays out a field, its terms in order and for each its documents in order.
type fieldWriter struct {
	field
	next uint32 // the smallest number that the next document can have
	df   uint32
}

func (w *fieldWriter) add(doc uint32, c counts) {
	w.postings = appendPosting(w.postings, doc-w.next, c)
	w.next = doc + 1
	w.df++
}

// end ends a term; one without documents leaves nothing behind.
func (w *fieldWriter) end(term []byte) {
	if w.df == 0 {
		return
	}
	w.terms = append(w.terms, term...)
	w.termEnds.append(uint32(len(w.terms)))
	w.dfs.append(w.df)
	w.postEnds.append(uint32(len(w.postings)))
	w.next, w.df = 0, 0
}
