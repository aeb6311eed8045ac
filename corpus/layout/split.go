package layout

import (
	"regexp"
	"strings"

	"wenbao/corpus"
)

// splitter walks the tokens of a page and hands them to drafts of articles. A
// page is a row of stretches of body text with runs of other lines between
// them; every decision is made on one such run.
type splitter struct {
	page   corpus.Page
	tokens []token
	drafts []*draft
	cur    *draft
}

// plainHeadline is the length in characters from which a single plain line in
// the middle of a page is the next article's headline: printed headings within
// an article that carry no mark run to about a dozen.
const plainHeadline = 13

func (s *splitter) run() {
	for i := 0; i < len(s.tokens); {
		j := i
		for j < len(s.tokens) && (!s.tokens[j].isBody() || s.asksFor(j)) {
			j++
		}
		s.between(s.tokens[i:j], s.tokens[j:])
		for ; j < len(s.tokens) && s.tokens[j].isBody(); j++ {
			s.body(s.tokens[j])
		}
		i = j
	}
}

// asksFor turns a short line that asks or exclaims into a headline when an
// article has to begin there and its text stands below.
func (s *splitter) asksFor(i int) bool {
	t := &s.tokens[i]
	text := t.span.In(s.page.Text)
	ends := strings.HasSuffix(text, "？") || strings.HasSuffix(text, "！") || strings.HasSuffix(text, "?") || strings.HasSuffix(text, "!")
	first := s.cur == nil && i == 0 || s.cur != nil && s.cur.ended
	if !first || !ends || t.class != body || runeLen(text) > maxHeadline || strings.Contains(text, "。") || i+1 == len(s.tokens) || s.tokens[i+1].block == t.block {
		return false
	}
	t.class = short
	return true
}

// isBody reports whether the token is running text wherever it stands. A jump
// mark is not: it may end an article or begin one.
func (t token) isBody() bool {
	return t.class == body || t.class == listItem || t.class == tableLine
}

// begin starts a new article.
func (s *splitter) begin() {
	s.cur = &draft{}
	s.drafts = append(s.drafts, s.cur)
}

func (s *splitter) body(t token) {
	if s.cur == nil || s.cur.ended && !s.cur.open(s.page.Text) && !s.page.Single {
		s.begin()
	}
	s.cur.addBody(t, s.page.Text)
}

// between decides what a run of lines without body means: what ends the article
// before it, and what titles the one after it. next is the text that follows.
func (s *splitter) between(run, next []token) {
	run = s.closeWith(run, next)
	if len(run) == 0 {
		return
	}
	if s.cur != nil && s.continues(run) {
		for _, t := range run {
			s.cur.addBody(t, s.page.Text)
		}
		return
	}
	if s.startsArticle(run, next) {
		s.begin()
		s.title(run)
		return
	}
	s.headings(run, next)
}

// closeWith gives the bylines and jump marks that end the current article to
// it and returns the rest of the run.
func (s *splitter) closeWith(run, next []token) []token {
	if s.cur != nil && s.cur.hasBody() {
		run = s.sign(run)
	}
	for len(run) > 0 && s.cur != nil && s.cur.hasBody() {
		t := run[0]
		if t.class != byline && t.class != jumpTo || s.leadsNext(run, next) {
			break
		}
		s.cur.close(t)
		run = run[1:]
	}
	return run
}

// sign takes a notice's signature off the run: the issuing office and the day
// on lines of their own, and the plain lines above them.
func (s *splitter) sign(run []token) []token {
	for i := 1; i < len(run) && run[i-1].class == short; i++ {
		if !dayLine.MatchString(run[i].span.In(s.page.Text)) {
			continue
		}
		for _, t := range run[:i-1] {
			s.cur.add(corpus.BlockParagraph, t)
		}
		s.cur.issuer = run[i-1].span
		s.cur.close(run[i-1])
		s.cur.close(run[i])
		return run[i+1:]
	}
	return run
}

// leadsNext reports whether the run's first byline stands in front of the next
// article's text (本报讯…) and does not sign the one before it.
func (s *splitter) leadsNext(run, next []token) bool {
	return run[0].class == byline && len(run) == 1 && len(next) > 0 &&
		wireLead.MatchString(run[0].span.In(s.page.Text))
}

// continues reports whether a run is only a piece of a paragraph that column
// breaks cut twice: one short line after a text that does not end.
func (s *splitter) continues(run []token) bool {
	return len(run) == 1 && run[0].class == short && !s.cur.ended && s.cur.open(s.page.Text)
}

// startsArticle weighs the signs that a run of lines titles a new article.
func (s *splitter) startsArticle(run, next []token) bool {
	if s.cur == nil {
		return true
	}
	if s.page.Single {
		return false
	}
	if s.cur.ended {
		return true
	}
	if !s.cur.hasBody() {
		return false
	}
	for i, t := range run {
		switch {
		case t.class == jumpFrom, t.class == subtitle, t.class == byline:
			return true
		case t.class == markdown && t.style == "#":
			return true
		case t.class == short && strings.HasSuffix(t.span.In(s.page.Text), "——"):
			return true
		case t.class == short && i > 0 && run[i-1].class == short && run[i-1].block == t.block:
			return true // a headline of two lines
		}
	}
	if columnHeading(run, s.page.Text) {
		return true
	}
	return len(run) == 1 && run[0].class == short && len(next) > 0 && next[0].class == body &&
		runeLen(run[0].span.In(s.page.Text)) >= plainHeadline && !s.cur.plainHeadings()
}

