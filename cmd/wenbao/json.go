package main

import (
	"encoding/json"
	"io"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/rag"
)

// The types of this file are the JSON that scripts rely on: fields are added,
// never renamed or taken away. Fields without omitempty are always there, and
// lists are never null.

// writeJSON writes one line. <, > and & stay as they are: the output is no HTML.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

type answerJSON struct {
	ID        any            `json:"id"`
	Question  string         `json:"question"`
	Query     queryJSON      `json:"query"`
	Outcome   rag.Outcome    `json:"outcome"`
	Mode      rag.Mode       `json:"mode"`
	Text      string         `json:"text"`
	Sentences []sentenceJSON `json:"sentences"`
	Citations []citationJSON `json:"citations"`
	Notice    string         `json:"notice"`
	// Model is what wrote the text or failed to, "" without one; Fault is why the
	// text is not its own, Removed how many of its sentences failed the check.
	Model    string        `json:"model"`
	Removed  int           `json:"removed"`
	Fault    string        `json:"fault"`
	Coverage *coverageJSON `json:"coverage,omitempty"`
	// Hits are there with --explain.
	Hits    []hitJSON    `json:"hits,omitempty"`
	Elapsed milliseconds `json:"elapsed_ms"`
}

type queryJSON struct {
	Text     string         `json:"text"`
	Places   []string       `json:"places"`
	Periods  []corpus.Years `json:"periods"`
	Kind     corpus.Kind    `json:"kind"`
	Topic    string         `json:"topic,omitempty"`
	Asks     rag.Asks       `json:"asks,omitempty"`
	Wordings []rag.Wording  `json:"wordings,omitempty"`
	Unknown  []string       `json:"unknown,omitempty"`
	Speaker  string         `json:"speaker,omitempty"`
}

type sentenceJSON struct {
	Text      string `json:"text"`
	Citations []int  `json:"citations"`
}

type citationJSON struct {
	N         int         `json:"n"`
	PassageID string      `json:"passage_id"`
	Quote     string      `json:"quote"`
	Passage   string      `json:"passage"`
	Article   articleJSON `json:"article"`
	Section   string      `json:"section"`
}

type articleJSON struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	TitleMade bool   `json:"title_made,omitempty"`
	Kicker    string `json:"kicker"`
	Byline    string `json:"byline"`
	Speaker   string `json:"speaker"`
	Office    string `json:"office"`
	Newspaper string `json:"newspaper"`
	// Date is YYYY-MM-DD, shorter where the day is not known, "" where nothing is.
	Date         corpus.Date `json:"date"`
	DateInferred bool        `json:"date_inferred,omitempty"`
	Page         string      `json:"page"`
	Source       string      `json:"source"`
	Fragment     bool        `json:"fragment,omitempty"`
}

type coverageJSON struct {
	Articles   int         `json:"articles"`
	Passages   int         `json:"passages"`
	Newspapers []string    `json:"newspapers"`
	First      corpus.Date `json:"first"`
	Last       corpus.Date `json:"last"`
	Places     []string    `json:"places"`
	Years      []int       `json:"years"`
}

type searchJSON struct {
	ID       any          `json:"id"`
	Question string       `json:"question"`
	Query    queryJSON    `json:"query"`
	Hits     []hitJSON    `json:"hits"`
	Elapsed  milliseconds `json:"elapsed_ms"`
}

type hitJSON struct {
	Rank      int                `json:"rank"`
	Score     float64            `json:"score"`
	PassageID string             `json:"passage_id"`
	DocID     string             `json:"doc_id"`
	Article   articleJSON        `json:"article"`
	Section   string             `json:"section"`
	Facets    facetsJSON         `json:"facets"`
	Text      string             `json:"text"`
	Why       []rag.Contribution `json:"why,omitempty"`
}

type facetsJSON struct {
	Places         []string      `json:"places"`
	Mentions       []string      `json:"mentions"`
	Speaker        string        `json:"speaker"`
	Office         string        `json:"office"`
	Period         *corpus.Years `json:"period"` // null when not known
	PeriodInferred bool          `json:"period_inferred,omitempty"`
	Kind           corpus.Kind   `json:"kind"`
}

// milliseconds are written with three decimals at most.
type milliseconds float64

