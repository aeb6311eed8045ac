package bot

// ParsePress reads what a button carries and writes it again.
func ParsePress(data string) (again string, ok bool) {
	p, ok := parsePress(data)
	return p.String(), ok
}

// Catalogue are the words of a language, a struct of strings.
func Catalogue(lang string) any { return *wordsIn(lang) }
