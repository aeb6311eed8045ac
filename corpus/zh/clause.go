package zh

import (
	"unicode/utf8"

	"wenbao/corpus"
)

// Clause is a piece of a sentence between commas and semicolons.
type Clause struct {
	corpus.Span
	// Lead is the separator printed before it (， , ； ;), 0 for the first.
	Lead rune
}

// Clauses cuts one sentence at its commas and semicolons, full or half width.
// Separators inside quotation marks, titles and brackets do not cut, nor does
// the comma of 1,000; a bracket that is never closed, or never opened, protects
// nothing. Clauses carry neither their separators nor blanks at the ends, and
// the last keeps the sentence's end mark. Empty clauses are left out, and Lead
// is then the separator nearest before the clause.
func Clauses(sentence string) []Clause {
	var clauses []Clause
	var lead rune
	start := 0
	add := func(end int) {
		if sp := trim(sentence, start, end); sp.Len() > 0 {
			clauses = append(clauses, Clause{sp, lead})
		}
	}
	topLevel(sentence, func(i int, r rune) {
		switch r {
		case '，', '；', ';':
		case ',':
			if groupsDigits(sentence, i) {
				return
			}
		default:
			return
		}
		add(i)
		lead, start = r, i+utf8.RuneLen(r)
	})
	add(len(sentence))
	return clauses
}

// Items cuts a clause at 、 into the items of its list, by the rules of Clauses
// for what protects and what is left out. Words before and after the list stay
// with the first and the last item: 推动甲、乙建设 gives 推动甲 and 乙建设.
func Items(clause string) []corpus.Span {
	var items []corpus.Span
	start := 0
	add := func(end int) {
		if sp := trim(clause, start, end); sp.Len() > 0 {
			items = append(items, sp)
		}
	}
	topLevel(clause, func(i int, r rune) {
		if r == '、' || r == '､' {
			add(i)
			start = i + utf8.RuneLen(r)
		}
	})
	add(len(clause))
	return items
}

// groupsDigits reports whether the comma at i stands before exactly three
// digits and after one.
func groupsDigits(s string, i int) bool {
	const group = 3
	digit := func(k int) bool { return k >= 0 && k < len(s) && '0' <= s[k] && s[k] <= '9' }
	for k := 1; k <= group; k++ {
		if !digit(i + k) {
			return false
		}
	}
	return digit(i-1) && !digit(i+group+1)
}

// topLevel calls visit for each rune of s that stands in no matched pair of
// brackets or quotation marks; the marks themselves are not visited.
func topLevel(s string, visit func(i int, r rune)) {
	pairs := enclosed(s)
	for i := 0; i < len(s); {
		if len(pairs) > 0 && i == pairs[0].Start {
			i = pairs[0].End
			pairs = pairs[1:]
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		visit(i, r)
		i += n
	}
}

// open is a bracket that waits for its closer.
type open struct {
	closer rune
	at     int
}

// enclosed is the outermost matched pairs of brackets and quotation marks in s,
// marks included, in order. A closer matches the nearest opener of its kind and
// leaves those between them unmatched.
func enclosed(s string) []corpus.Span {
	var (
		pairs   []corpus.Span
		waiting []open
	)
	for i, r := range s {
		if r >= firstIdeograph && r <= lastIdeograph {
			continue
		}
		closer := closerOf(r)
		if r == '"' && !waitsFor(waiting, r) {
			closer = r
		}
		if closer != 0 {
			waiting = append(waiting, open{closer, i})
			continue
		}
		if r != '"' && !isCloser(r) {
			continue
		}
		for k := len(waiting) - 1; k >= max(0, len(waiting)-maxNesting); k-- {
			if waiting[k].closer == r {
				pairs = outermost(pairs, corpus.Span{Start: waiting[k].at, End: i + utf8.RuneLen(r)})
				waiting = waiting[:k]
				break
			}
		}
	}
	return pairs
}

// maxNesting bounds how many unclosed openers a closer looks back over, so that
// a text of nothing but brackets takes linear time; print nests two or three deep.
const maxNesting = 16

// waitsFor reports whether one of the innermost openers waits for closer.
func waitsFor(waiting []open, closer rune) bool {
	for k := len(waiting) - 1; k >= max(0, len(waiting)-maxNesting); k-- {
		if waiting[k].closer == closer {
			return true
		}
	}
	return false
}

// outermost adds a pair and drops those that lie inside it.
func outermost(pairs []corpus.Span, pair corpus.Span) []corpus.Span {
	for len(pairs) > 0 && pairs[len(pairs)-1].Start > pair.Start {
		pairs = pairs[:len(pairs)-1]
	}
	return append(pairs, pair)
}
