package chain_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wenbao/corpus/gazetteer"
	"wenbao/rag"
	"wenbao/rag/chain"
	"wenbao/rag/llm"
	"wenbao/rag/llm/llmtest"
)

// places is a gazetteer that knows those of the sample.
func places() *gazetteer.Gazetteer {
	return loadTools().gazetteer.With([]string{"云泽市", "临江区", "江滨新区", "松岭县", "平阜县"})
}

// turns is a conversation on the sample.
func turns() []rag.Turn {
	return []rag.Turn{{
		Question: "临江区2024年新增养老床位多少张？",
		Answer:   "320张——临江区2024年：新增养老床位320张 [1]",
	}}
}

func TestRewrite(t *testing.T) {
	const followUp = "那江滨新区二〇二五年呢？"
	for _, tt := range []struct {
		name, text string
		taken      string // "" where the question stays
	}{
		{"good", "江滨新区2025年新增养老床位多少张？", "江滨新区2025年新增养老床位多少张？"},
		{"with a label", "\n改写：“江滨新区2025年新增养老床位多少张？”\n（以上为改写）", "江滨新区2025年新增养老床位多少张？"},
		{"short name", "江滨2025年新增养老床位多少张？", "江滨2025年新增养老床位多少张？"},
		{"thinking first", "<think>用户问松岭县吗？</think>江滨新区2025年新增养老床位多少张？", "江滨新区2025年新增养老床位多少张？"},
		{"a place nobody named", "松岭县2025年新增养老床位多少张？", ""},
		{"a short name nobody said", "松岭2025年新增养老床位多少张？", ""},
		{"a place more", "江滨新区和平阜县2025年新增养老床位多少张？", ""},
		{"a year nobody named", "江滨新区2026年新增养老床位多少张？", ""},
		{"a year in characters", "江滨新区二〇二三年新增养老床位多少张？", ""},
		{"a figure nobody named", "江滨新区2025年新增养老床位超过400张吗？", ""},
		{"a figure in characters", "江滨新区2025年新增养老床位超过四百张吗？", ""},
		{"part of a figure", "江滨新区2025年新增养老床位32张吗？", ""},
		{"a figure that was said", "江滨新区2025年新增养老床位超过320张吗？", "江滨新区2025年新增养老床位超过320张吗？"},
		{"an answer", strings.Repeat("江滨新区2025年养老工作做得好，", 12), ""},
		{"the other place", "临江区2025年新增养老床位多少张？", ""},
		{"no place", "2025年新增养老床位多少张？", ""},
		{"without the year", "江滨新区新增养老床位多少张？", ""},
		{"both places", "江滨新区和临江区2025年新增养老床位多少张？", ""},
		{"no question", "资料里没有找到2025年的答案。", ""},
		{"in English", "How many beds?", ""},
		{"nothing", " \n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := llmtest.Start(t, llmtest.Script{Replies: []llmtest.Reply{llmtest.Answer(tt.text)}})
			r := chain.NewRewriter(modelOf(t, s, llm.Limits{}), places(), nil)
			got := r.Rewrite(t.Context(), rag.Question{ID: "q", Text: followUp, History: turns(), K: 7})
			want := tt.taken
			if want == "" {
				want = followUp
			}
			if got.Text != want || got.ID != "q" || got.K != 7 || len(got.History) != 1 {
				t.Errorf("rewritten to %+v, want %q", got, want)
			}
		})
	}
}

// A question about something else is not turned back to what was asked before.
func TestRewriteKeepsTheSubject(t *testing.T) {
	for text, taken := range map[string]bool{
		"旅游公路有多长？":      true,
		"松岭县旅游公路有多长？":   false, // nobody has said it
		"临江区旅游公路有多长？":   true,
		"临江区新增养老床位多少张？": false,
	} {
		s := llmtest.Start(t, llmtest.Script{Replies: []llmtest.Reply{llmtest.Answer(text)}})
		const asked = "那条旅游公路多长？"
		got := chain.NewRewriter(modelOf(t, s, llm.Limits{}), places(), nil).Rewrite(t.Context(), rag.Question{Text: asked, History: turns()})
		if want := map[bool]string{true: text, false: asked}[taken]; got.Text != want {
			t.Errorf("rewritten to %q, want %q", got.Text, want)
		}
	}
}

func TestRewriteWithoutHistoryAsksNobody(t *testing.T) {
	s := llmtest.Start(t, llmtest.Script{})
	q := rag.Question{Text: question}
	if got := chain.NewRewriter(modelOf(t, s, llm.Limits{}), places(), nil).Rewrite(t.Context(), q); got.Text != q.Text || len(s.Requests()) > 0 {
		t.Errorf("%q after %d requests", got.Text, len(s.Requests()))
	}
}

// The rewritten question serves search and answer alike; with the model down the
// rules fill in the follow-up.
func TestRewriteInEngine(t *testing.T) {
	p := sample(t)
	for name, script := range map[string]llmtest.Script{
		"model": {Replies: []llmtest.Reply{llmtest.Answer("江滨新区2024年新增养老床位多少张？"), llmtest.Answer("资料里没有提到。")}},
		"rules": {Replies: []llmtest.Reply{llmtest.Fail(http.StatusBadRequest, "")}},
	} {
		t.Run(name, func(t *testing.T) {
			s := llmtest.Start(t, script)
			m := modelOf(t, s, llm.Limits{})
			e := *p.engine
			e.Rewriter = chain.NewRewriter(m, p.gazetteer, nil)
			e.Answerer = p.with(t, m)
			got, err := e.Ask(t.Context(), rag.Question{Text: "那江滨新区呢？", History: turns()})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(got.Text, "260张") || !strings.Contains(got.Query.Text, "养老床位") {
				t.Errorf("asked %q, answered %s", got.Query.Text, got.Text)
			}
			sent := s.Requests()[1].Messages
			if !strings.Contains(sent[len(sent)-1].Content, "问题："+got.Query.Text) {
				t.Errorf("the model was not asked %q", got.Query.Text)
			}
		})
	}
}

// A model that says nothing keeps a follow-up waiting for a moment only.
func TestRewriteInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, stop := llmtest.StartPiped(llmtest.Script{Replies: []llmtest.Reply{llmtest.Stream(llmtest.Hang())}})
		defer stop()
		m := modelOf(t, s, llm.Limits{})
		begun := time.Now()
		got := chain.NewRewriter(m, places(), nil).Rewrite(t.Context(), rag.Question{Text: "那江滨新区呢？", History: turns()})
		if took := time.Since(begun); took > 20*time.Second || got.Text != "那江滨新区呢？" {
			t.Errorf("%q after %v", got.Text, took)
		}
	})
}

// A long conversation is sent in part.
func TestRewriteSendsTheEnd(t *testing.T) {
	s := llmtest.Start(t, llmtest.Script{})
	var history []rag.Turn
	for range 20 {
		history = append(history, rag.Turn{Question: "临江区有什么计划？", Answer: strings.Repeat("床位", 5000)})
	}
	chain.NewRewriter(modelOf(t, s, llm.Limits{}), places(), nil).Rewrite(t.Context(), rag.Question{Text: "还有呢？", History: history})
	if n := chain.Tokens(s.Requests()[0].Messages[1].Content); n > 2000 {
		t.Errorf("%d tokens sent", n)
	}
}

// FuzzRewrite lets a model say anything: no run of digits appears that nobody said.
func FuzzRewrite(f *testing.F) {
	for _, seed := range []string{"", "江滨新区2025年呢？", "改写：\n“临江区320张？”", "二〇二五年三千张", "1,200张\x00\n9"} {
		f.Add(seed)
	}
	var now struct{ text string }
	s := llmtest.Start(f, llmtest.Script{Chat: func(llmtest.Request) llmtest.Reply { return llmtest.Answer(now.text) }})
	r := chain.NewRewriter(modelOf(f, s, llm.Limits{Failures: 1 << 30}), places(), nil)
	f.Fuzz(func(t *testing.T, text string) {
		now.text = text
		got := r.Rewrite(t.Context(), rag.Question{Text: "那江滨新区呢？", History: turns()}).Text
		for _, run := range strings.FieldsFunc(got, func(r rune) bool { return r < '0' || r > '9' }) {
			if !slices.Contains([]string{"320", "2024", "1"}, run) {
				t.Errorf("%q became %q", text, got)
			}
		}
		if strings.TrimSpace(got) == "" || strings.Contains(got, "\n") {
			t.Errorf("%q became %q", text, got)
		}
	})
}
