package facet

import (
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// maxName is the most characters a name has, double surname included.
const maxName = 4

// interviewLen is how many bytes of an article's running text may introduce
// whom it interviews.
const interviewLen = 1500

// articleSpeaker is whom an article as a whole lets speak: the one its subtitle
// says was visited, else the one an interview (专访) is introduced with.
func (an *Annotator) articleSpeaker(a *corpus.Article) (name, office string) {
	for _, line := range strings.Split(a.Subtitle+"\n"+a.Title, "\n") {
		line = strings.TrimLeft(line, "—-– 　")
		for _, word := range [...]string{"专访", "对话", "访"} {
			if rest, ok := strings.CutPrefix(line, word); ok {
				if name, office := an.person(rest); name != "" {
					return name, office
				}
			}
		}
	}
	text := body(a)
	for _, sp := range zh.Sentences(text) {
		if sp.Start > interviewLen {
			break
		}
		if s := sp.In(text); strings.Contains(s, "专访") {
			if name, office := an.spoken(s); name != "" {
				return name, office
			}
		}
	}
	return "", ""
}

// speakerOf is who says a sentence: whom it names as saying it, else the
// article's speaker.
func (an *Annotator) speakerOf(s string, c *Context) (name, office string) {
	name, office = an.spoken(s)
	switch {
	case name == "" && office == "":
		return c.Speaker, c.Office
	case office == "" && name == c.Speaker:
		return name, c.Office
	}
	return name, office
}

// Bounds on looking for a speaker, so that a text of nothing but 说 is still read
// in linear time: how many verbs of saying of a kind are tried, from the last,
// and how many bytes before the verb may hold the post and the name.
const (
	maxVerbs   = 4
	maxSubject = 180
)

// spoken finds who is said to say something in a sentence: the person or office
// right before 表示, 说 and the like.
func (an *Annotator) spoken(s string) (name, office string) {
	for _, verb := range an.speech {
		for end, n := len(s), 0; n < maxVerbs; n++ {
			i := strings.LastIndex(s[:end], verb)
			if i < 0 {
				break
			}
			if name, office = an.subjectBefore(s[:i]); name != "" || office != "" {
				return name, office
			}
			end = i
		}
	}
	return "", ""
}

// subjectBefore reads the person or office at the end of the clause that a verb
// of saying ends.
func (an *Annotator) subjectBefore(before string) (name, office string) {
	cut := max(0, len(before)-maxSubject)
	before = before[cut:]
	if i := strings.LastIndexAny(before, "，,；;：:。！？“”\n"); i >= 0 {
		_, size := utf8.DecodeRuneInString(before[i:])
		before = before[i+size:]
	} else if cut > 0 {
		return "", ""
	}
	for _, w := range [...]string{"在接受", "接受", "告诉", "向记者", "对记者", "在会", "在座谈", "在发布", "介绍时", "时"} {
		if i := strings.Index(before, w); i > 0 {
			before = before[:i]
			break
		}
	}
	return an.person(before)
}

// person splits a post and a name: 市科技局局长李某某. A post without a name is only
// an office when it says that it is unnamed (相关负责人); a name alone has to begin
// with a surname.
func (an *Annotator) person(s string) (name, office string) {
	s = strings.TrimSpace(s)
	for _, p := range [...]string{"据", "昨日", "近日", "日前"} {
		s = strings.TrimPrefix(s, p)
	}
	at, post := 0, ""
	for _, p := range an.posts {
		if i := strings.LastIndex(s, p); i >= 0 && i+len(p) > at {
			at, post = i+len(p), p
		}
	}
	rest := strings.TrimSpace(s[at:])
	switch {
	case post == "":
		if an.isName(rest) {
			return rest, ""
		}
	case rest == "" && unnamed(post):
		return "", s[:at]
	case an.isName(rest):
		return rest, s[:at]
	}
	return "", ""
}

func unnamed(post string) bool {
	return post == "负责人" || post == "工作人员" || post == "发言人"
}

// isName reports whether s is a Chinese name: two to four characters that begin
// with a surname, four only after a double one. 某 stands for characters that
// are kept back.
func (an *Annotator) isName(s string) bool {
	n := utf8.RuneCountInString(s)
	if n < 2 || n > maxName || zh.CountHan(s) != n {
		return false
	}
	for i := range s {
		if i >= len("欧阳") {
			break
		}
		if i == len("欧") && n <= 3 && an.surnames[s[:i]] {
			return !everyday(s)
		}
	}
	return n >= 3 && an.surnames[s[:len("欧阳")]]
}

// everyday are words that only look like a name.
func everyday(s string) bool {
	return containsAny(s, "方面", "有关", "相关", "同时", "会议", "应该", "应当", "全会", "方案", "时代", "从而", "项目", "成果", "余名", "常常", "和他", "和她", "于是", "高度", "明确", "明年", "习近", "有人", "有的", "何人")
}

// Surname is the surname that a text begins with, "" where it begins with none.
func (an *Annotator) Surname(text string) string {
	for n := 2; n > 0; n-- {
		end := 0
		for range n {
			_, size := utf8.DecodeRuneInString(text[end:])
			end += size
		}
		if an.surnames[text[:end]] {
			return text[:end]
		}
	}
	return ""
}
