package index

import (
	"cmp"
	"slices"

	"wenbao/corpus"
	"wenbao/rag"
)

// Weights of vectors. The nearest passage's cosine counts sureWeight against the
// best score by words when some passage holds all that the question says, and more
// the less of it any passage holds: up to unsureWeight above that, which grows with
// the eighth power of the share that is missing. So vectors decide hardly anything
// where a question is worded as the paper is, and most of it where it is not.
//
// Chosen by halves of crud_news, cmrc2018 dev and kdconv, by the sample pages' own
// questions and by colloquial_dev; the whole rows were in sight as well, and that of
// cmrc2018 led from the fourth power to the eighth. Only colloquial_test was used
// for no choice. R@1 and R@5:
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
// understood to ask, in shares of the best score by words. They decide between
// passages that say about the same of different districts or years. What does not
// fit is not dropped, because the question may have been misunderstood:
// Query.Filter does that.
const (
	placeBoost   = 0.3  // speaks for one of the places; half of it for naming one
	periodBoost  = 0.15 // speaks of one of the years
	periodClash  = 0.15 // taken off for speaking of other years alone
	kindBoost    = 0.1
	speakerBoost = 0.2
)

// fuse gives every candidate its score and puts them in order: by score, highest
// first, then by passage ID, and by number where a passage stands in two articles.
//
// Scores by words and cosines are taken as shares of the best one, so that an order
// does not depend on how many candidates there are, nor on how near to each other
// an embedder puts everything. A candidate that one scorer did not put up gets
// nothing from it.
func (ix *Index) fuse(found []candidate, q rag.Query) {
	best, own, nearest := 0.0, 0.0, 0.0
	for i := range found {
		best = max(best, found[i].words.Total)
		own = max(own, found[i].words.Bigrams)
		nearest = max(nearest, found[i].cosine)
	}
	words, dense := 0.0, 1.0
	if best > 0 {
		words = 1 / best
		dense = denseWeight(own, ix.words.Possible(q.Text)) / max(nearest, leastCosine)
	}
	wanted := ix.wanted(q)
	for i := range found {
		c := &found[i]
		c.share("words", c.words.Words, words)
		c.share("bigrams", c.words.Bigrams, words)
		c.share("article", c.words.Article, words)
		c.share("dense", c.cosine, dense)
		ix.boost(c, &wanted)
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score),
			cmp.Compare(ix.columns.ids[a.doc], ix.columns.ids[b.doc]), cmp.Compare(a.doc, b.doc))
	})
}

// share adds what a scorer says of a candidate. The conversion keeps the product
// from being fused with the sum, so that every machine ranks alike.
func (c *candidate) share(scorer string, raw, weight float64) {
	if raw == 0 {
		return
	}
	share := float64(raw * weight)
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

// boost moves a candidate up that fits what is wanted.
func (ix *Index) boost(c *candidate, w *wanted) {
	doc := int(c.doc)
	switch {
	case overlap(ix.columns.spoken(doc), w.places):
		c.share("place", 1, placeBoost)
	case overlap(ix.columns.mentioned(doc), w.places):
		c.share("place", 0.5, placeBoost)
	}
	years := ix.columns.years(doc)
	fits := slices.ContainsFunc(w.periods, years.Overlaps)
	switch {
	case fits:
		c.share("period", 1, periodBoost)
	case len(w.periods) > 0 && !years.IsZero():
		c.share("period", -1, periodClash)
	}
	if w.kind != 0 && ix.columns.kind[doc] == w.kind {
		c.share("kind", 1, kindBoost)
	}
	if slices.Contains(w.speakers, ix.columns.speaker[doc]) {
		c.share("speaker", 1, speakerBoost)
	}
}

// why gives the shares of a candidate with their ranks: 1 and as many as do
// better by the same scorer.
func why(c *candidate, found []candidate) []rag.Contribution {
	shares := slices.Clone(c.shares)
	for i := range shares {
		shares[i].Rank = 1
		for j := range found {
			for _, s := range found[j].shares {
				if s.Scorer == shares[i].Scorer && s.Raw > shares[i].Raw {
					shares[i].Rank++
				}
			}
		}
	}
	return shares
}
