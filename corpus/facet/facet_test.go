package facet_test

import (
	"slices"
	"strings"
	"testing"

	"wenbao/corpus"
	"wenbao/corpus/facet"
	"wenbao/corpus/gazetteer"
)

func newAnnotator() *facet.Annotator { return facet.New(gazetteer.New()) }

// article makes an article of lines: "# " begins a title, "— " a subtitle, "## "
// a heading, all else is a paragraph.
func article(lines ...string) corpus.Article {
	a := corpus.Article{ID: "a", Parts: []corpus.Part{{ID: "a", Source: "p.txt"}}}
	for _, l := range lines {
		b := corpus.Block{Kind: corpus.BlockParagraph}
		switch {
		case strings.HasPrefix(l, "# "):
			l, b.Kind = l[2:], corpus.BlockTitle
			a.Title = l
		case strings.HasPrefix(l, "— "):
			l, b.Kind = "——"+strings.TrimPrefix(l, "— "), corpus.BlockSubtitle
			a.Subtitle = l
		case strings.HasPrefix(l, "## "):
			l, b.Kind, b.Level = l[3:], corpus.BlockHeading, 1
		}
		if a.Text != "" {
			a.Text += "\n"
		}
		b.Span = corpus.Span{Start: len(a.Text), End: len(a.Text) + len(l)}
		a.Text += l
		a.Blocks = append(a.Blocks, b)
	}
	return a
}

// annotate runs Page over articles printed on one page.
func annotate(newspaper string, date corpus.Date, arts ...corpus.Article) []corpus.Article {
	p := corpus.Page{Source: "p.txt", Meta: corpus.Meta{Newspaper: newspaper, Date: date}}
	for i := range arts {
		p.Text += arts[i].Text + "\n\n"
		arts[i].Parts[0].Meta = p.Meta
	}
	return newAnnotator().Page(p, arts)
}

func TestCity(t *testing.T) {
	plain := article("# 好消息", "食堂开门了。")
	named := article("# 消息", "云泽市下了雪，云泽市民很高兴，郑州没下。云泽市的路通了。")
	once := article("# 消息", "郑州下了雪。")
	ours := article("# 消息", "我市下了雪，郑州没下。")
	tests := []struct {
		name, paper string
		art         corpus.Article
		want        string
	}{
		{"the newspaper's", "云泽日报", plain, "云泽市"},
		{"a listed city's newspaper", "郑州晚报", named, "郑州市"},
		{"a province's newspaper has none", "河南日报", plain, ""},
		{"a national newspaper has none", "人民日报", plain, ""},
		{"named most", "", named, "云泽市"},
		{"named once is too little", "", once, ""},
		{"named once beside 我市", "", ours, "郑州市"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := annotate(tt.paper, corpus.Date{}, tt.art)
			if got[0].City != tt.want {
				t.Errorf("city %q, want %q", got[0].City, tt.want)
			}
		})
	}
}

