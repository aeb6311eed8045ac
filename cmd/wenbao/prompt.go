package main

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/peterh/liner"
)

// prompt reads lines from a terminal, with editing and the history of earlier
// chats.
type prompt struct {
	state   *liner.State
	text    string
	history string // the file, "" for none
}

func newPrompt(a *app) *prompt {
	p := &prompt{state: liner.NewLiner(), text: a.m.ChatPrompt, history: a.historyFile()}
	p.state.SetCtrlCAborts(true)
	if f, err := os.Open(p.history); err == nil {
		_, _ = p.state.ReadHistory(f) // without it the chat goes on
		_ = f.Close()
	}
	return p
}

// historyFile is where the questions typed are kept: with the library. --corpus
// leaves nothing behind.
func (a *app) historyFile() string {
	dir, err := a.dataDir()
	if len(a.global.corpus) > 0 || err != nil {
		return ""
	}
	return filepath.Join(dir, "chat_history")
}

// typed is a line, or why there is none.
type typed struct {
	line string
	err  error
}

// lines ends with Ctrl-D, Ctrl-C, which gives context.Canceled, or the context.
//
// Nothing can interrupt a read of a terminal: the goroutine of one that is under
// way when the context is done ends with the program.
func (p *prompt) lines(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for {
			next := make(chan typed, 1)
			go func() {
				line, err := p.state.Prompt(p.text)
				next <- typed{line, err}
			}()
			select {
			case <-ctx.Done():
				return
			case in := <-next:
				if !p.take(&in) || !yield(in.line, in.err) || in.err != nil {
					return
				}
			}
		}
	}
}

// take keeps a line for the history, and reports whether there is one or an error.
func (p *prompt) take(in *typed) bool {
	switch {
	case errors.Is(in.err, io.EOF):
		return false
	case errors.Is(in.err, liner.ErrPromptAborted):
		in.err = context.Canceled
	case in.err == nil && strings.TrimSpace(in.line) != "":
		p.state.AppendHistory(in.line)
	}
	return true
}

// close keeps the history and gives the terminal back as it was. A history that
// cannot be kept is no reason to fail.
func (p *prompt) close() {
	if p.history != "" {
		_ = p.save()
	}
	_ = p.state.Close()
}

// save writes the history beside the file and renames it; nobody but the user
// may read what was asked.
func (p *prompt) save() error {
	f, err := os.CreateTemp(filepath.Dir(p.history), "chat_history-*.tmp")
	if err != nil {
		return err
	}
	_, err = p.state.WriteHistory(f)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), p.history)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
