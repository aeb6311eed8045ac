package bot

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"wenbao/rag"
)

const (
	// inlinePage is how many results an inline query gets at a time: more than a
	// telephone shows, and the next page comes by itself.
	inlinePage = 20
	// inlineQuote is how many characters of a passage a chosen result sends.
	inlineQuote = 600
	// inlineExcerpt is how many the list shows of it, in two lines.
	inlineExcerpt = 60
)

// inline answers a query in another chat from retrieval alone. It goes by no
// standing filter, which would not be seen there.
func (b *Bot) inline(ctx context.Context, x *exchange) Reply {
	text := strings.TrimSpace(x.event.Text)
	if text == "" {
		return x.line(x.words.InlineHint)
	}
	if b.tooLong(text) {
		b.opt.Meter.Refused(refusedLong)
		return x.line(x.words.InlineTooLong)
	}
	from, ok := parseOffset(x.event.Offset)
	if !ok {
		return x.quiet()
	}
	c, release := b.opt.Library.Acquire()
	defer release()
	query, hits, err := c.Printed.Search(ctx, rag.Question{Text: text})
	if !b.check(x.event, "inline search", err) {
		return x.line(x.words.InlineTrouble)
	}
	if hits = relevant(query, hits); len(hits) == 0 {
		return x.line(x.words.InlineNothing)
	}
	answer := &Inline{}
	to := min(from+inlinePage, len(hits))
	for _, h := range hits[min(from, to):to] {
		answer.Results = append(answer.Results, x.words.result(query, h))
	}
	if to < len(hits) {
		answer.Next = strconv.Itoa(to)
	}
	return Reply{Inline: answer}
}

// parseOffset reads what Inline.Next was.
func parseOffset(s string) (int, bool) {
	if s == "" {
		return 0, true
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && 0 < n && n <= rag.MaxK
}

// result is a passage to choose.
func (w *catalogue) result(q rag.Query, h rag.Hit) Result {
	c := rag.Citation{N: 1, Passage: h.Passage, Article: h.Article}
	text := h.Passage.Text
	span := around(text, q, inlineQuote)
	quote := span.In(text)
	listed := notBlank(h.Article.Title+w.aboutTitle(h.Article), c.Section())
	facts := notBlank(strings.Join(h.Passage.Facets.Places, w.ListComma), w.yearsName(h.Passage.Facets.Period), w.kind(h.Passage.Facets.Kind))
	short := excerpt(text, around(text, q, inlineExcerpt))
	origin := Piece{plain(w.described(c))}
	if title := w.title(h.Article); title != "" {
		origin = Piece{bold(title), plain("\n" + w.described(c))}
	}
	return Result{
		ID:          h.Passage.ID,
		Title:       cmp.Or(strings.Join(listed, " · "), w.printed(c.Part())),
		Description: strings.Join(notBlank(strings.Join(facts, " · "), short), "\n"),
		Message: Message{Blocks: []Block{
			{Quote: true, Pieces: []Piece{{plain(quoted(quote))}}},
			{Pieces: []Piece{origin}},
		}},
	}
}
