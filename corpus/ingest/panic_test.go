package ingest_test

import (
	"errors"
	"strings"
	"testing"

	"wenbao/corpus/facet"
	"wenbao/corpus/ingest"
	"wenbao/corpus/library"
	"wenbao/corpus/panics"
)

// mine is a reader that panics after its text.
type mine struct{ text *strings.Reader }

func (m mine) Read(p []byte) (int, error) {
	if m.text.Len() == 0 {
		panic("no more")
	}
	return m.text.Read(p)
}

// TestPanic: a panic in one of the goroutines comes out where Read or Update was
// called, commits nothing, and leaves the library free for the next one.
func TestPanic(t *testing.T) {
	for name, change := range map[string]func(*ingest.Options){
		"while a file is read":        func(o *ingest.Options) { o.Stdin = mine{strings.NewReader(pageFive)} },
		"while a page is taken apart": func(o *ingest.Options) { o.Annotator = &facet.Annotator{} },
	} {
		t.Run(name, func(t *testing.T) {
			opt := options()
			opt.Stdin = strings.NewReader(pageFive)
			change(&opt)
			dir := t.TempDir()
			p := panics.Catch(func() {
				report, err := ingest.Update(t.Context(), dir, []string{"-"}, opt)
				t.Errorf("no panic: %+v, %v", report, err)
			})
			if p == nil {
				t.Fatal("Update ended without a panic")
			}
			if _, err := library.Open(dir); !errors.Is(err, library.ErrNoLibrary) {
				t.Errorf("the library after it: %v", err)
			}
			opt = options()
			opt.Stdin = strings.NewReader(pageFive)
			if report, err := ingest.Update(t.Context(), dir, []string{"-"}, opt); err != nil || report.TotalArticles != 1 {
				t.Errorf("the next update: %+v, %v", report, err)
			}
		})
	}
}
