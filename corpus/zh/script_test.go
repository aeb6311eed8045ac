package zh_test

import (
	"slices"
	"testing"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

func TestSimplified(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"sentence", "臨江區今年新增養老床位320張，讓老人住得安心。", "临江区今年新增养老床位320张，让老人住得安心。"},
		{"several for one", "頭髮發展 皇后後年 裡裏 臺台檯颱 乾幹干", "头发发展 皇后后年 里里 台台台台 乾干干"},
		{"variants", "羣眾衆 峯 牀 啟啓 說説 為爲 祕", "群众众 峰 床 启启 说说 为为 秘"},
		{"question words", "什麼時候？誰？幾個？哪裡？多少錢嗎？", "什么时候？谁？几个？哪里？多少钱吗？"},
		{"corner brackets", "他說：「辦好『食堂』。」", "他说：“办好‘食堂’。”"},
		{"of Simplified print too", "乾县著名瞭望慰藉", "乾县著名瞭望慰藉"},
		{"Simplified", "云泽市“十五五”规划，ＡＢ 3", "云泽市“十五五”规划，ＡＢ 3"},
		{"invalid", "臨\xff區\xe8", "临\xff区\xe8"},
		{"empty", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := zh.Simplified(tt.in); got != tt.want {
				t.Errorf("Simplified(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestFoldJoinsScripts(t *testing.T) {
	for _, tt := range [][2]string{
		{"隨著著名的乾隆", "随着著名的乾隆"},
		{"餅乾能幹，晾乾", "饼干能干，晾干"},
		{"瞭解慰藉", "了解慰借"},
		{"妳和牠，裏面幾隻", "你和它，里面几只"},
		{"「雲澤」", "“云泽”"},
	} {
		if a, b := zh.Fold(tt[0]), zh.Fold(tt[1]); a != b {
			t.Errorf("Fold(%q) = %q, Fold(%q) = %q", tt[0], a, tt[1], b)
		}
	}
	const printed = "臨江區 「十五五」規劃"
	f := zh.FoldMap(printed)
	if got := f.Source(corpus.Span{Start: len("临江"), End: len(`临江区"十五五"规`)}).In(printed); got != "區 「十五五」規" {
		t.Errorf("came from %q", got)
	}
}

func TestAsPrinted(t *testing.T) {
	for _, tt := range []struct {
		printed, read, want string
		ok                  bool
	}{
		{"區長藍玉衡說", "蓝玉衡", "藍玉衡", true},
		{"区长蓝玉衡说", "蓝玉衡", "蓝玉衡", true},
		{"區長藍玉衡說", "沈怀谦", "", false},
	} {
		if got, ok := zh.AsPrinted(tt.printed, tt.read); got != tt.want || ok != tt.ok {
			t.Errorf("AsPrinted(%q, %q) = %q, %v", tt.printed, tt.read, got, ok)
		}
	}
}

func TestSimplifiedArticle(t *testing.T) {
	printed := corpus.Article{Title: "臨江開新局", Text: "臨江開新局\n新增養老床位320張。", City: "云泽市"}
	read := zh.SimplifiedArticle(&printed)
	if read.Title != "临江开新局" || read.Text != "临江开新局\n新增养老床位320张。" || read.City != "云泽市" {
		t.Errorf("read %+v", read)
	}
	if printed.Title != "臨江開新局" {
		t.Error("the article was changed")
	}
	if again := zh.SimplifiedArticle(read); again != read {
		t.Error("an article in Simplified characters was copied")
	}
	if zh.SimplifiedArticle(nil) != nil {
		t.Error("no article gives one")
	}
}

// TestTraditionalFiguresAndTimes finds the same figures and times at the same
// places of a text in either script.
func TestTraditionalFiguresAndTimes(t *testing.T) {
	const simplified = "2024年12月30日，临江区新增床位320张，投资近2.5亿元，育苗三万余亩，两条线投用；“十四五”以来，下半年将于8点开会，明年增长百分之十。"
	const traditional = "2024年12月30日，臨江區新增床位320張，投資近2.5億元，育苗三萬餘畝，兩條線投用；「十四五」以來，下半年將於8點開會，明年增長百分之十。"
	figures, times := zh.Figures(simplified), zh.Times(simplified, corpus.Date{Year: 2024, Month: 12, Day: 31})
	if len(figures) < 5 || len(times) < 4 {
		t.Fatalf("%d figures, %d times in the text itself", len(figures), len(times))
	}
	if got := zh.Figures(traditional); !slices.Equal(got, figures) {
		t.Errorf("figures %+v, want %+v", got, figures)
	}
	if got := zh.Times(traditional, corpus.Date{Year: 2024, Month: 12, Day: 31}); !slices.Equal(got, times) {
		t.Errorf("times %+v, want %+v", got, times)
	}
	if v, ok := zh.ParseNumber("兩萬三千億"); !ok || v != "2300000000000" {
		t.Errorf("ParseNumber: %q, %v", v, ok)
	}
}

// TestEveryCharacter reads and folds each character of the block into one of the
// block that stays as it is.
func TestEveryCharacter(t *testing.T) {
	for r := '\u4e00'; r <= '\u9fff'; r++ {
		s := string(r)
		read, folded := zh.Simplified(s), zh.Fold(s)
		if len(read) != len(s) || len(folded) != len(s) || zh.Simplified(read) != read || zh.Fold(folded) != folded || zh.Fold(read) != folded {
			t.Errorf("%s reads %s and folds to %s", s, read, folded)
		}
	}
}

func BenchmarkFoldTraditional(b *testing.B) {
	text := traditionalText()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		zh.Fold(text)
	}
}

func BenchmarkSimplified(b *testing.B) {
	for _, bb := range []struct{ name, text string }{{"Simplified", benchText()}, {"Traditional", traditionalText()}} {
		b.Run(bb.name, func(b *testing.B) {
			b.SetBytes(int64(len(bb.text)))
			for b.Loop() {
				zh.Simplified(bb.text)
			}
		})
	}
}

func FuzzSimplified(f *testing.F) {
	for _, s := range []string{"臨江區 「十五五」\xff", "乾隆著名", "薴苧苎", "\ufffd裡", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		read := zh.Simplified(s)
		if len(read) != len(s) || zh.Simplified(read) != read {
			t.Fatalf("%q reads %q", s, read)
		}
		for i, r := range read {
			if was, size := utf8.DecodeRuneInString(s[i:]); size != utf8.RuneLen(r) && r != utf8.RuneError || zh.IsHan(was) != zh.IsHan(r) {
				t.Fatalf("%q at %d reads %q", was, i, r)
			}
		}
		if zh.Fold(read) != zh.Fold(s) {
			t.Fatalf("%q folds to %q, what it reads to %q", s, zh.Fold(s), zh.Fold(read))
		}
		if words, ok := zh.AsPrinted(s, read); !ok || words != s {
			t.Fatalf("%q is printed %q", s, words)
		}
	})
}
