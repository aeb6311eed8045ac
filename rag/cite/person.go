package cite

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"wenbao/corpus/facet"
	"wenbao/corpus/zh"
)

// posts end what stands before a person's name.
var post = regexp.MustCompile(`书记|局长|主任|主席|县长|区长|市长|省长|镇长|乡长|厅长|部长|处长|科长|所长|站长|院长|校长|园长|馆长|社长|队长|行长|会长|秘书长|董事长|总经理|经理|负责人|发言人|教授|研究员|院士|医生|老师|教师|代表|委员|老板娘|老板|店主|村民|居民|市民|农户|菇农|钳工|大学生|家长|记者|通讯员|评论员|药农|种植户|职工|老人`)

// speech follows the name of who speaks or acts.
var speech = regexp.MustCompile(`^(?:老人|女士|先生|书记|局长|县长|区长|主任|馆长)?(?:也|还|特别|曾|则|就|都|均)?(?:表示|说|介绍|指出|认为|坦言|告诉|强调|透露|谈|提|称|举|出席|参加|在|对|向|将|和|与|把|的|接受|讲|负责|主持|，|。|、|：|,|:|$)`)

// shortName is a name's length that may be a part of a longer name.
const shortName = 2

// nameLengths are how many characters a name may have, the likelier first.
func nameLengths() []int { return []int{3, 2, 4} }

// persons holds the people that a text names, with their posts, and who says what.
func (h *holder) persons(text string) {
	if text == "" {
		return
	}
	for _, at := range post.FindAllStringIndex(text, -1) {
		name, known := h.nameAfter(text[at[1]:])
		switch {
		case name == "":
		case !known:
			h.finding.add(WrongPerson, name)
		case !h.hasPost(name, chain(text[:at[1]])):
			h.finding.add(WrongOffice, chain(text[:at[1]])+name)
		}
	}
	speaker := h.r.c.opt.Annotator.Text(text, facet.Context{}).Speaker
	if speaker == "" {
		return
	}
	if !h.prints(zh.Fold(speaker)) {
		if !slices.ContainsFunc(h.finding.problems, func(p Problem) bool { return p.Kind == WrongPerson }) {
			h.finding.add(WrongPerson, speaker)
		}
		return
	}
	for _, s := range h.finding.support {
		if !s.saidBy(zh.Fold(speaker)) {
			h.finding.add(WrongPerson, speaker)
			return
		}
	}
}

// nameAfter reads the name right behind a post: one that is printed in what is
// cited, else what has the form of a name and goes on like one.
func (h *holder) nameAfter(rest string) (name string, known bool) {
	rest = strings.TrimLeft(rest, " 　")
	lengths := nameLengths()
	for _, n := range lengths {
		c := firstRunes(rest, n)
		if c == "" || !h.prints(zh.Fold(c)) || !h.isName(c) {
			continue
		}
		if n > shortName || speech.MatchString(rest[len(c):]) {
			return c, true
		}
	}
	for _, n := range lengths {
		if c := firstRunes(rest, n); c != "" && speech.MatchString(rest[len(c):]) && h.isName(c) {
			return c, false
		}
	}
	return "", false
}

// isName reports whether words have the form of a person's name.
func (h *holder) isName(s string) bool {
	return h.r.c.opt.Annotator.Text(s+"说", facet.Context{}).Speaker == s
}

// firstRunes are the first n runes of s when they are Chinese, else "".
func firstRunes(s string, n int) string {
	at := 0
	for range n {
		r, size := utf8.DecodeRuneInString(s[at:])
		if !zh.IsHan(r) {
			return ""
		}
		at += size
	}
	return s[:at]
}

var (
	chainEnd = regexp.MustCompile(`[，。；：“”,;:\n！？]|据|昨日|日前|近日|当日`)
	offices  = regexp.MustCompile(`局|委|办|厅|部|院|校|馆|公司|书记|长|主任|主席|会|记者|员|中心|镇|乡|县|区|政府`)
)

