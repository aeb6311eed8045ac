package langchain_test

import (
	"context"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/tmc/langchaingo/chains"
	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/memory"
	"github.com/tmc/langchaingo/schema"

	"wenbao/corpus"
	"wenbao/corpus/facet"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/ingest"
	"wenbao/corpus/source"
	"wenbao/rag"
	"wenbao/rag/chain"
	"wenbao/rag/chain/langchain"
	"wenbao/rag/cite"
	"wenbao/rag/embed"
	"wenbao/rag/extract"
	"wenbao/rag/index"
	"wenbao/rag/lexical"
	"wenbao/rag/query"
)

// page is the newspaper of the example.
const page = `临江区盘点养老事

本报讯（记者 秦望舒）2024年，临江区新增养老床位320张，建成老年助餐点38个。

2025年，临江区计划新增养老床位500张，开工建设区颐养中心。
`

// canned is a model of the program's own: an llms.Model that always writes the
// same, and one sentence of it is not true.
type canned string

func (canned) Name() string                      { return "canned" }
func (canned) ContextTokens(context.Context) int { return 4096 }

func (m canned) Call(ctx context.Context, prompt string, options ...llms.CallOption) (string, error) {
	return llms.GenerateFromSinglePrompt(ctx, m, prompt, options...)
}

func (m canned) GenerateContent(context.Context, []llms.MessageContent, ...llms.CallOption) (*llms.ContentResponse, error) {
	return &llms.ContentResponse{Choices: []*llms.ContentChoice{{Content: string(m), StopReason: "stop"}}}, nil
}

// newEngine puts the steps of an answer together over one page in memory.
func newEngine(ctx context.Context, text string, model chain.Model) (*rag.Engine, error) {
	places := gazetteer.New()
	annotator := facet.New(places)
	meta := corpus.Meta{Newspaper: "云泽日报", Date: corpus.Date{Year: 2025, Month: 1, Day: 5}, Edition: "1"}
	records, _, err := ingest.Read(ctx, []string{"-"}, ingest.Options{
		Annotator: annotator, Stdin: strings.NewReader(text), Source: source.Options{Meta: meta},
	})
	if err != nil {
		return nil, err
	}
	ix, err := index.Build(ctx, index.NewMemory(records), index.Options{Embedder: embed.New()})
	if err != nil {
		return nil, err
	}
	analyzer, err := lexical.NewAnalyzer(nil)
	if err != nil {
		return nil, err
	}
	answerer, err := chain.New(chain.Options{
		Model:   model,
		Extract: extract.New(extract.Options{Annotator: annotator, Words: analyzer.Words, DF: ix.DF}),
		Checker: cite.NewChecker(cite.CheckerOptions{Annotator: annotator, Gazetteer: places, Words: analyzer.Words}),
	})
	if err != nil {
		return nil, err
	}
	return &rag.Engine{
		Understander: query.New(query.Options{
			Gazetteer: places, Places: ix.Places(), Speakers: ix.Speakers(), Words: analyzer.Words, Newest: ix.Coverage().Last,
		}),
		Searcher: ix, Answerer: answerer, Coverage: ix.Coverage, Now: time.Now,
	}, nil
}

// A program written with langchaingo asks a newspaper: through a chain, whose
// second sentence the check removes, and through a retriever.
func Example() {
	ctx := context.Background()
	engine, err := newEngine(ctx, page, canned("临江区2025年计划新增养老床位500张[1]。临江区2025年还要建9所学校[1]。"))
	if err != nil {
		log.Fatal(err)
	}

	qa := langchain.NewChain(engine, memory.NewConversationBuffer(
		memory.WithMemoryKey(langchain.InputHistory), memory.WithReturnMessages(true),
		memory.WithInputKey(langchain.InputQuestion), memory.WithOutputKey(langchain.OutputText)))
	out, err := chains.Call(ctx, qa, map[string]any{langchain.InputQuestion: "临江区2025年养老方面有什么计划？"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(out[langchain.OutputText])
	for _, doc := range out[langchain.OutputDocuments].([]schema.Document) {
		m := doc.Metadata
		fmt.Printf("[%d] %s %s %s版：%s\n", m[langchain.MetaCitation], m[langchain.MetaNewspaper], m[langchain.MetaDate], m[langchain.MetaEdition], m[langchain.MetaQuote])
	}
	fmt.Println(out[langchain.OutputAnswer].(rag.Answer).Notice)

	docs, err := langchain.NewRetriever(engine, 1).GetRelevantDocuments(ctx, "临江区有多少老年助餐点？")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(docs[0].PageContent, docs[0].Metadata[langchain.MetaPlaces], docs[0].Metadata[langchain.MetaPeriod])

	// Output:
	// 临江区2025年计划新增养老床位500张 [1]。
	// [1] 云泽日报 2025-01-05 1版：2025年，临江区计划新增养老床位500张
	// 核对后去掉了模型写的1句没有依据的话。
	// 2024年，临江区新增养老床位320张，建成老年助餐点38个。 [临江区] [2024 2024]
}
