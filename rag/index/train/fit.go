package main

import (
	"slices"

	"wenbao/rag/index"
	"wenbao/rag/learn"
)

// How long and how strictly is fitted. With twice the steps no measure changes; the
// penalty keeps features that say nearly the same from sharing out unevenly.
const (
	steps   = 400
	rate    = 0.03
	penalty = 1e-3
)

// column is what has a weight of its own: a feature, or several whose proportions
// are given.
type column struct {
	name       string
	proportion index.Features
	sign       int // see learn.Options
}

// facets is the name of the column of the facets: see index.Facets.
const facets = "facets"

// columnsOf are the columns of features of some names. All speak for a passage but
// what is missing and how late it stands; whether long articles are favoured too
// much or too little by BM25 is to be learned.
func columnsOf(names []string) []column {
	given := index.Facets()
	var out []column
	for i, name := range names {
		if given[i] != 0 {
			continue
		}
		c := column{name: name, sign: 1}
		c.proportion[i] = 1
		switch i {
		case index.WordsLacking, index.MissingWord, index.Late:
			c.sign = -1
		case index.LongArticle:
			c.sign = 0
		}
		out = append(out, c)
	}
	return append(out, column{name: facets, proportion: given, sign: 1})
}

// of is a column's value of a passage.
func (c *column) of(f *index.Features) float64 {
	sum := 0.0
	for i, v := range f {
		sum += v * c.proportion[i]
	}
	return sum
}

// fit learns the weights of the columns on the examples that are not held out.
func fit(examples []example, columns []column) index.Features {
	count := map[string]float64{}
	for i := range examples {
		if !examples[i].heldOut {
			count[examples[i].kind]++
		}
	}
	var choices []learn.Choice
	for i := range examples {
		if e := &examples[i]; !e.heldOut {
			choices = append(choices, e.choice(columns, kinds[e.kind]/count[e.kind]))
		}
	}
	opt := learn.Options{Steps: steps, Rate: rate, Penalty: penalty}
	for _, c := range columns {
		opt.Sign = append(opt.Sign, c.sign)
	}
	var weights index.Features
	for n, w := range learn.Choose(choices, opt) {
		for i, p := range columns[n].proportion {
			weights[i] += w * p
		}
	}
	return weights
}

func (e *example) choice(columns []column, weight float64) learn.Choice {
	c := learn.Choice{Right: e.right, Group: e.document, Weight: weight}
	for i := range e.features {
		row := make([]float64, len(columns))
		for n := range columns {
			row[n] = columns[n].of(&e.features[i])
		}
		c.Features = append(c.Features, row)
	}
	return c
}

// rank is where the first right document of an example comes, by its best passage,
// from 1; 0 where none was read. Of equals the one found first is first.
func (e *example) rank(weights *index.Features) int {
	var best []float64 // of each document
	right := map[int]bool{}
	for i := range e.features {
		score := 0.0
		for n, v := range e.features[i] {
			score += v * weights[n]
		}
		if e.document[i] == len(best) {
			best = append(best, score)
		}
		best[e.document[i]] = max(best[e.document[i]], score)
		right[e.document[i]] = right[e.document[i]] || e.right[i]
	}
	order := make([]int, len(best))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case best[a] > best[b]:
			return -1
		case best[a] < best[b]:
			return 1
		}
		return 0
	})
	return slices.IndexFunc(order, func(n int) bool { return right[n] }) + 1
}
