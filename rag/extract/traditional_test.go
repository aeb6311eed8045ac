package extract_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wenbao/rag"
	"wenbao/rag/ragtest"
)

// TestPrintedInTraditionalCharacters asks a paper in Traditional characters: what
// it prints is shown so, our own words and the names of places are not.
func TestPrintedInTraditionalCharacters(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "2024-12-31")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(testdata, "pages", "2024-12-31", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(file)), []byte(ragtest.Traditional(string(text))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	paper, err := open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, question, ours, printed string }{
		{"number", "临江区2024年新增养老床位多少张？", "", "320张"},
		{"place and year before it", "临江区2025年计划新增养老床位多少张？", "临江区2025年：", "新增养老床位500张"},
		{"person", "平阜县委书记是谁？", "", "骆远征——"},
		{"office", "骆远征是谁？", "", "平阜县委书记"},
		{"value of a table", "松岭县2024年新增学位多少个？", "松岭县2024年：", "新增学位（个） 4600"},
		{"list", "临江区2025年养老方面有什么计划？", "临江区2025年在“养老”方面的安排：", "新建老年助餐点20个"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, question := range []string{tt.question, ragtest.Traditional(tt.question)} {
				a, err := paper.Ask(context.Background(), rag.Question{Text: question})
				if err != nil {
					t.Fatal(err)
				}
				ragtest.CheckAnswer(t, a)
				if printed := ragtest.Traditional(tt.printed); !strings.Contains(a.Text, tt.ours) || !strings.Contains(squeeze(a.Text), squeeze(printed)) {
					t.Errorf("%s: %q, want %q and %q", question, a.Text, tt.ours, printed)
				}
			}
		})
	}
}
