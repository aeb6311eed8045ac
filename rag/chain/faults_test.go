package chain_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wenbao/rag"
	"wenbao/rag/chain"
	"wenbao/rag/llm"
	"wenbao/rag/llm/llmtest"
	"wenbao/rag/ragtest"
)

// limits are short, and easy to tell apart.
func limits() llm.Limits {
	return llm.Limits{
		Connect: 2 * time.Second, FirstToken: 30 * time.Second, BetweenTokens: 5 * time.Second, Total: time.Minute,
		RetryAfter: 10 * time.Second, Attempts: 2, Failures: 3, CoolDown: 20 * time.Second, Bytes: 2 << 10,
	}
}

// inBubble runs a test in fake time with a chain over the sample and a server
// within the process.
func inBubble(t *testing.T, script llmtest.Script, test func(t *testing.T, c asked, a *chain.Answerer, s *llmtest.Server)) {
	t.Helper()
	p := sample(t)
	c := p.search(t, question)
	synctest.Test(t, func(t *testing.T) {
		s, stop := llmtest.StartPiped(script)
		defer stop()
		test(t, c, p.with(t, modelOf(t, s, limits())), s)
	})
}

// forever is text without an end that never says the same twice.
func forever() llmtest.Reply {
	var steps []llmtest.Step
	for i := range 400 {
		steps = append(steps, llmtest.Say(fmt.Sprintf("第%d件事是要把工作做好[1]。", i)))
	}
	return llmtest.Stream(append(steps, llmtest.Hang())...)
}

// slow is text that comes in time and does not come to an end.
func slow() llmtest.Reply {
	return llmtest.Paced(strings.Repeat("临江区有计划，要新增床位，要建中心。", 9), 4*time.Second)
}

// TestFaults is a model at its worst: each time there is the cited answer without
// a model, in time, and one line on what happened.
func TestFaults(t *testing.T) {
	said := llmtest.Say("临江区2025年计划新增养老床位500张[1]。还将开工")
	one := func(r llmtest.Reply) llmtest.Script { return llmtest.Script{Replies: []llmtest.Reply{r}} }
	text := func(s string) llmtest.Script { return one(llmtest.Answer(strings.Split(s, "")...)) }
	const noContext = `{"error":{"code":"context_length_exceeded","message":"too long","type":"invalid_request_error"}}`
	for _, tt := range []struct {
		name   string
		script llmtest.Script
		fault  string
		notice string
		within time.Duration
	}{
		{"empty answer", one(llmtest.Stream(llmtest.Stop("stop"))), "empty", "没有写出内容", 0},
		{"blank answer", text(" \n\n"), "empty", "没有写出内容", 0},
		{"only thinking", one(llmtest.Stream(llmtest.Think("嗯"), llmtest.Stop("length"))), "empty", "没有写出内容", 0},
		{"no stop reason", one(llmtest.Stream(said, llmtest.Raw("data: [DONE]\n\n"))), "cut", "中途断了", 0},
		{"empty stop reason", one(llmtest.Stream(said, llmtest.Stop(""))), "cut", "中途断了", 0},
		{"cut stream", one(llmtest.Stream(said, llmtest.Cut())), "cut", "中途断了", 0},
		{"error in mid-stream", one(llmtest.Stream(said, llmtest.Raw(`data: {"error":{"message":"CUDA error"}}`+"\n\n"))), "stream", "中途报错", 0},
		{"malformed chunk", one(llmtest.Stream(said, llmtest.Raw("data: {\"choices\":[{\"del\n\n"))), "malformed", "无法识别", 0},
		{"wrong model name", llmtest.Script{Models: []string{"llama3"}}, "no_model", "没有这个模型", 0},
		{"401", llmtest.Script{Key: "another"}, "unauthorized", "密钥", 0},
		{"404", one(llmtest.Fail(http.StatusNotFound, "404 page not found")), "not_found", "地址不对", 0},
		{"429 for long", one(llmtest.Fail(http.StatusTooManyRequests, "", "Retry-After", "3600")), "busy", "正忙", 0},
		{"429 again", one(llmtest.Fail(http.StatusTooManyRequests, "", "Retry-After", "7")), "busy", "正忙", 7 * time.Second},
		{"500", one(llmtest.Fail(http.StatusInternalServerError, "")), "server", "服务出错", time.Second},
		{"context overflow", one(llmtest.Fail(http.StatusBadRequest, noContext)), "context", "超出", 0},
		{"silent", one(llmtest.Stream(llmtest.Hang())), "timeout", "没有按时", 30 * time.Second},
		{"pausing", one(llmtest.Stream(said, llmtest.Hang())), "timeout", "没有按时", 5 * time.Second},
		{"slow", one(slow()), "timeout", "没有按时", time.Minute},
		{"talks forever", one(forever()), "too_long", "没有止境", 0},
		{"repeats itself", text(strings.Repeat("临江区2025年计划新增养老床位500张[1]。", 60)), "repeats", "反复", 0},
		{"in English", text("Linjiang District plans 500 beds for the elderly in 2025 [1]."), "foreign", "没有用中文", 0},
		{"in JSON", text(`{"answer":"临江区2025年计划新增养老床位500张","citations":[1]}`), "data", "没有写成文字", 0},
		{"only citations", text("[1][2]。[3]"), "markers", "只写了编号", 0},
		{"refuses", text("资料里没有提到相关信息。"), "refused", "认为资料里没有", 0},
		{"invents", text("临江区2025年计划新增养老床位900张[1]。"), "unsupported", "没有依据", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, tt.script, func(t *testing.T, c asked, a *chain.Answerer, _ *llmtest.Server) {
				begun := time.Now()
				var w told
				got, err := a.Stream(t.Context(), c.query, c.hits, w.tell)
				if err != nil {
					t.Fatal(err)
				}
				if took := time.Since(begun); took > tt.within {
					t.Errorf("it took %v, want at most %v", took, tt.within)
				}
				ragtest.CheckAnswer(t, got)
				if got.Outcome != rag.Answered || got.Mode != rag.Extractive || !strings.Contains(got.Text, "新增养老床位500张") {
					t.Errorf("outcome %s, mode %s: %s", got.Outcome, got.Mode, got.Text)
				}
				if got.Fault != tt.fault || !strings.Contains(got.Notice, tt.notice) || strings.Contains(got.Notice, "\n") {
					t.Errorf("fault %q, notice %q", got.Fault, got.Notice)
				}
				if text := strings.Join(w.pieces, ""); text != "" && text != "临江区2025年计划新增养老床位500张 [1]。" {
					t.Errorf("told %q", text)
				}
			})
		})
	}
}

