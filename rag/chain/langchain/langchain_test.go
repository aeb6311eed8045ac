package langchain_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tmc/langchaingo/chains"
	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/memory"
	"github.com/tmc/langchaingo/schema"

	"wenbao/corpus"
	"wenbao/rag"
	"wenbao/rag/chain/langchain"
)

// engine is an engine that remembers what it was asked.
type engine struct {
	hits   []rag.Hit
	answer rag.Answer
	err    error
	asked  []rag.Question
}

func (e *engine) Search(_ context.Context, q rag.Question) (rag.Query, []rag.Hit, error) {
	e.asked = append(e.asked, q)
	return rag.Query{Text: q.Text}, e.hits, e.err
}

func (e *engine) AskStream(_ context.Context, q rag.Question, tell func(string) error) (rag.Answer, error) {
	e.asked = append(e.asked, q)
	if e.err != nil {
		return rag.Answer{}, e.err
	}
	return e.answer, tell(e.answer.Text)
}

func newFake() *engine {
	const text = "临江区新增养老床位320张，建成助餐点38个。"
	article := &corpus.Article{ID: "a", Title: "养老", Text: text, Parts: []corpus.Part{{Meta: corpus.Meta{
		Newspaper: "云泽日报", Date: corpus.Date{Year: 2024, Month: 12, Day: 31}, Edition: "3",
	}}}}
	p := corpus.Passage{
		ID: "p", Article: "a", Text: text, Span: corpus.Span{End: len(text)}, Headings: []string{"民生", "养老"},
		Facets: corpus.Facets{Places: []string{"临江区"}, Period: corpus.Years{From: 2024, To: 2024}, Kind: corpus.KindResult, Speaker: "蓝玉衡"},
	}
	return &engine{
		hits: []rag.Hit{{Rank: 1, Score: 0.5, Passage: p, Article: article}},
		answer: rag.Answer{
			Outcome: rag.Answered, Text: "新增320张 [1]。",
			Citations: []rag.Citation{{N: 1, Quote: "新增养老床位320张", Passage: p, Article: article}},
		},
	}
}

// known is the metadata of the fake's passage.
func known() map[string]any {
	return map[string]any{
		"passage_id": "p", "article_id": "a", "title": "养老", "newspaper": "云泽日报", "date": "2024-12-31", "edition": "3",
		"headings": []string{"民生", "养老"}, "places": []string{"临江区"}, "period": [2]int{2024, 2024}, "kind": "result", "speaker": "蓝玉衡",
		"start": 0,
	}
}

func TestRetriever(t *testing.T) {
	e := newFake()
	docs, err := langchain.NewRetriever(e, 7).GetRelevantDocuments(t.Context(), "床位？")
	if err != nil {
		t.Fatal(err)
	}
	want := []schema.Document{{PageContent: "临江区新增养老床位320张，建成助餐点38个。", Score: 0.5, Metadata: known()}}
	want[0].Metadata["end"] = len(want[0].PageContent)
	if diff := cmp.Diff(want, docs); diff != "" {
		t.Errorf("documents (-want +got):\n%s", diff)
	}
	if e.asked[0].Text != "床位？" || e.asked[0].K != 7 {
		t.Errorf("asked %+v", e.asked[0])
	}
	// A program may write into its documents.
	docs[0].Metadata["places"].([]string)[0] = "别处"
	if e.hits[0].Passage.Facets.Places[0] != "临江区" {
		t.Error("a document's list is the passage's own")
	}
}

// What is not known is not there.
func TestRetrieverOfBarePassage(t *testing.T) {
	e := &engine{hits: []rag.Hit{{Passage: corpus.Passage{ID: "p", Article: "a", Text: "云"}, Article: &corpus.Article{ID: "a", Title: "云"}}}}
	docs, err := langchain.NewRetriever(e, 0).GetRelevantDocuments(t.Context(), "云？")
	want := map[string]any{"passage_id": "p", "article_id": "a", "title": "云", "start": 0, "end": 0}
	if err != nil || !reflect.DeepEqual(docs[0].Metadata, want) {
		t.Errorf("%v, %v", docs, err)
	}
}

