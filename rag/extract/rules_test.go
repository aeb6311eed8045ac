package extract_test

import (
	"strings"
	"testing"

	"wenbao/rag"
	"wenbao/rag/ragtest"
)

// expectation is a question with what its answer says and never says; a question
// with nothing to say is to be refused.
type expectation struct {
	question    string
	says, never []string
}

func assertAnswers(t *testing.T, e *rag.Engine, tests []expectation) {
	t.Helper()
	for _, tt := range tests {
		a := ask(t, e, tt.question)
		ragtest.CheckAnswer(t, a)
		if answered := a.Outcome == rag.Answered; answered != (len(tt.says) > 0) {
			t.Errorf("%s: outcome %s: %s", tt.question, a.Outcome, a.Text)
		}
		assertSays(t, a, tt.says, tt.never)
	}
}

// Words of daily speech veto no answer; a thing that is nowhere printed does,
// however many of the other words are.
func TestSpokenWords(t *testing.T) {
	assertAnswers(t, sample(t), []expectation{
		{question: "平阜县那趟公交环线坐一回得花几块钱？", says: []string{"2元——"}},
		{question: "公交环线经过几个乡镇？", says: []string{"4个——"}},
		{question: "公交环线经过几个村？", says: []string{"28个——"}},
		{question: "举报偷排能拿多少钱？", says: []string{"500元至5000元"}},
		{question: "白塔镇那边看病的地儿啥时候换新的？", says: []string{"10月底"}},
		{question: "八十多岁的老人每个月能多领多少津贴？", says: []string{"100元——"}},
		{question: "停水那会儿居民要提前干啥？", says: []string{"储水"}, never: []string{"绕行"}},
		{question: "发现偷排怎么举报？", says: []string{"拍照上传"}},
		{question: "平阜县公交环线坐一回得交多少押金？"},
		{question: "市图书馆借书要押金多少钱？"},
		{question: "老年助餐点一年亏损多少钱？"},
		{question: "临江区2024年房价涨了多少？"},
	})
}

// 多久 wants a time and 多长 a length, whatever unit they are printed in.
func TestTimesAndLengths(t *testing.T) {
	assertAnswers(t, sample(t), []expectation{
		{question: "平阜县企业开办时间缩短到多久？", says: []string{"4小时——"}, never: []string{"2天——"}},
		{question: "海棠路的娃上学要走多久？", says: []string{"八分钟——"}},
		{question: "松岭县的旅游公路修了多长？", says: []string{"27公里——"}},
		{question: "望江大桥修了多久？"},
		{question: "望江大桥有多长？"},
		{question: "江滨智算中心有多高？"},
	})
}

// What is asked of the way between two places is asked of neither place.
func TestRoutes(t *testing.T) {
	assertAnswers(t, sample(t), []expectation{
		{question: "松岭到云泽开车要多久？", says: []string{"40分钟——"}, never: []string{"松岭县："}},
		{question: "从云泽开车去松岭要多久？", says: []string{"40分钟——"}},
		{question: "松岭县到平阜县开车要多久？"},
		{question: "松岭县和平阜县2024年打通断头路各几条？", says: []string{"松岭县：", "平阜县："}},
	})
}

// A class may be printed in Roman numerals.
func TestRomanClass(t *testing.T) {
	assertAnswers(t, sample(t), []expectation{
		{question: "白塔河水质提升到几类？", says: []string{"Ⅲ类——"}, never: []string{"Ⅳ类——"}},
		{question: "白塔河的鱼有几类？"},
	})
}

