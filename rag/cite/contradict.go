package cite

import (
	"cmp"
	"slices"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/reading"
)

// Told is a figure as one passage tells it. Whoever shows it finds the date and
// the speaker with the citation's article.
type Told struct {
	Citation rag.Citation // N is 0: it is not numbered
	Facets   corpus.Facets
	// Figure is the figure as printed.
	Figure string
}

// Contradiction is two passages that give different figures for one thing: the
// same place and years, result against result or plan against plan, the same
// words beside the figure and the same unit. The earlier printed comes first.
type Contradiction struct{ A, B Told }

// Contradictions compares the passages of different articles. What is told as of
// a day (截至1月13日), of a part (其中), or inexactly contradicts nothing. The hits
// are not changed; the order is theirs.
func (c *Checker) Contradictions(hits []rag.Hit) []Contradiction {
	var all []telling
	for i := range hits {
		all = append(all, c.tellings(i+1, &hits[i])...)
	}
	var out []Contradiction
	for i, a := range all {
		for _, b := range all[i+1:] {
			if !a.contradicts(b) {
				continue
			}
			pair := Contradiction{a.told(), b.told()}
			if older(b.source.hit, a.source.hit) {
				pair.A, pair.B = pair.B, pair.A
			}
			out = append(out, pair)
		}
	}
	return out
}

func older(a, b *rag.Hit) bool {
	return cmp.Or(a.Article.Meta().Date.Compare(b.Article.Meta().Date), cmp.Compare(a.Article.ID, b.Article.ID)) < 0
}

// telling is a figure that can be compared with others.
type telling struct {
	source *source
	clause *clause
	quantity
	terms []string
}

func (c *Checker) tellings(n int, h *rag.Hit) []telling {
	s := c.open(n, h)
	r := reviewer{c: c, hits: []rag.Hit{*h}}
	var out []telling
	for i := range s.clauses {
		cl := &s.clauses[i]
		if cl.facets.Period.IsZero() || len(cl.facets.Places) == 0 || cl.partOf || cl.before != "" || strings.Contains(cl.whole, "截至") {
			continue
		}
		for _, q := range cl.quantities {
			terms := r.terms(q.beside)
			if len(terms) < fewestTerms || q.bound != exactly || q.role != noRole || q.class == "" {
				continue
			}
			slices.Sort(terms)
			out = append(out, telling{s, cl, q, terms})
		}
	}
	return out
}

// contradicts reports whether two figures cannot both be right.
func (t telling) contradicts(u telling) bool {
	f, g := t.clause.facets, u.clause.facets
	return t.source.hit.Article.ID != u.source.hit.Article.ID &&
		f.Period == g.Period && f.Kind == g.Kind && slices.Equal(f.Places, g.Places) &&
		t.class == u.class && slices.Equal(t.terms, u.terms) && slices.Equal(t.mentions(), u.mentions()) &&
		t.value.Cmp(u.value) != 0
}

// mentions are the places named in the clause itself: 沙湾街道's figure is not
// 白塔镇's.
func (t telling) mentions() []string {
	var out []string
	for _, name := range t.clause.facets.Mentions {
		if strings.Contains(t.clause.folded, zh.Fold(name)) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func (t telling) told() Told {
	told := Told{Citation: quoted{t.source, t.clause.span}.citation(0), Facets: t.clause.facets, Figure: t.printed}
	told.Facets.Speaker = reading.AsPrinted(t.source.printed, told.Facets.Speaker)
	told.Facets.Office = reading.AsPrinted(t.source.printed, told.Facets.Office)
	if figure, ok := zh.AsPrinted(told.Citation.Quote, told.Figure); ok {
		told.Figure = figure
	}
	return told
}
