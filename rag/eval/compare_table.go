package eval

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
)

// notAsked stands in a cell for what was not asked for.
const notAsked = "-"

// comparedHeader are the columns of a table of comparisons.
func comparedHeader() []string {
	return []string{
		"set", "kind", "half", "system", "n", "R@1", "R@5", "R@10", "R@20", "MRR", "nDCG@10",
		"top_1", "top_3", "ref_answerable", "ref_without", "p50_ms", "p95_ms",
	}
}

// ReadCompared reads a file of such a table.
func ReadCompared(path string) (Table, error) {
	t, err := ReadFile(path, ReadScores)
	if err == nil && !slices.Equal(t.Header, comparedHeader()) {
		err = fmt.Errorf("%s has the columns %q, want %q", path, t.Header, comparedHeader())
	}
	return t, err
}

// ComparedTable is the table of rows: shares with three decimals, times in
// milliseconds.
func ComparedTable(rows []Compared) Table {
	t := Table{Header: comparedHeader()}
	for _, r := range rows {
		cells := []string{r.Set, r.Kind, r.Half, r.System, strconv.Itoa(r.N)}
		for _, v := range []float64{r.R1, r.R5, r.R10, r.R20, r.MRR, r.NDCG10} {
			cells = append(cells, decimal(v))
		}
		best, refusals := []string{notAsked, notAsked}, []string{notAsked, notAsked}
		if r.Best != nil {
			best = []string{decimal(r.Best.Top1), decimal(r.Best.Top3)}
		}
		if r.Refusals != nil {
			refusals = []string{decimal(r.Refusals.Answerable), decimal(r.Refusals.Without)}
		}
		cells = append(append(cells, best...), refusals...)
		t.Rows = append(t.Rows, append(cells, milliseconds(r.P50), milliseconds(r.P95)))
	}
	return t
}

// milliseconds has two decimals: some searches take a tenth.
func milliseconds(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }

// Columns of a table of comparisons that its rows are ordered by.
const (
	setColumn = iota
	kindColumn
	halfColumn
	systemColumn
)

// MergeCompared puts the rows of tables of comparisons together so that systems
// stand below one another: sets in the order in which they first come, kinds by
// name, the whole before its halves, the simplest system first.
func MergeCompared(tables ...Table) Table {
	t := Join(tables...)
	var sets []string
	for _, row := range t.Rows {
		if !slices.Contains(sets, row[setColumn]) {
			sets = append(sets, row[setColumn])
		}
	}
	halves := []string{All, learnedHalf, heldOutHalf}
	systems := []string{"bigram", "bleve", "lexical", "dense", "hybrid"} // others by name behind them
	place := func(row []string, column int, order []string) int {
		if i := slices.Index(order, row[column]); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(t.Rows, func(a, b []string) int {
		return cmp.Or(
			cmp.Compare(place(a, setColumn, sets), place(b, setColumn, sets)),
			cmp.Compare(a[kindColumn], b[kindColumn]),
			cmp.Compare(place(a, halfColumn, halves), place(b, halfColumn, halves)),
			cmp.Compare(place(a, systemColumn, systems), place(b, systemColumn, systems)),
			cmp.Compare(a[systemColumn], b[systemColumn]),
		)
	})
	return t
}
