package bottest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// query is a callback or inline query that waits for its answer.
type query struct {
	asked  time.Time
	answer *Call
	// key is what was asked and by whom, shared the same by anybody.
	key, shared string
	cachedUntil time.Time
}

// InlineResult is something to choose after an inline query.
type InlineResult struct {
	ID          string
	Title       string
	Description string
	// Text is what people see of the message that is sent, HTML what the bot gave.
	Text     string
	HTML     string
	Entities []Entity
}

// Limits of inline answers, and how long an app keeps one when the bot says nothing.
const (
	maxResults    = 50
	maxResultID   = 64 // bytes
	maxNextOffset = 64 // bytes
	maxToast      = 200
	inlineCache   = 300 // s
	maxCache      = 24 * 60 * 60
	maxHint       = 64
)

func (s *Server) newQuery(key string) string {
	id := strconv.FormatInt(s.random.Int64N(1<<62), 10)
	s.queries[id] = &query{asked: time.Now(), key: key}
	return id
}

// cachedQuery gives a query whose answer still answers what is asked again.
func (s *Server) cachedQuery(key string) (string, bool) {
	id, ok := s.cached[key]
	if ok && time.Now().Before(s.queries[id].cachedUntil) {
		return id, true
	}
	return "", false
}

// open gives the query that a call answers, if it can still be answered.
func (s *Server) open(r *request, name string) (*query, *Error) {
	r.call.Query = r.params[name]
	q := s.queries[r.call.Query]
	if q == nil || q.answer != nil || time.Since(q.asked) > s.opt.QueryTimeout {
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	return q, nil
}

// settle notes the answer to a query.
func (s *Server) settle(r *request, q *query, key string, cacheTime int64) {
	call := *r.call
	call.Done = true
	q.answer = &call
	q.cachedUntil = time.Now().Add(time.Duration(cacheTime) * time.Second)
	s.cached[key] = r.call.Query
}

func (s *Server) answerCallbackQuery(r *request) (any, *Error) {
	r.call.Text, r.call.Alert = r.params["text"], r.truth("show_alert")
	q, fail := s.open(r, "callback_query_id")
	if fail != nil {
		return nil, fail
	}
	if Units(r.call.Text) > maxToast {
		return nil, badRequest("MESSAGE_TOO_LONG")
	}
	s.settle(r, q, q.key, r.integer("cache_time", 0, 0, maxCache))
	return true, nil
}

func (s *Server) answerInlineQuery(r *request) (any, *Error) {
	fail := s.inlineResults(r)
	if fail != nil {
		return nil, fail
	}
	r.call.Next = r.params["next_offset"]
	if len(r.call.Next) > maxNextOffset {
		return nil, badRequest("NEXT_OFFSET_INVALID")
	}
	if fail := s.inlineHint(r); fail != nil {
		return nil, fail
	}
	q, fail := s.open(r, "inline_query_id")
	if fail != nil {
		return nil, fail
	}
	key := q.shared
	if r.truth("is_personal") {
		key = q.key
	}
	s.settle(r, q, key, r.integer("cache_time", inlineCache, 0, maxCache))
	return true, nil
}

// inlineHint reads the button above the results.
func (s *Server) inlineHint(r *request) *Error {
	if r.params["button"] == "" {
		return nil
	}
	var button struct {
		Text  string `json:"text"`
		Start string `json:"start_parameter"`
	}
	if err := json.Unmarshal([]byte(r.params["button"]), &button); err != nil {
		return badRequest("Can't parse inline query results button JSON object")
	}
	switch {
	case button.Start == "" || !startParameter().MatchString(button.Start):
		return badRequest("START_PARAM_INVALID")
	case !between(Units(button.Text), 1, maxHint):
		return badRequest("BUTTON_TEXT_INVALID")
	}
	r.call.Hint = button.Text
	return nil
}

// startParameter is what a deep link can carry.
func startParameter() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`) }

// inlineResults reads the results, which are articles: there is no other kind here.
func (s *Server) inlineResults(r *request) *Error {
	var list []map[string]json.RawMessage
	if raw := r.params["results"]; raw != "" && json.Unmarshal([]byte(raw), &list) != nil {
		return badRequest("Can't parse JSON encoded inline query results")
	}
	if len(list) > maxResults {
		return badRequest("Too many inline query results specified")
	}
	seen := make(map[string]bool)
	for _, fields := range list {
		result, fail := s.inlineResult(fields)
		switch {
		case fail != nil:
			return fail
		case !between(len(result.ID), 1, maxResultID):
			return badRequest("RESULT_ID_INVALID")
		case seen[result.ID]:
			return badRequest("RESULT_ID_DUPLICATE")
		}
		seen[result.ID] = true
		r.call.Results = append(r.call.Results, result)
	}
	return nil
}

func (s *Server) inlineResult(fields map[string]json.RawMessage) (InlineResult, *Error) {
	result := InlineResult{
		ID:          textField(fields["id"]),
		Title:       textField(fields["title"]),
		Description: textField(fields["description"]),
	}
	wrong := func(format string, args ...any) (InlineResult, *Error) {
		return result, badRequest("Can't parse inline query result: %s", fmt.Sprintf(format, args...))
	}
	for name := range fields {
		switch name {
		case "type", "id", "title", "description", "input_message_content", "reply_markup":
		default:
			s.complain("inline result has a field %q", name)
		}
	}
	if kind := textField(fields["type"]); kind != "article" {
		return wrong("type %q is not known to this server", kind)
	}
	if blank(result.Title) {
		return wrong("Can't find field \"title\"")
	}
	var content map[string]json.RawMessage
	if json.Unmarshal(fields["input_message_content"], &content) != nil {
		return wrong("Can't find field \"input_message_content\"")
	}
	result.HTML = textField(content["message_text"])
	if result.HTML == "" {
		return wrong("Message text is empty")
	}
	text, entities, fail := s.text(params{"text": result.HTML, "parse_mode": textField(content["parse_mode"])})
	if fail != nil {
		return wrong("%s", fail.Description[len("Bad Request: "):])
	}
	if Units(text) > maxUnits {
		return result, badRequest("MESSAGE_TOO_LONG")
	}
	result.Text, result.Entities = text, entities
	if raw := fields["reply_markup"]; raw != nil {
		if _, fail := s.parseKeyboard(raw); fail != nil {
			return result, fail
		}
	}
	return result, nil
}
