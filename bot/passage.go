package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"wenbao/corpus"
	"wenbao/rag"
	"wenbao/rag/index"
)

// maxNeighbour is how many characters are shown of the text on each side of a
// passage: enough to see what is spoken of, and with a long passage still one
// message.
const maxNeighbour = 400

// pressedSource shows a source of an answer, or a passage found.
func (b *Bot) pressedSource(ctx context.Context, x *exchange, p press) Reply {
	a, ok := b.kept(ctx, x, p.id)
	if !ok || p.n > len(a.Sources) {
		return x.stale()
	}
	c, release := b.opt.Library.Acquire()
	defer release()
	found, ok := b.citation(ctx, x, c, a.Sources[p.n-1])
	if !ok {
		return Reply{Toast: x.words.PassageGone, Alert: true}
	}
	switch p.verb {
	case pressFold:
		return x.instead(x.words.folded(found, a.ID))
	case pressView:
		return x.instead(x.words.walk(found, &a))
	}
	return messages(x.words.walk(found, &a))
}

// walk shows a source in full, with buttons to the ones before and after it.
func (w *catalogue) walk(c rag.Citation, a *Answer) Message {
	m := Message{Blocks: w.inFull(c, fmt.Sprintf(w.Number, c.N)+" ")}
	var row []Button
	if c.N > 1 {
		row = append(row, button(w.Previous, press{verb: pressView, id: a.ID, n: c.N - 1}))
	}
	row = append(row, Button{Text: w.Footnote, Copy: footnote(c)}, button(w.Fold, press{verb: pressFold, id: a.ID, n: c.N}))
	if c.N < len(a.Sources) {
		row = append(row, button(w.Next, press{verb: pressView, id: a.ID, n: c.N + 1}))
	}
	m.Buttons = [][]Button{row}
	return m
}

// folded is a source in one line, with a button to unfold it.
func (w *catalogue) folded(c rag.Citation, answer string) Message {
	head := bold(fmt.Sprintf(w.Number, c.N) + " " + w.title(c.Article))
	return Message{
		Blocks:  []Block{paragraph(head, plain("\n"+w.printed(c.Part())))},
		Buttons: [][]Button{{button(w.Unfold, press{verb: pressView, id: answer, n: c.N})}},
	}
}

// inFull shows a passage, the words quoted of it in bold, between the paragraphs
// that stand around it.
func (w *catalogue) inFull(c rag.Citation, number string) []Block {
	head := Piece{bold(number + w.title(c.Article)), plain("\n" + w.described(c))}
	if path := c.Headings(); len(path) > 1 {
		head = append(head, plain("\n"+strings.Join(path, " › ")))
	}
	blocks := []Block{{Pieces: []Piece{head}}}
	before, after := neighbours(c.Article, c.Passage.Span)
	blocks = append(blocks, before.blocks()...)
	blocks = append(blocks, Block{Quote: true, Pieces: []Piece{passageRuns(c)}})
	blocks = append(blocks, after.blocks()...)
	return append(blocks, paragraph(plain(w.PassageID), code(c.Passage.ID)))
}

// passageRuns is the passage's text with the quote in bold.
func passageRuns(c rag.Citation) Piece {
	text := c.Passage.Text
	at := strings.Index(text, c.Quote)
	if c.Quote == "" || at < 0 {
		return Piece{plain(text)}
	}
	var out Piece
	for _, r := range []Run{plain(text[:at]), bold(c.Quote), plain(text[at+len(c.Quote):])} {
		if r.Text != "" {
			out = append(out, r)
		}
	}
	return out
}

// neighbour is a paragraph beside a passage.
type neighbour struct {
	// heading is the one it stands under, "" where the passage stands under it too.
	heading string
	text    string
}

func (n neighbour) blocks() []Block {
	switch {
	case n.text == "":
		return nil
	case n.heading == "":
		return []Block{Paragraph(n.text)}
	}
	return []Block{paragraph(italic(n.heading), plain("\n"+n.text))}
}

