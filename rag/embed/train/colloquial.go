package train

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed colloquial.txt
var colloquialTable string

// colloquial is what people say for a printed word.
type colloquial map[string][]string

// parseColloquial reads lines of printed words, "=", and what people say.
func parseColloquial(table string) (colloquial, error) {
	out := colloquial{}
	for line := range strings.Lines(table) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		printed, said, ok := strings.Cut(line, "=")
		words := strings.Fields(said)
		if !ok || len(words) == 0 || strings.TrimSpace(printed) == "" {
			return nil, fmt.Errorf("colloquial words: line %q: want printed words, =, and what is said", line)
		}
		for _, w := range strings.Fields(printed) {
			out[w] = append(out[w], words...)
		}
	}
	return out, nil
}

// words are all words of the table, printed and said, in order.
func (c colloquial) words() []string {
	var out []string
	for printed, said := range c {
		out = append(append(out, printed), said...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
