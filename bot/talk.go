package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"weak"

	"wenbao/corpus/zh"
	"wenbao/rag"
)

// payloadInline is what /start is given when it was pressed above inline results.
const payloadInline = "inline"

// startCommand tells what can be asked, with questions that have an answer.
func (b *Bot) startCommand(ctx context.Context, x *exchange) Reply {
	switch {
	case !x.event.Chat.Private:
		return Say(b.greeting(x))
	case x.event.Text == payloadInline:
		return Say(fmt.Sprintf(x.words.InlineHelp, b.mention(x)))
	}
	c, release := b.opt.Library.Acquire()
	defer release()
	coverage := c.Printed.Coverage()
	m := Message{Blocks: append(textBlocks(x.words.Welcome), x.words.coverage(coverage))}
	kept := Answer{ID: answerID(x.event), Key: x.event.Key(), Outcome: rag.NoEvidence, At: b.opt.Now()}
	kept.Related = b.examplesOf(ctx, x, c, &kept)
	if len(kept.Related) > 0 && b.keep(ctx, x, kept) {
		m.Blocks = append(m.Blocks, Paragraph(x.words.ForInstance))
		m.Buttons = relatedButtons(&kept)
	}
	return messages(m)
}

// examples are questions for who begins, the same for all of one collection.
type examples struct {
	mu sync.Mutex
	// of is the collection that they were found in. It does not keep that open.
	of        weak.Pointer[Collection]
	questions []string
}

// examplesOf finds the examples of a collection once.
func (b *Bot) examplesOf(ctx context.Context, x *exchange, c *Collection, a *Answer) []string {
	known := &b.examples
	known.mu.Lock()
	defer known.mu.Unlock()
	if known.of == weak.Make(c) {
		return slices.Clone(known.questions)
	}
	found := b.suggestions(ctx, x, c, a, nil)
	if ctx.Err() == nil {
		known.of, known.questions = weak.Make(c), found
	}
	return slices.Clone(found)
}

// greeting tells a group how to ask.
func (b *Bot) greeting(x *exchange) string { return fmt.Sprintf(x.words.Greeting, b.mention(x)) }

// mention is the bot's name as it is written in a chat.
func (b *Bot) mention(x *exchange) string {
	if name := b.opt.Username(); name != "" {
		return "@" + name
	}
	return x.words.MentionMe
}

// askCommand is /ask without a question.
func (b *Bot) askCommand(_ context.Context, x *exchange) Reply {
	if x.event.Chat.Private {
		return Say(x.words.AskUsage)
	}
	return Say(b.greeting(x))
}

func (b *Bot) helpCommand(_ context.Context, x *exchange) Reply {
	scope := ScopeGroup
	switch {
	case x.event.Chat.Private && x.admin:
		scope = ScopeAdmin
	case x.event.Chat.Private:
		scope = ScopePrivate
	}
	var lines []string
	for _, c := range Commands(x.words.Lang, scope) {
		lines = append(lines, "/"+c.Name+"  "+c.Description)
	}
	m := Message{Blocks: append(textBlocks(fmt.Sprintf(x.words.Help, b.mention(x))), Paragraph(strings.Join(lines, "\n")))}
	return messages(m)
}

// stopCommand has nothing to do: the event itself has stopped what was running of
// its conversation, if there was something.
func (b *Bot) stopCommand(_ context.Context, x *exchange) Reply {
	turns := x.session.Turns
	if n := len(turns); n > 0 && turns[n-1].stopped() && !turns[n-1].At.Before(x.event.Time.Add(-stopSlack)) {
		return Say(x.words.StopDone)
	}
	return Say(x.words.StopNothing)
}

// stopSlack is how much earlier than it was sent /stop may seem to have stopped an
// answer: two computers tell the time.
const stopSlack = time.Minute

// resetCommand forgets what was talked of, but not what was set.
func (b *Bot) resetCommand(ctx context.Context, x *exchange) Reply {
	ok := b.updateSession(ctx, x, "reset session", func(s *Session) { s.Turns, s.Used = nil, b.opt.Now() })
	if !ok {
		return x.trouble()
	}
	line := x.words.ResetDone
	if f := x.session.filter(); !f.IsZero() {
		line += "\n" + fmt.Sprintf(x.words.FilterNow, x.words.filterName(f))
	}
	return Say(line)
}

// langCommand sets the language of the bot's own words.
func (b *Bot) langCommand(ctx context.Context, x *exchange) Reply {
	var lang string
	switch strings.ToLower(zh.Simplified(x.event.Text)) {
	case "zh", "中文", "汉语":
		lang = langZH
	case "en", "english", "英文", "英语":
		lang = langEN
	case "auto", "自动":
	default:
		return Say(x.words.LangUsage)
	}
	ok := b.updateSession(ctx, x, "keep language", func(s *Session) { s.Lang, s.Used = lang, b.opt.Now() })
	if !ok {
		return x.trouble()
	}
	return Say(wordsIn(languageOf(lang, x.event.User.Lang)).LangSet)
}

// privacyCommand tells what is kept of a user, for how long, and who else reads it.
func (b *Bot) privacyCommand(_ context.Context, x *exchange) Reply {
	c, release := b.opt.Library.Acquire()
	defer release()
	text := fmt.Sprintf(x.words.Privacy, historyTurns, days(b.opt.Expiry.Sessions), days(b.opt.Expiry.Answers), x.event.User.ID)
	model := x.words.PrivacyNoModel
	if c.Model != "" {
		model = fmt.Sprintf(x.words.PrivacyModel, c.Model)
	}
	return messages(Message{Blocks: append(textBlocks(text), Paragraph(model), Paragraph(x.words.PrivacyForget))})
}

// days rounds up to whole days.
func days(d time.Duration) int { return int((d + 24*time.Hour - 1) / (24 * time.Hour)) }

// relatedButtons are an answer's suggested questions, one in a row.
func relatedButtons(a *Answer) [][]Button {
	var rows [][]Button
	for i, q := range a.Related {
		rows = append(rows, []Button{button(q, press{verb: pressRelated, id: a.ID, n: i + 1})})
	}
	return rows
}

// pressedSuggest finds questions to ask next, keeps them with the answer, and
// offers them.
func (b *Bot) pressedSuggest(ctx context.Context, x *exchange, p press) Reply {
	a, ok := b.kept(ctx, x, p.id)
	if !ok {
		return x.stale()
	}
	if len(a.Related) == 0 {
		c, release := b.opt.Library.Acquire()
		defer release()
		a.Related = b.suggestions(ctx, x, c, &a, x.session.Turns)
		if len(a.Related) == 0 {
			return Reply{Toast: x.words.NoneRelated}
		}
		if reply, failed := b.keepRelated(ctx, x, &a); failed {
			return reply
		}
	}
	m := Text(x.words.MoreToAsk)
	m.Buttons = relatedButtons(&a)
	return messages(m)
}

// keepRelated keeps the questions suggested after an answer, which may have been
// forgotten meanwhile.
func (b *Bot) keepRelated(ctx context.Context, x *exchange, a *Answer) (Reply, bool) {
	err := b.opt.Store.UpdateAnswer(ctx, a.ID, func(kept *Answer) { kept.Related = a.Related })
	switch {
	case errors.Is(err, ErrNotKept):
		return x.stale(), true
	case !b.check(x.event, "keep suggestions", err):
		return x.trouble(), true
	}
	return Reply{}, false
}
