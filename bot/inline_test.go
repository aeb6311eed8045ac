package bot_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"wenbao/bot"
	"wenbao/corpus"
	"wenbao/corpus/library"
)

func TestInline(t *testing.T) {
	k := newTalk(t, nil)
	r := k.inline("临江区2025年", "")
	if len(r.Inline.Results) != 20 || r.Inline.Next != "20" || r.Inline.Hint != "" {
		t.Fatalf("%d results, next %q", len(r.Inline.Results), r.Inline.Next)
	}
	articles := map[string]string{}
	for rec, err := range sample(t).Index.Articles(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range rec.Passages {
			articles[p.ID] = p.Text
		}
	}
	for _, res := range r.Inline.Results {
		quote := res.Message.Blocks[0].Pieces[0][0].Text
		_, first := utf8.DecodeRuneInString(quote)
		_, last := utf8.DecodeLastRuneInString(quote)
		if quote = quote[first : len(quote)-last]; !strings.Contains(articles[res.ID], quote) || utf8.RuneCountInString(quote) > 600 {
			t.Errorf("%s quotes %q, printed was %q", res.ID, quote, articles[res.ID])
		}
		if strings.Count(res.Description, "\n") == 0 || !strings.Contains(messageText(res.Message), "云泽日报") {
			t.Errorf("result %+v", res)
		}
	}
}

func TestInlinePages(t *testing.T) {
	k := newTalk(t, nil)
	seen := map[string]bool{}
	offset := ""
	for {
		r := k.inline("2025年", offset)
		for _, res := range r.Inline.Results {
			if seen[res.ID] {
				t.Errorf("%s comes twice", res.ID)
			}
			seen[res.ID] = true
		}
		if offset = r.Inline.Next; offset == "" {
			break
		}
	}
	if len(seen) <= 20 {
		t.Errorf("%d results over all pages", len(seen))
	}
	for _, bad := range []string{"x", "-1", "0", "99999999999", "201"} {
		if r := k.inline("养老", bad); r.Inline == nil || len(r.Inline.Results) > 0 {
			t.Errorf("offset %q: %s", bad, shape(r))
		}
	}
}

func TestInlineWithoutResults(t *testing.T) {
	k := newTalk(t, nil)
	for _, q := range []string{"", "   ", "zzzz", "你好"} {
		if r := k.inline(q, ""); r.Inline == nil || r.Inline.Hint == "" || len(r.Inline.Results) > 0 {
			t.Errorf("%q: %s", q, shape(r))
		}
	}
	if r := k.say("/start inline"); !strings.Contains(text(r), "@wenbao_bot") {
		t.Errorf("/start inline: %s", text(r))
	}
}

// TestInlineTitles: what has to be known about a title goes with the quote into the
// other chat, and a result is never without a title, which Telegram refuses together
// with all others.
func TestInlineTitles(t *testing.T) {
	const report = "昨日，松岭县竹编产业园二期开工，总投资四千万元，建成后可带动八百名村民就业。"
	for _, tt := range []struct {
		name       string
		change     func(*library.Record)
		list, sent string
	}{
		{"made up", func(r *library.Record) { r.Article.Title, r.Article.TitleMade = "昨日", true }, "昨日（无题，据首句）", "《昨日》（无题，据首句）"},
		{"continued", func(r *library.Record) {
			r.Article.Title, r.Article.TitleMade, r.Article.Fragment = "竹编产业园开工", false, true
			r.Article.Parts[0].From, r.Article.Parts[0].To = "5", "12"
		}, "竹编产业园开工（上接05版，前文未收录）（下转12版，后文未收录）", "《竹编产业园开工》（上接05版，前文未收录）（下转12版，后文未收录）"},
		{"none", func(r *library.Record) { r.Article.Title, r.Article.TitleMade = "", false }, "云泽日报 2025-01-15", "云泽日报 2025-01-15"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			records := page(t, report)
			a := &records[0].Article
			a.Parts[0].Newspaper, a.Parts[0].Date = "云泽日报", corpus.Date{Year: 2025, Month: 1, Day: 15}
			tt.change(&records[0])
			c, err := collect(records)
			if err != nil {
				t.Fatal(err)
			}
			k := newTalk(t, nil)
			k.shelf.now = c
			r := k.inline("竹编产业园", "")
			if len(r.Inline.Results) != 1 {
				t.Fatalf("%s", shape(r))
			}
			got := r.Inline.Results[0]
			sent := strings.TrimSpace(strings.SplitN(messageText(got.Message), "\n\n", 2)[1])
			if got.Title != tt.list || !strings.HasPrefix(sent, tt.sent) || strings.Contains(sent, "《》") {
				t.Errorf("listed as %q, sent as %q", got.Title, sent)
			}
		})
	}
}

// TestInlineAsksNoModel: it answers from retrieval alone.
func TestInlineAsksNoModel(t *testing.T) {
	p := &pen{pieces: []string{"……"}}
	k := newTalk(t, func(o *bot.Options) { o.Limits.ModelPerDay = 1 })
	withPen(k, p)
	for _, q := range []string{bedsQuestion, "临江 养老", "你好", ""} {
		k.inline(q, "")
	}
	if p.asked() != 0 {
		t.Errorf("the model was asked %d times", p.asked())
	}
	if k.say(bedsQuestion); p.asked() != 1 {
		t.Error("a question in the chat did not reach it either")
	}
}
