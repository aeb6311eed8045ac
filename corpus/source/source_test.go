package source_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"wenbao/corpus"
	"wenbao/corpus/source"
)

// sample is text of the kind that is read, long enough to tell a charset by.
const sample = "本报讯 昨日，临江区召开会议，总结全年工作。\n\n会议要求，沙湾街道、白塔镇要把老旧小区改造抓紧抓实，让群众住得更安心。\n"

// readAll reads a file below a new folder, or standard input for the name "-".
func readAll(t *testing.T, name, content string, opt source.Options) ([]corpus.Page, []error) {
	t.Helper()
	if name == source.Stdin {
		return collect(name, content, opt)
	}
	full := write(t, t.TempDir(), name, content)
	return collect(full, "", opt)
}

func collect(path, stdin string, opt source.Options) (pages []corpus.Page, errs []error) {
	for p, err := range source.Read(context.Background(), path, strings.NewReader(stdin), opt) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		pages = append(pages, p)
	}
	return pages, errs
}

// readOne wants one page and no problem.
func readOne(t *testing.T, name, content string, opt source.Options) corpus.Page {
	t.Helper()
	pages, errs := readAll(t, name, content, opt)
	if len(pages) != 1 || len(errs) != 0 {
		t.Fatalf("read %s: %d pages, problems %v; want one page", name, len(pages), errs)
	}
	return pages[0]
}

func write(t *testing.T, dir, name, content string) string {
	t.Helper()
	full := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return full
}

func encode(t testing.TB, enc encoding.Encoding, text string) string {
	t.Helper()
	b, err := enc.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func zip(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReadCharsets(t *testing.T) {
	utf16le := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	utf16be := unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	gb := simplifiedchinese.GB18030
	declared := func(charset string) string { return `<meta charset="` + charset + `"><p>囧囧</p>` }
	tests := []struct {
		name, file, content, want string
	}{
		{"utf-8", "a.txt", sample, sample},
		{"byte order mark", "a.txt", "\ufeff" + sample, sample},
		{"joined files", "a.txt", sample + "\ufeff" + sample, sample + sample},
		{"utf-16 little endian", "a.txt", encode(t, utf16le, sample), sample},
		{"utf-16 big endian", "a.txt", encode(t, utf16be, sample), sample},
		{"gb18030", "a.txt", encode(t, gb, sample), sample},
		{"gb18030 with four bytes", "a.txt", encode(t, gb, sample+"𠮷"), sample + "𠮷"},
		{"gb18030 page that says gb2312", "a.html", encode(t, gb, declared("gb2312")), "囧囧"},
		{"gb18030 page that says latin-1", "a.html", encode(t, gb, `<meta charset="iso-8859-1"><p>临江区开会</p>`), "临江区开会"},
		{"gb18030 page that says utf-8", "a.html", encode(t, gb, `<meta charset="utf-8"><p>临江区开会</p>`), "临江区开会"},
		{"big5 page", "a.html", encode(t, traditionalchinese.Big5, `<meta charset="big5"><p>臨江區開會</p>`), "臨江區開會"},
		{"gb18030 records", "a.jsonl", encode(t, gb, `{"text":"临江区开会"}`), "临江区开会"},
		{"line ends", "a.txt", "一\r\n二\r三\f四\n", "一\n二\n三\n四\n"},
		{"stray controls", "a.txt", "\x1b" + sample, sample},
		{"ascii", "a.txt", "plain words", "plain words"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := readOne(t, tt.file, tt.content, source.Options{}).Text; got != tt.want {
				t.Errorf("text %q, want %q", got, tt.want)
			}
		})
	}
}

func TestReadBadFiles(t *testing.T) {
	broken := strings.Replace(sample, "会议", "会\xff议", 1)
	packed := zip(t, sample)
	tests := []struct {
		name, file, content string
		want                error
	}{
		{"empty", "a.txt", "", source.ErrEmpty},
		{"only spaces", "a.txt", "\ufeff \n\t\n", source.ErrEmpty},
		{"only front matter", "a.txt", "---\ndate: 2024-12-31\n---\n", source.ErrEmpty},
		{"empty records", "a.jsonl", "\n\n", source.ErrEmpty},
		{"empty page", "a.html", "<title>没有正文</title><script>x()</script>", source.ErrEmpty},
		{"zero bytes", "a.txt", "PK\x03\x04\x00\x00", source.ErrBinary},
		{"control characters", "a.txt", "\x01\x02\x03abcdefgh", source.ErrBinary},
		{"utf-16 without mark", "a.txt", encode(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), sample), source.ErrBinary},
		{"utf-8 with a broken byte", "a.txt", broken, source.ErrCharset},
		{"big5", "a.txt", encode(t, traditionalchinese.Big5, strings.Repeat("臨江區召開會議，總結全年工作，要求各街道抓緊改造老舊小區。", 3)), source.ErrCharset},
		{"latin-1", "a.txt", "d\xe9j\xe0 vu, \xe0 la carte", source.ErrCharset},
		{"broken gzip", "a.txt.gz", packed[:20] + "xxxx" + packed[24:], source.ErrFormat},
		{"gzip that is none", "a.jsonl.gz", "\x1f\x8b\x01\x02\x03\x04\x05\x06\x07\x08\x09", source.ErrFormat},
		{"too large", "a.txt", strings.Repeat("字", 100), source.ErrTooLarge},
		{"too large when unpacked", "a.txt.gz", zip(t, strings.Repeat("字", 5000)), source.ErrTooLarge},
		{"too large from standard input", "-", strings.Repeat("字", 100), source.ErrTooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			opt := source.Options{}
			if errors.Is(tt.want, source.ErrTooLarge) {
				opt.MaxBytes = 200
			}
			pages, errs := readAll(t, tt.file, tt.content, opt)
			if len(pages) != 0 || len(errs) != 1 || !errors.Is(errs[0], tt.want) {
				t.Errorf("%d pages, problems %v; want %v alone", len(pages), errs, tt.want)
			}
		})
	}
}