// A year belongs to the part of the question that it stands in.
func TestYearsOfParts(t *testing.T) {
	assertAnswers(t, sample(t), []expectation{
		{
			question: "云泽市一般公共预算收入2024年是多少，2025年预期增长多少？",
			says:     []string{"298.6亿元——", "6%左右——"}, never: []string{"5.7%——"},
		},
		{
			question: "2024年临江区新增养老床位多少张，2025年计划新增多少张？",
			says:     []string{"500张——"}, never: []string{"260张"},
		},
		{question: "2024年市区空气优良天数有多少天，比上年多几天？", says: []string{"287天——", "11天——"}},
		{question: "江滨新区2025年打通几条断头路，新建安置房多少套？", says: []string{"5条——", "5200套——"}},
		{question: "江滨新区2025年打通几条断头路，新建地铁站多少座？", says: []string{"5条——"}, never: []string{"座"}},
		{question: "临江区有几个机场，总投资多少？"},
		{question: "云顶村有多少家民宿、多少张床？", says: []string{"34家——", "410张——"}},
	})
}

// A day that is asked about chooses the row of a table.
func TestDayChoosesRow(t *testing.T) {
	assertAnswers(t, sample(t), []expectation{
		{question: "2月8日的招聘会在哪？", says: []string{"江滨新区会展中心——"}, never: []string{"松岭县人民广场", "临江区体育馆"}},
		{question: "2月15日的招聘会在哪里办？", says: []string{"松岭县人民广场——"}, never: []string{"会展中心"}},
		{question: "1月20日的招聘会有多少个岗位？", says: []string{"8600个——"}, never: []string{"9200个"}},
		{question: "3月5日的招聘会在哪里？"},
		{question: "2月8日的演唱会在哪？"},
	})
}

// What an earlier sentence of the paragraph is about, a later one without a
// subject is about as well; another paragraph is not.
func TestSubjectStandsBefore(t *testing.T) {
	e := paper(t, map[string]string{"云泽日报/2024-12-31/02.txt": "山村换了样\n\n" +
		"本报讯（记者 何雨桐）松岭县青石镇杏花坞村去年还冷冷清清。眼下全村开起茶馆17家，周末一座难求，外乡人都往这里跑。\n\n" +
		"梨花坡的油坊也开了张。如今全村榨油23吨，十里八乡都来打油，热闹得像赶集一样。\n"})
	assertAnswers(t, e, []expectation{
		{question: "杏花坞村有多少家茶馆？", says: []string{"17家——"}},
		{question: "杏花坞村榨油多少吨？"},
	})
}

// A village that is asked for may be named in the sentence before.
func TestPlaceByName(t *testing.T) {
	assertAnswers(t, sample(t), []expectation{
		{question: "哪个村的民宿叫半山炉火？", says: []string{"云顶村——"}},
		{question: "哪个镇入选全省乡村治理示范镇？", says: []string{"柳溪镇——"}},
		{question: "松岭县要在哪两个乡镇建养老服务中心？", says: []string{"青石镇、梨树乡——"}},
		{question: "哪个村发了洪水？"},
		{question: "哪个村的石头房子冒着热气？", says: []string{"云顶村——"}, never: []string{"空心村——"}},
	})
}

// 几点 wants a time of day.
func TestTimeOfDay(t *testing.T) {
	assertAnswers(t, sample(t), []expectation{
		{question: "图书馆晚上能待到几点？", says: []string{"21时——"}},
		{question: "沙湾街道停水从几点到几点？", says: []string{"22时", "6时"}},
		{question: "1月4日停水停到几点？", says: []string{"1月5日6时"}},
		{question: "1月9日停水停到几点？"},
		{question: "助餐点几点开门？"},
	})
}

// Who did what is told in a quotation without a subject did the speaker; who
// holds a post is not who speaks nearby.
func TestFirstPerson(t *testing.T) {
	assertAnswers(t, sample(t), []expectation{
		{question: "谁去年一亩挣了6800元？", says: []string{"万宝田——"}},
		{question: "海棠路小学校长是谁？"},
		{question: "临江区副区长是谁？"},
		{question: "谁说的“科研不能只在纸面上转圈”？", says: []string{"梁静姝——"}, never: []string{"万宝田"}},
	})
}

