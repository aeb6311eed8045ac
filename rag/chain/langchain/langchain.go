// Package langchain offers a collection to programs written with langchaingo: its
// search as a schema.Retriever, and its cited and checked answers as a
// chains.Chain. See the package's example.
//
// It is apart from package chain because langchaingo's chains package brings much
// along that answering does without: a program that links this package has 23
// modules and 10 MB more (30 and 18.4 MB) than one with package chain alone, for
// template engines and Starlark. wenbao itself does not import it.
package langchain

import (
	"context"
	"fmt"

	"github.com/tmc/langchaingo/chains"
	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/memory"
	"github.com/tmc/langchaingo/schema"

	"wenbao/rag"
)

// Keys of a document's metadata. Places and headings are []string, years are
// [2]int with both ends included, numbers are int, everything else is a string.
// What is not known is left out.
const (
	MetaPassage   = "passage_id"
	MetaArticle   = "article_id"
	MetaTitle     = "title"
	MetaNewspaper = "newspaper"
	MetaDate      = "date" // of printing: 2024-12-31
	MetaEdition   = "edition"
	MetaHeadings  = "headings" // outermost first
	MetaPlaces    = "places"
	MetaPeriod    = "period" // the years spoken of
	MetaKind      = "kind"
	MetaSpeaker   = "speaker"
	// The half-open range of UTF-8 bytes that the document is of the article's
	// text.
	MetaStart = "start"
	MetaEnd   = "end"
	// Of a chain's documents: the number that the answer cites it by, and the
	// words cited, an exact substring of the document.
	MetaCitation = "citation"
	MetaQuote    = "quote"
)

// Engine answers questions and finds passages; *rag.Engine implements it.
type Engine interface {
	Search(ctx context.Context, q rag.Question) (rag.Query, []rag.Hit, error)
	AskStream(ctx context.Context, q rag.Question, tell func(piece string) error) (rag.Answer, error)
}

// Retriever is a schema.Retriever over a collection. It is safe for concurrent
// use if its engine is.
type Retriever struct {
	engine Engine
	k      int
}

var _ schema.Retriever = Retriever{}

// NewRetriever returns a Retriever that gives at most k documents; 0 means
// rag.DefaultK.
func NewRetriever(e Engine, k int) Retriever { return Retriever{engine: e, k: k} }

// GetRelevantDocuments gives the passages found for a question, best first, each
// a document of its own with the search's score. Nothing found is no error.
func (r Retriever) GetRelevantDocuments(ctx context.Context, query string) ([]schema.Document, error) {
	_, hits, err := r.engine.Search(ctx, rag.Question{Text: query, K: r.k})
	if err != nil {
		return nil, fmt.Errorf("retrieve: %w", err)
	}
	docs := make([]schema.Document, len(hits))
	for i, h := range hits {
		docs[i] = document(rag.Citation{Passage: h.Passage, Article: h.Article})
		docs[i].Score = float32(h.Score)
	}
	return docs, nil
}

// document is a passage with what is known of it.
func document(c rag.Citation) schema.Document {
	p, part := c.Passage, c.Part()
	meta := map[string]any{
		MetaPassage: p.ID, MetaArticle: p.Article, MetaTitle: c.Article.Title, MetaStart: p.Span.Start, MetaEnd: p.Span.End,
	}
	for key, value := range map[string]string{
		MetaNewspaper: part.Newspaper, MetaDate: part.Date.String(), MetaEdition: part.Edition,
		MetaKind: string(p.Facets.Kind), MetaSpeaker: p.Facets.Speaker, MetaQuote: c.Quote,
	} {
		if value != "" {
			meta[key] = value
		}
	}
	for key, list := range map[string][]string{MetaHeadings: p.Headings, MetaPlaces: p.Facets.Places} {
		if len(list) > 0 {
			meta[key] = append([]string(nil), list...)
		}
	}
	if y := p.Facets.Period; !y.IsZero() {
		meta[MetaPeriod] = [2]int{y.From, y.To}
	}
	if c.N > 0 {
		meta[MetaCitation] = c.N
	}
	return schema.Document{PageContent: p.Text, Metadata: meta}
}

