package layout

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"wenbao/corpus"
)

// class is what a line looks like by itself.
type class int

const (
	body      class = iota
	short           // a line that could be a headline, a heading or a piece of a cut paragraph
	markdown        // "## …"
	marked          // "■ …", "一、…": a heading by its first character
	subtitle        // "——访…"
	byline          // "本报记者 …", "(云泽宣)"
	jumpFrom        // "(上接01版)"
	jumpTo          // "(下转03版)"
	listItem        // "1. …", "（一）…"
	tableLine       // cells
)

// token is a classified line, or the piece of a line that has a class of its own.
type token struct {
	class class
	span  corpus.Span // in the page's text, without surrounding white space
	inner corpus.Span // span without markers
	// style tells headings of the same rank: "##", "■", "一、".
	style string
	// block counts the blocks of lines that blank lines separate; hard says
	// that the line ends in two spaces, Markdown's line break.
	block int
	hard  bool
	// wrapped says that the line was broken at the column's width.
	wrapped bool
	// edition is the page that a jump line names.
	edition string
}

const (
	// maxHeadline is the longest line, in characters, that can be a headline or
	// a heading: one headline line of a broadsheet has at most some 30.
	maxHeadline = 40
	// maxByline leaves room for four or five correspondents.
	maxByline = 60
)

var (
	markdownMark = regexp.MustCompile(`^#{1,6}[ \t\x{3000}]*`)
	bulletMark   = regexp.MustCompile(`^[■◆●★▲▶◎□◇]+[ \t\x{3000}]*`)
	chapterMark  = regexp.MustCompile(`^[一二三四五六七八九十]{1,3}[、．.]`)
	itemMark     = regexp.MustCompile(`^(?:\d{1,2}[.、．)）]|[（(][一二三四五六七八九十\d]{1,3}[)）]|[①-⑳]|[-*•·▪○][ \t])[ \t\x{3000}]*`)
	jumpMark     = regexp.MustCompile(`[（(][\s\x{3000}]*(上接|紧接|接|下转|转)[\s\x{3000}]*第?[\s\x{3000}]*([A-Za-zＡ-Ｚ]?[\d０-９]{1,3})[\s\x{3000}]*版?[^()（）]{0,8}[)）]`)
)

// scan classifies the lines of a page.
func scan(text string) []token {
	lines := splitLines(text)
	width := wrapWidth(text, lines)
	var out []token
	for _, l := range lines {
		for _, t := range classify(text, l) {
			t.wrapped = width > 0 && runeLen(l.span.In(text)) >= width-2
			if t.wrapped && t.class == short {
				t.class = body
			}
			out = append(out, t)
		}
	}
	pairTables(text, out)
	return out
}

// splitLines cuts the text into trimmed lines and drops the empty ones.
func splitLines(text string) []token {
	var out []token
	block, blank := 0, true
	for start := 0; start < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[start:], '\n'); i >= 0 {
			end = start + i
		}
		line := text[start:end]
		sp := trim(text, corpus.Span{Start: start, End: end})
		if sp.Len() == 0 {
			blank = true
		} else {
			if blank {
				block++
			}
			blank = false
			out = append(out, token{span: sp, inner: sp, block: block, hard: strings.HasSuffix(line, "  ")})
		}
		start = end + 1
	}
	return out
}

// trim narrows a span to leave out white space and invisible characters at its ends.
func trim(text string, sp corpus.Span) corpus.Span {
	s := strings.TrimLeftFunc(sp.In(text), invisible)
	start := sp.End - len(s)
	return corpus.Span{Start: start, End: start + len(strings.TrimRightFunc(s, invisible))}
}

func invisible(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' || r == '\u200e' || r == '\u200f' || unicode.IsControl(r)
}

// wrapWidth finds the column width in characters of a text whose lines were
// broken at it, and 0 for a text whose lines are paragraphs: in a broken text
// most lines have the same length and few of them end a sentence.
func wrapWidth(text string, lines []token) int {
	const (
		minLines = 8
		minWidth = 10
		maxWidth = 45
	)
	if len(lines) < minLines {
		return 0
	}
	counts := map[int]int{}
	ending := 0
	for _, l := range lines {
		s := l.span.In(text)
		counts[runeLen(s)]++
		if closed(s) {
			ending++
		}
	}
	best, most := 0, 0
	for w := minWidth; w <= maxWidth; w++ {
		if n := counts[w] + counts[w-1] + counts[w-2]; n >= most && counts[w] > 0 {
			best, most = w, n
		}
	}
	if most*2 > len(lines) && ending*3 < len(lines) {
		return best
	}
	return 0
}

// classify gives a line its class; a line with a jump mark or a byline at one
// of its ends gives several tokens.
func classify(text string, l token) []token {
	s := l.span.In(text)
	if m := jumpMark.FindStringSubmatchIndex(s); m != nil {
		if m[0] == 0 || m[1] == len(s) {
			return splitJump(text, l, s, m)
		}
	}
	if cut, ok := leadingByline(s); ok {
		return splitAt(text, l, cut, byline, body)
	}
	if cut, ok := trailingByline(s); ok {
		return splitAt(text, l, cut, body, byline)
	}
	l.class, l.style, l.inner = classOf(text, l.span)
	return []token{l}
}

