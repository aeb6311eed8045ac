package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"wenbao/rag/chain"
	"wenbao/rag/index"
	"wenbao/rag/llm"
)

// cachedAnswers is how many answers of a model are kept while the program runs:
// more than anybody asks in a sitting, and some megabytes.
const cachedAnswers = 256

// defaultTimeLimit is how long a call may take: a local model without a graphics
// card writes an answer in less.
const defaultTimeLimit = 3 * time.Minute

// server reads the settings of a model or an embedder, which share their form.
func (a *app) server(s *settings, part string) (llm.Config, error) {
	spec, address := s.get(part), s.get(part+"_url")
	cfg, err := llm.ParseModel(spec.value, address.value)
	kind, name, ok := strings.Cut(spec.value, ":")
	switch {
	case err == nil:
	case !ok, kind != llm.KindOllama && kind != llm.KindOpenAI, strings.TrimSpace(name) == "":
		return cfg, a.badSetting(spec, fmt.Sprintf(a.m.BadModel, spec.value))
	case address.value == "":
		return cfg, a.badSetting(spec, fmt.Sprintf(a.m.ModelNeedsURL, "--"+part+"-url", part+"_url"))
	default:
		return cfg, a.badSetting(address, a.m.BadURL)
	}
	if cfg.Key, err = a.secret(s, part+"_key"); err != nil {
		return cfg, err
	}
	if cfg.ContextTokens, err = a.number(s.get(part + "_context")); err != nil {
		return cfg, err
	}
	if cfg.Dim, err = a.number(s.get(part + "_dim")); err != nil {
		return cfg, err
	}
	if cfg.Batch, err = a.number(s.get(part + "_batch")); err != nil {
		return cfg, err
	}
	cfg.Limits, err = a.limits(s)
	return cfg, err
}

// limits bounds calls by --time-limit.
func (a *app) limits(s *settings) (llm.Limits, error) {
	v := s.get(setTimeLimit)
	if v.value == "" {
		return llm.Limits{Total: defaultTimeLimit}, nil
	}
	d, err := time.ParseDuration(v.value)
	if err != nil || d <= 0 {
		return llm.Limits{}, a.badSetting(v, fmt.Sprintf(a.m.BadTimeLimit, v.value))
	}
	return llm.Limits{Total: d}, nil
}

// number reads a number of one or more; 0 is one that is not set.
func (a *app) number(v setting) (int, error) {
	if v.value == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(v.value, 10, 31)
	if err != nil || n == 0 {
		return 0, a.badSetting(v, fmt.Sprintf(a.m.BadNumber, v.value))
	}
	return int(n), nil
}

// truth reads true or false; false is one that is not set.
func (a *app) truth(v setting) (bool, error) {
	if v.value == "" {
		return false, nil
	}
	b, err := strconv.ParseBool(v.value)
	if err != nil {
		return false, a.badSetting(v, fmt.Sprintf(a.m.BadTruth, v.value))
	}
	return b, nil
}

// off reports whether a part is not configured, or switched off.
func off(spec string) bool { return spec == "" || spec == specNone || spec == specBuiltin }

// logger is where counts and durations go: with --log the standard error output,
// else nowhere. No text of a question or an answer is ever logged.
func (a *app) logger() *slog.Logger {
	if !a.global.log {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(a.Stderr, nil))
}

// dialling says how the servers of models are reached.
func (a *app) dialling() llm.Options {
	return llm.Options{HTTP: a.HTTP, Now: a.Now, Logger: a.logger()}
}

// openModel makes the model, nil where none is configured. It dials nothing.
func (a *app) openModel(s *settings) (*llm.Model, error) {
	if off(s.get(setModel).value) {
		return nil, nil
	}
	cfg, err := a.server(s, setModel)
	if err != nil {
		return nil, err
	}
	return llm.Open(cfg, a.dialling())
}

// openEmbedder makes the embedder, nil for the one that is built in. It dials
// nothing.
func (a *app) openEmbedder() (*llm.Embedder, error) {
	s, err := a.settings()
	if err != nil || off(s.get(setEmbedder).value) {
		return nil, err
	}
	cfg, err := a.server(&s, setEmbedder)
	if err != nil {
		return nil, err
	}
	return llm.OpenEmbedder(cfg, a.dialling())
}

// openReranker makes the reranker, nil where none is configured. It dials nothing.
func (a *app) openReranker(s *settings) (*llm.Reranker, error) {
	address := s.get(setReranker)
	if off(address.value) {
		return nil, nil
	}
	key, err := a.secret(s, setRerankerKey)
	if err != nil {
		return nil, err
	}
	limits, err := a.limits(s)
	if err != nil {
		return nil, err
	}
	cfg := llm.Config{Name: s.get(setRerankerModel).value, URL: address.value, Key: key, Limits: limits}
	r, err := llm.OpenReranker(cfg, a.dialling())
	if err != nil {
		return nil, a.badSetting(address, a.m.BadURL) // all else was read here
	}
	return r, nil
}

// models are what is configured; nil is what is not.
type models struct {
	llm.Parts
	// cache keeps answers of the model, whatever collection they are from; nil
	// keeps none.
	cache *chain.Cache
}

// models opens all that is configured, and dials nothing.
func (a *app) models() (models, error) {
	s, err := a.settings()
	if err != nil {
		return models{}, err
	}
	var m models
	if m.Model, err = a.openModel(&s); err != nil {
		return m, err
	}
	if m.Embedder, err = a.embedder(); err != nil {
		return m, err
	}
	if m.Reranker, err = a.openReranker(&s); err != nil {
		return m, err
	}
	noCache, err := a.truth(s.get(setNoCache))
	if err == nil && !noCache {
		m.cache = chain.NewCache(cachedAnswers)
	}
	return m, err
}

// openAnswering is open with a model to write the answers, where one is
// configured.
func (a *app) openAnswering(ctx context.Context, explain bool) (*collection, error) {
	m, err := a.models()
	if err != nil {
		return nil, err
	}
	col, err := a.open(ctx, explain)
	if err != nil || m.Model == nil {
		return col, err
	}
	if err := a.write(col, m); err != nil {
		return nil, errors.Join(err, col.Close())
	}
	return col, nil
}

// write has a model write a collection's answers. Those made of printed words
// stand in for it.
func (a *app) write(col *collection, m models) error {
	p, err := a.places()
	if err != nil {
		return err
	}
	analyzer, err := a.analyzer()
	if err != nil {
		return err
	}
	opt := chain.Options{
		Model:    m.Model,
		Extract:  col.engine.Answerer,
		Checker:  checker(p, analyzer.Words),
		Logger:   a.logger(),
		Cache:    m.cache,
		CacheKey: strconv.FormatUint(col.Generation(), 16),
	}
	if m.Reranker != nil {
		opt.Reranker = m.Reranker // a nil pointer would make an interface that is not nil
	}
	answerer, err := chain.New(opt)
	if err != nil {
		return err
	}
	col.engine.Answerer, col.engine.Rewriter = answerer, chain.NewRewriter(m.Model, p.With(col.index.Places()), a.logger())
	col.system = m.Model.Name()
	return nil
}

// probe asks a server for the length of its vectors where nobody has said it: an
// index cannot be opened without.
func (a *app) probe(ctx context.Context, e *llm.Embedder) error {
	if e.Dim() > 0 {
		return nil
	}
	_, err := e.Probe(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("%w: %w", index.ErrEmbedding, err)
	}
	return nil
}
