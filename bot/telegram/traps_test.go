package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"wenbao/bot"
	"wenbao/bot/bottest"
	"wenbao/bot/telegram"
)

// The tests of this file are named for what the library does, or does not do, that
// must not show through.

// The library acknowledges updates when it queues them: cancelled with 8 queued it
// lost 6 of them.
func TestTrapUpdatesQueuedAreLost(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = sleeper(time.Hour)
		w.tell = func(o *telegram.Options) { o.Workers, o.Grace = 2, time.Second }
		w.start()
		for i := range 8 {
			w.Private(resident(i)).Say(resident(i), "问")
		}
		w.wait(time.Second)
		w.end()
		w.handler.handle = nil
		w.start()
		w.settle(time.Minute)
		for i := range 8 {
			w.wantSaid(w.Private(resident(i)), "答：问")
		}
	})
}

// The library starts a goroutine for each update, and the order is lost.
func TestTrapOrderIsLost(t *testing.T) {
	inWorld(t, bottest.Options{Latency: 5 * time.Millisecond}, func(w *world) {
		w.tell = func(o *telegram.Options) { o.PerChat = 100 }
		w.start()
		c := w.Private(resident(1))
		var want []string
		for i := range 50 {
			c.Say(resident(1), fmt.Sprint(i))
			want = append(want, fmt.Sprint("答：", i))
		}
		w.settle(time.Minute)
		w.wantSaid(c, want...)
	})
}

// The library asks getMe when it is made, without the caller's context.
func TestTrapNewCallsGetMe(t *testing.T) {
	w := bottest.New(bottest.Options{})
	defer w.Close()
	if _, err := telegram.New(telegram.Options{Token: w.Token(), URL: bottest.URL, Client: w.Client(), Journal: newMemory()}); err != nil {
		t.Fatal(err)
	}
	if n := w.Count("getMe"); n != 0 {
		t.Errorf("New called getMe %d times", n)
	}
}

// The library gives *TooManyRequestsError, which a comparison does not find once
// it is wrapped, and repeats nothing. Here it is TestFaultsOfSending/429; this one
// checks that the library still behaves as assumed.
func TestTrapTooManyRequests(t *testing.T) {
	s := bottest.New(bottest.Options{})
	defer s.Close()
	s.Private(resident(1))
	s.Fail(bottest.Fault{Method: "sendMessage", Code: 429, RetryAfter: 9, Times: -1})
	_, err := library(t, s).SendMessage(t.Context(), &tg.SendMessageParams{ChatID: resident(1).ID, Text: "x"})
	var wait *tg.TooManyRequestsError
	if !errors.As(err, &wait) || wait.RetryAfter != 9 || s.Count("sendMessage") != 1 {
		t.Errorf("the library gives %v after %d calls", err, s.Count("sendMessage"))
	}
}

// library is the library itself, talking to a server.
func library(t *testing.T, s *bottest.Server, opt ...tg.Option) *tg.Bot {
	t.Helper()
	opt = append(opt, tg.WithSkipGetMe(), tg.WithServerURL(bottest.URL), tg.WithHTTPClient(time.Minute, s.Client()))
	lib, err := tg.New(s.Token(), opt...)
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// The library does not wait for its handlers when it ends. Here it is TestEnd; this
// one checks that the library still behaves as assumed.
func TestTrapHandlersAreUntracked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.New(bottest.Options{})
		defer s.Close()
		var running, ended atomic.Bool
		lib := library(t, s, tg.WithDefaultHandler(func(context.Context, *tg.Bot, *models.Update) {
			running.Store(true)
			time.Sleep(time.Minute)
			running.Store(false)
		}))
		ctx, stop := context.WithCancel(t.Context())
		go func() {
			lib.Start(ctx)
			ended.Store(true)
		}()
		s.Private(resident(1)).Say(resident(1), "问")
		time.Sleep(time.Second)
		stop()
		synctest.Wait()
		if !running.Load() || !ended.Load() {
			t.Errorf("a second after the update its handler runs: %v, and the library has ended: %v", running.Load(), ended.Load())
		}
		time.Sleep(time.Minute)
	})
}

// A handler that panics ends the program, as a process of its own shows. Here it is
// TestPanicCostsOneAnswer.
func TestTrapPanicsEndTheProgram(t *testing.T) {
	const child, words = "WENBAO_TEST_PANICS", "of a handler"
	if os.Getenv(child) != "" {
		s := bottest.New(bottest.Options{})
		lib := library(t, s, tg.WithDefaultHandler(func(context.Context, *tg.Bot, *models.Update) { panic(words) }))
		lib.ProcessUpdate(t.Context(), &models.Update{})
		<-t.Context().Done() // the panic ends the process before that
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.timeout=10s")
	cmd.Env = append(os.Environ(), child+"=1")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "panic: "+words) {
		t.Errorf("the program ends with %v and says %s", err, out)
	}
}