func TestChain(t *testing.T) {
	e := newFake()
	var streamed []byte
	out, err := chains.Call(t.Context(), langchain.NewChain(e, nil), map[string]any{"question": "床位？"},
		chains.WithStreamingFunc(func(_ context.Context, chunk []byte) error {
			streamed = append(streamed, chunk...)
			return nil
		}))
	if err != nil {
		t.Fatal(err)
	}
	meta := known()
	meta["citation"], meta["quote"], meta["end"] = 1, "新增养老床位320张", len(e.hits[0].Passage.Text)
	want := map[string]any{
		"text":             "新增320张 [1]。",
		"source_documents": []schema.Document{{PageContent: e.hits[0].Passage.Text, Metadata: meta}},
		"answer":           e.answer,
	}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
	if string(streamed) != e.answer.Text {
		t.Errorf("streamed %q", streamed)
	}
}

func TestChainErrors(t *testing.T) {
	broken := errors.New("broken")
	ok := map[string]any{"question": "床位？"}
	for _, tt := range []struct {
		name   string
		engine *engine
		inputs map[string]any
		want   error
	}{
		{"no question", newFake(), map[string]any{}, chains.ErrInvalidInputValues},
		{"a question that is no string", newFake(), map[string]any{"question": 7}, chains.ErrInputValuesWrongType},
		{"a history of something else", newFake(), map[string]any{"question": "床位？", "history": "问答"}, chains.ErrInputValuesWrongType},
		{"engine", &engine{err: broken}, ok, broken},
	} {
		if _, err := chains.Call(t.Context(), langchain.NewChain(tt.engine, nil), tt.inputs); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	if _, err := langchain.NewRetriever(&engine{err: broken}, 1).GetRelevantDocuments(t.Context(), ""); !errors.Is(err, broken) {
		t.Errorf("retriever: %v", err)
	}
	stop := chains.WithStreamingFunc(func(context.Context, []byte) error { return broken })
	if _, err := chains.Call(t.Context(), langchain.NewChain(newFake(), nil), ok, stop); !errors.Is(err, broken) {
		t.Errorf("streaming: %v", err)
	}
}

// Memory and inputs of langchaingo make turns.
func TestChainHistory(t *testing.T) {
	turn := rag.Turn{Question: "床位？", Answer: "新增320张 [1]。"}
	messages := []llms.ChatMessage{
		llms.AIChatMessage{Content: "你好，问点什么？"}, llms.SystemChatMessage{Content: "规则"},
		llms.HumanChatMessage{Content: turn.Question}, llms.AIChatMessage{Content: turn.Answer},
	}
	for name, history := range map[string]any{"turns": []rag.Turn{turn}, "messages": messages} {
		e := newFake()
		if _, err := chains.Call(t.Context(), langchain.NewChain(e, nil), map[string]any{"question": "那助餐点呢？", "history": history}); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(e.asked[0].History, []rag.Turn{turn}) {
			t.Errorf("%s: history %+v", name, e.asked[0].History)
		}
	}
	e := newFake()
	c := langchain.NewChain(e, memory.NewConversationBuffer(memory.WithMemoryKey("history"), memory.WithReturnMessages(true),
		memory.WithInputKey("question"), memory.WithOutputKey("text")))
	for _, text := range []string{"床位？", "那助餐点呢？"} {
		if _, err := chains.Call(t.Context(), c, map[string]any{"question": text}); err != nil {
			t.Fatal(err)
		}
	}
	if got := e.asked[1].History; !slices.EqualFunc(got, []rag.Turn{turn}, func(a, b rag.Turn) bool { return reflect.DeepEqual(a, b) }) {
		t.Errorf("remembered %+v", got)
	}
}
