package source_test

import (
	"os"
	"strings"
	"testing"

	"wenbao/corpus"
	"wenbao/corpus/source"
)

func TestReadEPaper(t *testing.T) {
	pages, errs := collect("testdata/founder.html", "", source.Options{})
	if len(pages) != 1 || len(errs) != 0 {
		t.Fatalf("%d pages, problems %v", len(pages), errs)
	}
	diff(t, "page", pages[0], corpus.Page{
		Source: "testdata/founder.html",
		Title:  "白塔镇的新码头",
		Single: true,
		Meta:   corpus.Meta{Newspaper: "云泽日报", Date: corpus.Date{Year: 2024, Month: 12, Day: 31}, Edition: "3"},
		Text: strings.Join([]string{
			"沿江见闻",
			"——访白塔镇镇长何其安",
			"本报记者 陆知远",
			"冬日的白塔镇码头，三条渡船一早就靠了岸。",
			"## 货运翻了一番",
			"2024年，码头吞吐货物5.6万吨。",
			"明年还要再建两个泊位。",
			"项目 | 2024年 | 2025年\n泊位（个） | 3 | 5",
			"· 疏浚柳溪航道",
			"· 修缮老站房",
		}, "\n\n"),
	})
}

func TestReadSitePage(t *testing.T) {
	pages, errs := collect("testdata/site.html", "", source.Options{})
	if len(pages) != 1 || len(errs) != 0 {
		t.Fatalf("%d pages, problems %v", len(pages), errs)
	}
	p := pages[0]
	if p.Title != "沙湾街道食堂开门迎客" {
		t.Errorf("title %q", p.Title)
	}
	diff(t, "meta", p.Meta, corpus.Meta{Newspaper: "云泽日报", Date: corpus.Date{Year: 2025, Month: 1, Day: 2}})
	for _, want := range []string{"通讯员 顾小满", "元旦刚过", "请居民代表来查。", "聊一聊。", "早餐 | 5元\n午餐 | 12元"} {
		if strings.Count(p.Text, want) != 1 {
			t.Errorf("%q is in the text %d times, want once:\n%s", want, strings.Count(p.Text, want), p.Text)
		}
	}
	for _, frame := range []string{"首页", "版权所有", "沙湾街道食堂开门迎客"} {
		if strings.Contains(p.Text, frame) {
			t.Errorf("%q is in the text:\n%s", frame, p.Text)
		}
	}
}

func TestReadMarkup(t *testing.T) {
	tests := []struct {
		name, body, want string
	}{
		{"paragraphs", "<p>一。</p><p>二。</p>", "一。\n\n二。"},
		{"line breaks", "<div>　　一。<br/>　　二。</div>", "一。\n\n二。"},
		{"white space", "<p>\n 本报记者　何 其安\n在松岭\n县 </p>", "本报记者　何 其安在松岭县"},
		{"latin", "<p>GDP\ngrows&nbsp;fast</p>", "GDP grows fast"},
		{"entities", "<p>一&#13;&#10;二&#27;&lt;b&gt;</p>", "一二<b>"},
		{"headings", "<h2>标题</h2><h4>一、<br>小节</h4><p>一。</p>", "## 标题\n\n## 一、 小节\n\n一。"},
		{"hidden", `<p>一。</p><div hidden>x</div><p style="color:red;DISPLAY : none">y</p><noscript>z</noscript><template>w</template>`, "一。"},
		{"scripts", `<script>x</script><style>y</style><p>一<!-- z -->。</p><textarea>w</textarea>`, "一。"},
		{"table", `<table><caption>数据</caption><tr><td><p>甲</p></td><td>1</td></tr><tr><td></td><td></td></tr></table>`, "数据\n甲 | 1"},
		{"layout table", `<table><tr><td>左</td><td><table><tr><td>一。</td></tr></table></td></tr></table>`, "左\n\n一。"},
		{"one cell", `<table><tr><td>一。<br>二。</td></tr></table>`, "一。\n\n二。"},
		{"lists", "<ol><li><p>甲</p><p>乙</p></li><li>丙</li></ol>", "· 甲\n\n乙\n\n· 丙"},
		{"preformatted", "<pre>一。\n二。</pre>", "一。\n\n二。"},
		{"inline", "<p>一<b>二</b><a href=x>三</a><span>四</span></p>", "一二三四"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := `<html><body><p>目录</p><div id="ozoom">` + tt.body + `</div><p>版权</p>`
			if got := readOne(t, source.Stdin, page, source.Options{}).Text; got != tt.want {
				t.Errorf("text %q, want %q", got, tt.want)
			}
		})
	}
}

