package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"wenbao/bot"
)

// Times that calls may take.
const (
	callTimeout = 30 * time.Second
	// liveTimeout is for calls that the reply waits for and can do without.
	liveTimeout = 10 * time.Second
	// pollTimeout is how long Telegram holds a request for updates when there are
	// none; below the minute after which proxies cut idle connections.
	pollTimeout = 50 * time.Second
	pollSlack   = 15 * time.Second
)

// pollLimit is the most updates that one answer holds; Telegram's own limit.
const pollLimit = 100

// maxAnswer is how much of an answer is read: 100 updates of some 10 KB each are
// 1 MB.
const maxAnswer = 16 << 20

// allowed are the updates that are asked for.
func allowed() []string {
	return []string{"message", "callback_query", "inline_query", "my_chat_member"}
}

// api makes the calls, and turns what goes wrong with them into faults. What the
// library does not do well goes over wire.call: it acknowledges updates before
// anybody has them, and writes a web_app of null into the button above inline
// results.
type api struct {
	lib    *tg.Bot
	wire   wire
	failed func(method string, f *fault)
	pace   pace
}

// newAPI makes an api. Failed is told of every call that went wrong.
func newAPI(client Doer, url, token string, failed func(string, *fault)) (*api, error) {
	w := wire{client: client, url: url, token: token}
	lib, err := tg.New(token,
		tg.WithSkipGetMe(), // it would be called without our context
		tg.WithServerURL(url),
		tg.WithHTTPClient(pollTimeout, w),
		tg.WithErrorsHandler(func(error) {}), // told of pipes that are closed; the call fails as well
	)
	if err != nil {
		return nil, err
	}
	return &api{lib: lib, wire: w, failed: failed}, nil
}

// done gives the result of a call of the library as a fault.
func (a *api) done(ctx context.Context, method string, err error) error {
	if err == nil {
		return nil
	}
	return a.fails(ctx, method, ofLibrary(err))
}

// fails tells of a fault, unless the call was broken off by who made it.
func (a *api) fails(ctx context.Context, method string, f *fault) error {
	if ctx.Err() == nil {
		a.failed(method, f)
	}
	return f
}

// place is where a message goes.
type place struct {
	chat    int64
	thread  int // the topic, 0 for none
	replyTo int // the message that it answers, 0 for none
}

// text is what a message says.
type text struct {
	text    string
	plain   bool // text is not HTML
	buttons [][]bot.Button
}

func (x text) mode() models.ParseMode {
	if x.plain {
		return ""
	}
	return models.ParseModeHTML
}

// markup is what goes into a reply_markup: an untyped nil for no buttons, since a
// typed one would be sent as null.
func (x text) markup() any {
	if k := newKeyboard(x.buttons); k != nil {
		return k
	}
	return nil
}

// noPreview turns the preview of links off.
func noPreview() *models.LinkPreviewOptions {
	return &models.LinkPreviewOptions{IsDisabled: tg.True()}
}

// send sends a message and gives its ID.
func (a *api) send(ctx context.Context, timeout time.Duration, to place, x text) (int, error) {
	a.pace.note(to.chat)
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	p := &tg.SendMessageParams{
		ChatID:             to.chat,
		MessageThreadID:    to.thread,
		Text:               x.text,
		ParseMode:          x.mode(),
		LinkPreviewOptions: noPreview(),
		ReplyMarkup:        x.markup(),
	}
	if to.replyTo != 0 {
		p.ReplyParameters = &models.ReplyParameters{MessageID: to.replyTo, AllowSendingWithoutReply: true}
	}
	m, err := a.lib.SendMessage(limited, p)
	if err != nil {
		return 0, a.done(ctx, "sendMessage", err)
	}
	return m.ID, nil
}

// edit gives a message another text. A message that has it already is no fault.
func (a *api) edit(ctx context.Context, timeout time.Duration, chat int64, id int, x text) error {
	a.pace.note(chat)
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	_, err := a.lib.EditMessageText(limited, &tg.EditMessageTextParams{
		ChatID:             chat,
		MessageID:          id,
		Text:               x.text,
		ParseMode:          x.mode(),
		LinkPreviewOptions: noPreview(),
		ReplyMarkup:        x.markup(),
	})
	return a.edited(ctx, "editMessageText", err)
}

// editButtons gives a message other buttons. A message that has them already is no
// fault.
func (a *api) editButtons(ctx context.Context, chat int64, id int, buttons [][]bot.Button) error {
	a.pace.note(chat)
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := a.lib.EditMessageReplyMarkup(limited, &tg.EditMessageReplyMarkupParams{
		ChatID:      chat,
		MessageID:   id,
		ReplyMarkup: text{buttons: buttons}.markup(),
	})
	return a.edited(ctx, "editMessageReplyMarkup", err)
}

// edited gives the result of an edit as a fault.
func (a *api) edited(ctx context.Context, method string, err error) error {
	if err == nil {
		return nil
	}
	f := ofLibrary(err)
	switch f.refusal {
	case refusedSame:
		return nil
	case refusedNoMessage: // what a probe expects
		return f
	}
	return a.fails(ctx, method, f)
}

