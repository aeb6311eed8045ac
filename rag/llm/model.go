package llm

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/openai"
)

// noKey stands in for a key that there is not: the adapter wants one, and else
// takes what the environment has for another server. The client sends none.
const noKey = "none"

// Model writes text. It is an llms.Model whose every answer is streamed and
// watched: GenerateContent gives the whole answer or an error. It is safe for
// concurrent use.
type Model struct {
	cfg     Config // without the key
	client  *client
	adapter *openai.LLM
	catalog catalog

	mu      sync.Mutex
	context int // what the server settled, 0 until it did
}

var _ llms.Model = (*Model)(nil)

// Open makes a Model. It dials nothing.
func Open(cfg Config, opt Options) (*Model, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	c := newClient("model "+cfg.Name, cfg, opt)
	base, root := cfg.bases()
	adapter, err := openai.New(
		openai.WithToken(noKey), openai.WithOrganization(""), openai.WithAPIType(openai.APITypeOpenAI),
		openai.WithBaseURL(base), openai.WithModel(cfg.Name), openai.WithHTTPClient(c))
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", cfg.Name, err)
	}
	cfg.Key = ""
	return &Model{cfg: cfg, client: c, adapter: adapter, catalog: catalog{c, base, root}}, nil
}

// Name is the kind and the name: "ollama:qwen3:8b".
func (m *Model) Name() string { return m.cfg.Kind + ":" + m.cfg.Name }

// String is Name: printing a model shows nothing of how it is reached.
func (m *Model) String() string { return m.Name() }

// Call asks with a single prompt.
func (m *Model) Call(ctx context.Context, prompt string, options ...llms.CallOption) (string, error) {
	return llms.GenerateFromSinglePrompt(ctx, m, prompt, options...)
}

// GenerateContent asks the model and gives one choice: the whole text without the
// model's thinking, and why it stopped ("stop", or "length" at the limit of
// tokens). GenerationInfo holds PromptTokens and CompletionTokens where the server
// counts them.
//
// A streaming function in the options gets the text as it comes, never thinking
// that is marked as such from its beginning; an error of its own ends the call and
// is returned. Text may have been streamed when the call fails: it is then not
// repeated, and void. Tools, functions and the streaming of thinking are not
// supported and left out.
func (m *Model) GenerateContent(ctx context.Context, messages []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	opts := m.options(options)
	var out *llms.ContentResponse
	err := m.client.try(ctx, func(ctx context.Context, rec *call) (err error) {
		out, err = m.generate(ctx, rec, messages, opts)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", m.cfg.Name, err)
	}
	return out, nil
}

// options are the caller's over the configuration's. The caller's metadata is
// copied, since the adapter's own options write into it.
func (m *Model) options(options []llms.CallOption) llms.CallOptions {
	opts := llms.CallOptions{MaxTokens: m.cfg.MaxTokens, Temperature: m.cfg.Temperature}
	for _, o := range options {
		o(&opts)
	}
	opts.Metadata = maps.Clone(opts.Metadata)
	if !m.wantsNewField() {
		openai.WithLegacyMaxTokensField()(&opts)
	}
	opts.StreamingReasoningFunc = nil
	opts.Tools, opts.ToolChoice = nil, nil
	opts.Functions, opts.FunctionCallBehavior = nil, ""
	opts.N = 0
	return opts
}

// wantsNewField reports whether the limit of tokens goes by its new name
// max_completion_tokens. OpenAI's own reasoning models take nothing else; the
// servers that speak its protocol know max_tokens, and some only that.
func (m *Model) wantsNewField() bool {
	u, err := url.Parse(m.catalog.base)
	return err == nil && u.Hostname() == "api.openai.com"
}

// generate makes one attempt.
func (m *Model) generate(ctx context.Context, rec *call, messages []llms.MessageContent, opts llms.CallOptions) (*llms.ContentResponse, error) {
	w := &writer{limit: m.client.limits.Bytes, to: opts.StreamingFunc}
	opts.StreamingFunc = w.write
	_, err := m.adapter.GenerateContent(ctx, messages, llms.WithOptions(opts))
	f := rec.facts()
	switch {
	case w.err != nil:
		rec.overrule(w.err)
		return nil, w.err
	case f.fault != nil:
		return nil, f.fault
	case f.finish == "" && err == nil:
		return nil, ErrCut
	case f.finish == "":
		return nil, err
	}
	if err := w.end(ctx); err != nil {
		return nil, err
	}
	text := w.text.String()
	if strings.TrimSpace(text) == "" {
		return nil, ErrEmpty
	}
	return &llms.ContentResponse{Choices: []*llms.ContentChoice{{
		Content: text, StopReason: f.finish,
		GenerationInfo: map[string]any{"PromptTokens": f.promptSize, "CompletionTokens": f.answer},
	}}}, nil
}

// firstToken asks for a word and gives the time until something came, if only a
// thought.
func (m *Model) firstToken(ctx context.Context) (time.Duration, error) {
	opts := m.options(nil)
	opts.MaxTokens = 8
	ask := []llms.MessageContent{llms.TextParts(llms.ChatMessageTypeHuman, "你好")}
	var first time.Duration
	err := m.client.try(ctx, func(ctx context.Context, rec *call) error {
		_, err := m.generate(ctx, rec, ask, opts)
		f := rec.facts()
		if f.pieces == 0 || f.fault != nil {
			return err
		}
		first = f.first
		return nil
	})
	return first, err
}

// writer is where the text of an answer goes: through the filter of thinking and
// past the limits, to the caller and into the whole.
type writer struct {
	limit int // bytes
	to    func(ctx context.Context, chunk []byte) error

	think   thinkFilter
	repeats repeats
	text    strings.Builder
	err     error // what ended it
}

// write takes a piece as it comes from the model.
func (w *writer) write(ctx context.Context, piece []byte) error {
	shown, reset := w.think.write(string(piece))
	if reset {
		w.text.Reset()
		w.repeats = repeats{}
	}
	return w.show(ctx, shown)
}

// end takes the end of the text. The call may have been ended by then, having said
// all there was: the caller is not to take that for its own.
func (w *writer) end(ctx context.Context) error {
	return w.show(context.WithoutCancel(ctx), w.think.end())
}

// show gives text to the caller and keeps it.
func (w *writer) show(ctx context.Context, text string) error {
	w.text.WriteString(text)
	switch {
	case w.text.Len() > w.limit:
		w.err = ErrTooLong
	case w.repeats.write(text):
		w.err = ErrRepeats
	case text != "" && w.to != nil:
		w.err = w.to(ctx, []byte(text))
	}
	return w.err
}
