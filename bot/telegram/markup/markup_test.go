package markup_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"wenbao/bot"
	"wenbao/bot/telegram/markup"
)

// message makes a message of blocks.
func message(blocks ...bot.Block) bot.Message {
	return bot.Message{Blocks: blocks}
}

// texts are the texts of the parts of a message.
func texts(parts []markup.Part) []string {
	var out []string
	for _, p := range parts {
		out = append(out, p.Text)
	}
	return out
}

// units is the length that Telegram counts.
func units(s string) int { return len(utf16.Encode([]rune(s))) }

func TestParts(t *testing.T) {
	quote := bot.Block{Quote: true, Pieces: []bot.Piece{{{Text: "床位新增600张。"}}}}
	folded := bot.Block{Folded: true, Quote: true, Pieces: []bot.Piece{
		{{Text: "[1]", Style: bot.Bold}, {Text: " 沙湾街道\n"}},
		{{Text: "[2]", Style: bot.Bold}, {Text: " 白塔镇\n"}},
	}}
	tests := []struct {
		name string
		m    bot.Message
		want []string
	}{
		{"nothing", bot.Message{}, nil},
		{"white space", message(bot.Paragraph(" \n\u3000\u00a0\t")), nil},
		{"invisible", message(bot.Paragraph("\u200b\u2800\ufeff"), bot.Paragraph("\U000e0020")), nil},
		{"plain", bot.Text("云泽市"), []string{"云泽市"}},
		{"escaped", bot.Text(`a<b & "c">'d'`), []string{`a&lt;b &amp; &#34;c&#34;&gt;&#39;d&#39;`}},
		{"markup in text", bot.Text("<b>&amp;</b>"), []string{"&lt;b&gt;&amp;amp;&lt;/b&gt;"}},
		{
			"styles",
			message(bot.Block{Pieces: []bot.Piece{
				{{Text: "粗", Style: bot.Bold}, {Text: "体", Style: bot.Bold}, {Text: "斜", Style: bot.Italic}},
				{{Text: "码", Style: bot.Code}, {Text: "平"}, {Text: "怪", Style: "underlined"}},
			}}),
			[]string{"<b>粗体</b><i>斜</i><code>码</code>平怪"},
		},
		{"paragraphs", message(bot.Paragraph("一"), bot.Paragraph(" "), bot.Paragraph("二")), []string{"一\n\n二"}},
		{
			"quotations",
			message(bot.Paragraph("一\n"), quote, quote, bot.Paragraph("\n二")),
			[]string{"一\n<blockquote>床位新增600张。</blockquote>\n<blockquote>床位新增600张。</blockquote>\n二"},
		},
		{
			"folded",
			message(bot.Paragraph("答"), folded),
			[]string{"答\n<blockquote expandable><b>[1]</b> 沙湾街道\n<b>[2]</b> 白塔镇</blockquote>"},
		},
		{"folded is quoted", message(bot.Block{Folded: true, Pieces: quote.Pieces}), []string{"<blockquote expandable>床位新增600张。</blockquote>"}},
		{"not UTF-8", bot.Text("a\xff\xed\xa0\x80b\x00c"), []string{"a\ufffd\ufffd\ufffd\ufffdb\ufffdc"}},
		{"control", bot.Text("a\tb\r\nc\rd\u2028e\u0007f\u202eg\u2066h"), []string{"a b\nc\nd\ne\ufffdf\ufffdg\ufffdh"}},
		{"joined emoji stay", bot.Text("👩\u200d👧 ok"), []string{"👩\u200d👧 ok"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			parts := checkParts(t, tt.m)
			if len(parts) != len(tt.want) {
				t.Fatalf("%d parts, want %d", len(parts), len(tt.want))
			}
			for i, p := range parts {
				if p.HTML != tt.want[i] {
					t.Errorf("part %d\n got %q\nwant %q", i, p.HTML, tt.want[i])
				}
			}
		})
	}
}

func TestPartsLimit(t *testing.T) {
	tests := []struct {
		name string
		text string
		want []int // units of the parts
	}{
		{"as much as there is room for", strings.Repeat("湾", 4096), []int{4096}},
		{"one more", strings.Repeat("湾", 4097), []int{4096, 1}},
		{"white space at the end is free", strings.Repeat("湾", 4096) + "\n ", []int{4096}},
		{"rare Han count twice", strings.Repeat("𠮷", 2049), []int{4096, 2}},
		{"a pair is not halved", "一" + strings.Repeat("😀", 2048), []int{4095, 2}},
		{"references count once", strings.Repeat("&", 4096), []int{4096}},
		{"a family of emoji is not parted", strings.Repeat("湾", 4090) + "👨\u200d👩\u200d👧\u200d👦", []int{4090, 11}},
		{"a flag is not parted", "一" + strings.Repeat("🇨🇳", 1024), []int{4093, 4}},
		{"endless marks are cut", "a" + strings.Repeat("\u0301", 4999), []int{4096, 904}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bold := message(bot.Block{Quote: true, Pieces: []bot.Piece{{{Text: tt.text, Style: bot.Bold}}}})
			if got := len(checkParts(t, bold)); got != len(tt.want) {
				t.Errorf("%d parts in bold, want %d", got, len(tt.want))
			}
			var got []int
			for _, text := range texts(checkParts(t, bot.Text(tt.text))) {
				got = append(got, units(text))
			}
			if len(got) != len(tt.want) {
				t.Fatalf("got %v, want %v", got, tt.want)
			}
			for i := range got {
				if got[i] != tt.want[i] {
					t.Fatalf("got %v, want %v", got, tt.want)
				}
			}
		})
	}
}

