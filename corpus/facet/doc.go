// Package facet tells what a piece of text speaks of: the places, the years, who
// says it, and whether it is a result, a plan or a statement.
//
//	Page + Articles -> Annotator.Page -> Articles with city, places, speaker
//	Article + heading path -> Annotator.ContextOf -> Context
//	text + Context -> Annotator.Text -> corpus.Facets
//
// A text inherits from its surroundings, the nearest first: its own words, the
// headings from the innermost out, the article, the page. The rules are word
// lists with reasons (words.go) and a few positions: who stands at the beginning
// of a clause does what the clause says.
//
// # Kind
//
// Every clause of a sentence is read by itself. 将, 力争, 下一步 and their like make
// a plan, and go on holding for the clauses after them; 已, 了 and their like, or a
// verb of result with a figure, make a result; 必须, 就要 and their like a
// statement. The last clause that says one of these for certain is the sentence's
// main one and decides, unless more than twice as much of the sentence says
// otherwise. Where none does the innermost heading decides, and without one the
// verbs that programmes begin their clauses with (加快, 推动) make a plan, verbs of
// result a result, and all else is a statement. In an interview about next year a
// figure beside a verb of result is part of a plan when no year is named.
//
// # Period
//
// Years in the text come first, but not the day on which something was said
// beside another year, nor a year that is only compared with, nor the name of a
// five-year plan that is being drawn up. Then comes the innermost heading with a
// year; then, by kind, the year that the article's plans are for or the year of
// printing.
package facet
