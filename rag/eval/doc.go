// Package eval measures how well passages are found and questions answered.
//
// [Retrieval] builds an index of a collection that others made and counts, by
// questions with known documents, how high these come. [Snippets] does the same
// for the questions of testdata/eval, whose evidence is known to the passage, and
// [Answers] puts them to an engine and marks what it says. [Spans] compares
// answers with the known ones of published questions, and [Holdout] counts the
// refusals when the documents that answer are taken out. [Compare] asks a system
// all of a [Set] for a table of sets by systems, those of package baseline among
// them. Each result is a
// [Table], to be read or to be kept in a score file, in which a change of
// relevance then shows as a difference.
//
// # Measures
//
// For a question with a ranking of distinct items, some of which are relevant,
// let r be the rank, from 1, of the first relevant one.
//
//	R@k      1 where r <= k, else 0
//	MRR      1/r, 0 where nothing relevant was found
//	nDCG@10  DCG/ideal with DCG the sum of 1/log2(rank+1) over the relevant items
//	         among the first 10, and ideal that of a ranking that begins with
//	         all the relevant ones (Järvelin and Kekäläinen 2002, binary gains)
//
// A row gives their means over its questions.
package eval
