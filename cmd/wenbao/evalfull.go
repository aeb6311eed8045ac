package main

import (
	"context"
	"io"

	"wenbao/corpus/ingest"
	"wenbao/corpus/library"
	"wenbao/rag"
	"wenbao/rag/embed"
	"wenbao/rag/eval"
	"wenbao/rag/eval/baseline"
	"wenbao/rag/index"
)

// full compares all systems: on the published sets named, and on questions of our
// own over --corpus.
func (c *evalCommand) full(ctx context.Context, a *app, names []string) error {
	contests, err := c.contests(a, names)
	if err != nil {
		return err
	}
	tables, err := c.others()
	if err != nil {
		return err
	}
	var rows []eval.Compared
	for _, in := range contests {
		more, err := a.contest(ctx, in)
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	table := eval.MergeCompared(append([]eval.Table{eval.ComparedTable(rows)}, tables...)...)
	return a.report(table, func(w io.Writer) error { return eval.WriteScores(w, table) })
}

// contest is a collection and the sets of questions about it, all published or all
// of our own.
type contest struct {
	corpus []string
	sets   []eval.Set
}

// contests reads the questions.
func (c *evalCommand) contests(a *app, names []string) ([]contest, error) {
	own := len(c.questions) > 0
	if len(names) == 0 && !own || len(names) > 0 && c.bench == "" || own && len(a.global.corpus) == 0 {
		return nil, usage(a.m.EvalNoSets)
	}
	var out []contest
	for _, name := range names {
		set, err := eval.OpenPublished(c.bench, name)
		if err != nil {
			return nil, err
		}
		out = append(out, contest{set.Corpus, []eval.Set{set}})
	}
	if !own {
		return out, nil
	}
	pages := contest{corpus: a.global.corpus}
	for _, path := range c.questions {
		set, err := eval.OpenOwn(path, pages.corpus)
		if err != nil {
			return nil, err
		}
		pages.sets = append(pages.sets, set)
	}
	return append(out, pages), nil
}

// others are the tables of --rows.
func (c *evalCommand) others() ([]eval.Table, error) {
	var out []eval.Table
	for _, path := range c.rows {
		t, err := eval.ReadCompared(path)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// family are the systems that search one index.
type family struct {
	embedder index.Embedder
	suffix   string // of their names
	systems  []index.System
	answers  bool // they are asked for answers too, but for index.Dense
}

// families are those that every collection is asked by; an embedder that is
// configured makes one of its own.
func (a *app) families(ctx context.Context) ([]family, error) {
	byVectors := []index.System{index.Dense, index.Hybrid}
	out := []family{
		{embed.New(), "", []index.System{index.Lexical, index.Dense, index.Hybrid}, true},
		{baseline.Hashing{}, "+hashing", byVectors, false},
	}
	external, err := a.embedder()
	if err != nil || external == nil {
		return out, err
	}
	if err := a.probe(ctx, external); err != nil {
		return nil, err
	}
	return append(out, family{external, "+" + external.Name(), byVectors, true}), nil
}

// contest asks all systems, and indexes the collection once for each family.
func (a *app) contest(ctx context.Context, in contest) ([]eval.Compared, error) {
	p, err := a.places()
	if err != nil {
		return nil, err
	}
	records, read, err := ingest.Read(ctx, in.corpus, a.ingestOptions(p))
	if err != nil {
		return nil, err
	}
	_ = a.problems(read) // told; the rest is searched
	if len(records) == 0 {
		return nil, fail(a.m.NothingRead)
	}
	rows, err := a.compare(ctx, in, in.bigrams(records))
	if err != nil {
		return nil, err
	}
	families, err := a.families(ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range families {
		contenders, err := a.contenders(ctx, records, f)
		if err != nil {
			return nil, err
		}
		more, err := a.compare(ctx, in, contenders...)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

// bigrams find what is judged: whole documents, or passages.
func (in contest) bigrams(records []library.Record) eval.Contender {
	c := eval.Contender{Name: "bigram"}
	if len(in.sets[0].Judged) == 0 {
		c.Search = baseline.Passages(records)
		return c
	}
	c.Search, c.Sentences = baseline.Documents(records), baseline.Sentences(records)
	return c
}

// contenders are the systems of a family over a collection.
func (a *app) contenders(ctx context.Context, records []library.Record, f family) ([]eval.Contender, error) {
	memory := index.NewMemory(records)
	ix, err := index.Build(ctx, memory, index.Options{Embedder: f.embedder, Analyzer: a.analyzer})
	if err != nil {
		return nil, err
	}
	var out []eval.Contender
	for _, system := range f.systems {
		engine, err := a.engine(&indexed{store: &store{Records: memory}, index: ix}, false)
		if err != nil {
			return nil, err
		}
		searching := searcher{index: ix, options: index.SearchOptions{System: system}}
		engine.Searcher = searching
		c := eval.Contender{Name: string(system) + f.suffix, Search: func(ctx context.Context, q rag.Question, k int) ([]rag.Hit, error) {
			return searching.Search(ctx, engine.Understander.Understand(q), k)
		}}
		if f.answers && system != index.Dense {
			if c.Answers, err = a.holdout(engine, ix); err != nil {
				return nil, err
			}
		}
		out = append(out, c)
	}
	return out, nil
}

// toldOf is how many questions are asked before the next line of progress.
const toldOf = 1000

// compare asks contenders the sets of a collection. Sentences and answers are asked
// for where a published collection is searched by itself.
func (a *app) compare(ctx context.Context, in contest, contenders ...eval.Contender) ([]eval.Compared, error) {
	var rows []eval.Compared
	for _, c := range contenders {
		if len(in.corpus) > 1 {
			c.Answers, c.Sentences = nil, nil
		}
		for _, set := range in.sets {
			more, err := eval.Compare(ctx, set, c, eval.CompareOptions{Now: a.Now, Progress: func(done, total int) {
				if done%toldOf == 0 || done == total {
					a.note(a.m.EvalProgress, set.Name, c.Name, done, total)
				}
			}})
			if err != nil {
				return nil, err
			}
			rows = append(rows, more...)
		}
	}
	return rows, nil
}
