package extract_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"wenbao/corpus/facet"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/ingest"
	"wenbao/rag"
	"wenbao/rag/embed"
	"wenbao/rag/extract"
	"wenbao/rag/index"
	"wenbao/rag/lexical"
	"wenbao/rag/query"
)

var testdata = filepath.Join("..", "..", "testdata")

// tools are what every paper of the test binary shares.
type tools struct {
	gazetteer *gazetteer.Gazetteer
	annotator *facet.Annotator
	analyzer  *lexical.Analyzer
}

var loadTools = sync.OnceValue(func() tools {
	analyzer, err := lexical.NewAnalyzer(nil)
	if err != nil {
		panic(err) // the word list is part of the program
	}
	g := gazetteer.New()
	return tools{g, facet.New(g), analyzer}
})

// open makes an engine over the files in dir, as the program does.
func open(ctx context.Context, dir string) (*rag.Engine, error) {
	with := loadTools()
	records, _, err := ingest.Read(ctx, []string{dir}, ingest.Options{Annotator: with.annotator})
	if err != nil {
		return nil, err
	}
	memory := index.NewMemory(records)
	ix, err := index.Build(ctx, memory, index.Options{Embedder: embed.New()})
	if err != nil {
		return nil, err
	}
	speakerOf := func(article string) string {
		r, err := memory.Record(article)
		if err != nil {
			return ""
		}
		return r.Article.Facets.Speaker
	}
	words := with.analyzer.Words
	return &rag.Engine{
		Understander: query.New(query.Options{
			Gazetteer: with.gazetteer, Places: ix.Places(), Speakers: ix.Speakers(), Words: words,
			DF: ix.DF, Newest: ix.Coverage().Last, SpeakerOf: speakerOf,
		}),
		Searcher: ix,
		Answerer: extract.New(extract.Options{Annotator: with.annotator, Words: words, DF: ix.DF, Senses: embed.New()}),
		Coverage: ix.Coverage,
		Now:      func() time.Time { return time.Time{} },
	}, nil
}

var openSample = sync.OnceValues(func() (*rag.Engine, error) {
	return open(context.Background(), filepath.Join(testdata, "pages"))
})

// sample is the sample newspaper.
func sample(t testing.TB) *rag.Engine {
	t.Helper()
	e, err := openSample()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// paper is a newspaper of pages by their paths (云泽日报/2024-12-31/01.txt).
func paper(t testing.TB, pages map[string]string) *rag.Engine {
	t.Helper()
	dir := t.TempDir()
	for name, text := range pages {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	e, err := open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func ask(t testing.TB, e *rag.Engine, text string, history ...rag.Turn) rag.Answer {
	t.Helper()
	a, err := e.Ask(t.Context(), rag.Question{Text: text, History: history})
	if err != nil {
		t.Fatalf("ask %q: %v", text, err)
	}
	return a
}

// evalQuestions are those of the evaluation.
func evalQuestions(t testing.TB) []rag.Question {
	t.Helper()
	f, err := os.Open(filepath.Join(testdata, "eval", "questions.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	var out []rag.Question
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var q struct {
			ID, Question string
			History      []string
		}
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		question := rag.Question{ID: q.ID, Text: q.Question}
		for i, s := range q.History {
			if i%2 == 0 {
				question.History = append(question.History, rag.Turn{Question: s})
			} else {
				question.History[i/2].Answer = s
			}
		}
		out = append(out, question)
	}
	if len(out) == 0 {
		t.Fatal("no questions")
	}
	return out
}
