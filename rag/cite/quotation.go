package cite

import (
	"slices"
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// quotes holds what stands in quotation marks and title marks.
func (h *holder) quotes(text string) {
	_, quoted := splitQuotes(text)
	for _, q := range quoted {
		if !slices.ContainsFunc(h.sources, func(s *source) bool { return s.prints(q) }) {
			h.finding.add(WrongQuote, q)
		}
	}
}

// prints reports whether words stand in a passage or in what it is printed under.
func (s *source) prints(words string) bool {
	if spans, err := Find(s.text, words); err == nil && len(spans) > 0 {
		return true
	}
	folded := strings.Trim(zh.Fold(words), `".,;:!?、`)
	if strings.Contains(s.around, folded) {
		return true
	}
	return utf8.RuneCountInString(folded) < minHan && strings.Contains(s.folded, folded)
}

// splitQuotes takes what stands in “”, 「」 and 《》 out of a sentence. A quotation
// within the sentence leaves its words in place, for they say something too; one
// of a clause or more is left out, since it is held word by word.
func splitQuotes(text string) (plain string, quoted []string) {
	var b strings.Builder
	at := 0
	for _, sp := range quotations(text) {
		inner := sp.In(text)
		_, open := utf8.DecodeRuneInString(inner)
		_, shut := utf8.DecodeLastRuneInString(inner)
		words := inner[open : len(inner)-shut]
		if strings.TrimSpace(words) != "" {
			quoted = append(quoted, words)
		}
		b.WriteString(text[at:sp.Start])
		if zh.CountHan(words) <= longestTerm {
			b.WriteString(inner)
		}
		at = sp.End
	}
	b.WriteString(text[at:])
	return b.String(), quoted
}

// longestTerm is how many characters in quotation marks are a name or a term and
// no statement of its own.
const longestTerm = 8

// quotations are the outermost quotations and titles of a text.
func quotations(text string) []corpus.Span {
	var out []corpus.Span
	closers := map[rune]rune{'“': '”', '「': '」', '『': '』', '《': '》', '‘': '’'}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		end := -1
		switch closer, opens := closers[r]; {
		case opens:
			end = strings.IndexRune(text[i+size:], closer)
			size += max(end, 0)
			if end >= 0 {
				size += utf8.RuneLen(closer)
			}
		case r == '"':
			end = strings.IndexByte(text[i+1:], '"')
			if end >= 0 {
				size += end + 1
			}
		}
		if end >= 0 {
			out = append(out, corpus.Span{Start: i, End: i + size})
		}
		i += size
	}
	return out
}
