package facet

import (
	"regexp"
	"strconv"

	"wenbao/corpus"
)

// stamp is what sites print above a report: its day and the time of day it went out.
var stamp = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)[0-9]{2})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?[\s\x{3000}T]{0,4}[0-9]{1,2}[:：][0-9]{2}`)

// stampWithin is how far into a page, in bytes, its stamp may begin: behind the source
// and the reporter's name.
const stampWithin = 120

// Stamp is the day that the stamp at a page's head names, and where that stands; the zero
// values where there is none. A day in running text has no clock time behind it, or writes
// that in other marks (10时29分).
func Stamp(text string) (corpus.Date, corpus.Span) {
	m := stamp.FindStringSubmatchIndex(text[:min(len(text), stampWithin)])
	if m == nil {
		return corpus.Date{}, corpus.Span{}
	}
	var n [3]int
	for i := range n {
		n[i], _ = strconv.Atoi(text[m[2*i+2]:m[2*i+3]]) // digits
	}
	d := corpus.Date{Year: n[0], Month: n[1], Day: n[2]}
	if !d.Valid() {
		return corpus.Date{}, corpus.Span{}
	}
	return d, corpus.Span{Start: m[2], End: m[1]}
}
