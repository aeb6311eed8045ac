// Package learn fits the weights of linear scores, for the trainers of rankings.
// The same data give the same weights on every machine of one kind.
package learn

import (
	"math"
	"slices"
)

// Choice is a question with the candidates to choose from.
type Choice struct {
	// Features are those of each candidate, of one length in all choices.
	Features [][]float64
	// Right says which candidates are right.
	Right []bool
	// Group, where set, is the number of what each candidate stands for, from 0: of
	// one group the best candidate counts, and all of it is right where one is.
	Group []int
	// Weight is how much the question counts; 0 means 1.
	Weight float64
}

// Options say how long and how strictly is fitted. Steps and Rate are required.
type Options struct {
	Steps int
	Rate  float64
	// Penalty keeps features that say the same from drifting apart: half of it
	// times the square of each weight, of features by their spread, is added to
	// the loss.
	Penalty float64
	// Sign, where set, is 1 for each weight that is to be 0 or more, -1 for 0 or
	// less, 0 for any.
	Sign []int
}

// Choose learns the weights with which the right groups get most of each
// question's softmax. Questions without a right candidate teach nothing.
func Choose(choices []Choice, opt Options) []float64 {
	choices = slices.DeleteFunc(slices.Clone(choices), func(c Choice) bool { return !slices.Contains(c.Right, true) })
	var rows [][]float64
	total := 0.0
	for i := range choices {
		rows = append(rows, choices[i].Features...)
		total += choices[i].weight()
	}
	_, spread := Moments(rows)
	weights := make([]float64, len(spread)) // of features divided by their spread
	optimizer := Adam{Rate: opt.Rate}
	for range opt.Steps {
		gradient := sumGradients(choices, weights, spread)
		for i := range gradient {
			gradient[i] = gradient[i]/total + opt.Penalty*weights[i]
		}
		optimizer.Move(weights, gradient)
		for i, sign := range opt.Sign {
			if float64(sign)*weights[i] < 0 {
				weights[i] = 0
			}
		}
	}
	for i := range weights {
		weights[i] /= spread[i]
	}
	return weights
}

func (c *Choice) weight() float64 {
	if c.Weight == 0 {
		return 1
	}
	return c.Weight
}

// sumGradients adds up the gradients of all choices.
func sumGradients(choices []Choice, weights, spread []float64) []float64 {
	scaled := make([]float64, len(weights))
	for i := range scaled {
		scaled[i] = weights[i] / spread[i]
	}
	gradient := make([]float64, len(weights))
	for i := range choices {
		choices[i].addGradient(gradient, scaled)
	}
	for i := range gradient {
		gradient[i] /= spread[i]
	}
	return gradient
}

// outcome is what a group comes to.
type outcome struct {
	best  int // its best candidate
	score float64
	right bool
}

// outcomes are those of the groups, by their numbers.
func (c *Choice) outcomes(weights []float64) []outcome {
	var out []outcome
	for n, f := range c.Features {
		group := n
		if c.Group != nil {
			group = c.Group[n]
		}
		for len(out) <= group {
			out = append(out, outcome{score: math.Inf(-1)})
		}
		score := 0.0
		for i, v := range f {
			score += v * weights[i]
		}
		o := &out[group]
		if score > o.score {
			o.best, o.score = n, score
		}
		o.right = o.right || c.Right[n]
	}
	return out
}

// addGradient adds that of -log of the right groups' share.
func (c *Choice) addGradient(gradient, weights []float64) {
	groups := c.outcomes(weights)
	most := math.Inf(-1)
	for _, o := range groups {
		most = max(most, o.score)
	}
	all, right := 0.0, 0.0
	for i := range groups {
		o := &groups[i]
		o.score = math.Exp(o.score - most)
		all += o.score
		if o.right {
			right += o.score
		}
	}
	if right == 0 { // beyond what numbers can tell
		return
	}
	for _, o := range groups {
		slope := o.score / all
		if o.right {
			slope -= o.score / right
		}
		slope *= c.weight()
		for i, v := range c.Features[o.best] {
			gradient[i] += slope * v
		}
	}
}

// leastSpread keeps a feature that never differs from being divided by nothing.
const leastSpread = 1e-3

// Moments are the mean and the standard deviation of each column, the latter at
// least a thousandth. There has to be a row.
func Moments(rows [][]float64) (mean, spread []float64) {
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

// Adam takes steps of gradient descent (Kingma and Ba 2015, their constants). Rate
// is required.
type Adam struct {
	Rate          float64
	step          int
	first, second []float64
}

// Move takes a step: it changes the weights.
func (a *Adam) Move(weights, gradient []float64) {
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
		weights[i] -= a.Rate * first / (math.Sqrt(second) + tiny)
	}
}
