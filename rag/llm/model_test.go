package llm_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tmc/langchaingo/llms"

	"wenbao/rag/llm"
	"wenbao/rag/llm/llmtest"
)

// waits is a Sleep that only notes what it was asked for.
type waits struct {
	mu    sync.Mutex
	asked []time.Duration
}

func (w *waits) sleep(ctx context.Context, d time.Duration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, d)
	return ctx.Err()
}

// config is the configuration of a model on a server.
func config(s *llmtest.Server) llm.Config {
	return llm.Config{Kind: llm.KindOpenAI, Name: "qwen3:8b", URL: s.URL}
}

// open opens a model on a scripted server, never waiting between attempts.
func open(t testing.TB, script llmtest.Script, edit ...func(*llm.Config)) (*llm.Model, *llmtest.Server) {
	t.Helper()
	s := llmtest.Start(t, script)
	cfg := config(s)
	for _, e := range edit {
		e(&cfg)
	}
	m, err := llm.Open(cfg, llm.Options{HTTP: s.Transport, Sleep: (&waits{}).sleep})
	if err != nil {
		t.Fatal(err)
	}
	return m, s
}

func replies(r ...llmtest.Reply) llmtest.Script { return llmtest.Script{Replies: r} }

// prompt is a question as messages.
func prompt() []llms.MessageContent {
	return []llms.MessageContent{
		llms.TextParts(llms.ChatMessageTypeSystem, "只用所给的材料回答。"),
		llms.TextParts(llms.ChatMessageTypeHuman, "驿站有几处？"),
	}
}

// ask asks, and gives what was streamed too.
func ask(ctx context.Context, m *llm.Model, options ...llms.CallOption) (choice *llms.ContentChoice, streamed string, err error) {
	var b strings.Builder
	options = append(options, llms.WithStreamingFunc(func(_ context.Context, chunk []byte) error {
		b.Write(chunk)
		return nil
	}))
	resp, err := m.GenerateContent(ctx, prompt(), options...)
	if err != nil {
		return nil, b.String(), err
	}
	return resp.Choices[0], b.String(), nil
}

