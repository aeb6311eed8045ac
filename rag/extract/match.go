package extract

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"wenbao/corpus/zh"
	"wenbao/rag"
)

// term is a word of the question's topic with the printed words for it.
type term struct {
	word   string // folded
	others []string
	weight float64
}

// Credits say how much it counts where a term is found: in the clause itself,
// beside it, or only near it. They were set on the sample pages' questions.
const (
	creditClause   = 1.0
	creditSegment  = 0.8 // elsewhere between the sentence's semicolons
	creditHeading  = 0.7 // in the headings above, or the paragraph's first words
	creditTitle    = 0.55
	creditSentence = 0.4 // elsewhere in the sentence
	creditPassage  = 0.3

	// otherWording is the credit of a printed word for an everyday one, beside
	// the word itself.
	otherWording = 0.9
	// partWord is the credit of a compound of which only a part is printed
	// (养老床位, where 床位 stands), by the share of its character pairs.
	partWord = 0.7

	minWeight = 0.5
	maxWeight = 6
	// lightWeight is the weight of a word that hardly tells questions apart.
	lightWeight = 0.2
)

// lightWords are verbs and adverbs of questions that reports put in other words:
// that one of them is not printed says nothing against a clause.
var lightWords = strings.Fields("拿到 得到 叫 叫做 名叫 提 提出 开始 结束 持续 办 举办 举行 召开 进行 开展 需要 可以 打算 搬 搬到 回到 回 又 最晚 最早 最多 最少 首次 首场 即将 实现 达到 建 修 新建 建设 推进 加快 做 干 来 去 用 占 排 住 位置 新 大 小 好 多 能 一年 全年 今年 明年 去年 提升 发展 名字 办成 一件 件 起 前 后 前来 属于 变 成为 称为 花 方便 妈 爸 我妈 我爸 抓 怎样 好处 消息 情况 效果 具体 全部 每 每年 项目")

// terms are the words of the topic, each once.
func (a *Answerer) terms(q rag.Query) []term {
	var out []term
	add := func(word string, others []string) {
		if word == "" || slices.ContainsFunc(out, func(t term) bool { return t.word == word }) {
			return
		}
		out = append(out, term{word: word, others: others, weight: a.weight(word, others)})
	}
	rest := zh.Fold(q.Topic)
	for _, w := range q.Wordings {
		said := zh.Fold(w.Said)
		if strings.Contains(rest, said) {
			add(said, folded(w.Printed))
			rest = strings.ReplaceAll(rest, said, "\n")
		}
	}
	for _, line := range strings.Split(rest, "\n") {
		for _, w := range joined(line, a.opt.Words(line)) {
			if utf8.RuneCountInString(w) > 1 || !isHanWord(w) || len(out) == 0 {
				add(w, nil)
			}
		}
	}
	return out
}

// joined puts single characters that stand side by side in a text together: they
// are the pieces of a name that no word list has (梧岭).
func joined(text string, words []string) []string {
	var out []string
	at, open := 0, false // open: the last of out ends at at and may go on
	for _, w := range words {
		i := strings.Index(text[at:], w)
		single := utf8.RuneCountInString(w) == 1 && isHanWord(w) && !slices.Contains(lightWords, w)
		if n := len(out); open && single && i == 0 {
			out[n-1] += w
		} else {
			out = append(out, w)
		}
		if i >= 0 {
			at += i + len(w)
		}
		open = single && i >= 0
	}
	return out
}

// termFor is the term that a word of the question belongs to, or one made of it.
func (a *Answerer) termFor(word string, terms []term) term {
	if word == "" {
		return term{}
	}
	for _, t := range terms {
		if strings.Contains(t.word, word) || utf8.RuneCountInString(t.word) > 1 && strings.Contains(word, t.word) {
			return t
		}
	}
	return term{word: word, weight: a.weight(word, nil)}
}

func folded(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = zh.Fold(w)
	}
	return out
}

func isHanWord(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return zh.IsHan(r)
}

// weight is the term's inverse document frequency, within bounds: a word in
// every second passage still counts, one in a single passage does not drown the rest.
func (a *Answerer) weight(word string, others []string) float64 {
	df, n := a.opt.DF(word)
	for _, o := range others {
		d, _ := a.opt.DF(o)
		df = max(df, d)
	}
	if slices.Contains(lightWords, word) || utf8.RuneCountInString(word) == 1 {
		return lightWeight
	}
	w := math.Log((float64(n) + 1) / (float64(df) + 0.5))
	return min(max(w, minWeight), maxWeight)
}

// found says how much of a term stands in a folded text, from 0 to 1.
func (t term) found(text string) float64 {
	if strings.Contains(text, t.word) {
		return 1
	}
	for _, o := range t.others {
		if strings.Contains(text, o) {
			return otherWording
		}
	}
	if rs := []rune(t.word); len(rs) == 4 && strings.Contains(text, string(rs[:2])) && strings.Contains(text, string(rs[2:])) {
		return otherWording // 成果转化, where 成果加快转化 stands
	}
	return partWord * pairShare(t.word, text)
}

// pairShare is the share of a word's character pairs that a text has, 0 for
// words of fewer than three characters.
func pairShare(word, text string) float64 {
	rs := []rune(word)
	if len(rs) < 3 || !zh.IsHan(rs[0]) {
		return 0
	}
	n := 0
	for i := 0; i+1 < len(rs); i++ {
		if strings.Contains(text, string(rs[i:i+2])) {
			n++
		}
	}
	return float64(n) / float64(len(rs)-1)
}

// surroundings are the folded texts around a clause, from near to far.
type surroundings struct {
	clause, segment, heading, title, sentence, passage string
}

// score is how much of a topic a clause is about.
type score struct {
	// own is the share of the topic that stands in the clause itself, all the
	// share that stands in it or around it, each from 0 to 1 by weight.
	own, all float64
	// near is like all without what stands only elsewhere in the sentence or
	// the passage.
	near float64
	// heading is the share of the topic that stands in the headings alone.
	heading float64
}

func coverage(terms []term, s surroundings) score {
	var sc score
	total := 0.0
	for _, t := range terms {
		total += t.weight
		own := t.found(s.clause) * creditClause
		near := max(own, t.found(s.segment)*creditSegment, t.found(s.heading)*creditHeading, t.found(s.title)*creditTitle)
		all := max(near, t.found(s.sentence)*creditSentence, t.found(s.passage)*creditPassage)
		sc.own += t.weight * own
		sc.near += t.weight * near
		sc.heading += t.weight * t.found(s.heading)
		sc.all += t.weight * all
	}
	if total == 0 {
		return score{1, 1, 1, 1}
	}
	return score{own: sc.own / total, near: sc.near / total, all: sc.all / total, heading: sc.heading / total}
}
