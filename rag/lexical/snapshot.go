package lexical

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
)

// magic begins every snapshot; its last byte is the version of the format.
const magic = "wblexix\x01"

// ErrFormat says that bytes are no snapshot of an index, or a damaged one.
var ErrFormat = errors.New("not a lexical index")

// numSections is how many sections a snapshot has: the analyzer's name, the
// articles, and six of each field.
const numSections = 2 + 2*6

// AppendTo appends a snapshot of the index to buf: magic, the length of each
// section as 8 bytes, little endian, and the sections. The same documents give
// the same bytes.
func (ix *Index) AppendTo(buf []byte) []byte {
	sections := make([][]byte, 0, numSections)
	sections = append(sections, []byte(ix.name), ix.articles)
	for _, f := range []*field{&ix.words, &ix.bigrams} {
		sections = append(sections, f.terms, f.termEnds, f.dfs, f.postings, f.postEnds, f.lengths)
	}
	buf = append(buf, magic...)
	for _, s := range sections {
		buf = binary.LittleEndian.AppendUint64(buf, uint64(len(s)))
	}
	for _, s := range sections {
		buf = append(buf, s...)
	}
	return buf
}

// Read opens a snapshot, which the index goes on using: data must not be
// changed. The analyzer is loaded when it is first needed, and once. Read looks
// at the sections and at each document's article and length, and at no posting;
// damage that it does not see gives wrong results, so the caller checks the
// file's sum. The error is ErrFormat for anything but a snapshot.
func Read(data []byte, analyzer func() (*Analyzer, error)) (*Index, error) {
	sections, err := cutSections(data)
	if err != nil {
		return nil, err
	}
	ix := &Index{name: string(sections[0]), articles: sections[1]}
	ix.words.set(sections[2:8])
	ix.bigrams.set(sections[8:14])
	if err := ix.check(); err != nil {
		return nil, err
	}
	ix.analyzer = sync.OnceValues(func() (*Analyzer, error) {
		a, err := analyzer()
		if err != nil {
			return nil, err
		}
		if a.name != ix.name {
			return nil, fmt.Errorf("index %q, analyzer %q: %w", ix.name, a.name, ErrAnalyzer)
		}
		return a, nil
	})
	ix.measure()
	return ix, nil
}

func cutSections(data []byte) ([][]byte, error) {
	const head = len(magic) + 8*numSections
	if len(data) < head || string(data[:len(magic)]) != magic {
		return nil, fmt.Errorf("%w: no such beginning", ErrFormat)
	}
	sizes, rest := data[len(magic):head], data[head:]
	sections := make([][]byte, numSections)
	for i := range sections {
		size := binary.LittleEndian.Uint64(sizes[8*i:])
		if size > uint64(len(rest)) {
			return nil, fmt.Errorf("%w: section %d ends beyond its %d bytes", ErrFormat, i, len(rest))
		}
		sections[i], rest = rest[:size:size], rest[size:]
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("%w: %d bytes behind the last section", ErrFormat, len(rest))
	}
	return sections, nil
}

func (f *field) set(s [][]byte) {
	f.terms, f.termEnds, f.dfs, f.postings, f.postEnds, f.lengths = s[0], s[1], s[2], s[3], s[4], s[5]
}

// check makes sure that every section has as many entries as the others expect.
func (ix *Index) check() error {
	for _, f := range []*field{&ix.words, &ix.bigrams} {
		if len(f.termEnds)%4 != 0 || len(f.dfs) != len(f.termEnds) || len(f.postEnds) != len(f.termEnds) {
			return fmt.Errorf("%w: %d, %d and %d bytes for the same terms", ErrFormat, len(f.termEnds), len(f.dfs), len(f.postEnds))
		}
		if len(f.lengths) != len(ix.articles) {
			return fmt.Errorf("%w: %d and %d bytes for the same documents", ErrFormat, len(f.lengths), len(ix.articles))
		}
	}
	if len(ix.articles)%4 != 0 {
		return fmt.Errorf("%w: %d bytes of articles", ErrFormat, len(ix.articles))
	}
	last := uint32(0)
	for i := range ix.articles.len() {
		article := ix.articles.at(i)
		if article != last && (i == 0 || article != last+1) {
			return fmt.Errorf("%w: document %d in article %d after %d", ErrFormat, i, article, last)
		}
		last = article
	}
	return nil
}
