package train

import (
	"math"
	"runtime"
)

// negligible is the share of a softmax below which an entry moves nothing: of
// 1,024 all together at most a hundredth.
const negligible = 1e-5

// learner takes steps. Its buffers are reused from step to step.
type learner struct {
	model       *model
	temperature float32
	n           int // pairs of a step

	units, lengths []float32  // of the 2n texts: all that ask, and then all that are found
	gradients      []float32  // of the loss by units, and then by sums
	near           []float32  // n times n: e^((cosine-1)/temperature), 0 where masked
	rowSums        []float32  // of near
	columnSums     []float32  //
	losses         []float32  // of each pair
	values         []float32  // gradients by the model's values
	weights        []float32  // and by its weights
	touched        [][]uint32 // rows with a gradient, by the worker that they belong to
	marks          []bool     // of touched rows
}

func newLearner(m *model, n int, temperature float64) *learner {
	return &learner{
		model: m, temperature: float32(temperature), n: n,
		units: make([]float32, 2*n*m.dim), lengths: make([]float32, 2*n), gradients: make([]float32, 2*n*m.dim),
		near: make([]float32, n*n), rowSums: make([]float32, n), columnSums: make([]float32, n), losses: make([]float32, n),
		values: make([]float32, len(m.values.x)), weights: make([]float32, len(m.weights.x)),
		touched: make([][]uint32, runtime.GOMAXPROCS(0)), marks: make([]bool, len(m.weights.x)),
	}
}

// loss embeds n pairs, the texts that ask before those that are found, and gives
// the mean of their losses: how unlikely each text finds its partner among those
// of all pairs, both ways.
func (l *learner) loss(t *texts, groups []int) float64 {
	l.model.embed(t, l.units, l.lengths)
	l.compare(groups)
	sum := 0.0
	for _, x := range l.losses {
		sum += float64(x)
	}
	return sum / float64(l.n)
}

// compare fills in near, its sums and the losses.
func (l *learner) compare(groups []int) {
	n, dim := l.n, l.model.dim
	asked, found := l.units[:n*dim], l.units[n*dim:]
	parallel(n, func(from, to int) {
		var four [4]float32
		for i := from; i < to; i++ {
			row := l.near[i*n : (i+1)*n]
			a := asked[i*dim : (i+1)*dim]
			for j := 0; j < n; j += 4 {
				dot4(a, found[j*dim:(j+4)*dim], &four)
				copy(row[j:j+4], four[:])
			}
			sum := float32(0)
			for j, cosine := range row {
				row[j] = 0
				if i == j || groups[i] != groups[j] {
					row[j] = exp((cosine - 1) / l.temperature)
				}
				sum += row[j]
			}
			l.rowSums[i] = sum
		}
	})
	parallel(n/lanes, func(from, to int) {
		from, to = from*lanes, to*lanes
		sums := l.columnSums[from:to]
		clear(sums)
		for i := range n {
			addScaled(sums, l.near[i*n+from:i*n+to], 1)
		}
	})
	for i := range n {
		x := float64(l.near[i*n+i])
		l.losses[i] = float32((math.Log(float64(l.rowSums[i])/x) + math.Log(float64(l.columnSums[i])/x)) / 2)
	}
}

// step moves the model against the gradient of the loss of n pairs, and gives the
// loss before.
func (l *learner) step(t *texts, groups []int, values, weights rates) float64 {
	loss := l.loss(t, groups)
	l.byUnits()
	l.bySums()
	l.byRows(t)
	l.move(values, weights)
	return loss
}

// byUnits fills in the gradients by the units of all texts.
func (l *learner) byUnits() {
	n, dim := l.n, l.model.dim
	clear(l.gradients)
	for j, sum := range l.columnSums {
		l.columnSums[j] = 1 / sum
	}
	parallel(n, func(from, to int) {
		for i := from; i < to; i++ {
			row := l.near[i*n : (i+1)*n]
			l.byCosines(row, i)
			g := l.gradients[i*dim : (i+1)*dim]
			for j, x := range row {
				if x != 0 {
					addScaled(g, l.units[(n+j)*dim:(n+j+1)*dim], x)
				}
			}
		}
	})
	parallel(n, func(from, to int) {
		for i := range n {
			u := l.units[i*dim : (i+1)*dim]
			for j, x := range l.near[i*n+from : i*n+to] {
				if x != 0 {
					at := (n + from + j) * dim
					addScaled(l.gradients[at:at+dim], u, x)
				}
			}
		}
	})
}

