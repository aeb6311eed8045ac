package zh

import (
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
)

// word reads an expression that begins with a word; 0 is none.
func (s *timeScanner) word(i int, r rune) int {
	switch r {
	case '“', '‘', '「', '"':
		return s.plan(i, i+utf8.RuneLen(r))
	case '第', '年':
		return s.part(i)
	case '今', '本', '去', '上', '前', '明', '来', '后', '昨', '日', '近', '下', '未', '过', '最', '这':
	default:
		return 0
	}
	if end := s.relativeYear(i); end > 0 {
		return end
	}
	if end := s.relativeDay(i); end > 0 {
		return end
	}
	if end := s.severalYears(i); end > 0 {
		return end
	}
	if end := s.relativeMonth(i); end > 0 {
		return end
	}
	return s.part(i)
}

// yearWord is how many years after the year of printing the word means that
// text has at i, and its length; 0 for none. Words that only contain one
// (文明年, 基本年, 今年轻) are passed over.
func yearWord(text string, i int) (offset, size int) {
	words := [...]struct {
		word   string
		offset int
		notIn  string // runes that make another word when they stand before it
	}{
		{"今年", 0, "如现而当"},
		{"本年", 0, "基日成根"},
		{"去年", -1, "过失"},
		{"上年", -1, "以"},
		{"前年", -2, ""},
		{"明年", 1, "文光证声说"},
		{"来年", 1, "近年以后"},
		{"后年", 2, "今此"},
	}
	for _, w := range words {
		if !strings.HasPrefix(text[i:], w.word) {
			continue
		}
		next, _ := utf8.DecodeRuneInString(text[i+len(w.word):])
		if strings.ContainsRune(w.notIn, before(text, i)) || strings.ContainsRune("轻龄纪", next) {
			return 0, 0
		}
		return w.offset, len(w.word)
	}
	return 0, 0
}

// relativeYear adds 今年, 去年, 明年 and the like with what follows.
func (s *timeScanner) relativeYear(i int) int {
	offset, size := yearWord(s.text, i)
	if size == 0 {
		return 0
	}
	return s.year(i, i+size, s.relative(offset), true)
}

// relativeDay adds 昨日, 今天, 明天 and the like, and 日前 and 近日, which name no day.
func (s *timeScanner) relativeDay(i int) int {
	rest := s.text[i:]
	if n := prefixLen(rest, "日前", "近日"); n > 0 {
		// 30日前, 节日前, 附近日照
		if prev := before(s.text, i); digit(prev) >= 0 || strings.ContainsRune("节生假工目今昨明当次翌往附十一二三四五六七八九", prev) {
			return 0
		}
		return s.add(i, i+n, TimeExpr{Years: s.relative(0), Relative: true})
	}
	days := 0
	n := prefixLen(rest, "今天", "今日", "今晨", "今晚")
	if n == 0 {
		days = -1
		n = prefixLen(rest, "昨天", "昨日", "昨晚", "昨夜")
	}
	if n == 0 {
		days = -2
		n = prefixLen(rest, "前天", "前日")
	}
	if n == 0 {
		days = 1
		n = prefixLen(rest, "明天", "明日")
	}
	if n == 0 {
		days = 2
		n = prefixLen(rest, "后天")
	}
	if n == 0 || days == 2 && strings.ContainsRune("先今", before(s.text, i)) || days == -2 && before(s.text, i) == '日' {
		return 0
	}
	t := TimeExpr{Relative: true}
	if s.ref.Day > 0 {
		t.Date = s.ref.AddDays(days)
		t.Years = corpus.Years{From: t.Date.Year, To: t.Date.Year}
	} else {
		t.Years = s.relative(0)
	}
	return s.add(i, i+n, t)
}

// maxSpan is the most years that 近…年 and 未来…年 may count.
const maxSpan = 100

// severalYears adds 近三年, 过去5年, 未来三年, and 近年来, which has no Years.
func (s *timeScanner) severalYears(i int) int {
	rest := s.text[i:]
	if n := prefixLen(rest, "近年来", "近些年来", "近几年来", "这些年来", "近几年", "近些年", "这几年", "这些年", "近年"); n > 0 {
		if strings.ContainsRune("附将", before(s.text, i)) {
			return 0
		}
		return s.add(i, i+n, TimeExpr{Relative: true})
	}
	past := prefixLen(rest, "最近", "近", "过去")
	future := prefixLen(rest, "未来", "今后")
	at := max(past, future)
	if at == 0 || past == len("近") && strings.ContainsRune("附将接临", before(s.text, i)) {
		return 0
	}
	count, n, ok := scanSmall(rest[at:], maxSpan)
	if !ok && strings.HasPrefix(rest[at:], "两") {
		count, n, ok = 2, len("两"), true
	}
	if at += n; !ok || !strings.HasPrefix(rest[at:], "年") {
		return 0
	}
	at += len("年")
	at += prefixLen(rest[at:], "来", "间")
	t := TimeExpr{Relative: true}
	switch {
	case s.ref.Year == 0:
	case past > 0:
		t.Years = corpus.Years{From: s.ref.Year - count + 1, To: s.ref.Year}
	default:
		t.Years = corpus.Years{From: s.ref.Year + 1, To: s.ref.Year + count}
	}
	return s.add(i, i+at, t)
}

// relativeMonth adds 本月, 上月, 上个月, 下月, 下个月.
func (s *timeScanner) relativeMonth(i int) int {
	rest := s.text[i:]
	offset := 0
	n := prefixLen(rest, "本月")
	if n == 0 {
		offset = -1
		n = prefixLen(rest, "上月", "上个月")
	}
	if n == 0 {
		offset = 1
		n = prefixLen(rest, "下月", "下个月")
	}
	if n == 0 || offset != 0 && strings.ContainsRune("以", before(s.text, i)) {
		return 0
	}
	t := TimeExpr{Relative: true, Years: s.relative(0)}
	if s.ref.Month > 0 {
		t.Date = addMonths(s.ref, offset)
		t.Years = corpus.Years{From: t.Date.Year, To: t.Date.Year}
	}
	return s.add(i, i+n, t)
}

// addMonths is the month n months after d's, n being -1, 0 or 1.
func addMonths(d corpus.Date, n int) corpus.Date {
	const december = 12
	month := corpus.Date{Year: d.Year, Month: d.Month + n}
	switch {
	case month.Month < 1:
		month = corpus.Date{Year: d.Year - 1, Month: december}
	case month.Month > december:
		month = corpus.Date{Year: d.Year + 1, Month: 1}
	}
	return month
}
