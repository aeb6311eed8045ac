package chain

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"strings"

	"github.com/tmc/langchaingo/llms"

	"wenbao/corpus/panics"
	"wenbao/rag"
	"wenbao/rag/cite"
	"wenbao/rag/llm"
)

// Model writes answers: langchaingo's interface, with the name that answers are
// signed with and the tokens that its context holds. *llm.Model implements it.
type Model interface {
	llms.Model
	Name() string
	// ContextTokens is how many tokens prompt and answer may have together. It
	// may ask the server, and gives a cautious number when it cannot.
	ContextTokens(ctx context.Context) int
}

// Reranker scores texts against a query: one score a text, in their order, the
// higher the better. *llm.Reranker implements it.
type Reranker interface {
	Rerank(ctx context.Context, query string, texts []string) ([]float64, error)
}

// Options say how answers are written. Model, Extract and Checker are required.
type Options struct {
	Model Model
	// Extract answers without a model. Its answer stands in when the model fails,
	// and decides alone about questions that need no model.
	Extract rag.Answerer
	Checker *cite.Checker
	// Reranker, where set, orders the passages before they are packed.
	Reranker Reranker
	// Passages is the most that the model is given; 0 means DefaultPassages.
	Passages int
	// AnswerTokens is what is left free for the answer; 0 means DefaultAnswerTokens.
	AnswerTokens int
	// Cache, where set, keeps answers. CacheKey names the state of the
	// collection; answers of another state are not given.
	Cache    *Cache
	CacheKey string
	// Logger gets counts and durations, never texts; nil discards.
	Logger *slog.Logger
}

// Defaults of Options. Ten passages of a newspaper are some 2,500 tokens: they
// fit a small local model's context, and more made answers longer, not better.
const (
	DefaultPassages     = 10
	DefaultAnswerTokens = 800
)

// Validate reports a required field that is missing.
func (o Options) Validate() error {
	switch {
	case o.Model == nil:
		return errors.New("chain: no model")
	case o.Extract == nil:
		return errors.New("chain: no answerer to stand in")
	case o.Checker == nil:
		return errors.New("chain: no checker")
	}
	return nil
}

// Answerer implements rag.Streamer with a model. It is safe for concurrent use
// if its options are.
type Answerer struct{ opt Options }

var _ rag.Streamer = (*Answerer)(nil)

// New returns an Answerer.
func New(opt Options) (*Answerer, error) {
	if err := opt.Validate(); err != nil {
		return nil, err
	}
	if opt.Passages <= 0 {
		opt.Passages = DefaultPassages
	}
	if opt.AnswerTokens <= 0 {
		opt.AnswerTokens = DefaultAnswerTokens
	}
	if opt.Logger == nil {
		opt.Logger = slog.New(slog.DiscardHandler)
	}
	return &Answerer{opt: opt}, nil
}

// Answer implements rag.Answerer.
func (a *Answerer) Answer(ctx context.Context, q rag.Query, hits []rag.Hit) (rag.Answer, error) {
	return a.Stream(ctx, q, hits, func(string) error { return nil })
}

// Stream has the model write the answer and tells each sentence once it has
// passed the check. What fails of the model's work is made good by the answer
// without a model, of which nothing is told; the error is only ever the caller's
// own or the context's.
func (a *Answerer) Stream(ctx context.Context, q rag.Query, hits []rag.Hit, tell func(piece string) error) (rag.Answer, error) {
	if !worthAsking(q, hits) {
		return a.opt.Extract.Answer(ctx, q, hits)
	}
	given := a.pack(ctx, q, hits)
	key := a.cacheKey(q, given)
	cached, cleared, ok := a.opt.Cache.get(key)
	if ok {
		if cached.Mode != rag.Generative {
			return cached, nil
		}
		return cached, tell(cached.Text)
	}
	// The model is waited for longest: the answer without it is made meanwhile.
	var printed rag.Answer
	var failed error
	var meanwhile panics.Group
	meanwhile.Go(func() { printed, failed = a.opt.Extract.Answer(ctx, q, hits) })
	w := &writer{checker: a.opt.Checker, query: q, passages: given.hits, tell: tell}
	review, fault, err := a.write(ctx, w, given)
	meanwhile.Wait()
	if err = cmp.Or(err, failed); err != nil {
		return rag.Answer{}, err
	}
	out := a.compose(q, hits, printed, review, fault)
	if out.Fault == "" {
		a.opt.Cache.put(key, cleared, out)
	}
	if out.Mode == rag.Generative {
		if err := w.extend(out.Text); err != nil {
			return rag.Answer{}, err
		}
	}
	return out, nil
}

// worthAsking reports whether a model has anything to go by: small talk and
// places that the collection does not know are refused without one.
func worthAsking(q rag.Query, hits []rag.Hit) bool {
	return q.Asks != rag.AsksChat && len(hits) > 0 && (len(q.Places) > 0 || len(q.Unknown) == 0)
}

// write asks the model and checks what it writes as it comes. The fault says why
// nothing of it counts; the error is the caller's.
func (a *Answerer) write(ctx context.Context, w *writer, given packed) (cite.Review, string, error) {
	resp, err := a.opt.Model.GenerateContent(ctx, messages(w.query, given.hits),
		llms.WithMaxTokens(given.free),
		llms.WithTemperature(0),
		llms.WithStreamingFunc(func(_ context.Context, chunk []byte) error { return w.write(string(chunk)) }))
	switch {
	case w.failed != nil:
		return cite.Review{}, "", w.failed
	case ctx.Err() != nil:
		return cite.Review{}, "", ctx.Err()
	case err != nil:
		a.opt.Logger.Warn("model failed", "model", a.opt.Model.Name(), "fault", llm.FaultOf(err))
		return cite.Review{}, string(llm.FaultOf(err)), nil
	case len(resp.Choices) == 0 || strings.TrimSpace(resp.Choices[0].Content) == "":
		return cite.Review{}, string(llm.FaultEmpty), nil
	}
	// The whole text is checked once more. It is the response's and not what was
	// streamed: thinking may have been streamed that showed as such only later.
	choice := resp.Choices[0]
	review := a.opt.Checker.Review(w.query, finished(choice.Content, choice.StopReason), given.hits)
	a.opt.Logger.Info("answer written", "model", a.opt.Model.Name(), "passages", len(given.hits),
		"sentences", len(review.Sentences), "removed", review.Removed, "mended", review.Mended, "reason", review.Reason)
	return review, "", nil
}
