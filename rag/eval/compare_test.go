package eval_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"wenbao/rag"
	"wenbao/rag/eval"
)

// search finds the documents of trees.
func search(ctx context.Context, q rag.Question, k int) ([]rag.Hit, error) {
	if q.Text == "坏" {
		return nil, errUnscripted
	}
	return trees.Search(ctx, rag.Query{Text: q.Text}, k)
}

// questions are n of a kind, d1 being right or, where wrong is set, d3.
func questions(kind string, n int, wrong bool) []eval.Judged {
	out := make([]eval.Judged, n)
	for i := range out {
		out[i] = asked
		out[i].ID, out[i].Kind = fmt.Sprint(kind, i), kind
		if wrong {
			out[i].Relevant, out[i].NearDup = []string{"d3"}, []string{"d2"}
		}
	}
	return out
}

func TestCompareJudged(t *testing.T) {
	set := eval.Set{Name: "trees", Judged: slices.Concat(questions("number", 30, false), questions("late", 30, true))}
	options := trees.options()
	contender := eval.Contender{Name: "shelf", Search: search, Answers: &options}
	var told int
	rows, err := eval.Compare(t.Context(), set, contender, eval.CompareOptions{Now: ticking(), Progress: func(done, total int) { told += done * total }})
	if err != nil {
		t.Fatal(err)
	}
	if want := 60 * 61 / 2 * 60; told != want {
		t.Errorf("progress adds up to %d, want %d", told, want)
	}
	row := func(kind, half string, row eval.Row, best eval.Best) eval.Compared {
		row.Kind, row.N = kind, 30
		return eval.Compared{
			Set: "trees", Half: half, System: "shelf", Row: row, Times: eval.Times{P50: 1, P95: 1}, Best: &best, Refusals: &eval.Refusals{},
		}
	}
	// d3 comes behind d1, d2 being its double: nDCG of rank 2 is 1/log2(3) = 0.63093.
	late := eval.Row{R5: 1, R10: 1, R20: 1, MRR: 0.5, NDCG10: 0.63093}
	number := eval.Row{R1: 1, R5: 1, R10: 1, R20: 1, MRR: 1, NDCG10: 1}
	found := eval.Best{Top1: 1, Top3: 1}
	half := map[bool]string{false: "learned", true: "held-out"}
	lateHalf, numberHalf := half[eval.HeldOut(&set.Judged[30])], half[eval.HeldOut(&set.Judged[0])]
	want := []eval.Compared{
		row("late", eval.All, late, eval.Best{}), row("number", eval.All, number, found),
		row("late", lateHalf, late, eval.Best{}), row("number", numberHalf, number, found),
	}
	order := cmpopts.SortSlices(func(a, b eval.Compared) bool { return a.Half+a.Kind < b.Half+b.Kind })
	if diff := cmp.Diff(want, rows, order, cmpopts.EquateApprox(0, 1e-5)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// Of a collection with nothing else to answer with, questions are refused when what
// answers them is out. A kind without known answers, or with a whole story for one,
// is not asked for any.
func TestCompareAnswers(t *testing.T) {
	known := asked
	known.NearDup = []string{"d2", "d3"}
	unknown := asked
	unknown.Kind, unknown.Answers = "unknown", nil
	story := asked
	story.Kind, story.Answers = "story", []string{strings.Repeat("种树", 60)}
	options := trees.options()
	rows, err := eval.Compare(t.Context(), eval.Set{Judged: []eval.Judged{known, asked, unknown, story}}, eval.Contender{Search: search, Answers: &options}, eval.CompareOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := &eval.Refusals{Without: 0.5}
	if diff := cmp.Diff(want, rows[0].Refusals); diff != "" || rows[0].N != 4 {
		t.Errorf("of %d questions (-want +got):\n%s", rows[0].N, diff)
	}
}

// Where sentences are found and no answers given, these are the best ones.
func TestCompareSentences(t *testing.T) {
	second := asked
	second.Relevant = []string{"d2"}
	rows, err := eval.Compare(t.Context(), eval.Set{Judged: []eval.Judged{asked, second}}, eval.Contender{Search: search, Sentences: search}, eval.CompareOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&eval.Best{Top1: 0.5, Top3: 1}, rows[0].Best); diff != "" || rows[0].Refusals != nil {
		t.Errorf("refusals %v, best (-want +got):\n%s", rows[0].Refusals, diff)
	}
}

func TestCompareExpected(t *testing.T) {
	question := func(kind string, quotes ...string) eval.Expected {
		return eval.Expected{ID: kind, Question: "种树", Kind: kind, RelevantQuotes: quotes}
	}
	set := eval.Set{Name: "own", Expected: []eval.Expected{
		question("few", "新建小游园26处"), question("few"), question("both", "白塔河种树12万棵", "白塔河边种下12万棵树苗"),
	}}
	rows, err := eval.Compare(t.Context(), set, eval.Contender{Name: "shelf", Search: search}, eval.CompareOptions{Now: ticking()})
	if err != nil {
		t.Fatal(err)
	}
	// The quotes are shown by the third, the first and the second hit.
	want := []eval.Compared{{
		Set: "own", Half: eval.All, System: "shelf", Times: eval.Times{P50: 1, P95: 1},
		Row: eval.Row{
			Kind: eval.All, N: 3, R1: 1.0 / 3, R5: 1, R10: 1, R20: 1, MRR: (1 + 1.0/2 + 1.0/3) / 3,
			NDCG10: (1 + 0.63093 + 0.5) / 3,
		},
	}}
	if diff := cmp.Diff(want, rows, cmpopts.EquateApprox(0, 1e-5)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestCompareErrors(t *testing.T) {
	bad := asked
	bad.Question = "坏"
	options := trees.options()
	for _, tt := range []struct {
		name string
		set  eval.Set
		c    eval.Contender
	}{
		{"search", eval.Set{Judged: []eval.Judged{bad}}, eval.Contender{Search: search}},
		{"answer", eval.Set{Judged: []eval.Judged{bad}}, eval.Contender{
			Search:  func(context.Context, rag.Question, int) ([]rag.Hit, error) { return nil, nil },
			Answers: &options,
		}},
		{"sentences", eval.Set{Judged: []eval.Judged{bad}}, eval.Contender{
			Search:    func(context.Context, rag.Question, int) ([]rag.Hit, error) { return nil, nil },
			Sentences: search,
		}},
		{"own question", eval.Set{Expected: []eval.Expected{{Question: "坏", RelevantQuotes: []string{"种树"}}}}, eval.Contender{Search: search}},
	} {
		if _, err := eval.Compare(t.Context(), tt.set, tt.c, eval.CompareOptions{}); !errors.Is(err, errUnscripted) {
			t.Errorf("%s: error is %v", tt.name, err)
		}
	}
}

func TestOpenSets(t *testing.T) {
	path := write(t, "a.queries.jsonl.gz", judged)
	folder := filepath.Dir(path)
	set, err := eval.OpenPublished(folder, "a+b")
	if err != nil {
		t.Fatal(err)
	}
	corpus := []string{filepath.Join(folder, "a.corpus.jsonl.gz"), filepath.Join(folder, "b.corpus.jsonl.gz")}
	if diff := cmp.Diff(corpus, set.Corpus); diff != "" || len(set.Judged) != 5 || set.Name != "a+b" {
		t.Errorf("%s has %d questions over (-want +got):\n%s", set.Name, len(set.Judged), diff)
	}
	if _, err := eval.OpenPublished(folder, "b+a"); err == nil {
		t.Error("questions that are not there were read")
	}
	own, err := eval.OpenOwn(questionsFile, []string{pagesFolder})
	if err != nil {
		t.Fatal(err)
	}
	if own.Name != "questions" || len(own.Expected) == 0 || own.Corpus[0] != pagesFolder {
		t.Errorf("%s has %d questions over %v", own.Name, len(own.Expected), own.Corpus)
	}
}

// compared is a table of rows by their first four cells.
func compared(rows ...string) eval.Table {
	t := eval.ComparedTable(nil)
	for _, row := range rows {
		cells := make([]string, len(t.Header))
		copy(cells, strings.Fields(row))
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func TestMergeCompared(t *testing.T) {
	ours := compared("b x held-out hybrid", "b x all hybrid+z", "b x all hybrid", "b x all bigram", "b x all dense+y", "a x all lexical", "a w all dense")
	theirs := compared("c x all bleve", "b x all bleve", "b x learned bleve")
	var got []string
	for _, row := range eval.MergeCompared(ours, theirs).Rows {
		got = append(got, strings.Join(row[:4], " "))
	}
	want := []string{
		"b x all bigram", "b x all bleve", "b x all hybrid", "b x all dense+y", "b x all hybrid+z", "b x learned bleve", "b x held-out hybrid",
		"a w all dense", "a x all lexical", "c x all bleve",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if got := ours.Rows[0][2]; got != "held-out" {
		t.Errorf("what was merged begins with %q", got)
	}
}

func TestComparedTable(t *testing.T) {
	rows := []eval.Compared{
		{Set: "s", Half: eval.All, System: "dense", Row: eval.Row{Kind: "k", N: 2, R1: 0.5, R5: 1, R10: 1, R20: 1, MRR: 0.75, NDCG10: 0.8}, Times: eval.Times{P50: 0.125, P95: 2}},
		{Set: "s", Half: "learned", System: "hybrid", Row: eval.Row{Kind: "k", N: 1}, Best: &eval.Best{Top1: 0.25, Top3: 0.5}, Refusals: &eval.Refusals{Answerable: 0.125, Without: 1}},
		{Set: "s", Half: "held-out", System: "bigram", Row: eval.Row{Kind: "k", N: 1}, Best: &eval.Best{Top1: 1, Top3: 1}},
	}
	var b strings.Builder
	if err := eval.WriteScores(&b, eval.ComparedTable(rows)); err != nil {
		t.Fatal(err)
	}
	want := "set\tkind\thalf\tsystem\tn\tR@1\tR@5\tR@10\tR@20\tMRR\tnDCG@10\ttop_1\ttop_3\tref_answerable\tref_without\tp50_ms\tp95_ms\n" +
		"s\tk\tall\tdense\t2\t0.500\t1.000\t1.000\t1.000\t0.750\t0.800\t-\t-\t-\t-\t0.12\t2.00\n" +
		"s\tk\tlearned\thybrid\t1\t0.000\t0.000\t0.000\t0.000\t0.000\t0.000\t0.250\t0.500\t0.125\t1.000\t0.00\t0.00\n" +
		"s\tk\theld-out\tbigram\t1\t0.000\t0.000\t0.000\t0.000\t0.000\t0.000\t1.000\t1.000\t-\t-\t0.00\t0.00\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("file (-want +got):\n%s", diff)
	}
	again, err := eval.ReadCompared(write(t, "rows.tsv", "# today\n\n"+want))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(eval.ComparedTable(rows), again); diff != "" {
		t.Errorf("written and read (-want +got):\n%s", diff)
	}
	for name, text := range map[string]string{"other columns": "set\tkind\n", "short row": want + "s\tk\n", "nothing": ""} {
		if _, err := eval.ReadCompared(write(t, "rows.tsv", text)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// FuzzReadScores writes what was read and reads it again.
func FuzzReadScores(f *testing.F) {
	f.Add("# today\nset\tn\na\t1\n\nb\t2\n")
	f.Add("set\tn\na\n")
	f.Add("\t\r\n#\n\t\n")
	f.Fuzz(func(t *testing.T, text string) {
		table, err := eval.ReadScores(strings.NewReader(text))
		if err != nil || len(table.Header) < 2 {
			return
		}
		var b strings.Builder
		if err := eval.WriteScores(&b, table); err != nil {
			t.Fatal(err)
		}
		again, err := eval.ReadScores(strings.NewReader(b.String()))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(table, again); diff != "" {
			t.Fatalf("read, written and read (-first +again):\n%s", diff)
		}
	})
}
