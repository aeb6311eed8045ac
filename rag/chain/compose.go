package chain

import (
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
