package extract_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode"

	"wenbao/rag"
	"wenbao/rag/ragtest"
)

// squeeze leaves white space out, which print puts where it likes.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// TestAnswers asks for every kind of answer. says are printed words that have to
// be in the text, never words that must not, quotes parts of what is cited.
func TestAnswers(t *testing.T) {
	tests := []struct {
		name, question      string
		says, never, quotes []string
	}{
		{
			name: "number", question: "临江区2024年新增养老床位多少张？",
			says: []string{"320张——"}, never: []string{"500张", "260张"}, quotes: []string{"新增养老床位320张"},
		},
		{
			name: "number of the plan", question: "临江区2025年计划新增养老床位多少张？",
			says: []string{"500张——"}, never: []string{"320张", "400张"}, quotes: []string{"新增养老床位500张"},
		},
		{
			name: "number of the neighbour", question: "江滨新区2025年新增养老床位多少张？",
			says: []string{"400张——"}, never: []string{"500张", "260张"}, quotes: []string{"新增养老床位400张"},
		},
		{
			name: "the number after a change", question: "80岁以上老人高龄津贴提高到每月多少元？",
			says: []string{"100元——"}, never: []string{"60元——"}, quotes: []string{"由每人每月60元提高到100元"},
		},
		{
			name: "printed words for an abbreviation", question: "临江区2024年GDP是多少？",
			says: []string{"486亿元——"}, quotes: []string{"地区生产总值完成486亿元"},
		},
		{
			name: "a town that the headline names", question: "沙湾街道停水是几号？",
			says: []string{"2025年1月4日——"}, quotes: []string{"2025年1月4日22时至1月5日6时"},
		},
		{
			name: "a town's own works", question: "白塔镇2025年要建什么？",
			says: []string{"白塔镇至柳溪镇乡村公路16公里", "沙湾街道、白塔镇两处养老服务综合体"}, never: []string{"5万亩", "500张"},
			quotes: []string{"提升白塔镇至柳溪镇乡村公路16公里"},
		},
		{
			name: "two places explained by name", question: "江滨和临江哪个区2024年产值高？",
			says: []string{"江滨新区：", "152亿元", "临江区：", "84亿元"}, quotes: []string{"产值152亿元", "产值84亿元"},
		},
		{
			name: "two numbers", question: "2024年全市教育投入多少亿元，增长了多少？",
			says: []string{"68.3亿元", "6.1%"}, quotes: []string{"今年全市教育投入68.3亿元,增长6.1%"},
		},
		{
			name: "value of a table", question: "松岭县2024年新增学位多少个？",
			says: []string{"4600"}, never: []string{"5800", "6000"}, quotes: []string{"4600", "新增学位（个）"},
		},
		{
			name: "value of a table with tabs", question: "江滨新区会展中心的招聘会有多少个岗位？",
			says: []string{"9200个"}, never: []string{"8600个"}, quotes: []string{"江滨新区会展中心"},
		},
		{
			name: "telephone number", question: "停水咨询电话是多少？", says: []string{"8866 1220——"}, quotes: []string{"咨询电话：8866 1220"},
		},
		{
			name: "person by post", question: "临江区区长是谁？",
			says: []string{"蓝玉衡"}, quotes: []string{"区长蓝玉衡"},
		},
		{
			name: "person by office", question: "平阜县委书记是谁？", says: []string{"骆远征"}, quotes: []string{"骆远征"},
		},
		{
			name: "person by an office that is not the article's", question: "市人社局局长叫什么？",
			says: []string{"裴正声——"}, never: []string{"梁静姝", "崔砚农"}, quotes: []string{"市人社局局长裴正声"},
		},
		{
			name: "whom it is for", question: "三公经费节余补贴给谁？",
			says: []string{"补贴乡村教师取暖"}, never: []string{"常青野——"}, quotes: []string{"补贴乡村教师取暖"},
		},
		{
			name: "who said it", question: "谁说的“科研不能只在纸面上转圈”？",
			says: []string{"梁静姝——"}, quotes: []string{"科研不能只在纸面上转圈"},
		},
		{
			name: "date", question: "望江大桥什么时候合龙的？", says: []string{"12月6日——"}, quotes: []string{"望江大桥12月6日合龙"},
		},
		{
			name: "date ahead", question: "平阜县人民医院新院区什么时候投入使用？", says: []string{"6月底"}, quotes: []string{"明年6月底前投入使用"},
		},
		{
			name: "place", question: "松岭县要在哪两个乡镇建养老服务中心？", says: []string{"青石镇、梨树乡"}, quotes: []string{"在青石镇、梨树乡各建一个"},
		},
		{
			name: "list", question: "临江区2025年养老方面有什么计划？",
			says:   []string{"临江区2025年", "· 新增养老床位500张", "开工建设区颐养中心", "沙湾街道、白塔镇", "新建老年助餐点20个"},
			never:  []string{"320张", "400张", "断头路"},
			quotes: []string{"开工建设区颐养中心"},
		},
		{
			name: "result and not plan", question: "临江区2024年乡村振兴有什么成果？",
			says: []string{"3.6万亩"}, never: []string{"5万亩"}, quotes: []string{"新建高标准农田3.6万亩"},
		},
		{
			name: "plan and not result", question: "江滨新区2025年要建哪些学校？",
			says: []string{"江滨实验学校", "江滨第二幼儿园"}, never: []string{"6所"}, quotes: []string{"建设江滨实验学校"},
		},
		{
			name: "two places", question: "临江区和江滨新区2024年各新增养老床位多少张？",
			says: []string{"临江区：", "320张", "江滨新区：", "260张"}, never: []string{"500张", "400张"},
			quotes: []string{"新增养老床位320张", "新增养老床位260张"},
		},
		{
			name: "everyday words", question: "老房子装电梯，临江2025年能装几部？", says: []string{"45部——"}, quotes: []string{"加装电梯45部"},
		},
		{
			name: "explanation", question: "什么鱼又回到了白塔河？", says: []string{"鳑鲏鱼"}, quotes: []string{"鳑鲏鱼又回来了"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := ask(t, sample(t), tt.question)
			ragtest.CheckAnswer(t, a)
			if a.Outcome != rag.Answered || a.Notice != "" || a.Mode != rag.Extractive {
				t.Errorf("outcome %s, mode %s, notice %q", a.Outcome, a.Mode, a.Notice)
			}
			assertSays(t, a, tt.says, tt.never)
			for _, want := range tt.quotes {
				if !slices.ContainsFunc(a.Citations, func(c rag.Citation) bool { return strings.Contains(c.Quote, want) }) {
					t.Errorf("%q is not cited: %s", want, a.Text)
				}
			}
		})
	}
}

