package llm

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxErrorBody is how much of an error's body is read.
const maxErrorBody = 64 << 10

// maxCode is the longest error code that is kept; longer ones are prose.
const maxCode = 64

// contextCodes are the codes of a prompt that is too long: OpenAI's, llama.cpp's.
func contextCodes() []string {
	return []string{"context_length_exceeded", "exceed_context_size_error"}
}

// modelCodes are those of a model that the server does not have: OpenAI's and
// DashScope's, vLLM's, Mistral's, Azure's, SiliconFlow's.
func modelCodes() []string {
	return []string{"model_not_found", "NotFoundError", "invalid_model", "DeploymentNotFound", "20012"}
}

// problem is the error object of a body, in the forms that servers give it:
// {"error":{…}}, {"error":"…"}, {"object":"error",…} and {"code":…}.
type problem struct {
	codes []string // the code first, then the type
	param string
	found bool // there was an error object
}

// parseProblem reads a body; whatever is not an error object gives the zero problem.
func parseProblem(body []byte) problem {
	var outer struct {
		Error  json.RawMessage `json:"error"`
		Object string          `json:"object"`
		Code   json.RawMessage `json:"code"`
	}
	if json.Unmarshal(body, &outer) != nil {
		return problem{}
	}
	inner := []byte(outer.Error)
	if !isSet(inner) {
		if outer.Object != "error" && !isSet(outer.Code) {
			return problem{}
		}
		inner = body
	}
	return parseErrorObject(inner)
}

// parseErrorObject reads the value of "error".
func parseErrorObject(value []byte) problem {
	p := problem{found: true}
	var fields struct {
		Code  json.RawMessage `json:"code"`
		Type  json.RawMessage `json:"type"`
		Param json.RawMessage `json:"param"`
	}
	if json.Unmarshal(value, &fields) != nil {
		return p // the error is a string: prose
	}
	for _, raw := range [][]byte{fields.Code, fields.Type} {
		if code := word(raw); code != "" {
			p.codes = append(p.codes, code)
		}
	}
	p.param = word(fields.Param)
	return p
}

// isSet reports whether a JSON value is there and not null.
func isSet(raw []byte) bool { return len(raw) > 0 && !bytes.Equal(raw, []byte("null")) }

// word is a JSON string or number as a code, "" when it is anything longer.
func word(raw []byte) string {
	if !isSet(raw) {
		return ""
	}
	s := string(raw)
	if raw[0] == '"' && json.Unmarshal(raw, &s) != nil {
		return ""
	}
	plain := func(r rune) bool {
		return r == '_' || r == '-' || r == '.' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	if len(s) > maxCode || strings.ContainsFunc(s, func(r rune) bool { return !plain(r) }) {
		return ""
	}
	return s
}

// is reports whether one of the problem's codes is among those given.
func (p problem) is(codes []string) bool {
	return slices.ContainsFunc(p.codes, func(c string) bool { return slices.Contains(codes, c) })
}

// code is the first code that does not hold the key.
func (p problem) code(key string) string {
	for _, c := range p.codes {
		if key == "" || !strings.Contains(c, key) {
			return c
		}
	}
	return ""
}

// statusError reads a response that is no success and says what it means. now is
// what a Retry-After date is counted from.
func statusError(resp *http.Response, key string, now time.Time) error {
	if s := resp.StatusCode; s == http.StatusTooManyRequests || s == http.StatusServiceUnavailable {
		return &BusyError{Status: s, RetryAfter: retryAfter(resp.Header.Get("Retry-After"), now)}
	}
	// What can be read of the body is enough: the status alone decides otherwise.
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody))
	p := parseProblem(body)
	return &StatusError{Status: resp.StatusCode, Code: p.code(key), Kind: p.kind(resp.StatusCode)}
}

// kind is the error that a status and a problem mean.
func (p problem) kind(status int) error {
	switch {
	case p.overflows() || status == http.StatusRequestEntityTooLarge:
		return ErrContext
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return ErrUnauthorized
	case p.missesModel(status):
		return ErrNoModel
	case status == http.StatusNotFound || status == http.StatusMethodNotAllowed:
		return ErrNotFound
	case status >= 500:
		return ErrServer
	}
	return ErrRequest
}

// overflows reports whether the prompt was too long. vLLM says so by naming the
// parameter alone.
func (p problem) overflows() bool {
	return p.is(contextCodes()) || p.param == "input_tokens"
}

// missesModel tells a missing model from a wrong address. Ollama answers 404 with
// the type not_found_error or api_error and no code; llama.cpp gives an unknown address the
// same type and the code 404.
func (p problem) missesModel(status int) bool {
	if status >= 500 || !p.found {
		return false
	}
	if p.is(modelCodes()) {
		return true
	}
	return status == http.StatusNotFound && (p.param == "model" || slices.Equal(p.codes, []string{"not_found_error"}) || slices.Equal(p.codes, []string{"api_error"}))
}

// retryAfter reads the header's seconds or date; 0 where there is nothing to wait for.
func retryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if seconds, err := strconv.ParseFloat(value, 64); err == nil {
		// Beyond a day the exact number does not matter, and would overflow.
		return time.Duration(max(0, min(seconds, 86400)) * float64(time.Second))
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
