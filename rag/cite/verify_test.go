package cite_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wenbao/corpus"
	"wenbao/corpus/library"
	"wenbao/rag/cite"
)

// article is a record whose first line is its title and each further line a passage.
func article(id, date string, lines ...string) library.Record {
	d, err := corpus.ParseDate(date)
	if err != nil {
		panic(err)
	}
	a := corpus.Article{ID: id, Title: lines[0], Text: strings.Join(lines, "\n"), Parts: []corpus.Part{{ID: id, Meta: corpus.Meta{Date: d}}}}
	r := library.Record{Article: a}
	at := len(lines[0]) + 1
	for i, line := range lines[1:] {
		r.Passages = append(r.Passages, corpus.Passage{
			ID: fmt.Sprintf("%s-%d", id, i+1), Article: id,
			Span: corpus.Span{Start: at, End: at + len(line)}, Text: line,
		})
		at += len(line) + 1
	}
	return r
}

// paper is two reports of one district and one of another.
func paper() []library.Record {
	return []library.Record{
		article("c", "2025-01-15", "江滨新区的年度账本", "2024年，全区新增养老床位260张，建成助餐点21个。"),
		article("b", "2024-12-31", "沙湾街道助餐点开张", "老人说：“这里的饭菜　便宜又热乎。”每份3 元，一天供应1500份。", "街道还将请来理发师傅。"),
		article("a", "2024-12-31", "临江区今年这么干", "新增养老床位500张，开工建设颐养中心。", "年内建成沙湾街道、白塔镇两处综合体；供餐到家，共4 2万份，水费5.6元。"),
	}
}

func all(records []library.Record) iter.Seq2[*library.Record, error] {
	return func(yield func(*library.Record, error) bool) {
		for i := range records {
			if !yield(&records[i], nil) {
				return
			}
		}
	}
}

