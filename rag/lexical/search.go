package lexical

import (
	"cmp"
	"slices"

	"wenbao/corpus/panics"
	"wenbao/rag/bitset"
)

// DefaultK is how many scores Search gives when SearchOptions.K is 0.
const DefaultK = 20

// Weights of the parts of a score.
const (
	// Words and bigrams as peers: on crud_news, cmrc2018 and kdconv_travel halving
	// either moves R@1 by a point at most, one way or the other.
	wordWeight   = 1.0
	bigramWeight = 1.0
	// Without the article, R@1 of crud_news falls from .970 to .953 (event2doc) and
	// from .662 to .627 (1doc_sub); a weight of 2 costs kdconv_travel a point.
	articleWeight = 0.5
)

// maxQueryTerms is how many different words, and how many different bigrams, of
// a question are searched: the rarest ones. It is far beyond any question and
// bounds the time that a pasted text takes.
const maxQueryTerms = 512

// A term in more than commonDF documents and in more than one of commonShare is
// passed over when the question has rarer ones of its kind. Such terms take a
// fifth of the time of searching crud_news (93,000 passages) and change its R@1
// by 0.2 points at most; indexes of up to commonDF documents use every term. At
// a share of 10 they take a third, and R@5 of 1doc_joined loses half a point.
const (
	commonDF    = 8192
	commonShare = 8
)

// SearchOptions say how to search. The zero value searches every document.
type SearchOptions struct {
	// K is the most scores to give; 0 or less means DefaultK.
	K int
	// Allow, where set, lets only its documents be found.
	Allow *bitset.Set
	// Also are further texts to search for: synonyms, earlier turns.
	Also []Text
}

// Text is a text to search for. Each of its terms weighs Weight times what it
// would in the question, and adds to what it weighs there; a weight of 0 or less
// leaves the text out.
type Text struct {
	Text   string
	Weight float64
}

// Score says how well a document answers to a question.
type Score struct {
	Doc uint32
	// Words, Bigrams and Article are what Total is the sum of: the document's
	// words and bigrams, and both of the article that it stands in.
	Words, Bigrams, Article float64
	Total                   float64
}

// Search gives the best documents that share a term with q: by Total, highest
// first, then by Doc, lowest first. Documents that are not allowed take no place.
// The error says that the index's analyzer cannot be had.
func (ix *Index) Search(q string, opt SearchOptions) ([]Score, error) {
	a, err := ix.analyzer()
	if err != nil {
		return nil, err
	}
	words, bigrams := a.asked(q, opt.Also)
	s := ix.newScratch()
	defer ix.scratch.Put(s)
	ix.sum(s, words, bigrams)
	k := opt.K
	if k <= 0 {
		k = DefaultK
	}
	return ix.best(s, k, opt.Allow), nil
}

// sum adds up what words and bigrams are worth, in a large index both at a time:
// they take about as long, and wait for nothing of each other.
func (ix *Index) sum(s *scratch, words, bigrams []askedTerm) {
	addWords := func() {
		for _, t := range ix.words.lookup(words, ix.Len()) {
			ix.accumulate(ix.words.list(t.number), float32(wordWeight*t.weight), &ix.wordNorms, s.words, s.wordArticles)
		}
	}
	addBigrams := func() {
		for _, t := range ix.bigrams.lookup(bigrams, ix.Len()) {
			ix.accumulate(ix.bigrams.list(t.number), float32(bigramWeight*t.weight), &ix.bigramNorms, s.bigrams, s.bigramArticles)
		}
	}
	if ix.Len() <= commonDF {
		addWords()
		addBigrams()
		return
	}
	var beside panics.Group
	beside.Go(addWords)
	addBigrams()
	beside.Wait()
}

// askedTerm is a term of the texts to search for.
type askedTerm struct {
	term   string
	weight float64
}

// asked gives the terms of a question and of the texts beside it.
func (a *Analyzer) asked(q string, also []Text) (words, bigrams []askedTerm) {
	c := a.cutters.Get().(*cutter)
	defer a.cutters.Put(c)
	var t terms
	add := func(text string, weight float64) {
		t.analyse(a, c, text)
		for _, w := range t.words {
			words = append(words, askedTerm{w, weight})
		}
		for _, g := range t.bigrams {
			bigrams = append(bigrams, askedTerm{g, weight})
		}
	}
	add(q, 1)
	for _, text := range also {
		if text.Weight > 0 {
			add(text.Text, text.Weight)
		}
	}
	return words, bigrams
}

// scratch holds the sums of one search.
type scratch struct {
	words, bigrams               []float32 // of each document
	wordArticles, bigramArticles []float32 // of each article
}

func (ix *Index) newScratch() *scratch {
	if s, ok := ix.scratch.Get().(*scratch); ok {
		clear(s.words)
		clear(s.bigrams)
		clear(s.wordArticles)
		clear(s.bigramArticles)
		return s
	}
	docs, articles := ix.Len(), ix.numArticles()
	return &scratch{make([]float32, docs), make([]float32, docs), make([]float32, articles), make([]float32, articles)}
}

