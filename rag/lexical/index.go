package lexical

import (
	"errors"
	"math"
	"sync"
)

// ErrAnalyzer says that an index was made with other words or rules than those
// at hand and has to be built anew.
var ErrAnalyzer = errors.New("index made by another analyzer")

// Index finds documents by their terms. It does not change and is safe for
// concurrent use.
type Index struct {
	// name is the analyzer's; analyzer gives that analyzer, or an error.
	name     string
	analyzer func() (*Analyzer, error)
	articles u32s // the number of each document's article, ascending from 0
	words    field
	bigrams  field

	// What follows is worked out when the index is made.
	ends                   []uint32 // where each article's documents end
	wordNorms, bigramNorms norms
	scratch                sync.Pool // of *scratch
}

func newIndex(a *Analyzer) *Index {
	return &Index{name: a.name, analyzer: func() (*Analyzer, error) { return a, nil }}
}

// Len is the number of documents.
func (ix *Index) Len() int { return ix.articles.len() }

// numArticles is the number of articles.
func (ix *Index) numArticles() int {
	if n := ix.Len(); n > 0 {
		return int(ix.articles.at(n-1)) + 1
	}
	return 0
}

// Analyzer gives the analyzer of the index, loading it when it was not needed
// before. The error is ErrAnalyzer when the one at hand is another.
func (ix *Index) Analyzer() (*Analyzer, error) { return ix.analyzer() }

// TermDF is the number of documents with a word, as Analyzer.Words gives it.
func (ix *Index) TermDF(word string) int { return ix.words.df(word) }

// BigramDF is the number of documents with a bigram, as Bigrams gives it.
func (ix *Index) BigramDF(bigram string) int { return ix.bigrams.df(bigram) }

// The parameters of BM25 (Robertson and Zaragoza, The Probabilistic Relevance
// Framework, 2009) at the values usual for it.
const (
	bm25K1 = 1.2
	bm25B  = 0.75
)

// contextWeight is what a term in the context counts against one in the body.
// Weights of 2 and 3 change R@1 of cmrc2018 and kdconv_travel by less than half a point.
const contextWeight = 1.0

// norm weighs down the frequencies of terms in a document or an article by its
// length. It is what a term gains that stands once in it, as most do:
// (k1+1)/(1+K), where K = k1·(1-b+b·length/average).
type norm float32

func newNorm(length, average float64) norm {
	part := float64(bm25B * (length / average)) // rounded here, not fused with the sum
	return norm((bm25K1 + 1) / (1 + float64(bm25K1*(1-bm25B+part))))
}

// gain is what a term gains by standing tf times: tf·(k1+1)/(tf+K).
func (n norm) gain(tf float32) float32 {
	if tf == 1 {
		return float32(n)
	}
	k := (bm25K1+1)/float32(n) - 1
	return tf * (bm25K1 + 1) / (tf + k)
}

// norms are those of every document and of every article.
type norms struct {
	documents, articles []norm
}

// measure works out where articles end and what lengths weigh.
func (ix *Index) measure() {
	n := ix.numArticles()
	ix.ends = make([]uint32, n)
	for doc := range ix.articles.len() {
		ix.ends[ix.articles.at(doc)] = uint32(doc) + 1
	}
	ix.wordNorms = ix.words.norms(ix.articles, n)
	ix.bigramNorms = ix.bigrams.norms(ix.articles, n)
}

// norms counts an article as long as the bodies of its documents and the longest
// of their contexts.
func (f *field) norms(articles u32s, numArticles int) norms {
	documents := make([]float32, f.lengths.len())
	bodies, contexts := make([]float32, numArticles), make([]float32, numArticles)
	for i := range documents {
		length := f.lengths.at(i)
		body, context := float32(length&maxLength), contextWeight*float32(length>>16)
		article := articles.at(i)
		documents[i] = body + context
		bodies[article] += body
		contexts[article] = max(contexts[article], context)
	}
	for i, context := range contexts {
		bodies[i] += context
	}
	return norms{normsOf(documents), normsOf(bodies)}
}

func normsOf(lengths []float32) []norm {
	total := 0.0
	for _, length := range lengths {
		total += float64(length)
	}
	average := max(total/float64(max(len(lengths), 1)), 1)
	all := make([]norm, len(lengths))
	for i, length := range lengths {
		all[i] = newNorm(float64(length), average)
	}
	return all
}

// idf is BM25's weight of a term that df of n documents hold; never negative.
func idf(n, df int) float64 {
	df = min(df, n) // more can only stand in a damaged snapshot
	return math.Log(1 + (float64(n-df)+0.5)/(float64(df)+0.5))
}
