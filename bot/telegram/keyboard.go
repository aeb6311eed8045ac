package telegram

import (
	"strings"
	"unicode/utf8"

	"wenbao/bot"
)

// Limits of an inline keyboard. Telegram answers 400 to a keyboard that passes
// them, and the message is not sent.
const (
	maxRow  = 8   // buttons beside one another
	maxKeys = 100 // buttons in all
	// maxInline is the longest inline query, in characters; taken as UTF-16.
	maxInline = 256
)

// keyboard is Telegram's InlineKeyboardMarkup. The library's own type writes an
// empty copy_text into each button, to which Telegram answers 400.
type keyboard struct {
	Rows [][]key `json:"inline_keyboard"`
}

// key is one button; one of Data, Copy and Inline is set.
type key struct {
	Text   string    `json:"text"`
	Data   string    `json:"callback_data,omitempty"`
	Copy   *copyText `json:"copy_text,omitempty"`
	Inline string    `json:"switch_inline_query_current_chat,omitempty"`
}

// copyText is what a button puts on the clipboard.
type copyText struct {
	Text string `json:"text"`
}

// newKeyboard makes the keyboard for rows of buttons, nil where there are none.
// What Telegram would refuse is kept out, so that the text above it arrives in
// any case: wide rows are wrapped, what a button copies is cut, and a button
// that cannot do anything, or whose data is too long, is left out.
//
// A nil *keyboard must not be put into a parameter of type any as it is: it would
// be sent as null.
func newKeyboard(rows [][]bot.Button) *keyboard {
	var k keyboard
	room := maxKeys
	for _, row := range rows {
		var keys []key
		for _, b := range row {
			one, ok := newKey(b)
			if !ok || room == 0 {
				continue
			}
			room--
			if len(keys) == maxRow {
				k.Rows, keys = append(k.Rows, keys), nil
			}
			keys = append(keys, one)
		}
		if len(keys) > 0 {
			k.Rows = append(k.Rows, keys)
		}
	}
	if len(k.Rows) == 0 {
		return nil
	}
	return &k
}

// newKey makes one button, and reports false for one that Telegram would refuse.
func newKey(b bot.Button) (key, bool) {
	one := key{Text: strings.TrimSpace(strings.ToValidUTF8(b.Text, "\uFFFD"))}
	switch {
	case one.Text == "":
		return key{}, false
	case b.Data != "":
		one.Data = b.Data
		return one, len(b.Data) <= bot.MaxData && utf8.ValidString(b.Data)
	case b.Copy != "":
		one.Copy = &copyText{Text: cutUTF16(b.Copy, bot.MaxCopy)}
	case b.Inline != "":
		one.Inline = cutUTF16(b.Inline, maxInline)
	default:
		return key{}, false
	}
	return one, true
}

// cutUTF16 gives the longest beginning of s, in valid UTF-8, that has at most
// limit UTF-16 units and ends between characters.
func cutUTF16(s string, limit int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	for i, r := range s {
		limit -= unitsOf(r)
		if limit < 0 {
			return s[:i]
		}
	}
	return s
}
