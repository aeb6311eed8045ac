package passage_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/facet"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/ingest"
	"wenbao/corpus/library"
	"wenbao/corpus/passage"
	"wenbao/corpus/zh"
)

// article makes an article out of printed lines: "# " and "## " begin headings,
// "- " list items, a line with " | " is a table's row, "! " begins a title,
// anything else is a paragraph.
func article(lines ...string) *corpus.Article {
	a := &corpus.Article{ID: "a", Title: "题", Parts: []corpus.Part{{ID: "part-0", Source: "03.txt"}}}
	for i, line := range lines {
		b := corpus.Block{Kind: corpus.BlockParagraph}
		for _, m := range []struct {
			prefix string
			kind   corpus.BlockKind
			level  int
		}{{"# ", corpus.BlockHeading, 1}, {"## ", corpus.BlockHeading, 2}, {"- ", corpus.BlockList, 0}, {"! ", corpus.BlockTitle, 0}} {
			if rest, ok := strings.CutPrefix(line, m.prefix); ok {
				line, b.Kind, b.Level = rest, m.kind, m.level
			}
		}
		if strings.Contains(line, " | ") {
			b.Kind = corpus.BlockTable
		}
		if i > 0 {
			a.Text += "\n"
		}
		b.Span = corpus.Span{Start: len(a.Text), End: len(a.Text) + len(line)}
		b.Printed = []corpus.Printed{{Span: b.Span}}
		a.Text += line
		a.Blocks = append(a.Blocks, b)
	}
	return a
}

// texts are the words of passages.
func texts(ps []corpus.Passage) []string {
	out := make([]string, len(ps))
	for i, p := range ps {
		out[i] = p.Text
	}
	return out
}

// many repeats a sentence of 20 characters n times, each with a number of its own.
func many(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("松岭县第" + string(rune('甲'+i)) + "处驿站年底前全部建成，免费开放。")
	}
	return b.String()
}

func TestCut(t *testing.T) {
	list := []string{"- （一）建成驿站三处，让早起的人有处歇脚。", "- （二）修通村路五条，让山货出得了山。"}
	table := "县区 | 驿站（处）\n临江区 | 3\n松岭县 | 5"
	tests := []struct {
		name string
		in   []string
		want []string
	}{
		{"one paragraph is one passage", []string{many(6)}, []string{many(6)}},
		{"short paragraphs are joined", []string{"新年将至。", "驿站亮灯。"}, []string{"新年将至。\n驿站亮灯。"}},
		{"nothing is joined over a heading", []string{"# 驿站", "新年将至。", "# 村路", "村路修通。"}, []string{"新年将至。", "村路修通。"}},
		{"a list stays together", []string{list[0], list[1]}, []string{list[0][2:] + "\n" + list[1][2:]}},
		{"a list stays with what introduces it", []string{"今年办成两件事：", list[0], list[1]},
			[]string{"今年办成两件事：\n" + list[0][2:] + "\n" + list[1][2:]}},
		{"a table stays together", []string{many(11), table}, []string{many(11), table}},
		{"an article of titles", []string{"! 驿站亮灯", "! 村路修通"}, []string{"驿站亮灯\n村路修通"}},
		{"no text", nil, []string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := article(tt.in...)
			got := passage.Cut(a, nil)
			if !slices.Equal(texts(got), tt.want) {
				t.Errorf("got  %q\nwant %q", texts(got), tt.want)
			}
			check(t, a, got)
		})
	}
}

// A long paragraph is cut at sentence ends into pieces of about the same length.
func TestCutLongParagraph(t *testing.T) {
	a := article(many(30))
	got := passage.Cut(a, nil)
	check(t, a, got)
	if len(got) < 3 {
		t.Fatalf("%d passages of %d characters", len(got), utf8.RuneCountInString(a.Text))
	}
	shortest, longest := passage.MaxChars, 0
	for _, p := range got {
		n := utf8.RuneCountInString(p.Text)
		shortest, longest = min(shortest, n), max(longest, n)
	}
	if shortest < passage.MinChars || longest > passage.MaxChars {
		t.Errorf("lengths from %d to %d characters, want %d to %d", shortest, longest, passage.MinChars, passage.MaxChars)
	}
	if longest > 2*shortest {
		t.Errorf("lengths from %d to %d are far apart", shortest, longest)
	}
}

