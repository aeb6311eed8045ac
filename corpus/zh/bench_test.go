package zh_test

import (
	"strings"
	"testing"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// benchText is about 100 kB in the density of a newspaper page.
func benchText() string {
	return strings.Repeat(`12月30日，临江区开会，谈2025年怎么干。“项目要早开工、早投用。”区里有关负责人昨日表示。
去年，全区新修道路19条，栽树近8万棵，技改投资17.2亿元，两条生产线投用；沙湾街道、白塔镇各建成1座食堂，服务老人3300余人次。
明年是“十四五”规划的最后一年，我区将在柳溪镇新建一处水厂，力争6月底前通水，让群众喝上放心水。
`, 200)
}

// traditionalText is the like of benchText in Traditional characters.
func traditionalText() string {
	return strings.Repeat(`12月30日，臨江區開會，談2025年怎麼幹。「項目要早開工、早投用。」區裡有關負責人昨日表示。
去年，全區新修道路19條，栽樹近8萬棵，技改投資17.2億元，兩條生產線投用；沙灣街道、白塔鎮各建成1座食堂，服務老人3300餘人次。
`, 300)
}

func BenchmarkFold(b *testing.B) {
	text := benchText()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		zh.Fold(text)
	}
}

func BenchmarkFoldMap(b *testing.B) {
	text := benchText()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		zh.FoldMap(text)
	}
}

func BenchmarkSentences(b *testing.B) {
	text := benchText()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		zh.Sentences(text)
	}
}

func BenchmarkClauses(b *testing.B) {
	text := benchText()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		zh.Clauses(text)
	}
}

func BenchmarkFigures(b *testing.B) {
	text := benchText()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		zh.Figures(text)
	}
}

func BenchmarkTimes(b *testing.B) {
	text := benchText()
	ref := corpus.Date{Year: 2024, Month: 12, Day: 31}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		zh.Times(text, ref)
	}
}
