package layout

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"unicode"

	"wenbao/corpus"
)

// piece is a block of an article in the making: one token, or several that a
// column break cut.
type piece struct {
	kind   corpus.BlockKind
	tokens []token
	level  int
}

// draft is an article in the making.
type draft struct {
	pieces []piece
	// styles is the stack of heading styles that are open, outermost first.
	styles []string
	// ended says that a byline or a jump mark has closed the article.
	ended bool
	// issuer is the office that signs a notice, where one does.
	issuer corpus.Span
	from   string
	to     string
	plain  int
}

func (d *draft) hasBody() bool {
	for _, p := range d.pieces {
		switch p.kind {
		case corpus.BlockParagraph, corpus.BlockList, corpus.BlockTable:
			return true
		}
	}
	return false
}

// column reports whether the kicker was printed as a heading, as the name of a
// column is, and not as a line above one headline.
func (d *draft) column() bool {
	return len(d.pieces) > 0 && d.pieces[0].kind == corpus.BlockKicker && d.pieces[0].tokens[0].class == markdown
}

func (d *draft) hasHeading() bool { return len(d.styles) > 0 }

// plainHeadings reports whether the article already has headings without a mark.
func (d *draft) plainHeadings() bool { return d.plain > 0 }

// last is the newest piece of running text that nothing but a byline or a jump
// mark stands behind.
func (d *draft) last() *piece {
	for i := len(d.pieces) - 1; i >= 0; i-- {
		switch p := &d.pieces[i]; p.kind {
		case corpus.BlockParagraph, corpus.BlockList:
			return p
		case corpus.BlockByline, corpus.BlockJump:
			continue
		default:
			return nil
		}
	}
	return nil
}

// open reports whether the article's text breaks off in mid-sentence, and goes
// on on this page.
func (d *draft) open(text string) bool {
	p := d.last()
	return p != nil && d.to == "" && !closed(p.tokens[len(p.tokens)-1].span.In(text))
}

// addBody adds running text. It goes on with the paragraph before it when that
// one breaks off, as a column break leaves it.
func (d *draft) addBody(t token, text string) {
	if t.class == tableLine {
		if n := len(d.pieces); n > 0 && d.pieces[n-1].kind == corpus.BlockTable {
			d.pieces[n-1].tokens = append(d.pieces[n-1].tokens, t)
			return
		}
		d.add(corpus.BlockTable, t)
		return
	}
	if p := d.last(); p != nil && t.class != listItem && d.open(text) {
		p.tokens = append(p.tokens, t)
		return
	}
	kind := corpus.BlockParagraph
	if t.class == listItem {
		kind = corpus.BlockList
	}
	d.add(kind, t)
}

func (d *draft) add(kind corpus.BlockKind, t token) {
	d.pieces = append(d.pieces, piece{kind: kind, tokens: []token{t}})
}

// addTitle adds a line of the title block.
func (d *draft) addTitle(kind corpus.BlockKind, t token) { d.add(kind, t) }

// addOpening adds a byline or a jump mark that stands above the text.
func (d *draft) addOpening(t token) {
	switch t.class {
	case jumpFrom:
		d.from = t.edition
		d.add(corpus.BlockJump, t)
	case jumpTo:
		d.to = t.edition
		d.add(corpus.BlockJump, t)
	default:
		d.add(corpus.BlockByline, t)
	}
}

// close adds a byline or a jump mark that stands below the text.
func (d *draft) close(t token) {
	d.addOpening(t)
	d.ended = true
}

// addHeading adds a heading. Its depth follows from its style: a style that is
// open already takes its old depth, a new one goes below the innermost.
func (d *draft) addHeading(t token) {
	style := t.style
	if t.class == short && style == "" {
		style = "plain"
		d.plain++
	}
	depth := len(d.styles)
	for i, s := range d.styles {
		if s == style {
			depth = i
			break
		}
	}
	d.styles = append(d.styles[:depth], style)
	d.pieces = append(d.pieces, piece{kind: corpus.BlockHeading, tokens: []token{t}, level: depth + 1})
}

// article turns the draft into an article of one part.
func (d *draft) article(p corpus.Page) corpus.Article {
	a := corpus.Article{Title: p.Title}
	var text strings.Builder
	for _, piece := range d.pieces {
		if text.Len() > 0 {
			text.WriteByte('\n')
		}
		b := corpus.Block{Kind: piece.kind, Level: piece.level}
		b.Span.Start = text.Len()
		for i, t := range piece.tokens {
			if piece.kind == corpus.BlockTable && i > 0 {
				text.WriteByte('\n')
			}
			text.WriteString(t.inner.In(p.Text))
			b.Printed = append(b.Printed, corpus.Printed{Span: t.span})
		}
		b.Span.End = text.Len()
		a.Blocks = append(a.Blocks, b)
	}
	a.Text = text.String()
	part := corpus.Part{Source: p.Source, DocID: p.DocID, Meta: p.Meta, From: d.from, To: d.to}
	part.ID = partID(p.DocID, a.Title, a.Text)
	a.ID = part.ID
	a.Parts = []corpus.Part{part}
	a.Fragment = d.from != "" || d.to != ""
	readTitleBlock(&a)
	if d.issuer.Len() > 0 {
		a.Office = d.issuer.In(p.Text)
	}
	return a
}

// partID is 80 bits of a hash of the printed words without white space. A
// record's own id counts too, so that two records of the same words stay two.
func partID(docID, title, text string) string {
	h := sha256.New()
	for _, s := range []string{docID, title, text} {
		h.Write([]byte(strings.Map(dropSpace, s)))
		h.Write([]byte{0})
	}
	return strings.ToLower(base32.StdEncoding.EncodeToString(h.Sum(nil)[:10]))
}

func dropSpace(r rune) rune {
	if unicode.IsSpace(r) {
		return -1
	}
	return r
}

// readTitleBlock fills the fields that repeat what blocks say.
func readTitleBlock(a *corpus.Article) {
	var kicker, title, subtitle, bylines []string
	for _, b := range a.Blocks {
		s := b.Span.In(a.Text)
		switch b.Kind {
		case corpus.BlockKicker:
			kicker = append(kicker, s)
		case corpus.BlockTitle:
			title = append(title, s)
		case corpus.BlockSubtitle:
			subtitle = append(subtitle, s)
		case corpus.BlockByline:
			bylines = append(bylines, s)
			a.Authors = append(a.Authors, authors(s)...)
			if o := office(s); o != "" {
				a.Office = o
			}
		}
	}
	a.Kicker, a.Subtitle = strings.Join(kicker, " "), strings.Join(subtitle, " ")
	a.Byline = strings.Join(bylines, " ")
	if len(title) > 0 {
		a.Title = joinLines(title)
	}
	if a.Title == "" {
		a.Title, a.TitleMade = madeTitle(a), true
	}
}

// joinLines joins the lines of a headline; a line that ends in a comma needs no space.
func joinLines(lines []string) string {
	var b strings.Builder
	for i, l := range lines {
		if i > 0 && !strings.HasSuffix(lines[i-1], "，") && !strings.HasSuffix(lines[i-1], ",") {
			b.WriteByte(' ')
		}
		b.WriteString(l)
	}
	return b.String()
}
