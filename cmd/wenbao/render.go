package main

import (
	"fmt"
	"strings"

	"wenbao/corpus"
	"wenbao/rag"
)

// sourceIndent sets a quote under its source's number.
const sourceIndent = "    "

// framed says how the frame of an answer is to be.
type framed struct {
	// told is what was shown of the text already.
	told string
	// query shows the question as it was searched.
	query bool
}

// answer writes an answer with its sources, or why there is none.
func (m *messages) answer(b *strings.Builder, a rag.Answer, f framed) {
	m.answerText(b, a, f)
	if len(a.Citations) > 0 {
		b.WriteByte('\n')
		m.sources(b, a.Citations)
	}
	if a.Coverage != nil {
		b.WriteByte('\n')
		m.coverage(b, *a.Coverage)
	}
}

// answerText writes what is said, without sources.
func (m *messages) answerText(b *strings.Builder, a rag.Answer, f framed) {
	b.WriteString(unsaid(strings.TrimSpace(a.Text), f.told))
	if notice := strings.TrimSpace(a.Notice); notice != "" {
		b.WriteString(notice + "\n")
	}
	if strings.TrimSpace(a.Text+a.Notice) == "" {
		b.WriteString(m.NothingFound + "\n")
	}
	if a.Mode == rag.Generative {
		b.WriteString(m.written(a) + "\n")
	}
	if f.query {
		fmt.Fprintf(b, m.QueryRead+"\n", a.Query.Text)
	}
}

// unsaid is what is left to be written of a text, its line's end included. A text
// that is another than what was told is written anew below it.
func unsaid(text, told string) string {
	if text == "" && told == "" {
		return ""
	}
	if rest, goesOn := strings.CutPrefix(text+"\n", told); goesOn {
		return rest
	}
	return "\n\n" + text + "\n"
}

// written says which model has written an answer, and how many of its sentences
// the check has taken out.
func (m *messages) written(a rag.Answer) string {
	line := fmt.Sprintf(m.WrittenBy, a.Model)
	if a.Removed > 0 {
		line += fmt.Sprintf(m.RemovedByCheck, a.Removed)
	}
	return line
}

// sources lists citations with the words quoted.
func (m *messages) sources(b *strings.Builder, citations []rag.Citation) {
	for _, c := range citations {
		fmt.Fprintf(b, "[%d] %s\n", c.N, m.source(c.Article, c.Passage))
		b.WriteString(quoted(c.Quote))
	}
}

// shortSources lists citations without the words; those of one passage, or of
// passages under one heading, share a line.
func (m *messages) shortSources(b *strings.Builder, citations []rag.Citation) {
	var order []string
	numbers := map[string]string{}
	for _, c := range citations {
		line := m.source(c.Article, c.Passage)
		if numbers[line] == "" {
			order = append(order, line)
		}
		numbers[line] += fmt.Sprintf("[%d]", c.N)
	}
	for _, line := range order {
		b.WriteString(numbers[line] + " " + line + "\n")
	}
}

// quoted is a quote as printed between “ and ”, indented. Quotation marks within
// it are left as they are: a quote is never changed.
func quoted(quote string) string {
	return sourceIndent + "“" + strings.ReplaceAll(quote, "\n", "\n"+sourceIndent) + "”\n"
}

// source says where a passage was printed, in one line:
//
//	《title》 speaker or office · newspaper date page · heading（kind） · byline
func (m *messages) source(a *corpus.Article, p corpus.Passage) string {
	head := m.title(a)
	name, office := speakerOf(a, p)
	if who := strings.TrimSpace(office + " " + name); who != "" {
		head += " " + who
	}
	parts := []string{head, m.printed(partOf(a, p))}
	if heading := section(p.Headings); heading != "" {
		parts = append(parts, heading)
	}
	parts[len(parts)-1] += m.kindMark(p.Facets.Kind)
	if a.Byline != "" && (a.Office == "" || a.Office != office) {
		parts = append(parts, a.Byline)
	}
	return strings.Join(parts, " · ")
}

// title is an article's title with what has to be known about it.
func (m *messages) title(a *corpus.Article) string {
	title := fmt.Sprintf(m.Title, a.Title)
	if a.TitleMade {
		title += m.TitleMade
	}
	if !a.Fragment || len(a.Parts) == 0 {
		return title
	}
	if from := a.Parts[0].From; from != "" {
		title += fmt.Sprintf(m.ContinuedFrom, twoDigits(from))
	}
	if to := a.Parts[len(a.Parts)-1].To; to != "" {
		title += fmt.Sprintf(m.ContinuedOn, twoDigits(to))
	}
	return title
}

// twoDigits writes a page number as jump lines do (上接01版).
func twoDigits(edition string) string {
	if len(edition) == 1 {
		return "0" + edition
	}
	return edition
}

