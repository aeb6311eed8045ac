package query

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"

	"wenbao/corpus"
	"wenbao/rag"
)

// cue is a phrase that tells what a question wants. Longer phrases stand before
// their parts, the more telling kind before the vaguer.
type cue struct {
	phrase string
	asks   rag.Asks
}

// cues are tried in order; the first one found decides.
var cues = []cue{
	{"为什么", rag.AsksText}, {"为何", rag.AsksText},
	{"什么时候", rag.AsksDate}, {"什么时间", rag.AsksDate}, {"何时", rag.AsksDate}, {"哪一天", rag.AsksDate},
	{"哪天", rag.AsksDate}, {"哪一年", rag.AsksDate}, {"哪年", rag.AsksDate}, {"几月", rag.AsksDate}, {"哪个月", rag.AsksDate}, {"几点", rag.AsksDate},
	{"给谁", rag.AsksText}, {"为谁", rag.AsksText}, {"谁组成", rag.AsksText}, {"谁的", rag.AsksList}, {"谁更", rag.AsksList}, {"哪个更", rag.AsksList}, {"是谁", rag.AsksPerson}, {"谁是", rag.AsksPerson}, {"哪位", rag.AsksPerson}, {"什么人", rag.AsksPerson},
	{"叫什么名字", rag.AsksPerson}, {"谁", rag.AsksPerson},
	{"百分之几", rag.AsksNumber}, {"百分之多少", rag.AsksNumber}, {"多少", rag.AsksNumber}, {"多大", rag.AsksNumber}, {"多长", rag.AsksNumber},
	{"多高", rag.AsksNumber}, {"多远", rag.AsksNumber}, {"多宽", rag.AsksNumber}, {"多深", rag.AsksNumber}, {"好多", rag.AsksNumber},
	{"哪几", rag.AsksList}, {"哪些", rag.AsksList},
	{"几号", rag.AsksDate}, {"几", rag.AsksNumber},
	{"在哪两", rag.AsksPlace}, {"哪种", rag.AsksText}, {"哪类", rag.AsksText}, {"哪方面", rag.AsksText}, {"在哪里", rag.AsksPlace}, {"在哪儿", rag.AsksPlace}, {"在哪", rag.AsksPlace}, {"哪里", rag.AsksPlace}, {"哪儿", rag.AsksPlace},
	{"什么地方", rag.AsksPlace}, {"何处", rag.AsksPlace}, {"位于", rag.AsksPlace},
	{"有什么", rag.AsksList}, {"有啥", rag.AsksList}, {"什么计划", rag.AsksList}, {"啥计划", rag.AsksList}, {"什么打算", rag.AsksList},
	{"什么安排", rag.AsksList}, {"什么措施", rag.AsksList}, {"什么举措", rag.AsksList}, {"建什么", rag.AsksList}, {"修什么", rag.AsksList}, {"办什么", rag.AsksList}, {"哪条", rag.AsksList}, {"哪两", rag.AsksList}, {"做什么", rag.AsksList}, {"干什么", rag.AsksList},
	{"干啥", rag.AsksList}, {"做了什么", rag.AsksList}, {"干了什么", rag.AsksList}, {"干了啥", rag.AsksList}, {"做了啥", rag.AsksList}, {"办了什么", rag.AsksList}, {"说了什么", rag.AsksList}, {"做啥", rag.AsksList}, {"怎么做", rag.AsksList}, {"怎么干", rag.AsksList}, {"怎么办", rag.AsksList},
	{"怎么样", rag.AsksList}, {"怎么", rag.AsksList}, {"如何", rag.AsksList}, {"怎样", rag.AsksList}, {"哪个", rag.AsksText}, {"哪", rag.AsksText},
	{"是不是", rag.AsksYesNo}, {"是否", rag.AsksYesNo}, {"有没有", rag.AsksYesNo}, {"能不能", rag.AsksYesNo}, {"会不会", rag.AsksYesNo},
	{"吗", rag.AsksYesNo},
	{"计划", rag.AsksList}, {"安排", rag.AsksList}, {"打算", rag.AsksList}, {"措施", rag.AsksList}, {"举措", rag.AsksList}, {"成绩", rag.AsksList}, {"成效", rag.AsksList},
	{"情况", rag.AsksList}, {"进展", rag.AsksList},
}

