package bot

import (
	"slices"
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag"
)

// omitted stands for text that is left out.
const omitted = "……"

// firstSentences is the beginning of a text, at most so many characters of it.
func firstSentences(text string, limit int) string {
	return excerpt(text, window(text, 0, limit))
}

// lastSentences is the end of a text, at most so many characters of it.
func lastSentences(text string, limit int) string {
	return excerpt(text, window(text, len(zh.Sentences(text))-1, limit))
}

// around is the part of a text that is nearest to what a query asks: whole
// sentences, at most so many characters.
func around(text string, q rag.Query, limit int) corpus.Span {
	return window(text, nearest(text, q), limit)
}

// excerpt marks where a text goes on beside a span of it.
func excerpt(text string, span corpus.Span) string {
	s := strings.TrimSpace(span.In(text))
	if strings.TrimSpace(text[:span.Start]) != "" {
		s = omitted + s
	}
	if strings.TrimSpace(text[span.End:]) != "" {
		s += omitted
	}
	return s
}

// window is the sentence with a number and as many whole ones after it, and then
// before it, as fit in a number of characters. A sentence that does not fit by
// itself is cut after a clause.
func window(text string, i, limit int) corpus.Span {
	spans := zh.Sentences(text)
	if i < 0 || i >= len(spans) {
		return corpus.Span{}
	}
	out := spans[i]
	if utf8.RuneCountInString(out.In(text)) > limit {
		out.End = out.Start + len(firstClauses(out.In(text), limit))
		return out
	}
	fits := func(s corpus.Span) bool { return utf8.RuneCountInString(s.In(text)) <= limit }
	for _, s := range spans[i+1:] {
		wider := corpus.Span{Start: out.Start, End: s.End}
		if !fits(wider) {
			break
		}
		out = wider
	}
	for _, s := range slices.Backward(spans[:i]) {
		wider := corpus.Span{Start: s.Start, End: out.End}
		if !fits(wider) {
			break
		}
		out = wider
	}
	return out
}

// firstClauses is the beginning of a sentence up to where a clause ends, so that
// no figure is cut from its unit; of a very long clause it is the beginning.
func firstClauses(s string, limit int) string {
	head := firstRunes(s, limit)
	end := 0
	for i, r := range head {
		if strings.ContainsRune("，,；;：:、", r) {
			end = i
		}
	}
	if end == 0 {
		return head
	}
	return head[:end]
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// nearest is the number of the sentence that has most of a query's words; the first
// of several.
func nearest(text string, q rag.Query) int {
	words := wordsOf(q)
	best, most := 0, 0
	for i, s := range zh.Sentences(text) {
		folded, n := zh.Fold(s.In(text)), 0
		for _, w := range words {
			if strings.Contains(folded, w) {
				n++
			}
		}
		if n > most {
			best, most = i, n
		}
	}
	return best
}
