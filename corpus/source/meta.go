package source

import (
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// overlay is top, with what it leaves open taken from base.
func overlay(top, base corpus.Meta) corpus.Meta {
	if top.Newspaper == "" {
		top.Newspaper = base.Newspaper
	}
	if top.Date.IsZero() {
		top.Date, top.DateInferred = base.Date, base.DateInferred
	}
	if top.Edition == "" {
		top.Edition = base.Edition
	}
	return top
}

// metaFromPath reads what a path with forward slashes says: the date that comes
// last in it, what stands beside that date, and a newspaper's name.
//
//	2024-12-31/03.txt  20241231/03.txt  2024/12/31/A03.html  2024-12-31-03.txt
//	云泽日报/2024-12-31/03版.txt  云泽日报2024年12月31日03版.txt
func metaFromPath(p string) corpus.Meta {
	p = width.Fold.String(withoutExt(p))
	m := corpus.Meta{Newspaper: newspaperIn(p)}
	date, after, found := lastDate(p)
	m.Date = date
	if !found {
		after = path.Base(p)
	}
	for element := range strings.SplitSeq(after, "/") {
		edition, rest, marked := editionPrefix(strings.Trim(element, separators))
		if edition != "" && (marked || rest == "" && (found || m.Newspaper != "")) {
			m.Edition = edition
			break
		}
	}
	return m
}

// separators stand between the parts of a file's name.
const separators = " -_.,"

func withoutExt(p string) string {
	p = strings.TrimSuffix(p, ".gz")
	if formatOf(p) != unknown {
		p = strings.TrimSuffix(p, path.Ext(p))
	}
	return p
}

// lastDate finds the last date of a path and what follows it. A folder's name
// must consist of the date, a newspaper before it and an edition after it, so
// that the day of a backup is not taken for the day of printing; a file's name
// may hold any words.
func lastDate(p string) (d corpus.Date, after string, found bool) {
	for i := len(p) - 1; i >= 0; i-- {
		if !isDigit(p[i]) || i > 0 && isDigit(p[i-1]) {
			continue
		}
		d, after, found := datePrefix(p[i:])
		if !found {
			continue
		}
		before := strings.Trim(p[strings.LastIndexByte(p[:i], '/')+1:i], separators)
		beside, _, inFolder := strings.Cut(after, "/")
		beside = strings.Trim(beside, separators)
		edition, rest, _ := editionPrefix(beside)
		plain := (before == "" || isNewspaper(before)) && (beside == "" || edition != "" && rest == "")
		if plain || !inFolder && !strings.Contains(p[i:len(p)-len(after)], "/") {
			return d, after, true
		}
	}
	return corpus.Date{}, "", false
}

// newspaperIn finds the name that a path's element begins with, the nearest to
// the file first.
func newspaperIn(p string) string {
	elements := strings.Split(p, "/")
	for i := len(elements) - 1; i >= 0; i-- {
		name := elements[i]
		if end := strings.IndexAny(name, separators+"0123456789第"); end >= 0 {
			name = name[:end]
		}
		if isNewspaper(name) {
			return name
		}
	}
	return ""
}

// Names of newspapers have from three characters (大河报) to about eight; longer
// ones that end so are phrases.
const (
	minNameRunes = 3
	maxNameRunes = 10
)

// isNewspaper reports whether a word ends as newspapers' names do and not as
// another word for a report or notice.
func isNewspaper(name string) bool {
	name = zh.Simplified(name)
	n := utf8.RuneCountInString(name)
	if !strings.HasSuffix(name, "报") || n < minNameRunes || n > maxNameRunes {
		return false
	}
	for _, other := range []string{"通报", "预报", "简报", "海报", "情报", "举报", "申报", "月报", "年报", "季报", "工作汇报"} {
		if strings.HasSuffix(name, other) {
			return false
		}
	}
	return true
}

// parseEdition reads a page number as a file or a user gives it: 3, 03, A03,
// 03版, 第3版, 第三版, 头版; after 版 there may be the section's name (03版：要闻).
func parseEdition(s string) (edition string, ok bool) {
	edition, rest, marked := editionPrefix(strings.TrimSpace(width.Fold.String(s)))
	return edition, edition != "" && (marked || rest == "")
}

// editionPrefix reads the page number that s begins with, "" when there is none.
// marked says that 版 stands behind it. s has half-width letters and digits.
func editionPrefix(s string) (edition, rest string, marked bool) {
	rest = strings.TrimLeft(strings.TrimPrefix(s, "第"), " ")
	letter := ""
	if rest != "" && isLetter(rest[0]) {
		letter, rest = strings.ToUpper(rest[:1]), rest[1:]
	}
	n, digits, rest := leadingNumber(rest)
	if digits == 0 && letter == "" {
		n, rest = leadingChinese(rest)
	}
	after, marked := strings.CutPrefix(strings.TrimLeft(rest, " "), "版")
	if n == 0 || digits > 2 || digits == 0 && !marked {
		return "", s, false
	}
	if marked {
		rest = after
	}
	return letter + strconv.Itoa(n), rest, marked
}

// trimPrefix is s without what reads as prefix in Simplified characters at its
// beginning, trimSuffix without what does at its end.
func trimPrefix(s, prefix string) string {
	return s[len(s)-len(strings.TrimPrefix(zh.Simplified(s), prefix)):]
}

func trimSuffix(s, suffix string) string {
	return s[:len(strings.TrimSuffix(zh.Simplified(s), suffix))]
}

func isLetter(c byte) bool { return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' }

// leadingChinese reads a number from 一 to 九十九, or 头 for 1; 0 is none.
func leadingChinese(s string) (n int, rest string) {
	if rest := trimPrefix(s, "头"); rest != s {
		return 1, rest
	}
	digits := []rune("零一二三四五六七八九")
	tens, ones := 0, 0
	for i, r := range s {
		rest = s[i:]
		if r == '十' && tens == 0 {
			tens, ones = max(ones, 1), 0
			continue
		}
		digit := 0
		for v, c := range digits {
			if c == r {
				digit = v
			}
		}
		if digit == 0 || ones != 0 {
			return tens*10 + ones, rest
		}
		ones = digit
	}
	return tens*10 + ones, ""
}
