package cite_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wenbao/corpus"
	"wenbao/rag"
	"wenbao/rag/cite"
	"wenbao/rag/ragtest"
)

// Snippets of the sample's passages: the plans and the results of 临江区 for the
// elderly, those of 江滨新区, the roads of 松岭县.
const (
	linjiangPlan   = "开工建设区颐养中心"
	linjiangResult = "建成老年助餐点38个"
	jiangbinPlan   = "新增养老床位400张"
	songlingRoads  = "把路修到田头"
)

func TestReviewMarkers(t *testing.T) {
	const body = "临江区2025年计划新增养老床位500张"
	s := theSample(t)
	hits := s.hits(t, linjiangPlan, jiangbinPlan)
	for _, tt := range []struct {
		name, text string
		want       cite.Verdict
	}{
		{"before the stop", body + "[1]。", cite.Supported},
		{"behind the stop", body + "。[1]", cite.Supported},
		{"blanks", body + " [ 1 ] 。", cite.Supported},
		{"lenticular", body + "【1】。", cite.Supported},
		{"full width", body + "［１］。", cite.Supported},
		{"round", body + "(1)。", cite.Supported},
		{"superscript", body + "¹。", cite.Supported},
		{"footnote", body + "[^1]。", cite.Supported},
		{"with a word", body + "[来源1]。", cite.Supported},
		{"on the next line", body + "。\n[1]", cite.Supported},
		{"list mark", "- **" + body + "**[1]", cite.Supported},
		{"numbered list", "1. " + body + "[1]", cite.Supported},
		{"heading above", "## 养老\n" + body + "[1]。", cite.Supported},
		{"none", body + "。", cite.Mended},
		{"of another passage", body + "[2]。", cite.Mended},
		{"one too many", body + "[1][2]。", cite.Mended},
		{"list of numbers", body + "[1,2]。", cite.Mended},
		{"ideographic comma", body + "[1、2]。", cite.Mended},
		{"range", body + "[1-2]。", cite.Mended},
		{"beyond the passages", body + "[7]。", cite.Mended},
		{"one that resolves and one that does not", body + "[1][7]。", cite.Mended},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := s.checker.Review(rag.Query{}, tt.text, hits)
			last := got.Sentences[len(got.Sentences)-1]
			if last.Verdict != tt.want || !slices.Equal(last.Marker, []int{1}) {
				t.Errorf("Review(%q): %+v, want %s with marker 1", tt.text, last, tt.want)
			}
			if len(got.Stated) != 1 || !strings.HasSuffix(strings.TrimRight(got.Kept, "。"), "[1]") {
				t.Errorf("Review(%q) keeps %q", tt.text, got.Kept)
			}
			if tt.want == cite.Mended != (got.Mended == 1) {
				t.Errorf("Review(%q) counts %d mended", tt.text, got.Mended)
			}
		})
	}
}

func TestReviewKeeps(t *testing.T) {
	s := theSample(t)
	got := s.checker.Review(rag.Query{}, strings.Join([]string{
		"临江区2025年在养老方面的安排如下：",
		"- 新增养老床位500张[1]",
		"- 新建老年助餐点21个[1]",
		"- 开工建设区颐养中心[1]",
		"综上所述。",
	}, "\n"), s.hits(t, linjiangPlan))
	want := strings.Join([]string{
		"临江区2025年在养老方面的安排如下：",
		"· 新增养老床位500张 [1]",
		"· 开工建设区颐养中心 [2]",
	}, "\n")
	if diff := cmp.Diff(want, got.Kept); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	if got.Removed != 1 || got.Mended != 0 || got.Reason != "" {
		t.Errorf("removed %d, mended %d, reason %q", got.Removed, got.Mended, got.Reason)
	}
	var quotes []string
	for _, c := range got.Citations {
		quotes = append(quotes, c.Quote)
	}
	if diff := cmp.Diff([]string{"新增养老床位500张", "开工建设区颐养中心"}, quotes); diff != "" {
		t.Errorf("quotes (-want +got):\n%s", diff)
	}
	if p := cite.Check(answerOf(got)); len(p) > 0 {
		t.Errorf("as an answer it has problems: %v", p)
	}
}

// answerOf is a review's outcome as an answer.
func answerOf(r cite.Review) rag.Answer {
	return rag.Answer{Outcome: rag.Answered, Mode: rag.Generative, Text: r.Kept, Sentences: r.Stated, Citations: r.Citations}
}