func assertSays(t *testing.T, a rag.Answer, says, never []string) {
	t.Helper()
	text := squeeze(a.Text)
	for _, want := range says {
		if !strings.Contains(text, squeeze(want)) {
			t.Errorf("%q is not in the answer: %s", want, a.Text)
		}
	}
	for _, bad := range never {
		if strings.Contains(text, squeeze(bad)) {
			t.Errorf("%q is in the answer: %s", bad, a.Text)
		}
	}
}

// A clause that only says who speaks is no item of a list.
func TestNoBareAttribution(t *testing.T) {
	for _, question := range []string{"沈怀谦怎么看校园餐？", "白塔镇2025年要建什么？", "骆远征说了什么？"} {
		a := ask(t, sample(t), question)
		ragtest.CheckAnswer(t, a)
		for _, s := range a.Sentences {
			if strings.HasSuffix(s.Text, "说") {
				t.Errorf("%s: %q", question, s.Text)
			}
		}
	}
}

// The outline of everything that a place plans has an item for each section.
func TestOutline(t *testing.T) {
	a := ask(t, sample(t), "临江区2025年有什么计划？")
	ragtest.CheckAnswer(t, a)
	for _, heading := range []string{"攻坚产业升级：", "提升城区品质：", "深耕和美乡村：", "办好民生实事：", "守牢安全防线："} {
		if !strings.Contains(a.Text, heading) {
			t.Errorf("the outline leaves out %s\n%s", heading, a.Text)
		}
	}
	assertSays(t, a, nil, []string{"320张", "城市面貌焕然一新"})
}

