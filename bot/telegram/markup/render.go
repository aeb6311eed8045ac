package markup

import (
	"html"
	"strings"

	"wenbao/bot"
)

// render gives the HTML of a part.
func render(blocks []block) string {
	var b strings.Builder
	for i, at := range blocks {
		if i > 0 {
			b.WriteString(separator(blocks[i-1], at))
		}
		switch {
		case at.folded:
			b.WriteString("<blockquote expandable>")
		case at.quote:
			b.WriteString("<blockquote>")
		}
		renderText(&b, at.runs)
		if at.quote {
			b.WriteString("</blockquote>")
		}
	}
	return b.String()
}

// visibleText gives the text of a part without markup.
func visibleText(blocks []block) string {
	var b strings.Builder
	for i, at := range blocks {
		if i > 0 {
			b.WriteString(separator(blocks[i-1], at))
		}
		b.WriteString(plain(at.runs))
	}
	return b.String()
}

// renderText writes runs, those in one style after the other in one tag.
func renderText(b *strings.Builder, t text) {
	open := ""
	for _, r := range t {
		if name := tag(r.Style); name != open {
			closeTag(b, open)
			if name != "" {
				b.WriteString("<" + name + ">")
			}
			open = name
		}
		b.WriteString(html.EscapeString(r.Text))
	}
	closeTag(b, open)
}

func closeTag(b *strings.Builder, name string) {
	if name != "" {
		b.WriteString("</" + name + ">")
	}
}

// tag is the HTML element of a style, "" for none. A style that is not known is
// plain: the text counts, not its looks.
func tag(s bot.Style) string {
	switch s {
	case bot.Bold:
		return "b"
	case bot.Italic:
		return "i"
	case bot.Code:
		return "code"
	}
	return ""
}

// separator stands between two blocks: an empty line between paragraphs. Quotations
// are set off by Telegram itself and need no more than a new line.
func separator(before, after block) string {
	if before.quote || after.quote {
		return "\n"
	}
	return "\n\n"
}
