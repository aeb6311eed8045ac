package index

import (
	"cmp"
	"slices"

	"wenbao/corpus"
	"wenbao/rag"
)

// denseWeight is what a cosine of 1 counts against the best score by words. With
// the built-in embedder, R@1 and R@5 over the questions of
//
//	              crud 1doc_joined  crud 1doc_sub  crud event2doc  cmrc dev    kdconv
//	words alone   .828 .961         .651 .856      .975 .998       .985 .999   .640 .919
//	0.1           .828 .971         .646 .858      .977 .998       .985 .999   .643 .922
//	0.25          .824 .966         .651 .862      .973 .997       .985 .999   .644 .927
//	0.5           .819 .961         .655 .860      .972 .998       .986 .999   .650 .935
//
// Reciprocal ranks lose more: at a quarter of the weight, 1doc_joined falls to
// .750, because a rank does not tell an exact match from the best of a bad lot.
const denseWeight = 0.1

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
// Scores by words are taken as shares of the best one, so that an order does not
// depend on how many candidates there are. A candidate that one scorer did not
// put up gets nothing from it.
func (ix *Index) fuse(found []candidate, q rag.Query, system System) {
	best := 0.0
	for i := range found {
		best = max(best, found[i].words.Total)
	}
	words, dense := 0.0, denseWeight
	if best > 0 {
		words = 1 / best
	}
	if system == Dense {
		dense = 1
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
	places        []uint32
	periods       []corpus.Years
	kind, speaker uint32
}

func (ix *Index) wanted(q rag.Query) wanted {
	w := wanted{places: ix.columns.numbers(q.Places), periods: q.Periods}
	if n := ix.columns.numbers([]string{string(q.Kind)}); len(n) > 0 {
		w.kind = n[0]
	}
	if n := ix.columns.numbers([]string{q.Speaker}); len(n) > 0 {
		w.speaker = n[0]
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
	if w.speaker != 0 && ix.columns.speaker[doc] == w.speaker {
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
