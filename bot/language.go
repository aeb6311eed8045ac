package bot

import "strings"

// The languages of the catalogue.
const (
	langZH = "zh"
	langEN = "en"
)

// languageOf is the language to speak: the one that was set, else the one that
// the user's own program is set to. Who says nothing speaks as the papers do.
func languageOf(set, users string) string {
	switch {
	case set != "":
		return set
	case users == "", strings.HasPrefix(strings.ToLower(users), langZH):
		return langZH
	}
	return langEN
}

// wordsIn gives the words of a language, English for one there is not.
func wordsIn(lang string) *catalogue {
	if lang == langZH {
		return chinese()
	}
	return english()
}
