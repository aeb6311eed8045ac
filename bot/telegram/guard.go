package telegram

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"wenbao/bot"
)

// guard calls what must not take the program with it, and reports whether it
// panicked.
func (r *run) guard(what string, e bot.Event, call func()) (panicked bool) {
	defer func() {
		if v := recover(); v != nil {
			panicked = true
			r.opt.Meter.Panicked()
			r.log.Error(what+" panicked", "event", e.ID, "kind", e.Kind,
				"panic", panicText(v), "stack", string(debug.Stack()))
		}
	}()
	call()
	return false
}

// panicText says what a panic was about, without texts of users that its value
// may hold: only the runtime's own errors are shown.
func panicText(v any) string {
	if err, ok := v.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", v)
}
