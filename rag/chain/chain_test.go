package chain_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wenbao/corpus"
	"wenbao/corpus/panics"
	"wenbao/rag"
	"wenbao/rag/chain"
	"wenbao/rag/cite"
	"wenbao/rag/eval"
	"wenbao/rag/llm"
	"wenbao/rag/llm/llmtest"
	"wenbao/rag/ragtest"
)

const (
	question = "临江区2025年养老方面有什么计划？"
	// good is true of the sample, and cited: [1] is the passage of the plans.
	good = "临江区2025年计划新增养老床位500张[1]。还将开工建设区颐养中心[1]。"
)

func TestOptionsValidate(t *testing.T) {
	s := sample(t)
	whole := chain.Options{Model: modelOf(t, llmtest.Start(t, llmtest.Script{}), llm.Limits{}), Extract: s.engine.Answerer, Checker: s.checker}
	for name, drop := range map[string]func(*chain.Options){
		"no model":   func(o *chain.Options) { o.Model = nil },
		"stand in":   func(o *chain.Options) { o.Extract = nil },
		"no checker": func(o *chain.Options) { o.Checker = nil },
		"":           func(*chain.Options) {},
	} {
		opt := whole
		drop(&opt)
		_, err := chain.New(opt)
		if (err == nil) != (name == "") || err != nil && !strings.Contains(err.Error(), name) {
			t.Errorf("without %q: %v", name, err)
		}
	}
}

func TestAnswerer(t *testing.T) {
	c := sample(t).search(t, question)
	a, _ := scripted(t, llmtest.Answer(good))
	ragtest.TestAnswerer(t, a, ragtest.Case{Query: c.query, Hits: c.hits}, ragtest.Case{})
}

// TestStream tells sentence by sentence, however the model's text is cut.
func TestStream(t *testing.T) {
	c := sample(t).search(t, question)
	for name, pieces := range map[string][]string{
		"at once":      {good},
		"by character": strings.Split(good, ""),
		"markers late": {"临江区2025年计划新增养老床位500张。", "[", "1", "]", "还将开工建设区颐养中心", "[1]", "。"},
		"two markers":  {"临江区2025年计划新增养老床位500张", "。[1]", "[1]", "还将开工建设区颐养中心[1]。"},
	} {
		t.Run(name, func(t *testing.T) {
			a, _ := scripted(t, llmtest.Answer(pieces...))
			var w told
			got, err := a.Stream(t.Context(), c.query, c.hits, w.tell)
			if err != nil {
				t.Fatal(err)
			}
			ragtest.CheckAnswer(t, got)
			const text = "临江区2025年计划新增养老床位500张 [1]。还将开工建设区颐养中心 [2]。"
			if got.Mode != rag.Generative || got.Text != text || got.Notice != "" || got.Fault != "" || got.Model != "openai:qwen3:8b" {
				t.Errorf("answer %+v", got)
			}
			want := []string{"临江区2025年计划新增养老床位500张 [1]。", "还将开工建设区颐养中心 [2]。"}
			if !slices.Equal(w.pieces, want) {
				t.Errorf("told %q, want %q", w.pieces, want)
			}
		})
	}
}

func TestStreamTellsOnlyWhatPasses(t *testing.T) {
	c := sample(t).search(t, question)
	const text = "<think>临江区2025年计划新增养老床位500张[1]。</think>## 养老\n临江区2025年新增养老床位900张[1]。\n- 新建老年助餐点20个[1]\n- 江滨新区区长说好[1]\n综上所述，前景广阔。"
	a, _ := scripted(t, llmtest.Answer(strings.Split(text, "")...))
	var w told
	got, err := a.Stream(t.Context(), c.query, c.hits, w.tell)
	if err != nil {
		t.Fatal(err)
	}
	ragtest.CheckAnswer(t, got)
	if got.Removed == 0 || !strings.Contains(got.Notice, "去掉了") || strings.Count(got.Notice, "\n") > 0 {
		t.Errorf("removed %d, notice %q", got.Removed, got.Notice)
	}
	if told := strings.Join(w.pieces, ""); told != got.Text || !strings.Contains(told, "助餐点20个") {
		t.Errorf("told %q, answer %q", told, got.Text)
	}
	for _, never := range []string{"900", "500", "好", "综上", "think"} {
		if strings.Contains(got.Text, never) {
			t.Errorf("%q is in %q", never, got.Text)
		}
	}
}

