package zh_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// cut is the text of each span.
func cut(text string, spans []corpus.Span) []string {
	var parts []string
	for _, sp := range spans {
		parts = append(parts, sp.In(text))
	}
	return parts
}

func TestSentences(t *testing.T) {
	tests := []struct {
		name, in string
		want     []string
	}{
		{"stops", "水厂通水了。谁来管？大家管！", []string{"水厂通水了。", "谁来管？", "大家管！"}},
		{"newline", "  白塔镇\n\n柳溪镇　\r\n", []string{"白塔镇", "柳溪镇"}},
		{"closing quote", "“路要修到家门口。”他说。再说", []string{"“路要修到家门口。”", "他说。", "再说"}},
		{"quotation of two", "“先修路。再栽树！”众人说", []string{"“先修路。", "再栽树！”", "众人说"}},
		{"comma after", "“动工了！”，他说。", []string{"“动工了！”，他说。"}},
		{"ellipsis", "灯亮了……人来了…走吧", []string{"灯亮了……", "人来了…", "走吧"}},
		{"several marks", "真的？！真的。", []string{"真的？！", "真的。"}},
		{"half width", "真的?真的!好", []string{"真的?", "真的!", "好"}},
		{"title", "读《出发！云泽》有感。（据云泽日报。）完", []string{"读《出发！云泽》有感。", "（据云泽日报。）完"}},
		{"open title", "读《出发！云泽。完", []string{"读《出发！", "云泽。", "完"}},
		{"open quote", "“先修路。\n再栽树。完", []string{"“先修路。", "再栽树。", "完"}},
		{"decimals", "增长3.5%。a?b=c", []string{"增长3.5%。", "a?b=c"}},
		{"label", "1.加快建设。2. 做好公园.", []string{"1.加快建设。", "2. 做好公园."}},
		{"english", "It rains. Go. 好", []string{"It rains.", "Go.", "好"}},
		{"straight quotes", `他说:"先修路。"又说:"再栽树。"完`, []string{`他说:"先修路。"`, `又说:"再栽树。"`, "完"}},
		{"opening straight quote", `路通了。"再栽树。"`, []string{"路通了。", `"再栽树。"`}},
		{"nothing", " \n\u3000\ufeff", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := cut(tt.in, zh.Sentences(tt.in)); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestClauses(t *testing.T) {
	tests := []struct {
		name, in string
		want     []string // each with its Lead in front
	}{
		{"full width", "建水厂，修道路；种树。", []string{"建水厂", "，修道路", "；种树。"}},
		{"half width", "建水厂, 修道路;种树", []string{"建水厂", ",修道路", ";种树"}},
		{"digits", "投资1,200万元,新增3,40张,1,2345", []string{"投资1,200万元", ",新增3", ",40张", ",1", ",2345"}},
		{"quotes", "强调“稳，进；立”，抓好", []string{"强调“稳，进；立”", "，抓好"}},
		{"nested", "《甲，（乙，丙），丁》，戊", []string{"《甲，（乙，丙），丁》", "，戊"}},
		{"open quote", "“建水厂，修道路。", []string{"“建水厂", "，修道路。"}},
		{"stray closer", "建水厂，修道路”，种树", []string{"建水厂", "，修道路”", "，种树"}},
		{"crossed", "“建（水厂”，修）路，种", []string{"“建（水厂”", "，修）路", "，种"}},
		{"straight", `说"稳，进"，抓好`, []string{`说"稳，进"`, "，抓好"}},
		{"empty", "，，建；", []string{"，建"}},
		{"nothing", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, c := range zh.Clauses(tt.in) {
				text := c.In(tt.in)
				if c.Lead != 0 {
					text = string(c.Lead) + text
				}
				got = append(got, text)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestItems(t *testing.T) {
	tests := []struct {
		in   string
		want []string
	}{
		{"推动沙湾街道、白塔镇养老中心投用", []string{"推动沙湾街道", "白塔镇养老中心投用"}},
		{"建“水、电”站、 路", []string{"建“水、电”站", "路"}},
		{"、、", nil},
	}
	for _, tt := range tests {
		if got := cut(tt.in, zh.Items(tt.in)); !slices.Equal(got, tt.want) {
			t.Errorf("Items(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// checkCover checks that spans are in order on rune boundaries of text, that
// none begins or ends blank, and that only runes of gaps lie between them.
func checkCover(t *testing.T, text string, spans []corpus.Span, gaps string) {
	t.Helper()
	last := 0
	between := func(end int) {
		rest := strings.Trim(zh.Fold(text[last:end]), gaps)
		if rest != "" {
			t.Fatalf("%q: %q is in no span", text, rest)
		}
	}
	for _, sp := range spans {
		checkSpan(t, text, sp, last)
		between(sp.Start)
		part := sp.In(text)
		if zh.Fold(firstRune(part)) == "" || zh.Fold(lastRune(part)) == "" {
			t.Fatalf("%q begins or ends with a blank", part)
		}
		last = sp.End
	}
	between(len(text))
}

// checkSpan checks that sp is a span of text on rune boundaries, not before last.
func checkSpan(t *testing.T, text string, sp corpus.Span, last int) {
	t.Helper()
	if sp.Start < last || sp.End <= sp.Start || sp.End > len(text) {
		t.Fatalf("%q: span %v after %d", text, sp, last)
	}
	if utf8.ValidString(text) && !utf8.ValidString(sp.In(text)) {
		t.Fatalf("%q: span %v cuts a rune", text, sp)
	}
}

func firstRune(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return s[:n]
}

func lastRune(s string) string {
	_, n := utf8.DecodeLastRuneInString(s)
	return s[len(s)-n:]
}

func FuzzSentences(f *testing.F) {
	for _, s := range []string{"“路要修。”他说。《走！》\n1.2. 好……", "\xe3\x80。", `"。"`, "（（（。"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		spans := zh.Sentences(s)
		checkCover(t, s, spans, "")
		for _, part := range cut(s, spans) {
			if strings.ContainsAny(part, "\r\n") {
				t.Fatalf("%q runs over a line", part)
			}
		}
	})
}

func FuzzClauses(f *testing.F) {
	for _, s := range []string{"“稳，进”，抓；1,200", "（《，", `"a,"b`, "、甲、（乙、丙）"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var spans []corpus.Span
		for i, c := range zh.Clauses(s) {
			if i > 0 && !strings.ContainsRune("，,；;", c.Lead) {
				t.Fatalf("%q: clause %d has lead %q", s, i, c.Lead)
			}
			spans = append(spans, c.Span)
		}
		checkCover(t, s, spans, ",;")
		checkCover(t, s, zh.Items(s), "、")
	})
}
