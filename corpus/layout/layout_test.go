package layout_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"wenbao/corpus"
	"wenbao/corpus/layout"
)

var update = flag.Bool("update", false, "rewrite the golden file")

const samplePages = "../../testdata/pages"

// samples reads the sample newspaper; editions come from the file names.
func samples(t testing.TB) []corpus.Page {
	t.Helper()
	files, err := filepath.Glob(samplePages + "/*/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sample pages: %v", err)
	}
	sort.Strings(files)
	var pages []corpus.Page
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		_, text, ok := strings.Cut(strings.TrimPrefix(string(b), "---\n"), "---\n") // behind the front matter
		if !ok {
			t.Fatalf("%s has no front matter", f)
		}
		date, err := corpus.ParseDate(filepath.Base(filepath.Dir(f)))
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, corpus.Page{
			Source: filepath.ToSlash(strings.TrimPrefix(f, samplePages+"/")),
			Meta:   corpus.Meta{Newspaper: "云泽日报", Date: date, Edition: layout.Edition(strings.TrimSuffix(filepath.Base(f), ".txt"))},
			Text:   text,
		})
	}
	return pages
}

// TestSamplePages compares the outline of every article of the sample
// newspaper, stitched, with a golden file that was read by eye.
func TestSamplePages(t *testing.T) {
	var all []corpus.Article
	for _, p := range samples(t) {
		all = append(all, layout.Split(p)...)
	}
	var b strings.Builder
	for _, a := range layout.Stitch(all) {
		outline(&b, &a)
	}
	golden := "testdata/samples.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), b.String()); d != "" {
		t.Errorf("outlines differ (-want +got):\n%s", d)
	}
}

func outline(b *strings.Builder, a *corpus.Article) {
	var parts []string
	for _, p := range a.Parts {
		parts = append(parts, p.Source)
	}
	fmt.Fprintf(b, "%s\n  in %s, fragment %v\n  kicker %q subtitle %q\n  byline %q authors %v office %q\n", a.Title, strings.Join(parts, " + "), a.Fragment, a.Kicker, a.Subtitle, a.Byline, a.Authors, a.Office)
	for _, blk := range a.Blocks {
		s := []rune(blk.Span.In(a.Text))
		if len(s) > 26 {
			s = append(append(append([]rune{}, s[:12]...), '⋯'), s[len(s)-12:]...)
		}
		fmt.Fprintf(b, "    %s %d part %d ×%d %s\n", blk.Kind, blk.Level, blk.Part(), len(blk.Printed), strings.ReplaceAll(string(s), "\n", "⏎"))
	}
}

// checkComplete fails unless every character of the page that can be seen is
// printed in exactly one block of one article.
func checkComplete(t *testing.T, p corpus.Page, arts []corpus.Article) {
	t.Helper()
	seen := make([]int, len(p.Text))
	for _, a := range arts {
		end := -1
		for _, b := range a.Blocks {
			if b.Span.Start != end+1 || b.Span.End <= b.Span.Start {
				t.Errorf("block %v does not follow on the one that ends at %d", b.Span, end)
			}
			end = b.Span.End
			if end > len(a.Text) {
				t.Fatalf("block %v of a text of %d bytes", b.Span, len(a.Text))
			}
			for _, pr := range b.Printed {
				for i := pr.Span.Start; i < pr.Span.End; i++ {
					seen[i]++
				}
			}
		}
		if len(a.Blocks) > 0 && end != len(a.Text) {
			t.Errorf("blocks end at %d, text at %d", end, len(a.Text))
		}
		if a.Title == "" || a.ID == "" || len(a.Parts) != 1 {
			t.Errorf("article without title, id or part: %+v", a)
		}
	}
	for i, r := range p.Text {
		want := 1
		if unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("\u200b\ufeff\u200e\u200f", r) {
			continue
		}
		if seen[i] != want {
			t.Fatalf("%q at byte %d is printed %d times", r, i, seen[i])
		}
	}
}

func TestNothingLostNothingTwice(t *testing.T) {
	for _, p := range samples(t) {
		checkComplete(t, p, layout.Split(p))
		p.Single = true
		checkComplete(t, p, layout.Split(p))
	}
}

