// Package supplement adds to an answer what follows from printed words and is
// not printed itself: a sum, a difference or a share with its working, and that
// two reports tell a figure differently. Both come from code, never from a
// model, and the package does without one.
package supplement

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"wenbao/corpus"
	"wenbao/rag"
	"wenbao/rag/cite"
)

// Answerer adds to what another Answerer says. It is safe for concurrent use if
// that is.
type Answerer struct {
	// Inner answers; Checker computes and compares. Both are required.
	Inner   rag.Answerer
	Checker *cite.Checker
}

// Answer implements rag.Answerer.
func (a Answerer) Answer(ctx context.Context, q rag.Query, hits []rag.Hit) (rag.Answer, error) {
	out, err := a.Inner.Answer(ctx, q, hits)
	if err != nil {
		return rag.Answer{}, err
	}
	return Add(a.Checker, q, out, hits), nil
}

// Limits of what is compared and told.
const (
	// maxCompared is how many of the first hits are held against what is cited:
	// one hit takes about a tenth of a millisecond to take apart, and a report on
	// the same thing is found beside the one that was cited.
	maxCompared = 10
	// maxPairs is how many contradictions an answer tells of.
	maxPairs = 3
)

// Add gives the answer with what follows from it at its end, each with its
// citations: the figure that the query wants to have computed, and the reports
// among the first hits that contradict a figure that the answer cites. Refusals
// stay as they are. Neither the answer's lists nor the hits are changed.
func Add(c *cite.Checker, q rag.Query, a rag.Answer, hits []rag.Hit) rag.Answer {
	if a.Outcome != rag.Answered || len(a.Citations) == 0 {
		return a
	}
	a.Sentences, a.Citations = slices.Clone(a.Sentences), slices.Clone(a.Citations)
	computed, ok := c.Compute(q, a.Citations)
	pairs := c.Contradictions(compared(a, hits))
	if ok {
		addWorking(&a, computed)
	}
	told := 0
	for _, p := range pairs {
		if told < maxPairs && (cites(a, p.A) || cites(a, p.B)) {
			addPair(&a, p)
			told++
		}
	}
	return a
}

// compared are the first hits and those that are cited, in their order.
func compared(a rag.Answer, hits []rag.Hit) []rag.Hit {
	var out []rag.Hit
	for i, h := range hits {
		if i < maxCompared || slices.ContainsFunc(a.Citations, func(c rag.Citation) bool { return c.Passage.ID == h.Passage.ID }) {
			out = append(out, h)
		}
	}
	return out
}

// addWorking writes a computed figure. The sentence that the citations support
// is what is reckoned with; the result follows from it and stands in no print.
func addWorking(a *rag.Answer, computed cite.Computed) {
	sum, _, found := strings.Cut(computed.Working, "=")
	if !found {
		sum, _, _ = strings.Cut(computed.Working, "≈")
	}
	a.Text += "\n由以上数字算得：" + computed.Working
	a.Sentences = append(a.Sentences, rag.Sentence{Text: sum, Citations: slices.Clone(computed.Citations)})
}

// cites reports whether the answer cites the figure where it was told.
func cites(a rag.Answer, told cite.Told) bool {
	return citation(a, told) > 0
}

// citation is the number of the citation that holds what was told, 0 at none.
func citation(a rag.Answer, told cite.Told) int {
	for _, c := range a.Citations {
		if c.Passage.ID == told.Citation.Passage.ID && strings.Contains(c.Quote, told.Figure) {
			return c.N
		}
	}
	return 0
}

// addPair writes who told what when, the earlier report first.
func addPair(a *rag.Answer, p cite.Contradiction) {
	var numbers []int
	part := func(told cite.Told) string {
		n := citation(*a, told)
		if n == 0 {
			n = len(a.Citations) + 1
			told.Citation.N = n
			a.Citations = append(a.Citations, told.Citation)
		}
		numbers = append(numbers, n)
		return fmt.Sprintf("%s“%s” [%d]", teller(told), shown(told.Citation.Quote), n)
	}
	text := "报道说法不一：" + part(p.A) + "；" + part(p.B) + "。"
	a.Text += "\n" + text
	a.Sentences = append(a.Sentences, rag.Sentence{Text: text, Citations: numbers})
}

// shown is a quote as it stands in a sentence: printed brackets are no markers,
// and its full stop is the sentence's.
func shown(quote string) string {
	return strings.NewReplacer("[", "〔", "]", "〕").Replace(strings.TrimRight(quote, "。，；,;"))
}

// teller is the newspaper, the day of printing and the speaker.
func teller(told cite.Told) string {
	meta := told.Citation.Part().Meta
	s := meta.Newspaper + day(meta.Date)
	switch speaker := told.Facets.Speaker; {
	case speaker != "":
		return s + speaker + "说"
	case s == "":
		return "《" + told.Citation.Article.Title + "》"
	}
	return s + "："
}

// day is a date in Chinese, as far as it is known.
func day(d corpus.Date) string {
	var b strings.Builder
	for _, part := range []struct {
		n    int
		unit string
	}{{d.Year, "年"}, {d.Month, "月"}, {d.Day, "日"}} {
		if part.n > 0 {
			fmt.Fprintf(&b, "%d%s", part.n, part.unit)
		}
	}
	return b.String()
}
