//go:build soak && linux

package main

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
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
	p := s.start("")
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
	model := llmtest.Start(t, llmtest.Script{Chat: firstSentence, Models: []string{"writer"}, Context: 8192})
	p := s.start(model.URL)
	defer p.stop(t)
	s.talk(func() {})
	s.report()
	t.Logf("%d drafts, %d edits", s.server.Count("sendMessageDraft"), s.server.Count("editMessageText"))
	p.flat(t)
}

// TestSoakKilled: the program is killed every few seconds and started again.
func TestSoakKilled(t *testing.T) {
	s := newSoak(t)
	p := s.start("")
	defer func() {
		time.Sleep(2 * time.Second) // it may have begun just now
		p.stop(t)
	}()
	var kills atomic.Int64
	s.talk(func() {
		time.Sleep(3*time.Second + time.Duration(rand.Int64N(int64(4*time.Second))))
		p.kill()
		kills.Add(1)
		p = s.start("")
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
	questions []string
	chats     int
	each      int
	think     time.Duration
	// single has people wait for each answer.
	single bool

	mu      sync.Mutex
	inboxes map[int64]*inbox
	took    []time.Duration
	begun   time.Time
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
	s.questions = soakQuestions(t)
	s.url = s.server.Listen(t)
	return s
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

// process is one run of the bot.
type process struct {
	cmd  *exec.Cmd
	end  chan struct{}
	log  *strings.Builder
	size []int // resident bytes, one a second
	over chan struct{}
}

// start starts the bot; with the address of a model, that one writes.
func (s *soak) start(model string) *process {
	s.t.Helper()
	args := []string{
		"bot", "--data", s.data, "--telegram-url", s.url, "--telegram-rate", "100000",
		"--user-rate", "100000", "--chat-rate", "100000", "--question-limit", "1000",
	}
	if model != "" {
		args = append(args, "--model", "openai:writer", "--model-url", model, "--no-cache")
	}
	p := &process{cmd: exec.Command(s.binary, args...), end: make(chan struct{}), over: make(chan struct{}), log: &strings.Builder{}}
	p.cmd.Env = append(os.Environ(), "WENBAO_TELEGRAM_TOKEN="+s.server.Token(), "LANG=zh_CN.UTF-8")
	p.cmd.Stderr = p.log
	if err := p.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	go p.watch()
	return p
}

// watch looks at the size of the process until it ends.
func (p *process) watch() {
	defer close(p.over)
	for {
		select {
		case <-p.end:
			return
		case <-time.After(time.Second):
		}
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.cmd.Process.Pid))
		var all, resident int
		if err == nil {
			if _, err := fmt.Sscan(string(b), &all, &resident); err == nil {
				p.size = append(p.size, resident*os.Getpagesize())
			}
		}
	}
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait() // it was killed
	close(p.end)
	<-p.over
}

// stop ends the bot as a system does, and wants it to end well.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("the bot ends with %v: %s", err, p.log)
	}
	close(p.end)
	<-p.over
	if strings.Contains(p.log.String(), "panic") {
		t.Errorf("log: %s", p.log)
	}
}

// flat wants the process not to have grown.
func (p *process) flat(t *testing.T) {
	t.Helper()
	n := len(p.size)
	if n < 20 {
		t.Logf("too short to say anything of memory")
		return
	}
	early, late := median(p.size[n/5:2*n/5]), median(p.size[4*n/5:])
	t.Logf("resident %d MiB early, %d MiB late", early>>20, late>>20)
	if late > early+mostGrowth {
		t.Errorf("the process grew from %d to %d MiB", early>>20, late>>20)
	}
}

func median(values []int) int {
	values = slices.Clone(values)
	slices.Sort(values)
	return values[len(values)/2]
}

// talk has everybody ask their questions, and does something else all the while
// again and again.
func (s *soak) talk(meanwhile func()) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	s.begun = time.Now()
	var asking, other sync.WaitGroup
	for i := range s.chats {
		asking.Go(func() { s.chat(i) })
	}
	other.Go(func() { s.sort(ctx) })
	other.Go(func() {
		for ctx.Err() == nil {
			meanwhile()
			select {
			case <-ctx.Done():
			case <-time.After(10 * time.Millisecond):
			}
		}
	})
	asking.Wait()
	cancel()
	other.Wait()
}

