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
	recency float64 // see setRecency; 0 where the question names a time
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
	scale, wanted := ix.scaleOf(found, q), ix.wanted(q)
	reports := map[uint32]*report{}
	var out []Reading
	var days []corpus.Date // of each
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
		out, days = append(out, next), append(days, numberDate(ix.columns.date[c.doc]))
	}
	if question.timeless {
		setRecency(out, days, ix.newest())
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

	f := &out.features
	f[TitleSaid] = q.titleSaid(out.title)
	f[WordsSaid], f[WordsLacking] = q.weighWords(text, said)
	f[MissingWord] = min(q.missing(text, said)/rarest, 1)
	f[LongArticle] = logLength(len(text))
	return out
}

// shareOfAll is the share of all grams in a text whose own ones are marked.
func (q *question) shareOfAll(own asked.Seen, text string, said []string) float64 {
	if q.all.Len() == q.own.Len() { // there is no earlier turn
		return share(&q.own, said, own)
	}
	return share(&q.all, said, q.all.Grams(text))
}

// share is that of terms in what is marked, with the words that are said in others
// for weightWording of it.
func share(t *asked.Terms, said []string, marks ...asked.Seen) float64 {
	printed := t.Share(marks...)
	if len(said) == 0 {
		return printed
	}
	otherwise := make(asked.Seen, t.Len())
	t.Mark(otherwise, said...)
	with := t.Share(append(marks, otherwise)...)
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

// What a word counts for grows with how often an article says it, and the less the
// longer the article is: BM25's gain with its usual parameters (Robertson and Zaragoza,
// The Probabilistic Relevance Framework, 2009) for an article of usualLength bytes, 900
// characters. Words come in tens, so that evidenceScale brings sums near the shares.
const (
	saturation    = 1.2  // BM25's k1
	byLength      = 0.75 // BM25's b
	usualLength   = 2700
	evidenceScale = 10
)

// weighWords adds up what the words count for that a text says, and what those that it
// lacks; of one that it says in others weightWording is not lacking. Unlike the other
// scores these are no shares of anything: half of a long question is more than half of a
// short one.
func (q *question) weighWords(text string, said []string) (printed, lacking float64) {
	often := saturation * (1 - byLength + byLength*float64(len(text))/usualLength)
	otherwise := make(asked.Seen, q.evidence.Len())
	q.evidence.Mark(otherwise, said...)
	for i := range q.evidence.Len() {
		word, weight := q.evidence.At(i)
		n := float64(strings.Count(text, word))
		switch {
		case n > 0:
			printed += float64(weight * n / (n + often))
		case otherwise[i]:
			lacking += float64(weight * (1 - weightWording))
		default:
			lacking += weight
		}
	}
	return printed / evidenceScale, lacking / evidenceScale
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

// features are those of a passage that its words and its article's decide.
func (q *question) features(r *report, p *corpus.Passage) Features {
	f := r.features
	heads := r.heads + zh.Fold(strings.Join(p.Headings, "\n"))
	text := zh.Fold(p.Text)
	each := sentences(text)
	in, inEach := q.gramsOf(each)
	above, said := q.own.Grams(heads), q.saidBy(heads)
	f[GramsInHeadings] = share(&q.own, said, above)
	for i := range in {
		in[i] = in[i] || above[i]
	}
	f[GramsInPassage] = q.shareOfAll(in, heads+"\n"+text, append(q.saidBy(text), said...))
	for n, s := range each {
		grams, saidHere := inEach[n], q.saidBy(s)
		f[GramsInSentence] = max(f[GramsInSentence], share(&q.own, append(saidHere, said...), grams, above))
		if has := share(&q.own, saidHere, grams); has > f[GivesForm] {
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
