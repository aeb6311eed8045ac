package bottest

import (
	"encoding/json"
	"unicode/utf8"
)

// Button is a button under a message of the bot's.
type Button struct {
	Text string
	// Kind is what pressing it does, Value with what.
	Kind  ButtonKind
	Value string
}

// ButtonKind is what pressing a button does, as the Bot API calls it.
type ButtonKind string

// The kinds of button.
const (
	ButtonData          ButtonKind = "callback_data"
	ButtonCopy          ButtonKind = "copy_text"
	ButtonURL           ButtonKind = "url"
	ButtonInline        ButtonKind = "switch_inline_query"
	ButtonInlineCurrent ButtonKind = "switch_inline_query_current_chat"
)

// Limits of keyboards. Wider rows are broken by the real server, silently.
const (
	maxData    = 64 // bytes
	maxCopy    = 256
	maxButtons = 100
	maxRow     = 8
)

// keyboard reads the parameter reply_markup, nil for none.
func (s *Server) keyboard(r *request) ([][]Button, *Error) {
	if r.params["reply_markup"] == "" {
		return nil, nil
	}
	rows, fail := s.parseKeyboard(json.RawMessage(r.params["reply_markup"]))
	r.call.Buttons = rows
	return rows, fail
}

func (s *Server) parseKeyboard(raw json.RawMessage) ([][]Button, *Error) {
	var markup struct {
		Rows [][]map[string]json.RawMessage `json:"inline_keyboard"`
	}
	if err := json.Unmarshal(raw, &markup); err != nil {
		return nil, badRequest("Can't parse reply keyboard markup JSON object")
	}
	if markup.Rows == nil {
		s.complain("reply_markup without inline_keyboard")
		return nil, nil
	}
	var rows [][]Button
	count := 0
	for _, row := range markup.Rows {
		var buttons []Button
		for _, fields := range row {
			b, fail := s.parseButton(fields)
			if fail != nil {
				return nil, fail
			}
			buttons = append(buttons, b)
		}
		if len(buttons) > maxRow {
			s.complain("row of %d buttons", len(buttons))
		}
		count += len(buttons)
		if len(buttons) > 0 {
			rows = append(rows, buttons)
		}
	}
	if count > maxButtons {
		return nil, badRequest("reply markup is too long")
	}
	return rows, nil
}

// parseButton reads one button. Of several actions the real server takes the
// first that is set; here that is a complaint too.
func (s *Server) parseButton(fields map[string]json.RawMessage) (Button, *Error) {
	b := Button{Text: textField(fields["text"])}
	if !utf8.ValidString(b.Text) || blank(b.Text) {
		return b, badRequest("Inline keyboard button text must be non-empty")
	}
	for name := range fields {
		switch ButtonKind(name) {
		case "text", ButtonURL, ButtonData, ButtonCopy, ButtonInline, ButtonInlineCurrent:
		default:
			s.complain("button %q has a field %q", b.Text, name)
		}
	}
	actions := 0
	for _, kind := range []ButtonKind{ButtonCopy, ButtonInlineCurrent, ButtonInline, ButtonData, ButtonURL} {
		raw, ok := fields[string(kind)]
		if !ok {
			continue
		}
		actions++
		value := textField(raw)
		if kind == ButtonCopy {
			var inner wireCopy
			if err := json.Unmarshal(raw, &inner); err != nil {
				return b, badRequest("Field \"copy_text\" must be of type Object")
			}
			value = inner.Text
		}
		if value != "" || kind == ButtonInline || kind == ButtonInlineCurrent || b.Kind == "" {
			b.Kind, b.Value = kind, value
		}
	}
	if actions > 1 {
		s.complain("button %q has %d actions", b.Text, actions)
	}
	return b, b.check()
}

func (b Button) check() *Error {
	switch {
	case b.Kind == "":
		return badRequest("Text buttons are unallowed in the inline keyboard")
	case b.Kind == ButtonData && !between(len(b.Value), 1, maxData):
		return badRequest("BUTTON_DATA_INVALID")
	case b.Kind == ButtonCopy && !between(Units(b.Value), 1, maxCopy):
		return badRequest("BUTTON_COPY_TEXT_INVALID")
	case b.Kind == ButtonURL && b.Value == "":
		return badRequest("BUTTON_URL_INVALID")
	}
	return nil
}

// textField is "" for what is no JSON string.
func textField(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return ""
	}
	return text
}

func wireMarkup(rows [][]Button) *wireKeyboard {
	if len(rows) == 0 {
		return nil
	}
	markup := &wireKeyboard{}
	for _, row := range rows {
		var buttons []wireButton
		for _, b := range row {
			w := wireButton{Text: b.Text}
			switch b.Kind {
			case ButtonData:
				w.Data = &b.Value
			case ButtonCopy:
				w.Copy = &wireCopy{Text: b.Value}
			case ButtonURL:
				w.URL = &b.Value
			case ButtonInline:
				w.Inline = &b.Value
			case ButtonInlineCurrent:
				w.InlineCurrent = &b.Value
			}
			buttons = append(buttons, w)
		}
		markup.Rows = append(markup.Rows, buttons)
	}
	return markup
}
