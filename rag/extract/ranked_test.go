package extract_test

import (
	"regexp"
	"strings"
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

// pond is a page whose sentences say what is asked in other words than a question
// does.
func pond(t *testing.T) *rag.Engine {
	return paper(t, map[string]string{"云泽日报/2025-01-15/02.txt": `镜湖里来了新客
本报讯（记者 何雨桐）镜湖里发现了一种叫蓝斑鳉的小鱼。蓝斑鳉长约7厘米，生活在水深2米至5米的湖底。蓝斑鳉多于夜间出没，沿湖的人家移入山中后它们才回来。

镜湖的木船翻新
本报讯（记者 何雨桐）镜湖的木船由匠人项春斯一手翻新。木船排在全市老物件名录第12位，船上挂着灯笼28间铺子合送。那年冬天雨水多，船底烂了一半。
`})
}

// What is asked may be printed in other words and units: a length beside the word
// for it, a rank by its ordinal, a time of day for 什么时候.
func TestOtherWordsAndUnits(t *testing.T) {
	assertAnswers(t, pond(t), []expectation{
		{question: "蓝斑鳉有多长？", says: []string{"7厘米"}},
		{question: "蓝斑鳉什么时候出没？", says: []string{"夜间"}},
		{question: "木船在全市老物件名录排名第几？", says: []string{"第12位"}},
		{question: "木船有多宽？"},
	})
}

// A sentence that names nobody does not say who.
func TestSomebodyIsNamed(t *testing.T) {
	assertAnswers(t, pond(t), []expectation{
		{question: "镜湖的木船由谁翻新？", says: []string{"项春斯"}},
		{question: "镜湖里的蓝斑鳉是谁发现的？"},
	})
}

// Words of the language that end in 区 are no districts, and the end of a printed
// name is none either; a district that is not printed is refused.
func TestStrangers(t *testing.T) {
	assertAnswers(t, pond(t), []expectation{
		{question: "生活区在镜湖的小鱼蓝斑鳉多于什么时候出没？", says: []string{"夜间"}},
		{question: "清渠区的蓝斑鳉有多长？"},
	})
	for _, question := range []string{"蓝斑鳉和木船之间的区别是什么？", "谁给县里送了蓝斑鳉？"} {
		if a := ask(t, pond(t), question); strings.Contains(a.Text, "没有收录") {
			t.Errorf("%s: %s", question, a.Text)
		}
	}
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

// However much else of a question is printed, the wrong place or year is refused;
// without it the same question is answered.
func TestWrongPlaceOrYearAmongRightWords(t *testing.T) {
	e := paper(t, map[string]string{"云泽日报/2024-12-31/01.txt": `松岭县2024年修好乡村公路
本报讯（记者 何雨桐）2024年，松岭县修好乡村公路27公里，建成候车亭12座，公路由养路工项春斯带队养护。平阜县2023年建成候车亭9座。
`})
	assertAnswers(t, e, []expectation{
		{question: "松岭县2024年建成候车亭多少座？", says: []string{"12座——"}, never: []string{"9座"}},
		{question: "平阜县2023年建成候车亭多少座？", says: []string{"9座——"}, never: []string{"12座"}},
		{question: "平阜县2024年修好乡村公路多少公里？"},
		{question: "松岭县2023年修好乡村公路多少公里？"},
		{question: "梧岭县2024年修好乡村公路多少公里？"},
		{question: "清渠区2024年修好的乡村公路由谁带队养护？"},
		{question: "松岭县2019年修好的乡村公路由谁带队养护？"},
		{question: "松岭县2019年修好乡村公路多少公里？建成候车亭多少座？"},
		{question: "梧岭县2024年修好乡村公路多少公里？建成候车亭多少座？"},
		{question: "松岭县2024年修好乡村公路多少公里？建成候车亭多少座？", says: []string{"27公里——", "12座——"}, never: []string{"9座"}},
	})
}

// Of questions asked at once each has its line, and those without an answer are
// named.
func TestSeveralQuestions(t *testing.T) {
	assertAnswers(t, sample(t), []expectation{
		{
			question: "望江大桥什么时候合龙？平阜县人民医院新院区什么时候投入使用？松岭县机场什么时候开工？",
			says:     []string{"12月6日——", "明年6月底——", "没有找到“松岭县机场什么时候开工”的答案。"},
		},
		{question: "临江区区长是谁？临江区2024年新增养老床位多少张？", says: []string{"蓝玉衡——", "320张——"}, never: []string{"没有找到"}},
		{question: "松岭县机场什么时候开工？松岭县机场投资多少？"},
		{question: "骆远征是谁？手机号是多少？"},
	})
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