// planWords and resultWords tell whether what is planned or what was done is
// asked for.
var (
	planWords   = []string{"计划", "打算", "安排", "规划建", "将要", "准备", "下一步", "要建", "要做", "要干", "怎么干", "将", "会建", "会不会", "目标", "要修", "要开"}
	resultWords = []string{"什么成果", "哪些成果", "完成了", "做了", "建成了", "建了", "取得", "成绩", "成效", "实现了", "修了", "投入了", "花了", "新增了", "怎么样了", "打通了", "办了", "干了"}
)

// fillers are the words of a question that say nothing about what is asked.
// They are cut out to leave the topic; longer ones first.
var fillers = []string{
	"多长时间", "有什么进展", "有啥进展", "进展怎么样", "进展如何", "进展", "还要", "还会", "还打算", "还准备", "那场", "那次", "那天", "当天", "这些年", "由谁", "谁的", "谁更", "哪个更", "做得好", "更好", "好不好", "什么时候", "什么时间", "叫什么名字", "叫什么", "姓什么", "百分之多少", "百分之几", "做了哪些工作", "什么地方", "有什么样的", "请告诉我", "告诉我", "你知道", "我想知道", "想知道", "哪些事", "哪些实事", "做哪些", "做得怎么样", "办成了", "办成", "做得", "我想问问", "我想问", "问一下", "想问", "都要", "建什么", "修什么", "办什么", "哪两个",
	"有没有", "是不是", "能不能", "会不会", "哪一天", "哪一年", "哪些方面", "哪些", "哪几个", "哪几", "在哪里", "在哪儿", "在哪", "哪里", "哪儿", "哪个", "哪位", "哪家", "哪所", "哪项", "哪条", "哪年", "哪天", "哪个月", "几月", "几号",
	"有什么", "有啥", "做什么", "干什么", "干了什么", "干了啥", "做了啥", "办了什么", "做啥", "干啥", "做了什么", "怎么做", "怎么干", "怎么办", "怎么样了", "怎么样", "怎么说", "怎么", "如何", "怎样", "什么", "是谁", "谁是", "谁", "是否", "多少", "好多", "多大", "多长", "多高",
	"方面", "计划", "打算", "安排", "措施", "举措", "工作", "情况", "有关", "关于", "对于", "请问", "一下", "介绍", "说说", "讲讲", "谈谈", "提到", "提到的", "谈到", "说到", "讲到", "报道", "报纸", "报上", "消息", "新闻",
	"相差", "差距", "差多少", "加起来", "合计", "总计", "一共", "总共", "共计", "合共", "大约", "约为", "约", "可达", "几乎", "分别", "各自", "各", "目前", "现在", "将要", "准备", "下一步", "主要", "具体", "做了", "完成了", "取得了", "取得", "成绩", "成效", "有了", "达到", "目标", "谁说", "谁表示", "谁提出", "表示", "认为",
	"我们", "你们", "他们", "这里", "那里", "这个", "那个", "其中", "还有", "还", "那么", "那", "呢", "吗", "啊", "吧", "呀", "嘛", "了", "的", "是", "有", "在", "要", "会", "将", "都", "和", "与", "跟", "把", "被", "给", "为", "花", "拿", "领", "投", "挣", "抓", "占", "要", "需", "需要", "开", "我", "你", "他", "她", "它", "想", "能", "可以", "请", "就", "对", "从", "到", "个",
}

// genericTails are words that end a topic without adding to it (乡村振兴成果).
var genericTails = []string{"办法", "成果", "任务", "实事", "这件事", "这件小事", "事情", "事", "项目", "问题", "方案", "动作", "做", "建"}

// smallTalk are whole questions, folded, that ask nothing of a newspaper.
var smallTalk = []string{
	"你好", "您好", "嗨", "哈喽", "hi", "hello", "hey", "在吗", "早上好", "下午好", "晚上好", "晚安", "谢谢", "谢谢你", "多谢", "再见", "拜拜", "你是谁", "你叫什么", "你叫什么名字",
	"你会什么", "你会做什么", "你能做什么", "讲个笑话", "给我讲个笑话", "唱首歌", "写首诗", "写一首诗", "陪我聊天", "陪我聊聊", "聊聊天", "你吃了吗", "吃了吗", "你多大了", "哈哈", "呵呵", "好的", "ok", "嗯", "哦", "我爱你", "你真棒", "无聊", "你开心吗", "你喜欢什么",
}

