package query

import (
	"iter"
	"slices"
	"unicode/utf8"

	"wenbao/corpus/zh"
	"wenbao/rag"
)

// maxEarlier is how many characters of earlier turns serve a search: the last
// few turns, not a whole evening's conversation. A longer turn is left out.
const maxEarlier = 600

// Weights of what was said before. The newest text weighs as much as the question
// itself, each one before it fading of the next, and passed of that where the next
// names something: what was spoken of until then is no longer the subject.
//
// Chosen on the half of kdconv_travel that is not held out (R@1 / R@5 / R@10); the
// weights 1, 2/3 and 1/3 for all older texts, whatever they name, are beside it:
//
//	                          chosen on          held out
//	by age in three steps     .742 .951 .972     .780 .944 .972
//	fading alone              .837 .965 .981     .848 .954 .976
//	fading and passed         .895 .975 .988     .876 .970 .980
//
// R@1 changes by less than a point for a fading of 0.7 to 0.8 and a passed of 0.15 to
// 0.3. Names that are titles of the collection, in the stead of names by their form,
// give .93 on the first half and .90 on the second.
const (
	fading = 0.75
	passed = 0.2
	// leastWeight is what a text has to weigh to be searched for: below it, it costs
	// time and R@1 is no better for it.
	leastWeight = 0.1
)

// said is the end of what was said before a question, oldest first.
func said(question string, history []rag.Turn) []rag.Said {
	var out []rag.Said
	left, weight, next := maxEarlier, 1.0, question
	for text := range newestFirst(history) {
		if naming(zh.Simplified(next)) {
			weight *= passed
		}
		if weight < leastWeight {
			break
		}
		if n := utf8.RuneCountInString(text); n <= left {
			left -= n
			out = append(out, rag.Said{Text: text, Weight: weight})
		}
		weight, next = weight*fading, text
	}
	slices.Reverse(out)
	return out
}

// newestFirst are the texts of a conversation.
func newestFirst(history []rag.Turn) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, t := range slices.Backward(history) {
			for _, text := range [...]string{t.Answer, t.Question} {
				if text = clean(text); text != "" && !yield(text) {
					return
				}
			}
		}
	}
}
