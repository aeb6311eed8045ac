//go:build soak && linux

package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wenbao/bot/bottest"
	"wenbao/rag/eval"
	"wenbao/rag/llm/llmtest"
)

// What a soak is like; the environment makes a short one of it.
const (
	soakChatsEnv     = "WENBAO_SOAK_CHATS"     // 500
	soakQuestionsEnv = "WENBAO_SOAK_QUESTIONS" // 20 in each chat
	soakThinkEnv     = "WENBAO_SOAK_THINK"     // 20s between an answer and the next question

	// groupShare is the share of chats that are groups: one in so many.
	groupShare = 5
	// soakPatience is how long anybody waits for an answer: longer than any crash, wait
	// and probe takes.
	soakPatience = 3 * time.Minute
	// soakSilence is how long nothing may come before it is believed that nothing
	// will: far longer than an update is held back or the next poll waits for one.
	soakSilence = 10 * time.Second
	// mostP95 is the time from a question to its answer that 95 of 100 may take.
	mostP95 = 250 * time.Millisecond
	// mostGrowth is how much the process may grow between the second fifth of a
	// soak and the last one.
	mostGrowth = 24 << 20
)

// TestSoakPrinted: answers of printed words. Nothing is lost, doubled or out of
// order, 95 of 100 answers come in time, and memory stays flat.
func TestSoakPrinted(t *testing.T) {
	s := newSoak(t)
	p := s.start()
	defer p.stop(t)
	s.talk(func() {})
	s.report()
	if p95 := s.percentile(95); p95 > mostP95 {
		t.Errorf("95 of 100 answers within %v, want %v", p95, mostP95)
	}
	p.flat(t)
}

// TestSoakModel: a model writes 50 tokens a second, under drafts and edits.
func TestSoakModel(t *testing.T) {
	s := newSoak(t)
	s.single = true // a question that comes at once interrupts the one before
	fast := llmtest.Start(t, llmtest.Script{Chat: firstSentence(0), Models: []string{"writer"}, Context: 8192})
	s.ask(modelFlags(fast.URL)...)
	model := llmtest.Start(t, llmtest.Script{Chat: firstSentence(soakPace), Models: []string{"writer"}, Context: 8192})
	p := s.start(modelFlags(model.URL)...)
	defer p.stop(t)
	s.talk(func() {})
	s.report()
	drafts, edits := s.server.Count("sendMessageDraft"), s.server.Count("editMessageText")
	t.Logf("%d drafts, %d edits", drafts, edits)
	if drafts == 0 || edits == 0 {
		t.Error("answers do not grow under the readers' eyes")
	}
	p.flat(t)
}

// TestSoakKilled: the program is killed every few seconds and started again.
func TestSoakKilled(t *testing.T) {
	s := newSoak(t)
	p := s.start()
	defer func() {
		time.Sleep(2 * time.Second) // it may have begun just now
		p.stop(t)
	}()
	var kills atomic.Int64
	s.talk(func() {
		time.Sleep(3*time.Second + time.Duration(rand.Int64N(int64(4*time.Second))))
		p.kill()
		kills.Add(1)
		p = s.start()
	})
	s.report()
	t.Logf("killed %d times", kills.Load())
}

// soak is many people talking to one bot, which runs as a process of its own.
type soak struct {
	t         *testing.T
	binary    string
	data      string
	server    *bottest.Server
	url       string
	questions []soakQuestion
	chats     int
	each      int
	think     time.Duration
	// single has people wait for each answer.
	single bool

	mu      sync.Mutex
	inboxes map[int64]*inbox
	talks   []talk
	took    []time.Duration
	spent   time.Duration // from the first question to the last answer
}

func newSoak(t *testing.T) *soak {
	t.Helper()
	s := &soak{
		t: t, binary: filepath.Join(t.TempDir(), "wenbao"), data: t.TempDir(),
		server: bottest.New(bottest.Options{KeepCalls: 10_000, Seed: 4, Duplicate: 0.02, MaxDelay: 20 * time.Millisecond}),
		chats:  number(t, soakChatsEnv, 500), each: number(t, soakQuestionsEnv, 20), inboxes: map[int64]*inbox{},
	}
	var err error
	if s.think, err = time.ParseDuration(cmp.Or(os.Getenv(soakThinkEnv), "20s")); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-o", s.binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	corpus := pages
	if dir := os.Getenv("WENBAO_BENCH"); dir != "" {
		corpus = filepath.Join(dir, "crud_news.corpus.jsonl.gz")
	}
	if out, err := exec.Command(s.binary, "ingest", "--data", s.data, corpus).CombinedOutput(); err != nil {
		t.Fatalf("ingest: %v\n%s", err, out)
	}
	for _, text := range soakQuestions(t) {
		s.questions = append(s.questions, soakQuestion{text: text})
	}
	s.ask()
	s.url = s.server.Listen(t)
	return s
}

