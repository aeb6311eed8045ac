package extract

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/reading"
)

// composer writes the answer place by place and numbers its citations.
type composer struct {
	query     rag.Query
	printed   []rag.Hit
	blocks    []string
	sentences []rag.Sentence
	citations []rag.Citation
	answered  bool
	notices   []string
}

// add writes what was found for a place.
func (c *composer) add(place string, f finding) {
	for i := range f.items {
		c.asPrinted(&f.items[i])
	}
	switch {
	case len(f.items) == 0:
		c.missing(place)
	case f.near != exact:
		c.nearMiss(place, f)
	default:
		c.answered = true
		c.block(c.head(place), f.items)
	}
	c.noteInferred(f.items)
}

// asPrinted puts the printed hits and words in the place of those that were read.
func (c *composer) asPrinted(it *item) {
	hit := c.hitOf(it.hit)
	if it.short != "" {
		it.short = shortAsPrinted(it.span.In(hit.Passage.Text), hit, it.short)
	}
	for i, words := range it.shown {
		it.shown[i] = reading.AsPrinted(hit, words)
	}
	if it.label != "" {
		it.label = reading.AsPrinted(hit, it.label)
	}
	it.hit = hit
	if it.supportHit != nil {
		it.supportHit = c.hitOf(it.supportHit)
	}
}

// shortAsPrinted is a short answer as its item prints it, or else its hit.
func shortAsPrinted(text string, hit *rag.Hit, short string) string {
	if words, ok := zh.AsPrinted(text, short); ok {
		return words
	}
	return reading.AsPrinted(hit, short)
}

// hitOf is the printed hit of one that was read.
func (c *composer) hitOf(read *rag.Hit) *rag.Hit {
	for i := range c.printed {
		if h := &c.printed[i]; h.Passage.ID == read.Passage.ID && h.Article.ID == read.Article.ID {
			return h
		}
	}
	return read
}

// missing says that there is nothing for a place.
func (c *composer) missing(place string) {
	if len(c.query.Places)+len(c.query.Unknown) > 1 {
		c.blocks = append(c.blocks, fmt.Sprintf(phraseMissingPlace, place))
		return
	}
	c.blocks = append(c.blocks, fmt.Sprintf(phraseNothing, about(c.query, place), soughtName(c.query.Kind)))
}

// head is the line above the items; a single short answer needs none.
func (c *composer) head(place string) string {
	switch c.query.Asks {
	case rag.AsksList, rag.AsksYesNo:
		return heading(c.query, place)
	}
	if len(c.query.Places) > 1 {
		return place + "："
	}
	return ""
}

// nearMiss says what was not found and prints what comes nearest.
func (c *composer) nearMiss(place string, f finding) {
	q := c.query
	head := fmt.Sprintf(phraseNothing, about(q, place), soughtName(q.Kind))
	switch f.near {
	case otherKind:
		head = fmt.Sprintf(phraseNoSuch, about(q, place), kindName(q.Kind)) + fmt.Sprintf(phraseNearKind, kindName(f.items[0].facets.Kind))
	case otherForm:
		head = fmt.Sprintf(phraseNearForm, about(q, place), soughtName(q.Kind), formName(q.Asks))
	case otherWords:
		head += fmt.Sprintf(phraseNearWords, insteadName(f.instead))
	default:
		if y := yearsName(f.items[0].facets.Period); y != "" {
			head += fmt.Sprintf(phraseNearYear, y)
		}
	}
	c.block(head, f.items)
	c.note(phraseNearNotice)
}

// block writes a head and the items below it.
func (c *composer) block(head string, items []item) {
	c.blocks = append(c.blocks, bulleted(head, c.lines(items)))
}

// bulleted are lines below a head, a mark before each unless there is only one.
func bulleted(head string, lines []string) string {
	var b strings.Builder
	b.WriteString(head)
	for _, line := range lines {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		if head != "" || len(lines) > 1 {
			b.WriteString("· ")
		}
		b.WriteString(line)
	}
	return b.String()
}

// lines are the items' texts, each with its citations' markers.
func (c *composer) lines(items []item) []string {
	label := c.labeller(items)
	var out []string
	for _, it := range items {
		text := c.line(it)
		if l := label(it, text); l != "" {
			text = l + "：" + text
		}
		numbers := []int{c.cite(it.hit, it.span)}
		if it.supportHit != nil {
			if n := c.cite(it.supportHit, it.support); n != numbers[0] {
				numbers = append(numbers, n)
			}
		}
		line := text
		for _, n := range numbers {
			line += fmt.Sprintf(" [%d]", n)
		}
		out = append(out, line)
		c.sentences = append(c.sentences, rag.Sentence{Text: text, Citations: numbers})
	}
	return out
}

