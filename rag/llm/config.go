package llm

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"
)

// The kinds of server.
const (
	KindOllama = "ollama"
	KindOpenAI = "openai"
)

// DefaultOllamaURL is where Ollama listens unless told otherwise.
const DefaultOllamaURL = "http://127.0.0.1:11434"

// DefaultContextTokens is the context of a model whose server does not tell: what
// Ollama gives a model when nothing else is set, and less than others give.
const DefaultContextTokens = 4096

// Config says which model, where. Printing it in any way leaves the key out.
type Config struct {
	// Kind is KindOllama or KindOpenAI. A Reranker does without.
	Kind string `json:"kind"`
	// Name is the model's name on its server: qwen3:8b.
	Name string `json:"name"`
	// URL is the server's address: for Ollama its root, "" meaning
	// DefaultOllamaURL; for the OpenAI protocol the address that /chat/completions
	// follows, where an address without a path means /v1.
	URL string `json:"url"`
	// Key is sent as a bearer token; "" sends none.
	Key string `json:"-"`
	// MaxTokens is the longest answer asked for; 0 leaves it to the server.
	MaxTokens int `json:"max_tokens,omitempty"`
	// Temperature is that of sampling; 0 asks for the likeliest words.
	Temperature float64 `json:"temperature,omitempty"`
	// ContextTokens is how much the model reads and writes together; 0 means
	// what the server tells, else DefaultContextTokens.
	ContextTokens int `json:"context_tokens,omitempty"`
	// Dim is the length of an Embedder's vectors; 0 means that Probe asks.
	Dim int `json:"dim,omitempty"`
	// Batch is how many texts an Embedder sends at once; 0 means 32 for Ollama
	// and 10 for others, the least that a hosted service is known to take.
	Batch  int    `json:"batch,omitempty"`
	Limits Limits `json:"limits,omitzero"`
}

// Limits bound a call. Its zero value means the defaults named here.
type Limits struct {
	// Connect is the time to get a connection: 5 s.
	Connect time.Duration `json:"connect,omitempty"`
	// FirstToken is the time from there to the first token, or to the whole
	// answer where it is not streamed: 60 s, since a local server may have to load
	// the model and read a long prompt first.
	FirstToken time.Duration `json:"first_token,omitempty"`
	// BetweenTokens is the time from one token to the next: 20 s. Waiting for the
	// caller's own streaming function does not count.
	BetweenTokens time.Duration `json:"between_tokens,omitempty"`
	// Total is the time of a whole call, repeated attempts included: 3 min.
	Total time.Duration `json:"total,omitempty"`
	// Attempts is how often a call is tried: 3; 1 never repeats.
	Attempts int `json:"attempts,omitempty"`
	// Backoff is the wait before the second attempt, doubled for each further
	// one and shortened by up to a half at random: 250 ms.
	Backoff time.Duration `json:"backoff,omitempty"`
	// RetryAfter is the longest wait that a server may ask for: 10 s. A server
	// that asks for more is not tried again in the same call.
	RetryAfter time.Duration `json:"retry_after,omitempty"`
	// Pieces is how many pieces of text a stream may have, thinking included:
	// 16384. Servers send about a token a piece.
	Pieces int `json:"pieces,omitempty"`
	// Bytes is how long an answer may be: 64 KiB, some 20,000 characters.
	Bytes int `json:"bytes,omitempty"`
	// Failures is how many calls in a row have to fail before the next ones fail
	// at once: 3.
	Failures int `json:"failures,omitempty"`
	// CoolDown is how long they do so before one is let through again: 30 s.
	CoolDown time.Duration `json:"cool_down,omitempty"`
}

// withDefaults fills in what is not set.
func (l Limits) withDefaults() Limits {
	return Limits{
		Connect:       cmp.Or(l.Connect, 5*time.Second),
		FirstToken:    cmp.Or(l.FirstToken, time.Minute),
		BetweenTokens: cmp.Or(l.BetweenTokens, 20*time.Second),
		Total:         cmp.Or(l.Total, 3*time.Minute),
		Attempts:      cmp.Or(l.Attempts, 3),
		Backoff:       cmp.Or(l.Backoff, 250*time.Millisecond),
		RetryAfter:    cmp.Or(l.RetryAfter, 10*time.Second),
		Pieces:        cmp.Or(l.Pieces, 16384),
		Bytes:         cmp.Or(l.Bytes, 64<<10),
		Failures:      cmp.Or(l.Failures, 3),
		CoolDown:      cmp.Or(l.CoolDown, 30*time.Second),
	}
}

