package eval_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wenbao/rag"
	"wenbao/rag/eval"
	"wenbao/rag/ragtest"
)

// leastAlike is the share of questions that has to have the same outcome, and the
// same marks, in Traditional characters as in Simplified ones.
const leastAlike = 0.98

// TestTraditional asks the questions over the sample newspaper, and has the
// newspaper printed, in Traditional characters: what is answered, and what is right,
// must hardly depend on it, and quotes are as printed.
func TestTraditional(t *testing.T) {
	ctx := context.Background()
	questions, err := eval.ReadFile(questionsFile, eval.ReadExpected)
	if err != nil {
		t.Fatal(err)
	}
	asked := make([]eval.Expected, len(questions))
	for i, q := range questions {
		q.Question = ragtest.Traditional(q.Question)
		q.History = make([]string, len(questions[i].History))
		for j, said := range questions[i].History {
			q.History[j] = ragtest.Traditional(said)
		}
		asked[i] = q
	}
	folder := filepath.FromSlash(pagesFolder)
	printed := copyPages(t, folder)
	_, engine := samplePages(t, folder)
	_, other := samplePages(t, printed)
	want := outcomes(ctx, t, engine, questions)
	for _, tt := range []struct {
		name      string
		engine    *rag.Engine
		questions []eval.Expected
	}{
		{"questions", engine, asked},
		{"pages", other, questions},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := outcomes(ctx, t, tt.engine, tt.questions)
			alike := 0
			for i, q := range tt.questions {
				if got[i] == want[i] {
					alike++
					continue
				}
				t.Logf("%s %s: %s, in Simplified characters %s", q.ID, q.Question, got[i], want[i])
			}
			if share := float64(alike) / float64(len(questions)); share < leastAlike {
				t.Errorf("%d of %d questions alike, want a share of %.2f", alike, len(questions), leastAlike)
			}
		})
	}
}

// outcomes are what each question comes to, and what is wrong with its answer.
func outcomes(ctx context.Context, t *testing.T, e *rag.Engine, questions []eval.Expected) []string {
	t.Helper()
	out := make([]string, len(questions))
	for i := range questions {
		report, err := eval.Answers(ctx, e, questions[i:i+1])
		if err != nil {
			t.Fatal(err)
		}
		out[i] = "right"
		if len(report.Failures) > 0 {
			out[i] = strings.Join(report.Failures[0].Faults, "; ")
		}
		if report.Measures[0].Answered > 0 {
			out[i] = "answered, " + out[i]
		}
	}
	return out
}

// copyPages writes a folder's pages anew in Traditional characters.
func copyPages(t *testing.T, folder string) string {
	t.Helper()
	out := t.TempDir()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		path = filepath.Join(out, strings.TrimPrefix(path, folder))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		return os.WriteFile(path, []byte(ragtest.Traditional(string(text))), 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
