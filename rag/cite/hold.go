package cite

import (
	"regexp"
	"slices"
	"strings"

	"wenbao/corpus/gazetteer"
	"wenbao/corpus/zh"
)

// The kinds of problem of a written sentence, beside Uncited and Unresolved.
const (
	WrongFigure    ProblemKind = "figure"    // no cited passage has the figure with its unit
	WrongBound     ProblemKind = "bound"     // 近24万 told as 24万
	WrongSubject   ProblemKind = "subject"   // the figure is of something else
	WrongYear      ProblemKind = "year"      // what is cited is of another year
	WrongDate      ProblemKind = "date"      // a month, day or hour that is not printed
	WrongPlace     ProblemKind = "place"     // what is cited is of another place
	WrongPerson    ProblemKind = "person"    // somebody else, or nobody, is named
	WrongOffice    ProblemKind = "office"    // not the person's post
	WrongQuote     ProblemKind = "quote"     // words in quotation marks that are not printed
	WrongPolarity  ProblemKind = "polarity"  // a negation too many or too few
	WrongTense     ProblemKind = "tense"     // a plan told as done, or the other way round
	WrongDirection ProblemKind = "direction" // 增长 for 下降
	Invented       ProblemKind = "invented"  // its words do not stand in what it cites
	Repeated       ProblemKind = "repeated"  // the same sentence again
)

// finding is what holding a sentence against passages gives.
type finding struct {
	problems []Problem
	support  []support
}

func (f *finding) add(kind ProblemKind, claim string) {
	f.problems = append(f.problems, Problem{Kind: kind, Text: claim})
}

// rest is a clause's support: the first is what it rests on most.
func (f *finding) rest(s support) {
	if !slices.Contains(f.support, s) {
		f.support = append(f.support, s)
	}
}

// statement is a clause of a written sentence with what it inherits.
type statement struct {
	text, folded string
	// sentence is all of the sentence, framed what also holds for it: the
	// heading above and the question.
	sentence   string
	quantities []quantity
	terms      []string
	// subject is the text of the clauses before it in the sentence, upTo the
	// sentence to the clause's end, as written.
	subject, upTo string
	// own are the places that the clause names; places those or, where it names
	// none, those named last before it.
	own, places []gazetteer.Match
	// denied says that the clause denies something.
	denied bool
	// parts says that figures go with places one by one (分别).
	parts bool
}

// hold holds a sentence against the passages of these numbers.
func (r *reviewer) hold(text string, cited []int) finding {
	var f finding
	sources := make([]*source, 0, len(cited))
	for _, n := range cited {
		sources = append(sources, r.source(n))
	}
	h := holder{r: r, sources: sources, finding: &f}
	h.quotes(text)
	h.persons(r.lead)
	statements := r.statements(text)
	for i := range statements {
		h.statement(&statements[i])
	}
	h.persons(text)
	h.offices(text)
	if len(f.problems) == 0 && len(f.support) == 0 {
		f.add(Invented, text)
	}
	return f
}

// statements cuts a sentence into what it states.
func (r *reviewer) statements(text string) []statement {
	plain, _ := splitQuotes(text)
	var out []statement
	var places []gazetteer.Match
	if places = r.placesIn(r.before); places == nil {
		places = r.placesIn(r.lead)
	}
	subject := ""
	for _, p := range piecesOf(plain) {
		places = slices.DeleteFunc(slices.Clone(places), func(m gazetteer.Match) bool { return m.Level == gazetteer.LevelTown })
		st := statement{text: p.In(plain), sentence: text, subject: subject, upTo: plain[:p.End]}
		st.folded = zh.Fold(st.text)
		st.quantities = quantitiesOf(st.text)
		if st.own = r.placesIn(st.text); len(st.own) > 0 {
			places = st.own
		}
		st.places = places
		st.denied = denied(st.text)
		st.parts = strings.Contains(st.text, "分别")
		st.terms = r.terms(st.text)
		subject += st.folded
		out = append(out, st)
	}
	return out
}

// holder holds one sentence.
type holder struct {
	r       *reviewer
	sources []*source
	finding *finding
}