func TestReadTruncated(t *testing.T) {
	gb := encode(t, simplifiedchinese.GB18030, sample+"完")
	packed := zip(t, strings.Repeat(sample, 50))
	utf16 := encode(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), sample)
	tests := []struct {
		name, file, content, want string
	}{
		{"utf-8", "a.txt", (sample + "完")[:len(sample)+2], sample},
		{"utf-8 with mark", "a.txt", "\ufeff" + (sample + "完")[:len(sample)+1], sample},
		{"gb18030", "a.txt", gb[:len(gb)-1], sample},
		{"utf-16", "a.txt", utf16 + "\x4e", sample},
		{"replaced by another program", "a.txt", sample + "\ufffd", sample},
		{"web page", "a.html", ("<p>临江区开会完")[:len("<p>临江区开会完")-1], "临江区开会"},
		{"gzip", "a.txt.gz", packed[:len(packed)-8], strings.Repeat(sample, 50)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pages, errs := readAll(t, tt.file, tt.content, source.Options{})
			if len(pages) != 1 || pages[0].Text != tt.want {
				t.Fatalf("pages %+v, want one with %q", pages, tt.want)
			}
			if len(errs) != 1 || !errors.Is(errs[0], source.ErrTruncated) {
				t.Errorf("problems %v, want %v", errs, source.ErrTruncated)
			}
		})
	}
}

func TestReadUnreadable(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.txt", sample)
	loop := filepath.Join(dir, "loop.txt")
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		path string
		want error
	}{
		{filepath.Join(dir, "none.txt"), fs.ErrNotExist},
		{loop, source.ErrLoop},
	}
	for _, tt := range tests {
		_, errs := collect(tt.path, "", source.Options{})
		if len(errs) != 1 || !errors.Is(errs[0], tt.want) {
			t.Errorf("read %s: %v, want %v", tt.path, errs, tt.want)
		}
	}
	for _, path := range []string{filepath.Join(dir, "a.txt", "b.txt"), dir} {
		_, errs := collect(path, "", source.Options{})
		var problem *source.Problem
		if len(errs) != 1 || !errors.As(errs[0], &problem) || problem.Path != path {
			t.Fatalf("read %s: %v, want a problem of this path", path, errs)
		}
		if msg := problem.Error(); strings.Count(msg, path) != 1 {
			t.Errorf("message %q: want the path once", msg)
		}
	}
}

func TestReadNoPermission(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	path := write(t, t.TempDir(), "a.txt", sample)
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	if _, errs := collect(path, "", source.Options{}); len(errs) != 1 || !errors.Is(errs[0], fs.ErrPermission) {
		t.Errorf("problems %v, want %v", errs, fs.ErrPermission)
	}
}

// endless counts what is read of a stream that does not end.
type endless struct{ n int64 }

func (e *endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'a'
	}
	e.n += int64(len(b))
	return len(b), nil
}

func TestReadStopsAtLimit(t *testing.T) {
	const limit = 1 << 20
	in := &endless{}
	for _, err := range source.Read(context.Background(), source.Stdin, in, source.Options{MaxBytes: limit}) {
		if !errors.Is(err, source.ErrTooLarge) {
			t.Errorf("got %v, want %v", err, source.ErrTooLarge)
		}
	}
	if in.n > 2*limit {
		t.Errorf("read %d bytes for a limit of %d", in.n, limit)
	}
}

