package cite

import (
	"cmp"
	"slices"
	"strings"

	"wenbao/corpus/zh"
)

// counterpart is a printed figure that may be the one written.
type counterpart struct {
	support
	quantity *quantity
	score    float64
	place    bool // speaks for one of the places written
	year     bool
	bound    bool
}

// quantity finds the printed figure that the ith of a statement is.
func (h *holder) quantity(st *statement, i int) (support, bool) {
	q := &st.quantities[i]
	want := h.r.terms(q.beside)
	whole, _, isShare := strings.Cut(q.beside, "占")
	var owner []string
	if isShare && q.class == ratio && !strings.Contains(q.beside, "占比") {
		owner = h.r.terms(whole) // what has the share, and not what it is a share of
	}
	if _, after, _ := strings.Cut(q.beside, "|"); len(want) == 0 && zh.CountHan(after) == 1 {
		want = []string{strings.Trim(after, ".,、;|")} // 28个村
	}
	if len(want) == 0 {
		want = st.terms
	}
	if len(want) == 0 {
		want = h.r.terms(st.subject)
	}
	var same, other []counterpart
	for _, s := range h.sources {
		for k := range s.clauses {
			cl := &s.clauses[k]
			for j := range cl.quantities {
				p := &cl.quantities[j]
				if !sameClass(*q, *p) {
					continue
				}
				m := counterpart{support: support{s, k}, quantity: p, score: leastBeside}
				if !q.qualifies() {
					m.score = min(h.beside(want, st, s, cl, p), h.beside(owner, st, s, cl, p))
				}
				m.place = h.speaksFor(st.placesOf(i), s, cl)
				m.year = h.inYear(st, s, cl)
				m.bound = p.bound.tells(q.bound)
				if p.value.Cmp(q.value) == 0 {
					same = append(same, m)
				} else {
					other = append(other, m)
				}
			}
		}
	}
	return h.choose(q, same, other)
}

const (
	// leastBeside is the share of the words beside a figure that have to stand
	// beside the printed one, or above it.
	leastBeside = 0.5
	// clearlyBeside is how much better another figure of the passage has to go
	// with the words to show that the right figure has the wrong subject.
	clearlyBeside = 0.14
)

// choose takes the best of the printed figures with the written value, or says
// what is wrong with them.
func (h *holder) choose(q *quantity, same, other []counterpart) (support, bool) {
	if len(same) == 0 && strings.HasPrefix(q.class, "第") && q.value.IsInt() && q.value.Num().Int64() == 1 && h.prints("首") {
		return support{}, false // 第一条, where 首条 is printed
	}
	if len(same) == 0 {
		h.finding.add(WrongFigure, q.printed)
		return support{}, false
	}
	better := func(a, b counterpart) int {
		return cmp.Or(-cmpBool(a.score >= leastBeside, b.score >= leastBeside), -cmpBool(a.place, b.place), -cmpBool(a.year, b.year),
			-cmpBool(a.bound, b.bound), -cmpBool(a.role(q), b.role(q)), cmp.Compare(b.score, a.score))
	}
	slices.SortStableFunc(same, better)
	best := same[0]
	switch {
	case !best.bound:
		h.finding.add(WrongBound, q.printed)
	case !best.role(q):
		h.finding.add(WrongDirection, q.printed)
	case best.score < leastBeside:
		h.finding.add(WrongSubject, q.printed)
	}
	for _, o := range other {
		if o.score >= best.score+clearlyBeside && o.source == best.source && (o.place || !best.place) && (o.year || !best.year) {
			h.finding.add(WrongSubject, q.printed)
			break
		}
	}
	return best.support, true
}

// labelDigits is how many digits without a unit are a number to call or to look
// up, and count nothing.
const labelDigits = 4