func toMilliseconds(d time.Duration) milliseconds {
	return milliseconds(math.Round(float64(d)/float64(time.Microsecond)) / 1000)
}

func newAnswerJSON(id any, question string, a rag.Answer, explain bool) answerJSON {
	out := answerJSON{
		ID: id, Question: question, Query: newQueryJSON(a.Query),
		Outcome: a.Outcome, Mode: a.Mode, Text: a.Text,
		Sentences: []sentenceJSON{}, Citations: []citationJSON{},
		Notice: a.Notice, Model: a.Model, Removed: a.Removed, Fault: a.Fault, Elapsed: toMilliseconds(a.Elapsed),
	}
	for _, s := range a.Sentences {
		out.Sentences = append(out.Sentences, sentenceJSON{Text: s.Text, Citations: list(s.Citations)})
	}
	for _, c := range a.Citations {
		out.Citations = append(out.Citations, citationJSON{
			N: c.N, PassageID: c.Passage.ID, Quote: c.Quote, Passage: c.Passage.Text,
			Article: newArticleJSON(c.Article, c.Passage), Section: section(c.Passage.Headings),
		})
	}
	if c := a.Coverage; c != nil {
		out.Coverage = &coverageJSON{
			Articles: c.Articles, Passages: c.Passages, Newspapers: list(c.Newspapers),
			First: c.First, Last: c.Last, Places: list(c.Places), Years: list(c.Years),
		}
	}
	if explain {
		out.Hits = newHitsJSON(a.Hits)
	}
	return out
}

func newQueryJSON(q rag.Query) queryJSON {
	return queryJSON{
		Text: q.Text, Places: list(q.Places), Periods: list(q.Periods), Kind: q.Kind,
		Topic: q.Topic, Asks: q.Asks, Wordings: q.Wordings, Unknown: q.Unknown, Speaker: q.Speaker,
	}
}

func newHitsJSON(hits []rag.Hit) []hitJSON {
	out := make([]hitJSON, 0, len(hits))
	for _, h := range hits {
		out = append(out, hitJSON{
			Rank: h.Rank, Score: h.Score, PassageID: h.Passage.ID, DocID: partOf(h.Article, h.Passage).DocID,
			Article: newArticleJSON(h.Article, h.Passage), Section: section(h.Passage.Headings),
			Facets: newFacetsJSON(h.Passage.Facets), Text: h.Passage.Text, Why: h.Why,
		})
	}
	return out
}

// newArticleJSON tells of an article with the page that the passage was printed
// on and with who speaks in it.
func newArticleJSON(a *corpus.Article, p corpus.Passage) articleJSON {
	part := partOf(a, p)
	speaker, office := speakerOf(a, p)
	return articleJSON{
		ID: a.ID, Title: a.Title, TitleMade: a.TitleMade, Kicker: a.Kicker, Byline: a.Byline,
		Speaker: speaker, Office: office, Newspaper: part.Newspaper,
		Date: part.Date, DateInferred: part.DateInferred, Page: part.Edition,
		Source: part.Source, Fragment: a.Fragment,
	}
}

func newFacetsJSON(f corpus.Facets) facetsJSON {
	out := facetsJSON{
		Places: list(f.Places), Mentions: list(f.Mentions), Speaker: f.Speaker, Office: f.Office,
		PeriodInferred: f.PeriodInferred, Kind: f.Kind,
	}
	if !f.Period.IsZero() {
		out.Period = &f.Period
	}
	return out
}

// list gives an empty list for nil, which JSON would write as null.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// section is the innermost heading without the mark that is printed before it.
func section(headings []string) string {
	return rag.Citation{Passage: corpus.Passage{Headings: headings}}.Section()
}

// partOf is the part of the article that the passage was printed in.
func partOf(a *corpus.Article, p corpus.Passage) corpus.Part {
	return rag.Citation{Passage: p, Article: a}.Part()
}

// speakerOf is who says a passage.
func speakerOf(a *corpus.Article, p corpus.Passage) (name, office string) {
	return rag.Citation{Passage: p, Article: a}.Speaker()
}

// characters counts what is printed: everything but white space.
func characters(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

// printable takes out what would steer a terminal: printed text comes from files
// that nobody has looked at. Line ends and tabs stay.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return utf8.RuneError
		}
		return r
	}, s)
}
