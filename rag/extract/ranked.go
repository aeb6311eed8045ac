package extract

import (
	"regexp"
	"slices"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/extract/rank"
	"wenbao/rag/reading"
)

const (
	// minConfidence is the confidence below which nothing is answered: there about 7 of
	// 100 questions of crud_news that have an answer are refused, and 5 of cmrc2018.
	// The whole curve is in testdata/eval/holdout.tsv.
	minConfidence = 0.4
	// minRanked is the least share of the topic in or around a sentence that answers
	// by its rank alone: what it is asked about has to be printed there.
	minRanked = 0.4
	// minBesideNumber and minBesidePlace are the shares of it that the sentence of a
	// number or a place has to have itself.
	minBesideNumber = 0.7
	minBesidePlace  = 0.5
	// closeRanked is how far behind the best one a sentence may be to be printed too:
	// it is half as likely to answer (see rank.Sentence).
	closeRanked = 0.7
	// maxRanked is how many of the best sentences are looked at.
	maxRanked = 5
)

// Confidence is how likely it is that the hits answer the query, from 0 to 1, by
// their words alone.
func (a *Answerer) Confidence(q rag.Query, hits []rag.Hit) float64 {
	return a.ranker.Read(q, reading.Hits(hits)).Confidence
}

// answerFor is what there is for one place. What the rules find counts where the
// hits are likely to answer at all, and where they find nothing the best sentences
// do. A question in everyday words is not judged by them when the rules know the
// printed ones, nor is one that has no words but a place and a year, nor a narrowed
// one.
func (a *Answerer) answerFor(q rag.Query, place string, hits []rag.Hit, ranked rank.Reading) finding {
	p := a.gather(q, place, hits)
	f := a.find(q, place, p)
	unsure := ranked.Confidence < a.opt.minConfidence()
	found := len(f.items) > 0
	switch {
	case found && f.near == exact && unsure && q.Topic != "" && len(q.Wordings) == 0 && !narrowed(q):
		return finding{}
	case found && f.near != otherKind, q.Kind == corpus.KindResult, q.Kind == corpus.KindPlan && plans.MatchString(q.Text), unsure:
		return f
	}
	if items := a.ranked(q, place, hits, p, ranked); len(items) > 0 {
		return finding{items: items}
	}
	return f
}

// narrowed reports whether a question wants a list of what a place did or plans, or in
// some year: these decide, and the rules hold its topic against headings, which
// say it in other words.
func narrowed(q rag.Query) bool {
	return q.Asks == rag.AsksList && len(q.Places) > 0 && (len(q.Periods) > 0 || q.Kind != "")
}

// plans tells questions that ask for plans, and not only of what will be.
var plans = regexp.MustCompile(`计划|打算|规划|安排|下一步|准备`)

// ranked makes items of the best sentences that pass the rules' own tests: place,
// years and speaker are right, the topic is there, and what is asked for has the
// form of what the sentence gives. A place that the question does not name in full
// may be no place at all (上半年 is not 上半区): then its words are enough.
func (a *Answerer) ranked(q rag.Query, place string, hits []rag.Hit, p pool, reading rank.Reading) []item {
	if q.Asks == rag.AsksYesNo || contact.MatchString(q.Text) || q.Asks == rag.AsksPerson && post.MatchString(q.Topic) {
		return nil
	}
	items := a.bestItems(q, p, reading)
	if len(items) == 0 && place != "" && !strings.Contains(q.Text, place) {
		named := a.gather(q, "", hits).filter(func(e *evidence) bool { return e.namesShort(place) })
		items = a.bestItems(q, named, reading)
	}
	return items
}

// bestItems makes items of the best sentences that the pool has clauses of.
func (a *Answerer) bestItems(q rag.Query, p pool, reading rank.Reading) []item {
	p = p.filter(func(e *evidence) bool { return e.cell == nil && e.inPeriod(q.Periods) })
	terms := a.terms(q)
	parts := len(questionMarks.FindAllString(q.Text, -1))
	var items []item
	for i := range reading.Sentences[:min(maxRanked, len(reading.Sentences))] {
		s := &reading.Sentences[i]
		e := p.about(s)
		if e == nil || max(e.score.all, e.score.told) < minRanked/float64(max(parts, 1)) || parts < 2 && !gives(q, e, terms) {
			continue
		}
		if len(items) > 0 && items[0].score-s.Score > closeRanked {
			break
		}
		it := e.item(s.Score)
		it.span = withAntecedent(e, printable(e))
		if parts < 2 {
			it.short = onlyShort(q, it.text())
		}
		items = append(items, it)
	}
	items = distinct(items)
	return introduced(items[:min(len(items), maxShortItems)])
}

