// Package rank orders the sentences of the passages found by how well they
// answer a question, and says how sure it is that an answer is among them.
//
//	question.go    a question taken apart into them
//	page.go        a passage taken apart
//	features.go    what a sentence is judged by
//	confidence.go  what the whole finding is judged by
//	weights.go     how much each counts, learned by rag/extract/rank/train
package rank

import (
	"cmp"
	"slices"

	"wenbao/corpus"
	"wenbao/rag"
)

// Ranker scores sentences. Its fields are required. It is safe for concurrent use
// if they are.
type Ranker struct {
	// Words cuts text into words without stop words.
	Words func(text string) []string
	// DF is the number of passages with a word or a pair of characters, and of
	// passages in all.
	DF func(term string) (df, n int)
}

// Sentence is a sentence of a hit's passage.
type Sentence struct {
	Hit *rag.Hit
	// Span is where it stands in the passage.
	Span corpus.Span
	// Score orders the sentences of one question: a difference of 1 makes the
	// better one e times as likely to answer.
	Score    float64
	Features Features
}

// Text is the sentence as printed.
func (s *Sentence) Text() string { return s.Span.In(s.Hit.Passage.Text) }

// Reading is what was made of the passages found.
type Reading struct {
	// Sentences are all of the first passages, the best first.
	Sentences []Sentence
	Evidence  Evidence
	// Confidence is how likely it is that the passages answer the question, from
	// 0 to 1; 0 where there is none.
	Confidence float64
}

// maxHits is how many passages are read: the first twelve hold the answer to all
// but 1 in 150 questions of cmrc2018.
const maxHits = 12

// Read reads the first hits. Of sentences with equal scores the one that comes
// first in the hits is first. The hits are not changed; Sentences point into them.
func (r *Ranker) Read(q rag.Query, hits []rag.Hit) Reading {
	hits = hits[:min(len(hits), maxHits)]
	asked := r.question(q)
	var out Reading
	for i := range hits {
		p := asked.read(&hits[i], &hits[0])
		for n, sp := range p.spans {
			f := asked.features(p, n)
			out.Sentences = append(out.Sentences, Sentence{Hit: p.hit, Span: sp, Score: f.dot(&sentenceWeights), Features: f})
		}
	}
	if len(out.Sentences) == 0 {
		return Reading{}
	}
	slices.SortStableFunc(out.Sentences, func(a, b Sentence) int { return cmp.Compare(b.Score, a.Score) })
	out.Evidence = asked.evidence(out.Sentences, hits)
	out.Confidence = out.Evidence.confidence()
	return out
}
