package asked_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/asked"
)

func TestGrams(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"新建小游园", []string{"新建", "建小", "小游", "游园"}},
		{"园", nil},
		{"G7高速，全长3.2公里", []string{"g7", "高速", "全长", "3", "2", "公里"}},
		{"路。桥", nil},
		{"", nil},
	} {
		if got := asked.Grams(zh.Fold(c.text)); !slices.Equal(got, c.want) {
			t.Errorf("%q has %q, want %q", c.text, got, c.want)
		}
	}
}

func TestWithoutAsking(t *testing.T) {
	for question, want := range map[string]string{
		"望江大桥什么时候合龙?": "望江大桥 合龙 ",
		"哪家公司承建?":     " 公司承建 ",
		"新建小游园":       "新建小游园",
	} {
		if got := asked.WithoutAsking(question); got != want {
			t.Errorf("%q is %q without what asks, want %q", question, got, want)
		}
	}
	question := "大桥有多长,由谁建?"
	var words []string
	for _, sp := range asked.Asking(question) {
		words = append(words, sp.In(question))
	}
	if want := []string{"谁", "?"}; !slices.Equal(words, want) {
		t.Errorf("%q asks with %q, want %q", question, words, want)
	}
	if got := asked.Parts("桥长多少?谁建;何时通车?"); len(got) != 3 {
		t.Errorf("asked at once: %q, want 3", got)
	}
}

func terms(weights map[string]float64) *asked.Terms {
	var t asked.Terms
	for _, s := range []string{"大桥", "合龙", "承建", "望江"} {
		t.Add(s, weights[s])
	}
	return &t
}

func TestShares(t *testing.T) {
	ts := terms(map[string]float64{"大桥": 1, "合龙": 3, "承建": 2})
	if ts.Len() != 3 {
		t.Errorf("%d terms, want 3: one that weighs nothing is none", ts.Len())
	}
	seen := ts.Grams("大桥今日合龙")
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"of weights", ts.Share(seen), 4.0 / 6},
		{"of squares", ts.ShareBy(asked.Square, seen), 10.0 / 14},
		{"of two marks", ts.Share(seen, ts.Substrings("公司承建")), 1},
		{"of no text", ts.Share(nil), 0},
		{"of no terms", new(asked.Terms).Share(), 0},
		{"heaviest missing", ts.Heaviest(seen), 2},
	} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("share %s is %v, want %v", c.name, c.got, c.want)
		}
	}
	ts.Mark(seen, "由谁承建")
	if got := ts.Heaviest(seen); got != 0 {
		t.Errorf("heaviest missing is %v when all are marked", got)
	}
	ts.Add("大桥", 5)
	ts.Add("大桥", 4)
	if got := ts.Share(ts.Grams("大桥")); got != 0.5 {
		t.Errorf("share of a term added again is %v, want that of its greatest weight", got)
	}
}

func TestHeadlineSaid(t *testing.T) {
	rarity := map[string]float64{"望江": 1, "大桥": 0.6, "公告": 0.1}
	for _, c := range []struct {
		headline, text string
		want           float64
	}{
		{"望江大桥", "望江大桥何时合龙", 1},
		{"望江大桥", "大桥何时合龙", 0.2},
		{"公告", "公告在哪里", 0.1},
		{"公告", "望江大桥", 0},
		{"", "望江大桥", 0},
	} {
		if got := asked.HeadlineSaid(c.headline, c.text, rarity); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s says %v of %s, want %v", c.text, got, c.headline, c.want)
		}
	}
	if got, want := terms(map[string]float64{"大桥": 1, "合龙": 3}).WeightBy(asked.Square), 10.0; got != want {
		t.Errorf("squares of the weights are %v together, want %v", got, want)
	}
}

func TestRarity(t *testing.T) {
	if rare, common, all := asked.Rarity(1, 1000), asked.Rarity(100, 1000), asked.Rarity(1000, 1000); rare <= common || common <= all || all < 0 {
		t.Errorf("rarity %v in one of 1000 texts, %v in a hundred, %v in all", rare, common, all)
	}
	if got := asked.Rarity(9, 3); got != 0 {
		t.Errorf("rarity %v, want none below 0", got)
	}
}

func TestForm(t *testing.T) {
	count := []rag.Count{{Unit: "棵"}}
	for _, c := range []struct {
		question string
		asks     rag.Asks
		counts   []rag.Count
		sort     asked.Sort
		sentence string
		want     float64
	}{
		{"沿河种了多少棵树", rag.AsksNumber, count, asked.Number, "沿河种树12万棵", 1},
		{"沿河种了多少棵树", rag.AsksNumber, count, asked.Number, "沿河修路3公里", 0.5},
		{"沿河种了多少棵树", rag.AsksNumber, count, asked.Number, "沿河种了树", 0},
		{"26处小游园占地多少", rag.AsksNumber, nil, asked.Number, "新建小游园26处", 0},
		{"大桥什么时候合龙", rag.AsksDate, nil, asked.Date, "大桥12月6日合龙", 1},
		{"12月6日合龙的大桥哪年通车", rag.AsksDate, nil, asked.Date, "大桥12月6日合龙", 0},
		{"谁说要修桥", rag.AsksPerson, nil, asked.Person, "县委书记宋知远说要修桥", 1},
		{"大桥在哪里", rag.AsksPlace, nil, asked.Place, "大桥位于望江街道", 1},
		{"为什么种树", rag.AsksText, nil, asked.Cause, "为了不让泥沙入河", 1},
		{"有哪些公园", rag.AsksText, nil, asked.List, "东园、西园、南园和北园", 1},
		{"什么是海绵城市", rag.AsksText, nil, asked.Meaning, "海绵城市是能吸水的城市", 1},
		{"介绍一下大桥", rag.AsksText, nil, asked.Other, "大桥是12月6日在望江合龙的", 0},
	} {
		f := asked.FormOf(rag.Query{Text: c.question, Asks: c.asks, Counts: c.counts})
		if got := f.GivenBy(zh.Fold(c.sentence)); f.Sort != c.sort || got != c.want {
			t.Errorf("%s: sort %d, %s gives it by %v, want sort %d and %v", c.question, f.Sort, c.sentence, got, c.sort, c.want)
		}
	}
}

func FuzzTerms(f *testing.F) {
	f.Add("望江大桥什么时候合龙？", "望江大桥12月6日合龙。")
	f.Add("G7\xff多少？？", "，G7有3.5个")
	f.Fuzz(func(t *testing.T, question, text string) {
		question, text = zh.Fold(question), zh.Fold(text)
		var ts asked.Terms
		for _, g := range asked.Grams(asked.WithoutAsking(question)) {
			if !strings.Contains(question, g) {
				t.Fatalf("%q is a gram of %q", g, question)
			}
			ts.Add(g, 1)
		}
		if share := ts.Share(ts.Grams(text)); share < 0 || share > 1 {
			t.Errorf("share is %v", share)
		}
		if ts.Len() > 0 && ts.Share(ts.Grams(asked.WithoutAsking(question))) != 1 {
			t.Error("a question does not have its own grams")
		}
		for _, asks := range []rag.Asks{rag.AsksNumber, rag.AsksDate, rag.AsksList} {
			form := asked.FormOf(rag.Query{Text: question, Asks: asks})
			if given := form.GivenBy(text); given < 0 || given > 1 {
				t.Errorf("given by %v", given)
			}
		}
	})
}