func TestRefusals(t *testing.T) {
	tests := []struct {
		name, question string
		says           []string
	}{
		{"another place", "梧岭县2025年养老有什么计划？", []string{"梧岭县"}},
		{"a town nobody mentions", "清渠区打通了几条断头路？", []string{"清渠区"}},
		{"an attribute nobody mentions", "临江区地铁三号线什么时候开工？", []string{"临江区", "地铁三号线"}},
		{"another place's attribute", "江滨新区2024年中药材产值多少？", []string{"江滨新区"}},
		{"a year and an attribute nobody mentions", "云泽市2008年办运动会花了多少钱？", []string{"云泽市"}},
		{"the districts' figure for the city's", "全市2024年旅游总收入多少亿元？", nil},
		{"private data", "骆远征的手机号是多少？", nil},
		{"home address", "市财政局局长崔砚农的家庭住址", nil},
		{"small talk", "你好", nil},
		{"the post whose deputy alone is named", "松岭县县委书记是谁？", []string{"松岭县"}},
		{"a question word within", "临江区的地铁什么时候通车？", []string{"没有找到临江区关于“地铁通车”的报道。"}},
		{"somebody who is in print, but with no plan", "郁长河有什么计划？", []string{"没有找到郁长河的计划。"}},
		{"a joke", "讲个笑话吧", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := ask(t, sample(t), tt.question)
			ragtest.CheckAnswer(t, a)
			if a.Outcome != rag.NoEvidence || len(a.Citations) > 0 || len(a.Sentences) > 0 || a.Notice != "" {
				t.Errorf("outcome %s, %d citations, notice %q: %s", a.Outcome, len(a.Citations), a.Notice, a.Text)
			}
			if a.Coverage == nil || a.Coverage.Articles == 0 || len(a.Coverage.Places) == 0 {
				t.Errorf("coverage is %+v", a.Coverage)
			}
			assertSays(t, a, tt.says, nil)
		})
	}
}

// A near miss is no answer: it says what was not found, what there is, and cites
// that with a notice.
func TestNearMisses(t *testing.T) {
	tests := []struct {
		name, question string
		says, never    []string
		quote          string
	}{
		{
			"another year", "江滨新区2025年教育投入多少？",
			[]string{"没有找到江滨新区2025年", "2024年", "5.3亿元"}, []string{"4.1亿元"}, "教育投入5.3亿元",
		},
		{
			"a year before", "临江区2019年新增养老床位多少张？",
			[]string{"没有找到临江区2019年"}, []string{"260张"}, "养老床位",
		},
		{
			"planned, not done", "江滨新区2025年新增了多少养老床位？",
			[]string{"没有找到江滨新区2025年", "计划：", "400张"}, []string{"260张"}, "新增养老床位400张",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := ask(t, sample(t), tt.question)
			ragtest.CheckAnswer(t, a)
			if a.Outcome != rag.NoEvidence || a.Notice == "" || len(a.Citations) == 0 {
				t.Fatalf("outcome %s, notice %q, %d citations: %s", a.Outcome, a.Notice, len(a.Citations), a.Text)
			}
			assertSays(t, a, tt.says, tt.never)
			if !slices.ContainsFunc(a.Citations, func(c rag.Citation) bool { return strings.Contains(c.Quote, tt.quote) }) {
				t.Errorf("%q is not cited: %s", tt.quote, a.Text)
			}
		})
	}
}

// A question that names nothing is refused, or nearly met, in whole sentences.
func TestNothingNamed(t *testing.T) {
	e := paper(t, map[string]string{"page.txt": "山里的清晨\n\n" +
		"“心里要有秤，手上才有准。”掌秤的老人总这样说，街坊们信他的话，也信他的秤。\n"})
	for question, says := range map[string]string{
		"是谁？":    "没有找到相关报道。",
		"有什么打算？": "没有找到相关计划。报上登的是相关内容：",
	} {
		a := ask(t, e, question)
		ragtest.CheckAnswer(t, a)
		if a.Outcome != rag.NoEvidence || !strings.HasPrefix(a.Text, says) {
			t.Errorf("%s: outcome %s: %s", question, a.Outcome, a.Text)
		}
	}
}

