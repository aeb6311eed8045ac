package llm

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Parts are what Check looks at; what is nil is left out.
type Parts struct {
	Model    *Model
	Embedder *Embedder
	Reranker *Reranker
}

// The names of parts in a Finding.
const (
	PartModel    = "model"
	PartEmbedder = "embedder"
	PartReranker = "reranker"
)

// Aspect is what is looked at.
type Aspect string

// The aspects, in the order in which they are looked at.
const (
	AspectReachable  Aspect = "reachable"
	AspectPresent    Aspect = "present"     // the server has the model
	AspectContext    Aspect = "context"     // of a model
	AspectFirstToken Aspect = "first_token" // of a model
	AspectDimensions Aspect = "dimensions"  // of an embedder
	AspectScores     Aspect = "scores"      // of a reranker
)

// Finding is what was found out about an aspect of a part.
type Finding struct {
	Part   string `json:"part"`
	Aspect Aspect `json:"aspect"`
	OK     bool   `json:"ok"`
	// Fault is what is wrong, FaultNone where OK.
	Fault Fault `json:"fault,omitempty"`
	// Err is the error behind Fault.
	Err error `json:"-"`
	// Kind, Name and URL say what was asked: with FaultNoModel and KindOllama,
	// "ollama pull NAME" is what helps.
	Kind string `json:"kind,omitempty"`
	Name string `json:"name,omitempty"`
	URL  string `json:"url"`
	// Models are those that the server has, for AspectPresent without the one
	// asked for.
	Models []string `json:"models,omitempty"`
	// Tokens is the context of AspectContext, 0 where the server does not tell and
	// DefaultContextTokens is assumed.
	Tokens int `json:"tokens,omitempty"`
	// Dim is the length of vectors of AspectDimensions.
	Dim int `json:"dim,omitempty"`
	// Took is how long it took: for AspectFirstToken the time to the first token.
	Took time.Duration `json:"took,omitempty"`
}

// Check looks at the parts in their order and at each aspect in turn. What makes
// the rest of a part pointless (no server, no model, no right) ends that part.
func Check(ctx context.Context, parts Parts) []Finding {
	var found []Finding
	if m := parts.Model; m != nil {
		c := &checker{about: Finding{Part: PartModel, Kind: m.cfg.Kind, Name: m.cfg.Name, URL: m.catalog.base}}
		c.model(ctx, m)
		found = append(found, c.found...)
	}
	if e := parts.Embedder; e != nil {
		c := &checker{about: Finding{Part: PartEmbedder, Kind: e.cfg.Kind, Name: e.cfg.Name, URL: e.catalog.base}}
		c.embedder(ctx, e)
		found = append(found, c.found...)
	}
	if r := parts.Reranker; r != nil {
		c := &checker{about: Finding{Part: PartReranker, Name: r.name, URL: r.url}}
		c.look(AspectScores, func(*Finding) error {
			_, err := r.Rerank(ctx, "云", []string{"云", "雨"})
			return err
		})
		found = append(found, c.found...)
	}
	return found
}

// checker collects the findings of one part.
type checker struct {
	about Finding // what all of them say
	found []Finding
}

// look notes what came of looking, and reports whether it was good.
func (c *checker) look(a Aspect, see func(*Finding) error) bool {
	f := c.about
	f.Aspect = a
	begun := time.Now()
	err := see(&f)
	if f.Took == 0 {
		f.Took = time.Since(begun)
	}
	f.OK, f.Err, f.Fault = err == nil, err, FaultOf(err)
	c.found = append(c.found, f)
	return f.OK
}

func (c *checker) model(ctx context.Context, m *Model) {
	if !c.server(ctx, m.catalog, m.cfg.Name) {
		return
	}
	c.look(AspectContext, func(f *Finding) (err error) {
		f.Tokens, err = m.contextTokens(ctx)
		return err
	})
	c.look(AspectFirstToken, func(f *Finding) (err error) {
		f.Took, err = m.firstToken(ctx)
		return err
	})
}

func (c *checker) embedder(ctx context.Context, e *Embedder) {
	if !c.server(ctx, e.catalog, e.cfg.Name) {
		return
	}
	c.look(AspectDimensions, func(f *Finding) (err error) {
		f.Dim, err = e.Probe(ctx)
		return err
	})
}

// server looks whether the server is there and has the model. One that keeps no
// list is taken to have it; the aspects that follow tell.
func (c *checker) server(ctx context.Context, list catalog, name string) bool {
	var models []served
	listed := true
	if !c.look(AspectReachable, func(*Finding) (err error) {
		models, err = list.models(ctx)
		if errors.Is(err, ErrNotFound) && list.root == "" {
			listed = false
			return nil
		}
		return err
	}) {
		return false
	}
	return !listed || c.look(AspectPresent, func(f *Finding) error {
		if slices.ContainsFunc(models, func(m served) bool { return list.sameModel(m.name, name) }) {
			return nil
		}
		for _, m := range models {
			f.Models = append(f.Models, m.name)
		}
		return ErrNoModel
	})
}
