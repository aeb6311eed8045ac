package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"wenbao/bot/journal"
)

// BenchmarkUpdate measures the whole way of an update: taken, begun, planned, sent, done.
func BenchmarkUpdate(b *testing.B) {
	for _, writers := range []int{1, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			j := open(b, temp(b))
			body, plan := bytes.Repeat([]byte("b"), 500), bytes.Repeat([]byte("p"), 5000)
			var n atomic.Int64
			var all sync.WaitGroup
			b.ResetTimer()
			for range writers {
				all.Go(func() {
					for id := n.Add(1); id <= int64(b.N); id = n.Add(1) {
						_, err := j.Take(b.Context(), []journal.Entry{{ID: id, Lane: id % 500, Body: body}})
						if err := errors.Join(err, j.Plan(b.Context(), id, plan, id),
							j.Sent(b.Context(), id, 0, id), j.Done(b.Context(), id)); err != nil {
							b.Error(err)
						}
					}
				})
			}
			all.Wait()
		})
	}
}
