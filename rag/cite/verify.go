package cite

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"wenbao/corpus"
	"wenbao/corpus/library"
	"wenbao/corpus/zh"
)

// ErrTooShort says that a quote has fewer than two Chinese characters, or an
// omission with a single character beside it.
var ErrTooShort = errors.New("quote is too short to look up")

// MaxMatches is how many matches are listed; a quote that stands in more places
// is a figure of speech and not a quote.
const MaxMatches = 100

// Verification says whether a quote was printed.
type Verification struct {
	Quote string // as it was given
	Found bool
	// Matches are where it was printed: by date, article ID and position, the
	// first MaxMatches of Total.
	Matches []Match
	Total   int
	// Near is the nearest printed words when it was not found, nil when nothing
	// comes near enough.
	Near *Near
	// Unread is the number of articles that are damaged and were not searched.
	Unread int
}

// Match is a place in an article. Article and Passage are shared with the
// records and must not be changed.
type Match struct {
	Article *corpus.Article
	// Passage is the first one that shares words with the match, nil where none
	// does, as in a headline or a byline.
	Passage *corpus.Passage
	// Span lies in Article.Text, Text is those bytes. For a quote with
	// omissions it reaches from the first piece to the last.
	Span corpus.Span
	Text string
}

// Near is a near miss.
type Near struct {
	Match
	// Diff leads from what was printed to what was quoted.
	Diff []Piece
	// Similarity is 1 less the share of the quote's characters that have to be
	// changed, put in or taken out, at least MinSimilarity.
	Similarity float64
}

// Op says what a piece of a difference is.
type Op string

// The ops. Without an omission, the Same and Printed pieces joined are the
// printed text. What an omission leaves out is the Same piece "……".
const (
	Same    Op = "="
	Printed Op = "-" // printed and not quoted
	Quoted  Op = "+" // quoted and not printed
)

// Piece is a stretch of a difference.
type Piece struct {
	Op   Op     `json:"op"`
	Text string `json:"text"`
}

// Verify looks a quote up in all records. A damaged record is passed over and
// counted; any other error of the records ends it, as does a done context.
// Memory does not grow with the collection. The error for a quote that proves
// nothing is ErrTooShort.
func Verify(ctx context.Context, records iter.Seq2[*library.Record, error], quoted string) (Verification, error) {
	v := Verification{Quote: quoted}
	q, err := parseQuote(quoted)
	if err != nil {
		return v, fmt.Errorf("verify quote: %w", err)
	}
	near := newNearest(&q)
	for r, err := range records {
		if _, damaged := errors.AsType[*library.DamageError](err); damaged {
			v.Unread++
			continue
		}
		if err = cmp.Or(err, ctx.Err()); err != nil {
			return v, fmt.Errorf("verify quote: %w", err)
		}
		folded := zh.Fold(r.Article.Text)
		if q.within(folded) {
			v.add(r, q.find(r.Article.Text))
		}
		if v.Total == 0 {
			near.look(r, folded)
		}
	}
	v.Found = v.Total > 0
	v.sort()
	if !v.Found {
		v.Near = near.best()
	}
	return v, nil
}

// add notes the matches in one record. It keeps no more than twice as many as
// will be listed.
func (v *Verification) add(r *library.Record, spans []corpus.Span) {
	for _, sp := range spans {
		v.Matches = append(v.Matches, match(r, sp))
	}
	v.Total += len(spans)
	if len(v.Matches) > 2*MaxMatches {
		v.sort()
	}
}

func (v *Verification) sort() {
	slices.SortFunc(v.Matches, func(a, b Match) int {
		return cmp.Or(compareArticles(a.Article, b.Article), cmp.Compare(a.Span.Start, b.Span.Start))
	})
	if len(v.Matches) > MaxMatches {
		clear(v.Matches[MaxMatches:])
		v.Matches = v.Matches[:MaxMatches]
	}
}

func compareArticles(a, b *corpus.Article) int {
	return cmp.Or(a.Meta().Date.Compare(b.Meta().Date), cmp.Compare(a.ID, b.ID))
}

func match(r *library.Record, sp corpus.Span) Match {
	m := Match{Article: &r.Article, Span: sp, Text: sp.In(r.Article.Text)}
	for i := range r.Passages {
		if p := &r.Passages[i]; p.Span.Start < sp.End && sp.Start < p.Span.End {
			m.Passage = p
			break
		}
	}
	return m
}
