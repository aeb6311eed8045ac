package main

import (
	"context"
	"fmt"
	"log"
	"path/filepath"
	"slices"

	"wenbao/rag/eval"
	"wenbao/rag/eval/bench"
	"wenbao/rag/index"
)

// example is a question with the passages that were read for it.
type example struct {
	kind     string
	heldOut  bool
	features []index.Features
	// document is the number of each passage's document in order of the first
	// passage, from 0; right says whether it answers.
	document []int
	right    []bool
}

// kinds are the questions to learn from, with the share that each has. Joint are
// those of cmrc2018 over cmrc2018 and crud_news in one collection. A third of
// 1doc_sub cannot be understood without its event; event2doc and trial hardly miss.
var kinds = map[string]float64{
	"crud_1doc_joined":       2,
	"crud_1doc_sub":          2,
	"crud_event2doc":         0.5,
	"extractive_dev":         1,
	"extractive_trial":       0.3,
	"joint_extractive_dev":   1,
	"joint_extractive_trial": 0.3,
	"multiturn_dev":          1,
	ownKind:                  0.7,
	"colloquial_dev":         0.7,
}

// ownKind is the kind of our own questions but those in everyday words.
const ownKind = "own"

// published are the sets of others: their questions and their collections.
var published = []struct {
	queries string
	corpora []string
	prefix  string // of the kinds
}{
	{"crud_news", []string{"crud_news"}, ""},
	{"cmrc2018", []string{"cmrc2018"}, ""},
	{"cmrc2018", []string{"cmrc2018", "crud_news"}, "joint_"},
	{"kdconv_travel", []string{"kdconv_travel"}, ""},
}

// readAll reads what is found for the questions of all sets.
func readAll(ctx context.Context, dir, own string) ([]example, error) {
	var out []example
	for _, set := range published {
		var paths []string
		for _, name := range set.corpora {
			paths = append(paths, filepath.Join(dir, name+".corpus.jsonl.gz"))
		}
		collection, err := bench.Open(ctx, paths...)
		if err != nil {
			return nil, err
		}
		questions, err := eval.ReadFile(filepath.Join(dir, set.queries+".queries.jsonl.gz"), eval.ReadJudged)
		if err != nil {
			return nil, err
		}
		log.Printf("%s%s: %d questions", set.prefix, set.queries, len(questions))
		for i := range questions {
			e, err := judged(ctx, collection, &questions[i])
			if err != nil {
				return nil, err
			}
			e.kind = set.prefix + e.kind
			out = append(out, e)
		}
	}
	more, err := readOwn(ctx, own)
	return append(out, more...), err
}

// judged reads what is found for a question with known documents. Other reports of
// the same story are neither right nor wrong.
func judged(ctx context.Context, c *bench.Collection, q *eval.Judged) (example, error) {
	found, err := c.Index.Read(ctx, c.Understander.Understand(q.Asked()))
	if err != nil {
		return example{}, fmt.Errorf("search for question %s: %w", q.ID, err)
	}
	e := example{kind: q.Kind, heldOut: eval.HeldOut(q)}
	var documents []string
	for i := range found {
		document := eval.Document(found[i].Article, *found[i].Passage)
		right := slices.Contains(q.Relevant, document)
		if !right && slices.Contains(q.NearDup, document) {
			continue
		}
		n := slices.Index(documents, document)
		if n < 0 {
			n = len(documents)
			documents = append(documents, document)
		}
		e.add(n, right, found[i].Features)
	}
	return e, nil
}

func (e *example) add(document int, right bool, f index.Features) {
	e.document, e.right, e.features = append(e.document, document), append(e.right, right), append(e.features, f)
}

// readOwn reads what is found for our own questions. Here each passage stands for
// itself, and each relevant quote is a question of its own.
func readOwn(ctx context.Context, dir string) ([]example, error) {
	c, err := bench.Open(ctx, filepath.Join(dir, "pages"))
	if err != nil {
		return nil, err
	}
	var out []example
	for _, name := range []string{"questions.jsonl", "colloquial.jsonl"} {
		questions, err := eval.ReadFile(filepath.Join(dir, "eval", name), eval.ReadExpected)
		if err != nil {
			return nil, err
		}
		for i := range questions {
			q := &questions[i]
			kind := ownKind
			if name == "colloquial.jsonl" {
				kind = q.Kind
			}
			if kinds[kind] == 0 || len(q.RelevantQuotes) == 0 {
				continue // colloquial_test is kept aside from everything
			}
			more, err := expected(ctx, c, q, kind)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		}
	}
	return out, nil
}

// expected reads what is found for a question with relevant quotes.
func expected(ctx context.Context, c *bench.Collection, q *eval.Expected, kind string) ([]example, error) {
	found, err := c.Index.Read(ctx, c.Understander.Understand(q.Asked()))
	if err != nil {
		return nil, fmt.Errorf("search for question %s: %w", q.ID, err)
	}
	var out []example
	for _, quote := range q.RelevantQuotes {
		e := example{kind: kind, heldOut: eval.HeldOut(&eval.Judged{Relevant: q.RelevantQuotes})}
		for i := range found {
			e.add(i, eval.Shows(found[i].Article, *found[i].Passage, quote), found[i].Features)
		}
		out = append(out, e)
	}
	return out, nil
}
