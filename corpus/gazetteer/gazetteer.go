package gazetteer

import (
	"bufio"
	_ "embed" // the built-in lists
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

//go:embed data/places.txt
var placesFile string

//go:embed data/counties.txt
var countiesFile string

//go:embed data/words.txt
var wordsFile string

// Level is the rank of a place, from the widest.
type Level int

// The levels. LevelCity is a prefecture-level place, LevelCounty what lies
// below it (县, 区, county-level 市), LevelTown a 镇, 乡 or 街道.
const (
	LevelUnknown Level = iota
	LevelProvince
	LevelCity
	LevelCounty
	LevelTown
)

// Match is one place named in a text.
type Match struct {
	corpus.Span
	// Name is the full name, in Simplified characters whatever the text has.
	Name  string
	Level Level
	// Known says that a list holds the name; otherwise its suffix told it.
	Known bool
	// Alias says that the text has a short form.
	Alias bool
	// Others are the full names of further places with the same short form, the
	// widest first; Name stands for the first of them all.
	Others []string
	// InName says that the short form is part of the name of an organisation or
	// a road (北京大学): the text need not speak of the place.
	InName bool
}

// Gazetteer finds places. Find is safe for concurrent use; Load is not, and has
// to come before.
type Gazetteer struct {
	*rules
	// layers are looked up from the last to the first: what was added later
	// decides what a name means.
	layers []*layer
}

// rules are what recognition goes by; they are shared and never change.
type rules struct {
	words                               *wordSet
	suffixes                            []suffix
	organisations, institutions, doings []string
}

// New returns the built-in gazetteer. It takes some milliseconds: keep it.
func New() *Gazetteer {
	all := suffixes()
	g := &Gazetteer{rules: &rules{
		words:         newWordSet(wordsFile),
		suffixes:      all[:],
		organisations: strings.Fields(organisations),
		institutions:  strings.Fields(institutions),
		doings:        strings.Fields(doings),
	}}
	base := newLayer()
	for _, f := range []struct{ name, text string }{{"places.txt", placesFile}, {"counties.txt", countiesFile}} {
		if err := base.read(strings.NewReader(f.text), f.name, g.words); err != nil {
			panic(err) // an embedded file is part of the program
		}
	}
	g.layers = []*layer{base}
	return g
}

// Load adds the places of a file in the package's format; name is for messages.
// On an error, which names the line, nothing is added.
func (g *Gazetteer) Load(r io.Reader, name string) error {
	l := newLayer()
	if err := l.read(r, name, g.words); err != nil {
		return err
	}
	g.layers = append(slices.Clip(g.layers), l)
	return nil
}

// With returns a gazetteer that also knows these full names and their short
// forms, which are what stands before the suffix when that is two characters or
// more; those of towns are left out, being too often something else (诸葛, 白塔).
// The receiver is unchanged. It is cheap for a handful of names.
func (g *Gazetteer) With(names []string) *Gazetteer {
	l := newLayer()
	for _, n := range names {
		n = zh.Simplified(n)
		p := place{name: n, level: g.levelOf(n)}
		if p.level == LevelUnknown {
			p.level = levelBySuffix(n)
		}
		l.add(p, n, useFull)
		if short := ShortForm(n); short != "" && p.level != LevelTown {
			l.add(p, short, g.shortUse(short))
		}
	}
	return &Gazetteer{rules: g.rules, layers: append(slices.Clip(g.layers), l)}
}

// shortUse says how far a short form may be trusted.
func (g *Gazetteer) shortUse(short string) use {
	if g.words.hasString(short) {
		return useAlone
	}
	return useChecked
}

// Parent is the full name of what a place belongs to, "" when that is not known.
func (g *Gazetteer) Parent(name string) string {
	name = zh.Simplified(name)
	for _, l := range slices.Backward(g.layers) {
		if p, ok := l.place(name); ok && p.parent != "" {
			return p.parent
		}
	}
	return ""
}

// LevelOf is the level of a full name, by list and else by its suffix.
func (g *Gazetteer) LevelOf(name string) Level {
	name = zh.Simplified(name)
	if v := g.levelOf(name); v != LevelUnknown {
		return v
	}
	return levelBySuffix(name)
}

func (g *Gazetteer) levelOf(name string) Level {
	for _, l := range slices.Backward(g.layers) {
		if p, ok := l.place(name); ok {
			return p.level
		}
	}
	return LevelUnknown
}

// ShortForm is a full name without its suffix, "" when less than two characters
// would be left.
func ShortForm(name string) string {
	name = zh.Simplified(name)
	if body, ok := strings.CutSuffix(name, "特别行政区"); ok {
		return body
	}
	for _, s := range suffixes() {
		if body, ok := strings.CutSuffix(name, s.text); ok {
			if utf8.RuneCountInString(body) >= 2 {
				return body
			}
			return ""
		}
	}
	return ""
}

// levelBySuffix guesses a level; 市 without a list is taken for a prefecture.
func levelBySuffix(name string) Level {
	for _, s := range suffixes() {
		if strings.HasSuffix(name, s.text) {
			return s.level
		}
	}
	return LevelUnknown
}

// read adds the lines of a file to l.
func (l *layer) read(r io.Reader, name string, words *wordSet) error {
	sc := bufio.NewScanner(r)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSpace(strings.TrimPrefix(sc.Text(), "\ufeff"))
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if !utf8.ValidString(line) {
			return fmt.Errorf("gazetteer %s:%d: not UTF-8", name, n)
		}
		if err := l.readLine(zh.Simplified(line), words); err != nil {
			return fmt.Errorf("gazetteer %s:%d: %w", name, n, err)
		}
	}
	if err := sc.Err(); err != nil {
		return fmt.Errorf("gazetteer %s: %w", name, err)
	}
	return nil
}

func (l *layer) readLine(line string, words *wordSet) error {
	full, rest, _ := strings.Cut(line, "\t")
	parent, others, _ := strings.Cut(rest, "\t")
	full, parent = strings.TrimSpace(full), strings.TrimSpace(parent)
	if strings.Contains(others, "\t") {
		return fmt.Errorf("%q: want at most three fields", full)
	}
	if utf8.RuneCountInString(full) < 2 {
		return fmt.Errorf("%q: a full name has two characters or more", full)
	}
	p := place{name: full, parent: parent, level: guessLevel(full, parent)}
	l.add(p, full, useFull)
	for _, o := range strings.FieldsFunc(others, func(r rune) bool { return r == ',' || r == '，' }) {
		o = strings.TrimSpace(o)
		u := useStrong
		if alone, ok := strings.CutSuffix(o, "~"); ok {
			o, u = alone, useAlone
		} else if words.hasString(o) {
			u = useChecked
		}
		if utf8.RuneCountInString(o) < 2 {
			return fmt.Errorf("%q: an other name has two characters or more", o)
		}
		l.add(p, o, u)
	}
	return nil
}

// guessLevel tells the level from the parent and the suffix.
func guessLevel(full, parent string) Level {
	byName := levelBySuffix(full)
	switch {
	case isProvince(full):
		return LevelProvince
	case byName != LevelCity:
		return byName
	case parent == "":
		return LevelCounty // the counties' list: a 市 there has its prefecture above it
	}
	if isProvince(parent) {
		return LevelCity
	}
	return LevelCounty
}

func isProvince(full string) bool {
	municipalities := [...]string{"北京市", "天津市", "上海市", "重庆市"}
	return strings.HasSuffix(full, "省") || strings.HasSuffix(full, "自治区") ||
		strings.HasSuffix(full, "特别行政区") || slices.Contains(municipalities[:], full)
}
