package main

import (
	"context"
	"io"

	"github.com/spf13/pflag"

	"wenbao/rag"
	"wenbao/rag/eval"
	"wenbao/rag/extract/rank"
	"wenbao/rag/index"
)

// What "eval" measures.
const (
	evalRetrieval = "retrieval"
	evalAnswers   = "answers"
	evalFull      = "full"
)

type evalCommand struct {
	system    string
	queries   string
	questions []string
	holdout   bool
	bench     string   // folder of the sets that full asks
	rows      []string // files with other systems' rows for full
}

func (c *evalCommand) flags(a *app, fs *pflag.FlagSet) {
	fs.StringVar(&c.system, "system", string(index.Hybrid), a.m.FlagSystem)
	fs.StringVar(&c.queries, "queries", "", a.m.FlagQueries)
	fs.StringArrayVar(&c.questions, "questions", nil, a.m.FlagQuestions)
	fs.BoolVar(&c.holdout, "holdout", false, a.m.FlagHoldout)
	fs.StringVar(&c.bench, "bench", "", a.m.FlagBench)
	fs.StringArrayVar(&c.rows, "rows", nil, a.m.FlagRows)
	a.global.questions(a, fs)
}

func (c *evalCommand) run(ctx context.Context, a *app, args []string) error {
	switch system := index.System(c.system); system {
	case index.Lexical, index.Dense, index.Hybrid:
	default:
		return usagef(a.m.BadSystem, c.system)
	}
	if len(args) == 0 {
		return usage(a.m.NoEvalKind)
	}
	what := args[0]
	if what == evalFull {
		return c.full(ctx, a, args[1:])
	}
	if args = a.moreCorpus(args[1:], 0); len(args) > 0 {
		return usagef(a.m.TooManyArgs, args[0])
	}
	switch {
	case what == evalRetrieval && c.queries != "":
		return c.documents(ctx, a)
	case what == evalRetrieval && len(c.questions) > 0:
		return c.snippets(ctx, a)
	case what == evalRetrieval:
		return usagef(a.m.EvalNeeds, what, "--queries")
	case what == evalAnswers && len(c.questions) > 0:
		return c.answers(ctx, a)
	case what == evalAnswers && c.queries != "":
		return c.judged(ctx, a)
	case what == evalAnswers && c.holdout:
		return usagef(a.m.EvalNeeds, "answers --holdout", "--queries")
	case what == evalAnswers:
		return usagef(a.m.EvalNeeds, what, "--questions")
	}
	return usage(a.m.NoEvalKind)
}

// documents measures at what rank the documents come that answer queries.
func (c *evalCommand) documents(ctx context.Context, a *app) error {
	if len(a.global.corpus) == 0 {
		return usagef(a.m.EvalNeeds, evalRetrieval, "--corpus")
	}
	p, err := a.places()
	if err != nil {
		return err
	}
	analyzer, err := a.analyzer()
	if err != nil {
		return err
	}
	opt, err := a.indexOptions(ctx)
	if err != nil {
		return err
	}
	report, err := eval.Retrieval(ctx, eval.RetrievalOptions{
		Corpus:  a.global.corpus,
		Queries: c.queries,
		System:  index.System(c.system),
		Ingest:  a.ingestOptions(p),
		Index:   opt,
		Now:     a.Now,
		Understander: func(ix *index.Index) rag.Understander {
			return understander(ix, p, analyzer.Words, nil)
		},
	})
	if err != nil {
		return err
	}
	return a.report(report, report.WriteText)
}

// snippetsJSON is how high passages come that show what answers questions.
type snippetsJSON struct {
	System string     `json:"system"`
	Rows   []eval.Row `json:"rows"`
}

// snippets measures at what rank the passages come that questions of our own
// format name.
func (c *evalCommand) snippets(ctx context.Context, a *app) (err error) {
	questions, err := c.expected()
	if err != nil {
		return err
	}
	col, err := a.open(ctx, false)
	if err != nil {
		return err
	}
	defer closing(col, &err)
	engine := *col.engine
	engine.Searcher = searcher{index: col.index, options: index.SearchOptions{System: index.System(c.system)}}
	rows, err := eval.Snippets(ctx, func(ctx context.Context, q rag.Question, k int) ([]rag.Hit, error) {
		q.K = k
		_, hits, err := engine.Search(ctx, q)
		return hits, err
	}, questions)
	if err != nil {
		return err
	}
	return a.report(snippetsJSON{System: c.system, Rows: rows}, eval.RowTable(c.system, rows).WriteText)
}

// expected are the questions of all files of our own format.
func (c *evalCommand) expected() ([]eval.Expected, error) {
	var all []eval.Expected
	for _, path := range c.questions {
		more, err := eval.ReadFile(path, eval.ReadExpected)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

// answers marks what is answered to questions of our own format.
func (c *evalCommand) answers(ctx context.Context, a *app) (err error) {
	questions, err := c.expected()
	if err != nil {
		return err
	}
	col, err := a.openAnswering(ctx, false)
	if err != nil {
		return err
	}
	defer closing(col, &err)
	report, err := eval.Answers(ctx, col.engine, questions)
	if err != nil {
		return err
	}
	return a.report(report, func(w io.Writer) error { return report.WriteText(w, col.system) })
}

// judged compares answers with the known ones of published questions; with
// --holdout it measures refusals when the documents that answer are taken out.
func (c *evalCommand) judged(ctx context.Context, a *app) (err error) {
	questions, err := eval.ReadFile(c.queries, eval.ReadJudged)
	if err != nil {
		return err
	}
	col, err := a.open(ctx, false)
	if err != nil {
		return err
	}
	defer closing(col, &err)
	opt, err := a.holdout(col.engine, col.index)
	if err != nil {
		return err
	}
	if c.holdout {
		report, err := eval.Holdout(ctx, questions, *opt)
		if err != nil {
			return err
		}
		return a.report(report, report.WriteText)
	}
	report, err := eval.Spans(ctx, questions, *opt)
	if err != nil {
		return err
	}
	return a.report(report, report.WriteText)
}

// holdout asks an engine over an index for best sentences and refusals.
func (a *app) holdout(e *rag.Engine, ix *index.Index) (*eval.HoldoutOptions, error) {
	analyzer, err := a.analyzer()
	if err != nil {
		return nil, err
	}
	return &eval.HoldoutOptions{Engine: e, Ranker: &rank.Ranker{Words: analyzer.Words, DF: ix.DF}}, nil
}

// report writes a result as JSON or as text.
func (a *app) report(result any, text func(io.Writer) error) error {
	if a.global.json {
		return writeJSON(a.Stdout, result)
	}
	return text(a.Stdout)
}
