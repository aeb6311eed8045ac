package chain

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/cite"
)

// falls says why what was kept is no answer to the query, "" where it is one. It
// has to speak of the matter, a place and a year that were asked for, to give the
// figure, and to speak of each place that the extractive answer has something on.
func falls(q rag.Query, printed rag.Answer, review cite.Review) string {
	if len(review.Stated) == 0 || len(review.Citations) == 0 {
		return string(cmp.Or(review.Reason, cite.ReasonUnsupported))
	}
	var point []rag.Sentence // those to the point, and what they rest on
	var told []rag.Citation
	for _, s := range review.Stated {
		if of := citationsOf(s, review.Citations); inPeriod(q, s, of, printed) && onTopic(q, s, of, printed) {
			point, told = append(point, s), append(told, of...)
		}
	}
	if len(point) == 0 || !givesFigure(q, point, printed) || len(q.Places) > 0 && !slices.ContainsFunc(q.Places, func(p string) bool { return covers(told, p) }) {
		return FaultBeside
	}
	for _, p := range q.Places {
		if printed.Outcome == rag.Answered && covers(printed.Citations, p) && !covers(told, p) {
			return FaultPartial
		}
	}
	return ""
}

// citationsOf are the citations of a sentence.
func citationsOf(s rag.Sentence, all []rag.Citation) []rag.Citation {
	var out []rag.Citation
	for _, c := range all {
		if slices.Contains(s.Citations, c.N) {
			out = append(out, c)
		}
	}
	return out
}

// inPeriod reports whether a sentence is of a year that was asked for. Where it
// names none, the check has held it against the question's: then it may rest on
// what the extractive answer rests on, or on passages not of other years alone.
// 比上年 and five-year plans name no year of their own.
func inPeriod(q rag.Query, s rag.Sentence, of []rag.Citation, printed rag.Answer) bool {
	if len(q.Periods) == 0 {
		return true
	}
	named := false
	for _, c := range of {
		for _, t := range zh.Times(s.Text, c.Part().Date) {
			if slices.ContainsFunc(q.Periods, t.Years.Overlaps) {
				return true
			}
			named = named || !t.Years.IsZero() && !t.Relative && !t.Plan
		}
	}
	if named {
		return false
	}
	return slices.ContainsFunc(of, func(c rag.Citation) bool {
		y := c.Passage.Facets.Period
		return y.IsZero() || slices.ContainsFunc(q.Periods, y.Overlaps) || printed.Outcome == rag.Answered && rests(printed, c)
	})
}

// rests reports whether an answer rests on the passage of a citation.
func rests(a rag.Answer, c rag.Citation) bool {
	return slices.ContainsFunc(a.Citations, func(own rag.Citation) bool { return own.Passage.ID == c.Passage.ID })
}

// onTopic reports whether a sentence and what it quotes are about the matter. Where
// the extractive answer has something, a word of the topic is enough, or a passage
// that both rest on; without that, a page that tells the model what to say would be
// obeyed in its own words. Where it has nothing, the sentence has to be about every
// part of the topic: a model that cannot refuse speaks of what lies near.
func onTopic(q rag.Query, s rag.Sentence, of []rag.Citation, printed rag.Answer) bool {
	parts := strings.Fields(q.Topic)
	if len(parts) == 0 {
		return true
	}
	words := []string{s.Text}
	same := false
	for _, c := range of {
		same = same || rests(printed, c)
		words = append(append(words, c.Quote), c.Passage.Headings...)
	}
	said := zh.Fold(strings.Join(words, "\n"))
	if printed.Outcome == rag.Answered {
		return same || slices.ContainsFunc(parts, func(part string) bool { return share(said, q, part) > 0 })
	}
	return !slices.ContainsFunc(parts, func(part string) bool { return share(said, q, part) < leastShare })
}

// givesFigure reports whether the sentences give a figure where one was asked for:
// one of those that the extractive answer gives, where it gives any.
func givesFigure(q rag.Query, point []rag.Sentence, printed rag.Answer) bool {
	if q.Asks != rag.AsksNumber {
		return true
	}
	given := figures(point)
	if printed.Outcome != rag.Answered {
		return len(given) > 0
	}
	known := figures(printed.Sentences)
	return len(known) == 0 || slices.ContainsFunc(given, func(v string) bool { return slices.Contains(known, v) })
}

// figures are the values of the figures in sentences, markers left out.
func figures(sentences []rag.Sentence) []string {
	var out []string
	for _, s := range sentences {
		for _, f := range zh.Figures(marker.ReplaceAllString(s.Text, "")) {
			out = append(out, f.Value)
		}
	}
	return out
}

// marker is a citation's number in a sentence.
var marker = regexp.MustCompile(`\[\d+\]`)

// leastShare is how much of each part of a topic a sentence has to have where the
// rules found nothing. 新增民宿 shares a third of its pairs with 新增学位, and all of
// them with what answers it.
const leastShare = 0.5

// share is how much of a part of the topic stands in a folded text: its pairs of
// neighbouring characters, or all of it where a printed wording for it stands there.
func share(said string, q rag.Query, part string) float64 {
	for _, w := range q.Wordings {
		if strings.Contains(part, w.Said) && slices.ContainsFunc(w.Printed, func(p string) bool { return strings.Contains(said, zh.Fold(p)) }) {
			return 1
		}
	}
	runes := []rune(zh.Fold(part))
	if len(runes) == 1 && strings.ContainsRune(said, runes[0]) {
		return 1
	}
	pairs, found := 0, 0
	for i := range len(runes) - 1 {
		pair := string(runes[i : i+2])
		if strings.Contains(pair, "的") {
			continue
		}
		pairs++
		if strings.Contains(said, pair) {
			found++
		}
	}
	return float64(found) / float64(max(pairs, 1))
}

// covers reports whether one of the citations is of a place.
func covers(citations []rag.Citation, place string) bool {
	return slices.ContainsFunc(citations, func(c rag.Citation) bool { return speaksOf(c.Passage, place) })
}
