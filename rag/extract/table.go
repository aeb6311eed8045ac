package extract

import (
	"cmp"
	"regexp"
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
	// unit is what the table's figures are in, as the line or the heading above it
	// says; "" where neither does, or the column's head does. unitAt is where that
	// stands in the passage, zero for a heading.
	unit   string
	unitAt corpus.Span
	// subject is the row's first value, which says what the row is about.
	subject string
}

// cells reads the tables of a passage under a heading: rows of two values or more,
// apart by | or tabs, below a first row that names the columns.
func cells(text, heading string) []cell {
	var out []cell
	var heads [][2]int
	var headRow, unitAt corpus.Span
	start := 0
	for line := range strings.Lines(text) {
		row := corpus.Span{Start: start, End: start + len(strings.TrimRight(line, "\n"))}
		start += len(line)
		values := valuesOf(row.In(text))
		switch {
		case len(values) < 2:
			heads = nil
		case heads == nil:
			heads, headRow, unitAt = values, row, unitAbove(text[:row.Start])
		default:
			subject := row.In(text)[values[0][0]:values[0][1]]
			for i := 1; i < len(values) && i < len(heads); i++ {
				c := cell{
					row: row, heads: headRow, subject: subject,
					value: corpus.Span{Start: row.Start + values[i][0], End: row.Start + values[i][1]},
					head:  headRow.In(text)[heads[i][0]:heads[i][1]],
				}
				if !strings.ContainsAny(c.head, "（(") {
					c.unit, c.unitAt = cmp.Or(unitAt.In(text), unitIn(heading).In(heading)), unitAt
				}
				out = append(out, c)
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
func (r *reader) tableEvidence(e evidence, around surroundings) []evidence {
	text := e.hit.Passage.Text
	surrounding := r.context(e.hit, "")
	before := around.before
	var out []evidence
	for _, c := range cells(text, lastOf(e.hit.Passage.Headings)) {
		row := c.row.In(text)
		if r.place != "" && !rowOf(row, r.place) {
			continue
		}
		above := zh.Fold(caption(text[:c.heads.Start]) + "\n" + before)
		t := e
		t.clause, t.segment, t.sentence, t.cell = c.row, c.row, c.row, &c
		around.clause, around.segment, around.sentence = zh.Fold(c.head+" "+c.subject), zh.Fold(row)+"\n"+above, zh.Fold(row)
		if r.dated {
			around.clauseDays = daysIn(row, partDate(item{hit: e.hit}))
		}
		t.score, t.around = coverage(r.terms, around), around
		if t.score.told == 0 {
			continue
		}
		t.facets = r.annotator.Text(row, surrounding)
		if r.place != "" {
			t.facets.Places = []string{r.place}
		}
		out = append(out, t)
	}
	return out
}

// tableUnit is the unit of a table's figures as the line above it gives it (单位：万元).
var tableUnit = regexp.MustCompile(`单位[：:][ \x{3000}]*([\p{Han}%‰]{1,6})[ \x{3000}）)]*$`)

// unitIn is where a line gives a table's unit, the zero span where it gives none.
func unitIn(line string) corpus.Span {
	m := tableUnit.FindStringSubmatchIndex(line)
	if m == nil {
		return corpus.Span{}
	}
	return corpus.Span{Start: m[2], End: m[3]}
}

// unitAbove is where the line above a table gives its unit, given the text above it.
func unitAbove(above string) corpus.Span {
	line := caption(above)
	sp := unitIn(line)
	if sp.Len() == 0 {
		return sp
	}
	return shift(sp, len(strings.TrimRight(above, "\n"))-len(line))
}

func lastOf(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return lines[len(lines)-1]
}

// caption is the line above a table, given the text above it.
func caption(above string) string {
	above = strings.TrimRight(above, "\n")
	return above[strings.LastIndexByte(above, '\n')+1:]
}

// rowOf reports whether a row has the place's name, in full or without its suffix.
func rowOf(row, place string) bool {
	if strings.Contains(row, place) {
		return true
	}
	rs := []rune(place)
	return len(rs) > 2 && slices.ContainsFunc(valuesOf(row), func(v [2]int) bool { return row[v[0]:v[1]] == string(rs[:len(rs)-1]) })
}

// in reports whether a cell's value is in the unit asked for: its own, or the
// one in its column's head (新增学位（个）). Where neither is printed any will do,
// but for times and lengths.
func (c *cell) in(unit, value string) bool {
	if unit == "" || strings.Contains(c.head, unit) || c.unit != "" && sameUnit(unit, strings.TrimLeft(c.unit, "万亿")) {
		return true
	}
	printed := figures(value, unit)
	if len(printed) == 0 || printed[0].Unit == "" {
		return !strings.ContainsAny(c.head, "（(") && unit != unitTime && unit != unitLength
	}
	return sameUnit(unit, printed[0].Unit)
}

// tableBehindText puts a table's value behind the sentence that gives the same.
const tableBehindText = 0.2

// tableNumber answers with a value of a table that has a figure in the unit
// asked for.
func tableNumber(unit string, e *evidence) (item, bool) {
	c, text := e.cell, e.hit.Passage.Text
	value := c.value.In(text)
	if !strings.ContainsAny(value, "0123456789０１２３４５６７８９") || !c.in(unit, value) {
		return item{}, false
	}
	it := item{span: c.row, short: value, shown: []string{c.head, value}, support: c.heads, supportHit: e.hit, score: -tableBehindText}
	if own := figures(value, unit); c.unit != "" && (len(own) == 0 || own[0].Unit == "") {
		it.short, it.shown = value+c.unit, []string{c.head, value + c.unit}
		if c.unitAt.Len() > 0 {
			it.support.Start = c.unitAt.Start
		}
	}
	return it, true
}
