package train

import "math"

// lanes is how many sums the kernels keep side by side. It belongs to the
// arithmetic: with another number, sums are rounded otherwise.
const lanes = 8

// Constants of Adam (Kingma and Ba, 2015). A row that has no gradient is left
// alone, moments included; decaySquare is less than usual because most rows are
// seen in few steps.
const (
	decayMean   = float32(0.9)
	decaySquare = float32(0.99)
	epsilon     = float32(1e-8)
)

// rate is how far a row moves: by step times the mean of its gradients over the
// root of the mean of their squares, times root. Both hold the correction for how
// often the row has moved so far.
type rate struct{ step, root float32 }

// rateOf is the rate of a row at its nth move.
func rateOf(learning float64, n int) rate {
	first := 1 - math.Pow(float64(decayMean), float64(n))
	second := 1 - math.Pow(float64(decaySquare), float64(n))
	return rate{step: float32(learning / first), root: float32(1 / math.Sqrt(second))}
}

// rates tables rateOf at one learning rate, up to where it no longer changes.
type rates []rate

// settled is the number of moves after which the corrections are 1 in float32.
const settled = 2000

func ratesOf(learning float64) rates {
	out := make(rates, settled)
	for i := range out {
		out[i] = rateOf(learning, i+1)
	}
	return out
}

// at is the rate of a row at its nth move.
func (r rates) at(n int) rate { return r[min(n, settled)-1] }
