package gazetteer

import (
	"regexp"
	"slices"
	"strings"
)

// Whole is what a paper names without its name (全省, 我国): the province or the country.
// What is told of a district is not told of it.
type Whole struct {
	// Name is as printed, At where it stands.
	Name string
	At   int

	told     *regexp.Regexp
	province bool
}

// wholes are the words for each whole, not within others (安全国家标准), and the words by
// which another text tells of it.
var wholes = []struct {
	named, told *regexp.Regexp
	province    bool
}{
	{regexp.MustCompile(`(?:^|[^安健])([全我本]省|省内)`), regexp.MustCompile(`[全我本]省|省内|\p{Han}{2,3}省|自治区`), true},
	{regexp.MustCompile(`(?:^|[^安健完保])([全我]国|国内)`), regexp.MustCompile(`[全我中]国|国内`), false},
}

// titled, behind the word for a whole, makes it part of a title, a rank or a name.
var titled = regexp.MustCompile(`^(?:首|唯一|第|前列|率先|领先|最|仅|文明|卫生|劳动?模|人大|政协|先进|优秀|示范|百强|十[佳大强]|重点|统一|标准|生产总值|\p{Han}{1,4}[日周月节](?:期间|前|当天))`)

// FindWhole finds a whole that a text in Simplified characters names.
func FindWhole(text string) (Whole, bool) {
	for _, w := range wholes {
		for _, m := range w.named.FindAllStringSubmatchIndex(text, -1) {
			if !titled.MatchString(text[m[3]:]) {
				return Whole{Name: text[m[2]:m[3]], At: m[2], told: w.told, province: w.province}, true
			}
		}
	}
	return Whole{}, false
}

// ToldBy reports whether a clause that speaks for places tells of the whole: it names it,
// or it speaks for nothing within it and what stands above it names the whole. A
// province's own article speaks for it by name.
func (w Whole) ToldBy(clause, above string, places []string) bool {
	if w.told.MatchString(clause) {
		return true
	}
	if w.province && len(places) > 0 {
		return !slices.ContainsFunc(places, func(p string) bool { return !strings.HasSuffix(p, "省") && !strings.HasSuffix(p, "自治区") })
	}
	return len(places) == 0 && w.told.MatchString(above)
}
