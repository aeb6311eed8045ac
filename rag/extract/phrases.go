package extract

import (
	"fmt"
	"slices"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag"
)

// The fixed phrases of answers. They state nothing that would need evidence.
const (
	phraseChat         = "我只回答报纸上登过的内容，可以问我某地某年做了什么、打算做什么。"
	phraseUnknownPlace = "没有收录关于%s的报道。"
	phraseNothing      = "没有找到%s%s。"
	phraseNoSuch       = "没有找到%s%s。"
	phraseNearYear     = "最接近的是%s的："
	phraseNearKind     = "报上登的是%s："
	phraseNearWords    = "意思相近的是%s："
	phraseNearForm     = "%s%s里没有找到%s。写到的是："
	phraseNearNotice   = "没有直接的答案，列出的是最接近的内容。"
	phraseMissingPlace = "%s：没有找到相关报道。"
	phraseMissingPart  = "没有找到“%s”的答案。"
)

func joinNames(names []string) string { return strings.Join(names, "、") }

func kindName(k corpus.Kind) string {
	switch k {
	case corpus.KindPlan:
		return "计划"
	case corpus.KindResult:
		return "成果"
	}
	return "相关内容"
}

// soughtName says what was looked for and not found: who or what has no plans in
// print may well be in print.
func soughtName(k corpus.Kind) string {
	if k == corpus.KindPlan || k == corpus.KindResult {
		return kindName(k)
	}
	return "报道"
}

// formName is what a question asks for and a report would state.
func formName(asks rag.Asks) string {
	switch asks {
	case rag.AsksNumber:
		return "数目"
	case rag.AsksDate:
		return "时间"
	case rag.AsksPlace:
		return "地点"
	}
	return "是谁"
}

// yearsName is 2025年 or 2021—2025年, "" for no years.
func yearsName(y corpus.Years) string {
	switch {
	case y.IsZero():
		return ""
	case y.From == y.To:
		return fmt.Sprintf("%d年", y.From)
	}
	return fmt.Sprintf("%d—%d年", y.From, y.To)
}

func periodsName(ys []corpus.Years) string {
	names := make([]string, 0, len(ys))
	for _, y := range ys {
		if name := yearsName(y); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return joinNames(names)
}

// subject is the place and the years of a question, or its speaker.
func subject(q rag.Query, place string) string {
	if place == "" {
		place = q.Speaker
	}
	return place + periodsName(q.Periods)
}

// about is the subject with the topic, as it stands before what is reported of it:
// 临江区2025年关于“养老”的. Where the question names neither it is 相关.
func about(q rag.Query, place string) string {
	s := subject(q, place)
	switch {
	case len(q.Parts) > 1 && q.Parts[0].Topic != "":
		s += "关于“" + topicName(q.Parts[0]) + "”等问题"
	case q.Topic != "":
		s += "关于“" + topicName(q) + "”"
	}
	if s == "" {
		return "相关"
	}
	return s + "的"
}

// topicName is the topic without quotation marks, as it stands between them. What
// question words stood between is put together (地铁什么时候通车: 地铁通车).
func topicName(q rag.Query) string {
	topic := strings.NewReplacer("“", "", "”", "", "\"", "").Replace(q.Topic)
	if strings.Count(topic, "《") != strings.Count(topic, "》") { // a mark of a title that a question word took along
		topic = strings.NewReplacer("《", "", "》", "").Replace(topic)
	}
	var b strings.Builder
	last := ""
	for _, field := range strings.Fields(topic) {
		if last != "" && zh.CountHan(last+field) == 0 { // GDP 5G
			b.WriteByte(' ')
		}
		b.WriteString(field)
		last = field
	}
	return b.String()
}

// heading is the line above a list.
func heading(q rag.Query, place string) string {
	s := subject(q, place)
	noun := "相关报道"
	switch q.Kind {
	case corpus.KindPlan:
		noun = "安排"
	case corpus.KindResult:
		noun = "进展"
	}
	switch {
	case q.Topic == "" && s == "":
		return noun + "："
	case q.Topic == "":
		return s + "的" + noun + "："
	case s == "":
		return "“" + topicName(q) + "”的" + noun + "："
	}
	return s + "在“" + topicName(q) + "”方面的" + noun + "："
}
