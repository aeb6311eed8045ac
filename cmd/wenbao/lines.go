package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"strings"

	"wenbao/rag"
)

// maxLine is the longest line read from standard input, in bytes. A question with
// a long conversation before it has some ten thousand.
const maxLine = 16 << 20

// inputLine is a line of JSON: a question, a query or a quote.
type inputLine struct {
	// ID is given back as it came.
	ID       any
	Question string
	History  []rag.Turn
}

type lineErrorJSON struct {
	ID    any    `json:"id"`
	Error string `json:"error"`
	Line  int    `json:"line"`
}

// parseLine reads a line. The ID is given as far as it could be made out also
// with an error, which is for the user.
func (m *messages) parseLine(b []byte) (inputLine, error) {
	var raw struct {
		ID       json.RawMessage `json:"id"`
		Question string          `json:"question"`
		Query    string          `json:"query"`
		Quote    string          `json:"quote"`
		History  turns           `json:"history"`
	}
	err := json.Unmarshal(b, &raw)
	l := inputLine{
		ID:       any(raw.ID),
		Question: cmp.Or(raw.Question, raw.Query, raw.Quote),
		History:  raw.History,
	}
	if len(raw.ID) == 0 {
		l.ID = nil
	}
	wrong, isField := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case isField && wrong.Field != "":
		return l, failuref(m.BadLineField, wrong.Field)
	case err != nil:
		return inputLine{}, fail(m.BadLine)
	case strings.TrimSpace(l.Question) == "":
		return l, fail(m.EmptyLine)
	}
	return l, nil
}

// eachLine answers every line of standard input with a line of JSON, in order
// and at once, so that another program can talk to it. A line that cannot be
// answered gives a line that says why, and errTold at the end.
func (a *app) eachLine(ctx context.Context, answer func(context.Context, inputLine) (any, error)) error {
	var result error
	n := 0
	for b, err := range lines(ctx, a.Stdin) {
		n++
		if errors.Is(err, bufio.ErrTooLong) {
			return failuref(a.m.LineTooLong, n, maxLine>>20)
		}
		if err != nil {
			return err
		}
		if b = bytes.TrimSpace(b); len(b) == 0 {
			continue
		}
		l, err := a.m.parseLine(b)
		var out any
		if err == nil {
			out, err = answer(ctx, l)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			out, result = lineErrorJSON{ID: l.ID, Error: a.m.reason(err), Line: n}, errTold
		}
		if err := writeJSON(a.Stdout, out); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return result
}

// lines yields the lines of r without a byte order mark, until its end, an error
// or the context's. A line is the caller's.
//
// Nothing can interrupt a read of a terminal or a pipe: the goroutine of one that
// is under way when the context is done ends with the program.
func lines(ctx context.Context, r io.Reader) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		reads, done := make(chan lineRead), make(chan struct{})
		defer close(done)
		go readLines(r, reads, done)
		for first := true; ; first = false {
			select {
			case <-ctx.Done():
				return
			case in, ok := <-reads:
				if first {
					in.line = bytes.TrimPrefix(in.line, []byte("\ufeff"))
				}
				if !ok || !yield(in.line, in.err) || in.err != nil {
					return
				}
			}
		}
	}
}

// lineRead is a line, or why there is none.
type lineRead struct {
	line []byte
	err  error
}

// readLines sends every line of r, then closes reads. It ends early when done is
// closed.
func readLines(r io.Reader, reads chan<- lineRead, done <-chan struct{}) {
	defer close(reads)
	send := func(in lineRead) bool {
		select {
		case reads <- in:
			return true
		case <-done:
			return false
		}
	}
	s := bufio.NewScanner(r)
	s.Buffer(nil, maxLine)
	for s.Scan() {
		if !send(lineRead{line: bytes.Clone(s.Bytes())}) {
			return
		}
	}
	if err := s.Err(); err != nil {
		send(lineRead{err: err})
	}
}
