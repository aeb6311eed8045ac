package telegram

import (
	"context"
	"time"

	"wenbao/bot"
	"wenbao/bot/telegram/markup"
)

const (
	// queryTries is how often the answer to a press or an inline query is tried, and
	// queryLife how long after it: Telegram does not take it much later.
	queryTries = 3
	queryLife  = 15 * time.Second
	// longestQueryWait is the longest that Telegram may ask to wait with it: the
	// messages of the reply wait behind it.
	longestQueryWait = 5 * time.Second
)

// answerQuery answers the press or the inline query that the event is. It is not
// repeated for long: who pressed sees the messages in any case, and who typed an
// inline query types on. A press whose toast cannot be shown, and that has no
// messages, gets one that says the same. It reports false where it was broken off.
func (d *delivery) answerQuery(ctx context.Context) bool {
	if d.job.Query == "" || d.answered || d.sent > 0 {
		return true
	}
	d.answered = d.showAnswer(ctx)
	switch {
	case ctx.Err() != nil:
		return false
	case len(d.plan.Parts) > 0:
	case d.answered:
		d.delivered()
	case d.plan.Toast != "" && !d.maybeShown():
		d.plan = d.plan.spoken()
		return d.keep(ctx)
	}
	return true
}

// maybeShown reports whether an earlier run of the program may have shown the
// toast: it had the reply.
func (d *delivery) maybeShown() bool { return len(d.job.entry.Plan) > 0 }

// showAnswer answers the query, and reports false where that did not succeed.
func (d *delivery) showAnswer(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, d.queryTime())
	defer cancel()
	wait := newBackoff(firstSendWait)
	unsure := false
	for range queryTries {
		f := asFault(d.run.answer(ctx, d.job, d.plan))
		switch {
		case f == nil:
			return true
		case f.kind == faultUnsure:
			unsure = true
		case f.kind != faultUnreached && f.kind != faultWait:
			return unsure // too late, or it is answered already
		}
		if f.wait > longestQueryWait || sleep(ctx, max(wait.next(), f.wait)) != nil {
			return false
		}
	}
	return false
}

// queryTime is how long the answer to a query may be tried. For one that has
// waited it is not over at once: Telegram may be patient.
func (d *delivery) queryTime() time.Duration {
	if d.job.taken.IsZero() {
		return longestQueryWait
	}
	return max(queryLife-time.Since(d.job.taken), longestQueryWait)
}

// answer answers a press or an inline query once.
func (r *run) answer(ctx context.Context, j *job, p plan) error {
	if j.Kind == bot.EventInline {
		return r.api.answerInline(ctx, j.Query, p.Inline)
	}
	return r.api.answerPress(ctx, j.Query, p.Toast, p.Alert)
}

// inlineCache is how many seconds Telegram may give the same results to the same
// user again. It is short because a new page of the newspaper, or another
// language, gives others.
const inlineCache = 10

// inlineStart is what /start is given when it is reached from above the results.
const inlineStart = "inline"

// The types of an answer to an inline query, as JSON.
type (
	inlineAnswer struct {
		Query    string         `json:"inline_query_id"`
		Results  []inlineResult `json:"results"`
		Cache    int            `json:"cache_time"`
		Personal bool           `json:"is_personal"`
		Next     string         `json:"next_offset"`
		Button   *inlineButton  `json:"button,omitempty"`
	}
	inlineResult struct {
		Type        string        `json:"type"`
		ID          string        `json:"id"`
		Title       string        `json:"title"`
		Description string        `json:"description,omitempty"`
		Content     inlineContent `json:"input_message_content"`
	}
	inlineContent struct {
		Text    string        `json:"message_text"`
		Mode    string        `json:"parse_mode"`
		Preview inlinePreview `json:"link_preview_options"`
	}
	inlinePreview struct {
		Disabled bool `json:"is_disabled"`
	}
	inlineButton struct {
		Text  string `json:"text"`
		Start string `json:"start_parameter"`
	}
)

// answerInline answers an inline query; nil gives no results. Of a message longer
// than one part the first is sent.
func (a *api) answerInline(ctx context.Context, query string, in *bot.Inline) error {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	answer := inlineAnswer{Query: query, Results: []inlineResult{}, Cache: inlineCache, Personal: true}
	if in != nil {
		answer.Next = in.Next
		if in.Hint != "" {
			answer.Button = &inlineButton{Text: in.Hint, Start: inlineStart}
		}
		answer.Results = inlineResults(in.Results)
	}
	var ok bool
	if f := a.wire.call(limited, "answerInlineQuery", answer, &ok); f != nil {
		return a.fails(ctx, "answerInlineQuery", f)
	}
	return nil
}

func inlineResults(results []bot.Result) []inlineResult {
	list := make([]inlineResult, 0, min(len(results), bot.MaxResults))
	for _, r := range results[:min(len(results), bot.MaxResults)] {
		parts := markup.Parts(r.Message)
		if len(parts) == 0 {
			continue
		}
		list = append(list, inlineResult{
			Type:        "article",
			ID:          r.ID,
			Title:       r.Title,
			Description: r.Description,
			Content:     inlineContent{Text: parts[0].HTML, Mode: "HTML", Preview: inlinePreview{Disabled: true}},
		})
	}
	return list
}
