// Package query makes out what a question asks: places, years, whether plans or
// results are wanted, what kind of answer, and what is left as its topic. A
// follow-up is filled in from the turns before it.
//
// Everything is done by rules over word lists that stand in words.go and
// synonyms.txt; nothing is guessed that no list or earlier turn supports.
package query

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/zh"
	"wenbao/rag"
)

// MaxChars is how much of a question is read, in characters; the rest is cut off.
const MaxChars = 1000

// Options are what an Understander knows of the collection.
type Options struct {
	// Gazetteer finds places; required.
	Gazetteer *gazetteer.Gazetteer
	// Places are the full names of the places in the collection, those with
	// most passages first.
	Places []string
	// Speakers are the names of those who speak in it.
	Speakers []string
	// Words cuts text into words without stop words; required.
	Words func(text string) []string
	// Newest is the day of the newest paper: 今年 and 明年 are seen from it.
	Newest corpus.Date
	// SpeakerOf names who speaks in an article, by its ID; nil knows nobody.
	SpeakerOf func(article string) string
}

// Understander implements rag.Understander.
type Understander struct {
	opt       Options
	gazetteer *gazetteer.Gazetteer
	known     map[string]bool
	groups    []group
}

// New returns an Understander. It is safe for concurrent use if Options.Words is.
func New(opt Options) *Understander {
	u := &Understander{opt: opt, gazetteer: opt.Gazetteer.With(opt.Places), known: map[string]bool{}, groups: synonymGroups()}
	for _, p := range opt.Places {
		u.known[p] = true
	}
	return u
}

// Understand reads a question in the light of the turns before it.
func (u *Understander) Understand(q rag.Question) rag.Query {
	var before []parsed
	for _, t := range q.History {
		p := u.follow(u.parse(t.Question), u.previous(before))
		p.turn = t
		before = append(before, p)
	}
	p := u.follow(u.parse(q.Text), u.previous(before))
	query := p.query()
	query.Filter = q.Filter
	if len(before) > 0 {
		query.Earlier = earlier(q.History)
	}
	query.Wordings = u.wordings(query.Text)
	return query
}

// parsed is a question taken apart.
type parsed struct {
	text     string
	places   []string
	unknown  []string
	periods  []corpus.Years
	kind     corpus.Kind
	asks     rag.Asks
	counts   []rag.Count
	topic    string
	speaker  string
	people   []string // everyone named
	pronoun  bool
	backward bool
	turn     rag.Turn
	// placeSpans and timeSpans are where places and years stand in text.
	placeSpans, timeSpans []corpus.Span
}

// clean drops control characters and cuts a question to MaxChars.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar || r == '\u200b' || r == '\ufeff' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " "))
	s = strings.TrimSpace(s)
	n := 0
	for i := range s {
		if n == MaxChars {
			return s[:i]
		}
		n++
	}
	return s
}

// plain puts the standard word for a spoken one.
func plain(s string) string {
	for _, d := range spoken {
		s = strings.ReplaceAll(s, d[0], d[1])
	}
	return spokenYesNo.ReplaceAllString(s, "${1}吗${2}")
}

// spokenYesNo ends a question that is answered by yes or no (修好了没？, 放心不？).
var spokenYesNo = regexp.MustCompile(`(?:(了)没有?|没有|不)([？?，,]|$)`)

func (u *Understander) parse(text string) parsed {
	p := parsed{text: plain(clean(text))}
	if isSmallTalk(p.text) {
		p.asks = rag.AsksChat
		return p
	}
	u.readPlaces(&p)
	for _, t := range zh.Times(p.text, u.opt.Newest) {
		// A month or a day without its year says too little to refuse by.
		dated := strings.ContainsAny(t.In(p.text), "年五")
		document := t.Plan && strings.HasPrefix(strings.TrimLeft(p.text[t.End:], "”"), "规划")
		if !t.Years.IsZero() && dated && !document {
			p.periods = append(p.periods, t.Years)
			p.timeSpans = append(p.timeSpans, t.Span)
		}
	}
	p.asks = asks(p.text)
	p.kind = kindOf(p.text)
	for _, name := range u.opt.Speakers {
		if name != "" && strings.Contains(p.text, name) {
			p.people = append(p.people, name)
		}
	}
	if len(p.people) == 1 {
		p.speaker = p.people[0]
	}
	p.pronoun = containsAny(p.text, pronouns)
	p.backward = p.pronoun || startsOrEnds(p.text, backward)
	p.topic = u.topic(&p)
	if p.asks == rag.AsksNumber {
		p.counts = u.counts(p.text)
	}
	return p
}

