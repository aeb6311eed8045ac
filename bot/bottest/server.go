package bottest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

// Options say what the server is like. The zero Options are a server that never
// delays, repeats or limits anything.
type Options struct {
	// Token is the bot's; "" is DefaultToken.
	Token string
	// Username is the bot's name, "" for DefaultUsername.
	Username string
	// BotID is the bot's user ID, 0 for the number that the token begins with.
	BotID int64

	// ReadAll turns privacy mode off: the bot receives all that is written in
	// groups. With it on, as Telegram has it, only what is meant for the bot.
	ReadAll bool
	// NoDrafts refuses sendMessageDraft, as servers before Bot API 9.5 do for most bots.
	NoDrafts bool
	// Limits answers 429 as Telegram does: 30 messages a second overall, about one
	// a second in a private chat, 20 a minute in a group.
	Limits bool
	// QueryTimeout is how long a callback or inline query can be answered, 0 for 15 s.
	QueryTimeout time.Duration

	// Latency is the time that each call takes, one half before and one half
	// after it is done.
	Latency time.Duration
	// Seed makes what follows repeatable.
	Seed uint64
	// Duplicate is how likely it is that an update is delivered a second time, 0..1.
	Duplicate float64
	// MaxDelay is the longest time that an update is held back. Those of one chat
	// keep their order, those of several do not.
	MaxDelay time.Duration

	// PlainWebhook lets a webhook have an http URL.
	PlainWebhook bool
	// Webhook delivers to the webhook, nil for an http.Client of the server's own.
	Webhook Doer

	// KeepCalls is how many calls are kept, the last ones; 0 is all of them.
	KeepCalls int
}

// What a server has where Options say nothing.
const (
	DefaultToken    = "1000000001:bottest-token-for-nobody-at-all-0001"
	DefaultUsername = "yunze_wenbao_bot"

	defaultBotID        = 1000000001
	defaultQueryTimeout = 15 * time.Second
)

// Doer does HTTP requests, like *http.Client and Local.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Server is a Bot API server for one bot. It is safe for concurrent use.
type Server struct {
	opt     Options
	bot     User
	methods map[string]method // by name in lower case

	mu         sync.Mutex
	changed    chan struct{} // closed and replaced whenever something happened
	closed     chan struct{}
	random     *rand.Rand
	calls      calls
	complaints []string
	faults     []*Fault
	chats      map[int64]*Chat
	lastID     int   // of the messages in private chats and basic groups
	lastChat   int64 // gives groups their IDs
	lastFile   int
	files      map[string]file // by file ID
	queries    map[string]*query
	cached     map[string]string // query IDs by what they asked, while an answer is cached
	commands   map[CommandScope][]Command
	updates    updates
	hook       *webhook
	limits     limits
	workers    sync.WaitGroup
}

// New gives a server. Close it.
func New(opt Options) *Server {
	s := &Server{
		opt:      opt,
		changed:  make(chan struct{}),
		closed:   make(chan struct{}),
		random:   rand.New(rand.NewPCG(opt.Seed, opt.Seed)),
		chats:    make(map[int64]*Chat),
		files:    make(map[string]file),
		queries:  make(map[string]*query),
		cached:   make(map[string]string),
		commands: make(map[CommandScope][]Command),
	}
	s.fill()
	s.methods = s.table()
	// Update IDs of the real server begin anywhere.
	s.updates.next = 100_000_000 + s.random.Int64N(800_000_000)
	s.limits.overall = newBucket(overallRate, overallRate)
	return s
}

// fill sets what Options left out.
func (s *Server) fill() {
	if s.opt.Token == "" {
		s.opt.Token = DefaultToken
	}
	if s.opt.Username == "" {
		s.opt.Username = DefaultUsername
	}
	if s.opt.BotID == 0 {
		if _, err := fmt.Sscanf(s.opt.Token, "%d:", &s.opt.BotID); err != nil {
			s.opt.BotID = defaultBotID
		}
	}
	if s.opt.QueryTimeout == 0 {
		s.opt.QueryTimeout = defaultQueryTimeout
	}
	if s.opt.Webhook == nil {
		s.opt.Webhook = &http.Client{Timeout: webhookTimeout}
	}
	s.bot = User{ID: s.opt.BotID, Name: "云泽问报", Username: s.opt.Username, Bot: true}
}

