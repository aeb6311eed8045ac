package zh_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

func TestFold(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"full width", "ＡＢｃ１２３，％", "abc123,%"},
		{"blanks", "\ufeff云 泽\u3000市\u200b\t\n", "云泽市"},
		{"quotes", "“一‘二’”「三」『四』\"五\"'", `"一"二"""三""四""五""`},
		{"stops", "好。好｡好.", "好.好.好."},
		{"dashes", "2021—2025–１－２", "2021-2025-1-2"},
		{"brackets", "【甲】〔乙〕〈丙〉《丁》（戊）", "[甲][乙]《丙》《丁》(戊)"},
		{"middle dot", "阿·乙•丙・丁", "阿·乙·丙·丁"},
		{"invalid", "云\xff泽", "云\ufffd泽"},
		{"empty", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := zh.Fold(tt.in); got != tt.want {
				t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestFoldedSource(t *testing.T) {
	const printed = "临江区 “十五五”规划，　新增Ｐ床位 ３５张。\n完"
	f := zh.FoldMap(printed)
	tests := []struct{ find, want string }{
		{`区"十五五"规划,新增`, "区 “十五五”规划，　新增"},
		{`"十五五"`, "“十五五”"},
		{"p床位35张.", "Ｐ床位 ３５张。"},
		{"5张.完", "５张。\n完"},
		{",", "，"},
	}
	for _, tt := range tests {
		at := strings.Index(f.Text, tt.find)
		if at < 0 {
			t.Fatalf("%q is not in %q", tt.find, f.Text)
		}
		got := f.Source(corpus.Span{Start: at, End: at + len(tt.find)})
		if got.In(printed) != tt.want {
			t.Errorf("Source of %q = %q, want %q", tt.find, got.In(printed), tt.want)
		}
	}
	if got := f.Source(corpus.Span{Start: 3, End: 3}); got != (corpus.Span{Start: 3, End: 3}) {
		t.Errorf("empty span: %v", got)
	}
	if got := zh.FoldMap(" \n").Source(corpus.Span{}); got != (corpus.Span{}) {
		t.Errorf("nothing printed: %v", got)
	}
}

func TestCountHan(t *testing.T) {
	if got := zh.CountHan("云泽市，2025年〇Ａb。"); got != 5 {
		t.Errorf("CountHan = %d, want 5", got)
	}
	for r, want := range map[rune]bool{'云': true, '〇': true, '㐀': true, '，': false, 'Ａ': false, 'a': false, 'か': false} {
		if zh.IsHan(r) != want {
			t.Errorf("IsHan(%q) = %v", r, !want)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"云泽市 “十五五”，ＡＢ\xff", "\u3000İ", "K Ω ẞ", "臨江區「著」裡 薴", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := zh.Fold(s)
		if zh.Fold(folded) != folded {
			t.Fatalf("folding twice: %q, %q", folded, zh.Fold(folded))
		}
		m := zh.FoldMap(s)
		if m.Text != folded {
			t.Fatalf("FoldMap %q, Fold %q", m.Text, folded)
		}
		last := 0
		for i, r := range folded {
			sp := corpus.Span{Start: i, End: i + utf8.RuneLen(r)}
			src := m.Source(sp)
			if src.Start < last || src.End <= src.Start || src.End > len(s) {
				t.Fatalf("Source(%v) = %v of %d bytes, after %d", sp, src, len(s), last)
			}
			if zh.Fold(src.In(s)) != string(r) {
				t.Fatalf("%q came from %q", r, src.In(s))
			}
			if zh.Fold(s[last:src.Start]) != "" {
				t.Fatalf("%q lost", s[last:src.Start])
			}
			last = src.End
		}
		if whole := m.Source(corpus.Span{End: len(folded)}); folded != "" && zh.Fold(whole.In(s)) != folded {
			t.Fatalf("whole text came from %q", whole.In(s))
		}
	})
}
