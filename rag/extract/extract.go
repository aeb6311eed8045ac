// Package extract answers questions without a model: it chooses printed
// sentences and clauses, puts them in order and cites each.
//
// An answer is made in four steps:
//
//	match.go     how much of the question's topic a clause is about; weight.go
//	             which of its words have to be printed
//	evidence.go  the clauses of the hits, and which of them may answer: right
//	             place, right year, right kind, right speaker
//	choose.go    the items of each kind of question; overview.go of one without a
//	             topic, and substance.go how much a clause tells by itself
//	short.go     the person or date that was asked for, name.go whether words can be
//	             a person's name; figure.go, place.go and
//	             table.go the number and the place; parts.go which part of a
//	             question asks for which number
//	nearby.go    what is printed in other words than the question's
//	ranked.go    the best sentences of package rank where the rules find nothing, and
//	             refusing where it is not likely that there is an answer
//	several.go   several questions that are asked at once, each for itself
//	compose.go   the answer's text, its sentences and its citations
//
// Hits are read in Simplified characters, and shown as printed.
//
// What it prints of the papers are exact substrings of passages; everything else
// is one of the fixed phrases in phrases.go.
package extract

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/facet"
	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/extract/rank"
	"wenbao/rag/reading"
)

// Options are what an Answerer needs; all fields but Senses and MinConfidence are
// required.
type Options struct {
	// Annotator tells what a clause speaks of.
	Annotator *facet.Annotator
	// Words cuts text into words without stop words.
	Words func(text string) []string
	// DF is the number of passages with a word, and of passages in all.
	DF func(word string) (df, n int)
	// Senses, where set, lead from what is printed nowhere to what is printed in other
	// words, which is told as such and is no answer.
	Senses Senses
	// MinConfidence is the confidence below which nothing is answered; 0 means
	// rank.MinConfidence, and less than 0 that all is answered that can be.
	MinConfidence float64
}

func (o *Options) minConfidence() float64 { return cmp.Or(o.MinConfidence, rank.MinConfidence) }

// Answerer implements rag.Answerer. It is safe for concurrent use if its
// options are.
type Answerer struct {
	opt    Options
	ranker rank.Ranker
}

// New returns an Answerer.
func New(opt Options) *Answerer {
	return &Answerer{opt: opt, ranker: rank.Ranker{Words: opt.Words, DF: opt.DF}}
}

// Answer chooses from the hits what answers the query, for each of its places.
// When nothing does, it says so; when the nearest evidence speaks of another
// year or another kind, it says that and cites it as such.
func (a *Answerer) Answer(ctx context.Context, q rag.Query, hits []rag.Hit) (rag.Answer, error) {
	out := rag.Answer{Query: q, Outcome: rag.NoEvidence, Mode: rag.Extractive}
	if q.Asks == rag.AsksChat {
		out.Text = phraseChat
		return out, nil
	}
	places := q.Places
	if len(places) == 0 {
		printed, absent := printedNames(q.Unknown, hits)
		if unknown := append(a.strangers(q, hits), absent...); len(unknown) > 0 {
			out.Text = fmt.Sprintf(phraseUnknownPlace, joinNames(unknown))
			return out, nil
		}
		q.Unknown = nil
		if places = printed; len(places) == 0 {
			places = []string{""}
		}
	}
	printed := hits
	hits = reading.Hits(printed)
	ranked := a.ranker.Read(q, hits)
	q, hits = byOffice(q, hits)
	c := composer{query: q, printed: printed}
	if parts := a.several(q, hits, ranked); parts != nil {
		c.addParts(parts)
		return c.answer(out), nil
	}
	for _, place := range places {
		if err := ctx.Err(); err != nil {
			return rag.Answer{}, err
		}
		f, err := a.meant(ctx, q, a.answerFor(q, place, hits, ranked))
		if err == nil && len(f.items) == 0 {
			f, err = a.nearby(ctx, q, place, hits)
		}
		if err != nil {
			return rag.Answer{}, err
		}
		c.add(place, f)
	}
	for _, place := range q.Unknown {
		c.missing(place)
	}
	return c.answer(out), nil
}

// districtName is what may be the name of a district or a county, and no common
// word for one (小区, 全县).
var districtName = regexp.MustCompile(`\p{Han}(?:[^小社园市城全地辖景片厂校库林山灾郊战专特新街院的\P{Han}]区|[^全各区本该的\P{Han}]县)`)

// ownDistrict begins behind a district or a county that has no name (给县里).
var ownDistrict = regexp.MustCompile(`^[里内上城级]`)

// strangers are districts and counties that the topic names within other words,
// where no gazetteer finds them, and that none of the hits has printed. A word of
// the language is no name (生活区), nor is the end of one (未克区 of 雷克雅未克区, where
// 雷克雅未克 is printed).
func (a *Answerer) strangers(q rag.Query, hits []rag.Hit) []string {
	var out []string
	for _, m := range districtName.FindAllStringIndex(q.Topic, -1) {
		name := q.Topic[m[0]:m[1]]
		body := strings.TrimRight(name, "区县")
		_, before := utf8.DecodeLastRuneInString(q.Topic[:m[0]])
		longer := q.Topic[m[0]-before:m[0]] + body
		if ownDistrict.MatchString(q.Topic[m[1]:]) || a.isWord(name) || a.isWord(body) || prints(hits, name) || before > 1 && prints(hits, longer) {
			continue
		}
		out = append(out, name)
	}
	return out
}