// words joins lines of a page; a line of its own stands between blocks.
func page(blocks ...string) corpus.Page {
	return corpus.Page{Source: "p.txt", Text: strings.Join(blocks, "\n\n")}
}

const para = "区里把这件事放在心上，年初立项，年中推进，年末交账。"

func TestSplit(t *testing.T) {
	type art struct{ Kicker, Title, Subtitle, Byline, Office string }
	tests := []struct {
		name string
		page corpus.Page
		want []art
	}{
		{"two lines and a subtitle", page("上游有新村  \n下游有新城", "——访松岭县县长常远", para),
			[]art{{Title: "上游有新村 下游有新城", Subtitle: "——访松岭县县长常远"}}},
		{"a comma joins without a space", page("上游有新村，\n下游有新城", para),
			[]art{{Title: "上游有新村，下游有新城"}}},
		{"column and byline below", page("## 云泽聚焦", "修好一条路", para, "本报记者 王 伟 通讯员 李小禾 欧阳青", "再修一座桥", para),
			[]art{{Kicker: "云泽聚焦", Title: "修好一条路", Byline: "本报记者 王 伟 通讯员 李小禾 欧阳青"}, {Title: "再修一座桥"}}},
		{"office below", page("修好一条路", para, "(松岭宣)", "再修一座桥", para, "（区融媒体中心供稿）"),
			[]art{{Title: "修好一条路", Byline: "(松岭宣)", Office: "松岭宣"}, {Title: "再修一座桥", Byline: "（区融媒体中心供稿）", Office: "区融媒体中心供稿"}}},
		{"Traditional characters", page("## 雲澤聚焦", "修好一條路", para, "本報記者 張 偉 通訊員 蕭小禾", "再修一座橋", para, "（區融媒體中心供稿）"),
			[]art{{Kicker: "雲澤聚焦", Title: "修好一條路", Byline: "本報記者 張 偉 通訊員 蕭小禾"}, {Title: "再修一座橋", Byline: "（區融媒體中心供稿）", Office: "區融媒體中心供稿"}}},
		{"names behind the last sentence", page("修好一条路", para+"（张平 李望）", "再修一座桥", para),
			[]art{{Title: "修好一条路", Byline: "（张平 李望）"}, {Title: "再修一座桥"}}},
		{"a remark in brackets is no byline", page("修好一条路", para+"（见下图）", para),
			[]art{{Title: "修好一条路"}}},
		{"news lead", page("修好一条路", para, "再修一座桥", "本报讯（记者 张平）"+para),
			[]art{{Title: "修好一条路"}, {Title: "再修一座桥", Byline: "本报讯（记者 张平）"}}},
		{"continued here without a headline", page("修好一条路", para, "（上接 01 版）目前，全区有桥梁一百二十座，"+para),
			[]art{{Title: "修好一条路"}, {Title: "全区有桥梁一百二十座…"}}},
		{"short plain lines are headings", page("修好一条路", para, "桥要通", para, "水要清", para),
			[]art{{Title: "修好一条路"}}},
		{"title behind one number sign", page("# 修好一条路", para, "# 再修一座桥", para),
			[]art{{Title: "修好一条路"}, {Title: "再修一座桥"}}},
		{"a title that asks", page("路修好了吗？", para), []art{{Title: "路修好了吗？"}}},
		{"no title", page(para), []art{{Title: "区里把这件事放在心上…"}}},
		{"a heading word is no role", page("记者节里话初心", para), []art{{Title: "记者节里话初心"}}},
		{"empty", page(" \n\u3000\n"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []art
			arts := layout.Split(tt.page)
			for _, a := range arts {
				got = append(got, art{a.Kicker, a.Title, a.Subtitle, a.Byline, a.Office})
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			checkComplete(t, tt.page, arts)
		})
	}
}

func TestColumnBreaks(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"inside a word", "今年全区新修、改造道路十八条，打通断头路三条，其中滨河东路、沙湾大\n\n道当年开工当年通车。", "今年全区新修、改造道路十八条，打通断头路三条，其中滨河东路、沙湾大道当年开工当年通车。"},
		{"after a comma", "全区新修道路，\n\n其中十八条通车。", "全区新修道路，其中十八条通车。"},
		{"twice, a short piece between", "松岭县今年一共新修了农村公路一百二十公里，全县\n\n十八个乡\n\n镇都通了班车。", "松岭县今年一共新修了农村公路一百二十公里，全县十八个乡镇都通了班车。"},
		{"a quotation that goes on", "他说：“路通了，\n\n人就来了。”", "他说：“路通了，人就来了。”"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			arts := layout.Split(page("修路", "县里把修路当成头等大事。", tt.text))
			if len(arts) != 1 {
				t.Fatalf("%d articles", len(arts))
			}
			if !strings.HasSuffix(arts[0].Text, "\n"+tt.want) {
				t.Errorf("text %q does not end in %q", arts[0].Text, tt.want)
			}
		})
	}
}

