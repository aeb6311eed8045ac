package llm_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"wenbao/rag/llm"
	"wenbao/rag/llm/llmtest"
)

func TestContextTokens(t *testing.T) {
	any1 := []string{"qwen3:8b"}
	tests := []struct {
		name   string
		kind   string
		script llmtest.Script
		given  int
		want   int
		asks   int // in two calls
	}{
		{"configured", llm.KindOllama, llmtest.Script{}, 1234, 1234, 0},
		{"loaded by Ollama", llm.KindOllama, llmtest.Script{Models: any1, Loaded: 32768, Context: 8192}, 0, 32768, 1},
		{"set in Ollama", llm.KindOllama, llmtest.Script{Models: any1, Context: 8192}, 0, 8192, 2},
		{"not told by Ollama", llm.KindOllama, llmtest.Script{Models: any1}, 0, llm.DefaultContextTokens, 4},
		{"an old Ollama", llm.KindOllama, llmtest.Script{First: []llmtest.Reply{llmtest.Fail(404, "404 page not found")}, Models: any1, Context: 2048}, 0, 2048, 2},
		{"a small model", llm.KindOllama, llmtest.Script{First: []llmtest.Reply{{Body: `{}`}, {Body: `{"model_info":{"bert.context_length":512}}`}, {Body: `{}`}, {Body: `{"model_info":{"bert.context_length":512}}`}}}, 0, 512, 4},
		{"told by vLLM", llm.KindOpenAI, llmtest.Script{Models: any1, Context: 16384}, 0, 16384, 1},
		{"not told", llm.KindOpenAI, llmtest.Script{Models: any1}, 0, llm.DefaultContextTokens, 1},
		{"refused", llm.KindOpenAI, llmtest.Script{Key: "other"}, 0, llm.DefaultContextTokens, 2},
	}
	for _, tt := range tests {
		m, s := open(t, tt.script, func(c *llm.Config) { c.Kind, c.ContextTokens = tt.kind, tt.given })
		for range 2 {
			if got := m.ContextTokens(t.Context()); got != tt.want {
				t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
			}
		}
		if n := len(s.Requests()); n != tt.asks {
			t.Errorf("%s: %d requests, want %d", tt.name, n, tt.asks)
		}
	}
}

// A server that hangs does not keep a question waiting for its context.
func TestContextTokensInTime(t *testing.T) {
	hang := llmtest.Stream(llmtest.Hang())
	inBubble(t, llmtest.Script{First: []llmtest.Reply{hang, hang}}, func(t *testing.T, m *llm.Model, _ *llmtest.Server) {
		begun := time.Now()
		if n := m.ContextTokens(t.Context()); n != llm.DefaultContextTokens || time.Since(begun) > 5*time.Second {
			t.Errorf("%d after %v", n, time.Since(begun))
		}
	})
}

// brief is a finding in a line.
func brief(f llm.Finding) string {
	if f.OK {
		return fmt.Sprintf("%s %s ok", f.Part, f.Aspect)
	}
	return fmt.Sprintf("%s %s %s", f.Part, f.Aspect, f.Fault)
}

