package index

import (
	"slices"

	"wenbao/corpus"
)

// newerWeight is what a passage printed on the newest day of the collection gains
// on an old one, where the question names no time: less than a word that is not
// there, so that it decides between reports that say the same.
const newerWeight = 0.3

// newest is the day of the newest passage, zero where none has one.
func (ix *Index) newest() corpus.Date {
	if ix.Len() == 0 {
		return corpus.Date{}
	}
	return numberDate(slices.Max(ix.columns.date))
}

// setRecency says how much newer each reading is than all those of known days on the
// average; one of an unknown day is taken for as new as they are.
func setRecency(read []Reading, days []corpus.Date, newest corpus.Date) {
	sum, known := 0.0, 0
	for i, day := range days {
		if !day.IsZero() {
			read[i].recency = recency(day, newest)
			sum += read[i].recency
			known++
		}
	}
	for i, day := range days {
		if !day.IsZero() {
			read[i].recency -= sum / float64(known)
		}
	}
}

// recency is 1 for the newest day, 1/2 a year before it, 1/3 two years before.
func recency(day, newest corpus.Date) float64 {
	return 1 / (1 + max(0, yearsOf(newest)-yearsOf(day)))
}

// yearsOf is a day as a number of years.
func yearsOf(d corpus.Date) float64 {
	const months, days = 12, 372 // of 31 days each
	return float64(d.Year) + float64(max(d.Month, 1)-1)/months + float64(max(d.Day, 1)-1)/days
}
