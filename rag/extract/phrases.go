package extract

import (
	"fmt"
	"strings"

	"wenbao/corpus"
	"wenbao/rag"
)

// The fixed phrases of answers. They state nothing that would need evidence.
const (
	phraseChat         = "我只回答报纸上登过的内容，可以问我某地某年做了什么、打算做什么。"
	phraseUnknownPlace = "没有收录关于%s的报道。"
	phraseNothing      = "没有找到%s的报道。"
	phraseNoSuch       = "没有找到%s的%s。"
	phraseNearYear     = "最接近的是%s的："
	phraseNearKind     = "报上登的是%s："
	phraseNearNotice   = "没有直接的答案，列出的是最接近的内容。"
	phraseMissingPlace = "%s：没有找到相关报道。"
)

func joinNames(names []string) string { return strings.Join(names, "、") }

func kindName(k corpus.Kind) string {
	switch k {
	case corpus.KindPlan:
		return "计划"
	case corpus.KindResult:
		return "成果"
	}
	return "内容"
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
		names = append(names, yearsName(y))
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

// about is the subject with the topic: 临江区2025年“养老”.
func about(q rag.Query, place string) string {
	s := subject(q, place)
	if q.Topic == "" {
		return s
	}
	if s == "" {
		return "关于“" + topicName(q) + "”"
	}
	return s + "关于“" + topicName(q) + "”"
}

// topicName is the topic without quotation marks, as it stands between them.
func topicName(q rag.Query) string {
	return strings.NewReplacer("“", "", "”", "", "\"", "").Replace(q.Topic)
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