func TestReadContentElement(t *testing.T) {
	tests := []struct {
		name, body, want string
	}{
		{"innermost", `<div class="TRS_Editor x">一。<founder-content>二。</founder-content></div>`, "二。"},
		{"first", `<div id="zoom">一。</div><div id="ozoom">二。</div>`, "一。"},
		{"empty", `<div id="ozoom"> </div><p>一。</p>`, "一。"},
		{"none", `<p>一。</p><p>二。</p>`, "一。\n\n二。"},
		{"hidden until a script runs", `<div id="js_content" style="visibility: hidden">一。</div><p>二。</p>`, "一。"},
		{"line breaks without paragraphs", `<div>　　` + strings.Repeat("松岭县开工了八个园区。", 20) + `<br><br>　　完。</div>`,
			strings.Repeat("松岭县开工了八个园区。", 20) + "\n\n完。"},
		{"nothing but links", `<ul><li><a href="1">一</a></li><li><a href="2">二</a></li></ul>`, "· 一\n\n· 二"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := readOne(t, source.Stdin, "<body>"+tt.body, source.Options{}).Text; got != tt.want {
				t.Errorf("text %q, want %q", got, tt.want)
			}
		})
	}
}

func TestReadMarkupMeta(t *testing.T) {
	day := corpus.Date{Year: 2024, Month: 12, Day: 31}
	tests := []struct {
		name, head, body, title string
		want                    corpus.Meta
	}{
		{"title without the site", `<title>开新局_要闻 - 云泽日报</title>`, "", "开新局_要闻", corpus.Meta{}},
		{"title with a dash of its own", `<title>开新局-再出发</title>`, "", "开新局-再出发", corpus.Meta{}},
		{"heading", `<title>云泽网</title>`, "<h1>开新局</h1>", "开新局", corpus.Meta{}},
		{"site's name as heading", `<title>开新局|云泽网</title>`, "<h1>云泽日报</h1>", "开新局", corpus.Meta{}},
		{"newspaper before the title", `<title>云泽日报数字报-开新局</title>`, "", "开新局", corpus.Meta{}},
		{"heading like a site's name", "", "<h1>一句话新闻</h1>", "一句话新闻", corpus.Meta{}},
		{"site's name in heading and title", `<title>开新局 - 云泽发布平台</title>`, "<h1>云泽发布平台</h1>", "开新局", corpus.Meta{}},
		{"published", `<title>开新局</title>`, "<div>发布时间：2024-12-31 来源：松岭县政府办 浏览次数：88</div>", "开新局",
			corpus.Meta{Newspaper: "松岭县政府办", Date: day}},
		{"meta", `<meta name="ArticleTitle" content="开新局"><meta name="PubDate" content="2024-12-31 07:00"><meta name="ContentSource" content="来源：《云泽日报》">`, "", "开新局",
			corpus.Meta{Newspaper: "云泽日报", Date: day}},
		{"time", `<title>开新局</title>`, `<time datetime="2024-12-31T07:00:00+08:00">昨日</time>`, "开新局", corpus.Meta{Date: day}},
		{"imprint", `<title>开新局</title>`, `<p>《云泽日报》（2024年12月31日 第 03 版）</p>`, "开新局",
			corpus.Meta{Newspaper: "云泽日报", Date: day, Edition: "3"}},
		{"no imprint in a sentence", `<title>开新局</title>`, `<p>据云泽日报2024年12月31日报道，码头开工。</p>`, "开新局", corpus.Meta{}},
		{"wrong date", `<title>开新局</title><meta name="publishdate" content="昨日">`, "", "开新局", corpus.Meta{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := "<html><head>" + tt.head + "</head><body>" + tt.body + "<p>正文一段。</p>"
			p := readOne(t, source.Stdin, page, source.Options{})
			diff(t, "meta", p.Meta, tt.want)
			if p.Title != tt.title {
				t.Errorf("title %q, want %q", p.Title, tt.title)
			}
		})
	}
}

func BenchmarkReadHTML(b *testing.B) {
	page, err := os.ReadFile("testdata/site.html")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		if pages, errs := collect(source.Stdin, string(page), source.Options{}); len(pages) != 1 {
			b.Fatal(errs)
		}
	}
}
