package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"wenbao/rag"
)

const (
	// foundPerPage is how many passages one message lists: with their origin and
	// an excerpt of each they fill a screen.
	foundPerPage = 5
	// excerptChars is how much of a passage is shown in a list.
	excerptChars = 90
)

// searchCommand lists passages without answering from them. What it has found is
// kept as an answer is, so that its buttons turn pages and show passages.
func (b *Bot) searchCommand(ctx context.Context, x *exchange) Reply {
	if x.event.Text == "" {
		return Say(x.words.SearchUsage)
	}
	if b.tooLong(x.event.Text) {
		return b.refuseLong(x)
	}
	c, release := b.opt.Library.Acquire()
	defer release()
	filter := x.session.filter()
	query, hits, err := c.Printed.Search(ctx, rag.Question{Text: x.event.Text, Filter: filter})
	if !b.check(x.event, "search", err) {
		return x.trouble()
	}
	if hits = relevant(query, hits); len(hits) == 0 {
		return messages(x.words.foundNothing(c.Printed.Coverage(), filter))
	}
	kept := Answer{
		ID: answerID(x.event), Key: x.event.Key(),
		Question: x.event.Text, Query: query.Text, Outcome: rag.Answered, Mode: rag.Extractive,
		Filter: filter, At: b.opt.Now(),
	}
	found := make([]rag.Citation, len(hits))
	for i, h := range hits {
		found[i] = rag.Citation{N: i + 1, Passage: h.Passage, Article: h.Article}
	}
	kept.Sources = sourcesOf(found)
	m := x.words.found(&kept, query, found, press{n: 1, flag: byScore})
	if !b.keep(ctx, x, kept) {
		m.Buttons = nil
	}
	return messages(m)
}

func (w *catalogue) foundNothing(c rag.Coverage, f rag.Filter) Message {
	m := Text(w.NothingFound)
	if !f.IsZero() {
		m.Blocks = append(m.Blocks, Paragraph(fmt.Sprintf(w.FilterInTheWay, w.filterName(f))))
		m.Buttons = w.clearRow(f)
	}
	m.Blocks = append(m.Blocks, w.coverage(c))
	return m
}

// pressedFound turns a page of passages found, or orders them otherwise.
func (b *Bot) pressedFound(ctx context.Context, x *exchange, p press) Reply {
	a, ok := b.kept(ctx, x, p.id)
	if !ok {
		return x.stale()
	}
	c, release := b.opt.Library.Acquire()
	defer release()
	found := b.citations(ctx, x, c, a.Sources)
	if (p.n-1)*foundPerPage >= len(found) {
		return x.stale()
	}
	query := c.Printed.Understander.Understand(rag.Question{Text: a.Question})
	return x.instead(x.words.found(&a, query, found, p))
}

// found is a page of passages found, with the filter that they were found under.
func (w *catalogue) found(a *Answer, q rag.Query, found []rag.Citation, p press) Message {
	if p.flag == byDate {
		slices.SortStableFunc(found, func(x, y rag.Citation) int {
			return cmp.Or(y.Part().Date.Compare(x.Part().Date), cmp.Compare(x.N, y.N))
		})
	}
	pages := (len(found) + foundPerPage - 1) / foundPerPage
	head := Piece{bold(fmt.Sprintf(w.Found, a.Question, len(found), p.n, pages))}
	if !a.Filter.IsZero() {
		head = append(head, plain("\n"+fmt.Sprintf(w.FilterNow, w.filterName(a.Filter))))
	}
	m := Message{Blocks: []Block{{Pieces: []Piece{head}}}}
	from := (p.n - 1) * foundPerPage
	to := min(from+foundPerPage, len(found))
	var row []Button
	for _, c := range found[from:to] {
		place := fmt.Sprint(c.N) // its own in every order, as the button shows it
		text := c.Passage.Text
		m.Blocks = append(m.Blocks, paragraph(
			bold(place+". "+w.title(c.Article)), plain("\n"+w.described(c)+"\n"+excerpt(text, around(text, q, excerptChars)))))
		row = append(row, button(place, press{verb: pressSource, id: a.ID, n: c.N}))
	}
	m.Buttons = append([][]Button{row, w.foundPager(a.ID, p, pages)}, w.clearRow(a.Filter)...)
	return m
}

// clearRow is a button that clears the standing filter, for what was found under one.
func (w *catalogue) clearRow(f rag.Filter) [][]Button {
	if f.IsZero() {
		return nil
	}
	return [][]Button{{button(w.ClearFilter, press{verb: pressClear})}}
}

// foundPager turns the pages, and changes the order.
func (w *catalogue) foundPager(id string, p press, pages int) []Button {
	at := func(page int, order string) press {
		return press{verb: pressFound, id: id, n: page, flag: order}
	}
	var row []Button
	if p.n > 1 {
		row = append(row, button(w.Previous, at(p.n-1, p.flag)))
	}
	if p.flag == byScore {
		row = append(row, button(w.SortByDate, at(1, byDate)))
	} else {
		row = append(row, button(w.SortByScore, at(1, byScore)))
	}
	if p.n < pages {
		row = append(row, button(w.Next, at(p.n+1, p.flag)))
	}
	return row
}
