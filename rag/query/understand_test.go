package query_test

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/gazetteer"
	"wenbao/rag"
	"wenbao/rag/lexical"
	"wenbao/rag/query"
)

// analyzer loads the word list once for all tests.
var analyzer = sync.OnceValues(func() (*lexical.Analyzer, error) { return lexical.NewAnalyzer(nil) })

// words cuts text with it.
func words() func(string) []string {
	a, err := analyzer()
	if err != nil {
		panic(err)
	}
	return a.Words
}

// places are those of the made-up city, speakers those who speak for them.
var (
	places = []string{"临江区", "云泽市", "江滨新区", "松岭县", "平阜县", "沙湾街道", "白塔镇", "柳溪镇"}

	speakers  = []string{"骆远征", "梁静姝", "沈怀谦"}
	speakerOf = map[string]string{"science": "梁静姝", "pingfu": "骆远征"}
)

// options are an Understander's for the paper of 15 January 2025.
func options() query.Options {
	return query.Options{
		Gazetteer: gazetteer.New(),
		Places:    places,
		Speakers:  speakers,
		Words:     words(),
		Newest:    corpus.Date{Year: 2025, Month: 1, Day: 15},
		SpeakerOf: func(article string) string { return speakerOf[article] },
	}
}

var shared = sync.OnceValue(func() *query.Understander { return query.New(options()) })

func understand(text string, history ...rag.Turn) rag.Query {
	return shared().Understand(rag.Question{Text: text, History: history})
}

func year(y int) []corpus.Years { return []corpus.Years{{From: y, To: y}} }

func TestPlaces(t *testing.T) {
	tests := []struct {
		name, question string
		places         []string
		unknown        []string
	}{
		{"full name", "临江区有哪些公园？", []string{"临江区"}, nil},
		{"short form", "临江有哪些公园？", []string{"临江区"}, nil},
		{"new area", "江滨新区有哪些公园？", []string{"江滨新区"}, nil},
		{"short form of the new area", "江滨有哪些公园？", []string{"江滨新区"}, nil},
		{"two alike, each its own", "临江和江滨哪个公园多？", []string{"临江区", "江滨新区"}, nil},
		{"the other way round", "江滨新区和临江区哪个公园多？", []string{"江滨新区", "临江区"}, nil},
		{"named twice", "临江区2025年建几个公园，临江有地铁吗？", []string{"临江区"}, nil},
		{"parent in front", "云泽市临江区有哪些公园？", []string{"临江区"}, nil},
		{"parent's short form in front", "云泽临江区有哪些公园？", []string{"临江区"}, nil},
		{"town", "白塔镇有哪些公园？", []string{"白塔镇"}, nil},
		{"town behind its district", "临江区白塔镇有哪些公园？", []string{"白塔镇"}, nil},
		{"unknown place", "梧岭县有哪些公园？", nil, []string{"梧岭县"}},
		{"one known, one not", "松岭县和梧岭县哪个公园多？", []string{"松岭县"}, []string{"梧岭县"}},
		{"a place that all know and the paper does not", "北京市有哪些公园？", nil, []string{"北京市"}},
		{"part of a university's name", "云泽大学有多少学生？", nil, nil},
		{"part of a lake's name", "云泽湖实验室有什么成果？", nil, nil},
		{"part of a paper's name", "云泽日报登了什么？", nil, nil},
		{"our city", "我市有哪些公园？", []string{"云泽市"}, nil},
		{"whole city", "全市有哪些公园？", []string{"云泽市"}, nil},
		{"our county, of two", "我县有哪些公园？", nil, nil},
		{"our district, of two", "我区有哪些公园？", nil, nil},
		{"our city, with a place named", "我市松岭县有哪些公园？", []string{"松岭县"}, nil},
		{"no place", "哪些公园免费？", nil, nil},
		{"the two ends of a way", "从松岭开车去临江要多久？", nil, nil},
		{"a road between two towns", "白塔镇至柳溪镇的公路多长？", nil, nil},
		{"a way, and another place", "平阜县修从白塔镇到柳溪镇的路吗？", []string{"平阜县"}, nil},
		{"a sort of place that is asked for", "松岭县在哪个大洋区？", []string{"松岭县"}, nil},
		{"two places and no way", "松岭和临江哪个公园多？", []string{"松岭县", "临江区"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := understand(tt.question)
			if !slices.Equal(q.Places, tt.places) || !slices.Equal(q.Unknown, tt.unknown) {
				t.Errorf("%s: places %v, unknown %v; want %v, %v", tt.question, q.Places, q.Unknown, tt.places, tt.unknown)
			}
		})
	}
}

