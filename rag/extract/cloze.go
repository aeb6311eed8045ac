package extract

import (
	"regexp"
	"strings"

	"wenbao/corpus/zh"
)

// blank is the word of a question that stands where the answer stands in print: what is
// asked for, of a person, a time or a place.
var blank = regexp.MustCompile(`谁|哪位|何人|什么人|什么时候|什么时间|何时|哪[里儿]|何[处地]|什么地方`)

// filling is what may stand in a blank: a few words of one clause.
const filling = `([^，,。；;：:！？!?]{1,16}?)`

// fillsBlank reports whether a sentence says what a question does with other words in
// the place of its blank (立谁为太子: 立孙登为太子). Two characters on either side have to be
// the same; at the end of a question, those ahead of the blank and the verb's 了.
func fillsBlank(question, sentence string) bool {
	question, sentence = zh.Fold(question), zh.Fold(sentence)
	at := blank.FindStringIndex(question)
	if at == nil {
		return false
	}
	ahead, behind := lastHan(question[:at[0]]), firstHan(question[at[1]:])
	var frame string
	switch {
	case ahead != "" && behind != "":
		frame = ahead + filling + behind
	case ahead != "" && strings.Trim(question[at[1]:], "？?的呢啊呀") == "" && !strings.HasSuffix(ahead, "是"):
		frame = ahead + filling + `(?:[，,。；;！!]|$)`
	default:
		return false
	}
	for _, m := range regexp.MustCompile(frame).FindAllStringSubmatch(sentence, -1) {
		if !strings.Contains(question, m[1]) {
			return true
		}
	}
	return false
}

// blankSides is how many characters on a side of a blank have to be the same.
const blankSides = 2

// lastHan are the last characters of a text, "" where one is no Han character.
func lastHan(text string) string {
	rs := []rune(text)
	return allHan(rs[max(len(rs)-blankSides, 0):])
}

// firstHan are the first characters of a text, "" where one is no Han character.
func firstHan(text string) string {
	rs := []rune(text)
	return allHan(rs[:min(blankSides, len(rs))])
}

func allHan(rs []rune) string {
	for _, r := range rs {
		if !zh.IsHan(r) {
			return ""
		}
	}
	if len(rs) < blankSides {
		return ""
	}
	return string(rs)
}
