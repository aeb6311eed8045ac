package llm_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tmc/langchaingo/llms"

	"wenbao/rag/llm"
	"wenbao/rag/llm/llmtest"
)

// limits are easy to tell apart.
func limits() llm.Limits {
	return llm.Limits{
		Connect: 2 * time.Second, FirstToken: 30 * time.Second, BetweenTokens: 5 * time.Second, Total: time.Minute,
		Attempts: 2, Failures: 3, CoolDown: 20 * time.Second,
	}
}

// inBubble runs a test with a model on a server within the process, in fake time.
func inBubble(t *testing.T, script llmtest.Script, test func(t *testing.T, m *llm.Model, s *llmtest.Server)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s, stop := llmtest.StartPiped(script)
		defer stop()
		cfg := config(s)
		cfg.Limits = limits()
		m, err := llm.Open(cfg, llm.Options{HTTP: s.Transport})
		if err != nil {
			t.Fatal(err)
		}
		test(t, m, s)
	})
}

func TestTimeouts(t *testing.T) {
	late := func(d time.Duration, s llmtest.Step) llmtest.Step { s.Wait = d; return s }
	say := llmtest.Say("三")
	forever := []llmtest.Step{say}
	for range 30 {
		forever = append(forever, late(4*time.Second, llmtest.Think("嗯")))
	}
	alive := []llmtest.Step{}
	for range 100 {
		alive = append(alive, late(time.Second, llmtest.Raw(": still here\n\ndata: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n")))
	}
	tests := []struct {
		name  string
		steps []llmtest.Step
		phase llm.Phase // "" at none
		took  time.Duration
	}{
		{"in time", []llmtest.Step{late(29*time.Second, say), late(4*time.Second, say), llmtest.Stop("stop")}, "", 33 * time.Second},
		{"no first token", []llmtest.Step{llmtest.Hang()}, llm.PhaseFirstToken, 30 * time.Second},
		{"signs of life are no token", alive, llm.PhaseFirstToken, 30 * time.Second},
		{"a pause", []llmtest.Step{late(time.Second, say), late(6*time.Second, say)}, llm.PhaseBetweenTokens, 6 * time.Second},
		{"signs of life are no next token", append([]llmtest.Step{say}, alive...), llm.PhaseBetweenTokens, 5 * time.Second},
		{"thinking forever", forever, llm.PhaseTotal, time.Minute},
		{"no end after the end", []llmtest.Step{say, llmtest.Finish("stop"), llmtest.Hang()}, "", time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, replies(llmtest.Stream(tt.steps...)), func(t *testing.T, m *llm.Model, s *llmtest.Server) {
				begun := time.Now()
				_, _, err := ask(t.Context(), m)
				if took := time.Since(begun); took != tt.took {
					t.Errorf("it took %v, want %v", took, tt.took)
				}
				timeout := (*llm.TimeoutError)(nil)
				if tt.phase == "" && err != nil || tt.phase != "" && (!errors.As(err, &timeout) || timeout.Phase != tt.phase) {
					t.Errorf("error %v, want %q", err, tt.phase)
				}
				if len(s.Requests()) != 1 {
					t.Errorf("%d requests", len(s.Requests()))
				}
			})
		})
	}
}

// A caller that takes its time over a piece is not the server's delay.
func TestSlowCallerIsNoTimeout(t *testing.T) {
	inBubble(t, replies(llmtest.Answer("三", "处", "。")), func(t *testing.T, m *llm.Model, _ *llmtest.Server) {
		_, err := m.GenerateContent(t.Context(), prompt(), llms.WithStreamingFunc(func(context.Context, []byte) error {
			time.Sleep(10 * time.Second)
			return nil
		}))
		if err != nil {
			t.Error(err)
		}
	})
}

func TestConnectTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tries atomic.Int32
		hang := roundTripper(func(r *http.Request) (*http.Response, error) {
			tries.Add(1)
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		cfg := llm.Config{Kind: llm.KindOllama, Name: "qwen3:8b", Limits: limits()}
		m, err := llm.Open(cfg, llm.Options{HTTP: hang})
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		_, _, err = ask(t.Context(), m)
		timeout := (*llm.TimeoutError)(nil)
		if !errors.As(err, &timeout) || timeout.Phase != llm.PhaseConnect || tries.Load() != 2 {
			t.Errorf("error %v after %d attempts", err, tries.Load())
		}
		if took := time.Since(begun); took < 4*time.Second || took > 4250*time.Millisecond {
			t.Errorf("it took %v, want two attempts of 2s and the wait between", took)
		}
	})
}

// The caller's own deadline is the caller's error.
func TestCallersDeadline(t *testing.T) {
	inBubble(t, replies(llmtest.Stream(llmtest.Say("三"), llmtest.Hang())), func(t *testing.T, m *llm.Model, _ *llmtest.Server) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, _, err := ask(ctx, m); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, llm.ErrTimeout) {
			t.Errorf("error %v", err)
		}
	})
}

