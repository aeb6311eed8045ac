package extract

import (
	"regexp"
	"slices"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// distinctShorts drops items that give the same short answer from the same words.
func distinctShorts(items []item) []item {
	var out []item
	for _, it := range items {
		if !slices.ContainsFunc(out, func(o item) bool { return o.hit == it.hit && o.span == it.span && o.short == it.short }) {
			out = append(out, it)
		}
	}
	return out
}

// distinctFacts drops items that give the figure of an earlier one for the same
// place and years, printed elsewhere: 8条 in the text, 8 in a table.
func distinctFacts(items []item) []item {
	type fact struct {
		value, place string
		years        corpus.Years
	}
	var out []item
	seen := map[fact]bool{}
	for _, it := range items {
		f := fact{value: it.short, years: it.facets.Period}
		if n := zh.Figures(it.short); len(n) > 0 {
			f.value = n[0].Value
		}
		if len(it.facets.Places) > 0 {
			f.place = it.facets.Places[0]
		}
		if !seen[f] {
			seen[f] = true
			out = append(out, it)
		}
	}
	return out
}

func (e *evidence) item(score float64) item {
	return item{hit: e.hit, span: afterLead(e.hit.Passage.Text, e.clause), facets: e.facets, score: score, told: e.score.told}
}

// leadWords only join a clause to what stands before it.
var leadWords = regexp.MustCompile(`^(?:一方面|另一方面|同时|此外|另外|其中|此间|特别是|尤其是|[一二三四五六七八九十]是)[，,、]?`)

// afterLead is a clause without the words that join it to the one before.
func afterLead(text string, sp corpus.Span) corpus.Span {
	sp.Start += len(leadWords.FindString(sp.In(text)))
	return sp
}

// sortItems orders by score, then newer papers first, then by the hit's rank
// and the place in it: a total order.
func sortItems(items []item) {
	slices.SortStableFunc(items, func(x, y item) int {
		switch {
		case x.score > y.score:
			return -1
		case x.score < y.score:
			return 1
		}
		if c := partDate(y).Compare(partDate(x)); c != 0 {
			return c
		}
		if x.hit.Rank != y.hit.Rank {
			return x.hit.Rank - y.hit.Rank
		}
		return x.span.Start - y.span.Start
	})
}

func partDate(it item) corpus.Date {
	if n := it.hit.Passage.Part; n < len(it.hit.Article.Parts) {
		return it.hit.Article.Parts[n].Date
	}
	return corpus.Date{}
}

// before orders items as they were printed: articles as their best hits rank,
// within an article from top to bottom.
func before(x, y *item) bool {
	if x.hit.Article.ID != y.hit.Article.ID {
		return x.hit.Rank < y.hit.Rank
	}
	if x.hit.Passage.Span.Start != y.hit.Passage.Span.Start {
		return x.hit.Passage.Span.Start < y.hit.Passage.Span.Start
	}
	return x.span.Start < y.span.Start
}

// distinct drops items whose words an earlier item has printed already.
func distinct(items []item) []item {
	var out []item
	var printed []string
	for _, it := range items {
		text := strings.TrimRight(zh.Fold(it.text()), "。，；！？.,;!?")
		if !slices.ContainsFunc(printed, func(s string) bool { return strings.Contains(s, text) || strings.Contains(text, s) }) {
			printed = append(printed, text)
			out = append(out, it)
		}
	}
	return out
}

func above(items []item, score float64) []item {
	n := 0
	for n < len(items) && items[n].score >= score {
		n++
	}
	return items[:n]
}
