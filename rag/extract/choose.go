package extract

import (
	"regexp"
	"slices"
	"sort"
	"strings"

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
	minOwnList     = 0.15
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
	// maxItemChars is the longest sentence that an answer prints whole.
	maxItemChars = 130
)

// choose makes the items of an answer out of evidence that may all be used.
func (a *Answerer) choose(q rag.Query, p pool) []item {
	if len(p) == 0 {
		return nil
	}
	switch q.Asks {
	case rag.AsksNumber:
		return a.numbers(q, p)
	case rag.AsksPerson:
		return a.shorts(p, minAllPerson, func(e *evidence) (item, bool) { return person(q, e, p) })
	case rag.AsksDate:
		return a.shorts(p, minNearShort, date)
	case rag.AsksPlace:
		return a.shorts(p, minNearShort, place)
	case rag.AsksList:
		return list(q, p)
	}
	return sentences(p)
}

// numbers answers each of the numbers asked for, in the question's order. When
// one of several is not to be had, the others still are.
func (a *Answerer) numbers(q rag.Query, p pool) []item {
	terms := a.terms(q)
	counts := q.Counts
	if len(counts) == 0 {
		counts = []rag.Count{{}}
	}
	least := minNearShort
	if len(counts) > 1 {
		least = minNearSeveral // the words of the other numbers need not be near
	}
	var out []item
	for _, c := range counts {
		of := a.termFor(c.Of, terms)
		out = append(out, a.shorts(p, least, func(e *evidence) (item, bool) { return figure(c, of, e, terms) })...)
	}
	if len(counts) > 1 {
		out = distinctShorts(out)
	}
	return out
}

// distinctShorts drops items that give the same short answer from the same words.
func distinctShorts(items []item) []item {
	var out []item
	for _, it := range items {
		if !slices.ContainsFunc(out, func(o item) bool { return o.hit == it.hit && o.span == it.span && o.short == it.short }) {
			out = append(out, it)
		}
	}
	return out
}

