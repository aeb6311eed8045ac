package main

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/spf13/pflag"

	"wenbao/rag"
)

// fromStdin in place of a question reads questions from standard input.
const fromStdin = "-"

type askCommand struct {
	filter    filterFlags
	showQuery bool
}

func (c *askCommand) flags(a *app, fs *pflag.FlagSet) {
	c.filter.declare(a.m, fs)
	fs.BoolVar(&c.showQuery, "show-query", false, a.m.FlagShowQuery)
	a.global.questions(a, fs)
}

func (c *askCommand) run(ctx context.Context, a *app, args []string) (err error) {
	args = a.moreCorpus(args, 1)
	text := question(args)
	if text == "" {
		return usage(a.m.NoQuestion)
	}
	filter, err := c.filter.filter(a.m)
	if err != nil {
		return err
	}
	if text == fromStdin {
		if err := a.stdinTaken(); err != nil {
			return err
		}
	}
	col, err := a.openAnswering(ctx, c.filter.explain)
	if err != nil {
		return err
	}
	defer closing(col, &err)
	filter.Places = fullNames(filter.Places, col.index.Places())
	q := rag.Question{Text: text, Filter: filter, K: c.filter.k}
	if text != fromStdin {
		return c.one(ctx, a, col.engine, q)
	}
	return a.eachLine(ctx, func(ctx context.Context, l inputLine) (any, error) {
		q.Text, q.History = l.Question, l.History
		answer, err := col.engine.Ask(ctx, q)
		return newAnswerJSON(l.ID, l.Question, answer, c.filter.explain), err
	})
}

func (c *askCommand) one(ctx context.Context, a *app, engine *rag.Engine, q rag.Question) error {
	if a.global.json {
		answer, err := engine.Ask(ctx, q)
		if err != nil {
			return err
		}
		return writeJSON(a.Stdout, newAnswerJSON("", q.Text, answer, c.filter.explain))
	}
	answer, told, err := a.stream(ctx, engine, q)
	if err != nil {
		return err
	}
	var b strings.Builder
	a.m.answer(&b, answer, framed{told: told, query: c.showQuery})
	if c.filter.explain {
		b.WriteByte('\n')
		a.m.explained(&b, answer.Query, answer.Hits)
	}
	return a.print(b.String())
}

// turns are the earlier turns of a line: a list of strings, question and answer
// in turn, or of objects {"question","answer"}.
type turns []rag.Turn

func (t *turns) UnmarshalJSON(b []byte) error {
	var items []json.RawMessage
	if err := json.Unmarshal(b, &items); err != nil {
		return err
	}
	answer := false // whether the next string answers the turn before
	for _, item := range items {
		var turn struct {
			Question string
			Answer   string
		}
		if !strings.HasPrefix(string(item), `"`) {
			if err := json.Unmarshal(item, &turn); err != nil {
				return err
			}
			*t, answer = append(*t, rag.Turn{Question: turn.Question, Answer: turn.Answer}), false
			continue
		}
		var s string
		if err := json.Unmarshal(item, &s); err != nil {
			return err
		}
		if answer {
			(*t)[len(*t)-1].Answer = s
		} else {
			*t = append(*t, rag.Turn{Question: s})
		}
		answer = !answer
	}
	return nil
}
