package source

import (
	"fmt"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// fence begins and ends front matter.
const fence = "---"

// maxFrontLines bounds front matter, so that a page that begins with a printed
// rule is not searched to its end.
const maxFrontLines = 40

// frontMatter is what the block at the start of a text file says.
type frontMatter struct {
	title string
	meta  corpus.Meta
	known bool // a key was known
}

// cutFrontMatter takes the block off clean text:
//
//	---
//	newspaper: 云泽日报
//	日期：2024年12月31日
//	---
//
// A block counts when it is closed, has nothing but "key: value" lines, comments
// (#) and empty lines, and has at least one known key; everything else is printed
// text. Unknown keys say nothing. Values that cannot be read are problems.
func cutFrontMatter(text string) (front frontMatter, body string, problems []Problem) {
	line, rest, found := strings.Cut(strings.TrimLeft(text, "\n"), "\n")
	if !found || strings.TrimRight(line, " \t") != fence {
		return frontMatter{}, text, nil
	}
	skipped := len(text) - len(strings.TrimLeft(text, "\n"))
	for i := range maxFrontLines {
		line, rest, found = strings.Cut(rest, "\n")
		line = strings.TrimSpace(line)
		if line == fence {
			break
		}
		key, value, isField := cutField(line)
		if !found || !isField && line != "" && !strings.HasPrefix(line, "#") || i == maxFrontLines-1 {
			return frontMatter{}, text, nil
		}
		if err := front.set(key, value); err != nil {
			problems = append(problems, Problem{Line: skipped + i + 2, Err: err})
		}
	}
	if !front.known {
		return frontMatter{}, text, nil
	}
	return front, rest, problems
}

// cutField splits "key: value" at a colon of half or full width.
func cutField(line string) (key, value string, ok bool) {
	i := strings.IndexAny(line, ":：")
	if i <= 0 || strings.HasPrefix(line, "#") {
		return "", "", false
	}
	key = strings.ToLower(strings.TrimSpace(line[:i]))
	value = strings.TrimPrefix(strings.TrimPrefix(line[i:], ":"), "：")
	return key, unquote(strings.TrimSpace(value)), true
}

// unquote takes off a pair of straight quotes.
func unquote(s string) string {
	if n := len(s); n >= 2 && s[0] == s[n-1] && (s[0] == '"' || s[0] == '\'') {
		return s[1 : n-1]
	}
	return s
}

func (f *frontMatter) set(key, value string) error {
	known := true
	var err error
	switch zh.Simplified(key) {
	case "newspaper", "source", "报纸", "来源":
		f.meta.Newspaper = value
	case "title", "标题":
		f.title = value
	case "date", "日期":
		f.meta.Date, err = readDate(value)
	case "edition", "page", "版次", "版面":
		f.meta.Edition, err = readEdition(value)
	default:
		known = false
	}
	f.known = f.known || known
	return err
}

// readDate is parseDate with an error that names the value.
func readDate(value string) (corpus.Date, error) {
	d, ok := parseDate(value)
	if !ok {
		return corpus.Date{}, fmt.Errorf("date %q: %w", value, ErrDate)
	}
	return d, nil
}

// readEdition is parseEdition with an error that names the value; "" is no edition.
func readEdition(value string) (string, error) {
	edition, ok := parseEdition(value)
	if !ok && value != "" {
		return "", fmt.Errorf("edition %q: %w", value, ErrFormat)
	}
	return edition, nil
}
