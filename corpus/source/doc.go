// Package source turns files into pages: it finds them, tells their charset and
// format, and reads what they say about where and when they were printed.
//
//	roots -> Find -> []File -> Read -> corpus.Page
//
// The formats go by the file's name, each also compressed (.gz):
//
//	.txt .text .md       a printed page that layout has to split; marks such as "##" stay
//	.html .htm           one article: a saved web page, e-paper sites' markup included
//	.jsonl .ndjson       one article a line: {id,title,text,date,newspaper,edition}
//
// Standard input ("-") and files of any other name are told apart by their first
// character: "{" begins JSON lines, "<" a web page, anything else is text.
//
// What is known of a page's newspaper, date and edition comes from Options.Meta,
// else from the file (front matter, fields, markup), else from the path
// (云泽日报/2024-12-31/03版.txt).
package source
