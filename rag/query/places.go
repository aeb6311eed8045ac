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
		if m.Alias && u.otherwise(m.Name) || m.InName || !m.Known && whichBefore.MatchString(p.text[:m.Start]) || m.Alias && namedAfter.MatchString(p.text[m.End:]) {
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

// whichBefore ends ahead of a sort of place that is asked for (哪个大洋区).
var whichBefore = regexp.MustCompile(`哪[一两几些]?个?$`)

// readShortForms finds the short forms of the collection's places that the
// gazetteer leaves alone for want of a clear end (松岭哪些医院): in a question a
// place's name is a place's name, unless the collection has it for other things
// (助力) or it is a piece of the question's words (上半 of 上半年).
func (u *Understander) readShortForms(p *parsed) {
	words := wordSpans(p.text, u.opt.Words(p.text))
	for _, place := range u.shorts {
		name, short := place.name, place.short
		if !strings.Contains(p.text, short) || u.otherwise(name) {
			continue
		}
		for from := 0; ; {
			i := strings.Index(p.text[from:], short)
			if i < 0 {
				break
			}
			sp := corpus.Span{Start: from + i, End: from + i + len(short)}
			from = sp.End
			if namedAfter.MatchString(p.text[sp.End:]) || cutsWord(sp, words) || slices.ContainsFunc(p.placeSpans, func(o corpus.Span) bool { return o.Start < sp.End && sp.Start < o.End }) {
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

// commonShare is how many times as often as a place's full name its short form may
// stand in the collection: papers leave 县 out a few times, but 助力 is a verb where it
// stands a thousand times beside 助力县.
const commonShare = 20

// otherwise reports whether the short form of a place that no list knows mostly
// stands for something else in the collection.
func (u *Understander) otherwise(name string) bool {
	short := []rune(gazetteer.ShortForm(name))
	full := []rune(name)
	if u.opt.DF == nil || len(short) < 2 || u.listed(name) {
		return false
	}
	if len(short) > 2 && u.everyday(string(short)) {
		return true // 博物馆, where 博物馆区 stands
	}
	often := -1
	for i := range len(short) - 1 {
		if df, _ := u.opt.DF(string(short[i : i+2])); often < 0 || df < often {
			often = df
		}
	}
	named, _ := u.opt.DF(string(full[len(short)-1 : len(short)+1]))
	return often > commonShare*max(named, 1)
}

// listed reports whether a list of places has a full name.
func (u *Understander) listed(name string) bool {
	return slices.ContainsFunc(u.opt.Gazetteer.Find(name), func(m gazetteer.Match) bool { return m.Known && m.Name == name })
}

// wordSpans are where the words of a text stand in it, as far as they are printed
// there as they are.
func wordSpans(text string, words []string) []corpus.Span {
	var out []corpus.Span
	at := 0
	for _, w := range words {
		if i := strings.Index(text[at:], w); i >= 0 {
			at += i
			out = append(out, corpus.Span{Start: at, End: at + len(w)})
		}
	}
	return out
}

// cutsWord reports whether a span begins within a word, lies in one or is put
// together of one and a piece of the next (中国古 of 中国古代). That its last character
// could also begin a word (平阜新建: 阜新) is no sign.
func cutsWord(sp corpus.Span, words []corpus.Span) bool {
	within := slices.ContainsFunc(words, func(w corpus.Span) bool { return w.Start == sp.Start && w.End < sp.End && w.Len() > len("中") })
	return slices.ContainsFunc(words, func(w corpus.Span) bool {
		if w.End <= sp.Start || sp.End <= w.Start {
			return false
		}
		return w.Start < sp.Start || w.Start == sp.Start && sp.End < w.End || sp.End < w.End && within
	})
}

// namedAfter is what makes a short form the first part of another name (云泽湖, 云泽站).
var namedAfter = regexp.MustCompile(`^(?:湖|河|江|山|湾|岛|路|站|府|省|街|大道|大桥|大学|学院|银行|时代|时评|日报|晚报|通|论坛|中学|小学)`)

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
