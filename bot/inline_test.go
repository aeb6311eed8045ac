package bot_test

import (
	"strings"
	"testing"
	"unicode/utf8"
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
