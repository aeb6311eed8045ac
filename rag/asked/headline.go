package asked

import "strings"

// HeadlineSaid is the share of a folded headline's grams that a folded text says,
// times how rare the rarest of them is, from 0 to 1: 公告 does not do for a headline of
// which a name is said. rarity gives that of each gram of the text.
func HeadlineSaid(headline, text string, rarity map[string]float64) float64 {
	grams := Grams(headline)
	if len(grams) == 0 {
		return 0
	}
	n, rarest := 0, 0.0
	for _, g := range grams {
		if strings.Contains(text, g) {
			n++
			rarest = max(rarest, rarity[g])
		}
	}
	return rarest * float64(n) / float64(len(grams))
}
