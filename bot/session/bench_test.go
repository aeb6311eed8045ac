package session_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"wenbao/bot"
	"wenbao/rag"
)

// BenchmarkUpdateSession measures a durable change by one goroutine and by 64 at
// once, each of a conversation with five turns.
func BenchmarkUpdateSession(b *testing.B) {
	for _, writers := range []int{1, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			f := openFile(b, filepath.Join(b.TempDir(), "sessions.db"))
			turn := bot.Turn{Turn: rag.Turn{Question: question, Answer: strings.Repeat("明年。", 100)}}
			var n atomic.Int64
			var all sync.WaitGroup
			b.ResetTimer()
			for range writers {
				all.Go(func() {
					for i := n.Add(1); i <= int64(b.N); i = n.Add(1) {
						err := f.UpdateSession(b.Context(), bot.Key{User: i % 500}, func(s *bot.Session) {
							s.Turns = append(s.Turns[len(s.Turns)/5:], turn)
						})
						if err != nil {
							b.Error(err)
						}
					}
				})
			}
			all.Wait()
		})
	}
}

// BenchmarkForget measures forgetting one user of a file of 20 MB.
func BenchmarkForget(b *testing.B) {
	const users = 10_000
	f := openFile(b, filepath.Join(b.TempDir(), "sessions.db"))
	answer := bot.Answer{Text: strings.Repeat("明年。", 200)}
	var all sync.WaitGroup
	for w := range 50 {
		all.Go(func() {
			for i := w; i < users; i += 50 {
				a := answer
				a.ID, a.Key.User = fmt.Sprint(i), int64(i)
				if err := f.PutAnswer(b.Context(), a); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	for i := int64(0); b.Loop(); i++ {
		if err := f.Forget(b.Context(), i); err != nil {
			b.Fatal(err)
		}
	}
}
