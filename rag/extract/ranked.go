package extract

import (
	"regexp"
	"slices"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/facet"
	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/extract/rank"
	"wenbao/rag/reading"
)

const (
	// minRanked is the least share of the topic in or around a sentence that answers
	// by its rank alone: what it is asked about has to be printed there.
	minRanked = 0.4
	// minHeaded is the share of the question's pairs of characters, places and names
	// among them, that is enough in the sentence, its headings and the title.
	minHeaded = 0.5
	// minBesideNumber and minBesidePlace are the shares of it that the sentence of a
	// number, or of a measure or a place, has to have itself.
	minBesideNumber = 0.7
	minBesidePlace  = 0.5
	// minBesideMeasured is the share of it that is enough for a number by its measure word.
	minBesideMeasured = 0.9
	// sure is the confidence at which a place need not stand beside the topic's words.
	sure = 0.9
	// closeRanked is how far behind the best one a sentence may be to be printed too:
	// it is half as likely to answer (see rank.Sentence).
	closeRanked = 0.7
	// placedShare is how much of the least confidence is enough for what the rules find
	// where a question names a place: that the place is right they have seen to.
	// wordedShare is how much is where it is in everyday words, for which they know the
	// printed ones.
	placedShare = 0.5
	wordedShare = 0.2
	// farRanked is how far behind the best one a sentence may be to stand in for it
	// where that has not the form of an answer: a seventh as likely to answer.
	farRanked = 2.0
	// maxRanked is how many of the best sentences are looked at.
	maxRanked = 5
)

// Confidence is how likely it is that the hits answer the query, from 0 to 1, by
// their words alone.
func (a *Answerer) Confidence(q rag.Query, hits []rag.Hit) float64 {
	return a.ranker.Read(q, reading.Hits(hits)).Confidence
}

// answerFor is what there is for one place. What the rules find counts where the
// hits are likely to answer at all; where they find nothing, or less than the best
// sentences say, these do.
func (a *Answerer) answerFor(q rag.Query, place string, hits []rag.Hit, ranked rank.Reading) finding {
	p := a.gather(q, place, hits)
	f := a.find(q, place, p)
	found := len(f.items) > 0 && f.near == exact
	switch {
	case found && !a.believed(q, ranked.Confidence):
		return finding{}
	case ranked.Confidence < a.opt.minConfidence(), q.Kind == corpus.KindResult && !asksFact(q), q.Kind == corpus.KindPlan && plans.MatchString(q.Text):
		return f
	case found && !outranked(q, f, ranked):
		return f
	}
	items := a.ranked(q, place, hits, p, ranked)
	if f.near == otherYear {
		items = slices.DeleteFunc(items, func(it item) bool { return !printsYear(it.text(), q.Periods) })
	}
	if len(items) > 0 {
		return finding{items: items}
	}
	return f
}

// believed reports whether what the rules find counts at a confidence. A question that
// has no words but a place and a year is not judged by it, nor is a narrowed one, nor one
// whose other place is unknown; one that names a place or is in everyday words is judged
// less strictly. Several questions asked at once have words enough to be judged by.
func (a *Answerer) believed(q rag.Query, confidence float64) bool {
	if len(q.Parts) > 0 {
		return confidence >= a.opt.minConfidence()
	}
	if q.Topic == "" || narrowed(q) || len(q.Places) > 0 && len(q.Unknown) > 0 {
		return true
	}
	least := a.opt.minConfidence()
	switch {
	case len(q.Wordings) > 0:
		least *= wordedShare
	case len(q.Places) > 0:
		least *= placedShare
	}
	return confidence >= least
}

// outranked reports whether the rules found an answer by its form alone, in none of
// the sentences that answer about as well as the best: there the best one answers
// more often.
func outranked(q rag.Query, f finding, ranked rank.Reading) bool {
	switch q.Asks {
	case rag.AsksDate, rag.AsksPlace, rag.AsksPerson, rag.AsksText:
	default:
		return false
	}
	if len(q.Places) > 0 || len(q.Wordings) > 0 || f.items[0].told >= wholeTopic {
		return false
	}
	for i := range ranked.Sentences {
		s := &ranked.Sentences[i]
		if ranked.Sentences[0].Score-s.Score > closeRanked {
			break
		}
		if slices.ContainsFunc(f.items, func(it item) bool {
			return it.hit.Passage.ID == s.Hit.Passage.ID && it.span.Start < s.Span.End && s.Span.Start < it.span.End
		}) {
			return false
		}
	}
	return true
}

// printsYear reports whether a text names one of the years by its number.
func printsYear(text string, periods []corpus.Years) bool {
	years, _ := yearsIn(text)
	return slices.ContainsFunc(years, func(y corpus.Years) bool { return slices.Contains(periods, y) })
}

// narrowed reports whether a question wants a list of what a place did or plans, or in
// some year: these decide, and the rules hold its topic against headings, which
// say it in other words.
func narrowed(q rag.Query) bool {
	return q.Asks == rag.AsksList && len(q.Places) > 0 && (len(q.Periods) > 0 || q.Kind != "")
}

