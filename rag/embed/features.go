package embed

import (
	"unicode"
	"unicode/utf8"
)

// maxGram is the most characters that a feature spans: most Chinese words have
// two, and names of offices and places up to four.
const maxGram = 4

// A feature is a piece of text that may have a vector: every run of one to maxGram
// Han characters, and every word of letters or digits. key is a hash of it, the
// same on every machine; runes is the number of Han characters, 0 for a word.
type feature struct {
	key   uint32
	runes int
}

// Seeds keep a word of letters apart from Han characters of the same numbers.
const (
	hanSeed  = 0x9e3779b97f4a7c15
	wordSeed = 0xd1b54a32d192ed03
)

// eachFeature gives the features of a text in the order in which they end, the
// short ones first. Space between Han characters is overlooked, because print
// breaks lines in the middle of a word; punctuation parts them.
func eachFeature(text string, yield func(feature)) {
	var grams [maxGram]uint64 // hashes of the runs that end at the last character, by length less 1
	length := 0               // how many of them there are
	var word uint64           // hash of the letters and digits before, 0 at none
	for _, r := range text {
		r = fold(r)
		switch {
		case unicode.Is(unicode.Han, r):
			if word != 0 {
				yield(feature{key: uint32(word >> 32)})
				word = 0
			}
			length = min(length+1, maxGram)
			for n := length - 1; n > 0; n-- {
				grams[n] = mix(grams[n-1] ^ uint64(r))
			}
			grams[0] = mix(hanSeed ^ uint64(r))
			for n := range length {
				yield(feature{key: uint32(grams[n] >> 32), runes: n + 1})
			}
			continue
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if word == 0 {
				word = wordSeed
			}
			word = mix(word ^ uint64(r))
			length = 0
			continue
		case !unicode.IsSpace(r):
			length = 0
		}
		if word != 0 {
			yield(feature{key: uint32(word >> 32)})
			word = 0
		}
	}
	if word != 0 {
		yield(feature{key: uint32(word >> 32)})
	}
}

// Key is the key of a feature by its text: one to four Han characters, or letters
// and digits alone. ok is false for anything else.
func Key(text string) (key uint32, ok bool) {
	runes := utf8.RuneCountInString(text)
	n := 0
	eachFeature(text, func(f feature) {
		n++
		key, ok = f.key, f.runes == runes || f.runes == 0 && n == 1
	})
	return key, ok
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
