package telegram_test

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"

	"wenbao/bot/bottest"
	"wenbao/bot/journal"
	"wenbao/bot/telegram"
)

// BenchmarkQuestion is the way of a question from its writing to its answer over
// loopback, with a journal on the disk and a handler that takes no time: alone, and
// with 500 chats at once.
func BenchmarkQuestion(b *testing.B) {
	for _, chats := range []int{1, 500} {
		b.Run(fmt.Sprint(chats), func(b *testing.B) {
			s := bottest.New(bottest.Options{KeepCalls: 1000})
			defer s.Close()
			j, err := journal.Open(filepath.Join(b.TempDir(), "journal.db"))
			if err != nil {
				b.Fatal(err)
			}
			defer j.Close()
			var client http.Client
			tr, err := telegram.New(telegram.Options{
				Token: s.Token(), URL: s.Listen(b), Journal: j, Rate: 1e6, Client: &client,
			})
			if err != nil {
				b.Fatal(err)
			}
			ctx, stop := context.WithCancel(context.Background())
			ended := make(chan error, 1)
			go func() { ended <- tr.Run(ctx, &handler{}) }()
			if _, err := s.Next(ctx, "deleteWebhook"); err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			for asked := 0; asked < b.N; {
				n := min(chats, b.N-asked)
				for i := range n {
					s.Private(resident(i)).Say(resident(i), "问")
				}
				for range n {
					if _, err := s.Next(ctx, "sendMessage"); err != nil {
						b.Fatal(err)
					}
				}
				asked += n
			}
			b.StopTimer()
			stop()
			if err := <-ended; err != nil {
				b.Fatal(err)
			}
		})
	}
}
