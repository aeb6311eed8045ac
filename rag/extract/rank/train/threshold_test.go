package main

import "testing"

// Of 100 questions with an answer six may be refused, in the kind that has the least
// confidence.
func TestLeastConfidence(t *testing.T) {
	var verdicts []verdict
	for i := range 100 {
		x := float64(i) - 50
		for n, kind := range aimed {
			verdicts = append(verdicts, verdict{kind: kind, evidence: []float64{x + float64(40*n)}, answered: true})
		}
		verdicts = append(verdicts, verdict{kind: aimed[0], evidence: []float64{-90}}, verdict{kind: "other", evidence: []float64{-90}, answered: true})
	}
	if got := leastConfidence(verdicts, []float64{0.05}, 0); got != 0.09 {
		t.Errorf("least confidence is %v, want 0.09", got)
	}
}
