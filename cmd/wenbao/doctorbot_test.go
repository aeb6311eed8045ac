package main

import (
	"strings"
	"testing"

	"wenbao/bot/bottest"
)

// TestDoctorBot wants doctor to say of a bot's token whose it is, or what is wrong.
func TestDoctorBot(t *testing.T) {
	for _, tt := range []struct {
		name, token string
		fault       bottest.Fault
		code        int
		says        string
	}{
		{"good", fakeToken, bottest.Fault{}, exitOK, "机器人：好（@" + bottest.DefaultUsername + "，Telegram 认得）"},
		{"refused", "4711:another-token-of-nobody", bottest.Fault{}, exitFailed, "机器人：有问题（Telegram 不认这个令牌"},
		{"not reached", fakeToken, bottest.Fault{CutBefore: true}, exitFailed, "机器人：有问题（连不上 Telegram"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server := bottest.New(bottest.Options{})
			defer server.Close()
			server.Fail(tt.fault)
			e, stdout, stderr := newEnv(t)
			base := e.Getenv
			e.Getenv = func(key string) string {
				switch key {
				case "WENBAO_TELEGRAM_TOKEN":
					return tt.token
				case "WENBAO_TELEGRAM_URL":
					return bottest.URL
				}
				return base(key)
			}
			e.HTTP = server.Client()
			if code := run(t.Context(), []string{"doctor"}, e); code != tt.code {
				t.Errorf("exit code %d, want %d: %s", code, tt.code, stderr)
			}
			if !strings.Contains(stdout.String(), tt.says) {
				t.Errorf("no %q in\n%s", tt.says, stdout)
			}
			if strings.Contains(stdout.String()+stderr.String(), tt.token) {
				t.Error("the token is told")
			}
		})
	}
}
