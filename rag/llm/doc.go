// Package llm holds models, embedders and rerankers that run on other servers:
// Ollama, and whatever speaks the OpenAI protocol.
//
//	Model     writes text; it is a langchaingo llms.Model
//	Embedder  turns texts into vectors; it is an index.Embedder
//	Reranker  scores texts against a query
//	Check     says what is wrong with any of them
//
// A call through this package ends within its limits, and it ends either with
// the whole answer or with an error whose kind errors.Is and errors.As tell; the
// client below it (langchaingo's OpenAI adapter) reports a cut stream, an error
// in mid-stream or a broken chunk as a short answer without error. So every
// exchange passes through a transport of ours that notes what happened in a
// record of the call, and the record has the last word.
//
// Both kinds of server are spoken to by the OpenAI protocol, Ollama under its
// /v1: langchaingo's Ollama adapter loses time-outs and stop reasons.
//
// Nothing is dialled before the first call. Keys are sent to the configured
// address only and never printed.
package llm
