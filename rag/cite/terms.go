package cite

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// terms are the content words of a text, each once, folded: without figures,
// times, places, lone characters and words that say how a thing is told.
func (r *reviewer) terms(text string) []string {
	masked := gratis.Replace(zh.Fold(r.masked(text)))
	var out []string
	add := func(w string) {
		if utf8.RuneCountInString(w) > 1 && !strings.ContainsFunc(w, unicode.IsDigit) && !r.c.light[w] && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	loose := "" // characters that the word list leaves apart: 助餐点, 民宿
	for _, w := range r.c.opt.Words(masked) {
		single := utf8.RuneCountInString(w) == 1
		if single && r.c.light[w] {
			add(loose)
			loose = ""
			continue
		}
		if single && strings.Contains(masked, loose+w) {
			loose += w
			continue
		}
		add(loose)
		loose = ""
		if single {
			loose = w
			continue
		}
		add(w)
	}
	add(loose)
	return out
}

// masked is a text with commas in the place of its figures, times and places.
func (r *reviewer) masked(text string) string {
	var spans []corpus.Span
	for _, m := range r.names().Find(text) {
		if !m.InName {
			spans = append(spans, m.Span)
		}
	}
	return mask(text, spans)
}

// mask puts commas in the place of some spans of a text, and of its figures and
// times.
func mask(text string, spans []corpus.Span) string {
	for _, f := range zh.Figures(text) {
		spans = append(spans, f.Span)
	}
	for _, t := range zh.Times(text, corpus.Date{}) {
		spans = append(spans, t.Span)
	}
	slices.SortFunc(spans, func(a, b corpus.Span) int { return a.Start - b.Start })
	var b strings.Builder
	at := 0
	for _, sp := range spans {
		if sp.Start < at {
			at = max(at, sp.End)
			continue
		}
		b.WriteString(text[at:sp.Start])
		b.WriteString("，")
		at = sp.End
	}
	b.WriteString(text[at:])
	return b.String()
}

// gratis are denials that a word without one stands for.
var gratis = strings.NewReplacer("不收费", "免费", "不收钱", "免费", "不要钱", "免费", "不花钱", "免费")

const (
	// otherWording is what another wording of a word counts, beside the word.
	otherWording = 0.95
	// partOfWord is what a compound counts of which only pairs of characters are
	// printed, by their share: 养老床位, where 床位 stands.
	partOfWord = 0.8
)

// found says how much of a word stands in a folded text, from 0 to 1.
func (c *Checker) found(word, text string) float64 {
	if word == "" || text == "" {
		return 0
	}
	if strings.Contains(text, word) {
		return 1
	}
	if slices.ContainsFunc(c.wordings[word], func(o string) bool { return strings.Contains(text, o) }) {
		return otherWording
	}
	rs := []rune(word)
	if len(rs) < 3 || !zh.IsHan(rs[0]) {
		return 0
	}
	if len(rs) == 4 && strings.Contains(text, string(rs[:2])) && strings.Contains(text, string(rs[2:])) {
		return otherWording
	}
	n := 0
	for i := 0; i+1 < len(rs); i++ {
		if strings.Contains(text, string(rs[i:i+2])) {
			n++
		}
	}
	return partOfWord * float64(n) / float64(len(rs)-1)
}

// foldedWords is a text without punctuation, for telling repeated sentences.
func foldedWords(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPunct(r) {
			return -1
		}
		return r
	}, zh.Fold(s))
}