// 我区 means the district when the collection has one only.
func TestOurDistrict(t *testing.T) {
	opt := options()
	opt.Places = []string{"云泽市", "临江区", "松岭县"}
	u := query.New(opt)
	for text, want := range map[string]string{
		"我区有哪些公园？": "临江区", "区里有哪些公园？": "临江区", "我们县有哪些公园？": "松岭县", "全市有哪些公园？": "云泽市",
		"全市和全区哪个公园多？": "临江区",
	} {
		if q := u.Understand(rag.Question{Text: text}); !slices.Equal(q.Places, []string{want}) {
			t.Errorf("%s: places %v, want %s", text, q.Places, want)
		}
	}
}

// A short form is no place where it is a part of a word, or the collection has it for
// something else nearly always.
func TestShortFormsThatAreWords(t *testing.T) {
	opt := options()
	opt.Places = []string{"上半区", "助力县", "中国古县", "博物馆区", "平阜县", "松岭县"}
	opt.DF = func(term string) (df, n int) {
		return map[string]int{"助力": 900, "力县": 2, "松岭": 90, "岭县": 80, "平阜": 70, "阜县": 60}[term], 1000
	}
	u := query.New(opt)
	for text, want := range map[string][]string{
		"2024年上半年收入多少？": nil, "谁共同助力完成了演出？": nil, "中国古代的鼓有几种？": nil,
		"博物馆有哪些展览？": nil, "松岭站的建筑有什么特点？": nil, "松岭湾有多大？": nil,
		"平阜新建几所学校？": {"平阜县"}, "松岭哪些医院看牙？": {"松岭县"},
	} {
		if q := u.Understand(rag.Question{Text: text}); !slices.Equal(q.Places, want) {
			t.Errorf("%s: places %v, want %v", text, q.Places, want)
		}
	}
}

// A speaker's name that is a word as well means the speaker where something is said.
func TestSpeakersThatAreWords(t *testing.T) {
	opt := options()
	opt.Speakers = []string{"夏季", "通过", "骆远征"}
	u := query.New(opt)
	for text, want := range map[string]string{"夏季有哪些公园开放？": "", "夏季说了什么？": "夏季", "骆远征管哪些公园？": "骆远征", "公园通过什么方式预约？": ""} {
		if q := u.Understand(rag.Question{Text: text}); q.Speaker != want {
			t.Errorf("%s: speaker %q, want %q", text, q.Speaker, want)
		}
	}
}

// Of questions asked at once each is read by itself, with the place and the years of
// the one before it where it names none.
func TestParts(t *testing.T) {
	parts := understand("临江区2024年新增床位多少张？大桥什么时候合龙？松岭县2025年修几条路？").Parts
	want := []rag.Query{
		{Asks: rag.AsksNumber, Places: []string{"临江区"}, Periods: year(2024)},
		{Asks: rag.AsksDate, Places: []string{"临江区"}, Periods: year(2024)},
		{Asks: rag.AsksNumber, Places: []string{"松岭县"}, Periods: year(2025)},
	}
	if len(parts) != len(want) {
		t.Fatalf("%d parts", len(parts))
	}
	for i, p := range parts {
		if p.Asks != want[i].Asks || !slices.Equal(p.Places, want[i].Places) || !slices.Equal(p.Periods, want[i].Periods) {
			t.Errorf("part %d: %s asks for %s, places %v, periods %v", i, p.Text, p.Asks, p.Places, p.Periods)
		}
	}
	of := understand("全省新增床位多少张？修了几条路？松岭县修了几条？").Parts
	if len(of) != 3 || of[0].Whole != "全省" || of[1].Whole != "全省" || of[2].Whole != "" {
		t.Errorf("the whole that is asked of does not carry over: %+v", of)
	}
	for _, text := range []string{"大桥什么时候合龙？", "你好？大桥什么时候合龙？", "临江区和松岭县修几条路？哪条先修？"} {
		if parts := understand(text).Parts; parts != nil {
			t.Errorf("%s has %d parts", text, len(parts))
		}
	}
}

