package query_test

import (
	"slices"
	"strings"
	"testing"

	"wenbao/corpus"
	"wenbao/rag"
)

// turns are earlier questions without their answers.
func turns(questions ...string) []rag.Turn {
	var out []rag.Turn
	for _, q := range questions {
		out = append(out, rag.Turn{Question: q})
	}
	return out
}

func TestFollowUps(t *testing.T) {
	tests := []struct {
		name    string
		before  []rag.Turn
		ask     string
		text    string // the question as it stands alone
		places  []string
		periods []corpus.Years
		topic   string
		kind    corpus.Kind
		asks    rag.Asks
	}{
		{
			name: "another topic", before: turns("临江区2025年教育有什么计划？"), ask: "那养老呢？",
			text: "临江区2025年养老有什么计划？", places: []string{"临江区"}, periods: year(2025), topic: "养老", kind: corpus.KindPlan, asks: rag.AsksList,
		},
		{
			name: "another place", before: turns("临江区2025年养老有什么计划？"), ask: "松岭呢？",
			text: "松岭2025年养老有什么计划？", places: []string{"松岭县"}, periods: year(2025), topic: "养老", kind: corpus.KindPlan, asks: rag.AsksList,
		},
		{
			name: "a place that nobody knows", before: turns("临江区2025年养老有什么计划？"), ask: "梧岭县呢？",
			text: "梧岭县2025年养老有什么计划？", periods: year(2025), topic: "养老", kind: corpus.KindPlan, asks: rag.AsksList,
		},
		{
			name: "another year", before: turns("临江区2025年打通断头路几条？"), ask: "2024年呢？",
			text: "临江区2024年打通断头路几条？", places: []string{"临江区"}, periods: year(2024), topic: "断头路", asks: rag.AsksNumber,
		},
		{
			name: "a part of it", before: turns("临江区2024年民生支出多少？"), ask: "其中教育投入多少？",
			text: "临江区2024年教育投入多少？", places: []string{"临江区"}, periods: year(2024), topic: "教育投入", asks: rag.AsksNumber,
		},
		{
			name: "twice on", before: turns("临江区2025年教育有什么计划？", "那养老呢？"), ask: "松岭呢？",
			text: "松岭2025年养老有什么计划？", places: []string{"松岭县"}, periods: year(2025), topic: "养老", kind: corpus.KindPlan, asks: rag.AsksList,
		},
		{
			name: "over small talk", before: turns("临江区2025年教育有什么计划？", "谢谢"), ask: "那养老呢？",
			text: "临江区2025年养老有什么计划？", places: []string{"临江区"}, periods: year(2025), topic: "养老", kind: corpus.KindPlan, asks: rag.AsksList,
		},
		{
			name: "nothing before", ask: "那养老呢？", text: "那养老呢？", topic: "养老", asks: rag.AsksText,
		},
		{
			name: "it stands alone", before: turns("临江区2025年教育有什么计划？"), ask: "松岭县2024年修了几条农村公路？",
			text: "松岭县2024年修了几条农村公路？", places: []string{"松岭县"}, periods: year(2024), topic: "农村公路", kind: corpus.KindResult, asks: rag.AsksNumber,
		},
		{
			name: "small talk takes nothing over", before: turns("临江区2025年教育有什么计划？"), ask: "谢谢", text: "谢谢", asks: rag.AsksChat,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := understand(tt.ask, tt.before...)
			if q.Text != tt.text {
				t.Errorf("text %q, want %q", q.Text, tt.text)
			}
			if !slices.Equal(q.Places, tt.places) || !slices.Equal(q.Periods, tt.periods) {
				t.Errorf("places %v, periods %v; want %v, %v", q.Places, q.Periods, tt.places, tt.periods)
			}
			if !strings.Contains(q.Topic, tt.topic) || q.Kind != tt.kind || q.Asks != tt.asks {
				t.Errorf("topic %q, kind %q, asks %q; want %q, %q, %q", q.Topic, q.Kind, q.Asks, tt.topic, tt.kind, tt.asks)
			}
		})
	}
}

// A follow-up that asks for something else of the same thing takes the thing
// over, and not what was asked of it.
func TestSubjectCarriesOver(t *testing.T) {
	for ask, want := range map[string]string{
		"在哪里？":     "望江大桥",
		"谁负责？":     "负责", // it has a topic of its own
		"2025年呢？":  "望江大桥 通车",
		"那是哪一年的事？": "望江大桥 通车",
	} {
		if q := understand(ask, turns("望江大桥什么时候通车？")...); q.Topic != want {
			t.Errorf("%s: topic %q, want %q", ask, q.Topic, want)
		}
	}
	if q := understand("在哪里？", turns("招聘会几点开始？")...); q.Topic != "招聘会" {
		t.Errorf("topic %q, want 招聘会", q.Topic)
	}
}