// pronouns point back to a person of an earlier turn.
var pronouns = []string{"她", "他", "这位", "该书记", "该局长", "书记还", "局长还"}

// backward are words with which a follow-up begins or ends.
var backward = []string{"那", "其中", "呢", "还有", "这个", "那个", "该", "上述", "它", "她", "他", "这", "再", "另外", "同样"}

// spoken are words of daily speech and the standard ones for them.
var spoken = [][2]string{
	{"啥时候", "什么时候"}, {"啥时间", "什么时间"}, {"啥", "什么"}, {"咋样", "怎么样"}, {"咋", "怎么"}, {"哪儿", "哪里"}, {"地儿", "地方"}, {"多久", "多长时间"}, {"几块钱", "多少钱"}, {"几块", "多少钱"}, {"多钱", "多少钱"},
	{"甚么", "什么"}, {"法子", "办法"}, {"那边", ""}, {"这边", ""}, {"那儿", ""}, {"这儿", ""}, {"大概", ""}, {"到哪一步了", "进展怎么样"}, {"到哪一步", "进展怎么样"}, {"到哪步了", "进展怎么样"}, {"那会儿", "时"}, {"那阵子", "时"}, {"这会儿", "现在"}, {"这阵子", "现在"}, {"比较一下", ""}, {"对比一下", ""},
}

// localWord stands for a place that the speaker takes for granted: the only one
// with the suffix.
type localWord struct{ word, suffix string }

// localWords are tried in order.
var localWords = []localWord{
	{"我们区", "区"}, {"我区", "区"}, {"全区", "区"}, {"区里", "区"},
	{"我们县", "县"}, {"我县", "县"}, {"全县", "县"}, {"县里", "县"},
	{"我们市", "市"}, {"我市", "市"}, {"全市", "市"}, {"市里", "市"},
}

//go:embed synonyms.txt
var synonymFile string

// group is a line of the synonym file.
type group struct{ said, printed []string }

func synonymGroups() []group {
	var out []group
	for line := range strings.Lines(synonymFile) {
		line = strings.TrimSpace(line)
		left, right, ok := strings.Cut(line, "=")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		out = append(out, group{strings.Fields(left), strings.Fields(right)})
	}
	return out
}

// kindOf reads whether a question is about plans or about results.
func kindOf(s string) corpus.Kind {
	s = noPlan.ReplaceAllString(s, "")
	for _, w := range resultWords {
		if strings.Contains(s, w) {
			return corpus.KindResult
		}
	}
	for _, w := range planWords {
		if strings.Contains(s, w) {
			return corpus.KindPlan
		}
	}
	return ""
}

// kindAsked is the kind that a question is about. Where it names no place and no
// year and wants no list, 计划, 成绩 and the like are only words of it (作战计划由谁制订).
func (p *parsed) kindAsked() corpus.Kind {
	kind := kindOf(p.text)
	named := len(p.places)+len(p.unknown)+len(p.periods)+len(p.people) > 0
	if named || p.asks == rag.AsksList || p.asks == rag.AsksYesNo || kind == corpus.KindPlan && sureOfPlan.MatchString(p.text) {
		return kind
	}
	return ""
}

// sureOfPlan tells that something is going to be done.
var sureOfPlan = regexp.MustCompile(`打算|下一步|将要|[会要][建做干修开]|会不会|规划建`)

// ofOneKind reports whether all parts of a question are about plans, or all about
// results: 2024年新增多少，2025年打算新增多少 asks for both.
func ofOneKind(s string) bool {
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("，,；;、？?。", r) })
	return !slices.ContainsFunc(parts, func(part string) bool { return kindOf(part) != kindOf(parts[0]) })
}

// noPlan tells words that plan nothing: what something takes or costs (要开多长时间),
// what is about to happen, and 将 where it only brings an object (将其列为).
var noPlan = regexp.MustCompile(`要\p{Han}{0,2}(?:多长时间|多少钱|多少分钟|多少小时|几个?小时|几分钟)|快要|` +
	`将(?:其|它|他|她|该|此)|将[^，,。？?将]{2,14}(?:称为|列为|列入|评为|定为|改为|改名|更名|命名|视为|作为|提升至|提升到|提升为|分为|归为|译为)`)
