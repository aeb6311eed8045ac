package bot

import (
	"fmt"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag"
)

// answer shows an answer: what is said, how far it may be relied on, for a refusal
// what the collection holds, and the sources, folded. A refusal has sources only
// where its text cites what comes nearest: those are then more to the point than
// what else there is, of which one line is enough.
func (w *catalogue) answer(a rag.Answer, f rag.Filter, remark string) []Block {
	text := strings.TrimSpace(a.Text)
	if text == "" {
		text = w.NothingFound
	}
	blocks := textBlocks(text)
	for _, line := range notBlank(a.Notice, remark) {
		blocks = append(blocks, paragraph(italic(line)))
	}
	if line := w.standing(a, f); line != "" {
		blocks = append(blocks, paragraph(italic(line)))
	}
	if a.Mode == rag.Generative {
		blocks = append(blocks, paragraph(italic(w.written(a))))
	}
	switch {
	case a.Coverage == nil, a.Query.Asks == rag.AsksChat:
	case len(a.Citations) > 0:
		blocks = append(blocks, w.coverageBrief(*a.Coverage))
	default:
		blocks = append(blocks, w.coverage(*a.Coverage))
	}
	if len(a.Citations) > 0 {
		blocks = append(blocks, w.sources(a.Citations, true))
	}
	return blocks
}

// standing names the standing filter under an answer. Where nothing was found it
// says that the filter may be why.
func (w *catalogue) standing(a rag.Answer, f rag.Filter) string {
	if f.IsZero() || a.Query.Asks == rag.AsksChat {
		return ""
	}
	if a.Outcome == rag.NoEvidence {
		return fmt.Sprintf(w.FilterInTheWay, w.filterName(f))
	}
	return fmt.Sprintf(w.FilterNow, w.filterName(f))
}

// filterName is 临江区、松岭县 · 2025年.
func (w *catalogue) filterName(f rag.Filter) string {
	return strings.Join(notBlank(strings.Join(f.Places, w.ListComma), w.yearsName(f.Years)), " · ")
}

// written says which model has written an answer. How many sentences the check
// has taken out is said here unless the answer's notice has told it.
func (w *catalogue) written(a rag.Answer) string {
	line := fmt.Sprintf(w.WrittenBy, a.Model)
	if a.Removed > 0 && a.Notice == "" {
		line += fmt.Sprintf(w.RemovedByCheck, a.Removed)
	}
	return line
}

// asked is the question itself, for an answer to one that was not typed.
func (x *exchange) asked(q inquiry) []Block {
	if !q.echo {
		return nil
	}
	return []Block{paragraph(bold(fmt.Sprintf(x.words.Asked, q.text)))}
}

// textBlocks makes blocks of a text's paragraphs, and pieces of the sentences.
func textBlocks(text string) []Block {
	var blocks []Block
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.Trim(p, "\n"); strings.TrimSpace(p) != "" {
			blocks = append(blocks, Block{Pieces: sentencePieces(p)})
		}
	}
	return blocks
}

// sentencePieces cuts a text before each sentence but the first. The markers
// that follow a sentence stay with it.
func sentencePieces(text string) []Piece {
	var pieces []Piece
	start := 0
	cut := func(end int) {
		if end > start {
			pieces = append(pieces, Piece{plain(text[start:end])})
			start = end
		}
	}
	for _, s := range zh.Sentences(text) {
		if !strings.HasPrefix(s.In(text), "[") {
			cut(s.Start)
		}
	}
	cut(len(text))
	return pieces
}

// coveragePlaces is how many names of a kind are listed of a collection that may
// have hundreds: those with most passages.
const coveragePlaces = 8

// coverage says what the collection holds.
func (w *catalogue) coverage(c rag.Coverage) Block {
	lines := []string{fmt.Sprintf(w.Coverage, c.Articles, w.days(c.First, c.Last))}
	if len(c.Newspapers) > 0 {
		lines = append(lines, fmt.Sprintf(w.CoveragePapers, w.names(c.Newspapers)))
	}
	if len(c.Places) > 0 {
		lines = append(lines, fmt.Sprintf(w.CoveragePlaces, w.names(c.Places)))
	}
	if years := w.yearNames(c.Years); years != "" {
		lines = append(lines, fmt.Sprintf(w.CoverageYears, years))
	}
	return Block{Pieces: []Piece{{plain(strings.Join(lines, "\n"))}}}
}

// coverageBrief says in one line when and of where the collection is.
func (w *catalogue) coverageBrief(c rag.Coverage) Block {
	return Paragraph(fmt.Sprintf(w.CoverageBrief, w.days(c.First, c.Last), w.names(c.Places)))
}

// names lists the first few names and says how many there are.
func (w *catalogue) names(names []string) string {
	if len(names) <= coveragePlaces {
		return strings.Join(names, w.ListComma)
	}
	return fmt.Sprintf(w.AndMore, strings.Join(names[:coveragePlaces], w.ListComma), len(names))
}

// yearNames are the years in runs: 2019年、2021—2025年. Of many runs the latest
// are named.
func (w *catalogue) yearNames(years []int) string {
	var runs []corpus.Years
	for _, y := range years {
		if n := len(runs); n > 0 && runs[n-1].To == y-1 {
			runs[n-1].To = y
			continue
		}
		runs = append(runs, corpus.Years{From: y, To: y})
	}
	runs = runs[max(0, len(runs)-coveragePlaces):]
	names := make([]string, len(runs))
	for i, y := range runs {
		names[i] = w.yearsName(y)
	}
	return strings.Join(names, w.ListComma)
}

// days is the range of days of printing.
func (w *catalogue) days(first, last corpus.Date) string {
	switch {
	case first.IsZero() && last.IsZero():
		return w.NoDates
	case first == last:
		return first.String()
	}
	return fmt.Sprintf(w.FromTo, first, last)
}
