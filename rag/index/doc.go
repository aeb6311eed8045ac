// Package index finds passages: by their words, by their vectors, by both.
//
//	library -> Build / Refresh -> Index -> Search -> []rag.Hit
//
// A search has two stages. First all passages are ordered by what lies in the
// index: their words, their vectors, their facets (fuse.go). Then the best 50 are
// read, and judged by what they and their articles say of the question: how much of
// it, where, how rare, how often, what is lacking, under what headline, in the form of an
// answer or not (read.go, features.go). What each of these counts was learned by
// rag/index/train from questions with known documents; what it is worth is in
// testdata/eval/ablation.tsv. Of reports that say the same the newer comes first
// (newer.go), and what only repeats a better one goes behind (repeats.go).
//
// Each passage is indexed with what is printed above it, its headline, headings,
// places and years, and is given back without it. Facets lie beside the index in
// columns of numbers, so that filters work before ranking and an index opens
// without reading an article; the articles of hits come from the library.
//
// Refresh keeps one snapshot file in the library's directory. It is made anew
// from the stored articles when the analyzer, the embedder or the format has
// changed or the file is damaged, and brought up to date article by article when
// only the library has moved on. The file is written beside and renamed, so that
// of two processes that refresh at once one wins and both have a whole index.
//
// An embedder may be a model behind a network: slow, paid for, now and then away.
// Options.VectorDir keeps what it gave, so that each text is embedded once. While
// it is away, an index that is current goes on by words (Options.Degraded), and
// Refresh without it gives one.
package index
