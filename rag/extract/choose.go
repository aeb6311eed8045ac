package extract

import (
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag"
)

// Thresholds on coverage, from 0 to 1, below which a clause is no evidence. A
// short answer wants nearly the whole topic beside its figure; a list wants half.
const (
	minNearShort = 0.72
	minNearList  = 0.4
	// The words of one number asked for are not those of the next.
	minNearSeveral = 0.5
	// A duration is seldom printed, and says by itself what it is about.
	minNearDuration = 0.6
	minOwnList      = 0.15
	// creditSection is the worth of a clause that stands under a heading with
	// the topic and does not name it itself. Where a heading has the very words,
	// clauses elsewhere have to have them too.
	creditSection = 0.85
	wholeSection  = 0.95
	minAllText    = 0.55
	// A person's office may stand in the title and only the post beside the name.
	minAllPerson = 0.6
	minOwnPerson = 0.2

	// closeTo is the share of the best score that further items need.
	closeToBest = 0.5
	sameAsBest  = 0.93
	// Where an item has the whole topic, one with half of it is beside the point.
	wholeTopic   = 0.95
	closeToWhole = 0.6

	maxListItems  = 10
	maxShortItems = 3
	maxSentences  = 3
	// fewestItemHan is how many Han characters an item without a figure has at least.
	fewestItemHan = 5
	// maxItemChars is the longest sentence that an answer prints whole.
	maxItemChars = 130
)

// choose makes the items of an answer out of evidence that may all be used.
func (a *Answerer) choose(q rag.Query, where string, p pool) []item {
	if len(p) == 0 {
		return nil
	}
	if sort := sortOfPlace(q); sort != "" && q.Asks != rag.AsksPlace {
		if items := a.shorts(p, minNearShort, func(e *evidence) (item, bool) { return placeOf(sort, e) }); len(items) > 0 {
			return items
		}
	}
	switch q.Asks {
	case rag.AsksNumber:
		return a.numbers(q, p)
	case rag.AsksPerson:
		return a.shorts(p.filter((*evidence).ofPerson), 0, func(e *evidence) (item, bool) { return a.person(q, e, p) })
	case rag.AsksDate:
		if strings.Contains(q.Text, "几点") {
			return a.shorts(p, minNearShort, hour)
		}
		return a.shorts(p, minNearShort, func(e *evidence) (item, bool) {
			it, ok := date(e)
			return it, ok && (!yearAsked.MatchString(q.Text) || strings.Contains(it.short, "年"))
		})
	case rag.AsksPlace:
		items := a.shorts(p, minNearShort, place)
		if sort := sortOfPlace(q); sort != "" && len(items) == 0 {
			items = a.shorts(p, minNearShort, func(e *evidence) (item, bool) { return placeOf(sort, e) })
		}
		return items
	case rag.AsksList:
		return list(q, where, p)
	}
	return sentences(q, p)
}

// yearAsked asks for a year: a day without one does not say it.
var yearAsked = regexp.MustCompile(`哪一?年`)

// numbers answers each of the numbers asked for, in the question's order. When
// one of several is not to be had, the others still are.
func (a *Answerer) numbers(q rag.Query, p pool) []item {
	terms := a.terms(q)
	p = p.filter(func(e *evidence) bool { return !otherWay(q.Text, e.text()) })
	counts := q.Counts
	if len(counts) == 0 {
		counts = []rag.Count{{}}
	}
	least := minNearShort
	switch {
	case len(counts) > 1:
		least = minNearSeveral // the words of the other numbers need not be near
	case counts[0].Unit == unitTime:
		least = minNearDuration
	}
	periods := countPeriods(q)
	var out []item
	for i, c := range counts {
		of := a.termFor(c.Of, terms)
		dated := p
		if periods != nil {
			dated = p.filter(func(e *evidence) bool { return e.inPeriod(periods[i]) })
		}
		out = append(out, a.shorts(dated, least, func(e *evidence) (item, bool) {
			it, ok := figure(q, c, of, e, terms)
			if c.Unit == "" && changed.MatchString(q.Text) && turns.MatchString(it.short) || ofAnotherYear(q, it.short, e.text()) {
				return item{}, false
			}
			return it, ok
		})...)
	}
	if len(counts) == 1 {
		return out
	}
	if out = distinctShorts(out); len(out) < len(counts) {
		if each := a.apart(q, p, terms, periods); each != nil {
			return distinctShorts(each)
		}
	}
	return out
}

// changed asks by how much something has changed, and turns tell how often it has.
var (
	changed = regexp.MustCompile(`(?:[涨跌降升]|上调|下调|增长|增加|减少)了?多少`)
	turns   = regexp.MustCompile(`(?:[^人]次|轮|周|[一两]个)$`)
)