func TestArticlePlacesAndSpeaker(t *testing.T) {
	office := article("# 明年这样干", "沙湾街道的食堂开了门。")
	office.Office = "临江宣"
	district := article("# 新年新气象", "1月9日，临江区召开动员会。临江区柳溪镇也来人。")
	tests := []struct {
		name                    string
		art                     corpus.Article
		places, speaker, office string
	}{
		{"the post in the subtitle", article("# 开新局", "— 访市人大副主任、松岭县委书记欧阳宏远", "雪落在平阜县。"),
			"松岭县", "欧阳宏远", "市人大副主任、松岭县委书记"},
		{"a bureau of the city", article("# 为云泽加油", "— 访市民政局局长仝大川", "雪落在平阜县。"),
			"云泽市", "仝大川", "市民政局局长"},
		{"the issuing office", office, "临江区", "", "临江宣"},
		{"the title", article("# 松岭县的柿子红了", "平阜县也有柿子。平阜县的更甜。"), "松岭县", "", ""},
		{"who acts in the first sentence", district, "临江区", "", ""},
		{"我市", article("# 好年景", "今年我市柿子丰收，平阜县最多。"), "云泽市", "", ""},
		{"the only place", article("# 好年景", "柿子红了，在平阜县。"), "平阜县", "", ""},
		{"where a report of an agency was sent from", article("# 好年景", "新华社平阜12月30日电 今年柿子丰收。"), "", "", ""},
		{"the only place, by the way", article("# 好年景", "柿子红了。甜得很。有人把它带到平阜县。"), "", "", ""},
		{"the only place, a county's office", article("# 好年景", "柿子红了。县委很高兴。县里来了人。平阜县的柿子甜。"), "平阜县", "", ""},
		{"an office of the city", article("# 开馆", "从周一起，市图书馆开到九点。"), "云泽市", "", ""},
		{"none", article("# 闲话", "市场里很热闹。"), "", "", ""},
		{"an interview without a subtitle", article("# 稳中求进", "近日，平阜县县长柯一鸣接受本报专访时谈到柿子。"),
			"平阜县", "柯一鸣", "平阜县县长"},
		{"one of several who speak is not the article's", article("# 路通了", "平阜县的路通了。“真好。”村民何大山说。"), "平阜县", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			other := article("# 会议", "1月8日，临江区召开会议。松岭县和平阜县也来了人。")
			f := annotate("云泽日报", corpus.Date{Year: 2025, Month: 1, Day: 10}, tt.art, other)[0].Facets
			if got := strings.Join(f.Places, " "); got != tt.places {
				t.Errorf("places %q, want %q", got, tt.places)
			}
			if f.Speaker != tt.speaker || f.Office != tt.office {
				t.Errorf("speaker %q of %q, want %q of %q", f.Speaker, f.Office, tt.speaker, tt.office)
			}
		})
	}
}

// A site's stamp is a day of printing that is read, and not worked out.
func TestStampedDate(t *testing.T) {
	want := corpus.Date{Year: 2024, Month: 11, Day: 5}
	for line, want := range map[string]corpus.Date{
		"2024-11-05 09:30，正文：平阜县召开会议。":                     want,
		"来源：云泽在线 2024年11月5日 9:30 平阜县召开会议。":                 want,
		"记者 何雨桐　2024/11/5 09:30:21\n平阜县召开会议。":              want,
		"2024-13-05 09:30，正文：平阜县召开会议。":                     {},
		"会期是2024年11月5日9时30分，平阜县召开会议。":                      {},
		"房号12024-11-05 09:30，平阜县召开会议。":                     {},
		strings.Repeat("平阜县召开会议。", 6) + "2024-11-05 09:30": {},
	} {
		m := annotate("云泽日报", corpus.Date{}, article(strings.Split(line, "\n")...))[0].Meta()
		if m.Date != want || m.DateInferred {
			t.Errorf("%s: date %v (inferred %v), want %v", line, m.Date, m.DateInferred, want)
		}
	}
	given := corpus.Date{Year: 2023, Month: 5, Day: 6}
	if m := annotate("", given, article("2024-11-05 09:30，正文：平阜县召开会议。"))[0].Meta(); m.Date != given {
		t.Errorf("a given date became %v", m.Date)
	}
}

func TestInferDate(t *testing.T) {
	tests := []struct {
		name string
		line string
		want corpus.Date
	}{
		{"dateline with a year", "2024年11月5日，平阜县召开会议。", corpus.Date{Year: 2024, Month: 11}},
		{"a story of then", "1998年11月5日，平阜县的水库决口。2004年，新坝建成。", corpus.Date{}},
		{"news with a target", "2024年11月5日，平阜县召开会议，到2030年再修十座桥。", corpus.Date{Year: 2024, Month: 11}},
		{"dateline and next year's work", "12月28日，平阜县开会，安排2025年的事，请大家看明年。", corpus.Date{Year: 2024, Month: 12}},
		{"dateline, a summing-up and arrangements", "1月8日，平阜县开会，总结2024年，部署2025年。", corpus.Date{Year: 2025, Month: 1}},
		{"no dateline, both tell the same", "会议总结2024年工作，安排2025年任务，为明年开局。", corpus.Date{Year: 2024}},
		{"a dateline alone", "12月28日，平阜县召开会议。", corpus.Date{}},
		{"the last day of a year", "12月31日，平阜县开会，安排2025年的事，请大家看明年。", corpus.Date{}},
		{"next year alone", "明年更好，安排得早。", corpus.Date{}},
		{"a year alone", "2024年柿子丰收。", corpus.Date{}},
		{"two plans", "安排2025年工作，部署2026年工作，明年更好。", corpus.Date{}},
		{"datelines that disagree", "12月28日，平阜县召开会议。\n11月2日，松岭县开会，安排2025年的事，明年见。", corpus.Date{}},
		{"a date that is no dateline", "2019年3月2日出生的孩子上学了。", corpus.Date{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := annotate("云泽日报", corpus.Date{}, article(strings.Split(tt.line, "\n")...))[0].Meta()
			if m.Date != tt.want || m.DateInferred != !tt.want.IsZero() {
				t.Errorf("date %v (inferred %v), want %v", m.Date, m.DateInferred, tt.want)
			}
		})
	}
	given := corpus.Date{Year: 2023, Month: 5, Day: 6}
	m := annotate("", given, article("2024年11月5日，平阜县召开会议。"))[0].Meta()
	if m.Date != given || m.DateInferred {
		t.Errorf("a given date became %v (inferred %v)", m.Date, m.DateInferred)
	}
}

