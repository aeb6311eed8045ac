package zh

import (
	"strings"
	"unicode/utf8"

	"wenbao/corpus"
)

// TimeExpr is a time that a text names.
type TimeExpr struct {
	corpus.Span
	// Years are the years meant, zero when they cannot be known.
	Years corpus.Years
	// Date is the day or the month named, zero where the words name only years
	// or a range of months. Of a range of days it is the first.
	Date corpus.Date
	// Relative says that the words mean what they mean only beside the day of
	// printing or the words before them: 昨日, 今年, 年底, 12月30日 without a year.
	Relative bool
	// Plan says that the words name a five-year plan (“十四五”).
	Plan bool
}

// Times finds the times that text names, seen from ref, the day of printing, of
// which the month and the day may be unknown.
//
// A year is four digits or Chinese digits with 年; parts of it (年底, 上半年,
// 一季度, 12月30日) belong to the expression when they follow it at once. A part
// that stands alone belongs to the year at the beginning of a clause before it
// in the same sentence (2025年，…，6月底建成); without one, a month, day or quarter is
// the latest that is not after ref, because news looks back, or the next one
// after words like 将于 and before 前 (6月底前); other parts are of ref's year.
// 近三年 ends with ref's year and 未来三年 begins after it; 以来 runs to it.
//
// With a zero ref, relative expressions have no Years and no Date. 近年来 never
// has Years; 日前 and 近日 have no Date.
func Times(text string, ref corpus.Date) []TimeExpr {
	text = Simplified(text)
	s := timeScanner{text: text, ref: ref}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		end := 0
		switch {
		case r == '\n' || r == '。' || r == '！' || r == '？' || r == '!' || r == '?':
			s.topic = corpus.Years{}
		case digit(r) >= 0 || chineseDigit(r) >= 0 || r == '十':
			if end = s.digits(i); end == 0 && digit(r) >= 0 {
				end = i + digitsLen(text[i:])
			}
		default:
			end = s.word(i, r)
		}
		i = max(i+size, end)
	}
	return s.times
}

type timeScanner struct {
	text  string
	ref   corpus.Date
	times []TimeExpr
	// topic is the year that a clause of this sentence begins with, if any.
	topic corpus.Years
}

// digitsLen is the length of a run of digits, of the letters joined to it and
// of single points between them.
func digitsLen(s string) int {
	i := 0
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		point := r == '.' && i > 0 && s[i-1] != '.' && i+1 < len(s) && asciiWord(s[i+1])
		if digit(r) < 0 && !point && (r >= utf8.RuneSelf || !asciiWord(s[i])) {
			break
		}
		i += size
	}
	return i
}

// before is the rune before offset i, RuneError at the beginning.
func before(text string, i int) rune {
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return r
}

// add appends an expression over text[start:end].
func (s *timeScanner) add(start, end int, t TimeExpr) int {
	t.Span = corpus.Span{Start: start, End: end}
	if !t.Years.IsZero() && t.Years.From == t.Years.To && s.startsClause(start) && !t.Plan && t.Date.IsZero() {
		s.topic = t.Years
	}
	s.times = append(s.times, t)
	return end
}

// startsClause reports whether nothing of a clause stands before start, 到 and 在
// left aside.
func (s *timeScanner) startsClause(start int) bool {
	head := strings.TrimRight(s.text[:start], " \u3000")
	for _, word := range []string{"到", "在", "尤其是", "展望"} {
		head = strings.TrimSuffix(head, word)
	}
	switch before(head, len(head)) {
	case utf8.RuneError, '\n', '。', '！', '？', '，', ',', '；', ';', '：', ':', '“', '■':
		return true
	}
	return false
}

// digits reads an expression that begins with a digit; 0 is none.
func (s *timeScanner) digits(i int) int {
	if prev := before(s.text, i); prev < utf8.RuneSelf && (asciiWord(byte(prev)) || prev == '.' || prev == '+') && prev != utf8.RuneError {
		return 0
	}
	if end := s.plan(i, i); end > 0 {
		return end
	}
	c, ok := scanCalendar(s.text[i:])
	switch {
	case !ok:
		return s.part(i)
	case c.years.IsZero():
		return s.monthAlone(i, c)
	case c.years.From != c.years.To:
		return s.add(i, i+c.end, TimeExpr{Years: c.years})
	case c.month > 0:
		t := TimeExpr{Years: c.years, Date: c.date(c.years.From)}
		return s.add(i, i+c.end+monthTailLen(s.text[i+c.end:]), t)
	}
	return s.year(i, i+c.end, c.years, false)
}

// date is the day or month of c in a year, zero for a range of months and for
// a day that the year does not have.
func (c calendar) date(year int) corpus.Date {
	d := corpus.Date{Year: year, Month: c.month, Day: c.day}
	if c.months || !d.Valid() {
		return corpus.Date{}
	}
	return d
}