// shorts makes the items of a question for one fact. find gives the short
// answer that a clause holds, and what to print with it.
func (a *Answerer) shorts(p pool, least float64, find func(e *evidence) (item, bool)) []item {
	var items []item
	for i := range p {
		e := &p[i]
		if e.score.told < least {
			continue
		}
		if it, ok := find(e); ok {
			it.hit, it.facets, it.told = e.hit, e.facets, e.score.told
			it.score += e.score.told + e.score.own/4 + e.score.all/8
			items = append(items, it)
		}
	}
	sortItems(items)
	items = distinctFacts(distinct(items))
	if len(items) == 0 {
		return nil
	}
	items = above(items, items[0].score*sameAsBest)
	return items[:min(len(items), maxShortItems)]
}

// list makes the items of a question for several things: clauses about the
// topic, in reading order; without a topic an overview of everything there is.
func list(q rag.Query, where string, p pool) []item {
	if q.Topic == "" {
		return overview(where, p)
	}
	sections := slices.ContainsFunc(p, func(e evidence) bool { return e.score.heading >= wholeSection })
	how := asksHow.MatchString(q.Text) && q.Kind == "" && len(q.Periods) == 0
	p = withoutLeads(p)
	var items []item
	for i := range p {
		e := &p[i]
		worth := e.score.near + e.score.own/4
		if e.score.own < minOwnList {
			worth = e.score.heading * creditSection
		}
		if worth < minNearList || e.cell != nil || e.caption() || e.tooShort() || hollow.MatchString(trimEnd(e.text())) || attribution.MatchString(e.text()) || sections && e.score.heading < wholeSection && e.score.own < wholeSection {
			continue
		}
		it := e.item(worth)
		if how && zh.CountHan(e.segment.In(e.hit.Passage.Text)) <= maxSegment {
			it.span = afterLead(e.hit.Passage.Text, e.segment) // the way stands beside what it leads to
		}
		if e.opens && alone(p, e) && told.MatchString(e.text()) {
			it.span = printable(e)
		}
		items = append(items, it)
	}
	sortItems(items)
	items = distinct(items)
	if len(items) == 0 {
		return nil
	}
	share := closeToBest
	if items[0].score >= wholeTopic {
		share = closeToWhole
	}
	items = above(items, items[0].score*share)
	items = items[:min(len(items), maxListItems)]
	sort.SliceStable(items, func(i, j int) bool { return before(&items[i], &items[j]) })
	return items
}

// asksHow asks for the way to do something, and not how something is. Where years
// or plans are named it asks for a list of them.
var asksHow = regexp.MustCompile(`怎么[^样了，,？?]|怎样[^，,？?]|如何[^，,？?]`)

// withoutLeads drops run-in headings where what stands below them is there too.
func withoutLeads(p pool) pool {
	rest := p.filter(func(e *evidence) bool { return !e.lead })
	if len(rest) == 0 {
		return p
	}
	return rest
}

// told tells a clause with a subject or a verb of telling, which the rest of its
// sentence hangs on, from one of a row of tasks, each for itself (做好…，推动…).
var told = regexp.MustCompile(`将|计划|拟|已|由|是|说|表示|介绍|提出|达|[0-9０-９]`)

// alone reports whether no other clause of the sentence has words of the topic:
// then the rest of the sentence goes on about this one.
func alone(p pool, e *evidence) bool {
	for i := range p {
		o := &p[i]
		if o.hit == e.hit && o.sentence == e.sentence && o.clause != e.clause && o.score.own > 0 {
			return false
		}
	}
	return true
}

// attribution tells clauses that only say who speaks (沈怀谦说).
var attribution = regexp.MustCompile(`^[\p{Han}、]{1,30}(?:说|表示|介绍|介绍说|指出|强调|认为|坦言|告诉记者)[。：:]?$`)

// hollow tells clauses that are no item of a list without those before them: a
// question, to whom something was said, and what a figure named earlier was.
var hollow = regexp.MustCompile(`[?？]”?$|记者(?:采访时)?(?:说|表示|介绍)?$|^\p{Han}{0,6}[，,]?[这那]一?(?:数字|数据|比例|指标)`)

