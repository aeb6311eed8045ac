package extract

import (
	"regexp"
	"slices"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag"
)

// asksCount is a word that asks for a number.
var asksCount = regexp.MustCompile(`多少|几|好多|多[长大高远宽深]`)

// countParts gives for each number asked for the index of the question's part that
// it stands in, and the parts; no index where they do not agree with the counts.
func countParts(q rag.Query) (parts []string, at []int) {
	parts = strings.FieldsFunc(q.Text, isPartMark)
	for i, part := range parts {
		for range asksCount.FindAllString(part, -1) {
			at = append(at, i)
		}
	}
	if len(at) != len(q.Counts) {
		return parts, nil
	}
	return parts, at
}

// countPeriods gives each number asked for the years of the part of the question
// that it stands in: 收入2024年多少，2025年增长多少 asks for 2025's growth alone. A
// part without a year is of the years before it. It is nil where the parts name
// fewer than two years, or name them in relation to today (去年).
func countPeriods(q rag.Query) [][]corpus.Years {
	if len(q.Counts) < 2 || len(q.Periods) < 2 {
		return nil
	}
	parts, at := countParts(q)
	var out [][]corpus.Years
	var years []corpus.Years
	for i, part := range parts {
		named, sure := yearsIn(part)
		if !sure {
			return nil
		}
		if len(named) > 0 {
			years = named
		}
		for ; len(out) < len(at) && at[len(out)] == i; out = append(out, years) {
			if years == nil {
				return nil
			}
		}
	}
	return out
}

// apart answers the numbers of a question each by the words of its own part:
// 民生支出多少，教育投入多少 asks for two things. Every part has to be printed whole,
// and in one article, or there is no such answer: a part may also go on about the
// one before it (机场有几个，总投资多少).
func (a *Answerer) apart(q rag.Query, p pool, terms []term, periods [][]corpus.Years) []item {
	parts, at := countParts(q)
	var out []item
	for i, k := range at {
		if i > 0 && at[i-1] == k {
			return nil
		}
		own := termsIn(terms, parts[k])
		var whole pool
		for _, e := range p {
			e.around.found = nil // it is of the other terms
			e.score = coverage(own, e.around)
			if len(own) > 0 && e.score.own >= wholeTopic && (periods == nil || e.inPeriod(periods[i])) {
				whole = append(whole, e)
			}
		}
		of := a.termFor(q.Counts[i].Of, own)
		items := a.shorts(whole, wholeTopic, func(e *evidence) (item, bool) { return figure(q, q.Counts[i], of, e, own) })
		j := slices.IndexFunc(items, func(it item) bool { return len(out) == 0 || it.hit.Article == out[0].hit.Article })
		if j < 0 {
			return nil
		}
		out = append(out, items[j])
	}
	return out
}

// termsIn are the terms that a part of a question has; without one that tells
// questions apart there are none.
func termsIn(terms []term, part string) []term {
	part = zh.Fold(part)
	var out []term
	heavy := false
	for _, t := range terms {
		if t.word == "" || strings.Contains(part, t.word) {
			out = append(out, t)
			heavy = heavy || t.weight > lightWeight && t.word != ""
		}
	}
	if !heavy {
		return nil
	}
	return out
}

// yearsIn are the years that a part of a question names by their numbers; it is
// not sure of them where others are named otherwise (比上年).
func yearsIn(part string) (years []corpus.Years, sure bool) {
	for _, t := range zh.Times(part, corpus.Date{}) {
		switch {
		case !t.Years.IsZero():
			years = append(years, t.Years)
		case strings.Contains(t.In(part), "年"):
			return nil, false
		}
	}
	return years, true
}

// isPartMark reports whether a mark parts a question into two.
func isPartMark(r rune) bool { return strings.ContainsRune("，,；;、？?。", r) }