// isSmallTalk reports whether a whole question asks nothing of a newspaper.
func isSmallTalk(s string) bool {
	folded := strings.TrimFunc(zh.Fold(s), func(r rune) bool {
		return unicode.IsPunct(r) || unicode.IsSymbol(r) || strings.ContainsRune("啊呀吧呢哦", r)
	})
	return folded == "" || slices.Contains(smallTalk, folded)
}

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
			name := u.choose(m)
			p.places = slices.DeleteFunc(p.places, func(s string) bool { return s == name })
			p.unknown = slices.DeleteFunc(p.unknown, func(s string) bool { return s == name })
		}
	}
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

// asks reads what kind of answer a question wants.
func asks(s string) rag.Asks {
	if strings.Contains(s, "几个") && strings.Contains(s, "哪几个") {
		return rag.AsksList
	}
	if postCalled.MatchString(s) {
		return rag.AsksPerson
	}
	for _, c := range cues {
		if strings.Contains(s, c.phrase) {
			return c.asks
		}
	}
	return rag.AsksText
}

// postCalled asks for the name of who holds a post.
var postCalled = regexp.MustCompile(`(?:书记|主任|主席|经理|[市区县镇乡局院校馆厂所队会部]长)(?:叫|姓)什么`)

// officeBehind is what makes the last character of a place's name the first of
// an office's.
var officeBehind = regexp.MustCompile(`^(?:委|长|政府|政协|人大|纪委|法院|检察院)`)

// whichPlace asks for places of a sort: the answer names them without the word
// (哪两个乡镇: 在青石镇、梨树乡).
var whichPlace = regexp.MustCompile(`哪[一两三几些]?个?(?:县区|乡镇|街道|地方|区|县|镇|乡|村)`)

// topic is what is left of a question without places, times, names of known
// speakers and the words that only ask.
func (u *Understander) topic(p *parsed) string {
	text := []byte(p.text)
	blank := func(sp corpus.Span) {
		for i := sp.Start; i < sp.End; i++ {
			text[i] = ' '
		}
	}
	for _, sp := range p.placeSpans {
		if officeBehind.MatchString(p.text[sp.End:]) { // 松岭县委书记 asks for the 县委书记
			_, n := utf8.DecodeLastRuneInString(sp.In(p.text))
			sp.End -= n
		}
		blank(sp)
	}
	for _, sp := range p.timeSpans {
		blank(sp)
	}
	for _, m := range countedBy.FindAllStringSubmatchIndex(string(text), -1) {
		blank(corpus.Span{Start: m[0], End: m[2] + len(u.measure(string(text[m[2]:])))})
	}
	s := whichPlace.ReplaceAllString(string(text), " ")
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
		if t := trimGeneric(u.trimField(field)); t != "" {
			parts = append(parts, t)
		}
	}
	return strings.Join(parts, " ")
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

func (p *parsed) query() rag.Query {
	return rag.Query{
		Text: p.text, Topic: p.topic, Counts: p.counts, Places: p.places, Unknown: p.unknown,
		Periods: p.periods, Kind: p.kind, Speaker: p.speaker, Asks: p.asks,
	}
}

func containsAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

func startsOrEnds(s string, words []string) bool {
	trimmed := strings.TrimRightFunc(s, func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSpace(r) })
	return slices.ContainsFunc(words, func(w string) bool {
		return strings.HasPrefix(s, w) || strings.HasSuffix(trimmed, w)
	})
}
