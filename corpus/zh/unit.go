package zh

import "unicode/utf8"

// maxUnit is the length of the longest unit known, in runes.
const maxUnit = 5

// unitLen is the length in bytes of the longest unit that s begins with, 0 for
// none. A unit may be divided by another (元/亩).
func unitLen(s string) int {
	n := simpleUnitLen(s)
	if n > 0 && n < len(s) && s[n] == '/' {
		if m := simpleUnitLen(s[n+1:]); m > 0 {
			n += 1 + m
		}
	}
	return n
}

func simpleUnitLen(s string) int {
	var ends [maxUnit]int
	count, at := 0, 0
	for count < maxUnit && at < len(s) {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
		ends[count] = at
		count++
	}
	for count--; count >= 0; count-- {
		end := ends[count]
		if !isUnit(s[:end]) {
			continue
		}
		if asciiWord(s[end-1]) && end < len(s) && asciiWord(s[end]) {
			continue // the m of mode
		}
		return end
	}
	return 0
}

// isUnit reports whether w is a unit or measure word that may follow Arabic
// digits. What follows digits and is not here gives a figure without a unit.
func isUnit(w string) bool {
	return isMeasure(w) || isQuantity(w) || isCounter(w)
}

// isMeasure holds the units of money, length, area, mass, energy and the like.
func isMeasure(w string) bool {
	switch w {
	case "元", "美元", "欧元", "日元", "港元", "英镑", "块钱", "角",
		"米", "千米", "厘米", "毫米", "分米", "公里", "里", "海里", "英里", "英尺", "英寸", "公尺", "公分", "光年", "车公里",
		"亩", "公顷", "平方米", "平方公里", "平方千米", "平米", "平方", "顷", "亩次",
		"立方米", "立方", "立方公里", "方", "升", "毫升",
		"吨", "千克", "公斤", "斤", "克", "毫克", "微克", "标准箱", "标箱", "吨公里",
		"千瓦", "千瓦时", "瓦", "兆瓦", "兆瓦时", "度", "度电", "千伏", "千伏安", "伏", "千卡", "大卡", "标准煤", "吨标准煤",
		"摄氏度", "℃", "°C", "%", "％", "‰", "个百分点", "百分点", "个基点", "个点", "倍", "成", "折",
		"字节", "赫兹", "兆赫", "分贝", "兆", "毫安",
		"km", "m", "cm", "mm", "KM", "CM", "MM", "km²", "m²", "m³", "㎡", "㎞", "hm²", "ha", "km2", "m2", "m3",
		"kg", "KG", "g", "mg", "t", "L", "l", "mL", "ml", "kW", "MW", "GW", "kWh", "MWh", "W", "V", "kV",
		"GB", "TB", "MB", "KB", "PB", "Hz", "MHz", "GHz", "dB", "Mbps", "Gbps":
		return true
	}
	return false
}

// isQuantity holds the units of time and the measure words that count events
// and people.
func isQuantity(w string) bool {
	switch w {
	case "年", "个月", "周", "周年", "周岁", "星期", "个星期", "天", "日", "个工作日", "工作日", "小时", "个小时",
		"分钟", "分", "秒", "秒钟", "刻钟", "季", "个季度", "世纪", "个世纪", "个年头", "学时", "课时",
		"人", "名", "位", "人次", "人份", "户", "户次", "家", "家次", "岁", "次", "场", "场次", "批", "批次", "架次", "班次", "车次", "艘次",
		"期", "届", "轮", "回", "遍", "趟", "步", "件次", "辆次", "篇次", "课次", "票", "席":
		return true
	}
	return false
}

// isCounter holds the measure words that count things.
func isCounter(w string) bool {
	switch w {
	case "个", "条", "项", "座", "所", "处", "件", "套", "栋", "幢", "间", "辆", "台", "台套", "台（套）", "台(套)", "架", "艘", "列", "节",
		"只", "头", "匹", "羽", "棵", "株", "亩地", "枚", "颗", "粒", "张", "片", "块", "支", "枝", "根", "把", "部", "本", "册", "篇", "份", "幅", "封",
		"类", "种", "层", "楼", "组", "对", "双", "道", "笔", "宗", "例", "起", "口", "眼", "站", "环", "车道",
		"大", "级", "型", "版", "号", "号线", "路", "代", "门", "面", "队", "班", "样", "句", "字", "页", "盏", "桩", "箱", "袋", "瓶", "桶",
		"点", "方面", "年级", "股", "束", "集", "章", "顶", "床", "具", "发", "副", "盘", "盆", "杆", "尾", "窝", "卷", "幕", "首", "杯", "碗", "味", "款", "排", "行", "段", "堂", "课", "员":
		return true
	}
	return false
}

// countedBy reports whether a Chinese numeral before measure word w is a figure.
// Measure words that also make up idioms or labels (一步, 十分, 四面八方, 三期) are
// taken after Arabic digits only.
func countedBy(w string) bool {
	switch w {
	case "分", "点", "届", "期", "号", "版", "路", "代", "步", "门", "面", "口", "头", "级", "型", "样", "回", "日",
		"角", "方", "季", "行", "味", "道", "起", "发", "首", "顶", "堂", "班", "度", "兆", "折", "里", "字", "手", "号线", "员", "段", "排", "单":
		return false
	}
	return isUnit(w)
}

// countsOne reports whether 一 before measure word w counts. Before others it is
// an article or part of a word (一批, 一片, 一次性).
func countsOne(w string) bool {
	switch w {
	case "个", "家", "座", "所", "名", "位", "户", "条", "项", "件", "场", "套", "栋", "间", "辆", "台", "艘", "架", "处", "人":
		return true
	}
	return countedBy(w) && (isMeasure(w) || w == "年" || w == "天" || w == "小时" || w == "分钟" || w == "个月" || w == "人次") && w != "成"
}
