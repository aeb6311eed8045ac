package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2"

	"wenbao/corpus/facet"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/ingest"
	"wenbao/corpus/library"
	"wenbao/rag"
	"wenbao/rag/eval"
	"wenbao/rag/eval/baseline"
	"wenbao/rag/lexical"
)

// several is a flag that may be given several times.
type several []string

func (s *several) String() string { return strings.Join(*s, " ") }

func (s *several) Set(value string) error {
	*s = append(*s, value)
	return nil
}

// rows writes bleve's rows for the table of "wenbao eval full", whose flags and
// arguments it takes.
func rows(ctx context.Context, args []string, out io.Writer) error {
	fs := flag.NewFlagSet("rows", flag.ContinueOnError)
	bench := fs.String("bench", "", "folder of published sets")
	var corpus, questions several
	fs.Var(&corpus, "corpus", "pages that the questions are about")
	fs.Var(&questions, "questions", "file of our own questions")
	if err := fs.Parse(args); err != nil {
		return err
	}
	var measured []eval.Compared
	for _, name := range fs.Args() {
		set, err := eval.OpenPublished(*bench, name)
		if err != nil {
			return err
		}
		more, err := measure(ctx, set.Corpus, set)
		if err != nil {
			return err
		}
		measured = append(measured, more...)
	}
	var own []eval.Set
	for _, path := range questions {
		set, err := eval.OpenOwn(path, corpus)
		if err != nil {
			return err
		}
		own = append(own, set)
	}
	more, err := measure(ctx, corpus, own...)
	if err != nil {
		return err
	}
	return eval.WriteScores(out, eval.ComparedTable(append(measured, more...)))
}

// measure asks bleve the sets of a collection.
func measure(ctx context.Context, corpus []string, sets ...eval.Set) (measured []eval.Compared, err error) {
	if len(sets) == 0 {
		return nil, nil
	}
	records, _, err := ingest.Read(ctx, corpus, ingest.Options{Annotator: facet.New(gazetteer.New())})
	if err != nil {
		return nil, err
	}
	hits, documents := passagesOf(records)
	index, remove, err := newIndex(documents)
	if err != nil {
		return nil, err
	}
	for _, set := range sets {
		fmt.Fprintf(os.Stderr, "bleve: %s\n", set.Name)
		more, compareErr := eval.Compare(ctx, set, eval.Contender{Name: "bleve", Search: searchOf(index, hits)}, eval.CompareOptions{})
		if compareErr != nil {
			err = compareErr
			break
		}
		measured = append(measured, more...)
	}
	if removeErr := remove(); err == nil {
		err = removeErr
	}
	return measured, err
}

// passagesOf are the passages of wenbao as hits and, in the same order by article,
// as bleve is given them: with what is printed above them.
func passagesOf(records []library.Record) (hits []rag.Hit, documents [][]lexical.Document) {
	for i := range records {
		r := &records[i]
		var of []lexical.Document
		for _, p := range r.Passages {
			above := p.Headings
			if !r.Article.TitleMade {
				above = append([]string{r.Article.Title}, above...)
			}
			hits = append(hits, rag.Hit{Article: &r.Article, Passage: p})
			of = append(of, lexical.Document{Context: strings.Join(above, "\n"), Body: p.Text})
		}
		documents = append(documents, of)
	}
	return hits, documents
}

// searchOf finds hits, which bleve knows by their number.
func searchOf(index bleve.Index, hits []rag.Hit) eval.Search {
	return func(ctx context.Context, q rag.Question, k int) ([]rag.Hit, error) {
		request := bleve.NewSearchRequestOptions(bleve.NewMatchQuery(baseline.Said(q)), k, 0, false)
		result, err := index.SearchInContext(ctx, request)
		if err != nil {
			return nil, err
		}
		var out []rag.Hit
		for i, match := range result.Hits {
			n, err := strconv.Atoi(match.ID)
			if err != nil {
				return nil, err
			}
			h := hits[n]
			h.Rank, h.Score = i+1, match.Score
			out = append(out, h)
		}
		return out, nil
	}
}
