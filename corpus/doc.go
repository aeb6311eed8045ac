// Package corpus is the domain of wenbao: newspaper pages, the articles printed
// on them, and the passages that are retrieved and cited.
//
//	files -> source.Reader -> Page -> layout.Split -> Article -> passage.Cut -> Passage
//
// The package holds the types and nothing that works on them; the steps live in
// the subpackages, which import this one and never the other way round:
//
//	zh         reading Chinese text: normalising, sentences, clauses, numbers, dates
//	gazetteer  place names, their short forms and their parents
//	source     files to pages, by format and charset
//	layout     pages to articles
//	facet      what a piece of text speaks of: place, period, speaker, kind
//	passage    articles to passages
//	library    the persistent store of articles
//	ingest     all of it in a row: files to a library, or to memory
//
// All offsets are UTF-8 byte offsets, all spans are half open.
package corpus
