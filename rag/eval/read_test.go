package eval_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"wenbao/rag"
	"wenbao/rag/eval"
)

func TestReadJudged(t *testing.T) {
	got, err := eval.ReadFile(write(t, "q.jsonl", judged+"\n"), eval.ReadJudged)
	if err != nil {
		t.Fatal(err)
	}
	want := eval.Judged{ID: "q3", Question: "那里的桥呢", History: []string{"柳溪镇", "在松岭县"}, Kind: "turns", Relevant: []string{"d3"}}
	if len(got) != 5 {
		t.Fatalf("%d questions, want 5", len(got))
	}
	if diff := cmp.Diff(want, got[2]); diff != "" {
		t.Errorf("third (-want +got):\n%s", diff)
	}
}

func TestReadErrorsNameTheLine(t *testing.T) {
	for _, tt := range []struct {
		name, text, want string
	}{
		{"broken", "\n\n{\"id\":", "line 3: "},
		{"without id", `{"question":"问","outcome":"answered"}`, "line 1: "},
		{"other outcome", `{"id":"1","question":"问","outcome":"maybe"}`, `line 1: outcome is "maybe"`},
		{"cut gzip", "\x1f\x8b\x08", "unpack: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := write(t, "q.jsonl", tt.text)
			_, err := eval.ReadFile(path, eval.ReadExpected)
			if err == nil || !strings.HasPrefix(err.Error(), path+": "+tt.want) {
				t.Errorf("error %v, want %s: %s…", err, path, tt.want)
			}
		})
	}
}

// The committed questions are well formed: every field that scoring relies on.
func TestQuestionsFile(t *testing.T) {
	questions, err := eval.ReadFile(questionsFile, eval.ReadExpected)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, q := range questions {
		switch {
		case seen[q.ID]:
			t.Errorf("%s: twice", q.ID)
		case q.Kind == "":
			t.Errorf("%s: no kind", q.ID)
		case (q.Outcome == rag.Answered || q.Kind == eval.NearMiss) && len(q.RelevantQuotes) == 0:
			t.Errorf("%s: nothing to cite", q.ID)
		}
		seen[q.ID] = true
	}
}

// FuzzReadExpected writes what was read and reads it again.
func FuzzReadExpected(f *testing.F) {
	f.Add(`{"id":"1","question":"问","outcome":"answered","must":["9条"]}` + "\n\n")
	f.Add(`{"id":"1","question":"问","outcome":"no_evidence","year":2025}` + "\r\n" + `{"id":`)
	f.Add("\x1f\x8b")
	f.Fuzz(func(t *testing.T, text string) {
		questions, err := eval.ReadExpected(strings.NewReader(text))
		if err != nil {
			return
		}
		var b strings.Builder
		enc := json.NewEncoder(&b)
		for _, q := range questions {
			if q.ID == "" || q.Question == "" {
				t.Fatalf("accepted %+v", q)
			}
			if err := enc.Encode(q); err != nil {
				t.Fatal(err)
			}
		}
		again, err := eval.ReadExpected(strings.NewReader(b.String()))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(questions, again, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("read, written and read (-first +again):\n%s", diff)
		}
	})
}

// questionsFile are our own questions over the sample pages.
const questionsFile = "../../testdata/eval/questions.jsonl"
