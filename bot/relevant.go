package bot

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"wenbao/corpus/gazetteer"
	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/lexical"
)

// relevant are the hits that are about what a query names: those that share a word
// with it, in their text, headings or title, or in who speaks. A search ranks
// whatever there is, so that with rare words its tail, or all of it, is about
// something else. A query that names only places of the collection or years has
// all hits.
func relevant(q rag.Query, hits []rag.Hit) []rag.Hit {
	words := wordsOf(q)
	if len(words) == 0 {
		return hits
	}
	var out []rag.Hit
	for _, h := range hits {
		text := searchable(h)
		if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) }) {
			out = append(out, h)
		}
	}
	return out
}

// wordsOf are the words that a passage about a query has at least one of, folded
// and each once: those of its topic, of which longer ones are printed in other forms too (养老床位,
// 养老的床位) and count by their pairs of characters; what papers print for them;
// whoever speaks; and a place that the collection does not have.
func wordsOf(q rag.Query) []string {
	words := lexical.Bigrams(q.Topic)
	if long := slices.DeleteFunc(slices.Clone(words), isOneRune); len(long) > 0 {
		words = long // 张 in 320张 is in every other passage
	}
	for _, w := range q.Wordings {
		for _, printed := range w.Printed {
			words = append(words, zh.Fold(printed))
		}
	}
	if q.Speaker != "" {
		words = append(words, zh.Fold(q.Speaker))
	}
	if len(q.Places) == 0 {
		for _, place := range q.Unknown {
			words = append(words, zh.Fold(cmp.Or(gazetteer.ShortForm(place), place)))
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// searchable is what a hit can share a word with, folded part by part: no word is
// found across two of them.
func searchable(h rag.Hit) string {
	c := rag.Citation{Passage: h.Passage, Article: h.Article}
	name, office := c.Speaker()
	parts := slices.Concat([]string{h.Passage.Text, h.Article.Title, office, name}, h.Passage.Headings)
	for i, p := range parts {
		parts[i] = zh.Fold(p)
	}
	return strings.Join(parts, "\n")
}

func isOneRune(s string) bool { return utf8.RuneCountInString(s) == 1 }
