package markup_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"wenbao/bot"
	"wenbao/bot/telegram/markup"
)

// made makes a message of a text: each | begins a run, each ^ a piece and each # a
// block, in a style or of a kind that the byte after it chooses.
func made(script string) bot.Message {
	var m bot.Message
	for b := range strings.SplitSeq(script, "#") {
		var block bot.Block
		if b != "" {
			block.Quote, block.Folded = b[0]%3 == 1, b[0]%6 == 1
		}
		for p := range strings.SplitSeq(b, "^") {
			var piece bot.Piece
			for r := range strings.SplitSeq(p, "|") {
				styles := []bot.Style{bot.Plain, bot.Bold, bot.Italic, bot.Code}
				run := bot.Run{Text: r}
				if r != "" {
					run.Style = styles[r[0]%4]
				}
				piece = append(piece, run)
			}
			block.Pieces = append(block.Pieces, piece)
		}
		m.Blocks = append(m.Blocks, block)
	}
	return m
}

// words are what random texts are made of.
var words = []string{
	"临江区", "新增床位600张。", "“好！”", "他说，", "\n", " ", "𠮷", "😀", "👨\u200d👩\u200d👧", "🇨🇳🇨🇳", "<b>", "&", "\"'",
	"e\u0301", "\u200b", "\xff", "\x00", "\u202e", "|1", "|2", "|a", "^", "^b", "#", "#1", "#a\n", "\r\n", "\u3000\u3000",
}

// random makes a text of n words; every word is as probable as the others, but
// the rarer the more there are of them in one go.
func random(r *rand.Rand, n int) string {
	var b strings.Builder
	for b.Len() < n {
		word := words[r.IntN(len(words))]
		b.WriteString(strings.Repeat(word, 1+int(r.ExpFloat64()*r.ExpFloat64()*4)))
	}
	return b.String()
}

func TestPartsRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(4096, 100))
	for range 150 {
		m := made(random(r, r.IntN(40_000)))
		checkParts(t, m)
		checkPreview(t, m)
	}
}

func FuzzParts(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	f.Add("", uint16(1))
	f.Add("临江区&<b>|1粗体^#1引文", uint16(1))
	for range 20 {
		f.Add(random(r, 400), uint16(r.IntN(200)))
	}
	f.Fuzz(func(t *testing.T, script string, times uint16) {
		m := made(strings.Repeat(script, min(int(times), 20_000/(len(script)+1))))
		checkParts(t, m)
		checkPreview(t, m)
	})
}

func BenchmarkParts(b *testing.B) {
	m := made(random(rand.New(rand.NewPCG(3, 4)), 12_000))
	for b.Loop() {
		if len(markup.Parts(m)) == 0 {
			b.Fatal("no parts")
		}
	}
}

// A text without an end is the most work: it is cut between characters.
func BenchmarkPartsSentence(b *testing.B) {
	m := bot.Text(strings.Repeat("湾", 20_000))
	for b.Loop() {
		if len(markup.Parts(m)) != 5 {
			b.Fatal("wrong number of parts")
		}
	}
}
