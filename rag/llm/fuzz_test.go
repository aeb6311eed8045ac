package llm_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/tmc/langchaingo/llms"

	"wenbao/rag/llm"
	"wenbao/rag/llm/llmtest"
)

// body is what a server sends as a stream.
func body(r llmtest.Reply) string {
	var b strings.Builder
	for _, s := range r.Steps {
		b.WriteString(s.Raw)
	}
	return b.String()
}

// outcome is what came of a stream.
type outcome struct {
	text, streamed string
	fault          llm.Fault
}

// read gives what a model makes of a stream that comes as the reader gives it.
func read(t *testing.T, stream io.Reader) outcome {
	t.Helper()
	answer := roundTripper(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: io.NopCloser(stream), Request: r}, nil
	})
	m, err := llm.Open(llm.Config{Kind: llm.KindOllama, Name: "m"}, llm.Options{HTTP: answer})
	if err != nil {
		t.Fatal(err)
	}
	var streamed strings.Builder
	resp, err := m.GenerateContent(t.Context(), prompt(), llms.WithStreamingFunc(func(_ context.Context, chunk []byte) error {
		streamed.Write(chunk)
		return nil
	}))
	if err != nil {
		return outcome{"", streamed.String(), llm.FaultOf(err)}
	}
	return outcome{resp.Choices[0].Content, streamed.String(), llm.FaultNone}
}

// The stream may be cut into reads in any way: the outcome is the same, it is whole
// or an error, and it is text.
func FuzzStream(f *testing.F) {
	for _, r := range []llmtest.Reply{
		llmtest.Answer("三处。", "<think>嗯</think>"),
		llmtest.Stream(llmtest.Think("嗯"), llmtest.Say("三处。"), llmtest.Finish("length")),
		llmtest.Stream(llmtest.Say("三处。"), llmtest.Raw("data: {\"error\":{\"code\":\"x\"}}\n\n"), llmtest.Stop("stop")),
		llmtest.Stream(llmtest.Say("三处。"), llmtest.Raw("data: [DONE]\n")),
		llmtest.Stream(llmtest.Raw(": hello\r\n\r\ndata:{}\nevent: x\n{\"error\":1}")),
		llmtest.Stream(llmtest.Say("三处。"), llmtest.Raw("data: {\"choices\":[{")),
	} {
		f.Add(body(r))
	}
	f.Fuzz(func(t *testing.T, stream string) {
		whole := read(t, strings.NewReader(stream))
		if single := read(t, iotest.OneByteReader(strings.NewReader(stream))); single.text != whole.text || single.fault != whole.fault {
			t.Errorf("byte by byte it is %+v, at once %+v", single, whole)
		}
		if (whole.fault == llm.FaultNone) != (strings.TrimSpace(whole.text) != "") || !utf8.ValidString(whole.text) {
			t.Errorf("outcome %+v", whole)
		}
		if whole.fault == llm.FaultNone && !strings.Contains(stream, `"`) {
			t.Errorf("an answer without a chunk: %+v", whole)
		}
		// A stream that breaks off in the end is never a whole answer unless the
		// model had said why it stopped.
		broken := read(t, io.MultiReader(strings.NewReader(stream), iotest.ErrReader(errors.New("reset"))))
		if broken.fault == llm.FaultNone && broken.text != whole.text {
			t.Errorf("broken off it is %+v, whole %+v", broken, whole)
		}
	})
}

// A text may be cut into pieces in any way: the same is left without its thinking,
// and what was streamed is that too, unless a tag was never opened.
func FuzzThinking(f *testing.F) {
	for _, s := range []string{
		"三处。", "<think>嗯</think>\n三处。", "<think>嗯", "嗯</think>三处。", "a<thin<think>b</think>c</thi", "<think><think></think></think>x",
	} {
		f.Add(s, 1)
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, text string, size int) {
		if !utf8.ValidString(text) || len(text) > 1000 {
			t.Skip("a model's pieces are text, and short")
		}
		size = min(max(size, 1), 50)
		var pieces []string
		for rest := []rune(text); len(rest) > 0; rest = rest[min(size, len(rest)):] {
			pieces = append(pieces, string(rest[:min(size, len(rest))]))
		}
		whole := read(t, strings.NewReader(body(llmtest.Answer(text))))
		cut := read(t, bytes.NewReader([]byte(body(llmtest.Answer(pieces...)))))
		if whole.text != cut.text || whole.fault != cut.fault {
			t.Errorf("in pieces of %d it is %+v, at once %+v", size, cut, whole)
		}
		if whole.fault != llm.FaultNone {
			return
		}
		if !strings.Contains(text, "</think>") && whole.text != whole.streamed {
			t.Errorf("the answer is %q, streamed %q", whole.text, whole.streamed)
		}
		if !strings.HasSuffix(cut.streamed, cut.text) {
			t.Errorf("the answer is %q, streamed %q", cut.text, cut.streamed)
		}
		if !strings.Contains(text, "think>") && whole.text != strings.TrimLeft(text, " \t\r\n\v\f\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000") {
			t.Errorf("of %q is left %q", text, whole.text)
		}
	})
}
