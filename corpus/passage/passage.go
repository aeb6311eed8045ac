// Package passage cuts articles into passages: whole sentences under one
// heading, short enough to be read at a glance and long enough to be found.
package passage

import (
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// Lengths in characters. A passage is cut shorter than MinChars only where its
// section is, and longer than MaxChars only where one sentence, one table row
// or one list item is.
const (
	MinChars = 80
	MaxChars = 250
	// maxGroup is the longest list or table that stays whole: its items mean
	// little without each other.
	maxGroup = 600
)

// Facets tells what a text under a heading path speaks of.
type Facets func(headings []string, text string) corpus.Facets

// Cut returns the passages of an article in reading order. Together they hold
// every sentence of its running text once. An article of titles alone gives one
// passage that holds them. facets may be nil.
func Cut(a *corpus.Article, facets Facets) []corpus.Passage {
	if facets == nil {
		facets = func([]string, string) corpus.Facets { return corpus.Facets{} }
	}
	c := cutter{article: a, facets: facets, seen: map[string]int{}}
	for _, s := range sections(a) {
		c.section(s)
	}
	if len(c.out) == 0 {
		c.titles()
	}
	return c.out
}

// section is the running text under one heading path.
type section struct {
	headings []string
	blocks   []corpus.Block
}

// sections groups the running text of an article by heading path.
func sections(a *corpus.Article) []section {
	var out []section
	var path []string
	fresh := true
	for _, b := range a.Blocks {
		switch b.Kind {
		case corpus.BlockHeading:
			depth := min(max(b.Level-1, 0), len(path))
			path = append(path[:depth:depth], b.Span.In(a.Text))
			fresh = true
		case corpus.BlockParagraph, corpus.BlockList, corpus.BlockTable:
			if fresh {
				out = append(out, section{headings: path})
				fresh = false
			}
			s := &out[len(out)-1]
			s.blocks = append(s.blocks, b)
		}
	}
	return out
}

type cutter struct {
	article *corpus.Article
	facets  Facets
	seen    map[string]int
	out     []corpus.Passage
}

// unit is a stretch of text that may become a passage or be joined with its
// neighbours.
type unit struct {
	span  corpus.Span
	part  int
	chars int
	// lead is the run-in heading of a paragraph of which this is a later piece.
	lead   string
	period corpus.Years
}

// section cuts one section: paragraphs that are too long at sentence ends,
// paragraphs that are too short joined with those beside them that speak of the
// same years.
func (c *cutter) section(s section) {
	var units []unit
	for i := 0; i < len(s.blocks); {
		j := groupEnd(c.article.Text, s.blocks, i)
		if j > i+1 || s.blocks[i].Kind != corpus.BlockParagraph {
			units = append(units, c.group(s.blocks[i:j])...)
		} else {
			units = append(units, c.paragraph(s.blocks[i])...)
		}
		i = j
	}
	for i := range units {
		units[i].period = c.facets(s.headings, units[i].span.In(c.article.Text)).Period
	}
	for _, u := range c.mergeShort(units) {
		c.emit(s.headings, u)
	}
}

// groupEnd finds how far a list or table that begins at block i reaches; the
// paragraph that introduces it with a colon belongs to it.
func groupEnd(text string, blocks []corpus.Block, i int) int {
	kind := blocks[i].Kind
	j := i + 1
	if kind == corpus.BlockParagraph {
		s := blocks[i].Span.In(text)
		if j == len(blocks) || blocks[j].Kind == corpus.BlockParagraph || !strings.HasSuffix(s, "：") && !strings.HasSuffix(s, ":") {
			return j
		}
		kind = blocks[j].Kind
	}
	for j < len(blocks) && blocks[j].Kind == kind {
		j++
	}
	return j
}

// group keeps a list or table whole, or cuts it between items or rows where it
// is too long.
func (c *cutter) group(blocks []corpus.Block) []unit {
	whole := c.unit(corpus.Span{Start: blocks[0].Span.Start, End: blocks[len(blocks)-1].Span.End}, blocks[0].Part())
	if whole.chars <= maxGroup {
		return []unit{whole}
	}
	var rows []unit
	for _, b := range blocks {
		start := b.Span.Start
		for _, line := range strings.SplitAfter(b.Span.In(c.article.Text), "\n") {
			sp := corpus.Span{Start: start, End: start + len(strings.TrimSuffix(line, "\n"))}
			rows = append(rows, c.unit(sp, b.Part()))
			start += len(line)
		}
	}
	return pack(rows)
}

// paragraph is one unit, or several of whole sentences where it is too long.
func (c *cutter) paragraph(b corpus.Block) []unit {
	text := b.Span.In(c.article.Text)
	sentences := zh.Sentences(text)
	if len(sentences) == 0 {
		return nil
	}
	var out []unit
	for len(sentences) > 0 {
		n := 1
		for n < len(sentences) && runInHeading(sentences[n:], text) == "" {
			n++
		}
		out = append(out, c.pieces(b, sentences[:n], text)...)
		sentences = sentences[n:]
	}
	return out
}

// pieces packs the sentences under one run-in heading.
func (c *cutter) pieces(b corpus.Block, sentences []corpus.Span, text string) []unit {
	var units []unit
	for _, sp := range sentences {
		units = append(units, c.unit(corpus.Span{Start: b.Span.Start + sp.Start, End: b.Span.Start + sp.End}, b.Part()))
	}
	packed := pack(units)
	if lead := runInHeading(sentences, text); lead != "" {
		for i := 1; i < len(packed); i++ {
			packed[i].lead = lead
		}
	}
	return packed
}

// runInHeading is the short first sentence that serves what follows as its
// heading (加快构建现代产业体系。…), "" where there is none.
func runInHeading(sentences []corpus.Span, text string) string {
	const shortest, longest = 6, 22
	if len(sentences) < 2 {
		return ""
	}
	s := sentences[0].In(text)
	if n := zh.CountHan(s); n < shortest || n > longest || strings.ContainsAny(s, "，,；;“”") || !strings.HasSuffix(s, "。") {
		return ""
	}
	return strings.TrimSuffix(s, "。")
}

// pack joins neighbours into as few pieces of at most MaxChars as can be, of
// about the same length.
func pack(units []unit) []unit {
	total := 0
	for _, u := range units {
		total += u.chars
	}
	pieces := (total + MaxChars - 1) / MaxChars
	target := MaxChars
	if pieces > 0 {
		target = total/pieces + 1
	}
	var out []unit
	for i, u := range units {
		if i > 0 {
			last := &out[len(out)-1]
			sum := last.chars + u.chars
			if sum <= MaxChars && (last.chars < MinChars || sum-target <= target-last.chars) {
				join(last, u)
				continue
			}
		}
		out = append(out, u)
	}
	if n := len(out); n > 1 && out[n-1].chars < MinChars && out[n-2].chars+out[n-1].chars <= MaxChars {
		join(&out[n-2], out[n-1])
		out = out[:n-1]
	}
	return out
}

// mergeShort joins units that are too short with a neighbour of the same years,
// and what ends in a colon with what it introduces.
func (c *cutter) mergeShort(units []unit) []unit {
	var out []unit
	for _, u := range units {
		if n := len(out); n > 0 {
			last := &out[n-1]
			text := last.span.In(c.article.Text)
			if (strings.HasSuffix(text, "：") || strings.HasSuffix(text, ":")) && last.chars+u.chars <= maxGroup {
				join(last, u)
				continue
			}
			if (last.chars < MinChars || u.chars < MinChars) && last.chars+u.chars <= MaxChars && last.period == u.period {
				join(last, u)
				continue
			}
		}
		out = append(out, u)
	}
	return out
}

func join(a *unit, b unit) {
	a.span.End = b.span.End
	a.chars += b.chars
}

func (c *cutter) unit(sp corpus.Span, part int) unit {
	return unit{span: sp, part: part, chars: utf8.RuneCountInString(sp.In(c.article.Text))}
}

// titles makes the one passage of an article without running text.
func (c *cutter) titles() {
	if n := len(c.article.Blocks); n > 0 {
		c.emit(nil, unit{span: corpus.Span{Start: c.article.Blocks[0].Span.Start, End: c.article.Blocks[n-1].Span.End}})
	}
}

func (c *cutter) emit(headings []string, u unit) {
	text := u.span.In(c.article.Text)
	if u.lead != "" {
		headings = append(headings[:len(headings):len(headings)], u.lead)
	}
	c.out = append(c.out, corpus.Passage{
		ID:       c.id(u.part, text),
		Article:  c.article.ID,
		Part:     u.part,
		Span:     u.span,
		Text:     text,
		Headings: headings,
		Facets:   c.facets(headings, text),
	})
}

// id is 60 bits of a hash of the part that the passage was printed in, its
// words without white space, and how often the part had these words before.
func (c *cutter) id(part int, text string) string {
	key := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	if part < len(c.article.Parts) {
		key = c.article.Parts[part].ID + "\x00" + key
	}
	n := c.seen[key]
	c.seen[key]++
	sum := sha256.Sum256([]byte(key + "\x00" + strconv.Itoa(n)))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:12])
}
