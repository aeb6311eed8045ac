package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"wenbao/corpus/library"
	"wenbao/rag"
	"wenbao/rag/embed"
	"wenbao/rag/eval"
	"wenbao/rag/index"
)

// benchData names the environment variable with the folder of the data sets that
// the large benchmarks need; without it they are skipped.
const benchData = "WENBAO_BENCH"

// BenchmarkAskColdStart is the whole process of a question over the sample pages.
func BenchmarkAskColdStart(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "wenbao")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	for b.Loop() {
		cmd := exec.Command(binary, "ask", "--corpus", pages, "临江区2025年养老方面有什么计划？")
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
	}
}

func crudNews(b *testing.B) string {
	b.Helper()
	dir := os.Getenv(benchData)
	if dir == "" {
		b.Skip(benchData + " is not set")
	}
	return filepath.Join(dir, "crud_news")
}

// BenchmarkIngestCrud reads crud_news into a library and indexes it. It takes
// half a minute: run it with -benchtime 1x.
func BenchmarkIngestCrud(b *testing.B) {
	corpus := crudNews(b) + ".corpus.jsonl.gz"
	for b.Loop() {
		ingestCrud(b, b.TempDir(), corpus)
	}
}

// BenchmarkCrud measures opening and searching crud_news.
func BenchmarkCrud(b *testing.B) {
	corpus := crudNews(b) + ".corpus.jsonl.gz"
	questions, err := eval.ReadFile(crudNews(b)+".queries.jsonl.gz", eval.ReadJudged)
	if err != nil {
		b.Fatal(err)
	}
	data := b.TempDir()
	lib, ix := openCrud(b, data, corpus)
	defer lib.Close()
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			lib, err := library.Open(data)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := index.Open(data, lib, index.Options{Embedder: embed.New()}); err != nil {
				b.Fatal(err)
			}
			if err := lib.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, system := range []index.System{index.Lexical, index.Dense, index.Hybrid} {
		b.Run(string(system), func(b *testing.B) {
			var times []time.Duration
			for i := 0; b.Loop(); i++ {
				start := time.Now()
				q := rag.Query{Text: questions[i%len(questions)].Question}
				if _, err := ix.SearchWith(b.Context(), q, rag.DefaultK, index.SearchOptions{System: system}); err != nil {
					b.Fatal(err)
				}
				times = append(times, time.Since(start))
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
}

func ingestCrud(b *testing.B, data, corpus string) {
	b.Helper()
	var stderr bytes.Buffer
	e := env{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &stderr, Getenv: func(string) string { return "" }, Now: time.Now}
	if code := run(b.Context(), []string{"ingest", "--data", data, corpus}, e); code != exitOK {
		b.Fatalf("ingest: exit code %d: %s", code, &stderr)
	}
}

// openCrud makes a library of the corpus in data and opens it.
func openCrud(b *testing.B, data, corpus string) (*library.Library, *index.Index) {
	b.Helper()
	ingestCrud(b, data, corpus)
	lib, err := library.Open(data)
	if err != nil {
		b.Fatal(err)
	}
	ix, err := index.Open(data, lib, index.Options{Embedder: embed.New()})
	if err != nil {
		b.Fatal(err)
	}
	return lib, ix
}
