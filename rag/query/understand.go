// Package query makes out what a question asks: places, years, whether plans or
// results are wanted, what kind of answer, and what is left as its topic. A
// follow-up is filled in from the turns before it.
//
// Questions in Traditional characters are read, and searched for, in Simplified
// ones, and so are the names of the collection.
//
// Everything is done by rules over word lists that stand in words.go and
// synonyms.txt; nothing is guessed that no list or earlier turn supports.
package query

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/zh"
	"wenbao/rag"
)

// MaxChars is how much of a question is read, in characters; the rest is cut off.
const MaxChars = 1000

// Options are what an Understander knows of the collection.
type Options struct {
	// Gazetteer finds places; required.
	Gazetteer *gazetteer.Gazetteer
	// Places are the full names of the places in the collection, those with
	// most passages first.
	Places []string
	// Speakers are the names of those who speak in it.
	Speakers []string
	// Words cuts text into words without stop words; required.
	Words func(text string) []string
	// DF is the number of passages with a pair of characters, and of passages in
	// all; nil takes the short form of a place for the place wherever it stands.
	DF func(term string) (df, n int)
	// Newest is the day of the newest paper: 今年 and 明年 are seen from it.
	Newest corpus.Date
	// SpeakerOf names who speaks in an article, by its ID; nil knows nobody.
	SpeakerOf func(article string) string
}

// Understander implements rag.Understander.
type Understander struct {
	opt       Options
	gazetteer *gazetteer.Gazetteer
	known     map[string]bool
	shorts    []shortForm // of the places but towns, in their order
	groups    []group
}

// shortForm is a place with its name's short form.
type shortForm struct{ name, short string }

// New returns an Understander. It is safe for concurrent use if Options.Words is.
func New(opt Options) *Understander {
	opt.Places, opt.Speakers = simplified(opt.Places), simplified(opt.Speakers)
	u := &Understander{opt: opt, gazetteer: opt.Gazetteer.With(opt.Places), known: map[string]bool{}, groups: synonymGroups()}
	for _, p := range opt.Places {
		u.known[p] = true
		if short := gazetteer.ShortForm(p); short != "" && u.gazetteer.LevelOf(p) != gazetteer.LevelTown {
			u.shorts = append(u.shorts, shortForm{p, short})
		}
	}
	return u
}

