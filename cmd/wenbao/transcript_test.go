package main

import (
	"fmt"
	"net/http"
	"strings"

	"wenbao/bot/bottest"
)

// exchange takes requests to servers by the beginning of their addresses.
type exchange map[string]http.RoundTripper

func (e exchange) RoundTrip(r *http.Request) (*http.Response, error) {
	for address, to := range e {
		if strings.HasPrefix(r.URL.String(), address) {
			return to.RoundTrip(r)
		}
	}
	return nil, fmt.Errorf("there is no server at %s", r.URL.Host)
}

// printedCall is what a call of the bot's shows to people, "" where that is nothing.
func printedCall(c bottest.Call, where string) string {
	if !c.Done {
		why := "cut"
		if c.Error != nil {
			why = fmt.Sprintf("%d %s", c.Error.Code, c.Error.Description)
		}
		return fmt.Sprintf("(%s %s: %s)\n", c.Method, where, why)
	}
	switch c.Method {
	case "sendChatAction":
		return fmt.Sprintf("%s … %s\n", where, c.Action)
	case "sendMessageDraft":
		return fmt.Sprintf("%s draft: %s\n", where, strings.ReplaceAll(c.Text, "\n", "⏎"))
	case "sendMessage", "editMessageText":
		return printedMessage(c, where)
	case "editMessageReplyMarkup":
		return fmt.Sprintf("%s #%d buttons\n", where, c.Message) + printedButtons(c.Buttons)
	case "answerCallbackQuery":
		switch {
		case c.Text == "":
			return ""
		case c.Alert:
			return "alert: " + c.Text + "\n"
		}
		return "toast: " + c.Text + "\n"
	case "answerInlineQuery":
		return printedInline(c)
	}
	return ""
}

func printedMessage(c bottest.Call, where string) string {
	head := fmt.Sprintf("%s #%d", where, c.Message)
	if c.Thread != 0 {
		head += fmt.Sprintf(" in topic %d", c.Thread)
	}
	if c.ReplyTo != 0 {
		head += fmt.Sprintf(" to #%d", c.ReplyTo)
	}
	if c.Method == "editMessageText" {
		head += " edited"
	}
	if c.Cut {
		head += " (the bot is not told)"
	}
	return head + "\n" + printedText(c.Text, c.Entities) + printedButtons(c.Buttons)
}

// printedText is a text with a bar before what is quoted, double where it is folded.
func printedText(text string, entities []bottest.Entity) string {
	var b strings.Builder
	at := 0
	for line := range strings.Lines(text) {
		mark := ""
		for _, e := range entities {
			start := len(bottest.Entity{Length: e.Offset}.Covered(text))
			if start <= at && at < start+len(e.Covered(text)) {
				switch e.Type {
				case "expandable_blockquote":
					mark = "‖ "
				case "blockquote":
					mark = "| "
				}
			}
		}
		b.WriteString("  " + mark + strings.TrimRight(line, "\n") + "\n")
		at += len(line)
	}
	return b.String()
}

func printedButtons(rows [][]bottest.Button) string {
	var b strings.Builder
	for _, row := range rows {
		b.WriteString(" ")
		for _, button := range row {
			b.WriteString(" [" + button.Text)
			if button.Kind == bottest.ButtonCopy {
				b.WriteString(" ⧉ " + button.Value)
			}
			b.WriteString("]")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func printedInline(c bottest.Call) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d results, next %q\n", len(c.Results), c.Next)
	if c.Hint != "" {
		b.WriteString("  hint: " + c.Hint + "\n")
	}
	for i, r := range c.Results {
		fmt.Fprintf(&b, "  %d. %s | %s\n", i+1, r.Title, r.Description)
		if i == 0 {
			b.WriteString(printedText(r.Text, r.Entities))
		}
	}
	return b.String()
}