func TestReadLargeFileByItsSize(t *testing.T) {
	path := write(t, t.TempDir(), "a.txt", "")
	if err := os.Truncate(path, 100<<20); err != nil { // a hole: no disk is used
		t.Fatal(err)
	}
	if _, errs := collect(path, "", source.Options{}); len(errs) != 1 || !errors.Is(errs[0], source.ErrTooLarge) {
		t.Errorf("problems %v, want %v", errs, source.ErrTooLarge)
	}
}

func TestReadSniffs(t *testing.T) {
	tests := []struct {
		name, file, content string
		single              bool
		want                string
	}{
		{"text", "-", sample, false, sample},
		{"records", "-", "\n {\"text\":\"临江区开会\"}\n", true, "临江区开会"},
		{"web page", "-", "\ufeff<p>临江区开会</p>", true, "临江区开会"},
		{"packed records", "-", zip(t, `{"text":"临江区开会"}`), true, "临江区开会"},
		{"records in utf-16", "-", encode(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), `{"text":"临江区开会"}`), true, "临江区开会"},
		{"unknown name", "page.dat", sample, false, sample},
		{"no name", "page", "<p>临江区开会</p>", true, "临江区开会"},
		{"upper case", "PAGE.HTM", "<p>临江区开会</p>", true, "临江区开会"},
		{"named text", "a.txt", "<p>临江区开会</p>", false, "<p>临江区开会</p>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := readOne(t, tt.file, tt.content, source.Options{})
			if got.Text != tt.want || got.Single != tt.single {
				t.Errorf("single %v, text %q; want %v, %q", got.Single, got.Text, tt.single, tt.want)
			}
		})
	}
}

func TestReadCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	in := strings.NewReader(strings.Repeat(`{"text":"临江区开会"}`+"\n", 5))
	pages := 0
	var last error
	for _, err := range source.Read(ctx, source.Stdin, in, source.Options{}) {
		if last = err; err == nil {
			pages++
		}
		cancel()
	}
	if pages != 1 || !errors.Is(last, context.Canceled) {
		t.Errorf("%d pages, then %v; want one, then %v", pages, last, context.Canceled)
	}
}

func TestReadStopsWithConsumer(t *testing.T) {
	content := `{"text":"临江区开会","date":"昨天","edition":"副刊"}` + "\n{\n{\n"
	for stop := 1; stop <= 5; stop++ {
		got := 0
		for range source.Read(context.Background(), source.Stdin, strings.NewReader(content), source.Options{}) {
			if got++; got == stop {
				break
			}
		}
		if got != stop {
			t.Errorf("%d results, want %d", got, stop)
		}
	}
}

func TestOptionsValidate(t *testing.T) {
	bad := []source.Options{
		{MaxBytes: -1},
		{Meta: corpus.Meta{Date: corpus.Date{Year: 2024, Month: 2, Day: 30}}},
		{Meta: corpus.Meta{Edition: "副刊"}},
	}
	for _, opt := range bad {
		if opt.Validate() == nil {
			t.Errorf("%+v: want an error", opt)
		}
		if pages, errs := readAll(t, "a.txt", sample, opt); len(pages) != 0 || len(errs) != 1 {
			t.Errorf("read with %+v: %d pages, problems %v", opt, len(pages), errs)
		}
	}
	if err := (source.Options{}).Validate(); err != nil {
		t.Errorf("zero options: %v", err)
	}
}

// checkPages is what holds for all pages and problems, whatever was read.
func checkPages(t *testing.T, pages []corpus.Page, errs []error) {
	t.Helper()
	for _, p := range pages {
		for _, s := range []string{p.Text, p.Title, p.DocID, p.Newspaper, p.Edition} {
			if !utf8.ValidString(s) || strings.ContainsAny(s, "\r\x00\ufeff") {
				t.Errorf("unclean string %q", s)
			}
		}
		if strings.TrimSpace(p.Text) == "" {
			t.Errorf("page without text: %+v", p)
		}
		if !p.Date.Valid() || strings.Contains(p.Title, "\n") {
			t.Errorf("page with date %v, title %q", p.Date, p.Title)
		}
	}
	for _, err := range errs {
		var problem *source.Problem
		if !errors.As(err, &problem) || problem.Path != source.Stdin {
			t.Errorf("error %v is no problem of standard input", err)
		}
	}
	if len(pages) == 0 && len(errs) == 0 {
		t.Error("neither a page nor a problem")
	}
}

func diff(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}
