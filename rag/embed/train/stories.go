package train

import (
	"cmp"
	"slices"
)

// Two articles report the same when they share a few passages word by word, and
// most of each is its own.
const (
	shingle     = 10 // characters
	oneIn       = 16 // of the shingles are looked at, by their hash
	mostSharing = 5  // articles; what more have is a phrase
	leastShared = 3  // shingles looked at
	mostAlike   = 0.6
)

// stories finds pairs of articles that report the same, in order.
func stories(articles []article) [][2]int32 {
	holders := map[uint64][]int32{}
	sizes := make([]int, len(articles))
	for i := range articles {
		for _, s := range articles[i].sentences {
			eachShingle(s, func(hash uint64) {
				sizes[i]++
				if in := holders[hash]; len(in) <= mostSharing && (len(in) == 0 || in[len(in)-1] != int32(i)) {
					holders[hash] = append(in, int32(i))
				}
			})
		}
	}
	shared := map[[2]int32]int{}
	for _, in := range holders {
		if len(in) > mostSharing {
			continue
		}
		for i, a := range in {
			for _, b := range in[i+1:] {
				shared[[2]int32{a, b}]++
			}
		}
	}
	var out [][2]int32
	for p, n := range shared {
		if n >= leastShared && float64(n) < mostAlike*float64(min(sizes[p[0]], sizes[p[1]])) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b [2]int32) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	return out
}

// eachShingle gives the hashes of one in oneIn of the shingles of a text.
func eachShingle(text string, yield func(hash uint64)) {
	runes := []rune(text)
	for i := 0; i+shingle <= len(runes); i++ {
		hash := uint64(14695981039346656037) // FNV-1a, a character at a time
		for _, r := range runes[i : i+shingle] {
			hash = (hash ^ uint64(r)) * 1099511628211
		}
		if hash>>32%oneIn == 0 {
			yield(hash)
		}
	}
}
