package gazetteer

import (
	"slices"
	"strings"
)

// Points of evidence that a run of characters before a suffix is a name. A
// candidate needs wantPoints, of them at least wantLeft for its beginning.
const (
	leftHard   = 3 // begins the text, follows punctuation, a place or 在, 到, 赴
	leftJoiner = 2 // follows 和, 的, 将 …, or a common word of two characters
	edgeKnown  = 1 // known places begin, or end, with this character
	rightGood  = 1 // punctuation or 委, 政, 召 … comes after the suffix
	repeated   = 1 // occurs more than once in the text
	bare       = 1 // occurs without its suffix too
	wantLeft   = 2
	wantPoints = 4
)

// maxBare bounds how many candidates of one text are looked up without their
// suffix, so that a long text stays linear.
const maxBare = 32

// candidate is a possible name that ends in a suffix.
type candidate struct {
	start, end int
	body       string
	suffix     suffix
	left       int // points for the beginning
	points     int // all points
}

// findBySuffix returns the names that their suffix and surroundings tell, in
// order and without overlap.
func (s *scan) findBySuffix() []found {
	hits := s.suffixHits()
	if len(hits) == 0 {
		return nil
	}
	counts := map[string]int{}
	for _, h := range hits {
		for _, c := range s.bodies(h) {
			counts[s.cut(c.start, c.end)]++
		}
	}
	names := map[string]bool{}
	lookups := 0
	for _, h := range hits {
		best := s.best(h, counts, &lookups)
		if best == nil {
			continue
		}
		names[s.cut(best.start, best.end)] = true
		s.lastEnd = best.end
	}
	return s.settle(hits, names)
}

// settle gives every hit the shortest of its candidates that was accepted
// somewhere in the text: that is where the name begins, also for a hit whose own
// surroundings did not tell, or told too long a name (夸赞临江区).
func (s *scan) settle(hits []hit, names map[string]bool) []found {
	var out []found
	s.lastEnd = 0
	for _, h := range hits {
		for _, c := range s.bodies(h) {
			name := s.cut(c.start, c.end)
			if names[name] && c.start >= s.lastEnd {
				s.lastEnd = c.end
				out = append(out, found{c.start, c.end, Match{Name: name, Level: c.suffix.level}})
				break
			}
		}
	}
	return out
}

// placeEndsAt reports whether a listed name, or the last recognised one, ends at i.
func (s *scan) placeEndsAt(i int) bool { return i > 0 && i == s.lastEnd || s.listedEndsAt(i) }

// hit is a suffix that is not part of a listed full name.
type hit struct {
	at     int // index of its first character
	end    int
	suffix suffix
}

func (s *scan) suffixHits() []hit {
	var out []hit
	l := 0
	for i := 2; i < len(s.chars); i++ {
		suf, n := s.suffixAt(i)
		if n == 0 {
			continue
		}
		for l < len(s.listed) && s.listed[l].end <= i {
			l++
		}
		end := i + n
		if l < len(s.listed) && s.listed[l].start <= i {
			i = s.listed[l].end - 1
			continue
		}
		if !breaks(s.rune(end-1), s.rune(end)) {
			out = append(out, hit{i, end, suf})
		}
		i = end - 1
	}
	return out
}

// suffixAt is the suffix that begins at i and its length in characters.
func (s *scan) suffixAt(i int) (suffix, int) {
	if !startsSuffix(s.rune(i)) {
		return suffix{}, 0
	}
	rest := s.text[s.offset(i):]
	for _, suf := range s.g.suffixes {
		if suf.scope != never && strings.HasPrefix(rest, suf.text) {
			return suf, len(suf.text) / len("市")
		}
	}
	return suffix{}, 0
}

// bodies are the candidates of a hit that could be names at all, the shortest first.
func (s *scan) bodies(h hit) []candidate {
	last := s.rune(h.at - 1)
	if h.end == h.at+1 && (strings.ContainsRune(neverLast, last) || s.g.words.has(last, s.rune(h.at))) {
		return nil
	}
	var out []candidate
	for n := 1; n <= maxBody; n++ {
		start := h.at - n
		r := s.rune(start)
		if !isHan(r) || strings.ContainsRune(neverInName, r) {
			break
		}
		if n >= 2 && s.plausibleBody(start, h) {
			out = append(out, candidate{start: start, end: h.end, body: s.cut(start, h.at), suffix: h.suffix})
		}
	}
	return out
}

