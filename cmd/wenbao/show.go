package main

import (
	"context"
	"strings"

	"github.com/spf13/pflag"

	"wenbao/corpus"
)

type showCommand struct{}

func (c *showCommand) flags(a *app, fs *pflag.FlagSet) {
	a.global.embedding(a, fs)
	a.global.collection(a, fs)
}

type shownJSON struct {
	PassageID string      `json:"passage_id"`
	Article   articleJSON `json:"article"`
	Section   string      `json:"section"`
	Headings  []string    `json:"headings"`
	Facets    facetsJSON  `json:"facets"`
	Text      string      `json:"text"`
	// Span is the passage in ArticleText, in UTF-8 bytes.
	Span        corpus.Span `json:"span"`
	ArticleText string      `json:"article_text"`
}

func (c *showCommand) run(ctx context.Context, a *app, args []string) (err error) {
	switch args = a.moreCorpus(args, 1); {
	case len(args) == 0:
		return usage(a.m.NoID)
	case len(args) > 1:
		return usagef(a.m.TooManyArgs, args[1])
	}
	ix, err := a.openIndex(ctx)
	if err != nil {
		return err
	}
	defer closing(ix, &err)
	p, art, err := ix.index.Passage(ctx, args[0])
	if err != nil {
		return err
	}
	if a.global.json {
		return writeJSON(a.Stdout, shownJSON{
			PassageID: p.ID, Article: newArticleJSON(art, p), Section: section(p.Headings),
			Headings: list(p.Headings), Facets: newFacetsJSON(p.Facets),
			Text: p.Text, Span: p.Span, ArticleText: art.Text,
		})
	}
	return a.print(p.ID + "  " + a.m.source(art, p) + "\n\n" + marked(art, p.Span))
}

// Gutters of marked.
const (
	gutterPassage = "┃ "
	gutterOther   = "  "
)

// marked is the text of an article, block by block, with a bar beside the span.
// A block that is only partly in it is cut there.
func marked(a *corpus.Article, span corpus.Span) string {
	var b strings.Builder
	for _, block := range a.Blocks {
		at := block.Span
		if block.Kind == corpus.BlockHeading {
			b.WriteByte('\n')
		}
		for _, piece := range []struct {
			gutter     string
			start, end int
		}{
			{gutterOther, at.Start, min(at.End, span.Start)},
			{gutterPassage, max(at.Start, span.Start), min(at.End, span.End)},
			{gutterOther, max(at.Start, span.End), at.End},
		} {
			if piece.start >= piece.end {
				continue
			}
			text := strings.TrimSpace(a.Text[piece.start:piece.end])
			if text != "" {
				b.WriteString(piece.gutter + strings.ReplaceAll(text, "\n", "\n"+piece.gutter) + "\n")
			}
		}
	}
	return b.String()
}