// A yes or no is answered by the part of the sentence that tells it.
func TestYesNoPart(t *testing.T) {
	assertAnswers(t, sample(t), []expectation{
		{question: "望江大桥建好了吗？", says: []string{"望江大桥12月6日合龙", "望江大桥明年8月通车"}, never: []string{"7450套", "接驳枢纽"}},
		{question: "市图书馆周一开放吗？", says: []string{"周一照常闭馆"}},
	})
}

// What points back is printed with what it points to.
func TestAntecedent(t *testing.T) {
	a := ask(t, sample(t), "云泽湖实验室的什么成果即将批量生产？")
	ragtest.CheckAnswer(t, a)
	assertSays(t, a, []string{"柔性玻璃正缓缓下线。再过两个月"}, nil)
	a = ask(t, sample(t), "柳溪镇入选了什么？")
	assertSays(t, a, []string{"示范镇"}, []string{"3600个"}) // the sentence points to nothing
}

// After 什么时候通车, 在哪里 asks for the thing and not for its opening.
func TestSubjectOfFollowUp(t *testing.T) {
	e := paper(t, map[string]string{"云泽日报/2024-12-31/02.txt": "听雨桥要通车\n\n" +
		"本报讯（记者 何雨桐）听雨桥位于沙湾街道春水路，长三百米。听雨桥计划2025年6月1日通车，附近的居民盼了很久，孩子上学不用再绕路。\n"})
	a := ask(t, e, "在哪里？", rag.Turn{Question: "听雨桥什么时候通车？", Answer: "2025年6月1日"})
	ragtest.CheckAnswer(t, a)
	if a.Outcome != rag.Answered {
		t.Errorf("outcome %s", a.Outcome)
	}
	assertSays(t, a, []string{"春水路"}, nil)
}

// A picture's caption is a scene and no answer.
func TestNoCaptions(t *testing.T) {
	assertSays(t, ask(t, sample(t), "松岭县云顶村这些年有了什么变化？"), nil, []string{"图为"})
}

// A table's figure is told with the unit that stands over the table, in a column's
// head or beside the figure itself.
func TestTableUnit(t *testing.T) {
	const rows = "县区 | 门票收入 | 游客（万人次） | 补贴\n临江区 | 3120 | 41 | 7元\n松岭县 | 4600 | 58 | 9元\n"
	for name, over := range map[string]string{
		"a heading":           "各县区2024年文旅收支（单位：万元）\n",
		"a line of the table": "各县区2024年文旅收支\n注：收入按决算填写，游客按卡口统计，补贴按人计算，各县区口径一致，不再调整。单位：万元\n",
	} {
		t.Run(name, func(t *testing.T) {
			e := paper(t, map[string]string{"云泽日报/2024-12-31/02.txt": "文旅成绩单\n本报讯（记者 何雨桐）市文旅局公布了各县区全年的收支情况，游客多的地方收入也多，具体数字见表。\n\n" + over + rows})
			assertAnswers(t, e, []expectation{
				{question: "松岭县2024年门票收入多少？", says: []string{"4600万元——"}, never: []string{"3120"}},
				{question: "松岭县2024年门票收入多少万元？", says: []string{"4600万元——"}, never: []string{"3120"}},
				{question: "松岭县2024年游客多少万人次？", says: []string{"58——", "游客（万人次）"}, never: []string{"万元"}},
				{question: "松岭县2024年补贴多少元？", says: []string{"9元——"}, never: []string{"万元"}},
			})
		})
	}
}

