package rank

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/asked"
)

// question is a question taken apart for comparing sentences with it.
type question struct {
	form asked.Form
	// text is the folded question with blanks for asking words, runes its length
	// without them.
	text  string
	runes int
	// grams are its pairs of characters and runs of letters and digits, words its
	// words of two characters and more, telling those of one
	// in a row as well, without light ones: what an article should not lack.
	grams, words, telling asked.Terms
	// rarity is how rare each gram is, by one that stands in one passage: at most 1.
	rarity map[string]float64
	// rarest is the weight of a term that stands in one passage.
	rarest float64
	// beside are the grams next to an asking word: what stands there in print,
	// the answer stands beside.
	beside asked.Terms
	// parts are the grams of each of the questions that are asked at once, also of
	// words that only ask.
	parts []asked.Terms
	query rag.Query
}

// maxWeight bounds the weight of a term, so that one word that nothing has
// printed does not drown the rest.
const maxWeight = 8

// weight is a term's inverse document frequency.
func (r *Ranker) weight(term string) float64 {
	df, n := r.DF(term)
	return min(asked.Rarity(df, n), maxWeight)
}

// reach is how many characters beside an asking word tell what is asked.
const reach = 5

// question takes a query apart.
func (r *Ranker) question(q rag.Query) *question {
	folded := zh.Fold(q.Text)
	out := &question{form: asked.FormOf(q), text: asked.WithoutAsking(folded), rarity: map[string]float64{}, query: q}
	out.runes = utf8.RuneCountInString(strings.ReplaceAll(out.text, " ", ""))
	about := subjectOf(q)
	for _, g := range asked.Grams(out.text) {
		if about == "" || strings.Contains(about, g) {
			out.grams.Add(g, r.weight(g))
		}
		df, n := r.DF(g)
		out.rarity[g] = min(asked.Rarity(df, n)/asked.Rarity(1, n), 1)
		out.rarest = min(asked.Rarity(1, n), maxWeight)
	}
	words := r.Words(out.text)
	inRow := inRows(out.text, words)
	for i, w := range words {
		if about != "" && !strings.Contains(about, w) {
			continue
		}
		single := utf8.RuneCountInString(w) == 1
		if !asked.Light(w) && (!single || inRow[i]) {
			out.telling.Add(w, r.weight(w))
		}
		if !single {
			out.words.Add(w, r.weight(w))
		}
	}
	for _, m := range asked.Asking(folded) {
		for _, g := range append(asked.Grams(lastRunes(folded[:m.Start], reach)), asked.Grams(firstRunes(folded[m.End:], reach))...) {
			out.beside.Add(g, r.weight(g))
		}
	}
	for _, part := range asked.Parts(folded) {
		var grams asked.Terms
		for _, g := range asked.Grams(asked.WithoutAsking(part)) {
			grams.Add(g, r.weight(g))
		}
		out.parts = append(out.parts, grams)
	}
	return out
}

// inRows marks the words of one character that stand next to another in a text: together
// they are mostly a name that the dictionary does not have, and one alone (管, 吃) is
// mostly said otherwise in print.
func inRows(text string, words []string) []bool {
	out := make([]bool, len(words))
	at, open := 0, -1 // where the word before ended, and which it was if it had one character
	for i, w := range words {
		n := strings.Index(text[at:], w)
		if n < 0 {
			open = -1
			continue
		}
		single := utf8.RuneCountInString(w) == 1
		if single && n == 0 && open >= 0 {
			out[open], out[i] = true, true
		}
		at += n + len(w)
		if open = -1; single {
			open = i
		}
	}
	return out
}

// subjectOf is what a query is about, folded: its topic, places, years and speaker.
// The rest of its text only asks (方面有什么安排), and no paper prints it. It is ""
// for a query that was not understood.
func subjectOf(q rag.Query) string {
	if q.Topic == "" {
		return ""
	}
	about := []string{strings.ReplaceAll(q.Topic, " ", ""), q.Speaker}
	for _, place := range slices.Concat(q.Places, q.Unknown) {
		about = append(about, place, gazetteer.ShortForm(place))
	}
	for _, years := range q.Periods {
		about = append(about, strconv.Itoa(years.From), strconv.Itoa(years.To))
	}
	return zh.Fold(strings.Join(about, "|"))
}

// said are the question's words that a folded text says in others: everyday words
// for which it has a printed one.
func (q *question) said(text string) []string {
	var out []string
	for _, w := range q.query.Wordings {
		for _, printed := range w.Printed {
			if strings.Contains(text, zh.Fold(printed)) {
				out = append(out, zh.Fold(w.Said))
				break
			}
		}
	}
	return out
}

// meant are the years of the question that a hit speaks of, and the places where it
// speaks of one of them, whether it names them (临江区, 2025年) or not (我区, 明年).
func (q *question) meant(h *rag.Hit) []string {
	var out []string
	speaks := false
	for _, place := range q.query.Places {
		for _, f := range []*corpus.Facets{&h.Passage.Facets, &h.Article.Facets} {
			if has(f.Places, place) || has(f.Mentions, place) {
				speaks = true
			}
		}
	}
	for _, place := range q.query.Places {
		if speaks { // of the other places other hits speak
			out = append(out, place, gazetteer.ShortForm(place))
		}
	}
	for _, years := range q.query.Periods {
		if h.Passage.Facets.Period.Overlaps(years) {
			out = append(out, strconv.Itoa(years.From), strconv.Itoa(years.To), "今年", "明年", "去年")
		}
	}
	return out
}

func has(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

func lastRunes(s string, n int) string {
	i := len(s)
	for ; i > 0 && n > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(s[:i])
		i -= size
	}
	return s[i:]
}
