package llm

import (
	"strings"
	"unicode"
)

// thinkFilter takes the thinking of a reasoning model out of a stream of text:
// what stands between <think> and </think>, or after a <think> that is never
// closed. White space before the answer goes with it. However a text is cut into
// pieces, the same is left of it.
//
// Some servers swallow the first <think>. The text before a </think> that nothing
// opened is thinking too; where it was let through by then, write says so.
type thinkFilter struct {
	pending string // what may be the beginning of a tag
	inside  bool
	started bool // something else than white space was let through
}

// The tags. No tag is the beginning of another.
const (
	openThink  = "<think>"
	closeThink = "</think>"
)

// write takes the next piece and gives what is to be shown of it. reset says
// that everything given before was thinking.
func (f *thinkFilter) write(piece string) (shown string, reset bool) {
	text := f.pending + piece
	f.pending = ""
	var out strings.Builder
	for {
		at, tag := f.nextTag(text)
		if tag == "" {
			break
		}
		f.show(&out, text[:at])
		text = text[at+len(tag):]
		if tag == closeThink && !f.inside {
			out.Reset()
			f.started, reset = false, true
		}
		f.inside = tag == openThink
	}
	keep := tagStart(text)
	f.show(&out, text[:len(text)-keep])
	f.pending = text[len(text)-keep:]
	return out.String(), reset
}

// end gives what is left when the text is over: half a tag is no tag.
func (f *thinkFilter) end() string {
	var out strings.Builder
	f.show(&out, f.pending)
	f.pending = ""
	return out.String()
}

// show lets text through unless it is thinking, or white space before the answer.
func (f *thinkFilter) show(out *strings.Builder, text string) {
	if f.inside {
		return
	}
	if !f.started {
		text = strings.TrimLeftFunc(text, unicode.IsSpace)
		f.started = text != ""
	}
	out.WriteString(text)
}

// nextTag finds the next tag; inside thinking only its end counts.
func (f *thinkFilter) nextTag(text string) (at int, tag string) {
	end := strings.Index(text, closeThink)
	if f.inside {
		if end < 0 {
			return 0, ""
		}
		return end, closeThink
	}
	begin := strings.Index(text, openThink)
	switch {
	case begin >= 0 && (end < 0 || begin < end):
		return begin, openThink
	case end >= 0:
		return end, closeThink
	}
	return 0, ""
}

// tagStart is the length of the longest end of text that may begin a tag.
func tagStart(text string) int {
	for n := min(len(text), len(closeThink)-1); n > 0; n-- {
		end := text[len(text)-n:]
		if strings.HasPrefix(openThink, end) || strings.HasPrefix(closeThink, end) {
			return n
		}
	}
	return 0
}
