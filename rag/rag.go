// Package rag answers questions over newspaper passages with cited quotes.
//
//	Question -> query.Understand -> Query -> Searcher -> []Hit -> Answerer -> Answer
//
// The package holds the types and the few interfaces; Engine runs the steps.
// What does the work lives in the subpackages:
//
//	query    what a question asks: places, years, kind, follow-ups
//	lexical  BM25 over words and bigrams
//	vector   nearest neighbours
//	embed    the built-in embedder, and its trainer
//	asked    questions taken apart, to hold texts against them
//	reading  passages as rules read them, whatever their script
//	index    snapshots of the above over one library, and their fusion
//	extract  answers without a model
//	llm      models, embedders and rerankers behind our interfaces
//	chain    answers with a model, every sentence checked
//	cite     quotes in print: exact, and near misses
//	eval     measures
//	learn    weights of linear scores, for the trainers
package rag

import (
	"context"
	"strings"
	"time"

	"wenbao/corpus"
)

// Question is what a user asks.
type Question struct {
	ID   string
	Text string
	// History are the earlier turns of the conversation, oldest first.
	History []Turn
	// Filter narrows what may be answered from; the question's own words narrow further.
	Filter Filter
	// K is how many passages to consider; 0 means DefaultK, MaxK is the most.
	K int
}

// Limits of Question.K and Searcher's k.
const (
	DefaultK = 50
	MaxK     = 200
)

// Turn is one question of a conversation and its answer.
type Turn struct {
	Question string
	// Answer is the text that was shown, "" where it is not known.
	Answer string
	// Articles are the IDs of the articles that the answer cited.
	Articles []string
	// Alone says that the question was answered as it stands, without the turns
	// before it: see Query.Alone.
	Alone bool
}

// Filter narrows a search before ranking. Its zero value lets everything pass;
// every field that is set has to match, and one entry of a list is enough.
type Filter struct {
	// Places are full names (临江区); a passage matches when it speaks for one
	// or names one.
	Places []string
	// Years matches passages that speak of one of these years; passages whose
	// period is not known do not match.
	Years corpus.Years
	Kind  corpus.Kind
	// Since and Until bound the day of printing, both included.
	Since, Until corpus.Date
	Newspaper    string
	Article      string // an article's ID
	// Except are the IDs of articles that do not match.
	Except []string
}

// IsZero reports whether the filter lets everything pass.
func (f Filter) IsZero() bool {
	return len(f.Places) == 0 && f.Years.IsZero() && f.Kind == "" &&
		f.Since.IsZero() && f.Until.IsZero() && f.Newspaper == "" && f.Article == "" && len(f.Except) == 0
}

// Asks is what kind of thing a question wants.
type Asks string

// What can be asked for. AsksText is any question that wants an explanation.
const (
	AsksText   Asks = "text"
	AsksList   Asks = "list"   // 有什么计划, 哪些
	AsksNumber Asks = "number" // 多少, 几
	AsksPerson Asks = "person" // 谁
	AsksDate   Asks = "date"   // 什么时候, 哪年
	AsksPlace  Asks = "place"  // 哪里, 在哪
	AsksYesNo  Asks = "yesno"  // 是否, 吗
	AsksChat   Asks = "chat"   // greetings and small talk: nothing to look up
)

// Query is what is searched: a Question that stands alone and is understood.
type Query struct {
	// Text is the question made to stand alone: follow-ups are filled in.
	Text string `json:"text"`
	// Topic is Text without places, years and question words: what the
	// evidence has to be about. "" asks for everything there is.
	Topic string `json:"topic,omitempty"`
	// Wordings are printed words for the question's everyday ones (养老 for
	// 老人): they find and support an answer too, at a lower weight.
	Wordings []Wording `json:"wordings,omitempty"`
	// Earlier is what was said before, questions and answers, oldest first: it
	// helps to find what a follow-up leaves out.
	Earlier []Said `json:"-"`
	// Counts are the numbers asked for, one for each 多少 or 几.
	Counts []Count `json:"counts,omitempty"`
	// Places are full names; a question over several places is answered for each.
	Places []string `json:"places,omitempty"`
	// Unknown are places that the question names and the collection does not.
	Unknown []string `json:"unknown,omitempty"`
	// Whole is the province or the country where the question asks of all of it (全省, 我国).
	Whole   string         `json:"whole,omitempty"`
	Periods []corpus.Years `json:"periods,omitempty"`
	Kind    corpus.Kind    `json:"kind,omitempty"`
	// Speaker is the person whose words are asked for, by name.
	Speaker string `json:"speaker,omitempty"`
	Asks    Asks   `json:"asks"`
	// Filter is the Question's own filter.
	Filter Filter `json:"-"`
	// Parts are the questions that are asked at once, each understood with the
	// places and years of those before it where it names none; nil for one question.
	Parts []Query `json:"-"`
	// Otherwise is the question read by itself, where Text took something over from
	// the turns before although the question does not point back: people change the
	// subject without saying so. nil where there is no such reading.
	Otherwise *Query `json:"-"`
	// Alone says that this is such a reading.
	Alone bool `json:"-"`
}

// Said is a text of an earlier turn.
type Said struct {
	Text string
	// Weight is how much its words count beside the question's own, which count 1.
	Weight float64
}

// Count is a number that a question asks for.
type Count struct {
	// Unit is the unit or measure word asked in (家, 亩, 人次), "" when none is named.
	Unit string `json:"unit,omitempty"`
	// Of is the word for what is counted or measured (平台, 投入); a clause that
	// gives the number has to name it.
	Of string `json:"of,omitempty"`
}

