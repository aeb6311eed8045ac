package markup

import (
	"strings"

	"wenbao/bot"
)

// Limits of one message. Telegram refuses a longer text, and shows without markup
// what comes after the last entity that it takes.
const (
	// MaxUnits is the longest text, in UTF-16 units of what is to be seen: tags
	// and character references are read before it is counted.
	MaxUnits = 4096
	// MaxEntities is how many stretches of text can have a style or be quoted.
	MaxEntities = 100
)

// Two more limits need no counting. The Bot API server takes 32,768 bytes of
// HTML; a part has at most 5 for a unit (&amp;) and 36 for an entity (a folded
// quotation's tags), 24,080 in all. And all entities of a message take at most
// about 9,500 bytes as they are sent on, at 16 each far more than MaxEntities.

// Part is one message as Telegram takes it.
type Part struct {
	HTML string
	// Text is what is to be seen of HTML, for where the markup is refused.
	Text string
	// Buttons are those of the message, on its last part.
	Buttons [][]bot.Button
}

// Parts renders a message, in order, each part with something to be seen in it. A
// message of nothing but white space has no parts, and its buttons nowhere to be.
func Parts(m bot.Message) []Part {
	laid := split(m.Blocks, MaxUnits)
	if len(laid) == 0 {
		return nil
	}
	parts := make([]Part, len(laid))
	for i, blocks := range laid {
		parts[i] = Part{HTML: render(blocks), Text: visibleText(blocks)}
	}
	parts[len(parts)-1].Buttons = m.Buttons
	return parts
}

// ellipsis ends what is not whole yet. It is one unit.
const ellipsis = "…"

// Preview renders the beginning of a message that is still growing: what fits one
// part, with … at its end. Folded blocks, which are the sources of an answer, are
// left out. It is "" where there is nothing to show.
func Preview(m bot.Message) string {
	var open []bot.Block
	for _, b := range m.Blocks {
		if !b.Folded {
			open = append(open, b)
		}
	}
	laid := split(open, MaxUnits-1)
	if len(laid) == 0 {
		return ""
	}
	first := laid[0]
	last := &first[len(first)-1]
	if end := last.runs[len(last.runs)-1].Text; !strings.HasSuffix(end, ellipsis) {
		last.runs = append(last.runs, bot.Run{Text: ellipsis})
	}
	return render(first)
}
