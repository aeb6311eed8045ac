package extract_test

import (
	"slices"
	"strings"
	"testing"

	"wenbao/rag"
	"wenbao/rag/ragtest"
)

// TestOverviews asks without a topic. says are printed words that have to be in
// the answer, never words that must not: dates alone, scenes, who said it, slogans.
func TestOverviews(t *testing.T) {
	tests := []struct {
		question    string
		says, never []string
	}{
		{
			question: "云泽市2025年有什么计划？",
			says:     []string{"办好学前教育：新建公办幼儿园18所", "壮大创新主体：明年力争新增高新技术企业120家", "2025年全市计划城镇新增就业4.8万人"},
			never:    []string{"· 二〇二五年 [", "从2025年1月1日起", "把说明书写得", "这股劲头", "停水", "· 办好学前教育 [", "各县区2024年部分民生指标"},
		},
		{
			question: "云泽市2024年做了什么？",
			says:     []string{"养老服务：全市新建老年助餐点126个，新增养老床位1450张", "今年全市教育投入68.3亿元,增长6.1%", "排污口全部整治到位"},
			never:    []string{"端着餐盘", "有的地方健身器材", "· 经过三年治理 [", "不是年底才想起来", "入学人口已过高峰", "科技规划研究"},
		},
		{
			question: "临江区2025年有什么计划？",
			says:     []string{"攻坚产业升级：全年新签亿元以上项目60个", "办好民生实事：新增养老床位500张,开工建设区颐养中心", "更换老旧燃气管道42公里"},
			never:    []string{"今年的任务是新建20个", "部署2025年重点任务", "迎着困难上", "建区四十周年", "坚持项目为王"},
		},
		{
			question: "临江区2024年做了什么？",
			says:     []string{"地区生产总值完成486亿元,增长6.4%", "新增高新技术企业37家", "打通断头路9条", "新增学位5800个", "新增养老床位320张"},
			never:    []string{"盘点2024年发展成果", "这一数字", "端着餐盘", "一手抓项目", "60个"},
		},
		{
			question: "松岭县2025年有什么计划？",
			says:     []string{"把药材种成产业：建成石门乡中药材交易市场", "把路修到田头：", "新增精品民宿60家", "组织320名城区教师到松岭、平阜支教"},
			never:    []string{"下一步怎么走", "记者说", "三篇文章"},
		},
		{
			question: "松岭县2024年做了什么？",
			says:     []string{"中药材种植面积21万亩,产值9.3亿元", "松岭县组织16支农机服务队进村入户，为农户免费检修", "快速路9月26日通车"},
			never:    []string{"常青野还提到", "能不能留得住", "万宝田"},
		},
		{
			question: "平阜县2025年有什么计划？",
			says:     []string{"明年计划引进亿元以上项目15个", "在12个乡镇各建一处区域养老服务中心,新增养老床位600张"},
			never:    []string{"变成清单", "数九寒天", "谁的孩子谁抱走"},
		},
		{
			question: "平阜县2024年做了什么？",
			says:     []string{"平阜县首条乡镇公交环线开跑，全长46公里"},
			never:    []string{"这些事写进了"},
		},
		{
			question: "江滨新区2025年有什么计划？",
			says:     []string{"壮大主导产业：新能源电池产业园产值力争达到200亿元", "提升新城功能：打通断头路5条,望江大桥明年8月通车", "守护绿水青山："},
			never:    []string{"再往前走一步：壮大主导产业 ", "152亿元"},
		},
		{
			question: "江滨新区2024年做了什么？",
			says:     []string{"全年签约项目71个,总投资388亿元", "建成安置房38栋7450套", "市第三人民医院整体搬到江滨新区"},
			never:    []string{"后院", "力争"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.question, func(t *testing.T) {
			a := ask(t, sample(t), tt.question)
			ragtest.CheckAnswer(t, a)
			if a.Outcome != rag.Answered || len(a.Sentences) > 10 {
				t.Errorf("outcome %s, %d items", a.Outcome, len(a.Sentences))
			}
			assertSays(t, a, tt.says, tt.never)
		})
	}
}

// What other places' reports say of a place comes after its own.
func TestOverviewBeginsWithOwnReports(t *testing.T) {
	a := ask(t, sample(t), "松岭县2025年有什么计划？")
	own := true
	for _, c := range a.Citations {
		speaks := slices.Contains(c.Article.Facets.Places, "松岭县")
		if speaks && !own {
			t.Errorf("%q comes behind reports of other places: %s", c.Quote, a.Text)
		}
		own = speaks
	}
	if own {
		t.Errorf("nothing of other places' reports: %s", a.Text)
	}
}

// A plan for a place that has nothing but talk in print is none.
func TestOverviewOfNothingButTalk(t *testing.T) {
	page := strings.Join([]string{
		"平阜县召开座谈会", "",
		"本报讯（记者 白一帆）昨日，平阜县召开座谈会。会议指出，2025年要坚定信心、攻坚克难，奋力开创新局面。下一步怎么走？与会者各抒己见。",
	}, "\n")
	a := ask(t, paper(t, map[string]string{"云泽日报/2024-12-31/01.txt": page}), "平阜县2025年有什么计划？")
	ragtest.CheckAnswer(t, a)
	assertSays(t, a, nil, []string{"怎么走", "攻坚克难", "各抒己见"})
}
