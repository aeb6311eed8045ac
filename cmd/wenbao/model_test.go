package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"wenbao/rag/llm/llmtest"
)

const (
	bedsQuestion = "临江区2025年计划新增多少张养老床位？"
	bedsQuote    = "新增养老床位500张"
	testKey      = "sk-never-to-be-seen-4711"
)

// sampleLibrary is a library of the sample pages.
func sampleLibrary(t *testing.T) string {
	t.Helper()
	e, _, stderr := newEnv(t)
	if code := run(t.Context(), []string{"ingest", pages}, e); code != exitOK {
		t.Fatalf("ingest: exit code %d: %s", code, stderr)
	}
	return e.Getenv("WENBAO_DATA")
}

// modelEnv is an environment with a library and a model; more has further
// variables, and may change while the environment is used.
func modelEnv(t *testing.T, library string, s *llmtest.Server, more map[string]string) (e env, stdout, stderr *bytes.Buffer) {
	t.Helper()
	e, stdout, stderr = newEnv(t)
	base := e.Getenv
	e.Getenv = func(key string) string {
		if value, ok := more[key]; ok {
			return value
		}
		switch key {
		case "WENBAO_DATA":
			return library
		case "WENBAO_MODEL":
			return "openai:writer"
		case "WENBAO_MODEL_URL":
			return s.URL
		}
		return base(key)
	}
	return e, stdout, stderr
}

var fence = regexp.MustCompile(`(?s)<<<资料 (\d+)｜.*?>>>`)

// markerOf finds in a prompt the marker of the passage that holds a text.
func markerOf(r llmtest.Request, text string) string {
	for _, block := range fence.FindAllStringSubmatch(r.Messages[len(r.Messages)-1].Content, -1) {
		if strings.Contains(block[0], text) {
			return "[" + block[1] + "]"
		}
	}
	return "[0]"
}

// goodAnswer says what is printed and one thing that is not, in several pieces.
func goodAnswer(r llmtest.Request) llmtest.Reply {
	m := markerOf(r, bedsQuote)
	return llmtest.Answer("临江区2025年计划", "新增养老床位500张。"+m, "临江区2025年还要新建学校97所。"+m)
}

