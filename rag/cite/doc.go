// Package cite holds quotes and answers against what was printed.
//
// [Verify] looks a quote up in the full text of a collection, headlines and
// bylines included, and shows the nearest printed words when it was not printed
// so. [Check] goes over an answer: that its citations resolve, that its quotes
// are printed words, and that its figures stand in the passages it cites.
//
// # When words count as printed
//
// White space, the width of characters, Traditional or Simplified characters, the
// form of quotation marks, dashes and dots, and the case of letters do not matter:
// see zh.Fold. Quotation marks
// around the whole quote are no part of it, and neither is a comma or full stop
// at its end, because the mark before a closing quotation mark belongs to the
// one who quotes. A figure is never cut: 50张 was not printed where 150张 was.
// A quote with an omission (…, …… or ...) was printed where its pieces stand in
// their order in one article.
//
// # When a written sentence is supported
//
// Each clause of it rests on the printed clause that has most of its content
// words, and each of its figures on the printed figure of the same value in the
// same measure (22万亩 is 220000亩, 百分之十 is 10%) whose words beside it are those
// beside the written one: the right figure of another thing does not pass.
//
//	terms.go, wordings.go        content words, and other wordings for them
//	source.go                    passages taken apart into clauses with facets
//	quantity.go, counterpart.go  figures, and the printed figure for each
//	place.go, times.go           the place and the year told of, days and hours
//	person.go, quotation.go      who is named with which post, words in quotes
//	manner.go                    denied or not, planned or done, up or down
//
// What it rests on has to be of the place, the year, the speaker and the kind
// that the sentence tells of: named in it, in the sentence before, in the heading
// above, or in the question. An inexact figure stays inexact in its direction:
// 近24万 may be told as 约24万, not as 24万. What is in doubt is not supported: a
// sentence lost is made good by the extractive answer, a wrong one by nothing.
package cite