func TestCutHeadings(t *testing.T) {
	body := many(4)
	got := passage.Cut(article("开篇的话写在最前面。", "# 2025年安排", body, "## 驿站", body, "# 村路", body), nil)
	want := [][]string{nil, {"2025年安排"}, {"2025年安排", "驿站"}, {"村路"}}
	for i, p := range got {
		if i < len(want) && !slices.Equal(p.Headings, want[i]) {
			t.Errorf("passage %d stands under %q, want %q", i, p.Headings, want[i])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d passages, want %d", len(got), len(want))
	}
	// A run-in heading in mid-paragraph begins a passage, and is handed on to the
	// later pieces of its paragraph.
	lead := "把驿站建到路口上。"
	got = passage.Cut(article(many(5)+lead+many(20)), nil)
	at := slices.IndexFunc(got, func(p corpus.Passage) bool { return strings.HasPrefix(p.Text, lead) })
	if at < 1 || at+1 >= len(got) {
		t.Fatalf("the run-in heading begins passage %d of %q", at, texts(got))
	}
	for _, p := range got[at+1:] {
		if !slices.Equal(p.Headings, []string{strings.TrimSuffix(lead, "。")}) {
			t.Errorf("a later piece stands under %q", p.Headings)
		}
	}
}

// What speaks of different years is not joined, however short.
func TestCutKeepsYearsApart(t *testing.T) {
	years := func(_ []string, text string) corpus.Facets {
		if strings.Contains(text, "2025年") {
			return corpus.Facets{Period: corpus.Years{From: 2025, To: 2025}}
		}
		return corpus.Facets{Period: corpus.Years{From: 2024, To: 2024}}
	}
	got := passage.Cut(article("2024年建成驿站三处。", "2025年再建五处。"), years)
	if want := []string{"2024年建成驿站三处。", "2025年再建五处。"}; !slices.Equal(texts(got), want) {
		t.Errorf("got %q, want %q", texts(got), want)
	}
	if got[1].Facets.Period.From != 2025 {
		t.Errorf("facets of the second passage are %+v", got[1].Facets)
	}
}

// IDs depend on the printed words and their part alone.
func TestIDs(t *testing.T) {
	lines := []string{"# 驿站", many(4), "# 村路", many(5), many(4)}
	before := passage.Cut(article(lines...), nil)
	seen := map[string]bool{}
	for _, p := range before {
		if seen[p.ID] {
			t.Errorf("two passages have the id %s", p.ID)
		}
		seen[p.ID] = true
	}
	ids := func(ps []corpus.Passage) (out []string) {
		for _, p := range ps {
			out = append(out, p.ID)
		}
		return out
	}
	changed := article(lines...)
	changed.ID, changed.Title, changed.City = "other", "另一个题目", "云泽市"
	changed.Parts[0].Source, changed.Parts[0].Meta = "moved/04.txt", corpus.Meta{Newspaper: "云泽日报", Edition: "4"}
	if got := ids(passage.Cut(changed, nil)); !slices.Equal(got, ids(before)) {
		t.Errorf("other metadata changed the ids from %v to %v", ids(before), got)
	}
	longer := article(append([]string{"# 开篇", "新年将至。"}, lines...)...)
	if got := ids(passage.Cut(longer, nil)); !slices.Equal(got[1:], ids(before)) {
		t.Errorf("a part stitched in front changed the ids from %v to %v", ids(before), got[1:])
	}
	elsewhere := article(lines...)
	elsewhere.Parts[0].ID = "part-of-another-page"
	if got := ids(passage.Cut(elsewhere, nil)); got[0] == ids(before)[0] {
		t.Error("the same words in another part have the same id")
	}
}

// check asserts what holds for the passages of every article.
func check(t *testing.T, a *corpus.Article, ps []corpus.Passage) {
	t.Helper()
	seen := map[string]bool{}
	end := 0
	for _, p := range ps {
		if p.Article != a.ID || p.Span.Start < end || p.Span.End > len(a.Text) || p.Span.Len() <= 0 {
			t.Fatalf("passage %+v of article %s after byte %d", p, a.ID, end)
		}
		if p.Text != p.Span.In(a.Text) {
			t.Errorf("passage %q, its span gives %q", p.Text, p.Span.In(a.Text))
		}
		if p.ID == "" || seen[p.ID] {
			t.Errorf("id %q is empty or there twice", p.ID)
		}
		seen[p.ID], end = true, p.Span.End
	}
	checkSentences(t, a, ps)
	checkHeadings(t, a, ps)
}

// running reports whether a block is text, and no title, heading or byline.
func running(b corpus.Block) bool {
	return b.Kind == corpus.BlockParagraph || b.Kind == corpus.BlockList || b.Kind == corpus.BlockTable
}

// checkSentences asserts that each sentence of running text lies in exactly one
// passage, whole.
func checkSentences(t *testing.T, a *corpus.Article, ps []corpus.Passage) {
	t.Helper()
	for _, b := range a.Blocks {
		if !running(b) {
			continue
		}
		for _, s := range zh.Sentences(b.Span.In(a.Text)) {
			start, end := b.Span.Start+s.Start, b.Span.Start+s.End
			holders := 0
			for _, p := range ps {
				if p.Span.Start <= start && end <= p.Span.End {
					holders++
				} else if p.Span.Start < end && start < p.Span.End {
					t.Errorf("passage %q cuts the sentence %q", p.Text, a.Text[start:end])
				}
			}
			if holders != 1 {
				t.Errorf("sentence %q lies in %d passages", a.Text[start:end], holders)
			}
		}
	}
}

// checkHeadings asserts that no passage of running text reaches over a heading.
func checkHeadings(t *testing.T, a *corpus.Article, ps []corpus.Passage) {
	t.Helper()
	if !slices.ContainsFunc(a.Blocks, running) {
		return
	}
	for _, b := range a.Blocks {
		for _, p := range ps {
			if b.Kind == corpus.BlockHeading && p.Span.Start < b.Span.End && b.Span.Start < p.Span.End {
				t.Errorf("passage %q reaches over the heading %q", p.Text, b.Span.In(a.Text))
			}
		}
	}
}

func samplePages(t *testing.T) []library.Record {
	t.Helper()
	pages := filepath.Join("..", "..", "testdata", "pages")
	records, report, err := ingest.Read(t.Context(), []string{pages}, ingest.Options{Annotator: facet.New(gazetteer.New())})
	if err != nil || len(report.Problems) > 0 || len(records) == 0 {
		t.Fatalf("read sample pages: %d records, problems %v, %v", len(records), report.Problems, err)
	}
	return records
}

func TestSamplePages(t *testing.T) {
	const least = 8 // characters of the shortest item that stands alone, a caption
	within, all := 0, 0
	for _, r := range samplePages(t) {
		check(t, &r.Article, r.Passages)
		for _, p := range r.Passages {
			n := utf8.RuneCountInString(p.Text)
			all++
			if passage.MinChars <= n && n <= passage.MaxChars {
				within++
			}
			if n < least {
				t.Errorf("passage %q is too short to say anything", p.Text)
			}
		}
	}
	if within*10 < all*6 {
		t.Errorf("%d of %d passages have %d to %d characters", within, all, passage.MinChars, passage.MaxChars)
	}
	t.Logf("%d of %d passages have %d to %d characters", within, all, passage.MinChars, passage.MaxChars)
}

func FuzzCut(f *testing.F) {
	f.Add("# 驿站\n新年将至。驿站亮灯。\n- 一处\n- 两处\n县区 | 驿站\n临江区 | 3")
	f.Add("! 题\n! 题")
	f.Add(many(30) + "把驿站建到路口上。" + many(9))
	f.Add("今年办成两件事：\n- 一\n\n## 二\n“好！”他说。")
	f.Add("新年将至。\n新年将至。\n# 新\n新年将至。")
	f.Fuzz(func(t *testing.T, s string) {
		var lines []string
		for line := range strings.SplitSeq(strings.ToValidUTF8(s, "□"), "\n") {
			// Layout trims lines and drops empty ones.
			if line = strings.TrimSpace(line); line != "" && strings.Trim(line, "#-! ") != "" {
				lines = append(lines, line)
			}
		}
		a := article(lines...)
		first := passage.Cut(a, nil)
		check(t, a, first)
		if !slices.Equal(texts(first), texts(passage.Cut(a, nil))) {
			t.Error("cut twice, cut differently")
		}
	})
}
