package chain

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tmc/langchaingo/llms"

	"wenbao/corpus"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/llm"
)

// Rewriter makes follow-ups stand alone with a model. It implements rag.Rewriter:
// what the model writes is taken only when it names no place, year or figure that
// nobody said, and keeps those of the question and what it is about. It is safe for concurrent use if its parts are.
type Rewriter struct {
	model     llms.Model
	gazetteer *gazetteer.Gazetteer
	logger    *slog.Logger
}

// NewRewriter returns a Rewriter. The gazetteer should know the places of the
// collection (gazetteer.With), or a short name of one is not seen to be a place;
// logger may be nil.
func NewRewriter(model llms.Model, g *gazetteer.Gazetteer, logger *slog.Logger) *Rewriter {
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	return &Rewriter{model: model, gazetteer: g, logger: logger}
}

const rewriteMessage = `把用户最后的追问改写成一个不看上文也能懂的问题。
只补上追问里省略的地方、年份、人名和话题，都要是上文说过的；不添加别的内容，不回答问题。
追问本身已经完整，就原样写出。只写改写后的问题，一行。`

// Bounds of a rewriting: how many turns back it looks, how much of each answer,
// how long it may get, and how long it may take: the answer is still to come, and
// the rules do without a model. A reasoning model thinks within the tokens too.
const (
	rewriteTurns  = 4
	rewriteQuoted = 300 // characters
	rewriteChars  = 120
	rewriteTokens = rewriteChars + thinkTokens
	rewriteTime   = 20 * time.Second
)

// Rewrite gives the question with nothing left out; the question as it is where
// the model fails, takes too long or adds something of its own. The history stays
// with it: it says who 她 is where the model left her standing.
func (r *Rewriter) Rewrite(ctx context.Context, q rag.Question) rag.Question {
	if len(q.History) == 0 {
		return q
	}
	ctx, cancel := context.WithTimeout(ctx, rewriteTime)
	defer cancel()
	said := conversation(q)
	resp, err := r.model.GenerateContent(ctx, []llms.MessageContent{
		llms.TextParts(llms.ChatMessageTypeSystem, rewriteMessage),
		llms.TextParts(llms.ChatMessageTypeHuman, said+"\n追问："+oneLine(q.Text)+"\n改写："),
	}, llms.WithMaxTokens(rewriteTokens), llms.WithTemperature(0))
	if err != nil || len(resp.Choices) == 0 {
		r.logger.Warn("rewriting failed", "fault", llm.FaultOf(err))
		return q
	}
	text := firstLine(resp.Choices[0].Content)
	if !r.faithful(text, said+"\n"+q.Text) || !r.keeps(text, q.Text) {
		r.logger.Info("rewriting refused")
		return q
	}
	q.Text = text
	return q
}

// conversation is the end of what was said before.
func conversation(q rag.Question) string {
	var b strings.Builder
	for _, t := range q.History[max(0, len(q.History)-rewriteTurns):] {
		fmt.Fprintf(&b, "问：%s\n", oneLine(t.Question))
		if t.Answer != "" {
			fmt.Fprintf(&b, "答：%s\n", beginning(oneLine(t.Answer), rewriteQuoted))
		}
	}
	return b.String()
}

// beginning is the first n characters of a text.
func beginning(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// firstLine is the first line that says something, without quotation marks
// around it or a label in front.
func firstLine(s string) string {
	const around = " \t\r\n　\"“”"
	for line := range strings.Lines(s) {
		line = strings.Trim(line, around)
		for _, label := range []string{"改写后的问题：", "改写后：", "改写：", "问题："} {
			line = strings.Trim(strings.TrimPrefix(line, label), around)
		}
		if line != "" {
			return line
		}
	}
	return ""
}

// faithful reports whether a rewriting names no place, year or figure that the
// conversation does not, and is a question of reasonable length.
func (r *Rewriter) faithful(text, said string) bool {
	if n := utf8.RuneCountInString(text); n == 0 || n > rewriteChars || zh.CountHan(text) == 0 {
		return false
	}
	folded := zh.Fold(said)
	for _, m := range r.gazetteer.Find(text) {
		names := []string{m.In(text), m.Name, gazetteer.ShortForm(m.Name)}
		if !slices.ContainsFunc(names, func(name string) bool { return name != "" && strings.Contains(folded, zh.Fold(name)) }) {
			return false
		}
	}
	known := numbers(said)
	for n := range numbers(text) {
		if !known[n] {
			return false
		}
	}
	return true
}

// leastKept is the share of a question's own characters that a rewriting keeps at least:
// a model may put another word for one, but not ask another question.
const leastKept = 0.5

// keeps reports whether a rewriting asks what was asked: of the same places and no
// other where the question names one, with its years and figures, and in most of its
// words.
func (r *Rewriter) keeps(text, asked string) bool {
	if places := r.places(asked); len(places) > 0 && !slices.Equal(places, r.places(text)) {
		return false
	}
	known := numbers(text)
	for n := range numbers(asked) {
		if !known[n] {
			return false
		}
	}
	own, kept := 0, 0
	for _, c := range zh.Fold(asked) {
		if !zh.IsHan(c) || strings.ContainsRune(light, c) {
			continue
		}
		own++
		if strings.ContainsRune(zh.Fold(text), c) {
			kept++
		}
	}
	return float64(kept) >= leastKept*float64(own)
}

// light are the characters of a question that say nothing of what it is about, or
// that may be written in digits or as a name.
const light = "那呢的了吗么呀啊吧还有没是不它他她这个哪什怎样多少几谁其中再也都〇零一二两三四五六七八九十百千万亿年月日今明去"

// places are the names of the places in a text, each once, in order.
func (r *Rewriter) places(text string) []string {
	var out []string
	for _, m := range r.gazetteer.Find(text) {
		out = append(out, m.Name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// numbers are the values of the figures in a text, its years, months and days, and
// its runs of digits. 一 and 两 are left out: 这两个区 counts what was named.
func numbers(s string) map[string]bool {
	out := map[string]bool{}
	for _, f := range zh.Figures(s) {
		small := f.Value == "1" || f.Value == "2"
		if !small || strings.ContainsAny(zh.Fold(f.In(s)), "12") {
			out[f.Value] = true
		}
	}
	for _, t := range zh.Times(s, corpus.Date{}) {
		for _, n := range []int{t.Years.From, t.Years.To, t.Date.Month, t.Date.Day} {
			if n > 0 {
				out[strconv.Itoa(n)] = true
			}
		}
	}
	digits := func(r rune) bool { return r < '0' || r > '9' }
	for _, run := range strings.FieldsFunc(zh.Fold(s), digits) {
		out[run] = true
	}
	return out
}