func TestPeriods(t *testing.T) {
	tests := []struct {
		question string
		want     []corpus.Years
	}{
		{"临江区2025年有什么计划？", year(2025)},
		{"临江区２０２５年有什么计划？", year(2025)},
		{"临江区二〇二五年有什么计划？", year(2025)},
		{"临江区今年有什么计划？", year(2025)},
		{"临江区明年有什么计划？", year(2026)},
		{"临江区去年做了什么？", year(2024)},
		{"“十五五”时期有什么目标？", []corpus.Years{{From: 2026, To: 2030}}},
		{"十四五完成得怎么样？", []corpus.Years{{From: 2021, To: 2025}}},
		{"2024年和2025年各有多少？", []corpus.Years{{From: 2024, To: 2024}, {From: 2025, To: 2025}}},
		{"2025年6月底前要办什么？", year(2025)},
		{"6月底前要办什么？", nil},
		{"12月28日开了什么会？", nil},
		{"三年前是什么样？", nil},
		{"2024年优良天数有多少，比上年多几天？", year(2024)},
		{"上年有多少？", year(2024)},
		{"临江区有什么计划？", nil},
	}
	for _, tt := range tests {
		if got := understand(tt.question).Periods; !slices.Equal(got, tt.want) {
			t.Errorf("%s: periods %v, want %v", tt.question, got, tt.want)
		}
	}
}

func TestKind(t *testing.T) {
	tests := []struct {
		question string
		want     corpus.Kind
	}{
		{"临江区2025年养老有什么计划？", corpus.KindPlan},
		{"临江区2025年打算怎么办好养老？", corpus.KindPlan},
		{"松岭县下一步怎么修路？", corpus.KindPlan},
		{"平阜县2025年要建几所学校？", corpus.KindPlan},
		{"临江区2024年取得了什么成绩？", corpus.KindResult},
		{"临江区2024年修了几条路？", corpus.KindResult},
		{"十件实事完成了没有？", corpus.KindResult},
		{"临江区有多少家民宿？", ""},
		{"从云泽到松岭要开多久？", ""},
		{"松岭县2025年要开多少家民宿？", corpus.KindPlan},
		{"医院快要开诊了吗？", ""},
		{"2024年新增多少家，2025年打算新增多少家？", ""},
		{"2025年打算新增多少家，2026年打算新增多少家？", corpus.KindPlan},
		{"沙湾街道停水到几点？", ""},
		{"2024年有什么成果？", corpus.KindResult},
		{"2025年有哪些目标？", corpus.KindPlan},
		{"演习的计划由谁制订？", ""},
		{"球队取得首胜后由谁带队？", ""},
		{"谁打算捐出藏书？", corpus.KindPlan},
		{"松岭县将哪座桥列为文物？", ""},
	}
	for _, tt := range tests {
		if got := understand(tt.question).Kind; got != tt.want {
			t.Errorf("%s: kind %q, want %q", tt.question, got, tt.want)
		}
	}
}

