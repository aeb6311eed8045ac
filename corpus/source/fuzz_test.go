package source_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"wenbao/corpus"
	"wenbao/corpus/source"
)

// FuzzRead reads any bytes as standard input, where the format is told by the
// bytes themselves.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"testdata/founder.html", "testdata/site.html"} {
		page, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(page)
	}
	for _, seed := range []string{
		sample,
		"---\n日期：2024年12月31日\n版次: A03\n---\n" + sample,
		`{"id":1,"text":"一","date":"2024-12-31"}` + "\n{\n" + `{"text":"二","page":"第三版"}`,
		encode(f, simplifiedchinese.GB18030, sample+"𠮷"),
		"\xff\xfe{\x00\"\x00",
		zip(f, sample),
		"<!--enpproperty <date>2024-12-31</date><title>t<table><tr><td>a<td>b",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		var pages []corpus.Page
		var errs []error
		opt := source.Options{MaxBytes: 1 << 20}
		for p, err := range source.Read(context.Background(), source.Stdin, bytes.NewReader(content), opt) {
			if err != nil {
				errs = append(errs, err)
				continue
			}
			pages = append(pages, p)
		}
		checkPages(t, pages, errs)
	})
}

// FuzzReadText holds that clean text comes out as it went in.
func FuzzReadText(f *testing.F) {
	f.Add(sample)
	f.Add("---\ndate: 2024\n---\n" + sample)
	f.Add("## 一\r\n■二\x07")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.HasPrefix(strings.TrimSpace(text), "{") || strings.HasPrefix(strings.TrimSpace(text), "<") {
			return
		}
		pages, errs := collect(source.Stdin, text, source.Options{MaxBytes: 1 << 20})
		checkPages(t, pages, errs)
		if len(pages) != 1 || len(errs) != 0 {
			return
		}
		again, _ := collect(source.Stdin, pages[0].Text, source.Options{})
		if strings.HasPrefix(strings.TrimSpace(pages[0].Text), "---") || len(again) == 0 {
			return // a second block of front matter, or a sniffed format
		}
		if !again[0].Single && again[0].Text != pages[0].Text {
			t.Errorf("read again: %q, want %q", again[0].Text, pages[0].Text)
		}
	})
}

// FuzzReadHTML holds that scripts and hidden elements never become text.
func FuzzReadHTML(f *testing.F) {
	f.Add("<p>一。</p>")
	f.Add(`<table><tr><td>甲</td><td>乙</td></tr></table><div id="ozoom"><br>二`)
	f.Fuzz(func(t *testing.T, body string) {
		if strings.Contains(body, "秘") || strings.Contains(body, "&") {
			return
		}
		page := "<html><head><script>秘</script></head><body><p style='display: none'>秘</p><p hidden>秘</p>" + body
		pages, errs := collect(source.Stdin, page, source.Options{MaxBytes: 1 << 20})
		checkPages(t, pages, errs)
		for _, p := range pages {
			if strings.Contains(p.Text, "秘") {
				t.Errorf("hidden words in %q", p.Text)
			}
		}
	})
}

// FuzzReadRecord holds that a record's fields come out as they went in.
func FuzzReadRecord(f *testing.F) {
	f.Add("d1", "一。\n二。", "2024-12-31", "A03")
	f.Add("", "\x00\r\n", "2024年12月", "第三版")
	f.Add("1", " ", "2024/2/30 08:00", "十一版：要闻")
	f.Fuzz(func(t *testing.T, id, text, date, edition string) {
		line, err := json.Marshal(map[string]string{"id": id, "text": text, "date": date, "edition": edition})
		if err != nil {
			t.Fatal(err)
		}
		pages, errs := collect(source.Stdin, string(line), source.Options{})
		checkPages(t, pages, errs)
		isPlain := utf8.ValidString(text) && !strings.ContainsFunc(id+text+date+edition, func(r rune) bool {
			return r != '\n' && r != '\t' && unicode.IsControl(r) || r == '\ufeff'
		})
		if isPlain && strings.TrimSpace(text) != "" && (len(pages) != 1 || pages[0].Text != text) {
			t.Errorf("pages %+v, problems %v; want one with text %q", pages, errs, text)
		}
	})
}
