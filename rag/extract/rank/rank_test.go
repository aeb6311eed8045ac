package rank_test

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wenbao/corpus"
	"wenbao/rag"
	"wenbao/rag/extract/rank"
)

// ranker cuts words of two characters and finds every term in one passage of a
// hundred, but 全市 in half of them.
func ranker() *rank.Ranker {
	return &rank.Ranker{
		Words: func(text string) []string {
			var out []string
			rs := []rune(text)
			for i := 0; i+1 < len(rs); i += 2 {
				out = append(out, string(rs[i:i+2]))
			}
			return out
		},
		DF: func(term string) (df, n int) {
			if term == "全市" {
				return 50, 100
			}
			return 1, 100
		},
	}
}

// hit is a passage that is all of its article.
func hit(rank int, score float64, title, text string, f corpus.Facets) rag.Hit {
	p := corpus.Passage{ID: title, Span: corpus.Span{End: len(text)}, Text: text, Facets: f}
	return rag.Hit{Rank: rank, Score: score, Passage: p, Article: &corpus.Article{ID: title, Title: title, Text: text}}
}

var paper = []rag.Hit{
	hit(1, 1, "望江大桥", "望江大桥由云泽路桥公司承建。今年12月6日大桥合龙。全市人民都很高兴。", corpus.Facets{}),
	hit(2, 0.5, "白塔河的变化", "白塔河治理用了3年。沿河种树12万棵，为了不让泥沙入河。", corpus.Facets{}),
	hit(3, 0.4, "小游园", "新建小游园26处。", corpus.Facets{}),
}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		question string
		asks     rag.Asks
		counts   []rag.Count
		best     string
	}{
		{"望江大桥由哪家公司承建？", rag.AsksText, nil, "云泽路桥公司承建"},
		{"望江大桥什么时候合龙？", rag.AsksDate, nil, "12月6日"},
		{"白塔河沿河种树多少棵？", rag.AsksNumber, []rag.Count{{Unit: "棵"}}, "种树12万棵"},
		{"白塔河为什么种树？", rag.AsksText, nil, "为了不让"},
	} {
		t.Run(c.question, func(t *testing.T) {
			got := ranker().Read(rag.Query{Text: c.question, Asks: c.asks, Counts: c.counts}, paper)
			if len(got.Sentences) != 6 {
				t.Fatalf("%d sentences, not 6", len(got.Sentences))
			}
			if text := got.Sentences[0].Text(); !strings.Contains(text, c.best) {
				t.Errorf("best sentence is %q", text)
			}
			if !slices.IsSortedFunc(got.Sentences, func(a, b rank.Sentence) int {
				if a.Score < b.Score {
					return 1
				}
				return 0
			}) {
				t.Error("sentences are not in order of their scores")
			}
		})
	}
}

// Confidence falls when the article that answers is taken out.
func TestConfidence(t *testing.T) {
	q := rag.Query{Text: "望江大桥由哪家公司承建？", Asks: rag.AsksText}
	whole, rest := ranker().Read(q, paper).Confidence, ranker().Read(q, paper[1:]).Confidence
	if whole < 0.8 || rest > 0.2 {
		t.Errorf("confidence is %.2f with the article and %.2f without", whole, rest)
	}
	if none := ranker().Read(q, nil); none.Confidence != 0 || none.Sentences != nil {
		t.Errorf("nothing found, and read %+v", none)
	}
}

// Of several questions each counts: one that no sentence is about tells against the
// answer.
func TestEvidenceOfParts(t *testing.T) {
	read := func(question string) rank.Evidence {
		return ranker().Read(rag.Query{Text: question, Asks: rag.AsksText}, paper).Evidence
	}
	one, both, half := read("望江大桥合龙？"), read("望江大桥合龙？望江大桥承建？"), read("望江大桥合龙？江滨机场跑道？")
	if lost := 0.2; half[rank.PartGrams] > one[rank.PartGrams]-lost || half[rank.PartGrams] > both[rank.PartGrams]-lost {
		t.Errorf("shares of the parts are %.2f, %.2f and %.2f", one[rank.PartGrams], both[rank.PartGrams], half[rank.PartGrams])
	}
	if one[rank.PartsAsked] >= both[rank.PartsAsked] {
		t.Errorf("%.2f for one question, %.2f for two", one[rank.PartsAsked], both[rank.PartsAsked])
	}
}

// A word that the article lacks tells against it, and the headline that a question
// says for it.
func TestEvidenceOfWords(t *testing.T) {
	read := func(question string) rank.Evidence {
		return ranker().Read(rag.Query{Text: question, Asks: rag.AsksText}, paper).Evidence
	}
	printed, other := read("望江大桥合龙？"), read("望江大桥合龙拍卖？")
	if printed[rank.MissingWords] != 0 || other[rank.MissingWords] <= 0 || other[rank.WordsAsked] <= printed[rank.WordsAsked] {
		t.Errorf("%v with all words printed, %v with one that is not", printed, other)
	}
	if part := read("大桥合龙？"); part[rank.HeadlineSaid] >= printed[rank.HeadlineSaid] {
		t.Errorf("a part of the headline said is %.2f, all of it %.2f", part[rank.HeadlineSaid], printed[rank.HeadlineSaid])
	}
}