// chat is one person, alone with the bot or in a group, asking one question after
// the other; now and then two at once.
func (s *soak) chat(i int) {
	random := rand.New(rand.NewPCG(uint64(i), 7))
	user := bottest.User{ID: int64(100_000 + i), Name: fmt.Sprint("居民", i), Lang: "zh-hans"}
	chat, before := s.server.Private(user), ""
	if i%groupShare == 0 {
		chat, before = s.server.Group(bottest.GroupOptions{Title: fmt.Sprint("群", i), Supergroup: i%2 == 0}), "@"+s.server.Bot().Username+" "
	}
	box := s.inbox(chat.ID)
	var asked []int
	for n := 0; n < s.each && !s.t.Failed(); {
		time.Sleep(time.Duration(random.ExpFloat64() * float64(s.think)))
		together := 1
		if !s.single && random.IntN(10) == 0 && n+1 < s.each {
			together = 2
		}
		var since time.Time
		for range together {
			since = time.Now()
			asked = append(asked, chat.Say(user, before+s.questions[random.IntN(len(s.questions))]))
			n++
		}
		if !s.answered(box, len(asked), since) {
			s.t.Errorf("chat %d: %d questions, %d answers after %v", i, len(asked), len(box.whole), soakPatience)
			return
		}
	}
	s.check(i, chat, asked)
}

// inbox is what came to one chat: when each message of the bot's was whole first.
// Live text, which is not, has no buttons.
type inbox struct {
	mu      sync.Mutex
	whole   map[int]time.Time
	last    time.Time
	changed chan struct{}
}

// inbox gives a chat's.
func (s *soak) inbox(chat int64) *inbox {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.inboxes[chat]
	if !ok {
		b = &inbox{whole: map[int]time.Time{}, changed: make(chan struct{}, 1)}
		s.inboxes[chat] = b
	}
	return b
}

// sort puts what the bot sends into the inboxes until the context is done.
func (s *soak) sort(ctx context.Context) {
	for {
		c, err := s.server.Next(ctx, "sendMessage", "editMessageText")
		if err != nil {
			return
		}
		if !c.Done || len(c.Buttons) == 0 {
			continue
		}
		b := s.inbox(c.Chat)
		b.mu.Lock()
		if _, known := b.whole[c.Message]; !known {
			b.whole[c.Message], b.last = c.Time, c.Time
		}
		b.mu.Unlock()
		select {
		case b.changed <- struct{}{}:
		default:
		}
	}
}

// answered waits until a chat has so many answers, of which the last was asked for
// at a time.
func (s *soak) answered(b *inbox, answers int, since time.Time) bool {
	late := time.After(soakPatience)
	for {
		b.mu.Lock()
		n, last := len(b.whole), b.last
		b.mu.Unlock()
		if n >= answers {
			s.mu.Lock()
			s.took = append(s.took, last.Sub(since))
			s.mu.Unlock()
			return true
		}
		select {
		case <-b.changed:
		case <-late:
			return false
		}
	}
}

// check wants one whole answer for each question, in order, and nothing else of
// the bot's.
func (s *soak) check(i int, chat *bottest.Chat, asked []int) {
	var answers []bottest.Message
	for _, m := range chat.Messages() {
		if m.From.Bot {
			answers = append(answers, m)
		}
	}
	if len(answers) != len(asked) {
		s.t.Errorf("chat %d: %d messages of the bot for %d questions", i, len(answers), len(asked))
		return
	}
	for n, m := range answers {
		if m.ReplyTo != 0 && m.ReplyTo != asked[n] {
			s.t.Errorf("chat %d: answer %d is to message %d, want %d", i, n, m.ReplyTo, asked[n])
		}
	}
}

// report logs what was measured.
func (s *soak) report() {
	for _, c := range s.server.Complaints() {
		s.t.Errorf("the server complains: %s", c)
	}
	s.t.Logf("%d chats, %d questions each, in %v: from question to answer p50 %v, p95 %v, p99 %v, longest %v",
		s.chats, s.each, time.Since(s.begun).Round(time.Second), s.percentile(50), s.percentile(95), s.percentile(99), s.percentile(100))
}

func (s *soak) percentile(p int) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.took) == 0 {
		return 0
	}
	slices.Sort(s.took)
	return s.took[min(len(s.took)*p/100, len(s.took)-1)].Round(time.Millisecond)
}

// firstSentence answers with the first sentence of the first passage, two
// characters every 40 ms: some 50 tokens a second.
func firstSentence(r llmtest.Request) llmtest.Reply {
	block := fence.FindString(r.Messages[len(r.Messages)-1].Content)
	_, text, _ := strings.Cut(block, "\n")
	text = strings.TrimSuffix(text, "\n>>>")
	if end := strings.IndexAny(text, "。！？\n"); end > 0 {
		text = text[:end]
	}
	return llmtest.Paced(strings.TrimSpace(text)+"[1]。", 40*time.Millisecond)
}