// neighbours are what stands before and after a passage: the rest of its own
// paragraphs, else the next one. Long ones are cut between sentences.
func neighbours(a *corpus.Article, span corpus.Span) (before, after neighbour) {
	var over, own string // the heading over the block looked at, and over the passage
	for _, block := range a.Blocks {
		at := block.Span
		switch block.Kind {
		case corpus.BlockHeading:
			over = at.In(a.Text)
			continue
		case corpus.BlockParagraph, corpus.BlockList, corpus.BlockTable:
		default:
			continue
		}
		if at.Start < span.Start {
			before = neighbour{over, strings.TrimSpace(a.Text[at.Start:min(at.End, span.Start)])}
		}
		if at.Start < span.End && span.Start < at.End && own == "" {
			own = over
		}
		if at.End > span.End && after.text == "" {
			after = neighbour{over, strings.TrimSpace(a.Text[max(at.Start, span.End):at.End])}
		}
	}
	before.text = lastSentences(before.text, maxNeighbour)
	after.text = firstSentences(after.text, maxNeighbour)
	for _, n := range []*neighbour{&before, &after} {
		if n.heading == own {
			n.heading = ""
		}
	}
	return before, after
}

// minPrefix is how many characters of a passage's ID are needed to find it: fewer
// fit many, and are mostly a slip.
const minPrefix = 4

// showCommand shows a source of the last answer by its number, or a passage by
// its ID or the beginning of it.
func (b *Bot) showCommand(ctx context.Context, x *exchange) Reply {
	arg := strings.ToLower(strings.Trim(x.event.Text, "[]【】 "))
	if arg == "" {
		return Say(x.words.ShowUsage)
	}
	c, release := b.opt.Library.Acquire()
	defer release()
	if n, ok := smallNumber(arg); ok {
		return b.showNumber(ctx, x, c, n)
	}
	if len(arg) < minPrefix {
		return Say(x.words.ShowUsage)
	}
	p, a, err := c.Index.Passage(ctx, arg)
	switch {
	case errors.Is(err, index.ErrAmbiguous):
		return Say(x.words.AmbiguousID)
	case err != nil:
		b.checkPassage(x, err)
		return Say(x.words.NoSuchID)
	}
	found := rag.Citation{Passage: p, Article: a}
	return messages(Message{
		Blocks:  x.words.inFull(found, ""),
		Buttons: [][]Button{{{Text: x.words.Footnote, Copy: footnote(found)}}},
	})
}

func (b *Bot) showNumber(ctx context.Context, x *exchange, c *Collection, n int) Reply {
	a, ok := b.lastAnswer(ctx, x)
	if !ok || len(a.Sources) == 0 {
		return Say(x.words.NoSources)
	}
	if n < 1 || n > len(a.Sources) {
		return Say(fmt.Sprintf(x.words.NoSuchSource, len(a.Sources)))
	}
	found, ok := b.citation(ctx, x, c, a.Sources[n-1])
	if !ok {
		return Say(x.words.PassageGone)
	}
	return messages(x.words.walk(found, &a))
}

// smallNumber reads a number that no passage's ID begins with.
func smallNumber(s string) (int, bool) {
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' || n > maxNumber {
			return 0, false
		}
		n = 10*n + int(r-'0')
	}
	return n, s != ""
}

// checkPassage logs why a passage could not be read, unless it is not there.
func (b *Bot) checkPassage(x *exchange, err error) {
	if err != nil && !errors.Is(err, index.ErrNotFound) && !errors.Is(err, index.ErrAmbiguous) {
		b.check(x.event, "read passage", err)
	}
}

// lastAnswer is the last answer of the conversation, if there is one and it is
// still kept.
func (b *Bot) lastAnswer(ctx context.Context, x *exchange) (Answer, bool) {
	for i := len(x.session.Turns) - 1; i >= 0; i-- {
		if t := x.session.Turns[i]; t.Answer != "" && t.Event != x.event.ID {
			return b.kept(ctx, x, t.Answer)
		}
	}
	return Answer{}, false
}

// sourcesCommand lists the sources of the last answer again.
func (b *Bot) sourcesCommand(ctx context.Context, x *exchange) Reply {
	a, ok := b.lastAnswer(ctx, x)
	if !ok || len(a.Sources) == 0 {
		return Say(x.words.NoSources)
	}
	c, release := b.opt.Library.Acquire()
	defer release()
	found := b.citations(ctx, x, c, a.Sources)
	if len(found) == 0 {
		return Say(x.words.PassageGone)
	}
	m := Message{Blocks: []Block{
		Paragraph(fmt.Sprintf(x.words.SourcesOf, a.Question)),
		x.words.sources(found, false),
	}}
	m.Buttons = x.words.keyboard(keyboard{answer: &a, page: 1, mark: markSources})
	return messages(m)
}
