// Package index finds passages: by their words, by their vectors, by both.
//
//	library -> Build / Refresh -> Index -> Search -> []rag.Hit
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