// A character alone, and a light word, are mostly said otherwise in print: that an
// article lacks them tells nothing. Characters in a row may be a name.
func TestWordsThatTellNothing(t *testing.T) {
	r := ranker()
	known := regexp.MustCompile("望江大桥|合龙|拍卖|最晚|.")
	r.Words = func(text string) []string { return known.FindAllString(text, -1) }
	for _, c := range []struct {
		name, question string
		missing        float64
	}{
		{"all is printed", "望江大桥合龙", 0},
		{"another word", "望江大桥拍卖", 1},
		{"a character", "望江大桥管合龙", 0},
		{"a light word", "望江大桥最晚合龙", 0},
		{"a name", "望江大桥邹桂兰合龙", 3},
	} {
		e := r.Read(rag.Query{Text: c.question, Asks: rag.AsksText}, paper).Evidence
		if got := e[rank.MissingWords]; math.Abs(got-c.missing) > 1e-9 {
			t.Errorf("%s: %.2f words are missing, want %v", c.name, got, c.missing)
		}
	}
}

// Where nothing answers the articles found are all about as near.
func TestFieldBehind(t *testing.T) {
	q := rag.Query{Text: "望江大桥由谁承建？", Asks: rag.AsksPerson}
	near := []rag.Hit{paper[0], hit(2, 0.5, "二", "二。", corpus.Facets{}), hit(3, 0.49, "三", "三。", corpus.Facets{})}
	far := []rag.Hit{paper[0], near[1], hit(3, 0.1, "三", "三。", corpus.Facets{})}
	a, b := ranker().Read(q, near).Evidence, ranker().Read(q, far).Evidence
	if a[rank.Margin] != b[rank.Margin] || a[rank.FieldBehind] >= b[rank.FieldBehind] {
		t.Errorf("margins %.2f and %.2f, fields %.2f and %.2f", a[rank.Margin], b[rank.Margin], a[rank.FieldBehind], b[rank.FieldBehind])
	}
}

// Where all hits are of one article there is none to be taken for it.
func TestMarginOfALoneArticle(t *testing.T) {
	query := rag.Query{Text: "望江大桥由谁承建？", Asks: rag.AsksPerson}
	alone, beside := ranker().Read(query, paper[:1]).Evidence, ranker().Read(query, []rag.Hit{paper[0], hit(2, 0.99, "新桥", "新桥通车。", corpus.Facets{})}).Evidence
	if alone[rank.Margin] <= beside[rank.Margin] {
		t.Errorf("margin is %.2f alone, %.2f beside an article as good", alone[rank.Margin], beside[rank.Margin])
	}
}

// What a passage says in other words counts as said: an everyday word's printed
// one, and the place and the year that it speaks of.
func TestSaidOtherwise(t *testing.T) {
	printed := corpus.Facets{Places: []string{"临江区"}, Period: corpus.Years{From: 2025, To: 2025}}
	text := "我区明年新增养老床位500张。"
	known, unknown := hit(1, 1, "见闻", text, printed), hit(1, 1, "见闻", text, corpus.Facets{})
	q := rag.Query{Text: "临江区2025年给老人添什么？", Topic: "老人", Places: []string{"临江区"}, Periods: []corpus.Years{{From: 2025, To: 2025}}}
	bare := ranker().Read(q, []rag.Hit{unknown}).Evidence[rank.PassageGrams]
	spoken := ranker().Read(q, []rag.Hit{known}).Evidence[rank.PassageGrams]
	q.Wordings = []rag.Wording{{Said: "老人", Printed: []string{"养老"}}}
	all := ranker().Read(q, []rag.Hit{known}).Evidence[rank.PassageGrams]
	if bare != 0 || spoken <= bare || all != 1 {
		t.Errorf("shares of the question are %.2f bare, %.2f with facets and %.2f with wordings", bare, spoken, all)
	}
}

// Words that only ask are not looked for in print.
func TestAskingWords(t *testing.T) {
	q := rag.Query{Text: "白塔河治理方面有什么安排？", Topic: "白塔河治理"}
	got := ranker().Read(q, paper[1:]).Evidence
	if got[rank.PassageGrams] != 1 {
		t.Errorf("share of the question is %.2f", got[rank.PassageGrams])
	}
}

func TestNames(t *testing.T) {
	if n := rank.FeatureNames(); len(n) != rank.NumFeatures {
		t.Errorf("%d names for %d features", len(n), rank.NumFeatures)
	}
	if n := rank.EvidenceNames(); len(n) != rank.NumEvidence {
		t.Errorf("%d names for %d pieces of evidence", len(n), rank.NumEvidence)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("望江大桥什么时候合龙？", "望江大桥12月6日合龙。\n全市高兴。")
	f.Add("《云》G7多少？", "《云》\xff，G7有3个")
	f.Fuzz(func(t *testing.T, question, text string) {
		got := ranker().Read(rag.Query{Text: question, Topic: question, Asks: rag.AsksNumber}, []rag.Hit{hit(1, 1, "见闻", text, corpus.Facets{})})
		if got.Confidence < 0 || got.Confidence > 1 {
			t.Errorf("confidence is %v", got.Confidence)
		}
		for _, s := range got.Sentences {
			if s.Span.Start < 0 || s.Span.Start > s.Span.End || s.Span.End > len(text) {
				t.Fatalf("span %v of %d bytes", s.Span, len(text))
			}
			for i, name := range rank.FeatureNames() {
				if v := s.Features[i]; v < 0 || v > 1+1e-9 && i != rank.News {
					t.Errorf("%s is %v", name, v)
				}
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	q := rag.Query{Text: "望江大桥由哪家公司承建？", Asks: rag.AsksText}
	r := ranker()
	for b.Loop() {
		r.Read(q, paper)
	}
}