// The library finds a command only where it stands first and names no bot: it takes
// offsets in UTF-16 for bytes.
func TestTrapCommandsAreMissed(t *testing.T) {
	s := bottest.New(bottest.Options{})
	defer s.Close()
	found := ""
	lib := library(t, s, tg.WithNotAsyncHandlers(), tg.WithDefaultHandler(func(context.Context, *tg.Bot, *models.Update) {}))
	lib.RegisterHandler(tg.HandlerTypeMessageText, "help", tg.MatchTypeCommand, func(_ context.Context, _ *tg.Bot, u *models.Update) {
		found += u.Message.Text + ";"
	})
	missed := []string{"请看 /help", "/help@" + s.Bot().Username}
	for _, text := range append([]string{"/help"}, missed...) {
		at := strings.Index(text, "/")
		e := models.MessageEntity{Type: models.MessageEntityTypeBotCommand, Offset: len([]rune(text[:at])), Length: len(text) - at}
		lib.ProcessUpdate(t.Context(), &models.Update{Message: &models.Message{Text: text, Entities: []models.MessageEntity{e}}})
	}
	if found != "/help;" {
		t.Errorf("the library finds a command in %q", found)
	}
	inWorld(t, bottest.Options{}, func(w *world) {
		w.start()
		for _, text := range missed {
			w.Private(resident(1)).Say(resident(1), text)
		}
		w.settle(time.Minute)
		for _, e := range w.handler.handled() {
			if e.Command != "help" {
				t.Errorf("no command is found in %+v", e)
			}
		}
		if n := len(w.handler.handled()); n != len(missed) {
			t.Errorf("%d events", n)
		}
	})
}

// Drafts are for private chats only, and the library leaves it to its caller that
// their ID is a number other than 0.
func TestTrapDrafts(t *testing.T) {
	s := bottest.New(bottest.Options{})
	defer s.Close()
	lib := library(t, s)
	private, group := s.Private(resident(1)).ID, s.Group(bottest.GroupOptions{Title: "群"}).ID
	for _, p := range []*tg.SendMessageDraftParams{
		{ChatID: private, Text: "x"}, {ChatID: private, Text: "x", DraftID: "0"},
		{ChatID: private, Text: "x", DraftID: "a"}, {ChatID: group, Text: "x", DraftID: "1"},
	} {
		if _, err := lib.SendMessageDraft(t.Context(), p); !errors.Is(err, tg.ErrorBadRequest) {
			t.Errorf("a draft %q in chat %d: %v", p.DraftID, p.ChatID, err)
		}
	}
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = writer(20, 100*time.Millisecond)
		w.start()
		w.Private(resident(1)).Say(resident(1), "问")
		w.Group(bottest.GroupOptions{Title: "群"}).Say(resident(1), "@"+w.Bot().Username+" 问")
		w.settle(time.Minute)
		if n := len(w.calls("sendMessageDraft")); n == 0 || n != w.Count("sendMessageDraft") {
			t.Errorf("of %d drafts %d were taken", w.Count("sendMessageDraft"), n)
		}
	})
}

// The library sends HTML as it is given: what is not escaped is refused, or lost.
func TestTrapHTML(t *testing.T) {
	const words = `3 < 5 && 5 > 3, "<b>甲</b>" &lt; <script>`
	s := bottest.New(bottest.Options{})
	defer s.Close()
	c := s.Private(resident(1))
	_, err := library(t, s).SendMessage(t.Context(), &tg.SendMessageParams{ChatID: c.ID, Text: words, ParseMode: models.ParseModeHTML})
	if !errors.Is(err, tg.ErrorBadRequest) {
		t.Errorf("the library sends HTML that cannot be read: %v", err)
	}
	inWorld(t, bottest.Options{}, func(w *world) {
		w.start()
		c := w.Private(resident(1))
		c.Say(resident(1), words)
		w.settle(time.Minute)
		w.wantSaid(c, "答："+words)
		if n := w.Count("sendMessage"); n != 1 {
			t.Errorf("sendMessage was called %d times", n)
		}
	})
}

// The library's buttons carry an empty copy_text, and its button above inline
// results a web_app of null; the server complains of both, and inWorld asks it.
func TestTrapEmptyFields(t *testing.T) {
	s := bottest.New(bottest.Options{})
	defer s.Close()
	s.Private(resident(1))
	_, err := library(t, s).SendMessage(t.Context(), &tg.SendMessageParams{ChatID: resident(1).ID, Text: "x", ReplyMarkup: &models.InlineKeyboardMarkup{
		InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "一", CallbackData: "1"}}},
	}})
	if err == nil && len(s.Complaints()) == 0 {
		t.Error("the library sends clean buttons now: keyboard.go is not needed any more")
	}
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = func(context.Context, bot.Event, func(bot.Message)) (bot.Reply, error) {
			return bot.Reply{
				Messages: []bot.Message{{Blocks: []bot.Block{bot.Paragraph("一")}, Buttons: [][]bot.Button{
					{{Text: "数据", Data: "d"}, {Text: "复制", Copy: "c"}, {Text: "查", Inline: "q"}},
				}}},
				Inline: &bot.Inline{Hint: "提示"},
			}, nil
		}
		w.start()
		w.Private(resident(1)).Say(resident(1), "问")
		w.Inline(resident(1), "查", "")
		w.settle(time.Minute)
		if n := len(w.calls("answerInlineQuery")); n != 1 {
			t.Errorf("%d inline queries were answered", n)
		}
		if n := len(w.calls("sendMessage")); n != 1 {
			t.Errorf("%d messages were sent", n)
		}
	})
}

