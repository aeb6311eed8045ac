// Package zh reads Chinese newspaper text: it folds it for matching, cuts it
// into sentences, clauses and list items, and finds the figures and the times
// that it names.
//
// Everything works on the printed bytes. Functions that find something return
// spans of their argument, in order and without overlap, on rune boundaries;
// nothing here changes or reprints a text. Only [Fold], [FoldMap] and
// [Simplified] make new text, and that is for comparing, never for showing. All functions accept any
// bytes, run in time linear in their input, keep no state and may be called
// from many goroutines.
//
// Traditional characters are read like the Simplified ones that they stand for: see
// [Simplified].
//
// The rules are of the kind that errs by leaving out: a numeral inside a word
// (统一, 一方面, 万安) is no figure, and two digits before 年 are a duration
// and no year.
package zh
