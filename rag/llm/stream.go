package llm

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxLine is the longest line of a stream. A line holds about one token; the
// adapter's scanner ends at the same length.
const maxLine = 64 << 10

// dataField begins a line that holds a chunk.
const dataField = "data:"

// stream is the body of a streamed answer (server-sent events). It notes in the
// record what the lines say, and gives on only lines that the adapter cannot
// misread: text, and why the model stopped. The first line that says that
// something is wrong ends the stream.
//
// Read is for one goroutine; Close may be called by another meanwhile.
type stream struct {
	body io.ReadCloser
	in   *bufio.Reader
	call *call
	out  []byte // what Read has still to give
	err  error  // what Read gives after that
	done bool   // [DONE] was read
	// stopped is the error of the call's context: what a read gives after that is
	// no fault of the server's.
	stopped func() error
}

func newStream(body io.ReadCloser, c *call, stopped func() error) *stream {
	return &stream{body: body, in: bufio.NewReaderSize(body, maxLine), call: c, stopped: stopped}
}

// Close closes the body.
func (s *stream) Close() error { return s.body.Close() }

// Read gives the next bytes of the cleaned stream.
func (s *stream) Read(p []byte) (int, error) {
	for len(s.out) == 0 && s.err == nil {
		s.next()
	}
	if len(s.out) == 0 {
		return 0, s.err
	}
	n := copy(p, s.out)
	s.out = s.out[n:]
	return n, nil
}

// next reads a line. The clock runs only while the server is waited for.
func (s *stream) next() {
	s.call.wait()
	line, err := s.in.ReadSlice('\n')
	s.call.pause()
	switch {
	case err == nil:
		s.fail(s.line(bytes.TrimSpace(line)))
	case errors.Is(err, bufio.ErrBufferFull):
		s.fail(fmt.Errorf("a line of over %d bytes: %w", maxLine, ErrMalformed))
	default:
		s.last(bytes.TrimSpace(line), err)
	}
}

// last handles the end of the body. Half a chunk is not a broken one, but a cut;
// a body that was over with a line of something else is not of the protocol.
func (s *stream) last(line []byte, err error) {
	if stopped := s.stopped(); stopped != nil {
		s.err = stopped
		return
	}
	n := min(len(line), len(dataField))
	half := !errors.Is(err, io.EOF) || string(line[:n]) == dataField[:n]
	if fault := s.line(line); fault != nil && (!half || !errors.Is(fault, ErrMalformed)) {
		s.fail(fault)
		return
	}
	if s.call.facts().finish == "" {
		s.fail(fmt.Errorf("%w: %w", ErrCut, err))
		return
	}
	s.err = io.EOF
}

// fail notes a fault and ends the stream.
func (s *stream) fail(err error) {
	if err == nil {
		return
	}
	s.call.fail(err)
	s.err = err
}

// line reads one line of the protocol; anything that is no line of it is a fault.
func (s *stream) line(line []byte) error {
	data, ok := bytes.CutPrefix(line, []byte(dataField))
	switch {
	case ok:
		return s.event(bytes.TrimSpace(data))
	case len(line) == 0 || line[0] == ':':
		return nil // the end of an event, or a comment to keep the connection
	case line[0] == '{':
		return s.event(line) // an error told without the protocol's framing
	}
	for _, field := range []string{"event:", "id:", "retry:"} {
		if bytes.HasPrefix(line, []byte(field)) {
			return nil
		}
	}
	return fmt.Errorf("a line that is no event: %w", ErrMalformed)
}

// event is what is read of a chunk.
type event struct {
	Error   json.RawMessage `json:"error"`
	Choices []struct {
		Delta struct {
			Content   string `json:"content"`
			Thinking  string `json:"reasoning_content"`
			Reasoning string `json:"reasoning"` // what Ollama calls it
		} `json:"delta"`
		Finish string `json:"finish_reason"`
	} `json:"choices"`
	Usage *struct {
		Prompt int `json:"prompt_tokens"`
		Answer int `json:"completion_tokens"`
	} `json:"usage"`
}

// event notes what a chunk says, and passes its text on.
func (s *stream) event(data []byte) error {
	if s.done || len(data) == 0 {
		return nil
	}
	if bytes.Equal(data, []byte("[DONE]")) {
		return s.end()
	}
	var e event
	if err := json.Unmarshal(data, &e); err != nil {
		return fmt.Errorf("a chunk that cannot be read: %w", ErrMalformed)
	}
	if isSet(e.Error) || len(e.Choices) == 0 && parseProblem(data).found {
		return streamError(parseProblem(data))
	}
	if e.Usage != nil {
		s.call.usage(e.Usage.Prompt, e.Usage.Answer)
	}
	if len(e.Choices) == 0 {
		return nil
	}
	choice := &e.Choices[0]
	d := &choice.Delta
	if d.Content+d.Thinking+d.Reasoning != "" && s.call.piece() {
		return ErrTooLong
	}
	if choice.Finish != "" {
		s.call.finished(choice.Finish)
	}
	return s.pass(d.Content, choice.Finish)
}

// end reads [DONE]: the model has to have said by then why it stopped.
func (s *stream) end() error {
	s.done = true
	if s.call.facts().finish == "" {
		return ErrCut
	}
	s.out = []byte("data: [DONE]\n")
	return nil
}

// pass gives a chunk on in the adapter's own form. The adapter skips a chunk with
// any field of a type it does not expect, and takes tool calls for text.
func (s *stream) pass(text, finish string) error {
	if text == "" && finish == "" {
		return nil
	}
	var choice struct {
		Delta struct {
			Content string `json:"content"`
		} `json:"delta"`
		Finish string `json:"finish_reason,omitempty"`
	}
	choice.Delta.Content, choice.Finish = text, finish
	line, err := json.Marshal(map[string]any{"choices": []any{choice}})
	if err != nil {
		return fmt.Errorf("write chunk: %w", err)
	}
	if len(line) > maxLine/2 {
		return fmt.Errorf("a chunk of %d bytes: %w", len(line), ErrMalformed)
	}
	s.out = append(append([]byte("data: "), line...), '\n')
	return nil
}

// streamError is an error object in mid-stream.
func streamError(p problem) error {
	err := &StatusError{Status: 200, Code: p.code(""), Kind: ErrStream}
	if p.overflows() {
		err.Kind = ErrContext
	}
	return err
}
