package bottest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wenbao/bot/bottest"
)

func TestFaults(t *testing.T) {
	a := start(t, bottest.Options{})
	c := a.s.Private(li)
	p := fields{"chat_id": number(c.ID), "text": "甲"}
	for _, tt := range []struct {
		name  string
		fault bottest.Fault
		code  int // 0 for a cut or unreadable answer
		sent  int
	}{
		{"cut before", bottest.Fault{CutBefore: true}, 0, 0},
		{"cut after", bottest.Fault{CutAfter: true}, 0, 1},
		{"a page", bottest.Fault{HTML: true}, 0, 0},
		{"too many", bottest.Fault{Code: 429, RetryAfter: 7}, 429, 0},
		{"blocked", bottest.Fault{Code: 403}, 403, 0},
		{"broken", bottest.Fault{Code: 500, Description: "Internal Server Error"}, 500, 0},
	} {
		before := len(c.Messages())
		a.s.Fail(tt.fault)
		r, err := a.try(t.Context(), "sendMessage", p)
		if r.Code != tt.code || (err != nil) != (tt.code == 0) {
			t.Errorf("%s: %+v %v", tt.name, r, err)
		}
		if tt.code == 429 && (r.Parameters.RetryAfter != 7 || r.Description != "Too Many Requests: retry after 7") {
			t.Errorf("%s: %+v", tt.name, r)
		}
		if sent := len(c.Messages()) - before; sent != tt.sent {
			t.Errorf("%s: sent %d", tt.name, sent)
		}
		call := a.s.Calls()[len(a.s.Calls())-1]
		if call.Done != (tt.sent == 1) || call.Cut != (tt.fault.CutBefore || tt.fault.CutAfter) {
			t.Errorf("%s: call %+v", tt.name, call)
		}
		a.ok("sendMessage", p, nil) // once only
	}
}

func TestCutLooksLikeOne(t *testing.T) {
	a := start(t, bottest.Options{})
	a.s.Fail(bottest.Fault{CutBefore: true})
	_, err := a.try(t.Context(), "getMe", nil)
	var fault *url.Error
	if !errors.Is(err, io.EOF) || !errors.As(err, &fault) || !strings.Contains(fault.URL, a.s.Token()) {
		t.Errorf("error: %v", err)
	}
}

func TestFaultChoosesCalls(t *testing.T) {
	a := start(t, bottest.Options{})
	one, two := a.s.Private(li), a.s.Private(chen)
	a.s.Fail(bottest.Fault{Method: "sendMessage", Chat: two.ID, Skip: 1, Times: 2, Code: 500})
	var codes []int
	for _, c := range []*bottest.Chat{one, two, one, two, two, two} {
		r, err := a.try(t.Context(), "sendMessage", fields{"chat_id": number(c.ID), "text": "甲"})
		if err != nil {
			t.Fatal(err)
		}
		codes = append(codes, r.Code)
	}
	for i, want := range []int{0, 0, 0, 500, 500, 0} {
		if codes[i] != want {
			t.Fatalf("codes %v", codes)
		}
	}
	a.s.Fail(bottest.Fault{Times: -1, Code: 500})
	a.refused("getMe", nil, "Internal Server Error")
	a.refused("getMe", nil, "Internal Server Error")
	a.s.Heal()
	a.ok("getMe", nil, nil)
}

func TestDelayAndLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := start(t, bottest.Options{Latency: 100 * time.Millisecond})
		c := a.s.Private(li)
		p := fields{"chat_id": number(c.ID), "text": "甲"}
		began := time.Now()
		a.s.Fail(bottest.Fault{Delay: time.Second})
		a.ok("sendMessage", p, nil)
		if took := time.Since(began); took != 1100*time.Millisecond {
			t.Errorf("took %v", took)
		}
		// Whoever leaves on the way back has sent it all the same.
		ctx, cancel := context.WithTimeout(t.Context(), 75*time.Millisecond)
		defer cancel()
		if _, err := a.try(ctx, "sendMessage", p); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error: %v", err)
		}
		synctest.Wait()
		if got := len(c.Messages()); got != 2 {
			t.Errorf("%d messages", got)
		}
	})
}

func TestNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := start(t, bottest.Options{KeepCalls: 2})
		c := a.s.Private(li)
		time.AfterFunc(time.Minute, func() {
			a.ok("sendChatAction", fields{"chat_id": number(c.ID), "action": "typing"}, nil)
			a.ok("sendMessage", fields{"chat_id": number(c.ID), "text": "甲"}, nil)
		})
		call, err := a.s.Next(t.Context(), "sendMessage")
		if err != nil || call.Text != "甲" {
			t.Errorf("%v %+v", err, call)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if call, err := a.s.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v %+v", err, call)
		}
		for range 10 {
			a.ok("getMe", nil, nil)
		}
		if n := len(a.s.Calls()); n > 4 || a.s.Count("getMe") != 10 {
			t.Errorf("%d calls kept, getMe counted %d times", n, a.s.Count("getMe"))
		}
		if _, err := a.s.Next(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := start(t, bottest.Options{Limits: true})
		c := a.s.Private(li)
		try := func(c *bottest.Chat) reply {
			r, err := a.try(t.Context(), "sendMessage", fields{"chat_id": number(c.ID), "text": "甲"})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		for range 5 {
			try(c)
		}
		r := try(c)
		if r.Code != http.StatusTooManyRequests || r.Parameters.RetryAfter != 1 || r.Description != "Too Many Requests: retry after 1" {
			t.Errorf("the sixth at once: %+v", r)
		}
		time.Sleep(time.Second)
		if r := try(c); !r.OK {
			t.Errorf("after the wait: %+v", r)
		}

		group := a.s.Group(bottest.GroupOptions{Title: "临江区"})
		for i := range 20 {
			if r := try(group); !r.OK {
				t.Fatalf("group, %d: %+v", i, r)
			}
		}
		time.Sleep(18 * time.Second)
		if r := try(group); r.Parameters.RetryAfter != 42 {
			t.Errorf("the 21st in a minute: %+v", r)
		}
		time.Sleep(42 * time.Second)
		if r := try(group); !r.OK {
			t.Errorf("after the wait: %+v", r)
		}

		refused := 0
		for i := range 40 {
			if r := try(a.s.Private(bottest.User{ID: int64(1000 + i)})); !r.OK {
				refused++
			}
		}
		if refused < 10 || refused > 12 {
			t.Errorf("%d of 40 at once refused", refused)
		}
	})
}

func TestCloseEndsPolls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := start(t, bottest.Options{})
		time.AfterFunc(time.Second, a.s.Close)
		began := time.Now()
		if a.updates(fields{"timeout": "50"}); time.Since(began) != time.Second {
			t.Errorf("ended after %v", time.Since(began))
		}
	})
}
