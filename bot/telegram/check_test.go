package telegram_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wenbao/bot/bottest"
	"wenbao/bot/telegram"
)

func TestValidToken(t *testing.T) {
	for token, want := range map[string]bool{
		bottest.DefaultToken:                   true,
		"1:ABCDEFghij":                         true,
		"123456:ABC-DEF_1234ghIkl-zyx57W2v1u1": true,
		"":                                     false,
		"123456":                               false,
		":ABCDEFghijk":                         false,
		"123456:":                              false,
		"123456:short":                         false,
		"12a:ABCDEFghijk":                      false,
		"123456:ABCDEF ghijk":                  false,
		"123456:ABCDEFghijk\n":                 false,
		"123456:令牌令牌令牌令牌令牌":                    false,
		"123456:" + strings.Repeat("A", 101):   false,
	} {
		if got := telegram.ValidToken(token); got != want {
			t.Errorf("ValidToken(%q) is %v", token, got)
		}
	}
}

func TestCheck(t *testing.T) {
	tests := map[string]struct {
		token   string
		fault   bottest.Fault
		refused bool // ErrToken
		failed  bool // another error
	}{
		"good":            {},
		"unknown token":   {token: "42:another-token-for-nobody", refused: true},
		"no token at all": {token: "x", refused: true},
		"revoked":         {fault: bottest.Fault{Code: 401}, refused: true},
		"502":             {fault: bottest.Fault{HTML: true, Times: -1}, failed: true},
		"cut":             {fault: bottest.Fault{CutBefore: true, Times: -1}, failed: true},
		"hangs":           {fault: bottest.Fault{Delay: time.Hour}, failed: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := bottest.New(bottest.Options{})
				defer s.Close()
				if tt.fault != (bottest.Fault{}) {
					s.Fail(tt.fault)
				}
				o := telegram.Options{Token: s.Token(), URL: bottest.URL, Client: s.Client()}
				if tt.token != "" {
					o.Token = tt.token
				}
				name, err := telegram.Check(context.Background(), o)
				switch {
				case errors.Is(err, telegram.ErrToken) != tt.refused, (err != nil) != (tt.refused || tt.failed):
					t.Errorf("Check: %v", err)
				case err == nil && name != s.Bot().Username:
					t.Errorf("Check gives %q", name)
				case err != nil && strings.Contains(err.Error(), o.Token[strings.Index(o.Token, ":")+1:]):
					t.Errorf("the error holds the token: %v", err)
				}
				if s.Count("getMe") > 1 {
					t.Errorf("getMe was called %d times", s.Count("getMe"))
				}
			})
		})
	}
}
