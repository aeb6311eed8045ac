package extract_test

import (
	"regexp"
	"testing"

	"wenbao/rag"
	"wenbao/rag/extract"
)

// theatre is a page whose facts stand in no form that the rules know.
func theatre(t *testing.T) *rag.Engine {
	return paper(t, map[string]string{"云泽日报/2025-01-15/01.txt": `云泽大剧院开工
本报讯（记者 何雨桐）昨日，云泽大剧院开工。剧院由意大利建筑师罗西主持设计，形如一叶扁舟。建成后可容纳观众1200人。

江边添了步道
本报讯（记者 何雨桐）昨日，临江区江边步道完工，早晚都有人走。步道铺了防滑砖，沿途种了桂花。
`})
}

// Where the rules know no form of the answer, the sentence that answers best does,
// if what is asked for can be in it.
func TestRankedSentences(t *testing.T) {
	assertAnswers(t, theatre(t), []expectation{
		{question: "云泽大剧院由谁设计？", says: []string{"意大利建筑师罗西"}},
		{question: "云泽音乐厅由谁出资？"},
		{question: "云泽大剧院的售票电话是多少？"},
		{question: "云泽大剧院几点开门？"},
	})
	assertAnswers(t, sample(t), []expectation{{question: "望江大桥在哪里？"}})
}

// A question about a day of the week is not answered with another.
func TestWeekday(t *testing.T) {
	assertAnswers(t, sample(t), []expectation{
		{question: "市图书馆周二开放吗？"},
		{question: "市图书馆周一开放吗？", says: []string{"周一照常闭馆整理"}},
	})
}

// The hour is what 几点 asks for, and not the day.
func TestHour(t *testing.T) {
	assertAnswers(t, sample(t), []expectation{{question: "市图书馆几点关门？", says: []string{"21时——"}}})
}

// Nothing is answered below the least confidence, and without one all that can be.
func TestMinConfidence(t *testing.T) {
	with := loadTools()
	for _, tt := range []struct {
		least    float64
		question string
		answered bool
	}{
		{0, "老年助餐点一共多少个？", true},
		{1, "老年助餐点一共多少个？", false},
		{-1, "老年助餐点一共多少个？", true},
		{1, "临江区2025年有什么计划？", true}, // it has no words of its own to be judged by
	} {
		e := *sample(t)
		e.Answerer = extract.New(extract.Options{
			Annotator: with.annotator, Words: with.analyzer.Words, MinConfidence: tt.least,
			DF: func(string) (df, n int) { return 3, 77 },
		})
		if a := ask(t, &e, tt.question); (a.Outcome == rag.Answered) != tt.answered {
			t.Errorf("%s at %v: outcome %s", tt.question, tt.least, a.Outcome)
		}
	}
}

// Confidence is lower for what is not in print.
func TestConfidence(t *testing.T) {
	with := loadTools()
	x := extract.New(extract.Options{Annotator: with.annotator, Words: with.analyzer.Words, DF: func(string) (int, int) { return 3, 77 }})
	confidence := func(question string) float64 {
		q, hits, err := sample(t).Search(t.Context(), rag.Question{Text: question})
		if err != nil {
			t.Fatal(err)
		}
		return x.Confidence(q, hits)
	}
	printed, absent := confidence("望江大桥什么时候合龙的？"), confidence("平阜县2024年房价每平方米多少钱？")
	if printed < 0.7 || absent > 0.3 {
		t.Errorf("confidence is %.2f in what is printed and %.2f in what is not", printed, absent)
	}
}

// Another place or another year than the printed ones is refused, whatever else of
// a question is in print.
func TestWrongPlaceOrYear(t *testing.T) {
	places := regexp.MustCompile(`临江区|江滨新区|松岭县|平阜县`)
	years := regexp.MustCompile(`20[0-9]{2}年`)
	asked := 0
	for _, q := range evalQuestions(t) {
		if len(q.History) > 0 {
			continue
		}
		for _, wrong := range []string{places.ReplaceAllString(q.Text, "清渠区"), years.ReplaceAllString(q.Text, "2009年")} {
			if wrong == q.Text {
				continue
			}
			asked++
			if a := ask(t, sample(t), wrong); a.Outcome == rag.Answered {
				t.Errorf("%s: %s", wrong, a.Text)
			}
		}
	}
	if asked < 150 {
		t.Errorf("%d questions", asked)
	}
}

// What says nothing by itself is no item of a list.
func TestHollowItems(t *testing.T) {
	e := paper(t, map[string]string{"云泽日报/2025-01-15/01.txt": `临江区老年助餐点又添三个
本报讯（记者 何雨桐）昨日，临江区民政局局长乔安平就老年助餐对记者说，老年助餐点增至41个。去年年底，这一数字还是38个。老年助餐下一步怎么走？老年助餐将延到夜里，老年助餐车开进小区。
`})
	assertAnswers(t, e, []expectation{{
		question: "临江区老年助餐情况怎么样？", says: []string{"老年助餐点增至41个"}, never: []string{"这一数字", "怎么走", "对记者说"},
	}})
}
