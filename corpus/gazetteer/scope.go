package gazetteer

import "regexp"

// scopes are the wholes that a paper names without their names, with the words for
// each: the province and the country.
var scopes = []*regexp.Regexp{
	regexp.MustCompile(`[全我本]省|省内`),
	regexp.MustCompile(`[全我]国|国内`),
}

// Scope finds the first whole that a text in Simplified characters names (全省), "" for
// none, with what tells whether another text names the same one. What is told of a
// district is not told of its province.
func Scope(text string) (name string, in func(text string) bool) {
	for _, scope := range scopes {
		if name := scope.FindString(text); name != "" {
			return name, scope.MatchString
		}
	}
	return "", func(string) bool { return false }
}