// columnHeading reports whether a run begins with the name of a column (简讯,
// 通知公告) above another line.
func columnHeading(run []token, text string) bool {
	return len(run) > 1 && run[0].class == markdown && run[1].class == short && columnName(run[0].inner.In(text))
}

// headings adds a run of lines within an article as headings. Plain lines that
// nothing stands below are the article's last lines.
func (s *splitter) headings(run, next []token) {
	for i, t := range run {
		switch {
		case t.class == short && len(next) == 0:
			s.cur.add(corpus.BlockParagraph, t)
		case t.class == jumpTo || t.class == byline || t.class == jumpFrom:
			s.cur.close(t)
		case t.class == short && (strings.ContainsAny(t.span.In(s.page.Text), "，,") || s.cur.open(s.page.Text)):
			s.cur.addBody(t, s.page.Text) // a sentence that a column break cut early
		case t.class == short && i > 0:
			t.style = "second" // a plain line right below another heading
			s.cur.addHeading(t)
		default:
			s.cur.addHeading(t)
		}
	}
}

// title gives the lines above an article's text their parts in its title block:
// the column's name or kicker, the headline's lines, the subtitle, a byline, a
// jump mark, and last the first headings.
func (s *splitter) title(run []token) {
	text := s.page.Text
	if s.page.Single && s.page.Title != "" {
		s.headings(run, run)
		return
	}
	lines := headlineLines(run)
	head := headline(run, lines, text)
	for i, t := range run {
		switch {
		case t.class == jumpFrom, t.class == jumpTo, t.class == byline:
			s.cur.addOpening(t)
		case t.class == subtitle:
			s.cur.addTitle(corpus.BlockSubtitle, t)
		case i < head.first:
			s.cur.addTitle(corpus.BlockKicker, t)
		case i <= head.last:
			s.cur.addTitle(corpus.BlockTitle, t)
		case t.class == short && i > 0 && run[i-1].class == short && !s.cur.hasHeading():
			s.cur.addTitle(corpus.BlockSubtitle, t)
		default:
			s.cur.addHeading(t)
		}
	}
}

// headlineLines are the indexes of those lines of a run that could be headline.
func headlineLines(run []token) []int {
	var out []int
	for i, t := range run {
		if t.class == short || t.class == markdown || t.class == marked {
			out = append(out, i)
		}
	}
	return out
}

// headlineRange says which lines of a run are the headline, by index.
type headlineRange struct{ first, last int }

// headline finds the headline among the candidate lines: the first group of
// lines that were printed together (in one block, without heading marks); a
// single line in front of such a group is its kicker.
func headline(run []token, lines []int, text string) headlineRange {
	if len(lines) == 0 {
		return headlineRange{len(run), -1}
	}
	groups := group(run, lines)
	pick := 0
	for pick+1 < len(groups) && isKicker(run, groups[pick], groups[pick+1], text) {
		pick++
	}
	g := groups[pick]
	return headlineRange{g[0], g[len(g)-1]}
}

// group puts candidate lines of one block and one class together.
func group(run []token, lines []int) [][]int {
	var out [][]int
	for n, i := range lines {
		if n > 0 {
			prev := lines[n-1]
			same := run[prev].block == run[i].block && run[prev].class == run[i].class && prev == i-1
			if same && run[i].class == short {
				out[len(out)-1] = append(out[len(out)-1], i)
				continue
			}
		}
		out = append(out, []int{i})
	}
	return out
}

// isKicker reports whether group a stands above the headline b.
func isKicker(run []token, a, b []int, text string) bool {
	if len(a) > 1 {
		return false
	}
	first, second := run[a[0]], run[b[0]]
	s := first.inner.In(text)
	switch {
	case second.class == marked:
		return false
	case first.class == markdown && second.class == short:
		return true
	case strings.HasSuffix(s, "——") || strings.HasSuffix(s, "：") || strings.HasSuffix(s, ":"):
		return true
	case first.class == markdown && second.class == markdown:
		return len(first.style) == len(second.style) && columnName(s)
	case first.class == short && second.class == short:
		return len(b) > 1 || columnName(s) || runeLen(s) < runeLen(second.inner.In(text)) && runeLen(s) <= 8
	}
	return false
}

// dayLine is a day that stands alone, as below a notice.
var dayLine = regexp.MustCompile(`^[\d０-９〇一二三四五六七八九十]{2,4}年[\d０-９一二三四五六七八九十]{1,3}月[\d０-９一二三四五六七八九十]{1,3}日$`)

// columnEndings end the names that papers give their columns.
var columnEndings = []string{"访谈", "简讯", "快讯", "要闻", "聚焦", "观察", "评论", "时评", "短评", "专栏", "专版", "之窗", "热线", "视点", "论坛", "札记", "公告", "之声", "一线", "速览", "回眸", "展望"}

func columnName(s string) bool {
	for _, e := range columnEndings {
		if strings.HasSuffix(s, e) && runeLen(s) <= 10 {
			return true
		}
	}
	return false
}
