package learn_test

import (
	"math"
	"testing"

	"wenbao/rag/learn"
)

var options = learn.Options{Steps: 800, Rate: 0.03, Penalty: 1e-4}

// The first feature decides, the second is noise.
func TestChoose(t *testing.T) {
	var choices []learn.Choice
	for i := range 40 {
		noise := float64(i % 7)
		choices = append(choices, learn.Choice{
			Features: [][]float64{{0.2, noise}, {0.8, 3 - noise}, {0.5, 1}},
			Right:    []bool{false, true, false},
		})
	}
	choices = append(choices, learn.Choice{Features: [][]float64{{9, 9}}, Right: []bool{false}})
	w := learn.Choose(choices, options)
	for _, c := range choices[:40] {
		best, at := math.Inf(-1), 0
		for n, f := range c.Features {
			if s := f[0]*w[0] + f[1]*w[1]; s > best {
				best, at = s, n
			}
		}
		if !c.Right[at] {
			t.Fatalf("weights %v choose %d of %v", w, at, c.Features)
		}
	}
}

// Of a group the best candidate counts: a right one may be poor where another of
// its group is good.
func TestChooseGroups(t *testing.T) {
	c := learn.Choice{
		Features: [][]float64{{1, 0}, {0, 1}, {0.5, 0.5}},
		Right:    []bool{false, true, false},
		Group:    []int{0, 0, 1},
	}
	w := learn.Choose([]learn.Choice{c}, learn.Options{Steps: 100, Rate: 0.03, Sign: []int{1, -1}})
	if w[0] <= 0 || w[1] > 0 {
		t.Errorf("weights %v, want the group's other candidate to gain", w)
	}
}

// What counts more decides where choices disagree, and signs hold.
func TestChooseOptions(t *testing.T) {
	feature := [][]float64{{1}, {0}}
	choices := []learn.Choice{
		{Features: feature, Right: []bool{true, false}, Weight: 3},
		{Features: feature, Right: []bool{false, true}},
	}
	if w := learn.Choose(choices, options); math.Abs(w[0]-math.Log(3)) > 0.01 {
		t.Errorf("weight %.3f for what is right three times in four, want log 3", w[0])
	}
	opt := options
	opt.Sign = []int{-1}
	if w := learn.Choose(choices, opt); w[0] != 0 {
		t.Errorf("weight %v, want none above 0", w[0])
	}
}

func TestMoments(t *testing.T) {
	mean, spread := learn.Moments([][]float64{{1, 5}, {3, 5}})
	if mean[0] != 2 || spread[0] != 1 || mean[1] != 5 || spread[1] != 1e-3 {
		t.Errorf("mean %v, spread %v", mean, spread)
	}
}
