package cite

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// line is one line of a written text.
type line struct {
	// mark is the list mark in front, "· " whatever it was, "" for none.
	mark      string
	heading   bool
	sentences []written
}

func (l *line) blank() bool { return len(l.sentences) == 0 }

// written is a sentence under review.
type written struct {
	Reviewed
	// read is Text in Simplified characters.
	read    string
	support []support
}

// sentenceEnds are the marks that end a sentence.
const sentenceEnds = "。．！？!?；;…"

// The forms in which models write markers: [1] [1][2] [1,2] [1、2] [1-3] 【1】 ［1］ [^1]
// [来源1], superscripts, and (1) behind the words of a sentence. More than two
// digits make no marker: [2025].
var (
	bracketed   = regexp.MustCompile(`[\[【［〔]\s*(?:\^|来源|來源|资料|資料|报道|報道|報導|文献|文獻)?\s*([0-9０-９]{1,2}(?:\s*[,，、;；\-–—~～]\s*(?:\^|来源|來源|资料|資料|报道|報道|報導|文献|文獻)?\s*[0-9０-９]{1,2})*)\s*[\]】］〕]`)
	rounded     = regexp.MustCompile(`([^\s。！？；\n])\s*[(（]([0-9]{1,2})[)）](\s*[。！？；]|\s*$)`)
	superscript = regexp.MustCompile(`(^|[^A-Za-zµ])([¹²³⁴⁵⁶⁷⁸⁹⁰]{1,2})`)
	listMark    = regexp.MustCompile(`^\s*(?:[-*•·●▪◦–—]\s+|[•·●▪◦]\s*|(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.、．)）]\s*|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]\s*)`)
	headingMark = regexp.MustCompile(`^\s*#{1,6}\s*`)
	emphasis    = regexp.MustCompile("\\*\\*|__|`")
)

const bullet = "· "

// parse cuts a text into lines and sentences and takes the markers out. A
// marker behind a full stop belongs to the sentence before it, and so does one
// that stands alone on a line.
func (r *reviewer) parse(text string) []line {
	var out []line
	for raw := range strings.Lines(text) {
		l := line{}
		raw = emphasis.ReplaceAllString(strings.TrimSpace(raw), "")
		if m := headingMark.FindString(raw); m != "" {
			raw, l.heading = raw[len(m):], true
		} else if m := listMark.FindString(raw); m != "" && !numberGoesOn(raw[len(m):], m) {
			raw, l.mark = raw[len(m):], bullet
		}
		l.sentences = sentencesOf(raw, &out)
		out = append(out, l)
	}
	return out
}

// numberGoesOn reports whether what looks like a list's number is a decimal's
// beginning: 1.5万人.
func numberGoesOn(rest, mark string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return unicode.IsDigit(r) && strings.ContainsAny(mark, ".．") && !strings.HasSuffix(mark, " ")
}

// markerHold stands for a marker while sentences are cut: a rune that no text has.
const markerHold = '\uE000'

// sentencesOf cuts one line. Markers at its beginning go to the last sentence of
// the lines before.
func sentencesOf(raw string, before *[]line) []written {
	raw = strings.Map(func(r rune) rune {
		if r == markerHold {
			return -1
		}
		return r
	}, raw)
	text, markers := takeMarkers(raw)
	var out []written
	at := 0
	for _, sp := range zh.Sentences(text) {
		s := sp.In(text)
		for strings.HasPrefix(s, string(markerHold)) {
			numbers := markers[at]
			at++
			s = strings.TrimLeft(s[utf8.RuneLen(markerHold):], " 　")
			if last := lastWritten(out, *before); last != nil {
				last.Marker = union(last.Marker, numbers)
			}
		}
		w := written{}
		for range strings.Count(s, string(markerHold)) {
			w.Marker = union(w.Marker, markers[at])
			at++
		}
		w.Text = strings.TrimSpace(strings.ReplaceAll(s, string(markerHold), ""))
		w.read = zh.Simplified(w.Text)
		if strings.Trim(w.Text, sentenceEnds+" ，、,") != "" {
			out = append(out, w)
		}
	}
	return out
}

func lastWritten(now []written, before []line) *written {
	if len(now) > 0 {
		return &now[len(now)-1]
	}
	for i := range slices.Backward(before) {
		if n := len(before[i].sentences); n > 0 {
			return &before[i].sentences[n-1]
		}
	}
	return nil
}

