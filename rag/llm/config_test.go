package llm_test

import (
	"strings"
	"testing"
	"time"

	"wenbao/rag/llm"
	"wenbao/rag/llm/llmtest"
)

func TestParseModel(t *testing.T) {
	tests := []struct {
		spec, url  string
		kind, name string // "" where it is refused
	}{
		{"ollama:qwen3:8b", "", llm.KindOllama, "qwen3:8b"},
		{"ollama:qwen3", "http://10.0.0.7:11434/", llm.KindOllama, "qwen3"},
		{"openai:org/model", "https://model.test/v1", llm.KindOpenAI, "org/model"},
		{"openai:m", "", "", ""},
		{"ollama:", "", "", ""},
		{"ollama: ", "", "", ""},
		{"qwen3", "", "", ""},
		{"", "", "", ""},
		{"gemini:x", "http://model.test", "", ""},
		{"openai:m", "model.test:8000", "", ""},
		{"openai:m", "ftp://model.test", "", ""},
		{"openai:m", "http://", "", ""},
		{"openai:m", "http://user:hush@model.test", "", ""},
		{"openai:m", "http://model.test?key=hush", "", ""},
		{"openai:m", "http://model.test#hush", "", ""},
		{"openai:m", "http://model.test/\x7fhush", "", ""},
	}
	for _, tt := range tests {
		c, err := llm.ParseModel(tt.spec, tt.url)
		if tt.kind == "" {
			if err == nil || strings.Contains(err.Error(), "hush") {
				t.Errorf("%q at %q: %v, error %v", tt.spec, tt.url, c, err)
			}
			continue
		}
		if err != nil || c.Kind != tt.kind || c.Name != tt.name || c.URL != tt.url {
			t.Errorf("%q at %q: %v, %v", tt.spec, tt.url, c, err)
		}
	}
}

func TestValidate(t *testing.T) {
	good := llm.Config{Kind: llm.KindOllama, Name: "m"}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	bad := map[string]func(*llm.Config){
		"kind":        func(c *llm.Config) { c.Kind = "" },
		"name":        func(c *llm.Config) { c.Name = "" },
		"key":         func(c *llm.Config) { c.Key = "a\r\nb" },
		"tokens":      func(c *llm.Config) { c.MaxTokens = -1 },
		"context":     func(c *llm.Config) { c.ContextTokens = -1 },
		"dim":         func(c *llm.Config) { c.Dim = -1 },
		"batch":       func(c *llm.Config) { c.Batch = -1 },
		"temperature": func(c *llm.Config) { c.Temperature = 3 },
		"time":        func(c *llm.Config) { c.Limits.Total = -time.Second },
		"attempts":    func(c *llm.Config) { c.Limits.Attempts = -1 },
	}
	for name, edit := range bad {
		c := good
		edit(&c)
		if c.Validate() == nil {
			t.Errorf("%s: no error", name)
		}
		if _, err := llm.Open(c, llm.Options{}); err == nil {
			t.Errorf("%s: opened as a model", name)
		}
		if _, err := llm.OpenEmbedder(c, llm.Options{}); err == nil {
			t.Errorf("%s: opened as an embedder", name)
		}
		c.URL = "http://model.test"
		if _, err := llm.OpenReranker(c, llm.Options{}); err == nil && name != "kind" && name != "name" {
			t.Errorf("%s: opened as a reranker", name)
		}
	}
	if _, err := llm.OpenReranker(good, llm.Options{}); err == nil {
		t.Error("a reranker without an address is opened")
	}
}

// The address may be given with or without the protocol's path.
func TestAddress(t *testing.T) {
	for _, kind := range []string{llm.KindOllama, llm.KindOpenAI} {
		for _, path := range []string{"", "/", "/v1", "/v1/"} {
			m, s := open(t, llmtest.Script{}, func(c *llm.Config) { c.Kind = kind; c.URL += path })
			if _, _, err := ask(t.Context(), m); err != nil || s.Count("/v1/chat/completions") != 1 {
				t.Errorf("%s %q: %v", kind, path, err)
			}
		}
	}
	m, _ := open(t, llmtest.Script{}, func(c *llm.Config) { c.URL += "/v1/chat/completions" })
	if _, _, err := ask(t.Context(), m); err != nil {
		t.Errorf("the whole address: %v", err)
	}
}