// The library stops at an update that it cannot decode: it is never acknowledged
// and comes again for ever, with all that follow.
func TestTrapUpdateThatCannotBeDecoded(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		spoiled := false
		w.tell = func(o *telegram.Options) {
			o.Client = spoiler{w.Client(), func(body string) string {
				if !spoiled && strings.Contains(body, `"坏"`) {
					spoiled = true
					return strings.Replace(body, `"text":"坏"`, `"text":["坏"]`, 1)
				}
				return body
			}}
		}
		w.start()
		c := w.Private(resident(1))
		for _, text := range []string{"一", "坏", "二"} {
			c.Say(resident(1), text)
		}
		w.settle(time.Minute)
		w.wantSaid(c, "答：一", "答：二")
		if w.meter.get("update unreadable") != 1 {
			t.Errorf("counted %v", w.meter.of)
		}
		if strings.Contains(w.log.String(), "坏") {
			t.Error("the log holds a text")
		}
	})
}

// spoiler changes what the server answers.
type spoiler struct {
	inner  telegram.Doer
	change func(body string) string
}

func (s spoiler) Do(req *http.Request) (*http.Response, error) {
	resp, err := s.inner.Do(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(strings.NewReader(s.change(string(body))))
	return resp, nil
}

// An answer of 200 that cannot be read may be one to a message that was sent.
func TestTrapAnswerThatCannotBeRead(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.tell = func(o *telegram.Options) {
			once := true
			o.Client = spoiler{w.Client(), func(body string) string {
				if once && strings.Contains(body, "答：") {
					once = false
					return body[:len(body)/2]
				}
				return body
			}}
		}
		w.start()
		c := w.Private(resident(1))
		c.Say(resident(1), "一")
		w.settle(time.Minute)
		w.wantSaid(c, "答：一")
	})
}

// A typed nil in a parameter of type any goes out as null.
func TestTrapNullKeyboard(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.tell = func(o *telegram.Options) {
			o.Client = doer(func(req *http.Request) (*http.Response, error) {
				body, err := io.ReadAll(req.Body)
				if err != nil {
					return nil, err
				}
				if strings.Contains(string(body), "reply_markup") {
					t.Errorf("%s carries a keyboard", req.URL.Path[strings.LastIndex(req.URL.Path, "/"):])
				}
				req.Body = io.NopCloser(strings.NewReader(string(body)))
				return w.Client().Do(req)
			})
		}
		w.start()
		c := w.Private(resident(1))
		c.Say(resident(1), "一")
		w.settle(time.Minute)
	})
}

// doer is a Doer made of a function.
type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(req *http.Request) (*http.Response, error) { return d(req) }

// Errors of the HTTP client hold the address, and FileDownloadLink the token.
func TestTrapTokenInErrors(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.start()
		c := w.Private(resident(1))
		c.SendFile(resident(1), bottest.File{Name: "a.txt", Content: []byte("x")})
		w.settle(time.Minute)
		f := *w.handler.handled()[0].File
		w.Fail(bottest.Fault{CutBefore: true, Times: -1})
		_, err := w.transport.Open(context.Background(), f, 10)
		if err == nil || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "bottest-token") {
			t.Errorf("Open: %v", err)
		}
		c.Say(resident(1), "问") // faults of the poll are logged, and inWorld reads the log
		w.wait(time.Minute)
		if err := w.transport.Ready(); err == nil || strings.Contains(err.Error(), "bottest-token") {
			t.Errorf("Ready: %v", err)
		}
		w.Heal()
		w.settle(time.Minute)
	})
}

// Update IDs begin anew after a week of silence, perhaps below the offset, which
// is given up after a day: a server may give none of those below it.
func TestTrapUpdateIDsBeginAnew(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		var last atomic.Value
		w.tell = func(o *telegram.Options) {
			o.Client = doer(func(req *http.Request) (*http.Response, error) {
				body, err := io.ReadAll(req.Body)
				if err != nil {
					return nil, err
				}
				if strings.HasSuffix(req.URL.Path, "/getUpdates") {
					last.Store(string(body))
				}
				req.Body = io.NopCloser(strings.NewReader(string(body)))
				return w.Client().Do(req)
			})
		}
		w.start()
		c := w.Private(resident(1))
		c.Say(resident(1), "一")
		w.settle(time.Minute)
		w.wait(time.Hour)
		if poll := last.Load().(string); !strings.Contains(poll, `"offset"`) {
			t.Errorf("the last update was not acknowledged: %s", poll)
		}
		w.wait(24 * time.Hour)
		if poll := last.Load().(string); strings.Contains(poll, `"offset"`) {
			t.Errorf("after a day of silence: %s", poll)
		}
		w.Renumber(5)
		c.Say(resident(1), "二")
		w.settle(time.Minute)
		w.wantSaid(c, "答：一", "答：二")
	})
}
