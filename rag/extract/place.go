package extract

import (
	"regexp"
	"slices"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag"
)

// located is a word of place, what stands behind it and what follows that.
var located = regexp.MustCompile(`(位于|坐落于|坐落在|搬到|搬至|迁到|迁至|落户|选址|设在|建在|放在|在|于|走进)([^，,。；;“”]{2,24}?)(的|召开|举行|举办|建成|建设|各建|新建|开工|开业|启动|开幕|揭牌|投用|成立|落成|挂牌|建|办|[，,。；;]|$)`)

// bareWords begin a place where something is done, and much else besides: what
// follows has to say what is done.
var bareWords = []string{"在", "于", "走进"}

// placeLike tells the name of a place, a road or a building at the end of words.
var placeLike = regexp.MustCompile(`(?:省|市|县|区|镇|乡|村|街道|社区|路|街|道|巷|号|里|楼|层|厅|馆|院|校|学|园|场|站|港|湖|山|江|河|岛|湾|桥|口|中心|基地|大厦|车间|工厂|广场|现场|小区|片区)$`)

// place finds where it is: the value of a table's column of places, or what
// stands behind 位于, 在 and the like.
func place(e *evidence) (item, bool) {
	if c := e.cell; c != nil {
		if !placeColumn.MatchString(c.head) {
			return item{}, false
		}
		value := c.value.In(e.hit.Passage.Text)
		return item{span: c.row, short: value, shown: []string{c.subject, value}, support: c.heads, supportHit: e.hit}, true
	}
	segment := e.segment.In(e.hit.Passage.Text)
	segment = strings.TrimRight(segment, "。！？!?")
	for _, m := range located.FindAllStringSubmatch(segment, -1) {
		if !placeLike.MatchString(m[2]) {
			continue
		}
		it := item{span: widen(e, e.segment, m[2]), short: m[2]}
		if slices.Contains(bareWords, m[1]) && (m[3] == "的" || m[3] == "" || isPartMark([]rune(m[3])[0])) {
			it.short = "" // it may be where something else is
		}
		return it, true
	}
	return item{}, false
}

// placeColumn tells the head of a table's column of places.
var placeColumn = regexp.MustCompile(`^(?:举办|活动)?(?:地点|地址|地方|场所|会场|位置)$`)

// askedSort is the sort of place in a question for one by name.
var askedSort = regexp.MustCompile(`哪[一两三几些]?个?(村|社区|街道|乡镇|镇|乡|县|区)`)

// sortOfPlace is the sort of place that a question asks to be named (哪个村), ""
// where it asks for none or is about such places already.
func sortOfPlace(q rag.Query) string {
	m := askedSort.FindStringSubmatch(q.Text)
	if m == nil || q.Asks != rag.AsksText && q.Asks != rag.AsksPlace && q.Asks != rag.AsksList {
		return ""
	}
	if slices.ContainsFunc(q.Places, func(p string) bool { return strings.HasSuffix(p, m[1]) }) {
		return ""
	}
	return m[1]
}

// villageName is the name of a village or a community behind what a name of it
// can follow.
var villageName = regexp.MustCompile(`(?:^|[省市县区镇乡道和与在到、，,。；;：:“”\s])(\p{Han}{1,4}?(?:村|社区))`)

// notVillage tells words in 村 and 社区 that are no names.
var notVillage = regexp.MustCompile(`^(?:全|个|一个|农|乡|新农|空心|行政|自然|本|该|各|我|每个|几个|多个|小|山)村$|进社区$|^社区$`)

// placeOf names the place of a sort that a clause is about: one named in its
// sentence, else in the sentence before, in the same passage.
func placeOf(sort string, e *evidence) (item, bool) {
	text := e.hit.Passage.Text
	if e.cell != nil {
		return item{}, false
	}
	start := e.sentence.Start
	for _, from := range []int{start, sentenceBefore(text, start)} {
		name, ok := lastNamed(sort, e.facets, corpus.Span{Start: from, End: e.clause.End}, text)
		if ok {
			return item{span: corpus.Span{Start: min(name.Start, e.clause.Start), End: e.clause.End}, short: name.In(text)}, true
		}
	}
	return item{}, false
}

// sentenceBefore is where the sentence ahead of the one at start begins, start
// itself where a paragraph does.
func sentenceBefore(text string, start int) int {
	ahead := zh.Sentences(text[:start])
	if len(ahead) == 0 || strings.Contains(text[ahead[len(ahead)-1].End:start], "\n") {
		return start
	}
	return ahead[len(ahead)-1].Start
}

// lastNamed is the last name of a sort of place in a stretch of text: villages
// go by their suffix, larger places by what the clause speaks of.
func lastNamed(sort string, f corpus.Facets, within corpus.Span, text string) (corpus.Span, bool) {
	best := corpus.Span{Start: -1}
	if sort == "村" || sort == "社区" {
		for _, m := range villageName.FindAllStringSubmatchIndex(within.In(text), -1) {
			name := corpus.Span{Start: within.Start + m[2], End: within.Start + m[3]}
			if strings.HasSuffix(name.In(text), sort) && !notVillage.MatchString(name.In(text)) {
				best = name
			}
		}
		return best, best.Start >= 0
	}
	for _, p := range slices.Concat(f.Places, f.Mentions) {
		i := strings.LastIndex(within.In(text), p)
		if i >= 0 && within.Start+i > best.Start && (strings.HasSuffix(p, sort) || sort == "乡镇" && (strings.HasSuffix(p, "乡") || strings.HasSuffix(p, "镇"))) {
			best = corpus.Span{Start: within.Start + i, End: within.Start + i + len(p)}
		}
	}
	return best, best.Start >= 0
}
