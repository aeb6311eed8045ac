package bottest_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"wenbao/bot/bottest"
)

// BenchmarkSendMessage is what one message costs the server itself, which is part
// of every time measured through it.
func BenchmarkSendMessage(b *testing.B) {
	s := bottest.New(bottest.Options{KeepCalls: 100})
	defer s.Close()
	c := s.Private(li)
	body := url.Values{
		"chat_id": {number(c.ID)}, "parse_mode": {"HTML"},
		"text":         {strings.Repeat("柳溪镇修了<b>两座桥</b>。[1]", 50) + "<blockquote expandable>云泽日报</blockquote>"},
		"reply_markup": {keyboard(`"callback_data":"d"`)},
	}.Encode()
	client := s.Client()
	b.ReportAllocs()
	for b.Loop() {
		req := httptest.NewRequest(http.MethodPost, bottest.URL+"/bot"+s.Token()+"/sendMessage", strings.NewReader(body))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		resp, err := client.Do(req)
		if err != nil || resp.StatusCode != http.StatusOK {
			b.Fatal(err, resp.Status)
		}
		resp.Body.Close()
	}
}
