package train

import (
	"bufio"
	"fmt"
	"hash/fnv"
	"io"
	"strings"
	"unicode/utf8"
)

// article is one line of the training text.
type article struct {
	title     string // "" where there is none
	sentences []string
}

const (
	// maxLine is the longest line that is read, in bytes.
	maxLine = 16 << 20
	// Sentences of fewer characters say little; what has more is a list that
	// lacks its punctuation.
	minSentence, maxSentence = 5, 240
	// A sentence that stands in more articles is a notice of the publisher.
	maxCopies = 3
)

// readArticles reads lines of "title<tab>text" or "text".
func readArticles(r io.Reader) ([]article, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	var articles []article
	copies := map[uint64]int{}
	for lines.Scan() {
		title, text, ok := strings.Cut(lines.Text(), "\t")
		if !ok {
			title, text = "", title
		}
		a := article{title: strings.TrimSpace(title), sentences: sentencesOf(text)}
		for _, s := range a.sentences {
			copies[sentenceHash(s)]++
		}
		articles = append(articles, a)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read training text: %w", err)
	}
	kept := articles[:0]
	for _, a := range articles {
		var own []string
		for _, s := range a.sentences {
			if copies[sentenceHash(s)] <= maxCopies {
				own = append(own, s)
			}
		}
		if a.sentences = own; len(own) > 0 {
			kept = append(kept, a)
		}
	}
	return kept, nil
}

func sentenceHash(s string) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, s) // a hash never fails
	return h.Sum64()
}

// sentencesOf cuts a text at the marks that end sentences, and leaves out what is
// too short or too long.
func sentencesOf(text string) []string {
	var out []string
	start := 0
	cut := func(end int) {
		s := strings.TrimSpace(text[start:end])
		start = end
		if n := utf8.RuneCountInString(s); n >= minSentence && n <= maxSentence {
			out = append(out, s)
		}
	}
	for i, r := range text {
		if strings.ContainsRune("。！？!?；;", r) {
			cut(i + utf8.RuneLen(r))
		}
	}
	cut(len(text))
	return out
}
