package facet

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// lexicon is the word lists, made ready for looking up.
type lexicon struct {
	marks     map[rune][]markedWord // by first character, the longest first
	openers   []string              // the longest first
	notActing []string
	doing     []string
	speech    []string
	posts     []string // the longest first
	surnames  map[string]bool
}

type markedWord struct {
	text string
	mark mark
}

func newLexicon() lexicon {
	l := lexicon{
		marks:     map[rune][]markedWord{},
		openers:   byLength(openers),
		notActing: strings.Fields(notActing),
		doing:     strings.Fields(doing),
		speech:    strings.Fields(speechVerbs),
		posts:     byLength(posts),
		surnames:  map[string]bool{},
	}
	words := kindWords()
	for m := range markEvent + 1 {
		for _, w := range strings.Fields(words[m]) {
			r, _ := utf8.DecodeRuneInString(w)
			l.marks[r] = append(l.marks[r], markedWord{w, m})
		}
	}
	for _, ws := range l.marks {
		slices.SortStableFunc(ws, func(a, b markedWord) int { return cmp.Compare(len(b.text), len(a.text)) })
	}
	for _, r := range singleSurnames {
		l.surnames[string(r)] = true
	}
	for _, s := range strings.Fields(doubleSurnames) {
		l.surnames[s] = true
	}
	return l
}

func byLength(words string) []string {
	out := strings.Fields(words)
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return out
}

// openersEnd is where the opening words and times that begin at position at end.
func (l *lexicon) openersEnd(s sentence, at int) int {
	for {
		at += len(s.text[at:]) - len(strings.TrimLeft(s.text[at:], " \u3000“”"))
		next := l.openerEnd(s, at)
		if next == at {
			return at
		}
		at = next
	}
}

func (l *lexicon) openerEnd(s sentence, at int) int {
	if i, ok := s.timeAt(at); ok {
		return s.times[i].End
	}
	for _, o := range l.openers {
		if strings.HasPrefix(s.text[at:], o) {
			return at + len(o)
		}
	}
	return at
}

// marks is a set of marks.
type marks uint16

func (m marks) has(k mark) bool { return m&(1<<k) != 0 }

// marked is a word with its marks.
type marked struct {
	start, end int
	marks      marks
}

// find appends the marked words of a clause to found, in order without overlap.
func (l *lexicon) find(clause string, found []marked) []marked {
	for i := 0; i < len(clause); {
		r, size := utf8.DecodeRuneInString(clause[i:])
		w := marked{start: i}
		for _, e := range l.marks[r] {
			if w.end > 0 && len(e.text) < w.end-i {
				break
			}
			if strings.HasPrefix(clause[i:], e.text) {
				w.end = i + len(e.text)
				w.marks |= 1 << e.mark
			}
		}
		if w.end == 0 {
			i += size
			continue
		}
		found = append(found, w)
		i = w.end
	}
	return found
}

func containsAny(s string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

func startsWithAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(s, w) })
}
