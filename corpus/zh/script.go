package zh

import (
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
)

// Simplified is s as a paper in Simplified characters prints it: one character
// for each Traditional one or variant (裡 and 裏: 里, 臺: 台), and “”‘’ for 「」『』.
// It has the length of s, and every character keeps its place, so that a span of
// one is the same span of the other: rules written in Simplified characters read
// either script through it. What is in Simplified print comes back as it is, at no
// cost in memory. The result is for reading and comparing, never for showing.
//
// Several Traditional characters may come to one (幹: 干; 後: 后; 麵: 面), which
// stands for its own meaning as well (后 of 皇后). The few that Simplified print
// has too, in some words, stay here, and only Fold joins them with the others: 乾坤
// stays 乾坤, and folds to 干坤 as 乾淨 does to 干净.
func Simplified(s string) string {
	at := firstTraditional(s)
	if at < 0 {
		return s
	}
	b := []byte(s)
	for at < len(b) {
		r, n := utf8.DecodeRune(b[at:])
		if f := simplify(r); f != r {
			utf8.EncodeRune(b[at:at+n], f)
		}
		at += n
	}
	return string(b)
}

// The first bytes, in UTF-8, of the runes that simplify may change.
const (
	firstLead = 0xE3 // of 「
	lastLead  = 0xE9 // of lastIdeograph
)

// firstTraditional is where s is not in Simplified print, -1 where it all is. It
// takes half as long as decoding rune by rune. Of bytes that are no UTF-8 it may
// give some that only look like a character.
func firstTraditional(s string) int {
	for i := 0; i+2 < len(s); i++ {
		if s[i] < firstLead || s[i] > lastLead {
			continue
		}
		r := rune(s[i]&0x0F)<<12 | rune(s[i+1]&0x3F)<<6 | rune(s[i+2]&0x3F)
		if simplify(r) != r {
			return i
		}
	}
	return -1
}

// simplify is the Simplified form of one character, which has its length in UTF-8.
func simplify(r rune) rune {
	if r >= firstIdeograph && r <= lastIdeograph {
		if f := simplified[r-firstIdeograph]; f != 0 && !inBothScripts(r) {
			return rune(f)
		}
		return r
	}
	switch r {
	case '「':
		return '“'
	case '」':
		return '”'
	case '『':
		return '‘'
	case '』':
		return '’'
	}
	return r
}

// inBothScripts reports whether a character that the table knows is printed in
// Simplified characters too: in names (乾县, 哪吒), or in words of its own (著名, 瞭望, 慰藉).
func inBothScripts(r rune) bool {
	return r == '乾' || r == '著' || r == '瞭' || r == '藉' || r == '吒'
}

// AsPrinted is the first stretch of a printed text that reads so in Simplified
// characters; ok is false where there is none.
func AsPrinted(printed, read string) (words string, ok bool) {
	i := strings.Index(Simplified(printed), read)
	if i < 0 {
		return "", false
	}
	return printed[i : i+len(read)], true
}

// SimplifiedArticle is a with its words in Simplified characters: its title block,
// byline, text, office and speaker. Its spans hold for both. It is a itself, which
// is not changed, where there is nothing to do.
func SimplifiedArticle(a *corpus.Article) *corpus.Article {
	if a == nil {
		return nil
	}
	read := *a
	changed := false
	for _, s := range []*string{
		&read.Kicker, &read.Title, &read.Subtitle, &read.Byline, &read.Office, &read.Text,
		&read.Facets.Speaker, &read.Facets.Office,
	} {
		t := Simplified(*s)
		changed = changed || t != *s
		*s = t
	}
	if !changed {
		return a
	}
	return &read
}
