package eval_test

import (
	"context"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"wenbao/corpus/facet"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/ingest"
	"wenbao/rag"
	"wenbao/rag/embed"
	"wenbao/rag/eval"
	"wenbao/rag/extract"
	"wenbao/rag/index"
	"wenbao/rag/lexical"
	"wenbao/rag/query"
)

var update = flag.Bool("update", false, "write the score file anew")

const (
	pagesFolder = "../../testdata/pages"
	scoresFile  = "../../testdata/eval/scores.tsv"
	// everydayFile are questions in everyday words: searched for, not answered.
	everydayFile = "../../testdata/eval/colloquial.jsonl"
)

// TestScores measures on our own questions and compares with the committed
// scores, so that a change of relevance is seen and agreed to. Run with -update
// to write them anew, and with -v to read each answer that has a fault.
func TestScores(t *testing.T) {
	ctx := context.Background()
	questions, err := eval.ReadFile(questionsFile, eval.ReadExpected)
	if err != nil {
		t.Fatal(err)
	}
	everyday, err := eval.ReadFile(everydayFile, eval.ReadExpected)
	if err != nil {
		t.Fatal(err)
	}
	ix, engine := samplePages(t, filepath.FromSlash(pagesFolder))
	var retrieval []eval.Table
	for _, system := range []index.System{index.Lexical, index.Dense, index.Hybrid} {
		rows, err := eval.Snippets(ctx, func(ctx context.Context, q rag.Question, k int) ([]rag.Hit, error) {
			return ix.SearchWith(ctx, engine.Understander.Understand(q), k, index.SearchOptions{System: system})
		}, slices.Concat(questions, everyday))
		if err != nil {
			t.Fatal(err)
		}
		retrieval = append(retrieval, eval.RowTable(string(system), rows))
	}
	answers, err := eval.Answers(ctx, engine, questions)
	if err != nil {
		t.Fatal(err)
	}
	var got, text strings.Builder
	if err := eval.WriteScores(&got, eval.Join(retrieval...), answers.Table(string(rag.Extractive))); err != nil {
		t.Fatal(err)
	}
	if err := answers.WriteText(&text, string(rag.Extractive)); err != nil {
		t.Fatal(err)
	}
	if testing.Verbose() {
		t.Log("\n" + text.String())
	}
	compareScores(t, got.String())
}

// compareScores holds scores against the committed ones, or commits them.
func compareScores(t *testing.T, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(scoresFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(scoresFile)
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatal("there are no scores to compare with: run go test ./rag/eval -run TestScores -update")
	}
	if err != nil {
		t.Fatal(err)
	}
	if changed := changes(string(want), got); changed != "" {
		t.Errorf("scores have changed (- committed, + now); if that is right, run go test ./rag/eval -run TestScores -update:\n%s", changed)
	}
}

// changes lists the lines that only one of two score files has. No two lines of
// a score file with numbers in them are the same.
func changes(committed, now string) string {
	committed, now = strings.TrimSpace(committed), strings.TrimSpace(now)
	if committed == now {
		return ""
	}
	var b strings.Builder
	for _, side := range []struct{ sign, lines, other string }{{"- ", committed, now}, {"+ ", now, committed}} {
		other := strings.Split(side.other, "\n")
		for line := range strings.SplitSeq(side.lines, "\n") {
			if !slices.Contains(other, line) {
				b.WriteString(side.sign + line + "\n")
			}
		}
	}
	return b.String()
}

// samplePages is an index of the sample newspaper in a folder and an engine over it.
func samplePages(t *testing.T, folder string) (*index.Index, *rag.Engine) {
	t.Helper()
	ctx := context.Background()
	places := gazetteer.New()
	annotator := facet.New(places)
	records, report, err := ingest.Read(ctx, []string{folder}, ingest.Options{Annotator: annotator})
	if err != nil {
		t.Fatal(err)
	}
	if report.Failed > 0 || report.TotalArticles == 0 {
		t.Fatalf("pages: %+v", report)
	}
	memory := index.NewMemory(records)
	ix, err := index.Build(ctx, memory, index.Options{Embedder: embed.New()})
	if err != nil {
		t.Fatal(err)
	}
	analyzer, err := lexical.NewAnalyzer(nil)
	if err != nil {
		t.Fatal(err)
	}
	speakerOf := func(article string) string {
		r, err := memory.Record(article)
		if err != nil {
			return ""
		}
		return r.Article.Facets.Speaker
	}
	return ix, &rag.Engine{
		Understander: query.New(query.Options{
			Gazetteer: places, Places: ix.Places(), Speakers: ix.Speakers(),
			Words: analyzer.Words, DF: ix.DF, Newest: ix.Coverage().Last, SpeakerOf: speakerOf,
		}),
		Searcher: ix,
		Answerer: extract.New(extract.Options{Annotator: annotator, Words: analyzer.Words, DF: ix.DF, Senses: embed.New()}),
		Coverage: ix.Coverage,
		Now:      time.Now,
	}
}
