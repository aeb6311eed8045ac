package query_test

import (
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"wenbao/rag"
	"wenbao/rag/query"
)

// maxGrowth is how many characters a turn before may add to a follow-up, beside
// the turn's own: places, a year and a topic.
const maxGrowth = 200

func TestOddQuestions(t *testing.T) {
	for name, text := range map[string]string{
		"empty":           "",
		"blanks":          " \t\n\u3000",
		"control":         "临江区\x00养\x07老\x1b[31m有什么计划？",
		"broken":          "临江区\xff\xfe养老\xe4\xb8",
		"emoji":           "临江区👵🏻养老👨‍👩‍👧‍👦有什么计划？🙏",
		"one character":   "路",
		"stop words":      "的了是在和",
		"long":            strings.Repeat("临江区2025年养老有什么计划？", 1000),
		"only a question": "？",
		"zero width":      "临\u200b江区养\ufeff老",
	} {
		t.Run(name, func(t *testing.T) { checkQuery(t, rag.Question{Text: text}) })
	}
	if q := understand("临江区\x00养\x07老有什么计划？"); len(q.Places) != 1 {
		t.Errorf("control characters hid the place: %+v", q)
	}
	if q := understand("临江区👵🏻养老有什么计划？🙏"); q.Topic != "养老" {
		t.Errorf("emoji are left in the topic: %q", q.Topic)
	}
}

// checkQuery asserts what holds for every question.
func checkQuery(t *testing.T, question rag.Question) {
	t.Helper()
	u := shared()
	q := u.Understand(question)
	if !utf8.ValidString(q.Text) || !utf8.ValidString(q.Topic) || !utf8.ValidString(strings.Join(texts(q.Earlier), "")) {
		t.Errorf("%q: no UTF-8 in %+v", question.Text, q)
	}
	if strings.ContainsFunc(q.Text, unicode.IsControl) {
		t.Errorf("%q: control characters in %q", question.Text, q.Text)
	}
	if strings.ContainsFunc(strings.Join(texts(q.Earlier), ""), unicode.IsControl) {
		t.Errorf("control characters in %v", q.Earlier)
	}
	longest := query.MaxChars
	if len(question.History) > 0 {
		longest = 2*query.MaxChars + maxGrowth
	}
	if n := utf8.RuneCountInString(q.Text); n > longest {
		t.Errorf("text has %d characters, at most %d", n, longest)
	}
	if q.Asks == "" {
		t.Errorf("%q asks for nothing", question.Text)
	}
	seen := map[string]bool{}
	for _, p := range append(q.Places[:len(q.Places):len(q.Places)], q.Unknown...) {
		if p == "" || seen[p] {
			t.Errorf("%q: place %q is empty or there twice", question.Text, p)
		}
		seen[p] = true
	}
	if again := u.Understand(question); !reflect.DeepEqual(again, q) {
		t.Errorf("%q understood twice: %+v, %+v", question.Text, q, again)
	}
}

func FuzzUnderstand(f *testing.F) {
	for _, s := range [][3]string{
		{"临江区2025年养老有什么计划？", "", ""},
		{"那养老呢？", "临江区2025年教育有什么计划？", "新建一所学校。"},
		{"松岭呢？", "临江区2025年教育有什么计划？", ""},
		{"2024年呢？", "江滨新区2025年打通几条断头路？", "5条。"},
		{"其中教育投入多少？", "云泽市临江区二〇二四年民生支出多少？", ""},
		{"她提到哪个实验室？", "市科技局局长是谁？", "梁静姝。"},
		{"总投资多少？", "望江大桥什么时候通车？", "明年八月。"},
		{"刚才那个实验室呢？", "云泽湖实验室在哪里？", "“江畔夜市”旁边"},
		{"回到市图书馆", "哪家医院？", "市第三人民医院"},
		{"呢", "那", "其中"},
		{"我区全市我县？", "百分之几多少几条", "😀"},
		{"\x00\xff临江\u200b区", "\xe4", "多少多少多少"},
	} {
		f.Add(s[0], s[1], s[2])
	}
	f.Fuzz(func(t *testing.T, text, before, answer string) {
		checkQuery(t, rag.Question{Text: text})
		checkQuery(t, rag.Question{Text: text, History: []rag.Turn{{Question: before, Answer: answer}, {Question: text}}})
	})
}

// BenchmarkUnderstand reads a follow-up with nothing before it, with ten turns of a
// chat, and with ten of which each leaves out what the one before it said.
func BenchmarkUnderstand(b *testing.B) {
	chat := turns("临江区2025年教育有什么计划？", "那养老呢？", "松岭呢？", "2024年呢？", "望江大桥什么时候通车？",
		"总投资多少？", "谢谢", "市科技局局长是谁？", "她提到哪个实验室？", "江滨新区2024年打通断头路几条？")
	for i := range chat {
		chat[i].Answer = strings.Repeat("新建一所学校，扩建两所。", 5)
	}
	chain := turns("临江区2025年养老有什么计划？", "松岭呢？", "平阜呢？", "江滨呢？", "那教育呢？",
		"松岭呢？", "平阜呢？", "江滨呢？", "临江呢？", "2024年呢？")
	u := shared()
	for _, bm := range []struct {
		name    string
		history []rag.Turn
	}{{"turns=0", nil}, {"turns=10", chat}, {"turns=10/chain", chain}} {
		b.Run(bm.name, func(b *testing.B) {
			question := rag.Question{Text: "那养老呢？", History: bm.history}
			for b.Loop() {
				u.Understand(question)
			}
		})
	}
}
