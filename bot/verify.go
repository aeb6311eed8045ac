package bot

import (
	"context"
	"errors"
	"fmt"

	"wenbao/corpus"
	"wenbao/rag"
	"wenbao/rag/cite"
)

// shownMatches is how many places are listed in which a quote was printed: who
// checks a quote wants one, and to know whether there are more.
const shownMatches = 5

// verifyCommand says whether words were printed, and where, or what comes near.
func (b *Bot) verifyCommand(ctx context.Context, x *exchange) Reply {
	if x.event.Text == "" {
		return Say(x.words.VerifyUsage)
	}
	if b.tooLong(x.event.Text) {
		return b.refuseLong(x)
	}
	c, release := b.opt.Library.Acquire()
	defer release()
	v, err := cite.Verify(ctx, c.Index.Articles(ctx), x.event.Text)
	switch {
	case errors.Is(err, cite.ErrTooShort):
		return Say(x.words.QuoteTooShort)
	case !b.check(x.event, "verify", err):
		return x.trouble()
	case v.Found:
		return messages(x.words.verified(v))
	case v.Near != nil:
		return messages(x.words.nearMiss(v.Near))
	}
	return Say(x.words.VerifyNothing)
}

func (w *catalogue) verified(v cite.Verification) Message {
	m := Text(fmt.Sprintf(w.VerifyFound, v.Total))
	var found []rag.Citation
	for i, match := range v.Matches[:min(len(v.Matches), shownMatches)] {
		found = append(found, citationOf(match, i+1))
	}
	m.Blocks = append(m.Blocks, w.sources(found, false))
	if v.Total > len(found) {
		m.Blocks = append(m.Blocks, Paragraph(fmt.Sprintf(w.FirstOf, len(found))))
	}
	m.Buttons = [][]Button{{{Text: w.Footnote, Copy: footnote(found[0])}}}
	return m
}

// nearMiss sets what was printed beside what was quoted; what differs is bold.
func (w *catalogue) nearMiss(near *cite.Near) Message {
	c := citationOf(near.Match, 1)
	printed, quoted := Piece{plain(w.Printed)}, Piece{plain(w.Quoted)}
	for _, p := range near.Diff {
		switch p.Op {
		case cite.Printed:
			printed = append(printed, bold(p.Text))
		case cite.Quoted:
			quoted = append(quoted, bold(p.Text))
		default:
			printed, quoted = append(printed, plain(p.Text)), append(quoted, plain(p.Text))
		}
	}
	return Message{
		Blocks: []Block{
			Paragraph(w.VerifyNear),
			{Quote: true, Pieces: []Piece{append(printed, plain("\n\n")), quoted}},
			paragraph(bold(w.title(c.Article)), plain("\n"+w.described(c))),
		},
		Buttons: [][]Button{{{Text: w.Footnote, Copy: footnote(c)}}},
	}
}

// citationOf is a match as a citation. Its passage is the zero passage for words
// of a headline or a byline.
func citationOf(m cite.Match, n int) rag.Citation {
	c := rag.Citation{N: n, Quote: m.Text, Article: m.Article, Passage: corpus.Passage{Article: m.Article.ID}}
	if m.Passage != nil {
		c.Passage = *m.Passage
	}
	return c
}
