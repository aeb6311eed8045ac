package cite

import (
	"slices"
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/facet"
	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/reading"
)

// source is a passage taken apart, as evidence for written sentences.
type source struct {
	n int // its marker
	// hit is in Simplified characters, and text its passage's; printed is as printed.
	hit, printed *rag.Hit
	text         string
	// folded is the whole passage, around what it is found under: title block,
	// headings, speaker and office.
	folded, around string
	context        facet.Context
	clauses        []clause
}

// clause is one printed clause, or one value of a printed table.
type clause struct {
	span, sentence corpus.Span // in the passage
	// folded is the clause, segment what stands between semicolons around it,
	// whole the sentence. before is the clause that it depends on when it has
	// no subject of its own (增长6.1%).
	folded, segment, whole string
	before                 string
	lead                   string // the segment up to the clause's end
	facets                 corpus.Facets
	quantities             []quantity
	times                  []zh.TimeExpr // of the whole sentence
	// partOf says that the clause tells of a part of what the one before it
	// does: 其中大堰镇4.5万亩.
	partOf bool
	// denied says that the clause denies something.
	denied bool
}

// source gives the nth passage, taking it apart when it is first needed.
func (r *reviewer) source(n int) *source {
	if r.sources[n-1] == nil {
		r.sources[n-1] = r.c.open(n, &r.hits[n-1])
	}
	return r.sources[n-1]
}

// open takes a passage apart.
func (c *Checker) open(n int, h *rag.Hit) *source {
	printed, read := h, reading.Hit(*h)
	h = &read
	s := &source{n: n, hit: h, printed: printed, text: h.Passage.Text, folded: zh.Fold(h.Passage.Text)}
	s.around = zh.Fold(surroundings(h))
	s.context = c.opt.Annotator.ContextOf(h.Article, h.Passage.Headings)
	s.tableCells(c)
	for _, sp := range zh.Sentences(s.text) {
		if !isRow(sp.In(s.text)) {
			s.addSentence(c, sp)
		}
	}
	return s
}

// surroundings is what a passage is printed under.
func surroundings(h *rag.Hit) string {
	a := h.Article
	parts := []string{a.Kicker, a.Subtitle, a.Facets.Office, a.Facets.Speaker, a.Office, a.Meta().Newspaper, a.Byline,
		h.Passage.Facets.Office, h.Passage.Facets.Speaker}
	if !a.TitleMade {
		parts = append(parts, a.Title)
	}
	parts = append(parts, h.Passage.Headings...)
	parts = append(parts, a.Facets.Places...)
	return strings.Join(append(parts, a.City), "\n")
}

func (s *source) addSentence(c *Checker, sp corpus.Span) {
	text := sp.In(s.text)
	facets := c.opt.Annotator.Text(text, s.context)
	times := zh.Times(text, s.context.Date)
	if y := s.listYear(text, sp.Start); !y.IsZero() {
		facets.Period = y
		if y.From > s.context.Date.Year {
			facets.Kind = corpus.KindPlan
		}
	}
	pieces := piecesOf(text)
	segment := 0
	for i, p := range pieces {
		if i > 0 && (p.Lead == '；' || p.Lead == ';') {
			segment = p.Start
		}
		cl := clause{
			span: shifted(p.Span, sp.Start), sentence: sp,
			folded: zh.Fold(p.In(text)), whole: zh.Fold(text),
			lead:    zh.Fold(text[min(segment, p.Start):p.End]),
			segment: zh.Fold(text[segment:segmentEnd(pieces, i, len(text))]),
			times:   times, facets: facets,
		}
		cl.facets = c.clauseFacets(s, text, p.Span, times, facets)
		cl.quantities = quantitiesOf(p.In(text))
		cl.denied = denied(cl.folded)
		cl.partOf = strings.HasPrefix(cl.folded, "其中")
		if n := len(s.clauses); n > 0 && (dependent(cl.folded) || isColon(p.Lead)) {
			cl.before = s.clauses[n-1].folded + s.clauses[n-1].before
		}
		if i > 0 && strings.Contains(cl.folded, "分别") {
			s.distribute(&cl, min(i, len(s.clauses)))
		}
		s.clauses = append(s.clauses, cl)
	}
}

