package main

import (
	"math"
	"testing"
)

func TestFitVerdicts(t *testing.T) {
	var verdicts []verdict
	for i := range 100 {
		x := float64(i) / 100
		verdicts = append(verdicts, verdict{evidence: []float64{x, 1}, answered: x > 0.4, weight: 1})
	}
	w, bias := fitVerdicts(verdicts)
	if at := -(bias + w[1]) / w[0]; math.Abs(at-0.4) > 0.03 {
		t.Errorf("the verdict changes at %.3f, not at 0.4", at)
	}
}
