package train

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How sentences are turned into questions.
const (
	// A question takes clauses until it has so many characters.
	leastAsked, mostAsked = 5, 26
	shuffled              = 0.4  // share of questions with their clauses in another order
	saidShare             = 0.7  // of printed words that are said otherwise
	askedFigure           = 0.7  // of figures that are asked for
	droppedCharacter      = 0.4  // of characters outside of words
	droppedWord           = 0.18 // of words
	introduced, ended     = 0.2, 0.55
)

// asked are words that begin and end questions, or stand in for what is asked for.
var (
	begins  = []string{"请问", "我想问", "想知道", "听说", "问一下", "我们这儿", "你知道", "现在", "去年", "今年", "那个", "咱们"}
	ends    = []string{"吗", "呢", "没", "不", "了没", "了吗", "咋样", "怎么样", "多少", "多少个", "多少钱", "是谁", "谁说的", "在哪", "在哪儿", "什么时候", "啥时候", "怎么办", "咋办", "咋解决", "有哪些", "有啥", "是什么", "怎么回事", "为什么", "行不行", "有没有", "有人管吗", "哪年", "几个", "管不管"}
	figures = []string{"多少", "几", "多少个", "几个", "多少钱", "好多"}
	dates   = []string{"什么时候", "啥时候", "哪天", "哪年", "几月", "几号", "何时"}
)

// rewriter turns printed sentences into what people might ask.
type rewriter struct {
	said  colloquial
	words map[string]bool // of two characters and more
	most  int             // characters of the longest word
}

func newRewriter(said colloquial, words []string) *rewriter {
	w := &rewriter{said: said, words: map[string]bool{}}
	for _, s := range words {
		if n := utf8.RuneCountInString(s); n > 1 {
			w.words[s] = true
			w.most = max(w.most, n)
		}
	}
	for s := range said {
		w.words[s] = true
		w.most = max(w.most, utf8.RuneCountInString(s))
	}
	return w
}

// question makes a question of a sentence. about, where it is not "", is a printed
// word of which the clause has to be asked.
func (w *rewriter) question(rng *rand.Rand, sentence, about string) string {
	clauses := w.clauses(rng, sentence, about)
	var b strings.Builder
	if rng.Float64() < introduced {
		b.WriteString(pick(rng, begins))
	}
	for i, c := range clauses {
		if i > 0 && rng.IntN(2) == 0 {
			b.WriteString("，")
		}
		w.reword(&b, rng, c, about)
	}
	if rng.Float64() < ended {
		b.WriteString(pick(rng, ends))
	}
	return b.String()
}

// clauses gives a few clauses of a sentence that follow each other, in some order.
func (w *rewriter) clauses(rng *rand.Rand, sentence, about string) []string {
	all := strings.FieldsFunc(sentence, func(r rune) bool {
		return unicode.IsPunct(r) && r != '.' && r != '%' || unicode.IsSpace(r)
	})
	if len(all) == 0 {
		return nil
	}
	from := rng.IntN(len(all))
	if about != "" {
		if i := slices.IndexFunc(all, func(c string) bool { return strings.Contains(c, about) }); i >= 0 {
			from = i
		}
	}
	want := leastAsked + rng.IntN(mostAsked-leastAsked)
	have := 0
	var out []string
	for _, c := range all[from:] {
		n := utf8.RuneCountInString(c)
		if have > 0 && have+n > mostAsked+leastAsked {
			break
		}
		out = append(out, c)
		if have += n; have >= want {
			break
		}
	}
	if rng.Float64() < shuffled {
		rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	}
	return out
}

// reword writes a clause word by word, some of them said otherwise or left out.
func (w *rewriter) reword(b *strings.Builder, rng *rand.Rand, clause, about string) {
	for clause != "" {
		if n := figure(clause); n > 0 {
			writeFigure(b, rng, clause[:n], clause[n:])
			clause = clause[n:]
			continue
		}
		word := w.word(clause)
		clause = clause[len(word):]
		said := w.said[word]
		switch {
		case len(said) > 0 && (word == about || rng.Float64() < saidShare):
			b.WriteString(pick(rng, said))
		case utf8.RuneCountInString(word) == 1 && rng.Float64() < droppedCharacter:
		case rng.Float64() < droppedWord:
		default:
			b.WriteString(word)
		}
	}
}

// word is the longest word that a text begins with, or its first character.
func (w *rewriter) word(text string) string {
	_, first := utf8.DecodeRuneInString(text)
	best, n := first, 0
	for i, r := range text {
		if n++; n > w.most {
			break
		}
		if end := i + utf8.RuneLen(r); n > 1 && r != utf8.RuneError && w.words[text[:end]] {
			best = end
		}
	}
	return text[:best]
}

// figure is the length of the figure that a text begins with, 0 at none.
func figure(text string) int {
	n := 0
	for n < len(text) && (text[n] >= '0' && text[n] <= '9' || n > 0 && (text[n] == '.' || text[n] == '%')) {
		n++
	}
	return n
}

// writeFigure asks for a figure or writes it; rest is what follows it.
func writeFigure(b *strings.Builder, rng *rand.Rand, text, rest string) {
	switch {
	case rng.Float64() >= askedFigure:
		b.WriteString(text)
	case strings.HasPrefix(rest, "年") || strings.HasPrefix(rest, "月") || strings.HasPrefix(rest, "日"):
		b.WriteString(pick(rng, dates))
	default:
		b.WriteString(pick(rng, figures))
	}
}

func pick(rng *rand.Rand, words []string) string { return words[rng.IntN(len(words))] }