// foundTerm is an asked term that some document holds.
type foundTerm struct {
	number int // of the term in its field
	df     uint32
	weight float64 // what was asked, times idf
}

// lookup finds the different terms that were asked for, in order of their bytes.
// A term asked for several times weighs as much as all of them.
func (f *field) lookup(asked []askedTerm, docs int) []foundTerm {
	slices.SortStableFunc(asked, func(s, t askedTerm) int { return cmp.Compare(s.term, t.term) })
	var found []foundTerm
	for len(asked) > 0 {
		term, weight := asked[0].term, 0.0
		for len(asked) > 0 && asked[0].term == term {
			weight += asked[0].weight
			asked = asked[1:]
		}
		if number, ok := f.find(term); ok {
			df := f.dfs.at(number)
			found = append(found, foundTerm{number, df, weight * idf(docs, int(df))})
		}
	}
	common := uint32(max(commonDF, docs/commonShare))
	if slices.ContainsFunc(found, func(t foundTerm) bool { return t.df <= common }) {
		found = slices.DeleteFunc(found, func(t foundTerm) bool { return t.df > common })
	}
	if len(found) > maxQueryTerms {
		slices.SortStableFunc(found, func(s, t foundTerm) int { return cmp.Compare(s.df, t.df) })
		found = found[:maxQueryTerms]
	}
	return found
}

// accumulate adds what a term of a weight is worth to the documents that hold
// it, and to their articles. The conversions keep products from being fused with
// sums, which would round otherwise on some machines than on others.
func (ix *Index) accumulate(p postings, weight float32, n *norms, documents, articles []float32) {
	documentNorms := n.documents[:len(documents)]
	current, end := dropped, uint32(0) // the article of the last document, and where it ends
	var body, context float32          // how often the term stands in it
	for p.read() && int64(p.doc) < int64(len(documents)) {
		if p.doc >= end {
			if current != dropped {
				gain := n.articles[current].gain(body + contextWeight*context)
				articles[current] += float32(articleWeight * weight * gain)
			}
			current, body, context = ix.articles.at(int(p.doc)), 0, 0
			end = ix.ends[current]
		}
		norm := documentNorms[p.doc]
		if p.counts == inBody { // once in the body, as three postings in four
			documents[p.doc] += float32(weight * float32(norm))
			body++
			continue
		}
		inBody, inContext := float32(p.counts.body()), float32(p.counts.context())
		documents[p.doc] += float32(weight * norm.gain(inBody+contextWeight*inContext))
		body += inBody
		context = max(context, inContext)
	}
	if current != dropped {
		gain := n.articles[current].gain(body + contextWeight*context)
		articles[current] += float32(articleWeight * weight * gain)
	}
}

// best gives the k best documents in order.
func (ix *Index) best(s *scratch, k int, allow *bitset.Set) []Score {
	k = min(k, ix.Len())
	var top []Score
	least := 0.0 // the total of the worst of the k best so far, once there are k
	begin := uint32(0)
	for i, end := range ix.ends {
		article := float64(s.wordArticles[i] + s.bigramArticles[i])
		for doc := begin; doc < end && article > 0; doc++ {
			own := float64(s.words[doc]) + float64(s.bigrams[doc])
			if own+article <= least || own == 0 {
				continue // of equals the first stays
			}
			if allow != nil && !allow.Has(doc) {
				continue
			}
			top = append(top, Score{doc, float64(s.words[doc]), float64(s.bigrams[doc]), article, own + article})
			if len(top) >= 2*k {
				slices.SortFunc(top, compareScores)
				top = top[:k]
				least = top[k-1].Total
			}
		}
		begin = end
	}
	slices.SortFunc(top, compareScores)
	return top[:min(k, len(top))]
}

func compareScores(s, t Score) int {
	return cmp.Or(cmp.Compare(t.Total, s.Total), cmp.Compare(s.Doc, t.Doc))
}

// Possible is the score by bigrams of a document of average length that holds every
// bigram of q once: of those that no document holds as well. The share of it that
// the best document reaches, Score.Bigrams, tells how much of what q says is printed
// anywhere in its words. It is 0 for a text without bigrams.
func (ix *Index) Possible(q string) float64 {
	var asked []askedTerm
	for _, g := range Bigrams(q) {
		asked = append(asked, askedTerm{term: g})
	}
	return bigramWeight * ix.bigrams.possible(asked, ix.Len())
}

// possible adds up the idf of the different terms that were asked for.
func (f *field) possible(asked []askedTerm, docs int) float64 {
	seen := make(map[string]bool, len(asked))
	sum := 0.0
	for _, t := range asked {
		if seen[t.term] {
			continue
		}
		seen[t.term] = true
		df := 0
		if number, ok := f.find(t.term); ok {
			df = int(f.dfs.at(number))
		}
		sum += idf(docs, df)
	}
	return sum
}
