package extract_test

import (
	"strings"
	"testing"

	"wenbao/corpus"
	"wenbao/rag"
	"wenbao/rag/ragtest"
)

// boats is a page that says what is asked with other words where the question asks.
func boats(t *testing.T) *rag.Engine {
	return paper(t, map[string]string{"云泽日报/2025-01-15/03.txt": `白塔戏楼今天复演
本报讯（记者 何雨桐）白塔戏楼一般只在雨季停演，其余日子天天有戏。戏楼的旧主病重时托沈望舟给县里送信。戏楼是云泽州的一处老建筑。戏楼票价每张上调5元。

龙舟队出征
本报讯（记者 何雨桐）参加龙舟赛的云泽龙舟队共40人，其中桨手28人，领队陆青。鼓手身高182CM。队里的章程写明，龙舟队队长任期五年。连环画《龙舟记》去年连载完，共33话。龙舟队的新手上船则需两年。

堤防巡查升级
本报讯（记者 何雨桐）市里27日针对沿江各镇将堤防三级巡查勤务提升至二级。

桃子丰收
本报讯（记者 何雨桐）今年全市产桃子9万吨。截至月底，桃子销售6万吨。
`})
}

// A sentence that says what the question does answers it, whatever stands where the
// question asks: a time, a person, a place.
func TestFillsTheBlank(t *testing.T) {
	assertAnswers(t, boats(t), []expectation{
		{question: "白塔戏楼一般只在什么时候停演？", says: []string{"雨季"}},
		{question: "戏楼的旧主病重时托谁给县里送信？", says: []string{"沈望舟"}},
		{question: "白塔戏楼在哪里？", says: []string{"云泽州"}},
		{question: "龙舟队的教练是谁？"},
	})
}

// Who holds a post stands right behind it, without a verb.
func TestNameBehindThePost(t *testing.T) {
	assertAnswers(t, boats(t), []expectation{{question: "云泽龙舟队的领队是谁？", says: []string{"陆青"}}})
}

// A number may stand in words, in capitals and right before what it counts.
func TestHowNumbersArePrinted(t *testing.T) {
	assertAnswers(t, boats(t), []expectation{
		{question: "龙舟队鼓手的身高是多少？", says: []string{"182CM"}},
		{question: "龙舟队队长的任期是多长？", says: []string{"五年"}},
		{question: "龙舟队的新手需要多久才能上船？", says: []string{"两年"}},
		{question: "连环画《龙舟记》一共有多少话？", says: []string{"33话"}},
		{question: "堤防巡查勤务提升至几级？", says: []string{"二级——"}, never: []string{"三级——"}},
	})
}

// What was sold is not what was grown, and by how much a price has changed is not the price.
func TestAnotherFigureOfTheSame(t *testing.T) {
	assertAnswers(t, boats(t), []expectation{
		{question: "桃子卖了多少吨？", says: []string{"6万吨"}, never: []string{"9万吨——"}},
		{question: "白塔戏楼的票价是多少？"},
		{question: "白塔戏楼的票价涨了多少？", says: []string{"5元——"}},
	})
}

// What the first of several questions is asked of, the next ones are as well.
func TestWholeOfSeveralQuestions(t *testing.T) {
	e := paper(t, map[string]string{"云泽日报/2025-01-15/04.txt": "抽检结果\n\n" +
		"本报讯（记者 何雨桐）2024年，松岭县抽检食品1200批次，不合格率1.5%。\n"})
	assertAnswers(t, e, []expectation{
		{question: "2024年全省抽检了多少批次的食品？食品抽检的不合格率是多少？"},
		{question: "2024年松岭县抽检了多少批次的食品？食品抽检的不合格率是多少？", says: []string{"1200批次", "1.5%"}},
	})
}

// What is not found is named once, by the first of several questions.
func TestSeveralQuestionsNotFound(t *testing.T) {
	a := ask(t, boats(t), "2021年《龙舟记》票房收入是多少？2021年《龙舟记》票房收入增长了多少？")
	ragtest.CheckAnswer(t, a)
	if a.Outcome != rag.NoEvidence || !strings.Contains(a.Text, "没有找到2021年关于") || !strings.Contains(a.Text, "等问题的报道") {
		t.Errorf("outcome %s: %s", a.Outcome, a.Text)
	}
}

// When a report went out is not when it happened.
func TestStampIsNoDate(t *testing.T) {
	e := paper(t, map[string]string{"夜市.txt": "2025-01-15 19:42，正文：云泽歌手在灯会开幕式上唱了三首歌，观众拍手叫好。\n\n灯会的灯有两百盏，都由匠人手扎。\n",
		"赏花.txt": "云泽在线平阜1月14日电 赏花节开幕式上来了不少游客。\n"})
	assertAnswers(t, e, []expectation{{question: "灯会开幕式是什么时候？"}, {question: "赏花节开幕式是什么时候？"}})
	a := ask(t, e, "灯会的灯有多少盏？")
	if a.Outcome != rag.Answered || a.Citations[0].Article.Meta().Date != (corpus.Date{Year: 2025, Month: 1, Day: 15}) {
		t.Errorf("outcome %s: %s", a.Outcome, a.Text)
	}
}

// The page's own lines answer nothing.
func TestNoBoilerplate(t *testing.T) {
	e := paper(t, map[string]string{"云泽日报/2025-01-15/05.txt": "夜市开张\n\n" +
		"本报讯（记者 何雨桐）江畔夜市昨晚开张。\n（原标题：江畔夜市的罪与罚）来源：云泽日报 责任编辑：陆青。\n"})
	assertAnswers(t, e, []expectation{{question: "江畔夜市的罪与罚的编辑是谁？"}})
}
