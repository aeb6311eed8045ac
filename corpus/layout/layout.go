// Package layout takes printed pages apart into articles.
//
// A page arrives as lines of text in the order in which its columns were read.
// Split reads it in three steps, each in a file of its own:
//
//	lines.go   each line gets a class: body, short, heading, byline, jump …
//	split.go   the lines between two stretches of body decide whether a new
//	           article begins, and which of them are its title block
//	build.go   paragraphs that a column break cut are joined, spans are kept
//
// Stitch joins the parts of an article that was continued on another page
// (下转03版 … 上接01版).
//
// Nothing is lost and nothing doubled: every character of a page that is not
// white space lies in exactly one Printed span of one article.
package layout

import (
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// Split returns the articles of a page in the order in which they begin. The
// articles have one part each and carry no facets. A page of white space has none.
func Split(p corpus.Page) []corpus.Article {
	read := p // in Simplified characters, like the rules
	read.Text = zh.Simplified(p.Text)
	tokens := scan(read.Text)
	if len(tokens) == 0 {
		return nil
	}
	s := splitter{page: read, tokens: tokens}
	s.run()
	arts := make([]corpus.Article, 0, len(s.drafts))
	for _, d := range s.drafts {
		arts = append(arts, d.article(p))
	}
	shareColumns(s.drafts, arts)
	return arts
}

// shareColumns gives the name of a column to the articles that stand in it
// below the first: interviews after an interview, short news after short news.
// The words stay a block of the first.
func shareColumns(drafts []*draft, arts []corpus.Article) {
	column, form := "", plainForm
	for i := range arts {
		f := formOf(&arts[i])
		switch {
		case arts[i].Kicker != "" && drafts[i].column():
			column, form = arts[i].Kicker, f
		case arts[i].Kicker == "" && column != "" && f == form && f != plainForm:
			arts[i].Kicker = column
		default:
			column = ""
		}
	}
}

// form is how an article is printed, by which a column is told.
type form int

const (
	plainForm form = iota
	interview      // with a subtitle ——访…
	shortNews      // one headline line, 本报讯, one paragraph or two
)

func formOf(a *corpus.Article) form {
	titles, paragraphs := 0, 0
	for _, b := range a.Blocks {
		switch b.Kind {
		case corpus.BlockTitle:
			titles++
		case corpus.BlockParagraph, corpus.BlockList, corpus.BlockTable:
			paragraphs++
		}
	}
	switch {
	case strings.HasPrefix(zh.Simplified(a.Subtitle), "——访"):
		return interview
	case titles == 1 && paragraphs <= 2 && wireLead.MatchString(zh.Simplified(a.Byline)):
		return shortNews
	}
	return plainForm
}

func runeLen(s string) int { return utf8.RuneCountInString(s) }
