package query

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag"
)

// shortTopic is the length in characters up to which a question without a place
// is taken for a follow-up when an earlier turn named one.
const shortTopic = 8

// maxChain is how many follow-ups in a row are filled in one from the other:
// beyond it the oldest is read as it stands.
const maxChain = 8

// read takes a question apart, which may point to something named before it.
func (u *Understander) read(text string, before []rag.Turn) parsed {
	text = asked(text)
	full := u.named(goBack.ReplaceAllString(text, ""), before)
	p := u.parse(full)
	p.returned = full != text && p.name != ""
	return p
}

// previous is the newest turn that asked something, filled in from those before
// it where it is itself a follow-up; nil when none did. Its speaker is the one its
// answer cited, when the question named nobody. chain is how many turns may still
// be filled in.
func (u *Understander) previous(history []rag.Turn, chain int) *parsed {
	for i, t := range slices.Backward(history) {
		p := u.read(t.Question, history[:i])
		if p.asks == rag.AsksChat {
			continue
		}
		if text := p.text; !t.Alone {
			if p = u.follow(p, history[:i], chain); p.text != text {
				p.placeSpans, p.timeSpans = u.spans(p.text)
			}
		}
		if p.speaker == "" {
			p.speaker = u.spokeIn(t)
		}
		if names := answerNames(t.Answer); p.name == "" && len(names) == 1 && whichOne.MatchString(p.text) {
			p.name = names[0]
		}
		return &p
	}
	return nil
}

// spokeIn is who speaks in the first article of a turn's answer that has a
// speaker, or whom the answer names; "" for nobody.
func (u *Understander) spokeIn(t rag.Turn) string {
	if u.opt.SpeakerOf != nil {
		for _, id := range t.Articles {
			if name := u.opt.SpeakerOf(id); name != "" {
				return zh.Simplified(name)
			}
		}
	}
	answer := zh.Simplified(t.Answer)
	i := slices.IndexFunc(u.opt.Speakers, func(name string) bool { return name != "" && strings.Contains(answer, name) })
	if i < 0 {
		return ""
	}
	return u.opt.Speakers[i]
}

// spans are where places and years stand in a text.
func (u *Understander) spans(text string) (places, times []corpus.Span) {
	p := parsed{text: text}
	u.readPlaces(&p)
	u.readTimes(&p)
	return p.placeSpans, p.timeSpans
}

// follow fills a question in from the turns before it. What they say is read only
// as far back as each takes something over from the one before it.
func (u *Understander) follow(p parsed, history []rag.Turn, chain int) parsed {
	if chain > 0 && (p.pronoun || p.elliptic()) {
		p.fill(u.previous(history, chain-1))
	}
	return p
}

// elliptic reports whether a question leaves out what the one before it said.
func (p *parsed) elliptic() bool {
	return p.asks != rag.AsksChat &&
		(p.backward || p.topic == "" && !p.complete() || !p.placed() && zh.CountHan(p.topic) <= shortTopic)
}

// placed reports whether a question says where. An office says whose it is
// (市科技局), and so does what is the city's (市第三人民医院): no district is carried over to it.
func (p *parsed) placed() bool {
	return len(p.places)+len(p.unknown) > 0 || officeNamed.MatchString(p.topic) || strings.HasPrefix(p.name, "市")
}

// fill takes over from an earlier turn what a follow-up leaves out: its place
// when it names none, its topic when it has none, its years and kind with them;
// a pronoun means the person spoken of. A question that stands alone is left as
// it is, and one that returns to a thing takes no place and year over from the
// turn between.
func (p *parsed) fill(prev *parsed) {
	if prev == nil || p.asks == rag.AsksChat {
		return
	}
	if p.pronoun && p.speaker == "" {
		p.speaker = prev.speaker
	}
	if p.speaker != "" && len(p.people) > 0 && p.topic != "" && !p.backward {
		return // another person's words: nothing carries over
	}
	if !p.elliptic() {
		return
	}
	placed := p.placed()
	old := *p
	if p.topic == "" && (!p.pronoun || !saysWhat.MatchString(p.text)) {
		p.carryTopic(prev)
	} else if p.asks == rag.AsksText {
		p.asks = carriedAsks(prev.asks)
	}
	p.carryName(&old, prev)
	if !placed && !p.returned {
		p.places, p.unknown = prev.places, prev.unknown
	}
	if p.speaker == "" && !placed && prev.speaker != "" && len(prev.people) > 0 {
		p.speaker = prev.speaker
	}
	if len(p.periods) == 0 && !p.returned {
		p.periods = prev.periods
		if p.kind == "" {
			p.kind = prev.kind
		}
	}
	p.text = standalone(&old, p, prev)
}

// complete reports whether a question without a topic says by itself what it wants:
// everything that a place did or plans in a year.
func (p *parsed) complete() bool {
	return len(p.places)+len(p.unknown) > 0 && len(p.periods) > 0 && p.asks != rag.AsksText
}

// standsAlone reports whether a question may be meant by itself although an earlier
// turn could fill it in: it does not point back, and it has a topic, or a place and
// a year.
func (p *parsed) standsAlone() bool {
	return !p.backward && (p.topic != "" || len(p.places) > 0 && len(p.periods) > 0)
}

// carryTopic takes over the topic of an earlier turn, with what was asked of it
// where the follow-up does not ask for something else.
func (p *parsed) carryTopic(prev *parsed) {
	p.topic, p.name = prev.topic, prev.name
	otherFact := p.asks != prev.asks && p.asks != rag.AsksText && p.asks != rag.AsksYesNo
	if otherFact || prev.name != "" && p.otherMeasure(prev) {
		p.topic = cmp.Or(prev.name, subjectOf(prev.topic))
	}
	if len(p.counts) == 0 {
		p.counts = prev.counts
	}
	if p.asks == rag.AsksText || p.asks == rag.AsksYesNo && strings.HasSuffix(p.text, "呢") {
		p.asks = prev.asks
	}
}

