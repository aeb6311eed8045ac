// Package train learns the weights of the built-in embedder from a text of many
// articles.
//
//	articles -> words, pairs -> steps of Adam -> weights
//
// Words are the runs of characters that stand in the text often, and more often
// than their parts would meet by chance. Pairs are two texts that belong together:
//
//   - what somebody might ask, and the passage that answers: a sentence of which
//     clauses are left out, exchanged and cut short, figures asked for, and printed
//     words said as people say them (colloquial.txt)
//   - a part of a sentence, and the sentences around it
//   - a title and a passage below it
//   - a sentence of one report, and a passage of another one about the same
//
// A step takes some hundred pairs and moves the vectors of the words in them, so
// that each text comes nearer to its partner than to the partners of all others,
// both ways (InfoNCE; van den Oord, Li and Vinyals, 2018). Two pairs of each draw
// are about the same word or from the same desk, so that their partners are hard
// to tell apart.
//
// The same text and options give the same weights, whatever the number of
// processors, and with or without GOEXPERIMENT=simd, which takes two thirds of the
// time on amd64.
package train
