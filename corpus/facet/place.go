package facet

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/zh"
)

// minCity is how often a city has to be named for a page to be its, where no
// 我市 or 市委 says that the page has a city of its own.
const minCity = 2

// city is what 我市 and 全市 mean on a page: the newspaper's city, else the one
// named most, the first of equals. It is "" when the page gives no sign.
func (an *Annotator) city(newspaper, text string, found []gazetteer.Match) string {
	if c := an.cityOfPaper(newspaper); c != "" {
		return c
	}
	counts := map[string]int{}
	best := ""
	for _, m := range found {
		if m.InName || !an.isCity(m) {
			continue
		}
		counts[m.Name]++
		if best == "" {
			best = m.Name
		}
	}
	for _, m := range found { // in order of the text, so that ties are settled by it
		if counts[m.Name] > counts[best] {
			best = m.Name
		}
	}
	if best != "" && (counts[best] >= minCity || containsAny(text, "我市", "全市", "市委", "市政府")) {
		return best
	}
	return ""
}

// isCity reports whether a place can be what 我市 means.
func (an *Annotator) isCity(m gazetteer.Match) bool {
	return strings.HasSuffix(m.Name, "市") || m.Level == gazetteer.LevelCity
}

// cityOfPaper reads a city out of a newspaper's name: 云泽日报 is of 云泽市. A paper
// of a province or of the whole country has none.
func (an *Annotator) cityOfPaper(newspaper string) string {
	name := strings.TrimSpace(newspaper)
	for _, kind := range strings.Fields(paperKinds) {
		short, ok := strings.CutSuffix(name, kind)
		if !ok || len(short) < len("云泽") {
			continue
		}
		if strings.HasSuffix(short, "市") {
			return short
		}
		ms := an.places.Find(short)
		if len(ms) == 1 && ms[0].Len() == len(short) {
			if an.isCity(ms[0]) {
				return ms[0].Name
			}
			return ""
		}
		if slices.Contains(strings.Fields(nationalPapers), name) || zh.CountHan(short) > 4 {
			return ""
		}
		return short + "市"
	}
	return ""
}

// articlePlaces are the places that an article speaks for, by the first of these
// that names one: the speaker's post, the issuing office, the title block, who
// does something in the first sentence, 我市 in the text, the place named most, an
// office of the city (市图书馆).
func (an *Annotator) articlePlaces(a *corpus.Article, office string, g *gazetteer.Gazetteer, found []gazetteer.Match) []string {
	if p := placeOfOffice(office, a.City, g); p != "" {
		return []string{p}
	}
	if ps := about(g.Find(titles(a)), a.City); len(ps) > 0 {
		return ps
	}
	text := body(a)
	lead := newSentence(text[:leadLen(text)], a.Meta().Date)
	if a.City != "" && an.ourCity(lead) {
		return []string{a.City}
	}
	if ps := names(an.subjects(lead, g.Find(lead.text))); len(ps) > 0 {
		return ps
	}
	if a.City != "" && containsAny(text, "我市", "全市") {
		return []string{a.City}
	}
	found = outsideWirelines(a.Text, found)
	if p := mostNamed(found, a.City, func(m gazetteer.Match) bool {
		return m.Start < strings.Index(a.Text, text)+sentencesLen(text, opening) || meansPlace(m, text) || isScene(a.Text, m, found)
	}); p != "" {
		return []string{p}
	}
	if a.City != "" && cityOffice(text) {
		return []string{a.City}
	}
	return nil
}

// wireline is how a report of a news agency begins (新华社北京12月30日电): it says where
// the report was sent from.
var wireline = regexp.MustCompile(`[社网]\p{Han}{2,8}(?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,2}日电`)

// outsideWirelines are the places of a text but those where its reports were sent from.
func outsideWirelines(text string, found []gazetteer.Match) []gazetteer.Match {
	lines := wireline.FindAllStringIndex(text, -1)
	return slices.DeleteFunc(slices.Clone(found), func(m gazetteer.Match) bool {
		return slices.ContainsFunc(lines, func(line []int) bool { return line[0] <= m.Start && m.End <= line[1] })
	})
}

// opening is how many sentences tell what an article is about.
const opening = 2

// sentencesLen is the length of the first n sentences of text.
func sentencesLen(text string, n int) int {
	if ss := zh.Sentences(text); len(ss) > 0 {
		return ss[min(len(ss), n)-1].End
	}
	return 0
}

