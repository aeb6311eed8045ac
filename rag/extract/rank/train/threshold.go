package main

import (
	"math"
	"slices"
)

const (
	// mostRefused is the share of the questions with an answer that may be refused
	// for their confidence: of the seven in a hundred that may be refused in all, the
	// rules refuse one.
	mostRefused = 0.06
	// grid is how many least confidences are tried between 0 and 1.
	grid = 100
)

// leastConfidence is the greatest confidence of the grid below which no more than
// mostRefused of the answered questions of any aimed kind lie.
func leastConfidence(verdicts []verdict, weights []float64, bias float64) float64 {
	least := 1.0
	for _, kind := range aimed {
		var found []float64
		for _, v := range verdicts {
			if v.kind == kind && v.answered {
				found = append(found, confidence(v.evidence, weights, bias))
			}
		}
		if len(found) == 0 {
			continue
		}
		slices.Sort(found)
		least = min(least, found[int(mostRefused*float64(len(found)))])
	}
	return math.Floor(least*grid) / grid
}

func confidence(evidence, weights []float64, bias float64) float64 {
	sum := bias
	for i, v := range evidence {
		sum += v * weights[i]
	}
	return sigmoid(sum)
}