func TestAsks(t *testing.T) {
	tests := map[rag.Asks][]string{
		rag.AsksNumber: {"新增床位多少张？", "打通几条断头路？", "占百分之几？", "总投资多少钱？", "步道有多长？", "一共花了几块钱？"},
		rag.AsksPerson: {"区长是谁？", "谁说要修路？", "馆长是哪位？", "局长叫什么名字？", "县委书记叫啥？"},
		rag.AsksDate:   {"大桥什么时候通车？", "啥时候开学？", "哪一年建区？", "几月开工？", "停水到几点？", "哪天开会？"},
		rag.AsksPlace:  {"招聘会在哪里开？", "医院搬到哪儿？", "实验室位于何处？"},
		rag.AsksList:   {"养老有什么计划？", "要建哪些学校？", "民生实事有哪几件？", "怎么解决停车难？", "2024年做了什么？", "2025年打算干啥？"},
		rag.AsksYesNo:  {"图书馆周一开放吗？", "有没有免费停车场？", "是否补贴？", "路修好了没？", "食堂的饭放心不？", "明年地铁通不通", "医院搬没搬，学校呢"},
		rag.AsksChat:   {"你好", "您好！", "谢谢你", "你是谁？", "讲个笑话吧", "hello!", "在吗？？", "", "？！……", "😀😀"},
		rag.AsksText:   {"云泽湖实验室", "介绍柔性玻璃", "骆远征在哪部影片中出场？", "几乎全村人吃的是哪种米？", "为什么安排两场演出？", "节余的钱补贴给谁？", "为什么要修这条路"},
	}
	for want, questions := range tests {
		for _, text := range questions {
			if got := understand(text).Asks; got != want {
				t.Errorf("%q asks for %q, want %q", text, got, want)
			}
		}
	}
}

func TestCounts(t *testing.T) {
	tests := []struct {
		question string
		want     []rag.Count
	}{
		{"临江区打通了几条断头路？", []rag.Count{{Unit: "条", Of: "断头"}}},
		{"临江区新增养老床位多少张？", []rag.Count{{Unit: "张", Of: "床位"}}},
		{"松岭县接待游客多少万人次？", []rag.Count{{Unit: "万人次", Of: "游客"}}},
		{"总投资多少钱？", []rag.Count{{Unit: "元", Of: "投资"}}},
		{"民生支出占百分之几？", []rag.Count{{Unit: "%", Of: "支出"}}},
		{"建几所学校、修几条路？", []rag.Count{{Unit: "所", Of: "学校"}, {Unit: "条", Of: "路"}}},
		{"建几所学校修几条路？", []rag.Count{{Unit: "所", Of: "学校"}, {Unit: "条", Of: "路"}}},
		{"招聘会提供多少岗位？", []rag.Count{{Of: "岗位"}}},
		{"游客在松岭县花了多少？", []rag.Count{{Unit: "元"}}},
		{"农产品零售总额是多少？", []rag.Count{{Unit: "元", Of: "总额"}}},
		{"新能源汽车占比多少？", []rag.Count{{Unit: "%", Of: "汽车"}}},
		{"全市有多少助餐点？", []rag.Count{{Of: "助餐"}}},
		{"临江区助餐点有多少个？", []rag.Count{{Unit: "个", Of: "餐点"}}},
		{"江滨新区新增民宿多少家？", []rag.Count{{Unit: "家", Of: "民宿"}}},
		{"招聘会上工资开多少？", []rag.Count{{Of: "工资"}}},
		{"还剩多少名额？", []rag.Count{{Of: "名额"}}},
		{"培训多少名教师？", []rag.Count{{Unit: "名", Of: "教师"}}},
		{"教育投入多少？", []rag.Count{{Of: "投入"}}},
		{"会长的任期是多长？", []rag.Count{{Unit: "时间"}}},
		{"队员拿了多少枚奖牌？", []rag.Count{{Unit: "枚", Of: "奖牌"}}},
		{"快速路要开多久？", []rag.Count{{Unit: "时间"}}},
		{"大桥有多长？", []rag.Count{{Unit: "长度", Of: "大桥"}}},
		{"步道长多少米？", []rag.Count{{Unit: "米", Of: "长"}}},
		{"举报偷排能拿多少钱？", []rag.Count{{Unit: "元"}}},
		{"培训费多少钱？", []rag.Count{{Unit: "元", Of: "费"}}},
		{"老人一顿补多少？", []rag.Count{{Of: "补"}}},
		{"收入2024年是多少，2025年增长多少？", []rag.Count{{Of: "收入"}, {Of: "增长"}}},
		{"石刻是多少年前的？", []rag.Count{{Unit: "年"}}},
		{"谁是区长？", nil},
	}
	for _, tt := range tests {
		got := understand(tt.question).Counts
		ok := slices.EqualFunc(got, tt.want, func(g, w rag.Count) bool { return g.Unit == w.Unit && strings.Contains(g.Of, w.Of) })
		if !ok {
			t.Errorf("%s: counts %+v, want %+v", tt.question, got, tt.want)
		}
	}
}

