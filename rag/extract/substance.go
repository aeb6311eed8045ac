package extract

import (
	"slices"
	"strings"

	"wenbao/corpus/zh"
)

// What a clause's substance is made of, set by reading the answers about the
// sample pages: a figure is worth most, then what was or will be done to a named thing.
const (
	worthFigure  = 2.0
	worthFigures = 0.5 // a second one
	worthDeed    = 1.0
	worthThing   = 1.0
	worthMention = 0.3  // a named thing with which nothing is done
	worthQuoted  = 0.5  // a name between quotation marks, or several things in a row
	worthOpening = 0.3  // the sentence's first clause has its subject
	worthDay     = 0.3  // a day that the next clause begins or ends on
	worthTime    = -0.1 // a year alone, which the answer's head has already
	worthSubject = 0.3  // the place itself
	worthSlogan  = -2.0 // unless it has a figure
	// leastHeaded is the substance of a clause worth printing under its heading.
	leastHeaded = 1.0
	// leastSecond is that of a second clause worth adding.
	leastSecond = 0.9
	// leastSubstance is that of a clause worth printing without a heading.
	leastSubstance = 1.5
	// fewestHan is the least length of such a clause, times not counted.
	fewestHan = 4
)

// rating is how much a clause tells and how it may be printed.
type rating struct {
	worth float64
	// dead clauses are never printed: questions, who said it, scenes.
	dead bool
	// hangs says that it cannot begin an item (增长5.7%), open that it cannot end
	// one (围绕三条产业链).
	hangs, open bool
	// back says that it goes on about what was said before it (这一数字还是38个).
	back bool
}

// together is the worth of two clauses side by side; ok says that they may be
// printed so and that the second adds to the first.
func together(r, next rating) (worth float64, ok bool) {
	if r.dead || next.dead || next.open || next.worth <= 0 {
		return 0, false
	}
	if r.open {
		return r.worth + next.worth, !next.back
	}
	if next.worth < leastSecond {
		return 0, false
	}
	return r.worth + secondClause*next.worth, true
}

// rate weighs a clause.
func rate(e *evidence) rating {
	text, printed := strings.TrimSpace(trimEnd(e.around.clause)), trimEnd(e.text())
	if e.cell != nil || dead(text, printed) {
		return rating{dead: true}
	}
	if e.lead && e.headline() != "" {
		return rating{dead: true} // it stands before what is below it
	}
	figures := measured(text)
	if figures == 0 && hanBesideTimes(text) < fewestHan {
		r := rating{open: true, hangs: !e.opens, worth: worthTime}
		if strings.Contains(text, "月") {
			r.worth = worthDay
		}
		return r
	}
	r := rating{worth: substance(text, printed, figures), open: leadsOn(text), back: pointsBefore(text)}
	if e.opens {
		r.worth += worthOpening
	}
	if r.hangs = r.back || !e.opens && hasPrefix(text, hanging); r.hangs {
		r.worth = min(r.worth, worthFigure) // what it does is the first clause's (开工率88%)
	}
	return r
}

// measured counts the figures that measure something, in Arabic digits: 三件事 and
// 两大抓手 are turns of phrase.
func measured(text string) int {
	if !strings.ContainsAny(text, "0123456789") {
		return 0
	}
	n := 0
	for _, f := range zh.Figures(text) {
		if f.Unit != "" && !slices.Contains(timeUnits, f.Unit) && strings.ContainsAny(f.Number.In(text), "0123456789") {
			n++
		}
	}
	return n
}

// substance is the worth of a clause's own words.
func substance(text, printed string, figures int) float64 {
	worth := 0.0
	if figures > 0 {
		worth += worthFigure
	}
	if figures > 1 {
		worth += worthFigures
	}
	deed := containsAny(text, deeds)
	if deed {
		worth += worthDeed
	}
	switch thing := containsAny(text, things); {
	case thing && deed:
		worth += worthThing
	case thing:
		worth += worthMention
	}
	if strings.Contains(printed, "“") || strings.Contains(printed, "、") {
		worth += worthQuoted
	}
	if figures == 0 && (hasPrefix(text, slogans) || containsAny(text, sloganWords)) {
		worth += worthSlogan
	}
	return worth
}

