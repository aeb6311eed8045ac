package cite

import (
	"regexp"
	"slices"
	"strings"

	"wenbao/corpus/gazetteer"
	"wenbao/corpus/zh"
)

// placesIn are the places that a part of a sentence names outside of quotations.
func (r *reviewer) placesIn(part string) []gazetteer.Match {
	return slices.DeleteFunc(r.names().Find(unquoted(part)), func(m gazetteer.Match) bool { return m.InName })
}

// names is a gazetteer that knows the places of the passages.
func (r *reviewer) names() *gazetteer.Gazetteer {
	if r.places == nil {
		var known []string
		add := func(name string) {
			if name != "" && !slices.Contains(known, name) {
				known = append(known, name)
			}
		}
		for i := range r.hits {
			h := &r.hits[i]
			add(h.Article.City)
			for _, list := range [][]string{h.Article.Facets.Places, h.Article.Facets.Mentions, h.Passage.Facets.Places, h.Passage.Facets.Mentions, r.query.Places} {
				for _, name := range list {
					add(name)
				}
			}
		}
		r.places = r.c.opt.Gazetteer.With(known)
	}
	return r.places
}

// placesOf are the places that the ith figure of a statement is told of.
func (st *statement) placesOf(i int) []gazetteer.Match {
	if st.parts && len(st.places) > 1 && len(st.places) == len(st.quantities) {
		return st.places[i : i+1]
	}
	return st.places
}

// speaksFor reports whether a clause speaks for one of the places, or names one.
func (h *holder) speaksFor(places []gazetteer.Match, s *source, cl *clause) bool {
	if len(places) == 0 {
		return h.forQuestion(s, cl)
	}
	return slices.ContainsFunc(places, func(m gazetteer.Match) bool { return h.isOf(m, s, cl) })
}

// forQuestion reports whether a clause speaks for a place of the question.
func (h *holder) forQuestion(s *source, cl *clause) bool {
	asked := h.r.query.Places
	if len(asked) == 0 {
		return true
	}
	return slices.ContainsFunc(asked, func(name string) bool {
		return h.isOf(gazetteer.Match{Name: name, Level: h.r.names().LevelOf(name)}, s, cl)
	})
}

// isOf reports whether a clause is of a place: it speaks for it, or it or its
// sentence names it.
func (h *holder) isOf(m gazetteer.Match, s *source, cl *clause) bool {
	for _, name := range append([]string{m.Name}, m.Others...) {
		if slices.Contains(cl.facets.Places, name) {
			return true
		}
		if m.Level == gazetteer.LevelTown {
			if s.inTown(zh.Fold(name), cl) {
				return true
			}
			continue
		}
		if slices.Contains(cl.facets.Mentions, name) && mentions(cl, name) {
			return true
		}
	}
	return false
}

// inTown reports whether a clause tells of a town: it names it, or it names none
// and the town is the last named before it, or what the passage stands under.
func (s *source) inTown(town string, cl *clause) bool {
	if strings.Contains(cl.folded, town) {
		return true
	}
	if townName.MatchString(cl.folded) {
		return false
	}
	if strings.Contains(cl.lead, town) {
		return true
	}
	before := zh.Fold(s.text[:cl.span.Start])
	if all := townName.FindAllStringSubmatchIndex(before, -1); all != nil {
		return strings.HasSuffix(before[:all[len(all)-1][3]], town)
	}
	return strings.Contains(s.around, town)
}

// townName ends the name of a town.
var townName = regexp.MustCompile(`(街道|[^乡城市村集小古建]镇|[^城家下返还故水老回村]乡)(?:[^区上村镇下]|$)`)

// mentions reports whether the name, or its short form, stands in the clause's
// segment.
func mentions(cl *clause, name string) bool {
	if strings.Contains(cl.segment, zh.Fold(name)) {
		return true
	}
	short := gazetteer.ShortForm(name)
	return short != "" && strings.Contains(cl.segment, zh.Fold(short))
}

// places holds the places of a statement against what it rests on. The city
// before the name of a district is passed over: 云泽市临江区.
func (h *holder) places(st *statement, on []support) {
	if len(st.places) == 0 {
		for _, s := range on {
			if !h.forQuestion(s.source, &s.source.clauses[s.clause]) {
				h.finding.add(WrongPlace, st.text)
				return
			}
		}
		return
	}
	for i, s := range on {
		places := st.places
		if len(on) == len(st.quantities) {
			places = st.placesOf(i)
		}
		if !h.speaksFor(places, s.source, &s.source.clauses[s.clause]) {
			h.finding.add(WrongPlace, names(places))
			return
		}
	}
	for _, m := range st.own {
		if !h.isOfAny(m, on) && (len(st.own) == 1 || !isCityOf(m, on)) {
			h.finding.add(WrongPlace, m.Name)
		}
	}
}

// whole holds the province or the country that a statement names (全省) against what it
// rests on: some of it has to tell of that too.
func (h *holder) whole(st *statement, on []support) {
	whole, ok := gazetteer.FindWhole(st.folded)
	if !ok || slices.ContainsFunc(on, func(o support) bool {
		cl := &o.source.clauses[o.clause]
		return whole.ToldBy(cl.segment, o.source.around, cl.facets.Places)
	}) {
		return
	}
	h.finding.add(WrongPlace, whole.Name)
}

// isCityOf reports whether a place is the city of what a statement rests on: in
// 云泽市临江区 it says where the district lies.
func isCityOf(m gazetteer.Match, on []support) bool {
	return slices.ContainsFunc(on, func(o support) bool { return o.source.hit.Article.City == m.Name })
}

// isOfAny reports whether one of the clauses that a statement rests on is of a place.
func (h *holder) isOfAny(m gazetteer.Match, on []support) bool {
	return slices.ContainsFunc(on, func(o support) bool { return h.isOf(m, o.source, &o.source.clauses[o.clause]) })
}

func names(ms []gazetteer.Match) string {
	var out []string
	for _, m := range ms {
		out = append(out, m.Name)
	}
	return strings.Join(out, "、")
}