// modelFlags have a model write.
func modelFlags(url string) []string {
	return []string{"--model", "openai:writer", "--model-url", url, "--no-cache"}
}

// ask has the program itself answer each question, alone, and takes what it says
// for one of the ways in which the bot's answer may begin: with a model it may also
// be printed words, which stand in where the model fails.
func (s *soak) ask(flags ...string) {
	s.t.Helper()
	cmd := exec.Command(s.binary, append([]string{"ask", "--data", s.data, "-"}, flags...)...)
	var lines bytes.Buffer
	for i, q := range s.questions {
		if err := json.NewEncoder(&lines).Encode(map[string]any{"id": i, "question": q.text}); err != nil {
			s.t.Fatal(err)
		}
	}
	cmd.Stdin = &lines
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("ask: %v", err)
	}
	for i := 0; len(bytes.TrimSpace(out)) > 0; i++ {
		var line []byte
		line, out, _ = bytes.Cut(out, []byte("\n"))
		var answer struct{ Text string }
		if err := json.Unmarshal(line, &answer); err != nil || answer.Text == "" {
			s.t.Fatalf("the answer to %q: %v: %s", s.questions[i].text, err, line)
		}
		s.questions[i].begins = append(s.questions[i].begins, beginning(answer.Text))
	}
}

// soakQuestions are those of crud_news where it is there, else those over the
// sample pages.
func soakQuestions(t *testing.T) (out []string) {
	t.Helper()
	if dir := os.Getenv("WENBAO_BENCH"); dir != "" {
		judged, err := eval.ReadFile(filepath.Join(dir, "crud_news.queries.jsonl.gz"), eval.ReadJudged)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range judged {
			out = append(out, q.Question)
		}
		return out
	}
	expected, err := eval.ReadFile("../../testdata/eval/questions.jsonl", eval.ReadExpected)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range expected {
		out = append(out, q.Question)
	}
	return out
}

func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		return otherwise
	}
	n, err := strconv.Atoi(value)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// start starts the bot. It takes no question for a follow-up, so that what is said
// in a chat is what is said to the question alone.
func (s *soak) start(flags ...string) *process {
	s.t.Helper()
	args := append([]string{
		"bot", "--data", s.data, "--telegram-url", s.url, "--telegram-rate", "100000",
		"--user-rate", "100000", "--chat-rate", "100000", "--question-limit", "1000", "--history", "1ns",
	}, flags...)
	p := &process{cmd: exec.Command(s.binary, args...), end: make(chan struct{}), over: make(chan struct{}), log: &strings.Builder{}}
	p.cmd.Env = append(os.Environ(), "WENBAO_TELEGRAM_TOKEN="+s.server.Token(), "LANG=zh_CN.UTF-8")
	p.cmd.Stderr = p.log
	if err := p.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	go p.watch()
	return p
}

// report logs what was measured.
func (s *soak) report() {
	for _, c := range s.server.Complaints() {
		s.t.Errorf("the server complains: %s", c)
	}
	s.t.Logf("%d chats, %d questions each, in %v: from question to answer p50 %v, p95 %v, p99 %v, longest %v",
		s.chats, s.each, s.spent.Round(time.Second), s.percentile(50), s.percentile(95), s.percentile(99), s.percentile(100))
}

func (s *soak) percentile(p int) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.took) == 0 {
		return 0
	}
	slices.Sort(s.took)
	if s.took[0] < 0 {
		s.t.Errorf("an answer comes %v before its question", -s.took[0])
	}
	return s.took[min(len(s.took)*p/100, len(s.took)-1)].Round(time.Millisecond)
}

// soakPace is the time of two characters of a model: some 50 tokens a second.
const soakPace = 40 * time.Millisecond

// firstSentence answers with the first sentence of the first passage, with a pause
// before every two characters.
func firstSentence(pace time.Duration) func(llmtest.Request) llmtest.Reply {
	return func(r llmtest.Request) llmtest.Reply {
		block := fence.FindString(r.Messages[len(r.Messages)-1].Content)
		_, text, _ := strings.Cut(block, "\n")
		text = strings.TrimSuffix(text, "\n>>>")
		if end := strings.IndexAny(text, "。！？\n"); end > 0 {
			text = text[:end]
		}
		return llmtest.Paced(strings.TrimSpace(text)+"[1]。", pace)
	}
}
