// Package panics brings a panic of a goroutine back to whoever waits for it. The
// runtime ends the program for one that nobody recovers where it happens; a bot
// is to lose one answer by it, and an update of the library no more than itself.
package panics

import (
	"fmt"
	"path"
	"runtime"
	"strings"
	"sync"
)

// Panic is what a function panicked with. It is a runtime.Error, and its text holds
// no words that the value may have of a user's question or file: only a fault that
// the runtime itself has found is shown as it is.
type Panic struct {
	// Value is what panic was called with.
	Value any
	// At are the lines that led to it, the innermost first: a.go:7 < b.go:30.
	At string
}

var _ runtime.Error = (*Panic)(nil)

// Error gives the runtime's own words, or the type of the value, and the place.
func (p *Panic) Error() string {
	if err, ok := p.Value.(runtime.Error); ok {
		return fmt.Sprintf("%v at %s", err, p.At)
	}
	return fmt.Sprintf("panic with a %T at %s", p.Value, p.At)
}

// RuntimeError implements runtime.Error.
func (p *Panic) RuntimeError() {}

// Catch runs f and gives what it panicked with, nil where it did not. A *Panic goes
// through as it is, so that it names the place where it began.
func Catch(f func()) (caught *Panic) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case *Panic:
			caught = v
		default:
			caught = &Panic{Value: v, At: place()}
		}
	}()
	f()
	return nil
}

// maxFrames is how many lines At has: enough to leave the libraries.
const maxFrames = 8

// place names the lines of a panic. It is called by the deferred function, so that
// those of the panic lie below.
func place() string {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])]) // without Callers, place and the deferred function
	var lines []string
	for more := true; more && len(lines) < maxFrames; {
		var f runtime.Frame
		f, more = frames.Next()
		if f.Function != "" && !strings.HasPrefix(f.Function, "runtime.") {
			lines = append(lines, fmt.Sprintf("%s:%d", path.Base(f.File), f.Line))
		}
	}
	return strings.Join(lines, " < ")
}

// Group runs functions beside its caller, who calls Wait. The zero Group is ready.
type Group struct {
	running sync.WaitGroup
	mu      sync.Mutex
	first   *Panic
}

// Go runs f in a goroutine.
func (g *Group) Go(f func()) {
	g.running.Go(func() {
		if p := Catch(f); p != nil {
			g.mu.Lock()
			defer g.mu.Unlock()
			if g.first == nil {
				g.first = p
			}
		}
	})
}

// Wait waits for all of them, and panics with the *Panic of the first that panicked.
func (g *Group) Wait() {
	g.running.Wait()
	if g.first != nil {
		panic(g.first)
	}
}
