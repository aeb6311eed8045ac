package supplement_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"wenbao/corpus/facet"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/ingest"
	"wenbao/rag"
	"wenbao/rag/chain/supplement"
	"wenbao/rag/cite"
	"wenbao/rag/lexical"
	"wenbao/rag/ragtest"
)

// tools are what every test reads with.
type tools struct {
	annotator *facet.Annotator
	checker   *cite.Checker
}

var loadTools = sync.OnceValue(func() tools {
	analyzer, err := lexical.NewAnalyzer(nil)
	if err != nil {
		panic(err) // the word list is part of the program
	}
	g := gazetteer.New()
	an := facet.New(g)
	return tools{an, cite.NewChecker(cite.CheckerOptions{Annotator: an, Gazetteer: g, Words: analyzer.Words})}
})

// printed are the passages of a made paper, in the order of its files.
func printed(t testing.TB) []rag.Hit {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"云泽日报/2025-01-05/01.txt": "临江区盘点养老事\n\n本报讯（记者 秦望舒）临江区2024年新增养老床位320张。\n",
		"云泽日报/2025-01-06/01.txt": "江滨新区盘点养老事\n\n本报讯（记者 秦望舒）江滨新区2024年新增养老床位260张。\n",
		"云泽日报/2025-01-09/01.txt": "临江区养老再添实招\n\n本报讯（记者 何雨桐）临江区2024年新增养老床位330张。\n",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	records, _, err := ingest.Read(t.Context(), []string{dir}, ingest.Options{Annotator: loadTools().annotator})
	if err != nil {
		t.Fatal(err)
	}
	var hits []rag.Hit
	for i := range records {
		for _, p := range records[i].Passages {
			hits = append(hits, rag.Hit{Rank: len(hits) + 1, Passage: p, Article: &records[i].Article})
		}
	}
	if len(hits) != 3 {
		t.Fatalf("%d passages", len(hits))
	}
	return hits
}

// answer tells the figures of hits, each cited.
func answer(t testing.TB, quotes map[string]rag.Hit, order ...string) rag.Answer {
	t.Helper()
	a := rag.Answer{Outcome: rag.Answered, Mode: rag.Extractive}
	var lines []string
	for i, quote := range order {
		text := "· " + quote + " [" + string(rune('1'+i)) + "]"
		lines = append(lines, text)
		a.Sentences = append(a.Sentences, rag.Sentence{Text: quote, Citations: []int{i + 1}})
		a.Citations = append(a.Citations, rag.Citation{N: i + 1, Quote: quote, Passage: quotes[quote].Passage, Article: quotes[quote].Article})
	}
	a.Text = strings.Join(lines, "\n")
	return a
}

func TestAdd(t *testing.T) {
	hits := printed(t)
	const linjiang, jiangbin = "临江区2024年新增养老床位320张", "江滨新区2024年新增养老床位260张"
	quotes := map[string]rag.Hit{linjiang: hits[0], jiangbin: hits[1]}
	both := rag.Query{Text: "临江区和江滨新区2024年一共新增养老床位多少张？", Places: []string{"临江区", "江滨新区"}, Counts: []rag.Count{{Unit: "张", Of: "养老床位"}}}
	one := rag.Query{Text: "临江区2024年新增养老床位多少张？", Places: []string{"临江区"}}
	const (
		sum  = "由以上数字算得：320张+260张=580张 [1][2]"
		pair = "报道说法不一：云泽日报2025年1月5日：“临江区2024年新增养老床位320张” [1]；云泽日报2025年1月9日：“临江区2024年新增养老床位330张” [2]。"
	)
	for _, tt := range []struct {
		name  string
		query rag.Query
		order []string
		hits  []rag.Hit
		want  []string // lines added
	}{
		{"nothing", one, []string{linjiang}, hits[:2], nil},
		{"sum", both, []string{linjiang, jiangbin}, hits[:2], []string{sum}},
		{"sum not asked for", one, []string{linjiang, jiangbin}, hits[:2], nil},
		{"contradiction", one, []string{linjiang}, hits, []string{pair}},
		{"contradiction of what is not cited", rag.Query{Text: "江滨新区？"}, []string{jiangbin}, hits, nil},
		{"both", both, []string{linjiang, jiangbin}, hits, []string{sum, strings.Replace(pair, "[2]", "[3]", 1)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := answer(t, quotes, tt.order...)
			before := in
			before.Citations = slices.Clone(in.Citations)
			got := supplement.Add(loadTools().checker, tt.query, in, tt.hits)
			ragtest.CheckAnswer(t, got)
			if problems := cite.Check(got); len(problems) > 0 {
				t.Errorf("problems: %v", problems)
			}
			added := strings.TrimPrefix(strings.TrimPrefix(got.Text, in.Text), "\n")
			if want := strings.Join(tt.want, "\n"); added != want {
				t.Errorf("added %q, want %q", added, want)
			}
			if !reflect.DeepEqual(in, before) {
				t.Error("the answer given was changed")
			}
		})
	}
}

// A refusal says nothing that could be reckoned with.
func TestAddToRefusal(t *testing.T) {
	refusal := rag.Answer{Outcome: rag.NoEvidence, Text: "没有找到。"}
	if got := supplement.Add(loadTools().checker, rag.Query{Text: "一共多少？"}, refusal, printed(t)); !reflect.DeepEqual(got, refusal) {
		t.Errorf("%+v", got)
	}
}

func TestAnswerer(t *testing.T) {
	hits := printed(t)
	const quote = "临江区2024年新增养老床位320张"
	inner := ragtest.Answerer(func(_ context.Context, q rag.Query, _ []rag.Hit) (rag.Answer, error) {
		a := answer(t, map[string]rag.Hit{quote: hits[0]}, quote)
		a.Query = q
		return a, nil
	})
	a := supplement.Answerer{Inner: inner, Checker: loadTools().checker}
	ragtest.TestAnswerer(t, a, ragtest.Case{Query: rag.Query{Text: "临江区？"}, Hits: hits})
	broken := errors.New("broken")
	a.Inner = ragtest.Answerer(func(context.Context, rag.Query, []rag.Hit) (rag.Answer, error) {
		return rag.Answer{Text: "half"}, broken
	})
	if got, err := a.Answer(t.Context(), rag.Query{}, hits); !errors.Is(err, broken) || got.Text != "" {
		t.Errorf("%q, %v", got.Text, err)
	}
}

// BenchmarkAdd compares twelve passages with each other.
func BenchmarkAdd(b *testing.B) {
	hits := printed(b)
	many := slices.Repeat(hits, 4)
	const quote = "临江区2024年新增养老床位320张"
	a := answer(b, map[string]rag.Hit{quote: hits[0]}, quote)
	for b.Loop() {
		supplement.Add(loadTools().checker, rag.Query{Text: "临江区？"}, a, many)
	}
}
