package gazetteer_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"wenbao/corpus/gazetteer"
	"wenbao/corpus/zh"
)

// names are the full names found in a text, short forms marked with a star and
// those within another name in brackets.
func names(g *gazetteer.Gazetteer, text string) string {
	var out []string
	for _, m := range g.Find(text) {
		n := m.Name
		if m.Alias {
			n += "*"
		}
		if m.InName {
			n = "[" + n + "]"
		}
		out = append(out, n)
	}
	return strings.Join(out, " ")
}

func TestFindListed(t *testing.T) {
	g := gazetteer.New()
	tests := []struct{ name, text, want string }{
		{"full names", "江苏省苏州市昆山市", "江苏省 苏州市 昆山市"},
		{"short forms", "郑州和开封两地", "郑州市* 开封市*"},
		{"autonomous prefecture", "恩施州到西双版纳", "恩施土家族苗族自治州* 西双版纳傣族自治州*"},
		{"county without its city", "孟津县的葡萄熟了", "孟津县"},
		{"everyday word that is also a city", "朝阳产业带来安康生活", ""},
		{"the same by itself", "他从朝阳到安康。", "朝阳市* 安康市*"},
		{"a name across a word", "等到重大庆典那天", ""},
		{"the same name in its place", "他在大庆工作", "大庆市*"},
		{"company", "宁德时代的产线", "[宁德市*]"},
		{"university", "北京理工大学", "[北京市*]"},
		{"hospital at some distance", "上海第一人民医院", "[上海市*]"},
		{"a hospital that the place builds", "上海新建三家医院", "上海市*"},
		{"road", "沿南京路走", "[南京市*]"},
		{"full name of a market", "郑州市场很大", "郑州市*"},
		{"two characters need a boundary", "市和县区", ""},
		{"Traditional characters", "江蘇省蘇州市，從鄭州到開封", "江苏省 苏州市 郑州市* 开封市*"},
		{"a character of both", "陝西乾縣、陕西乾县", "陕西省* 乾县 陕西省* 乾县"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := names(g, tt.text); got != tt.want {
				t.Errorf("Find(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestFindBySuffix(t *testing.T) {
	g := gazetteer.New()
	tests := []struct{ name, text, want string }{
		{"subject", "临江区召开会议", "临江区"},
		{"after a verb, in a list", "推动沙湾街道、白塔镇食堂开门", "沙湾街道 白塔镇"},
		{"after a preposition and a place", "位于松岭县柳溪镇的菜园", "松岭县 柳溪镇"},
		{"city and district", "云泽市临江区", "云泽市 临江区"},
		{"new district", "走进江滨新区", "江滨新区"},
		{"before a committee", "松岭县委书记", "松岭县"},
		{"two joined by 到", "从平阜县到松岭县", "平阜县 松岭县"},
		{"everyday word as a town after a place", "松岭县幸福镇", "松岭县 幸福镇"},
		{"the left edge told elsewhere", "临江区委开会，夸赞临江区干部，喜看临江区", "临江区 临江区 临江区"},
		{"compounds", "老旧小区、城市片区和科技产业社区", ""},
		{"zones that are no names", "高标准农田示范区，物流园区，灌区，保税区，联动区", ""},
		{"kinds of place", "各乡镇、全市城镇，县城，市区，我县，两个县区", ""},
		{"words that go on", "区域医疗，市场监管，乡村旅游，街道理应干净", ""},
		{"work of the streets", "做好街道工作", ""},
		{"county and its economy", "松岭县域经济", "松岭县"},
		{"a village is not looked for", "到柳溪村去", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := names(g, tt.text); got != tt.want {
				t.Errorf("Find(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestWith(t *testing.T) {
	g := gazetteer.New()
	h := g.With([]string{"临江区", "云泽市", "松岭县", "江滨新区", "白塔镇"})
	tests := []struct{ name, text, want string }{
		{"question", "那临江呢？", "临江区*"},
		{"among other words", "擦亮临江养老品牌", "临江区*"},
		{"near-identical names", "临江和江滨不同", "临江区* 江滨新区*"},
		{"inside another word", "面临江水上涨", ""},
		{"newspaper", "云泽日报", "[云泽市*]"},
		{"branch of a hospital", "市二院临江院区开诊", "临江区*"},
		{"towns have no short form", "白塔很高", ""},
		{"Traditional characters", "雲澤市松嶺縣、臨江呢，白塔鎮", "云泽市 松岭县 临江区* 白塔镇"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := names(h, tt.text); got != tt.want {
				t.Errorf("Find(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
	if got := names(g, "擦亮临江养老品牌"); got != "" {
		t.Errorf("With changed its receiver: it finds %q", got)
	}
}

// TestTraditionalLists reads a list and looks names up in Traditional characters: a
// place has one name, whichever way it is written.
func TestTraditionalLists(t *testing.T) {
	g := gazetteer.New()
	if err := g.Load(strings.NewReader("雲澤市\t河南省\t澤城\n臨江區\t雲澤市\n"), "ours.txt"); err != nil {
		t.Fatal(err)
	}
	g = g.With([]string{"松嶺縣"})
	if got, want := names(g, "泽城的临江区和松岭"), "云泽市* 临江区 松岭县*"; got != want {
		t.Errorf("found %q, want %q", got, want)
	}
	if p, l := g.Parent("臨江區"), g.LevelOf("臨江區"); p != "云泽市" || l != gazetteer.LevelCounty {
		t.Errorf("parent %q, level %d", p, l)
	}
	if s := gazetteer.ShortForm("臨江區"); s != "临江" {
		t.Errorf("short form %q", s)
	}
}

func TestOthersAreWidestFirst(t *testing.T) {
	g := gazetteer.New().With([]string{"东崖区", "东崖县", "东崖市"})
	ms := g.Find("东崖的山")
	if len(ms) != 1 {
		t.Fatalf("Find gives %d matches, want 1", len(ms))
	}
	got := append([]string{ms[0].Name}, ms[0].Others...)
	if want := []string{"东崖市", "东崖区", "东崖县"}; !slices.Equal(got, want) {
		t.Errorf("candidates = %q, want %q", got, want)
	}
}

func TestLoad(t *testing.T) {
	const file = "\ufeff# places of ours\n\n云泽市\t河南省\t云泽,泽城\n临江区\t云泽市\t临江~\n云泽市\t\t泽都\n"
	g := gazetteer.New()
	if err := g.Load(strings.NewReader(file), "ours.txt"); err != nil {
		t.Fatal(err)
	}
	if got, want := names(g, "泽城人和泽都人，临江路边，去临江。"), "云泽市* 云泽市* 临江区*"; got != want {
		t.Errorf("found %q, want %q", got, want)
	}
	if got := g.Parent("临江区"); got != "云泽市" {
		t.Errorf("Parent = %q, want 云泽市", got)
	}
	if c, d := g.LevelOf("云泽市"), g.LevelOf("临江区"); c != gazetteer.LevelCity || d != gazetteer.LevelCounty {
		t.Errorf("levels = %d and %d, want %d and %d", c, d, gazetteer.LevelCity, gazetteer.LevelCounty)
	}
}

func TestLoadErrors(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"short name", "云泽市\n市\n", "ours.txt:2"},
		{"short alias", "云泽市\t\t云\n", "ours.txt:1"},
		{"too many fields", "云泽市\ta\tbc\td\n", "ours.txt:1"},
		{"not UTF-8", "# x\n\n\xd4\xc6\xd4\xf3\n", "ours.txt:3"},
		{"endless line", strings.Repeat("长", 1<<16), "ours.txt"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := gazetteer.New()
			err := g.Load(strings.NewReader(tt.file), "ours.txt")
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v, want one that names %s", err, tt.want)
			}
			if got := g.Parent("云泽市"); got != "" || g.LevelOf("云泽市") != gazetteer.LevelCity {
				t.Error("a file with an error left something behind")
			}
		})
	}
}

func TestBuiltIn(t *testing.T) {
	g := gazetteer.New()
	parents := map[string]string{
		"南京市": "江苏省", "凉山彝族自治州": "四川省", "日喀则市": "西藏自治区", "三沙市": "海南省",
		"兴安盟": "内蒙古自治区", "喀什地区": "新疆维吾尔自治区", "江苏省": "", "重庆市": "",
	}
	for name, want := range parents {
		if got := g.Parent(name); got != want {
			t.Errorf("Parent(%s) = %q, want %q", name, got, want)
		}
	}
	if got := names(g, "吉林省吉林市"); got != "吉林省 吉林市" {
		t.Errorf("found %q", got)
	}
	if got := names(g, "吉林很冷"); got != "吉林省*" {
		t.Errorf("the short form is the province's: found %q", got)
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"云泽市临江区、江滨新区和松岭县", "推动沙湾街道", "街道市区县", "\xff市县", "新区新区新区", "雲澤市臨江區、乾縣", ""} {
		f.Add(s)
	}
	g := gazetteer.New().With([]string{"临江区", "江滨新区"})
	f.Fuzz(func(t *testing.T, s string) {
		end := 0
		for _, m := range g.Find(s) {
			if m.Start < end || m.End <= m.Start || m.End > len(s) {
				t.Fatalf("span %v after %d in %q", m.Span, end, s)
			}
			if !utf8.ValidString(m.In(s)) {
				t.Fatalf("span %v of %q cuts a character", m.Span, s)
			}
			if !m.Alias && zh.Simplified(m.In(s)) != m.Name || m.Name == "" || m.Level == gazetteer.LevelUnknown {
				t.Fatalf("%q is found as %+v", m.In(s), m)
			}
			end = m.End
		}
	})
}

func FuzzLoad(f *testing.F) {
	f.Add("云泽市\t河南省\t云泽,泽城~\n# x\n", "去云泽")
	f.Add("ab\t\tcd", "abcd")
	base := gazetteer.New()
	f.Fuzz(func(t *testing.T, file, text string) {
		g := base.With(nil)
		if err := g.Load(strings.NewReader(file), "f"); err != nil && !strings.Contains(err.Error(), "gazetteer f") {
			t.Fatalf("error %v does not name the file", err)
		}
		g.Find(text)
	})
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		gazetteer.New()
	}
}

func BenchmarkFind(b *testing.B) {
	g := gazetteer.New().With([]string{"临江区", "松岭县"})
	text := strings.Repeat("近日，云泽市临江区召开推进会，推动沙湾街道、白塔镇的老年食堂开门，郑州来的客人也到场。会议听取了各部门的汇报。", 50)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		g.Find(text)
	}
}
