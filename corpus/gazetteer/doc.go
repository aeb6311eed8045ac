// Package gazetteer knows the names of places and finds them in text.
//
// Names come from three sources: the built-in list, files that a user loads, and
// recognition by suffix (市 县 区 镇 乡 街道 …), so that the places of a city that
// no list holds are found too. What was recognised in a collection can be given
// back with With; its short forms (临江 for 临江区) are then known as well.
//
// Names may be printed and listed in Traditional characters; they are given in
// Simplified ones, so that a place has one name.
//
// # File format
//
// One place a line, UTF-8, fields separated by tabs:
//
//	full name <TAB> full name of what it belongs to <TAB> other names, by commas
//
// Only the full name is required. Empty lines and lines that begin with # are
// skipped. An other name that ends in ~ is also an everyday word (朝阳, 安康): it
// counts only where it stands by itself. Lines for the same place are merged.
//
// # Built-in list
//
// data/places.txt holds the provinces and the 333 prefecture-level places with
// their short forms, written by hand. data/counties.txt holds names of counties,
// districts and towns without what they belong to; gen.go makes it and
// data/words.txt out of a dictionary named at their heads.
package gazetteer