// TestReviewFrames holds sentences that name no place or year themselves: the
// heading, the sentence before and the question say what they are told of.
func TestReviewFrames(t *testing.T) {
	s := theSample(t)
	jiangbin := rag.Query{Places: []string{"江滨新区"}, Periods: []corpus.Years{{From: 2025, To: 2025}}, Kind: corpus.KindPlan}
	for _, tt := range []struct {
		name, text, snippet string
		query               rag.Query
		want                bool
	}{
		{"question", "计划新增养老床位400张[1]。", jiangbinPlan, jiangbin, true},
		{"another place than the question's", "计划新增养老床位500张[1]。", linjiangPlan, jiangbin, false},
		{"another year than the question's", "新增养老床位260张[1]。", "建成老年助餐点21个", jiangbin, false},
		{"heading", "江滨新区2025年：\n计划新增养老床位400张[1]。", jiangbinPlan, rag.Query{}, true},
		{"another place than the heading's", "临江区2025年：\n计划新增养老床位400张[1]。", jiangbinPlan, rag.Query{}, false},
		{"another year than the heading's", "## 临江区2025年\n新增养老床位320张[1]。", linjiangResult, rag.Query{}, false},
		{"another speaker than the lead's", "市教育局局长沈怀谦表示：\n2024年全市高新技术企业总数达到864家[1]。", "2024年全市实施省级以上科技项目183个", rag.Query{}, false},
		{"plan without a sign of one", "临江区新增养老床位500张[1]。", linjiangPlan, rag.Query{}, false},
		{"plan in answer to a question for plans", "临江区新增养老床位500张[1]。", linjiangPlan, rag.Query{Kind: corpus.KindPlan}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := s.checker.Review(tt.query, tt.text, s.hits(t, tt.snippet))
			if kept := len(got.Stated) > 0; kept != tt.want {
				t.Errorf("kept %v, want %v: %+v", kept, tt.want, got.Sentences)
			}
		})
	}
}

func TestReviewCarriesThePlace(t *testing.T) {
	s := theSample(t)
	got := s.checker.Review(rag.Query{}, "临江区2025年计划新增养老床位500张[1]。还将新建老年助餐点15个[2]。", s.hits(t, linjiangPlan, jiangbinPlan))
	if got.Removed != 1 || len(got.Stated) != 1 {
		t.Errorf("a figure of 江滨新区 passes after a sentence on 临江区: %+v", got.Sentences)
	}
}

func TestReviewMendsOnlyWhatIsCertain(t *testing.T) {
	s := theSample(t)
	// Both reports of the repair teams say the same.
	twice := s.hits(t, "确保明年春耕", "力保今年春耕")
	text := "松岭县组织16支农机服务队，为农户免费检修农机具2180台。"
	if got := s.checker.Review(rag.Query{}, text, twice); got.Removed != 1 {
		t.Errorf("a sentence that two passages support is mended: %+v", got.Sentences)
	}
	if got := s.checker.Review(rag.Query{}, text, twice[:1]); got.Mended != 1 {
		t.Errorf("a sentence that one passage supports is not: %+v", got.Sentences)
	}
}

func TestReviewMergesPassages(t *testing.T) {
	s := theSample(t)
	got := s.checker.Review(rag.Query{}, "2025年，临江区和江滨新区分别计划新增养老床位500张、400张[1][2]。", s.hits(t, linjiangPlan, jiangbinPlan))
	if len(got.Citations) != 2 {
		t.Fatalf("citations %v, problems %v", got.Citations, got.Sentences)
	}
	got = s.checker.Review(rag.Query{}, "2025年，临江区和江滨新区分别计划新增养老床位400张、500张[1][2]。", s.hits(t, linjiangPlan, jiangbinPlan))
	if got.Removed != 1 {
		t.Errorf("two places' figures exchanged: %+v", got.Sentences)
	}
}

