// Package embed holds the built-in embedder: it turns a text into a vector without
// a model, a download or a dictionary.
//
//	text -> features -> rows of the weights -> weighted sum -> vector of length 1
//
// Features are all runs of one to four Han characters, and words of letters or
// digits. Those of the vocabulary have a row of learned values with a learned
// weight; single characters and words of letters that it lacks share some rows, so
// that no text is without a vector. The weights lie in the program (weights.bin)
// as they are used, and nothing of them is parsed. Sums are of whole numbers: the
// same text has the same vector on every machine.
//
// # The weights
//
// weights.bin holds 81,051 words and 2,048 shared rows of 256 values of 4 bits: 11.2
// MB. They are what 600 steps of 1,024 pairs with seed 1 learned from 69,609 news
// articles (794,000 sentences, 43 million characters), 1,392 of them held out: there
// a text finds its partner among 1,024 first for 589 of 1,000 pairs, and among the
// first ten for 843 (loss 2.525). It takes three to four minutes on two cores that
// have nothing else to do, and 1 GB of memory:
//
//	GOEXPERIMENT=simd go run ./rag/embed/trainer -text FILE -out rag/embed/weights.bin
//
// Longer is not better: after 3,000 steps the held-out pairs do better (.613, .877)
// and questions that people might ask worse, since what is learned last is how pairs
// are made. By vectors alone, MRR over 70 everyday questions (testdata/eval,
// colloquial_dev) and over the 173 others about the same pages was
//
//	steps  temperature            everyday  others
//	300    0.1                    .641      .785
//	600    0.1                    .660      .775    (these weights)
//	3000   0.1                    .596      .755
//	600    0.2                    .594      .754
//	1000   0.05, 42,000 words     .649      .740    (pairs one by one)
//	1000   0.05, 128 values       .634      .753    (pairs one by one)
//
// Pairs one by one come without hard negatives. The settings were chosen by these
// two columns. FILE is not part of this repository.
package embed
