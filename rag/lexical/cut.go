package lexical

import (
	"math"
	"slices"
	"unicode/utf8"

	"github.com/go-ego/gse"
)

// unknownCost is the cost in bits of a character that is cut by itself, as in
// gse: dearer than any word of the list.
const unknownCost = 32

// extraFreq is the frequency given to words added to the list: high enough that
// a name wins over the common words it is made of.
const extraFreq = 20_000

// dictionary is gse's double-array trie of words. A token's frequency field
// holds its cost in bits, -log2 p, so that cutting needs nothing of what
// gse.Segmenter works out for each word when it loads (CalcToken, half of its
// loading time) and never touches its process-wide model (Init, which races
// with itself). Only Dictionary and ToToken are used: any method of gse that can
// reach its embedded dictionaries would link 38 MB of them into the program.
type dictionary struct {
	trie    *gse.Dictionary
	longest int // in bytes
}

// newDictionary holds words with their frequencies, and extra words.
func newDictionary(words []word, extra []string) (*dictionary, error) {
	total := 0.0
	for _, w := range words {
		total += w.freq
	}
	total = max(total, 2*extraFreq)
	d := &dictionary{trie: gse.NewDict()}
	d.trie.Tokens = make([]gse.Token, 0, len(words)+len(extra))
	for _, text := range extra {
		if err := d.add(text, math.Log2(total/extraFreq)); err != nil {
			return nil, err
		}
	}
	for _, w := range words {
		if err := d.add(w.text, math.Log2(total/w.freq)); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// add holds a word at a cost; the first cost given to a word stays.
func (d *dictionary) add(text string, cost float64) error {
	var seg gse.Segmenter
	d.longest = max(d.longest, len(text))
	return d.trie.AddToken(seg.ToToken(text, cost))
}

// cost is what the word costs, 0 when it is no word. more reports whether a
// word of the dictionary begins with it.
func (d *dictionary) cost(text []byte) (cost float64, more bool) {
	cost, _, more = d.trie.Find(text)
	return cost, more
}

// cutter cuts Han runs into words. It keeps its buffers from call to call and is
// not safe for concurrent use.
type cutter struct {
	dict  *dictionary
	bytes []byte
	// best[i] is the cost of the cheapest way to cut the first i bytes and
	// from[i] where the last word of it begins; only i between characters count.
	best []float64
	from []int
}

// appendWords cuts a run along the cheapest path and appends its words.
func (c *cutter) appendWords(words []string, run string) []string {
	c.reset(run)
	for i := 0; i < len(run); {
		_, size := utf8.DecodeRuneInString(run[i:])
		c.relax(i, i+size, unknownCost)
		c.relaxWords(i, size)
		i += size
	}
	mark := len(words)
	for end := len(run); end > 0; end = c.from[end] {
		words = append(words, run[c.from[end]:end])
	}
	slices.Reverse(words[mark:])
	return words
}

func (c *cutter) reset(run string) {
	c.bytes = append(c.bytes[:0], run...)
	c.from = slices.Grow(c.from[:0], len(run)+1)[:len(run)+1]
	c.best = slices.Grow(c.best[:0], len(run)+1)[:len(run)+1]
	c.best[0] = 0
	for i := 1; i <= len(run); i++ {
		c.best[i] = math.Inf(1)
	}
}

// relaxWords tries every word of two or more characters that begins at byte i,
// where the first character is size bytes long.
func (c *cutter) relaxWords(i, size int) {
	end := min(len(c.bytes), i+c.dict.longest)
	for j := i + size; j < end; {
		_, size := utf8.DecodeRune(c.bytes[j:])
		j += size
		cost, more := c.dict.cost(c.bytes[i:j])
		if !more {
			return
		}
		if cost > 0 {
			c.relax(i, j, cost)
		}
	}
}

// relax takes the word from i to j into the cheapest path to j; of two that cost
// the same the first found stays.
func (c *cutter) relax(i, j int, cost float64) {
	if total := c.best[i] + cost; total < c.best[j] {
		c.best[j], c.from[j] = total, i
	}
}
