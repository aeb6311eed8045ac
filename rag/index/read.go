package index

import (
	"context"
	"math"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/library"
	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/asked"
)

// readFirst is how many of the candidates are read. With 30, R@10 of crud_news
// 1doc_sub loses a point; with 100 nothing is gained but time is lost.
const readFirst = 50

// longestRead is how much of an article is read, in characters: a page of a
// newspaper.
const longestRead = 4000

// Reading is a passage that was read, with what it is judged by.
type Reading struct {
	Passage *corpus.Passage
	// Article is shared and must not be changed.
	Article  *corpus.Article
	Features Features

	at      int     // in the candidates
	recency float64 // 0 where the question names a time
}

// Read gives the passages that a search for the best few reads, in the order in
// which words and vectors put them up: what the weights are learned from.
func (ix *Index) Read(ctx context.Context, q rag.Query) ([]Reading, error) {
	found, err := ix.candidates(ctx, q, minPool, Hybrid)
	if err != nil {
		return nil, err
	}
	ix.fuse(found, q)
	return ix.read(ctx, found, q, map[uint32]*library.Record{})
}

// read reads the first candidates but those whose article is damaged.
func (ix *Index) read(ctx context.Context, found []candidate, q rag.Query, records map[uint32]*library.Record) ([]Reading, error) {
	question, err := ix.question(q)
	if err != nil {
		return nil, err
	}
	scale, wanted, newest := ix.scaleOf(found, q), ix.wanted(q), ix.newest()
	reports := map[uint32]*report{}
	var out []Reading
	for i := range found[:min(len(found), readFirst)] {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c := &found[i]
		n := ix.columns.article[c.doc]
		r, err := ix.record(records, n)
		if err != nil {
			return nil, err
		}
		if r == nil {
			continue
		}
		if reports[n] == nil {
			reports[n] = question.report(&r.Article)
		}
		next := Reading{Passage: &r.Passages[ix.columns.nth[c.doc]], Article: &r.Article, at: i}
		next.Features = question.features(reports[n], next.Passage)
		scale.features(&next.Features, c)
		ix.facets(&next.Features, c.doc, &wanted)
		if question.timeless {
			next.recency = recency(numberDate(ix.columns.date[c.doc]), newest)
		}
		out = append(out, next)
	}
	return out, nil
}

// report is what a question finds in an article.
type report struct {
	heads, title string // folded: what is printed above all of it
	features     Features
}

// report reads an article.
func (q *question) report(a *corpus.Article) *report {
	out := &report{}
	if !a.TitleMade {
		out.title = zh.Fold(a.Title)
	}
	out.heads = zh.Fold(a.Kicker) + "\n" + out.title + "\n" + zh.Fold(a.Subtitle) + "\n"
	body := zh.Fold(firstRunes(a.Text, longestRead))
	text := out.heads + body
	said := q.saidBy(text)
	grams, inSentences := q.gramsOf(sentences(text))

	f := &out.features
	f[TitleSaid] = q.titleSaid(out.title)
	f[GramsInArticle] = q.shareOfAll(grams, text, said)
	f[RareInArticle] = share(&q.own, asked.Square, said, grams)
	f[MissingWord] = min(q.missing(text, said)/rarest, 1)
	f[PartsInSentences] = q.partsIn(inSentences)
	f[LongArticle] = logLength(len(text))
	return out
}

// shareOfAll is the share of all grams in a text whose own ones are marked.
func (q *question) shareOfAll(own asked.Seen, text string, said []string) float64 {
	if q.all.Len() == q.own.Len() { // there is no earlier turn
		return share(&q.own, nil, said, own)
	}
	return share(&q.all, nil, said, q.all.Grams(text))
}

// share is that of terms in what is marked, with the words that are said in others
// for weightWording of it. worth is as in asked.Terms.ShareBy.
func share(t *asked.Terms, worth func(float64) float64, said []string, marks ...asked.Seen) float64 {
	printed := t.ShareBy(worth, marks...)
	if len(said) == 0 {
		return printed
	}
	otherwise := make(asked.Seen, t.Len())
	t.Mark(otherwise, said...)
	with := t.ShareBy(worth, append(marks, otherwise)...)
	return printed + float64(weightWording*(with-printed))
}

// missing is the weight of the rarest word that a text lacks; one that it says in
// others counts for the rest.
func (q *question) missing(text string, said []string) float64 {
	words := q.words.Substrings(text)
	printed := q.words.Heaviest(words)
	q.words.Mark(words, said...)
	return printed - float64(weightWording*(printed-q.words.Heaviest(words)))
}

// gramsOf marks the question's own grams in all sentences of a text, and in each: no
// gram reaches from one into the next.
func (q *question) gramsOf(sentences []string) (all asked.Seen, each []asked.Seen) {
	all = make(asked.Seen, q.own.Len())
	each = make([]asked.Seen, len(sentences))
	for n, s := range sentences {
		each[n] = q.own.Grams(s)
		for i, has := range each[n] {
			all[i] = all[i] || has
		}
	}
	return all, each
}

// partsIn is how well single sentences, by their grams, cover the questions that are
// asked at once.
func (q *question) partsIn(sentences []asked.Seen) float64 {
	best := make([]float64, len(q.parts))
	for _, grams := range sentences {
		for i, part := range q.parts {
			best[i] = max(best[i], q.own.ShareOf(part, grams))
		}
	}
	sum := 0.0
	for _, share := range best {
		sum += share
	}
	return sum / float64(max(len(best), 1))
}

// features are those of a passage that its words and its article's decide.
func (q *question) features(r *report, p *corpus.Passage) Features {
	f := r.features
	heads := r.heads + zh.Fold(strings.Join(p.Headings, "\n"))
	text := zh.Fold(p.Text)
	each := sentences(text)
	in, inEach := q.gramsOf(each)
	above, said := q.own.Grams(heads), q.saidBy(heads)
	f[GramsInHeadings] = share(&q.own, nil, said, above)
	for i := range in {
		in[i] = in[i] || above[i]
	}
	f[GramsInPassage] = q.shareOfAll(in, heads+"\n"+text, append(q.saidBy(text), said...))
	for n, s := range each {
		grams, saidHere := inEach[n], q.saidBy(s)
		f[GramsInSentence] = max(f[GramsInSentence], share(&q.own, nil, append(saidHere, said...), grams, above))
		if has := share(&q.own, nil, saidHere, grams); has > f[GivesForm] {
			f[GivesForm] = max(f[GivesForm], q.form.GivenBy(s)*has)
		}
	}
	f[Late] = math.Log1p(float64(p.Span.Start)) / 10
	return f
}

// sentences cuts a folded text at the marks that end sentences, but not at decimal
// points.
func sentences(text string) []string {
	var out []string
	start := 0
	for i := range len(text) {
		switch text[i] {
		case '.':
			if i > 0 && i+1 < len(text) && isDigit(text[i-1]) && isDigit(text[i+1]) {
				continue
			}
		case '!', '?', ';', '\n':
		default:
			continue
		}
		out, start = append(out, text[start:i]), i+1
	}
	return append(out, text[start:])
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// logLength is the logarithm of a number of bytes, 0 for none and 0.37 for 4,000.
func logLength(bytes int) float64 { return math.Log1p(float64(bytes)/100) / 10 }

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
