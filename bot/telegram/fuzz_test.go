package telegram_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wenbao/bot/bottest"
	"wenbao/bot/telegram"
)

// FuzzAnswers has Telegram answer polls with anything: nothing that is read from it
// may end the program, or be handled twice.
func FuzzAnswers(f *testing.F) {
	f.Add(`{"ok":true,"result":[{"update_id":1,"message":{"message_id":1,"date":1,"from":{"id":7,"is_bot":false,"first_name":"a"},"chat":{"id":7,"type":"private"},"text":"x"}}]}`)
	f.Add(`{"ok":true,"result":[{"update_id":1,"callback_query":{"id":"1","from":{"id":7},"data":"x","message":{"message_id":1,"date":0,"chat":{"id":7,"type":"private"}}}}]}`)
	f.Add(`{"ok":true,"result":[{"update_id":-5},{"update_id":"x"},{},null,7]}`)
	f.Add(`{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":-7}}`)
	f.Add(`{"ok":false,"error_code":400,"parameters":{"migrate_to_chat_id":-100}}`)
	f.Add(`{"ok":true,"result":{}}`)
	f.Add(`[`)
	f.Fuzz(func(t *testing.T, body string) {
		synctest.Test(t, func(t *testing.T) {
			s := bottest.New(bottest.Options{})
			defer s.Close()
			h := &handler{}
			polls := 0
			tr, err := telegram.New(telegram.Options{
				Token: s.Token(), URL: bottest.URL, Journal: newMemory(), Logger: slog.New(slog.DiscardHandler),
				Client: doer(func(req *http.Request) (*http.Response, error) {
					if strings.HasSuffix(req.URL.Path, "/getUpdates") && polls < 3 {
						polls++
						return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(body))}, nil
					}
					return s.Client().Do(req)
				}),
			})
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(context.Background())
			ended := make(chan error, 1)
			go func() { ended <- tr.Run(ctx, h) }()
			time.Sleep(time.Minute)
			stop()
			if err := <-ended; err != nil && !strings.Contains(body, "error_code") {
				t.Errorf("Run: %v", err)
			}
			seen := make(map[int64]bool)
			for _, e := range h.handled() {
				if seen[e.ID] {
					t.Errorf("update %d was handled twice", e.ID)
				}
				seen[e.ID] = true
			}
		})
	})
}
