package cite

import (
	"math/big"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// quantity is a figure in the form in which figures are compared.
type quantity struct {
	printed string
	span    corpus.Span // in its clause
	value   *big.Rat    // in units of class
	class   string      // 元, 米, 平方米 …, "" for a bare number
	bound   bound
	role    role
	// beside are the words that say what is counted, before the number and after.
	beside string
}

// bound says in which direction a figure is inexact.
type bound uint8

const (
	exactly bound = iota
	around        // 约, 左右
	above         // 超, 余, 以上: the true one is larger
	below         // 近, 不足, 以下: the true one is smaller
)

// role is where a figure stands in 由…到…, or that it is a difference.
type role uint8

const (
	noRole role = iota
	fromRole
	toRole
	changeRole // 比上年多11天: no level but a difference
)

// quantitiesOf are the figures of a clause, ordinals included.
func quantitiesOf(text string) []quantity {
	figures := zh.Figures(text)
	out := make([]quantity, 0, len(figures))
	for i, f := range figures {
		value, ok := new(big.Rat).SetString(f.Value)
		if !ok {
			continue
		}
		q := quantity{printed: f.In(text), span: f.Span, value: value, class: f.Unit, bound: boundOf(text, f)}
		q.scale(f.Number.In(text))
		if strings.HasPrefix(q.printed, "第") {
			q.class = "第" + q.class
		}
		if q.class == ratio && strings.HasSuffix(f.In(text), "成") && strings.HasPrefix(text[f.End:], "半") {
			q.value.Add(q.value, big.NewRat(1, 20)) // 五成半
		}
		q.beside = zh.Fold(besideFigure(text, figures, i))
		if q.role = roleOf(text[:f.Start]); q.role == toRole && len(out) > 0 {
			q.beside = out[len(out)-1].beside + q.beside // 由70分钟缩短到40分钟
		}
		out = append(out, q)
	}
	return out
}

// besideFigure is what stands beside a figure: back to the figure before it,
// on to the next one, and not beyond the item of its list.
func besideFigure(text string, figures []zh.Figure, i int) string {
	from, to := 0, len(text)
	if i > 0 {
		from = figures[i-1].End
	}
	if i+1 < len(figures) {
		to = figures[i+1].Start
	}
	before, after := text[from:figures[i].Start], text[figures[i].End:to]
	if i > 0 && countsAhead(text, figures[i-1]) && countsAhead(text, figures[i]) {
		before = "" // 4个乡镇28个村: each counts what follows it
	}
	if i > 0 {
		if at := lastJoint.FindAllStringIndex(before, -1); at != nil {
			before = before[at[len(at)-1][1]:]
		}
	}
	if i+1 < len(figures) {
		if at := lastJoint.FindStringIndex(after); at != nil {
			after = after[:at[0]]
		}
	}
	if next, size := utf8.DecodeRuneInString(after); figures[i].Unit == "" && zh.IsHan(next) {
		after = after[size:] // a measure word that is not known: 3.2万坛
	}
	return before + "|" + after
}

// countsAhead reports whether what a figure counts follows it at once. A length
// of time counts nothing, and a figure without a known unit has one that is not.
func countsAhead(text string, f zh.Figure) bool {
	rest := text[f.End:]
	switch f.Unit {
	case "年", "天", "个月", "周", "小时", "岁":
		return false
	case "":
		_, size := utf8.DecodeRuneInString(rest)
		rest = rest[size:]
	}
	next, _ := utf8.DecodeRuneInString(rest)
	return zh.IsHan(next) && !strings.ContainsRune("和及与以", next)
}

// lastJoint joins the items of a list.
var lastJoint = regexp.MustCompile(`[、；;，,]|以及|和|及|与`)

// unitClass is the measure that a unit is one of, and how many of the class's
// own unit it makes.
func unitClass(unit string) (class string, factor int64, divisor int64) {
	switch unit {
	case "块", "块钱", "人民币":
		return "元", 1, 1
	case "公里", "千米", "km", "㎞":
		return "米", 1000, 1
	case "m":
		return "米", 1, 1
	case "里":
		return "米", 500, 1
	case "厘米", "cm":
		return "米", 1, 100
	case "公顷", "hm²", "ha":
		return "亩", 15, 1
	case "平米", "平方", "㎡", "m²", "m2":
		return "平方米", 1, 1
	case "平方公里", "平方千米", "km²", "km2":
		return "平方米", 1000000, 1
	case "立方", "方", "m³", "m3":
		return "立方米", 1, 1
	case "千克", "kg":
		return "公斤", 1, 1
	case "吨", "t":
		return "公斤", 1000, 1
	case "斤":
		return "公斤", 1, 2
	case "%":
		return ratio, 1, 100
	case "‰":
		return ratio, 1, 1000
	case "成":
		return ratio, 1, 10
	case "百分点", "个点":
		return "个百分点", 1, 1
	case "名", "位", "人份":
		return "人", 1, 1
	case "个小时":
		return "小时", 1, 1
	case "日", "个工作日", "工作日":
		return "天", 1, 1
	case "幢":
		return "栋", 1, 1
	case "场次":
		return "场", 1, 1
	case "周年":
		return "年", 1, 1
	}
	return unit, 1, 1
}

// ratio is the class of percentages, fractions and tenths.
const ratio = "比"

// scale brings the value to the units of its class.
func (q *quantity) scale(number string) {
	if q.class == "" && strings.Contains(number, "分之") {
		q.class = ratio
		return
	}
	class, factor, divisor := unitClass(q.class)
	q.value.Mul(q.value, big.NewRat(factor, divisor))
	q.class = class
}

// counters are the measure words of things that 个 is used for as well.
const counters = "个 家 所 处 座 条 项 间 件 种 类 款 道 部 台 场 支"

// sameClass reports whether two figures count in one measure. A table and a
// headline leave the unit out.
func sameClass(a, b quantity) bool {
	if a.class == b.class || a.class == "" || b.class == "" {
		return true
	}
	facility := func(s string) bool { return s == "家" || s == "所" || s == "处" || s == "座" }
	switch {
	case a.class == "个":
		return slices.Contains(strings.Fields(counters), b.class)
	case b.class == "个":
		return slices.Contains(strings.Fields(counters), a.class)
	}
	return facility(a.class) && facility(b.class)
}

// sameValue reports whether two figures are one, exactness aside.
func sameValue(a, b quantity) bool { return sameClass(a, b) && a.value.Cmp(b.value) == 0 }

// hasValues reports whether every figure of a text stands somewhere in the
// passage: without that it supports nothing, and need not be asked further.
func (s *source) hasValues(text string) bool {
	plain, _ := splitQuotes(text)
	for _, q := range quantitiesOf(plain) {
		if strings.HasPrefix(q.class, "第") {
			continue
		}
		if !slices.ContainsFunc(s.clauses, func(cl clause) bool {
			return slices.ContainsFunc(cl.quantities, func(p quantity) bool { return sameValue(q, p) })
		}) {
			return false
		}
	}
	return true
}

// tells reports whether a figure may be told with the bound that it is written
// with: an inexact figure stays inexact in its direction; 约 may stand for any.
func (b bound) tells(written bound) bool {
	return b == written || written == around
}

// Words before a figure that make it inexact, beside those that belong to it.
const (
	aboveWords = `突破 超过 超 逾 高于 多于 大于 不少于 不低于 至少 过`
	belowWords = `不足 不到 低于 少于 小于 不超过 至多 最多 控制在 近 接近 将近`
)

func endsWithOneOf(s, words string) bool {
	return slices.ContainsFunc(strings.Fields(words), func(w string) bool { return strings.HasSuffix(s, w) })
}

// boundOf reads the words that make a figure inexact. 控制在…以下 is below.
func boundOf(text string, f zh.Figure) bound {
	before := tail(text[:f.Start])
	words := f.Approx
	switch {
	case strings.Contains(words, "不少于"), strings.Contains(words, "不低于"), strings.Contains(words, "至少"):
		return above
	case strings.Contains(words, "不超过"), strings.Contains(words, "不足"), strings.Contains(words, "以下"), strings.Contains(words, "以内"),
		strings.Contains(words, "最多"), strings.Contains(words, "近"):
		return below
	case strings.Contains(words, "超"), strings.Contains(words, "余"), strings.Contains(words, "多"), strings.Contains(words, "逾"),
		strings.Contains(words, "以上"), strings.Contains(words, "上"), strings.Contains(words, "过"):
		if words == "左右" || words == "上下" {
			return around
		}
		return above
	case words != "":
		return around
	case endsWithOneOf(before, belowWords):
		return below
	case endsWithOneOf(before, aboveWords):
		return above
	}
	return exactly
}

var (
	fromWord = regexp.MustCompile(`(?:由|从|原来的|原先的)(?:[^，,；;到至为]{0,18})$`)
	// changeWord leads to a difference from an earlier year.
	changeWord = regexp.MustCompile(`(?:^|[^同环])[比较][^，,；;]{0,18}(?:多|少|增加|增长|提高|上升|下降|减少|降低|增|降|高|低)(?:出|了)?$`)
	toWord     = regexp.MustCompile(`(?:到|至|为|成)(?:了)?$`)
)

// tail is the end of what stands before a figure, as far as its role shows.
func tail(before string) string {
	const longest = 72 // 24 characters
	at := max(0, len(before)-longest)
	for at < len(before) && !utf8.RuneStart(before[at]) {
		at++
	}
	return before[at:]
}

// roleOf says where a figure behind some words stands in 由…到….
func roleOf(before string) role {
	before = tail(before)
	switch {
	case strings.ContainsAny(before, "比较") && changeWord.MatchString(before):
		return changeRole
	case toWord.MatchString(before):
		return toRole
	case strings.ContainsAny(before, "由从原") && fromWord.MatchString(before):
		return fromRole
	}
	return noRole
}
