package main

import (
	"fmt"
	"log"
	"slices"
	"strconv"

	"wenbao/rag/eval"
	"wenbao/rag/index"
)

// recalls are the shares of questions with a right document among the first 1, 5
// and 10.
type recalls [3]float64

var depths = [len(recalls{})]int{1, 5, 10}

// measure gives the recalls of the held-out half by kind.
func measure(examples []example, weights *index.Features) map[string]recalls {
	out, count := map[string]recalls{}, map[string]float64{}
	for i := range examples {
		e := &examples[i]
		if !e.heldOut {
			continue
		}
		count[e.kind]++
		r, rank := out[e.kind], e.rank(weights)
		for n, depth := range depths {
			if 0 < rank && rank <= depth {
				r[n]++
			}
		}
		out[e.kind] = r
	}
	for kind, r := range out {
		for n := range r {
			r[n] /= count[kind]
		}
		out[kind] = r
	}
	return out
}

// ablate is the table of what each column is worth on the held-out half: its first
// row has what all of them reach, the others what is lost (-) or gained by learning
// again without one.
func ablate(examples []example, columns []column, learned index.Features) eval.Table {
	var tested []string
	for i := range examples {
		if kind := examples[i].kind; !slices.Contains(tested, kind) {
			tested = append(tested, kind)
		}
	}
	whole := measure(examples, &learned)
	t := eval.Table{Header: append([]string{"without"}, tested...)}
	first := []string{"nothing"}
	for _, kind := range tested {
		r := whole[kind]
		first = append(first, fmt.Sprintf("%.3f/%.3f/%.3f", r[0], r[1], r[2]))
	}
	t.Rows = append(t.Rows, first)
	log.Printf("with all: %v: %v", tested, first[1:])
	for n := range columns {
		rest := slices.Delete(slices.Clone(columns), n, n+1)
		weights := fit(examples, rest)
		without := measure(examples, &weights)
		row := []string{columns[n].name}
		for _, kind := range tested {
			a, b := whole[kind], without[kind]
			row = append(row, signed(b[0]-a[0])+"/"+signed(b[1]-a[1])+"/"+signed(b[2]-a[2]))
		}
		t.Rows = append(t.Rows, row)
		log.Printf("without %s: %v", columns[n].name, row[1:])
	}
	return t
}

// signed is a difference with its sign, 0 for none.
func signed(v float64) string {
	s := strconv.FormatFloat(v, 'f', 3, 64)
	switch {
	case s == "0.000" || s == "-0.000":
		return "0"
	case v > 0:
		return "+" + s
	}
	return s
}