// arrives stands before the place where a reporter is.
var arrives = regexp.MustCompile(`(?:走进|来到|走访|赴|在)$`)

// isScene reports whether a place of a text is where it is set: somebody goes there, or a
// town in it is named.
func isScene(text string, m gazetteer.Match, found []gazetteer.Match) bool {
	return arrives.MatchString(text[:m.Start]) ||
		slices.ContainsFunc(found, func(o gazetteer.Match) bool { return o.Start == m.End && o.Level == gazetteer.LevelTown })
}

// meansPlace reports whether a text means a place, by its level, when it says 全省, 县委 or
// the like.
func meansPlace(m gazetteer.Match, text string) bool {
	switch m.Level {
	case gazetteer.LevelProvince:
		return containsAny(text, "全省", "我省", "省委", "省政府", "全区", "自治区党委")
	case gazetteer.LevelCity:
		return containsAny(text, "全市", "我市", "市委", "市政府")
	}
	return containsAny(text, "全市", "全县", "全区", "我县", "我区", "县委", "区委", "市委", "县政府", "区政府", "市政府")
}

// leadLen is the length of the first sentence of text.
func leadLen(text string) int {
	return sentencesLen(firstLine(text), 1)
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimLeft(text, "\n"), "\n")
	return text[:strings.Index(text, line)+len(line)]
}

// placeOfOffice is the place of a post or an office: the narrowest that it names
// (市政协副主席、松岭县委书记 is 松岭县's), the city for 市科技局, the place whose
// short form an issuing office begins with (临江宣).
func placeOfOffice(office, city string, g *gazetteer.Gazetteer) string {
	if office == "" {
		return ""
	}
	for _, kind := range strings.Fields(issuers) {
		if short, ok := strings.CutSuffix(office, kind); ok && short != "" {
			if ms := g.Find(short); len(ms) > 0 {
				return ms[len(ms)-1].Name
			}
		}
	}
	best := gazetteer.Match{}
	for _, m := range g.Find(office) {
		if !m.InName && m.Level > best.Level {
			best = m
		}
	}
	if best.Name == "" && strings.HasPrefix(office, "市") {
		return city
	}
	return best.Name
}

// about are the places that a title block is about: those below the
// city if there are any, else all.
func about(ms []gazetteer.Match, city string) []string {
	var below, all []string
	for _, m := range ms {
		if m.InName || slices.Contains(all, m.Name) {
			continue
		}
		all = append(all, m.Name)
		if m.Name != city && m.Level >= gazetteer.LevelCounty {
			below = append(below, m.Name)
		}
	}
	if len(below) > 0 {
		return below
	}
	return all
}

// mostNamed is the place named most, the first of equals. It has to be named
// twice, or to be the only one beside towns and the city and one to go by.
func mostNamed(ms []gazetteer.Match, city string, goesBy func(gazetteer.Match) bool) string {
	counts, first := map[string]int{}, map[string]gazetteer.Match{}
	var order []string
	for _, m := range ms {
		if m.InName || m.Level == gazetteer.LevelTown {
			continue
		}
		if counts[m.Name] == 0 {
			first[m.Name] = m
		}
		if counts[m.Name] == 0 && m.Name != city {
			order = append(order, m.Name)
		}
		counts[m.Name]++
	}
	best := ""
	if counts[city] > 0 {
		best = city
	}
	for _, name := range order {
		if counts[name] > counts[best] {
			best = name
		}
	}
	if counts[best] < minCity && best != city && (len(order) > 1 || !goesBy(first[best])) {
		return ""
	}
	return best
}

// cityOffice reports whether text names an office of its city by 市 alone.
func cityOffice(text string) bool {
	for i := 0; ; i += len("市") {
		at := strings.Index(text[i:], "市")
		if at < 0 {
			return false
		}
		i += at
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len("市"):])
		if (!zh.IsHan(before) || strings.ContainsRune("从由据向到在与和", before)) && zh.IsHan(after) && !strings.ContainsRune("场民值区面里", after) {
			return true
		}
	}
}

