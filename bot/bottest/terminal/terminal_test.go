package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wenbao/bot/bottest"
)

var update = flag.Bool("update", false, "write the transcript anew")

// echo is a bot that says what it is told, slowly.
type echo struct {
	s      *bottest.Server
	offset string
}

func (e *echo) call(ctx context.Context, method string, p url.Values) (result json.RawMessage, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, bottest.URL+"/bot"+e.s.Token()+"/"+method, strings.NewReader(p.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := e.s.Client().Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var body struct{ Result json.RawMessage }
	err = json.NewDecoder(resp.Body).Decode(&body)
	return body.Result, err
}

// run answers until ctx is done.
func (e *echo) run(ctx context.Context) {
	e.call(ctx, "getMe", nil)
	for {
		result, err := e.call(ctx, "getUpdates", url.Values{"timeout": {"50"}, "offset": {e.offset}})
		if err != nil {
			return
		}
		var list []struct {
			ID      int64 `json:"update_id"`
			Message *struct {
				Text string
				Chat struct{ ID json.Number }
			}
			Callback *struct{ ID string } `json:"callback_query"`
			Inline   *struct{ ID string } `json:"inline_query"`
		}
		if err := json.Unmarshal(result, &list); err != nil {
			panic(err)
		}
		for _, u := range list {
			e.offset = strconv.FormatInt(u.ID+1, 10)
			switch {
			case u.Message != nil:
				e.answer(ctx, u.Message.Chat.ID.String(), u.Message.Text)
			case u.Callback != nil:
				e.call(ctx, "answerCallbackQuery", url.Values{"callback_query_id": {u.Callback.ID}, "text": {"按了"}})
			case u.Inline != nil:
				e.call(ctx, "answerInlineQuery", url.Values{"inline_query_id": {u.Inline.ID},
					"results": {`[{"type":"article","id":"1","title":"题","description":"述","input_message_content":{"message_text":"文"}}]`}})
			}
		}
	}
}

func (e *echo) answer(ctx context.Context, chat, text string) {
	e.call(ctx, "sendChatAction", url.Values{"chat_id": {chat}, "action": {"typing"}})
	time.Sleep(time.Second)
	e.call(ctx, "sendMessage", url.Values{
		"chat_id": {chat}, "parse_mode": {"HTML"}, "text": {"你说\n<blockquote expandable>" + text + "\n完</blockquote>止"},
		"reply_markup": {`{"inline_keyboard":[[{"text":"按","callback_data":"d"},{"text":"抄","copy_text":{"text":"抄件"}}]]}`},
	})
}

func TestTranscript(t *testing.T) {
	script, err := os.ReadFile("testdata/script.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		s := bottest.New(bottest.Options{Username: "yunze_bot"})
		defer s.Close()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go (&echo{s: s}).run(ctx)
		talk := newTerminal(s, &out)
		talk.quiet = 3 * time.Second
		if err := talk.talk(ctx, bytes.NewReader(script)); err != nil {
			t.Error(err)
		}
	})
	const golden = "testdata/transcript.txt"
	if *update {
		if err := os.WriteFile(golden, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Errorf("transcript:\n%s\nwant:\n%s", out.String(), want)
	}
}
