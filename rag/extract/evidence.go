package extract

import (
	"regexp"
	"slices"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/facet"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/zh"
	"wenbao/rag"
)

// evidence is one clause of a hit.
type evidence struct {
	hit      *rag.Hit
	clause   corpus.Span // in the passage
	segment  corpus.Span // what stands between semicolons around it
	sentence corpus.Span
	facets   corpus.Facets
	score    score
	// around is what the score was made of.
	around surroundings
	// lead says that the sentence is a run-in heading, opens that the clause is
	// its sentence's first.
	lead, opens bool
	// under is the run-in heading over the clause as printed, or it itself; "" for
	// none.
	under string
	// cell is set for the value of a table.
	cell *cell
}

func (e *evidence) text() string { return e.clause.In(e.hit.Passage.Text) }

// inPeriod reports whether the clause speaks of one of the years; no years let
// everything pass. A clause whose years are not known speaks of none.
func (e *evidence) inPeriod(periods []corpus.Years) bool {
	if len(periods) == 0 {
		return true
	}
	return slices.ContainsFunc(periods, e.facets.Period.Overlaps)
}

// ofKind reports whether the clause tells what is asked for: a plan must be a
// plan, a result must not be one.
func (e *evidence) ofKind(kind corpus.Kind) bool {
	switch kind {
	case corpus.KindPlan:
		return e.facets.Kind == corpus.KindPlan && !happened.MatchString(e.text())
	case corpus.KindResult:
		return e.facets.Kind == corpus.KindResult
	}
	return true
}

// happened tells a clause of what is done already, within a sentence of plans.
var happened = regexp.MustCompile(`已经|已[建完开封投启全于有通获达搬]`)

// pool is the evidence for one place.
type pool []evidence

func (p pool) filter(keep func(*evidence) bool) pool {
	var out pool
	for i := range p {
		if keep(&p[i]) {
			out = append(out, p[i])
		}
	}
	return out
}

// gather takes the hits apart into clauses and keeps those that are about the
// topic and speak for the place and the speaker asked for.
func (a *Answerer) gather(q rag.Query, place string, hits []rag.Hit) pool {
	r := reader{annotator: a.opt.Annotator, place: place, terms: settle(a.terms(q), hits), contexts: map[contextKey]facet.Context{}}
	r.unlisted = place != "" && !slices.Contains(q.Places, place)
	r.dated = slices.ContainsFunc(r.terms, func(t term) bool { return t.word == "" })
	var out pool
	for i := range hits {
		h := &hits[i]
		if q.Speaker != "" && !speaks(h, q.Speaker) {
			continue
		}
		out = append(out, r.clauses(h)...)
	}
	if whole, ok := gazetteer.FindWhole(q.Whole); ok && len(q.Places) == 0 {
		out = out.filter(func(e *evidence) bool {
			clause := zh.Simplified(e.hit.Passage.Text[e.segment.Start:e.clause.End])
			return whole.ToldBy(clause, e.around.heading+"\n"+e.around.title, e.facets.Places)
		})
	}
	return out
}

// speaks reports whether the person speaks in the hit's article or is named in
// the passage.
func speaks(h *rag.Hit, name string) bool {
	return h.Passage.Facets.Speaker == name || h.Article.Facets.Speaker == name || strings.Contains(h.Passage.Facets.Office, name) ||
		strings.Contains(h.Article.Facets.Office, name) || strings.Contains(h.Passage.Text, name)
}

// reader reads the hits for one place of a question.
type reader struct {
	annotator *facet.Annotator
	place     string // "" for any
	terms     []term
	dated     bool // a term is a day
	unlisted  bool // the place is known by its print alone
	contexts  map[contextKey]facet.Context
}

// contextKey tells what clauses inherit from: hits of one article share its
// headings, and each costs as much as reading a sentence.
type contextKey struct {
	article  *corpus.Article
	headings string
}

// context is what a passage's clauses inherit, below a run-in heading where
// there is one.
func (r *reader) context(h *rag.Hit, lead string) facet.Context {
	headings := h.Passage.Headings
	if lead != "" {
		headings = append(headings[:len(headings):len(headings)], lead)
	}
	key := contextKey{h.Article, strings.Join(headings, "\n")}
	c, ok := r.contexts[key]
	if !ok {
		c = r.annotator.ContextOf(h.Article, headings)
		r.contexts[key] = c
	}
	return c
}

