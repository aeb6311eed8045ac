package cite

import (
	"cmp"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag"
)

// Computed is a figure that is not printed but follows from printed ones.
type Computed struct {
	// Value is the exact result in Unit, "580"; a share is rounded to a tenth of
	// a percent and says so with 约.
	Value, Unit string
	// Working shows how it comes about, with markers: 320张+260张=580张 [1][2].
	Working string
	// Citations are the numbers of the citations that it rests on, ascending.
	Citations []int
}

// sumKind is what a question wants to have computed.
type sumKind uint8

const (
	noSum sumKind = iota
	total
	difference
	share
)

var (
	asksTotal      = regexp.MustCompile(`一共|合计|总共|总计|加起来|共计`)
	asksDifference = regexp.MustCompile(`相差|差多少|差了?几|多多少|少多少|多几|少几|差距|比[^，。？]{1,20}[多少]\p{Han}{0,4}(?:几|多少)`)
	asksShare      = regexp.MustCompile(`占[^，？?]{0,12}(?:多少|几成|百分之几|比例|比重)|占比`)
)

func sumKindOf(question string) sumKind {
	switch {
	case asksDifference.MatchString(question):
		return difference
	case asksShare.MatchString(question):
		return share
	case asksTotal.MatchString(question):
		return total
	}
	return noSum
}

// operand is a printed figure that enters a sum.
type operand struct {
	quantity
	place    string
	citation int
	facets   corpus.Facets
	// value as printed in unit, without scaling to a class.
	figure zh.Figure
}

// Compute answers a question for a sum, a difference or a share from the
// figures of the quotes cited: one figure for each place that the question
// names, all of one unit, of the same years and kind, and none of them inexact.
// It reports false for every other question, and whenever the figures leave a
// choice: a sum is given only where there is nothing to choose.
func (c *Checker) Compute(q rag.Query, cited []rag.Citation) (Computed, bool) {
	kind := sumKindOf(q.Text)
	if kind == noSum || len(q.Places) < 2 || kind != total && len(q.Places) != 2 {
		return Computed{}, false
	}
	operands := make([]operand, 0, len(q.Places))
	for _, place := range q.Places {
		o, ok := c.operand(q, place, cited)
		if !ok {
			return Computed{}, false
		}
		operands = append(operands, o)
	}
	first := operands[0]
	for _, o := range operands[1:] {
		if o.figure.Unit != first.figure.Unit || o.facets.Kind != first.facets.Kind || o.facets.Period != first.facets.Period {
			return Computed{}, false
		}
	}
	return compute(kind, operands)
}

// operand is the one figure that the quotes give for a place: of the unit and
// with the words that the question counts in.
func (c *Checker) operand(q rag.Query, place string, cited []rag.Citation) (operand, bool) {
	var found []operand
	for i := range cited {
		for _, o := range c.operands(q, place, &cited[i]) {
			if !slices.ContainsFunc(found, func(f operand) bool { return f.value.Cmp(o.value) == 0 && f.figure.Unit == o.figure.Unit }) {
				found = append(found, o)
			}
		}
	}
	if len(found) != 1 || found[0].bound != exactly {
		return operand{}, false
	}
	return found[0], true
}

func (c *Checker) operands(q rag.Query, place string, cited *rag.Citation) []operand {
	s := c.open(cited.N, &rag.Hit{Passage: cited.Passage, Article: cited.Article})
	at := strings.Index(cited.Passage.Text, cited.Quote)
	if at < 0 {
		return nil
	}
	quote := corpus.Span{Start: at, End: at + len(cited.Quote)}
	var out []operand
	for i := range s.clauses {
		cl := &s.clauses[i]
		if cl.span.End <= quote.Start || cl.span.Start >= quote.End || !slices.Contains(cl.facets.Places, place) || cl.partOf ||
			len(q.Periods) > 0 && !slices.ContainsFunc(q.Periods, cl.facets.Period.Overlaps) {
			continue
		}
		for j, f := range figuresOf(cl, s) {
			qu := cl.quantities[j]
			if counted(q, qu) && qu.role == noRole {
				out = append(out, operand{quantity: qu, place: place, citation: cited.N, facets: cl.facets, figure: f})
			}
		}
	}
	return out
}

// figuresOf are a clause's figures as printed, in step with its quantities.
func figuresOf(cl *clause, s *source) []zh.Figure {
	figures := zh.Figures(cl.span.In(s.text))
	if len(figures) != len(cl.quantities) {
		return nil
	}
	return figures
}

// counted reports whether a figure counts what the question asks for.
func counted(q rag.Query, qu quantity) bool {
	return slices.ContainsFunc(q.Counts, func(n rag.Count) bool {
		return n.Of != "" && strings.Contains(qu.beside, zh.Fold(n.Of)) && (n.Unit == "" || sameClass(quantity{class: classOf(n.Unit)}, qu))
	})
}

func classOf(unit string) string {
	class, _, _ := unitClass(unit)
	return class
}

// compute does the sum in exact decimals.
func compute(kind sumKind, operands []operand) (Computed, bool) {
	values := make([]*big.Rat, len(operands))
	for i, o := range operands {
		v, ok := new(big.Rat).SetString(o.figure.Value)
		if !ok {
			return Computed{}, false
		}
		values[i] = v
	}
	out := Computed{Unit: operands[0].figure.Unit}
	result, sign := new(big.Rat), "+"
	switch kind {
	case total:
		for _, v := range values {
			result.Add(result, v)
		}
	case difference:
		sign = "-"
		if values[0].Cmp(values[1]) < 0 {
			values[0], values[1] = values[1], values[0]
			operands[0], operands[1] = operands[1], operands[0]
		}
		result.Sub(values[0], values[1])
	case share:
		if values[1].Sign() == 0 {
			return Computed{}, false
		}
		sign, out.Unit = "÷", "%"
		result.Quo(values[0], values[1]).Mul(result, big.NewRat(hundred, 1))
	}
	var terms []string
	for i, o := range operands {
		terms = append(terms, decimal(values[i])+o.figure.Unit)
		out.Citations = union(out.Citations, []int{o.citation})
	}
	slices.SortFunc(out.Citations, cmp.Compare[int])
	out.Value = decimal(result)
	equals := "="
	if kind == share && !result.IsInt() {
		out.Value, equals = result.FloatString(1), "≈"
	}
	out.Working = strings.Join(terms, sign) + equals + out.Value + out.Unit + " " + markerText(out.Citations)
	return out, true
}

const hundred = 100

// decimal writes a number exactly, in 亿 or 万 where that leaves at most four
// places behind the point.
func decimal(v *big.Rat) string {
	for _, scale := range [...]struct {
		word string
		size int64
	}{{"亿", 1e8}, {"万", 1e4}} {
		size := big.NewRat(scale.size, 1)
		if new(big.Rat).Abs(v).Cmp(size) >= 0 {
			scaled := new(big.Rat).Quo(v, size)
			if n, exact := scaled.FloatPrec(); exact && n <= 4 {
				return scaled.FloatString(n) + scale.word
			}
		}
	}
	n, exact := v.FloatPrec()
	if !exact {
		n = 4
	}
	return v.FloatString(n)
}