// What a figure is of is told with it, and money goes the way that is asked for.
func TestWhatIsMeasured(t *testing.T) {
	e := paper(t, map[string]string{"云泽日报/2024-12-31/03.txt": "实干一年\n\n" +
		"本报讯（记者 何雨桐）平阜县今年签约青陶产业链项目14个,总投资58亿元。改造青石湾旅游环线12.6公里,吸引游客90万人次,带动旅游收入近7000万元。\n"})
	assertAnswers(t, e, []expectation{
		{question: "青陶产业链项目总投资多少？", says: []string{"58亿元——", "签约青陶产业链项目14个,总投资58亿元"}},
		{question: "青石湾旅游挣了多少？", says: []string{"近7000万元——"}, never: []string{"12.6公里——"}},
		{question: "青石湾旅游收入多少？", says: []string{"近7000万元——"}},
	})
	a := ask(t, e, "青石湾旅游环线花了多少钱？")
	if a.Outcome != rag.NoEvidence || strings.Contains(a.Text, "7000万元——") {
		t.Errorf("what it has brought is told as what it has cost: %s", a.Text)
	}
}

// Where the topic is printed and not what is asked of it, that is said and shown.
func TestTopicWithoutForm(t *testing.T) {
	e := paper(t, map[string]string{"云泽日报/2024-12-31/03.txt": "实干一年\n\n" +
		"本报讯（记者 何雨桐）平阜县加快建设青石湾智慧养虾示范基地。县长沈怀谦说，要把水产做强。\n"})
	for question, says := range map[string]string{
		"养虾示范基地在哪里？":    "里没有找到地点。写到的是：",
		"养虾示范基地什么时候建成？": "没有找到",
		"养虾示范基地有多少亩？":   "里没有找到数目。写到的是：",
	} {
		a := ask(t, e, question)
		ragtest.CheckAnswer(t, a)
		if a.Outcome != rag.NoEvidence || !strings.Contains(a.Text, says) {
			t.Errorf("%s: outcome %s: %s", question, a.Outcome, a.Text)
		}
	}
	for _, question := range []string{"平阜县的书记是谁？", "青石湾游乐园在哪里？", "县长沈怀谦的手机号是多少？"} {
		if a := ask(t, e, question); len(a.Citations) > 0 {
			t.Errorf("%s: shown is what is nothing near: %s", question, a.Text)
		}
	}
}

// What is told of one district is not told of the province or the country.
func TestScope(t *testing.T) {
	assertAnswers(t, sample(t), []expectation{
		{question: "打通断头路多少条？", says: []string{"条——"}},
		{question: "全省打通断头路多少条？"},
		{question: "全国新增养老床位多少张？"},
		{question: "哪个镇入选全省乡村治理示范镇？", says: []string{"柳溪镇——"}},
	})
}

// No place is told beside a figure that is another's, or the whole country's.
func TestPlaceBesideAFigure(t *testing.T) {
	e := paper(t, map[string]string{"云泽日报/2024-12-31/03.txt": "平阜县的柿子红了\n\n" +
		"本报讯（记者 何雨桐）平阜县今年收柿饼460吨。产柿农户1.2万户。柿饼还卖到松岭县的12家商店。\n\n" +
		"各地丰收\n\n新华社平阜12月30日电 全国今年晒制桂圆7万吨。\n"})
	for question, says := range map[string]string{
		"产柿农户多少户？":   "1.2万户——平阜县：产柿农户1.2万户",
		"柿饼卖到多少家商店？": "12家——平阜县：柿饼还卖到松岭县的12家商店",
		"晒制桂圆多少吨？":   "7万吨——2024年：全国今年晒制桂圆7万吨",
		"全国晒制桂圆多少吨？": "7万吨——2024年：全国今年晒制桂圆7万吨",
	} {
		a := ask(t, e, question)
		ragtest.CheckAnswer(t, a)
		if !strings.Contains(a.Text, says) {
			t.Errorf("%s: %s is not in %s", question, says, a.Text)
		}
	}
}

