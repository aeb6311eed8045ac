package chain_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"wenbao/corpus/facet"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/ingest"
	"wenbao/rag"
	"wenbao/rag/chain"
	"wenbao/rag/chain/supplement"
	"wenbao/rag/cite"
	"wenbao/rag/embed"
	"wenbao/rag/extract"
	"wenbao/rag/index"
	"wenbao/rag/lexical"
	"wenbao/rag/llm"
	"wenbao/rag/llm/llmtest"
	"wenbao/rag/query"
)

var pages = filepath.Join("..", "..", "testdata", "pages")

// tools are what every paper of the test binary shares.
type tools struct {
	gazetteer *gazetteer.Gazetteer
	annotator *facet.Annotator
	words     func(string) []string
	checker   *cite.Checker
}

var loadTools = sync.OnceValue(func() tools {
	analyzer, err := lexical.NewAnalyzer(nil)
	if err != nil {
		panic(err) // the word list is part of the program
	}
	g := gazetteer.New()
	annotator := facet.New(g)
	checker := cite.NewChecker(cite.CheckerOptions{Annotator: annotator, Gazetteer: g, Words: analyzer.Words})
	return tools{g, annotator, analyzer.Words, checker}
})

// paper is a newspaper with an engine that answers without a model.
type paper struct {
	tools
	engine *rag.Engine
}

// open reads the files in dir.
func open(ctx context.Context, dir string) (paper, error) {
	with := loadTools()
	records, _, err := ingest.Read(ctx, []string{dir}, ingest.Options{Annotator: with.annotator})
	if err != nil {
		return paper{}, err
	}
	ix, err := index.Build(ctx, index.NewMemory(records), index.Options{Embedder: embed.New()})
	if err != nil {
		return paper{}, err
	}
	return paper{with, &rag.Engine{
		Understander: query.New(query.Options{
			Gazetteer: with.gazetteer, Places: ix.Places(), Speakers: ix.Speakers(), Words: with.words, Newest: ix.Coverage().Last,
		}),
		Searcher: ix,
		Answerer: supplement.Answerer{
			Inner:   extract.New(extract.Options{Annotator: with.annotator, Words: with.words, DF: ix.DF}),
			Checker: with.checker,
		},
		Coverage: ix.Coverage,
		Now:      func() time.Time { return time.Time{} },
	}}, nil
}

var openSample = sync.OnceValues(func() (paper, error) { return open(context.Background(), pages) })

// sample is the sample newspaper.
func sample(t testing.TB) paper {
	t.Helper()
	p, err := openSample()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// paperOf is a newspaper of pages by their paths (云泽日报/2024-12-31/01.txt).
func paperOf(t testing.TB, pages map[string]string) paper {
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
	p, err := open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// asked is a question understood, with what was found for it.
type asked struct {
	query rag.Query
	hits  []rag.Hit
}

func (p paper) search(t testing.TB, question string, history ...rag.Turn) asked {
	t.Helper()
	q, hits, err := p.engine.Search(t.Context(), rag.Question{Text: question, History: history})
	if err != nil {
		t.Fatal(err)
	}
	return asked{q, hits}
}

// modelOf opens the model of a server.
func modelOf(t testing.TB, s *llmtest.Server, limits llm.Limits) *llm.Model {
	t.Helper()
	m, err := llm.Open(llm.Config{Kind: llm.KindOpenAI, Name: "qwen3:8b", URL: s.URL, ContextTokens: 8192, Limits: limits}, llm.Options{HTTP: s.Transport})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// with is the chain of a paper and a model; edit may change its options.
func (p paper) with(t testing.TB, m chain.Model, edit ...func(*chain.Options)) *chain.Answerer {
	t.Helper()
	opt := chain.Options{Model: m, Extract: p.engine.Answerer, Checker: p.checker}
	for _, e := range edit {
		e(&opt)
	}
	a, err := chain.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// scripted is the chain of the sample and a server that says the replies.
func scripted(t testing.TB, replies ...llmtest.Reply) (*chain.Answerer, *llmtest.Server) {
	t.Helper()
	s := llmtest.Start(t, llmtest.Script{Replies: replies})
	return sample(t).with(t, modelOf(t, s, llm.Limits{})), s
}

// numbered puts, for each marker that holds words of a passage, the number under
// which the request gives that passage.
func numbered(r llmtest.Request, text string) string {
	return wordMarker.ReplaceAllStringFunc(text, func(m string) string {
		for _, block := range strings.Split(r.Messages[len(r.Messages)-1].Content, "<<<资料 ")[1:] {
			number, rest, _ := strings.Cut(block, "｜")
			if strings.Contains(rest, m[1:len(m)-1]) {
				return "[" + number + "]"
			}
		}
		return ""
	})
}

var wordMarker = regexp.MustCompile(`\[[^\]\d][^\]]*\]`)

// told collects what is told.
type told struct{ pieces []string }

func (w *told) tell(piece string) error {
	w.pieces = append(w.pieces, piece)
	return nil
}