// Validate reports a limit below zero.
func (l Limits) Validate() error {
	for _, d := range []time.Duration{l.Connect, l.FirstToken, l.BetweenTokens, l.Total, l.Backoff, l.RetryAfter, l.CoolDown} {
		if d < 0 {
			return fmt.Errorf("limits: %v is below zero", d)
		}
	}
	for _, n := range []int{l.Attempts, l.Pieces, l.Bytes, l.Failures} {
		if n < 0 {
			return fmt.Errorf("limits: %d is below zero", n)
		}
	}
	return nil
}

// ParseModel reads "ollama:NAME" or "openai:NAME", where NAME may hold colons
// (ollama:qwen3:8b). The configuration is valid where err is nil.
func ParseModel(spec, url string) (Config, error) {
	kind, name, ok := strings.Cut(spec, ":")
	if !ok {
		return Config{}, fmt.Errorf("model %q: want ollama:NAME or openai:NAME", spec)
	}
	c := Config{Kind: kind, Name: name, URL: url}
	if err := c.Validate(); err != nil {
		return Config{}, err
	}
	return c, nil
}

// Validate reports what is missing or makes no sense. It does not dial.
func (c Config) Validate() error {
	switch {
	case c.Kind != KindOllama && c.Kind != KindOpenAI:
		return fmt.Errorf("kind %q: want %s or %s", c.Kind, KindOllama, KindOpenAI)
	case strings.TrimSpace(c.Name) == "":
		return fmt.Errorf("%s: the model has no name", c.Kind)
	case c.Kind == KindOpenAI && c.URL == "":
		return errors.New("openai: the server's address is missing")
	}
	return c.validate()
}

// validate checks what models and rerankers share.
func (c Config) validate() error {
	if _, err := parseAddress(cmp.Or(c.URL, DefaultOllamaURL)); err != nil {
		return err
	}
	if strings.ContainsAny(c.Key, "\r\n\x00") {
		return errors.New("the key holds a line break") // the key itself is not told
	}
	if c.MaxTokens < 0 || c.ContextTokens < 0 || c.Dim < 0 || c.Batch < 0 {
		return errors.New("tokens, dimensions and batches cannot be below zero")
	}
	if c.Temperature < 0 || c.Temperature > 2 {
		return fmt.Errorf("temperature %v: want 0 to 2", c.Temperature)
	}
	return c.Limits.Validate()
}

// parseAddress reads an http address. Errors do not repeat it, since a password
// may stand in it.
func parseAddress(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("the address is not of the form http://HOST:PORT or https://HOST")
	case u.User != nil:
		return nil, errors.New("the address holds a user or password: give a key instead")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("the address holds a ? or #")
	}
	return u, nil
}

// bases gives the address that the OpenAI protocol's paths follow and, for
// Ollama, that of its own protocol. The configuration is valid.
func (c Config) bases() (openai, root string) {
	address := strings.TrimRight(cmp.Or(c.URL, DefaultOllamaURL), "/")
	if c.Kind == KindOllama {
		root = strings.TrimSuffix(address, "/v1")
		return root + "/v1", root
	}
	address = strings.TrimSuffix(address, "/chat/completions")
	if u, err := url.Parse(address); err == nil && u.Path == "" {
		address += "/v1"
	}
	return address, ""
}

// String is the configuration in a few words, without the key.
func (c Config) String() string {
	return fmt.Sprintf("%s:%s at %s (key %s)", c.Kind, c.Name, cmp.Or(c.URL, DefaultOllamaURL), told(c.Key))
}

// GoString is String: %#v does not show the key either.
func (c Config) GoString() string { return c.String() }

// LogValue leaves the key out.
func (c Config) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("kind", c.Kind), slog.String("name", c.Name), slog.String("url", c.URL), slog.String("key", told(c.Key)))
}

// told says of a secret only whether there is one.
func told(secret string) string {
	if secret == "" {
		return "none"
	}
	return "set"
}
