package bot_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"wenbao/bot"
	"wenbao/corpus"
	"wenbao/corpus/source"
)

const smallPage = `---
报纸：云泽日报
日期：2025-02-06
版次：2
---

白塔镇添了一座便民桥

本报讯（记者 秦望舒）2月5日，临江区白塔镇便民桥通车，桥长86米，两岸3个村的村民不再绕路。
`

// send has a file sent by an admin in a private chat.
func (k *talk) send(name string, size int64) bot.Reply {
	k.t.Helper()
	return k.handle(k.event(bot.Event{Kind: bot.EventDocument, File: &bot.File{ID: "f", Name: name, Size: size}}))
}

// reading is a library that reads pages with two reports of progress.
func reading(t *testing.T, k *talk) *[]string {
	var names []string
	k.shelf.ingest = func(name string, r io.Reader, tell func(done, total int64)) (bot.Ingested, error) {
		names = append(names, name)
		b, err := io.ReadAll(r)
		if err != nil {
			return bot.Ingested{}, err
		}
		for done := range 101 {
			tell(int64(done), 100)
		}
		tell(0, 0)
		var in bot.Ingested
		for _, r := range page(t, string(b)) {
			in.Articles = append(in.Articles, &r.Article)
			in.Passages += len(r.Passages)
		}
		in.TotalArticles = 18 + len(in.Articles)
		return in, nil
	}
	return &names
}

func TestIngest(t *testing.T) {
	k := newTalk(t, func(o *bot.Options) { o.Files = files{content: smallPage} }).as(admin)
	names := reading(t, k)
	r := k.send("2025-02-06 02版.txt", 400)
	for _, want := range []string{"02版.txt", "报道 1 篇", "白塔镇添了一座便民桥", "云泽日报 2025-02-06 第2版", "现有报道 19 篇", "地方：白塔镇"} {
		if !strings.Contains(text(r), want) {
			t.Errorf("no %q in\n%s", want, text(r))
		}
	}
	if !slices.Equal(*names, []string{"2025-02-06 02版.txt"}) {
		t.Errorf("read were %q", *names)
	}
	if n := len(k.shown); n < 3 || n > 12 || !strings.Contains(messageText(k.shown[n-1]), "100%") {
		t.Errorf("progress was told %d times", n)
	}
}

func TestIngestRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		file string
		size int64
		who  string
		want string
	}{
		{"a resident's", "a.txt", 10, "@resident", "只有管理员"},
		{"in a group", "a.txt", 10, "@group", "只有管理员"},
		{"no text", "a.exe", 10, "@admin", ".jsonl"},
		{"no extension", "a", 10, "@admin", ".jsonl"},
		{"gzip of no text", "a.pdf.gz", 10, "@admin", ".jsonl"},
		{"too large", "a.txt", 21 << 20, "@admin", "20 MB"},
		{"larger than was said", "a.txt", 1, "@admin", "20 MB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := newTalk(t, func(o *bot.Options) { o.Files = files{content: strings.Repeat("长", 8<<20)} })
			names := reading(t, k)
			k.become(tt.who)
			if r := k.send(tt.file, tt.size); !strings.Contains(text(r), tt.want) || len(*names) > 0 {
				t.Errorf("%s (%d read)", text(r), len(*names))
			}
		})
	}
	t.Run("an admin's in a group", func(t *testing.T) {
		k := newTalk(t, nil).as(admin).in(group)
		if r := k.send("a.txt", 10); !strings.Contains(text(r), "私聊") {
			t.Error(text(r))
		}
	})
	t.Run("nothing to write into", func(t *testing.T) {
		if r := newTalk(t, nil).as(admin).send("a.txt.gz", 10); !strings.Contains(text(r), "不能添加") {
			t.Error(text(r))
		}
	})
	t.Run("somebody else writes", func(t *testing.T) {
		k := newTalk(t, func(o *bot.Options) { o.Files = files{content: smallPage} }).as(admin)
		k.shelf.ingest = func(string, io.Reader, func(done, total int64)) (bot.Ingested, error) {
			return bot.Ingested{}, fmt.Errorf("lock: %w", bot.ErrBusy)
		}
		if r := k.send("a.txt", 10); !strings.Contains(text(r), "等它做完") {
			t.Error(text(r))
		}
	})
	t.Run("no files", func(t *testing.T) {
		k := newTalk(t, func(o *bot.Options) { o.Files = nil }).as(admin)
		if r := k.send("a.md", 10); !strings.Contains(text(r), "不能添加") {
			t.Error(text(r))
		}
	})
	t.Run("the transport fails", func(t *testing.T) {
		k := newTalk(t, func(o *bot.Options) { o.Files = files{err: errors.New("token 12:ab")} }).as(admin)
		if r := k.send("a.md", 10); !strings.Contains(text(r), "出了点问题") || strings.Contains(text(r), "token") {
			t.Error(text(r))
		}
	})
}

// TestIngestProblems wants plain words for everything that may be wrong with a
// file, and none of the program's.
func TestIngestProblems(t *testing.T) {
	said := map[string]bool{}
	for _, err := range []error{
		source.ErrEmpty, source.ErrBinary, source.ErrTooLarge, source.ErrCharset, source.ErrFormat, source.ErrTruncated, source.ErrDate,
		errors.New("EOF"),
	} {
		k := newTalk(t, nil).as(admin)
		k.shelf.ingest = func(string, io.Reader, func(done, total int64)) (bot.Ingested, error) {
			return bot.Ingested{Problem: &source.Problem{Path: "/srv/secret.txt", Err: err}}, nil
		}
		r := text(k.send("a.txt", 10))
		if strings.Contains(r, err.Error()) || strings.Contains(r, "secret") || !strings.Contains(r, "没有读到报道") || said[r] {
			t.Errorf("%v: %s", err, r)
		}
		said[r] = true
	}
}

func TestIngestLists(t *testing.T) {
	k := newTalk(t, nil).as(admin)
	k.shelf.ingest = func(string, io.Reader, func(done, total int64)) (bot.Ingested, error) {
		in := bot.Ingested{Fragments: 2, Duplicates: 3, Passages: 40}
		for range 14 {
			in.Articles = append(in.Articles, &corpus.Article{Title: "一座桥"})
		}
		return in, nil
	}
	r := text(k.send("a.jsonl", 10))
	if n := strings.Count(r, "《一座桥》"); n != 10 || !strings.Contains(r, "还有 4 篇") || !strings.Contains(r, "2 篇的前文") || !strings.Contains(r, "3 篇库里") {
		t.Errorf("%d titles in\n%s", n, r)
	}
}

func TestReloadCommand(t *testing.T) {
	k := newTalk(t, nil).as(admin)
	k.shelf.changed = true
	if r := k.say("/reload"); !strings.Contains(text(r), "18 篇") {
		t.Error(text(r))
	}
	k.shelf.changed, k.shelf.err = false, errors.New("manifest: bad magic")
	if r := k.say("/reload"); !strings.Contains(text(r), "仍用原来的") || strings.Contains(text(r), "magic") {
		t.Error(text(r))
	}
	k.as(resident)
	if r := k.say("/reload"); !strings.Contains(text(r), "没有这个命令") {
		t.Error(text(r))
	}
}
