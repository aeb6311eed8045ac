package lexical

import (
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"wenbao/corpus/panics"
)

// Document is a passage as it is indexed.
type Document struct {
	// Context is what is printed above the passage: title, headings, place,
	// year. It is found, but is no part of what is quoted.
	Context string
	// Body is the passage's own text.
	Body string
}

// shardSize is about how many documents are analysed as one piece of work.
const shardSize = 2048

// Builder collects documents. It is not safe for concurrent use.
type Builder struct {
	analyzer *Analyzer
	articles [][]Document
	docs     int
}

// NewBuilder returns an empty Builder.
func NewBuilder(a *Analyzer) *Builder { return &Builder{analyzer: a} }

// Add adds the passages of one article, in order. They are numbered from 0 in the
// order in which they are added. The slice must not be changed before Build.
func (b *Builder) Add(article ...Document) {
	if len(article) > 0 {
		b.articles = append(b.articles, article)
		b.docs += len(article)
	}
}

// Build analyses what was added, on every processor, and returns an index of it.
// The index is the same whatever their number.
func (b *Builder) Build() *Index {
	shards := b.shards()
	if len(shards) == 0 {
		return newIndex(b.analyzer)
	}
	parts := make([]*Index, len(shards))
	each(len(shards), func(i int) { parts[i] = buildShard(b.analyzer, shards[i]) })
	for len(parts) > 1 {
		pairs := make([]*Index, (len(parts)+1)/2)
		each(len(pairs), func(i int) {
			pairs[i] = parts[2*i]
			if 2*i+1 < len(parts) {
				pairs[i] = merge(parts[2*i], nil, parts[2*i+1])
			}
		})
		parts = pairs
	}
	return parts[0]
}

// shards cuts the articles into pieces of about shardSize documents.
func (b *Builder) shards() [][][]Document {
	var shards [][][]Document
	start, docs := 0, 0
	for i, article := range b.articles {
		docs += len(article)
		if docs >= shardSize || i == len(b.articles)-1 {
			shards = append(shards, b.articles[start:i+1])
			start, docs = i+1, 0
		}
	}
	return shards
}

// each calls f for 0 to n-1 on as many goroutines as there are processors and
// waits for all calls. It panics where one of them did.
func each(n int, f func(i int)) {
	var workers panics.Group
	var taken atomic.Int64
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := taken.Add(1); i <= int64(n); i = taken.Add(1) {
				f(int(i - 1))
			}
		})
	}
	workers.Wait()
}

func buildShard(a *Analyzer, articles [][]Document) *Index {
	ix := newIndex(a)
	words, bigrams := newInverter(), newInverter()
	c := &cutter{dict: a.dict}
	var context, body terms
	last := ""
	for n, article := range articles {
		for _, d := range article {
			if d.Context != last {
				context.analyse(a, c, d.Context)
				last = d.Context
			}
			body.analyse(a, c, d.Body)
			words.add(body.words, context.words)
			bigrams.add(body.bigrams, context.bigrams)
			ix.articles.append(uint32(n))
		}
	}
	ix.words, ix.bigrams = words.field(), bigrams.field()
	ix.measure()
	return ix
}

// terms are the terms of a text; the slices are used again for the next one.
type terms struct {
	runs           []run
	words, bigrams []string
}

func (t *terms) analyse(a *Analyzer, c *cutter, text string) {
	t.runs = appendRuns(t.runs[:0], text)
	t.words = a.appendWords(t.words[:0], c, t.runs)
	t.bigrams = appendBigrams(t.bigrams[:0], t.runs)
}

// inverter turns the terms of documents into a field.
type inverter struct {
	ids     map[string]uint32
	entries []entry
	// open[t] is one more than the entry of the current document for term t
	// when that document holds it, and no entry of it otherwise.
	open    []int
	begin   int // the first entry of the current document
	docs    uint32
	lengths u32s
}

// entry says that a document holds a term.
type entry struct {
	term, doc uint32
	counts    counts
}

func newInverter() *inverter { return &inverter{ids: make(map[string]uint32)} }

// add adds the next document.
func (v *inverter) add(body, context []string) {
	v.begin = len(v.entries)
	for _, term := range body {
		v.count(term, inBody)
	}
	for _, term := range context {
		v.count(term, inContext)
	}
	v.lengths.append(uint32(min(len(body), maxLength)) | uint32(min(len(context), maxLength))<<16)
	v.docs++
}

func (v *inverter) count(term string, one counts) {
	id, ok := v.ids[term]
	if !ok {
		id = uint32(len(v.ids))
		v.ids[strings.Clone(term)] = id
		v.open = append(v.open, 0)
	}
	if at := v.open[id]; at > v.begin {
		e := &v.entries[at-1]
		e.counts = e.counts.add(one)
		return
	}
	v.entries = append(v.entries, entry{id, v.docs, one})
	v.open[id] = len(v.entries)
}

// field lays out what was added.
func (v *inverter) field() field {
	sorted := make([]string, 0, len(v.ids))
	for term := range v.ids {
		sorted = append(sorted, term)
	}
	slices.Sort(sorted)
	byTerm, ends := v.byTerm()
	w := fieldWriter{field: field{lengths: v.lengths}}
	for _, term := range sorted {
		id := v.ids[term]
		start := 0
		if id > 0 {
			start = ends[id-1]
		}
		for _, e := range byTerm[start:ends[id]] {
			w.add(e.doc, e.counts)
		}
		w.end([]byte(term))
	}
	return w.field
}

// byTerm sorts the entries by term, keeping their order within one, and says
// where each term's entries end.
func (v *inverter) byTerm() (sorted []entry, ends []int) {
	ends = make([]int, len(v.ids)+1)
	for _, e := range v.entries {
		ends[e.term+1]++
	}
	for t := range len(v.ids) {
		ends[t+1] += ends[t]
	}
	sorted = make([]entry, len(v.entries))
	for _, e := range v.entries {
		sorted[ends[e.term]] = e
		ends[e.term]++
	}
	return sorted, ends[:len(v.ids)]
}
