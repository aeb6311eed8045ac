package source

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"wenbao/corpus"
)

const (
	// maxElements bounds the search for a page's article, which is slow on huge
	// pages; of those the whole body is taken. News pages have some 2,000 elements.
	maxElements = 50_000
	// minArticleShare is the share of the body's text that a found article must
	// have, else the search has thrown the article away with the frame around it.
	minArticleShare = 0.2
)

// parseHTML reads a saved web page as one article. What the markup of e-paper
// sites sets apart as the line above the title, the subtitle and the authors
// comes first in the text, each a paragraph, because it was printed.
func parseHTML(text string) (corpus.Page, error) {
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return corpus.Page{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	about := collect(doc)
	p := corpus.Page{Single: true, Title: about.title(), Meta: about.meta()}
	prune(doc)
	body := blocksOf(doc, p.Title)
	content := body
	if node := markedContent(doc); node != nil {
		content = blocksOf(node, p.Title)
	} else {
		article := findArticle(doc)
		if p.Title == "" {
			p.Title = oneLine(article.title)
		}
		if article.node != nil {
			content = article.blocks(p.Title, body)
		}
	}
	for _, line := range body {
		if m, ok := imprint(line); ok {
			p.Meta = overlay(p.Meta, m)
		}
	}
	content = withPrinted(about.printed(), content)
	p.Text = clean(strings.Join(content, "\n\n"))
	return p, nil
}

// withPrinted puts lines in front that the content does not hold already.
func withPrinted(lines, content []string) []string {
	var front []string
	for _, line := range lines {
		held := false
		for _, block := range content {
			held = held || strings.Contains(block, line)
		}
		if !held {
			front = append(front, line)
		}
	}
	return append(front, content...)
}

// article is what readability finds.
type article struct {
	node   *html.Node
	title  string
	byline string
}

// findArticle looks for the article of a page without e-paper markup.
func findArticle(doc *html.Node) article {
	parser := readability.NewParser()
	parser.MaxElemsToParse = maxElements
	found, err := parser.ParseDocument(doc, &url.URL{})
	if err != nil || found.Node == nil {
		return article{}
	}
	return article{node: found.Node, title: found.Title(), byline: found.Byline()}
}

// blocks is the article's text, or the whole body's where too little was found.
func (a article) blocks(title string, body []string) []string {
	found := blocksOf(a.node, title)
	if float64(runesIn(found)) < minArticleShare*float64(runesIn(body)) {
		return body
	}
	if byline := oneLine(a.byline); byline != "" {
		// The search takes a byline out of the text; the page's own words go back.
		for _, line := range body {
			if strings.Contains(line, byline) && runesIn([]string{line}) <= maxImprintRunes {
				return withPrinted([]string{line}, found)
			}
		}
	}
	return found
}

func runesIn(blocks []string) int {
	n := 0
	for _, b := range blocks {
		n += utf8.RuneCountInString(b)
	}
	return n
}

// markedContent finds the element in which e-paper systems, government sites and
// WeChat put an article's body, nil where there is none with text.
func markedContent(doc *html.Node) *html.Node {
	var best *html.Node
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode || !isContent(n) {
			continue
		}
		// The innermost counts: #ozoom may hold the founder-content.
		if hasText(n) && (best == nil || contains(best, n)) {
			best = n
		}
	}
	return best
}

func isContent(n *html.Node) bool {
	if n.Data == "founder-content" {
		return true
	}
	switch attr(n, "id") {
	case "ozoom", "zoom", "articleContent", "UCAP-CONTENT", "js_content":
		return true
	}
	for class := range strings.FieldsSeq(attr(n, "class")) {
		if class == "TRS_Editor" {
			return true
		}
	}
	return false
}

func contains(outer, n *html.Node) bool {
	for a := range n.Ancestors() {
		if a == outer {
			return true
		}
	}
	return false
}

func hasText(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.Type == html.TextNode && !isBlank(d.Data) {
			return true
		}
	}
	return false
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Namespace == "" && a.Key == name {
			return a.Val
		}
	}
	return ""
}

// prune takes out what a reader of the page does not see. Data for machines
// (JSON-LD) stays: it never becomes text, and the search for the article reads
// it. Forced line breaks become characters, which the search leaves where they are.
func prune(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case isUnseen(c):
			n.RemoveChild(c)
		case c.DataAtom == atom.Br:
			n.InsertBefore(&html.Node{Type: html.TextNode, Data: lineBreak}, c)
			n.RemoveChild(c)
		default:
			prune(c)
		}
		c = next
	}
}

func isUnseen(n *html.Node) bool {
	if n.Type == html.CommentNode {
		return true
	}
	if n.Type != html.ElementNode {
		return false
	}
	switch n.DataAtom {
	case atom.Script:
		return attr(n, "type") != "application/ld+json"
	case atom.Style, atom.Noscript, atom.Template, atom.Iframe, atom.Object, atom.Svg, atom.Math,
		atom.Button, atom.Input, atom.Select, atom.Textarea, atom.Audio, atom.Video, atom.Canvas, atom.Rt, atom.Rp:
		return true
	}
	return isHidden(n)
}

// isHidden does not ask for visibility: saved WeChat articles have it off until a
// script runs.
func isHidden(n *html.Node) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "style":
			style := strings.ToLower(strings.Join(strings.Fields(a.Val), ""))
			if strings.Contains(style, "display:none") {
				return true
			}
		}
	}
	return false
}
