package panics_test

import (
	"errors"
	"regexp"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"wenbao/corpus/panics"
)

// beyond panics as the runtime does, given nothing.
func beyond(list []int) int { return list[0] }

func TestCatch(t *testing.T) {
	if p := panics.Catch(func() {}); p != nil {
		t.Errorf("nothing happened: %v", p)
	}
	secret := errors.New("云泽市的问题")
	for name, tt := range map[string]struct {
		f    func()
		want string
	}{
		"an error":    {func() { panic(secret) }, `^panic with a \*errors\.errorString at panics_test\.go:\d+ < `},
		"a text":      {func() { panic("云泽市的问题") }, `^panic with a string at panics_test\.go:\d+ < `},
		"the runtime": {func() { beyond(nil) }, `^runtime error: index out of range \[0\] with length 0 at panics_test\.go:\d+ < panics_test\.go:\d+`},
	} {
		p := panics.Catch(tt.f)
		if p == nil || !regexp.MustCompile(tt.want).MatchString(p.Error()) || strings.Contains(p.Error(), "云泽") {
			t.Errorf("%s: %v", name, p)
		}
	}
	if p := panics.Catch(func() { panic(secret) }); p.Value != any(secret) {
		t.Errorf("the value is %v", p.Value)
	}
}

// TestCatchAgain: what was brought back from one goroutine to the next names the
// place where it began.
func TestCatchAgain(t *testing.T) {
	first := panics.Catch(func() { beyond(nil) })
	if again := panics.Catch(func() { panic(first) }); again != first {
		t.Errorf("%v became %v", first, again)
	}
}

func TestGroup(t *testing.T) {
	var done atomic.Int64
	var g panics.Group
	for i := range 5 {
		g.Go(func() {
			done.Add(1)
			if i%2 == 1 {
				beyond(nil)
			}
		})
	}
	p := panics.Catch(g.Wait)
	var bad runtime.Error
	if p == nil || !errors.As(p, &bad) || !strings.Contains(p.Error(), "index out of range") {
		t.Errorf("Wait panicked with %v", p)
	}
	if done.Load() != 5 {
		t.Errorf("it did not wait: %d of 5 are done", done.Load())
	}
	var quiet panics.Group
	quiet.Go(func() { done.Add(1) })
	quiet.Wait()
	if done.Load() != 6 {
		t.Error("it did not wait")
	}
}
