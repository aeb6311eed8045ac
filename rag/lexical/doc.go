// Package lexical ranks passages by the words that they share with a question:
// BM25 over dictionary words and over character bigrams, side by side.
//
//	Document -> Analyzer -> Builder -> Index -> Search -> []Score
//
// Words find what a question means by a term; bigrams find names that no
// dictionary holds, and titles copied letter by letter. A passage is scored by
// its own text, by the context printed above it (title, headings, place, year)
// and by the article that it stands in.
//
// An Index is a handful of byte slices that are searched as they lie, so a
// snapshot opens without being parsed. Searching reads every posting of the
// question's terms, so scores are exact; only a large index passes over terms that
// stand nearly everywhere.
//
// Analyzers cut words with the dictionary of github.com/go-ego/gse and a word
// list of 1 MB made from it (words.txt, see wordlist/gen). gse's own embedded
// dictionaries, 38 MB, stay out of the program as long as none of its methods
// that load them is reached: see cut.go.
package lexical

//go:generate go run ./wordlist/gen
