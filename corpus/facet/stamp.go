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

// stampedDate is the day that a page's stamp names, the zero Date where it has none. A
// day in running text has no clock time behind it, or writes that in other marks (10时29分).
func stampedDate(text string) corpus.Date {
	m := stamp.FindStringSubmatch(text[:min(len(text), stampWithin)])
	if m == nil {
		return corpus.Date{}
	}
	var n [3]int
	for i := range n {
		n[i], _ = strconv.Atoi(m[i+1]) // digits
	}
	d := corpus.Date{Year: n[0], Month: n[1], Day: n[2]}
	if !d.Valid() {
		return corpus.Date{}
	}
	return d
}