// byCosines turns row i of near into the gradients by its cosines: the share that
// each has in the softmax of its row and of its column, less 1 where it should be
// all. columnSums holds their inverses.
func (l *learner) byCosines(row []float32, i int) {
	factor := 1 / (2 * l.temperature * float32(l.n))
	inverse := 1 / l.rowSums[i]
	for j, x := range row {
		share := float32(x*inverse) + float32(x*l.columnSums[j])
		switch {
		case i == j:
			row[j] = (share - 2) * factor
		case share < negligible:
			row[j] = 0
		default:
			row[j] = share * factor
		}
	}
}

// bySums turns gradients by units into those by the sums that were scaled to them.
func (l *learner) bySums() {
	dim := l.model.dim
	parallel(2*l.n, func(from, to int) {
		for i := from; i < to; i++ {
			g, u := l.gradients[i*dim:(i+1)*dim], l.units[i*dim:(i+1)*dim]
			if l.lengths[i] == 0 {
				clear(g)
				continue
			}
			addScaled(g, u, -dot(g, u))
			scale(g, 1/l.lengths[i])
		}
	})
}

// byRows adds up the gradients by the rows that the texts are made of. Each row
// belongs to one worker, which adds text by text.
func (l *learner) byRows(t *texts) {
	m := l.model
	workers := len(l.touched)
	parallel(workers, func(from, to int) {
		for k := from; k < to; k++ {
			for i := range 2 * l.n {
				g := l.gradients[i*m.dim : (i+1)*m.dim]
				for _, row := range t.of(i) {
					if int(row)%workers != k {
						continue
					}
					if !l.marks[row] {
						l.marks[row] = true
						l.touched[k] = append(l.touched[k], row)
					}
					addScaled(l.values[int(row)*m.dim:(int(row)+1)*m.dim], g, m.weights.x[row])
					l.weights[row] += dot(g, m.row(row))
				}
			}
		}
	})
}

// move moves the rows that have a gradient, and clears it.
func (l *learner) move(values, weights rates) {
	m := l.model
	parallel(len(l.touched), func(from, to int) {
		for k := from; k < to; k++ {
			for _, row := range l.touched[k] {
				at, end := int(row)*m.dim, (int(row)+1)*m.dim
				m.moves[row]++
				times := int(m.moves[row])
				adam(m.values.x[at:end], l.values[at:end], m.values.mean[at:end], m.values.square[at:end], values.at(times))
				m.weights.move(int(row), l.weights[row], weights.at(times))
				clear(l.values[at:end])
				l.weights[row] = 0
				l.marks[row] = false
			}
			l.touched[k] = l.touched[k][:0]
		}
	})
}

// move is adam for one number.
func (m *moved) move(i int, gradient float32, r rate) {
	m.mean[i] = float32(decayMean*m.mean[i]) + float32((1-decayMean)*gradient)
	m.square[i] = float32(decaySquare*m.square[i]) + float32((1-decaySquare)*float32(gradient*gradient))
	root := float32(math.Sqrt(float64(m.square[i])))
	m.x[i] -= float32(r.step*m.mean[i]) / (float32(root*r.root) + epsilon)
}

// exp is e^x for x from -87 to 1, right to about six digits and the same on every
// machine: a power of 2 and a polynomial (Cephes).
func exp(x float32) float32 {
	const log2e, ln2hi, ln2lo = 1.44269504088896341, 0.693359375, -2.12194440e-4
	if x < -87 {
		return 0
	}
	whole := int32(float32(x*log2e) - 0.5)
	k := float32(whole)
	x -= float32(k * ln2hi)
	x -= float32(k * ln2lo)
	p := float32(1.9875691500e-4)
	for _, c := range [...]float32{1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1} {
		p = float32(p*x) + c
	}
	p = float32(p*float32(x*x)) + x + 1
	return p * math.Float32frombits(uint32(whole+127)<<23)
}
