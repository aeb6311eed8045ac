package query

import (
	"regexp"
	"slices"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/gazetteer"
)

// readPlaces finds the places named, and what 我区 and the like stand for when
// the collection leaves no doubt.
func (u *Understander) readPlaces(p *parsed) {
	for _, m := range u.gazetteer.Find(p.text) {
		if m.InName || m.Alias && namedAfter.MatchString(p.text[m.End:]) {
			continue
		}
		name := u.choose(m)
		p.placeSpans = append(p.placeSpans, m.Span)
		switch {
		case slices.Contains(p.places, name) || slices.Contains(p.unknown, name):
		case u.known[name]:
			p.places = append(p.places, name)
		default:
			p.unknown = append(p.unknown, name)
		}
	}
	u.readShortForms(p)
	if len(p.places)+len(p.unknown) > 0 {
		u.dropParents(p)
		u.dropRoutes(p)
		return
	}
	for _, l := range localWords {
		if i := strings.Index(p.text, l.word); i >= 0 {
			if name := u.only(l.suffix); name != "" {
				p.places = append(p.places, name)
				p.placeSpans = append(p.placeSpans, corpus.Span{Start: i, End: i + len(l.word)})
				return
			}
		}
	}
}

// readShortForms finds the short forms of the collection's places that the
// gazetteer leaves alone for want of a clear end (松岭哪些医院): in a question a
// place's name is a place's name.
func (u *Understander) readShortForms(p *parsed) {
	for _, name := range u.opt.Places {
		short := gazetteer.ShortForm(name)
		if short == "" || u.gazetteer.LevelOf(name) == gazetteer.LevelTown {
			continue
		}
		for from := 0; ; {
			i := strings.Index(p.text[from:], short)
			if i < 0 {
				break
			}
			sp := corpus.Span{Start: from + i, End: from + i + len(short)}
			from = sp.End
			if namedAfter.MatchString(p.text[sp.End:]) || slices.ContainsFunc(p.placeSpans, func(o corpus.Span) bool { return o.Start < sp.End && sp.Start < o.End }) {
				continue
			}
			if !slices.Contains(p.places, name) {
				p.places = append(p.places, name)
			}
			p.placeSpans = append(p.placeSpans, sp)
		}
	}
	slices.SortFunc(p.placeSpans, func(a, b corpus.Span) int { return a.Start - b.Start })
}

// namedAfter is what makes a short form the first part of another name (云泽湖).
var namedAfter = regexp.MustCompile(`^(?:湖|河|江|山|路|街|大道|大桥|大学|学院|银行|时代|时评|日报|晚报|通|论坛|中学|小学)`)

// dropParents drops a place that only says where the next one lies (云泽市临江区).
func (u *Understander) dropParents(p *parsed) {
	for i := 0; i+1 < len(p.placeSpans); i++ {
		if p.placeSpans[i].End != p.placeSpans[i+1].Start {
			continue
		}
		for _, m := range u.gazetteer.Find(p.placeSpans[i].In(p.text)) {
			p.drop(u.choose(m))
		}
	}
}

// route stands between the two ends of a way (从云泽开车去松岭, 青石镇至石门乡).
var route = regexp.MustCompile(`^(?:开车|坐车|骑车|乘车|自驾)?(?:至|到|去|往|回)$`)

// dropRoutes drops two places that a way leads between: what is asked is the
// way's, and no figure of either. Their names stay in the topic.
func (u *Understander) dropRoutes(p *parsed) {
	for i := 0; i+1 < len(p.placeSpans); i++ {
		from, to := p.placeSpans[i], p.placeSpans[i+1]
		if from.End >= to.Start || !route.MatchString(p.text[from.End:to.Start]) {
			continue
		}
		for _, m := range u.gazetteer.Find(from.In(p.text) + "，" + to.In(p.text)) {
			p.drop(u.choose(m))
		}
		p.placeSpans = slices.Delete(p.placeSpans, i, i+2)
		i--
	}
}

// drop takes a place from those asked about.
func (p *parsed) drop(name string) {
	is := func(s string) bool { return s == name }
	p.places, p.unknown = slices.DeleteFunc(p.places, is), slices.DeleteFunc(p.unknown, is)
}

// choose prefers the place that the collection speaks of among those of one
// short form.
func (u *Understander) choose(m gazetteer.Match) string {
	if u.known[m.Name] {
		return m.Name
	}
	for _, o := range m.Others {
		if u.known[o] {
			return o
		}
	}
	return m.Name
}

// only is the one place of the collection with a suffix, "" when there are none
// or several.
func (u *Understander) only(suffix string) string {
	name := ""
	for _, p := range u.opt.Places {
		if strings.HasSuffix(p, suffix) {
			if name != "" {
				return ""
			}
			name = p
		}
	}
	return name
}
