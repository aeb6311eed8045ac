package baseline

import (
	"context"
	"math"
	"unicode"

	"wenbao/corpus/zh"
	"wenbao/rag/embed"
)

// dim is the number of values of a vector, as many as the built-in embedder has.
const dim = 256

// throws is how many values a feature is added to, 16 bits of its hash for each:
// with one, two features that meet cannot be told apart.
const throws = 4

// maxGram is the most characters that a feature spans, as in package embed.
const maxGram = 4

// Hashing embeds a text by the features of the built-in embedder (see embed.Key),
// each thrown to a few values by its hash, all with the same weight. It tells what
// training is worth. It is an index.Embedder.
type Hashing struct{}

// Name identifies the embedder.
func (Hashing) Name() string { return "hashing-256" }

// Dim is the number of values of a vector.
func (Hashing) Dim() int { return dim }

// Embed returns one vector of length 1 for each text, in their order, and zeros
// for one without letters, digits or characters. The error is the context's.
func (Hashing) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	vectors := make([][]float32, len(texts))
	for i, text := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var s sums
		eachFeature(zh.Simplified(text), func(feature []rune) {
			if key, ok := embed.Key(string(feature)); ok {
				s.add(key)
			}
		})
		vectors[i] = s.unit()
	}
	return vectors, nil
}

// eachFeature gives the runs of one to maxGram Han characters and the words of
// letters or digits. White space between characters is overlooked.
func eachFeature(text string, yield func([]rune)) {
	var han, word []rune
	endWord := func() {
		if len(word) > 0 {
			yield(word)
			word = word[:0]
		}
	}
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Han, r):
			endWord()
			han = append(han, r)
			for n := 1; n <= min(maxGram, len(han)); n++ {
				yield(han[len(han)-n:])
			}
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word, han = append(word, r), han[:0]
		case unicode.IsSpace(r):
			endWord()
		default:
			endWord()
			han = han[:0]
		}
	}
	endWord()
}

// sums are a vector before it is given length 1: whole numbers, so that every
// machine has the same.
type sums [dim]int64

// add adds a feature, with a sign of its own at each value.
func (s *sums) add(key uint32) {
	h := mix(uint64(key))
	for range throws {
		if at := h % dim; h>>15&1 == 0 {
			s[at]++
		} else {
			s[at]--
		}
		h >>= 16
	}
}

// mix spreads a key over 64 bits: the finaliser of SplitMix64 (Steele, Lea and
// Flood, 2014).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// unit is the sum scaled to length 1.
func (s *sums) unit() []float32 {
	var squares float64
	for _, x := range s {
		squares += float64(x * x)
	}
	v := make([]float32, dim)
	if squares > 0 {
		length := math.Sqrt(squares)
		for i, x := range s {
			v[i] = float32(float64(x) / length)
		}
	}
	return v
}
