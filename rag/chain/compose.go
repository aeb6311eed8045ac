package chain

import (
	"cmp"
	"slices"
	"strings"

	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/chain/supplement"
	"wenbao/rag/cite"
)

// The faults of a text that is true and still no answer, beside those of the
// model client and the check's reasons.
const (
	// FaultBeside is a text on another matter, place or year than was asked for.
	FaultBeside = "beside"
	// FaultPartial is one that leaves out a place for which there is evidence.
	FaultPartial = "partial"
)

// compose makes the answer of what the check kept, or lets the extractive one
// stand in.
func (a *Answerer) compose(q rag.Query, hits []rag.Hit, printed rag.Answer, review cite.Review, fault string) rag.Answer {
	if fault == "" {
		fault = falls(q, printed, review)
	}
	if fault != "" {
		return a.standIn(printed, review.Removed, fault)
	}
	out := rag.Answer{
		Query: q, Outcome: rag.Answered, Mode: rag.Generative, Model: a.opt.Model.Name(), Removed: review.Removed,
		Text: review.Kept, Sentences: review.Stated, Citations: review.Citations, Notice: remarks(q, review),
	}
	return supplement.Add(a.opt.Checker, q, out, hits)
}

// standIn is the extractive answer, with a line on what happened to the model's.
// Where both find nothing they agree, and there is no fault to tell of.
func (a *Answerer) standIn(printed rag.Answer, removed int, fault string) rag.Answer {
	printed.Model, printed.Removed = a.opt.Model.Name(), removed
	if fault == string(cite.ReasonRefused) && printed.Outcome == rag.NoEvidence {
		return printed
	}
	printed.Fault = fault
	printed.Notice = strings.Trim(faultNotice(fault, printed)+"\n"+printed.Notice, "\n")
	return printed
}

// falls says why what was kept is no answer to the query, "" where it is one. It
// has to speak of the matter, a place and a year that were asked for, and of each
// place that the extractive answer has something on.
func falls(q rag.Query, printed rag.Answer, review cite.Review) string {
	if len(review.Stated) == 0 || len(review.Citations) == 0 {
		return string(cmp.Or(review.Reason, cite.ReasonUnsupported))
	}
	var told []rag.Citation // by the sentences that are to the point
	for _, s := range review.Stated {
		if of := citationsOf(s, review.Citations); inPeriod(q, s, of) && onTopic(q, s, of, printed.Citations) {
			told = append(told, of...)
		}
	}
	if len(told) == 0 || len(q.Places) > 0 && !slices.ContainsFunc(q.Places, func(p string) bool { return covers(told, p) }) {
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
// names none, the check has held it against the question's, and its passages may
// not be of other years alone.
func inPeriod(q rag.Query, s rag.Sentence, of []rag.Citation) bool {
	if len(q.Periods) == 0 {
		return true
	}
	named := false
	for _, c := range of {
		for _, t := range zh.Times(s.Text, c.Part().Date) {
			if slices.ContainsFunc(q.Periods, t.Years.Overlaps) {
				return true
			}
			named = named || !t.Years.IsZero()
		}
	}
	return !named && slices.ContainsFunc(of, func(c rag.Citation) bool {
		y := c.Passage.Facets.Period
		return y.IsZero() || slices.ContainsFunc(q.Periods, y.Overlaps)
	})
}

// onTopic reports whether a sentence or what it quotes has a word of the matter, or
// rests on a passage that the extractive answer rests on as well. Without that, a
// page that tells the model what to say would be obeyed in its own words.
func onTopic(q rag.Query, s rag.Sentence, of, printed []rag.Citation) bool {
	if q.Topic == "" {
		return true
	}
	words := []string{s.Text}
	for _, c := range of {
		if slices.ContainsFunc(printed, func(p rag.Citation) bool { return p.Passage.ID == c.Passage.ID }) {
			return true
		}
		words = append(append(words, c.Quote), c.Passage.Headings...)
	}
	said := zh.Fold(strings.Join(words, "\n"))
	if sharesPair(said, q.Topic) {
		return true
	}
	return slices.ContainsFunc(q.Wordings, func(w rag.Wording) bool {
		return slices.ContainsFunc(w.Printed, func(printed string) bool { return sharesPair(said, printed) })
	})
}

// sharesPair reports whether a folded text has two characters of term that stand
// together there, or all of a shorter one.
func sharesPair(said, term string) bool {
	runes := []rune(zh.Fold(term))
	if len(runes) < 2 {
		return strings.Contains(said, string(runes))
	}
	for i := range len(runes) - 1 {
		if pair := string(runes[i : i+2]); !strings.ContainsAny(pair, " 的") && strings.Contains(said, pair) {
			return true
		}
	}
	return false
}

// covers reports whether one of the citations is of a place.
func covers(citations []rag.Citation, place string) bool {
	return slices.ContainsFunc(citations, func(c rag.Citation) bool { return speaksOf(c.Passage, place) })
}

// finished is a text without the sentence that the limit of tokens cut off: half
// a sentence can be supported and say something else than the whole.
func finished(text, stopReason string) string {
	spans := zh.Sentences(text)
	if stopReason != stopLength || len(spans) == 0 {
		return text
	}
	last := spans[len(spans)-1]
	whole := slices.ContainsFunc(sentenceEnds(), func(end string) bool { return strings.HasSuffix(last.In(text), end) })
	if whole {
		return text
	}
	return text[:last.Start]
}

// stopLength is why a model stopped that had used up its tokens.
const stopLength = "length"

// sentenceEnds are what a whole sentence ends with, a marker's bracket included.
func sentenceEnds() []string {
	return []string{"。", "！", "？", "!", "?", "…", "”", "]", "】", "］"}
}
