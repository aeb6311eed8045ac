package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/zh"
	"wenbao/rag"
)

const (
	// maxRelated is how many questions are suggested at a time.
	maxRelated = 3
	// maxTried is how many are tried for that: each is answered in full from
	// printed words, some milliseconds over a small collection.
	maxTried = 12
	// maxRelatedChars keeps a question within the width of a button.
	maxRelatedChars = 24
)

// suggestions are questions to ask after an answer, in Chinese as the papers are:
// each is answered by printed words, and by some that were not cited yet. What was
// asked in the turns before is not suggested again.
func (b *Bot) suggestions(ctx context.Context, x *exchange, c *Collection, a *Answer, turns []Turn) []string {
	cited := map[string]bool{}
	for _, s := range a.Sources {
		cited[s.Passage] = true
	}
	asked := []string{zh.Fold(a.Question), zh.Fold(a.Query)}
	for _, t := range turns {
		asked = append(asked, zh.Fold(t.Turn.Question))
	}
	var out []string
	tried := 0
	for _, text := range b.candidates(ctx, x, c, a) {
		if slices.Contains(asked, zh.Fold(text)) || utf8.RuneCountInString(text) > maxRelatedChars {
			continue
		}
		if tried++; tried > maxTried || len(out) == maxRelated {
			break
		}
		asked = append(asked, zh.Fold(text))
		answer, err := c.Printed.Ask(ctx, rag.Question{Text: text, Filter: a.Filter})
		if !b.check(x.event, "try question", err) {
			break
		}
		if answer.Outcome == rag.Answered && citesAnew(answer, cited) {
			out = append(out, text)
		}
	}
	return out
}

// citesAnew reports whether an answer cites a passage that none has cited before,
// and notes those it cites.
func citesAnew(a rag.Answer, cited map[string]bool) bool {
	anew := false
	for _, c := range a.Citations {
		anew = anew || !cited[c.Passage.ID]
		cited[c.Passage.ID] = true
	}
	return anew
}

// candidates are questions that may be worth suggesting: first those that have to
// do with the answer, the best of each sort, and then those that anybody may ask.
func (b *Bot) candidates(ctx context.Context, x *exchange, c *Collection, a *Answer) []string {
	s := suggester{
		query:     c.Printed.Understander.Understand(rag.Question{Text: a.Query}),
		citations: b.citations(ctx, x, c, a.Sources),
		coverage:  c.Printed.Coverage(),
	}
	return append(interleave(s.otherSide(), s.elsewhere(), s.headings(), s.speakers()), s.overviews()...)
}

// suggester makes candidates of what was asked and cited.
type suggester struct {
	query     rag.Query // made to stand alone
	citations []rag.Citation
	coverage  rag.Coverage
}

// place is the place asked about, else the one that the first citation speaks for.
func (s *suggester) place() string {
	for _, places := range append([][]string{s.query.Places}, s.citedPlaces()...) {
		if len(places) > 0 {
			return places[0]
		}
	}
	return ""
}

func (s *suggester) citedPlaces() [][]string {
	var out [][]string
	for _, c := range s.citations {
		out = append(out, c.Passage.Facets.Places)
	}
	return out
}

// otherSide asks what is planned where it was told what was done, and the other
// way round.
func (s *suggester) otherSide() []string {
	place, topic := s.place(), s.topic()
	if topic == "" || len(s.citations) == 0 {
		return nil
	}
	facets := s.citations[0].Passage.Facets
	if facets.Kind == corpus.KindPlan {
		return []string{place + yearBeside(facets.Period, -1) + topic + "有什么进展？"}
	}
	return []string{place + yearBeside(facets.Period, 1) + topic + "有什么计划？"}
}

// yearBeside is the year before or after a period, as it is written in a question.
func yearBeside(y corpus.Years, by int) string {
	if y.IsZero() || y.From != y.To {
		return ""
	}
	return fmt.Sprintf("%d年", y.From+by)
}

// topic is the query's as it can stand in another question, "" where it cannot.
// Where question words stood between its parts (新增多少张养老床位) they make one
// only if they are printed as one; else it is the longest of them.
func (s *suggester) topic() string {
	parts := strings.Fields(s.query.Topic)
	if whole := strings.Join(parts, ""); s.printed(whole) {
		return whole
	}
	longest := ""
	for _, p := range parts {
		if utf8.RuneCountInString(p) > utf8.RuneCountInString(longest) {
			longest = p
		}
	}
	if utf8.RuneCountInString(longest) > maxUnprinted && !s.printed(longest) {
		return ""
	}
	return longest
}

// maxUnprinted is how many characters a topic has at most that is a name. Longer
// ones are half a sentence, unless they are printed so.
const maxUnprinted = 6

func (s *suggester) printed(words string) bool {
	return slices.ContainsFunc(s.citations, func(c rag.Citation) bool {
		return strings.Contains(zh.Fold(c.Passage.Text), zh.Fold(words))
	})
}