// remove deletes a message.
func (a *api) remove(ctx context.Context, chat int64, id int) error {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := a.lib.DeleteMessage(limited, &tg.DeleteMessageParams{ChatID: chat, MessageID: id})
	return a.done(ctx, "deleteMessage", err)
}

// typing shows that an answer is being written, for about 5 s.
func (a *api) typing(ctx context.Context, to place) error {
	limited, cancel := context.WithTimeout(ctx, liveTimeout)
	defer cancel()
	_, err := a.lib.SendChatAction(limited, &tg.SendChatActionParams{
		ChatID:          to.chat,
		MessageThreadID: to.thread,
		Action:          models.ChatActionTyping,
	})
	return a.done(ctx, "sendChatAction", err)
}

// draft shows an answer that grows, in a private chat. Drafts of the same ID
// replace one another; it must not be 0.
func (a *api) draft(ctx context.Context, to place, id int64, html string) error {
	limited, cancel := context.WithTimeout(ctx, liveTimeout)
	defer cancel()
	_, err := a.lib.SendMessageDraft(limited, &tg.SendMessageDraftParams{
		ChatID:          to.chat,
		MessageThreadID: to.thread,
		DraftID:         strconv.FormatInt(id, 10),
		Text:            html,
		ParseMode:       models.ParseModeHTML,
	})
	return a.done(ctx, "sendMessageDraft", err)
}

// answerPress ends the waiting of who pressed a button.
func (a *api) answerPress(ctx context.Context, query, toast string, alert bool) error {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := a.lib.AnswerCallbackQuery(limited, &tg.AnswerCallbackQueryParams{
		CallbackQueryID: query,
		Text:            cutUTF16(toast, maxToast),
		ShowAlert:       alert && toast != "",
	})
	return a.done(ctx, "answerCallbackQuery", err)
}

// maxToast is the longest text of an answer to a press.
const maxToast = 200

// me asks who the bot is.
func (a *api) me(ctx context.Context) (self, error) {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	u, err := a.lib.GetMe(limited)
	if err != nil {
		return self{}, a.done(ctx, "getMe", err)
	}
	return self{ID: u.ID, Username: u.Username}, nil
}

// updates asks for updates from offset on and thereby acknowledges those before;
// with 0 it acknowledges none. Each comes as it is, so that one that cannot be
// read does not take the others with it. Where there are none it waits for some, up
// to timeout.
func (a *api) updates(ctx context.Context, offset int64, timeout time.Duration) ([]json.RawMessage, error) {
	limited, cancel := context.WithTimeout(ctx, timeout+pollSlack)
	defer cancel()
	params := struct {
		Offset  int64    `json:"offset,omitempty"`
		Limit   int      `json:"limit"`
		Timeout int      `json:"timeout"`
		Allowed []string `json:"allowed_updates"`
	}{offset, pollLimit, int(timeout / time.Second), allowed()}
	var updates []json.RawMessage
	if f := a.wire.call(limited, "getUpdates", params, &updates); f != nil {
		return nil, a.fails(ctx, "getUpdates", f)
	}
	return updates, nil
}

// wire is the client that the library works with. Besides 5xx and what goes wrong
// in the network, which it turns into faults, all goes through it unchanged.
type wire struct {
	client     Doer
	url, token string
}

// Do does a request. Its error is always a *fault.
func (w wire) Do(req *http.Request) (*http.Response, error) {
	resp, err := w.client.Do(req)
	if err != nil {
		return nil, ofNetwork(err)
	}
	if resp.StatusCode >= http.StatusInternalServerError {
		// The page that a proxy shows is of no interest.
		_ = resp.Body.Close()
		return nil, &fault{kind: faultUnsure, code: resp.StatusCode}
	}
	return resp, nil
}

// call calls a method with parameters as JSON and reads its result. It returns
// nil where that went well.
func (w wire) call(ctx context.Context, method string, params, result any) *fault {
	body, err := json.Marshal(params)
	if err != nil {
		return &fault{kind: faultRefused, err: err}
	}
	address := w.url + "/bot" + w.token + "/" + method
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return &fault{kind: faultRefused, err: errAddress}
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := w.Do(req)
	if err != nil {
		return asFault(err)
	}
	defer resp.Body.Close() //nolint:errcheck // Nothing was written.
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return ofNetwork(err)
	}
	return readAnswer(raw, result)
}

// errAddress stands for errors that hold the address and with it the token.
var errAddress = errors.New("the address of the bot api server is not valid")

// readAnswer reads what Telegram answers to a call.
func readAnswer(raw []byte, result any) *fault {
	var answer struct {
		OK          bool            `json:"ok"`
		Result      json.RawMessage `json:"result"`
		Code        int             `json:"error_code"`
		Description string          `json:"description"`
		Parameters  struct {
			RetryAfter int   `json:"retry_after"`
			MovedTo    int64 `json:"migrate_to_chat_id"`
		} `json:"parameters"`
	}
	switch err := json.Unmarshal(raw, &answer); {
	case err != nil:
		return &fault{kind: faultUnsure}
	case !answer.OK:
		return ofStatus(answer.Code, answer.Description, answer.Parameters.RetryAfter, answer.Parameters.MovedTo)
	}
	if err := json.Unmarshal(answer.Result, result); err != nil {
		return &fault{kind: faultUnsure}
	}
	return nil
}
