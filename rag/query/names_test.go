package query_test

import (
	"slices"
	"testing"

	"wenbao/rag"
)

// A follow-up that only asks something of a thing takes the thing over that was
// named before, and nothing else does.
func TestNameCarriesOver(t *testing.T) {
	bridge := turns("望江大桥什么时候通车？")
	both := turns("云泽湖实验室在哪里？", "望江大桥什么时候通车？", "临江区有几所小学？")
	tests := []struct {
		name   string
		before []rag.Turn
		ask    string
		text   string
		topic  string
		asks   rag.Asks
	}{
		{"another fact", bridge, "总投资多少？", "望江大桥总投资多少？", "望江大桥 总投资", rag.AsksNumber},
		{"another fact, pointing back", bridge, "那总投资呢？", "望江大桥总投资呢？", "望江大桥 总投资", rag.AsksText},
		{"it", bridge, "它的造价是多少？", "望江大桥的造价是多少？", "望江大桥 造价", rag.AsksNumber},
		{"a third fact", turns("望江大桥什么时候通车？", "总投资多少？"), "什么时候开工？", "望江大桥什么时候开工？", "望江大桥 开工", rag.AsksDate},
		{"a measure without a word for it", turns("望江大桥什么时候通车？", "总投资多少？"), "它有多长？", "望江大桥它有多长？", "望江大桥", rag.AsksNumber},
		{"in quotation marks", turns("“江畔夜市”什么时候开业？"), "地址在哪里？", "江畔夜市地址在哪里？", "江畔夜市 地址", rag.AsksPlace},
		{"over small talk", turns("望江大桥什么时候通车？", "谢谢"), "总投资多少？", "望江大桥总投资多少？", "望江大桥 总投资", rag.AsksNumber},
		{"another thing, the same fact", turns("望江大桥总投资多少？"), "白塔隧道呢？", "白塔隧道总投资多少？", "白塔隧道总投资", rag.AsksNumber},
		{"another thing, the same date", bridge, "那白塔隧道呢？", "白塔隧道什么时候通车？", "白塔隧道 通车", rag.AsksDate},
		{"two things compared", turns("望江大桥和白塔隧道哪个更长？"), "什么时候通车？", "望江大桥和白塔隧道什么时候通车？", "望江大桥和白塔隧道 通车", rag.AsksDate},
		{"a thing of its own", bridge, "白塔隧道总投资多少？", "白塔隧道总投资多少？", "白塔隧道总投资", rag.AsksNumber},
		{"a place of its own", bridge, "松岭县总投资多少？", "松岭县总投资多少？", "总投资", rag.AsksNumber},
		{"a topic of its own", bridge, "新增养老床位多少张？", "新增养老床位多少张？", "新增养老床位", rag.AsksNumber},
		{"after a change of subject", turns("望江大桥什么时候通车？", "新增养老床位多少张？"), "总投资多少？", "总投资多少？", "总投资", rag.AsksNumber},
		{"nothing named before", turns("谢谢"), "总投资多少？", "总投资多少？", "总投资", rag.AsksNumber},
		{"back to one by its kind", both, "刚才那个实验室有什么成果？", "云泽湖实验室有什么成果？", "云泽湖实验室", rag.AsksList},
		{"back to the newest of its kind", append(turns("青石大桥有多宽？"), both...), "那座大桥的造价是多少？", "望江大桥的造价是多少？", "望江大桥的造价", rag.AsksNumber},
		{"back to one of no known kind", both, "那个水库有多大？", "临江区水库有多大？", "水库", rag.AsksNumber},
		{"back to one, with the question before", turns("云泽湖实验室在哪里？", "望江大桥总投资多少？"), "那个实验室呢？", "云泽湖实验室总投资多少？", "云泽湖实验室总投资", rag.AsksNumber},
		{"back to one by name", both, "回到望江大桥，总投资多少？", "望江大桥，总投资多少？", "望江大桥 总投资", rag.AsksNumber},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := understand(tt.ask, tt.before...)
			if q.Text != tt.text || q.Topic != tt.topic || q.Asks != tt.asks {
				t.Errorf("text %q, topic %q, asks %q; want %q, %q, %q", q.Text, q.Topic, q.Asks, tt.text, tt.topic, tt.asks)
			}
		})
	}
}