// A server that asks for a short wait gets it, and answers.
func TestRetryAfter(t *testing.T) {
	script := llmtest.Script{Replies: []llmtest.Reply{llmtest.Fail(http.StatusTooManyRequests, "", "Retry-After", "7"), llmtest.Answer(good)}}
	inBubble(t, script, func(t *testing.T, c asked, a *chain.Answerer, _ *llmtest.Server) {
		begun := time.Now()
		got, err := a.Answer(t.Context(), c.query, c.hits)
		if err != nil || got.Mode != rag.Generative || time.Since(begun) != 7*time.Second {
			t.Errorf("mode %s after %v, %v", got.Mode, time.Since(begun), err)
		}
	})
}

// While the server is down the answer comes at once, and when it is up again the
// model's does.
func TestServerDown(t *testing.T) {
	down := llmtest.Fail(http.StatusInternalServerError, "")
	script := llmtest.Script{Replies: []llmtest.Reply{down, down, down, down, down, down, llmtest.Answer(good)}}
	inBubble(t, script, func(t *testing.T, c asked, a *chain.Answerer, s *llmtest.Server) {
		ask := func(fault string) {
			t.Helper()
			got, err := a.Answer(t.Context(), c.query, c.hits)
			if err != nil || got.Fault != fault {
				t.Fatalf("fault %q, error %v, want %q", got.Fault, err, fault)
			}
		}
		for range 3 {
			ask("server")
		}
		before, begun := len(s.Requests()), time.Now()
		ask("down")
		if len(s.Requests()) != before || time.Since(begun) > 0 {
			t.Errorf("%d requests and %v while it is down", len(s.Requests())-before, time.Since(begun))
		}
		time.Sleep(20 * time.Second)
		ask("")
	})
}

// Ctrl-C ends a model that writes, at once.
func TestCancel(t *testing.T) {
	steps := []llmtest.Step{llmtest.Say(good), llmtest.Say("再者"), llmtest.Hang()}
	inBubble(t, llmtest.Script{Replies: []llmtest.Reply{llmtest.Stream(steps...)}}, func(t *testing.T, c asked, a *chain.Answerer, _ *llmtest.Server) {
		ctx, cancel := context.WithCancel(t.Context())
		begun := time.Now()
		time.AfterFunc(time.Second, cancel)
		var w told
		got, err := a.Stream(ctx, c.query, c.hits, w.tell)
		if !errors.Is(err, context.Canceled) || got.Text != "" || time.Since(begun) != time.Second {
			t.Errorf("error %v after %v, answer %q", err, time.Since(begun), got.Text)
		}
		if len(w.pieces) == 0 {
			t.Error("nothing was told before")
		}
	})
}