// distribute gives each figure of a clause with 分别 the clause that it goes with:
// the last of as many before it.
func (s *source) distribute(cl *clause, before int) {
	n := len(cl.quantities)
	if n < 2 || before < n {
		return
	}
	for j := range cl.quantities {
		cl.quantities[j].beside = s.clauses[len(s.clauses)-n+j].folded + cl.quantities[j].beside
	}
	cl.before = ""
}

// segmentEnd is where the segment of piece i ends.
func segmentEnd(pieces []zh.Clause, i, end int) int {
	for _, p := range pieces[i+1:] {
		if p.Lead == '；' || p.Lead == ';' {
			return p.Start
		}
	}
	return end
}

// clauseFacets are the sentence's facets, but where it names several years those
// of the part from the last year before the clause, or in it, to the clause's end.
func (c *Checker) clauseFacets(s *source, text string, sp corpus.Span, times []zh.TimeExpr, whole corpus.Facets) corpus.Facets {
	from, years := 0, map[corpus.Years]bool{}
	for _, t := range times {
		if t.Years.IsZero() || t.Plan || !namesYear(t.In(text)) {
			continue
		}
		years[t.Years] = true
		if t.Start < sp.End {
			from = t.Start
		}
	}
	if len(years) < 2 {
		return whole
	}
	part := c.opt.Annotator.Text(text[min(from, sp.Start):sp.End], s.context)
	whole.Period, whole.Kind = part.Period, part.Kind
	return whole
}

// listYear is the year that an item of a list (一是…) stands under: the one named
// last before it in the passage; zero for what is no item or names a year itself.
func (s *source) listYear(text string, start int) corpus.Years {
	if !strings.HasPrefix(text, "一是") && !strings.HasPrefix(text, "首先") || len(yearsIn(text, corpus.Date{})) > 0 {
		return corpus.Years{}
	}
	years := yearsIn(s.text[:start], s.context.Date)
	if len(years) == 0 {
		return corpus.Years{}
	}
	return years[len(years)-1]
}

// isColon reports whether a clause's lead is a colon: what stands behind it says
// what was announced before.
func isColon(lead rune) bool { return lead == '：' || lead == ':' }

// colonPieces cuts a sentence at its commas and semicolons, and its colons but
// those between digits.
func colonPieces(sentence string) []zh.Clause {
	var out []zh.Clause
	for _, p := range zh.Clauses(sentence) {
		start, lead := p.Start, p.Lead
		text := p.In(sentence)
		for i, r := range text {
			if !isColon(r) || i == 0 || i+utf8.RuneLen(r) == len(text) || isDigit(text[i-1]) && isDigit(text[i+utf8.RuneLen(r)]) || inQuotation(text, i) {
				continue
			}
			out = append(out, zh.Clause{Span: corpus.Span{Start: start, End: p.Start + i}, Lead: lead})
			start, lead = p.Start+i+utf8.RuneLen(r), r
		}
		out = append(out, zh.Clause{Span: corpus.Span{Start: start, End: p.End}, Lead: lead})
	}
	return out
}

func inQuotation(text string, at int) bool {
	return slices.ContainsFunc(quotations(text), func(sp corpus.Span) bool { return sp.Start < at && at < sp.End })
}

// piecesOf are the clauses of a sentence; a few characters without a digit
// (目前，) are no clause and go with the one behind them.
func piecesOf(sentence string) []zh.Clause {
	const fewest = 4
	var out []zh.Clause
	carry := zh.Clause{}
	carried := false
	for _, p := range colonPieces(sentence) {
		if carried {
			p.Start, p.Lead, carried = carry.Start, carry.Lead, false
		}
		if zh.CountHan(p.In(sentence)) < fewest && len(zh.Figures(p.In(sentence))) == 0 {
			carry, carried = p, true
			continue
		}
		out = append(out, p)
	}
	switch {
	case carried && len(out) > 0:
		out[len(out)-1].End = carry.End
	case carried:
		out = append(out, carry)
	}
	return out
}