// A pronoun means the speaker named before, or the one whose words were cited.
func TestPronoun(t *testing.T) {
	tests := []struct {
		name   string
		before rag.Turn
	}{
		{"named in the question", rag.Turn{Question: "梁静姝2025年有什么打算？"}},
		{"named in the answer", rag.Turn{Question: "市科技局局长是谁？", Answer: "梁静姝——访市科技局局长梁静姝"}},
		{"speaker of the article cited", rag.Turn{Question: "市科技局局长是谁？", Articles: []string{"unknown", "science"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := understand("她提到哪个实验室？", tt.before)
			if q.Speaker != "梁静姝" || !strings.Contains(q.Topic, "实验室") {
				t.Errorf("speaker %q, topic %q", q.Speaker, q.Topic)
			}
			if !strings.Contains(q.Text, "梁静姝") || strings.Contains(q.Text, "她") {
				t.Errorf("text %q does not stand alone", q.Text)
			}
		})
	}
	q := understand("她还说了什么？", rag.Turn{Question: "梁静姝提到哪个实验室？"})
	if q.Speaker != "梁静姝" || q.Topic != "" || q.Text != "梁静姝还说了什么？" {
		t.Errorf("everything she said: speaker %q, topic %q, text %q", q.Speaker, q.Topic, q.Text)
	}
	if q := understand("她提到哪个实验室？"); q.Speaker != "" {
		t.Errorf("without a turn before, she is %q", q.Speaker)
	}
}

// What was said before serves a search, within bounds.
func TestEarlier(t *testing.T) {
	long := strings.Repeat("云泽市的老照片展出了。", 200)
	q := understand("那养老呢？", rag.Turn{Question: "临江区教育有什么计划？", Answer: long}, rag.Turn{Question: "松岭呢？", Answer: "山里的事。"})
	want := []string{"临江区教育有什么计划？", "松岭呢？", "山里的事。"}
	if got := texts(q.Earlier); !slices.Equal(got, want) {
		t.Errorf("earlier %q, want %q", got, want)
	}
	if q := understand("临江区教育有什么计划？"); q.Earlier != nil {
		t.Errorf("earlier %v without a turn before", q.Earlier)
	}
}

func texts(said []rag.Said) []string {
	var out []string
	for _, s := range said {
		out = append(out, s.Text)
	}
	return out
}

// An office of the city is not of the district that was spoken of before.
func TestOfficeTakesNoPlaceOver(t *testing.T) {
	q := understand("市科技局2025年有什么打算？", rag.Turn{Question: "临江区2024年教育有什么进展？"})
	if len(q.Places) != 0 {
		t.Errorf("places %q", q.Places)
	}
	if q := understand("市第三人民医院搬到了哪里？", rag.Turn{Question: "平阜县2024年教育有什么进展？"}); len(q.Places) > 0 {
		t.Errorf("the city's hospital is of %v", q.Places)
	}
}

// A question that could change the subject has a reading by itself beside it; one
// that points back has none.
func TestOtherwise(t *testing.T) {
	before := turns("临江区2025年养老有什么计划？")
	for ask, want := range map[string]string{
		"图书馆几点关门？":       "图书馆几点关门？",
		"松岭县2024年":       "松岭县2024年",
		"松岭县2024年有什么成果？": "", // complete: it takes nothing over
		"那教育呢？":          "",
		"松岭呢？":           "",
		"2024年呢？":        "",
		"谢谢":             "",
		"松岭县2024年修了几条农村公路？": "", // it takes nothing over as it is
	} {
		q := understand(ask, before...)
		switch {
		case want == "" && q.Otherwise != nil:
			t.Errorf("%s: otherwise %q", ask, q.Otherwise.Text)
		case want != "" && (q.Otherwise == nil || q.Otherwise.Text != want || !q.Otherwise.Alone):
			t.Errorf("%s: otherwise %+v, want %q", ask, q.Otherwise, want)
		case q.Alone:
			t.Errorf("%s: read by itself", ask)
		}
	}
	// What was answered by itself takes nothing on from before it.
	changed := slices.Concat(before, []rag.Turn{{Question: "图书馆几点关门？", Alone: true}})
	if q := understand("那周末呢？", changed...); len(q.Places) != 0 || len(q.Periods) != 0 {
		t.Errorf("after a change of subject: places %q, periods %v", q.Places, q.Periods)
	}
}
