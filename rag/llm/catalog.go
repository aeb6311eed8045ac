package llm

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// catalog asks a server what models it has.
type catalog struct {
	client *client
	base   string // of the OpenAI protocol
	root   string // of Ollama's own, "" at other servers
}

// catalogWait is how long a question to the catalog may take: a server answers it
// from memory.
const catalogWait = 5 * time.Second

// ask is the client's exchange within catalogWait.
func (c catalog) ask(caller context.Context, method, url string, in, out any) error {
	ctx, cancel := context.WithTimeout(caller, catalogWait)
	defer cancel()
	err := c.client.exchange(ctx, method, url, in, out)
	if ctx.Err() != nil && caller.Err() == nil && err != nil {
		return &TimeoutError{Phase: PhaseTotal, Limit: catalogWait}
	}
	return err
}

// served is a model as its server lists it.
type served struct {
	name    string
	context int // in tokens, 0 where it is not told
}

// models lists what the server has, ordered by name.
func (c catalog) models(ctx context.Context) ([]served, error) {
	list := c.openai
	if c.root != "" {
		list = c.ollama
	}
	models, err := list(ctx)
	slices.SortFunc(models, func(a, b served) int { return cmp.Compare(a.name, b.name) })
	return models, err
}

// ollama lists the models that were pulled.
func (c catalog) ollama(ctx context.Context) ([]served, error) {
	var out struct {
		Models []struct {
			Name string `json:"name"`
		} `json:"models"`
	}
	if err := c.ask(ctx, http.MethodGet, c.root+"/api/tags", nil, &out); err != nil {
		return nil, err
	}
	models := make([]served, len(out.Models))
	for i, m := range out.Models {
		models[i] = served{name: m.Name}
	}
	return models, nil
}

// openai lists by the OpenAI protocol. Its own servers tell no context; vLLM says
// max_model_len, others context_length.
func (c catalog) openai(ctx context.Context) ([]served, error) {
	var out struct {
		Data []struct {
			ID            string `json:"id"`
			MaxModelLen   int    `json:"max_model_len"`
			ContextLength int    `json:"context_length"`
		} `json:"data"`
	}
	if err := c.ask(ctx, http.MethodGet, c.base+"/models", nil, &out); err != nil {
		return nil, err
	}
	models := make([]served, len(out.Data))
	for i, m := range out.Data {
		models[i] = served{m.ID, cmp.Or(m.MaxModelLen, m.ContextLength)}
	}
	return models, nil
}

// sameModel reports whether a listed name is the one asked for: Ollama's names
// without a tag mean the tag latest.
func (c catalog) sameModel(listed, asked string) bool {
	if c.root != "" && !strings.Contains(asked, ":") {
		asked += ":latest"
	}
	return listed == asked
}

// contextTokens asks for the context of a model; 0 where the server does not tell.
// settled says that the answer will be the same next time.
func (c catalog) contextTokens(ctx context.Context, name string) (tokens int, settled bool, err error) {
	if c.root != "" {
		return c.ollamaContext(ctx, name)
	}
	models, err := c.openai(ctx)
	for _, m := range models {
		if m.name == name {
			return m.context, true, nil
		}
	}
	return 0, err == nil, err
}

// ollamaContext is what Ollama gives the model, not what the model could do: what
// is longer, Ollama cuts off the prompt without a word. A model that is loaded
// says it; else its own setting does; else the default holds, or less where the
// model was trained on less, until it is loaded and says more.
func (c catalog) ollamaContext(ctx context.Context, name string) (tokens int, settled bool, err error) {
	var loaded struct {
		Models []struct {
			Name          string `json:"name"`
			ContextLength int    `json:"context_length"`
		} `json:"models"`
	}
	err = c.ask(ctx, http.MethodGet, c.root+"/api/ps", nil, &loaded)
	if err != nil && !errors.Is(err, ErrNotFound) { // old versions do not have it
		return 0, false, err
	}
	for _, m := range loaded.Models {
		if c.sameModel(m.Name, name) && m.ContextLength > 0 {
			return m.ContextLength, true, nil
		}
	}
	var shown struct {
		Parameters string                     `json:"parameters"`
		Info       map[string]json.RawMessage `json:"model_info"`
	}
	which := map[string]string{"model": name}
	if err := c.ask(ctx, http.MethodPost, c.root+"/api/show", which, &shown); err != nil {
		return 0, false, err
	}
	if n := setting(shown.Parameters, "num_ctx"); n > 0 {
		return n, true, nil
	}
	return trained(shown.Info), false, nil
}

// setting reads a number from lines such as "num_ctx    8192".
func setting(parameters, name string) int {
	for line := range strings.Lines(parameters) {
		fields := strings.Fields(line)
		if len(fields) == 2 && fields[0] == name {
			n, _ := strconv.Atoi(fields[1]) // 0 where it is no number
			return n
		}
	}
	return 0
}

// trained is the default context, or the length that the model was trained on
// ("qwen3.context_length") where that is less.
func trained(info map[string]json.RawMessage) int {
	tokens := DefaultContextTokens
	for key, value := range info {
		n, err := strconv.Atoi(string(value))
		if strings.HasSuffix(key, ".context_length") && err == nil && n > 0 {
			tokens = min(tokens, n)
		}
	}
	return tokens
}

// ContextTokens is how many tokens the model reads and writes together: what is
// configured, else what the server tells, else DefaultContextTokens. The server is
// asked until it has settled it.
func (m *Model) ContextTokens(ctx context.Context) int {
	n, err := m.contextTokens(ctx)
	if err != nil || n == 0 {
		return DefaultContextTokens
	}
	return n
}

// contextTokens is ContextTokens with the server's error; 0 where it does not tell.
func (m *Model) contextTokens(ctx context.Context) (int, error) {
	if m.cfg.ContextTokens > 0 {
		return m.cfg.ContextTokens, nil
	}
	m.mu.Lock()
	known := m.context
	m.mu.Unlock()
	if known > 0 {
		return known, nil
	}
	n, settled, err := m.catalog.contextTokens(ctx, m.cfg.Name)
	if err != nil {
		return 0, err
	}
	if settled {
		m.mu.Lock()
		m.context = cmp.Or(n, DefaultContextTokens)
		m.mu.Unlock()
	}
	return n, nil
}
