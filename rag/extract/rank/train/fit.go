package main

import (
	"math"
	"slices"
)

// adam takes steps of gradient descent (Kingma and Ba 2015, their constants).
type adam struct {
	rate          float64
	step          int
	first, second []float64
}

func (a *adam) move(weights, gradient []float64) {
	const keepFirst, keepSecond, tiny = 0.9, 0.999, 1e-8
	if a.first == nil {
		a.first, a.second = make([]float64, len(weights)), make([]float64, len(weights))
	}
	a.step++
	for i, g := range gradient {
		a.first[i] = keepFirst*a.first[i] + (1-keepFirst)*g
		a.second[i] = keepSecond*a.second[i] + (1-keepSecond)*g*g
		first := a.first[i] / (1 - math.Pow(keepFirst, float64(a.step)))
		second := a.second[i] / (1 - math.Pow(keepSecond, float64(a.step)))
		weights[i] -= a.rate * first / (math.Sqrt(second) + tiny)
	}
}

// How long and how strictly is fitted. With more steps nothing changes in the
// third digit; the penalties only keep features that say the same from drifting apart.
const (
	steps           = 800
	rate            = 0.03
	sentencePenalty = 1e-4
	evidencePenalty = 1e-3
)

// choice is a question with the sentences to choose from, and which are right.
type choice struct {
	features [][]float64
	right    []bool
}

// fitChoices learns the weights with which the right sentences get most of each
// question's softmax. Questions without a right sentence teach nothing.
func fitChoices(choices []choice) []float64 {
	choices = slices.DeleteFunc(slices.Clone(choices), func(c choice) bool { return !slices.Contains(c.right, true) })
	var rows [][]float64
	for _, c := range choices {
		rows = append(rows, c.features...)
	}
	_, spread := moments(rows)
	weights := make([]float64, len(spread)) // of features divided by their spread
	optimizer := adam{rate: rate}
	for range steps {
		gradient := make([]float64, len(weights))
		for _, c := range choices {
			c.addGradient(gradient, weights, spread)
		}
		for i := range gradient {
			gradient[i] = gradient[i]/float64(len(choices)) + sentencePenalty*weights[i]
		}
		optimizer.move(weights, gradient)
	}
	for i := range weights {
		weights[i] /= spread[i]
	}
	return weights
}

// addGradient adds that of -log of the right sentences' share.
func (c *choice) addGradient(gradient, weights, spread []float64) {
	scores := make([]float64, len(c.features))
	for n, f := range c.features {
		for i, v := range f {
			scores[n] += v / spread[i] * weights[i]
		}
	}
	most := slices.Max(scores)
	all, right := 0.0, 0.0
	for n := range scores {
		scores[n] = math.Exp(scores[n] - most)
		all += scores[n]
		if c.right[n] {
			right += scores[n]
		}
	}
	for n, f := range c.features {
		slope := scores[n] / all
		if c.right[n] {
			slope -= scores[n] / right
		}
		for i, v := range f {
			gradient[i] += slope * v / spread[i]
		}
	}
}

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
	mean, spread := moments(rows)
	fitted := make([]float64, len(mean)+1) // the bias is last
	optimizer := adam{rate: rate}
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
		optimizer.move(fitted, gradient)
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

// leastSpread keeps a feature that never differs from being divided by nothing.
const leastSpread = 1e-3

// moments are the mean and the standard deviation of each column.
func moments(rows [][]float64) (mean, spread []float64) {
	mean, spread = make([]float64, len(rows[0])), make([]float64, len(rows[0]))
	n := float64(len(rows))
	for _, row := range rows {
		for i, v := range row {
			mean[i] += v / n
		}
	}
	for _, row := range rows {
		for i, v := range row {
			spread[i] += (v - mean[i]) * (v - mean[i]) / n
		}
	}
	for i := range spread {
		spread[i] = max(math.Sqrt(spread[i]), leastSpread)
	}
	return mean, spread
}
