package boltfile_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"wenbao/bot/internal/boltfile"
)

// BenchmarkUpdate measures a durable write by one goroutine and by 64 at once.
func BenchmarkUpdate(b *testing.B) {
	for _, writers := range []int{1, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			f := open(b, temp(b))
			value := []byte(strings.Repeat("x", 500))
			var n atomic.Int64
			inParallel(b, writers, func() {
				key := fmt.Appendf(nil, "%d", n.Add(1)%1000)
				err := f.Update(b.Context(), func(tx *boltfile.Tx) error { return tx.Put("a", key, value) })
				if err != nil {
					b.Error(err)
				}
			})
		})
	}
}

// inParallel calls f b.N times in all from so many goroutines.
func inParallel(b *testing.B, goroutines int, f func()) {
	var left atomic.Int64
	left.Store(int64(b.N))
	var all sync.WaitGroup
	b.ResetTimer()
	for range goroutines {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				f()
			}
		})
	}
	all.Wait()
}

// BenchmarkLarge measures opening and rewriting a file of 20 MB.
func BenchmarkLarge(b *testing.B) {
	path := temp(b)
	f := open(b, path)
	for i := range 100 {
		pairs := make(map[string]string)
		for k := range 100 {
			pairs[fmt.Sprintf("%d/%d", i, k)] = strings.Repeat("x", 2000)
		}
		put(b, f, pairs)
	}
	b.Run("rewrite", func(b *testing.B) {
		for b.Loop() {
			if err := f.Rewrite(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
	closeFile(b, f)
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			closeFile(b, open(b, path))
		}
	})
}
