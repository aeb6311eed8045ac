package ragtest

import (
	"strings"
	"sync"

	"wenbao/corpus/zh"
)

// Traditional is s in Traditional characters: the first that becomes it for each
// Simplified one, also for those that are both (面, 后), and corner brackets for
// quotation marks. It is no print that anybody would set; zh.Simplified leads back.
func Traditional(s string) string { return toTraditional().Replace(s) }

var toTraditional = sync.OnceValue(func() *strings.Replacer {
	const first, last = '\u4e00', '\u9fff'
	pairs := []string{"“", "「", "”", "」", "‘", "『", "’", "』"}
	seen := map[string]bool{}
	for r := first; r <= last; r++ {
		traditional := string(r)
		if simplified := zh.Simplified(traditional); simplified != traditional && !seen[simplified] {
			seen[simplified] = true
			pairs = append(pairs, simplified, traditional)
		}
	}
	return strings.NewReplacer(pairs...)
})
