package boltfile_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"wenbao/bot/internal/boltfile"
)

// TestTogether has updates that work, fail and panic at the same time: each ends
// as if it were alone.
func TestTogether(t *testing.T) {
	path := temp(t)
	f := open(t, path)
	refused := errors.New("refused")
	want := make(map[string]string)
	var all sync.WaitGroup
	for i := range 300 {
		key := fmt.Sprint(i)
		if i%10 < 8 {
			want[key] = "v"
		}
		all.Go(func() {
			var err error
			var panicked any
			func() {
				defer func() { panicked = recover() }()
				err = f.Update(t.Context(), func(tx *boltfile.Tx) error {
					if err := tx.Put("a", []byte(key), []byte("v")); err != nil {
						return err
					}
					switch i % 10 {
					case 8:
						return refused
					case 9:
						panic(key)
					}
					return nil
				})
			}()
			switch i % 10 {
			case 8:
				if !errors.Is(err, refused) {
					t.Errorf("refused: %v", err)
				}
			case 9:
				if panicked != key {
					t.Errorf("%s panicked with %v", key, panicked)
				}
			default:
				if err != nil || panicked != nil {
					t.Errorf("%s: %v, %v", key, err, panicked)
				}
			}
		})
	}
	all.Wait()
	wantContent(t, f, want)
	closeFile(t, f)
	wantContent(t, open(t, path), want)
}

// TestGoexit has an update end its goroutine, as a failing test does: nobody waits
// for it for ever.
func TestGoexit(t *testing.T) {
	f := open(t, temp(t))
	var all sync.WaitGroup
	all.Go(func() {
		_ = f.Update(t.Context(), func(*boltfile.Tx) error {
			runtime.Goexit()
			return nil
		})
	})
	all.Wait()
	put(t, f, map[string]string{"k": "v"})
	wantContent(t, f, map[string]string{"k": "v"})
}

// TestShared has updates wait for one transaction and then share the next.
func TestShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := open(t, temp(t))
		begun, hold := make(chan bool), make(chan bool)
		var all sync.WaitGroup
		all.Go(func() {
			_ = f.Update(t.Context(), func(*boltfile.Tx) error {
				close(begun)
				<-hold
				return nil
			})
		})
		<-begun
		var order []int
		for i := range 20 {
			all.Go(func() {
				_ = f.Update(t.Context(), func(*boltfile.Tx) error {
					order = append(order, i) // alone at the time
					return nil
				})
			})
			synctest.Wait() // so that they come one after the other
		}
		start := time.Now()
		close(hold)
		all.Wait()
		for i, got := range order {
			if got != i {
				t.Fatalf("they ran in the order %v", order)
			}
		}
		if len(order) != 20 || time.Since(start) > 0 {
			t.Errorf("%d ran, after a wait of %v", len(order), time.Since(start))
		}
	})
}

func TestDoneContext(t *testing.T) {
	f := open(t, temp(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, err := range map[string]error{
		"View":    f.View(ctx, func(*boltfile.Tx) error { t.Error("read"); return nil }),
		"Update":  f.Update(ctx, func(*boltfile.Tx) error { t.Error("written"); return nil }),
		"Rewrite": f.Rewrite(ctx),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
