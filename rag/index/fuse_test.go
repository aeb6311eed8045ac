package index_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"wenbao/corpus"
	"wenbao/rag"
	"wenbao/rag/index"
)

// subject is an embedder for tests that knows of one thing only: whether a text is
// about meals.
type subject struct{}

func (subject) Name() string { return "subject" }
func (subject) Dim() int     { return 2 }

func (subject) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, text := range texts {
		if strings.Contains(text, "吃饭") || strings.Contains(text, "助餐") {
			out[i] = []float32{1, 0}
		} else {
			out[i] = []float32{0.1, 1}
		}
	}
	return out, ctx.Err()
}

func TestVectorsDecideOnlyWhatWordsLeaveOpen(t *testing.T) {
	ix := build(t, subject{},
		article("meals", "", "", corpus.Date{}, said{text: "新建助餐点二十个，做好配餐。"}),
		article("roads", "", "", corpus.Date{}, said{text: "老街的路面咋样，年内就能修好。"}),
		article("others", "", "", corpus.Date{}, said{text: "老街的柳树绿了。"}),
	)
	tests := []struct{ name, question, first string }{
		{"hardly a word is printed", "上了岁数没人做饭，吃饭咋整", "meals-0"},
		{"all that is asked is printed", "老街的路面年内能修好，吃饭", "roads-0"},
		{"nothing is printed", "吃饭", "meals-0"},
	}
	for _, tt := range tests {
		got := ids(search(t, ix, rag.Query{Text: tt.question}, index.SearchOptions{}))
		if len(got) == 0 || got[0] != tt.first {
			t.Errorf("%s: %q finds %v, want %s first", tt.name, tt.question, got, tt.first)
		}
	}
	words := ids(search(t, ix, rag.Query{Text: tests[0].question}, index.SearchOptions{System: index.Lexical}))
	if i := slices.Index(words, "meals-0"); i == 0 {
		t.Error("the first question is decided by words")
	}
}