// elsewhere asks the same of other places, where the question names one.
func (s *suggester) elsewhere() []string {
	text := strings.TrimRight(s.query.Text, "？?。 ")
	if s.query.Topic == "" || !standsAlone(text) { // overviews asks without a topic, of a year
		return nil
	}
	for _, here := range append(slices.Clone(s.query.Places), s.query.Unknown...) {
		if !strings.Contains(text, here) {
			here = gazetteer.ShortForm(here)
		}
		if here == "" || !strings.Contains(text, here) {
			continue
		}
		text = asQuestion(strings.TrimPrefix(text, "那"))
		var out []string
		for _, there := range s.coverage.Places {
			if len(out) < maxElsewhere && !slices.Contains(s.query.Places, there) {
				out = append(out, strings.ReplaceAll(text, here, there))
			}
		}
		return out
	}
	return nil
}

// maxElsewhere leaves some of maxTried to the other sorts, where there are many
// places.
const maxElsewhere = 4

// standsAlone reports whether a question that was made to stand alone reads like
// one: what it took over was put in its place and not in front of it.
func standsAlone(text string) bool {
	return !strings.HasSuffix(text, "呢") && !strings.ContainsAny(text, " 　\n")
}

// asQuestion makes a question of a few words that ask for something without
// saying what: 松岭县的公路.
func asQuestion(text string) string {
	words := []string{"什么", "哪", "谁", "几", "多", "怎", "啥", "何", "吗", "是否", "是不是", "有没有", "能不能", "会不会"}
	if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) }) {
		return text + "？"
	}
	return text + "有什么进展？"
}

// headings asks about what other sections of the articles cited are about.
func (s *suggester) headings() []string {
	place := s.place()
	var cited, out []string
	for _, c := range s.citations {
		cited = append(cited, c.Section())
	}
	asks := "有什么进展？"
	if len(s.citations) > 0 && s.citations[0].Passage.Facets.Kind == corpus.KindPlan {
		asks = "有什么安排？"
	}
	for _, c := range s.citations {
		for _, block := range c.Article.Blocks {
			h := strings.TrimRight(block.Span.In(c.Article.Text), "。：:")
			if block.Kind == corpus.BlockHeading && isTask(h) && !slices.Contains(cited, h) {
				cited = append(cited, h)
				out = append(out, place+h+asks)
			}
		}
	}
	return out
}

// isTask reports whether a heading says in a few words what is to be done, so
// that it can stand in a question: 提升城区品质, and not 民生答卷温暖厚重.
func isTask(heading string) bool {
	const fewest, most = 4, 10
	if n := utf8.RuneCountInString(heading); n < fewest || n > most {
		return false
	}
	if strings.ContainsFunc(heading, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) {
		return false
	}
	verbs := []string{
		"办好", "保障", "补齐", "布局", "畅通", "创新", "打通", "打造", "发展", "改善", "改造", "攻坚", "夯实", "激发", "集聚", "加快", "加强",
		"建好", "建强", "建设", "健全", "聚焦", "抓好", "扩大", "培育", "强化", "深耕", "深化", "实施", "守牢", "守住", "提升", "完善", "推动",
		"推进", "稳住", "引育", "优化", "增进", "做大", "做强", "做优", "壮大",
	}
	read := zh.Simplified(heading)
	return slices.ContainsFunc(verbs, func(v string) bool { return strings.HasPrefix(read, v) })
}

// speakers asks what else those cited have said.
func (s *suggester) speakers() []string {
	var out []string
	for _, c := range s.citations {
		if name, _ := c.Speaker(); name != "" && !strings.Contains(s.query.Text, zh.Simplified(name)) {
			if q := name + "说了什么？"; !slices.Contains(out, q) {
				out = append(out, q)
			}
		}
	}
	return out
}

// overviews asks what is planned and what was done, in the places asked about and
// then in those covered most.
func (s *suggester) overviews() []string {
	places := slices.Clone(s.query.Places)
	for _, p := range s.coverage.Places {
		if !slices.Contains(places, p) {
			places = append(places, p)
		}
	}
	planned := s.plannedYear()
	if planned == 0 {
		return nil
	}
	var plans, results []string
	for _, p := range places {
		plans = append(plans, fmt.Sprintf("%s%d年有什么计划？", p, planned))
		results = append(results, fmt.Sprintf("%s%d年做了什么？", p, planned-1))
	}
	// One place's plans, the next one's results: three suggestions are to show
	// three things.
	for i := range plans {
		if i%2 == 1 {
			plans[i], results[i] = results[i], plans[i]
		}
	}
	return append(plans, results...)
}

// lastMonths is when papers turn to the plans for the year to come.
const lastMonths = time.October

// plannedYear is the year that the newest papers plan for, 0 where they have no
// date: at the end of a year the next one, if they speak of it.
func (s *suggester) plannedYear() int {
	last := s.coverage.Last
	if last.Month >= int(lastMonths) && slices.Contains(s.coverage.Years, last.Year+1) {
		return last.Year + 1
	}
	return last.Year
}

// interleave takes one of each list in turn.
func interleave(lists ...[]string) []string {
	var out []string
	for i, more := 0, true; more; i++ {
		more = false
		for _, l := range lists {
			if i < len(l) {
				out, more = append(out, l[i]), true
			}
		}
	}
	return out
}
