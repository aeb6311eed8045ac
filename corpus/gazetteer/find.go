package gazetteer

import (
	"slices"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// char is a character and its offset in the text.
type char struct {
	r   rune
	off int
}

// found is a place between two characters.
type found struct {
	start, end int
	match      Match
}

// scan is the state of one Find.
type scan struct {
	g       *Gazetteer
	text    string
	chars   []char
	listed  []found
	spelled []spelled // reused
	lastEnd int       // of the last recognised name
}

// Find returns the places that text names, in order and without overlap. The
// longest name wins; at the same length what a list holds wins over a suffix.
func (g *Gazetteer) Find(text string) []Match {
	text = zh.Simplified(text)
	s := &scan{g: g, text: text, chars: make([]char, 0, len(text)/3+8)}
	for i, r := range text {
		s.chars = append(s.chars, char{r, i})
	}
	s.findListed()
	all := s.merge(s.findBySuffix())
	out := make([]Match, len(all))
	for i, f := range all {
		f.match.Span = corpus.Span{Start: s.offset(f.start), End: s.offset(f.end)}
		out[i] = f.match
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func (s *scan) offset(i int) int {
	if i == len(s.chars) {
		return len(s.text)
	}
	return s.chars[i].off
}

// rune is the character at i, 0 outside the text.
func (s *scan) rune(i int) rune {
	if i < 0 || i >= len(s.chars) {
		return 0
	}
	return s.chars[i].r
}

// word reports whether the two characters at i are a common word.
func (s *scan) word(i int) bool { return s.g.words.has(s.rune(i), s.rune(i+1)) }

func isHan(r rune) bool { return r >= 0x4e00 && r <= 0x9fff || r == '〇' }

// findListed fills s.listed with what the lists hold.
func (s *scan) findListed() {
	for i := 0; i < len(s.chars); {
		f, ok := s.listedAt(i)
		if !ok {
			i++
			continue
		}
		s.listed = append(s.listed, f)
		i = f.end
	}
}

// listedAt is the longest acceptable listed name at i; of equal ones, the one
// that was added last.
func (s *scan) listedAt(i int) (found, bool) {
	s.spelled = s.spelled[:0]
	r := s.chars[i].r
	for k := len(s.g.layers) - 1; k >= 0; k-- {
		if l := s.g.layers[k]; l.mayStart(r) {
			s.spelled = l.at(s.chars, i, s.spelled)
		}
	}
	if len(s.spelled) > 1 {
		slices.SortStableFunc(s.spelled, func(a, b spelled) int { return b.end - a.end })
	}
	for _, sp := range s.spelled {
		best := sp.targets[0]
		if !s.accept(i, sp.end, best.use) {
			continue
		}
		p := sp.layer.places[best.place]
		m := Match{Name: p.name, Level: p.level, Known: true, Alias: best.use != useFull}
		for _, t := range sp.targets[1:] {
			if t.use == best.use {
				m.Others = append(m.Others, sp.layer.places[t.place].name)
			}
		}
		m.InName = m.Alias && s.inName(sp.end)
		return found{i, sp.end, m}, true
	}
	return found{}, false
}

// accept reports whether a listed name may stand between two positions.
func (s *scan) accept(start, end int, u use) bool {
	if s.cutsLeft(start) {
		return false
	}
	last, next := s.rune(end-1), s.rune(end)
	switch u {
	case useFull:
		// Two-character names (和县) are too short to stand just anywhere.
		return !breaks(last, next) && (end-start > 2 || s.aloneLeft(start))
	case useStrong:
		return true
	case useChecked:
		return !s.g.words.has(last, next) || s.word(end)
	}
	return s.aloneLeft(start) && s.aloneRight(end)
}

// cutsLeft reports whether a name at i would begin inside a common word, as 大庆
// does in 重大庆典. A word that ends before that one (等重|大) makes it less sure.
func (s *scan) cutsLeft(i int) bool {
	return s.word(i-1) && !s.word(i-2)
}

// aloneLeft reports whether something ends before i for certain.
func (s *scan) aloneLeft(i int) bool {
	r := s.rune(i - 1)
	return !isHan(r) || strings.ContainsRune(leadIn, r) || s.listedEndsAt(i)
}

// aloneRight reports whether a short form that ends at i ends there for certain.
func (s *scan) aloneRight(i int) bool {
	r := s.rune(i)
	return !isHan(r) || strings.ContainsRune(afterAlone, r)
}

// listedEndsAt reports whether a listed name ends at i.
func (s *scan) listedEndsAt(i int) bool {
	_, ok := slices.BinarySearchFunc(s.listed, i, func(f found, i int) int { return f.end - i })
	return ok
}

// inName reports whether what follows i makes the short form before it part of
// the name of an organisation or a road.
func (s *scan) inName(i int) bool {
	rest := s.text[s.offset(i):]
	if slices.ContainsFunc(s.g.organisations, func(o string) bool { return strings.HasPrefix(rest, o) }) {
		return true
	}
	run := i
	for run < i+maxInName+3 && isHan(s.rune(run)) && !strings.ContainsRune(joiners, s.rune(run)) {
		run++
	}
	near := s.cut(i, run)
	within := func(word string) bool { return strings.Contains(near, word) }
	return slices.ContainsFunc(s.g.institutions, within) && !slices.ContainsFunc(s.g.doings, within)
}

// merge joins listed and recognised names in order. A recognised name beats the
// listed ones that it overlaps: it begins no later and is longer.
func (s *scan) merge(more []found) []found {
	if len(more) == 0 {
		return s.listed
	}
	out := make([]found, 0, len(s.listed)+len(more))
	l := 0
	for _, m := range more {
		for l < len(s.listed) && s.listed[l].end <= m.start {
			out = append(out, s.listed[l])
			l++
		}
		for l < len(s.listed) && s.listed[l].start < m.end {
			l++
		}
		out = append(out, m)
	}
	return append(out, s.listed[l:]...)
}