// labeller tells items of several places or years apart: it gives the place and
// the year to stand before an item's text where the text does not name them. The
// lines of short figures have them already.
func (c *composer) labeller(items []item) func(it item, text string) string {
	places, years := map[string]bool{}, map[corpus.Years]bool{}
	for _, it := range items {
		if len(it.facets.Places) > 0 {
			places[it.facets.Places[0]] = true
		}
		if !it.facets.Period.IsZero() {
			years[it.facets.Period] = true
		}
	}
	return func(it item, text string) string {
		if c.query.Asks == rag.AsksNumber {
			return ""
		}
		var l string
		if len(c.query.Places) == 0 && len(places) > 1 {
			l = it.placeBeside(text)
		}
		if y := yearsName(it.facets.Period); len(c.query.Periods) == 0 && len(years) > 1 && !strings.Contains(text, y) {
			l += y
			if it.facets.Kind == corpus.KindPlan {
				l += kindName(corpus.KindPlan)
			}
		}
		return l
	}
}

// line is the text of an item: the short answer first, then the printed words.
func (c *composer) line(it item) string {
	text := trimEnd(it.text())
	if it.shown != nil {
		text = strings.Join(it.shown, " ")
	}
	if it.short == "" {
		if it.label != "" && !strings.HasPrefix(text, it.label) {
			return it.label + "：" + text
		}
		return text
	}
	who := it.placeBeside(text)
	when := yearsName(it.facets.Period)
	if c.query.Asks != rag.AsksNumber {
		who, when = "", ""
	}
	if when != "" && strings.Contains(text, when) {
		when = ""
	}
	if who+when == "" {
		return it.short + "——" + text
	}
	return it.short + "——" + who + when + "：" + text
}

// placeBeside is the place that an item's text speaks for and does not name, to stand
// beside it; "" where the text names another one, or the whole country, ahead of the
// short answer. What something only leads to is passed over (通往松岭县的公交3条).
func (it *item) placeBeside(text string) string {
	if len(it.facets.Places) == 0 {
		return ""
	}
	text = zh.Simplified(text)
	if strings.Contains(text, it.facets.Places[0]) {
		return ""
	}
	ahead, _, _ := strings.Cut(text, zh.Simplified(it.short))
	if it.short == "" {
		ahead = text
	}
	if _, ok := gazetteer.FindWhole(ahead); ok {
		return ""
	}
	for _, name := range it.facets.Mentions {
		if !districtOrWider.MatchString(name) {
			continue
		}
		for _, name := range []string{name, gazetteer.ShortForm(name)} {
			if at := strings.Index(ahead, name); name != "" && at >= 0 && !leadsTo.MatchString(ahead[:at]) {
				return ""
			}
		}
	}
	return it.facets.Places[0]
}

// leadsTo stands before the place that something leads to.
var leadsTo = regexp.MustCompile(`[至到往通向赴]$`)

// districtOrWider tells places from the towns and streets that lie in them.
var districtOrWider = regexp.MustCompile(`[省市县区州盟旗国]$`)

// trimEnd drops the mark that ends a clause, as the line has an end of its own.
func trimEnd(s string) string { return strings.TrimRight(s, "。，,；;、：: ") }

// cite numbers the citation of a span. Spans that stand close together in one
// sentence share a citation, whose quote reaches from the first to the last.
func (c *composer) cite(hit *rag.Hit, span corpus.Span) int {
	span.End = span.Start + len(trimEnd(span.In(hit.Passage.Text)))
	for i := range c.citations {
		have := &c.citations[i]
		if have.Passage.ID != hit.Passage.ID {
			continue
		}
		if merged, ok := mergeQuote(have, span); ok {
			have.Quote = merged.In(have.Passage.Text)
			return have.N
		}
	}
	n := len(c.citations) + 1
	c.citations = append(c.citations, rag.Citation{N: n, Quote: span.In(hit.Passage.Text), Passage: hit.Passage, Article: hit.Article})
	return n
}

// maxGap is how many characters may stand between two spans of one quote.
const maxGap = 15

// mergeQuote widens a citation's quote to cover a span when little stands
// between them and no sentence ends there.
func mergeQuote(have *rag.Citation, span corpus.Span) (corpus.Span, bool) {
	text := have.Passage.Text
	at := strings.Index(text, have.Quote)
	if at < 0 {
		return corpus.Span{}, false
	}
	merged := corpus.Span{Start: min(at, span.Start), End: max(at+len(have.Quote), span.End)}
	between := ""
	switch {
	case span.Start >= at+len(have.Quote):
		between = text[at+len(have.Quote) : span.Start]
	case at >= span.End:
		between = text[span.End:at]
	}
	if strings.ContainsAny(between, "。！？!?\n") || utf8.RuneCountInString(between) > maxGap {
		return corpus.Span{}, false
	}
	return merged, true
}

func (c *composer) note(s string) {
	if !slices.Contains(c.notices, s) {
		c.notices = append(c.notices, s)
	}
}

// noteInferred says so when the year of an item rests on a date that was not
// given but worked out.
func (c *composer) noteInferred(items []item) {
	if len(c.query.Periods) == 0 {
		return
	}
	for _, it := range items {
		if it.facets.PeriodInferred {
			c.note("年份据报道文字推断，原页未注明出版日期。")
			return
		}
	}
}

func (c *composer) answer(out rag.Answer) rag.Answer {
	out.Text = strings.Join(c.blocks, "\n\n")
	out.Sentences, out.Citations = c.sentences, c.citations
	if c.answered {
		out.Outcome = rag.Answered
	}
	out.Notice = strings.Join(c.notices, "\n")
	return out
}
