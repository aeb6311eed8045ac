package eval

import (
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

// PrintedElsewhere reports whether another document than those of the question's
// story prints its answers: an article of the sentences has at least half of
// those that have three characters and are no words of the question. Published
// sets do not name every report of a story.
func PrintedElsewhere(q *Judged, found []rank.Sentence) bool {
	question := zh.Fold(q.Question)
	var telling []string
	for _, answer := range q.Answers {
		answer = strings.TrimRight(zh.Fold(strings.TrimSpace(answer)), ".")
		if utf8.RuneCountInString(answer) >= shortestTelling && !strings.Contains(question, answer) && !slices.Contains(telling, answer) {
			telling = append(telling, answer)
		}
	}
	seen := map[string]bool{}
	for i := range found {
		article := found[i].Hit.Article
		if len(telling) == 0 || seen[article.ID] {
			continue
		}
		seen[article.ID] = true
		text := zh.Fold(article.Text)
		n := 0
		for _, answer := range telling {
			n += count(strings.Contains(text, answer))
		}
		if 2*n >= len(telling) {
			return true
		}
	}
	return false
}
