package asked

import (
	_ "embed"
	"strings"
)

//go:embed lightwords.txt
var lightWordFile string

// lightWords are the words of the file.
var lightWords = func() map[string]bool {
	words := map[string]bool{}
	for line := range strings.Lines(lightWordFile) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range strings.Fields(line) {
			words[w] = true
		}
	}
	return words
}()

// Light reports whether a word of a question is one that reports put in other words or
// leave out (拿到, 最晚): that it is not printed says nothing. lightwords.txt has them.
func Light(word string) bool { return lightWords[word] }