func TestTopic(t *testing.T) {
	tests := []struct{ question, want string }{
		{"临江区2025年养老方面有什么计划？", "养老"},
		{"云泽市临江区今年在教育上有哪些安排？", "教育"},
		{"请问江滨新区的公园有多少个？", "公园"},
		{"松岭县县长是谁？", "县长"},
		{"松岭县委书记是谁？", "县委书记"},
		{"临江区2025年有什么计划？", ""},
		{"沙湾街道停水从几点到几点？", "停水"},
		{"松岭县要在哪两个乡镇建养老服务中心？", "建养老服务中心"},
		{"梁静姝谈到哪些实验室？", "实验室"},
		{"“春风送岗”有哪些安排？", "春风送岗"},
		{"云泽湖实验室有哪些成果？", "云泽湖实验室"},
		{"2月8日的招聘会在哪？", "招聘会"},
		{"2月8日那场在哪里？", ""},
		{"八十多岁的老人能领津贴吗？", "老人能领津贴"},
		{"86岁的老人叫什么？", "86岁的老人"},
		{"江滨新区还要建什么路？", "路"},
		{"停水停到几点？", "停水"},
		{"江滨呢，修路修得怎么样了？", "修路"},
		{"妈妈花了多少钱？", "妈妈"},
		{"试吃团由谁组成？", "试吃团 组成"},
	}
	for _, tt := range tests {
		got := strings.Trim(understand(tt.question).Topic, "“”")
		if !strings.Contains(got, tt.want) || tt.want == "" && got != "" || utf8.RuneCountInString(got) > utf8.RuneCountInString(tt.want)+2 {
			t.Errorf("%s: topic %q, want %q", tt.question, got, tt.want)
		}
	}
}

func TestSpeaker(t *testing.T) {
	for text, want := range map[string]string{
		"梁静姝说了什么？":     "梁静姝",
		"骆远征怎么看营商环境？":  "骆远征",
		"梁静姝和沈怀谦说了什么？": "",
		"局长说了什么？":      "",
	} {
		if got := understand(text).Speaker; got != want {
			t.Errorf("%s: speaker %q, want %q", text, got, want)
		}
	}
}

// printed are the words that papers print for what a question says.
func printed(q rag.Query, said string) []string {
	for _, w := range q.Wordings {
		if w.Said == said {
			return w.Printed
		}
	}
	return nil
}

func TestWordings(t *testing.T) {
	tests := []struct{ question, said, printed string }{
		{"老人吃饭有补贴吗？", "老人", "养老"},
		{"老人吃饭有补贴吗？", "吃饭", "助餐"},
		{"娃上学要走多久？", "上学", "教育"},
		{"看病贵不贵？", "看病", "医疗"},
		{"临江区GDP是多少？", "gdp", "地区生产总值"},
		{"找工作去哪里？", "找工作", "就业"},
	}
	for _, tt := range tests {
		if got := printed(understand(tt.question), tt.said); !slices.Contains(got, tt.printed) {
			t.Errorf("%s: %s is printed %v, want %s among them", tt.question, tt.said, got, tt.printed)
		}
	}
	if w := understand("柔性玻璃是什么？").Wordings; len(w) > 0 {
		t.Errorf("wordings where none are known: %v", w)
	}
}

