package layout

import (
	"regexp"
	"strings"
	"unicode"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// Lengths of a made title in characters.
const (
	minMade = 10
	maxMade = 28
)

// opener is a clause that only says when.
var opener = regexp.MustCompile(`^(?:目前|当前|近日|日前|近年来|昨日|昨天|今日|今天|此前|其中|据悉|据了解|.{0,10}[日年月时])$`)

// stamp is what a site prints ahead of a report's first words: when it went out, and that
// the text begins.
var stamp = regexp.MustCompile(`^[\s，,]*(?:(?:[0-9]{4}[-/.年])?[0-9]{1,2}[-/.月][0-9]{1,2}日?[\s\x{3000}]*(?:[0-9]{1,2}[:：][0-9]{2}(?:[:：][0-9]{2})?)?[\s，,]*)?正文[:：]\s*(?:[（(]?原标题[:：]\s*)?`)

// madeTitle makes a title of an article's first words, whole clauses as far as
// they fit. An ellipsis says that the text goes on.
func madeTitle(a *corpus.Article) string {
	text := stamp.ReplaceAllString(firstText(a), "")
	clauses := strings.FieldsFunc(firstSentence(text), func(r rune) bool { return strings.ContainsRune("，,；;：:", r) })
	var title string
	for i, c := range clauses {
		c = strings.TrimFunc(c, invisible)
		if i == 0 && len(clauses) > 1 && opener.MatchString(zh.Simplified(c)) {
			continue
		}
		if title != "" && (runeLen(title) >= minMade || runeLen(title)+runeLen(c) >= maxMade) {
			break
		}
		if title != "" {
			title += "，"
		}
		title += c
	}
	title = strings.TrimFunc(title, func(r rune) bool { return invisible(r) || unicode.IsPunct(r) && !strings.ContainsRune("”》）)", r) })
	if rs := []rune(title); len(rs) > maxMade {
		title = string(rs[:maxMade])
	}
	if title == "" {
		return "…"
	}
	return title + "…"
}

// firstText is the first running text of an article, or its first words of any kind.
func firstText(a *corpus.Article) string {
	for _, b := range a.Blocks {
		switch b.Kind {
		case corpus.BlockParagraph, corpus.BlockList, corpus.BlockTable:
			return b.Span.In(a.Text)
		}
	}
	return a.Text
}

func firstSentence(s string) string {
	if i := strings.IndexAny(s, "。！？\n"); i > 0 {
		return s[:i]
	}
	return s
}
