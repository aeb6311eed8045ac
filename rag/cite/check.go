package cite

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"wenbao/corpus/zh"
	"wenbao/rag"
)

// ProblemKind says what is wrong with an answer.
type ProblemKind string

// The kinds of problem.
const (
	Uncited    ProblemKind = "uncited"    // a sentence has no citation
	Unresolved ProblemKind = "unresolved" // a number leads to no citation
	Misquoted  ProblemKind = "misquoted"  // a quote is not in its passage
	Displaced  ProblemKind = "displaced"  // a passage is not its span of the article
	Unfounded  ProblemKind = "unfounded"  // a figure stands in no passage cited for it
	Unnumbered ProblemKind = "unnumbered" // the citations do not count from 1
	Unstated   ProblemKind = "unstated"   // a sentence does not stand in the answer's text
)

// Problem is something that an answer must not have.
type Problem struct {
	Kind ProblemKind `json:"kind"`
	// Sentence counts the answer's sentences from 1; 0 where the problem lies
	// with a citation or with the whole text.
	Sentence int `json:"sentence,omitempty"`
	// Citation is the number of the citation, 0 where there is none to name.
	Citation int `json:"citation,omitempty"`
	// Text is the words that are wrong: the figure, the quote, the sentence.
	Text string `json:"text,omitempty"`
}

// String is for logs and test failures.
func (p Problem) String() string {
	return fmt.Sprintf("%s: sentence %d, citation %d: %q", p.Kind, p.Sentence, p.Citation, p.Text)
}

// Check lists what is wrong with an answer: first its citations, then its
// sentences, then the markers of its text, each in order. A sound answer has no
// problems; one without sentences and citations has none either.
func Check(a rag.Answer) []Problem {
	var out []Problem
	for i, c := range a.Citations {
		out = append(out, checkCitation(i+1, c)...)
	}
	for i, s := range a.Sentences {
		out = append(out, checkSentence(i+1, s, a)...)
	}
	for _, m := range marker.FindAllStringSubmatch(a.Text, -1) {
		if n, err := strconv.Atoi(m[1]); err != nil || !resolves(a, n) {
			out = append(out, Problem{Kind: Unresolved, Citation: n, Text: m[0]})
		}
	}
	return out
}

// marker is a citation's number in an answer's text.
var marker = regexp.MustCompile(`\[(\d+)\]`)

func resolves(a rag.Answer, n int) bool {
	return slices.ContainsFunc(a.Citations, func(c rag.Citation) bool { return c.N == n })
}

func checkCitation(n int, c rag.Citation) []Problem {
	var out []Problem
	add := func(kind ProblemKind, text string) {
		out = append(out, Problem{Kind: kind, Citation: c.N, Text: text})
	}
	if c.N != n {
		add(Unnumbered, "")
	}
	if c.Quote == "" || !strings.Contains(c.Passage.Text, c.Quote) {
		add(Misquoted, c.Quote)
	}
	sp := c.Passage.Span
	if c.Article == nil || c.Passage.Article != c.Article.ID ||
		sp.Start < 0 || sp.End < sp.Start || sp.End > len(c.Article.Text) || sp.In(c.Article.Text) != c.Passage.Text {
		add(Displaced, c.Passage.ID)
	}
	return out
}

func checkSentence(n int, s rag.Sentence, a rag.Answer) []Problem {
	var out []Problem
	if len(s.Citations) == 0 {
		out = append(out, Problem{Kind: Uncited, Sentence: n, Text: s.Text})
	}
	if !strings.Contains(a.Text, s.Text) {
		out = append(out, Problem{Kind: Unstated, Sentence: n, Text: s.Text})
	}
	var founded []zh.Figure
	for _, number := range s.Citations {
		if !resolves(a, number) {
			out = append(out, Problem{Kind: Unresolved, Sentence: n, Citation: number})
		}
		for _, c := range a.Citations {
			if c.N == number {
				founded = append(founded, printedFigures(c)...)
			}
		}
	}
	text := marker.ReplaceAllString(s.Text, "")
	for _, f := range zh.Figures(text) {
		if !slices.ContainsFunc(founded, func(p zh.Figure) bool { return sameFigure(f, p) }) {
			out = append(out, Problem{Kind: Unfounded, Sentence: n, Text: f.In(text)})
		}
	}
	return out
}

// printedFigures are the figures of a passage and of the headings above it.
func printedFigures(c rag.Citation) []zh.Figure {
	out := zh.Figures(c.Passage.Text)
	for _, h := range c.Passage.Headings {
		out = append(out, zh.Figures(h)...)
	}
	return out
}

// sameFigure compares number and unit. A table has its units in the head of a
// column and its figures without: there the number has to do.
func sameFigure(said, printed zh.Figure) bool {
	return said.Value == printed.Value && (said.Unit == printed.Unit || printed.Unit == "" || said.Unit == "")
}