func TestAnswer(t *testing.T) {
	for _, kind := range []string{llm.KindOllama, llm.KindOpenAI} {
		m, s := open(t, replies(llmtest.Answer("沙湾街道", "有驿站", "三处。")), func(c *llm.Config) { c.Kind = kind })
		got, streamed, err := ask(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		if want := "沙湾街道有驿站三处。"; got.Content != want || streamed != want || got.StopReason != "stop" {
			t.Errorf("%s: %+v, streamed %q", kind, got, streamed)
		}
		if got.GenerationInfo["PromptTokens"] != 11 || got.GenerationInfo["CompletionTokens"] != 7 {
			t.Errorf("%s: counts are %v", kind, got.GenerationInfo)
		}
		want := []llmtest.Message{{Role: "system", Content: "只用所给的材料回答。"}, {Role: "user", Content: "驿站有几处？"}}
		if asked := s.Requests()[0]; !slices.Equal(asked.Messages, want) {
			t.Errorf("%s: messages are %v", kind, asked.Messages)
		}
		if m.Name() != kind+":qwen3:8b" {
			t.Errorf("name is %q", m.Name())
		}
	}
}

// Without a streaming function the answer is streamed and watched all the same.
func TestCall(t *testing.T) {
	m, s := open(t, replies(llmtest.Answer("三", "处。")))
	got, err := m.Call(t.Context(), "驿站有几处？")
	if err != nil || got != "三处。" {
		t.Errorf("got %q, %v", got, err)
	}
	if !bytes.Contains(s.Requests()[0].Body, []byte(`"stream":true`)) {
		t.Errorf("the request is not for a stream: %s", s.Requests()[0].Body)
	}
}

// Every way in which a server can fail has its kind of error.
func TestFaults(t *testing.T) {
	say := llmtest.Say("驿站有")
	tests := []struct {
		name  string
		reply llmtest.Reply
		want  error
		fault llm.Fault
		tries int
	}{
		{"401", llmtest.Fail(401, `{"error":{"code":"invalid_api_key"}}`), llm.ErrUnauthorized, llm.FaultUnauthorized, 1},
		{"403", llmtest.Fail(403, ``), llm.ErrUnauthorized, llm.FaultUnauthorized, 1},
		{"404 of Ollama", llmtest.Fail(404, `{"error":{"type":"not_found_error","code":null}}`), llm.ErrNoModel, llm.FaultNoModel, 1},
		{"404 of OpenAI", llmtest.Fail(404, `{"error":{"type":"invalid_request_error","code":"model_not_found"}}`), llm.ErrNoModel, llm.FaultNoModel, 1},
		{"404 of vLLM", llmtest.Fail(404, `{"object":"error","type":"NotFoundError","code":404}`), llm.ErrNoModel, llm.FaultNoModel, 1},
		{"404 of a path", llmtest.Fail(404, `{"detail":"Not Found"}`), llm.ErrNotFound, llm.FaultNotFound, 1},
		{"404 of llama.cpp's path", llmtest.Fail(404, `{"error":{"type":"not_found_error","code":404}}`), llm.ErrNotFound, llm.FaultNotFound, 1},
		{"400", llmtest.Fail(400, `{"error":{"type":"invalid_request_error"}}`), llm.ErrRequest, llm.FaultRequest, 1},
		{"redirect", llmtest.Fail(307, ``, "Location", "http://example.com/"), llm.ErrRequest, llm.FaultRequest, 1},
		{"400 of a model", llmtest.Fail(400, `{"code":20012,"message":"no"}`), llm.ErrNoModel, llm.FaultNoModel, 1},
		{"context of OpenAI", llmtest.Fail(400, `{"error":{"code":"context_length_exceeded"}}`), llm.ErrContext, llm.FaultContext, 1},
		{"context of llama.cpp", llmtest.Fail(400, `{"error":{"code":400,"type":"exceed_context_size_error"}}`), llm.ErrContext, llm.FaultContext, 1},
		{"context of vLLM", llmtest.Fail(400, `{"error":{"type":"BadRequestError","param":"input_tokens","code":400}}`), llm.ErrContext, llm.FaultContext, 1},
		{"413", llmtest.Fail(413, ``), llm.ErrContext, llm.FaultContext, 1},
		{"429", llmtest.Fail(429, ``), llm.ErrBusy, llm.FaultBusy, 3},
		{"503", llmtest.Fail(503, ``), llm.ErrBusy, llm.FaultBusy, 3},
		{"500", llmtest.Fail(500, `{"error":"boom"}`), llm.ErrServer, llm.FaultServer, 3},
		{"502 in HTML", llmtest.Fail(502, `<html>`), llm.ErrServer, llm.FaultServer, 3},
		{"cut in a chunk", llmtest.Stream(say, llmtest.Raw(`data: {"choices":[{"del`), llmtest.Cut()), llm.ErrCut, llm.FaultCut, 1},
		{"cut between chunks", llmtest.Stream(say, llmtest.Cut()), llm.ErrCut, llm.FaultCut, 1},
		{"end without a reason", llmtest.Stream(say), llm.ErrCut, llm.FaultCut, 1},
		{"half a chunk at the end", llmtest.Stream(say, llmtest.Raw(`data: {"choices":[{"del`)), llm.ErrCut, llm.FaultCut, 1},
		{"done without a reason", llmtest.Stream(say, llmtest.Raw("data: [DONE]\n\n")), llm.ErrCut, llm.FaultCut, 1},
		{"error in mid-stream", llmtest.Stream(say, llmtest.Raw("data: {\"error\":{\"code\":\"oom\"}}\n\n"), llmtest.Stop("stop")), llm.ErrStream, llm.FaultStream, 1},
		{"error as text", llmtest.Stream(say, llmtest.Raw("data: {\"error\":\"out of memory\"}\n\n")), llm.ErrStream, llm.FaultStream, 1},
		{"error as an object", llmtest.Stream(say, llmtest.Raw("data: {\"object\":\"error\",\"code\":500}\n\n")), llm.ErrStream, llm.FaultStream, 1},
		{"error without framing", llmtest.Stream(llmtest.Raw("{\"error\":{\"message\":\"no\"}}\n")), llm.ErrStream, llm.FaultStream, 1},
		{"context in mid-stream", llmtest.Stream(llmtest.Raw("data: {\"error\":{\"type\":\"exceed_context_size_error\"}}\n\n")), llm.ErrContext, llm.FaultContext, 1},
		{"broken chunk", llmtest.Stream(say, llmtest.Raw("data: {\"choices\":[{]\n\n"), llmtest.Stop("stop")), llm.ErrMalformed, llm.FaultMalformed, 1},
		{"page", llmtest.Fail(200, "<html>\n<p>登录</p>\n"), llm.ErrMalformed, llm.FaultMalformed, 1},
		{"no JSON", llmtest.Fail(200, "{malformed json"), llm.ErrMalformed, llm.FaultMalformed, 1},
		{"half a word at the end", llmtest.Stream(say, llmtest.Raw("da")), llm.ErrCut, llm.FaultCut, 1},
		{"endless line", llmtest.Stream(llmtest.Raw("data: " + strings.Repeat(" ", 70_000))), llm.ErrMalformed, llm.FaultMalformed, 1},
		{"nothing", llmtest.Stream(llmtest.Stop("stop")), llm.ErrEmpty, llm.FaultEmpty, 1},
		{"white space", llmtest.Answer(" ", "\n"), llm.ErrEmpty, llm.FaultEmpty, 1},
		{"thinking alone", llmtest.Stream(llmtest.Think("嗯"), llmtest.Say("<think>嗯"), llmtest.Stop("length")), llm.ErrEmpty, llm.FaultEmpty, 1},
		{"tool call", llmtest.Stream(llmtest.Raw(`data: {"choices":[{"delta":{"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]}}]}`+"\n\n"), llmtest.Stop("tool_calls")), llm.ErrEmpty, llm.FaultEmpty, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, s := open(t, replies(tt.reply))
			got, _, err := ask(t.Context(), m)
			if !errors.Is(err, tt.want) || llm.FaultOf(err) != tt.fault {
				t.Errorf("error %v (%s), want %v (%s)", err, llm.FaultOf(err), tt.want, tt.fault)
			}
			if got != nil {
				t.Errorf("an answer beside the error: %+v", got)
			}
			if n := s.Count("/v1/chat/completions"); n != tt.tries {
				t.Errorf("tried %d times, want %d", n, tt.tries)
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	s := llmtest.Start(t, llmtest.Script{})
	refused := func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }
	slept := &waits{}
	m, err := llm.Open(config(s), llm.Options{HTTP: roundTripper(refused), Sleep: slept.sleep})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = ask(t.Context(), m)
	if !errors.Is(err, llm.ErrUnreachable) || len(slept.asked) != 2 {
		t.Errorf("error %v after %d waits", err, len(slept.asked))
	}
	for i, d := range slept.asked {
		if top := 250 * time.Millisecond << i; d > top || d < top/2 {
			t.Errorf("wait %d is %v, want %v to %v", i, d, top/2, top)
		}
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// What has been streamed is never said twice.
func TestRetryOnlyBeforeText(t *testing.T) {
	m, s := open(t, replies(llmtest.Fail(500, ""), llmtest.Fail(503, ""), llmtest.Answer("三处。")))
	if got, streamed, err := ask(t.Context(), m); err != nil || got.Content != "三处。" || streamed != "三处。" {
		t.Errorf("after two failures: %+v, %q, %v", got, streamed, err)
	}
	if n := len(s.Requests()); n != 3 {
		t.Errorf("%d requests, want 3", n)
	}
	m, s = open(t, replies(llmtest.Stream(llmtest.Say("三"), llmtest.Cut()), llmtest.Answer("三处。")))
	if _, streamed, err := ask(t.Context(), m); !errors.Is(err, llm.ErrCut) || streamed != "三" || len(s.Requests()) != 1 {
		t.Errorf("after a cut: %v, streamed %q, %d requests", err, streamed, len(s.Requests()))
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2025, 1, 15, 8, 0, 0, 0, time.UTC)
	tests := []struct {
		header string
		want   time.Duration
		waited bool
	}{
		{"3", 3 * time.Second, true},
		{"0.5", 500 * time.Millisecond, true},
		{now.Add(4 * time.Second).Format(http.TimeFormat), 4 * time.Second, true},
		{now.Add(-time.Hour).Format(http.TimeFormat), 0, true},
		{"-5", 0, true},
		{"soon", 0, true},
		{"11", 11 * time.Second, false},
		{"1e300", 24 * time.Hour, false},
	}
	for _, tt := range tests {
		s := llmtest.Start(t, replies(llmtest.Fail(429, "", "Retry-After", tt.header)))
		slept := &waits{}
		cfg := config(s)
		cfg.Limits.Attempts = 2
		m, err := llm.Open(cfg, llm.Options{HTTP: s.Transport, Sleep: slept.sleep, Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = ask(t.Context(), m)
		busy := (*llm.BusyError)(nil)
		if !errors.As(err, &busy) || busy.RetryAfter != tt.want || busy.Status != 429 {
			t.Errorf("%q: error %v, want a wait of %v", tt.header, err, tt.want)
		}
		if len(slept.asked) > 0 != tt.waited || tt.waited && slept.asked[0] < tt.want {
			t.Errorf("%q: waited %v", tt.header, slept.asked)
		}
	}
}

func TestThinkingIsHidden(t *testing.T) {
	tests := map[string]struct {
		steps            []llmtest.Step
		content, visible string
	}{
		"own field":    {[]llmtest.Step{llmtest.Think("先数一数"), llmtest.Say("三处。")}, "三处。", "三处。"},
		"tags":         {[]llmtest.Step{llmtest.Say("<thi"), llmtest.Say("nk>先数</th"), llmtest.Say("ink>\n\n三"), llmtest.Say("处。")}, "三处。", "三处。"},
		"cut off":      {[]llmtest.Step{llmtest.Say("三处。<think>再数"), llmtest.Say("一数")}, "三处。", "三处。"},
		"half a tag":   {[]llmtest.Step{llmtest.Say("三处。a<th")}, "三处。a<th", "三处。a<th"},
		"only the end": {[]llmtest.Step{llmtest.Say("先数一数</think>"), llmtest.Say("三处。")}, "三处。", "三处。"},
		"end too late": {[]llmtest.Step{llmtest.Say("先数"), llmtest.Say("</think>三处。")}, "三处。", "先数三处。"},
		"Ollama": {[]llmtest.Step{llmtest.Raw(`data: {"choices":[{"delta":{"content":"","reasoning":"先数"}}]}` + "\n"), llmtest.Say("三处。")},
			"三处。", "三处。"},
	}
	for name, tt := range tests {
		m, _ := open(t, replies(llmtest.Stream(append(tt.steps, llmtest.Stop("stop"))...)))
		resp, streamed, err := ask(t.Context(), m, llms.WithStreamingReasoningFunc(func(context.Context, []byte, []byte) error {
			t.Errorf("%s: thinking is streamed", name)
			return nil
		}))
		if err != nil || resp.Content != tt.content || resp.ReasoningContent != "" || streamed != tt.visible {
			t.Errorf("%s: %+v, streamed %q, %v", name, resp, streamed, err)
		}
	}
}

// The adapter skips a chunk that has a field of an unexpected type, and stops at
// one that has no reason after one that had.
func TestOddChunks(t *testing.T) {
	m, _ := open(t, replies(llmtest.Stream(
		llmtest.Raw(": keep-alive\n\nevent: message\nid: 1\nretry: 5\ndata:\n\n"),
		llmtest.Raw(`data:{"id":7,"created":"now","choices":[{"index":0,"delta":{"content":"三"}}]}`+"\r\n\r\n"),
		llmtest.Raw(`data: {"usage":null,"error":null,"choices":[{"delta":{"content":"处。"},"finish_reason":"length"}]}`+"\n\n"),
		llmtest.Raw(`data: {"choices":[{"delta":{},"finish_reason":null}]}`+"\n\ndata: [DONE]\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"多\"}}]}\n\n"),
	)))
	got, streamed, err := ask(t.Context(), m)
	if err != nil || got.Content != "三处。" || streamed != "三处。" || got.StopReason != "length" {
		t.Errorf("got %+v, streamed %q, %v", got, streamed, err)
	}
}

func TestEndsWithoutDone(t *testing.T) {
	for name, last := range map[string]llmtest.Step{"end": llmtest.Raw("\n"), "cut": llmtest.Cut()} {
		m, _ := open(t, replies(llmtest.Stream(llmtest.Say("三处。"), llmtest.Finish("stop"), last)))
		if got, _, err := ask(t.Context(), m); err != nil || got.Content != "三处。" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestTalksForever(t *testing.T) {
	var steps []llmtest.Step
	for i := range 300 {
		steps = append(steps, llmtest.Say(fmt.Sprintf("第%d处在%d号路。", i, i*i)))
	}
	reply := llmtest.Stream(append(steps, llmtest.Stop("stop"))...)
	for name, edit := range map[string]func(*llm.Config){
		"bytes":  func(c *llm.Config) { c.Limits.Bytes = 1000 },
		"pieces": func(c *llm.Config) { c.Limits.Pieces = 200 },
	} {
		m, _ := open(t, replies(reply), edit)
		if _, streamed, err := ask(t.Context(), m); !errors.Is(err, llm.ErrTooLong) || len(streamed) > 200*40 {
			t.Errorf("%s: error %v after %d bytes", name, err, len(streamed))
		}
	}
	m, _ := open(t, replies(reply))
	if _, _, err := ask(t.Context(), m); err != nil {
		t.Errorf("a long answer within the limits: %v", err)
	}
}

func TestRepeats(t *testing.T) {
	list := "临江区建成驿站三处。松岭县建成驿站三处。平阜县建成驿站三处。江滨新区建成驿站三处。\n"
	tests := []struct {
		name, text string
		want       error
	}{
		{"sentences", strings.Repeat("沙湾街道建成驿站三处。白塔镇建成驿站五处。", 6), llm.ErrRepeats},
		{"sentences far apart", strings.Repeat("沙湾街道建成驿站三处。"+list, 4), llm.ErrRepeats},
		{"a word", strings.Repeat("建成", 100), llm.ErrRepeats},
		{"a character", strings.Repeat("啊", 100), llm.ErrRepeats},
		{"a clause", strings.Repeat("白塔镇建成驿站五处，", 15), llm.ErrRepeats},
		{"a list", list + "是的。是的。是的。是的。是的。" + strings.Repeat("-", 60) + "\n" + list, nil},
		{"a clause four times", strings.Repeat("白塔镇建成驿站五处，", 4) + "等等。", nil},
	}
	for _, tt := range tests {
		m, _ := open(t, replies(llmtest.Answer(strings.SplitAfter(tt.text, "建")...)))
		_, streamed, err := ask(t.Context(), m)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: error %v, want %v", tt.name, err, tt.want)
		}
		if tt.want != nil && len(streamed) >= len(tt.text) {
			t.Errorf("%s: not stopped before the end", tt.name)
		}
	}
}

// The caller's own error ends the call and comes back.
func TestStreamingFuncFails(t *testing.T) {
	m, s := open(t, replies(llmtest.Stream(llmtest.Say("三"), llmtest.Say("处"), llmtest.Hang())))
	full := errors.New("the disk is full")
	_, err := m.GenerateContent(t.Context(), prompt(), llms.WithStreamingFunc(func(context.Context, []byte) error { return full }))
	if !errors.Is(err, full) || llm.FaultOf(err) != llm.FaultOther || len(s.Requests()) != 1 {
		t.Errorf("error %v after %d requests", err, len(s.Requests()))
	}
}

func TestCancel(t *testing.T) {
	for name, reply := range map[string]llmtest.Reply{
		"before the first token": llmtest.Stream(llmtest.Hang()),
		"in mid-stream":          llmtest.Stream(llmtest.Say("三"), llmtest.Hang()),
	} {
		ctx, cancel := context.WithCancel(t.Context())
		script := llmtest.Script{Chat: func(llmtest.Request) llmtest.Reply {
			if name == "before the first token" {
				cancel()
			}
			return reply
		}}
		m, _ := open(t, script)
		resp, err := m.GenerateContent(ctx, prompt(), llms.WithStreamingFunc(func(context.Context, []byte) error {
			cancel()
			return nil
		}))
		cancel()
		if !errors.Is(err, context.Canceled) || resp != nil || llm.FaultOf(err) != llm.FaultCanceled {
			t.Errorf("%s: %v, %v", name, resp, err)
		}
	}
}

// Conversations at the same time do not mix.
func TestConcurrent(t *testing.T) {
	script := llmtest.Script{Chat: func(r llmtest.Request) llmtest.Reply {
		said := r.Messages[0].Content
		return llmtest.Answer(strings.Split(said, "")...)
	}}
	m, _ := open(t, script)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			for j := range 4 {
				want := fmt.Sprintf("第%d个会话的第%d个问题。", i, j)
				if got, err := m.Call(t.Context(), want); err != nil || got != want {
					t.Errorf("asked for %q: %q, %v", want, got, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestMessagesAreNotChanged(t *testing.T) {
	m, _ := open(t, llmtest.Script{})
	messages := prompt()
	if _, err := m.GenerateContent(t.Context(), messages); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(messages, prompt()) {
		t.Errorf("messages are %v", messages)
	}
}
