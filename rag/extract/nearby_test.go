package extract_test

import (
	"strings"
	"testing"

	"wenbao/rag"
)

// farming is a page in the words of papers.
const farming = `沃野添新机
本报讯（记者 何雨桐）2024年，松岭县添置大型农机320台，农机装备产业产值达到6亿元。临江区改造老旧小区45个。

厨房搬到楼下
本报讯（记者 何雨桐）2024年，平阜县在12个社区办起食堂，年纪大的居民凭卡吃饭，一餐八元。
`

// What is printed in other words is shown as the nearest there is: with its source,
// its whole sentence, and what stands for what; and only of the place and the year asked for.
func TestNearby(t *testing.T) {
	e := paper(t, map[string]string{"云泽日报/2024-12-31/01.txt": farming})
	for _, tt := range []struct {
		question string
		says     []string // nothing nearby where empty
	}{
		{"松岭县拖拉机产业有多大？", []string{"没有找到松岭县关于“拖拉机产业”", "意思相近的是（拖拉机—农机）：", "大型农机320台"}},
		{"岁数大的人吃饭要钱不？", []string{"意思相近的是", "年纪大的居民凭卡吃饭"}},
		{"平阜县拖拉机产业有多大？", nil},
		{"松岭县2023年拖拉机产业有多大？", nil},
		{"松岭县房价每平方米多少钱？", nil},
		{"清渠县拖拉机产业有多大？", nil},
	} {
		a := ask(t, e, tt.question)
		if a.Outcome != rag.NoEvidence {
			t.Errorf("%s: outcome %s: %s", tt.question, a.Outcome, a.Text)
		}
		for _, s := range tt.says {
			if !strings.Contains(a.Text, s) {
				t.Errorf("%s: %s\nwant %s", tt.question, a.Text, s)
			}
		}
		if near := len(tt.says) > 0; near != (a.Notice != "") || near != (len(a.Citations) > 0) || near != strings.Contains(a.Text, "相近") {
			t.Errorf("%s: %s\nnotice %q, %d citations", tt.question, a.Text, a.Notice, len(a.Citations))
		}
	}
}

// Of what has a printed word for an everyday one, what means another thing is left out.
func TestMeantByEverydayWords(t *testing.T) {
	e := paper(t, map[string]string{"云泽日报/2024-12-31/01.txt": `田野上的新气象
本报讯（记者 何雨桐）松岭县引来客商,药材种植企业的展厅和酒店越开越多。松岭县改造农田的灌溉沟渠,让浇地的水流到田间地头。
`})
	a := ask(t, e, "松岭种地的水咋解决？")
	if !strings.Contains(a.Text, "浇地的水流到田间地头") || strings.Contains(a.Text, "展厅") {
		t.Errorf("answer: %s", a.Text)
	}
}