// qualifies reports whether a figure says when or for whom, and counts nothing:
// 三年前, 一年, 65岁以上, a telephone number.
func (q *quantity) qualifies() bool {
	before, after, _ := strings.Cut(q.beside, "|")
	switch q.class {
	case "岁":
		return true
	case "":
		return len(q.printed) >= labelDigits && !strings.ContainsFunc(q.printed, zh.IsHan)
	case "年", "天", "个月", "周":
		return before == "" || strings.HasPrefix(after, "前") || strings.HasPrefix(after, "来") || strings.HasPrefix(after, "内") || strings.HasPrefix(after, "后")
	}
	return false
}

// role reports whether a figure stands on the same side of 由…到…, and is a
// difference where the printed one is.
func (m counterpart) role(q *quantity) bool {
	written, printed := q.role, m.quantity.role
	if (written == changeRole) != (printed == changeRole) {
		return false
	}
	return printed == written || printed == noRole || written == noRole
}

func cmpBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// Credits of a word beside a written figure, by where it stands from the printed.
const (
	besideOwn     = 1.0
	besideSubject = 0.9 // in the clause that its clause depends on
	besideClause  = 0.6 // beside another figure of its clause
	besideSegment = 0.6 // before it, between the same semicolons
	besideAround  = 0.6
	besideFar     = 0.2
	// unprinted is how much more a word weighs that stands nowhere in the
	// passage: it is likelier to be wrong than to be reworded.
	unprinted = 0.5
)

// beside is how well the words beside a written figure go with a printed one.
func (h *holder) beside(want []string, st *statement, s *source, cl *clause, p *quantity) float64 {
	if len(want) == 0 {
		return 1
	}
	got, weight := 0.0, 0.0
	for _, t := range want {
		weight++
		best := besideOwn * h.r.c.found(t, p.beside)
		for _, at := range [...]struct {
			text   string
			credit float64
		}{{cl.before, besideSubject}, {cl.folded, besideClause}, {s.around, besideAround}, {cl.lead, besideSegment}, {s.folded, besideFar}} {
			if best >= at.credit || at.text == "" {
				continue
			}
			best = max(best, at.credit*h.r.c.found(t, at.text))
		}
		if best == 0 {
			weight += unprinted
		}
		got += best
	}
	score := got / weight
	if cl.partOf && !h.namesPart(st, cl) {
		return score * besideFar
	}
	return score
}

// namesPart reports whether a statement names the part that a clause with 其中
// is about: what stands before its figure.
func (h *holder) namesPart(st *statement, cl *clause) bool {
	name := strings.TrimPrefix(cl.folded, "其中")
	if len(cl.quantities) > 0 {
		name, _, _ = strings.Cut(cl.quantities[0].beside, "|")
		name = strings.TrimPrefix(name, "其中")
	}
	return h.r.c.found(name, st.folded+st.subject) >= leastPart
}

// leastPart is how much of the name of a part has to be written.
const leastPart = 0.5

// ranges holds the ends of a range in the order in which they are printed.
func (h *holder) ranges(st *statement, on []support) {
	for i := 1; i < len(st.quantities); i++ {
		low, high := st.quantities[i-1], st.quantities[i]
		if high.role != toRole || !sameClass(low, high) {
			continue
		}
		for _, o := range on {
			printed := o.source.clauses[o.clause].quantities
			at := func(q quantity) int {
				return slices.IndexFunc(printed, func(p quantity) bool { return sameValue(q, p) })
			}
			if first, last := at(low), at(high); first >= 0 && last >= 0 && last < first {
				h.finding.add(WrongDirection, low.printed)
				return
			}
		}
	}
}

// ages holds whom a clause with an age is about: the other figures have to be
// printed of the same age (80岁以上老人每餐补贴5元).
func (h *holder) ages(st *statement, on []support) {
	isAge := func(q quantity) bool { return q.class == "岁" || q.class == "周岁" }
	at := slices.IndexFunc(st.quantities, isAge)
	if at < 0 {
		return
	}
	age := st.quantities[at]
	for _, o := range on {
		cl := o.source.clauses[o.clause].quantities
		if slices.ContainsFunc(cl, isAge) && !slices.ContainsFunc(cl, func(q quantity) bool { return isAge(q) && sameValue(q, age) }) {
			h.finding.add(WrongSubject, age.printed)
			return
		}
	}
}
