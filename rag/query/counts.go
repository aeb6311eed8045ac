package query

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wenbao/corpus/zh"
	"wenbao/rag"
)

// countedBy is a word that asks for a number, and what stands behind it up to
// the next such word.
var countedBy = regexp.MustCompile(`(?:百分之多少|百分之几|多长时间|多少|几|好多|多长|多大|多高|多远|多宽|多深)([^\P{Han}几多]{0,5})`)

// units are what follows 多少 or 几 and is a measure: the longest counts.
var units = []string{
	"分钟", "小时", "个月", "万平方米", "平方公里", "平方米", "个百分点", "立方米", "万人次", "人次", "亿元", "万元", "万亩", "公里", "公顷", "千米", "亩", "元", "吨", "公斤", "户", "人", "名",
	"家", "个", "所", "项", "条", "座", "套", "栋", "处", "张", "台", "辆", "件", "场", "次", "只", "头", "棵", "株", "米", "天", "年", "岁", "位", "倍", "届", "轮", "枚", "颗", "首", "幅", "册", "本", "艘", "架", "节", "集", "批", "片", "期", "种", "类", "支", "队", "部", "班", "间", "级", "岗", "盏", "趟", "份", "点", "月", "号",
}

// counts reads each number that is asked for: its measure, and the word next
// to it, behind (几条断头路) or else in front (投入多少).
func (u *Understander) counts(s string) []rag.Count {
	s = strings.ReplaceAll(s, almost, " ")
	var out []rag.Count
	from := 0
	for _, m := range countedBy.FindAllStringSubmatchIndex(s, -1) {
		measure := u.measure(s[m[2]:])
		rest, ahead := upToMark(s[m[2]+len(measure):]), s[from:m[0]]
		c := rag.Count{Unit: unitAsked(s[m[0]:m[2]], measure)}
		if (c.Unit == unitLength || c.Unit == "") && lasting.MatchString(ahead) {
			c.Unit = unitTime
		}
		if c.Unit == "" && strings.TrimSpace(rest) == "" {
			c.Unit = unitOf(ahead)
		}
		if words := u.telling(rest); len(words) > 0 {
			c.Of = whole(zh.Fold(rest), words, func(w, next string) string { return w + next })
		} else if words := u.telling(ahead); len(words) > 0 && c.Unit != unitTime && (c.Unit != "元" || !received.MatchString(ahead)) {
			slices.Reverse(words)
			c.Of = whole(zh.Fold(ahead), words, func(w, next string) string { return next + w })
		}
		out = append(out, c)
		from = m[2] + len(measure)
	}
	return out
}

// Units that stand for every measure of a sort: a duration may be printed in
// minutes or in years.
const (
	unitTime   = "时间"
	unitLength = "长度"
)

// lasting ends in a word of time: 任期是多长 asks how long it lasts.
var lasting = regexp.MustCompile(`(?:任期|工期|期限|时间|时长|寿命|周期|有效期|保质期|学制)(?:是|有|为|大约|约)*$`)

// unitOf is the unit of what is asked for with no measure, by the word ahead (票价多少),
// "" where that may be anything.
func unitOf(ahead string) string {
	switch {
	case money.MatchString(ahead):
		return "元"
	case ratio.MatchString(ahead):
		return "%"
	}
	return ""
}

// money ends in a word for a sum, or in a verb that only money goes with; ratio in a
// word for a share or a rate.
var (
	money = regexp.MustCompile(`(?:(?:[挣赚]|[要得会共能才]花|花[了费掉]|耗资|斥资)[到了]?|(?:[总金]额|产值|增加值|总值|gdp|GDP|投资额?|收入|营收|票房|[票房油售单电水气均报菜]价|价格|工资|[月年]薪|利润|余额|[销成营][售交业]额|零售额|贸易额|奖金|罚款|造价|租金|学费|押金|费用|税收|预算)(?:[是为有达约]|达到)?)$`)
	ratio = regexp.MustCompile(`(?:占比|比重|比例|增速|[^效频税利汇概功速积]率)(?:[是为有达约]|达到)?$`)
)

// unitAsked is the unit that a word asking for a number wants, with the measure
// word behind it.
func unitAsked(asking, measure string) string {
	switch {
	case measure == "钱":
		return "元"
	case strings.HasPrefix(asking, "百分之"):
		return "%"
	case asking == "多长时间":
		return unitTime
	case measure == "" && slices.Contains([]string{"多长", "多高", "多远", "多宽", "多深"}, asking):
		return unitLength
	}
	return measure
}

// received ends in a verb of getting or paying: what stands ahead of 能拿多少钱 is
// what the money is for, and not what is counted.
var received = regexp.MustCompile(`(?:拿|领|挣|赚|得|收|补|奖|花|付|交|掏)[到了]?$`)

// frequency tells for how many times a sum is meant (一顿补多少): it is no thing
// that is counted.
var frequency = regexp.MustCompile(`^一[回顿次趟餐]$`)

// whole is the first of a text's words. A lone character is a piece of a word
// that no list has (点 of 助餐点) when another stands next to it, and is joined
// with that; next to a longer word it is a verb (开 of 工资开多少), and the longer
// word counts. Words given from the last to the first are joined the other way round.
func whole(text string, words []string, join func(w, next string) string) string {
	w := words[0]
	if utf8.RuneCountInString(w) > 1 || len(words) == 1 {
		return w
	}
	joined := join(w, words[1])
	switch {
	case !strings.Contains(text, joined):
		return w
	case utf8.RuneCountInString(words[1]) > 1:
		return words[1]
	}
	return joined
}

// telling are the words of a text that are not fillers.
func (u *Understander) telling(s string) []string {
	return slices.DeleteFunc(u.opt.Words(s), func(w string) bool { return slices.Contains(fillers, w) || frequency.MatchString(w) })
}

// measure is the measure word that s begins with, "" when its first word only
// looks like one (岗位, 名额).
func (u *Understander) measure(s string) string {
	if strings.HasPrefix(s, "钱") {
		return "钱"
	}
	i := slices.IndexFunc(units, func(unit string) bool { return strings.HasPrefix(s, unit) })
	if i < 0 {
		return ""
	}
	if words := u.opt.Words(upToMark(s)); len(words) > 0 && len(words[0]) > len(units[i]) && strings.HasPrefix(s, words[0]) && words[0] != "年前" {
		return ""
	}
	return units[i]
}

// upToMark is s up to its first punctuation mark.
func upToMark(s string) string {
	if i := strings.IndexFunc(s, unicode.IsPunct); i >= 0 {
		return s[:i]
	}
	return s
}
