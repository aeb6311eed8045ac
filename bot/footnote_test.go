package bot_test

import (
	"strings"
	"testing"

	"wenbao/bot"
	"wenbao/corpus"
	"wenbao/corpus/library"
)

// TestFootnote has a footnote made of articles that lack this and that.
func TestFootnote(t *testing.T) {
	meta := corpus.Meta{Newspaper: "云泽日报", Date: corpus.Date{Year: 2025, Month: 1, Day: 15}, Edition: "3"}
	authors := func(names ...string) (out []corpus.Author) {
		for _, n := range names {
			out = append(out, corpus.Author{Name: n, Role: "记者"})
		}
		return out
	}
	for _, tt := range []struct {
		name    string
		article corpus.Article
		meta    corpus.Meta
		want    string
	}{
		{"authors", corpus.Article{Title: "一座桥", Authors: authors("甲", "乙")}, meta, "甲, 乙. 一座桥[N]. 云泽日报, 2025-01-15(3)."},
		{"many authors", corpus.Article{Title: "一座桥", Authors: authors("甲", "乙", "丙", "丁")}, meta, "甲, 乙, 丙, 等. 一座桥[N]. 云泽日报, 2025-01-15(3)."},
		{"an office", corpus.Article{Title: "一座桥", Office: "临江宣"}, meta, "临江宣. 一座桥[N]. 云泽日报, 2025-01-15(3)."},
		{"nobody", corpus.Article{Title: "一座桥"}, meta, "一座桥[N]. 云泽日报, 2025-01-15(3)."},
		{"no title", corpus.Article{Title: "桥修好了以后", TitleMade: true}, meta, "无题[N]. 云泽日报, 2025-01-15(3)."},
		{"an inferred date", corpus.Article{Title: "一座桥"}, corpus.Meta{Newspaper: "云泽日报", Date: meta.Date, DateInferred: true}, "一座桥[N]. 云泽日报, [2025-01-15]."},
		{"no newspaper", corpus.Article{Title: "一座桥"}, corpus.Meta{Date: meta.Date, Edition: "A3"}, "一座桥[N]. 2025-01-15(A3)."},
		{"a long title", corpus.Article{Title: strings.Repeat("桥", 300), Authors: authors("甲")}, meta,
			"甲. " + strings.Repeat("桥", 256-len("x. [N]. ....., 2025-01-15(3).")) + "…[N]. 云泽日报, 2025-01-15(3)."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			printed := "桥修好了以后，村里人都说好。"
			a := tt.article
			a.ID, a.Text = "aaaaaaaaaaaaaaaa", printed
			a.Parts = []corpus.Part{{ID: a.ID, Source: "/srv/pages/桥.txt", Meta: tt.meta}}
			a.Blocks = []corpus.Block{{Kind: corpus.BlockParagraph, Span: corpus.Span{End: len(printed)}}}
			p := corpus.Passage{ID: "bbbbbbbbbbbb", Article: a.ID, Span: corpus.Span{End: len(printed)}, Text: printed}
			c, err := collect([]library.Record{{Article: a, Passages: []corpus.Passage{p}}})
			if err != nil {
				t.Fatal(err)
			}
			k := newTalk(t, nil)
			k.shelf.now = c
			r := k.say("/show bbbb")
			got := footnoteOf(r)
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if strings.Contains(text(r), "/srv") {
				t.Errorf("where the file lies is told: %s", text(r))
			}
		})
	}
}

func footnoteOf(r bot.Reply) string {
	for _, b := range buttons(r) {
		if b.Copy != "" {
			return b.Copy
		}
	}
	return ""
}
