// Package chain answers with a model, and lets nothing of what it writes through
// that the cited passages do not say.
//
//	hits -> (rerank) -> pack -> prompt -> model -> cite.Checker, sentence by sentence -> answer
//
//	chain.go    the Answerer: the steps from hits to an answer
//	compose.go  what the check kept, or what stands in for it
//	point.go    whether what was kept answers the question
//	pack.go     which passages fit into the model's context
//	prompt.go   what the model is told; passages are data between fences
//	sentence.go the model's stream, cut into sentences for the check
//	rewrite.go  follow-ups made to stand alone by the model, checked
//	cache.go    answers given before
//
// The subpackage supplement adds sums and contradictions to answers of any kind,
// from code. The subpackage langchain offers the search and this chain to langchaingo
// programs; it is apart because langchaingo's chains bring thirty modules along.
package chain