// subjects are the places that do something in a sentence: those that begin a
// clause, and those joined to them by 、 和 与. Of 云泽市临江区 it is 临江区. Towns
// are never subjects: they are what their district tells of.
func (an *Annotator) subjects(s sentence, ms []gazetteer.Match) []gazetteer.Match {
	var out []gazetteer.Match
	end := -1 // of the last subject
	for _, m := range ms {
		switch {
		case m.InName, m.Level == gazetteer.LevelTown:
			continue
		case m.Start == end:
			out[len(out)-1] = m
		case end >= 0 && joins(s.text[end:m.Start]), an.beginsClause(s, m.Start) && an.acts(s.text[m.End:]):
			out = append(out, m)
		default:
			continue
		}
		end = m.End
	}
	return out
}

func joins(between string) bool {
	return between == "、" || between == "和" || between == "与"
}

// maxOpeners is how many bytes of opening words and times may stand before a
// clause's subject.
const maxOpeners = 120

// beginsClause reports whether nothing but time and opening words stands between
// the beginning of a clause and position at.
func (an *Annotator) beginsClause(s sentence, at int) bool {
	start := max(0, at-maxOpeners)
	if i := strings.LastIndexAny(s.text[start:at], "，,；;：:。！？“”\n"); i >= 0 {
		_, size := utf8.DecodeRuneInString(s.text[start+i:])
		start += i + size
	} else if start > 0 {
		return false
	}
	return an.openersEnd(s, start) >= at
}

// acts reports whether what follows a place lets the place be who acts.
func (an *Annotator) acts(after string) bool {
	return counted.MatchString(after) || !startsWithAny(after, an.notActing)
}

// counted puts places together by their number (临江、松岭两地).
var counted = regexp.MustCompile(`^(?:[0-9]+|[两三四五六七八九十]+)[省市县区州地]`)

// placesOf sorts the places of a sentence into those it speaks for and those it
// only names. What is told of the whole country or province is of no place in it.
func (an *Annotator) placesOf(s sentence, c *Context) (places, mentions []string) {
	ms := outsideWirelines(s.text, c.gazetteer(an).Find(s.text))
	subjects := an.subjects(s, ms)
	switch {
	case an.ofWhole(s):
		places = slices.DeleteFunc(slices.Clone(c.Places), func(p string) bool { return c.gazetteer(an).LevelOf(p) != gazetteer.LevelProvince })
	case c.City != "" && an.ourCity(s):
		places = []string{c.City}
	case len(c.Places) > 0:
		places = an.instead(s, subjects, c)
	default:
		places = names(subjects)
		if len(places) == 0 {
			places = about(ms, c.City)
		}
	}
	for _, m := range ms {
		if !m.InName && !slices.Contains(places, m.Name) && !slices.Contains(mentions, m.Name) {
			mentions = append(mentions, m.Name)
		}
	}
	return slices.Clone(places), mentions
}

// instead are the places of a sentence in an article that has some: the
// sentence's own subjects, else the article's. The city, or what lies above it,
// at the head of a clause is most often part of a project's name
// (云泽新能源产业园); alone it is a subject only before a word of doing.
func (an *Annotator) instead(s sentence, subjects []gazetteer.Match, c *Context) []string {
	own := slices.DeleteFunc(subjects, func(m gazetteer.Match) bool {
		wide := m.Level < gazetteer.LevelCounty && !slices.Contains(c.Places, m.Name)
		return wide && len(subjects) == 1 && !startsWithAny(s.text[m.End:], an.doing)
	})
	if len(own) == 0 {
		return c.Places
	}
	return names(own)
}

func names(ms []gazetteer.Match) []string {
	var out []string
	for _, m := range ms {
		if !slices.Contains(out, m.Name) {
			out = append(out, m.Name)
		}
	}
	return out
}

// ofWhole reports whether a sentence begins with the country or the province, and goes on
// about nothing nearer.
func (an *Annotator) ofWhole(s sentence) bool {
	whole, ok := gazetteer.FindWhole(s.text)
	return ok && an.openersEnd(s, 0) >= whole.At && !containsAny(s.text, "我市", "我县", "我区", "全市", "全县", "全区")
}

// ourCity reports whether 我市 or 全市 begins a clause.
func (an *Annotator) ourCity(s sentence) bool {
	for _, word := range [...]string{"我市", "全市", "本市"} {
		for from := 0; ; from += len(word) {
			i := strings.Index(s.text[from:], word)
			if i < 0 {
				break
			}
			from += i
			if an.beginsClause(s, from) && an.acts(s.text[from+len(word):]) {
				return true
			}
		}
	}
	return false
}
