// Package embed holds the built-in embedder: it turns a text into a vector
// without a model, a download or a dictionary.
package embed

import (
	"context"
	"math"
	"unicode"
)

// name is part of an index's fingerprint: whatever changes a vector changes it.
const name = "hash-256-v1"

// dim is the number of values of a vector. Over 78,745 news passages, dense search
// alone finds the article of a short question in the first ten for 55 of 100
// questions at 256 values, 62 at 512: not worth twice the memory and time beside
// lexical search, which finds 84.
const dim = 256

// Hashed embeds a text as the weighted sum of its pairs of characters, its
// characters, and its words of letters or digits, each thrown to a few of the
// vector's values by its hash. Texts that share rare pairs point in nearly the
// same direction.
//
// Sums are whole numbers, so the same text has the same vector on every machine.
// It is safe for concurrent use.
type Hashed struct {
	weights []uint16 // of the characters from firstHan on
}

// New returns the built-in embedder.
func New() *Hashed { return &Hashed{weights: hanWeights()} }

// Name identifies the embedder and everything that its vectors depend on.
func (h *Hashed) Name() string { return name }

// Dim is the number of values of a vector.
func (h *Hashed) Dim() int { return dim }

// Embed returns one vector of length 1 for each text, in their order. A text
// without letters, digits or characters has no direction: its vector is all zeros
// and is never found. It fails only with the error of a cancelled context, and
// then without vectors.
func (h *Hashed) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	vectors := make([][]float32, len(texts))
	for i, text := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		vectors[i] = h.vector(text)
	}
	return vectors, nil
}

// vector embeds one text.
func (h *Hashed) vector(text string) []float32 {
	var s sums
	var before rune // the character before, 0 after anything else
	var word uint64 // the hash of the letters and digits before, 0 at none
	for _, r := range text {
		r = fold(r)
		han := unicode.Is(unicode.Han, r)
		if !han && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			word = mix(word ^ uint64(r))
			before = 0
			continue
		}
		s.addWord(word)
		word = 0
		switch {
		case han:
			h.addHan(&s, before, r)
			before = r
		case !unicode.IsSpace(r): // print breaks lines in the middle of a word
			before = 0
		}
	}
	s.addWord(word)
	return s.unit()
}

// addHan adds a character and, when there is one before it, the pair of both.
func (h *Hashed) addHan(s *sums, before, r rune) {
	w := h.weight(r)
	s.add(mix(uint64(r)), w/singleShare)
	if before != 0 {
		s.add(mix(uint64(before)<<32|uint64(r)), h.weight(before)+w)
	}
}

// weight is the weight of a character.
func (h *Hashed) weight(r rune) int64 {
	if r < firstHan || r > lastHan {
		return rareWeight
	}
	return int64(h.weights[r-firstHan])
}

// fold takes a letter to lower case and a full-width form to the half-width one.
func fold(r rune) rune {
	const firstFull, lastFull, toHalf = '！', '～', '！' - '!'
	if r >= firstFull && r <= lastFull {
		r -= toHalf
	}
	return unicode.ToLower(r)
}

// mix spreads x over all 64 bits: the finaliser of SplitMix64 (Steele, Lea and
// Flood, 2014), after adding its increment so that 0 does not stay 0.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// throws is how many values a feature is added to, 16 bits of its hash for each.
// With one, two features that meet cannot be told apart; with four, the first ten
// hold 55 of 100 articles instead of 46.
const throws = 4

// sums are a vector before it is given length 1.
type sums [dim]int64

// addWord adds a word of letters or digits by its hash; 0 is none.
func (s *sums) addWord(hash uint64) {
	if hash != 0 {
		s.add(hash, wordWeight)
	}
}

// add adds a feature, with a sign of its own at each value that it is thrown to, so
// that features that meet cancel out as often as they add up.
func (s *sums) add(hash uint64, weight int64) {
	for range throws {
		if at := hash % dim; hash>>15&1 == 0 {
			s[at] += weight
		} else {
			s[at] -= weight
		}
		hash >>= 16
	}
}

// unit returns the sums scaled to length 1, or zeros when there is nothing to scale.
func (s *sums) unit() []float32 {
	var squares float64
	for _, x := range s {
		squares += float64(float64(x) * float64(x)) // never fused: alike on every machine
	}
	v := make([]float32, dim)
	if squares == 0 {
		return v
	}
	length := math.Sqrt(squares)
	for i, x := range s {
		v[i] = float32(float64(x) / length)
	}
	return v
}
