// Command bleve compares rag/lexical with bleve's cjk analyzer: the same
// passages, the same questions, one after the other on one goroutine.
//
//	go run . CORPUS.jsonl[.gz] QUERIES.jsonl[.gz]
//
// With "rows" and the flags of "wenbao eval full" it writes bleve's rows for that
// table, measured over wenbao's own passages.
//
// It is a module of its own, so that bleve is no dependency of wenbao.
package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/cjk"

	"wenbao/corpus/zh"
	"wenbao/rag/lexical"
)

const (
	passageRunes = 160  // a passage ends with the sentence before this many characters
	hits         = 20   // asked of both for each question
	batchSize    = 1000 // documents that bleve takes at once
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bleve:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) > 0 && args[0] == "rows" {
		return rows(ctx, args[1:], out)
	}
	if len(args) != 2 {
		return errors.New("want a corpus and its queries")
	}
	articles, err := read[article](args[0])
	if err != nil {
		return err
	}
	questions, err := read[question](args[1])
	if err != nil {
		return err
	}
	passages := cut(articles)
	ours, err := buildOurs(passages)
	if err != nil {
		return err
	}
	theirs, err := buildBleve(passages)
	if err != nil {
		return err
	}
	err = clock(questions, &ours, &theirs)
	if err = errors.Join(err, theirs.close()); err != nil {
		return err
	}
	fmt.Fprintf(out, "lexical %v\nbleve   %v\nratio of medians %.1f\n", ours, theirs,
		float64(theirs.median())/float64(ours.median()))
	return nil
}

type article struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

type question struct {
	Question string `json:"question"`
}

// read gives the records of a file of JSON lines, packed when its name ends in .gz.
func read[T any](path string) (records []T, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var lines io.Reader = bufio.NewReader(f)
	if strings.HasSuffix(path, ".gz") {
		if lines, err = gzip.NewReader(lines); err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
	}
	for d := json.NewDecoder(lines); ; {
		var record T
		if err := d.Decode(&record); errors.Is(err, io.EOF) {
			return records, nil
		} else if err != nil {
			return nil, fmt.Errorf("read %s: record %d: %w", path, len(records)+1, err)
		}
		records = append(records, record)
	}
}

// cut gives the passages of each article.
func cut(articles []article) [][]lexical.Document {
	all := make([][]lexical.Document, 0, len(articles))
	for _, a := range articles {
		var passages []lexical.Document
		start, end, runes := 0, 0, 0
		for _, s := range zh.Sentences(a.Text) {
			n := utf8.RuneCountInString(s.In(a.Text))
			if runes > 0 && runes+n > passageRunes {
				passages = append(passages, lexical.Document{Context: a.Title, Body: a.Text[start:end]})
				start, runes = s.Start, 0
			}
			end, runes = s.End, runes+n
		}
		if runes > 0 {
			passages = append(passages, lexical.Document{Context: a.Title, Body: a.Text[start:end]})
		}
		all = append(all, passages)
	}
	return all
}

// engine is an index and what was measured of it.
type engine struct {
	search func(q string) error
	close  func() error
	docs   int
	build  time.Duration
	times  []time.Duration // of each search, sorted when all are done
}

func (e engine) median() time.Duration { return e.times[len(e.times)/2] }

func (e engine) String() string {
	return fmt.Sprintf("%d passages: build %v, search p50 %v p95 %v", e.docs, e.build.Round(time.Millisecond),
		e.median(), e.times[len(e.times)*95/100])
}

// clock asks every engine each question in turn, so that whatever else the
// machine does slows all of them alike.
func clock(questions []question, engines ...*engine) error {
	if len(questions) == 0 {
		return errors.New("no questions")
	}
	for i, q := range questions {
		for _, e := range engines {
			begin := time.Now()
			if err := e.search(q.Question); err != nil {
				return fmt.Errorf("question %d: %w", i+1, err)
			}
			e.times = append(e.times, time.Since(begin))
		}
	}
	for _, e := range engines {
		slices.Sort(e.times)
	}
	return nil
}

func buildOurs(articles [][]lexical.Document) (engine, error) {
	begin := time.Now()
	a, err := lexical.NewAnalyzer(nil)
	if err != nil {
		return engine{}, err
	}
	b := lexical.NewBuilder(a)
	for _, passages := range articles {
		b.Add(passages...)
	}
	ix := b.Build()
	return engine{docs: ix.Len(), build: time.Since(begin), search: func(q string) error {
		_, err := ix.Search(q, lexical.SearchOptions{K: hits})
		return err
	}}, nil
}

// buildBleve builds in a temporary folder, which close removes.
func buildBleve(articles [][]lexical.Document) (engine, error) {
	begin := time.Now()
	index, remove, err := newIndex(articles)
	if err != nil {
		return engine{}, err
	}
	docs, err := index.DocCount()
	if err != nil {
		return engine{}, errors.Join(err, remove())
	}
	return engine{docs: int(docs), build: time.Since(begin), close: remove, search: func(q string) error {
		_, err := index.Search(bleve.NewSearchRequestOptions(bleve.NewMatchQuery(q), hits, 0, false))
		return err
	}}, nil
}

// newIndex indexes passages, each under its number, in a temporary folder, which
// remove takes away.
func newIndex(articles [][]lexical.Document) (index bleve.Index, remove func() error, err error) {
	dir, err := os.MkdirTemp("", "bleve")
	if err != nil {
		return nil, nil, err
	}
	mapping := bleve.NewIndexMapping()
	mapping.DefaultAnalyzer = "cjk"
	index, err = bleve.New(filepath.Join(dir, "index"), mapping)
	if err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(dir))
	}
	remove = func() error { return errors.Join(index.Close(), os.RemoveAll(dir)) }
	if err := fill(index, articles); err != nil {
		return nil, nil, errors.Join(err, remove())
	}
	return index, remove, nil
}

// fill puts every passage, its context in front, into the index.
func fill(index bleve.Index, articles [][]lexical.Document) error {
	docs := 0
	batch := index.NewBatch()
	for _, passages := range articles {
		for _, p := range passages {
			record := map[string]any{"text": p.Context + "\n" + p.Body}
			if err := batch.Index(strconv.Itoa(docs), record); err != nil {
				return err
			}
			docs++
		}
		if batch.Size() < batchSize {
			continue
		}
		if err := index.Batch(batch); err != nil {
			return err
		}
		batch.Reset()
	}
	return index.Batch(batch)
}
