package eval

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"wenbao/rag"
)

// Judged is a question with the documents that answer it.
type Judged struct {
	ID       string `json:"id"`
	Question string `json:"question"`
	// History are the turns before it, oldest first: question, answer, question, …
	History  []string `json:"history,omitempty"`
	Kind     string   `json:"kind"`
	Relevant []string `json:"relevant"` // document IDs
	// NearDup are documents that tell the same story: neither right nor wrong,
	// and taken out of a ranking before it is counted.
	NearDup []string `json:"near_dup,omitempty"`
	// Answers are the right answers in few words, Event what the question is
	// about where it does not say so itself.
	Answers []string `json:"answers,omitempty"`
	Event   string   `json:"event,omitempty"`
}

// Expected is a question with what an answer to it has to hold; the fields are
// those of testdata/eval/README.md.
type Expected struct {
	ID             string      `json:"id"`
	Question       string      `json:"question"`
	History        []string    `json:"history,omitempty"`
	Kind           string      `json:"kind"`
	Outcome        rag.Outcome `json:"outcome"`
	Must           []string    `json:"must"`
	MustNot        []string    `json:"must_not"`
	RelevantQuotes []string    `json:"relevant_quotes"`
	Place          string      `json:"place,omitempty"`
	Year           int         `json:"year,omitempty"`
}

// ReadJudged reads judged questions, one JSON object a line, plain or gzipped.
// An empty question, as published sets have them, is read as it is: it finds
// nothing and counts.
func ReadJudged(r io.Reader) ([]Judged, error) {
	return readLines(r, func(q *Judged) error {
		if q.ID == "" || len(q.Relevant) == 0 {
			return errors.New("id and relevant are required")
		}
		return nil
	})
}

// ReadExpected reads questions with their expected answers, one JSON object a
// line, plain or gzipped.
func ReadExpected(r io.Reader) ([]Expected, error) {
	return readLines(r, func(q *Expected) error {
		if q.ID == "" || q.Question == "" {
			return errors.New("id and question are required")
		}
		if q.Outcome != rag.Answered && q.Outcome != rag.NoEvidence {
			return fmt.Errorf("outcome is %q", q.Outcome)
		}
		return nil
	})
}

// ReadFile opens a file for one of the readers above and names it in their error.
func ReadFile[T any](path string, read func(io.Reader) (T, error)) (out T, err error) {
	f, err := os.Open(path)
	if err != nil {
		return out, err
	}
	defer func() { err = cmp.Or(err, f.Close()) }()
	if out, err = read(f); err != nil {
		return out, fmt.Errorf("%s: %w", path, err)
	}
	return out, nil
}

// readLines reads one T a line. Errors name the line.
func readLines[T any](r io.Reader, check func(*T) error) ([]T, error) {
	in, err := unpack(r)
	if err != nil {
		return nil, err
	}
	var out []T
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if len(bytes.TrimSpace(line)) > 0 {
			var v T
			if err := cmp.Or(json.Unmarshal(line, &v), check(&v)); err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			out = append(out, v)
		}
		if err != nil {
			return out, nil
		}
	}
}

// unpack takes the gzip off a stream that has it.
func unpack(r io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReader(r)
	if head, _ := in.Peek(2); !bytes.Equal(head, []byte{0x1f, 0x8b}) {
		return in, nil
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	return bufio.NewReader(z), nil
}

// turns pairs the strings of a history.
func turns(history []string) []rag.Turn {
	var out []rag.Turn
	for i := 0; i < len(history); i += 2 {
		t := rag.Turn{Question: history[i]}
		if i+1 < len(history) {
			t.Answer = history[i+1]
		}
		out = append(out, t)
	}
	return out
}

// Asked is the question as it is put to an engine.
func (q *Judged) Asked() rag.Question {
	return rag.Question{ID: q.ID, Text: q.Question, History: turns(q.History)}
}

// Asked is the question as it is put to an engine.
func (q *Expected) Asked() rag.Question {
	return rag.Question{ID: q.ID, Text: q.Question, History: turns(q.History)}
}
