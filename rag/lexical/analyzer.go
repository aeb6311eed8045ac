package lexical

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// rules names what Words and Bigrams do to a text; it changes whenever the same
// text and word list would give other terms.
const rules = "words-bigrams-2"

//go:embed words.txt
var wordList string

// word is one line of the word list.
type word struct {
	text string
	freq float64
}

// Analyzer cuts text into words. It is safe for concurrent use.
type Analyzer struct {
	name    string
	dict    *dictionary
	stop    map[string]bool
	cutters sync.Pool // of *cutter
}

// NewAnalyzer loads the word list, which takes some tens of milliseconds, and
// adds extra words to it: names of places and people that common words would
// otherwise be seen in. Words with anything but Han characters in them, and
// single characters, are cut without a list and left out.
func NewAnalyzer(extra []string) (*Analyzer, error) {
	words, err := parseWords(wordList)
	if err != nil {
		return nil, err
	}
	extra = hanWords(extra)
	dict, err := newDictionary(words, extra)
	if err != nil {
		return nil, fmt.Errorf("load word list: %w", err)
	}
	a := &Analyzer{name: fingerprint(extra), dict: dict, stop: stopWords()}
	a.cutters.New = func() any { return &cutter{dict: dict} }
	return a, nil
}

// parseWords reads lines of a word, a space and its frequency; # begins a comment.
func parseWords(list string) ([]word, error) {
	words := make([]word, 0, strings.Count(list, "\n"))
	for line := range strings.Lines(list) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") {
			continue
		}
		text, freq, _ := strings.Cut(line, " ")
		n, err := strconv.Atoi(freq)
		if err != nil || n <= 0 {
			return nil, fmt.Errorf("load word list: line %q: want a word, a space and a frequency", line)
		}
		words = append(words, word{text, float64(n)})
	}
	return words, nil
}

// hanWords folds, sorts and compacts the words that the dictionary can hold.
func hanWords(extra []string) []string {
	var words []string
	for _, text := range extra {
		runs := appendRuns(nil, text)
		if len(runs) == 1 && runs[0].script == han && utf8.RuneCountInString(runs[0].text) > 1 {
			words = append(words, runs[0].text)
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

func fingerprint(extra []string) string {
	h := sha256.New()
	h.Write([]byte(wordList))
	for _, text := range extra {
		h.Write([]byte{0})
		h.Write([]byte(text))
	}
	return rules + "-" + hex.EncodeToString(h.Sum(nil)[:8])
}

// Name is a fingerprint of the rules and the words: two analyzers of the same
// name cut every text alike.
func (a *Analyzer) Name() string { return a.name }

// Words gives the words of text, folded, in order, without stop words and
// punctuation. A number before 年, 月 or 日 stands by itself and with it: 2025年
// gives "2025" and "2025年". Decimals (5.6) and Latin words are one word each.
func (a *Analyzer) Words(text string) []string {
	c := a.cutters.Get().(*cutter)
	defer a.cutters.Put(c)
	return a.appendWords(nil, c, appendRuns(nil, text))
}

func (a *Analyzer) appendWords(words []string, c *cutter, runs []run) []string {
	for i, r := range runs {
		mark := len(words)
		if r.script == latin {
			words = append(words, r.text)
			if i+1 < len(runs) {
				words = appendDated(words, r, runs[i+1])
			}
			continue
		}
		words = c.appendWords(words, r.text)
		kept := slices.DeleteFunc(words[mark:], func(w string) bool { return a.stop[w] })
		words = words[:mark+len(kept)]
	}
	return words
}

// appendDated appends 2025年 where a number runs into a unit of the calendar.
func appendDated(words []string, number, next run) []string {
	if !next.joined || !isDigit(number.text[len(number.text)-1]) {
		return words
	}
	for _, unit := range [...]string{"年", "月", "日"} {
		if strings.HasPrefix(next.text, unit) {
			return append(words, number.text+unit)
		}
	}
	return words
}