// Keys of a chain's inputs and outputs.
const (
	// InputQuestion is the question, a string.
	InputQuestion = "question"
	// InputHistory, where it is there, are the earlier turns: []rag.Turn, or
	// []llms.ChatMessage as langchaingo's memories give with ReturnMessages.
	InputHistory = "history"
	// OutputText is the answer's text with markers such as [1].
	OutputText = "text"
	// OutputDocuments are the passages cited, []schema.Document in the order of
	// their numbers.
	OutputDocuments = "source_documents"
	// OutputAnswer is the whole rag.Answer.
	OutputAnswer = "answer"
)

// Chain is a chains.Chain that answers questions with checked citations. It is
// safe for concurrent use if its engine is and its memory is nil.
type Chain struct {
	engine Engine
	memory schema.Memory
}

var _ chains.Chain = Chain{}

// NewChain returns a Chain. A nil memory remembers nothing; one with the key
// InputHistory that returns messages makes a conversation of the calls. It has to
// be told InputQuestion and OutputText as its input and output keys.
func NewChain(e Engine, m schema.Memory) Chain {
	if m == nil {
		m = memory.NewSimple()
	}
	return Chain{engine: e, memory: m}
}

// Call answers the question. The answer is streamed to the function that
// chains.WithStreamingFunc gives, sentence by sentence once checked; the other
// options are for models and have no effect. Finding nothing is an answer.
func (c Chain) Call(ctx context.Context, inputs map[string]any, options ...chains.ChainCallOption) (map[string]any, error) {
	text, ok := inputs[InputQuestion].(string)
	if !ok {
		return nil, fmt.Errorf("%w: %w: %s is no string", chains.ErrInvalidInputValues, chains.ErrInputValuesWrongType, InputQuestion)
	}
	history, err := turns(inputs[InputHistory])
	if err != nil {
		return nil, err
	}
	tell := func(string) error { return nil }
	if stream := streamingFunc(options); stream != nil {
		tell = func(piece string) error { return stream(ctx, []byte(piece)) }
	}
	answer, err := c.engine.AskStream(ctx, rag.Question{Text: text, History: history}, tell)
	if err != nil {
		return nil, fmt.Errorf("ask: %w", err)
	}
	docs := make([]schema.Document, len(answer.Citations))
	for i, citation := range answer.Citations {
		docs[i] = document(citation)
	}
	return map[string]any{OutputText: answer.Text, OutputDocuments: docs, OutputAnswer: answer}, nil
}

// streamingFunc is the one that the options set, nil where none does.
func streamingFunc(options []chains.ChainCallOption) func(context.Context, []byte) error {
	var opts llms.CallOptions
	for _, o := range chains.GetLLMCallOptions(options...) {
		o(&opts)
	}
	return opts.StreamingFunc
}

// turns reads a history.
func turns(history any) ([]rag.Turn, error) {
	switch h := history.(type) {
	case nil:
		return nil, nil
	case []rag.Turn:
		return h, nil
	case []llms.ChatMessage:
		return turnsOf(h), nil
	}
	return nil, fmt.Errorf("%w: %w: %s is %T", chains.ErrInvalidInputValues, chains.ErrInputValuesWrongType, InputHistory, history)
}

// turnsOf pairs what the user said with what followed.
func turnsOf(messages []llms.ChatMessage) []rag.Turn {
	var out []rag.Turn
	for _, m := range messages {
		switch m.GetType() {
		case llms.ChatMessageTypeHuman:
			out = append(out, rag.Turn{Question: m.GetContent()})
		case llms.ChatMessageTypeAI:
			if n := len(out); n > 0 {
				out[n-1].Answer = m.GetContent()
			}
		default: // nobody of the conversation said it
		}
	}
	return out
}

// GetMemory implements chains.Chain.
func (c Chain) GetMemory() schema.Memory { return c.memory }

// GetInputKeys implements chains.Chain. InputHistory may be left out.
func (c Chain) GetInputKeys() []string { return []string{InputQuestion} }

// GetOutputKeys implements chains.Chain.
func (c Chain) GetOutputKeys() []string { return []string{OutputText, OutputDocuments, OutputAnswer} }