// shorts makes the items of a question for one fact. find gives the short
// answer that a clause holds, and what to print with it.
func (a *Answerer) shorts(p pool, least float64, find func(e *evidence) (item, bool)) []item {
	var items []item
	for i := range p {
		e := &p[i]
		if e.score.near < least && (least != minAllPerson || e.score.all < least || e.score.own < minOwnPerson) {
			continue
		}
		if it, ok := find(e); ok {
			it.hit, it.facets = e.hit, e.facets
			it.score += e.score.near + e.score.own/4 + e.score.all/8
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

// distinctFacts drops items that give the figure of an earlier one for the same
// place and years, printed elsewhere: 8条 in the text, 8 in a table.
func distinctFacts(items []item) []item {
	type fact struct {
		value, place string
		years        corpus.Years
	}
	var out []item
	seen := map[fact]bool{}
	for _, it := range items {
		f := fact{value: it.short, years: it.facets.Period}
		if n := zh.Figures(it.short); len(n) > 0 {
			f.value = n[0].Value
		}
		if len(it.facets.Places) > 0 {
			f.place = it.facets.Places[0]
		}
		if !seen[f] {
			seen[f] = true
			out = append(out, it)
		}
	}
	return out
}

// list makes the items of a question for several things: clauses about the
// topic, in reading order; without a topic the first clause under each heading.
func list(q rag.Query, p pool) []item {
	if q.Topic == "" {
		return outline(p)
	}
	sections := slices.ContainsFunc(p, func(e evidence) bool { return e.score.heading >= wholeSection })
	p = withoutLeads(p)
	var items []item
	for i := range p {
		e := &p[i]
		worth := e.score.near + e.score.own/4
		if e.score.own < minOwnList {
			worth = e.score.heading * creditSection
		}
		if worth < minNearList || e.cell != nil || attribution.MatchString(e.text()) || sections && e.score.heading < wholeSection && e.score.own < wholeSection {
			continue
		}
		it := e.item(worth)
		if e.opens && alone(p, e) {
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

// withoutLeads drops run-in headings where what stands below them is there too.
func withoutLeads(p pool) pool {
	rest := p.filter(func(e *evidence) bool { return !e.lead })
	if len(rest) == 0 {
		return p
	}
	return rest
}

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

// outline is one item a section: its run-in heading or its first clause that
// tells something, under its heading. Scenes and opinions are left out where
// there is anything else.
func outline(p pool) []item {
	if told := p.filter(func(e *evidence) bool { return e.facets.Kind != corpus.KindStatement }); len(told) > 0 {
		p = told
	}
	var items []item
	seen := map[string]bool{}
	for i := range p {
		e := &p[i]
		if seen[e.hit.Passage.ID] || attribution.MatchString(e.text()) || boilerplate.MatchString(e.text()) || zh.CountHan(e.text()) < shortestOutline {
			continue
		}
		seen[e.hit.Passage.ID] = true
		it := e.item(1)
		if h := e.hit.Passage.Headings; len(h) > 0 {
			it.label = strings.TrimLeft(h[len(h)-1], "■◆●★▲▶◎□◇# \u3000")
		}
		items = append(items, it)
	}
	sort.SliceStable(items, func(i, j int) bool { return before(&items[i], &items[j]) })
	return items[:min(len(items), maxListItems)]
}

// shortestOutline is the least length of an outline's clause in Han characters.
const shortestOutline = 5

// attribution tells clauses that only say who speaks (沈怀谦说).
var attribution = regexp.MustCompile(`^[\p{Han}、]{1,30}(?:说|表示|介绍|介绍说|指出|强调|认为|坦言|告诉记者)[。：:]?$`)

// boilerplate tells clauses that every report of a meeting has: they name the
// documents followed and the year's rank, and no work.
var boilerplate = regexp.MustCompile(`为指导|贯彻|精神|之年|总基调|会议|工作部署|锁定了目标|新发展理念|新发展格局|统筹发展和安全|坚定信心|攻坚克难|接受\p{Han}{0,12}(?:采访|专访)|干字当头|安排[0-9]{4}年|抢抓机遇$`)

// sentences makes the items of any other question: the sentences that cover the
// topic best.
func sentences(p pool) []item {
	best := map[string]*evidence{}
	var order []string
	for i := range p {
		e := &p[i]
		if e.score.all < minAllText || e.cell != nil {
			continue
		}
		key := e.hit.Passage.ID + "/" + e.sentence.In(e.hit.Passage.Text)
		if b, ok := best[key]; !ok {
			best[key] = e
			order = append(order, key)
		} else if e.score.all+e.score.own > b.score.all+b.score.own {
			best[key] = e
		}
	}
	var items []item
	for _, key := range order {
		e := best[key]
		it := e.item(e.score.all + e.score.own/2)
		it.span = printable(e)
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

func (e *evidence) item(score float64) item {
	return item{hit: e.hit, span: afterLead(e.hit.Passage.Text, e.clause), facets: e.facets, score: score}
}

// leadWords only join a clause to what stands before it.
var leadWords = regexp.MustCompile(`^(?:一方面|另一方面|同时|此外|另外|其中|此间|特别是|尤其是|[一二三四五六七八九十]是)[，,、]?`)

// afterLead is a clause without the words that join it to the one before.
func afterLead(text string, sp corpus.Span) corpus.Span {
	sp.Start += len(leadWords.FindString(sp.In(text)))
	return sp
}

// sortItems orders by score, then newer papers first, then by the hit's rank
// and the place in it: a total order.
func sortItems(items []item) {
	slices.SortStableFunc(items, func(x, y item) int {
		switch {
		case x.score > y.score:
			return -1
		case x.score < y.score:
			return 1
		}
		if c := partDate(y).Compare(partDate(x)); c != 0 {
			return c
		}
		if x.hit.Rank != y.hit.Rank {
			return x.hit.Rank - y.hit.Rank
		}
		return x.span.Start - y.span.Start
	})
}

func partDate(it item) corpus.Date {
	if n := it.hit.Passage.Part; n < len(it.hit.Article.Parts) {
		return it.hit.Article.Parts[n].Date
	}
	return corpus.Date{}
}

// before orders items as they were printed: articles as their best hits rank,
// within an article from top to bottom.
func before(x, y *item) bool {
	if x.hit.Article.ID != y.hit.Article.ID {
		return x.hit.Rank < y.hit.Rank
	}
	if x.hit.Passage.Span.Start != y.hit.Passage.Span.Start {
		return x.hit.Passage.Span.Start < y.hit.Passage.Span.Start
	}
	return x.span.Start < y.span.Start
}

// distinct drops items whose words an earlier item has printed already.
func distinct(items []item) []item {
	var out []item
	var printed []string
	for _, it := range items {
		text := strings.TrimRight(zh.Fold(it.text()), "。，；！？.,;!?")
		if !slices.ContainsFunc(printed, func(s string) bool { return strings.Contains(s, text) || strings.Contains(text, s) }) {
			printed = append(printed, text)
			out = append(out, it)
		}
	}
	return out
}

func above(items []item, score float64) []item {
	n := 0
	for n < len(items) && items[n].score >= score {
		n++
	}
	return items[:n]
}
