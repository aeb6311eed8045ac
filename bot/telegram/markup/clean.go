package markup

import (
	"slices"
	"strings"
	"unicode"

	"wenbao/bot"
)

// clean gives a block's pieces as Telegram would leave them, without white space
// at either end of the block and without pieces that are empty.
func clean(pieces []bot.Piece) []text {
	var out []text
	for _, p := range pieces {
		var t text
		for _, r := range p {
			if s := cleanText(r.Text); s != "" {
				t = append(t, bot.Run{Text: s, Style: r.Style})
			}
		}
		if len(out) == 0 {
			t = trimStart(t)
		}
		if len(t) > 0 {
			out = append(out, t)
		}
	}
	for len(out) > 0 {
		last := len(out) - 1
		if out[last] = trimEnd(out[last]); len(out[last]) > 0 {
			break
		}
		out = out[:last]
	}
	return out
}

// cleanText replaces what Telegram drops, turns into blanks, or refuses: line ends
// other than \n, tabs, control characters, and bytes that are not UTF-8. It also
// replaces the invisible marks that set the direction of writing, with which
// quoted text can be made to read as what it is not.
func cleanText(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\r', r == '\u0085', r == '\u2028', r == '\u2029':
			return '\n'
		case r == '\t', r == '\v', r == '\f':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return unicode.ReplacementChar
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
}

// trimStart gives text without the white space that it begins with.
func trimStart(t text) text {
	for i, r := range t {
		if s := strings.TrimLeftFunc(r.Text, unicode.IsSpace); s != "" {
			t = slices.Clone(t[i:])
			t[0].Text = s
			return t
		}
	}
	return nil
}

// trimEnd gives text without the white space that it ends with.
func trimEnd(t text) text {
	for i := len(t) - 1; i >= 0; i-- {
		if s := strings.TrimRightFunc(t[i].Text, unicode.IsSpace); s != "" {
			t = slices.Clone(t[:i+1])
			t[i].Text = s
			return t
		}
	}
	return nil
}

// visible reports whether Telegram sees anything in the text. One in which it does
// not is refused as empty.
func visible(t text) bool {
	return slices.ContainsFunc(t, func(r bot.Run) bool {
		return strings.ContainsFunc(r.Text, func(c rune) bool { return !unicode.IsSpace(c) && !blank(c) })
	})
}

// blank reports whether a character, which is no white space, counts as none for
// Telegram: is_empty_string and clean_input_string in td/telegram/misc.cpp.
func blank(r rune) bool {
	switch {
	case r >= 0x200B && r <= 0x200F, // zero-width spaces, joiners and marks
		r >= 0xE0000 && r <= 0xE007F, // tags
		r == 0x180E, r == 0x2800, r == 0xFEFF, r == 0xFFFC,
		r == 0x030A, r == 0x0333, r == 0x033F: // combining marks that are dropped
		return true
	}
	return false
}
