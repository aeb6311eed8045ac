package cite

import (
	"regexp"
	"slices"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// manner holds how a statement is told against the clauses it rests on: whether
// it is denied, planned or done, and in which direction it goes.
func (h *holder) manner(st *statement, on []support) {
	h.polarity(st, on)
	h.tense(st, on)
	h.direction(st, on)
}

// affirmed are words with a negation in them that deny nothing, or that make a
// figure inexact; they are taken out before negations are looked for.
const affirmed = `不收费 不收钱 不要钱 不花钱 不断 不仅 不但 不只 不光 不同 不足 不超过 不少于 不低于 不少 不久 不妨 不论 不管 不过 不到 不动产 不锈 不良 差不多 了不起
	来不及 不得不 不可不 未来 尚且 无人机 无障碍 无线 无论 无偿 无缝 非遗 非常 非机动 除非 莫非 没收 否则 是否 与否 能否`

// Denials are what makes a clause say that something is not so, or not done.
const (
	denyingRunes = "不没未无非勿莫"
	denyingWords = `取消 暂停 停止 中止 终止 叫停 推迟 暂缓 搁置 撤销 放弃 拒绝 禁止 否认 否定 缺乏 失败`
)

var (
	affirmedWords = strings.NewReplacer(strings.Split(strings.Join(strings.Fields(affirmed), "||")+"|", "|")...)
	denyingList   = strings.Fields(denyingWords)
)

// denied reports whether a text denies something outside of quotation marks.
func denied(text string) bool {
	text = unquoted(text)
	if strings.ContainsAny(text, denyingRunes) && strings.ContainsAny(affirmedWords.Replace(text), denyingRunes) {
		return true
	}
	return slices.ContainsFunc(denyingList, func(w string) bool { return strings.Contains(text, w) })
}

// unquoted is a text without its quotations.
func unquoted(text string) string {
	var b strings.Builder
	at := 0
	for _, sp := range quotations(text) {
		b.WriteString(text[at:sp.Start])
		at = sp.End
	}
	return b.String() + text[at:]
}

// polarity lets a statement deny only what a clause that it rests on, or its
// segment, denies, and the other way round.
func (h *holder) polarity(st *statement, on []support) {
	said := st.denied
	for _, o := range on {
		cl := &o.source.clauses[o.clause]
		if cl.denied == said || said && denied(cl.segment) {
			return
		}
	}
	h.finding.add(WrongPolarity, st.text)
}

var (
	intends = regexp.MustCompile(`将[^军领近士才]|计划|拟(?:建|新|于|在|引|投|招)|力争|争取(?:在|到|实|把|突|达|完|建)?|打算|准备|预计|预期|有望|即将|目标|下一步|接下来|届时|任务|要(?:在|把|建|新|达|打|完|再|让|用)|安排|年底前|前建成|希望|谋划|规划|部署`)
	happens = regexp.MustCompile(`已经|已[^知久然]|(?:完成|实现|达到|建成|新增|新建|改造|打通|引进|招聘|启用|投用|开工|动工|通车|培训|种下|栽|建|增加|增|种|修|装|办|用|投入|化解|封顶|惠及)了|均已|业已|圆满|曾`)
	// outcome are the verbs with which a plan told without a word of intent would
	// pass for something done.
	outcome = regexp.MustCompile(`建成|新增|完成|打通|达到|改造|新建|投用|通车|开工|引进|培训|实现|启用|动工|增至|突破|化解|更换|加装|种树|招聘|扩大|增加|扩建|改扩建|开通|增长|提高`)
)

// tense lets a plan be told as a plan only and a result as a result. A plan is
// told by a word of intent, or by naming a year that lies ahead of the printing,
// in the sentence, the heading above it, the sentence before, or the question.
func (h *holder) tense(st *statement, on []support) {
	done := happens.MatchString(unquoted(st.text))
	for _, o := range on {
		cl := &o.source.clauses[o.clause]
		wrong := false
		switch cl.facets.Kind {
		case corpus.KindPlan:
			wrong = !happens.MatchString(cl.folded) && !o.source.behind(cl) && h.toldAsDone(st, o.source, done)
		case corpus.KindResult:
			wrong = !done && intends.MatchString(unquoted(st.upTo)) && !intends.MatchString(cl.whole) && !h.ahead(cl, o.source)
		}
		if wrong {
			h.finding.add(WrongTense, st.text)
			return
		}
	}
}

// toldAsDone reports whether a plan is told as if it had been carried out: with a
// word for that, or with a verb of result and nothing that says it is to come.
func (h *holder) toldAsDone(st *statement, s *source, done bool) bool {
	if intends.MatchString(unquoted(st.text)) {
		return false
	}
	return done || outcome.MatchString(st.text) && !intends.MatchString(unquoted(st.upTo)) && !h.promised(st, s)
}

// ahead reports whether a clause is of a year after its printing, whatever its
// kind was taken for.
func (h *holder) ahead(cl *clause, s *source) bool {
	year := s.context.Date.Year
	return year > 0 && (cl.facets.Period.To > year || slices.ContainsFunc(cl.times, func(t zh.TimeExpr) bool { return t.Years.From > year }))
}

// behind reports whether a clause is of a year before the one that its article's
// plans are for.
func (s *source) behind(cl *clause) bool {
	return !cl.facets.Period.IsZero() && cl.facets.Period.To < s.context.PlanYear
}

// promised reports whether what stands around a statement says that it tells of
// what is to come.
func (h *holder) promised(st *statement, s *source) bool {
	if h.r.query.Kind == corpus.KindPlan {
		return true
	}
	for _, text := range [...]string{st.sentence, h.r.lead, h.r.before} {
		if intends.MatchString(unquoted(text)) {
			return true
		}
	}
	date := s.context.Date
	for _, y := range h.yearsOf(st, s) {
		if y.To > date.Year || y.To == date.Year && s.context.PlanYear == date.Year {
			return true
		}
	}
	return strings.Contains(st.sentence, "明年") || strings.Contains(st.sentence, "今年")
}

// events are what happens to a thing or a project, a line for what is one event:
// none of them may be told for another (动工 for 投入运营).
const events = `开工 动工 开建 奠基 破土
竣工 完工 建成 落成 建好 修建成
试运营 试运行 试营业
投用 启用 投入使用 投入运营 正式运营 投运 使用 开诊 开门 接诊 开张 开业 投入运行 运营
通车 开通 开跑 贯通
合龙
封顶
挂牌 揭牌
签约 签下
入选 列入 选入 列进
获评 评为
闭馆 关闭 关门
搬迁 搬到 搬入 搬进 迁到 迁建 回迁 搬
批量生产 量产 投产
下线`

// events lets a statement tell only of what is printed to happen, in the clauses
// that it rests on or between their semicolons.
func (h *holder) events(st *statement, on []support) {
	text := unquoted(st.folded)
	for _, group := range h.r.c.events {
		has := func(s string) bool {
			return slices.ContainsFunc(group, func(w string) bool { return strings.Contains(s, w) })
		}
		told := slices.IndexFunc(group, func(w string) bool { return strings.Contains(text, w) })
		if told < 0 {
			continue
		}
		if !slices.ContainsFunc(on, func(o support) bool {
			return has(o.source.clauses[o.clause].segment) || has(o.source.clauses[o.clause].before)
		}) {
			h.finding.add(Invented, group[told])
			return
		}
		text = strings.ReplaceAll(text, group[told], "")
	}
}

var (
	upWords   = regexp.MustCompile(`增长|增加|增至|新增|提高|上升|上涨|上调|提升|扩大|扩容|延长|涨|多[^次种个家项少位数]|增幅|拓宽|翻番|壮大|超过|比[^，,]*多`)
	downWords = regexp.MustCompile(`下降|减少|降低|下跌|下调|缩短|压减|压缩|缩减|缩小|削减|回落|降至|降到|降幅|压到|减至|减了|降了|省下|节省|比[^，,]*少`)
	// firmUp and firmDown are those that nothing but the like of them can stand for.
	firmUp   = regexp.MustCompile(`增长|上升|上涨|提高|上调|延长|增幅|增加`)
	firmDown = regexp.MustCompile(`下降|减少|降低|下跌|下调|缩短|压减|缩减|缩小|削减|降幅`)
)

// direction lets what is told to grow be only what is printed to grow.
func (h *holder) direction(st *statement, on []support) {
	text := unquoted(st.text)
	up, down := upWords.MatchString(text), downWords.MatchString(text)
	if up == down {
		return
	}
	same, opposite, firm := upWords, downWords, firmUp
	if down {
		same, opposite, firm = downWords, upWords, firmDown
	}
	for _, o := range on {
		cl := &o.source.clauses[o.clause]
		switch {
		case same.MatchString(cl.folded), !opposite.MatchString(cl.folded) && same.MatchString(cl.segment):
			return
		case opposite.MatchString(cl.folded), len(st.quantities) > 0 && firm.MatchString(text) && !risesOf(cl):
			h.finding.add(WrongDirection, st.text)
			return
		}
	}
}

// risesOf reports whether a clause tells of a change without a word of
// direction: 由两成到五成, 3.2万坛 is none.
func risesOf(cl *clause) bool {
	return strings.Contains(cl.folded, "由") && strings.Contains(cl.folded, "到") || strings.Contains(zh.Fold(cl.before), "增")
}
