package facet

import (
	"slices"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/zh"
)

// Annotator finds facets. It is safe for concurrent use.
type Annotator struct {
	places *gazetteer.Gazetteer
	lexicon
}

// New returns an Annotator over g, which must not change any more.
func New(g *gazetteer.Gazetteer) *Annotator {
	return &Annotator{places: g, lexicon: newLexicon()}
}

// Page annotates the articles of one page: it returns copies with the inferred
// date, the city and the facets of the article as a whole. Only parts without a
// date get one. The articles of a page are evidence for each other: the city is
// the page's, and a name that one of them gives in full is known in all.
func (an *Annotator) Page(p corpus.Page, arts []corpus.Article) []corpus.Article {
	p.Text, p.Newspaper = zh.Simplified(p.Text), zh.Simplified(p.Newspaper)
	found := an.places.Find(p.Text)
	names := an.places.With(fullNames(found))
	city := an.city(p.Newspaper, p.Text, found)
	if city != "" {
		names = names.With([]string{city})
	}
	date, inferred := corpus.Date{}, false
	if p.Date.IsZero() {
		if date, _ = Stamp(p.Text); date.IsZero() {
			date, inferred = inferDate(p.Text), true
		}
	}
	out := make([]corpus.Article, len(arts))
	for i, a := range arts {
		a.Parts = slices.Clone(a.Parts)
		for j := range a.Parts {
			if a.Parts[j].Date.IsZero() && !date.IsZero() {
				a.Parts[j].Date, a.Parts[j].DateInferred = date, inferred
			}
		}
		a.City = city
		a.Facets = an.articleFacets(&a, names)
		out[i] = a
	}
	return out
}

// articleFacets are an article's facets, for who speaks as printed.
func (an *Annotator) articleFacets(a *corpus.Article, names *gazetteer.Gazetteer) corpus.Facets {
	read := *zh.SimplifiedArticle(a)
	f := an.article(&read, names)
	read.Facets = f
	f.Kind = an.usualKind(&read)
	printed := a.Text + "\n" + titles(a) + "\n" + a.Office
	f.Speaker, f.Office = asPrinted(printed, f.Speaker), asPrinted(printed, f.Office)
	return f
}

// asPrinted gives words read in a text in Simplified characters as it prints them.
func asPrinted(text, words string) string {
	if printed, ok := zh.AsPrinted(text, words); ok {
		return printed
	}
	return words
}

// article is the facets of an article as a whole.
func (an *Annotator) article(a *corpus.Article, names *gazetteer.Gazetteer) corpus.Facets {
	var f corpus.Facets
	f.Speaker, f.Office = an.articleSpeaker(a)
	if f.Office == "" {
		f.Office = a.Office
	}
	found := names.Find(a.Text)
	f.Places = an.articlePlaces(a, f.Office, names, found)
	for _, m := range found {
		if !m.InName && !slices.Contains(f.Places, m.Name) && !slices.Contains(f.Mentions, m.Name) {
			f.Mentions = append(f.Mentions, m.Name)
		}
	}
	return f
}

// usualKind is the kind that most of an article is of when it has plans for a
// known year and no headings to tell them from results: a plan, a result, or "".
// Statements do not count. An interview is taken for plans to begin with.
func (an *Annotator) usualKind(a *corpus.Article) corpus.Kind {
	c := an.ContextOf(a, nil)
	if c.PlanYear == 0 {
		return ""
	}
	if c.Speaker != "" {
		c.usual = corpus.KindPlan
	}
	weight := map[corpus.Kind]int{}
	for _, b := range a.Blocks {
		switch b.Kind {
		case corpus.BlockHeading:
			return ""
		case corpus.BlockParagraph, corpus.BlockList:
			text := b.Span.In(a.Text)
			for _, sp := range zh.Sentences(text) {
				weight[an.kindOf(newSentence(sp.In(text), c.Date), &c)] += sp.Len()
			}
		}
	}
	switch plans, results := weight[corpus.KindPlan], weight[corpus.KindResult]; {
	case plans > results:
		return corpus.KindPlan
	case results > plans:
		return corpus.KindResult
	}
	return ""
}

// fullNames are the names in full among matches, towns left out, each once.
func fullNames(ms []gazetteer.Match) []string {
	var out []string
	for _, m := range ms {
		if !m.Alias && m.Level != gazetteer.LevelTown && !slices.Contains(out, m.Name) {
			out = append(out, m.Name)
		}
	}
	return out
}

// titles is an article's title block in one string.
func titles(a *corpus.Article) string {
	return strings.Join([]string{a.Kicker, a.Title, a.Subtitle}, "\n")
}

// body is an article's running text from its first paragraph on.
func body(a *corpus.Article) string {
	for _, b := range a.Blocks {
		switch b.Kind {
		case corpus.BlockParagraph, corpus.BlockList, corpus.BlockTable:
			return a.Text[b.Span.Start:]
		}
	}
	return a.Text
}
