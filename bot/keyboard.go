package bot

import (
	"context"
	"errors"
	"fmt"

	"wenbao/rag"
)

// sourcesPerPage is how many sources have buttons at a time: with the two that
// turn pages they fit in one row of a telephone.
const sourcesPerPage = 5

// firstKeyboard are the buttons under a new answer.
func (w *catalogue) firstKeyboard(kept *Answer, a rag.Answer) [][]Button {
	if a.Query.Asks == rag.AsksChat {
		return [][]Button{{button(w.Suggest, press{verb: pressSuggest, id: kept.ID})}}
	}
	k := keyboard{answer: kept, page: 1, mark: markNone}
	if len(a.Citations) > 0 {
		k.footnote = footnote(a.Citations[0])
	}
	return w.keyboard(k)
}

// keyboard is what stands under an answer.
type keyboard struct {
	answer   *Answer
	page     int // of the sources, from 1
	mark     string
	footnote string // of the first source, "" for none
}

func (w *catalogue) keyboard(k keyboard) [][]Button {
	var rows [][]Button
	if len(k.answer.Sources) > 0 {
		rows = append(rows, w.sourceRow(k))
	}
	if k.mark == markSources {
		return rows
	}
	tools := []Button{button(w.suggest(k.answer.Outcome), press{verb: pressSuggest, id: k.answer.ID})}
	if k.footnote != "" {
		tools = append(tools, Button{Text: w.Footnote, Copy: k.footnote})
	}
	rows = append(rows, append(tools, w.opinions(k)...))
	if !k.answer.Filter.IsZero() {
		rows = append(rows, []Button{w.unfilter(k.answer)})
	}
	return rows
}

// sourceRow has a button for each source of the page, and those to turn it.
func (w *catalogue) sourceRow(k keyboard) []Button {
	id, from := k.answer.ID, (k.page-1)*sourcesPerPage
	to := min(from+sourcesPerPage, len(k.answer.Sources))
	var row []Button
	if k.page > 1 {
		row = append(row, button(w.Previous, press{verb: pressSources, id: id, n: k.page - 1, flag: k.mark}))
	}
	for _, s := range k.answer.Sources[from:to] {
		row = append(row, button(fmt.Sprintf(w.Number, s.N), press{verb: pressSource, id: id, n: s.N}))
	}
	if to < len(k.answer.Sources) {
		row = append(row, button(w.MoreSources, press{verb: pressSources, id: id, n: k.page + 1, flag: k.mark}))
	}
	return row
}

// suggest names the button that leads to further questions.
func (w *catalogue) suggest(o rag.Outcome) string {
	if o == rag.Answered {
		return w.Related
	}
	return w.Suggest
}

// opinions are the two thumbs, with a mark at the one that was chosen.
func (w *catalogue) opinions(k keyboard) []Button {
	var out []Button
	for _, o := range []struct{ text, mark string }{{w.Good, markGood}, {w.Bad, markBad}} {
		text := o.text
		if o.mark == k.mark {
			text = w.Chosen + text
		}
		out = append(out, button(text, press{verb: pressOpinion, id: k.answer.ID, n: k.page, flag: o.mark}))
	}
	return out
}

// unfilter leads round the filter that may have kept an answer away. Where it did
// not, the button clears the standing filter of whoever presses it.
func (w *catalogue) unfilter(a *Answer) Button {
	if a.Outcome == rag.NoEvidence {
		return button(w.AskUnfiltered, press{verb: pressUnfiltered, id: a.ID})
	}
	return button(w.ClearFilter, press{verb: pressClear})
}

// pressedSources shows other source buttons under an answer.
func (b *Bot) pressedSources(ctx context.Context, x *exchange, p press) Reply {
	a, ok := b.kept(ctx, x, p.id)
	if !ok || (p.n-1)*sourcesPerPage >= len(a.Sources) {
		return x.stale()
	}
	return b.rekey(ctx, x, &a, p.n, p.flag)
}

// pressedOpinion keeps what a user thinks of an answer. The mark under an answer
// is that of the user who asked.
func (b *Bot) pressedOpinion(ctx context.Context, x *exchange, p press) Reply {
	a, ok := b.kept(ctx, x, p.id)
	if !ok || p.n > 1 && (p.n-1)*sourcesPerPage >= len(a.Sources) {
		return x.stale()
	}
	o := Opinion{Answer: a, User: x.event.User.ID, Good: p.flag == markGood, At: b.opt.Now()}
	gone := false // the answer, forgotten meanwhile
	ok = b.write(x, "keep opinion", func() error {
		err := b.opt.Store.PutOpinion(ctx, o)
		if gone = errors.Is(err, ErrNotKept); gone {
			return nil
		}
		return err
	})
	switch {
	case gone:
		return x.stale()
	case !ok:
		return x.trouble()
	}
	reply := Reply{Toast: x.words.OpinionKept}
	if a.Key.User == x.event.User.ID {
		reply.Messages = b.rekey(ctx, x, &a, p.n, p.flag).Messages
	}
	return reply
}

// rekey gives the message under which a button was pressed other buttons, and
// leaves its text alone: a Message without Blocks.
func (b *Bot) rekey(ctx context.Context, x *exchange, a *Answer, page int, mark string) Reply {
	if x.event.Message == 0 { // there is none to change
		return Reply{}
	}
	k := keyboard{answer: a, page: page, mark: mark}
	if len(a.Sources) > 0 {
		c, release := b.opt.Library.Acquire()
		defer release()
		if first, ok := b.citation(ctx, x, c, a.Sources[0]); ok {
			k.footnote = footnote(first)
		}
	}
	return x.instead(Message{Buttons: x.words.keyboard(k)})
}