// isWord reports whether a text is one word.
func (a *Answerer) isWord(text string) bool {
	words := a.opt.Words(text)
	return len(words) == 1 && words[0] == zh.Fold(text)
}

// printedNames parts names that no gazetteer knows into those that the hits print
// and those that they do not.
func printedNames(names []string, hits []rag.Hit) (printed, absent []string) {
	for _, name := range names {
		if prints(hits, name) {
			printed = append(printed, name)
		} else {
			absent = append(absent, name)
		}
	}
	return printed, absent
}

// prints reports whether an article of the hits prints a name.
func prints(hits []rag.Hit, name string) bool {
	return slices.ContainsFunc(hits, func(h rag.Hit) bool { return strings.Contains(zh.Simplified(h.Article.Text), name) })
}

// finding is what there is for one place.
type finding struct {
	items []item
	// near says that the items fail the query's years, kind, words or form, and are only the
	// nearest there is.
	near nearMiss
	// instead are the printed words that stand for the question's: otherWords.
	instead []rag.Wording
}

// nearMiss says what keeps the nearest evidence from being an answer.
type nearMiss int

const (
	exact nearMiss = iota
	otherYear
	otherKind
	otherWords
	otherForm // of the topic, without the number, the time, the place or the person
)

// item is one line of an answer: a clause or a sentence as printed, and the
// short answer that it gives.
type item struct {
	hit    *rag.Hit
	span   corpus.Span // in the passage
	facets corpus.Facets
	short  string   // printed words of the span, "" for none
	label  string   // a printed heading to stand before it, "" for none
	shown  []string // what to print in the span's stead, apart by blanks; nil for the span itself
	score  float64
	told   float64 // share of the topic in the clause and around it
	// support is a second place that the item rests on, in supportHit's
	// passage: where the speaker of a quotation is named.
	support    corpus.Span
	supportHit *rag.Hit
}

func (it item) text() string { return it.span.In(it.hit.Passage.Text) }

// find looks for evidence that meets everything the query asks, and failing
// that for the nearest that does not.
func (a *Answerer) find(q rag.Query, place string, pool pool) finding {
	if q.Topic == "" {
		pool = pool.coherent()
	}
	tries := []struct {
		near nearMiss
		pass func(e *evidence) bool
	}{
		{exact, func(e *evidence) bool { return e.inPeriod(q.Periods) && e.ofKind(q.Kind) }},
		{otherKind, func(e *evidence) bool { return e.inPeriod(q.Periods) }},
	}
	for _, try := range tries {
		if try.near == otherKind && q.Kind == "" {
			continue
		}
		if items := a.choose(q, place, pool.filter(try.pass)); len(items) > 0 {
			return finding{items: items, near: try.near}
		}
	}
	if len(q.Periods) == 0 {
		return finding{}
	}
	for _, years := range pool.periods(q.Periods) {
		of := pool.filter(func(e *evidence) bool { return e.facets.Period == years })
		then := q
		then.Periods = []corpus.Years{years}
		if items := a.choose(then, place, of); len(items) > 0 {
			return finding{items: items, near: otherYear}
		}
	}
	return finding{}
}

// periods are the years that the evidence speaks of, those closest to the ones
// asked for first, and of two equally close the earlier.
func (p pool) periods(asked []corpus.Years) []corpus.Years {
	var out []corpus.Years
	for i := range p {
		if y := p[i].facets.Period; !y.IsZero() && !slices.Contains(out, y) {
			out = append(out, y)
		}
	}
	slices.SortFunc(out, func(x, y corpus.Years) int {
		return cmp.Or(cmp.Compare(yearsApart(x, asked), yearsApart(y, asked)), cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To))
	})
	return out
}

// yearsApart is how many years lie between a period and the nearest asked for.
func yearsApart(y corpus.Years, asked []corpus.Years) int {
	least := maxYearsApart
	for _, a := range asked {
		switch {
		case y.To < a.From:
			least = min(least, a.From-y.To)
		case y.From > a.To:
			least = min(least, y.From-a.To)
		default:
			return 0
		}
	}
	return least
}

// maxYearsApart is farther than any two printed years are.
const maxYearsApart = 10000

// byOffice takes an office that a question names (市科技局) for the speaker when
// one of the hits' articles is the office's, and keeps those articles' hits.
func byOffice(q rag.Query, hits []rag.Hit) (rag.Query, []rag.Hit) {
	name := officeName.FindString(q.Topic)
	if name == "" || q.Speaker != "" {
		return q, hits
	}
	var out []rag.Hit
	for _, h := range hits {
		if strings.Contains(h.Article.Facets.Office, name) || strings.Contains(h.Passage.Facets.Office, name) {
			out = append(out, h)
		}
	}
	if len(out) == 0 {
		return q, hits
	}
	q.Topic = strings.TrimSpace(strings.Replace(q.Topic, name, " ", 1))
	q.Speaker = name
	return q, out
}

// officeName is the name of an office of a city, district or county.
var officeName = regexp.MustCompile(`(?:[市区县省][\p{Han}]{1,8}?(?:局|委员会|委|办|厅|院|中心))`)