func verify(t *testing.T, quote string) cite.Verification {
	t.Helper()
	v, err := cite.Verify(context.Background(), all(paper()), quote)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestVerifyFinds(t *testing.T) {
	for _, tt := range []struct {
		name, quote string
		want        []string // article, passage, text
	}{
		{"as printed", "开工建设颐养中心", []string{"a a-1 开工建设颐养中心"}},
		{"white space", "饭菜便宜 又热乎", []string{"b b-1 饭菜　便宜又热乎"}},
		{"width", "每份３元,一天供应１５００份", []string{"b b-1 每份3 元，一天供应1500份"}},
		{"quotation marks", "「这里的饭菜便宜又热乎。」", []string{"b b-1 这里的饭菜　便宜又热乎"}},
		{"mark at the end", "开工建设颐养中心，", []string{"a a-1 开工建设颐养中心"}},
		{"title", "助餐点开张", []string{"b - 助餐点开张"}},
		{"over two passages", "颐养中心。年内建成", []string{"a a-1 颐养中心。\n年内建成"}},
		{"omission", "新增养老床位500张……两处综合体", []string{"a a-1 新增养老床位500张，开工建设颐养中心。\n年内建成沙湾街道、白塔镇两处综合体"}},
		{"omission of nothing", "开工……建设颐养", []string{"a a-1 开工建设颐养"}},
		{"dots", "沙湾街道...两处综合体。", []string{"a a-2 沙湾街道、白塔镇两处综合体"}},
		{"by date, then id", "沙湾街道", []string{"a a-2 沙湾街道", "b - 沙湾街道"}},
		{"older first", "新增养老床位", []string{"a a-1 新增养老床位", "c c-1 新增养老床位"}},
		{"whole number", "共42万份", []string{"a a-2 共4 2万份"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := verify(t, tt.quote)
			var got []string
			for _, m := range v.Matches {
				id := "-"
				if m.Passage != nil {
					id = m.Passage.ID
				}
				if m.Span.In(m.Article.Text) != m.Text {
					t.Errorf("text %q is not its span %q", m.Text, m.Span.In(m.Article.Text))
				}
				got = append(got, m.Article.ID+" "+id+" "+m.Text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("matches (-want +got):\n%s", diff)
			}
			if !v.Found || v.Total != len(tt.want) || v.Near != nil || v.Quote != tt.quote {
				t.Errorf("found %v, total %d, near %v, quote %q", v.Found, v.Total, v.Near, v.Quote)
			}
		})
	}
}

func TestVerifyNearMiss(t *testing.T) {
	for _, tt := range []struct {
		name, quote string
		article     string
		diff        string
		similarity  float64
	}{
		// 15 characters with the comma, 1 changed.
		{"changed digit", "新增养老床位510张，开工建设", "a", "=新增养老床位5 -0 +1 =0张，开工建设", 1 - 1.0/15},
		// 新增养老床位500张 of the other district is 4 changes away.
		{"changed figure", "全区新增养老床位280张", "c", "=全区新增养老床位2 -6 +8 =0张", 1 - 1.0/12},
		{"last figure", "新增养老床位259", "c", "=新增养老床位2 -60 +59", 1 - 2.0/9},
		{"cut number", "老人说：供应500份", "", "", 0},
		{"cut at the start", "一天供应500份", "b", "=一天供应 -1 =500份", 1 - 1.0/8},
		{"cut in the middle of spaces", "供餐到家，共2万份", "a", "=供餐到家，共 -4 = 2万份", 1 - 1.0/9},
		{"word left out", "年内建成沙湾街道两处综合体；供餐到家", "a", "=年内建成沙湾街道 -、白塔镇 =两处综合体；供餐到家", 1 - 4.0/18},
		{"word put in", "街道还将免费请来理发师傅", "b", "=街道还将 +免费 =请来理发师傅", 1 - 2.0/12},
		{"omission", "新增养老床位510张……两处综合体", "a", "=新增养老床位5 -0 +1 =0张 =…… =两处综合体", 1 - 1.0/15},
		{"wrong order", "两处综合体……新增养老床位500张", "", "", 0},
		{"nothing like it", "高速铁路明年通车", "", "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := verify(t, tt.quote)
			if v.Found || v.Total != 0 || len(v.Matches) != 0 {
				t.Fatalf("found: %+v", v.Matches)
			}
			if tt.article == "" {
				if v.Near != nil {
					t.Fatalf("near: %v %v", v.Near.Similarity, v.Near.Diff)
				}
				return
			}
			if v.Near == nil {
				t.Fatal("no near miss")
			}
			var diff []string
			for _, p := range v.Near.Diff {
				diff = append(diff, string(p.Op)+p.Text)
			}
			if got := strings.Join(diff, " "); got != tt.diff || v.Near.Article.ID != tt.article {
				t.Errorf("got  %s %s\nwant %s %s", v.Near.Article.ID, got, tt.article, tt.diff)
			}
			if math.Abs(v.Near.Similarity-tt.similarity) > 1e-9 {
				t.Errorf("similarity %v, want %v", v.Near.Similarity, tt.similarity)
			}
		})
	}
}

func TestVerifyRefusesShortQuotes(t *testing.T) {
	for _, quote := range []string{"", " ", "。", "张", "“床”", "500", "养老床位……中", "……"} {
		if _, err := cite.Verify(context.Background(), all(paper()), quote); !errors.Is(err, cite.ErrTooShort) {
			t.Errorf("%q: error %v", quote, err)
		}
	}
}

func TestVerifyListsNoMoreThanMaxMatches(t *testing.T) {
	var records []library.Record
	for i := range 3 * cite.MaxMatches {
		records = append(records, article(fmt.Sprintf("%03d", i*7%300), "2024-12-31", "题目", "云泽湖开湖了。"))
	}
	v, err := cite.Verify(context.Background(), all(records), "云泽湖")
	if err != nil {
		t.Fatal(err)
	}
	if v.Total != 3*cite.MaxMatches || len(v.Matches) != cite.MaxMatches {
		t.Fatalf("total %d, listed %d", v.Total, len(v.Matches))
	}
	if first, last := v.Matches[0].Article.ID, v.Matches[cite.MaxMatches-1].Article.ID; first != "000" || last != "099" {
		t.Errorf("listed %s to %s", first, last)
	}
}

func TestVerifyAndBadRecords(t *testing.T) {
	records := paper()
	broken := errors.New("disk on fire")
	yielding := func(err error) iter.Seq2[*library.Record, error] {
		return func(yield func(*library.Record, error) bool) {
			_ = yield(nil, err) && yield(&records[2], nil)
		}
	}
	v, err := cite.Verify(context.Background(), yielding(&library.DamageError{Article: "x"}), "开工建设颐养中心")
	if err != nil || !v.Found || v.Unread != 1 {
		t.Errorf("damage: found %v, unread %d, error %v", v.Found, v.Unread, err)
	}
	if _, err := cite.Verify(context.Background(), yielding(broken), "开工建设颐养中心"); !errors.Is(err, broken) {
		t.Errorf("broken: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := cite.Verify(ctx, all(records), "开工建设颐养中心"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// FuzzVerify holds every result against the article's text.
func FuzzVerify(f *testing.F) {
	f.Add("新增养老床位510张，开工建设", "新增养老床位500张，开工建设颐养中心。")
	f.Add("共2万份……5.6元", "供餐到家，共4 2万份，水费5.6元，水费5.6元")
	f.Add("“便宜…热乎”", "饭菜　便宜又热乎。\x80")
	f.Fuzz(func(t *testing.T, quote, text string) {
		records := []library.Record{article("a", "", "题目", strings.ToValidUTF8(text, "?"))}
		v, err := cite.Verify(context.Background(), all(records), quote)
		if errors.Is(err, cite.ErrTooShort) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		end := 0
		for _, m := range v.Matches {
			if m.Span.Start < end || m.Span.In(m.Article.Text) != m.Text {
				t.Fatalf("match %v after %d: %q", m.Span, end, m.Text)
			}
			end = m.Span.End
			// What was printed is found again as it stands.
			if found, err := cite.Find(m.Article.Text, m.Text); err == nil && len(found) == 0 {
				t.Fatalf("printed %q, and not found", m.Text)
			}
		}
		if v.Near == nil {
			return
		}
		printed, omitted := "", false
		for _, p := range v.Near.Diff {
			omitted = omitted || p.Text == "……"
			if p.Op != cite.Quoted {
				printed += p.Text
			}
		}
		if s := v.Near.Similarity; s < cite.MinSimilarity || s > 1 {
			t.Fatalf("similarity %v", s)
		}
		if v.Near.Span.In(v.Near.Article.Text) != v.Near.Text || !omitted && printed != v.Near.Text {
			t.Fatalf("diff gives %q, printed %q", printed, v.Near.Text)
		}
	})
}

// BenchmarkVerify looks for a near miss, the slower case, in the text of 1,000
// articles of about 2 KB.
func BenchmarkVerify(b *testing.B) {
	line := strings.Repeat("云泽市各街道的老年助餐点陆续开门，白塔镇的老人不出村就能吃上热饭。", 20)
	var records []library.Record
	size := 0
	for i := range 1000 {
		records = append(records, article(fmt.Sprint(i), "2024-12-31", "助餐点开门", line))
		size += len(line)
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		v, err := cite.Verify(context.Background(), all(records), "白塔镇的老人不出镇就能喝上热汤")
		if err != nil || v.Near == nil {
			b.Fatal(v, err)
		}
	}
}
