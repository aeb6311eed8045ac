package extract

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag"
)

// figure finds the number that a clause gives for the topic. The clause has to
// name what is counted.
func figure(q rag.Query, c rag.Count, of term, e *evidence, terms []term) (item, bool) {
	text := e.text()
	names := text
	if e.cell != nil {
		names = e.cell.head
	}
	if of.word != "" && of.found(zh.Fold(names)) == 0 {
		return item{}, false
	}
	if e.cell != nil {
		return tableNumber(c.Unit, e)
	}
	if m := telephone.FindStringSubmatch(text); m != nil && c.Unit == "" {
		return item{span: e.clause, short: m[1]}, true
	}
	fit := eligible(q, c.Unit, text)
	if len(fit) == 0 {
		return item{}, false
	}
	near := terms
	if of.word != "" {
		near = []term{of}
	}
	best := nearest(text, fit, near)
	sp := fit[best].Span
	if c.Unit == "" {
		sp = run(fit, best)
	}
	it := item{span: withWhatIsMeasured(e, terms), short: sp.In(text)}
	if strings.HasPrefix(it.short, "一") && fit[best].Value == "1" {
		it.score = figurative
	}
	return it, true
}

// eligible are the figures of a text that may be the number that a query asks for in a unit.
func eligible(q rag.Query, unit, text string) []zh.Figure {
	return slices.DeleteFunc(fitting(text, unit), func(f zh.Figure) bool { return ofAChange(q.Text, unit, text[:f.Start]) })
}

// fitting are the figures of a clause that may be the number asked for in a
// unit. No ordinal is, nor what a quotation mark sets off, nor an age that says
// whom something is for (80岁以上).
func fitting(text, unit string) []zh.Figure {
	var out []zh.Figure
	for _, f := range figures(text, unit) {
		condition := f.Unit == "岁" && unit != "岁" && f.Approx != ""
		if fits(unit, f, text) && !condition && !strings.HasPrefix(f.In(text), "第") && !strings.HasSuffix(text[:f.Start], "“") {
			out = append(out, f)
		}
	}
	return withoutOld(text, out)
}

// spent and earned tell which way money goes.
var (
	spent  = regexp.MustCompile(`花了?(?:多少|了|费)|投资|投入(?:[^使运]|$)|耗资|斥资|造价|拨款|成本|支出`)
	earned = regexp.MustCompile(`(?:^|[^低])收入|营收|产值|利润|利税|税收|增收|创收|销售额|成交额|营业额|[挣赚]`)
)

// saleAsked asks how much was sold, sold tells it.
var (
	saleAsked = regexp.MustCompile(`卖[了出掉]|[销售]出|销售了|销量`)
	sold      = regexp.MustCompile(`卖|[销售]出|销[售量往]|成交|签约|订单`)
)

// otherWay reports whether the money of a clause goes the other way than that which is
// asked for: what a road has cost is not what its visitors have left there. Where sales
// are asked for, no other number is one.
func otherWay(question, clause string) bool {
	return saleAsked.MatchString(question) && !sold.MatchString(clause) ||
		spent.MatchString(question) && !earned.MatchString(question) && earned.MatchString(clause) && !spent.MatchString(clause) ||
		earned.MatchString(question) && !spent.MatchString(question) && spent.MatchString(clause) && !earned.MatchString(clause)
}

// withWhatIsMeasured widens a clause to what it goes on from in its segment, where that has
// a word of the topic that the clause lacks and what stands above it too: what a figure is
// of is told with it (大桥及引道落地,总投资22亿元).
func withWhatIsMeasured(e *evidence, terms []term) corpus.Span {
	text := e.hit.Passage.Text
	clause, wide := zh.Fold(e.text()), e.clause
	missing := slices.DeleteFunc(slices.Clone(terms), func(t term) bool {
		return t.word == "" || t.weight <= lightWeight || t.found(clause+"\n"+e.around.heading+"\n"+e.around.title) > 0
	})
	for _, c := range slices.Backward(zh.Clauses(text[e.segment.Start:e.clause.Start])) {
		ahead := zh.Fold(c.In(text[e.segment.Start:e.clause.Start]))
		before := len(missing)
		missing = slices.DeleteFunc(missing, func(t term) bool { return t.found(ahead) > 0 })
		if len(missing) < before {
			wide.Start = e.segment.Start + c.Start
		}
	}
	if utf8.RuneCountInString(wide.In(text)) > maxItemChars {
		return e.clause
	}
	return wide
}