// Whatever fits a part is not cut: blocks, then pieces, then sentences.
func TestPartsCut(t *testing.T) {
	sentence := func(n int) string { return strings.Repeat("床", n-1) + "。" }
	pieces := func(lens ...int) bot.Block {
		var b bot.Block
		for _, n := range lens {
			b.Pieces = append(b.Pieces, bot.Piece{{Text: sentence(n)}})
		}
		return b
	}
	quoted := pieces(3000, 3000, 1000)
	quoted.Quote, quoted.Folded = true, true
	blanks := pieces(4096)
	blanks.Pieces = append(blanks.Pieces, bot.Piece{{Text: "\n"}}, bot.Piece{{Text: "\n床位"}}, bot.Piece{{Text: strings.Repeat(" ", 4095)}}, bot.Piece{{Text: "\n一"}})
	tests := []struct {
		name string
		m    bot.Message
		want []int
	}{
		{"white space at cuts", message(blanks), []int{4096, 2, 1}},
		{"between blocks", message(pieces(3000), pieces(2000, 1000)), []int{3000, 3000}},
		{"the empty line counts", message(pieces(2047), pieces(2048), pieces(1)), []int{2047, 2051}},
		{"a quotation's line counts", message(pieces(2047), bot.Block{Quote: true, Pieces: pieces(2048).Pieces}), []int{4096}},
		{"between pieces", message(pieces(1000), pieces(3000, 3000)), []int{4002, 3000}},
		{"a quotation goes on", message(quoted), []int{3000, 4000}},
		{"between sentences", bot.Text(sentence(3000) + sentence(1000) + sentence(4000)), []int{4000, 4000}},
		{"between lines", bot.Text(strings.Repeat("床", 3000) + "\n\n" + strings.Repeat("位", 3000)), []int{3000, 3000}},
		{"within a sentence", bot.Text(sentence(100) + sentence(5000) + sentence(10)), []int{4096, 1014}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			parts := checkParts(t, tt.m)
			var got []int
			for _, p := range parts {
				got = append(got, units(p.Text))
				if tt.m.Blocks[0].Folded && !strings.HasPrefix(p.HTML, "<blockquote expandable>") {
					t.Errorf("quotation is not opened again: %.40q", p.HTML)
				}
			}
			if len(got) != len(tt.want) {
				t.Fatalf("got %v, want %v", got, tt.want)
			}
			for i := range got {
				if got[i] != tt.want[i] {
					t.Fatalf("got %v, want %v", got, tt.want)
				}
			}
		})
	}
}

func TestPartsEntities(t *testing.T) {
	var runs bot.Piece
	for range 100 {
		runs = append(runs, bot.Run{Text: "镇", Style: bot.Bold}, bot.Run{Text: "、"})
	}
	tests := []struct {
		name  string
		block bot.Block
		parts int
	}{
		{"as many as there may be", bot.Block{Pieces: []bot.Piece{runs}}, 1},
		{"the quotation is one", bot.Block{Quote: true, Pieces: []bot.Piece{runs}}, 2},
		{"one style is one", bot.Block{Quote: true, Pieces: []bot.Piece{runs[:198], {{Text: "a"}, {Text: "b"}, {Text: "c"}}}}, 1},
		{"another piece", bot.Block{Pieces: []bot.Piece{runs, {{Text: "码", Style: bot.Code}}}}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := len(checkParts(t, message(tt.block))); got != tt.parts {
				t.Errorf("%d parts, want %d", got, tt.parts)
			}
		})
	}
}

func TestPartsButtons(t *testing.T) {
	m := message(bot.Paragraph(strings.Repeat("一", 4000)), bot.Paragraph(strings.Repeat("二", 4000)), bot.Paragraph(" "))
	m.Buttons = [][]bot.Button{{{Text: "原文", Data: "s:1"}}}
	parts := checkParts(t, m)
	if len(parts) != 2 || parts[1].Buttons[0][0].Data != "s:1" {
		t.Errorf("got %+v", parts)
	}
}

func TestPreview(t *testing.T) {
	sources := bot.Block{Quote: true, Folded: true, Pieces: []bot.Piece{{{Text: "[1] 云泽日报"}}}}
	long := bot.Block{Pieces: []bot.Piece{
		{{Text: strings.Repeat("床", 3000) + "。"}}, {{Text: strings.Repeat("位", 3000) + "。"}},
	}}
	tests := []struct {
		name string
		m    bot.Message
		want string
	}{
		{"nothing", bot.Message{}, ""},
		{"sources alone", message(sources), ""},
		{"text", message(bot.Paragraph("一 <b>\n"), sources), "一 &lt;b&gt;…"},
		{"style", message(bot.Block{Pieces: []bot.Piece{{{Text: "粗", Style: bot.Bold}}}}), "<b>粗</b>…"},
		{"quotation", message(bot.Block{Quote: true, Pieces: []bot.Piece{{{Text: "引"}}}}), "<blockquote>引…</blockquote>"},
		{"has one already", bot.Text("读了…"), "读了…"},
		{"cut between pieces", message(long), strings.Repeat("床", 3000) + "。…"},
		{"room is kept", bot.Text(strings.Repeat("床", 4096)), strings.Repeat("床", 4095) + "…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			checkPreview(t, tt.m)
			if got := markup.Preview(tt.m); got != tt.want {
				t.Errorf("got %q\nwant %q", got, tt.want)
			}
		})
	}
}