func TestPageLeavesInputAlone(t *testing.T) {
	a := article("# 临江区", "12月28日，临江区开会，安排2025年的事，请大家看明年。")
	in := []corpus.Article{a}
	out := newAnnotator().Page(corpus.Page{Text: a.Text}, in)
	if !in[0].Parts[0].Date.IsZero() || in[0].City != "" || len(in[0].Facets.Places) > 0 {
		t.Errorf("the input became %+v", in[0])
	}
	if out[0].Parts[0].Date.IsZero() {
		t.Error("the output has no date")
	}
}

func TestTextPlaces(t *testing.T) {
	district := facet.Context{City: "云泽市", Places: []string{"临江区"}}
	city := facet.Context{City: "云泽市", Places: []string{"云泽市"}}
	tests := []struct {
		name             string
		c                facet.Context
		text             string
		places, mentions string
	}{
		{"nothing named", district, "新建食堂三座。", "临江区", ""},
		{"全区", district, "全区食堂都开了门。", "临江区", ""},
		{"区 alone", district, "加快区福利院建设。", "临江区", ""},
		{"a town within", district, "推动沙湾街道、白塔镇食堂开门。", "临江区", "沙湾街道 白塔镇"},
		{"我市 begins a clause", district, "下一步，我市将修路。", "云泽市", ""},
		{"全市 as a measure", district, "柿子产量居全市前列，争取在全市做示范。", "临江区", ""},
		{"another subject", city, "今年，松岭县修了路。", "松岭县", ""},
		{"two subjects", city, "松岭县、平阜县都修了路。", "松岭县 平阜县", ""},
		{"district of a city as the subject", city, "云泽市松岭县修了路。", "松岭县", "云泽市"},
		{"a place that is only named", city, "把路修到松岭县。", "云泽市", "松岭县"},
		{"owner, not subject", city, "松岭县的路通了。", "云泽市", "松岭县"},
		{"the city in a project's name", district, "云泽市实验小学扩建。", "临江区", "云泽市"},
		{"of the whole country", district, "全国建成食堂三座。", "", ""},
		{"of the province, for a district", district, "全省建成食堂三座。", "", ""},
		{"of the province, for it", facet.Context{Places: []string{"河南省"}}, "全省建成食堂三座。", "河南省", ""},
		{"several provinces", district, "河南、河北两省柿子丰收。", "河南省 河北省", ""},
		{"the city acts", district, "云泽市将修路。", "云泽市", ""},
		{"an organisation is no place", city, "北京大学来人。", "云泽市", ""},
		{"no context, a subject", facet.Context{}, "松岭县修了到郑州的路。", "松岭县", "郑州市"},
		{"no context, no subject", facet.Context{}, "路修到了松岭县。", "松岭县", ""},
	}
	an := newAnnotator()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := an.Text(tt.text, tt.c)
			if got := strings.Join(f.Places, " "); got != tt.places {
				t.Errorf("places %q, want %q", got, tt.places)
			}
			if got := strings.Join(f.Mentions, " "); got != tt.mentions {
				t.Errorf("mentions %q, want %q", got, tt.mentions)
			}
		})
	}
}

