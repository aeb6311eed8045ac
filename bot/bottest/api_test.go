package bottest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"wenbao/bot/bottest"
)

var (
	li   = bottest.User{ID: 501, Name: "李桥", Username: "li_qiao", Lang: "zh-hans"}
	chen = bottest.User{ID: 502, Name: "陈岸", Lang: "zh-hans"}
)

// api is a bot that calls the server.
type api struct {
	t      *testing.T
	s      *bottest.Server
	client bottest.Doer
	url    string
}

// start gives a server and a bot that reaches it in process.
func start(t *testing.T, opt bottest.Options) api {
	s := bottest.New(opt)
	t.Cleanup(s.Close)
	return api{t: t, s: s, client: s.Client(), url: bottest.URL}
}

type reply struct {
	OK          bool
	Result      json.RawMessage
	Code        int `json:"error_code"`
	Description string
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	}
}

type fields map[string]string

// try does a call; an error is one of the connection.
func (a api) try(ctx context.Context, method string, p fields) (reply, error) {
	values := url.Values{}
	for name, value := range p {
		values.Set(name, value)
	}
	return a.post(ctx, method, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()))
}

func (a api) post(ctx context.Context, method, kind string, body io.Reader) (reply, error) {
	a.t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url+"/bot"+a.s.Token()+"/"+method, body)
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	resp, err := a.client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	var r reply
	err = json.NewDecoder(resp.Body).Decode(&r)
	if err == nil && r.OK != (resp.StatusCode == http.StatusOK) {
		a.t.Errorf("%s: ok is %v with status %d", method, r.OK, resp.StatusCode)
	}
	return r, err
}

// ok does a call that has to go well, and reads its result.
func (a api) ok(method string, p fields, result any) {
	a.t.Helper()
	r, err := a.try(a.t.Context(), method, p)
	if err != nil || !r.OK {
		a.t.Fatalf("%s: %v %s", method, err, r.Description)
	}
	if result != nil {
		if err := json.Unmarshal(r.Result, result); err != nil {
			a.t.Fatal(err)
		}
	}
}

// refused does a call that has to be refused with a description.
func (a api) refused(method string, p fields, description string) reply {
	a.t.Helper()
	r, err := a.try(a.t.Context(), method, p)
	if err != nil {
		a.t.Fatalf("%s: %v", method, err)
	}
	if r.OK || r.Description != description {
		a.t.Errorf("%s: got %q, want %q", method, r.Description, description)
	}
	return r
}

// send sends a text and gives the message's ID.
func (a api) send(c *bottest.Chat, p fields) int {
	a.t.Helper()
	p["chat_id"] = number(c.ID)
	var m struct {
		ID int `json:"message_id"`
	}
	a.ok("sendMessage", p, &m)
	return m.ID
}

