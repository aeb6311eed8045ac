package main

import (
	"context"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"wenbao/rag"
)

type chatCommand struct{ showQuery bool }

func (c *chatCommand) flags(a *app, fs *pflag.FlagSet) {
	fs.BoolVar(&c.showQuery, "show-query", false, a.m.FlagShowQuery)
	a.global.models(a, fs)
	a.global.library(a, fs)
	a.global.source(a, fs)
	a.global.files(a, fs)
}

func (c *chatCommand) run(ctx context.Context, a *app, args []string) (err error) {
	if args = a.moreCorpus(args, 0); len(args) > 0 {
		return usagef(a.m.TooManyArgs, args[0])
	}
	if err := a.stdinTaken(); err != nil {
		return err
	}
	col, err := a.openAnswering(ctx, false)
	if err != nil {
		return err
	}
	defer closing(col, &err)
	talk := conversation{app: a, engine: col.engine, showQuery: c.showQuery}
	if !isTerminal(a.Stdin) || !isTerminal(a.Stdout) {
		return talk.run(ctx, textLines(ctx, a.Stdin))
	}
	if err := a.print(a.m.ChatWelcome + "\n"); err != nil {
		return err
	}
	prompt := newPrompt(a)
	defer prompt.close()
	return talk.run(ctx, prompt.lines(ctx))
}

// historyTurns is how many turns a follow-up may look back on. What is missing
// from a question stands in one of the last few.
const historyTurns = 10

// conversation is one chat, from its start or its last /reset on.
type conversation struct {
	*app
	engine    *rag.Engine
	showQuery bool
	turns     []rag.Turn
	last      []rag.Citation // of the last answer
}

func (c *conversation) run(ctx context.Context, input iter.Seq2[string, error]) error {
	for line, err := range input {
		if err != nil {
			return err
		}
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			continue
		case line == "/quit":
			return nil
		case strings.HasPrefix(line, "/"):
			err = c.command(line)
		default:
			err = c.ask(ctx, line)
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (c *conversation) command(line string) error {
	switch line {
	case "/help":
		return c.print(c.m.ChatHelp + "\n")
	case "/reset":
		c.turns, c.last = nil, nil
		return c.print(c.m.ChatReset + "\n")
	case "/sources":
		if len(c.last) == 0 {
			return c.print(c.m.ChatNoSources + "\n")
		}
		var b strings.Builder
		c.m.sources(&b, c.last)
		return c.print(b.String())
	}
	return c.print(c.m.ChatUnknown + "\n")
}

// ask answers one question. That it cannot be answered does not end the chat.
func (c *conversation) ask(ctx context.Context, text string) error {
	a, told, err := c.stream(ctx, c.engine, rag.Question{Text: text, History: c.turns})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		c.note("%s", c.m.reason(err))
		return nil
	}
	c.last = a.Citations
	c.turns = append(c.turns, rag.Turn{Question: text, Answer: a.Text, Articles: cited(a.Citations), Alone: a.Query.Alone})
	c.turns = c.turns[max(0, len(c.turns)-historyTurns):]
	var b strings.Builder
	c.m.answerText(&b, a, framed{told: told, query: c.showQuery})
	c.m.shortSources(&b, a.Citations)
	if a.Coverage != nil {
		c.m.coverage(&b, *a.Coverage)
	}
	return c.print(b.String() + "\n")
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

// textLines are the lines of something that is no terminal.
func textLines(ctx context.Context, r io.Reader) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for b, err := range lines(ctx, r) {
			if !yield(string(b), err) {
				return
			}
		}
	}
}
