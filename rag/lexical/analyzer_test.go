package lexical_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"wenbao/rag/lexical"
)

// loaded is the one analyzer of most tests: loading takes long under the race detector.
var loaded = sync.OnceValues(func() (*lexical.Analyzer, error) {
	return lexical.NewAnalyzer([]string{"云泽市", "临江区", "松岭县", "江滨新区", "柳溪镇"})
})

// plain has no words but the list's.
var plain = sync.OnceValues(func() (*lexical.Analyzer, error) { return lexical.NewAnalyzer(nil) })

func analyzer(t testing.TB) *lexical.Analyzer {
	t.Helper()
	a, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestWords(t *testing.T) {
	tests := []struct {
		name, text, want string
	}{
		{"words of the list", "推进养老服务中心建设", "推进 养老 服务中心 建设"},
		{"stop words go", "临江区的养老有什么计划？", "临江区 养老 计划"},
		{"added places stay whole", "江滨新区与柳溪镇", "江滨新区 柳溪镇"},
		{"Traditional characters", "推進養老服務中心建設，臨江區的養老有甚麼計劃", "推进 养老 服务中心 建设 临江区 养老 计划"},
		{"characters of both scripts", "著名的乾隆，隨著瞭解", "着名 干隆"},
		{"decimal", "增长5.6%，达到１５.５亿元", "增长 5.6 达到 15.5 亿元"},
		{"point at the end", "共5.", "共 5"},
		{"year", "2025年全市计划", "2025 2025年 全市 计划"},
		{"year and noun", "2025 年度", "2025 2025年 年度"},
		{"number apart from its unit", "2025，年", "2025"},
		{"month and day", "12月30日", "12 12月 30 30日"},
		{"Latin words apart", "Open Source 5G基站", "open source 5g 基站"},
		{"space within a Han word", "养 老服 务", "养老 服务"},
		{"lines apart", "社区养\n老人", "社区 养 老人"},
		{"one character", "水", "水"},
		{"only stop words", "什么的吗", ""},
		{"no words", "！？ \t😀——", ""},
		{"empty", "", ""},
		{"not UTF-8", "养老\xff服务", "养老 服务"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(analyzer(t).Words(tt.text), " "); got != tt.want {
				t.Errorf("Words(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestExtraWordsWinOverTheirParts(t *testing.T) {
	listed, err := plain()
	if err != nil {
		t.Fatal(err)
	}
	const text = "柳溪镇"
	if got := listed.Words(text); len(got) < 2 {
		t.Fatalf("Words(%q) = %q without the extra word: the test needs one that falls apart", text, got)
	}
	if got := analyzer(t).Words(text); !slices.Equal(got, []string{text}) {
		t.Errorf("Words(%q) = %q", text, got)
	}
}

func TestBigrams(t *testing.T) {
	tests := []struct {
		text, want string
	}{
		{"白塔镇养老", "白塔 塔镇 镇养 养老"},
		{"白塔，养老", "白塔 养老"},
		{"水", "水"},
		{"２０２５年 第3号", "2025 年第 3 号"},
		{"Open Source", "open source"},
		{"白 塔\n镇", "白塔 镇"},
		{"𠮷野家", "𠮷野 野家"},
		{"…", ""},
	}
	for _, tt := range tests {
		if got := strings.Join(lexical.Bigrams(tt.text), " "); got != tt.want {
			t.Errorf("Bigrams(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestNameTellsAnalyzersApart(t *testing.T) {
	listed, err := plain()
	if err != nil {
		t.Fatal(err)
	}
	if listed.Name() == analyzer(t).Name() {
		t.Error("different words, same name")
	}
	again, err := lexical.NewAnalyzer([]string{"松岭县", "柳溪镇", "江滨新区", "云泽市", "临江区", "临江区", "5G", "镇"})
	if err != nil {
		t.Fatal(err)
	}
	if again.Name() != analyzer(t).Name() {
		t.Error("order, repetition and words that are not added change the name")
	}
}

func TestAnalyzersMadeAndUsedAtOnce(t *testing.T) {
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			a, err := lexical.NewAnalyzer([]string{"临江区"})
			if err != nil {
				t.Error(err)
				return
			}
			for range 2 {
				wg.Go(func() {
					if got := a.Words("临江区养老"); len(got) != 2 {
						t.Errorf("Words = %q", got)
					}
				})
			}
		})
	}
	wg.Wait()
}

func TestWordListIsAsGenerated(t *testing.T) {
	list, err := os.ReadFile("words.txt")
	if err != nil {
		t.Fatal(err)
	}
	header, rest, _ := strings.Cut(string(list), "\n")
	var said int
	if _, err := fmt.Sscanf(header, "# %d words", &said); err != nil || !strings.Contains(header, "Apache-2.0") {
		t.Errorf("header %q: want the number of words and the licence (%v)", header, err)
	}
	last, words := "", 0
	for line := range strings.Lines(rest) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		word, _, _ := strings.Cut(line, " ")
		if word <= last || utf8.RuneCountInString(word) < 2 {
			t.Fatalf("%q after %q: want words of two or more characters in order", word, last)
		}
		last = word
		words++
	}
	if words != said {
		t.Errorf("%d words, the header says %d", words, said)
	}
}

// FuzzWords checks that terms are folded text: every word and every bigram is
// found in the text with white space and case gone, and nothing is empty.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"临江区2025年养老计划", "5.6%", "Open Source 5G", "😀 水", "\xff\xfe", "a\u3000b\n\nc"} {
		f.Add(s)
	}
	a := analyzer(f)
	f.Fuzz(func(t *testing.T, text string) {
		bigrams := lexical.Bigrams(text)
		for _, w := range slices.Concat(a.Words(text), bigrams) {
			if w == "" || !utf8.ValidString(w) || strings.ContainsAny(w, " \n\t，。") {
				t.Fatalf("term %q of %q", w, text)
			}
		}
		// A text's terms do not depend on what is on other lines.
		twice := lexical.Bigrams(text + "\n" + text)
		if !slices.Equal(twice, slices.Concat(bigrams, bigrams)) {
			t.Fatalf("two lines of %q: %q, one: %q", text, twice, bigrams)
		}
	})
}