func TestCheck(t *testing.T) {
	with := func(first ...llmtest.Reply) llmtest.Script {
		return llmtest.Script{Models: []string{"qwen3:8b"}, First: first}
	}
	busy := llmtest.Fail(503, "")
	tests := []struct {
		name   string
		script llmtest.Script
		want   []string
	}{
		{"all is well", with(), []string{"model reachable ok", "model present ok", "model context ok", "model first_token ok"}},
		{"no model", llmtest.Script{Models: []string{"b", "a"}}, []string{"model reachable ok", "model present no_model"}},
		{"no key", llmtest.Script{Key: "k"}, []string{"model reachable unauthorized"}},
		{"no server", with(busy, busy, busy), []string{"model reachable busy"}},
		{"no list", with(llmtest.Fail(404, "")), []string{"model reachable ok", "model context ok", "model first_token ok"}},
		{"no answer", llmtest.Script{Models: []string{"qwen3:8b"}, Replies: []llmtest.Reply{llmtest.Fail(400, "")}},
			[]string{"model reachable ok", "model present ok", "model context ok", "model first_token request"}},
		{"a thought", llmtest.Script{Models: []string{"qwen3:8b"}, Replies: []llmtest.Reply{llmtest.Stream(llmtest.Think("嗯"), llmtest.Stop("length"))}},
			[]string{"model reachable ok", "model present ok", "model context ok", "model first_token ok"}},
	}
	for _, tt := range tests {
		m, s := open(t, tt.script)
		var got []string
		for _, f := range llm.Check(t.Context(), llm.Parts{Model: m}) {
			got = append(got, brief(f))
			if f.Kind != llm.KindOpenAI || f.Name != "qwen3:8b" || f.URL != s.URL+"/v1" || f.OK != (f.Err == nil) {
				t.Errorf("%s: finding %+v", tt.name, f)
			}
			if f.Fault == llm.FaultNoModel && !reflect.DeepEqual(f.Models, []string{"a", "b"}) {
				t.Errorf("%s: the server has %v", tt.name, f.Models)
			}
		}
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestCheckOllama(t *testing.T) {
	m, s := open(t, llmtest.Script{Models: []string{"qwen3:latest"}}, func(c *llm.Config) { c.Kind, c.Name = llm.KindOllama, "qwen3" })
	findings := llm.Check(t.Context(), llm.Parts{Model: m})
	if len(findings) != 4 || !findings[1].OK || findings[2].Tokens != llm.DefaultContextTokens || s.Count("/api/tags") != 1 {
		t.Errorf("findings are %+v", findings)
	}
}

func TestCheckOthers(t *testing.T) {
	e, _ := openEmbedder(t, llmtest.Script{Models: []string{"bge-m3"}, Dim: 6})
	r, _ := openReranker(t, llmtest.Script{TEI: true}, "")
	found := llm.Check(t.Context(), llm.Parts{Embedder: e, Reranker: r})
	var got []string
	for _, f := range found {
		got = append(got, brief(f))
	}
	want := []string{"embedder reachable ok", "embedder present ok", "embedder dimensions ok", "reranker scores ok"}
	if !reflect.DeepEqual(got, want) || found[2].Dim != 6 {
		t.Errorf("findings are %+v", found)
	}
	if llm.Check(t.Context(), llm.Parts{}) != nil {
		t.Error("nothing to look at, and something found")
	}
}

func TestCheckFirstToken(t *testing.T) {
	late := llmtest.Say("你")
	late.Wait = 3 * time.Second
	script := llmtest.Script{Models: []string{"qwen3:8b"}, Replies: []llmtest.Reply{llmtest.Stream(late, llmtest.Stop("stop"))}}
	inBubble(t, script, func(t *testing.T, m *llm.Model, _ *llmtest.Server) {
		found := llm.Check(t.Context(), llm.Parts{Model: m})
		if last := found[len(found)-1]; !last.OK || last.Took != 3*time.Second {
			t.Errorf("finding %+v", last)
		}
	})
}

// Opening dials nothing.
func TestNothingIsDialled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, stop := llmtest.StartPiped(llmtest.Script{})
		defer stop()
		opt := llm.Options{HTTP: s.Transport}
		cfg := config(s)
		_, err1 := llm.Open(cfg, opt)
		_, err2 := llm.OpenEmbedder(cfg, opt)
		_, err3 := llm.OpenReranker(cfg, opt)
		synctest.Wait()
		if err := errors.Join(err1, err2, err3); err != nil || len(s.Requests()) > 0 {
			t.Errorf("%d requests, %v", len(s.Requests()), err)
		}
	})
}

func TestFaultOf(t *testing.T) {
	if llm.FaultOf(nil) != llm.FaultNone || llm.FaultOf(errors.New("x")) != llm.FaultOther {
		t.Error("nil or a strange error is misnamed")
	}
	if f := llm.FaultOf(fmt.Errorf("ask: %w", &llm.TimeoutError{Phase: llm.PhaseTotal})); f != llm.FaultTimeout {
		t.Errorf("a time-out is %q", f)
	}
}