func TestTextKind(t *testing.T) {
	none := facet.Context{Date: corpus.Date{Year: 2024, Month: 12, Day: 20}}
	result, plan := none, none
	result.Kind, plan.Kind = corpus.KindResult, corpus.KindPlan
	tests := []struct {
		name string
		c    facet.Context
		text string
		want corpus.Kind
	}{
		{"已", none, "食堂已开门。", corpus.KindResult},
		{"了 at a verb", none, "修通了三条路。", corpus.KindResult},
		{"了 in a word", none, "为了孩子，想要了解学校。", corpus.KindStatement},
		{"a figure at a verb of result", none, "新增食堂12座。", corpus.KindResult},
		{"a year beside a verb of result is no figure", none, "2025年新增食堂。", corpus.KindPlan},
		{"an event on a day", none, "12月18日，平阜县召开了2025年的动员会，全力修路。", corpus.KindResult},
		{"what is said on a day", none, "昨日，他表示，平阜县将修路。", corpus.KindPlan},
		{"将", none, "我们将修路。", corpus.KindPlan},
		{"将 in a word", none, "老将军回了家乡看看？", corpus.KindResult},
		{"将 holds on", none, "平阜县将修路，建成桥3座，完成绿化。", corpus.KindPlan},
		{"已 ends 将", none, "原计划修路，如今已修好三条。", corpus.KindResult},
		{"plan after result", none, "食堂已开门，下一步将送餐上门。", corpus.KindPlan},
		{"next year", none, "明年修路。", corpus.KindPlan},
		{"what is striven for is not done", none, "启动全市冰雪规划研究，提前布局雪场，争取更多大雪场落户。", corpus.KindPlan},
		{"what was obtained is", none, "争取到冰雪项目落户。", corpus.KindResult},
		{"striven for and done", none, "力争的雪场已落户。", corpus.KindResult},
		{"programme verbs", none, "加快修路，推动食堂开门。", corpus.KindPlan},
		{"programme verbs under results", result, "加快修路，推动食堂开门。", corpus.KindResult},
		{"即将 under results", result, "食堂即将开门。", corpus.KindResult},
		{"将 under results", result, "平阜县将修路。", corpus.KindPlan},
		{"a figure under plans", plan, "新增食堂12座。", corpus.KindPlan},
		{"已 under plans", plan, "食堂已经开门。", corpus.KindResult},
		{"必须", none, "修路必须先听群众的。", corpus.KindStatement},
		{"a demand goes on", none, "我们要深入田间，争取多听几句。", corpus.KindStatement},
		{"judgement with 将为", none, "这将为修路注入强大动力。", corpus.KindStatement},
		{"definition", none, "2025年是修路之年。", corpus.KindStatement},
		{"past only", none, "2022年，县里把老路一段段修起来。", corpus.KindResult},
		{"much result, a little plan", none, "今年投入3亿元，新增食堂12座，新增桥梁16座，改造老路20公里；明年照做。", corpus.KindResult},
		{"scene", none, "雪落在屋顶上。", corpus.KindStatement},
		{"empty", none, "", corpus.KindStatement},
	}
	an := newAnnotator()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := an.Text(tt.text, tt.c).Kind; got != tt.want {
				t.Errorf("kind of %q is %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestTextPeriod(t *testing.T) {
	dec := facet.Context{Date: corpus.Date{Year: 2024, Month: 12, Day: 20}}
	inferred := facet.Context{Date: corpus.Date{Year: 2024, Month: 12}, DateInferred: true}
	plans := dec
	plans.PlanYear = 2025
	heading := dec
	heading.Years, heading.Kind = corpus.Years{From: 2025, To: 2025}, corpus.KindPlan
	jan := facet.Context{Date: corpus.Date{Year: 2025, Month: 1, Day: 9}}
	tests := []struct {
		name     string
		c        facet.Context
		text     string
		from, to int
		inferred bool
	}{
		{"explicit year", dec, "2023年修了路。", 2023, 2023, false},
		{"explicit year beats the heading", heading, "到2027年，力争修完。", 2027, 2027, false},
		{"heading", heading, "加快修路。", 2025, 2025, false},
		{"part of a year under a heading", heading, "年底前修完。", 2025, 2025, false},
		{"relative", dec, "明年修路。", 2025, 2025, false},
		{"relative to an inferred date", inferred, "明年修路。", 2025, 2025, true},
		{"a result without a year", dec, "路已修好。", 2024, 2024, false},
		{"a result without a year, date inferred", inferred, "路已修好。", 2024, 2024, true},
		{"a result in January", jan, "路已修好。", 0, 0, false},
		{"a plan without a year", dec, "平阜县将修路。", 0, 0, false},
		{"a plan in an article of plans", plans, "平阜县将修路。", 2025, 2025, false},
		{"the day it was said does not count", plans, "昨日，他表示，平阜县将修路。", 2025, 2025, false},
		{"the day alone", dec, "12月18日，平阜县召开动员会。", 2024, 2024, false},
		{"a day soon to come", jan, "招聘会1月20日开场。", 2025, 2025, false},
		{"compared with", dec, "食堂比2020年增加了三座。", 2024, 2024, false},
		{"a five-year plan as a paper", plans, "启动“十五五”规划编制。", 2025, 2025, false},
		{"a five-year plan as a time", plans, "“十五五”期间，平阜县将修路。", 2026, 2030, false},
		{"two years", dec, "2022年修了路，2023年建了桥。", 2022, 2023, false},
		{"a statement without a year", plans, "雪落在屋顶上。", 0, 0, false},
		{"no date", facet.Context{}, "今年路已修好。", 0, 0, false},
	}
	an := newAnnotator()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := an.Text(tt.text, tt.c)
			if want := (corpus.Years{From: tt.from, To: tt.to}); f.Period != want || f.PeriodInferred != tt.inferred {
				t.Errorf("period of %q is %v (inferred %v, %s), want %v", tt.text, f.Period, f.PeriodInferred, f.Kind, want)
			}
		})
	}
}

