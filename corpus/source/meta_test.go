package source_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"wenbao/corpus"
	"wenbao/corpus/source"
)

func TestMetaFromPath(t *testing.T) {
	day := corpus.Date{Year: 2024, Month: 12, Day: 31}
	tests := []struct {
		path string
		want corpus.Meta
	}{
		{"2024-12-31/03.txt", corpus.Meta{Date: day, Edition: "3"}},
		{"20241231/03.txt", corpus.Meta{Date: day, Edition: "3"}},
		{"2024/12/31/A03.txt", corpus.Meta{Date: day, Edition: "A3"}},
		{"202412/31/a03.txt", corpus.Meta{Date: day, Edition: "A3"}},
		{"2024-12/31/content_5.txt", corpus.Meta{Date: day}},
		{"2024-12-31-03.txt", corpus.Meta{Date: day, Edition: "3"}},
		{"2024.12.31.txt", corpus.Meta{Date: day}},
		{"2024-12-31.txt.gz", corpus.Meta{Date: day}},
		{"2024-12-31_第12版.md", corpus.Meta{Date: day, Edition: "12"}},
		{"2024-12-31/03/开新局.txt", corpus.Meta{Date: day, Edition: "3"}},
		{"云泽日报/2024-12-31/03版.txt", corpus.Meta{Newspaper: "云泽日报", Date: day, Edition: "3"}},
		{"云泽晚报/2024年/云泽晚报2024年12月31日第三版.txt", corpus.Meta{Newspaper: "云泽晚报", Date: day, Edition: "3"}},
		{"云泽日报-20241231-A03.txt", corpus.Meta{Newspaper: "云泽日报", Date: day, Edition: "A3"}},
		{"云泽日报２０２４-１２-３１/０３.txt", corpus.Meta{Newspaper: "云泽日报", Date: day, Edition: "3"}},
		{"云泽日报/03.txt", corpus.Meta{Newspaper: "云泽日报", Edition: "3"}},
		{"头版.txt", corpus.Meta{Edition: "1"}},
		{"雲澤日報/2024-12-31/頭版.txt", corpus.Meta{Newspaper: "雲澤日報", Date: day, Edition: "1"}},
		{"十二版.txt", corpus.Meta{Edition: "12"}},
		{"2023-01-01/2024-12-31.txt", corpus.Meta{Date: day}},
		// What is no date, edition or newspaper.
		{"03.txt", corpus.Meta{}},
		{"chapter/12.txt", corpus.Meta{}},
		{"2024-02-30/03.txt", corpus.Meta{}},
		{"1024-12-31/03.txt", corpus.Meta{}},
		{"backup-2024-12-31/page.txt", corpus.Meta{}},
		{"20241231123456.txt", corpus.Meta{}},
		{"年度简报/page.txt", corpus.Meta{}},
		{"情况通报.txt", corpus.Meta{}},
		{"2024-12-31/1234.txt", corpus.Meta{Date: day}},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, ".", tt.path, zipIf(t, tt.path))
			pages, errs := collect(tt.path, "", source.Options{})
			if len(pages) != 1 || len(errs) != 0 {
				t.Fatalf("%d pages, problems %v", len(pages), errs)
			}
			diff(t, "meta", pages[0].Meta, tt.want)
			if pages[0].Source != tt.path {
				t.Errorf("source %q", pages[0].Source)
			}
		})
	}
}

func zipIf(t *testing.T, path string) string {
	if strings.HasSuffix(path, ".gz") {
		return zip(t, sample)
	}
	return sample
}

func TestFrontMatter(t *testing.T) {
	full := corpus.Meta{Newspaper: "云泽日报", Date: corpus.Date{Year: 2024, Month: 12, Day: 31}, Edition: "3"}
	tests := []struct {
		name, front string
		meta        corpus.Meta
		title       string
	}{
		{"english", "---\nnewspaper: 云泽日报\ndate: 2024-12-31\nedition: 03\ntitle: \"开新局\"\n---\n", full, "开新局"},
		{"chinese", "---\n报纸：云泽日报\n日期：2024年12月31日 星期二\n版次：第3版\n标题：开新局\n---\n", full, "开新局"},
		{"Traditional characters", "---\n報紙：雲澤日報\n日期：2024年12月31日 星期二\n版次：第3版\n標題：開新局\n---\n", corpus.Meta{Newspaper: "雲澤日報", Date: full.Date, Edition: "3"}, "開新局"},
		{"other keys, comments, empty lines", "\n---\n\n# 说明\nurl: x\n报纸: 云泽日报\nDate: 2024/12/31\npage: 3\n---\n", full, ""},
		{"line ends of Windows", "---\r\n报纸：云泽日报\r\n日期：20241231\r\n版次：03版：要闻\r\n---\r\n", full, ""},
		{"year and month", "---\ndate: 2024年12月\n---\n", corpus.Meta{Date: corpus.Date{Year: 2024, Month: 12}}, ""},
		{"no value", "---\ndate:\n版次：\n---\n", corpus.Meta{}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := readOne(t, "a.md", tt.front+sample, source.Options{})
			diff(t, "meta", p.Meta, tt.meta)
			if p.Title != tt.title || p.Text != sample || p.Single {
				t.Errorf("title %q, single %v, text %q", p.Title, p.Single, p.Text)
			}
		})
	}
}

func TestNotFrontMatter(t *testing.T) {
	for _, text := range []string{
		"---\n" + sample,
		"---\n访谈：何其安\n---\n" + sample,
		"---\n报纸：云泽日报\n" + sample,
		"---\n报纸：云泽日报\n没有键的一行\n---\n" + sample,
		"---\n报纸：云泽日报" + strings.Repeat("\n", 60) + "---\n" + sample,
		"---",
	} {
		p := readOne(t, "a.txt", text, source.Options{})
		if p.Text != text || p.Newspaper != "" {
			t.Errorf("text %q, newspaper %q; want the text as it was", p.Text, p.Newspaper)
		}
	}
}

func TestFrontMatterProblems(t *testing.T) {
	pages, errs := readAll(t, "a.txt", "---\n报纸：云泽日报\n日期：2024-02-30\n版次：副刊\n---\n"+sample, source.Options{})
	if len(pages) != 1 || pages[0].Newspaper != "云泽日报" || pages[0].Text != sample {
		t.Fatalf("pages %+v", pages)
	}
	wants := []struct {
		line int
		err  error
	}{{3, source.ErrDate}, {4, source.ErrFormat}}
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

func TestMetaPrecedence(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, ".", "云泽晚报/2023-01-01/01.txt", "---\ndate: 2024-06-01\nedition: 2\n---\n"+sample)
	opt := source.Options{Meta: corpus.Meta{Edition: "第03版"}}
	for p, err := range source.Read(context.Background(), "云泽晚报/2023-01-01/01.txt", nil, opt) {
		if err != nil {
			t.Fatal(err)
		}
		diff(t, "meta", p.Meta, corpus.Meta{
			Newspaper: "云泽晚报",                                    // the path
			Date:      corpus.Date{Year: 2024, Month: 6, Day: 1}, // the file
			Edition:   "3",                                       // the user
		})
	}
}
