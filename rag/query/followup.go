package query

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag"
)

// maxEarlier is how many characters of earlier turns serve a search: the last
// few turns, not a whole evening's conversation. A longer turn is left out.
const maxEarlier = 600

// shortTopic is the length in characters up to which a question without a place
// is taken for a follow-up when an earlier turn named one.
const shortTopic = 8

// previous is the newest turn that asked something, nil when none did. Its
// speaker is the one its answer cited, when the question named nobody.
func (u *Understander) previous(before []parsed) *parsed {
	for i := len(before) - 1; i >= 0; i-- {
		p := before[i]
		if p.asks == rag.AsksChat {
			continue
		}
		if p.speaker == "" && u.opt.SpeakerOf != nil {
			for _, id := range p.turn.Articles {
				if name := u.opt.SpeakerOf(id); name != "" {
					p.speaker = zh.Simplified(name)
					break
				}
			}
		}
		if p.speaker == "" {
			answer := zh.Simplified(p.turn.Answer)
			for _, name := range u.opt.Speakers {
				if name != "" && strings.Contains(answer, name) {
					p.speaker = name
					break
				}
			}
		}
		return &p
	}
	return nil
}

// follow fills a question in from the turn before it.
func (u *Understander) follow(p parsed, prev *parsed) parsed {
	text := p.text
	p.fill(prev)
	if p.text != text {
		again := u.parse(p.text)
		p.placeSpans, p.timeSpans = again.placeSpans, again.timeSpans
	}
	return p
}

// fill takes over from an earlier turn what a follow-up leaves out: its place
// when it names none, its topic when it has none, its years and kind with them;
// a pronoun means the person spoken of. A question that stands alone is left as
// it is.
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
	// An office says whose it is (市科技局): no district is carried over to it.
	placed := len(p.places)+len(p.unknown) > 0 || officeNamed.MatchString(p.topic)
	elliptic := p.backward || p.topic == "" && !p.complete() || !placed && zh.CountHan(p.topic) <= shortTopic
	if !elliptic {
		return
	}
	old := *p
	if p.topic == "" && (!p.pronoun || !saysWhat.MatchString(p.text)) {
		p.carryTopic(prev)
	} else if p.asks == rag.AsksText {
		p.asks = carriedAsks(prev.asks)
	}
	if !placed {
		p.places, p.unknown = prev.places, prev.unknown
	}
	if p.speaker == "" && !placed && prev.speaker != "" && len(prev.people) > 0 {
		p.speaker = prev.speaker
	}
	if len(p.periods) == 0 {
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
	p.topic = prev.topic
	if p.asks != prev.asks && p.asks != rag.AsksText && p.asks != rag.AsksYesNo {
		p.topic = subjectOf(prev.topic)
	}
	if len(p.counts) == 0 {
		p.counts = prev.counts
	}
	if p.asks == rag.AsksText || p.asks == rag.AsksYesNo && strings.HasSuffix(p.text, "呢") {
		p.asks = prev.asks
	}
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
	if s, ok := substitute(old, prev); ok {
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
	if len(old.periods) == 0 {
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
	if old.topic == "" && p.topic != "" {
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
	for _, w := range []string{"那么", "那", "其中", "另外", "还有", "再"} {
		s = strings.TrimPrefix(s, w)
	}
	return s
}

// earlier is the end of what was said before, oldest first.
func earlier(history []rag.Turn) []string {
	var lines []string
	left := maxEarlier
	for _, t := range slices.Backward(history) {
		for _, s := range [...]string{t.Answer, t.Question} {
			s = clean(s)
			n := utf8.RuneCountInString(s)
			if n == 0 || n > left {
				continue
			}
			left -= n
			lines = append(lines, s)
		}
	}
	slices.Reverse(lines)
	return lines
}