// asksFact reports whether one thing is asked for, by name or number.
func asksFact(q rag.Query) bool {
	switch q.Asks {
	case rag.AsksNumber, rag.AsksPerson, rag.AsksDate, rag.AsksPlace:
		return true
	}
	return false
}

// plans tells questions that ask for plans, and not only of what will be.
var plans = regexp.MustCompile(`计划|打算|规划|安排|下一步|准备`)

// ranked makes items of the best sentences that pass the rules' own tests: place,
// years and speaker are right, the topic is there, and what is asked for has the
// form of what the sentence gives. A place that the question does not name in full
// may be no place at all (上半年 is not 上半区): then its words are enough.
func (a *Answerer) ranked(q rag.Query, place string, hits []rag.Hit, p pool, reading rank.Reading) []item {
	if q.Asks == rag.AsksYesNo || contact.MatchString(q.Text) {
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
	p = p.filter(func(e *evidence) bool {
		planned := q.Kind == corpus.KindResult && e.facets.Kind == corpus.KindPlan
		return e.cell == nil && e.inPeriod(q.Periods) && !planned
	})
	terms := a.terms(q)
	parts := len(questionMarks.FindAllString(q.Text, -1))
	var items []item
	for i := range reading.Sentences[:min(maxRanked, len(reading.Sentences))] {
		s := &reading.Sentences[i]
		if reading.Sentences[0].Score-s.Score > farRanked {
			break
		}
		e := p.about(s)
		if e == nil || !onTopic(q, s, e, parts) || !a.givesAny(q, parts, e, terms, reading.Confidence) {
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

// onTopic reports whether a sentence that answers by its rank is about what is
// asked; of another day than one that is named none is.
func onTopic(q rag.Query, s *rank.Sentence, e *evidence, parts int) bool {
	if max(e.score.all, e.score.told) >= minRanked/float64(max(parts, 1)) {
		return true
	}
	return s.Features[rank.GramsInHeadings] >= minHeaded && len(daysOf(q.Text)) == 0
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
func (e *evidence) namesShort(place string) bool { return e.prints(shortName(place)) }

// anyTime tells words of time that zh.Times does not resolve.
var anyTime = regexp.MustCompile(`[年月日]|世纪|年代|期间|[春夏秋冬][天季]|[日夜早晚]间|[清早]晨|[傍夜]晚|[上中下]午|时[期候，,]|之时|[0-9]时|一刻|王朝|[清明元宋唐隋汉秦]末|[末初]年`)

// yearPrinted tells words that say which year it is.
var yearPrinted = regexp.MustCompile(`[0-9０-９〇零一二三四五六七八九十元]年|年代|世纪|[今去前明同当次]年`)

// anyPlace tells words that say where something is, or where it comes from or goes.
var anyPlace = regexp.MustCompile(`[在于至到往从自驻居]|地处|位|分布|包括|包含|移入|迁|毕业|籍|人[，,。]|地点|地址|是[^，,。；;]{0,12}[国省州市县区镇乡村岛]|[：:]`)

// givesAny is gives for several questions that are asked at once: one of them is enough.
func (a *Answerer) givesAny(q rag.Query, parts int, e *evidence, terms []term, confidence float64) bool {
	if parts < 2 {
		return a.gives(q, e, terms, confidence)
	}
	return len(q.Parts) == 0 || slices.ContainsFunc(q.Parts, func(part rag.Query) bool {
		return a.gives(part, e, a.terms(part), confidence)
	})
}

// gives reports whether a clause's sentence can have the number, the date or the
// place that is asked for.
func (a *Answerer) gives(q rag.Query, e *evidence, terms []term, confidence float64) bool {
	sentence := e.sentence.In(e.hit.Passage.Text)
	if _, stamp := facet.Stamp(sentence); q.Asks == rag.AsksDate {
		sentence = wireDay.ReplaceAllString(sentence[stamp.End:], "")
	}
	switch {
	case ordinalAsked.MatchString(q.Text):
		return ordinal.MatchString(sentence)
	case q.Asks == rag.AsksNumber:
		beside := e.beside(terms)
		printed := printable(e).In(e.hit.Passage.Text) // the number has to stand in what is shown
		return !otherWay(q.Text, sentence) && slices.ContainsFunc(q.Counts, func(c rag.Count) bool {
			return givesCount(c, q.Text, sentence, beside) && (len(printed) == len(sentence) || len(eligible(q, c.Unit, printed)) > 0)
		})
	case strings.Contains(q.Text, "几点"):
		return clock.MatchString(sentence)
	case q.Asks == rag.AsksPerson && post.MatchString(q.Topic):
		return a.holdsPost(q.Topic, sentence) || fillsBlank(q.Text, sentence)
	case q.Asks == rag.AsksPerson && whoAsked.MatchString(q.Text):
		return a.namesSomeone(q.Text, sentence) || a.holdsPost(q.Topic, sentence) || fillsBlank(q.Text, sentence)
	case q.Asks == rag.AsksDate && yearAsked.MatchString(q.Text):
		return yearPrinted.MatchString(sentence)
	case q.Asks == rag.AsksDate:
		return anyTime.MatchString(sentence) || fillsBlank(q.Text, sentence)
	case q.Asks == rag.AsksPlace:
		return (confidence >= sure || e.beside(terms) >= minBesidePlace) && anyPlace.MatchString(sentence) || fillsBlank(q.Text, sentence)
	}
	return true
}

// whoAsked asks for a person, and not for what a thing is called.
var whoAsked = regexp.MustCompile(`谁|哪位|何人|什么人`)

// ordinalAsked asks for a place in an order, ordinal is one.
var (
	ordinalAsked = regexp.MustCompile(`第几|第多少|排名多少|排名第|名列第`)
	ordinal      = regexp.MustCompile(`第[0-9０-９一二三四五六七八九十百]+`)
)

// givesCount reports whether a sentence has a figure, other than the question's
// own, in the unit asked for and names what is counted. How long something is and
// how long it lasts stand in no unit of their own: there a word for that has to
// stand beside the figure. beside is the share of the topic in the sentence.
func givesCount(c rag.Count, question, sentence string, beside float64) bool {
	return slices.ContainsFunc(zh.Figures(sentence), func(f zh.Figure) bool {
		counted := c.Unit == "" && c.Of != "" && strings.HasPrefix(sentence[f.End:], c.Of) // 33话
		if !counted && !fits(c.Unit, f, sentence) || strings.Contains(question, f.In(sentence)) || ofAChange(question, c.Unit, sentence[:f.Start]) {
			return false
		}
		bare := c.Unit == unitTime || c.Unit == unitLength
		return !bare && beside >= minBesideNumber && namesCounted(c, sentence, beside) ||
			beside >= minBesidePlace && measures(question, sentence[:f.Start], sentence[f.End:])
	})
}

// namesCounted reports whether a sentence names what is counted. It need not where the
// word for it only says that there is a figure (金额), nor where the measure word tells
// it from other things (家) and all else of the question is there.
func namesCounted(c rag.Count, sentence string, beside float64) bool {
	return strings.Contains(sentence, c.Of) || saysFigure.MatchString(c.Of) || beside >= minBesideMeasured && tellingMeasure.MatchString(c.Unit)
}

var (
	saysFigure     = regexp.MustCompile(`^(?:总?金额|数量|总[数量额]|成绩|[高低超多少]出|达到)$`)
	tellingMeasure = regexp.MustCompile(`^(?:[家名位户所座亩吨岁倍枚艘辆届级]|人次?|公里|公顷)$`)
)

// dimension is something that is measured: how a question asks for it, and how a
// figure for it is printed, ahead of the figure and behind it.
type dimension struct{ asked, ahead, behind *regexp.Regexp }

// dimensions are those that are asked for by more words than one.
var dimensions = func() []dimension {
	const about = `(?:度|达到?|可达|大?约|为|有|近|仅|只有|超过)*$`
	var out []dimension
	for _, d := range [][3]string{
		{`多长|[体全身]长|长度`, `长` + about, `^长`},
		{`多远|距离`, `(?:距|离)[^，。；,;0-9]{0,10}$`, `^远`},
		{`多高|高度|[身肩]高`, `(?:高|海拔)` + about, `^高`},
		{`多深|水深|深度`, `深` + about, `^深`},
		{`多宽|宽度`, `宽` + about, `^宽`},
		{`多大[^的]*面积|面积`, `面积` + about, `^[大宽]`},
		{`任期`, `任期` + about, `^任期`},
		{`工期`, `工期` + about, `^工期`},
		{`[需要花用历]\p{Han}{0,2}多[久长]`, `(?:需|要|花|用|历时|耗时)(?:要|了|时)?` + about, `^[才后]`},
	} {
		out = append(out, dimension{regexp.MustCompile(d[0]), regexp.MustCompile(d[1]), regexp.MustCompile(d[2])})
	}
	return out
}()

// measures reports whether the words around a figure say that it measures what a
// question asks for.
func measures(question, ahead, behind string) bool {
	return slices.ContainsFunc(dimensions, func(d dimension) bool {
		return d.asked.MatchString(question) && (d.ahead.MatchString(ahead) || d.behind.MatchString(behind))
	})
}

// onlyShort is the number or the time that printed words give besides the
// question's own, where they give just one; else "".
func onlyShort(q rag.Query, text string) string {
	var found []string
	switch {
	case q.Asks == rag.AsksNumber && len(q.Counts) == 1:
		for _, f := range eligible(q, q.Counts[0].Unit, text) {
			found = append(found, f.In(text))
		}
	case strings.Contains(q.Text, "几点"):
		found = clock.FindAllString(text, -1)
	case q.Asks == rag.AsksDate:
		_, stamp := facet.Stamp(text)
		for _, t := range zh.Times(text, corpus.Date{}) {
			if t.Start >= stamp.End && !wired.MatchString(text[t.End:]) {
				found = append(found, t.In(text))
			}
		}
	}
	found = slices.DeleteFunc(found, func(s string) bool {
		return strings.Contains(q.Text, s) || yearAsked.MatchString(q.Text) && !yearPrinted.MatchString(s)
	})
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
