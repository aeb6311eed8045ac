package bot

import (
	"context"
	"fmt"
	"path"
	"strings"

	"wenbao/corpus"
	"wenbao/rag"
)

// title is an article's title with what has to be known about it; "" for an article
// that has none.
func (w *catalogue) title(a *corpus.Article) string {
	title := ""
	if a.Title != "" {
		title = fmt.Sprintf(w.Title, a.Title)
	}
	return title + w.aboutTitle(a)
}

// aboutTitle says that a title was made up, and that the article begins or ends on
// a page that is not there.
func (w *catalogue) aboutTitle(a *corpus.Article) string {
	about := ""
	if a.TitleMade {
		about = w.TitleMade
	}
	if !a.Fragment || len(a.Parts) == 0 {
		return about
	}
	if from := a.Parts[0].From; from != "" {
		about += fmt.Sprintf(w.ContinuedFrom, twoDigits(from))
	}
	if to := a.Parts[len(a.Parts)-1].To; to != "" {
		about += fmt.Sprintf(w.ContinuedOn, twoDigits(to))
	}
	return about
}

// twoDigits writes a page number as jump lines do (上接01版).
func twoDigits(edition string) string {
	if len(edition) == 1 {
		return "0" + edition
	}
	return edition
}

// printed is the newspaper, day and page. The file's name stands in for an
// unknown newspaper; where the file lies is nobody's business.
func (w *catalogue) printed(p corpus.Part) string {
	name := p.Newspaper
	if name == "" {
		name = path.Base(p.Source)
	}
	words := []string{name, w.date(p.Meta)}
	if p.Edition != "" {
		words = append(words, fmt.Sprintf(w.Page, p.Edition))
	}
	return strings.Join(notBlank(words...), " ")
}

// date is the day of printing, "" for one that is not known.
func (w *catalogue) date(m corpus.Meta) string {
	date := m.Date.String()
	if date != "" && m.DateInferred {
		date += w.DateInferred
	}
	return date
}

// described says beside the title where a passage is from:
//
//	office speaker · newspaper date page · heading（kind）
func (w *catalogue) described(c rag.Citation) string {
	name, office := c.Speaker()
	who := strings.Join(notBlank(office, name), " ")
	parts := notBlank(who, w.printed(c.Part()), c.Section())
	line := strings.Join(parts, " · ")
	if kind := w.kind(c.Passage.Facets.Kind); kind != "" {
		line += fmt.Sprintf(w.Bracketed, kind)
	}
	return line
}

func (w *catalogue) kind(k corpus.Kind) string {
	switch k {
	case corpus.KindResult:
		return w.KindResult
	case corpus.KindPlan:
		return w.KindPlan
	case corpus.KindStatement:
		return w.KindStatement
	}
	return ""
}

// quoted is a quote as printed between quotation marks: between 「 and 」 where it
// has the usual ones within, so that it is plain where it begins and ends.
func quoted(quote string) string {
	if strings.ContainsAny(quote, "“”") {
		return "「" + quote + "」"
	}
	return "“" + quote + "”"
}

// source is a citation with its number, its origin and its words.
func (w *catalogue) source(c rag.Citation) Piece {
	return Piece{
		bold(fmt.Sprintf(w.Number, c.N) + " " + w.title(c.Article)),
		plain("\n" + w.described(c) + "\n" + quoted(c.Quote)),
	}
}

// sources lists citations in one block.
func (w *catalogue) sources(citations []rag.Citation, folded bool) Block {
	block := Block{Quote: true, Folded: folded}
	for i, c := range citations {
		piece := w.source(c)
		if i < len(citations)-1 {
			piece = append(piece, plain("\n\n"))
		}
		block.Pieces = append(block.Pieces, piece)
	}
	return block
}

// sourcesOf are the citations as they are kept.
func sourcesOf(citations []rag.Citation) []Source {
	out := make([]Source, 0, len(citations))
	for _, c := range citations {
		out = append(out, Source{N: c.N, Passage: c.Passage.ID, Article: c.Article.ID, Quote: c.Quote})
	}
	return out
}

// citation finds a source's passage again. It is gone where the collection no
// longer prints the words that were quoted.
func (b *Bot) citation(ctx context.Context, x *exchange, c *Collection, s Source) (rag.Citation, bool) {
	p, a, err := c.Index.Passage(ctx, s.Passage)
	if err != nil || !strings.Contains(p.Text, s.Quote) {
		b.checkPassage(x, err)
		return rag.Citation{}, false
	}
	return rag.Citation{N: s.N, Quote: s.Quote, Passage: p, Article: a}, true
}

// citations are those of an answer's sources that are still there.
func (b *Bot) citations(ctx context.Context, x *exchange, c *Collection, sources []Source) []rag.Citation {
	var out []rag.Citation
	for _, s := range sources {
		if found, ok := b.citation(ctx, x, c, s); ok {
			out = append(out, found)
		}
	}
	return out
}
