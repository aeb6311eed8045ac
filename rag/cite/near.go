package cite

import (
	"cmp"
	"math"
	"slices"

	"wenbao/corpus/library"
)

const (
	// MinSimilarity is how alike printed words have to be to count as a near
	// miss. At 0.7, three characters of ten may differ: a figure, a place and a
	// verb of one clause. Of 90 sentences out of other papers' reports, none was
	// so near to any of 16,845 articles but the two that tell the same story.
	MinSimilarity = 0.7
	// maxNearChars is the length of the longest quote for which near misses are
	// looked for: aligning takes time and memory with its square.
	maxNearChars = 1000
	// maxCells is how many pairs of characters one alignment may compare, about
	// 16 MB: an article of 16,000 characters for a quote of 1,000 with omissions.
	maxCells = 16 << 20
	// maxCandidates is how many articles are aligned, those that share most
	// pairs of neighbouring characters with the quote. Districts' reports repeat
	// each other's phrases, so the best one may be some way down.
	maxCandidates = 32
)

// nearest collects the articles that may hold a near miss. A printed text that
// differs from a quote of n characters in d of them still has n-1-2d of its n-1
// pairs of neighbouring characters (Ukkonen 1992, the q-gram lemma). With d
// bounded by MinSimilarity no article is passed over that could qualify.
type nearest struct {
	quote *quote
	// pairs numbers the quote's pairs of neighbouring characters; counts says
	// how often it has each. maybe has a bit for the hash of each.
	pairs  map[[2]rune]int
	counts []int
	maybe  [pairHashes / 64]uint64
	// need is the least number of pairs to share, span the number of characters
	// within which they have to stand.
	need, span int
	candidates []candidate

	hits []hit // of the article looked at
	have []int // of each pair, in the window
}

// hit is a pair of the quote in an article.
type hit struct {
	at   int // characters of the folded text before it
	pair int
}

// candidate is an article with the stretch that shares most pairs, in
// characters of its folded text.
type candidate struct {
	record     *library.Record
	shared     int
	start, end int
}

// pairHashes is the number of bits of nearest.maybe: 8 KB, so that it stays in
// the processor's first cache.
const pairHashes = 1 << 16

func pairHash(a, b rune) uint32 { return (uint32(a)*31 + uint32(b)) % pairHashes }

func newNearest(q *quote) *nearest {
	n := &nearest{quote: q, pairs: map[[2]rune]int{}}
	total := 0
	for i := range q.pieces {
		runes := []rune(q.piece(i))
		for j := 1; j < len(runes); j++ {
			n.addPair(runes[j-1], runes[j])
			total++
		}
	}
	chars := q.chars()
	distance := maxDistance(chars)
	n.need = max(1, total-2*distance)
	n.span = chars + distance
	if len(q.pieces) > 1 {
		n.span = math.MaxInt32
	}
	n.have = make([]int, len(n.counts))
	return n
}

// maxDistance is how many characters of a quote of n may differ. The small
// addition keeps 10*(1-0.7) from becoming 2.
func maxDistance(n int) int { return int(float64(n)*(1-MinSimilarity) + 1e-9) }

func (n *nearest) addPair(a, b rune) {
	number, ok := n.pairs[[2]rune{a, b}]
	if !ok {
		number = len(n.counts)
		n.pairs[[2]rune{a, b}] = number
		n.counts = append(n.counts, 0)
		h := pairHash(a, b)
		n.maybe[h/64] |= 1 << (h % 64)
	}
	n.counts[number]++
}

// look takes an article into account.
func (n *nearest) look(r *library.Record, folded string) {
	if n.quote.chars() > maxNearChars {
		return
	}
	n.collect(folded)
	c := candidate{record: r}
	if n.bestWindow(&c); c.shared < n.need {
		return
	}
	n.candidates = append(n.candidates, c)
	if len(n.candidates) > 2*maxCandidates {
		n.cut()
	}
}

// collect lists the quote's pairs in a folded text.
func (n *nearest) collect(folded string) {
	n.hits = n.hits[:0]
	var last rune
	at := 0
	for _, r := range folded {
		if h := pairHash(last, r); n.maybe[h/64]&(1<<(h%64)) != 0 {
			if pair, ok := n.pairs[[2]rune{last, r}]; ok {
				n.hits = append(n.hits, hit{at - 1, pair})
			}
		}
		last = r
		at++
	}
}

// bestWindow finds the first stretch of n.span characters that shares most pairs.
func (n *nearest) bestWindow(c *candidate) {
	clear(n.have)
	shared, first := 0, 0
	for _, h := range n.hits {
		if n.have[h.pair]++; n.have[h.pair] <= n.counts[h.pair] {
			shared++
		}
		for ; h.at+2-n.hits[first].at > n.span; first++ {
			out := n.hits[first].pair
			if n.have[out] <= n.counts[out] {
				shared--
			}
			n.have[out]--
		}
		if shared > c.shared {
			c.shared = shared
			c.start, c.end = h.at+2-n.span, n.hits[first].at+n.span
		}
	}
}

// cut keeps the candidates that share most pairs.
func (n *nearest) cut() {
	slices.SortFunc(n.candidates, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.shared, a.shared), compareArticles(&a.record.Article, &b.record.Article))
	})
	if len(n.candidates) > maxCandidates {
		clear(n.candidates[maxCandidates:])
		n.candidates = n.candidates[:maxCandidates]
	}
}

// best aligns the candidates and gives the nearest, of several equally near the
// one printed first; nil when none is near enough.
func (n *nearest) best() *Near {
	n.cut()
	var best *Near
	for _, c := range n.candidates {
		near, ok := n.quote.align(c)
		if !ok || near.Similarity < MinSimilarity {
			continue
		}
		if best == nil || near.Similarity > best.Similarity ||
			near.Similarity == best.Similarity && compareArticles(near.Article, best.Article) < 0 {
			best = &near
		}
	}
	return best
}