// fits reports whether a figure of a text may be the number asked for in a unit. A sum
// may be printed without its currency (产值达30亿). Where no unit is asked for it is not of
// a year, a round or an edition, nor a bare number before a word (8涨6跌).
func fits(unit string, f zh.Figure, text string) bool {
	switch {
	case unit == "元" && f.Unit == "":
		next, _ := utf8.DecodeRuneInString(text[f.End:])
		return large(f, text) && !zh.IsHan(next) || currency.MatchString(text[:f.Start])
	case unit == "%" && strings.Contains(f.In(text), "分之"):
		return true
	case unit == "" && f.Number.In(text) == "一":
		return false // 一个丰收季
	case unit == "" && f.Unit == "":
		next, _ := utf8.DecodeRuneInString(text[f.End:])
		return !zh.IsHan(next) || large(f, text)
	case unit == "":
		return !slices.Contains(notCounted, f.Unit)
	}
	return sameUnit(unit, f.Unit)
}

// byHowMuch ends ahead of a figure that says by how much something has changed.
var byHowMuch = regexp.MustCompile(`(?:[上下]调|[涨跌降]|[上提]升|提高|降低|增[长加]|减少)(?:了|约|近|超)*$`)

// ofAChange reports whether a figure of a text says by how much something has changed,
// where a question asks for a sum and not for a change of it.
func ofAChange(question, unit, ahead string) bool {
	return unit == "元" && byHowMuch.MatchString(ahead) && !changeAsked.MatchString(question)
}

// changeAsked asks about a change.
var changeAsked = regexp.MustCompile(`[涨跌降增减]|[上提]升|[上下]调|提高|变化|多[了出]`)

// currency is a sign that stands ahead of a sum.
var currency = regexp.MustCompile(`[$￥¥€£]\s?$`)

// notCounted are the units of what is numbered or told of time.
var notCounted = []string{"年", "月", "日", "号", "届", "期", "轮", "版", "页"}

// large reports whether a figure is one of ten thousands or more by its words.
func large(f zh.Figure, text string) bool {
	number := f.Number.In(text)
	return strings.HasSuffix(number, "亿") || strings.HasSuffix(number, "万")
}

// yearAhead is a year that stands right before a figure (2018年380987亿元).
var yearAhead = regexp.MustCompile(`([12][0-9]{3})年(?:[为达是:：]|达到)?$`)

// ofAnotherYear reports whether a clause gives a short answer for a year that the query
// does not ask for.
func ofAnotherYear(q rag.Query, short, clause string) bool {
	at := strings.Index(clause, short)
	for at > 0 && strings.ContainsRune("0123456789.", rune(clause[at-1])) { // 3.1 of 13.1
		next := strings.Index(clause[at+1:], short)
		if next < 0 {
			return false
		}
		at += 1 + next
	}
	m := yearAhead.FindStringSubmatch(clause[:max(at, 0)])
	if m == nil || len(q.Periods) == 0 {
		return false
	}
	year, _ := strconv.Atoi(m[1]) // four digits
	return !slices.ContainsFunc(q.Periods, func(y corpus.Years) bool { return y.From <= year && year <= y.To })
}

// run is what a figure and those that follow one another around it cover:
// 60栋9833套 is one answer.
func run(figures []zh.Figure, at int) corpus.Span {
	sp := figures[at].Span
	for i := at + 1; i < len(figures) && figures[i].Start == sp.End; i++ {
		sp.End = figures[i].End
	}
	for i := at - 1; i >= 0 && figures[i].End == sp.Start; i-- {
		sp.Start = figures[i].Start
	}
	return sp
}

// figurative is taken off a figure of one in words, which counts nothing more
// often than not (一座助餐点，装得下一条街的烟火).
const figurative = -0.3

// telephone is a number that is dialled: its groups of digits belong together.
var telephone = regexp.MustCompile(`(?:电话|热线|手机)[^0-9，,；;]{0,6}([0-9]{3,}(?:[ -][0-9]{3,})*)`)

// changedFrom ends in front of the figure that a change begins with, changedTo
// is what stands between it and the figure that it ends with (由两成提高到五成).
var (
	changedFrom = regexp.MustCompile(`(?:由|从)[^，,；;]{0,24}$`)
	changedTo   = regexp.MustCompile(`^\p{Han}{0,4}(?:到|至|为)$`)
	// What 将 begins may be something else than a figure of the same.
	madeFrom = regexp.MustCompile(`将[^，,；;]{0,24}$`)
	madeTo   = regexp.MustCompile(`^\p{Han}{0,8}[升降高低调整变改](?:到|至|为)$`)
)