// Wording is an everyday word of a question and what papers print for it.
type Wording struct {
	Said    string   `json:"said"`
	Printed []string `json:"printed"`
}

// Hit is a passage found, with what is needed to show and cite it.
type Hit struct {
	// Rank counts from 1.
	Rank    int
	Score   float64
	Passage corpus.Passage
	// Article is the passage's article; it is shared and must not be changed.
	Article *corpus.Article
	// Why says what each scorer contributed; nil unless asked for.
	Why []Contribution
}

// Contribution is one scorer's share in a hit's score.
type Contribution struct {
	Scorer string  `json:"scorer"` // "words", "bigrams", "dense", …
	Raw    float64 `json:"raw"`    // the scorer's own score
	Rank   int     `json:"rank"`   // its rank by this scorer alone, 0 when not found
	Share  float64 `json:"share"`  // what it adds to Hit.Score
}

// Searcher finds passages. Hits come best first, ordered by score and then by
// passage ID, at most k of them; filters work before ranking. No hit is no error.
// A cancelled context gives its error and no hits. Safe for concurrent use.
type Searcher interface {
	Search(ctx context.Context, q Query, k int) ([]Hit, error)
}

// Answerer writes an answer out of hits. Every sentence of it is cited and every
// quote is an exact substring of its passage. It must not change the hits.
// Safe for concurrent use.
type Answerer interface {
	Answer(ctx context.Context, q Query, hits []Hit) (Answer, error)
}

// Streamer is an Answerer that can tell its answer as it comes. Pieces are whole
// sentences in order, checked already. The Answer takes the place of what was
// told: mostly its text begins with that, but it need not. An error of tell ends
// the answer and is returned.
type Streamer interface {
	Answerer
	Stream(ctx context.Context, q Query, hits []Hit, tell func(piece string) error) (Answer, error)
}

// Rewriter makes a follow-up stand alone. It gives the question back unchanged
// where it cannot do better than the Understander. Safe for concurrent use.
type Rewriter interface {
	Rewrite(ctx context.Context, q Question) Question
}

// Outcome says whether there was an answer; refusing is not an error.
type Outcome string

// The outcomes.
const (
	Answered   Outcome = "answered"
	NoEvidence Outcome = "no_evidence"
)

// Mode says how the text was written.
type Mode string

// The modes. Extractive text consists of printed words and fixed phrases.
const (
	Extractive Mode = "extractive"
	Generative Mode = "generative"
)

// Answer is what is said, with its evidence.
type Answer struct {
	Query   Query
	Outcome Outcome
	Mode    Mode
	// Text is the whole answer with markers such as [1].
	Text string
	// Sentences are the parts of Text that state something, in order.
	Sentences []Sentence
	// Citations are numbered from 1 in order of first use; markers resolve to them.
	Citations []Citation
	// Notice is a remark beside the answer: a near miss, a degraded mode.
	Notice string
	// Model names what wrote a generative answer, or failed to; "" where none
	// was asked. Removed counts the sentences of its text that failed the check.
	Model   string
	Removed int
	// Fault says why an extractive answer stands in for a model's, as a code: one
	// of the model client's faults, or of the check's reasons. "" where it does not.
	Fault string
	// Coverage says what the collection holds; set when nothing was found.
	Coverage *Coverage
	// Hits are the passages considered, for --explain.
	Hits    []Hit
	Elapsed time.Duration
}

// Sentence is one statement of an answer.
type Sentence struct {
	Text string `json:"text"`
	// Citations are the numbers of the citations that support it.
	Citations []int `json:"citations"`
}

// Citation points at printed words.
type Citation struct {
	N int
	// Quote is an exact substring of Passage.Text.
	Quote   string
	Passage corpus.Passage
	// Article is shared and must not be changed.
	Article *corpus.Article
}

// headingMarks are what papers print before a heading to set it off.
const headingMarks = "■□●○◆◇▲△★☆ 　"

// Headings are the heading path, outermost first, without the marks that are
// printed before them.
func (c Citation) Headings() []string {
	out := make([]string, 0, len(c.Passage.Headings))
	for _, h := range c.Passage.Headings {
		out = append(out, strings.TrimLeft(h, headingMarks))
	}
	return out
}

// Section is the innermost of Headings, "" at none.
func (c Citation) Section() string {
	if n := len(c.Passage.Headings); n > 0 {
		return strings.TrimLeft(c.Passage.Headings[n-1], headingMarks)
	}
	return ""
}

// Speaker is who says the passage: the one it names itself comes before the one
// of the whole article, and the issuing office stands in for both. Either may be "".
func (c Citation) Speaker() (name, office string) {
	for _, f := range []corpus.Facets{c.Passage.Facets, c.Article.Facets} {
		if f.Speaker != "" || f.Office != "" {
			return f.Speaker, f.Office
		}
	}
	return "", c.Article.Office
}

// Part is the part of the article that the passage was printed in.
func (c Citation) Part() corpus.Part {
	if c.Passage.Part < len(c.Article.Parts) {
		return c.Article.Parts[c.Passage.Part]
	}
	return corpus.Part{}
}

// Coverage is what a collection holds, in a few words' worth.
type Coverage struct {
	Articles, Passages int
	Newspapers         []string
	First, Last        corpus.Date
	// Places are the places spoken for, those with most passages first.
	Places []string
	// Years are those spoken of, ascending.
	Years []int
}
