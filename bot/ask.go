package bot

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"wenbao/corpus"
	"wenbao/rag"
)

// historyTurns is how many turns a follow-up may look back on. What is missing
// from a question stands in one of the last few.
const historyTurns = 10

// inquiry is a question as it is to be asked.
type inquiry struct {
	text    string
	history []rag.Turn
	filter  rag.Filter
	// echo shows the question above the answer: the user did not type it.
	echo bool
}

// filter is the standing filter.
func (s *Session) filter() rag.Filter { return rag.Filter{Places: s.Places, Years: s.Years} }

// question answers an event that asks. The context may be interrupted.
func (b *Bot) question(ctx context.Context, x *exchange) Reply {
	steady, stop := steadied(ctx)
	defer stop()
	if x.event.Kind == EventText {
		return b.ask(ctx, x, inquiry{text: x.event.Text, history: b.earlier(steady, x), filter: x.session.filter()})
	}
	p, _ := parsePress(x.event.Data) // asks has parsed it
	a, ok := b.kept(steady, x, p.id)
	switch {
	case !ok, p.verb == pressRelated && p.n > len(a.Related):
		return x.stale()
	case p.verb == pressRelated: // it was found to have an answer by itself, under that filter
		return b.ask(ctx, x, inquiry{text: a.Related[p.n-1], filter: a.Filter, echo: true})
	}
	return b.ask(ctx, x, inquiry{text: a.Question, history: b.history(x, a.ID), echo: true})
}

// ask answers a question and keeps the answer for its buttons. What it costs to
// find printed words is not worth stopping for, so only a model is interrupted.
// The answer is then what it had told, without sources, which are known at the
// end only; having told nothing, it is a line that says so.
func (b *Bot) ask(ctx context.Context, x *exchange, q inquiry) Reply {
	if b.tooLong(q.text) {
		return b.refuseLong(x)
	}
	steady, stop := steadied(ctx)
	defer stop()
	c, release := b.opt.Library.Acquire()
	defer release()
	question := rag.Question{Text: q.text, History: q.history, Filter: q.filter}
	engine, remark := b.engine(steady, x, c, question)

	var a rag.Answer
	var told strings.Builder
	var err error
	if engine == c.Printed {
		a, err = engine.Ask(steady, question)
	} else {
		a, err = engine.AskStream(ctx, question, func(piece string) error {
			told.WriteString(piece)
			x.show(Message{Blocks: append(x.asked(q), textBlocks(told.String())...)})
			return nil
		})
	}
	switch {
	case err == nil:
		return b.answered(steady, x, q, a, remark)
	case errors.Is(context.Cause(ctx), ErrInterrupted):
		return b.stopped(steady, x, q, told.String())
	}
	b.check(x.event, "answer", err)
	return Say(fmt.Sprintf(x.words.Trouble, x.event.ID)) // a message: a toast may come too late
}

// engine chooses what answers: the model, while some of the user's allowance for
// the day is left. The remark tells when it is not.
func (b *Bot) engine(ctx context.Context, x *exchange, c *Collection, q rag.Question) (*rag.Engine, string) {
	limit := b.opt.Limits.ModelPerDay
	if limit <= 0 || x.admin || c.Engine == c.Printed {
		return c.Engine, ""
	}
	if c.Engine.Understander.Understand(q).Asks == rag.AsksChat { // no model is asked
		return c.Printed, ""
	}
	left, day := true, b.opt.Now().Format(time.DateOnly)
	spent := b.write(x, "spend allowance", func() (err error) {
		left, err = b.opt.Store.Spend(ctx, x.event.User.ID, x.event.ID, day, limit)
		return err
	})
	if !spent || left {
		return c.Engine, ""
	}
	b.opt.Meter.Refused(refusedQuota)
	return c.Printed, fmt.Sprintf(x.words.QuotaSpent, limit)
}

// earlier are the turns that a written question is asked after: those of its own
// conversation, and for a reply to an answer those up to that one. Of somebody
// else's conversation that one is the only turn. It counts as it was searched, which
// needs no turn before it to be understood.
func (b *Bot) earlier(ctx context.Context, x *exchange) []rag.Turn {
	p, _ := parsePress(x.event.Replied)
	if p.id == "" {
		return b.history(x, "")
	}
	a, ok := b.kept(ctx, x, p.id)
	if !ok || a.Query == "" { // such as the examples of /start
		return b.history(x, "")
	}
	var before []rag.Turn
	if slices.ContainsFunc(x.session.Turns, func(t Turn) bool { return t.Answer == a.ID }) {
		before = b.history(x, a.ID)
	}
	t := rag.Turn{Question: a.Query, Answer: a.Text, Alone: true}
	for _, s := range a.Sources {
		if !slices.Contains(t.Articles, s.Article) {
			t.Articles = append(t.Articles, s.Article)
		}
	}
	return append(before, t)
}

