package index

import (
	"slices"

	"wenbao/corpus"
	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/bitset"
)

// allow gives the passages that a filter lets through, nil for all.
func (c *columns) allow(f rag.Filter) *bitset.Set {
	if f.IsZero() {
		return nil
	}
	allowed := bitset.New(c.len())
	tests, possible := c.tests(f)
	if !possible {
		return allowed
	}
	for i := range c.len() {
		if !slices.ContainsFunc(tests, func(passes func(int) bool) bool { return !passes(i) }) {
			allowed.Add(uint32(i))
		}
	}
	return allowed
}

// tests are what a passage, by number, has to pass. It is not possible for any
// when the filter names only what no passage has.
func (c *columns) tests(f rag.Filter) (tests []func(i int) bool, possible bool) {
	if len(f.Places) > 0 {
		places := c.numbers(f.Places)
		if len(places) == 0 {
			return nil, false
		}
		tests = append(tests, func(i int) bool { return overlap(c.allPlaces(i), places) })
	}
	for _, t := range []struct {
		name   string
		column []uint32
	}{{string(f.Kind), c.kind}, {f.Newspaper, c.newspaper}} {
		if t.name == "" {
			continue
		}
		names := c.spellings(t.name)
		if len(names) == 0 {
			return nil, false
		}
		tests = append(tests, func(i int) bool { return slices.Contains(names, t.column[i]) })
	}
	if f.Article != "" {
		n := slices.Index(c.articleIDs, f.Article)
		if n < 0 {
			return nil, false
		}
		tests = append(tests, func(i int) bool { return c.article[i] == uint32(n) })
	}
	if len(f.Except) > 0 {
		except := make([]bool, len(c.articleIDs))
		for n, id := range c.articleIDs {
			except[n] = slices.Contains(f.Except, id)
		}
		tests = append(tests, func(i int) bool { return !except[c.article[i]] })
	}
	if !f.Years.IsZero() {
		tests = append(tests, func(i int) bool { return c.years(i).Overlaps(f.Years) })
	}
	if !f.Since.IsZero() || !f.Until.IsZero() {
		since, until := dateNumber(f.Since), lastNumber(f.Until)
		tests = append(tests, func(i int) bool { return c.date[i] != 0 && since <= c.date[i] && c.date[i] <= until })
	}
	return tests, true
}

// numbers are those of the names that there are. Names of places are in Simplified
// characters.
func (c *columns) numbers(names []string) []uint32 {
	var out []uint32
	for _, name := range names {
		if n := slices.Index(c.names, zh.Simplified(name)); n > 0 {
			out = append(out, uint32(n))
		}
	}
	return out
}

// spellings are the numbers of the names, printed in either script, that are this
// one; "" has none.
func (c *columns) spellings(name string) []uint32 {
	var out []uint32
	name = zh.Simplified(name)
	for n, printed := range c.names {
		if name != "" && len(printed) == len(name) && zh.Simplified(printed) == name {
			out = append(out, uint32(n))
		}
	}
	return out
}

// lastNumber is the number of the last day that a date stands for: an unknown
// day or month is any, an unknown date has no end.
func lastNumber(d corpus.Date) uint32 {
	const lastMonthAndDay, lastDay = 1231, 31
	switch {
	case d.IsZero():
		return ^uint32(0)
	case d.Month == 0:
		return dateNumber(d) + lastMonthAndDay
	case d.Day == 0:
		return dateNumber(d) + lastDay
	}
	return dateNumber(d)
}

func overlap(a, b []uint32) bool {
	return slices.ContainsFunc(a, func(n uint32) bool { return slices.Contains(b, n) })
}
