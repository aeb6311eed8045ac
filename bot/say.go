package bot

import (
	"fmt"
	"strings"
)

// line says one line in the form that an event can be answered in.
func (x *exchange) line(text string) Reply {
	switch x.event.Kind {
	case EventPress:
		return Reply{Toast: text}
	case EventInline:
		return Reply{Inline: &Inline{Hint: text}}
	case EventGone, EventMoved, EventJoined:
		return Reply{}
	}
	return Say(text)
}

// quiet is the least that an event has to be answered with.
func (x *exchange) quiet() Reply {
	if x.event.Kind == EventInline {
		return Reply{Inline: &Inline{}}
	}
	return Reply{}
}

// trouble says that something went wrong that is not the user's fault. The number
// is the one that the log has.
func (x *exchange) trouble() Reply { return x.line(fmt.Sprintf(x.words.Trouble, x.event.ID)) }

// stale says that a button has outlived what it was for.
func (x *exchange) stale() Reply { return Reply{Toast: x.words.Stale, Alert: true} }

// instead gives a message in place of the one under which a button was pressed.
func (x *exchange) instead(m Message) Reply {
	m.Replace = x.event.Message
	return Reply{Messages: []Message{m}}
}

// messages is a reply of messages.
func messages(m ...Message) Reply { return Reply{Messages: m} }

func plain(text string) Run  { return Run{Text: text} }
func bold(text string) Run   { return Run{Text: text, Style: Bold} }
func italic(text string) Run { return Run{Text: text, Style: Italic} }
func code(text string) Run   { return Run{Text: text, Style: Code} }

// paragraph is a block of one piece.
func paragraph(runs ...Run) Block { return Block{Pieces: []Piece{runs}} }

// notBlank leaves out what is blank.
func notBlank(words ...string) []string {
	var out []string
	for _, w := range words {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}
