package main

import (
	"bytes"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"wenbao/rag/extract/rank"
)

func TestWrite(t *testing.T) {
	var b bytes.Buffer
	if err := write(&b, make([]float64, rank.NumFeatures), make([]float64, rank.NumEvidence), -1.5, 0.4); err != nil {
		t.Fatal(err)
	}
	if _, err := parser.ParseFile(token.NewFileSet(), "weights.go", b.Bytes(), parser.AllErrors); err != nil {
		t.Fatal(err)
	}
	for _, name := range append(rank.FeatureNames(), rank.EvidenceNames()...) {
		if !strings.Contains(b.String(), "\t"+name+":") {
			t.Errorf("%s has no line", name)
		}
	}
	for _, line := range []string{"const evidenceBias = -1.500", "const MinConfidence = 0.40"} {
		if !strings.Contains(b.String(), line) {
			t.Errorf("%s is missing", line)
		}
	}
}
