package bottest_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"wenbao/bot/bottest"
)

func TestParseHTML(t *testing.T) {
	for _, tt := range []struct{ in, text, entities string }{
		{"柳溪镇", "柳溪镇", ""},
		{"<b>柳溪</b>镇", "柳溪镇", "bold 0+2"},
		{"𠮷<i>甲</i>", "𠮷甲", "italic 2+1"},
		{"<strong>a</strong><em>b</em><u>c</u><ins>d</ins><s>e</s><strike>f</strike><del>g</del>", "abcdefg",
			"bold 0+1 italic 1+1 underline 2+1 underline 3+1 strikethrough 4+1 strikethrough 5+1 strikethrough 6+1"},
		{"<blockquote>甲</blockquote><blockquote expandable>乙</blockquote>", "甲乙", "blockquote 0+1 expandable_blockquote 1+1"},
		{`<blockquote expandable="">乙</blockquote>`, "乙", "expandable_blockquote 0+1"},
		{"<b>甲<i>乙</i></b>", "甲乙", "bold 0+2 italic 1+1"},
		{"<b></b>空", "空", ""},
		{"<b>甲</>", "甲", "bold 0+1"},
		{"<B\n>甲</B >", "甲", "bold 0+1"},
		{`<a href="https://yunze.example/?a=1&amp;b=2">报</a>`, "报", "text_link 0+1 https://yunze.example/?a=1&b=2"},
		{"<a>yunze.example</a>", "yunze.example", "text_link 0+13 yunze.example"},
		{`<span class="tg-spoiler">甲</span><tg-spoiler>乙</tg-spoiler>`, "甲乙", "spoiler 0+1 spoiler 1+1"},
		{`<pre><code class=language-go>x</code></pre>`, "x", "pre 0+1 code 0+1"},
		{"&lt;&gt;&amp;&quot;&#39;&#x1F600;&lt", "<>&\"'😀<", ""},
		{"&nbsp;&apos;&;&#0;& a", "&nbsp;&apos;&;&#0;& a", ""},
		{"甲\t乙\r\n丙", "甲 乙\n丙", ""},
		{"甲 > 乙", "甲 > 乙", ""},
	} {
		text, entities, err := bottest.ParseHTML(tt.in)
		if err != nil {
			t.Errorf("%q: %v", tt.in, err)
			continue
		}
		if got := describe(entities); text != tt.text || got != tt.entities {
			t.Errorf("%q: %q with %s", tt.in, text, got)
		}
	}
}

func describe(entities []bottest.Entity) string {
	var out []string
	for _, e := range entities {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %d+%d %s", e.Type, e.Offset, e.Length, e.URL)))
	}
	return strings.Join(out, " ")
}

func TestParseHTMLRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"甲<b>乙":                            `Can't find end tag corresponding to start tag "b"`,
		"甲</b>":                            `Unexpected end tag at byte offset 3`,
		"<b>甲</i>":                         `Unmatched end tag at byte offset 6, expected "</b>", found "</i>"`,
		"<b><i>甲</b></i>":                  `Unmatched end tag at byte offset 9, expected "</i>", found "</b>"`,
		"<p>甲</p>":                         `Unsupported start tag "p" at byte offset 0`,
		"1 <2 年":                           `Unsupported start tag "2" at byte offset 2`,
		"甲 < 乙":                            `Unsupported start tag "" at byte offset 4`,
		"<b/>":                             `Unsupported start tag "b/" at byte offset 0`,
		"甲<b":                              `Unclosed start tag at byte offset 3`,
		"<b>甲</b":                          `Unclosed end tag at byte offset 6`,
		"<span>甲</span>":                   `Tag "span" must have class "tg-spoiler" at byte offset 0`,
		`<a href="x`:                       `Unclosed start tag "a" at byte offset 0`,
		`<a "x">甲</a>`:                     `Empty attribute name in the tag "a" at byte offset 0`,
		`<a href=x#y>甲</a>`:                `Unexpected end of name token at byte offset 8`,
		"<br/>":                            `Unsupported start tag "br/" at byte offset 0`,
		"&#xD800;":                         `Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units`,
		"<blockquote expandable>甲</quote>": `Unmatched end tag at byte offset 26, expected "</blockquote>", found "</quote>"`,
	} {
		if _, _, err := bottest.ParseHTML(in); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", in, err, want)
		}
	}
}

func FuzzParseHTML(f *testing.F) {
	plainTag := regexp.MustCompile(`<(/?)[A-Za-z-]*>`)
	for _, seed := range []string{
		"柳溪镇", "<b>柳溪</b>镇 𠮷", "&lt;&#x1F600;&amp", `<a href='x"y'>甲</a>`, "<b><i>甲</b></i>",
		"<blockquote expandable>甲<code>乙</code></blockquote>", "甲<b", "</", "<", "&", "&#", "<pre \x00>", "\r<b>\r</b>",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		if !utf8.ValidString(in) {
			t.Skip("refused before it is parsed")
		}
		text, entities, err := bottest.ParseHTML(in)
		if err != nil {
			return
		}
		if !utf8.ValidString(text) {
			t.Fatalf("%q: text %q", in, text)
		}
		units := bottest.Units(text)
		var open []int // where the entities end that are open
		for _, e := range entities {
			end := e.Offset + e.Length
			if e.Offset < 0 || e.Length <= 0 || end > units {
				t.Fatalf("%q: %+v in %d units", in, e, units)
			}
			for len(open) > 0 && open[len(open)-1] <= e.Offset {
				open = open[:len(open)-1]
			}
			if len(open) > 0 && end > open[len(open)-1] {
				t.Fatalf("%q: %+v crosses another entity", in, e)
			}
			open = append(open, end)
			if e.Covered(text) == "" {
				t.Fatalf("%q: %+v covers nothing", in, e)
			}
		}
		// What is escaped is shown as it is.
		escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
		again, none, err := bottest.ParseHTML(escaped)
		if err != nil || again != text || len(none) != 0 {
			t.Fatalf("%q: %q comes back as %q: %v", in, text, again, err)
		}
		// Where there are tags without attributes only, as many end as begin.
		tags := plainTag.FindAllStringSubmatch(in, -1)
		if strings.Count(in, "<") != len(tags) {
			return
		}
		depth := 0
		for _, tag := range tags {
			if tag[1] == "" {
				depth++
			} else {
				depth--
			}
			if depth < 0 {
				break
			}
		}
		if depth != 0 {
			t.Fatalf("%q: accepted with tags that do not balance", in)
		}
	})
}
