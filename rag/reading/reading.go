// Package reading gives hits to rules that are written in Simplified characters,
// whatever characters they are printed in, and leads back to the printed words.
//
// A span of a text that is read is the same span of the printed one: see
// zh.Simplified.
package reading

import (
	"slices"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag"
)

// Hits are hits with the words of their passages and articles in Simplified
// characters. Hits of one article go on sharing it, and what is in Simplified
// characters is not copied. The argument is not changed.
func Hits(hits []rag.Hit) []rag.Hit {
	articles := map[*corpus.Article]*corpus.Article{}
	out := slices.Clone(hits)
	for i := range out {
		h := &out[i]
		a, ok := articles[h.Article]
		if !ok {
			a = zh.SimplifiedArticle(h.Article)
			articles[h.Article] = a
		}
		h.Article = a
		h.Passage = passage(h.Passage)
	}
	return out
}

// Hit is one of Hits.
func Hit(h rag.Hit) rag.Hit { return Hits([]rag.Hit{h})[0] }

func passage(p corpus.Passage) corpus.Passage {
	p.Text = zh.Simplified(p.Text)
	p.Facets.Speaker, p.Facets.Office = zh.Simplified(p.Facets.Speaker), zh.Simplified(p.Facets.Office)
	if slices.ContainsFunc(p.Headings, func(h string) bool { return zh.Simplified(h) != h }) {
		p.Headings = slices.Clone(p.Headings)
		for i, h := range p.Headings {
			p.Headings[i] = zh.Simplified(h)
		}
	}
	return p
}

// AsPrinted gives words that were read in a hit as the printed hit has them: in
// its text, its headings, or for who speaks. Words that are not the paper's stay.
func AsPrinted(printed *rag.Hit, words string) string {
	p, a := &printed.Passage, printed.Article
	texts := append([]string{p.Text, p.Facets.Speaker, p.Facets.Office}, p.Headings...)
	texts = append(texts, a.Facets.Speaker, a.Facets.Office, a.Title, a.Text)
	for _, text := range texts {
		if strings.Contains(text, words) {
			return words
		}
		if found, ok := zh.AsPrinted(text, words); ok {
			return found
		}
	}
	return words
}
