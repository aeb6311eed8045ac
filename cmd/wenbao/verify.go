package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"wenbao/corpus"
	"wenbao/rag/cite"
)

type verifyCommand struct{}

func (c *verifyCommand) flags(a *app, fs *pflag.FlagSet) {
	a.global.collection(a, fs)
}

type verifyJSON struct {
	ID    any    `json:"id"`
	Quote string `json:"quote"`
	Found bool   `json:"found"`
	// Total is how many there are; Matches are the first hundred.
	Total   int          `json:"total"`
	Matches []matchJSON  `json:"matches"`
	Near    *nearJSON    `json:"near"` // null unless not found, and something is near
	Elapsed milliseconds `json:"elapsed_ms"`
}

type matchJSON struct {
	// PassageID is "" for words of a title or byline.
	PassageID string      `json:"passage_id"`
	Article   articleJSON `json:"article"`
	Section   string      `json:"section"`
	// Text is as printed; Span is where it stands in the article's text.
	Text string      `json:"text"`
	Span corpus.Span `json:"span"`
}

type nearJSON struct {
	matchJSON
	Similarity float64 `json:"similarity"`
	// Diff leads from what was printed to the quote: "=" stands in both, "-" is
	// only printed, "+" is only quoted.
	Diff []cite.Piece `json:"diff"`
}

func (c *verifyCommand) run(ctx context.Context, a *app, args []string) (err error) {
	quote := question(a.moreCorpus(args, 1))
	if quote == "" {
		return usage(a.m.NoQuote)
	}
	if quote == fromStdin {
		if err := a.stdinTaken(); err != nil {
			return err
		}
	}
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	defer closing(s, &err)
	if quote != fromStdin {
		return c.one(ctx, a, s, quote)
	}
	return a.eachLine(ctx, func(ctx context.Context, l inputLine) (any, error) {
		return c.verify(ctx, a, s, l.ID, l.Question)
	})
}

// look looks a quote up and tells of articles that could not be read.
func (c *verifyCommand) look(ctx context.Context, a *app, s *store, quote string) (cite.Verification, error) {
	v, err := cite.Verify(ctx, s.All(ctx), quote)
	if err == nil && v.Unread > 0 {
		a.note(a.m.VerifyUnread, v.Unread)
	}
	return v, err
}

// verify gives the JSON of one quote.
func (c *verifyCommand) verify(ctx context.Context, a *app, s *store, id any, quote string) (verifyJSON, error) {
	start := a.Now()
	v, err := c.look(ctx, a, s, quote)
	if err != nil {
		return verifyJSON{}, err
	}
	out := verifyJSON{ID: id, Quote: quote, Found: v.Found, Total: v.Total, Matches: []matchJSON{}}
	for _, m := range v.Matches {
		out.Matches = append(out.Matches, newMatchJSON(m))
	}
	if v.Near != nil {
		out.Near = &nearJSON{matchJSON: newMatchJSON(v.Near.Match), Similarity: v.Near.Similarity, Diff: list(v.Near.Diff)}
	}
	out.Elapsed = toMilliseconds(a.Now().Sub(start))
	return out, nil
}

func (c *verifyCommand) one(ctx context.Context, a *app, s *store, quote string) error {
	if a.global.json {
		out, err := c.verify(ctx, a, s, "", quote)
		if err != nil {
			return err
		}
		if err := writeJSON(a.Stdout, out); err != nil {
			return err
		}
		return found(out.Found)
	}
	v, err := c.look(ctx, a, s, quote)
	if err != nil {
		return err
	}
	if err := a.print(a.m.verification(v)); err != nil {
		return err
	}
	return found(v.Found)
}

// found makes the exit code of a quote that is not in print.
func found(ok bool) error {
	if ok {
		return nil
	}
	return errTold
}

func newMatchJSON(m cite.Match) matchJSON {
	p := passageOf(m)
	return matchJSON{
		PassageID: p.ID, Article: newArticleJSON(m.Article, p), Section: section(p.Headings),
		Text: m.Text, Span: m.Span,
	}
}

// passageOf is the passage of a match, the zero passage for a title or byline.
func passageOf(m cite.Match) corpus.Passage {
	if m.Passage == nil {
		return corpus.Passage{Article: m.Article.ID}
	}
	return *m.Passage
}

// verification says whether a quote was printed, and where, or what comes near.
func (m *messages) verification(v cite.Verification) string {
	var b strings.Builder
	if v.Found {
		fmt.Fprintf(&b, m.VerifyFound+"\n", v.Total)
		for i, match := range v.Matches {
			fmt.Fprintf(&b, "[%d] %s\n", i+1, m.source(match.Article, passageOf(match)))
			b.WriteString(quoted(match.Text))
		}
		return b.String()
	}
	b.WriteString(m.VerifyNotFound + "\n")
	if near := v.Near; near != nil {
		b.WriteString("\n" + m.VerifyNear + "\n" + m.source(near.Article, passageOf(near.Match)) + "\n")
		b.WriteString(quoted(near.Text))
		fmt.Fprintf(&b, m.VerifyDiff+"\n", difference(near.Diff))
	}
	return b.String()
}

// difference writes a diff in one line: [-as printed-]{+as quoted+}.
func difference(pieces []cite.Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		switch p.Op {
		case cite.Printed:
			b.WriteString("[-" + p.Text + "-]")
		case cite.Quoted:
			b.WriteString("{+" + p.Text + "+}")
		default:
			b.WriteString(p.Text)
		}
	}
	return b.String()
}