// What only asks something of a thing has no reading by itself.
func TestNameLeavesNoOtherReading(t *testing.T) {
	if q := understand("总投资多少？", turns("望江大桥什么时候通车？")...); q.Otherwise != nil {
		t.Errorf("otherwise %q", q.Otherwise.Text)
	}
	q := understand("望江大桥什么时候通车？", turns("临江区2025年教育有什么计划？")...)
	if q.Otherwise == nil || q.Otherwise.Topic != "望江大桥 通车" || len(q.Otherwise.Places) != 0 {
		t.Errorf("otherwise %+v, want the bridge without a district", q.Otherwise)
	}
}

// A name that was asked for is that of the answer, where the answer gives one by
// itself.
func TestNameOfTheAnswer(t *testing.T) {
	for answer, want := range map[string]string{
		"市第三人民医院——市第三人民医院装上了新的扫描仪 [1]": "市第三人民医院 床位",
		"装上新的扫描仪的是市第三人民医院 [1]":         "床位", // where its name begins cannot be told
		"市第三人民医院、平阜人民医院 [1]":           "床位", // there are two
		"": "床位",
	} {
		q := understand("床位有多少张？", rag.Turn{Question: "哪家医院装上了新的扫描仪？", Answer: answer})
		if q.Topic != want {
			t.Errorf("answer %q: topic %q, want %q", answer, q.Topic, want)
		}
	}
}

// Each follow-up takes over from the one before it, and a chain of them is long
// enough for a round of all districts.
func TestLongChain(t *testing.T) {
	before := turns("临江区2025年养老有什么计划？", "松岭呢？", "平阜呢？", "江滨呢？", "白塔镇呢？", "柳溪镇呢？", "2024年呢？")
	q := understand("临江呢？", before...)
	if q.Text != "临江2024年养老有什么计划？" || !slices.Equal(q.Places, []string{"临江区"}) || !slices.Equal(q.Periods, year(2024)) {
		t.Errorf("text %q, places %v, periods %v", q.Text, q.Places, q.Periods)
	}
	// However long it is, there is an end to what is read.
	long := slices.Concat(before, turns(slices.Repeat([]string{"松岭呢？"}, 1000)...))
	if q := understand("临江呢？", long...); !slices.Equal(q.Places, []string{"临江区"}) {
		t.Errorf("after a long chain: places %v", q.Places)
	}
}

// weights are those of q's earlier texts by their beginnings.
func weight(t *testing.T, q rag.Query, text string) float64 {
	t.Helper()
	i := slices.IndexFunc(q.Earlier, func(s rag.Said) bool { return s.Text == text })
	if i < 0 {
		return 0
	}
	return q.Earlier[i].Weight
}

// What was said last weighs most, and what was said before something else was
// named weighs little.
func TestEarlierWeights(t *testing.T) {
	before := []rag.Turn{
		{Question: "有什么新消息？", Answer: "今天不少。"},
		{Question: "望江大桥什么时候通车？", Answer: "明年八月。"},
		{Question: "那时路好走吗？", Answer: "好走。"},
	}
	q := understand("要走多长时间？", before...)
	last, question, named, past := weight(t, q, "好走。"), weight(t, q, "那时路好走吗？"), weight(t, q, "望江大桥什么时候通车？"), weight(t, q, "今天不少。")
	if last != 1 || last <= question || question <= named || named <= 3*past {
		t.Errorf("weights %v, %v, %v, and %v ahead of the name", last, question, named, past)
	}
	for _, own := range []string{"白塔隧道要走多长时间？", "“江畔夜市”要走多长时间？", "望江大橋要走多長時間？", "雲澤湖實驗室要走多久？"} {
		if w := weight(t, understand(own, before...), "好走。"); w <= 0 || w >= last/3 {
			t.Errorf("%s: the last answer weighs %v", own, w)
		}
	}
	for _, none := range []string{"哪个公园要走多长时间？", "到几所学校要走多长时间？"} {
		if w := weight(t, understand(none, before...), "好走。"); w != last {
			t.Errorf("%s: the last answer weighs %v, want %v: nothing is named", none, w, last)
		}
	}
}
