// Command gen writes words.txt, the word list of rag/lexical, out of the
// simplified Chinese dictionary that comes with the gse module. The words are
// folded, as texts are before they are cut.
package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"wenbao/corpus/zh"
)

const (
	module     = "github.com/go-ego/gse"
	dictionary = "data/dict/zh/s_1.txt"
	output     = "words.txt"
)

// minFreq keeps the list small enough to load within 90 ms; geographic names
// are what questions turn on, so rarer ones stay.
const (
	minFreq      = 20
	minPlaceFreq = 3
)

// Longer entries are sayings: their parts find them as well.
const maxRunes = 6

type word struct {
	text string
	freq int
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run() error {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}\t{{.Version}}", module).Output()
	if err != nil {
		return fmt.Errorf("locate %s: %w", module, err)
	}
	dir, version, ok := strings.Cut(strings.TrimSpace(string(out)), "\t")
	if !ok || dir == "" {
		return fmt.Errorf("locate %s: not in the module cache", module)
	}
	words, err := read(filepath.Join(dir, dictionary))
	if err != nil {
		return err
	}
	return write(output, version, words)
}

// read gives the words worth keeping, sorted by their bytes.
func read(path string) (words []word, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) != 3 {
			continue
		}
		freq, err := strconv.Atoi(fields[1])
		if err != nil || !keep(fields[0], freq, fields[2]) {
			continue
		}
		words = append(words, word{zh.Fold(fields[0]), freq})
	}
	slices.SortFunc(words, func(a, b word) int {
		return cmp.Or(cmp.Compare(a.text, b.text), cmp.Compare(b.freq, a.freq))
	})
	return slices.CompactFunc(words, func(a, b word) bool { return a.text == b.text }), lines.Err()
}

// keep drops single characters, which are cut anyway, and words with other
// letters than Han, which never reach the dictionary.
func keep(text string, freq int, class string) bool {
	if n := utf8.RuneCountInString(text); n < 2 || n > maxRunes {
		return false
	}
	for _, r := range text {
		if !unicode.Is(unicode.Han, r) {
			return false
		}
	}
	return freq >= minFreq || class == "ns" && freq >= minPlaceFreq
}

func write(path, version string, words []word) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriter(f)
	fmt.Fprintf(w, "# %d words from %s of %s %s, licence Apache-2.0.\n", len(words), dictionary, module, version)
	fmt.Fprintf(w, "# Han words of 2 to %d characters with frequency >= %d, place names >= %d. A line: word, space, frequency.\n",
		maxRunes, minFreq, minPlaceFreq)
	fmt.Fprintf(w, "# Made by wordlist/gen; do not edit.\n")
	for _, e := range words {
		fmt.Fprintf(w, "%s %d\n", e.text, e.freq)
	}
	return w.Flush()
}
