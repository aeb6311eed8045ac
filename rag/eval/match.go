package eval

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag/cite"
)

// says reports whether a text holds a snippet, white space and script aside. A snippet that
// begins with a digit does not match within a number: 9条 is not in 19条.
func says(text, snippet string) bool {
	text, snippet = zh.Simplified(withoutSpace(text)), zh.Simplified(withoutSpace(snippet))
	first, _ := utf8.DecodeRuneInString(snippet)
	for at := 0; snippet != ""; {
		i := strings.Index(text[at:], snippet)
		if i < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(text[:at+i])
		if !unicode.IsDigit(first) || !unicode.IsDigit(before) && before != '.' {
			return true
		}
		at += i + 1
	}
	return true
}

func withoutSpace(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// Shows reports whether a passage shows a snippet of its article: at least half
// of it, because a snippet may run over the end of a passage. Headlines and
// bylines are in no passage; whoever cites the article shows them with it.
func Shows(a *corpus.Article, p corpus.Passage, snippet string) bool {
	spans, err := cite.Find(a.Text, snippet)
	if err != nil {
		return says(p.Text, snippet) // too short to be looked up
	}
	for _, sp := range spans {
		if 2*common(sp, p.Span) >= sp.Len() || 2*titled(a, sp) >= sp.Len() {
			return true
		}
	}
	return false
}

// titled is how many bytes of a span are printed as headline or byline.
func titled(a *corpus.Article, sp corpus.Span) int {
	n := 0
	for _, b := range a.Blocks {
		switch b.Kind {
		case corpus.BlockKicker, corpus.BlockTitle, corpus.BlockSubtitle, corpus.BlockByline:
			n += common(sp, b.Span)
		}
	}
	return n
}

// common is how many bytes two spans share.
func common(a, b corpus.Span) int {
	return max(0, min(a.End, b.End)-max(a.Start, b.Start))
}
