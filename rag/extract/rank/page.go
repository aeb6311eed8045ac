package rank

import (
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/asked"
)

// page is a hit's passage cut into sentences, with what stands around them.
type page struct {
	hit    *rag.Hit
	spans  []corpus.Span
	folded []string
	// grams and words are marked by sentence.
	grams, words []asked.Seen
	// before and after are marked by the sentences around the passage.
	before, after asked.Seen
	// heads are marked by title and headings, whole by the passage.
	heads, whole asked.Seen
	// score is the passage's, by the best one's; best says that the article is
	// that of the best passage.
	score float64
	best  bool
}

// read cuts a hit's passage into sentences.
func (q *question) read(h *rag.Hit, first *rag.Hit) *page {
	text := h.Passage.Text
	p := &page{hit: h, spans: zh.Sentences(text), best: h.Article.ID == first.Article.ID}
	if first.Score > 0 {
		p.score = h.Score / first.Score
	}
	meant := q.meant(h)
	marked := func(text string) asked.Seen {
		text = zh.Fold(text)
		out := q.grams.Grams(text)
		for _, words := range q.said(text) {
			q.grams.Mark(out, words)
		}
		return out
	}
	for _, sp := range p.spans {
		folded := zh.Fold(sp.In(text))
		grams, words := q.grams.Grams(folded), q.words.Substrings(folded)
		for _, w := range append(q.said(folded), meant...) {
			q.grams.Mark(grams, w)
			q.words.Mark(words, w)
		}
		p.folded, p.grams, p.words = append(p.folded, folded), append(p.grams, grams), append(p.words, words)
	}
	before, after := around(h)
	p.before, p.after = marked(before), marked(after)
	p.heads, p.whole = marked(headsOf(h)), marked(text)
	return p
}

// at is what the sentence at i marks, or that around the passage.
func (p *page) at(i int) asked.Seen {
	switch {
	case i < 0:
		return p.before
	case i >= len(p.grams):
		return p.after
	}
	return p.grams[i]
}

// headsOf is what is printed above a passage.
func headsOf(h *rag.Hit) string {
	title := h.Article.Title
	if h.Article.TitleMade {
		title = ""
	}
	return h.Article.Kicker + "\n" + title + "\n" + h.Article.Subtitle + "\n" + strings.Join(h.Passage.Headings, "\n")
}

// longestAround is how much of a paragraph is looked at around a passage, in
// bytes: a sentence's length.
const longestAround = 450

// around are the sentences of the article next to a passage, "" where its
// paragraph begins or ends with it.
func around(h *rag.Hit) (before, after string) {
	text, sp := h.Article.Text, h.Passage.Span
	if sp.End > len(text) || sp.Start > sp.End {
		return "", ""
	}
	before = text[:sp.Start]
	before = cutLeft(before[strings.LastIndexByte(before, '\n')+1:], longestAround)
	if s := zh.Sentences(before); len(s) > 0 {
		before = s[len(s)-1].In(before)
	}
	after, _, _ = strings.Cut(text[sp.End:], "\n")
	after = cutRight(after, longestAround)
	if s := zh.Sentences(after); len(s) > 0 {
		after = s[0].In(after)
	}
	return before, after
}

// cutLeft is the end of s, of at most n bytes, and cutRight its beginning.
func cutLeft(s string, n int) string {
	i := max(0, len(s)-n)
	for i < len(s) && !utf8.RuneStart(s[i]) {
		i++
	}
	return s[i:]
}

func cutRight(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