// takeMarkers puts markerHold in the place of each marker, and gives the numbers
// of each in order.
func takeMarkers(raw string) (string, [][]int) {
	type found struct {
		corpus.Span
		numbers []int
	}
	var all []found
	add := func(start, end int, digits string) {
		all = append(all, found{corpus.Span{Start: start, End: end}, numbersOf(digits)})
	}
	for _, m := range bracketed.FindAllStringSubmatchIndex(raw, -1) {
		add(m[0], m[1], raw[m[2]:m[3]])
	}
	for _, m := range rounded.FindAllStringSubmatchIndex(raw, -1) {
		add(m[3], m[6], raw[m[4]:m[5]])
	}
	for _, m := range superscript.FindAllStringSubmatchIndex(raw, -1) {
		add(m[4], m[5], strings.Map(plainDigit, raw[m[4]:m[5]]))
	}
	slices.SortFunc(all, func(a, b found) int { return a.Start - b.Start })
	var b strings.Builder
	var numbers [][]int
	at := 0
	for _, f := range all {
		if f.Start < at {
			continue
		}
		b.WriteString(strings.TrimRight(raw[at:f.Start], " "))
		b.WriteRune(markerHold)
		numbers = append(numbers, f.numbers)
		at = f.End
	}
	b.WriteString(raw[at:])
	return b.String(), numbers
}

func plainDigit(r rune) rune {
	for i, s := range []rune("⁰¹²³⁴⁵⁶⁷⁸⁹") {
		if r == s {
			return '0' + rune(i)
		}
	}
	return r
}

var numberRun = regexp.MustCompile(`[0-9]+|[-–—~～]`)

// numbersOf reads 1,2 and 1、2 and 1-3.
func numbersOf(s string) []int {
	var out []int
	through := false
	for _, field := range numberRun.FindAllString(zh.Fold(s), -1) {
		n, err := strconv.Atoi(field)
		if err != nil {
			through = true
			continue
		}
		if through && len(out) > 0 {
			for k := out[len(out)-1] + 1; k < n; k++ {
				out = append(out, k)
			}
		}
		out, through = append(out, n), false
	}
	return out
}

func union(a, b []int) []int {
	for _, n := range b {
		if !slices.Contains(a, n) {
			a = append(a, n)
		}
	}
	return a
}

func markerText(numbers []int) string {
	var b strings.Builder
	for _, n := range numbers {
		b.WriteString("[" + strconv.Itoa(n) + "]")
	}
	return b.String()
}

// unreadable says why a text cannot be an answer at all, "" when it can.
func unreadable(text string) Reason {
	trimmed := strings.TrimSpace(text)
	trimmed = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(trimmed, "```json"), "```"))
	han, letters := 0, 0
	for _, r := range trimmed {
		switch {
		case zh.IsHan(r):
			han++
		case unicode.IsLetter(r):
			letters++
		}
	}
	bare, _ := takeMarkers(trimmed)
	bare = strings.TrimFunc(bare, func(r rune) bool { return r == markerHold || unicode.IsSpace(r) || unicode.IsPunct(r) })
	switch {
	case trimmed == "":
		return ReasonEmpty
	case strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "[{") || strings.HasPrefix(trimmed, `["`):
		return ReasonData
	case bare == "":
		return ReasonMarkers
	case han < letters*leastHan:
		return ReasonForeign
	}
	return ""
}

// leastHan is how many Chinese characters a text has for each letter of another
// script, to be an answer in Chinese: names and units take a few letters.
const leastHan = 1

// isLead reports whether a line only leads to what stands under it.
func isLead(s string) bool {
	return strings.HasSuffix(s, "：") || strings.HasSuffix(s, ":")
}

// refusal is how models say that they found nothing.
var refusal = regexp.MustCompile(`(?:没有|未|无法|不能|暂无|并未|没)(?:能够|能)?(?:找到|提及|提到|查到|回答|得知|涉及|说明|给出|提供|确定|相关信息|相关报道|记载)|不清楚|无法从|(?:资料|报道|材料)(?:里|中)?(?:并)?没有(?:答案|相关|这|[。！]|$)`)

// refuses reports whether a sentence speaks of what the reports do not say.
func refuses(s string) bool {
	return refusal.MatchString(s) && (strings.Contains(s, "报道") || strings.Contains(s, "资料") || strings.Contains(s, "材料") ||
		strings.Contains(s, "信息") || strings.Contains(s, "无法") || strings.Contains(s, "内容") || strings.Contains(s, "来源"))
}