// printed is the newspaper, day and page. The file stands in for an unknown
// newspaper.
func (m *messages) printed(p corpus.Part) string {
	name := p.Newspaper
	if name == "" {
		name = p.Source
	}
	words := []string{name}
	if !p.Date.IsZero() {
		date := p.Date.String()
		if p.DateInferred {
			date += m.DateInferred
		}
		words = append(words, date)
	}
	if p.Edition != "" {
		words = append(words, fmt.Sprintf(m.Page, p.Edition))
	}
	return strings.Join(words, " ")
}

func (m *messages) kindMark(k corpus.Kind) string {
	if name := m.kind(k); name != "" {
		return fmt.Sprintf(m.Bracketed, name)
	}
	return ""
}

func (m *messages) kind(k corpus.Kind) string {
	switch k {
	case corpus.KindResult:
		return m.KindResult
	case corpus.KindPlan:
		return m.KindPlan
	case corpus.KindStatement:
		return m.KindStatement
	}
	return ""
}

// coveragePlaces is how many places are named of a collection that may have
// hundreds: those with most passages.
const coveragePlaces = 8

// coverage says in two lines what the collection holds.
func (m *messages) coverage(b *strings.Builder, c rag.Coverage) {
	fmt.Fprintf(b, m.Coverage+"\n", c.Articles, c.Passages, m.period(c.First, c.Last))
	if len(c.Newspapers) > 0 {
		fmt.Fprintf(b, m.CoveragePapers+"\n", m.names(c.Newspapers))
	}
	if len(c.Places) > 0 {
		fmt.Fprintf(b, m.CoveragePlaces+"\n", m.names(c.Places))
	}
}

// names lists the first few names and says how many there are.
func (m *messages) names(names []string) string {
	if len(names) <= coveragePlaces {
		return strings.Join(names, m.ListComma)
	}
	return fmt.Sprintf(m.AndMore, strings.Join(names[:coveragePlaces], m.ListComma), len(names))
}

// period is the range of days of printing.
func (m *messages) period(first, last corpus.Date) string {
	switch {
	case first.IsZero() && last.IsZero():
		return m.NoDates
	case first == last:
		return first.String()
	}
	return fmt.Sprintf(m.FromTo, first, last)
}

// hit writes a passage found: its source, its words, and if asked for how it
// came to its rank.
func (m *messages) hit(b *strings.Builder, h rag.Hit) {
	fmt.Fprintf(b, "%d. %s\n", h.Rank, m.source(h.Article, h.Passage))
	b.WriteString(sourceIndent + strings.ReplaceAll(h.Passage.Text, "\n", "\n"+sourceIndent) + "\n")
	fmt.Fprintf(b, "%s%s\n", sourceIndent, fmt.Sprintf(m.HitLine, h.Passage.ID, h.Score))
	for _, c := range h.Why {
		fmt.Fprintf(b, "%s  %s\n", sourceIndent, m.contribution(c))
	}
}

// explained writes how a question was read and what each passage considered has
// scored.
func (m *messages) explained(b *strings.Builder, q rag.Query, hits []rag.Hit) {
	b.WriteString(m.queryLine(q) + "\n")
	for _, h := range hits {
		fmt.Fprintf(b, "%3d  %.4f  %s  %s\n", h.Rank, h.Score, h.Passage.ID, m.title(h.Article))
		for _, c := range h.Why {
			fmt.Fprintf(b, "     %s\n", m.contribution(c))
		}
	}
}

func (m *messages) contribution(c rag.Contribution) string {
	return fmt.Sprintf(m.Contribution, c.Scorer, c.Raw, c.Rank, c.Share)
}

// queryLine says how a question was read.
func (m *messages) queryLine(q rag.Query) string {
	words := []string{fmt.Sprintf(m.QueryRead, q.Text)}
	add := func(format, value string) {
		if value != "" {
			words = append(words, fmt.Sprintf(format, value))
		}
	}
	add(m.QueryTopic, q.Topic)
	for _, w := range q.Wordings {
		add(m.QueryWording, w.Said+"="+strings.Join(w.Printed, m.ListComma))
	}
	add(m.QueryPlaces, strings.Join(q.Places, m.ListComma))
	add(m.QueryUnknown, strings.Join(q.Unknown, m.ListComma))
	add(m.QueryPeriods, periods(q.Periods))
	add(m.QueryKind, m.kind(q.Kind))
	add(m.QuerySpeaker, q.Speaker)
	return strings.Join(words, " · ")
}

func periods(years []corpus.Years) string {
	var out []string
	for _, y := range years {
		if y.From == y.To {
			out = append(out, fmt.Sprint(y.From))
		} else {
			out = append(out, fmt.Sprintf("%d-%d", y.From, y.To))
		}
	}
	return strings.Join(out, " ")
}