// clauses scores the clauses of one hit.
func (r *reader) clauses(h *rag.Hit) []evidence {
	text := h.Passage.Text
	around := surroundings{passage: zh.Fold(text), title: zh.Fold(titleBlock(h.Article)), before: zh.Fold(paragraphBefore(h))}
	printed := zh.Fold(strings.Join(h.Passage.Headings, "\n"))
	surrounding := r.context(h, "")
	sentences := zh.Sentences(text)
	lead := ""
	around.heading = printed
	out := r.tableEvidence(evidence{hit: h}, around)
	for i, s := range sentences {
		sentence := s.In(text)
		if valuesOf(sentence) != nil || boilerplate.MatchString(sentence) {
			continue
		}
		newLine := i == 0 || strings.Contains(text[sentences[i-1].End:s.Start], "\n")
		if newLine && lead != "" && (i == 0 || !introduces(sentences[i-1].In(text))) {
			lead, surrounding = "", r.context(h, "")
		}
		if introduces(sentence) { // what follows the colon is of its years and kind
			f := r.annotator.Text(sentence, surrounding)
			surrounding.Years, surrounding.Kind = f.Period, f.Kind
		}
		isLead := false
		if (newLine || lead != "") && i+1 < len(sentences) && runIn(sentence) {
			lead, isLead = sentence, true
			surrounding = r.context(h, strings.TrimRight(lead, "。"))
		}
		around.sentence, around.heading = zh.Fold(sentence), printed+"\n"+zh.Fold(lead)
		if newLine && i > 0 {
			around.before = ""
		}
		out = append(out, r.sentence(evidence{hit: h, sentence: s, lead: isLead, under: lead}, around, surrounding)...)
		around.before += around.sentence
	}
	return out
}

// boilerplate tells sentences of the page and not of the report: where it was taken from
// and who put it there.
var boilerplate = regexp.MustCompile(`^[（(]原标题[:：]|(?:责任?|流程|网络)编辑[:：]|如遇作品内容、版权`)

// sentence scores the clauses of one sentence, which e names.
func (r *reader) sentence(e evidence, around surroundings, surrounding facet.Context) []evidence {
	sentence := e.sentence.In(e.hit.Passage.Text)
	printed := partDate(item{hit: e.hit})
	if r.dated {
		around.days = daysIn(sentence, printed)
	}
	around.found = aroundClauses(r.terms, &around)
	scope := scope{annotator: r.annotator, context: surrounding, sentence: sentence}
	var out []evidence
	for _, c := range clausesOf(sentence) {
		around.clause, around.segment = zh.Fold(c.clause.In(sentence)), zh.Fold(c.segment.In(sentence))
		e.clause, e.segment = shift(c.clause, e.sentence.Start), shift(c.segment, e.sentence.Start)
		if r.dated {
			around.clauseDays = daysIn(c.clause.In(sentence), printed)
		}
		e.score, e.around = coverage(r.terms, around), around
		e.opens = c.clause.Start == 0
		if e.score.told == 0 && len(r.terms) > 0 || trimEnd(e.text()) == "" {
			continue // it says nothing of the topic, or nothing at all
		}
		e.facets = scope.facets(c.clause)
		if r.place == "" || slices.Contains(e.facets.Places, r.place) || scope.names(c, r.place) || townOf(e.hit.Article, r.place) || r.unlisted && e.prints(r.place) {
			out = append(out, e)
		}
	}
	return out
}

// paragraphBefore is what a passage's paragraph says ahead of it, or where the
// passage begins one, the line above that ends in a colon.
func paragraphBefore(h *rag.Hit) string {
	start := h.Passage.Span.Start
	if start > len(h.Article.Text) {
		return ""
	}
	ahead := h.Article.Text[:start]
	if line := ahead[strings.LastIndexByte(ahead, '\n')+1:]; line != "" {
		return line
	}
	ahead = strings.TrimSuffix(ahead, "\n")
	if line := ahead[strings.LastIndexByte(ahead, '\n')+1:]; introduces(line) {
		return line
	}
	return ""
}

// scope tells what the clauses of one sentence speak of.
type scope struct {
	annotator *facet.Annotator
	context   facet.Context
	sentence  string
	facet     *corpus.Facets
}

// whole are the sentence's facets.
func (s *scope) whole() corpus.Facets {
	if s.facet == nil {
		f := s.annotator.Text(s.sentence, s.context)
		s.facet = &f
	}
	return *s.facet
}

