// Package llmtest holds a scripted server that speaks the protocols of package llm:
// OpenAI's and Ollama's chat, embeddings and catalogs, and /rerank in both dialects.
// It listens on loopback (Start) or within the process (StartPiped), where it can
// live in a testing/synctest bubble and wait without taking time.
//
// It says what a script tells it to, every failure included, and remembers what it
// was asked.
package llmtest
