package index

import (
	"cmp"
	"slices"

	"wenbao/corpus"
	"wenbao/rag"
)

// Weights of vectors in the order before anything is read; how much of it counts
// afterwards is learned. The nearest passage's cosine counts sureWeight against the
// best score by words when some passage holds all that the question says, and more
// the less of it any passage holds: up to unsureWeight above that, which grows with
// the eighth power of the share that is missing. So vectors decide hardly anything
// where a question is worded as the paper is, and most of it where it is not.
//
// Chosen by halves of crud_news, cmrc2018 dev and kdconv, by the sample pages' own
// questions and by colloquial_dev; the whole rows were in sight as well, and that of
// cmrc2018 led from the fourth power to the eighth. Only colloquial_test was used
// for no choice. R@1 and R@5 of the order before anything is read, with earlier turns
// weighed 1, 2/3 and 1/3 by age:
//
//	              crud 1doc_joined  crud 1doc_sub  crud event2doc  kdconv
//	words alone   .833 .956         .644 .853      .970 1.0        .758 .943
//	with vectors  .838 .961         .644 .856      .970 1.0        .760 .948
//
//	              cmrc dev   cmrc trial  own        everyday dev  everyday test
//	words alone   .984 .999  .979 .992   .861 .988  .343 .700     .300 .667
//	with vectors  .983 .999  .976 .993   .861 .994  .586 .843     .667 .967
//
// The earlier turns of a conversation stay out of what is embedded: with them
// vectors alone find more (kdconv R@1 .44 instead of .30) and both together less. An
// unsureWeight of 4 gains two points on everyday questions and loses the passage that
// answers how long the drive between two places takes.
const (
	sureWeight   = 0.05
	unsureWeight = 3.0
	// unsureDoublings squarings make the eighth power. With the fourth, questions
	// about rare names that the passages write otherwise lose: half a point of R@1
	// on cmrc2018.
	unsureDoublings = 3
)

// leastCosine is what the nearest passage's cosine counts as at least: below it
// nothing is near.
const leastCosine = 0.05

// denseWeight is the weight of vectors when the best passage by bigrams scores own
// of what is possible: see lexical.Index.Possible.
func denseWeight(own, possible float64) float64 {
	if own >= possible {
		return sureWeight
	}
	missing := 1 - own/possible
	for range unsureDoublings {
		missing *= missing
	}
	return sureWeight + float64(unsureWeight*missing)
}

// Boosts are added to the score of passages that fit what the question was
// understood to ask, before anything is read, in shares of the best score by words;
// beside each other they count as much afterwards. They decide between passages
// that say about the same of different districts or years. What does not fit is not
// dropped, because the question may have been misunderstood: Query.Filter does that.
const (
	placeBoost   = 0.3  // speaks for one of the places; half of it for naming one
	periodBoost  = 0.15 // speaks of one of the years; as much is taken off for speaking of others alone
	kindBoost    = 0.1
	speakerBoost = 0.2
)

// scale is what the scores of all candidates are seen by.
type scale struct {
	total, words, bigrams, article float64 // the best
	cosine                         float64 // the nearest
	vectors                        float64 // weight of vectors
}

// scaleOf is the scale of candidates. Where nothing is found by words, cosines count
// as they are.
func (ix *Index) scaleOf(found []candidate, q rag.Query) scale {
	var s scale
	for i := range found {
		w := &found[i].words
		s.total, s.words = max(s.total, w.Total), max(s.words, w.Words)
		s.bigrams, s.article = max(s.bigrams, w.Bigrams), max(s.article, w.Article)
		s.cosine = max(s.cosine, found[i].cosine)
	}
	if s.total == 0 {
		s.cosine, s.vectors = 1, 1
		return s
	}
	s.cosine, s.vectors = max(s.cosine, leastCosine), denseWeight(s.bigrams, ix.words.Possible(q.Text))
	return s
}

// by is a share of a best score, 0 where there is none.
func by(score, best float64) float64 {
	if best <= 0 {
		return 0
	}
	return score / best
}