// A wait that the whole call has no time for is not begun.
func TestRetryFitsTheTotal(t *testing.T) {
	busy := llmtest.Fail(503, "", "Retry-After", "9")
	inBubble(t, llmtest.Script{Replies: []llmtest.Reply{llmtest.Stream(llmtest.Hang())}, First: []llmtest.Reply{busy, busy}},
		func(t *testing.T, _ *llm.Model, s *llmtest.Server) {
			cfg := config(s)
			cfg.Limits = limits()
			cfg.Limits.Total = 8 * time.Second
			e, err := llm.OpenEmbedder(cfg, llm.Options{HTTP: s.Transport})
			if err != nil {
				t.Fatal(err)
			}
			begun := time.Now()
			if _, err := e.Embed(t.Context(), []string{"云"}); !errors.Is(err, llm.ErrBusy) || time.Since(begun) > 0 {
				t.Errorf("error %v after %v", err, time.Since(begun))
			}
		})
}

func TestBreaker(t *testing.T) {
	var up atomic.Bool
	script := llmtest.Script{Chat: func(llmtest.Request) llmtest.Reply {
		if up.Load() {
			return llmtest.Answer("三处。")
		}
		return llmtest.Stream(llmtest.Cut())
	}}
	inBubble(t, script, func(t *testing.T, m *llm.Model, s *llmtest.Server) {
		expect := func(what string, want error, requests int) {
			t.Helper()
			before := len(s.Requests())
			if _, _, err := ask(t.Context(), m); !errors.Is(err, want) {
				t.Errorf("%s: error %v, want %v", what, err, want)
			}
			if n := len(s.Requests()) - before; n != requests {
				t.Errorf("%s: %d requests, want %d", what, n, requests)
			}
		}
		for range 3 {
			expect("closed", llm.ErrCut, 1)
		}
		expect("open", llm.ErrDown, 0)
		time.Sleep(20 * time.Second)
		expect("failing probe", llm.ErrCut, 1)
		expect("open again", llm.ErrDown, 0)
		time.Sleep(20 * time.Second)
		up.Store(true)
		expect("probe", nil, 1)
		expect("closed again", nil, 1)
		up.Store(false)
		expect("counts from the beginning", llm.ErrCut, 1)
		expect("counts from the beginning", llm.ErrCut, 1)
		up.Store(true)
		expect("a success in between", nil, 1)
		up.Store(false)
		expect("counts in a row", llm.ErrCut, 1)
	})
}

// While the probe runs others fail at once; a probe that its caller gives up
// leaves the way to the next one.
func TestBreakerProbe(t *testing.T) {
	var mode atomic.Value
	mode.Store(llmtest.Stream(llmtest.Cut()))
	script := llmtest.Script{Chat: func(llmtest.Request) llmtest.Reply { return mode.Load().(llmtest.Reply) }}
	inBubble(t, script, func(t *testing.T, m *llm.Model, _ *llmtest.Server) {
		for range 3 {
			if _, _, err := ask(t.Context(), m); !errors.Is(err, llm.ErrCut) {
				t.Fatal(err)
			}
		}
		time.Sleep(20 * time.Second)
		mode.Store(llmtest.Stream(llmtest.Hang()))
		ctx, cancel := context.WithCancel(t.Context())
		given := make(chan error)
		go func() {
			_, _, err := ask(ctx, m)
			given <- err
		}()
		synctest.Wait()
		if _, _, err := ask(t.Context(), m); !errors.Is(err, llm.ErrDown) {
			t.Errorf("beside the probe: %v", err)
		}
		cancel()
		if err := <-given; !errors.Is(err, context.Canceled) {
			t.Errorf("the probe given up: %v", err)
		}
		mode.Store(llmtest.Answer("三处。"))
		for range 2 {
			if _, _, err := ask(t.Context(), m); err != nil {
				t.Errorf("the next probe: %v", err)
			}
		}
	})
}

// A server that refuses is up.
func TestBreakerStaysClosed(t *testing.T) {
	m, _ := open(t, replies(llmtest.Fail(404, `{"error":{"code":"model_not_found"}}`)))
	for range 5 {
		if _, _, err := ask(t.Context(), m); !errors.Is(err, llm.ErrNoModel) {
			t.Errorf("error %v", err)
		}
	}
}

// Sixteen conversations at fifty tokens a second, none mixed up.
func TestPaced(t *testing.T) {
	const text = "沙湾街道建成驿站三处，白塔镇建成两处，柳溪镇正在选址。"
	inBubble(t, replies(llmtest.Paced(text, 20*time.Millisecond)), func(t *testing.T, m *llm.Model, _ *llmtest.Server) {
		results := make(chan string)
		for range 16 {
			go func() {
				got, err := m.Call(t.Context(), "驿站有几处？")
				if err != nil {
					got = err.Error()
				}
				results <- got
			}()
		}
		for range 16 {
			if got := <-results; got != text {
				t.Errorf("got %q", got)
			}
		}
	})
}
