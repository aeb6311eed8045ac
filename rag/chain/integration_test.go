//go:build integration

// Other people's servers, on loopback: aimock's scripted streams, toxiproxy in
// front of them, and a real Ollama with a model of random weights. `make
// integration` installs the first two and runs this.
package chain_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wenbao/rag"
	"wenbao/rag/chain"
	"wenbao/rag/llm"
	"wenbao/rag/ragtest"
)

// Where the servers are: the programs of aimock (llmock) and toxiproxy, and the
// address and model of an Ollama that runs. What is not named is skipped.
const (
	aimockEnv      = "WENBAO_AIMOCK"
	toxiproxyEnv   = "WENBAO_TOXIPROXY"
	ollamaEnv      = "WENBAO_OLLAMA"
	ollamaModelEnv = "WENBAO_OLLAMA_MODEL" // "" means tiny-chat
	soakEnv        = "WENBAO_SOAK"         // how long conversations go on, "" means 4s
)

// patience is how long a server may take to start.
const patience = 20 * time.Second

// address is a free one on loopback.
func address(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start runs a server until the test ends and waits until it listens.
func start(t *testing.T, env, listens string, args ...string) {
	t.Helper()
	program := os.Getenv(env)
	if program == "" {
		t.Skip(env + " is not set")
	}
	var output bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended by itself
		_ = cmd.Wait()         // killed
		if t.Failed() {
			t.Logf("%s said:\n%s", program, output.String())
		}
	})
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		conn, err := net.Dial("tcp", listens)
		if err == nil {
			conn.Close()
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s does not listen: %v", program, err)
		}
	}
}

// startAimock gives the address of an aimock with this package's script.
func startAimock(t *testing.T) string {
	t.Helper()
	at := address(t)
	host, port, _ := net.SplitHostPort(at)
	start(t, aimockEnv, at, "-h", host, "-p", port, "-f", "testdata/aimock.json", "--log-level", "warn")
	return at
}

// brisk are limits that a test waits for.
func brisk() llm.Limits {
	return llm.Limits{
		Connect: 2 * time.Second, FirstToken: 2 * time.Second, BetweenTokens: 1500 * time.Millisecond, Total: 20 * time.Second,
		Attempts: 2, Backoff: 100 * time.Millisecond,
	}
}

// answerFrom asks the question of a model and holds what holds for every answer:
// it is cited, it came in time, and one line says what happened.
func answerFrom(t *testing.T, cfg llm.Config) rag.Answer {
	t.Helper()
	p := sample(t)
	c := p.search(t, question)
	cfg.Limits, cfg.ContextTokens = brisk(), 8192
	m, err := llm.Open(cfg, llm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	var w told
	got, err := p.with(t, m).Stream(t.Context(), c.query, c.hits, w.tell)
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begun); took > cfg.Limits.Total+time.Second {
		t.Errorf("it took %v", took)
	}
	ragtest.CheckAnswer(t, got)
	if got.Outcome != rag.Answered || strings.Contains(got.Notice, "\n") || (got.Fault == "") != (got.Mode == rag.Generative) {
		t.Errorf("outcome %s, mode %s, fault %q, notice %q", got.Outcome, got.Mode, got.Fault, got.Notice)
	}
	return got
}

func TestAimock(t *testing.T) {
	at := startAimock(t)
	for _, tt := range []struct{ model, fault string }{
		{"good", ""}, {"busy-once", ""}, {"busy-long", "busy"}, {"refused-key", "unauthorized"}, {"missing", "no_model"},
		{"overflow", "context"}, {"broken", "server"}, {"truncated", "cut"}, {"disconnected", "cut"}, {"malformed", "malformed"},
		{"slow-start", "timeout"}, {"pausing", "timeout"}, {"english", "foreign"}, {"json", "data"},
	} {
		t.Run(tt.model, func(t *testing.T) {
			got := answerFrom(t, llm.Config{Kind: llm.KindOpenAI, Name: tt.model, URL: "http://" + at})
			if got.Fault != tt.fault {
				t.Errorf("fault %q, want %q", got.Fault, tt.fault)
			}
		})
	}
}

// toxiproxy is a proxy of toxiproxy's in front of a server.
type toxiproxy struct{ api, at string }

// startToxiproxy puts one in front of upstream.
func startToxiproxy(t *testing.T, upstream string) toxiproxy {
	t.Helper()
	p := toxiproxy{api: address(t), at: address(t)}
	host, port, _ := net.SplitHostPort(p.api)
	start(t, toxiproxyEnv, p.api, "-host", host, "-port", port)
	p.post(t, "/proxies", map[string]any{"name": "model", "listen": p.at, "upstream": upstream, "enabled": true})
	return p
}

func (p toxiproxy) post(t *testing.T, path string, body any) {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post("http://"+p.api+path, "application/json", bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		t.Fatalf("toxiproxy %s: %s", path, resp.Status)
	}
}