// insideListed reports whether a listed full name, or a short form that began
// earlier, covers position i.
func (s *scan) insideListed(i int) bool {
	f, ok := s.listedOver(i)
	return ok && (!f.match.Alias || f.start < i)
}

// listedOver is the listed name that covers position i.
func (s *scan) listedOver(i int) (found, bool) {
	at, _ := slices.BinarySearchFunc(s.listed, i+1, func(f found, end int) int { return f.end - end })
	if at == len(s.listed) || s.listed[at].start > i {
		return found{}, false
	}
	return s.listed[at], true
}

// plausibleBody reports whether the characters from start to the suffix could be
// a name. Everyday words are none, and are no part of one, except for a word of
// two characters that follows a place in a town's name (松岭县幸福镇).
func (s *scan) plausibleBody(start int, h hit) bool {
	switch {
	case s.insideListed(start):
		return false
	case h.suffix.scope == listedOnly:
		return s.listedIs(start, h.at)
	case h.at-start > 2 && strings.ContainsRune(neverFirst, s.rune(start)):
		return false
	case h.at-start == 2 && h.suffix.level == LevelTown && s.placeEndsAt(start):
		return true
	}
	for i := start; i+1 < h.at; i++ {
		if s.word(i) {
			return false
		}
	}
	return true
}

// listedIs reports whether a listed name stands exactly between two positions.
func (s *scan) listedIs(start, end int) bool {
	f, ok := s.listedOver(start)
	return ok && f.start == start && f.end == end
}

// best is the hit's candidate with most points, nil when none has enough.
func (s *scan) best(h hit, counts map[string]int, lookups *int) *candidate {
	var best *candidate
	for _, c := range s.bodies(h) {
		s.score(&c, counts)
		if c.left >= wantLeft && c.points == wantPoints-1 && *lookups < maxBare {
			*lookups++
			if s.bareElsewhere(c.body) {
				c.points += bare
			}
		}
		if c.left >= wantLeft && c.points >= wantPoints && (best == nil || c.points > best.points) {
			best = &c
		}
	}
	return best
}

func (s *scan) score(c *candidate, counts map[string]int) {
	c.left = s.leftPoints(c.start)
	c.points = c.left
	if _, ok := s.g.words.first[s.rune(c.start)]; ok {
		c.points += edgeKnown
	}
	bodyEnd := c.end - len(c.suffix.text)/len("市")
	if _, ok := s.g.words.last[s.rune(bodyEnd-1)]; ok {
		c.points += edgeKnown
	}
	if next := s.rune(c.end); !isHan(next) || strings.ContainsRune(afterName, next) {
		c.points += rightGood
	}
	if counts[s.cut(c.start, c.end)] > 1 {
		c.points += repeated
	}
}

// leftPoints are the points for a name that begins at i.
func (s *scan) leftPoints(i int) int {
	r := s.rune(i - 1)
	switch {
	case !isHan(r), strings.ContainsRune(leadIn, r), s.placeEndsAt(i):
		return leftHard
	case strings.ContainsRune(joiners, r), s.word(i-2) && !s.word(i-1):
		return leftJoiner
	}
	return 0
}

// bareElsewhere reports whether body occurs with something else than a suffix after it.
func (s *scan) bareElsewhere(body string) bool {
	for rest := s.text; ; {
		i := strings.Index(rest, body)
		if i < 0 {
			return false
		}
		rest = rest[i+len(body):]
		if !s.startsWithSuffix(rest) {
			return true
		}
	}
}

func (s *scan) startsWithSuffix(rest string) bool {
	for _, suf := range s.g.suffixes {
		if strings.HasPrefix(rest, suf.text) {
			return true
		}
	}
	return false
}

func (s *scan) cut(start, end int) string { return s.text[s.offset(start):s.offset(end)] }
