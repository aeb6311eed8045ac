package chain_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"wenbao/rag"
	"wenbao/rag/chain"
	"wenbao/rag/llm"
	"wenbao/rag/llm/llmtest"
)

func TestCache(t *testing.T) {
	p := sample(t)
	s := llmtest.Start(t, llmtest.Script{Replies: []llmtest.Reply{llmtest.Answer(good)}})
	m := modelOf(t, s, llm.Limits{})
	cache := chain.NewCache(2)
	key := "one"
	ask := func(question string) (rag.Answer, string) {
		t.Helper()
		c := p.search(t, question)
		a := p.with(t, m, func(o *chain.Options) { o.Cache, o.CacheKey = cache, key })
		var w told
		got, err := a.Stream(t.Context(), c.query, c.hits, w.tell)
		if err != nil {
			t.Fatal(err)
		}
		return got, strings.Join(w.pieces, "")
	}
	const second, third = "临江区2025年新建老年助餐点多少个？", "临江区2025年养老床位有什么安排？"
	for i, step := range []struct {
		question string
		key      string
		requests int
	}{
		{question, "one", 1}, {question, "one", 1}, {second, "one", 2}, {question, "one", 2},
		{third, "one", 3},                        // the second question goes
		{question, "one", 3}, {second, "one", 4}, // and has to be asked again
		{question, "two", 5}, // another state of the collection
	} {
		key = step.key
		got, said := ask(step.question)
		if n := len(s.Requests()); n != step.requests {
			t.Fatalf("step %d: %d requests, want %d", i+1, n, step.requests)
		}
		if got.Mode == rag.Generative && said != got.Text {
			t.Errorf("step %d: told %q, answer %q", i+1, said, got.Text)
		}
	}
}

// TestCacheCleared: what was cleared is asked again, and an answer that was being
// written meanwhile is not kept.
func TestCacheCleared(t *testing.T) {
	p := sample(t)
	c := p.search(t, question)
	s := llmtest.Start(t, llmtest.Script{Replies: []llmtest.Reply{llmtest.Answer(good)}})
	cache := chain.NewCache(9)
	a := p.with(t, modelOf(t, s, llm.Limits{}), func(o *chain.Options) { o.Cache = cache })
	ask := func(tell func(string) error, requests int) {
		t.Helper()
		got, err := a.Stream(t.Context(), c.query, c.hits, tell)
		if err != nil || got.Mode != rag.Generative {
			t.Fatalf("mode %s, %v", got.Mode, err)
		}
		if n := len(s.Requests()); n != requests {
			t.Errorf("%d requests, want %d", n, requests)
		}
	}
	silent := func(string) error { return nil }
	ask(silent, 1)
	ask(silent, 1)
	cache.Clear()
	ask(func(string) error { cache.Clear(); return nil }, 2)
	ask(silent, 3)
	ask(silent, 3)
	var none *chain.Cache
	none.Clear()
}

// What failed is asked again.
func TestCacheKeepsNoFaults(t *testing.T) {
	p := sample(t)
	c := p.search(t, question)
	s := llmtest.Start(t, llmtest.Script{Replies: []llmtest.Reply{llmtest.Answer("[1]"), llmtest.Answer(good)}})
	a := p.with(t, modelOf(t, s, llm.Limits{}), func(o *chain.Options) { o.Cache = chain.NewCache(9) })
	for _, want := range []rag.Mode{rag.Extractive, rag.Generative, rag.Generative} {
		got, err := a.Answer(t.Context(), c.query, c.hits)
		if err != nil || got.Mode != want {
			t.Errorf("mode %s, want %s, %v", got.Mode, want, err)
		}
	}
	if n := len(s.Requests()); n != 2 {
		t.Errorf("%d requests", n)
	}
}

// TestConversations holds sixteen conversations at once: each gets the answer to
// its own questions, from the model and from the cache.
func TestConversations(t *testing.T) {
	const conversations, rounds = 16, 3
	p := sample(t)
	script := llmtest.Script{Chat: func(r llmtest.Request) llmtest.Reply {
		// The model answers each question with what only that one asks for.
		_, asked, _ := strings.Cut(r.Messages[1].Content, "问题：")
		for place, beds := range beds() {
			if strings.Contains(asked, place) {
				text := fmt.Sprintf("%s2024年新增养老床位%s[%s]。", place, beds, "养老床位"+beds)
				return llmtest.Answer(strings.Split(numbered(r, text), "")...)
			}
		}
		return llmtest.Fail(400, "")
	}}
	m := modelOf(t, llmtest.Start(t, script), llm.Limits{})
	e := *p.engine
	e.Answerer = p.with(t, m, func(o *chain.Options) { o.Cache = chain.NewCache(1) })
	var wg sync.WaitGroup
	for i := range conversations {
		wg.Go(func() {
			for n := range rounds {
				place := []string{"临江区", "江滨新区"}[(i+n)%2]
				var w told
				got, err := e.AskStream(t.Context(), rag.Question{Text: place + "2024年新增养老床位多少张？"}, w.tell)
				if err != nil {
					t.Error(err)
					return
				}
				other := beds()[[]string{"临江区", "江滨新区"}[(i+n+1)%2]]
				said := strings.Join(w.pieces, "")
				if got.Mode != rag.Generative || !strings.Contains(got.Text, beds()[place]) || said != got.Text || strings.Contains(said, other) {
					t.Errorf("%s: %s %q, told %q", place, got.Fault, got.Text, said)
				}
			}
		})
	}
	wg.Wait()
}

// beds are what two places added in 2024.
func beds() map[string]string {
	return map[string]string{"临江区": "320张", "江滨新区": "260张"}
}
