package gazetteer

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// use says how a name may be matched.
type use uint8

// The uses, from the one that is trusted most.
const (
	// useFull is a full name.
	useFull use = iota
	// useStrong is a short form that is hardly anything else (洛阳).
	useStrong
	// useChecked is a short form that must not cut through a common word.
	useChecked
	// useAlone is a short form that is a common word too, or is rarely meant:
	// it has to stand by itself.
	useAlone
)

type place struct {
	name   string
	parent string
	level  Level
}

// target is a place that a spelling can mean.
type target struct {
	place int
	use   use
}

// edge is a step in the trie: from a node by a character.
type edge struct {
	node int32
	char rune
}

// layer is a trie over the spellings of some places.
type layer struct {
	places  []place
	byName  map[string]int
	edges   map[edge]int32
	targets map[int32][]target // by node; the best first
	nodes   int32
	starts  [startBits / 64]uint64
}

// startBits is the size of the filter of first characters. Most characters of a
// text begin no name, and the filter says so without a look into the map. 8192
// bits let about one in eight of the other characters through.
const startBits = 8192

func (l *layer) mayStart(r rune) bool { return l.starts[r%startBits/64]&(1<<(r%64)) != 0 }

func newLayer() *layer {
	return &layer{byName: map[string]int{}, edges: map[edge]int32{}, targets: map[int32][]target{}}
}

func (l *layer) place(name string) (place, bool) {
	i, ok := l.byName[name]
	if !ok {
		return place{}, false
	}
	return l.places[i], true
}

// add notes that spelling means p. A place that is there already is merged.
func (l *layer) add(p place, spelling string, u use) {
	i, ok := l.byName[p.name]
	if !ok {
		i = len(l.places)
		l.places = append(l.places, p)
		l.byName[p.name] = i
	} else if l.places[i].parent == "" && p.parent != "" {
		l.places[i].parent = p.parent
		l.places[i].level = p.level
	}
	node := int32(0)
	first, _ := utf8.DecodeRuneInString(spelling)
	l.starts[first%startBits/64] |= 1 << (first % 64)
	for _, r := range spelling {
		e := edge{node, r}
		next, ok := l.edges[e]
		if !ok {
			l.nodes++
			next = l.nodes
			l.edges[e] = next
		}
		node = next
	}
	ts := l.targets[node]
	if at := slices.IndexFunc(ts, func(t target) bool { return t.place == i }); at >= 0 {
		ts[at].use = min(ts[at].use, u)
	} else {
		ts = append(ts, target{i, u})
	}
	slices.SortFunc(ts, func(a, b target) int {
		return cmp.Or(cmp.Compare(a.use, b.use),
			cmp.Compare(l.places[a.place].level, l.places[b.place].level),
			strings.Compare(l.places[a.place].name, l.places[b.place].name))
	})
	l.targets[node] = ts
}

// spelled is a spelling found at some position.
type spelled struct {
	end     int // index of the character after it
	targets []target
	layer   *layer
}

// at appends the spellings that begin at chars[i] to found, the shortest first.
func (l *layer) at(chars []char, i int, found []spelled) []spelled {
	node := int32(0)
	for ; i < len(chars); i++ {
		next, ok := l.edges[edge{node, chars[i].r}]
		if !ok {
			break
		}
		node = next
		if ts := l.targets[node]; ts != nil {
			found = append(found, spelled{i + 1, ts, l})
		}
	}
	return found
}

// wordSet holds common words of two characters.
type wordSet struct {
	pairs map[[2]rune]struct{}
	// first and last are the characters that names of known places begin and
	// end with, suffix left out.
	first, last map[rune]struct{}
}

func newWordSet(file string) *wordSet {
	w := &wordSet{pairs: map[[2]rune]struct{}{}, first: map[rune]struct{}{}, last: map[rune]struct{}{}}
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		if r := []rune(line); len(r) == 2 {
			w.pairs[[2]rune{r[0], r[1]}] = struct{}{}
		}
	}
	for line := range strings.Lines(countiesFile) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
		body := ShortForm(name)
		if body == "" {
			continue
		}
		r, _ := utf8.DecodeRuneInString(body)
		w.first[r] = struct{}{}
		r, _ = utf8.DecodeLastRuneInString(body)
		w.last[r] = struct{}{}
	}
	return w
}

func (w *wordSet) has(a, b rune) bool {
	_, ok := w.pairs[[2]rune{a, b}]
	return ok
}

func (w *wordSet) hasString(s string) bool {
	r := []rune(s)
	return len(r) == 2 && w.has(r[0], r[1])
}