// poison makes the way back from the server bad in one way.
func (p toxiproxy) poison(t *testing.T, kind string, attributes map[string]any) {
	t.Helper()
	p.post(t, "/reset", nil)
	if kind != "" {
		p.post(t, "/proxies/model/toxics", map[string]any{"type": kind, "stream": "downstream", "attributes": attributes})
	}
}

func TestToxiproxy(t *testing.T) {
	p := startToxiproxy(t, startAimock(t))
	for _, tt := range []struct {
		name, toxic string
		attributes  map[string]any
		faults      string // any of these
	}{
		{"clean", "", nil, ""},
		{"sliced", "slicer", map[string]any{"average_size": 7, "size_variation": 3, "delay": 100}, ""},
		{"late", "latency", map[string]any{"latency": 300}, ""},
		{"cut in the header", "limit_data", map[string]any{"bytes": 60}, "cut unreachable malformed"},
		{"cut in the stream", "limit_data", map[string]any{"bytes": 1500}, "cut"},
		{"too late", "latency", map[string]any{"latency": 5000}, "timeout"},
		{"silent", "timeout", map[string]any{"timeout": 0}, "timeout"},
		{"reset", "reset_peer", map[string]any{"timeout": 0}, "unreachable"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p.poison(t, tt.toxic, tt.attributes)
			got := answerFrom(t, llm.Config{Kind: llm.KindOpenAI, Name: "good", URL: "http://" + p.at})
			if (got.Fault == "") != (tt.faults == "") || !strings.Contains(tt.faults, got.Fault) {
				t.Errorf("fault %q, want one of %q", got.Fault, tt.faults)
			}
		})
	}
}

// mostGrowth is how much the heap may grow between the first quarter of a long
// conversation and its end: the noise of one collection.
const mostGrowth = 8 << 20

// Sixteen conversations at once with a server that writes 50 tokens a second: no
// answer is lost or mixed up, and over a time (WENBAO_SOAK=10m) memory stays flat.
func TestConversationsAtFiftyTokens(t *testing.T) {
	at := startAimock(t)
	p := sample(t)
	m, err := llm.Open(llm.Config{Kind: llm.KindOpenAI, Name: "any", URL: "http://" + at, ContextTokens: 8192}, llm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	e := *p.engine
	e.Answerer = p.with(t, m, func(o *chain.Options) { o.Passages = 3 })
	lasts, err := time.ParseDuration(cmp.Or(os.Getenv(soakEnv), "4s"))
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	var early uint64
	var once sync.Once
	var answers atomic.Int64
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			for n := 0; time.Since(begun) < lasts && !t.Failed(); n++ {
				place := []string{"临江区", "江滨新区"}[(i+n)%2]
				got, err := e.Ask(t.Context(), rag.Question{Text: place + "2024年新增养老床位多少张？"})
				if err != nil || got.Mode != rag.Generative || !strings.Contains(got.Text, place+"2024年") || !strings.Contains(got.Text, beds()[place]) {
					t.Errorf("conversation %d: %s %q, %v", i, got.Fault, got.Text, err)
				}
				answers.Add(1)
				if time.Since(begun) > lasts/4 {
					once.Do(func() { early = heap() })
				}
			}
		})
	}
	wg.Wait()
	late := heap()
	t.Logf("%d answers in %v; heap %d KiB after a quarter, %d KiB at the end", answers.Load(), time.Since(begun).Round(time.Second), early>>10, late>>10)
	if late > early+mostGrowth {
		t.Errorf("the heap grew from %d to %d bytes", early, late)
	}
}

// heap is how many bytes are in use after a collection.
func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// A real Ollama: its model writes noise, of which nothing passes the check.
func TestOllama(t *testing.T) {
	url, name := os.Getenv(ollamaEnv), os.Getenv(ollamaModelEnv)
	if url == "" {
		t.Skip(ollamaEnv + " is not set")
	}
	if name == "" {
		name = "tiny-chat"
	}
	for model, faults := range map[string]string{
		name:                  "foreign unsupported markers data empty repeats too_long timeout",
		"not-pulled-anywhere": "no_model",
	} {
		if got := answerFrom(t, llm.Config{Kind: llm.KindOllama, Name: model, URL: url}); !strings.Contains(faults, got.Fault) || got.Fault == "" {
			t.Errorf("%s: fault %q, want one of %q", model, got.Fault, faults)
		}
	}
	p := startToxiproxy(t, strings.TrimPrefix(url, "http://"))
	p.poison(t, "limit_data", map[string]any{"bytes": 900})
	if got := answerFrom(t, llm.Config{Kind: llm.KindOllama, Name: name, URL: "http://" + p.at}); got.Fault != "cut" {
		t.Errorf("cut: fault %q", got.Fault)
	}
}