// Thinking whose first tag the server swallowed shows as such only at its end:
// the answer is what came after it.
func TestLateThinking(t *testing.T) {
	c := sample(t).search(t, question)
	a, _ := scripted(t, llmtest.Answer("临江区2025年计划新增养老床位500张[1]。先想想。", "</think>", "将开工建设区颐养中心[1]。"))
	got, err := a.Answer(t.Context(), c.query, c.hits)
	if err != nil || got.Mode != rag.Generative || got.Text != "将开工建设区颐养中心 [1]。" {
		t.Errorf("%q, mode %s, %v", got.Text, got.Mode, err)
	}
}

// What the limit of tokens cut off is half a sentence.
func TestCutByTokens(t *testing.T) {
	c := sample(t).search(t, question)
	for _, tt := range []struct{ text, want string }{
		{"将开工建设区颐养中心[1]。临江区2025年计划新增养老床位", "将开工建设区颐养中心 [1]。"},
		{"将开工建设区颐养中心[1]。\n- 临江区2025年计划新增养老床位500张[1]", "将开工建设区颐养中心 [1]。\n· 临江区2025年计划新增养老床位500张 [2]"},
	} {
		a, _ := scripted(t, llmtest.Stream(llmtest.Say(tt.text), llmtest.Stop("length")))
		got, err := a.Answer(t.Context(), c.query, c.hits)
		if err != nil || got.Text != tt.want {
			t.Errorf("%q gives %q, %v", tt.text, got.Text, err)
		}
	}
}

// A question that needs no model reaches none.
func TestNotWorthAsking(t *testing.T) {
	a, s := scripted(t, llmtest.Answer(good))
	for _, text := range []string{"你好", "海北市2025年有什么计划？"} {
		c := sample(t).search(t, text)
		got, err := a.Answer(t.Context(), c.query, c.hits)
		if err != nil || got.Outcome != rag.NoEvidence || got.Model != "" || got.Fault != "" {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	if n := len(s.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
}

// TestStandIn holds what the model wrote against what was asked for.
func TestStandIn(t *testing.T) {
	s := sample(t)
	for _, tt := range []struct {
		name, question, text, fault string
		mode                        rag.Mode
		outcome                     rag.Outcome
	}{
		{"another year", "临江区2023年新增养老床位多少张？", "临江区2025年计划新增养老床位500张[1]。", chain.FaultBeside, rag.Extractive, rag.NoEvidence},
		{"another place", "临江区2025年养老方面有什么计划？", "这些内容没有依据[1]。", "unsupported", rag.Extractive, rag.Answered},
		{"one place of two", "临江区和江滨新区2024年各新增养老床位多少张？", "临江区2024年新增养老床位320张[新增养老床位320张]。", chain.FaultPartial, rag.Extractive, rag.Answered},
		{"refuses where there is an answer", question, "资料里没有提到。", "refused", rag.Extractive, rag.Answered},
		{"refuses where there is none", "临江区2025年打算建几座核电站？", "资料里没有提到。", "", rag.Extractive, rag.NoEvidence},
		{"speaks of what lies near", "临江区地铁三号线什么时候开工？", "临江区2024年开工项目51个[开工项目51个]。", chain.FaultBeside, rag.Extractive, rag.NoEvidence},
		{"without the figure asked for", "临江区2024年新增养老床位多少张？", "临江区2024年建成老年助餐点38个[老年助餐点38个]。", chain.FaultBeside, rag.Extractive, rag.Answered},
		{"no figure where there is none", "2025年全市教育投入多少亿元？", "办好学前教育[办好学前教育]。", chain.FaultBeside, rag.Extractive, rag.NoEvidence},
		{"invents where there is none", "临江区2025年打算建几座核电站？", "临江区2025年要建3座核电站[1]。", "unsupported", rag.Extractive, rag.NoEvidence},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := s.search(t, tt.question)
			server := llmtest.Start(t, llmtest.Script{Chat: func(r llmtest.Request) llmtest.Reply { return llmtest.Answer(numbered(r, tt.text)) }})
			got, err := s.with(t, modelOf(t, server, llm.Limits{})).Answer(t.Context(), c.query, c.hits)
			if err != nil {
				t.Fatal(err)
			}
			ragtest.CheckAnswer(t, got)
			if got.Fault != tt.fault || got.Mode != tt.mode || got.Outcome != tt.outcome || got.Model == "" {
				t.Errorf("fault %q, mode %s, outcome %s, notice %q\n%s", got.Fault, got.Mode, got.Outcome, got.Notice, got.Text)
			}
			if (got.Fault == "") != !strings.Contains(got.Notice, "模型") {
				t.Errorf("notice %q for fault %q", got.Notice, got.Fault)
			}
		})
	}
}

// What the rules find no answer in, the model may: refusing stands in for the
// extractive answer here.
func TestModelFindsWhatRulesDoNot(t *testing.T) {
	s := sample(t)
	c := s.search(t, question)
	m := modelOf(t, llmtest.Start(t, llmtest.Script{Replies: []llmtest.Reply{llmtest.Answer(good)}}), llm.Limits{})
	refusing := ragtest.Answerer(func(_ context.Context, q rag.Query, _ []rag.Hit) (rag.Answer, error) {
		return rag.Answer{Query: q, Outcome: rag.NoEvidence, Mode: rag.Extractive, Text: "没有找到。"}, nil
	})
	for _, tt := range []struct {
		name  string
		edit  func(*rag.Query)
		fault string
	}{
		{"as asked", func(*rag.Query) {}, ""},
		{"of another place", func(q *rag.Query) { q.Places = []string{"松岭县"} }, chain.FaultBeside},
		{"of another year", func(q *rag.Query) { q.Periods = []corpus.Years{{From: 2019, To: 2020}} }, chain.FaultBeside},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := c.query
			tt.edit(&q)
			got, err := s.with(t, m, func(o *chain.Options) { o.Extract = refusing }).Answer(t.Context(), q, c.hits[:3])
			if err != nil {
				t.Fatal(err)
			}
			ragtest.CheckAnswer(t, got)
			if got.Fault != tt.fault || (got.Outcome == rag.Answered) != (tt.fault == "") {
				t.Errorf("outcome %s, fault %q: %s", got.Outcome, got.Fault, got.Text)
			}
		})
	}
}

func TestErrorsAreTheCallers(t *testing.T) {
	c := sample(t).search(t, question)
	broken := errors.New("broken")
	a, _ := scripted(t, llmtest.Answer(good))
	for n, fails := range []int{0, 1} {
		calls := 0
		got, err := a.Stream(t.Context(), c.query, c.hits, func(string) error {
			calls++
			if calls > fails {
				return broken
			}
			return nil
		})
		if !errors.Is(err, broken) || calls != n+1 || got.Text != "" {
			t.Errorf("%d calls, error %v, answer %q", calls, err, got.Text)
		}
	}
	failing := ragtest.Answerer(func(context.Context, rag.Query, []rag.Hit) (rag.Answer, error) { return rag.Answer{}, broken })
	m := modelOf(t, llmtest.Start(t, llmtest.Script{}), llm.Limits{})
	if _, err := sample(t).with(t, m, func(o *chain.Options) { o.Extract = failing }).Answer(t.Context(), c.query, c.hits); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

// TestFollowsFromAnswer reckons in code: the model's own sum goes, the one with its
// working comes, for its answer and for the one that stands in.
func TestFollowsFromAnswer(t *testing.T) {
	s := sample(t)
	c := s.search(t, "临江区和江滨新区2024年一共新增养老床位多少张？")
	const (
		both    = "临江区2024年新增养老床位320张[新增养老床位320张]。江滨新区2024年新增养老床位260张[新增养老床位260张]。"
		working = "由以上数字算得：320张+260张=580张 [1][2]"
	)
	for name, tt := range map[string]struct {
		text string
		mode rag.Mode
	}{
		"model":     {both + "两区合计新增590张[新增养老床位260张]。", rag.Generative},
		"stands in": {"两区合计新增590张[新增养老床位260张]。", rag.Extractive},
	} {
		t.Run(name, func(t *testing.T) {
			server := llmtest.Start(t, llmtest.Script{Chat: func(r llmtest.Request) llmtest.Reply { return llmtest.Answer(numbered(r, tt.text)) }})
			var w told
			got, err := s.with(t, modelOf(t, server, llm.Limits{})).Stream(t.Context(), c.query, c.hits, w.tell)
			if err != nil {
				t.Fatal(err)
			}
			ragtest.CheckAnswer(t, got)
			if p := cite.Check(got); len(p) > 0 {
				t.Errorf("problems: %v", p)
			}
			if got.Mode != tt.mode || !strings.HasSuffix(got.Text, working) || strings.Contains(got.Text, "590") || got.Removed != 1 {
				t.Errorf("%s, %d removed: %s", got.Mode, got.Removed, got.Text)
			}
			if tt.mode == rag.Generative && strings.Join(w.pieces, "") != got.Text {
				t.Errorf("told %q", w.pieces)
			}
		})
	}
}

// A model's answer to half of a question says which half.
func TestUnknownPlaceIsNamed(t *testing.T) {
	c := sample(t).search(t, question)
	c.query.Unknown = []string{"海北市"}
	a, _ := scripted(t, llmtest.Answer(good))
	got, err := a.Answer(t.Context(), c.query, c.hits)
	if err != nil || got.Mode != rag.Generative || got.Notice != "没有收录关于海北市的报道。" {
		t.Errorf("mode %s, notice %q, %v", got.Mode, got.Notice, err)
	}
}

// FuzzStream lets a model write anything: the answer is sound, and the same however
// the text was cut.
func FuzzStream(f *testing.F) {
	for _, seed := range []string{
		good, "## 养老\n- 新增养老床位500张[1]\n- 新建老年助餐点20个【1】", "临江区2025年：\n1. 开工建设区颐养中心（1）；\n2. 无[9]",
		"”“。[1][2][", "临江区2025年计划新增养老床位900张[1]。\n\n将开工建设区颐养中心[1]", "：[1]\x00\xff", "[1]。\n[2]\n。",
	} {
		f.Add(seed)
	}
	p := sample(f)
	c := p.search(f, question)
	f.Fuzz(func(t *testing.T, text string) {
		const longest = 1000
		if len(text) > longest {
			return
		}
		var answers []rag.Answer
		for _, size := range []int{1, longest} {
			got, err := p.with(t, instant{text: text + "\n", size: size}).Answer(t.Context(), c.query, c.hits[:4])
			if err != nil {
				t.Fatal(err)
			}
			ragtest.CheckAnswer(t, got)
			if problems := cite.Check(got); len(problems) > 0 {
				t.Errorf("%q gives %q: %v", text, got.Text, problems)
			}
			answers = append(answers, got)
		}
		if answers[0].Text != answers[1].Text || answers[0].Fault != answers[1].Fault {
			t.Errorf("%q gives %q and %q", text, answers[0].Text, answers[1].Text)
		}
	})
}

// A model that cannot refuse and quotes whatever it is given turns no refusal into
// an answer.
func TestBabble(t *testing.T) {
	s := sample(t)
	questions, err := eval.ReadFile(filepath.Join("..", "..", "testdata", "eval", "questions.jsonl"), eval.ReadExpected)
	if err != nil {
		t.Fatal(err)
	}
	a := s.with(t, instant{})
	const every = 3 // of the questions is enough
	seen, refused := 0, 0
	for _, q := range questions {
		if q.Kind != "refuse" && q.Kind != eval.NearMiss || len(q.History) > 0 {
			continue
		}
		if seen++; seen%every != 0 {
			continue
		}
		c := s.search(t, q.Question)
		got, err := a.Answer(t.Context(), c.query, c.hits)
		if err != nil {
			t.Fatal(err)
		}
		if got.Outcome != rag.NoEvidence {
			t.Errorf("%s is answered by the %s text %q", q.Question, got.Mode, got.Text)
		}
		refused++
	}
	if refused < 5 {
		t.Errorf("only %d questions", refused)
	}
}

// mine is an answerer that panics.
type mine struct{}

func (mine) Answer(context.Context, rag.Query, []rag.Hit) (rag.Answer, error) { panic("no") }

// TestExtractPanics: the answer that is made while the model writes is made in a
// goroutine, and its panic comes out where the chain was asked.
func TestExtractPanics(t *testing.T) {
	p := sample(t)
	c := p.search(t, question)
	s := llmtest.Start(t, llmtest.Script{Replies: []llmtest.Reply{llmtest.Answer(good)}})
	a := p.with(t, modelOf(t, s, llm.Limits{}), func(o *chain.Options) { o.Extract = mine{} })
	var w told
	caught := panics.Catch(func() { _, _ = a.Stream(t.Context(), c.query, c.hits, w.tell) })
	if caught == nil || caught.Value != "no" || !strings.Contains(caught.At, "chain_test.go") {
		t.Errorf("Stream panicked with %v", caught)
	}
	if len(s.Requests()) != 1 {
		t.Errorf("the model was asked %d times", len(s.Requests()))
	}
}
