package llm

import (
	"strings"
	"unicode"
)

// Limits of what counts as repeating.
const (
	// maxPeriod is the longest pattern, in characters, that is followed without a
	// sentence end; 32 covers a clause.
	maxPeriod = 32
	// A pattern of p characters has gone on for too long after
	// loopBase + loopTimes*p characters beyond its first time: a ruled line of 60
	// strokes passes; a phrase of 10 characters may stand 11 times, one of 30 seven.
	loopBase  = 64
	loopTimes = 4
	// maxSentences is how often the same sentence may stand in an answer. A list
	// over several places has reason for two or three.
	maxSentences = 3
	// minSentence is the length, in characters, from which a sentence counts:
	// shorter ones (是的。) are no loop.
	minSentence = 6
)

// repeats detects, character by character, a text that goes round in circles.
// The work for a character is bounded by maxPeriod.
type repeats struct {
	last     [maxPeriod]rune
	n        int                // characters so far
	run      [maxPeriod + 1]int // run[p] is how long the text has had the period p
	sentence strings.Builder
	length   int // characters of sentence
	seen     map[string]int
}

// write takes the next piece and reports whether the text repeats itself.
func (r *repeats) write(piece string) bool {
	for _, c := range piece {
		if r.loops(c) || r.again(c) {
			return true
		}
	}
	return false
}

// loops reports whether the text up to c is the same short pattern over and over.
func (r *repeats) loops(c rune) bool {
	found := false
	for p := 1; p <= min(maxPeriod, r.n); p++ {
		if r.last[(r.n-p)%maxPeriod] != c {
			r.run[p] = 0
			continue
		}
		r.run[p]++
		found = found || r.run[p] > loopBase+loopTimes*p
	}
	r.last[r.n%maxPeriod] = c
	r.n++
	return found
}

// again reports whether c ends a sentence or line that has stood too often.
func (r *repeats) again(c rune) bool {
	if !strings.ContainsRune("。！？；\n", c) {
		if !unicode.IsSpace(c) {
			r.sentence.WriteRune(c)
			r.length++
		}
		return false
	}
	text, length := r.sentence.String(), r.length
	r.sentence.Reset()
	r.length = 0
	if length < minSentence {
		return false
	}
	if r.seen == nil {
		r.seen = map[string]int{}
	}
	r.seen[text]++
	return r.seen[text] > maxSentences
}