func TestTextSpeaker(t *testing.T) {
	c := facet.Context{Speaker: "欧阳宏远", Office: "松岭县委书记"}
	tests := []struct{ name, text, speaker, office string }{
		{"inherited", "加快修路。", "欧阳宏远", "松岭县委书记"},
		{"named again", "欧阳宏远说，路要修好。", "欧阳宏远", "松岭县委书记"},
		{"another", "“路好走了。”县交通局局长柯一鸣表示。", "柯一鸣", "县交通局局长"},
		{"unnamed", "市民政局相关负责人介绍，食堂开了门。", "", "市民政局相关负责人"},
		{"with an interview", "昨日，平阜县县长仝大川接受记者采访时说，路通了。", "仝大川", "平阜县县长"},
		{"as printed", "「路好走了。」縣交通局局長馮遠說。", "馮遠", "縣交通局局長"},
		{"nobody by name", "有人说，路太窄。", "欧阳宏远", "松岭县委书记"},
		{"no speaker before the verb", "有的地方小说里说，路很长。", "欧阳宏远", "松岭县委书记"},
	}
	an := newAnnotator()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := an.Text(tt.text, c)
			if f.Speaker != tt.speaker || f.Office != tt.office {
				t.Errorf("%q of %q, want %q of %q", f.Speaker, f.Office, tt.speaker, tt.office)
			}
		})
	}
}

