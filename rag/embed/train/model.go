package train

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"

	"wenbao/rag/embed"
)

// model is what is learned: for each row of the vocabulary dim values and a
// weight, with the moments that Adam keeps of them.
type model struct {
	vocabulary *embed.Vocabulary
	dim        int
	moves      []int32 // how often each row has moved
	values     moved   // dim for each row
	weights    moved   // one for each row
}

// moved are numbers with the means of their gradients and of the squares of these.
type moved struct{ x, mean, square []float32 }

func newMoved(n int) moved {
	return moved{make([]float32, n), make([]float32, n), make([]float32, n)}
}

// commonShare is the share of all features at which a feature's first weight is a
// half: frequent ones say little (Arora, Liang and Ma, 2017).
const commonShare = 5e-4

// firstLength is about how long the vector of a row is at first. It is little, so
// that of rows that are seldom moved what was learned outweighs what was drawn.
const firstLength = 0.1

// newModel starts with values drawn from seed and with weights by how often each
// row stands in the text.
func newModel(v *embed.Vocabulary, dim int, seed uint64, articles []article) *model {
	n := v.Rows()
	m := &model{vocabulary: v, dim: dim, moves: make([]int32, n), values: newMoved(n * dim), weights: newMoved(n)}
	rng := rand.New(rand.NewPCG(seed, math.MaxUint64))
	deviation := firstLength / math.Sqrt(float64(dim))
	for i := range m.values.x {
		m.values.x[i] = float32(rng.NormFloat64() * deviation)
	}
	times := make([]int, n)
	total := 0
	var rows []uint32
	for i := range articles {
		for _, s := range articles[i].sentences {
			rows = v.AppendRows(rows[:0], s)
			for _, row := range rows {
				times[row]++
			}
			total += len(rows)
		}
	}
	for i, k := range times {
		m.weights.x[i] = float32(commonShare / (commonShare + float64(k)/float64(max(1, total))))
	}
	return m
}

// row are the values of a row.
func (m *model) row(row uint32) []float32 {
	return m.values.x[int(row)*m.dim : (int(row)+1)*m.dim]
}

// weighted are the values of all rows times their weights, as an embedder adds
// them up.
func (m *model) weighted() []float32 {
	out := make([]float32, len(m.values.x))
	for i, w := range m.weights.x {
		addScaled(out[i*m.dim:(i+1)*m.dim], m.row(uint32(i)), w)
	}
	return out
}

// texts are texts as the rows of their features: those of text i lie before
// ends[i].
type texts struct {
	rows []uint32
	ends []int
}

func (t *texts) add(v *embed.Vocabulary, text string) {
	t.rows = v.AppendRows(t.rows, text)
	t.ends = append(t.ends, len(t.rows))
}

// of are the rows of text i.
func (t *texts) of(i int) []uint32 {
	if i == 0 {
		return t.rows[:t.ends[0]]
	}
	return t.rows[t.ends[i-1]:t.ends[i]]
}

// embed writes the vectors of texts to units, each of length 1, and what the sums
// were divided by to lengths.
func (m *model) embed(t *texts, units, lengths []float32) {
	parallel(len(t.ends), func(from, to int) {
		for i := from; i < to; i++ {
			u := units[i*m.dim : (i+1)*m.dim]
			clear(u)
			for _, row := range t.of(i) {
				addScaled(u, m.row(row), m.weights.x[row])
			}
			length := float32(math.Sqrt(float64(dot(u, u))))
			lengths[i] = length
			if length > 0 {
				scale(u, 1/length)
			}
		}
	})
}

func scale(x []float32, by float32) {
	for i := range x {
		x[i] *= by
	}
}

// parallel calls work for parts of 0 to n on all processors and waits. What it
// computes must not depend on where the parts are cut.
func parallel(n int, work func(from, to int)) {
	workers := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for k := range workers {
		wg.Go(func() { work(n*k/workers, n*(k+1)/workers) })
	}
	wg.Wait()
}
