package main

import (
	"math"

	"wenbao/rag/learn"
)

// How long and how strictly is fitted. With more steps nothing changes in the
// third digit; the penalties only keep features that say the same from drifting apart.
const (
	steps           = 800
	rate            = 0.03
	sentencePenalty = 1e-4
	evidencePenalty = 1e-3
)

// verdict is a finding for a question of some kind with whether it answers, and
// how much it counts.
type verdict struct {
	kind     string
	evidence []float64
	answered bool
	weight   float64
}

// fitVerdicts is logistic regression.
func fitVerdicts(verdicts []verdict) (weights []float64, bias float64) {
	var rows [][]float64
	total := 0.0
	for _, v := range verdicts {
		rows = append(rows, v.evidence)
		total += v.weight
	}
	mean, spread := learn.Moments(rows)
	fitted := make([]float64, len(mean)+1) // the bias is last
	optimizer := learn.Adam{Rate: rate}
	for range steps {
		gradient := make([]float64, len(fitted))
		for _, v := range verdicts {
			sum := fitted[len(mean)]
			for i, x := range v.evidence {
				sum += fitted[i] * (x - mean[i]) / spread[i]
			}
			slope := v.weight / total * (sigmoid(sum) - target(v.answered))
			for i, x := range v.evidence {
				gradient[i] += slope * (x - mean[i]) / spread[i]
			}
			gradient[len(mean)] += slope
		}
		for i := range mean {
			gradient[i] += evidencePenalty * fitted[i]
		}
		optimizer.Move(fitted, gradient)
	}
	weights, bias = fitted[:len(mean)], fitted[len(mean)]
	for i := range weights {
		weights[i] /= spread[i]
		bias -= weights[i] * mean[i]
	}
	return weights, bias
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func target(answered bool) float64 {
	if answered {
		return 1
	}
	return 0
}