// features fills in those that the scorers decide.
func (s *scale) features(f *Features, c *candidate) {
	f[WordScore], f[BigramScore] = by(c.words.Words, s.words), by(c.words.Bigrams, s.bigrams)
	f[ArticleScore] = by(c.words.Article, s.article)
	f[DenseScore], f[Cosine] = c.cosine/s.cosine*s.vectors, c.cosine
}

// unread are what features count before anything is read: scores by words as shares
// of the best total, and vectors beside them.
func (s *scale) unread() Features {
	counts := Facets()
	counts[WordScore], counts[BigramScore] = by(s.words, s.total), by(s.bigrams, s.total)
	counts[ArticleScore], counts[DenseScore] = by(s.article, s.total), 1
	return counts
}

// fuse gives every candidate a score and puts them in order: by score, highest
// first, then by passage ID, and by number where a passage stands in two articles.
// It is the order in which candidates are read; those that are not read keep it.
//
// Scores by words and cosines are taken as shares of the best one, so that an order
// does not depend on how many candidates there are, nor on how near to each other
// an embedder puts everything. A candidate that one scorer did not put up gets
// nothing from it.
func (ix *Index) fuse(found []candidate, q rag.Query) {
	s, wanted := ix.scaleOf(found, q), ix.wanted(q)
	names, counts := FeatureNames(), s.unread()
	for i := range found {
		var f Features
		s.features(&f, &found[i])
		ix.facets(&f, found[i].doc, &wanted)
		for n, name := range names {
			found[i].share(name, f[n], counts[n])
		}
	}
	ix.order(found)
}

// order puts candidates in order.
func (ix *Index) order(found []candidate) {
	slices.SortFunc(found, func(a, b candidate) int { return ix.compare(&a, &b) })
}

// compare is the order of candidates.
func (ix *Index) compare(a, b *candidate) int {
	return cmp.Or(cmp.Compare(b.score, a.score),
		cmp.Compare(ix.columns.ids[a.doc], ix.columns.ids[b.doc]), cmp.Compare(a.doc, b.doc))
}

// share adds what a scorer says of a candidate. The conversion keeps the product
// from being fused with the sum, so that every machine ranks alike.
func (c *candidate) share(scorer string, raw, weight float64) {
	share := float64(raw * weight)
	if share == 0 {
		return
	}
	c.shares = append(c.shares, rag.Contribution{Scorer: scorer, Raw: raw, Share: share})
	c.score += share
}

// wanted is what a question was understood to ask for, as numbers of names.
type wanted struct {
	places, speakers []uint32
	periods          []corpus.Years
	kind             uint32
}

func (ix *Index) wanted(q rag.Query) wanted {
	w := wanted{places: ix.columns.numbers(q.Places), speakers: ix.columns.spellings(q.Speaker), periods: q.Periods}
	if n := ix.columns.numbers([]string{string(q.Kind)}); len(n) > 0 {
		w.kind = n[0]
	}
	return w
}

// facets fills in how far a passage fits what is wanted.
func (ix *Index) facets(f *Features, passage uint32, w *wanted) {
	doc := int(passage)
	switch {
	case overlap(ix.columns.spoken(doc), w.places):
		f[PlaceFits] = 1
	case overlap(ix.columns.mentioned(doc), w.places):
		f[PlaceFits] = 0.5
	}
	years := ix.columns.years(doc)
	switch {
	case slices.ContainsFunc(w.periods, years.Overlaps):
		f[PeriodFits] = 1
	case len(w.periods) > 0 && !years.IsZero():
		f[PeriodFits] = -1
	}
	if w.kind != 0 && ix.columns.kind[doc] == w.kind {
		f[KindFits] = 1
	}
	if slices.Contains(w.speakers, ix.columns.speaker[doc]) {
		f[SpeakerFits] = 1
	}
}

// why gives the shares of a candidate with their ranks: 1 and as many as do better
// by the same scorer, whether read or not.
func why(c *candidate, found []candidate) []rag.Contribution {
	shares := slices.Clone(c.shares)
	for i := range shares {
		shares[i].Rank = 1
		for j := range found {
			for _, s := range found[j].shares {
				if s.Scorer == shares[i].Scorer && (s.Raw-shares[i].Raw)*shares[i].Share > 0 {
					shares[i].Rank++
				}
			}
		}
	}
	return shares
}
