package eval

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
)

// Table is a result as text: a row for each system and kind.
type Table struct {
	Header []string   `json:"header"`
	Rows   [][]string `json:"rows"`
}

// WriteText writes the table in columns for reading.
func (t Table) WriteText(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, row := range t.lines() {
		fmt.Fprintln(tw, strings.Join(row, "\t")+"\t")
	}
	return tw.Flush()
}

// WriteScores writes tables as a score file: cells apart by tabs, a header line
// for each table, an empty line between them.
func WriteScores(w io.Writer, tables ...Table) error {
	for i, t := range tables {
		if i > 0 {
			if _, err := io.WriteString(w, "\n"); err != nil {
				return err
			}
		}
		for _, row := range t.lines() {
			if _, err := io.WriteString(w, strings.Join(row, "\t")+"\n"); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t Table) lines() [][]string { return append([][]string{t.Header}, t.Rows...) }

// Join puts the rows of tables with the same header together.
func Join(tables ...Table) Table {
	var out Table
	for _, t := range tables {
		out.Header = t.Header
		out.Rows = append(out.Rows, t.Rows...)
	}
	return out
}

// RowTable is the table of rows that a system reached.
func RowTable(system string, rows []Row) Table {
	t := Table{Header: []string{"system", "kind", "n", "R@1", "R@5", "R@10", "R@20", "MRR", "nDCG@10"}}
	for _, r := range rows {
		t.Rows = append(t.Rows, []string{
			system, r.Kind, strconv.Itoa(r.N),
			decimal(r.R1), decimal(r.R5), decimal(r.R10), decimal(r.R20), decimal(r.MRR), decimal(r.NDCG10),
		})
	}
	return t
}

// decimal has three decimals: a set of 1,000 questions tells no finer.
func decimal(v float64) string { return strconv.FormatFloat(v, 'f', 3, 64) }

// ReadScores reads a score file of one table, as WriteScores writes it. Empty lines
// and those that begin with # are left out. The error names the line that does not
// have as many cells as the header.
func ReadScores(r io.Reader) (Table, error) {
	var t Table
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimRight(lines.Text(), "\r")
		if line == "" || strings.HasPrefix(line, comment) {
			continue
		}
		cells := strings.Split(line, "\t")
		switch {
		case t.Header == nil:
			t.Header = cells
		case len(cells) != len(t.Header):
			return Table{}, fmt.Errorf("line %d has %d cells, want %d", n, len(cells), len(t.Header))
		default:
			t.Rows = append(t.Rows, cells)
		}
	}
	return t, lines.Err()
}

// comment begins a line of a score file that is for reading.
const comment = "#"