func TestReviewReasons(t *testing.T) {
	s := theSample(t)
	hits := s.hits(t, linjiangPlan)
	for text, want := range map[string]cite.Reason{
		"":             cite.ReasonEmpty,
		" \n\t ":       cite.ReasonEmpty,
		"[1]":          cite.ReasonMarkers,
		"[1][2]。\n[3]": cite.ReasonMarkers,
		"Linjiang District plans to add 500 beds for the elderly [1].": cite.ReasonForeign,
		`{"answer": "新增养老床位500张", "sources": [1]}`:                     cite.ReasonData,
		"```json\n[{\"text\": \"新增养老床位500张\"}]\n```":                   cite.ReasonData,
		"根据提供的报道，没有找到临江区的出生人口。":                                        cite.ReasonRefused,
		"临江区2025年将建设一座大型体育公园[1]。":                                      cite.ReasonUnsupported,
		"新增养老床位501张[1]。新增养老床位502张[1]。":                                 cite.ReasonUnsupported,
	} {
		got := s.checker.Review(rag.Query{}, text, hits)
		if got.Reason != want || got.Kept != "" || got.Citations != nil || got.Stated != nil {
			t.Errorf("Review(%q): reason %q, kept %q; want %q", text, got.Reason, got.Kept, want)
		}
	}
}

func TestReviewDropsRepetition(t *testing.T) {
	s := theSample(t)
	const line = "临江区2025年计划新增养老床位500张[1]。"
	got := s.checker.Review(rag.Query{}, strings.Repeat(line, 5), s.hits(t, linjiangPlan))
	if len(got.Stated) != 1 || got.Removed != 4 || got.Sentences[4].Problems[0].Kind != cite.Repeated {
		t.Errorf("kept %q, removed %d", got.Kept, got.Removed)
	}
}

func TestReviewNamesTheProblem(t *testing.T) {
	s := theSample(t)
	for _, tt := range []struct {
		sentence string
		snippet  string
		want     cite.ProblemKind
	}{
		{"临江区2025年计划新增养老床位501张", linjiangPlan, cite.WrongFigure},
		{"临江区2025年计划新增养老床位500家", linjiangPlan, cite.WrongFigure},
		{"临江区2025年计划新增养老床位近500张", linjiangPlan, cite.WrongBound},
		{"临江区2024年计划新增养老床位500张", linjiangPlan, cite.WrongYear},
		{"松岭县2025年计划新增养老床位500张", linjiangPlan, cite.WrongPlace},
		{"全省2025年计划新增养老床位500张", linjiangPlan, cite.WrongPlace},
		{"临江区已新增养老床位500张", linjiangPlan, cite.WrongTense},
		{"临江区2025年不开工建设区颐养中心", linjiangPlan, cite.WrongPolarity},
		{"临江区2025年将为“银发食堂”新建老年助餐点20个", linjiangPlan, cite.WrongQuote},
		{"青石镇至石门乡的县道计划11月底通车", songlingRoads, cite.WrongDate},
		{"2024年云泽市“三公”经费增长9.8%", "“三公”经费下降9.8%", cite.WrongDirection},
		{"区委书记蓝玉衡出席会议", "区委书记孟九章、区长蓝玉衡", cite.WrongOffice},
		{"区长蓝玉春出席会议", "区委书记孟九章、区长蓝玉衡", cite.WrongPerson},
		{"云泽市2025年将新建、改扩建普通高中9所、初中4所", "2025年新建、改扩建普通高中4所", cite.WrongSubject},
		{"临江区2025年将建设一座大型体育公园", linjiangPlan, cite.Invented},
	} {
		got := s.checker.Review(rag.Query{}, tt.sentence+"[1]。", s.hits(t, tt.snippet))
		if !slices.ContainsFunc(got.Sentences[0].Problems, func(p cite.Problem) bool { return p.Kind == tt.want && p.Sentence == 1 }) {
			t.Errorf("%s: problems %v, want %s", tt.sentence, got.Sentences[0].Problems, tt.want)
		}
	}
}

func TestReviewLeavesTheHitsAlone(t *testing.T) {
	s := theSample(t)
	hits := s.hits(t, linjiangPlan, jiangbinPlan)
	before := []string{hits[0].Passage.Text, hits[1].Passage.Text}
	places := slices.Clone(hits[0].Passage.Facets.Places)
	first := s.checker.Review(rag.Query{}, "临江区2025年计划新增养老床位500张[1]。", hits)
	if again := s.checker.Review(rag.Query{}, "临江区2025年计划新增养老床位500张[1]。", hits); again.Kept != first.Kept {
		t.Errorf("a second review keeps %q, the first %q", again.Kept, first.Kept)
	}
	if hits[0].Passage.Text != before[0] || hits[1].Passage.Text != before[1] || !slices.Equal(hits[0].Passage.Facets.Places, places) {
		t.Error("the hits have changed")
	}
}