// sentences makes the items of any other question: the sentences that cover the
// topic best.
func sentences(q rag.Query, p pool) []item {
	best := map[string]*evidence{}
	var order []string
	for i := range p {
		e := &p[i]
		if max(e.score.all, e.score.told) < minAllText || e.cell != nil || e.caption() ||
			q.Asks == rag.AsksYesNo && !e.sameWeekday(q.Text) {
			continue
		}
		key := e.hit.Passage.ID + "/" + e.sentence.In(e.hit.Passage.Text)
		if b, ok := best[key]; !ok {
			best[key] = e
			order = append(order, key)
		} else if e.worth() > b.worth() {
			best[key] = e
		}
	}
	var items []item
	for _, key := range order {
		e := best[key]
		it := e.item(e.worth())
		it.span = withAntecedent(e, printable(e))
		if q.Asks == rag.AsksYesNo && e.score.own >= wholeTopic {
			it.span = e.segment // the clause answers, what else the sentence tells does not
		}
		items = append(items, it)
	}
	sortItems(items)
	items = distinct(items)
	if len(items) == 0 {
		return nil
	}
	items = above(items, items[0].score*0.85)
	items = items[:min(len(items), maxSentences)]
	return introduced(items)
}

// weekday is a day of the week; all days are one.
var weekday = regexp.MustCompile(`(?:周|星期|礼拜)([一二三四五六日天末])`)

// sameWeekday reports whether a clause's sentence names the days of the week that
// a question does: what is said of Monday answers nothing about Tuesday.
func (e *evidence) sameWeekday(question string) bool {
	asked := weekday.FindAllStringSubmatch(question, -1)
	return !slices.ContainsFunc(asked, func(day []string) bool {
		printed := weekday.FindAllStringSubmatch(e.sentence.In(e.hit.Passage.Text), -1)
		return !slices.ContainsFunc(printed, func(m []string) bool { return m[1] == day[1] })
	})
}

// worth is how well a clause answers a question that wants a sentence.
func (e *evidence) worth() float64 { return max(e.score.all, e.score.told) + e.score.own/2 }

// photo tells a picture's caption, which describes a scene, or who took it.
var photo = regexp.MustCompile(`^图为|^[（(]?(?:(?:本报)?(?:记者|通讯员)[ \x{3000}]*)?\p{Han}{2,4}[ \x{3000}]*摄[）)]?。?$`)

// caption reports whether a clause stands in a picture's caption.
func (e *evidence) caption() bool {
	return photo.MatchString(strings.TrimSpace(e.sentence.In(e.hit.Passage.Text)))
}

// tooShort reports whether a clause is too short to say anything by itself, and stands
// in no row of such (理发修鞋，代办证件).
func (e *evidence) tooShort() bool {
	if zh.CountHan(e.text()) >= fewestItemHan || len(zh.Figures(e.text())) > 0 {
		return false
	}
	sentence, short := e.sentence.In(e.hit.Passage.Text), 0
	for _, c := range zh.Clauses(sentence) {
		if zh.CountHan(c.In(sentence)) <= fewestItemHan {
			short++
		}
	}
	return short < 2
}

// introduced puts behind an item that ends in a colon the sentence that it
// introduces.
func introduced(items []item) []item {
	var out []item
	for _, it := range items {
		out = append(out, it)
		if text := it.text(); !strings.HasSuffix(text, "：") && !strings.HasSuffix(text, ":") {
			continue
		}
		rest := it.hit.Passage.Text[it.span.End:]
		if next := zh.Sentences(rest); len(next) > 0 {
			more := it
			more.span = shift(next[0], it.span.End)
			out = append(out, more)
		}
	}
	return out
}

// pointsBack tells words that mean a thing named in the sentence before.
var pointsBack = regexp.MustCompile(`这[一]?(?:项|个|座|条|种|家|所|支|批|款)`)

// withAntecedent widens a span that points back (这项成果) to the sentence before
// it in the same paragraph, as far as that can be printed.
func withAntecedent(e *evidence, sp corpus.Span) corpus.Span {
	text := e.hit.Passage.Text
	if !pointsBack.MatchString(sp.In(text)) || sp.Start != e.sentence.Start {
		return sp
	}
	ahead := zh.Sentences(text[:sp.Start])
	if len(ahead) == 0 {
		return sp
	}
	wide := corpus.Span{Start: ahead[len(ahead)-1].Start, End: sp.End}
	if s := wide.In(text); strings.Contains(s, "\n") || utf8.RuneCountInString(s) > maxItemChars {
		return sp
	}
	return wide
}

// ofPerson reports whether a clause is near enough to the topic to name a person
// for it. Who is named in an earlier sentence is somebody else.
func (e *evidence) ofPerson() bool {
	return e.score.near >= minAllPerson || e.score.all >= minAllPerson && e.score.own >= minOwnPerson
}

// printable is the sentence around a clause, or where that is long the part of
// it between semicolons, or the clause alone.
func printable(e *evidence) corpus.Span {
	for _, sp := range []corpus.Span{e.sentence, e.segment} {
		if len([]rune(sp.In(e.hit.Passage.Text))) <= maxItemChars {
			return sp
		}
	}
	return e.clause
}