// dependents begin clauses whose subject stands in the clause before.
func dependents() []string {
	return []string{"其中", "增长", "下降", "增幅", "降幅", "同比", "比上年", "较上年", "比去年", "占", "总数", "总投资", "全长", "首期", "一期", "日均", "设计", "设床位",
		"产值", "增至", "达", "实现", "累计", "总", "开工率", "由", "从", "预计", "力争", "提高", "减少", "增加", "带动", "票价", "床位", "计划", "首日", "分别", "今年扩大", "扩大"}
}

func dependent(folded string) bool {
	return slices.ContainsFunc(dependents(), func(w string) bool { return strings.HasPrefix(folded, w) })
}

func shifted(sp corpus.Span, by int) corpus.Span {
	return corpus.Span{Start: sp.Start + by, End: sp.End + by}
}

func isRow(line string) bool { return strings.Count(line, "|") >= 2 || strings.Contains(line, "\t") }

// tableCells makes a clause of each value of the passage's tables: the head of
// its column, the row's subject, the value. A head's bracket has the unit.
func (s *source) tableCells(c *Checker) {
	var heads []string
	start := 0
	for raw := range strings.Lines(s.text) {
		row := corpus.Span{Start: start, End: start + len(strings.TrimRight(raw, "\n"))}
		start += len(raw)
		line := row.In(s.text)
		if !isRow(line) {
			heads = nil
			continue
		}
		values := strings.FieldsFunc(line, func(r rune) bool { return r == '|' || r == '\t' })
		if heads == nil {
			heads = values
			continue
		}
		facets := c.opt.Annotator.Text(line, s.context)
		words := slices.DeleteFunc(slices.Clone(values[1:]), func(v string) bool { return strings.ContainsAny(zh.Fold(v), "0123456789") })
		for i := 1; i < len(values) && i < len(heads); i++ {
			s.clauses = append(s.clauses, s.cell(row, heads[i], values[0], values[i], words, facets))
		}
	}
}

func (s *source) cell(row corpus.Span, head, subject, value string, words []string, f corpus.Facets) clause {
	head, subject, value = strings.TrimSpace(head), strings.TrimSpace(subject), strings.TrimSpace(value)
	unit := ""
	if open := strings.IndexAny(head, "（("); open >= 0 {
		unit = strings.Trim(head[open:], "（）()")
		head = head[:open]
	}
	text := subject + strings.Join(words, " ") + head + value + unit
	line := zh.Fold(row.In(s.text))
	return clause{
		span: row, sentence: row, folded: zh.Fold(text), segment: line, whole: line, facets: f,
		quantities: quantitiesOf(text), times: zh.Times(row.In(s.text), s.context.Date),
	}
}

// support is a printed clause that a claim stands in.
type support struct {
	source *source
	clause int
}

// quoted is what a citation quotes.
type quoted struct {
	source *source
	span   corpus.Span
}

// citation cites the quoted words as they are printed.
func (q quoted) citation(n int) rag.Citation {
	h := q.source.printed
	return rag.Citation{N: n, Quote: q.span.In(h.Passage.Text), Passage: h.Passage, Article: h.Article}
}

// quotesOf are the words to quote for clauses: for each printed sentence from
// the first of them to the last, in order of the passages and of print.
func quotesOf(by []support) []quoted {
	by = slices.Clone(by)
	slices.SortFunc(by, func(a, b support) int {
		if a.source.n != b.source.n {
			return a.source.n - b.source.n
		}
		return a.source.clauses[a.clause].span.Start - b.source.clauses[b.clause].span.Start
	})
	var out []quoted
	sentence := corpus.Span{}
	for _, s := range by {
		cl := s.source.clauses[s.clause]
		if n := len(out); n > 0 && out[n-1].source == s.source && sentence == cl.sentence {
			out[n-1].span.End = max(out[n-1].span.End, cl.span.End)
			continue
		}
		sentence = cl.sentence
		out = append(out, quoted{s.source, cl.span})
	}
	return out
}