func TestCompute(t *testing.T) {
	s := theSample(t)
	quote := func(n int, snippet, text string) rag.Citation {
		h := s.hits(t, snippet)[0]
		if !strings.Contains(h.Passage.Text, text) {
			t.Fatalf("passage of %q has no %q", snippet, text)
		}
		return rag.Citation{N: n, Quote: text, Passage: h.Passage, Article: h.Article}
	}
	results := []rag.Citation{quote(1, linjiangResult, "新增养老床位320张"), quote(2, "建成老年助餐点21个", "新增养老床位260张")}
	plans := []rag.Citation{quote(1, linjiangPlan, "新增养老床位500张"), quote(2, jiangbinPlan, "新增养老床位400张")}
	both := []string{"临江区", "江滨新区"}
	beds := []rag.Count{{Unit: "张", Of: "养老床位"}}
	for _, tt := range []struct {
		text   string
		places []string
		cited  []rag.Citation
		want   string
	}{
		{"临江区和江滨新区一共新增多少张养老床位？", both, results, "320张+260张=580张 [1][2]"},
		{"临江区和江滨新区新增养老床位相差多少？", both, results, "320张-260张=60张 [1][2]"},
		{"江滨新区比临江区少多少张养老床位？", []string{"江滨新区", "临江区"}, results, "320张-260张=60张 [1][2]"},
		{"江滨新区新增养老床位和临江区差多少？", []string{"江滨新区", "临江区"}, results, "320张-260张=60张 [1][2]"},
		{"江滨新区新增养老床位占临江区的多少？", []string{"江滨新区", "临江区"}, results, "260张÷320张≈81.3% [1][2]"},
		{"临江区和江滨新区合计计划新增多少张养老床位？", both, plans, "500张+400张=900张 [1][2]"},
		{"临江区和江滨新区新增多少张养老床位？", both, results, ""},
		{"临江区一共新增多少张养老床位？", both[:1], results, ""},
		{"两地一共新增多少张养老床位？", both, []rag.Citation{results[0], plans[1]}, ""},
		{"两地一共新增多少张养老床位？", both, append(slices.Clone(results), quote(3, linjiangPlan, "新增养老床位500张")), ""},
		{"两地一共新增多少张养老床位？", both, results[:1], ""},
	} {
		got, ok := s.checker.Compute(rag.Query{Text: tt.text, Places: tt.places, Counts: beds}, tt.cited)
		if ok != (tt.want != "") || got.Working != tt.want {
			t.Errorf("%s: %+v, %v; want %s", tt.text, got, ok, tt.want)
		}
	}
}

func TestContradictions(t *testing.T) {
	s := theSample(t)
	var hits []rag.Hit
	for i := range s.records {
		for _, p := range s.records[i].Passages {
			hits = append(hits, rag.Hit{Passage: p, Article: &s.records[i].Article})
		}
	}
	if got := s.checker.Contradictions(hits); len(got) > 0 {
		for _, c := range got {
			t.Errorf("the sample contradicts itself: %s (%s) and %s (%s)", c.A.Citation.Quote, c.A.Facets.Places, c.B.Citation.Quote, c.B.Facets.Places)
		}
	}
	other := s.hits(t, linjiangResult)[0]
	article := *other.Article
	article.ID = "later"
	article.Parts = slices.Clone(article.Parts)
	article.Parts[0].Date.Day = 1
	other.Article = &article
	other.Passage.Article, other.Passage.ID = "later", "later-1"
	other.Passage.Text = strings.Replace(other.Passage.Text, "养老床位320张", "养老床位330张", 1)
	got := s.checker.Contradictions(append(s.hits(t, linjiangResult), other))
	if len(got) != 1 || got[0].A.Figure != "330张" || got[0].B.Figure != "320张" {
		t.Fatalf("contradictions: %+v", got)
	}
	if q := got[0].B.Citation; q.Quote != "新增养老床位320张" || q.Article == nil {
		t.Errorf("cited %q", q.Quote)
	}
	// A report in Traditional characters contradicts too, and is shown as printed.
	got = s.checker.Contradictions(append(s.hits(t, linjiangResult), traditionalHits([]rag.Hit{other})...))
	if len(got) != 1 || got[0].A.Citation.Quote != ragtest.Traditional("新增养老床位330张") || got[0].A.Figure != ragtest.Traditional("330张") {
		t.Errorf("contradictions: %+v", got)
	}
}