// Spoken forms mean what the written ones mean.
func TestSpoken(t *testing.T) {
	for spoken, written := range map[string]string{
		"大桥啥时候通车？":   "大桥什么时候通车？",
		"养老有啥计划？":    "养老有什么计划？",
		"招聘会在哪儿？":    "招聘会在哪里？",
		"临江区那边停车咋办？": "临江区停车怎么办？",
	} {
		if got, want := understand(spoken), understand(written); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v\n%s: %+v", spoken, got, written, want)
		}
	}
}

// Questions in Traditional characters mean what those in Simplified ones mean, and
// so do the names of a collection.
func TestTraditional(t *testing.T) {
	opt := options()
	opt.Places = []string{"臨江區", "雲澤市", "江濱新區", "松嶺縣", "平阜縣", "沙灣街道", "白塔鎮", "柳溪鎮"}
	opt.Speakers = []string{"駱遠徵", "梁靜姝", "梁静姝", "沈懷謙"}
	opt.SpeakerOf = func(string) string { return "駱遠徵" }
	traditional := query.New(opt)
	for _, tt := range []struct {
		question, means string
		history         []string
	}{
		{"臨江區2024年新增養老床位多少張？", "临江区2024年新增养老床位多少张？", nil},
		{"松嶺縣明年要修幾條路？", "松岭县明年要修几条路？", nil},
		{"誰是平阜縣委書記？", "谁是平阜县委书记？", nil},
		{"望江大橋甚麼時候通車？", "望江大桥什么时候通车？", nil},
		{"招聘會在哪裡？", "招聘会在哪里？", nil},
		{"妳好嗎", "你好吗", nil},
		{"謝謝", "谢谢", nil},
		{"妳能做什麼？", "你能做什么？", nil},
		{"梁靜姝說了什麼？", "梁静姝说了什么？", nil},
		{"老人吃飯有補貼嗎？", "老人吃饭有补贴吗？", nil},
		{"那江濱新區呢？", "那江滨新区呢？", []string{"臨江區2025年養老有什麼計劃？"}},
		{"她還說了什麼？", "她还说了什么？", []string{"平阜縣的路什麼時候修好？"}},
	} {
		ask := func(u *query.Understander, text string) rag.Query {
			q := rag.Question{Text: text}
			for _, h := range tt.history {
				q.History = append(q.History, rag.Turn{Question: h, Answer: "骆远征说要修路。"})
			}
			got := u.Understand(q)
			got.Earlier = nil // as it was said
			if got.Otherwise != nil {
				got.Otherwise.Earlier = nil
			}
			return got
		}
		want := ask(shared(), tt.means)
		for _, u := range []*query.Understander{shared(), traditional} {
			if got := ask(u, tt.question); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %+v\n%s: %+v", tt.question, got, tt.means, want)
			}
		}
	}
}

// The question's own filter is handed on, and the question is not changed.
func TestFilterHandedOn(t *testing.T) {
	q := rag.Question{
		Text: "养老呢？", Filter: rag.Filter{Places: []string{"松岭县"}, Newspaper: "云泽日报"},
		History: []rag.Turn{{Question: "临江区2025年教育有什么计划？", Answer: "新建一所学校。", Articles: []string{"science"}}},
	}
	before := rag.Question{Text: q.Text, Filter: rag.Filter{Places: []string{"松岭县"}, Newspaper: "云泽日报"}, History: slices.Clone(q.History)}
	got := shared().Understand(q)
	if !reflect.DeepEqual(got.Filter, before.Filter) {
		t.Errorf("filter %+v", got.Filter)
	}
	if !reflect.DeepEqual(q, before) {
		t.Errorf("the question was changed to %+v", q)
	}
}

// What asks for places of a sort does not cut into the word behind it.
func TestWhichPlace(t *testing.T) {
	for ask, want := range map[string]string{
		"松岭县有哪些乡村振兴的打算？":  "乡村振兴",
		"松岭县哪两个乡镇新建养老中心？": "新建养老中心",
		"松岭县哪些乡通了公交？":     "公交",
	} {
		if q := understand(ask); !strings.Contains(q.Topic, want) || strings.Contains(q.Topic, "乡镇") {
			t.Errorf("%s: topic %q, want %q", ask, q.Topic, want)
		}
	}
}