// withoutOld drops the figures that a clause tells as changed into the next one:
// what is asked for is how things are.
func withoutOld(text string, figures []zh.Figure) []zh.Figure {
	var out []zh.Figure
	for i, f := range figures {
		if i+1 < len(figures) {
			next := figures[i+1]
			ahead, between := text[:f.Start], text[f.End:next.Start]
			if changedTo.MatchString(between) && changedFrom.MatchString(ahead) || f.Unit == next.Unit && madeTo.MatchString(between) && madeFrom.MatchString(ahead) {
				continue
			}
		}
		out = append(out, f)
	}
	return out
}

// generalCounters are the units of counted things that 个 may ask for.
const generalCounters = "个家所项条座栋处台辆件名位人种类支批片期户张套场"

// sameUnit reports whether a figure's unit is what was asked for; "" asks for any.
func sameUnit(asked, got string) bool {
	asked = strings.TrimLeft(asked, "万亿")
	switch {
	case asked == "" || asked == got:
		return true
	case asked == "个":
		return got != "" && strings.Contains(generalCounters, got)
	case asked == unitTime:
		return durations[got]
	case asked == unitLength:
		return lengths[got]
	case countsPeople(asked):
		return countsPeople(got) || got == "人次" && asked == "人"
	case asked == "%":
		return got == "成" || got == "‰"
	case asked == "元":
		return got == "块" || got == "块钱" || strings.HasSuffix(got, "元")
	case asked == "家":
		return got == "个" || got == "间"
	case asked == "所" || asked == "处" || asked == "座":
		return got == "个"
	}
	return false
}

// The units of a rag.Count that asks 多久 or 多长, and the printed ones for them.
const (
	unitTime   = "时间"
	unitLength = "长度"
)

var (
	durations = map[string]bool{"秒": true, "分钟": true, "小时": true, "个小时": true, "天": true, "日": true, "周": true, "个月": true, "月": true, "年": true}
	lengths   = map[string]bool{
		"毫米": true, "厘米": true, "米": true, "公里": true, "千米": true, "里": true, "海里": true, "光年": true, "公尺": true, "公分": true,
		"英里": true, "英尺": true, "英寸": true, "km": true, "m": true, "cm": true, "mm": true, "KM": true, "CM": true, "MM": true,
	}
)

// class is a class or grade as papers print it (Ⅲ类, 三级), which zh.Figures leaves out:
// more often it is part of a name (三级医院).
var class = regexp.MustCompile(`[Ⅰ-Ⅻ一二三四五六七八九十](类|级)`)

// figures are those of a text; where classes are asked for, those in words too.
func figures(text, unit string) []zh.Figure {
	out := zh.Figures(text)
	if unit != "类" && unit != "级" {
		return out
	}
	for _, m := range class.FindAllStringSubmatchIndex(text, -1) {
		number := corpus.Span{Start: m[0], End: m[2]}
		out = append(out, zh.Figure{Span: corpus.Span{Start: m[0], End: m[1]}, Value: number.In(text), Unit: text[m[2]:m[3]], Number: number})
	}
	slices.SortStableFunc(out, func(x, y zh.Figure) int { return x.Start - y.Start })
	return out
}

func countsPeople(unit string) bool { return unit == "人" || unit == "名" || unit == "位" }

// nearest picks the figure that stands closest to a term of the topic, one
// behind the term before one ahead of it.
func nearest(text string, figures []zh.Figure, terms []term) int {
	best, least := 0, -1
	for i, f := range figures {
		d := distance(text, f.Span, terms)
		if least < 0 || d < least {
			best, least = i, d
		}
	}
	return best
}

func distance(text string, sp corpus.Span, terms []term) int {
	least := len(text) * 2
	for _, t := range terms {
		for _, w := range append([]string{t.word}, t.others...) {
			for from := 0; ; {
				i := strings.Index(text[from:], w)
				if i < 0 || w == "" {
					break
				}
				start, end := from+i, from+i+len(w)
				switch {
				case start >= sp.End: // 56家养老服务中心
					least = min(least, start-sp.End+1)
				case end <= sp.Start && countsOn(text[sp.End:]): // 4个乡镇28个村
					least = min(least, sp.Start-end+ofAnother)
				case end <= sp.Start: // 新增平台49个
					least = min(least, sp.Start-end)
				}
				from = end
			}
		}
	}
	return least
}

// ofAnother is added to the distance of a figure that goes on to count something
// else: more than a figure ahead of the term has.
const ofAnother = 2

// countsOn reports whether what follows a figure is the thing that it counts.
func countsOn(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return zh.IsHan(r)
}
