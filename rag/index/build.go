package index

import (
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

// embedBatch is how many texts are embedded with one call: enough for a model
// behind a network, and a hundredth of a second's work for the built-in one.
const embedBatch = 256

// chunk is how many passages are analysed at a time, some seconds' work: a done
// context is seen, and progress told, after each.
const chunk = 8192

// builder collects records and indexes them chunk by chunk.
type builder struct {
	opt      Options
	analyzer *lexical.Analyzer
	progress func(done int) // of articles; may be nil
	columns  *columnWriter
	notices  []error

	// words and texts are what was collected since the last chunk.
	words *lexical.Builder
	texts []string
	parts []part
}

// part is a chunk that is indexed.
type part struct {
	words   *lexical.Index
	vectors *vector.Store
}

func newBuilder(a *lexical.Analyzer, opt Options) *builder {
	return &builder{opt: opt, analyzer: a, columns: newColumnWriter(), words: lexical.NewBuilder(a)}
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
		hash, err := recordHash(r)
		if err != nil {
			return fmt.Errorf("index article %s: %w", r.Article.ID, err)
		}
		if len(r.Passages) == 0 || old.takeOver(r.Article.ID, hash) {
			continue
		}
		b.add(r, hash)
		if len(b.texts) < chunk {
			continue
		}
		if err := b.flush(ctx); err != nil {
			return err
		}
		if b.progress != nil {
			b.progress(done)
		}
	}
	return ctx.Err()
}

func (b *builder) add(r *library.Record, hash uint64) {
	b.columns.add(r, hash)
	documents := make([]lexical.Document, len(r.Passages))
	for i := range r.Passages {
		documents[i] = document(&r.Article, &r.Passages[i])
		b.texts = append(b.texts, documents[i].Context+"\n"+documents[i].Body)
	}
	b.words.Add(documents...)
}

// flush indexes what was collected.
func (b *builder) flush(ctx context.Context) error {
	vectors, err := b.embed(ctx)
	if err != nil {
		return err
	}
	b.parts = append(b.parts, part{b.words.Build(), vectors})
	b.words, b.texts = lexical.NewBuilder(b.analyzer), b.texts[:0]
	return ctx.Err()
}

// build makes the index of everything that was added.
func (b *builder) build(ctx context.Context, from Records) (*Index, error) {
	if err := b.flush(ctx); err != nil {
		return nil, err
	}
	whole, err := mergeParts(ctx, b.parts)
	if err != nil {
		return nil, err
	}
	b.columns.sortIDs()
	return &Index{
		records: from, generation: from.Generation(), opt: b.opt,
		columns: b.columns.columns, words: whole.words, vectors: whole.vectors, notices: b.notices,
	}, nil
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

// embed makes the vectors of the texts.
func (b *builder) embed(ctx context.Context) (*vector.Store, error) {
	if b.opt.Embedder == nil {
		return &vector.Store{}, nil
	}
	dim := b.opt.Embedder.Dim()
	rows := make([]float32, 0, len(b.texts)*dim)
	for texts := range slices.Chunk(b.texts, embedBatch) {
		vectors, err := embed(ctx, b.opt.Embedder, texts)
		if err != nil {
			return nil, fmt.Errorf("embed passages: %w", err)
		}
		for _, v := range vectors {
			rows = append(rows, v...)
		}
	}
	return vector.Build(dim, rows)
}

// embed calls an embedder and holds it to its contract.
func embed(ctx context.Context, e Embedder, texts []string) ([][]float32, error) {
	vectors, err := e.Embed(ctx, texts)
	if err != nil {
		return nil, err
	}
	if len(vectors) != len(texts) {
		return nil, fmt.Errorf("%s gave %d vectors for %d texts", e.Name(), len(vectors), len(texts))
	}
	for _, v := range vectors {
		if len(v) != e.Dim() {
			return nil, fmt.Errorf("%s gave %d values, not %d", e.Name(), len(v), e.Dim())
		}
	}
	return vectors, nil
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