func number[T int | int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// update is what the tests look at of an update.
type update struct {
	ID       int64    `json:"update_id"`
	Message  *message `json:"message"`
	Edited   *message `json:"edited_message"`
	Callback *struct {
		ID, Data string
		Message  message
	} `json:"callback_query"`
	Inline *struct{ ID, Query, Offset string } `json:"inline_query"`
	Member *struct {
		New struct{ Status string } `json:"new_chat_member"`
	} `json:"my_chat_member"`
}

type message struct {
	ID      int `json:"message_id"`
	Date    int64
	Text    string
	Caption string
	Thread  int  `json:"message_thread_id"`
	IsTopic bool `json:"is_topic_message"`
	From    struct {
		ID int64
	}
	Sender *struct {
		ID int64
	} `json:"sender_chat"`
	ReplyTo  *message `json:"reply_to_message"`
	Entities []struct {
		Type           string
		Offset, Length int
	}
	Document *struct {
		ID   string `json:"file_id"`
		Name string `json:"file_name"`
		Size int64  `json:"file_size"`
	}
	Voice    *struct{}
	Photo    []struct{}
	ViaBot   *struct{} `json:"via_bot"`
	MovedTo  int64     `json:"migrate_to_chat_id"`
	MovedOff int64     `json:"migrate_from_chat_id"`
}

// updates takes what waits from an offset on.
func (a api) updates(p fields) []update {
	a.t.Helper()
	var list []update
	a.ok("getUpdates", p, &list)
	return list
}

// drain takes all that waits.
func (a api) drain() []update {
	a.t.Helper()
	list := a.updates(fields{})
	if len(list) > 0 {
		a.updates(fields{"offset": number(list[len(list)-1].ID + 1)})
	}
	return list
}

func TestWaysToCall(t *testing.T) {
	a := start(t, bottest.Options{})
	c := a.s.Private(li)

	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for name, value := range map[string]string{"chat_id": number(c.ID), "text": "分段"} {
		if err := w.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	empty := multipart.NewWriter(io.Discard)
	for _, tt := range []struct {
		name, method, kind string
		body               io.Reader
	}{
		{"multipart", "sendMessage", w.FormDataContentType(), &form},
		{"JSON", "sendMessage", "application/json", strings.NewReader(`{"chat_id":501,"text":"对象"}`)},
		{"form", "sendMessage", "application/x-www-form-urlencoded", strings.NewReader("chat_id=501&text=%E8%A1%A8")},
		{"another case", "SENDMESSAGE", "application/json", strings.NewReader(`{"chat_id":"501","text":"大写"}`)},
		{"multipart with nothing in it", "getMe", empty.FormDataContentType(), strings.NewReader("")},
		{"no body", "getMe?x=1", "", nil},
	} {
		r, err := a.post(t.Context(), tt.method, tt.kind, tt.body)
		if err != nil || !r.OK {
			t.Errorf("%s: %v %s", tt.name, err, r.Description)
		}
	}
	if got := a.s.Complaints(); len(got) != 1 || !strings.Contains(got[0], `"x"`) {
		t.Errorf("complaints: %q", got)
	}
	if got := len(c.Messages()); got != 4 {
		t.Errorf("%d messages, want 4", got)
	}
}

func TestWrongAddress(t *testing.T) {
	a := start(t, bottest.Options{})
	for path, want := range map[string]int{
		"/bot123:wrong/getMe":                http.StatusUnauthorized,
		"/file/bot123:wrong/documents/x":     http.StatusUnauthorized,
		"/bot" + a.s.Token() + "/getNothing": http.StatusNotFound,
		"/file/bot" + a.s.Token() + "/none":  http.StatusNotFound,
		"/elsewhere":                         http.StatusNotFound,
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := a.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, resp.StatusCode, want)
		}
	}
}

func TestListen(t *testing.T) {
	s := bottest.New(bottest.Options{})
	a := api{t: t, s: s, client: http.DefaultClient, url: s.Listen(t)}
	c := s.Private(li)
	id := a.send(c, fields{"text": "经套接字"})
	if got := c.Message(id).Text; got != "经套接字" {
		t.Errorf("text %q", got)
	}
	s.Fail(bottest.Fault{Method: "sendMessage", CutAfter: true})
	if _, err := a.try(t.Context(), "sendMessage", fields{"chat_id": number(c.ID), "text": "断"}); err == nil {
		t.Error("the connection was not cut")
	}
	if got := len(c.Messages()); got != 2 {
		t.Errorf("%d messages, want 2", got)
	}
}

func TestGetMe(t *testing.T) {
	a := start(t, bottest.Options{Token: "77:x", Username: "sha_wan_bot"})
	var me struct {
		ID       int64
		IsBot    bool `json:"is_bot"`
		Username string
	}
	a.ok("getMe", nil, &me)
	if me.ID != 77 || !me.IsBot || me.Username != "sha_wan_bot" {
		t.Errorf("me: %+v", me)
	}
}