// What is asked for without a measure has one all the same: a sum is no share, a change
// no count of changes, and a figure is of the year that stands before it.
func TestMeasureUnderstood(t *testing.T) {
	e := paper(t, map[string]string{"云泽日报/2024-12-31/03.txt": "平阜县的一年\n\n" +
		"本报讯（记者 何雨桐）今年平阜县社会消费品零售总额86亿元,占全市零售总额的比重有11.3%。青陶价格历经16轮调整(8涨6跌),青陶价格每件上涨3元。" +
		"桂圆产值:2022年3.1亿元,2023年4.2亿元,2024年5.3亿元。今年的柿子是一个丰收季。\n"})
	assertAnswers(t, e, []expectation{
		{question: "社会消费品零售总额多少？", says: []string{"86亿元——"}, never: []string{"11.3%——"}},
		{question: "社会消费品零售总额比重多少？", says: []string{"11.3%——"}, never: []string{"86亿元——"}},
		{question: "青陶价格上涨了多少？", says: []string{"3元——"}, never: []string{"16轮——", "8——"}},
		{question: "2023年桂圆产值多少？", says: []string{"4.2亿元"}, never: []string{"3.1亿元——", "5.3亿元——"}},
	})
	if a := ask(t, e, "平阜县柿子产量多少？"); strings.Contains(a.Text, "一个——") {
		t.Errorf("a figure of speech counts: %s", a.Text)
	}
}

// Words for the whole country or province within a title or a rank take nothing from a
// place, and a province's article tells of the province.
func TestScopeWithinNames(t *testing.T) {
	for _, c := range []struct {
		page string
		expectation
	}{
		{"临江区这一年\n本报讯（记者 何雨桐）临江区开了会。今年新增养老床位500张，全国文明城区复检通过。", expectation{question: "临江区新增养老床位多少张？", says: []string{"500张——"}}},
		{"林海里的人\n本报讯（记者 何雨桐）松岭县的李大山是全国劳动模范。李大山在林场栽树1200亩。", expectation{question: "全国劳动模范李大山栽树多少亩？", says: []string{"1200亩——"}}},
		{"全省养老床位再添2万张\n本报讯（记者 何雨桐）1月2日，河南省民政厅发布消息。2024年新增养老床位2万张。", expectation{question: "全省新增养老床位多少张？", says: []string{"2万张——"}}},
		{"“开饭啦！”\n“开饭啦！”一声吆喝。“来了！”有人应着。记者走进平阜县柳溪镇的食堂。灶台前热气腾腾。这里每天供餐120份。", expectation{question: "平阜县食堂每天供餐多少份？", says: []string{"120份——"}}},
	} {
		assertAnswers(t, paper(t, map[string]string{"云泽日报/2024-12-31/03.txt": c.page + "\n"}), []expectation{c.expectation})
	}
}

// What looks like another measure and is the one asked for stays.
func TestMeasuresThatStay(t *testing.T) {
	e := paper(t, map[string]string{"云泽日报/2024-12-31/03.txt": "平阜县的一年\n\n" +
		"本报讯（记者 何雨桐）今年平阜县规上企业增加32家，规上企业总数210家，规上企业增加值增长8.1%。望江大桥全长3.2公里，大桥工期3年。" +
		"收购棉花320吨，支付货款300万元。柿子产业带动3万果农。优良天数增加12天。2024年养老床位达到320张。\n"})
	assertAnswers(t, e, []expectation{
		{question: "规上企业增加了多少？", says: []string{"32家——"}},
		{question: "大桥工期是多少？", says: []string{"3年——"}, never: []string{"3.2公里——"}},
		{question: "收购棉花多少？", says: []string{"320吨——"}},
		{question: "优良天数增加了多少？", says: []string{"12天——"}},
	})
	for question, says := range map[string]string{
		"柿子产业带动收入多少钱？":    "没有找到",
		"2025年养老床位达到多少张？": "最接近的是2024年的：\n· 320张——",
	} {
		if a := ask(t, e, question); a.Outcome != rag.NoEvidence || !strings.Contains(a.Text, says) || strings.Contains(a.Text, "3万——") {
			t.Errorf("%s: %s", question, a.Text)
		}
	}
}