// simplified are names in Simplified characters, each once.
func simplified(names []string) []string {
	out := make([]string, 0, len(names))
	seen := map[string]bool{}
	for _, name := range names {
		if name = zh.Simplified(name); !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return out
}

// Understand reads a question in the light of the turns before it.
func (u *Understander) Understand(q rag.Question) rag.Query {
	alone := u.read(q.Text, q.History)
	p := u.follow(alone, q.History, maxChain)
	query := u.query(p, q)
	query.Earlier = said(alone.text, q.History)
	if p.text != alone.text && alone.standsAlone() && !p.taken {
		otherwise := u.query(alone, q)
		otherwise.Alone = true
		query.Otherwise = &otherwise
	}
	return query
}

// query is the Query of what was read of a question.
func (u *Understander) query(p parsed, q rag.Question) rag.Query {
	query := p.query()
	query.Filter = q.Filter
	query.Wordings = u.wordings(query.Text)
	query.Parts = u.parts(query)
	return query
}

// maxParts is how many questions that are asked at once are told apart.
const maxParts = 12

// parts are the questions of a query that asks several, nil where it asks one, or
// where one of them names several places: that is answered place by place.
func (u *Understander) parts(whole rag.Query) []rag.Query {
	var out []rag.Query
	for text := range strings.FieldsFuncSeq(whole.Text, func(r rune) bool { return r == '？' || r == '?' }) {
		p := u.parse(text + "？")
		if p.asks == rag.AsksChat {
			continue
		}
		part := p.query()
		if len(part.Places)+len(part.Unknown) > 1 || len(out) == maxParts {
			return nil
		}
		if n := len(out); n > 0 {
			part = carried(out[n-1], part)
		}
		part.Filter, part.Wordings = whole.Filter, u.wordings(part.Text)
		out = append(out, part)
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// carried is a question with the place and the years of the one before it where it
// names none itself.
func carried(before, q rag.Query) rag.Query {
	if len(q.Places)+len(q.Unknown) == 0 && q.Whole == "" {
		q.Places, q.Unknown, q.Whole = before.Places, before.Unknown, before.Whole
	}
	if len(q.Periods) == 0 {
		q.Periods = before.Periods
	}
	return q
}

// parsed is a question taken apart.
type parsed struct {
	text     string
	places   []string
	unknown  []string
	periods  []corpus.Years
	kind     corpus.Kind
	asks     rag.Asks
	counts   []rag.Count
	topic    string
	name     string // of what it is about, "" when it has none
	taken    bool   // name is that of the turn before
	returned bool   // it goes back to name, past the turn before
	speaker  string
	people   []string // everyone named
	pronoun  bool
	backward bool
	// placeSpans and timeSpans are where places and years stand in text.
	placeSpans, timeSpans []corpus.Span
	// daySpans are where days without a year stand in text (2月8日).
	daySpans []corpus.Span
}

// clean drops control characters and cuts a question to MaxChars.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar || r == '\u200b' || r == '\ufeff' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " "))
	s = strings.TrimSpace(s)
	n := 0
	for i := range s {
		if n == MaxChars {
			return s[:i]
		}
		n++
	}
	return s
}

// asked is a question in plain words and Simplified characters.
func asked(text string) string { return plain(zh.Simplified(clean(text))) }

// plain puts the standard word for a spoken one.
func plain(s string) string {
	for _, d := range spoken {
		s = strings.ReplaceAll(s, d[0], d[1])
	}
	return spokenYesNo.ReplaceAllString(eitherOr(s), "${1}吗${2}")
}

// eitherOr is a text with 吗 for a verb that is said again with 不 or 没 in between, at the
// end of a question or a part of it: 通不通 is 通吗. The verbs that are no part of what is
// asked about (是不是, 能不能) stay.
func eitherOr(s string) string {
	rs := []rune(s)
	for i := 0; i+2 < len(rs); i++ {
		ends := i+3 == len(rs) || unicode.IsPunct(rs[i+3])
		if ends && rs[i] == rs[i+2] && strings.ContainsRune("不没", rs[i+1]) && zh.IsHan(rs[i]) && !strings.ContainsRune("是能有会要可对好行", rs[i]) {
			rs = slices.Replace(rs, i+1, i+3, '吗')
		}
	}
	return string(rs)
}

// spokenYesNo ends a question that is answered by yes or no (修好了没？, 放心不？).
var spokenYesNo = regexp.MustCompile(`(?:(了)没有?|没有|不)([？?，,]|$)`)

// parse takes a question apart; text is as asked gives it.
func (u *Understander) parse(text string) parsed {
	p := parsed{text: text}
	if isSmallTalk(p.text) {
		p.asks = rag.AsksChat
		return p
	}
	u.readPlaces(&p)
	u.readTimes(&p)
	p.asks = asks(p.text)
	for _, name := range u.opt.Speakers {
		if name != "" && strings.Contains(p.text, name) && u.meant(p.text, name) {
			p.people = append(p.people, name)
		}
	}
	p.kind = p.kindAsked()
	if len(p.people) == 1 {
		p.speaker = p.people[0]
	}
	p.pronoun = containsAny(p.text, pronouns)
	p.backward = p.pronoun || startsOrEnds(p.text, backward)
	p.topic = u.topic(&p)
	p.name = nameIn(p.text, p.topic)
	if p.asks == rag.AsksNumber {
		p.counts = u.counts(blanked(p.text, p.timeSpans, p.daySpans))
		if len(p.counts) > 1 && len(p.periods) > 1 && !ofOneKind(p.text) {
			p.kind = ""
		}
	}
	return p
}

// readTimes finds the years and days named.
func (u *Understander) readTimes(p *parsed) {
	for _, t := range zh.Times(p.text, u.opt.Newest) {
		// A month or a day without its year says too little to refuse by.
		dated := strings.ContainsAny(t.In(p.text), "年五") && !comparedWith.MatchString(p.text[:t.Start])
		document := t.Plan && strings.HasPrefix(strings.TrimLeft(p.text[t.End:], "”"), "规划")
		if !t.Years.IsZero() && dated && !document {
			p.periods = append(p.periods, t.Years)
			p.timeSpans = append(p.timeSpans, t.Span)
		} else if t.Date.Day > 0 && !dated {
			p.daySpans = append(p.daySpans, t.Span)
		}
	}
}

// meant reports whether a text that has a speaker's name means the speaker. A name
// of two characters that is a word as well (高峰, 夏季) does where somebody says
// something.
func (u *Understander) meant(text, name string) bool {
	if utf8.RuneCountInString(name) > 2 || !u.everyday(name) {
		return true
	}
	_, after, _ := strings.Cut(text, name)
	return says.MatchString(after)
}

// everyday reports whether a name is a word, one that says nothing (通过) among them.
func (u *Understander) everyday(name string) bool {
	words := u.opt.Words(name)
	return len(words) == 0 || len(words) == 1 && words[0] == zh.Fold(name)
}

// says begins with a verb of speech, or asks who somebody is.
var says = regexp.MustCompile(`^(?:说|表示|介绍|谈|提到|提出|认为|指出|强调|讲|坦言|透露|告诉|呼吁|是谁)`)

// comparedWith ends ahead of a year that is only the measure of another's (比上年多几天).
var comparedWith = regexp.MustCompile(`(?:比|较|同比)$`)

// isSmallTalk reports whether a whole question asks nothing of a newspaper.
func isSmallTalk(s string) bool {
	folded := strings.TrimFunc(zh.Fold(s), func(r rune) bool {
		return unicode.IsPunct(r) || unicode.IsSymbol(r) || strings.ContainsRune("啊呀吧呢哦", r)
	})
	return folded == "" || slices.Contains(smallTalk, folded)
}

// asks reads what kind of answer a question wants.
func asks(s string) rag.Asks {
	s = strings.ReplaceAll(s, almost, "")
	if inWhich.MatchString(s) {
		return rag.AsksText
	}
	if strings.Contains(s, "几个") && strings.Contains(s, "哪几个") {
		return rag.AsksList
	}
	if postCalled.MatchString(s) {
		return rag.AsksPerson
	}
	for _, c := range cues {
		if strings.Contains(s, c.phrase) {
			return c.asks
		}
	}
	return rag.AsksText
}

// almost has a character that else asks for a number.
const almost = "几乎"

// inWhich asks for a thing by its name, and not for a place (在哪部影片中).
var inWhich = regexp.MustCompile(`在哪[一几两]?(?:部|本|首|集|场|届|次|支|档|款|项|份|家|个(?:项目|节目|领域|方面|会议|部门|行业|公司|机构|球队|电影|影片|比赛|活动|平台))`)

// postCalled asks for the name of who holds a post.
var postCalled = regexp.MustCompile(`(?:书记|主任|主席|经理|[市区县镇乡局院校馆厂所队会部]长)(?:叫|姓)什么`)

func (p *parsed) query() rag.Query {
	whole, _ := gazetteer.FindWhole(zh.Simplified(p.text))
	return rag.Query{
		Text: p.text, Topic: p.topic, Counts: p.counts, Places: p.places, Unknown: p.unknown, Whole: whole.Name,
		Periods: p.periods, Kind: p.kind, Speaker: p.speaker, Asks: p.asks,
	}
}

func containsAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

func startsOrEnds(s string, words []string) bool {
	trimmed := strings.TrimRightFunc(s, func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSpace(r) })
	return slices.ContainsFunc(words, func(w string) bool {
		return strings.HasPrefix(s, w) || strings.HasSuffix(trimmed, w)
	})
}
