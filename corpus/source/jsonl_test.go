package source_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"wenbao/corpus"
	"wenbao/corpus/source"
)

func TestReadRecords(t *testing.T) {
	day := corpus.Date{Year: 2024, Month: 12, Day: 31}
	tests := []struct {
		name, line string
		want       corpus.Page
	}{
		{"all fields", `{"id":"d1","title":" 开新局\n再出发 ","text":"一\r\n二","date":"2024-12-31","newspaper":"云泽日报","edition":"03","url":"x","tags":[1]}`,
			corpus.Page{DocID: "d1", Title: "开新局 再出发", Text: "一\n二", Meta: corpus.Meta{Newspaper: "云泽日报", Date: day, Edition: "3"}}},
		{"numbers", `{"id":17,"text":"一","date":20241231,"page":3}`,
			corpus.Page{DocID: "17", Text: "一", Meta: corpus.Meta{Date: day, Edition: "3"}}},
		{"source is a newspaper", `{"text":"一","source":"云泽日报","date":"2024/12/31"}`,
			corpus.Page{Text: "一", Meta: corpus.Meta{Newspaper: "云泽日报", Date: day}}},
		{"source is an address", `{"text":"一","source":"http://example.org/1","date":"2024年12月31日"}`,
			corpus.Page{Text: "一", Meta: corpus.Meta{Date: day}}},
		{"empty and null fields", `{"id":null,"title":"","text":"一","date":"","edition":{},"page":"要闻"}`, corpus.Page{Text: "一"}},
		{"time of day", `{"text":"一","date":"2024-12-31T08:00:00Z"}`, corpus.Page{Text: "一", Meta: corpus.Meta{Date: day}}},
		{"escapes", `{"text":"\u4e00\u0000\ud800"}`, corpus.Page{Text: "一\ufffd"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := readOne(t, source.Stdin, tt.line, source.Options{})
			tt.want.Source, tt.want.Single = source.Stdin, true
			diff(t, "page", got, tt.want)
		})
	}
}

func TestReadBrokenRecords(t *testing.T) {
	lines := []string{
		`{"id":"1","text":"一"}`,
		``,
		`{"id":"3","text":"三"`,
		`{"id":"4","text":["四"]}`,
		`{"id":"5"}`,
		`{"id":"6","text":"六","date":"去年"}`,
		"{\"text\":\"\xff\"}",
		`{"text":"` + strings.Repeat("长", 6<<20) + `"}`,
		`{"id":"9","text":"九"}`,
		`{"id":"10","te`,
	}
	pages, errs := readAll(t, "a.jsonl", strings.Join(lines, "\n"), source.Options{})
	var ids []string
	for _, p := range pages {
		ids = append(ids, p.DocID)
	}
	diff(t, "pages", ids, []string{"1", "6", "9"})
	wants := []struct {
		line int
		err  error
	}{
		{3, source.ErrFormat}, {4, source.ErrFormat}, {5, source.ErrEmpty}, {6, source.ErrDate},
		{7, source.ErrCharset}, {8, source.ErrTooLarge}, {10, source.ErrTruncated},
	}
	if len(errs) != len(wants) {
		t.Fatalf("problems %v, want %v", errs, wants)
	}
	for i, want := range wants {
		var p *source.Problem
		if !errors.As(errs[i], &p) || p.Line != want.line || !errors.Is(p, want.err) {
			t.Errorf("problem %v, want %v on line %d", errs[i], want.err, want.line)
		}
	}
}

func TestReadGivesUpOnOtherFormats(t *testing.T) {
	_, errs := readAll(t, "a.jsonl", strings.Repeat("不是记录\n", 5000), source.Options{})
	if n := len(errs); n == 0 || n > 200 {
		t.Errorf("%d problems, want some and not thousands", n)
	}
	mixed := strings.Repeat("不是记录\n{\"text\":\"一\"}\n", 300)
	if pages, _ := readAll(t, "a.jsonl", mixed, source.Options{}); len(pages) != 300 {
		t.Errorf("%d pages of a file with every other line broken, want 300", len(pages))
	}
}

func TestReadCutArchive(t *testing.T) {
	var b strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&b, `{"id":"%d","text":"第%d条"}`+"\n", i, i*i)
	}
	packed := zip(t, b.String())
	pages, errs := readAll(t, "a.jsonl.gz", packed[:len(packed)/2], source.Options{})
	if len(pages) == 0 || len(errs) != 1 || !errors.Is(errs[0], source.ErrTruncated) {
		t.Errorf("%d pages, problems %v; want some and %v", len(pages), errs, source.ErrTruncated)
	}
}

// lines gives n records without holding them.
type lines struct {
	n    int
	rest string
}

func (l *lines) Read(b []byte) (int, error) {
	if l.rest == "" {
		if l.n == 0 {
			return 0, io.EOF
		}
		l.n--
		l.rest = `{"text":"` + strings.Repeat("临江区开会", 200) + "\"}\n"
	}
	n := copy(b, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

func TestReadStreamsRecords(t *testing.T) {
	const n, size = 1500, 3000 // 4.5 MB
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	pages := 0
	for _, err := range source.Read(context.Background(), source.Stdin, &lines{n: n}, source.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if pages++; pages == n {
			runtime.GC()
			runtime.ReadMemStats(&now)
		}
	}
	if pages != n {
		t.Errorf("%d pages, want %d", pages, n)
	}
	if held := int64(now.HeapAlloc) - int64(before.HeapAlloc); held > n*size/4 {
		t.Errorf("%d bytes held at the last of %d records", held, n)
	}
}

func BenchmarkReadRecords(b *testing.B) {
	in := lines{n: 1}
	one, err := io.ReadAll(&in)
	if err != nil {
		b.Fatal(err)
	}
	const n = 200
	b.SetBytes(int64(n * len(one)))
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range source.Read(context.Background(), source.Stdin, &lines{n: n}, source.Options{}) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