// names reports whether the sentence names a place beside those that it speaks
// for, in the clause or before it in the segment: what stands ahead of the name,
// or behind another semicolon, is of other places.
func (s *scope) names(c piece, place string) bool {
	part := s.sentence[c.segment.Start:max(c.clause.End, c.segment.Start)]
	return slices.Contains(s.whole().Mentions, place) &&
		(strings.Contains(part, place) || strings.Contains(part, shortName(place)))
}

// shortName is a place's name without its suffix, or the name where nothing
// would be left to tell it by.
func shortName(place string) string {
	if short := gazetteer.ShortForm(place); short != "" {
		return short
	}
	return place
}

// prints reports whether the sentence, its headings or the title has a name.
func (e *evidence) prints(name string) bool {
	name = zh.Fold(name)
	return strings.Contains(e.around.sentence, name) || strings.Contains(e.around.heading, name) || strings.Contains(e.around.title, name)
}

// townOf reports whether an article is about a town: its title names it. Larger
// places are known by the facets.
func townOf(a *corpus.Article, place string) bool {
	return strings.Contains(titleBlock(a), place) && slices.ContainsFunc([]string{"街道", "镇", "乡"}, func(s string) bool { return strings.HasSuffix(place, s) })
}

// facets are a clause's: those of the sentence, unless the sentence names
// several years; then those of its part from the year named last before the
// clause, or in it, to the clause's end.
func (s *scope) facets(clause corpus.Span) corpus.Facets {
	f := s.whole()
	from, years := 0, map[corpus.Years]bool{}
	for _, t := range zh.Times(s.sentence, s.context.Date) {
		if t.Years.IsZero() || t.Plan || !strings.Contains(t.In(s.sentence), "年") {
			continue
		}
		years[t.Years] = true
		if t.Start < clause.End {
			from = t.Start
		}
	}
	if len(years) < 2 {
		return f
	}
	c := s.context
	c.Places = f.Places
	part := s.annotator.Text(s.sentence[min(from, clause.Start):clause.End], c)
	part.Places, part.Mentions = f.Places, f.Mentions
	part.Speaker, part.Office = f.Speaker, f.Office
	return part
}

func titleBlock(a *corpus.Article) string {
	title := a.Title
	if a.TitleMade {
		title = ""
	}
	return a.Kicker + "\n" + title + "\n" + a.Subtitle + "\n" + a.Facets.Office + "\n" + a.Facets.Speaker
}

// introduces reports whether a sentence ends in a colon.
func introduces(sentence string) bool {
	return strings.HasSuffix(sentence, "：") || strings.HasSuffix(sentence, ":")
}

// runIn reports whether a sentence is so short that it serves the rest of its
// paragraph or list item as its heading.
func runIn(sentence string) bool {
	const longest = 22
	return zh.CountHan(sentence) <= longest && strings.HasSuffix(sentence, "。") && !strings.ContainsAny(sentence, "，,；：")
}

// piece is a clause of a sentence and the segment between semicolons it is in.
type piece struct{ clause, segment corpus.Span }

// clausesOf cuts a sentence into clauses. A piece of a few characters is no
// clause of its own (目前，) and goes with the one behind it.
func clausesOf(sentence string) []piece {
	const fewest = 4
	var out []piece
	segment, carry := 0, -1
	closeSegment := func(end int) {
		for i := range out {
			if out[i].segment.End == 0 {
				out[i].segment = corpus.Span{Start: segment, End: end}
			}
		}
	}
	for _, c := range zh.Clauses(sentence) {
		if c.Lead == '；' || c.Lead == ';' {
			closeSegment(c.Start)
			segment = c.Start
		}
		sp := c.Span
		if carry >= 0 {
			sp.Start = carry
			carry = -1
		}
		if zh.CountHan(sp.In(sentence)) < fewest && !strings.ContainsAny(sp.In(sentence), "0123456789０１２３４５６７８９") {
			carry = sp.Start
			continue
		}
		out = append(out, piece{clause: sp})
	}
	if carry >= 0 && len(out) > 0 {
		out[len(out)-1].clause.End = len(strings.TrimRight(sentence, "。！？!?；;"))
	}
	closeSegment(len(sentence))
	if len(out) == 0 {
		whole := corpus.Span{End: len(sentence)}
		out = []piece{{whole, whole}}
	}
	return out
}

func shift(sp corpus.Span, by int) corpus.Span {
	return corpus.Span{Start: sp.Start + by, End: sp.End + by}
}