// chain is the posts at the end of a text, back to the last mark; 、 joins the
// posts of one person.
func chain(text string) string {
	const longest = 90
	text = text[max(0, len(text)-longest):]
	for !utf8.ValidString(text) {
		text = text[1:]
	}
	if at := chainEnd.FindAllStringIndex(text, -1); at != nil {
		text = text[at[len(at)-1][1]:]
	}
	parts := strings.Split(text, "、")
	from := len(parts) - 1
	for from > 0 && endsInPost(parts[from-1]) {
		from--
	}
	return strings.Join(parts[from:], "、")
}

// endsInPost reports whether a post ends a text, and no name follows it.
func endsInPost(s string) bool {
	at := post.FindAllStringIndex(s, -1)
	return at != nil && at[len(at)-1][1] == len(s)
}

// office is the name of an office of a city, district, county or province.
var office = regexp.MustCompile(`[市区县省]\p{Han}{1,8}?(?:局|委员会|厅|办公室)`)

// offices holds the offices that a text names: each has to be printed.
func (h *holder) offices(text string) {
	for _, name := range office.FindAllString(unquoted(text), -1) {
		if !h.prints(zh.Fold(name)) && !slices.ContainsFunc(h.finding.problems, func(p Problem) bool { return p.Kind == WrongOffice }) {
			h.finding.add(WrongOffice, name)
		}
	}
}

// hasPost reports whether the words for a post stand before one of the printed
// places of the name, or in the article's own words for its speaker.
func (h *holder) hasPost(name, posts string) bool {
	var printed strings.Builder
	folded := zh.Fold(name)
	for _, s := range h.sources {
		for _, text := range [...]string{s.folded, s.around} {
			for from := 0; ; {
				i := strings.Index(text[from:], folded)
				if i < 0 {
					break
				}
				printed.WriteString(chain(text[:from+i]) + "\n")
				from += i + len(folded)
			}
		}
		if s.hit.Article.Facets.Speaker == name {
			printed.WriteString(zh.Fold(s.hit.Article.Facets.Office) + "\n" + zh.Fold(strings.Join(s.hit.Article.Facets.Places, "\n")))
		}
	}
	have := printed.String()
	for _, w := range h.r.c.opt.Words(posts) {
		if utf8.RuneCountInString(w) > 1 && offices.MatchString(w) && !h.r.c.light[w] && h.r.c.found(zh.Fold(w), have) == 0 && !strings.Contains(have, strings.TrimSuffix(w, "市")) {
			return false
		}
	}
	return true
}

// saidBy reports whether a clause is said by the person, by its facets or by the
// sentences around it.
func (o support) saidBy(name string) bool {
	cl := &o.source.clauses[o.clause]
	if cl.facets.Speaker == "" || zh.Fold(cl.facets.Speaker) == name || strings.Contains(cl.whole, name) {
		return true
	}
	sentences := zh.Sentences(o.source.text)
	for i, sp := range sentences {
		if sp != cl.sentence {
			continue
		}
		from, to := sentences[max(0, i-1)].Start, sentences[min(len(sentences)-1, i+1)].End
		return strings.Contains(zh.Fold(o.source.text[from:to]), name)
	}
	return false
}

// states reports whether a sentence has anything to be held against print.
func (r *reviewer) states(text string) bool {
	return len(r.terms(text)) > 0 || len(quantitiesOf(text)) > 0 || digitRun.MatchString(zh.Fold(text)) || len(quotations(text)) > 0
}

// founded reports whether a lead-in says nothing that the passages do not have:
// half of its words stand in one of them, it counts nothing, and what it quotes
// is printed.
func (r *reviewer) founded(text string) bool {
	_, quoted := splitQuotes(text)
	if len(quantitiesOf(text)) > 0 {
		return false
	}
	terms := r.terms(text)
	for n := range r.hits {
		s := r.source(n + 1)
		got := 0.0
		for _, t := range terms {
			got += max(r.c.found(t, s.folded), r.c.found(t, s.around))
		}
		unprinted := slices.ContainsFunc(quoted, func(q string) bool { return !s.prints(q) })
		if got*2 >= float64(len(terms)) && !unprinted {
			return true
		}
	}
	return false
}
