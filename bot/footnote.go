package bot

import (
	"strings"
	"unicode/utf16"

	"wenbao/corpus"
	"wenbao/rag"
)

// Footnotes are written as GB/T 7714-2015 has it for articles of newspapers:
//
//	作者. 题名[N]. 报纸名, 2025-01-15(3).
const (
	footnoteKind = "[N]"
	// footnoteAuthors is how many authors the standard names before 等.
	footnoteAuthors = 3
	etAl            = "等"
	untitled        = "无题"
)

// footnote is a citation for the clipboard, within MaxCopy characters: a title
// too long for that is cut. It is in Chinese whatever the language, as the papers
// are.
func footnote(c rag.Citation) string {
	title := c.Article.Title
	if c.Article.TitleMade || title == "" {
		title = untitled
	}
	before, after := author(c.Article), footnoteKind+". "+imprint(c.Part().Meta)+"."
	if before != "" {
		before = cutUnits(before, MaxCopy/2) + ". "
	}
	after = cutUnits(after, MaxCopy/4)
	return before + cutUnits(title, MaxCopy-units(before)-units(after)) + after
}

// author names the byline's authors, else the office that issued the article.
func author(a *corpus.Article) string {
	var names []string
	for _, au := range a.Authors {
		if len(names) == footnoteAuthors {
			names = append(names, etAl)
			break
		}
		names = append(names, au.Name)
	}
	if len(names) == 0 {
		return a.Office
	}
	return strings.Join(names, ", ")
}

// imprint is the newspaper, the day and the page. The standard sets a date that
// was worked out in brackets.
func imprint(m corpus.Meta) string {
	date := m.Date.String()
	if date != "" && m.DateInferred {
		date = "[" + date + "]"
	}
	s := strings.Join(notBlank(m.Newspaper, date), ", ")
	if m.Edition != "" {
		s += "(" + m.Edition + ")"
	}
	return s
}

// units is a length in UTF-16, as Button.Copy is measured.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// cutUnits cuts a text that is longer than so many units of UTF-16, and marks it.
func cutUnits(s string, limit int) string {
	if units(s) <= limit {
		return s
	}
	const mark = "…"
	n := units(mark)
	for i, r := range s {
		if n += utf16.RuneLen(r); n > limit {
			return s[:i] + mark
		}
	}
	return s
}
