package chain

import (
	"fmt"
	"slices"
	"strings"

	"wenbao/rag"
	"wenbao/rag/cite"
	"wenbao/rag/llm"
)

// faultPhrases say in a few words what kept the model from answering.
var faultPhrases = map[string]string{
	string(llm.FaultUnauthorized):  "模型服务不认这个密钥",
	string(llm.FaultNoModel):       "模型服务上没有这个模型",
	string(llm.FaultNotFound):      "模型服务的地址不对",
	string(llm.FaultRequest):       "模型服务不接受这样的请求",
	string(llm.FaultServer):        "模型服务出错",
	string(llm.FaultBusy):          "模型服务正忙",
	string(llm.FaultContext):       "资料超出了模型能读的长度",
	string(llm.FaultTimeout):       "模型没有按时作答",
	string(llm.FaultUnreachable):   "连不上模型服务",
	string(llm.FaultCut):           "模型的回答中途断了",
	string(llm.FaultStream):        "模型服务中途报错",
	string(llm.FaultMalformed):     "模型服务的回应无法识别",
	string(llm.FaultEmpty):         "模型没有写出内容",
	string(llm.FaultDown):          "模型服务暂停使用，稍后再试",
	string(llm.FaultTooLong):       "模型的回答没有止境，已停下",
	string(llm.FaultRepeats):       "模型反复说同样的话，已停下",
	string(cite.ReasonForeign):     "模型没有用中文作答",
	string(cite.ReasonData):        "模型没有写成文字",
	string(cite.ReasonMarkers):     "模型只写了编号",
	string(cite.ReasonRefused):     "模型认为资料里没有答案",
	string(cite.ReasonUnsupported): "模型写的内容在原文里没有依据，已去掉",
	FaultBeside:                    "模型说的不是所问的事、地方或年份",
	FaultPartial:                   "模型的回答漏了所问的地方",
}

// faultNotice is the line for a fault, with what the reader is given instead.
func faultNotice(fault string, printed rag.Answer) string {
	s, ok := faultPhrases[fault]
	if !ok {
		s = "模型没有写出可用的回答"
	}
	switch {
	case printed.Outcome == rag.Answered:
		return s + "，以下是从原文摘出的回答。"
	case len(printed.Citations) > 0:
		return s + "，以下内容摘自原文。"
	}
	return s + "，原文里也没有摘到回答。"
}

// remarks are the lines beside a generative answer: what was taken out of it,
// what it cannot speak of, and how sure its years are.
func remarks(q rag.Query, review cite.Review) string {
	var lines []string
	if review.Removed > 0 {
		lines = append(lines, fmt.Sprintf("核对后去掉了模型写的%d句没有依据的话。", review.Removed))
	}
	if len(q.Unknown) > 0 {
		lines = append(lines, fmt.Sprintf("没有收录关于%s的报道。", strings.Join(q.Unknown, "、")))
	}
	if len(q.Periods) > 0 && slices.ContainsFunc(review.Citations, func(c rag.Citation) bool { return c.Passage.Facets.PeriodInferred }) {
		lines = append(lines, "年份据报道文字推断，原页未注明出版日期。")
	}
	return strings.Join(lines, "\n")
}