// year adds an expression whose year is known and ends at end, with the part of
// the year that follows.
func (s *timeScanner) year(start, end int, years corpus.Years, relative bool) int {
	t := TimeExpr{Years: years, Relative: relative}
	rest := s.text[end:]
	if n := prefixLen(rest, "以来"); n > 0 {
		if s.ref.Year > years.From {
			t.Years.To = s.ref.Year
		}
		t.Relative = true
		return s.add(start, end+n, t)
	}
	if n := partLen(rest); n > 0 {
		return s.add(start, end+n, t)
	}
	at := skipSpace(rest, 0)
	if c, ok := scanMonth(rest[at:]); ok && relative { // 今年3月5日
		if !years.IsZero() {
			t.Date = c.date(years.From)
		}
		end += at + c.end
		return s.add(start, end+monthTailLen(s.text[end:]), t)
	}
	return s.add(start, end, t)
}

// partLen is the length of a part of the year that s begins with: 年底, 底,
// 上半年, 一季度, 度.
func partLen(s string) int {
	if n := prefixLen(s, "上半年", "下半年", "年底", "年末", "年初", "年中", "年内", "全年"); n > 0 {
		return n
	}
	if n, _ := quarterLen(s); n > 0 {
		return n
	}
	r, size := utf8.DecodeRuneInString(s)
	if strings.ContainsRune("底末初内度", r) && size > 1 {
		// 2025年初步, 2025年内需, 今年度假
		if next, _ := utf8.DecodeRuneInString(s[size:]); !strings.ContainsRune("步级中需外部容线假过", next) {
			return size
		}
	}
	return 0
}

// monthTailLen is the length of 份, 底, 上旬 and the like after a month or day.
func monthTailLen(s string) int {
	return prefixLen(s, "份", "底", "末", "初", "上旬", "中旬", "下旬")
}

// monthAlone adds a month, day or range of months without a year.
func (s *timeScanner) monthAlone(i int, c calendar) int {
	end := i + c.end
	end += monthTailLen(s.text[end:])
	t := TimeExpr{Relative: true}
	if year := s.yearOf(c, i, end); year > 0 {
		t.Years = corpus.Years{From: year, To: year}
		t.Date = c.date(year)
	}
	return s.add(i, end, t)
}

// yearOf is the year of a month or day at text[start:end], 0 when not known.
func (s *timeScanner) yearOf(c calendar, start, end int) int {
	if !s.topic.IsZero() {
		return s.topic.From
	}
	if s.ref.Year == 0 || s.ref.Month == 0 {
		return s.ref.Year
	}
	step := -1
	if s.ahead(start, end) {
		step = 1
	}
	// A leap day is at most eight years away.
	for year := s.ref.Year; year >= s.ref.Year-8 && year <= s.ref.Year+8; year += step {
		d := corpus.Date{Year: year, Month: c.month, Day: c.day}
		if order := compareKnown(d, s.ref); d.Valid() && order*step >= 0 {
			return year
		}
	}
	return s.ref.Year
}

// compareKnown orders two dates as far as the days of both are known.
func compareKnown(d, ref corpus.Date) int {
	if d.Day == 0 || ref.Day == 0 {
		d.Day, ref.Day = 0, 0
	}
	return d.Compare(ref)
}

// ahead reports whether the words around text[start:end] look into the future.
func (s *timeScanner) ahead(start, end int) bool {
	if strings.HasPrefix(s.text[end:], "前") || strings.HasPrefix(s.text[end:], "之前") {
		return !strings.HasSuffix(s.text[:start], "截至") && !strings.HasSuffix(s.text[:start], "截止")
	}
	for _, word := range []string{"将于", "将在", "定于", "拟于", "拟在", "计划于", "计划在", "预计", "力争", "确保", "争取"} {
		if strings.HasSuffix(s.text[:start], word) {
			return true
		}
	}
	return false
}

// part adds a part of the year that stands alone: 一季度, 上半年, 年底.
func (s *timeScanner) part(i int) int {
	t := TimeExpr{Relative: true}
	n, quarter := quarterLen(s.text[i:])
	if n > 0 {
		const months = 3 // in a quarter
		c := calendar{month: months*(quarter-1) + 1, months: true}
		if year := s.yearOf(c, i, i+n); year > 0 {
			t.Years = corpus.Years{From: year, To: year}
		}
		return s.add(i, i+n, t)
	}
	n = prefixLen(s.text[i:], "上半年", "下半年", "年底", "年末", "年初", "年内")
	if n == 0 || strings.ContainsRune("每历往当同次", before(s.text, i)) {
		return 0
	}
	t.Years = s.topic
	if t.Years.IsZero() {
		t.Years = s.relative(0)
	}
	return s.add(i, i+n, t)
}

// relative is the year so many years after ref's, zero when that is unknown.
func (s *timeScanner) relative(offset int) corpus.Years {
	if s.ref.Year == 0 {
		return corpus.Years{}
	}
	return corpus.Years{From: s.ref.Year + offset, To: s.ref.Year + offset}
}
