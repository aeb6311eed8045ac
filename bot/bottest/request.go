package bottest

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxBody is how much of a request is read; the real server takes 50 MB files.
const maxBody = 50 << 20

// params are the parameters of a call: text as it is, everything else as JSON.
type params map[string]string

// readParams reads what a call carries, in each of the four ways that there are.
func readParams(r *http.Request) (params, error) {
	p := make(params)
	p.addValues(r.URL.Query())
	kind, attributes, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return p, nil //nolint:nilerr // A call without parameters has no type.
	}
	body := io.LimitReader(r.Body, maxBody)
	switch kind {
	case "multipart/form-data":
		return p, p.addParts(multipart.NewReader(body, attributes["boundary"]))
	case "application/json":
		return p, p.addJSON(body)
	case "application/x-www-form-urlencoded":
		text, err := io.ReadAll(body)
		if err != nil {
			return nil, err
		}
		values, err := url.ParseQuery(string(text))
		p.addValues(values)
		return p, err
	}
	return p, nil
}

func (p params) addValues(values url.Values) {
	for name := range values {
		p[name] = values.Get(name)
	}
}

func (p params) addParts(r *multipart.Reader) error {
	for first := true; ; first = false {
		part, err := r.NextPart()
		if err == io.EOF || first && errors.Is(err, io.EOF) { //nolint:errorlint // A wrapped EOF is a body cut short.
			return nil // Nothing at all is a call without parameters.
		}
		if err != nil {
			return err
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		p[part.FormName()] = string(value)
	}
}

func (p params) addJSON(r io.Reader) error {
	var fields map[string]json.RawMessage
	if err := json.NewDecoder(r).Decode(&fields); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	for name, raw := range fields {
		var text string
		if json.Unmarshal(raw, &text) == nil {
			p[name] = text
		} else {
			p[name] = string(raw)
		}
	}
	return nil
}

// integer gives a parameter between two bounds; what is no number is missing.
func (p params) integer(name string, missing, low, high int64) int64 {
	n, err := strconv.ParseInt(p[name], 10, 64)
	if err != nil {
		n = missing
	}
	return max(low, min(n, high))
}

func (p params) id(name string) int64 {
	n, err := strconv.ParseInt(p[name], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (p params) truth(name string) bool {
	switch strings.ToLower(p[name]) {
	case "true", "yes", "1":
		return true
	}
	return false
}

// method is one method of the API.
type method struct {
	name  string
	known string // the parameters that it has, between blanks
	// serve does it with the lock held.
	serve func(*request) (any, *Error)
	// wait does it without the lock, for methods that wait.
	wait func(r *http.Request, p params) (any, *Error)
}

// request is a call that is being done.
type request struct {
	params
	call *Call
}

// table lists the methods that the server knows.
func (s *Server) table() map[string]method {
	const to = " chat_id message_thread_id "
	const text = " text parse_mode entities link_preview_options "
	list := []method{
		{name: "getMe", serve: s.getMe},
		{name: "getUpdates", known: " offset limit timeout allowed_updates ", wait: s.getUpdates},
		{name: "setWebhook", known: " url secret_token max_connections allowed_updates drop_pending_updates ", serve: s.setWebhook},
		{name: "deleteWebhook", known: " drop_pending_updates ", serve: s.deleteWebhook},
		{name: "getWebhookInfo", serve: s.getWebhookInfo},
		{name: "sendMessage", known: to + text + " reply_parameters reply_markup disable_notification protect_content ", serve: s.sendMessage},
		{name: "sendMessageDraft", known: to + " draft_id text parse_mode entities ", serve: s.sendMessageDraft},
		{name: "sendChatAction", known: to + " action ", serve: s.sendChatAction},
		{name: "editMessageText", known: " chat_id message_id reply_markup " + text, serve: s.editMessageText},
		{name: "editMessageReplyMarkup", known: " chat_id message_id reply_markup ", serve: s.editMessageReplyMarkup},
		{name: "deleteMessage", known: " chat_id message_id ", serve: s.deleteMessage},
		{name: "answerCallbackQuery", known: " callback_query_id text show_alert url cache_time ", serve: s.answerCallbackQuery},
		{name: "answerInlineQuery", known: " inline_query_id results cache_time is_personal next_offset button ", serve: s.answerInlineQuery},
		{name: "setMyCommands", known: " commands scope language_code ", serve: s.setMyCommands},
		{name: "getMyCommands", known: " scope language_code ", serve: s.getMyCommands},
		{name: "deleteMyCommands", known: " scope language_code ", serve: s.deleteMyCommands},
		{name: "getFile", known: " file_id ", serve: s.getFile},
	}
	methods := make(map[string]method, len(list))
	for _, m := range list {
		methods[strings.ToLower(m.name)] = m
	}
	return methods
}

// serveMethod answers one call: what goes wrong on the way, limits, the method
// itself, and what goes wrong on the way back.
func (s *Server) serveMethod(w http.ResponseWriter, r *http.Request, name string) {
	m, ok := s.methods[strings.ToLower(name)]
	if !ok {
		answer(w, nil, &Error{Code: http.StatusNotFound, Description: "Not Found: method not found"})
		return
	}
	p, err := readParams(r)
	if err != nil {
		answer(w, nil, badRequest("can't read the request"))
		return
	}
	if !s.pause(r, s.opt.Latency/2) {
		return
	}
	fault := s.fault(m.name, p.id("chat_id"))
	if !s.pause(r, fault.Delay) {
		return
	}
	result, fail, done := s.do(m, r, p, fault)
	if fault.HTML {
		http.Error(w, "<html><body><h1>502 Bad Gateway</h1></body></html>", http.StatusBadGateway)
		return
	}
	if fault.CutBefore || fault.CutAfter || !done || !s.pause(r, s.opt.Latency-s.opt.Latency/2) {
		panic(http.ErrAbortHandler) // cuts the connection, here and in Local
	}
	answer(w, result, fail)
}

// do does a call as far as the fault lets it, and notes it down. It reports false
// where the one who called has gone.
func (s *Server) do(m method, r *http.Request, p params, fault Fault) (result any, fail *Error, done bool) {
	if m.wait != nil && !fault.stops() {
		result, fail = m.wait(r, p)
		s.counted(m.name)
		return result, fail, r.Context().Err() == nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	req := &request{params: p, call: &Call{Time: time.Now(), Method: m.name, Chat: p.id("chat_id"), Cut: fault.CutBefore || fault.CutAfter}}
	switch {
	case fault.CutBefore || fault.HTML:
	case fault.Code != 0:
		fail = fault.err()
	default:
		if fail = s.limit(m.name, req.call.Chat); fail == nil {
			result, fail = m.serve(req)
		}
		req.call.Done = fail == nil
		s.checkKnown(m, p)
	}
	req.call.Error = fail
	s.calls.add(*req.call, s.opt.KeepCalls)
	s.notify()
	return result, fail, true
}

// checkKnown complains of parameters that a method has not.
func (s *Server) checkKnown(m method, p params) {
	for name := range p {
		if !strings.Contains(m.known, " "+name+" ") {
			s.complain("%s has no parameter %q", m.name, name)
		}
	}
}

// pause waits, and reports false where the one who called has gone meanwhile.
func (s *Server) pause(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return r.Context().Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	case <-s.closed:
		return false
	}
}

func (s *Server) getMe(*request) (any, *Error) {
	return struct {
		wireUser
		CanJoinGroups  bool `json:"can_join_groups"`
		ReadsAll       bool `json:"can_read_all_group_messages"`
		SupportsInline bool `json:"supports_inline_queries"`
	}{wire(s.bot), true, s.opt.ReadAll, true}, nil
}
