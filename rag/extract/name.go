package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// isName reports whether printed words can be the name of a person: a surname with
// one or two characters behind it. Two characters must be no word (夏季).
func (a *Answerer) isName(words string) bool {
	surname := a.opt.Annotator.Surname(words)
	chars := utf8.RuneCountInString(words)
	given := chars - utf8.RuneCountInString(surname)
	return surname != "" && given >= 1 && given <= 2 && (chars >= knownName || !a.isWord(words))
}

// nameIn is the name that a part of a text begins with, "" where it begins with none:
// what follows may be a verb (蓝玉衡出席), or the rest of a foreign name (柳博米尔·).
func (a *Answerer) nameIn(text string, part corpus.Span) string {
	found := cutName(part.In(text))
	rest := text[part.End:]
	if i := lastRuneStart(found); !a.isName(found) && i > 0 && len(found) == part.Len() {
		found, rest = found[:i], found[i:]+rest
		if words := a.opt.Words(rest); len(words) == 0 || utf8.RuneCountInString(words[0]) < 2 || !strings.HasPrefix(zh.Fold(rest), words[0]) {
			return ""
		}
	}
	if !a.isName(found) || strings.HasPrefix(rest, "·") {
		return ""
	}
	return found
}

func lastRuneStart(s string) int {
	_, n := utf8.DecodeLastRuneInString(s)
	return len(s) - n
}

// someone tells a person by a word that stands beside one, or for one, and those
// who act like one: who did something may be an office or a team.
var someone = regexp.MustCompile(`\p{Han}·\p{Han}|[A-Za-z]{3,}|[由被]\p{Han}{2}|[一二三四五六七八九]世|先生|女士|教授|博士|院士|导演|总统|总理|主席|书记|将军|大臣|国王|皇帝|王后|局长|市长|县长|区长|校长|院长|队长|主任|` +
	`记者|作家|画家|演员|歌手|主持|之子|父亲|母亲|妻子|丈夫|兄|弟|姐|妹|公司|集团|大学|学院|政府|委员会|协会|\p{Han}{2}[部局厅院队团社]`)

// namesSomeone reports whether a sentence names somebody whom the question does
// not: what is printed without a name does not say who.
func (a *Answerer) namesSomeone(question, sentence string) bool {
	for _, m := range someone.FindAllString(sentence, -1) {
		if !strings.Contains(question, m) {
			return true
		}
	}
	known := slices.ContainsFunc(a.opt.Words(sentence), func(w string) bool { // 张之洞
		return utf8.RuneCountInString(w) == knownName && a.opt.Annotator.Surname(w) != "" && !strings.Contains(question, w)
	})
	return known || slices.ContainsFunc(a.loose(sentence), func(name string) bool {
		return a.isName(name) && !noPartOfName.MatchString(name) && !strings.Contains(question, name)
	})
}

// lastWords are the last Han characters of a topic, up to four, where they are two and more.
var lastWords = regexp.MustCompile(`[^的\P{Han}]{2,4}$`)

// holdsPost reports whether a sentence prints a name right behind the last words of a
// topic, the post or the part that somebody has (领队刘青, 首任院长陆明).
func (a *Answerer) holdsPost(topic, sentence string) bool {
	role := lastWords.FindString(topic)
	if role == "" || otherRank(topic, sentence) {
		return false
	}
	for from := 0; ; {
		i := strings.Index(sentence[from:], role)
		if i < 0 {
			return false
		}
		from += i + len(role)
		rest := strings.TrimLeft(sentence[from:], " \u3000是为：:")
		name := []rune(rest)
		name = name[:min(len(name), longestName)]
		start := len(sentence) - len(rest)
		if a.nameIn(sentence, corpus.Span{Start: start, End: start + len(string(name))}) != "" {
			return true
		}
	}
}

// longestName is the most characters of a name.
const longestName = 4

// knownName is the length of the words that are taken for a well-known person's name
// where they begin with a surname: most of the word list's are.
const knownName = 3

// noPartOfName are characters that hardly any name has.
var noPartOfName = regexp.MustCompile(`[的了是在和与后前中上下里它他她们才就都也不有为以于这那其至到从向由被把将]`)

// loose are the runs of characters that no word list has, and runs of such and the
// word behind them (骆远征): most names are.
func (a *Answerer) loose(sentence string) []string {
	var out []string
	run := corpus.Span{}
	folded := zh.Fold(sentence)
	at := 0
	for _, w := range a.opt.Words(sentence) {
		i := strings.Index(folded[at:], w)
		if i < 0 || !isHanWord(w) {
			continue
		}
		sp := corpus.Span{Start: at + i, End: at + i + len(w)}
		at = sp.End
		if run.End != sp.Start {
			run = corpus.Span{Start: sp.Start, End: sp.Start}
		}
		run.End = sp.End
		if run.Start < sp.Start {
			out = append(out, run.In(folded))
		}
		if utf8.RuneCountInString(w) > 1 {
			run = corpus.Span{Start: -1, End: -1}
		}
	}
	return out
}