func containsAny(text string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

var (
	// timeUnits measure days and years, which say when and not how much.
	timeUnits = []string{"年", "月", "日", "号", "时", "点", "点钟", "届", "次全会", "中全会"}

	// deeds are verbs of what was done or will be.
	deeds = strings.Fields("建成 投用 开跑 新建 新增 开工 完成 启动 培育 推进 投产 启用 通车 合龙 改造 扩建 打通 引进 签约 竣工 封顶 落户 建设 投入使用 投入运营 " +
		"开诊 获批 获评 入选 举办 开通 加装 更换 招聘 发放 提高到 提升 安排 设立 实施 新开 新修 补贴 办结 治理 编制 迁建 支持 组织 搬")

	// things are the ends of names of what is built or run.
	things = strings.Fields("产业园 园区 示范园 示范区 大桥 医院 卫生院 学校 小学 中学 高中 幼儿园 公园 综合体 服务中心 基地 实验室 公路 高速 铁路 地铁 轨道 水库 " +
		"灌区 滑雪 交易市场 枢纽 创新港 环线 断头路 安置房 助餐点 养老 项目 产业 规划 机场 港口 图书馆 博物馆 书房 民宿 农田 小区 工厂 企业")

	// slogans begin a clause that says how, and not what; sloganWords tell one
	// wherever they stand.
	slogans     = strings.Fields("坚持 坚决 坚定 奋力 努力 全力以赴 着力 更加 牢固 切实 主动 深入 不断 牢牢 盯着 把握 树立 扛起 高质量完成 越是 扎实做好")
	sloganWords = strings.Fields("全会 部署 总结会 重点工作 重点任务 蓬勃 涌现 重要意义")

	// back begins a clause that goes on about what was said before it.
	back = strings.Fields("这 那 其 该 此 他 她 它 两者 对此 为此 同时 但 而 还")

	// hanging begins a clause whose subject or object stands before it.
	hanging = strings.Fields("增长 下降 提高 减少 同比 比 较 占 达 总投资 分别 并 也 且 从而 确保 实现 带动 让 使 为 由 均 都 用于 用在 纳入 位居 稳居 居 把 将 " +
		"设床 开工率 再 明年再 又 才 就 以及 要 孵化 预计惠及 首日 首期 一期 期间 日均 评价 覆盖率 平均 累计 合计 成为 形成 全长 票价 设计规模 增至 串起")

	// openings begin a clause and endings end one that only leads to the next.
	openings = strings.Fields("围绕 聚焦 依托 按照 按 针对 对 随着 通过 以 抢抓 紧盯 根据 经过 结合 利用 借助 因 如果 虽然 越是")
	endings  = strings.Fields("基础上 背景下 过程中 以来 之后 之际 方面 的思路 为契机 时 起 来 以后 现场 影响 、")

	// speech ends, heads begin and reports stand in a clause that says who said it or who wrote
	// it. Three blanks part a page's lines that were run together.
	heads   = strings.Fields("记者 正文 来源")
	speech  = strings.Fields("说 表示 介绍 指出 强调 认为 坦言 提到 告诉记者 获悉 了解到 看到 显示 消息 电 道 称 看来 通报")
	reports = append(strings.Fields("说: 说： 称: 称： 道: 道： 记者从 日电 (记者 （记者 本报讯 原标题 网传"), "   ")

	// meetings are words of what every report of a meeting has: the documents
	// followed and the year's rank.
	meetings = strings.Fields("为指导 贯彻 精神 之年 总基调 会议 工作部署 锁定了目标 新发展理念 新发展格局 统筹发展和安全 坚定信心 攻坚克难 采访 专访 干字当头 抢抓机遇")

	// scenes are words of what a reporter saw and of people's talk.
	scenes = strings.Fields("家住 端着 捧着 走进 走来 一边 笑 老板娘 数九 清晨 忙着 冒着 你 我们 咱 老人家 举了个例子 家长 爷爷 奶奶")
)

// dead reports whether a clause tells nothing that could be printed alone. text
// is folded, printed is not.
func dead(text, printed string) bool {
	return text == "" || strings.ContainsAny(printed, "？?！") ||
		hasSuffix(text, speech) || hasPrefix(text, heads) || containsAny(text, reports) || containsAny(text, scenes) || containsAny(text, meetings) ||
		strings.Count(printed, "“") != strings.Count(printed, "”") || strings.Count(printed, "《") != strings.Count(printed, "》") ||
		strings.HasPrefix(printed, "“") && strings.HasSuffix(printed, "”")
}

// pointsBefore reports whether a clause begins, perhaps after a word of time (去年，),
// with a word for what was said before.
func pointsBefore(text string) bool {
	const farthest = 24 // bytes of the word of time
	if head, rest, ok := strings.Cut(strings.ReplaceAll(text, "，", ","), ","); ok && len(head) <= farthest && hasPrefix(rest, back) {
		return true
	}
	return hasPrefix(text, back) || strings.Contains(text, "从中")
}

// leadsOn reports whether a clause only leads to the next one (县里将围绕三篇文章).
func leadsOn(text string) bool {
	const farthest = 24 // bytes of the subject
	if head, rest, ok := strings.Cut(text, "将"); ok && len(head) <= farthest && hasPrefix(rest, openings) {
		return true
	}
	return hasPrefix(text, openings) || hasSuffix(text, endings)
}

func hasPrefix(text string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(text, w) })
}

func hasSuffix(text string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasSuffix(text, w) })
}

// hanBesideTimes counts the Han characters that do not name a time.
func hanBesideTimes(text string) int {
	n := 0
	for _, r := range text {
		if zh.IsHan(r) && !strings.ContainsRune("年月日时起从自至今明去后前底初末内上下旬〇零一二三四五六七八九十每目眼来截到止", r) {
			n++
		}
	}
	return n
}