func TestHeadings(t *testing.T) {
	p := page("修好一条路", para, "## 2025年 再修 一程", "2024年 路通了", para, "■桥通了", para, "## 2025年的打算", para, "■再通一座", para)
	var got []string
	for _, b := range layout.Split(p)[0].Blocks {
		if b.Kind == corpus.BlockHeading {
			got = append(got, fmt.Sprint(b.Level, " ", b.Span.In(layout.Split(p)[0].Text)))
		}
	}
	want := []string{"1 2025年 再修 一程", "2 2024年 路通了", "3 ■桥通了", "1 2025年的打算", "2 ■再通一座"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestWrappedLines(t *testing.T) {
	lines := "松岭县今年新修农村公路一百二十公里，全\n县十八个乡镇都通了班车，老人进城看病，\n孩子到镇上读书，都比从前方便得多了，村\n里的山货也有了销路。县里算过一笔账，路\n修到哪里，产业就兴到哪里，明年还要再修\n八十公里，把最后三个自然村也连起来，让\n所有的村民出门就能坐上车，到县城不超过\n一个小时，到市里不超过两个小时，这是县\n委县政府向全县人民作出的承诺。"
	arts := layout.Split(corpus.Page{Source: "p", Text: lines})
	if len(arts) != 1 || len(arts[0].Blocks) != 1 {
		t.Fatalf("got %d articles: %+v", len(arts), arts)
	}
	if want := strings.ReplaceAll(lines, "\n", ""); arts[0].Text != want {
		t.Errorf("text %q", arts[0].Text)
	}
}

// A made title begins with what is told, and not with a site's stamp.
func TestMadeTitleWithoutStamp(t *testing.T) {
	for _, stamp := range []string{"2024-11-05 09:30，正文：", "11/05  09:30，正文：", "2024-11-05 09:30，正文：  原标题：", "，正文：", ""} {
		p := corpus.Page{Source: "a.jsonl", Text: stamp + "平阜县的柿子熟了，果农忙着摘，路边摆满了筐子。", Single: true}
		if arts := layout.Split(p); len(arts) != 1 || !arts[0].TitleMade || !strings.HasPrefix(arts[0].Title, "平阜县的柿子熟了") {
			t.Errorf("%q: title %q", stamp, arts[0].Title)
		}
	}
}

func TestSingleIsOneArticle(t *testing.T) {
	p := page("修好一条路", para, "本报记者 张平", "再修一座桥，好事要连着办", para)
	p.Single, p.Title, p.DocID = true, "给定的题目", "d1"
	arts := layout.Split(p)
	if len(arts) != 1 || arts[0].Title != "给定的题目" || arts[0].TitleMade {
		t.Fatalf("%+v", arts)
	}
	q := p
	q.DocID = "d2"
	if layout.Split(q)[0].ID == arts[0].ID {
		t.Error("two records share an ID")
	}
}

func TestIDsFollowTheWords(t *testing.T) {
	p := page("修好一条路", para)
	q := corpus.Page{Source: "elsewhere.txt", Text: "\n\n修好一条路  \n\n\n　　" + para + "\n", Meta: corpus.Meta{Edition: "9"}}
	if a, b := layout.Split(p)[0].ID, layout.Split(q)[0].ID; a != b {
		t.Errorf("the same words have the IDs %s and %s", a, b)
	}
}

func stitchPages(texts map[string]string) []corpus.Article {
	var all []corpus.Article
	for _, ed := range []string{"1", "2", "3", "4"} {
		if text, ok := texts[ed]; ok {
			all = append(all, layout.Split(corpus.Page{Source: ed + ".txt", Meta: corpus.Meta{Edition: ed}, Text: text})...)
		}
	}
	return layout.Stitch(all)
}

func TestStitch(t *testing.T) {
	road := "山路修好了\n\n松岭县的山路修了三年，乡亲们盼了三年，今年总算通到\n\n（下转03版）"
	river := "河水变清了\n\n白塔河治理了两年，沿河的排污口都堵上了。（下转03版）"
	roadEnd := "（上接01版）了每一个村。松岭县的山路一通，乡亲们的山货就下了山。"
	riverEnd := "河水变清了\n\n（上接01版）白塔河边又有了鸟叫。"
	t.Run("by headline and by words", func(t *testing.T) {
		arts := stitchPages(map[string]string{"1": road + "\n\n" + river, "3": riverEnd + "\n\n" + roadEnd})
		if len(arts) != 2 {
			t.Fatalf("%d articles", len(arts))
		}
		if want := "今年总算通到了每一个村。"; !strings.Contains(arts[0].Text, want) || arts[0].Fragment || len(arts[0].Parts) != 2 {
			t.Errorf("road: %q fragment %v", arts[0].Text, arts[0].Fragment)
		}
		if !strings.Contains(arts[1].Text, "鸟叫") || strings.Contains(arts[1].Text, "山货") {
			t.Errorf("river: %q", arts[1].Text)
		}
		for _, a := range arts {
			end := -1
			for _, b := range a.Blocks {
				if b.Span.Start != end+1 {
					t.Errorf("%s: block %v follows on %d", a.Title, b.Span, end)
				}
				end = b.Span.End
			}
		}
	})
	t.Run("over three pages", func(t *testing.T) {
		arts := stitchPages(map[string]string{"1": "山路修好了\n\n山路修了三年。（下转02版）", "2": "（上接01版）山路上有桥。（下转04版）", "4": "（上接02版）山路到头了。"})
		if len(arts) != 1 || len(arts[0].Parts) != 3 || arts[0].Fragment {
			t.Fatalf("%+v", arts)
		}
	})
	t.Run("another page", func(t *testing.T) {
		if arts := stitchPages(map[string]string{"1": road, "4": roadEnd}); len(arts) != 2 || !arts[0].Fragment || !arts[1].Fragment {
			t.Errorf("%+v", arts)
		}
	})
	t.Run("in doubt nothing is joined", func(t *testing.T) {
		a, b := "甲\n\n天亮了。（下转03版）", "乙\n\n天黑了。（下转03版）"
		if arts := stitchPages(map[string]string{"1": a + "\n\n" + b, "3": "（上接01版）鱼游走了。\n\n（上接01版）鸟飞走了。"}); len(arts) != 4 {
			t.Errorf("%d articles", len(arts))
		}
	})
}

func FuzzSplit(f *testing.F) {
	for _, p := range samples(f) {
		f.Add(p.Text, false)
	}
	f.Add("## 简讯\n甲乙\n丙丁\n——访\n(上接01版)\n(下转)\n| a | b |\n| c |\n本报讯（记者 张平）。", true)
	f.Fuzz(func(t *testing.T, text string, single bool) {
		p := corpus.Page{Source: "f", Single: single, Text: strings.ToValidUTF8(text, "")}
		arts := layout.Split(p)
		checkComplete(t, p, arts)
		layout.Stitch(arts)
	})
}

func BenchmarkSplit(b *testing.B) {
	pages := samples(b)
	size := 0
	for _, p := range pages {
		size += len(p.Text)
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, p := range pages {
			layout.Split(p)
		}
	}
}
