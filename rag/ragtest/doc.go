// Package ragtest holds what the contracts of package rag's interfaces say, as
// tests that any implementation can be put to, and small fakes of them.
//
//	TestSearcher   rag.Searcher: order, limits, cancelling, concurrency
//	TestAnswerer   rag.Answerer: what CheckAnswer says, and nothing is changed
//	CheckAnswer    one answer: every statement cited, every quote exact
//	Traditional    a text in Traditional characters
package ragtest
