package main

import (
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"wenbao/corpus"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/zh"
	"wenbao/rag"
)

// filterFlags narrow what may be found. They speak of what was printed, in
// contrast to --newspaper, --date and --edition, which say where files are from.
type filterFlags struct {
	places                            []string
	period, kind, since, until, paper string
	article                           string
	k                                 int
	explain                           bool
}

func (f *filterFlags) declare(m messages, fs *pflag.FlagSet) {
	fs.StringArrayVar(&f.places, "place", nil, m.FlagPlace)
	fs.StringVar(&f.period, "period", "", m.FlagPeriod)
	fs.StringVar(&f.kind, "kind", "", m.FlagKind)
	fs.StringVar(&f.since, "since", "", m.FlagSince)
	fs.StringVar(&f.until, "until", "", m.FlagUntil)
	fs.StringVar(&f.paper, "paper", "", m.FlagPaper)
	fs.StringVar(&f.article, "article", "", m.FlagArticle)
	fs.IntVar(&f.k, "k", 0, m.FlagK)
	fs.BoolVar(&f.explain, "explain", false, m.FlagExplain)
}

// filter reads the flags' values; the errors are usage errors.
func (f *filterFlags) filter(m messages) (rag.Filter, error) {
	if f.k < 0 || f.k > rag.MaxK {
		return rag.Filter{}, usagef(m.BadK, rag.MaxK)
	}
	out := rag.Filter{Places: f.places, Newspaper: f.paper, Article: f.article}
	var ok bool
	if out.Years, ok = parseYears(f.period); !ok {
		return rag.Filter{}, usagef(m.BadPeriod, f.period)
	}
	if out.Kind, ok = parseKind(f.kind); !ok {
		return rag.Filter{}, usagef(m.BadKind, f.kind)
	}
	var err error
	if out.Since, err = corpus.ParseDate(f.since); err != nil {
		return rag.Filter{}, usagef(m.BadDate, "--since", f.since)
	}
	if out.Until, err = corpus.ParseDate(f.until); err != nil {
		return rag.Filter{}, usagef(m.BadDate, "--until", f.until)
	}
	out.Until = lastDay(out.Until)
	return out, nil
}

// fullNames puts the full names that a collection knows (临江区) in place of short
// forms (临江), in Simplified characters as those are. Names that it does not know stay.
func fullNames(names, known []string) []string {
	var out []string
	for _, name := range names {
		name = zh.Simplified(name)
		isShort := func(full string) bool { return gazetteer.ShortForm(full) == name }
		if slices.Contains(known, name) || !slices.ContainsFunc(known, isShort) {
			out = append(out, name)
			continue
		}
		for _, full := range known {
			if isShort(full) {
				out = append(out, full)
			}
		}
	}
	return out
}

// lastDay makes "until 2024" mean its last day: a date without month and day
// sorts before them all.
func lastDay(d corpus.Date) corpus.Date {
	switch {
	case d.IsZero() || d.Day != 0:
		return d
	case d.Month == 0 || d.Month == 12:
		return corpus.Date{Year: d.Year, Month: 12, Day: 31}
	}
	return corpus.Date{Year: d.Year, Month: d.Month + 1, Day: 1}.AddDays(-1)
}

// parseYears reads "2025" and "2021-2025"; "" is any year.
func parseYears(s string) (corpus.Years, bool) {
	if s == "" {
		return corpus.Years{}, true
	}
	from, to, ok := strings.Cut(strings.TrimSuffix(s, "年"), "-")
	if !ok {
		to = from
	}
	y := corpus.Years{From: parseYear(from), To: parseYear(to)}
	return y, y.From > 0 && y.To >= y.From
}

// parseYear gives 0 for what is no year of four digits.
func parseYear(s string) int {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "年"))
	if len(s) != len("2025") {
		return 0
	}
	year, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return 0
	}
	return int(year)
}

// parseKind knows the kinds by their English and Chinese names; "" is any kind.
func parseKind(s string) (corpus.Kind, bool) {
	switch strings.ToLower(zh.Simplified(s)) {
	case "":
		return "", true
	case "result", "results", "成果", "成绩":
		return corpus.KindResult, true
	case "plan", "plans", "计划", "安排":
		return corpus.KindPlan, true
	case "statement", "statements", "表态", "观点":
		return corpus.KindStatement, true
	}
	return "", false
}