// questionMarks end the questions that are asked at once.
var questionMarks = regexp.MustCompile(`[？?]+`)

// contact tells questions for what a paper does not print of a person.
var contact = regexp.MustCompile(`手机|电话|住址|身份证|微信|邮箱|住几|家住`)

// about is the clause of a sentence that is most about the topic, nil where the
// pool has none of it.
func (p pool) about(s *rank.Sentence) *evidence {
	var best *evidence
	for i := range p {
		e := &p[i]
		if e.hit.Passage.ID != s.Hit.Passage.ID || e.sentence.Start >= s.Span.End || s.Span.Start >= e.sentence.End {
			continue
		}
		if best == nil || e.worth() > best.worth() {
			best = e
		}
	}
	return best
}

// namesShort reports whether the sentence, its headings or the title has the short
// form of a place's name.
func (e *evidence) namesShort(place string) bool {
	short := zh.Fold(shortName(place))
	return strings.Contains(e.around.sentence, short) || strings.Contains(e.around.heading, short) || strings.Contains(e.around.title, short)
}

// anyTime tells words of time that zh.Times does not resolve.
var anyTime = regexp.MustCompile(`[年月日]|世纪|年代|期间|[春夏秋冬][天季]`)

// anyPlace tells words that say where something is, or where it comes from or goes.
var anyPlace = regexp.MustCompile(`[在于至到往从自驻]|地处|位|分布|毕业|地点|地址|[：:]`)

// gives reports whether a clause's sentence can have the number, the date or the
// place that is asked for. A number has to stand in the unit asked for, beside the word for
// what is counted and the rest of the topic; how long and how wide something is stands in no unit of its own.
func gives(q rag.Query, e *evidence, terms []term) bool {
	sentence := e.sentence.In(e.hit.Passage.Text)
	switch {
	case q.Asks == rag.AsksNumber:
		return e.beside(terms) >= minBesideNumber && slices.ContainsFunc(q.Counts, func(c rag.Count) bool {
			counted := c.Unit != unitTime && c.Unit != unitLength && strings.Contains(sentence, c.Of)
			return counted && slices.ContainsFunc(zh.Figures(sentence), func(f zh.Figure) bool {
				return sameUnit(c.Unit, f.Unit) && !strings.Contains(q.Text, f.In(sentence))
			})
		})
	case strings.Contains(q.Text, "几点"):
		return clock.MatchString(sentence)
	case q.Asks == rag.AsksDate:
		return anyTime.MatchString(sentence)
	case q.Asks == rag.AsksPlace:
		return e.beside(terms) >= minBesidePlace && anyPlace.MatchString(sentence)
	}
	return true
}

// onlyShort is the number or the time that printed words give besides the
// question's own, where they give just one; else "".
func onlyShort(q rag.Query, text string) string {
	var found []string
	switch {
	case q.Asks == rag.AsksNumber && len(q.Counts) == 1:
		for _, f := range fitting(text, q.Counts[0].Unit) {
			found = append(found, f.In(text))
		}
	case strings.Contains(q.Text, "几点"):
		found = clock.FindAllString(text, -1)
	case q.Asks == rag.AsksDate:
		for _, t := range zh.Times(text, corpus.Date{}) {
			found = append(found, t.In(text))
		}
	}
	found = slices.DeleteFunc(found, func(s string) bool { return strings.Contains(q.Text, s) })
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// beside is the share of the topic in a clause's sentence, its headings and the
// title: what an earlier sentence names is another thing too often to count by.
func (e *evidence) beside(terms []term) float64 {
	printed := e.around.sentence + "\n" + e.around.heading + "\n" + e.around.title
	return coverage(terms, surroundings{clause: printed, days: e.around.days}).own
}