// splitJump makes a token of a jump mark at the beginning or the end of a line
// and classifies the rest.
func splitJump(text string, l token, s string, m []int) []token {
	mark := l
	mark.span = corpus.Span{Start: l.span.Start + m[0], End: l.span.Start + m[1]}
	mark.inner = mark.span
	mark.class = jumpFrom
	if strings.HasSuffix(s[m[2]:m[3]], "转") {
		mark.class = jumpTo
	}
	mark.edition = Edition(s[m[4]:m[5]])
	rest := l
	if m[0] == 0 {
		rest.span = trim(text, corpus.Span{Start: mark.span.End, End: l.span.End})
		if rest.span.Len() == 0 {
			return []token{mark}
		}
		return append([]token{mark}, classify(text, rest)...)
	}
	rest.span = trim(text, corpus.Span{Start: l.span.Start, End: mark.span.Start})
	return append(classify(text, rest), mark)
}

func splitAt(text string, l token, cut int, a, b class) []token {
	first, second := l, l
	first.class, second.class = a, b
	first.span = trim(text, corpus.Span{Start: l.span.Start, End: l.span.Start + cut})
	second.span = trim(text, corpus.Span{Start: l.span.Start + cut, End: l.span.End})
	first.inner, second.inner = first.span, second.span
	if second.span.Len() == 0 {
		return []token{first}
	}
	if first.span.Len() == 0 {
		return []token{second}
	}
	return []token{first, second}
}

// classOf looks at a whole line.
func classOf(text string, sp corpus.Span) (class, string, corpus.Span) {
	s := sp.In(text)
	inner := func(n int) corpus.Span { return trim(text, corpus.Span{Start: sp.Start + n, End: sp.End}) }
	if m := markdownMark.FindString(s); m != "" {
		in := inner(len(m))
		style := strings.TrimRight(m, " \t\u3000")
		if b := bulletMark.FindString(in.In(text)); b != "" {
			style += b[:firstRune(b)]
		}
		if in.Len() > 0 && runeLen(in.In(text)) <= maxByline {
			return markdown, style, in
		}
	}
	brief := runeLen(s) <= maxHeadline && !closed(s)
	switch {
	case strings.HasPrefix(s, "——") || strings.HasPrefix(s, "──") || strings.HasPrefix(s, "--"):
		if runeLen(s) <= maxByline && !closed(s) {
			return subtitle, "", sp
		}
	case isByline(s):
		return byline, "", sp
	case isCells(s):
		return tableLine, "", sp
	}
	if b := bulletMark.FindString(s); b != "" {
		if brief {
			return marked, b[:firstRune(b)], sp
		}
		return listItem, "", sp
	}
	if chapterMark.MatchString(s) && brief {
		return marked, "一、", sp
	}
	if m := itemMark.FindString(s); m != "" {
		return listItem, itemStyle(m), sp
	}
	if brief && !strings.ContainsAny(s, "。；;") && commas(s) < 2 {
		return short, "", sp
	}
	return body, "", sp
}

// commas counts the commas within a line; one at its end may break a headline.
func commas(s string) int {
	s = strings.TrimRight(s, "，,")
	return strings.Count(s, "，") + strings.Count(s, ",")
}

func itemStyle(mark string) string {
	switch r, _ := utf8.DecodeRuneInString(mark); {
	case r == '（' || r == '(':
		return "（一）"
	case unicode.IsDigit(r):
		return "1."
	}
	return ""
}

func firstRune(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}

// isCells reports whether a line looks like the row of a table.
func isCells(s string) bool {
	return strings.Count(s, "|") >= 2 || strings.Count(s, "｜") >= 2 || strings.Contains(s, "\t")
}

// pairTables leaves only those rows tables that stand beside another row: a
// single line with a tab in it is a line with odd spaces.
func pairTables(text string, ts []token) {
	row := func(i int) bool { return i >= 0 && i < len(ts) && isCells(ts[i].span.In(text)) }
	for i := range ts {
		if ts[i].class != tableLine || row(i-1) && ts[i-1].class == tableLine || row(i+1) {
			continue
		}
		s := ts[i].span.In(text)
		ts[i].class = body
		if runeLen(s) <= maxHeadline && !closed(s) {
			ts[i].class = short
		}
	}
}

// closed reports whether a text ends where a sentence can end.
func closed(s string) bool {
	for s != "" {
		r, n := utf8.DecodeLastRuneInString(s)
		switch r {
		case '。', '！', '？', '!', '?', '…', '；', ';', '：', ':':
			return true
		case '”', '’', '」', '』', '）', ')', '"', '》':
			s = s[:len(s)-n]
			continue
		}
		return false
	}
	return false
}

// Edition brings a printed page number to its plain form: "０３" and "03" are "3",
// "A03" is "A3". What is not a page number is "".
func Edition(s string) string {
	var letters, digits strings.Builder
	for _, r := range s {
		switch {
		case r >= '０' && r <= '９':
			r = r - '０' + '0'
			digits.WriteRune(r)
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case r >= 'Ａ' && r <= 'Ｚ':
			letters.WriteRune(r - 'Ａ' + 'A')
		case r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z':
			letters.WriteRune(unicode.ToUpper(r))
		}
	}
	d := strings.TrimLeft(digits.String(), "0")
	if d == "" {
		return ""
	}
	return letters.String() + d
}
