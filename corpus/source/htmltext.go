package source

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Marks that stand in text for what a browser shows.
const (
	headingMark = "## "
	listMark    = "· "
	cellGap     = " | "
)

// lineBreak stands for <br> in a pruned tree.
const lineBreak = "\u2028"

// blocksOf is the text that a pruned node shows: paragraphs, headings with
// headingMark, list items with listMark, and tables with a line a row. A heading
// that repeats title is left out. A forced line break ends a paragraph, since
// that is what news pages use it for.
func blocksOf(n *html.Node, title string) []string {
	p := printer{title: title}
	p.node(n)
	p.flush()
	return p.blocks
}

// textOf is all text of a node on one line.
func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode:
			b.WriteString(d.Data)
		case d.DataAtom == atom.Br, isBlock(d.DataAtom):
			b.WriteByte(' ')
		}
	}
	return collapse(clean(b.String()))
}

// printer walks a tree in reading order.
type printer struct {
	title  string
	blocks []string
	mark   string          // goes before the next block
	words  strings.Builder // the block being read
	pre    int             // how many <pre> are open
}

// flush ends the block being read.
func (p *printer) flush() {
	text := collapse(clean(p.words.String()))
	p.words.Reset()
	if text != "" {
		p.blocks = append(p.blocks, p.mark+text)
		p.mark = ""
	}
}

func (p *printer) children(n *html.Node) {
	for c := range n.ChildNodes() {
		p.node(c)
	}
}

func (p *printer) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		p.text(n.Data)
		return
	case html.DocumentNode:
		p.children(n)
		return
	case html.ElementNode:
	default:
		return
	}
	switch n.DataAtom {
	case atom.Head, atom.Script, atom.Nav:
	case atom.Hr:
		p.flush()
	case atom.H1, atom.H2, atom.H3, atom.H4:
		p.flush()
		if text := textOf(n); text != "" && text != p.title {
			p.blocks = append(p.blocks, headingMark+text)
		}
	case atom.Table:
		p.flush()
		p.table(n)
	case atom.Li:
		p.flush()
		p.mark = listMark
		p.children(n)
		p.flush()
		p.mark = ""
	case atom.Pre:
		p.flush()
		p.pre++
		p.children(n)
		p.pre--
		p.flush()
	default:
		p.other(n)
	}
}

func (p *printer) other(n *html.Node) {
	if !isBlock(n.DataAtom) && n.Data != "founder-content" {
		p.children(n)
		return
	}
	p.flush()
	p.children(n)
	p.flush()
}

func (p *printer) text(s string) {
	if p.pre > 0 {
		s = strings.ReplaceAll(s, "\n", lineBreak)
	}
	for i, line := range strings.Split(s, lineBreak) {
		if i > 0 {
			p.flush()
		}
		p.words.WriteString(line)
	}
}

// table writes a table of data as lines of cells, and one that only arranges the
// page as the blocks in it.
func (p *printer) table(n *html.Node) {
	if isLayout(n) {
		p.children(n)
		p.flush()
		return
	}
	var lines []string
	for row := range n.Descendants() {
		if row.DataAtom != atom.Tr {
			if row.DataAtom == atom.Caption {
				lines = append(lines, textOf(row))
			}
			continue
		}
		var cells []string
		for cell := range row.ChildNodes() {
			if cell.DataAtom == atom.Td || cell.DataAtom == atom.Th {
				cells = append(cells, textOf(cell))
			}
		}
		if strings.Join(cells, "") != "" {
			lines = append(lines, strings.Join(cells, cellGap))
		}
	}
	if len(lines) > 0 {
		p.blocks = append(p.blocks, strings.Join(lines, "\n"))
	}
}

// isLayout reports whether a table arranges the page: it has another table or a
// heading in it, several paragraphs in one cell, or nowhere two cells side by side.
func isLayout(table *html.Node) bool {
	columns := 0
	for n := range table.Descendants() {
		switch n.DataAtom {
		case atom.Table, atom.H1, atom.H2, atom.H3, atom.H4:
			return true
		case atom.Tr:
			columns = max(columns, count(n, atom.Td)+count(n, atom.Th))
		case atom.Td, atom.Th:
			if count(n, atom.P)+count(n, atom.Div) > 1 {
				return true
			}
		}
	}
	return columns < 2
}

// count is the number of children of one kind.
func count(n *html.Node, kind atom.Atom) int {
	found := 0
	for c := range n.ChildNodes() {
		if c.DataAtom == kind {
			found++
		}
	}
	return found
}

func isBlock(a atom.Atom) bool {
	switch a {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Caption, atom.Center,
		atom.Dd, atom.Details, atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure,
		atom.Footer, atom.Form, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Li,
		atom.Main, atom.Ol, atom.P, atom.Pre, atom.Section, atom.Summary, atom.Table, atom.Tbody, atom.Td,
		atom.Tfoot, atom.Th, atom.Thead, atom.Tr, atom.Ul:
		return true
	}
	return false
}

// collapse makes runs of white space one space and takes them off the ends. A
// line end between two wide characters is no space: Chinese has none there. The
// ideographic space is a printed character and stays within text.
func collapse(s string) string {
	var b strings.Builder
	var last rune // the last character written
	gap, lineEnd := false, false
	for _, r := range s {
		switch r {
		case '\n':
			gap, lineEnd = true, true
			continue
		case ' ', '\t', '\u00a0', '\u2028':
			gap = true
			continue
		}
		if gap && b.Len() > 0 && (!lineEnd || !isWide(last) || !isWide(r)) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last, gap, lineEnd = r, false, false
	}
	return strings.TrimFunc(b.String(), unicode.IsSpace)
}

// isWide reports whether a character is of Chinese text: Han, its punctuation or
// a full-width form.
func isWide(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3000 && r <= 0x303F || r >= 0xFF00 && r <= 0xFFEF ||
		strings.ContainsRune("“”‘’…—", r) && utf8.RuneLen(r) == 3
}
