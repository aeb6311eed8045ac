package eval

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/extract/rank"
)

// Story are the documents that answer a question, and those that tell the same.
func (q *Judged) Story() []string { return slices.Concat(q.Relevant, q.NearDup) }

// HoldsAnswer reports whether a sentence of one of the question's documents holds
// one of its answers, as texts are compared: see zh.Fold.
func HoldsAnswer(q *Judged, s *rank.Sentence) bool {
	id := documents([]rag.Hit{*s.Hit})[0]
	if !slices.Contains(q.Relevant, id) {
		return false
	}
	text := zh.Fold(s.Text())
	return slices.ContainsFunc(q.Answers, func(answer string) bool {
		answer = zh.Fold(strings.TrimSpace(answer))
		return answer != "" && strings.Contains(text, answer)
	})
}

// shortestTelling is the least length of an answer, in characters, that does not
// stand in a document by chance.
const shortestTelling = 3

// Supporting are the documents of sentences that print a question's answers: those that
// have at least half of the answers that have three characters and are no words of the
// question. Published sets do not name every report of a story.
func Supporting(q *Judged, found []rank.Sentence) []string {
	telling := q.telling()
	var out []string
	seen := map[string]bool{}
	for i := range found {
		h := found[i].Hit
		if len(telling) == 0 || seen[h.Article.ID] {
			continue
		}
		seen[h.Article.ID] = true
		text := zh.Fold(h.Article.Text)
		n := 0
		for _, answer := range telling {
			n += count(strings.Contains(text, answer))
		}
		if 2*n >= len(telling) {
			out = append(out, documents([]rag.Hit{*h})[0])
		}
	}
	return out
}

// telling are the answers, folded, that tell whether a document has them.
func (q *Judged) telling() []string {
	question := zh.Fold(q.Question)
	var out []string
	for _, answer := range q.Answers {
		answer = strings.TrimRight(zh.Fold(strings.TrimSpace(answer)), ".")
		if utf8.RuneCountInString(answer) >= shortestTelling && !strings.Contains(question, answer) && !slices.Contains(out, answer) {
			out = append(out, answer)
		}
	}
	return out
}

// namedYear is a year in a folded question.
var namedYear = regexp.MustCompile(`(?:19|20)[0-9]{2}`)

// Misdated reports whether a question names a year that its documents do not speak of,
// as far as they are among those found: it takes what they print for another year's, and
// to refuse it is right.
func Misdated(q *Judged, found []rank.Sentence) bool {
	years := namedYear.FindAllString(zh.Fold(q.Question), -1)
	misdated := false
	for i := range found {
		h := found[i].Hit
		if len(years) == 0 || !slices.Contains(q.Relevant, documents([]rag.Hit{*h})[0]) {
			continue
		}
		text := h.Article.Meta().Date.String() + zh.Fold(h.Article.Title+"\n"+h.Article.Text)
		lacks := func(year string) bool { return !strings.Contains(text, year) }
		if misdated = slices.ContainsFunc(years, lacks); !misdated {
			return false
		}
	}
	return misdated
}

// mostRounds bounds how often Unsupported asks. Of the questions of crud_news and
// cmrc2018 that are learned from none needs so many.
const mostRounds = 10

// Unsupported asks a question without the documents that support an answer: those of
// its story, and as long as what is found supports one, those documents too. ask gets
// the documents to leave out and gives what is found without them; what it found at last
// supports no answer. The error is that of ask.
func Unsupported(q *Judged, ask func(without []string) ([]rank.Sentence, error)) error {
	without := q.Story()
	for range mostRounds {
		found, err := ask(slices.Clone(without))
		if err != nil {
			return err
		}
		more := Supporting(q, found)
		if len(more) == 0 {
			return nil
		}
		without = append(without, more...)
	}
	return nil
}