// FuzzReview holds whatever text against passages: what is kept is a sound answer.
func FuzzReview(f *testing.F) {
	s, err := openSample()
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		"", "[1]", "临江区2025年计划新增养老床位500张[1]。", "- 新建老年助餐点20个【1、2】\n¹²", "## 临江区\n1. 新增320张（1）。",
		"“新增养老床位500张”，《江滨》[9]", "一是[1]二是[2]；分别500张、400张", "\uE000[1]\uE000", "由5到3[1]", "1.5万人[1-99]", "临江区\x00\xff养老[1]。", "：：：[1]", "“”‘’[1]",
	} {
		f.Add(seed)
	}
	hits := s.hits(f, linjiangPlan, jiangbinPlan, linjiangResult, "县区 | 新增养老床位")
	f.Fuzz(func(t *testing.T, text string) {
		const longest = 2000
		if len(text) > longest {
			return
		}
		got := s.checker.Review(rag.Query{}, text, hits)
		if p := cite.Check(answerOf(got)); len(p) > 0 {
			t.Errorf("Review(%q) keeps %q: %v", text, got.Kept, p)
		}
		if (got.Reason == "") != (len(got.Stated) > 0) || (got.Kept == "") != (len(got.Stated) == 0) {
			t.Errorf("Review(%q): kept %q, stated %d, reason %q", text, got.Kept, len(got.Stated), got.Reason)
		}
		removed, mended := 0, 0
		for _, r := range got.Sentences {
			if r.Verdict == cite.Removed {
				removed++
			}
			if r.Verdict == cite.Mended {
				mended++
			}
			if slices.ContainsFunc(r.Marker, func(n int) bool { return n < 1 || n > len(hits) }) && r.Verdict != cite.Removed && r.Verdict != cite.Idle && r.Verdict != cite.Lead {
				t.Errorf("Review(%q) keeps marker %v", text, r.Marker)
			}
		}
		if removed != got.Removed || mended != got.Mended {
			t.Errorf("Review(%q) counts %d and %d, has %d and %d", text, got.Removed, got.Mended, removed, mended)
		}
	})
}

// BenchmarkReview is an answer of about 400 characters over ten passages.
func BenchmarkReview(b *testing.B) {
	s := theSample(b)
	hits := s.hits(b, linjiangPlan, jiangbinPlan, linjiangResult, "建成老年助餐点21个", "县中医院迁建项目5月动工", "2024年全县中药材种植面积21万亩",
		"明年新建高标准农田12万亩", "新建公办幼儿园18所", "全市一般公共预算收入预计完成298.6亿元", "签约亿元以上项目58个")
	text := strings.Join([]string{
		"临江区2025年计划新增养老床位500张，新建老年助餐点20个，开工建设区颐养中心，年内建成沙湾街道和白塔镇两处养老服务综合体[1]。",
		"江滨新区2025年将新增养老床位400张，新建老年助餐点15个，海棠街道养老服务中心3月动工[2]。",
		"2024年，临江区建成老年助餐点38个，新增养老床位320张，区内7家养老机构获评三星级以上[3]。",
		"江滨新区2024年建成老年助餐点21个，新增养老床位260张，望江街道养老服务中心投入运营[4]。",
		"松岭县2025年计划新增养老床位350张，将在青石镇、梨树乡各建一个养老服务中心[5]。",
		"2024年松岭县中药材种植面积21万亩，产值9.3亿元，今年扩大到24万亩[6]。",
		"平阜县2025年计划新建高标准农田12万亩，其中大堰镇4.5万亩，玉米机收率提高到92%以上[7]。",
		"云泽市将新建公办幼儿园18所，推动40所幼儿园开设托班[8]。",
	}, "\n")
	if got := s.checker.Review(rag.Query{}, text, hits); got.Removed > 0 {
		b.Fatalf("removed: %+v", got.Sentences)
	}
	b.ReportAllocs()
	for b.Loop() {
		s.checker.Review(rag.Query{}, text, hits)
	}
}