// A figure of speech is no figure.
func TestFiguresOfSpeech(t *testing.T) {
	for question, never := range map[string]string{"临江区助餐点有多少个？": "三个——", "全市一共有多少助餐点？": "一座——"} {
		a := ask(t, sample(t), question)
		ragtest.CheckAnswer(t, a)
		if a.Outcome != rag.Answered {
			t.Errorf("%s: outcome %s", question, a.Outcome)
		}
		assertSays(t, a, nil, []string{never, "30元"})
	}
}

// A known place is answered for beside one that is not.
func TestOneOfTwoPlacesUnknown(t *testing.T) {
	a := ask(t, sample(t), "临江区和梧岭县2024年各新增养老床位多少张？")
	ragtest.CheckAnswer(t, a)
	if a.Outcome != rag.Answered {
		t.Errorf("outcome %s", a.Outcome)
	}
	assertSays(t, a, []string{"320张", "梧岭县：没有找到"}, nil)
}

// A year worked out from the text is said to be so.
func TestInferredYear(t *testing.T) {
	e := paper(t, map[string]string{"page.txt": "平阜县晒出明年打算\n\n" +
		"本报讯（记者 何雨桐）12月28日，平阜县召开2024年度总结会。2025年，平阜县将新建驿站七处，让走村串户的货郎有处落脚。\n"})
	a := ask(t, e, "平阜县2025年新建驿站多少处？")
	ragtest.CheckAnswer(t, a)
	assertSays(t, a, []string{"七处"}, nil)
	if c := a.Citations; len(c) == 0 || c[0].Passage.Facets.PeriodInferred && !strings.Contains(a.Notice, "推断") {
		t.Errorf("facets %+v, notice %q", a.Citations, a.Notice)
	}
}

// The newer of two figures for the same comes first.
func TestNewerFirst(t *testing.T) {
	const story = "驿站又添新成员\n\n本报讯（记者 何雨桐）平阜县货郎驿站已有%s处，走村串户的人有了落脚的地方，热水热饭随到随有。\n"
	e := paper(t, map[string]string{
		"云泽日报/2024-11-02/02.txt": strings.Replace(story, "%s", "七", 1),
		"云泽日报/2024-12-20/02.txt": strings.Replace(story, "%s", "九", 1),
	})
	a := ask(t, e, "平阜县货郎驿站有多少处？")
	ragtest.CheckAnswer(t, a)
	if len(a.Sentences) == 0 || !strings.HasPrefix(a.Sentences[0].Text, "九处") {
		t.Errorf("the first figure is not the newest: %s", a.Text)
	}
}

// TestEveryQuestion checks the answer to each question of the evaluation, and
// puts the answerer to the whole suite with some of them.
func TestEveryQuestion(t *testing.T) {
	const suite = 30 // one question in so many
	e := sample(t)
	for i, q := range evalQuestions(t) {
		t.Run(q.ID, func(t *testing.T) {
			t.Parallel()
			found, hits, err := e.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if i%suite == 0 {
				ragtest.TestAnswerer(t, e.Answerer, ragtest.Case{Query: found, Hits: hits})
				return
			}
			a, err := e.Answerer.Answer(t.Context(), found, hits)
			if err != nil {
				t.Fatal(err)
			}
			ragtest.CheckAnswer(t, a)
		})
	}
}

func TestCancelled(t *testing.T) {
	e := sample(t)
	found, hits, err := e.Search(t.Context(), rag.Question{Text: "临江区2025年养老有什么计划？"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if a, err := e.Answerer.Answer(ctx, found, hits); !errors.Is(err, context.Canceled) || a.Text != "" {
		t.Errorf("a cancelled answer is %q, error %v", a.Text, err)
	}
}

// The index keeps the contract of what it is searched by.
func TestSearcherOfTheChain(t *testing.T) {
	e := sample(t)
	var queries []rag.Query
	for _, text := range []string{"临江区2025年养老有什么计划？", "断头路", "老人吃饭有补贴吗？"} {
		queries = append(queries, e.Understander.Understand(rag.Question{Text: text}))
	}
	ragtest.TestSearcher(t, e.Searcher, queries...)
}

func BenchmarkAsk(b *testing.B) {
	e := sample(b)
	for b.Loop() {
		ask(b, e, "临江区2025年养老方面有什么计划？")
	}
}
