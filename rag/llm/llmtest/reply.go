package llmtest

import (
	"encoding/json"
	"net/http"
	"time"
)

// Reply is the answer to one chat request: a status with a body, or a stream.
type Reply struct {
	// Status is the HTTP status; 0 means 200.
	Status int
	Header http.Header
	// Body is sent as it is, before the steps.
	Body string
	// Steps are the stream, in order.
	Steps []Step
}

// Step is a piece of a stream: what is set happens in the order of the fields.
type Step struct {
	Wait time.Duration // let time pass
	Hang bool          // say nothing until the client or the server is gone
	Cut  bool          // drop the connection
	Raw  string        // send these bytes
}

// Answer says the pieces, each as one chunk, and ends as it should.
func Answer(pieces ...string) Reply {
	steps := make([]Step, 0, len(pieces)+1)
	for _, p := range pieces {
		steps = append(steps, Say(p))
	}
	return Stream(append(steps, Stop("stop"))...)
}

// Paced says the text a character at a time, waiting before each.
func Paced(text string, wait time.Duration) Reply {
	var steps []Step
	for _, r := range text {
		s := Say(string(r))
		s.Wait = wait
		steps = append(steps, s)
	}
	return Stream(append(steps, Stop("stop"))...)
}

// Stream is a reply of steps.
func Stream(steps ...Step) Reply { return Reply{Steps: steps} }

// Fail is a reply that is no answer. Header is name, value, name, value.
func Fail(status int, body string, header ...string) Reply {
	h := http.Header{}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return Reply{Status: status, Header: h, Body: body}
}

// Say is a chunk of text.
func Say(text string) Step { return delta("content", text) }

// Think is a chunk of thinking in a field of its own.
func Think(text string) Step { return delta("reasoning_content", text) }

// Stop is the end of a stream: why the model stopped, the count of tokens, [DONE].
func Stop(reason string) Step {
	return Step{Raw: Finish(reason).Raw +
		`data: {"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}` + "\n\n" +
		"data: [DONE]\n\n"}
}

// Finish is the chunk that says why the model stopped.
func Finish(reason string) Step {
	return Step{Raw: `data: {"choices":[{"index":0,"delta":{},"finish_reason":"` + reason + `"}]}` + "\n\n"}
}

// Raw sends bytes.
func Raw(data string) Step { return Step{Raw: data} }

// Hang says nothing any more.
func Hang() Step { return Step{Hang: true} }

// Cut drops the connection.
func Cut() Step { return Step{Cut: true} }

// delta is a chunk with one field of text.
func delta(field, text string) Step {
	quoted, err := json.Marshal(text)
	if err != nil { // no string fails
		panic(err)
	}
	return Step{Raw: `data: {"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","` +
		field + `":` + string(quoted) + `},"finish_reason":null}]}` + "\n\n"}
}
