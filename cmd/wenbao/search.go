package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"wenbao/rag"
)

// Orders of "search".
const (
	sortScore = "score"
	sortDate  = "date"
)

type searchCommand struct {
	filter filterFlags
	sort   string
}

func (c *searchCommand) flags(a *app, fs *pflag.FlagSet) {
	c.filter.declare(a.m, fs)
	fs.StringVar(&c.sort, "sort", sortScore, a.m.FlagSort)
	a.global.embedding(a, fs)
	a.global.collection(a, fs)
}

func (c *searchCommand) run(ctx context.Context, a *app, args []string) (err error) {
	args = a.moreCorpus(args, 1)
	text := question(args)
	if text == "" {
		return usage(a.m.NoQuery)
	}
	if c.sort != sortScore && c.sort != sortDate {
		return usagef(a.m.BadSort, c.sort)
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
	col, err := a.open(ctx, c.filter.explain)
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
		return c.search(ctx, a, col.engine, l.ID, q)
	})
}

// search gives the JSON of one search.
func (c *searchCommand) search(ctx context.Context, a *app, engine *rag.Engine, id any, q rag.Question) (searchJSON, error) {
	start := a.Now()
	query, hits, err := engine.Search(ctx, q)
	if err != nil {
		return searchJSON{}, err
	}
	return searchJSON{
		ID: id, Question: q.Text, Query: newQueryJSON(query),
		Hits: newHitsJSON(c.sorted(hits)), Elapsed: toMilliseconds(a.Now().Sub(start)),
	}, nil
}

func (c *searchCommand) one(ctx context.Context, a *app, engine *rag.Engine, q rag.Question) error {
	if a.global.json {
		out, err := c.search(ctx, a, engine, "", q)
		if err != nil {
			return err
		}
		return writeJSON(a.Stdout, out)
	}
	query, hits, err := engine.Search(ctx, q)
	if err != nil {
		return err
	}
	var b strings.Builder
	if c.filter.explain {
		b.WriteString(a.m.queryLine(query) + "\n\n")
	}
	for i, h := range c.sorted(hits) {
		if i > 0 {
			b.WriteByte('\n')
		}
		a.m.hit(&b, h)
	}
	if len(hits) == 0 {
		b.WriteString(a.m.NothingFound + "\n")
	}
	return a.print(b.String())
}

// sorted gives the hits in the order that was asked for, the newest first by
// date. Rank stays what it is by score.
func (c *searchCommand) sorted(hits []rag.Hit) []rag.Hit {
	if c.sort == sortScore {
		return hits
	}
	hits = slices.Clone(hits)
	slices.SortStableFunc(hits, func(x, y rag.Hit) int {
		return cmp.Or(
			partOf(y.Article, y.Passage).Date.Compare(partOf(x.Article, x.Passage).Date),
			x.Rank-y.Rank,
		)
	})
	return hits
}
