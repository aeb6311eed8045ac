package markup_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"wenbao/bot"
	"wenbao/bot/telegram/markup"
)

// seen is what Telegram makes of HTML.
type seen struct {
	text     string
	entities int
}

// parse reads HTML as strictly as Telegram does, and more so where Telegram would
// silently take something else: only the tags that the package is meant to write,
// closed in order, not empty, quotations not within one another, and no < > & that
// is not part of a tag or of a character reference.
func parse(s string) (seen, error) {
	var out seen
	var text strings.Builder
	var open []string
	started := map[int]int{}
	for len(s) > 0 {
		switch s[0] {
		case '<':
			tag, rest, ok := strings.Cut(s[1:], ">")
			if !ok {
				return out, fmt.Errorf("tag is not closed: %.20q", s)
			}
			s = rest
			if name, ok := strings.CutPrefix(tag, "/"); ok {
				if len(open) == 0 || open[len(open)-1] != name {
					return out, fmt.Errorf("</%s> closes %q", name, open)
				}
				if started[len(open)] == text.Len() {
					return out, fmt.Errorf("<%s> is empty", name)
				}
				open = open[:len(open)-1]
				continue
			}
			name, _, _ := strings.Cut(tag, " ")
			if !slices.Contains([]string{"b", "i", "code", "blockquote", "blockquote expandable"}, tag) {
				return out, fmt.Errorf("tag %q", tag)
			}
			if name == "blockquote" && len(open) > 0 {
				return out, fmt.Errorf("<%s> within %q", tag, open)
			}
			open = append(open, name)
			started[len(open)] = text.Len()
			out.entities++
		case '>':
			return out, fmt.Errorf("bare >")
		case '&':
			ref, rest, ok := strings.Cut(s[1:], ";")
			char, known := map[string]string{"lt": "<", "gt": ">", "amp": "&", "#34": `"`, "#39": "'"}[ref]
			if !ok || !known {
				return out, fmt.Errorf("reference %.10q", s)
			}
			text.WriteString(char)
			s = rest
		default:
			n := strings.IndexAny(s, "<>&")
			if n < 0 {
				n = len(s)
			}
			text.WriteString(s[:n])
			s = s[n:]
		}
	}
	if len(open) > 0 {
		return out, fmt.Errorf("left open: %q", open)
	}
	out.text = text.String()
	return out, nil
}

// checkText checks what is to be seen of one message.
func checkText(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Fatalf("not UTF-8: %q", text)
	}
	if strings.TrimSpace(text) != text {
		t.Fatalf("white space at an end: %q", text)
	}
	if ink(text) == "" {
		t.Fatalf("nothing to be seen: %q", text)
	}
	if n := len(utf16.Encode([]rune(text))); n > markup.MaxUnits {
		t.Fatalf("%d units", n)
	}
	if i := strings.IndexFunc(text, forbidden); i >= 0 {
		t.Fatalf("character at %d of %q", i, text)
	}
}

// forbidden are characters that Telegram drops or changes, and those that turn the
// direction of writing.
func forbidden(r rune) bool {
	return r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}

// ink gives what is left of text without all that is invisible.
func ink(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), r >= 0x200B && r <= 0x200F, r >= 0xE0000 && r <= 0xE007F,
			strings.ContainsRune("\u180E\u2800\uFEFF\uFFFC\u030A\u0333\u033F", r):
			return -1
		}
		return r
	}, s)
}

// checkParts checks the parts of a message, and that they hold all of it.
func checkParts(t *testing.T, m bot.Message) []markup.Part {
	t.Helper()
	parts := markup.Parts(m)
	var all strings.Builder
	for i, p := range parts {
		got, err := parse(p.HTML)
		if err != nil {
			t.Fatalf("part %d: %v in %q", i, err, p.HTML)
		}
		checkText(t, got.text)
		if got.text != p.Text {
			t.Fatalf("part %d has text %q, its HTML %q", i, p.Text, got.text)
		}
		if got.entities > markup.MaxEntities {
			t.Fatalf("part %d has %d entities", i, got.entities)
		}
		if len(p.HTML) > 32768 {
			t.Fatalf("part %d has %d bytes", i, len(p.HTML))
		}
		if len(p.Buttons) > 0 && i < len(parts)-1 {
			t.Fatalf("part %d of %d has buttons", i, len(parts))
		}
		all.WriteString(got.text)
	}
	if len(parts) > 0 && len(m.Buttons) > 0 && len(parts[len(parts)-1].Buttons) == 0 {
		t.Fatal("buttons are lost")
	}
	if got, want := ink(all.String()), ink(written(m)); got != want {
		t.Fatalf("text is lost, doubled or out of order:\n got %q\nwant %q", got, want)
	}
	return parts
}

// written is all text of a message as it is to be seen.
func written(m bot.Message) string {
	var b strings.Builder
	for _, block := range m.Blocks {
		for _, piece := range block.Pieces {
			for _, run := range piece {
				for _, r := range run.Text {
					switch {
					case unicode.IsSpace(r), r == '\u2028', r == '\u2029':
						r = ' '
					case forbidden(r):
						r = '\uFFFD'
					}
					b.WriteRune(r)
				}
			}
		}
	}
	return b.String()
}

// checkPreview checks a preview, which begins as the message without its folded
// blocks does.
func checkPreview(t *testing.T, m bot.Message) {
	t.Helper()
	var open bot.Message
	for _, b := range m.Blocks {
		if !b.Folded {
			open.Blocks = append(open.Blocks, b)
		}
	}
	want := ink(written(open))
	html := markup.Preview(m)
	if want == "" {
		if html != "" {
			t.Fatalf("preview of nothing: %q", html)
		}
		return
	}
	got, err := parse(html)
	if err != nil {
		t.Fatalf("preview: %v in %q", err, html)
	}
	checkText(t, got.text)
	shown, ok := strings.CutSuffix(ink(got.text), "…")
	if !ok || !strings.HasPrefix(want, shown) {
		t.Fatalf("preview %q\nof %q", got.text, want)
	}
}
