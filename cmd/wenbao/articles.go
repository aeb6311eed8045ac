package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"wenbao/corpus"
	"wenbao/corpus/library"
)

type articlesCommand struct{}

func (c *articlesCommand) flags(a *app, fs *pflag.FlagSet) {
	a.global.collection(a, fs)
}

// parsedJSON is what was made of an article.
type parsedJSON struct {
	ID        string          `json:"id"`
	Title     string          `json:"title"`
	TitleMade bool            `json:"title_made"`
	Subtitle  string          `json:"subtitle"`
	Kicker    string          `json:"kicker"`
	Byline    string          `json:"byline"`
	Authors   []corpus.Author `json:"authors"`
	Office    string          `json:"office"`
	Newspaper string          `json:"newspaper"`
	Date      corpus.Date     `json:"date"`
	// DateInferred says that Date was worked out from the text.
	DateInferred bool   `json:"date_inferred"`
	Page         string `json:"page"`
	Source       string `json:"source"`
	DocID        string `json:"doc_id"`
	Fragment     bool   `json:"fragment"`
	// Sections are the headings in print order.
	Sections []string   `json:"sections"`
	Facets   facetsJSON `json:"facets"`
	Passages int        `json:"passages"`
	// Characters counts the printed text without white space.
	Characters int `json:"characters"`
}

func (c *articlesCommand) run(ctx context.Context, a *app, args []string) (err error) {
	if args = a.moreCorpus(args, 0); len(args) > 0 {
		return usagef(a.m.TooManyArgs, args[0])
	}
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	defer closing(s, &err)
	n, failed := 0, s.failed
	for r, err := range s.All(ctx) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			a.note("%s", a.m.reason(err))
			failed = true
			continue
		}
		if err := c.write(a, r, n); err != nil {
			return err
		}
		n++
	}
	if err := c.end(a, n); err != nil {
		return err
	}
	if failed {
		return errTold
	}
	return nil
}

// write prints one article. In JSON the whole output is one list, an article on
// each line.
func (c *articlesCommand) write(a *app, r *library.Record, before int) error {
	if a.global.json {
		separator := ","
		if before == 0 {
			separator = "["
		}
		if _, err := fmt.Fprint(a.Stdout, separator); err != nil {
			return err
		}
		return writeJSON(a.Stdout, newParsedJSON(r))
	}
	return a.print(a.m.article(r))
}

func (c *articlesCommand) end(a *app, n int) error {
	switch {
	case a.global.json && n == 0:
		return a.print("[]\n")
	case a.global.json:
		return a.print("]\n")
	}
	return a.print(fmt.Sprintf(a.m.ArticleCount+"\n", n))
}

// article is two lines of an overview: the figures come first because they line
// up whatever the title's width.
func (m *messages) article(r *library.Record) string {
	art := &r.Article
	line := fmt.Sprintf("%s  %s", art.ID, fmt.Sprintf(m.ArticleSize, characters(art.Text), len(r.Passages)))
	about := []string{m.title(art)}
	for _, s := range []string{art.Kicker, m.printed(firstPart(art)), art.Byline} {
		if s != "" {
			about = append(about, s)
		}
	}
	return line + "\n" + sourceIndent + strings.Join(about, " · ") + "\n"
}

func firstPart(a *corpus.Article) corpus.Part {
	if len(a.Parts) == 0 {
		return corpus.Part{}
	}
	return a.Parts[0]
}

func newParsedJSON(r *library.Record) parsedJSON {
	art, part := &r.Article, firstPart(&r.Article)
	out := parsedJSON{
		ID: art.ID, Title: art.Title, TitleMade: art.TitleMade, Subtitle: art.Subtitle,
		Kicker: art.Kicker, Byline: art.Byline, Authors: list(art.Authors), Office: art.Office,
		Newspaper: part.Newspaper, Date: part.Date, DateInferred: part.DateInferred,
		Page: part.Edition, Source: part.Source, DocID: part.DocID, Fragment: art.Fragment,
		Sections: []string{}, Facets: newFacetsJSON(art.Facets),
		Passages: len(r.Passages), Characters: characters(art.Text),
	}
	for _, b := range art.Blocks {
		if b.Kind == corpus.BlockHeading {
			out.Sections = append(out.Sections, b.Span.In(art.Text))
		}
	}
	return out
}