func TestModelWrites(t *testing.T) {
	s := llmtest.Start(t, llmtest.Script{Chat: goodAnswer, Key: testKey})
	e, stdout, stderr := modelEnv(t, sampleLibrary(t), s, map[string]string{"WENBAO_MODEL_KEY": testKey})
	if code := run(t.Context(), []string{"ask", bedsQuestion}, e); code != exitOK {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	got := stdout.String()
	for _, want := range []string{
		"临江区2025年计划新增养老床位500张 [1]。\n", "模型：openai:writer · 核对去掉 1 句\n",
		"\n\n[1] 《提神鼓劲再登高", "“" + bedsQuote,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "97所") || strings.Count(got, "计划新增养老床位500张") != 1 {
		t.Errorf("output\n%s", got)
	}

	stdout.Reset()
	if code := run(t.Context(), []string{"ask", "--json", bedsQuestion}, e); code != exitOK {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	answer := parseAnswer(t, stdout)
	if answer.Mode != "generative" || answer.Model != "openai:writer" || answer.Fault != "" || answer.Removed != 1 ||
		len(answer.Citations) != 1 || !strings.Contains(answer.Citations[0].Passage, answer.Citations[0].Quote) {
		t.Errorf("answer %+v", answer)
	}
}

// TestModelFails wants the cited answer made of printed words, and one line that
// says what happened, whatever the model does.
func TestModelFails(t *testing.T) {
	library := sampleLibrary(t)
	long := llmtest.Say("临江区2025年计划新增养老床位500张")
	for _, tt := range []struct {
		name, fault string
		script      llmtest.Script
		says        string
		limit       string // "" is long enough
	}{
		{"wrong key", "unauthorized", llmtest.Script{Key: "another"}, "密钥", ""},
		{"no model", "no_model", llmtest.Script{Models: []string{"other"}}, "没有这个模型", ""},
		{"wrong path", "not_found", reply(llmtest.Fail(http.StatusNotFound, "404 page not found")), "地址不对", ""},
		{"request", "request", reply(llmtest.Fail(http.StatusBadRequest, `{"error":{"code":"bad"}}`)), "不接受", ""},
		{"busy", "busy", reply(llmtest.Fail(http.StatusTooManyRequests, "", "Retry-After", "60")), "正忙", ""},
		{"failing", "server", reply(llmtest.Fail(http.StatusInternalServerError, "")), "出错", ""},
		{"silent", "timeout", reply(llmtest.Stream(llmtest.Hang())), "没有按时", "200ms"},
		{"stalling", "timeout", reply(llmtest.Stream(long, llmtest.Hang())), "没有按时", "200ms"},
		{"cut", "cut", reply(llmtest.Stream(long, llmtest.Cut())), "断了", ""},
		{"error in mid-stream", "stream", reply(llmtest.Stream(long, llmtest.Raw("data: {\"error\":{\"message\":\"gone\"}}\n\n"))), "中途报错", ""},
		{"broken chunk", "malformed", reply(llmtest.Stream(long, llmtest.Raw("data: {\"choices\":[{\n\n"))), "无法识别", ""},
		{"empty", "empty", reply(llmtest.Answer("")), "没有写出", ""},
		{"English", "foreign", reply(llmtest.Answer("The district plans to add 500 beds in 2025.[1]")), "没有用中文", ""},
		{"JSON", "data", reply(llmtest.Answer(`{"answer":"新增养老床位500张","source":1}`)), "没有写成文字", ""},
		{"markers alone", "markers", reply(llmtest.Answer("[1][2][3]")), "只写了编号", ""},
		{"refusal", "refused", reply(llmtest.Answer("资料里没有找到答案。")), "没有答案", ""},
		{"made up", "unsupported", reply(llmtest.Answer("临江区2025年计划新增养老床位9700张。[1]")), "没有依据", ""},
		{"loop", "repeats", reply(llmtest.Answer(strings.Repeat("临江区的床位很多很多，说也说不完。", 400))), "反复", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e, stdout, stderr := modelEnv(t, library, llmtest.Start(t, tt.script), map[string]string{"WENBAO_TIME_LIMIT": tt.limit})
			start := time.Now()
			if code := run(t.Context(), []string{"ask", "--json", bedsQuestion}, e); code != exitOK || stderr.Len() > 0 {
				t.Fatalf("exit code %d: %s", code, stderr)
			}
			if took := time.Since(start); took > patienceWithModel {
				t.Errorf("it took %v", took)
			}
			a := parseAnswer(t, stdout)
			if a.Mode != "extractive" || a.Model != "openai:writer" || a.Fault != tt.fault {
				t.Errorf("%s by %s, fault %q, want extractive with fault %q", a.Mode, a.Model, a.Fault, tt.fault)
			}
			if !strings.Contains(a.Text, "500张") || len(a.Citations) == 0 || !strings.Contains(a.Citations[0].Passage, a.Citations[0].Quote) {
				t.Errorf("text %q, citations %+v", a.Text, a.Citations)
			}
			if !strings.Contains(a.Notice, tt.says) || !strings.HasSuffix(a.Notice, "以下是从原文摘出的回答。") || strings.Contains(a.Notice, "\n") {
				t.Errorf("notice %q, want a line with %q", a.Notice, tt.says)
			}
		})
	}
}

// parsedAnswer is what the tests look at of an answer in JSON.
type parsedAnswer struct {
	Mode, Model, Fault, Text, Notice string
	Removed                          int
	Citations                        []struct{ Quote, Passage string }
}

func parseAnswer(t *testing.T, b *bytes.Buffer) parsedAnswer {
	t.Helper()
	var a parsedAnswer
	if err := json.Unmarshal(b.Bytes(), &a); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	return a
}

// patienceWithModel is the time limit of these tests with room for a slow machine.
const patienceWithModel = 10 * time.Second

func reply(r llmtest.Reply) llmtest.Script { return llmtest.Script{Replies: []llmtest.Reply{r}} }

// TestModelUnreachable names a port on which nobody listens any more.
func TestModelUnreachable(t *testing.T) {
	e, stdout, _ := modelEnv(t, sampleLibrary(t), &llmtest.Server{URL: "http://127.0.0.1:1"}, nil)
	if code := run(t.Context(), []string{"ask", bedsQuestion}, e); code != exitOK {
		t.Fatalf("exit code %d", code)
	}
	if got := stdout.String(); !strings.Contains(got, "500张") || !strings.Contains(got, "连不上模型服务") {
		t.Errorf("output\n%s", got)
	}
}

// watchedWriter does something once a text has been written.
type watchedWriter struct {
	written bytes.Buffer
	text    string
	do      func()
}

func (w *watchedWriter) Write(b []byte) (int, error) {
	n, err := w.written.Write(b)
	if w.do != nil && strings.Contains(w.written.String(), w.text) {
		w.do()
		w.do = nil
	}
	return n, err
}

// TestInterruptModel types Ctrl-C when the first sentence is on the screen and the
// model has no end.
func TestInterruptModel(t *testing.T) {
	library := sampleLibrary(t)
	for _, args := range [][]string{{"ask", bedsQuestion}, {"chat"}} {
		s := llmtest.Start(t, llmtest.Script{Chat: func(r llmtest.Request) llmtest.Reply {
			return llmtest.Stream(llmtest.Say("临江区2025年计划新增养老床位500张。"+markerOf(r, bedsQuote)), llmtest.Say("另外"), llmtest.Hang())
		}})
		e, _, stderr := modelEnv(t, library, s, nil)
		ctx, cancel := context.WithCancel(t.Context())
		stdout := &watchedWriter{text: "500张", do: cancel}
		e.Stdout, e.Stdin = stdout, strings.NewReader(bedsQuestion+"\n")
		start := time.Now()
		if code := run(ctx, args, e); code != exitInterrupted {
			t.Errorf("%s: exit code %d, want %d: %s", args[0], code, exitInterrupted, stderr)
		}

		if took := time.Since(start); took > patienceWithModel {
			t.Errorf("%s: it took %v", args[0], took)
		}
		if got := stderr.String(); got != "wenbao: 已中断\n" {
			t.Errorf("%s: stderr %q", args[0], got)
		}
		if got := stdout.written.String(); got != "临江区2025年计划新增养老床位500张 [1]。\n" {
			t.Errorf("%s: output %q", args[0], got)
		}
	}
}

// TestWrittenAnew has a model whose first sentence is shown and whose connection
// then breaks: the whole answer comes below it.
func TestWrittenAnew(t *testing.T) {
	s := llmtest.Start(t, llmtest.Script{Chat: func(r llmtest.Request) llmtest.Reply {
		return llmtest.Stream(llmtest.Say("临江区2025年计划新增养老床位500张。"+markerOf(r, bedsQuote)), llmtest.Say("另外，"), llmtest.Cut())
	}})
	e, stdout, _ := modelEnv(t, sampleLibrary(t), s, nil)
	if code := run(t.Context(), []string{"ask", bedsQuestion}, e); code != exitOK {
		t.Fatalf("exit code %d", code)
	}
	if got := stdout.String(); !regexp.MustCompile(`(?s)^临江区2025年计划新增养老床位500张 \[1\]。\n\n.*500张.*断了`).MatchString(got) {
		t.Errorf("output\n%s", got)
	}
}

// TestChatRewrites follows up on a question: the model makes it whole, and asks
// for nothing that nobody named.
func TestChatRewrites(t *testing.T) {
	var rewritten string
	s := llmtest.Start(t, llmtest.Script{Chat: func(r llmtest.Request) llmtest.Reply {
		last := r.Messages[len(r.Messages)-1].Content
		switch {
		case strings.HasSuffix(last, "改写："):
			return llmtest.Answer(rewritten)
		case strings.Contains(last, "问题：江滨新区"):
			return llmtest.Answer("江滨新区2025年计划新增养老床位400张。" + markerOf(r, "新增养老床位400张"))
		}
		return llmtest.Answer("临江区2025年计划新增养老床位500张。" + markerOf(r, bedsQuote))
	}})
	e, stdout, stderr := modelEnv(t, sampleLibrary(t), s, nil)
	for _, tt := range []struct{ rewritten, want string }{
		{"江滨新区2025年准备添多少张养老床位？", "问题读作：江滨新区2025年准备添多少张养老床位？\n"},
		{"江滨新区2031年准备添多少张养老床位？", "问题读作：江滨新区2025年计划"}, // by the rules instead
	} {
		rewritten = tt.rewritten
		stdout.Reset()
		e.Stdin = strings.NewReader(bedsQuestion + "\n江滨新区呢？\n")
		if code := run(t.Context(), []string{"chat", "--show-query"}, e); code != exitOK {
			t.Fatalf("exit code %d: %s", code, stderr)
		}
		if got := stdout.String(); !strings.Contains(got, tt.want) || !strings.Contains(got, "400张 [1]。\n模型：openai:writer\n") || strings.Contains(got, "2031") {
			t.Errorf("want %q:\n%s", tt.want, got)
		}
	}
}

// TestCache asks twice within a chat, and once more without a cache.
func TestCache(t *testing.T) {
	for _, tt := range []struct {
		args  []string
		calls int
	}{{[]string{"ask", "-"}, 1}, {[]string{"ask", "--no-cache", "-"}, 2}} {
		s := llmtest.Start(t, llmtest.Script{Chat: goodAnswer})
		e, stdout, stderr := modelEnv(t, sampleLibrary(t), s, nil)
		line, err := json.Marshal(map[string]string{"question": bedsQuestion})
		if err != nil {
			t.Fatal(err)
		}
		e.Stdin = strings.NewReader(strings.Repeat(string(line)+"\n", 2))
		if code := run(t.Context(), tt.args, e); code != exitOK {
			t.Fatalf("exit code %d: %s", code, stderr)
		}
		if n := strings.Count(stdout.String(), `"mode":"generative"`); n != 2 {
			t.Errorf("%v: %d answers of the model:\n%s", tt.args, n, stdout)
		}
		if n := s.Count("/v1/chat/completions"); n != tt.calls {
			t.Errorf("%v: the model was asked %d times, want %d", tt.args, n, tt.calls)
		}
	}
}

// TestKeyIsNeverShown runs every command with keys set, and servers that repeat
// them in what they say.
func TestKeyIsNeverShown(t *testing.T) {
	s := llmtest.Start(t, llmtest.Script{Key: "another"})
	keys := map[string]string{
		"WENBAO_MODEL_KEY": testKey, "WENBAO_EMBEDDER_KEY": testKey, "WENBAO_RERANKER_KEY": testKey,
		"WENBAO_RERANKER": s.URL, "WENBAO_TIME_LIMIT": "2s",
	}
	e, stdout, stderr := modelEnv(t, sampleLibrary(t), s, keys)
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte(testKey+"\n"+testKey), 0o600); err != nil {
		t.Fatal(err)
	}
	misplaced := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(misplaced, []byte("model_key = \""+testKey+"\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	bare := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(bare, []byte("model_key = "+testKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	withEmbedder := []string{"--embedder", "openai:vectors", "--embedder-url", s.URL}
	for _, args := range [][]string{
		{"config"}, {"config", "--json"}, {"doctor"}, {"doctor", "--json"}, {"ask", bedsQuestion}, {"ask", "--json", "--explain", bedsQuestion},
		append([]string{"doctor"}, withEmbedder...), append([]string{"search", "养老"}, withEmbedder...),
		append([]string{"ingest", pages}, withEmbedder...),
		{"config", "--config", misplaced}, {"config", "--config", bare},
		{"config", "--model", "openai:x", "--model-url", "http://user:" + testKey + "@127.0.0.1"},
	} {
		run(t.Context(), args, e)
	}
	keys["WENBAO_MODEL_KEY"], keys["WENBAO_MODEL_KEY_FILE"] = "", file
	run(t.Context(), []string{"ask", bedsQuestion}, e)
	keys["WENBAO_MODEL_KEY"] = testKey + "\n" + testKey
	run(t.Context(), []string{"doctor"}, e)
	if got := stdout.String() + stderr.String(); strings.Contains(got, testKey[:12]) {
		for line := range strings.Lines(got) {
			if strings.Contains(line, testKey[:12]) {
				t.Errorf("the key is shown: %s", line)
			}
		}
	}
	if !strings.Contains(stdout.String(), hidden) {
		t.Errorf("nothing says that a key is set:\n%s", stdout)
	}
	sent := 0
	for _, r := range s.Requests() {
		if r.Header.Get("Authorization") == "Bearer "+testKey {
			sent++
		}
	}
	if sent == 0 {
		t.Error("the key was not sent to its own server either")
	}
}

// TestEvalWithModel marks a model's answers beside those made of printed words.
func TestEvalWithModel(t *testing.T) {
	s := llmtest.Start(t, llmtest.Script{Chat: goodAnswer})
	e, stdout, stderr := modelEnv(t, sampleLibrary(t), s, nil)
	file := filepath.Join(t.TempDir(), "questions.jsonl")
	question := `{"id":"1","question":` + strconv.Quote(bedsQuestion) + `,"kind":"number","outcome":"answered","must":["500张"],"relevant_quotes":["新增养老床位500张"]}`
	if err := os.WriteFile(file, []byte(question+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code := run(t.Context(), []string{"eval", "answers", "--questions", file}, e); code != exitOK {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	//                       system  kind n answered wrong refused wrong supported precision recall generative removed
	if got := stdout.String(); !regexp.MustCompile(`openai:writer +all +1 +1 +0 +0 +0 +1\.000 +1\.000 +1\.000 +1 +1 +\d+`).MatchString(got) {
		t.Errorf("output\n%s", got)
	}
}
