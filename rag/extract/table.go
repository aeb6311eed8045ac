package extract

import (
	"slices"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// cell is one value of a printed table: the row it stands in, the head of its
// column and the row that the heads stand in.
type cell struct {
	row, value, heads corpus.Span // in the passage
	head              string
	// subject is the row's first value, which says what the row is about.
	subject string
}

// cells reads the tables of a passage: rows of two values or more, apart by |
// or tabs, below a first row that names the columns.
func cells(text string) []cell {
	var out []cell
	var heads [][2]int
	var headRow corpus.Span
	start := 0
	for line := range strings.Lines(text) {
		row := corpus.Span{Start: start, End: start + len(strings.TrimRight(line, "\n"))}
		start += len(line)
		values := valuesOf(row.In(text))
		switch {
		case len(values) < 2:
			heads = nil
		case heads == nil:
			heads, headRow = values, row
		default:
			subject := row.In(text)[values[0][0]:values[0][1]]
			for i := 1; i < len(values) && i < len(heads); i++ {
				out = append(out, cell{
					row: row, heads: headRow, subject: subject,
					value: corpus.Span{Start: row.Start + values[i][0], End: row.Start + values[i][1]},
					head:  headRow.In(text)[heads[i][0]:heads[i][1]],
				})
			}
		}
	}
	return out
}

// valuesOf are the ranges of a row's values, nil for a line that is no row.
func valuesOf(line string) [][2]int {
	var sep string
	switch {
	case strings.Count(line, "|") >= 2:
		sep = "|"
	case strings.Count(line, "｜") >= 2:
		sep = "｜"
	case strings.Contains(line, "\t"):
		sep = "\t"
	default:
		return nil
	}
	var out [][2]int
	at := 0
	for _, part := range strings.Split(line, sep) {
		left := len(part) - len(strings.TrimLeft(part, " \u3000"))
		if value := strings.Trim(part, " \u3000"); value != "" {
			out = append(out, [2]int{at + left, at + left + len(value)})
		}
		at += len(part) + len(sep)
	}
	return out
}

// tableEvidence makes evidence of each value of the passage's tables. A row
// whose subject is a place speaks for that place alone.
func (a *Answerer) tableEvidence(e evidence, around surroundings, place string, terms []term) []evidence {
	text := e.hit.Passage.Text
	surrounding := a.context(e.hit, "")
	var out []evidence
	for _, c := range cells(text) {
		row := c.row.In(text)
		if place != "" && !rowOf(row, place) {
			continue
		}
		t := e
		t.clause, t.segment, t.sentence, t.cell = c.row, c.row, c.row, &c
		around.clause, around.segment, around.sentence = zh.Fold(c.head+" "+c.subject), zh.Fold(row), zh.Fold(row)
		t.score = coverage(terms, around)
		if t.score.near == 0 {
			continue
		}
		t.facets = a.opt.Annotator.Text(row, surrounding)
		if place != "" {
			t.facets.Places = []string{place}
		}
		out = append(out, t)
	}
	return out
}

// rowOf reports whether a row has the place's name, in full or without its suffix.
func rowOf(row, place string) bool {
	if strings.Contains(row, place) {
		return true
	}
	rs := []rune(place)
	return len(rs) > 2 && slices.ContainsFunc(valuesOf(row), func(v [2]int) bool { return row[v[0]:v[1]] == string(rs[:len(rs)-1]) })
}

// tableBehindText puts a table's value behind the sentence that gives the same.
const tableBehindText = 0.2

// tableNumber answers with a value of a table that has a figure.
func tableNumber(c *cell, text string) (item, bool) {
	value := c.value.In(text)
	if !strings.ContainsAny(value, "0123456789０１２３４５６７８９") {
		return item{}, false
	}
	return item{span: c.row, short: value, shown: c.head + " " + value, support: c.heads, score: -tableBehindText}, true
}
