package index

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/library"
	"wenbao/rag/lexical"
	"wenbao/rag/vector"
)

// chunk is how many passages are analysed at a time, some seconds' work: a done
// context is seen, and progress told, after each at the latest.
const chunk = 8192

// builder collects records and indexes them chunk by chunk.
type builder struct {
	opt      Options
	analyzer *lexical.Analyzer
	progress func(done int) // of articles; may be nil
	told     int
	columns  *columnWriter
	notices  []error

	// live are all texts of the records, nil when no vectors are to be kept, and
	// kept is the log that keeps them, opened for the first text to be embedded.
	live map[textKey]bool
	kept *vectorLog

	// words and texts are what was collected since the last chunk, and ends where
	// the texts of its articles end.
	words *lexical.Builder
	texts []string
	ends  []textsEnd
	parts []part
}

// textsEnd says that with so many texts of a chunk so many articles are done.
type textsEnd struct{ texts, articles int }

// part is a chunk that is indexed.
type part struct {
	words   *lexical.Index
	vectors *vector.Store
}

func newBuilder(a *lexical.Analyzer, opt Options) *builder {
	b := &builder{opt: opt, analyzer: a, columns: newColumnWriter(), words: lexical.NewBuilder(a)}
	if opt.Embedder != nil && opt.VectorDir != "" {
		b.live = map[textKey]bool{}
	}
	return b
}

// addAll adds the records of from that old does not take over; old may be nil.
func (b *builder) addAll(ctx context.Context, from Records, old *former) error {
	done := 0
	for r, err := range from.All(ctx) {
		done++
		if _, damaged := errors.AsType[*library.DamageError](err); damaged {
			b.notices = append(b.notices, err)
			continue
		}
		if err != nil {
			return fmt.Errorf("index articles: %w", err)
		}
		documents := documentsOf(r)
		hash, err := recordHash(r, documents)
		if err != nil {
			return fmt.Errorf("index article %s: %w", r.Article.ID, err)
		}
		b.markLive(documents)
		if len(r.Passages) == 0 || old.takeOver(r.Article.ID, hash) {
			continue
		}
		b.add(r, documents, hash)
		b.ends = append(b.ends, textsEnd{len(b.texts), done})
		if len(b.texts) < chunk {
			continue
		}
		if err := b.flush(ctx); err != nil {
			return err
		}
		b.tell(len(b.texts))
		b.texts, b.ends = b.texts[:0], b.ends[:0]
	}
	return ctx.Err()
}

func (b *builder) add(r *library.Record, documents []lexical.Document, hash uint64) {
	b.columns.add(r, hash)
	for i := range documents {
		b.texts = append(b.texts, embedded(&documents[i]))
	}
	b.words.Add(documents...)
}

// embedded is the text of a passage that its vector is made of.
func embedded(d *lexical.Document) string { return d.Context + "\n" + d.Body }

// markLive makes the log go on keeping the vectors of documents.
func (b *builder) markLive(documents []lexical.Document) {
	if b.live == nil {
		return
	}
	for i := range documents {
		b.live[keyOf(embedded(&documents[i]))] = true
	}
}

// tell tells progress, when there is some, that so many texts of a chunk are done.
func (b *builder) tell(texts int) {
	if b.progress == nil {
		return
	}
	n, _ := slices.BinarySearchFunc(b.ends, texts+1, func(e textsEnd, texts int) int { return cmp.Compare(e.texts, texts) })
	if n > 0 && b.ends[n-1].articles > b.told {
		b.told = b.ends[n-1].articles
		b.progress(b.told)
	}
}

// flush indexes what was collected.
func (b *builder) flush(ctx context.Context) error {
	vectors, err := b.embed(ctx)
	if err != nil {
		return err
	}
	b.parts = append(b.parts, part{b.words.Build(), vectors})
	b.words = lexical.NewBuilder(b.analyzer)
	return ctx.Err()
}

// index makes the index of the records that old, which may be nil, does not take
// over.
func (b *builder) index(ctx context.Context, from Records, old *former) (*Index, error) {
	whole, err := b.whole(ctx, from, old)
	if err != nil {
		return nil, errors.Join(err, b.kept.close())
	}
	b.closeLog()
	b.columns.sortIDs()
	return &Index{
		records: from, generation: from.Generation(), opt: b.opt,
		columns: b.columns.columns, words: whole.words, vectors: whole.vectors, notices: b.notices,
	}, nil
}

// whole indexes the records as one part.
func (b *builder) whole(ctx context.Context, from Records, old *former) (part, error) {
	if err := b.addAll(ctx, from, old); err != nil {
		return part{}, err
	}
	if err := b.flush(ctx); err != nil {
		return part{}, err
	}
	return mergeParts(ctx, b.parts)
}

// mergeParts merges neighbours until one is left.
func mergeParts(ctx context.Context, parts []part) (part, error) {
	for len(parts) > 1 {
		var pairs []part
		for i := 0; i+1 < len(parts); i += 2 {
			words, err := parts[i].words.Merge(nil, parts[i+1].words)
			if err != nil {
				return part{}, err
			}
			vectors, err := parts[i].vectors.Merge(nil, parts[i+1].vectors)
			if err != nil {
				return part{}, err
			}
			pairs = append(pairs, part{words, vectors})
			if err := ctx.Err(); err != nil {
				return part{}, err
			}
		}
		if len(parts)%2 == 1 {
			pairs = append(pairs, parts[len(parts)-1])
		}
		parts = pairs
	}
	return parts[0], nil
}

// documentsOf are the passages of a record as they are indexed.
func documentsOf(r *library.Record) []lexical.Document {
	documents := make([]lexical.Document, len(r.Passages))
	for i := range r.Passages {
		documents[i] = document(&r.Article, &r.Passages[i])
	}
	return documents
}

// document is a passage as it is indexed. Its context is what a reader of the
// page sees above it, and what its facets add: a headline (not one that was made
// of the article's own words), the headings, the places it speaks for, its
// years, and who speaks.
func document(a *corpus.Article, p *corpus.Passage) lexical.Document {
	var context []string
	add := func(words ...string) {
		for _, w := range words {
			if w != "" {
				context = append(context, w)
			}
		}
	}
	add(a.Kicker)
	if !a.TitleMade {
		add(a.Title, a.Subtitle)
	}
	add(p.Headings...)
	for _, place := range p.Facets.Places {
		// A name that is printed above or in the passage needs no repeating.
		if !strings.Contains(p.Text, place) && !strings.Contains(strings.Join(context, "\n"), place) {
			add(place)
		}
	}
	add(yearWords(p.Facets.Period)...)
	add(p.Facets.Speaker, p.Facets.Office)
	return lexical.Document{Context: strings.Join(context, "\n"), Body: p.Text}
}

// maxListedYears is how many years a period may have to be listed year by year: a
// five-year plan speaks of each, a remark on "since 1949" of none in particular.
const maxListedYears = 6

// yearWords are the years of a period as they are printed.
func yearWords(y corpus.Years) []string {
	years := listedYears(y)
	words := make([]string, len(years))
	for i, year := range years {
		words[i] = strconv.Itoa(year) + "年"
	}
	return words
}

// listedYears are the years of a period one by one, or its first and last when
// there are more than maxListedYears.
func listedYears(y corpus.Years) []int {
	switch {
	case y.IsZero():
		return nil
	case y.To-y.From >= maxListedYears:
		return []int{y.From, y.To}
	}
	var years []int
	for year := y.From; year <= y.To; year++ {
		years = append(years, year)
	}
	return years
}
