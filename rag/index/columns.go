package index

import (
	"cmp"
	"encoding/json"
	"hash/fnv"
	"slices"

	"wenbao/corpus"
	"wenbao/corpus/library"
	"wenbao/rag/bitset"
	"wenbao/rag/lexical"
)

// columns are the facets of all passages, one entry a passage in the order of
// their numbers, and of all articles. Names are numbers in names; 0 is "".
type columns struct {
	ids []string // of passages
	// article is the number of each passage's article, ascending from 0 without
	// gaps, and nth which of the article's passages it is, from 0.
	article, nth []uint32
	// places holds the places of all passages: those of passage i lie before
	// placeEnds[i], and of them the ones it speaks for before spokenEnds[i],
	// the ones that it names behind.
	places, spokenEnds, placeEnds []uint32
	yearFrom, yearTo              []uint32 // 0 when not known
	kind, speaker                 []uint32
	date, newspaper               []uint32 // of the passage's part; see dateNumber

	articleIDs []string
	// hashes tell whether an article is still what was indexed: see recordHash.
	hashes []uint64

	names []string
	// byID are the numbers of the passages in the order of their IDs, and then
	// of their numbers.
	byID []uint32
}

func (c *columns) len() int { return len(c.ids) }

// spoken are the places that passage i speaks for, mentioned those it names.
func (c *columns) spoken(i int) []uint32 { return c.places[c.placesStart(i):c.spokenEnds[i]] }

func (c *columns) mentioned(i int) []uint32 { return c.places[c.spokenEnds[i]:c.placeEnds[i]] }

func (c *columns) allPlaces(i int) []uint32 { return c.places[c.placesStart(i):c.placeEnds[i]] }

func (c *columns) placesStart(i int) uint32 {
	if i == 0 {
		return 0
	}
	return c.placeEnds[i-1]
}

func (c *columns) years(i int) corpus.Years {
	return corpus.Years{From: int(c.yearFrom[i]), To: int(c.yearTo[i])}
}

// dateNumber is a date as a number that sorts as dates do: 20241231.
func dateNumber(d corpus.Date) uint32 {
	return uint32(d.Year*10000 + d.Month*100 + d.Day)
}

func numberDate(n uint32) corpus.Date {
	return corpus.Date{Year: int(n / 10000), Month: int(n / 100 % 100), Day: int(n % 100)}
}

// matches reports whether a record holds the passages that are indexed for an
// article, by their IDs.
func (c *columns) matches(article uint32, r *library.Record) bool {
	first, _ := slices.BinarySearch(c.article, article)
	for i := first; i < c.len() && c.article[i] == article; i++ {
		if n := int(c.nth[i]); n >= len(r.Passages) || r.Passages[n].ID != c.ids[i] {
			return false
		}
	}
	return true
}

// sortIDs fills in byID.
func (c *columns) sortIDs() {
	c.byID = make([]uint32, len(c.ids))
	for i := range c.byID {
		c.byID[i] = uint32(i)
	}
	slices.SortFunc(c.byID, c.compareIDs)
}

// compareIDs is the order of byID.
func (c *columns) compareIDs(a, b uint32) int {
	return cmp.Or(cmp.Compare(c.ids[a], c.ids[b]), cmp.Compare(a, b))
}

// recordHash stands for everything of a record that the index holds; documents are
// its passages as they are indexed.
func recordHash(r *library.Record, documents []lexical.Document) (uint64, error) {
	h := fnv.New64a()
	if err := json.NewEncoder(h).Encode(r.Article.Meta()); err != nil {
		return 0, err
	}
	enc := json.NewEncoder(h)
	for i := range r.Passages {
		p := &r.Passages[i]
		if err := enc.Encode([]any{p.ID, p.Part, documents[i].Context, documents[i].Body, p.Facets}); err != nil {
			return 0, err
		}
	}
	return h.Sum64(), nil
}

// columnWriter appends records to columns.
type columnWriter struct {
	columns
	number map[string]uint32 // of each name
}

func newColumnWriter() *columnWriter {
	w := &columnWriter{number: map[string]uint32{}}
	w.name("")
	return w
}

func (w *columnWriter) name(s string) uint32 {
	n, ok := w.number[s]
	if !ok {
		n = uint32(len(w.names))
		w.number[s] = n
		w.names = append(w.names, s)
	}
	return n
}

// add appends an article that has passages.
func (w *columnWriter) add(r *library.Record, hash uint64) {
	article := uint32(len(w.articleIDs))
	w.articleIDs = append(w.articleIDs, r.Article.ID)
	w.hashes = append(w.hashes, hash)
	for i := range r.Passages {
		p := &r.Passages[i]
		w.ids = append(w.ids, p.ID)
		w.article = append(w.article, article)
		w.nth = append(w.nth, uint32(i))
		w.addFacets(&p.Facets)
		var meta corpus.Meta
		if p.Part < len(r.Article.Parts) {
			meta = r.Article.Parts[p.Part].Meta
		}
		w.date = append(w.date, dateNumber(meta.Date))
		w.newspaper = append(w.newspaper, w.name(meta.Newspaper))
	}
}

func (w *columnWriter) addFacets(f *corpus.Facets) {
	for _, name := range f.Places {
		w.places = append(w.places, w.name(name))
	}
	w.spokenEnds = append(w.spokenEnds, uint32(len(w.places)))
	for _, name := range f.Mentions {
		w.places = append(w.places, w.name(name))
	}
	w.placeEnds = append(w.placeEnds, uint32(len(w.places)))
	w.yearFrom = append(w.yearFrom, uint32(f.Period.From))
	w.yearTo = append(w.yearTo, uint32(f.Period.To))
	w.kind = append(w.kind, w.name(string(f.Kind)))
	w.speaker = append(w.speaker, w.name(f.Speaker))
}

// appendKept appends the passages of from that are in keep, which holds whole
// articles.
func (w *columnWriter) appendKept(from *columns, keep *bitset.Set) {
	last := -1
	for doc := range keep.All() {
		i := int(doc)
		if a := int(from.article[i]); a != last {
			last = a
			w.articleIDs = append(w.articleIDs, from.articleIDs[a])
			w.hashes = append(w.hashes, from.hashes[a])
		}
		w.ids = append(w.ids, from.ids[i])
		w.article = append(w.article, uint32(len(w.articleIDs)-1))
		w.nth = append(w.nth, from.nth[i])
		for _, place := range from.spoken(i) {
			w.places = append(w.places, w.name(from.names[place]))
		}
		w.spokenEnds = append(w.spokenEnds, uint32(len(w.places)))
		for _, place := range from.mentioned(i) {
			w.places = append(w.places, w.name(from.names[place]))
		}
		w.placeEnds = append(w.placeEnds, uint32(len(w.places)))
		w.yearFrom = append(w.yearFrom, from.yearFrom[i])
		w.yearTo = append(w.yearTo, from.yearTo[i])
		w.kind = append(w.kind, w.name(from.names[from.kind[i]]))
		w.speaker = append(w.speaker, w.name(from.names[from.speaker[i]]))
		w.date = append(w.date, from.date[i])
		w.newspaper = append(w.newspaper, w.name(from.names[from.newspaper[i]]))
	}
}
