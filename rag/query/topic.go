package query

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag"
)

// officeBehind is what makes the last character of a place's name the first of
// an office's.
var officeBehind = regexp.MustCompile(`^(?:委|长|政府|政协|人大|纪委|法院|检察院)`)

// whichPlace asks for places of a sort: the answer names them without the word
// (哪两个乡镇: 在青石镇、梨树乡). 乡村 begins the topic (哪些乡村振兴的打算).
var whichPlace = regexp.MustCompile(`哪[一两三几些]?个?(?:(乡村)|县区|乡镇|街道|地方|区|县|镇|乡|村)`)

// topic is what is left of a question without places, times, names of known
// speakers and the words that only ask.
func (u *Understander) topic(p *parsed) string {
	var places, numbers []corpus.Span
	for _, sp := range p.placeSpans {
		if officeBehind.MatchString(p.text[sp.End:]) { // 松岭县委书记 asks for the 县委书记
			_, n := utf8.DecodeLastRuneInString(sp.In(p.text))
			sp.End -= n
		}
		places = append(places, sp)
	}
	s := strings.ReplaceAll(blanked(p.text, places, p.timeSpans, p.daySpans), almost, strings.Repeat(" ", len(almost)))
	for _, m := range countedBy.FindAllStringSubmatchIndex(s, -1) {
		numbers = append(numbers, corpus.Span{Start: m[0], End: m[2] + len(u.measure(s[m[2]:]))})
	}
	s = blanked(s, numbers)
	s = ownAge.ReplaceAllString(s, "$1 ")
	s = whichPlace.ReplaceAllString(s, " $1")
	for _, name := range p.people {
		s = strings.ReplaceAll(s, name, " ")
	}
	for _, f := range fillers {
		if len(f) > len("个") {
			s = strings.ReplaceAll(s, f, " ")
		}
	}
	var parts []string
	for _, field := range strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsPunct(r) && !strings.ContainsRune("+-.·“”《》", r) || unicode.IsSymbol(r) && r != '+'
	}) {
		if t := trimGeneric(trimRepeated(u.trimField(field))); t != "" {
			parts = append(parts, t)
		}
	}
	return strings.Join(parts, " ")
}

// blanked is s with spaces in the stead of some of its bytes.
func blanked(s string, spans ...[]corpus.Span) string {
	text := []byte(s)
	for _, sp := range slices.Concat(spans...) {
		for i := sp.Start; i < sp.End; i++ {
			text[i] = ' '
		}
	}
	return string(text)
}

// ownAge is the age that someone tells of himself or his own, and which no paper
// prints: 我妈82了, 八十多岁. 65岁以上 and 86岁的 are printed ages and stay.
var ownAge = regexp.MustCompile(`([妈爸爷奶])[0-9]{1,3}岁?了|(?:[0-9]{1,2}|[一二三四五六七八九]?十)(?:来|多)岁`)

// trimRepeated drops a verb that is said again behind its object (停水停到几点).
func trimRepeated(s string) string {
	rs := []rune(s)
	if n := len(rs); n >= 3 && rs[n-1] == rs[n-3] && zh.IsHan(rs[n-1]) {
		return string(rs[:n-1])
	}
	return s
}

// trimGeneric drops the words at a topic's end that add nothing to it.
func trimGeneric(s string) string {
	for {
		before := s
		for _, w := range genericTails {
			s = strings.TrimRight(strings.TrimSuffix(s, w), "的之")
		}
		if s == before {
			return s
		}
	}
}

// trimField narrows a stretch of a question to its words, from the first that
// says something to the last.
func (u *Understander) trimField(s string) string {
	folded := zh.FoldMap(s)
	first, last := -1, -1
	at := 0
	for _, w := range u.opt.Words(s) {
		if slices.Contains(fillers, w) {
			continue
		}
		i := strings.Index(folded.Text[at:], w)
		if i < 0 {
			continue
		}
		if first < 0 {
			first = at + i
		}
		last = max(last, at+i+len(w))
		at += i
	}
	if first < 0 {
		return ""
	}
	return folded.Source(corpus.Span{Start: first, End: last}).In(s)
}

// wordings are the printed words for what a question says in everyday words.
func (u *Understander) wordings(text string) []rag.Wording {
	var out []rag.Wording
	tokens := u.opt.Words(text)
	text = zh.Fold(text)
	for _, g := range u.groups {
		for _, w := range g.said {
			if strings.Contains(text, w) && (len(w) > len("住") || slices.Contains(tokens, w)) && !slices.ContainsFunc(out, func(o rag.Wording) bool { return strings.Contains(o.Said, w) }) {
				out = append(out, rag.Wording{Said: w, Printed: g.printed})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b rag.Wording) int { return len(b.Said) - len(a.Said) })
	return out
}
