package bot_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wenbao/rag"
)

// passages gives the passages of the sample newspaper, with their articles.
func passages(t *testing.T) map[string]rag.Citation {
	t.Helper()
	out := map[string]rag.Citation{}
	for r, err := range sample(t).Index.Articles(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range r.Passages {
			out[p.ID] = rag.Citation{Passage: p, Article: &r.Article}
		}
	}
	return out
}

// has reports whether one of some words is printed in a passage, above it, or as
// who speaks.
func has(c rag.Citation, words []string) bool {
	name, office := c.Speaker()
	printed := strings.Join(append(c.Headings(), c.Passage.Text, c.Article.Title, name, office), "\n")
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(printed, w) })
}

// TestFoundIsRelevant: what /search and inline queries find has a word of the
// query, and both find the same.
func TestFoundIsRelevant(t *testing.T) {
	care := []string{"养老", "老年", "助餐", "敬老", "颐养", "适老"}
	all := passages(t)
	for _, tt := range []struct {
		query string
		words []string // one of which is in each passage found; none: nothing is found
	}{
		{"核聚变", nil},
		{"核聚变发电站", nil},
		{"高铁", nil},
		{"北京市", nil},
		{"5G", nil},
		{"养老", care},
		{"临江 养老", care},
		{"县中医院", []string{"县中", "中医", "医院"}},
		{"GDP", []string{"地区生产总值"}},
		{"滑雪场", []string{"滑雪", "雪场"}},
		{"常青野", []string{"常青野"}},
		{"饭碗", []string{"饭碗"}}, // stands in a title
	} {
		t.Run(tt.query, func(t *testing.T) {
			k := newTalk(t, nil)
			ids := inlineIDs(k, tt.query)
			if (len(ids) > 0) != (len(tt.words) > 0) {
				t.Errorf("%d passages", len(ids))
			}
			for _, id := range ids {
				if !has(all[id], tt.words) {
					t.Errorf("found %s", all[id].Passage.Text)
				}
			}
			want := fmt.Sprintf("找到 %d 段", len(ids))
			if len(ids) == 0 {
				want = "没有找到"
			}
			if r := k.say("/search " + tt.query); !strings.Contains(text(r), want) {
				t.Errorf("/search finds other passages than the %d of the inline query: %s", len(ids), text(r))
			}
		})
	}
}

// inlineIDs are the passages that an inline query finds, over all its pages.
func inlineIDs(k *talk, query string) []string {
	k.t.Helper()
	var ids []string
	for offset := ""; ; {
		r := k.inline(query, offset)
		for _, res := range r.Inline.Results {
			ids = append(ids, res.ID)
		}
		if offset = r.Inline.Next; offset == "" {
			return ids
		}
	}
}

// TestFoundWithoutTopic: places and years alone are about everything there.
func TestFoundWithoutTopic(t *testing.T) {
	k := newTalk(t, nil)
	found := regexp.MustCompile(`找到 (\d+) 段`)
	for _, q := range []string{"临江区", "临江区2025年", "2025年"} {
		_, hits, err := sample(t).Printed.Search(t.Context(), rag.Question{Text: q})
		if err != nil {
			t.Fatal(err)
		}
		if m := found.FindStringSubmatch(text(k.say("/search " + q))); m == nil || m[1] != fmt.Sprint(len(hits)) {
			t.Errorf("%s: %q, the search has %d", q, m, len(hits))
		}
	}
}

// TestSpacedPrint: print that the page breaks with spaces is found as well.
func TestSpacedPrint(t *testing.T) {
	c, err := collect(page(t, "白塔镇办起豆 腐 坊\n\n2025年，临江区白塔镇办起豆 腐 坊六处，游客可以自己推石磨、点卤水，周末常常排起长队。\n"))
	if err != nil {
		t.Fatal(err)
	}
	k := newTalk(t, nil)
	k.shelf.now = c
	if n := len(inlineIDs(k, "豆腐坊")); n != 1 {
		t.Errorf("%d passages", n)
	}
}
