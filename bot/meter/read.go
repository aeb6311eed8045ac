package meter

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// read gives the lines of a collector as they are now.
func read(c prometheus.Collector) []*dto.Metric {
	lines := make(chan prometheus.Metric)
	go func() {
		defer close(lines)
		c.Collect(lines)
	}()
	var out []*dto.Metric
	for line := range lines {
		var value dto.Metric
		if line.Write(&value) == nil { // the package's own kinds give no error
			out = append(out, &value)
		}
	}
	return out
}

// sum adds up the lines of a counter or a gauge.
func sum(c prometheus.Collector) float64 {
	total := 0.0
	for _, line := range read(c) {
		total += line.GetCounter().GetValue() + line.GetGauge().GetValue()
	}
	return total
}

// label is the value of a line's label, "" where it has none of that name.
func label(line *dto.Metric, name string) string {
	for _, l := range line.GetLabel() {
		if l.GetName() == name {
			return l.GetValue()
		}
	}
	return ""
}

// quantile is the value below which the share q of what was observed lies, evenly
// spread within its bucket; 0 for nothing observed. What lies above the last bound
// counts as lying on it.
func quantile(h *dto.Histogram, q float64) float64 {
	rank := q * float64(h.GetSampleCount())
	if rank == 0 {
		return 0
	}
	lower, below := 0.0, 0.0
	for _, b := range h.GetBucket() {
		upTo, upper := float64(b.GetCumulativeCount()), b.GetUpperBound()
		if upTo >= rank {
			return lower + (upper-lower)*(rank-below)/(upTo-below)
		}
		lower, below = upper, upTo
	}
	return lower
}

// other stands for every value of a label that is not let through.
const other = "other"

const (
	// maxCodes is how many values a label may have: more than there are kinds of
	// event, faults or methods in use.
	maxCodes = 48
	// maxCode is how many bytes a value may have; answerCallbackQuery has 19.
	maxCode = 32
)

// bounded lets codes through to a label: ASCII letters, digits and _, of some
// length, and only so many different ones. It keeps words of users, and a series
// for each of them, out of the metrics whatever a caller passes.
type bounded struct {
	mu   sync.Mutex
	seen map[string]bool
}

func newBounded() *bounded { return &bounded{seen: map[string]bool{}} }

func (b *bounded) code(s string) string {
	if !isCode(s) {
		return other
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.seen[s] {
		if len(b.seen) == maxCodes {
			return other
		}
		b.seen[s] = true
	}
	return s
}

func isCode(s string) bool {
	for _, r := range s {
		if r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return s != "" && len(s) <= maxCode
}
