package telegram

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"wenbao/bot"
)

// buttonRow makes n buttons side by side.
func buttonRow(n int) []bot.Button {
	var buttons []bot.Button
	for i := range n {
		buttons = append(buttons, bot.Button{Text: fmt.Sprint(i), Data: "d"})
	}
	return buttons
}

func TestKeyboardJSON(t *testing.T) {
	tests := []struct {
		name string
		rows [][]bot.Button
		want string // null for none
	}{
		{"none", nil, "null"},
		{"empty rows", [][]bot.Button{{}, nil}, "null"},
		{
			"only what is set",
			[][]bot.Button{{{Text: "原文", Data: "s:1"}, {Text: "脚注", Copy: "云泽日报"}}, {{Text: "再查", Inline: "养老 <床位>"}}},
			`{"inline_keyboard":[[{"text":"原文","callback_data":"s:1"},{"text":"脚注","copy_text":{"text":"云泽日报"}}],` +
				`[{"text":"再查","switch_inline_query_current_chat":"养老 \u003c床位\u003e"}]]}`,
		},
		{
			"what Telegram refuses",
			[][]bot.Button{
				{{Text: "空"}, {Text: " ", Data: "d"}, {Text: "长", Data: strings.Repeat("d", 65)}, {Text: "坏", Data: "\xff"}},
				{{Text: "好\xff", Data: strings.Repeat("d", 64)}},
			},
			`{"inline_keyboard":[[{"text":"好�","callback_data":"` + strings.Repeat("d", 64) + `"}]]}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := json.Marshal(newKeyboard(tt.rows))
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestKeyboardRows(t *testing.T) {
	tests := []struct {
		name string
		in   []int
		want []int
	}{
		{"as they are", []int{8, 1, 3}, []int{8, 1, 3}},
		{"wide rows are wrapped", []int{9, 17}, []int{8, 1, 8, 8, 1}},
		{"not more than a hundred", []int{90, 20, 5}, []int{8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 2, 8, 2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var rows [][]bot.Button
			for _, n := range tt.in {
				rows = append(rows, buttonRow(n))
			}
			var got []int
			for _, keys := range newKeyboard(rows).Rows {
				got = append(got, len(keys))
			}
			if fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestKeyboardCopy(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"short", "云泽日报", "云泽日报"},
		{"as long as may be", strings.Repeat("云", 256), strings.Repeat("云", 256)},
		{"cut", strings.Repeat("云", 257), strings.Repeat("云", 256)},
		{"a pair is not halved", "一" + strings.Repeat("𠮷", 128), "一" + strings.Repeat("𠮷", 127)},
		{"not UTF-8", "云\xff", "云\ufffd"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := newKeyboard([][]bot.Button{{{Text: "脚注", Copy: tt.in}}})
			if got := k.Rows[0][0].Copy.Text; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			k = newKeyboard([][]bot.Button{{{Text: "再查", Inline: tt.in}}})
			if got := k.Rows[0][0].Inline; got != tt.want {
				t.Errorf("inline: got %q, want %q", got, tt.want)
			}
		})
	}
}
