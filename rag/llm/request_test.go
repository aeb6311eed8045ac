package llm_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/tmc/langchaingo/llms"

	"wenbao/rag/llm"
	"wenbao/rag/llm/llmtest"
)

// fields reads the request of a call.
func fields(t *testing.T, s *llmtest.Server) map[string]any {
	t.Helper()
	requests := s.Requests()
	var body map[string]any
	if err := json.Unmarshal(requests[len(requests)-1].Body, &body); err != nil {
		t.Fatal(err)
	}
	return body
}

func TestRequestFields(t *testing.T) {
	m, s := open(t, llmtest.Script{}, func(c *llm.Config) { c.MaxTokens, c.Temperature = 300, 0.5 })
	if _, _, err := ask(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	body := fields(t, s)
	if body["max_tokens"] != 300.0 || body["max_completion_tokens"] != nil || body["temperature"] != 0.5 || body["model"] != "qwen3:8b" {
		t.Errorf("request is %v", body)
	}
	metadata := map[string]any{}
	_, _, err := ask(t.Context(), m, llms.WithMaxTokens(20), llms.WithMetadata(metadata), llms.WithTools([]llms.Tool{{Type: "function", Function: &llms.FunctionDefinition{Name: "f"}}}))
	if err != nil {
		t.Fatal(err)
	}
	body = fields(t, s)
	if body["max_tokens"] != 20.0 || body["tools"] != nil || body["metadata"] != nil {
		t.Errorf("request is %v", body)
	}
	if len(metadata) > 0 {
		t.Errorf("the caller's metadata was changed: %v", metadata)
	}
}

func TestOpenAIWantsTheNewField(t *testing.T) {
	s := llmtest.Start(t, llmtest.Script{})
	toServer := roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.URL.Scheme != "https" || r.URL.Host != "api.openai.com" {
			t.Errorf("dialled %v", r.URL)
		}
		r.URL.Scheme, r.URL.Host = "http", strings.TrimPrefix(s.URL, "http://")
		return s.Transport.RoundTrip(r)
	})
	m, err := llm.Open(llm.Config{Kind: llm.KindOpenAI, Name: "gpt-x", URL: "https://api.openai.com/v1", MaxTokens: 9}, llm.Options{HTTP: toServer})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := ask(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if body := fields(t, s); body["max_completion_tokens"] != 9.0 || body["max_tokens"] != nil {
		t.Errorf("request is %v", body)
	}
}

// The adapter falls back on the environment for a key and an organization: they
// belong to another server.
func TestEnvironmentStaysAtHome(t *testing.T) {
	const secret = "sk-of-another-server"
	t.Setenv("OPENAI_API_KEY", secret)
	t.Setenv("OPENAI_ORGANIZATION", secret)
	t.Setenv("OPENAI_BASE_URL", "http://another.test")
	t.Setenv("OPENAI_MODEL", secret)
	m, s := open(t, llmtest.Script{})
	if _, _, err := ask(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if r := s.Requests()[0]; strings.Contains(fmt.Sprint(r.Header, string(r.Body)), secret) || r.Header.Get("Authorization") != "" {
		t.Errorf("the environment was sent: %v", r.Header)
	}
}

// The key goes to the server and nowhere else, not even when the server repeats it.
func TestKeyIsNotTold(t *testing.T) {
	const key = "sk-secret-4711"
	s := llmtest.Start(t, llmtest.Script{Key: key + "0"})
	var logged bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	cfg := config(s)
	cfg.Key = key
	opt := llm.Options{HTTP: s.Transport, Logger: logger}
	m, err := llm.Open(cfg, opt)
	if err != nil {
		t.Fatal(err)
	}
	e, err := llm.OpenEmbedder(cfg, opt)
	if err != nil {
		t.Fatal(err)
	}
	r, err := llm.OpenReranker(cfg, opt)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err1 := ask(t.Context(), m)
	_, err2 := e.Embed(t.Context(), []string{"云"})
	_, err3 := r.Rerank(t.Context(), "云", []string{"云"})
	findings := llm.Check(t.Context(), llm.Parts{Model: m, Embedder: e, Reranker: r})
	logger.Info("config", "config", cfg, "pointer", &cfg, "findings", findings)
	marshalled, err := json.Marshal(map[string]any{"config": cfg, "findings": findings})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Key = key + "\n"
	told := []string{logged.String(), string(marshalled), cfg.String(), cfg.Validate().Error()}
	for _, v := range []any{cfg, &cfg, m, e, r, findings, err1, err2, err3} {
		told = append(told, fmt.Sprintf("%v %+v %#v %s", v, v, v, v))
	}
	for _, text := range told {
		if strings.Contains(text, key) {
			t.Errorf("the key is told: %s", text)
		}
	}
	for _, err := range []error{err1, err2, err3} {
		if !errors.Is(err, llm.ErrUnauthorized) || !strings.Contains(err.Error(), "invalid_api_key") {
			t.Errorf("error %v", err)
		}
	}
	if got := s.Requests()[0].Header.Get("Authorization"); got != "Bearer "+key {
		t.Errorf("the server got %q", got)
	}
	if !strings.Contains(logged.String(), `"fault":"unauthorized"`) {
		t.Errorf("the failure is not logged: %s", logged.String())
	}
}
