package asked

import (
	"regexp"
	"strings"

	"wenbao/corpus/zh"
	"wenbao/rag"
)

// Sort is the sort of thing that a question asks for, as far as a sentence's form
// tells whether it gives one.
type Sort int

// The sorts.
const (
	Other Sort = iota
	Number
	Date
	Person
	Place
	Cause
	List
	Meaning
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

// Form is the form of what a question asks for.
type Form struct {
	Sort Sort
	// unit is that of the only number asked for, "" where there is none, and text
	// the folded question: what stands there is no answer.
	unit, text string
}

// FormOf is the form of what a query asks for.
func FormOf(q rag.Query) Form {
	text := zh.Fold(q.Text)
	f := Form{Sort: sortOf(q, text), text: WithoutAsking(text)}
	if len(q.Counts) == 1 {
		f.unit = q.Counts[0].Unit
	}
	return f
}

func sortOf(q rag.Query, folded string) Sort {
	switch {
	case whyWords.MatchString(folded):
		return Cause
	case q.Asks == rag.AsksNumber:
		return Number
	case q.Asks == rag.AsksDate:
		return Date
	case q.Asks == rag.AsksPerson:
		return Person
	case q.Asks == rag.AsksPlace:
		return Place
	case q.Asks == rag.AsksList || listWords.MatchString(folded):
		return List
	case meaningWords.MatchString(folded):
		return Meaning
	}
	return Other
}

// GivenBy says how far a folded sentence has the form of an answer, from 0 to 1.
// No sentence has that of Other.
func (f *Form) GivenBy(sentence string) float64 {
	switch f.Sort {
	case Number:
		return f.number(sentence)
	case Date:
		return truth(f.givesNew(dateLike, sentence))
	case Person:
		return truth(personLike.MatchString(sentence))
	case Place:
		return truth(locatedLike.MatchString(sentence))
	case Cause:
		return truth(causeLike.MatchString(sentence))
	case List:
		return list(sentence)
	case Meaning:
		return truth(meaningLike.MatchString(sentence))
	}
	return 0
}

// givesNew reports whether a sentence has a match that the question does not have
// itself.
func (f *Form) givesNew(like *regexp.Regexp, sentence string) bool {
	for _, m := range like.FindAllString(sentence, -1) {
		if !strings.Contains(f.text, m) {
			return true
		}
	}
	return false
}

// number is 1 for a figure in the unit asked for, a half for another.
func (f *Form) number(sentence string) float64 {
	best := 0.0
	for _, figure := range zh.Figures(sentence) {
		switch {
		case strings.Contains(f.text, figure.In(sentence)):
		case f.unit == "" || strings.HasSuffix(figure.Unit, f.unit):
			return 1
		default:
			best = 0.5
		}
	}
	return best
}

// list grows with the things that a sentence strings together, to four.
func list(sentence string) float64 {
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
