package main

import (
	"bytes"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"wenbao/rag/index"
)

// made are examples in which headings decide and the rest is noise; the right
// document is the second, and every other example is held out.
func made() []example {
	var out []example
	for i := range 40 {
		e := example{kind: ownKind, heldOut: i%2 == 1}
		for document, heading := range []float64{0.2, 0.8, 0.5} {
			var f index.Features
			f[index.GramsInHeadings] = heading
			f[index.WordScore] = float64((i+3*document)%7) / 7
			e.add(document, document == 1, f)
		}
		out = append(out, e)
	}
	return out
}

func TestFit(t *testing.T) {
	examples := made()
	weights := fit(examples, columnsOf(index.FeatureNames()))
	if weights[index.GramsInHeadings] <= 0 || weights[index.MissingWord] > 0 {
		t.Errorf("weights %v", weights)
	}
	for i := range examples {
		if rank := examples[i].rank(&weights); rank != 1 {
			t.Errorf("example %d has its right document at %d", i, rank)
		}
	}
}

func TestRank(t *testing.T) {
	var e example
	for _, p := range []struct {
		document int
		right    bool
		words    float64
	}{{0, false, 0.5}, {1, true, 0.1}, {0, false, 0.2}, {1, true, 0.4}, {2, false, 0.4}} {
		var f index.Features
		f[index.WordScore] = p.words
		e.add(p.document, p.right, f)
	}
	if rank := e.rank(&index.Features{index.WordScore: 1}); rank != 2 {
		t.Errorf("rank %d, want 2: by its best passage, before the equal found later", rank)
	}
	e.right = make([]bool, len(e.right))
	if rank := e.rank(&index.Features{}); rank != 0 {
		t.Errorf("rank %d of what was not found", rank)
	}
}

// Every feature is in one column, and facets keep their proportions.
func TestColumns(t *testing.T) {
	var seen [index.NumFeatures]int
	columns := columnsOf(index.FeatureNames())
	for _, c := range columns {
		for i, p := range c.proportion {
			if p != 0 {
				seen[i]++
			}
		}
	}
	for i, n := range seen {
		if n != 1 {
			t.Errorf("%s is in %d columns", index.FeatureNames()[i], n)
		}
	}
	f := index.Features{index.PlaceFits: 0.5, index.PeriodFits: -1}
	last, given := columns[len(columns)-1], index.Facets()
	if want := 0.5*given[index.PlaceFits] - given[index.PeriodFits]; last.name != facets || last.of(&f) != want {
		t.Errorf("%s are worth %v, want %v", last.name, last.of(&f), want)
	}
}

// Without what decides the held-out half loses; without noise it does not.
func TestAblate(t *testing.T) {
	examples, columns := made(), columnsOf(index.FeatureNames())
	table := ablate(examples, columns, fit(examples, columns))
	if want := []string{"without", ownKind}; !slices.Equal(table.Header, want) {
		t.Fatalf("header %v, want %v", table.Header, want)
	}
	if len(table.Rows) != len(columns)+1 || table.Rows[0][1] != "1.000/1.000/1.000" {
		t.Errorf("%d rows, the first %v", len(table.Rows), table.Rows[0])
	}
	for _, row := range table.Rows[1:] {
		switch lost := strings.HasPrefix(row[1], "-"); row[0] {
		case "heading":
			if !lost {
				t.Errorf("without %s: %s", row[0], row[1])
			}
		case "dense":
			if row[1] != "0/0/0" {
				t.Errorf("without %s: %s", row[0], row[1])
			}
		}
	}
}

func TestWrite(t *testing.T) {
	var b bytes.Buffer
	if err := write(&b, index.Features{index.WordScore: 2.5}); err != nil {
		t.Fatal(err)
	}
	if _, err := parser.ParseFile(token.NewFileSet(), "weights.go", b.Bytes(), parser.AllErrors); err != nil {
		t.Fatal(err)
	}
	for _, name := range index.FeatureNames() {
		if !strings.Contains(b.String(), "// "+name+"\n") {
			t.Errorf("%s has no line", name)
		}
	}
	if !strings.Contains(b.String(), "\t2.500, ") {
		t.Errorf("a weight is missing:\n%s", b.String())
	}
}
