package ragtest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"wenbao/rag"
)

// CheckAnswer asserts what holds for every answer: its quotes are printed words
// of the passages, its passages printed words of the articles; every sentence
// is in the text and cited; citations are numbered from 1 in order of first use
// and the text's markers are theirs; an answer has evidence, and a refusal has
// none unless a notice says what for.
func CheckAnswer(t testing.TB, a rag.Answer) {
	t.Helper()
	if !utf8.ValidString(a.Text) || strings.TrimSpace(a.Text) == "" {
		t.Errorf("text is empty or no UTF-8: %q", a.Text)
	}
	for i, c := range a.Citations {
		checkCitation(t, i, c)
	}
	checkSentences(t, &a)
	switch a.Outcome {
	case rag.Answered:
		if len(a.Citations) == 0 {
			t.Errorf("an answer without evidence: %s", a.Text)
		}
	case rag.NoEvidence:
		if len(a.Citations) > 0 && a.Notice == "" {
			t.Errorf("a refusal shows sources without a notice: %s", a.Text)
		}
	default:
		t.Errorf("outcome is %q", a.Outcome)
	}
}

func checkCitation(t testing.TB, i int, c rag.Citation) {
	t.Helper()
	if c.N != i+1 {
		t.Errorf("citation %d has the number %d", i+1, c.N)
	}
	if c.Quote == "" || !strings.Contains(c.Passage.Text, c.Quote) {
		t.Errorf("quote %q is not in passage %q", c.Quote, c.Passage.Text)
	}
	if c.Article == nil || c.Article.ID != c.Passage.Article {
		t.Fatalf("citation %d: the article is not the passage's", c.N)
	}
	sp := c.Passage.Span
	if sp.Start < 0 || sp.End > len(c.Article.Text) || sp.Start >= sp.End || sp.In(c.Article.Text) != c.Passage.Text {
		t.Errorf("passage %q is not what its span gives in the article", c.Passage.Text)
	}
}

// marker is a citation's number in the text.
var marker = regexp.MustCompile(`\[(\d+)\]`)

func checkSentences(t testing.TB, a *rag.Answer) {
	t.Helper()
	var used []int
	rest := a.Text
	for _, s := range a.Sentences {
		if len(s.Citations) == 0 {
			t.Errorf("sentence %q has no citation", s.Text)
		}
		used = append(used, s.Citations...)
		_, after, ok := strings.Cut(rest, s.Text)
		if s.Text == "" || !ok {
			t.Errorf("sentence %q is not in the text, or not in order: %s", s.Text, a.Text)
		}
		rest = after
	}
	var marked []int
	for _, m := range marker.FindAllStringSubmatch(a.Text, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			t.Errorf("marker %s: %v", m[0], err)
		}
		marked = append(marked, n)
	}
	if !slices.Equal(marked, used) {
		t.Errorf("the text has the markers %v, its sentences the citations %v: %s", marked, used, a.Text)
	}
	next := 1
	for _, n := range used {
		if n < 1 || n > next {
			t.Errorf("citations are used in the order %v, want 1, 2, … by first use", used)
			return
		}
		next = max(next, n+1)
	}
	if next-1 != len(a.Citations) {
		t.Errorf("%d of %d citations are used", next-1, len(a.Citations))
	}
}
