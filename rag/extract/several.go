package extract

import (
	"fmt"
	"slices"
	"strings"

	"wenbao/rag"
	"wenbao/rag/extract/rank"
)

// partFinding is what there is for one of several questions that are asked at once.
type partFinding struct {
	query rag.Query
	items []item // none where nothing answers it
}

// maxPartItems is how many lines one of several questions gets, maxPartList one
// that asks for several things.
const (
	maxPartItems = 1
	maxPartList  = 3
)

// several answers questions that are asked at once each for itself, out of the hits
// for all of them. It is nil where only one is asked, where none of them has an
// answer of its own. Where all together are not likely to have one, the questions are
// about one thing that is not printed, or about several: then each counts that can be
// understood alone and is sure to have one. The articles that have answered before are
// asked first: the questions are mostly about one thing.
func (a *Answerer) several(q rag.Query, hits []rag.Hit, whole rank.Reading) []partFinding {
	if len(q.Parts) == 0 || len(whole.Sentences) == 0 || contact.MatchString(q.Text) {
		return nil
	}
	var out []partFinding
	subjects := []string{whole.Sentences[0].Hit.Article.ID}
	answered := false
	believed := whole.Confidence >= a.opt.minConfidence()
	for _, part := range q.Parts {
		if !believed && (a.leans(part) || a.ranker.Read(part, hits).Confidence < sure) {
			out = append(out, partFinding{query: part})
			continue
		}
		found := partFinding{query: part, items: a.part(part, ofArticles(hits, subjects))}
		if len(found.items) == 0 && !a.leans(part) {
			found.items = a.part(part, hits)
		}
		for _, it := range found.items {
			subjects = append(subjects, it.hit.Article.ID)
			answered = true
		}
		out = append(out, found)
	}
	if !answered {
		return nil
	}
	return out
}

// leans reports whether a question has too few words to be understood without the
// others (总投资多少？): then only the articles that answer those can answer it.
func (a *Answerer) leans(q rag.Query) bool {
	telling := 0
	for _, t := range a.terms(q) {
		if t.weight > lightWeight {
			telling++
		}
	}
	return telling < fewestTelling
}

// fewestTelling is how many words that tell questions apart a question has that
// stands alone.
const fewestTelling = 2

// ofArticles are the hits of some articles, by their IDs.
func ofArticles(hits []rag.Hit, ids []string) []rag.Hit {
	return slices.DeleteFunc(slices.Clone(hits), func(h rag.Hit) bool { return !slices.Contains(ids, h.Article.ID) })
}

// part are the items for one of several questions: only what answers it, and
// nothing that comes near.
func (a *Answerer) part(q rag.Query, hits []rag.Hit) []item {
	place := ""
	switch {
	case len(hits) == 0 || len(q.Unknown) > 0 || len(a.strangers(q, hits)) > 0:
		return nil
	case len(q.Places) > 0:
		place = q.Places[0]
	}
	q, hits = byOffice(q, hits)
	f := a.answerFor(q, place, hits, a.ranker.Read(q, hits))
	if f.near != exact {
		return nil
	}
	most := maxPartItems
	if q.Asks == rag.AsksList {
		most = maxPartList
	}
	return f.items[:min(len(f.items), most)]
}

// addParts writes a line for each of several questions, and which of them have no
// answer. What one line has said another does not repeat.
func (c *composer) addParts(parts []partFinding) {
	whole := c.query
	var said []item
	var lines, missing []string
	for _, p := range parts {
		if len(p.items) == 0 {
			missing = append(missing, fmt.Sprintf(phraseMissingPart, strings.TrimRight(p.query.Text, "？?")))
			continue
		}
		for i := range p.items {
			c.asPrinted(&p.items[i])
		}
		all := distinctShorts(slices.Concat(said, p.items))
		c.query = p.query
		lines = append(lines, c.lines(all[len(said):])...)
		c.noteInferred(all[len(said):])
		said = all
	}
	c.query, c.answered = whole, true
	c.blocks = append(c.blocks, strings.Join(append([]string{bulleted("", lines)}, missing...), "\n"))
}
