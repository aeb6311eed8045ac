// Package cite holds quotes and answers against what was printed.
//
// [Verify] looks a quote up in the full text of a collection, headlines and
// bylines included, and shows the nearest printed words when it was not printed
// so. [Check] goes over an answer: that its citations resolve, that its quotes
// are printed words, and that its figures stand in the passages it cites.
//
// # When words count as printed
//
// White space, the width of characters, the form of quotation marks, dashes and
// dots, and the case of letters do not matter: see zh.Fold. Quotation marks
// around the whole quote are no part of it, and neither is a comma or full stop
// at its end, because the mark before a closing quotation mark belongs to the
// one who quotes. A figure is never cut: 50张 was not printed where 150张 was.
// A quote with an omission (…, …… or ...) was printed where its pieces stand in
// their order in one article.
package cite