func TestContextOf(t *testing.T) {
	an := newAnnotator()
	a := annotate("云泽日报", corpus.Date{Year: 2024, Month: 12, Day: 31}, article(
		"# 临江区明年这么干", "12月28日，临江区召开动员会。", "## 2025年 再上层楼", "## 2024年 步子很稳", "新增食堂12座。"))[0]
	years := func(y int) corpus.Years { return corpus.Years{From: y, To: y} }
	tests := []struct {
		name  string
		path  []string
		kind  corpus.Kind
		years corpus.Years
	}{
		{"none", nil, "", corpus.Years{}},
		{"a year to come", []string{"2025年 再上层楼"}, corpus.KindPlan, years(2025)},
		{"the innermost year decides", []string{"2025年 再上层楼", "2024年 迈出扎实步伐"}, corpus.KindResult, years(2024)},
		{"a predicate", []string{"2024年 迈出扎实步伐", "■食堂建设稳步加快"}, corpus.KindResult, years(2024)},
		{"a verb and its object", []string{"2025年的总体要求", "■稳步加快食堂建设"}, corpus.KindPlan, years(2025)},
		{"full-width year", []string{"２０２５年重点任务"}, corpus.KindPlan, years(2025)},
		{"nothing to tell", []string{"柿子与路"}, "", corpus.Years{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := an.ContextOf(&a, tt.path)
			if c.Kind != tt.kind || c.Years != tt.years {
				t.Errorf("kind %q and years %v, want %q and %v", c.Kind, c.Years, tt.kind, tt.years)
			}
			if c.City != "云泽市" || !slices.Equal(c.Places, []string{"临江区"}) || c.PlanYear != 2025 {
				t.Errorf("city %q, places %q, plans for %d", c.City, c.Places, c.PlanYear)
			}
		})
	}
	c := an.ContextOf(&a, []string{"2025年 再上层楼", "2024年 步子很稳"})
	if f := an.Text("临江新增食堂12座。", c); f.Period != years(2024) || f.Kind != corpus.KindResult || !slices.Equal(f.Places, []string{"临江区"}) {
		t.Errorf("facets %+v", f)
	}
}

func TestTextOfSeveralSentences(t *testing.T) {
	c := facet.Context{Places: []string{"临江区"}, City: "云泽市", Date: corpus.Date{Year: 2024, Month: 12, Day: 20}, PlanYear: 2025}
	f := newAnnotator().Text("雪停了。临江区新增食堂12座，白塔镇占了3座，吸引老人两千余名。明年更好。", c)
	if f.Kind != corpus.KindResult || f.Period != (corpus.Years{From: 2024, To: 2024}) {
		t.Errorf("kind %q and period %v, want those of the longest sentence", f.Kind, f.Period)
	}
	if !slices.Equal(f.Places, []string{"临江区"}) || !slices.Equal(f.Mentions, []string{"白塔镇"}) {
		t.Errorf("places %q, mentions %q", f.Places, f.Mentions)
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"12月18日，平阜县将修路。", "“市民政局负责人说", "2024年比2023年", "全市\xff县", "将了已"} {
		f.Add(s, 2024, 12, 20)
	}
	an := newAnnotator()
	f.Fuzz(func(t *testing.T, s string, year, month, day int) {
		d := corpus.Date{Year: year, Month: month, Day: day}
		if !d.Valid() {
			d = corpus.Date{}
		}
		c := facet.Context{City: "云泽市", Places: []string{"临江区"}, Date: d, Speaker: "何大山"}
		got := an.Text(s, c)
		if got.Kind == "" {
			t.Fatalf("no kind for %q", s)
		}
		if got.Period.From > got.Period.To || got.PeriodInferred {
			t.Fatalf("period %v, inferred %v, of %q", got.Period, got.PeriodInferred, s)
		}
		for _, m := range got.Mentions {
			if slices.Contains(got.Places, m) {
				t.Fatalf("%s is both a place and a mention of %q", m, s)
			}
		}
		if !slices.Equal(c.Places, []string{"临江区"}) {
			t.Fatal("the context was changed")
		}
		if len(got.Places) > 0 {
			got.Places[0] = "x"
			if c.Places[0] == "x" {
				t.Fatal("the result shares the context's places")
			}
		}
		a := article("# "+s, s)
		newAnnotated := an.Page(corpus.Page{Text: s, Meta: corpus.Meta{Newspaper: s}}, []corpus.Article{a})
		an.ContextOf(&newAnnotated[0], []string{s})
	})
}

func BenchmarkText(b *testing.B) {
	an := newAnnotator()
	c := facet.Context{City: "云泽市", Places: []string{"临江区"}, Date: corpus.Date{Year: 2024, Month: 12, Day: 20}, PlanYear: 2025}
	text := strings.Repeat("近日，云泽市临江区召开推进会，推动沙湾街道、白塔镇的老年食堂明年开门。今年以来，全区新增食堂12座，吸引老人2000余名，郑州来的客人也说好。", 20)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		an.Text(text, c)
	}
}
