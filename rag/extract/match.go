package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/asked"
)

// term is a word of the question's topic with the printed words for it, or a day
// that the question names.
type term struct {
	word   string // folded, "" for a day
	others []string
	guess  bool        // word is put together of single characters, others are its pieces
	day    corpus.Date // without its year
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
	// creditBefore is for what an earlier sentence of the paragraph names: its
	// subject is the later ones' where they have none of their own (云顶村…。全村有民宿34家).
	creditBefore = 0.6

	// otherWording is the credit of a printed word for an everyday one, beside
	// the word itself.
	otherWording = 0.9
	// partWord is the credit of a compound of which only a part is printed
	// (养老床位, where 床位 stands), by the share of its character pairs.
	partWord = 0.7
)

// terms are the words of the topic, each once.
func (a *Answerer) terms(q rag.Query) []term {
	var out []term
	add := func(word string, others []string) {
		if word == "" || slices.ContainsFunc(out, func(t term) bool { return t.word == word }) {
			return
		}
		out = append(out, term{word: word, others: others, weight: a.weight(word, others)})
	}
	// 的 and a blank part words that would else run into each other (项目的建议).
	pieces := strings.FieldsFunc(q.Topic, func(r rune) bool { return r == '的' || unicode.IsSpace(r) })
	rest := strings.Join(folded(pieces), "\n")
	for _, w := range q.Wordings {
		said := zh.Fold(w.Said)
		if strings.Contains(rest, said) {
			add(said, folded(w.Printed))
			rest = strings.ReplaceAll(rest, said, "\n")
		}
	}
	for piece := range strings.SplitSeq(rest, "\n") {
		for _, n := range joined(piece, a.opt.Words(piece)) {
			switch {
			case n.parts != nil:
				if add(n.word, n.parts); len(out) > 0 {
					out[len(out)-1].guess = true
				}
			case utf8.RuneCountInString(n.word) > 1 || !isHanWord(n.word) || len(out) == 0:
				add(n.word, nil)
			}
		}
	}
	for _, d := range daysOf(q.Text) {
		out = append(out, term{day: d, weight: maxWeight})
	}
	return out
}

// settle drops the pieces of a name that stands whole in one of the hits: then it
// is that name (白塔河), and its pieces are of others (白塔镇).
func settle(terms []term, hits []rag.Hit) []term {
	out := slices.Clone(terms)
	for i := range out {
		t := &out[i]
		if t.guess && slices.ContainsFunc(hits, func(h rag.Hit) bool { return strings.Contains(zh.Fold(h.Passage.Text), t.word) }) {
			t.others = nil
		}
	}
	return out
}

// pairsOf are the pairs of neighbours in a word of three characters and more.
func pairsOf(w string) []string {
	rs := []rune(w)
	out := []string{}
	for i := 0; len(rs) > 2 && i+1 < len(rs); i++ {
		out = append(out, string(rs[i:i+2]))
	}
	return out
}

// name is a word, or what may be one: then parts are what it would be made of.
type name struct {
	word  string
	parts []string
}

// joined puts together what may be a name that no word list has: single
// characters that stand side by side (梧岭), and a word with the one behind it
// (白塔河). Where such a name begins or ends cannot be told (园营收).
func joined(text string, words []string) []name {
	var out []name
	at, open, singles := 0, false, false // open: the last of out ends at at and may go on
	for _, w := range words {
		i := strings.Index(text[at:], w)
		single := utf8.RuneCountInString(w) == 1 && isHanWord(w) && !asked.Light(w)
		last := len(out) - 1
		switch {
		case open && single && i == 0 && singles:
			out[last].word += w
			out[last].parts = pairsOf(out[last].word)
		case open && single && i == 0:
			out[last] = name{out[last].word + w, []string{out[last].word}}
			open = false
		default:
			out = append(out, name{word: w})
			open, singles = isHanWord(w) && !asked.Light(w), single
		}
		if i < 0 {
			open = false
			continue
		}
		at += i + len(w)
	}
	return out
}

// termFor is the term that a word of the question belongs to, or one made of it.
func (a *Answerer) termFor(word string, terms []term) term {
	if word == "" || asked.Light(word) {
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
	// before is what the paragraph says ahead of the sentence.
	before string
	// days are those that the sentence names, clauseDays those that the clause or
	// the row of a table does.
	days, clauseDays []corpus.Date
	// found is how much of each term stands around the clause: the same for all clauses
	// of a sentence, and worked out once for them; nil where it is not yet.
	found []foundAround
}

// foundAround is how much of a term stands around a clause, each as term.found says.
type foundAround struct{ heading, title, before, sentence, passage float64 }

func (t term) foundAround(s *surroundings) foundAround {
	if t.word == "" {
		return foundAround{}
	}
	return foundAround{
		heading: t.found(s.heading), title: t.found(s.title), before: t.found(s.before),
		sentence: t.found(s.sentence), passage: t.found(s.passage),
	}
}

// aroundClauses works out what coverage needs of a sentence for all its clauses.
func aroundClauses(terms []term, s *surroundings) []foundAround {
	out := make([]foundAround, len(terms))
	for i, t := range terms {
		out[i] = t.foundAround(s)
	}
	return out
}

// score is how much of a topic a clause is about.
type score struct {
	// own is the share of the topic that stands in the clause itself, all the
	// share that stands in it or around it, each from 0 to 1 by weight.
	own, all float64
	// near is like all without what stands only elsewhere in the sentence or
	// the passage.
	near float64
	// told is like near with what an earlier sentence of the paragraph says.
	told float64
	// heading is the share of the topic that stands in the headings alone.
	heading float64
}

func coverage(terms []term, s surroundings) score {
	var sc score
	total := 0.0
	if s.found == nil {
		s.found = aroundClauses(terms, &s)
	}
	for i, t := range terms {
		total += t.weight
		if t.word == "" {
			sc.add(t.weight, t.dayScore(s))
			continue
		}
		around := s.found[i]
		own := t.found(s.clause) * creditClause
		near := max(own, t.found(s.segment)*creditSegment, around.heading*creditHeading, around.title*creditTitle)
		told := max(near, around.before*creditBefore)
		all := max(near, around.sentence*creditSentence, around.passage*creditPassage)
		sc.add(t.weight, score{own: own, all: all, near: near, told: told, heading: around.heading})
	}
	if total == 0 {
		return score{1, 1, 1, 1, 1}
	}
	var share score
	share.add(1/total, sc)
	return share
}

// dayScore is that of a day, which a time at a sentence's head gives all of it.
func (t term) dayScore(s surroundings) score {
	switch {
	case slices.Contains(s.clauseDays, t.day):
		return score{own: creditClause, all: creditClause, near: creditClause, told: creditClause}
	case slices.Contains(s.days, t.day):
		return score{all: creditSegment, near: creditSegment, told: creditSegment}
	}
	return score{}
}

// add adds another score, so many times.
func (sc *score) add(times float64, more score) {
	sc.own += times * more.own
	sc.all += times * more.all
	sc.near += times * more.near
	sc.told += times * more.told
	sc.heading += times * more.heading
}