// topic is a clause that only says what the next one is about: 住房方面.
var topic = regexp.MustCompile(`^(?:在)?\p{Han}{1,8}(?:方面|领域)$`)

// statement holds one clause: its words, its figures, and what both rest on.
func (h *holder) statement(st *statement) {
	if topic.MatchString(st.text) {
		return
	}
	best, share := h.bestClause(st)
	var on []support
	for i := range st.quantities {
		if s, ok := h.quantity(st, i); ok {
			on = append(on, s)
		}
	}
	h.ages(st, on)
	h.ranges(st, on)
	if len(on) == 0 && best.source != nil && (len(st.terms) > 0 || len(st.places) > 0) {
		on = append(on, best)
	}
	least, fewest := leastShare, 1
	if len(st.quantities) > 0 {
		least, fewest = leastShareFigure, fewestTerms
	}
	if len(st.terms) >= fewest && share < least {
		h.finding.add(Invented, st.text)
		return
	}
	for _, s := range on {
		h.finding.rest(s)
	}
	if len(on) == 0 {
		return
	}
	h.places(st, on)
	h.whole(st, on)
	h.times(st, on)
	h.loose(st, on)
	h.manner(st, on)
	h.events(st, on)
}

const (
	// leastShare is the share of a clause's content words that have to stand in
	// what it cites.
	leastShare = 0.55
	// leastShareFigure is enough beside figures that stand in what it cites.
	leastShareFigure = 0.5
	// fewestTerms is how many content words a clause with a figure has for its
	// words to be held: with one, the figure's subject says as much.
	fewestTerms = 2
)

// The credits of a word by where it stands, seen from the clause that carries
// most of the others. Set on the sample's pairs.
const (
	creditClause   = 1.0
	creditSegment  = 0.93
	creditSentence = 0.86
	creditAround   = 0.8
	creditPassage  = 0.6
)

// bestClause is the printed clause that has most of a statement's words, and the
// share of the words that stand there or around it.
func (h *holder) bestClause(st *statement) (support, float64) {
	var best support
	share, top := 0.0, 0.0
	for _, s := range h.sources {
		if len(st.terms) == 0 {
			break
		}
		for i := range s.clauses {
			cl := &s.clauses[i]
			got := 0.0
			for _, t := range st.terms {
				got += h.credit(t, s, cl)
			}
			got /= float64(len(st.terms))
			if got+fitTime+fitPlace+fitYear+fitPolarity <= top {
				continue
			}
			if total := got + h.fit(st, s, i); got > 0 && total > top {
				best, share, top = support{s, i}, got, total
			}
		}
	}
	return best, share
}

// What a clause gains in the choice by having the statement's day or hour, by
// being of its place and year, and by denying what it denies.
const (
	fitTime     = 0.3
	fitPlace    = 0.04
	fitYear     = 0.04
	fitPolarity = 0.04
)

// fit is how well a clause goes with a statement apart from its words.
func (h *holder) fit(st *statement, s *source, i int) float64 {
	gain, cl := 0.0, &s.clauses[i]
	if days := zh.Times(st.text, s.context.Date); len(days) > 0 {
		o := support{s, i}
		if slices.ContainsFunc(days, func(t zh.TimeExpr) bool { return t.Date.Month > 0 && o.prints(t, t.In(st.text)) }) {
			gain += fitTime
		}
	}
	if h.speaksFor(st.places, s, cl) {
		gain += fitPlace
	}
	if h.inYear(st, s, cl) {
		gain += fitYear
	}
	if st.denied == cl.denied {
		gain += fitPolarity
	}
	return gain
}

// credit is how much a word counts as found, seen from a clause.
func (h *holder) credit(term string, s *source, cl *clause) float64 {
	best := 0.0
	for _, at := range [...]struct {
		text   string
		credit float64
	}{{cl.folded, creditClause}, {cl.segment, creditSegment}, {cl.whole, creditSentence}, {s.around, creditAround}, {s.folded, creditPassage}} {
		if best >= at.credit {
			break
		}
		best = max(best, at.credit*h.r.c.found(term, at.text))
	}
	for _, other := range h.sources {
		if other != s && best < creditPassage {
			best = max(best, creditPassage*h.r.c.found(term, other.folded))
		}
	}
	return best
}
