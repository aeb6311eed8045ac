package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"wenbao/bot"
	"wenbao/corpus/library"
)

func TestSafeName(t *testing.T) {
	for in, want := range map[string]string{
		"云泽日报2025-01-15第3版.txt":                "云泽日报2025-01-15第3版.txt",
		"../../etc/passwd":                     "passwd",
		`C:\pages\03.txt`:                      "03.txt",
		"/":                                    "_",
		"":                                     "_",
		"..":                                   "_",
		".hidden.txt":                          "hidden.txt",
		"a\x00b\u202e.md":                      "a_b_.md",
		"a:b*c?.jsonl.gz":                      "a_b_c_.jsonl.gz",
		"\xff.txt":                             "_.txt",
		".txt":                                 "txt",
		"03..":                                 "03",
		strings.Repeat("版", 100):               strings.Repeat("版", 66),
		strings.Repeat("版", 100) + ".jsonl.gz": strings.Repeat("版", 63) + ".jsonl.gz",
	} {
		if got := safeName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzSafeName(f *testing.F) {
	for _, s := range []string{"03版.txt", "../x", `a\b.gz`, ".", " .gz", "a.\u0085", strings.Repeat(".x", 200)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got := safeName(in)
		switch {
		case got == "", len(got) > maxName, !utf8.ValidString(got):
			t.Errorf("%q: %q", in, got)
		case filepath.Base(got) != got, !filepath.IsLocal(got), strings.ContainsAny(got, `/\:`), strings.HasPrefix(got, "."):
			t.Errorf("%q: %q leaves its folder or is hidden", in, got)
		case safeName(got) != got:
			t.Errorf("%q: %q becomes %q", in, got, safeName(got))
		}
	})
}

const sentPage = "白塔镇修好一座桥\n\n本报讯（记者 李禾）白塔镇的石桥上月修好，村民不用再绕路。\n"

// receiving is an app with a library of one page, and a function that receives a
// file into it.
func receiving(t *testing.T) (dir string, receive func(name, text string) (bot.Ingested, error)) {
	t.Helper()
	e, _, stderr := newEnv(t)
	if code := run(t.Context(), []string{"ingest", pages + "/2025-01-15"}, e); code != exitOK {
		t.Fatalf("ingest: %s", stderr)
	}
	dir = e.Getenv("WENBAO_DATA")
	a := newApp(nil, e)
	return dir, func(name, text string) (bot.Ingested, error) {
		return a.receive(t.Context(), dir, name, strings.NewReader(text), func(int64, int64) {})
	}
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(dir, path)
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestReceive takes a page, the same again, another of the same name, and what is
// no page.
func TestReceive(t *testing.T) {
	dir, receive := receiving(t)
	received := filepath.Join(dir, receivedDir)
	first, err := receive("../云泽日报2025-01-16第2版.txt", sentPage)
	if err != nil || len(first.Articles) != 1 || first.Passages == 0 || first.Problem != nil {
		t.Fatalf("%+v, %v", first, err)
	}
	part := first.Articles[0].Parts[0]
	if part.Newspaper != "云泽日报" || part.Date.String() != "2025-01-16" || part.Edition != "2" {
		t.Errorf("printed in %+v", part.Meta)
	}
	again, err := receive("云泽日报2025-01-16第2版.txt", sentPage)
	if err != nil || len(again.Articles) != 1 || again.TotalArticles != first.TotalArticles {
		t.Errorf("again: %+v, %v", again, err)
	}
	other, err := receive("云泽日报2025-01-16第2版.txt", strings.ReplaceAll(sentPage, "白塔镇", "柳溪镇"))
	if err != nil || len(other.Articles) != 1 || other.TotalArticles != first.TotalArticles+1 ||
		other.Articles[0].Parts[0].Date.String() != "2025-01-16" {
		t.Errorf("another: %+v, %v", other, err)
	}
	copied, err := receive("抄.txt", sentPage)
	if err != nil || len(copied.Articles) != 1 || copied.Duplicates != 1 || copied.TotalArticles != other.TotalArticles {
		t.Errorf("a copy: %+v, %v", copied, err)
	}
	nothing, err := receive("空.txt", " \n")
	if err != nil || len(nothing.Articles) != 0 || nothing.Problem == nil {
		t.Errorf("nothing: %+v, %v", nothing, err)
	}
	want := "2/云泽日报2025-01-16第2版.txt\n云泽日报2025-01-16第2版.txt\n抄.txt"
	if got := strings.Join(files(t, received), "\n"); got != want {
		t.Errorf("files\n%s\nwant\n%s", got, want)
	}
}

// TestReceiveFails wants nothing to be left of a file that could not be taken.
func TestReceiveFails(t *testing.T) {
	dir, receive := receiving(t)
	w, err := library.Begin(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = receive("03.txt", sentPage)
	if !errors.Is(err, bot.ErrBusy) || !errors.As(err, new(*library.LockedError)) {
		t.Errorf("locked: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	cut := errors.New("cut")
	if _, _, err := keepFile(filepath.Join(dir, receivedDir), "03.txt", iotest.ErrReader(cut)); !errors.Is(err, cut) {
		t.Errorf("cut: %v", err)
	}
	if left := files(t, filepath.Join(dir, receivedDir)); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
}

// TestReceiveIssue sends two pages of an issue, the second of which goes on with
// what the first begins: each is told with its own articles.
func TestReceiveIssue(t *testing.T) {
	_, receive := receiving(t)
	page := func(title, text string) string { return title + "\n\n本报讯（记者 李禾）" + text + "\n" }
	first, err := receive("云泽日报2025-01-17第1版.txt", page("柳溪镇清淤修渠", "柳溪镇上月清淤修渠，共修好支渠三条。（下转2版）"))
	if err != nil || len(first.Articles) != 1 {
		t.Fatalf("%+v, %v", first, err)
	}
	second, err := receive("云泽日报2025-01-17第2版.txt",
		"（上接1版）水渠通到了每一块田，村民说今年不愁浇水。\n\n"+page("白塔镇修好一座桥", "白塔镇的石桥上月修好，村民不用再绕路。"))
	if err != nil || len(second.Articles) == 0 {
		t.Fatalf("%+v, %v", second, err)
	}
	for _, a := range second.Articles {
		of := false
		for _, p := range a.Parts {
			of = of || strings.HasSuffix(p.Source, "第2版.txt")
		}
		if !of {
			t.Errorf("%q is of another page", a.Title)
		}
	}
}

// TestReceiveInterrupted wants the library and its folder as they were.
func TestReceiveInterrupted(t *testing.T) {
	e, _, _ := newEnv(t)
	dir := e.Getenv("WENBAO_DATA")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	a := newApp(nil, e)
	_, err := a.receive(ctx, dir, "03.txt", strings.NewReader(sentPage), func(int64, int64) {})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, receivedDir, "03.txt")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it was kept: %v", err)
	}
}

func TestSpan(t *testing.T) {
	a := newApp(nil, env{Getenv: func(string) string { return "" }, Now: time.Now})
	for in, want := range map[string]time.Duration{"": 0, "20s": 20 * time.Second, "12h": 12 * time.Hour, "30d": 720 * time.Hour} {
		if got, err := a.span(setting{value: in}); err != nil || got != want {
			t.Errorf("%q: %v, %v, want %v", in, got, err, want)
		}
	}
	for _, in := range []string{"0s", "-1h", "d", "-3d", "1.5d", "99999999d", "soon", "30"} {
		if got, err := a.span(setting{value: in}); err == nil {
			t.Errorf("%q is read as %v", in, got)
		}
	}
}
