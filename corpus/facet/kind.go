package facet

import (
	"cmp"
	"strings"

	"wenbao/corpus"
	"wenbao/corpus/zh"
)

// verdict is what one clause says of its kind.
type verdict struct {
	kind corpus.Kind
	// sure verdicts outweigh the heading's; the others only fill a gap.
	sure bool
	// carries says that the verdict holds for the clauses after it too, until
	// one that ends it.
	carries, ends bool
	// final says that the whole sentence is decided.
	final bool
}

// outweighs is how many times as much of a sentence has to say otherwise before
// its last sure clause does not decide: 今年投入…,增长…,新增…;明年劲头不松 is a result.
const outweighs = 2

// kindOf tells the kind of one sentence.
func (an *Annotator) kindOf(s sentence, c *Context) corpus.Kind {
	var last, weak corpus.Kind
	carried, day := false, false
	weight := map[corpus.Kind]int{}
	for _, cl := range zh.Clauses(s.text) {
		part := s.cut(cl.Span)
		day = day || part.namesDay(c.Date)
		v := an.clause(part, c, day)
		switch {
		case v.final && !containsAny(s.text[cl.End:], "表示", "强调", "指出"):
			return v.kind
		case v.sure && (!carried || v.ends || last == corpus.KindPlan && v.carries):
			last, carried = v.kind, v.carries
			weight[last] += cl.Len()
		case carried:
			weight[last] += cl.Len()
		case v.kind != "" && !v.sure && (weak == "" || v.kind == corpus.KindResult):
			weak = v.kind
		}
	}
	if most := heaviest(weight); weight[most] > outweighs*weight[last] {
		last = most
	}
	if weak == corpus.KindResult && c.usual == corpus.KindPlan {
		weak = corpus.KindPlan
	}
	return cmp.Or(last, c.Kind, weak, corpus.KindStatement)
}

// clause reads one clause; day says that the sentence has named a day so far. Of
// several signs a statement's comes first, then an event on that day, what has
// happened, intent, and verbs of result.
func (an *Annotator) clause(cl sentence, c *Context, day bool) verdict {
	head := an.headEnd(cl)
	seen, soft := an.marksOf(cl.text, head)
	// What a plan is compared with has happened, the plan has not.
	compares := c.Kind == corpus.KindPlan && containsAny(cl.text, "比上年", "较上年", "同比", "环比")
	done := seen.has(markDone) && !compares
	switch {
	case cl.future(c.Date) && containsAny(cl.text, "起执行", "起实施", "起施行", "起正式"):
		return verdict{kind: corpus.KindPlan, sure: true, final: true}
	case seen.has(markState) && c.Kind == "":
		return verdict{kind: corpus.KindStatement, sure: true, carries: true, ends: true}
	case strings.Contains(cl.text, "之年"):
		return verdict{kind: corpus.KindStatement, sure: true}
	case day && seen.has(markEvent) && !seen.has(markPlan):
		return verdict{kind: corpus.KindResult, sure: true, final: true}
	case done && (c.Kind != corpus.KindPlan || !soft):
		return verdict{kind: corpus.KindResult, sure: true, ends: true}
	case seen.has(markPlan), cl.future(c.Date):
		return verdict{kind: corpus.KindPlan, sure: true, carries: true}
	case seen.has(markPast):
		return verdict{kind: corpus.KindResult, sure: c.Kind == ""}
	case seen.has(markResult) && cl.hasFigure() && c.Kind != corpus.KindPlan && (!soft || an.startsResult(cl.text[head:])):
		// Where plans are told of, 新增500张 may be one of them.
		return verdict{kind: corpus.KindResult, sure: c.usual != corpus.KindPlan || cl.past(c.Date)}
	case cl.past(c.Date) && cl.hasFigure() && !soft && c.Kind != corpus.KindPlan:
		return verdict{kind: corpus.KindResult, sure: true}
	case soft, seen.has(markSoon) && c.Kind != corpus.KindResult:
		return verdict{kind: corpus.KindPlan}
	case seen.has(markResult) && an.startsResult(cl.text[head:]), cl.past(c.Date):
		return verdict{kind: corpus.KindResult}
	}
	return verdict{}
}

// marksOf are all marks in a clause, and whether a programme's verb stands at
// its head. What a slogan in quotation marks says has happened does not count, nor
// what is striven for (争取大项目落户).
func (an *Annotator) marksOf(text string, head int) (seen marks, soft bool) {
	var buf [16]marked
	strives := false
	for _, w := range an.find(text, buf[:0]) {
		word := text[w.start:w.end]
		strives = strives || startsWithAny(word, []string{"力争", "争取"}) && w.marks.has(markPlan)
		if w.marks.has(markDone) && (quoted(text, w.start) || strives && !startsWithAny(word, []string{"已", "了", "均已", "业已"})) {
			continue
		}
		soft = soft || w.marks.has(markSoft) && w.start <= head
		seen |= w.marks
	}
	return seen, soft
}

// startsResult reports whether the verb at the head of a clause is one of result
// (新建5所, 打通17条), though programmes use it as well.
func (an *Annotator) startsResult(text string) bool {
	var buf [8]marked
	ws := an.find(text, buf[:0])
	return len(ws) > 0 && ws[0].start == 0 && ws[0].marks.has(markResult)
}

// headEnd is where the verb at the head of a clause may begin: after opening
// words, times, and a short subject such as 全区.
func (an *Annotator) headEnd(cl sentence) int {
	at := an.openersEnd(cl, 0)
	for _, subject := range [...]string{"全市", "我市", "全区", "我区", "全县", "我县", "全镇", "各级", "要"} {
		if strings.HasPrefix(cl.text[at:], subject) {
			return at + len(subject)
		}
	}
	return at
}

// quoted reports whether position i lies between quotation marks within a clause.
func quoted(text string, i int) bool {
	open := strings.LastIndex(text[:i], "“")
	return open > 0 && !strings.Contains(text[open:i], "”") && strings.Contains(text[i:], "”")
}
