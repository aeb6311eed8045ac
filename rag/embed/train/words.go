package train

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxRunes is the most characters of a word: the most that an embedder's feature
// spans.
const maxRunes = 4

// Which runs of characters become words.
const (
	// minCount is how often a run has to stand in the text, and minCharacter a
	// single character.
	minCount, minCharacter = 40, 5
	// minLatin is how often a word of letters or digits has to.
	minLatin = 60
	// A run is a word when it stands in the text e^minBond times as often as its
	// parts would meet by chance.
	minBond, minLongBond = 1.0, 2.5
	// A run that mostly stands within one longer word is a piece of it.
	maxWithin = 0.8
)

// counts are how often runs of characters stand in a text, by length less 1, and
// words of letters and digits.
type counts struct {
	runs  [maxRunes]map[string]int
	latin map[string]int
	total int // characters
}

// count counts the runs of the articles length by length: a run can only be
// frequent when both its parts are.
func count(articles []article) *counts {
	c := &counts{latin: map[string]int{}}
	for n := range maxRunes {
		c.runs[n] = map[string]int{}
		for i := range articles {
			a := &articles[i]
			c.add(n, a.title)
			for _, s := range a.sentences {
				c.add(n, s)
			}
		}
		for run, times := range c.runs[n] {
			if n > 0 && times < minCount {
				delete(c.runs[n], run)
			}
		}
	}
	return c
}

// add counts the runs of n+1 characters of a text, and at n 0 its words of letters
// and digits.
func (c *counts) add(n int, text string) {
	var starts []int // of the characters of the run that ends here
	latin := -1      // where a word of letters and digits began, -1 outside
	for i, r := range text {
		han := unicode.Is(unicode.Han, r)
		if letter := !han && (unicode.IsLetter(r) || unicode.IsDigit(r)); letter && latin < 0 {
			latin = i
		} else if !letter && latin >= 0 {
			c.addLatin(n, text[latin:i])
			latin = -1
		}
		if !han {
			starts = starts[:0]
			continue
		}
		if len(starts) == n+1 {
			starts = slices.Delete(starts, 0, 1)
		}
		if starts = append(starts, i); len(starts) == n+1 {
			c.addRun(n, text[starts[0]:i+utf8.RuneLen(r)])
		}
	}
	if latin >= 0 {
		c.addLatin(n, text[latin:])
	}
}

func (c *counts) addLatin(n int, word string) {
	if n == 0 {
		c.latin[strings.ToLower(word)]++
	}
}

// addRun counts a run of n+1 characters, unless one of its parts is rare.
func (c *counts) addRun(n int, run string) {
	if n == 0 {
		c.total++
	} else {
		_, first := utf8.DecodeRuneInString(run)
		_, last := utf8.DecodeLastRuneInString(run)
		if c.runs[n-1][run[:len(run)-last]] < minCount || c.runs[n-1][run[first:]] < minCount {
			return
		}
	}
	c.runs[n][run]++
}

// of is how often a run of characters stands in the text.
func (c *counts) of(run string) int {
	n := utf8.RuneCountInString(run)
	if n < 1 || n > maxRunes {
		return 0
	}
	return c.runs[n-1][run]
}

// bond is the logarithm of how much more often a run stands in the text than its
// two parts would meet by chance, at the place where it is split most easily.
func (c *counts) bond(run string) float64 {
	least := math.Inf(1)
	for i := range run {
		if i == 0 {
			continue
		}
		a, b := float64(c.of(run[:i])), float64(c.of(run[i:]))
		least = min(least, math.Log(float64(c.of(run))*float64(c.total)/(a*b)))
	}
	return least
}

// choose gives the words that get a vector, at most limit: all characters that are
// not rare, the words that must be there, and the most frequent others.
func (c *counts) choose(limit int, must []string) []string {
	chosen := map[string]bool{}
	for char, n := range c.runs[0] {
		if n >= minCharacter {
			chosen[char] = true
		}
	}
	for _, w := range must {
		if n := utf8.RuneCountInString(w); n <= maxRunes && n > 0 {
			chosen[w] = true
		}
	}
	words := slices.Sorted(maps.Keys(chosen))
	for _, w := range c.frequent() {
		if len(words) >= limit {
			break
		}
		if !chosen[w] {
			words = append(words, w)
		}
	}
	return words
}

// frequent are the words of more than one character, and those of letters and
// digits, the most frequent first.
func (c *counts) frequent() []string {
	times := map[string]int{}
	for w, n := range c.latin {
		if n >= minLatin {
			times[w] = n
		}
	}
	within := c.within()
	for n := 1; n < maxRunes; n++ {
		bond := minBond
		if n > 1 {
			bond = minLongBond
		}
		for run, k := range c.runs[n] {
			if !within[run] && c.bond(run) >= bond {
				times[run] = k
			}
		}
	}
	return slices.SortedFunc(maps.Keys(times), func(a, b string) int {
		return cmp.Or(cmp.Compare(times[b], times[a]), cmp.Compare(a, b))
	})
}

// within are the runs that mostly stand within one run that is longer by one.
func (c *counts) within() map[string]bool {
	out := map[string]bool{}
	for n := 2; n < maxRunes; n++ {
		for run, times := range c.runs[n] {
			_, first := utf8.DecodeRuneInString(run)
			_, last := utf8.DecodeLastRuneInString(run)
			for _, part := range []string{run[first:], run[:len(run)-last]} {
				if float64(times) >= maxWithin*float64(c.of(part)) {
					out[part] = true
				}
			}
		}
	}
	return out
}
