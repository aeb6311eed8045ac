package extract_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/layout"
	"wenbao/corpus/passage"
	"wenbao/rag"
	"wenbao/rag/extract"
	"wenbao/rag/query"
	"wenbao/rag/ragtest"
)

// smallPage has every kind of evidence, and fuzzing is quick over it.
const smallPage = `## 一把手访谈

把驿站修到路口上
让赶路人歇歇脚

——访市驿站管理中心主任林晚舟

“驿站不是摆设，要让人进得来、坐得下。”昨日，市驿站管理中心主任林晚舟对云报融媒记者说，2024年全市建成驿站31处，接待12.6万人次。

2025年，全市将新建驿站20处，其中临江区8处、松岭县5处；配备热水、雨具和急救箱。

云报融媒记者 苏见山

## 简讯

各县区驿站数

县区 | 驿站（处） | 座位（个）
临江区 | 12 | 96
松岭县 | 6 | 40

平阜县首处货郎驿站开门

本报讯（记者 何雨桐）12月27日，平阜县首处货郎驿站在桃坞镇开门，两间屋子，八个座位。
`

// smallQuestions ask for every kind of answer.
var smallQuestions = []string{
	"临江区2025年要建几处驿站？", "全市2024年建成驿站多少处，接待多少人次？", "谁说驿站不是摆设？", "货郎驿站在哪里？", "货郎驿站什么时候开门？",
	"松岭县有多少个座位？", "临江区和松岭县各有几处驿站？", "驿站有什么计划？", "临江区2024年有什么成绩？", "有什么？", "平阜县呢？", "驿站",
}

func FuzzAnswer(f *testing.F) {
	for _, s := range smallQuestions {
		f.Add(s)
	}
	for _, s := range []string{"梧岭县有驿站吗？", "你好", "", "的", "[1] 驿站 [2]", "驿站\x00\xff😀", strings.Repeat("驿站", 900)} {
		f.Add(s)
	}
	e := paper(f, map[string]string{"云泽日报/2024-12-31/02.txt": smallPage})
	f.Fuzz(func(t *testing.T, text string) {
		a := ask(t, e, text)
		ragtest.CheckAnswer(t, a)
		ragtest.CheckAnswer(t, ask(t, e, text, rag.Turn{Question: smallQuestions[0], Answer: a.Text}))
	})
}

// printed takes a page apart into hits, every passage in its order.
func printed(text string) []rag.Hit {
	annotator := loadTools().annotator
	page := corpus.Page{Source: "02.txt", Text: text, Meta: corpus.Meta{Newspaper: "云泽日报", Date: corpus.Date{Year: 2024, Month: 12, Day: 31}}}
	articles := annotator.Page(page, layout.Split(page))
	var hits []rag.Hit
	for i := range articles {
		a := &articles[i]
		facets := func(headings []string, text string) corpus.Facets {
			return annotator.Text(text, annotator.ContextOf(a, headings))
		}
		for _, p := range passage.Cut(a, facets) {
			n := len(hits) + 1
			hits = append(hits, rag.Hit{Rank: n, Score: 1 / float64(n), Passage: p, Article: a})
		}
	}
	return hits
}

// FuzzPrinted answers from pages of any words.
func FuzzPrinted(f *testing.F) {
	f.Add(smallPage)
	f.Add("驿站 | 座位\n12处 | 96\n临江区驿站12处、8处；2024年和2025年各9处。“谁说驿站")
	f.Add("驿站：\n驿站：驿站。\n一是驿站，二是驿站；三是驿站！\n\n驿站在驿站的12月3日。")
	f.Add("1. 驿站２０２４年7 2处\n\n2. 松岭县驿站\t9\t8\n松岭县\t9\t8\n")
	f.Add("。平阜县")
	const passages, words = 50, 1000
	with := loadTools()
	answerer := extract.New(extract.Options{
		Annotator: with.annotator, Words: with.analyzer.Words, DF: func(string) (df, n int) { return 1, passages },
	})
	understander := query.New(query.Options{
		Gazetteer: gazetteer.New(), Places: []string{"云泽市", "临江区", "松岭县", "平阜县"}, Speakers: []string{"林晚舟"},
		Words: with.analyzer.Words, Newest: corpus.Date{Year: 2024, Month: 12, Day: 31},
	})
	f.Fuzz(func(t *testing.T, text string) {
		// A marker in print looks like one of the answer's.
		if !utf8.ValidString(text) || utf8.RuneCountInString(text) > words || strings.ContainsAny(text, "[\r\ufeff") {
			t.Skip()
		}
		hits := printed(text)
		for _, s := range smallQuestions {
			a, err := answerer.Answer(t.Context(), understander.Understand(rag.Question{Text: s}), hits)
			if err != nil {
				t.Fatal(err)
			}
			ragtest.CheckAnswer(t, a)
		}
	})
}