// carryName asks of the thing named in an earlier turn what a follow-up asks of
// nothing (总投资多少), and of a thing that is all that a follow-up names what that
// turn asked (白塔隧道呢).
func (p *parsed) carryName(old, prev *parsed) {
	switch {
	case prev.name == "":
	case old.lacksSubject():
		p.topic, p.name, p.taken = prev.name+" "+old.topic, prev.name, true
	case old.onlyNames() && strings.Contains(prev.topic, prev.name):
		p.topic = strings.Replace(prev.topic, prev.name, old.name, 1)
		p.asks, p.counts = prev.asks, prev.counts
	}
}

// onlyNames reports whether a question only says of what it asks (那白塔隧道呢).
func (p *parsed) onlyNames() bool {
	return p.backward && p.asks == rag.AsksText && p.name != "" && p.topic == p.name && !p.placed() && len(p.periods) == 0
}

// otherMeasure reports whether a question asks for a number in a unit that the one
// before it did not ask for.
func (p *parsed) otherMeasure(prev *parsed) bool {
	return slices.ContainsFunc(p.counts, func(c rag.Count) bool {
		return c.Unit != "" && !slices.ContainsFunc(prev.counts, func(o rag.Count) bool { return o.Unit == c.Unit })
	})
}

// subjectOf is what a topic is about, without what was asked of it: 望江大桥 of
// 望江大桥什么时候通车, where the question word stood between the two.
func subjectOf(topic string) string {
	subject, _, _ := strings.Cut(topic, " ")
	if zh.CountHan(subject) < 2 {
		return topic
	}
	return subject
}

// saysWhat asks for everything that a person said.
var saysWhat = regexp.MustCompile(`[说讲谈提](?:了|到|过)?(?:些|哪些)?什么`)

// officeNamed tells an office of a city, a district or a county.
var officeNamed = regexp.MustCompile(`[市区县省]\p{Han}{1,8}?(?:局|委员会|委|办|厅)`)

// carriedAsks says what a follow-up with a topic of its own asks for: what was
// asked of the old topic, unless that was a single fact.
func carriedAsks(a rag.Asks) rag.Asks {
	switch a {
	case rag.AsksList, rag.AsksText, rag.AsksNumber:
		return a
	}
	return rag.AsksText
}

// standalone words a follow-up so that it can be read without the turns before.
func standalone(old, p, prev *parsed) string {
	if s, ok := substitute(old, prev); ok && !p.taken {
		return s
	}
	var b strings.Builder
	if len(old.places)+len(old.unknown) == 0 {
		for i, name := range append(p.places[:len(p.places):len(p.places)], p.unknown...) {
			if i > 0 {
				b.WriteString("、")
			}
			b.WriteString(name)
		}
	}
	if len(old.periods) == 0 && len(p.periods) > 0 {
		for i, sp := range prev.timeSpans {
			if i == 0 && sp.End <= len(prev.text) {
				b.WriteString(sp.In(prev.text))
			}
		}
	}
	rest := strings.TrimSpace(strings.TrimLeft(trimBackward(old.text), "，,"))
	if p.speaker != "" {
		for _, w := range []string{"她", "他"} {
			rest = strings.Replace(rest, w, p.speaker, 1)
		}
	}
	switch {
	case p.taken && strings.Contains(rest, "它"):
		rest = strings.Replace(rest, "它", p.name, 1)
	case p.taken:
		b.WriteString(p.name)
	case old.topic == "" && p.topic != "":
		b.WriteString(p.topic)
	}
	b.WriteString(rest)
	return b.String()
}

// substitute puts a follow-up's only new piece, a topic, a place or a year, in
// the stead of the old one in the turn before.
func substitute(old, prev *parsed) (string, bool) {
	if old.asks != rag.AsksText && !strings.HasSuffix(strings.TrimRight(old.text, "？?"), "呢") || old.pronoun {
		return "", false
	}
	placed, dated := len(old.places)+len(old.unknown) > 0, len(old.periods) > 0
	switch {
	case prev.name != "" && old.onlyNames() && strings.Count(prev.text, prev.name) == 1:
		return strings.Replace(prev.text, prev.name, old.name, 1), true
	case old.topic != "" && !placed && !dated && prev.topic != "" && strings.Count(prev.text, prev.topic) == 1:
		return strings.Replace(prev.text, prev.topic, old.topic, 1), true
	case old.topic == "" && placed && !dated && len(old.placeSpans) == 1 && len(prev.placeSpans) == 1:
		return replaceSpan(prev.text, prev.placeSpans[0], old.placeSpans[0].In(old.text)), true
	case old.topic == "" && !placed && dated && len(old.timeSpans) == 1 && len(prev.timeSpans) == 1:
		return replaceSpan(prev.text, prev.timeSpans[0], old.timeSpans[0].In(old.text)), true
	}
	return "", false
}

func replaceSpan(s string, sp corpus.Span, by string) string {
	if sp.End > len(s) {
		return s
	}
	return s[:sp.Start] + by + s[sp.End:]
}

// trimBackward drops the words that only point back.
func trimBackward(s string) string {
	for _, w := range []string{"那么", "那个", "那", "其中", "另外", "还有", "再"} {
		s = strings.TrimPrefix(s, w)
	}
	return s
}
