package baseline_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"wenbao/corpus"
	"wenbao/corpus/library"
	"wenbao/rag"
	"wenbao/rag/eval"
	"wenbao/rag/eval/baseline"
	"wenbao/rag/index"
	"wenbao/rag/ragtest"
)

// Three texts of 2, 4 and 1 terms: 7/3 on average. With k1 1.2 and b .75 the length
// of a text counts as .25 + .75 * its terms * 3/7:
//
//	白塔河      .25 + .75*2*3/7 = .892857
//	白塔镇，A白塔 .25 + .75*4*3/7 = 1.535714
//	石桥       .25 + .75*1*3/7 = .571429
func TestBigrams(t *testing.T) {
	b := baseline.NewBigrams([]string{"白塔河", "白塔镇，A白塔", "石桥"})
	// 白塔 is in two texts of three, the others in one.
	both, one := math.Log(1+1.5/2.5), math.Log(1+2.5/1.5)
	for _, tt := range []struct {
		query string
		k     int
		want  []baseline.Found
	}{
		{"白塔", 9, []baseline.Found{
			{Text: 1, Score: both * 2 * 2.2 / (2 + 1.2*1.535714)}, // .53815
			{Text: 0, Score: both * 2.2 / (1 + 1.2*.892857)},      // .49918
		}},
		{"白塔河，白塔？", 9, []baseline.Found{
			{Text: 0, Score: (both + one) * 2.2 / (1 + 1.2*.892857)}, // 1.54089
			{Text: 1, Score: both * 2 * 2.2 / (2 + 1.2*1.535714)},
		}},
		{"a 石桥", 1, []baseline.Found{{Text: 2, Score: one * 2.2 / (1 + 1.2*.571429)}}}, // 1.28000
		{"a", 9, []baseline.Found{{Text: 1, Score: one * 2.2 / (1 + 1.2*1.535714)}}},
		{"镇白", 9, nil}, // a comma and a word stand between them
		{"桥", 9, nil},
		{"石桥", 0, nil},
	} {
		if diff := cmp.Diff(tt.want, b.Search(tt.query, tt.k), cmpopts.EquateApprox(0, 1e-6), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.query, diff)
		}
	}
	if found := baseline.NewBigrams(nil).Search("石桥", 9); len(found) > 0 {
		t.Errorf("found %v among nothing", found)
	}
}

// Texts of the same score stand in their order.
func TestBigramsOrder(t *testing.T) {
	b := baseline.NewBigrams([]string{"石桥", "渡口", "石桥", "石桥"})
	var got []int
	for _, f := range b.Search("石桥", 9) {
		got = append(got, f.Text)
	}
	if diff := cmp.Diff([]int{0, 2, 3}, got); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
}

// records are two articles, the first of two passages.
func records() []library.Record {
	record := func(id, title string, passages ...string) library.Record {
		r := library.Record{Article: corpus.Article{ID: id, Title: title, Text: strings.Join(passages, ""), Parts: []corpus.Part{{DocID: id}}}}
		start := 0
		for _, text := range passages {
			span := corpus.Span{Start: start, End: start + len(text)}
			r.Passages = append(r.Passages, corpus.Passage{ID: id + "/" + text[:3], Article: id, Span: span, Text: text})
			start = span.End
		}
		return r
	}
	return []library.Record{
		record("d1", "渡口", "白塔镇修好了石桥。", "货车开进了果园。"),
		record("d2", "果园", "松岭县的果园里来了货车。货车边唱了戏！"),
	}
}

func TestSearch(t *testing.T) {
	for _, tt := range []struct {
		name   string
		search eval.Search
		q      rag.Question
		k      int
		want   string
	}{
		{"documents", baseline.Documents(records()), rag.Question{Text: "石桥和货车"}, 9, "d1 d2"},
		{"titles", baseline.Documents(records()), rag.Question{Text: "渡口"}, 9, "d1"},
		{"first", baseline.Documents(records()), rag.Question{Text: "石桥和货车"}, 1, "d1"},
		{"passages", baseline.Passages(records()), rag.Question{Text: "开进了果园"}, 9, "d1/货 d2/松"},
		{"bare passages", baseline.Passages(records()), rag.Question{Text: "渡口"}, 9, ""},
		{"sentences", baseline.Sentences(records()), rag.Question{Text: "果园里唱了戏"}, 9, "d2/松 d2/松 d1/货"},
		{"earlier turns", baseline.Passages(records()), rag.Question{
			Text: "还有呢", History: []rag.Turn{{Question: "修了什么", Answer: "石桥"}},
		}, 9, "d1/白"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			hits, err := tt.search(t.Context(), tt.q, tt.k)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for i, h := range hits {
				got = append(got, h.Passage.ID)
				if h.Rank != i+1 || h.Score <= 0 || h.Article.Text[h.Passage.Span.Start:h.Passage.Span.End] != h.Passage.Text {
					t.Errorf("hit %d is %+v", i, h)
				}
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("found %q, want %q", s, tt.want)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := baseline.Passages(records())(ctx, rag.Question{Text: "石桥"}, 9); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestHashing(t *testing.T) {
	var e index.Embedder = baseline.Hashing{}
	texts := []string{
		"临江区的养老服务", "养老服务在临江区", "松岭县修好了石桥", "临江\n区的养老服务", ragtest.Traditional("临江区的养老服务"), "，。", "5G 基站", "5g基站",
	}
	vectors, err := e.Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	cosine := func(i, j int) float64 {
		sum := 0.0
		for n := range e.Dim() {
			sum += float64(vectors[i][n]) * float64(vectors[j][n])
		}
		return sum
	}
	for _, alike := range [][2]int{{0, 0}, {0, 3}, {0, 4}, {6, 7}} {
		if c := cosine(alike[0], alike[1]); math.Abs(c-1) > 1e-6 {
			t.Errorf("%q and %q are %f alike", texts[alike[0]], texts[alike[1]], c)
		}
	}
	if near, far := cosine(0, 1), cosine(0, 2); near < far+0.3 {
		t.Errorf("near is %f, far %f", near, far)
	}
	if c := cosine(5, 5); c != 0 {
		t.Errorf("marks have a vector of length %f", c)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Embed(ctx, texts); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