// Token is the bot's token.
func (s *Server) Token() string { return s.opt.Token }

// Bot is the bot as a user.
func (s *Server) Bot() User { return s.bot }

// Close ends the webhook, the polls that wait and the updates held back.
func (s *Server) Close() {
	s.mu.Lock()
	if !s.isClosed() {
		close(s.closed)
	}
	s.updates.stop()
	s.endWebhook()
	s.mu.Unlock()
	s.workers.Wait()
}

func (s *Server) isClosed() bool {
	select {
	case <-s.closed:
		return true
	default:
		return false
	}
}

// notify wakes all who wait for something to happen. The lock is held.
func (s *Server) notify() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// complain notes a mistake that the real server lets pass. The lock is held.
func (s *Server) complain(format string, args ...any) {
	s.complaints = append(s.complaints, fmt.Sprintf(format, args...))
}

// Complaints lists mistakes of the bot that the real server lets pass: fields
// that it does not know, buttons with two actions, and the like.
func (s *Server) Complaints() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.complaints...)
}

// Error is an answer that is not ok.
type Error struct {
	Code        int
	Description string
	RetryAfter  int   // seconds, with code 429
	MigrateTo   int64 // where a group goes on
}

func (e *Error) Error() string { return fmt.Sprintf("%d %s", e.Code, e.Description) }

// badRequest is an Error with code 400. The text is put after the prefix as the
// real server does: a capital goes, unless the text is a code in capitals.
func badRequest(format string, args ...any) *Error {
	text := fmt.Sprintf(format, args...)
	if !isCode(text) {
		first, size := utf8.DecodeRuneInString(text)
		text = string(unicode.ToLower(first)) + text[size:]
	}
	return &Error{Code: http.StatusBadRequest, Description: "Bad Request: " + text}
}

// isCode reports whether an error text is one of the codes in capitals.
func isCode(text string) bool {
	return len(text) > 1 && (text[1] == '_' || 'A' <= text[1] && text[1] <= 'Z')
}

func forbidden(text string) *Error {
	return &Error{Code: http.StatusForbidden, Description: "Forbidden: " + text}
}

func conflict(text string) *Error {
	return &Error{Code: http.StatusConflict, Description: "Conflict: " + text}
}

// ServeHTTP answers as https://api.telegram.org does: /bot<token>/<method> and
// /file/bot<token>/<path>.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if rest, ok := strings.CutPrefix(r.URL.Path, "/file/bot"); ok {
		s.serveFile(w, rest)
		return
	}
	rest, ok := strings.CutPrefix(r.URL.Path, "/bot")
	token, name, found := strings.Cut(rest, "/")
	switch {
	case !ok || !found:
		answer(w, nil, &Error{Code: http.StatusNotFound, Description: "Not Found"})
	case token != s.opt.Token:
		answer(w, nil, &Error{Code: http.StatusUnauthorized, Description: "Unauthorized"})
	default:
		s.serveMethod(w, r, name)
	}
}

// answer writes what the Bot API says to a call.
func answer(w http.ResponseWriter, result any, fail *Error) {
	body := struct {
		OK          bool   `json:"ok"`
		Result      any    `json:"result,omitempty"`
		Code        int    `json:"error_code,omitempty"`
		Description string `json:"description,omitempty"`
		Parameters  any    `json:"parameters,omitempty"`
	}{OK: fail == nil, Result: result}
	code := http.StatusOK
	if fail != nil {
		code = fail.Code
		body.Result, body.Code, body.Description = nil, fail.Code, fail.Description
		if fail.RetryAfter != 0 {
			w.Header().Set("Retry-After", fmt.Sprint(fail.RetryAfter))
			body.Parameters = map[string]int{"retry_after": fail.RetryAfter}
		}
		if fail.MigrateTo != 0 {
			body.Parameters = map[string]int64{"migrate_to_chat_id": fail.MigrateTo}
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	// A client that has gone away is no fault of the server.
	_ = json.NewEncoder(w).Encode(body)
}
