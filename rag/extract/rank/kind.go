package rank

import (
	"regexp"
	"strings"

	"wenbao/corpus/zh"
	"wenbao/rag"
)

// asking is the sort of thing that a question asks for, as far as a sentence's
// form tells whether it gives one. Their order is that of the features.
type asking int

const (
	asksOther asking = iota
	asksNumber
	asksDate
	asksPerson
	asksPlace
	asksCause
	asksList
	asksMeaning
)

// What tells the questions apart that rag.Asks does not.
var (
	whyWords     = regexp.MustCompile(`为什么|为何|原因|何故`)
	meaningWords = regexp.MustCompile(`(?:是|指|叫做?|称为)(?:谁|什么)?\??$|什么意思|^什么是`)
	listWords    = regexp.MustCompile(`哪[些几两三]|包括什么|有什么`)
)

// What stands in sentences that answer, folded. They were written down before
// any set was measured; what they are worth the weights say.
var (
	causeLike   = regexp.MustCompile(`因为|由于|因此|所以|为了|原因|以便|导致|使得|因|故|令`)
	meaningLike = regexp.MustCompile(`是|指|即|为|称|意思|意为`)
	personLike  = regexp.MustCompile(`[·]|先生|女士|教授|导演|总统|主席|书记|将军|博士|校长|市长|队长|皇帝|之子|由\p{Han}{2,4}|\p{Han}{2,3}(?:说|表示|担任|饰演)`)
	locatedLike = regexp.MustCompile(`位于|座落|坐落|出生于|生于|人[,，。]|举行|[省市县区州镇乡村路街岛湾港]`)
	dateLike    = regexp.MustCompile(`[0-9]{1,4}(?:年|月|日|时|点)|[一二三四五六七八九十]{1,3}(?:月|日|年)|世纪|年间|时期|年代|期间|[春夏秋冬][天季]|-[0-9]{4}|朝`)
)

func askingOf(q rag.Query) asking {
	text := zh.Fold(q.Text)
	switch {
	case whyWords.MatchString(text):
		return asksCause
	case q.Asks == rag.AsksNumber:
		return asksNumber
	case q.Asks == rag.AsksDate:
		return asksDate
	case q.Asks == rag.AsksPerson:
		return asksPerson
	case q.Asks == rag.AsksPlace:
		return asksPlace
	case q.Asks == rag.AsksList || listWords.MatchString(text):
		return asksList
	case meaningWords.MatchString(text):
		return asksMeaning
	}
	return asksOther
}

// unitOf is the unit of the only number asked for, "" where there is none.
func unitOf(q rag.Query) string {
	if len(q.Counts) == 1 {
		return q.Counts[0].Unit
	}
	return ""
}

// gives says how far a folded sentence has the form of an answer, from 0 to 1.
func (q *question) gives(sentence string) float64 {
	switch q.asks {
	case asksNumber:
		return q.givesNumber(sentence)
	case asksDate:
		return truth(q.givesNew(dateLike, sentence))
	case asksPerson:
		return truth(personLike.MatchString(sentence))
	case asksPlace:
		return truth(locatedLike.MatchString(sentence))
	case asksCause:
		return truth(causeLike.MatchString(sentence))
	case asksList:
		return givesList(sentence)
	case asksMeaning:
		return truth(meaningLike.MatchString(sentence))
	}
	return 0
}

// givesNew reports whether a sentence has a match that the question does not have
// itself.
func (q *question) givesNew(like *regexp.Regexp, sentence string) bool {
	for _, m := range like.FindAllString(sentence, -1) {
		if !strings.Contains(q.text, m) {
			return true
		}
	}
	return false
}

// givesNumber is 1 for a figure in the unit asked for, a half for another.
func (q *question) givesNumber(sentence string) float64 {
	best := 0.0
	for _, f := range zh.Figures(sentence) {
		switch {
		case strings.Contains(q.text, f.In(sentence)):
		case q.unit == "" || strings.HasSuffix(f.Unit, q.unit):
			return 1
		default:
			best = 0.5
		}
	}
	return best
}

// givesList grows with the things that a sentence strings together, to four.
func givesList(sentence string) float64 {
	n := 0
	for _, joint := range []string{"、", "和", "及"} {
		n += strings.Count(sentence, joint)
	}
	return min(float64(n)/3, 1)
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
