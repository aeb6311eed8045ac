package telegram

import (
	"wenbao/bot"
	"wenbao/bot/telegram/markup"
)

// plan is a reply as it is delivered, kept as JSON. It holds the parts as they
// were cut when it was made, so that a later version of the program, which may cut
// otherwise, finds what was sent.
type plan struct {
	Toast  string      `json:"toast,omitempty"`
	Alert  bool        `json:"alert,omitempty"`
	Inline *bot.Inline `json:"inline,omitempty"`
	Parts  []part      `json:"parts,omitempty"`
}

// part is one message, or other buttons for one that is there.
type part struct {
	// HTML is "" where only the buttons under Replace change.
	HTML string `json:"html"`
	// Text is sent where Telegram cannot read HTML.
	Text    string         `json:"text"`
	Buttons [][]bot.Button `json:"buttons,omitempty"`
	// Replace is the message that it takes the place of, 0 for a new one.
	Replace int `json:"replace,omitempty"`
}

// newPlan cuts a reply into parts. A toast that has nothing to go to any more,
// since the press was answered while it took long, becomes a message where there
// is no other.
func newPlan(r bot.Reply, answered bool) plan {
	if answered && r.Toast != "" && len(r.Messages) == 0 {
		r = bot.Say(r.Toast)
	}
	p := plan{Toast: r.Toast, Alert: r.Alert, Inline: r.Inline}
	for _, m := range r.Messages {
		if m.Replace != 0 && len(m.Blocks) == 0 {
			p.Parts = append(p.Parts, part{Buttons: m.Buttons, Replace: m.Replace})
			continue
		}
		for i, x := range markup.Parts(m) {
			next := part{HTML: x.HTML, Text: x.Text, Buttons: x.Buttons}
			if i == 0 {
				next.Replace = m.Replace
			}
			p.Parts = append(p.Parts, next)
		}
	}
	return p
}

// spoken is a plan that says its toast in a message.
func (p plan) spoken() plan { return newPlan(bot.Say(p.Toast), false) }

// form is how much of a part is left. An answer is never lost to what is beside
// its words: where Telegram refuses one form, the next one is tried.
type form int

const (
	marked   form = iota // all of it
	unmarked             // without markup
	bare                 // without buttons too, and without reference to what it answers
)

// in gives a part in a form.
func (p part) in(f form) text {
	switch f {
	case marked:
		return text{text: p.HTML, buttons: p.Buttons}
	case unmarked:
		return text{text: p.Text, plain: true, buttons: p.Buttons}
	}
	return text{text: p.Text, plain: true}
}
