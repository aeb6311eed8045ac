package extract

import (
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// anyYear is a day to see a question's months and days from; the year that it
// gives them is not looked at.
var anyYear = corpus.Date{Year: 2024, Month: 12, Day: 31}

// daysOf are the days that a question names by month and day, without a year.
func daysOf(question string) []corpus.Date {
	if !strings.Contains(question, "月") {
		return nil
	}
	var out []corpus.Date
	for _, t := range zh.Times(question, anyYear) {
		if t.Date.Day > 0 && strings.Contains(t.In(question), "月") {
			out = append(out, corpus.Date{Month: t.Date.Month, Day: t.Date.Day})
		}
	}
	return out
}

// daysIn are the days that printed words name, without their years, seen from
// the day of printing.
func daysIn(text string, printed corpus.Date) []corpus.Date {
	var out []corpus.Date
	for _, t := range zh.Times(text, printed) {
		if t.Date.Day > 0 {
			out = append(out, corpus.Date{Month: t.Date.Month, Day: t.Date.Day})
		}
	}
	return out
}
