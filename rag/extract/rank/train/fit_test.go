package main

import (
	"math"
	"testing"
)

// The first feature decides, the second is noise.
func TestFitChoices(t *testing.T) {
	var choices []choice
	for i := range 40 {
		noise := float64(i % 7)
		choices = append(choices, choice{
			features: [][]float64{{0.2, noise}, {0.8, 3 - noise}, {0.5, 1}},
			right:    []bool{false, true, false},
		})
	}
	choices = append(choices, choice{features: [][]float64{{9, 9}}, right: []bool{false}})
	w := fitChoices(choices)
	for _, c := range choices[:40] {
		best, at := math.Inf(-1), 0
		for n, f := range c.features {
			if s := f[0]*w[0] + f[1]*w[1]; s > best {
				best, at = s, n
			}
		}
		if !c.right[at] {
			t.Fatalf("weights %v choose %d of %v", w, at, c.features)
		}
	}
}

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

func TestMoments(t *testing.T) {
	mean, spread := moments([][]float64{{1, 5}, {3, 5}})
	if mean[0] != 2 || spread[0] != 1 || mean[1] != 5 || spread[1] != leastSpread {
		t.Errorf("mean %v, spread %v", mean, spread)
	}
}