// history are the turns that are not too old, before the one with an answer where
// that is given. An event handled again has left its own turn behind.
func (b *Bot) history(x *exchange, before string) []rag.Turn {
	since := b.opt.Now().Add(-b.opt.Expiry.History)
	var out []rag.Turn
	for _, t := range x.session.Turns {
		if before != "" && t.Answer == before {
			break
		}
		if t.Event != x.event.ID && !t.At.Before(since) {
			out = append(out, t.Turn)
		}
	}
	return out
}

// answered keeps an answer and makes the reply of it.
func (b *Bot) answered(ctx context.Context, x *exchange, q inquiry, a rag.Answer, remark string) Reply {
	b.opt.Meter.Answered(a)
	kept := Answer{
		ID: answerID(x.event), Key: x.event.Key(),
		Question: q.text, Query: a.Query.Text, Outcome: a.Outcome, Mode: a.Mode, Text: a.Text,
		Filter: q.filter, Sources: sourcesOf(a.Citations), At: b.opt.Now(),
	}
	m := Message{Blocks: append(x.asked(q), x.words.answer(a, q.filter, remark)...)}
	if b.keep(ctx, x, kept) {
		m.Buttons = x.words.firstKeyboard(&kept, a)
	}
	if a.Query.Asks != rag.AsksChat { // small talk says nothing that a follow-up could need
		b.remember(ctx, x, kept.ID, rag.Turn{
			Question: q.text, Answer: a.Text, Articles: cited(a.Citations), Alone: a.Query.Alone,
		})
	}
	return messages(m)
}

// stopped is the reply to a question whose answer was interrupted.
func (b *Bot) stopped(ctx context.Context, x *exchange, q inquiry, told string) Reply {
	told = strings.TrimSpace(marker.ReplaceAllString(told, ""))
	b.remember(ctx, x, "", rag.Turn{Question: q.text, Answer: told})
	blocks := x.asked(q)
	if told == "" {
		return messages(Message{Blocks: append(blocks, Paragraph(x.words.Stopped))})
	}
	blocks = append(blocks, textBlocks(told)...)
	return messages(Message{Blocks: append(blocks, paragraph(italic(x.words.StoppedHalfway)))})
}

// marker is a citation's number in a text.
var marker = regexp.MustCompile(` ?\[\d+\]`)

// remember adds a turn to the conversation, in place of the one that the same
// event has left when it was handled before.
func (b *Bot) remember(ctx context.Context, x *exchange, answer string, t rag.Turn) {
	e, now := x.event, b.opt.Now()
	b.updateSession(ctx, x, "keep turn", func(s *Session) {
		s.Turns = slices.DeleteFunc(s.Turns, func(old Turn) bool { return old.Event == e.ID })
		s.Turns = append(s.Turns, Turn{Event: e.ID, Answer: answer, Turn: t, At: now})
		s.Turns = s.Turns[max(0, len(s.Turns)-historyTurns):]
		s.Used = now
	})
}

// cited are the IDs of the articles cited, each once, in order.
func cited(citations []rag.Citation) []string {
	var ids []string
	for _, c := range citations {
		if !slices.Contains(ids, c.Article.ID) {
			ids = append(ids, c.Article.ID)
		}
	}
	return ids
}

// kept gives the answer that a button belongs to, if it is still kept and was
// given in this chat.
func (b *Bot) kept(ctx context.Context, x *exchange, id string) (Answer, bool) {
	a, err := b.opt.Store.Answer(ctx, id)
	if errors.Is(err, ErrNotKept) || !b.check(x.event, "read answer", err) {
		return Answer{}, false
	}
	return a, a.Key.Chat == x.event.Chat.ID
}

// yearsName is 2025年 or 2021—2025年, "" for no years.
func (w *catalogue) yearsName(y corpus.Years) string {
	switch {
	case y.IsZero():
		return ""
	case y.From == y.To:
		return fmt.Sprintf(w.Year, y.From)
	}
	return fmt.Sprintf(w.FromYearToYear, y.From, y.To)
}
