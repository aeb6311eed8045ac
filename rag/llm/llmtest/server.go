package llmtest

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
)

// Script says what a Server does. The zero value answers every chat with 好的。,
// has any model, and gives vectors of 4 values.
type Script struct {
	// Replies answer the chat requests in turn; the last one answers all that follow.
	Replies []Reply
	// Chat answers them instead where it is set. It may be called concurrently.
	Chat func(Request) Reply
	// First are statuses given to the first requests of any other kind, in turn.
	First []Reply
	// Models are those listed; others are not found. nil has any, and lists none.
	Models []string
	// Context is the context that catalogs tell, 0 for none.
	Context int
	// Loaded is the context of a model that Ollama has loaded, 0 for none.
	Loaded int
	// Dim is the length of vectors; 0 means 4.
	Dim int
	// Key is the key wanted; "" wants none, and refuses any.
	Key string
	// TEI makes /rerank speak TEI's dialect alone.
	TEI bool
	// Edit changes the JSON of an answer to /embeddings or /rerank.
	Edit func(path string, answer []byte) []byte
}

// Request is what a Server was asked.
type Request struct {
	Method, Path string
	Header       http.Header
	Body         []byte
	// Messages are those of a chat.
	Messages []Message
}

// Message is one message of a chat.
type Message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// Server is a server that follows a script. It is safe for concurrent use.
type Server struct {
	// URL is its address, without a path.
	URL string
	// Transport reaches it.
	Transport http.RoundTripper

	script  Script
	closing chan struct{}
	mu      sync.Mutex
	asked   []Request
	chats   int
	others  int
}

// Start starts a server on loopback, closed when the test ends.
func Start(t testing.TB, script Script) *Server {
	t.Helper()
	s := &Server{script: script, closing: make(chan struct{})}
	h := httptest.NewServer(s)
	transport := &http.Transport{}
	s.URL, s.Transport = h.URL, transport
	t.Cleanup(func() {
		close(s.closing)
		transport.CloseIdleConnections()
		h.Close()
	})
	return s
}

// StartPiped starts a server that is reached through its Transport alone, and stops
// it with the function returned. In a synctest bubble it waits in the bubble's time.
func StartPiped(script Script) (server *Server, stop func()) {
	s := &Server{script: script, closing: make(chan struct{})}
	l := &listener{conns: make(chan net.Conn), closed: make(chan struct{})}
	transport := &http.Transport{DialContext: l.dial}
	s.URL, s.Transport = "http://model.test", transport
	h := &http.Server{Handler: s}
	done := make(chan error)
	go func() { done <- h.Serve(l) }()
	return s, func() {
		close(s.closing)
		transport.CloseIdleConnections()
		_ = h.Close() // Serve's error tells as much
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			panic(err)
		}
	}
}

// listener hands out one end of a pipe for each that dials.
type listener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// dial gives the other end.
func (l *listener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case l.conns <- far:
		return near, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept is the server's end of the next pipe.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept and dial.
func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr is a name.
func (l *listener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

// Requests are those that came so far, in order.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// Count is how many requests came for a path.
func (s *Server) Count(path string) int {
	n := 0
	for _, r := range s.Requests() {
		if r.Path == path {
			n++
		}
	}
	return n
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client is gone
	}
	asked := Request{Method: r.Method, Path: r.URL.Path, Header: r.Header.Clone(), Body: body}
	var chat struct {
		Model    string    `json:"model"`
		Messages []Message `json:"messages"`
	}
	if json.Unmarshal(body, &chat) == nil {
		asked.Messages = chat.Messages
	}
	s.mu.Lock()
	s.asked = append(s.asked, asked)
	s.mu.Unlock()
	if !s.knows(r) {
		s.play(w, r, s.refuse(r))
		return
	}
	if r.URL.Path == "/v1/chat/completions" {
		s.play(w, r, s.chat(asked, chat.Model))
		return
	}
	s.play(w, r, s.other(asked, chat.Model))
}

// knows reports whether a request has the key wanted, or none where none is.
func (s *Server) knows(r *http.Request) bool {
	got := r.Header.Get("Authorization")
	if s.script.Key == "" {
		return got == ""
	}
	return got == "Bearer "+s.script.Key
}

// refuse repeats the key in its message, as servers do.
func (s *Server) refuse(r *http.Request) Reply {
	return Fail(http.StatusUnauthorized,
		`{"error":{"code":"invalid_api_key","message":"Incorrect API key: `+r.Header.Get("Authorization")+`"}}`)
}

// chat chooses the reply to a chat.
func (s *Server) chat(r Request, model string) Reply {
	s.mu.Lock()
	n := s.chats
	s.chats++
	s.mu.Unlock()
	switch {
	case s.script.Models != nil && !slices.Contains(s.script.Models, model):
		return Fail(http.StatusNotFound, `{"error":{"message":"model not found","type":"not_found_error","param":null,"code":null}}`)
	case s.script.Chat != nil:
		return s.script.Chat(r)
	case len(s.script.Replies) == 0:
		return Answer("好的。")
	}
	return s.script.Replies[min(n, len(s.script.Replies)-1)]
}

// play sends a reply.
func (s *Server) play(w http.ResponseWriter, r *http.Request, reply Reply) {
	if reply.Steps != nil {
		w.Header().Set("Content-Type", "text/event-stream")
	}
	for name, values := range reply.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(max(reply.Status, http.StatusOK))
	send(w, reply.Body)
	if reply.Steps != nil {
		flush(w) // a stream begins with its header alone
	}
	for _, step := range reply.Steps {
		if !s.pass(r.Context(), step) {
			return
		}
		if step.Cut {
			panic(http.ErrAbortHandler)
		}
		send(w, step.Raw)
	}
}

// pass lets a step's time pass and reports whether someone is still there.
func (s *Server) pass(ctx context.Context, step Step) bool {
	var elapsed <-chan time.Time
	switch {
	case step.Hang:
	case step.Wait > 0:
		timer := time.NewTimer(step.Wait)
		defer timer.Stop()
		elapsed = timer.C
	default:
		return true
	}
	select {
	case <-elapsed:
		return true
	case <-ctx.Done():
	case <-s.closing:
	}
	return false
}

// send writes and flushes; that the client is gone shows elsewhere.
func send(w http.ResponseWriter, data string) {
	if data == "" {
		return
	}
	_, _ = io.WriteString(w, data)
	flush(w)
}

func flush(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }
