package bottest

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// URL is the address under which Client reaches the server.
const URL = "http://telegram.invalid"

// Listen serves on loopback until the test ends, and gives the address.
func (s *Server) Listen(t testing.TB) string {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(func() {
		s.Close()
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL
}

// Client reaches the server in process.
func (s *Server) Client() Local { return Local{Handler: s} }

// Local is an HTTP client, and a transport for one, whose requests go to a
// handler in the same process. Like http.Client it gives *url.Error, with the
// request's URL in it, when the context is done or the handler cuts the
// connection by http.ErrAbortHandler.
type Local struct {
	Handler http.Handler
}

// Do does a request.
func (l Local) Do(req *http.Request) (*http.Response, error) {
	resp, err := l.RoundTrip(req)
	if err != nil {
		// http.Client names the method in this way.
		method := cmp.Or(req.Method, http.MethodGet)
		op := method[:1] + strings.ToLower(method[1:])
		return nil, &url.Error{Op: op, URL: req.URL.String(), Err: err}
	}
	return resp, nil
}

// RoundTrip does a request.
func (l Local) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(req.Context())
	defer cancel()
	in := req.Clone(ctx)
	in.RequestURI = req.URL.RequestURI()
	in.Host = req.URL.Host
	in.RemoteAddr = "192.0.2.1:1"
	if in.Body == nil {
		in.Body = http.NoBody
	}
	defer in.Body.Close() //nolint:errcheck // As http.Transport does it.
	recorder := httptest.NewRecorder()
	done := make(chan error, 1)
	go func() { done <- l.serve(recorder, in) }()
	select {
	case err := <-done:
		if err != nil {
			return nil, err
		}
		resp := recorder.Result()
		resp.Request = req
		return resp, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// serve runs the handler; a connection that it cuts ends as one does.
func (l Local) serve(w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		switch v := recover(); v {
		case nil:
		case http.ErrAbortHandler:
			err = io.EOF
		default:
			panic(v)
		}
	}()
	l.Handler.ServeHTTP(w, r)
	return nil
}
