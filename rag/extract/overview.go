package extract

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// Bounds of an overview, set by reading the answers about the sample pages.
const (
	// maxOverviewChars is the longest pair of clauses that one item takes.
	maxOverviewChars = 48
	// secondClause is the share of its worth that a second clause adds.
	secondClause = 0.7
	// maxPassing is how many items reports of other places give, which only name
	// the one asked about.
	maxPassing = 3
)

// excerpt is the clause or two of a part of a report that tell most.
type excerpt struct {
	item item // its score is the worth
	own  bool // of the place's own report
	// headed says that a heading or a run-in one stands over the part, first that
	// it is the first part below it.
	headed, first bool
	// turn counts the better excerpts of the same report.
	turn int
}

// overview makes the items of a question without a topic: of each part of the
// place's own reports the clause or two of most substance, under its heading.
// Then come reports of other places that name this one. Scenes, opinions and
// comments are left out where there is anything else.
func overview(where string, p pool) []item {
	p = p.unless(func(e *evidence) bool { return e.facets.Kind == corpus.KindStatement })
	p = p.unless(func(e *evidence) bool {
		return comment.MatchString(e.hit.Article.Kicker + "\n" + e.hit.Article.Byline + "\n" + e.hit.Article.Title)
	})
	var all []excerpt
	headings := map[string]bool{}
	for _, part := range p.parts() {
		x, ok := excerptOf(where, part)
		if !ok {
			continue
		}
		if heading := x.item.hit.Article.ID + x.item.label; x.headed && !headings[heading] {
			headings[heading], x.first = true, true
		}
		all = append(all, x)
	}
	return arranged(pickExcerpts(all))
}

// coherent leaves out tasks below a run-in heading that are taken for another kind
// than most sentences there although they name no time: what an interview plans to
// start reads like what was started.
func (p pool) coherent() pool {
	type share struct {
		key  partKey
		kind corpus.Kind
	}
	sentences := map[share]int{}
	for i := range p {
		if i == 0 || p[i].hit != p[i-1].hit || p[i].sentence != p[i-1].sentence {
			sentences[share{p[i].part(), p[i].facets.Kind}]++
		}
	}
	return p.filter(func(e *evidence) bool {
		key := e.part()
		if key.lead == "" || dated.MatchString(e.sentence.In(e.hit.Passage.Text)) {
			return true
		}
		other := corpus.KindPlan
		if e.facets.Kind == corpus.KindPlan {
			other = corpus.KindResult
		}
		return sentences[share{key, e.facets.Kind}] >= sentences[share{key, other}]
	})
}

// dated tells a sentence that says itself when, or that it is done.
var dated = regexp.MustCompile(`年|已|了|截至`)

// comment tells a paper's own opinions by the column's name or the byline, and
// notices by their title.
var comment = regexp.MustCompile(`评论员|时评|社论|评论\n|的(?:通知|公告|通告)$`)

// headline is the run-in heading over a clause, "" where the short sentence in its
// place tells something itself or points back.
func (e *evidence) headline() string {
	if noHeadline.MatchString(e.under) {
		return ""
	}
	return e.under
}

// noHeadline tells a short sentence from a heading, which has no figures and no
// predicate but its task.
var noHeadline = regexp.MustCompile(`^(?:[这那其该此他她它“])|[0-9０-９]|出席|讲话|是|了。?$|说`)

// unless leaves out what drop names, where there is anything else.
func (p pool) unless(drop func(*evidence) bool) pool {
	if rest := p.filter(func(e *evidence) bool { return !drop(e) }); len(rest) > 0 {
		return rest
	}
	return p
}

// partKey names a part of a report: what stands below a run-in heading is one,
// elsewhere each paragraph of a passage is.
type partKey struct {
	id, lead  string
	paragraph int
}

func (e *evidence) part() partKey {
	if lead := e.headline(); lead != "" {
		return partKey{id: e.hit.Article.ID, lead: lead}
	}
	return partKey{id: e.hit.Passage.ID, paragraph: strings.Count(e.hit.Passage.Text[:e.sentence.Start], "\n")}
}

// parts cuts evidence into the parts of the reports, in the order of the hits.
func (p pool) parts() []pool {
	var order []partKey
	parts := map[partKey]pool{}
	for i := range p {
		key := p[i].part()
		if parts[key] == nil {
			order = append(order, key)
		}
		parts[key] = append(parts[key], p[i])
	}
	out := make([]pool, 0, len(order))
	for _, key := range order {
		out = append(out, parts[key])
	}
	return out
}

// excerptOf is what tells most in a part, the earlier of equals. There is none
// where nothing in it can stand alone, or a report of another place says nothing
// of substance about this one.
func excerptOf(where string, part pool) (excerpt, bool) {
	head := &part[0]
	x := excerpt{own: where == "" || slices.Contains(head.hit.Article.Facets.Places, where)}
	ratings := make([]rating, len(part))
	for i := range part {
		ratings[i] = rate(&part[i])
		if where != "" && names(part[i].text(), where) {
			ratings[i].worth += worthSubject
		}
	}
	found := false
	for i := range part {
		e := &part[i]
		if ratings[i].dead || ratings[i].hangs || !x.own && !names(e.text(), where) {
			continue
		}
		if r := ratings[i]; !r.open && (!found || r.worth > x.item.score) {
			x.item, found = e.item(r.worth), true
		}
		if i+1 == len(part) || !adjoin(e, &part[i+1]) {
			continue
		}
		if worth, ok := together(ratings[i], ratings[i+1]); ok && (!found || worth > x.item.score) {
			x.item, found = e.item(worth), true
			x.item.span.End = part[i+1].clause.End
		}
	}
	x.item.label = labelOf(head)
	x.headed = head.headline() != "" || len(head.hit.Passage.Headings) > 0
	return x, found && (x.own || x.item.score >= leastSubstance)
}

func names(text, where string) bool {
	return strings.Contains(text, where) || strings.Contains(text, shortName(where))
}

// adjoin reports whether one clause follows the other in a sentence, with no more
// than a comma between them, and both are short enough for one item.
func adjoin(e, next *evidence) bool {
	if next.hit != e.hit || next.sentence != e.sentence || next.segment != e.segment || next.clause.Start < e.clause.End {
		return false
	}
	text := e.hit.Passage.Text
	return utf8.RuneCountInString(text[e.clause.End:next.clause.Start]) <= 1 &&
		utf8.RuneCountInString(text[e.clause.Start:next.clause.End]) <= maxOverviewChars
}

// labelOf is the heading to stand before an excerpt: the run-in one, or the last
// above it.
func labelOf(e *evidence) string {
	label := strings.TrimRight(enumeration.ReplaceAllString(e.headline(), ""), "。：:")
	if h := e.hit.Passage.Headings; label == "" && len(h) > 0 {
		label = strings.TrimLeft(h[len(h)-1], "■◆●★▲▶◎□◇# \u3000")
	}
	return label
}

// otherYears reports whether a heading is of other years than what it stands over,
// as a table's caption is.
func otherYears(label string, years corpus.Years) bool {
	return slices.ContainsFunc(zh.Times(label, corpus.Date{}), func(t zh.TimeExpr) bool {
		return !t.Years.IsZero() && !t.Years.Overlaps(years)
	})
}

// enumeration is the number before a run-in heading.
var enumeration = regexp.MustCompile(`^(?:[（(][一二三四五六七八九十0-9]+[)）]|[一二三四五六七八九十0-9]+[、.．])\s*`)

// pickExcerpts keeps the best, in turns of the reports: own ones first, then at
// most maxPassing of others. Parts under a heading stand for what it names; others
// need substance, unless no part has any.
func pickExcerpts(all []excerpt) []excerpt {
	rich := slices.ContainsFunc(all, func(x excerpt) bool { return x.item.score >= leastSubstance })
	all = slices.DeleteFunc(all, func(x excerpt) bool {
		return rich && x.item.score < leastSubstance && (!x.first || x.item.score < leastHeaded)
	})
	better := func(x, y excerpt) int {
		return cmp.Or(compareTrue(x.own, y.own), cmp.Compare(x.turn, y.turn), compareTrue(x.first, y.first), cmp.Compare(y.item.score, x.item.score))
	}
	slices.SortStableFunc(all, better)
	turns := map[string]int{}
	for i := range all {
		id := all[i].item.hit.Article.ID
		all[i].turn = turns[id]
		turns[id]++
	}
	slices.SortStableFunc(all, better)
	var out []excerpt
	passing := 0
	for _, x := range all {
		if !x.own {
			passing++
		}
		if len(out) < maxListItems && passing <= maxPassing && !slices.ContainsFunc(out, x.repeats) {
			out = append(out, x)
		}
	}
	return out
}

// repeats reports whether two excerpts print the same words.
func (x excerpt) repeats(o excerpt) bool {
	one, other := trimEnd(zh.Fold(x.item.text())), trimEnd(zh.Fold(o.item.text()))
	return strings.Contains(one, other) || strings.Contains(other, one)
}

// compareTrue puts true first.
func compareTrue(x, y bool) int {
	switch {
	case x == y:
		return 0
	case x:
		return -1
	}
	return 1
}

// arranged are the items of excerpts for reading: the place's own reports first,
// of these the one with most to tell, and each from top to bottom.
func arranged(xs []excerpt) []item {
	count, rank := map[string]int{}, map[string]int{}
	for _, x := range xs {
		id := x.item.hit.Article.ID
		count[id]++
		if r, ok := rank[id]; !ok || x.item.hit.Rank < r {
			rank[id] = x.item.hit.Rank
		}
	}
	slices.SortStableFunc(xs, func(x, y excerpt) int {
		a, b := &x.item, &y.item
		return cmp.Or(
			compareTrue(x.own, y.own),
			cmp.Compare(count[b.hit.Article.ID], count[a.hit.Article.ID]),
			cmp.Compare(rank[a.hit.Article.ID], rank[b.hit.Article.ID]),
			cmp.Compare(a.hit.Passage.Span.Start+a.span.Start, b.hit.Passage.Span.Start+b.span.Start),
		)
	})
	items := make([]item, len(xs))
	for i := range xs {
		items[i] = xs[i].item
		if otherYears(items[i].label, items[i].facets.Period) {
			items[i].label = ""
		}
	}
	return items
}
