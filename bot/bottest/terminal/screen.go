package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"wenbao/bot/bottest"
)

// draftShown is how many characters of the end of a draft are shown.
const draftShown = 60

// show prints a call of the bot's as the user sees it. The lock is held.
func (t *terminal) show(call bottest.Call) {
	where := ""
	if c := t.chats[call.Chat]; c != nil && c != t.chat {
		where = " in " + c.Title()
	}
	switch {
	case call.Error != nil:
		fmt.Fprintf(t.out, "! %s%s: %v\n", call.Method, where, call.Error)
	case call.Method == "sendMessage":
		reply := ""
		if call.ReplyTo != 0 {
			reply = fmt.Sprintf(" replies to #%d", call.ReplyTo)
		}
		t.message(call, reply+where)
	case call.Method == "editMessageText":
		t.message(call, " is now"+where)
	case call.Method == "editMessageReplyMarkup":
		fmt.Fprintf(t.out, "#%d has other buttons%s\n", call.Message, where)
		t.buttons(call)
	case call.Method == "deleteMessage":
		fmt.Fprintf(t.out, "#%d is gone%s\n", call.Message, where)
	case call.Method == "sendMessageDraft":
		fmt.Fprintf(t.out, "~ %s\n", ending(call.Text))
	case call.Method == "sendChatAction":
		fmt.Fprintf(t.out, "~ %s%s\n", call.Action, where)
	case call.Method == "answerCallbackQuery" && call.Text != "":
		fmt.Fprintf(t.out, "* %s\n", call.Text)
	case call.Method == "answerInlineQuery":
		t.results(call)
	}
}

func (t *terminal) message(call bottest.Call, how string) {
	fmt.Fprintf(t.out, "#%d%s\n%s\n", call.Message, how, indent(plain(call.Text, call.Entities)))
	t.buttons(call)
}

// buttons prints a keyboard and gives its buttons their numbers.
func (t *terminal) buttons(call bottest.Call) {
	if len(call.Buttons) == 0 {
		return
	}
	t.shown = nil
	for _, row := range call.Buttons {
		var labels []string
		for _, b := range row {
			t.shown = append(t.shown, button{b, t.chats[call.Chat], call.Message})
			labels = append(labels, fmt.Sprintf("‹%d %s›", len(t.shown), b.Text))
		}
		fmt.Fprintln(t.out, indent(strings.Join(labels, " ")))
	}
}

// results prints what answers an inline query.
func (t *terminal) results(call bottest.Call) {
	t.inline = call.Results
	fmt.Fprintf(t.out, "= %d results\n", len(call.Results))
	if call.Hint != "" {
		fmt.Fprintln(t.out, indent("↗ "+call.Hint))
	}
	for i, r := range call.Results {
		fmt.Fprintln(t.out, indent(fmt.Sprintf("(%d) %s\n%s", i+1, r.Title, r.Description)))
	}
}

// plain is a text as far as a terminal shows it: quotations have a bar before
// each line, those that are folded a double one.
func plain(text string, entities []bottest.Entity) string {
	var out strings.Builder
	at := 0 // in UTF-16 units
	quotes := slices.DeleteFunc(slices.Clone(entities), func(e bottest.Entity) bool {
		return e.Type != "blockquote" && e.Type != "expandable_blockquote"
	})
	for _, q := range quotes {
		before := bottest.Entity{Offset: at, Length: q.Offset - at}.Covered(text)
		out.WriteString(strings.TrimSuffix(before, "\n"))
		if out.Len() > 0 {
			out.WriteByte('\n')
		}
		bar := "│ "
		if q.Type == "expandable_blockquote" {
			bar = "║ "
		}
		out.WriteString(bar + strings.ReplaceAll(q.Covered(text), "\n", "\n"+bar))
		at = q.Offset + q.Length
	}
	rest := bottest.Entity{Offset: at, Length: bottest.Units(text) - at}.Covered(text)
	if at > 0 && rest != "" && rest[0] != '\n' {
		out.WriteByte('\n') // A quotation is a block of its own.
	}
	out.WriteString(rest)
	return out.String()
}

// ending is the end of a long text, on one line.
func ending(text string) string {
	text = strings.ReplaceAll(text, "\n", " ")
	cut := utf8.RuneCountInString(text) - draftShown
	if cut <= 0 {
		return text
	}
	return "…" + string([]rune(text)[cut:])
}

// indent sets every line in that has something in it.
func indent(text string) string {
	var out []string
	for line := range strings.Lines(strings.TrimRight(text, "\n")) {
		out = append(out, strings.TrimRight("    "+strings.TrimSuffix(line, "\n"), " "))
	}
	return strings.Join(out, "\n")
}
