package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"wenbao/corpus/library"
)

const pages = "../../testdata/pages"

// newEnv is an environment with its own home, and what is written to it.
func newEnv(t *testing.T) (e env, stdout, stderr *bytes.Buffer) {
	t.Helper()
	home := t.TempDir()
	stdout, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	return env{
		Stdin:  strings.NewReader(""),
		Stdout: stdout,
		Stderr: stderr,
		Getenv: func(key string) string {
			return map[string]string{"HOME": home, "LANG": "zh_CN.UTF-8", "WENBAO_DATA": filepath.Join(home, "lib")}[key]
		},
		Now: time.Now,
	}, stdout, stderr
}

// interruptedReader is input in the middle of which somebody types Ctrl-C.
type interruptedReader struct {
	io.Reader
	cancel func()
}

func (r interruptedReader) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	if err != nil {
		r.cancel()
	}
	return n, err
}

// TestIngestInterrupted wants the library as it was after Ctrl-C in mid-ingest,
// free for the next writer.
func TestIngestInterrupted(t *testing.T) {
	e, _, stderr := newEnv(t)
	if code := run(t.Context(), []string{"ingest", pages + "/2025-01-15"}, e); code != exitOK {
		t.Fatalf("ingest: exit code %d: %s", code, stderr)
	}
	before := generation(t, e.Getenv("WENBAO_DATA"))

	ctx, cancel := context.WithCancel(t.Context())
	e.Stdin = interruptedReader{strings.NewReader("白塔镇修好一座桥\n\n白塔镇的石桥上月修好。\n"), cancel}
	if code := run(ctx, []string{"ingest", pages + "/2024-12-31", "-"}, e); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	if got := stderr.String(); got != "wenbao: 已中断\n" {
		t.Errorf("stderr %q", got)
	}
	if after := generation(t, e.Getenv("WENBAO_DATA")); after != before {
		t.Errorf("generation %d became %d", before, after)
	}
	if code := run(t.Context(), []string{"ingest", pages}, e); code != exitOK {
		t.Errorf("ingest after it: exit code %d: %s", code, stderr)
	}
}

func generation(t *testing.T, dir string) uint64 {
	t.Helper()
	lib, err := library.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	return lib.Generation()
}

// fullDisk is a file on a disk without room.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) {
	return 0, &os.PathError{Op: "write", Path: "answer", Err: syscall.ENOSPC}
}

func TestOutputOnFullDisk(t *testing.T) {
	for _, args := range [][]string{
		{"help"},
		{"version", "--json"},
		{"articles", "--corpus", pages},
		{"articles", "--json", "--corpus", pages},
	} {
		e, _, stderr := newEnv(t)
		e.Stdout = fullDisk{}
		if code := run(t.Context(), args, e); code != exitFailed {
			t.Errorf("%v: exit code %d, want %d", args, code, exitFailed)
		}
		if got := stderr.String(); !strings.Contains(got, "磁盘满了") || strings.Count(got, "\n") != 1 {
			t.Errorf("%v: stderr %q", args, got)
		}
	}
}

// TestControlCharacters wants nothing that steers a terminal to come through from
// printed text.
func TestControlCharacters(t *testing.T) {
	file := filepath.Join(t.TempDir(), "page.txt")
	text := "白塔镇修好\x1b]0;x\x07一座桥\n\n白塔镇的石桥\u202e上月修好，\x1b[31m村民不用再绕路。\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	e, stdout, _ := newEnv(t)
	if code := run(t.Context(), []string{"search", "--corpus", file, "石桥"}, e); code != exitOK {
		t.Fatalf("exit code %d", code)
	}
	if got := stdout.String(); strings.ContainsAny(got, "\x1b\x07\u202e") || !strings.Contains(got, "石桥") {
		t.Errorf("output %q", got)
	}
}

// TestExplainUnknown keeps an error that nobody foresaw on one line.
func TestExplainUnknown(t *testing.T) {
	m := catalogue(langZH)
	message, code := m.explain(errors.New("strange"))
	if message != "出错了：strange" || code != exitFailed {
		t.Errorf("%q, exit code %d", message, code)
	}
}
