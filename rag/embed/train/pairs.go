package train

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode/utf8"
)

// pair is two texts that are to lie near each other. Other pairs of the same
// group are neither near nor far.
type pair struct {
	asked, found string
	group        int
}

// kind is how a pair is made.
type kind int

const (
	aboutWord   kind = iota // a question about a sentence with a word of the colloquial table
	aboutAny                // a question about any sentence
	aboutNear               // a part of a sentence, and the sentences around it
	aboutTitle              // a title and a passage below it
	aboutReport             // two reports of one story
	kinds
)

// shares are how many pairs of 100 are of each kind.
var shares = [kinds]int{aboutWord: 40, aboutAny: 12, aboutNear: 30, aboutTitle: 12, aboutReport: 6}

// Passages are about as long as those of an index.
const leastPassage, mostPassage = 40, 180

// withTitle is the share of passages that have their article's title in front.
const withTitle = 0.6

// alike is how many questions about one printed word, each of another sentence, and
// how many about articles that follow each other in the text, come in one batch:
// what answers one is a hard negative for the other.
const alike = 2

// hidden is the share of questions whose sentence is left out of the passage.
const hidden = 0.5

// sentenceAt is a sentence by its article and place.
type sentenceAt struct{ article, sentence int32 }

// source makes pairs of articles. It does not change.
type source struct {
	articles []article
	rewriter *rewriter
	titled   []int32                 // articles with a title
	printed  []string                // the printed words of the table that stand in sentences
	where    map[string][]sentenceAt // the sentences of each, at most maxPlaces
	stories  [][2]int32              // articles that report the same
}

// maxPlaces is how many sentences are kept for a printed word.
const maxPlaces = 4000

func newSource(articles []article, rewriter *rewriter) *source {
	s := &source{articles: articles, rewriter: rewriter, where: map[string][]sentenceAt{}}
	for i := range articles {
		if articles[i].title != "" {
			s.titled = append(s.titled, int32(i))
		}
		for j, text := range articles[i].sentences {
			s.place(text, sentenceAt{int32(i), int32(j)})
		}
	}
	for w := range s.where {
		s.printed = append(s.printed, w)
	}
	slices.Sort(s.printed)
	s.stories = stories(articles)
	return s
}

// place keeps a sentence by the printed words in it.
func (s *source) place(text string, at sentenceAt) {
	for rest := text; rest != ""; {
		word := s.rewriter.word(rest)
		rest = rest[len(word):]
		if len(s.rewriter.said[word]) == 0 {
			continue
		}
		if places := s.where[word]; len(places) < maxPlaces && (len(places) == 0 || places[len(places)-1] != at) {
			s.where[word] = append(places, at)
		}
	}
}

// batch makes n pairs. The same seed and number give the same pairs.
func (s *source) batch(seed uint64, number, n int) []pair {
	rng := rand.New(rand.NewPCG(seed, uint64(number)))
	pairs := make([]pair, 0, n)
	for len(pairs) < n {
		k := s.kind(rng)
		first := rng.IntN(len(s.articles))
		word := ""
		if k == aboutWord {
			word = pick(rng, s.printed)
		}
		for i := first; i < min(first+alike, len(s.articles)) && len(pairs) < n; i++ {
			p := s.pair(rng, k, i, word)
			if utf8.RuneCountInString(p.asked) >= minAsked && utf8.RuneCountInString(p.found) >= minSentence {
				pairs = append(pairs, p)
			}
		}
	}
	return pairs
}

// kind draws a kind; one of which there is nothing becomes aboutAny.
func (s *source) kind(rng *rand.Rand) kind {
	x := rng.IntN(100)
	for k, share := range shares {
		if x -= share; x >= 0 {
			continue
		}
		switch k := kind(k); {
		case k == aboutWord && len(s.printed) == 0, k == aboutTitle && len(s.titled) == 0, k == aboutReport && len(s.stories) == 0:
			return aboutAny
		default:
			return k
		}
	}
	return aboutAny
}

// pair makes a pair of a kind: of the article, or of another one where the kind
// asks for it. word is a printed word for aboutWord.
func (s *source) pair(rng *rand.Rand, k kind, article int, word string) pair {
	a := &s.articles[article]
	sentence := rng.IntN(len(a.sentences))
	p := pair{group: article}
	switch k {
	case aboutWord:
		at := s.where[word][rng.IntN(len(s.where[word]))]
		p.group, a, sentence = int(at.article), &s.articles[at.article], int(at.sentence)
		p.asked = s.rewriter.question(rng, a.sentences[sentence], word)
		p.found = s.passage(rng, a, sentence, false)
	case aboutAny:
		p.asked = s.rewriter.question(rng, a.sentences[sentence], "")
		p.found = s.passage(rng, a, sentence, rng.Float64() < hidden)
	case aboutNear:
		p.asked = part(rng, a.sentences[sentence])
		p.found = s.passage(rng, a, sentence, true)
	case aboutTitle:
		p.group = int(s.titled[rng.IntN(len(s.titled))])
		a = &s.articles[p.group]
		p.asked = a.title
		if rng.IntN(2) == 0 {
			p.asked = s.rewriter.question(rng, a.title, "")
		}
		p.found = s.window(rng, a, rng.IntN(len(a.sentences)), -1)
	case aboutReport:
		story := s.stories[rng.IntN(len(s.stories))]
		other := &s.articles[story[1]]
		p.group, a = int(story[0]), &s.articles[story[0]]
		p.asked = s.rewriter.question(rng, a.sentences[rng.IntN(min(lead, len(a.sentences)))], "")
		p.found = s.window(rng, other, rng.IntN(min(lead, len(other.sentences))), -1)
	}
	return p
}

// lead is how many sentences at most tell what a report is about.
const lead = 4

// minAsked is the least number of characters of a text that asks.
const minAsked = 2

// passage is some sentences around one, which is left out where it is hidden, with
// the title in front where there is one, or not.
func (s *source) passage(rng *rand.Rand, a *article, sentence int, hide bool) string {
	without := -1
	if hide && len(a.sentences) > 1 {
		without = sentence
	}
	text := s.window(rng, a, sentence, without)
	if a.title != "" && rng.Float64() < withTitle {
		text = a.title + "\n" + text
	}
	return text
}

// window is sentences around one, but without the sentence without.
func (s *source) window(rng *rand.Rand, a *article, sentence, without int) string {
	want := leastPassage + rng.IntN(mostPassage-leastPassage)
	from, to := sentence, sentence+1
	have := 0
	if sentence != without {
		have = utf8.RuneCountInString(a.sentences[sentence])
	}
	for have < want && (from > 0 || to < len(a.sentences)) {
		if to == len(a.sentences) || from > 0 && rng.IntN(2) == 0 {
			from--
			have += utf8.RuneCountInString(a.sentences[from])
		} else {
			have += utf8.RuneCountInString(a.sentences[to])
			to++
		}
	}
	var b strings.Builder
	for i := from; i < to; i++ {
		if i != without {
			b.WriteString(a.sentences[i])
		}
	}
	return b.String()
}

// part is a sentence, or some characters of it that follow each other.
func part(rng *rand.Rand, sentence string) string {
	runes := []rune(sentence)
	if len(runes) <= leastAsked || rng.IntN(3) == 0 {
		return sentence
	}
	n := leastAsked + rng.IntN(len(runes)-leastAsked)
	from := rng.IntN(len(runes) - n + 1)
	return string(runes[from : from+n])
}
