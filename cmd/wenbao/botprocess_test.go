//go:build unix

package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"wenbao/bot/bottest"
	"wenbao/rag/llm/llmtest"
)

// botProcess is `wenbao bot` in a process of its own.
type botProcess struct {
	t      *testing.T
	signal func(os.Signal) error
	wait   func() error
	stderr *shared
}

// startProcess starts the bot on the library in dir. A bot that the test leaves
// running is killed.
func startProcess(t *testing.T, url, dir string, flags ...string) *botProcess {
	t.Helper()
	cmd := program(t, append([]string{"bot", "--data", dir, "--telegram-url", url}, flags...)...)
	cmd.Env = append(cmd.Env, "WENBAO_TELEGRAM_TOKEN="+fakeToken)
	p := &botProcess{t: t, stderr: &shared{}}
	cmd.Stderr = p.stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.signal, p.wait = cmd.Process.Signal, cmd.Wait
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it has ended where all went well
		_ = cmd.Wait()
	})
	return p
}

// terminate ends it as a system does, and wants it to end well.
func (p *botProcess) terminate() {
	p.t.Helper()
	if err := p.signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	if code := exitCode(p.t, p.wait()); code != exitOK {
		p.t.Errorf("exit code %d: %s", code, p.stderr)
	}
}

// kill ends it at once.
func (p *botProcess) kill() {
	p.t.Helper()
	if err := p.signal(syscall.SIGKILL); err != nil {
		p.t.Fatal(err)
	}
	_ = p.wait() // it was killed
}

// libraryCopy is a copy of a library, for a bot to keep its files in.
func libraryCopy(t *testing.T, library string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "lib")
	if err := os.CopyFS(dir, os.DirFS(library)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestBotTerminated ends the bot while a model writes. What it can finish within
// its time it does; else the next run answers. In all that is one answer.
func TestBotTerminated(t *testing.T) {
	t.Parallel()
	library := sampleLibrary(t)
	for _, tt := range []struct {
		name, grace string
		rest        llmtest.Step // of the first reply, after its first sentence
		calls       int
	}{
		{"finished", "20s", llmtest.Step{Wait: 300 * time.Millisecond}, 1},
		{"handed back", "50ms", llmtest.Hang(), 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int64
			model := llmtest.Start(t, llmtest.Script{Models: []string{"writer"}, Context: 8192, Chat: func(r llmtest.Request) llmtest.Reply {
				reply := goodAnswer(r)
				if calls.Add(1) == 1 {
					first := llmtest.Say("临江区2025年计划新增养老床位500张。" + markerOf(r, bedsQuote))
					return llmtest.Stream(first, llmtest.Say("另外"), tt.rest, llmtest.Say("。"), llmtest.Stop("stop"))
				}
				return reply
			}})
			server, url := newServer(t, bottest.Options{})
			dir := libraryCopy(t, library)
			flags := []string{"--model", "openai:writer", "--model-url", model.URL, "--no-cache", "--grace", tt.grace}
			p := startProcess(t, url, dir, flags...)
			chat := server.Private(resident)
			q := asking{soakQuestion: soakQuestion{bedsQuestion, []string{"临江区2025年计划新增养老床位500张"}}, message: chat.Say(resident, bedsQuestion)}
			awaitCall(t, server, p, "sendMessageDraft")
			p.terminate()
			p = startProcess(t, url, dir, flags...)
			awaitCall(t, server, p, "getMe") // it hears signals
			awaitAnswers(t, server, p, talk{chat, []asking{q}})
			p.terminate()
			if faults := faultsOf([]asking{q}, chat.Messages()); len(faults) > 0 {
				t.Errorf("%q: %s", faults, p.stderr)
			}
			if n := int(calls.Load()); n != tt.calls {
				t.Errorf("the model is asked %d times, want %d", n, tt.calls)
			}
		})
	}
}

// TestBotKilled kills the bot twice while ten chats ask two questions each: in the
// end each is answered, once and in order.
func TestBotKilled(t *testing.T) {
	t.Parallel()
	if raceEnabled {
		t.Skip("three starts of the program take too long under the race detector; the dialogues kill it too")
	}
	dir := sampleLibrary(t)
	// A call is under way long enough for a kill to fall into it, before it is done or after.
	server, url := newServer(t, bottest.Options{Latency: 20 * time.Millisecond})
	p := startProcess(t, url, dir)
	var talks []talk
	for i := range 10 {
		user := bottest.User{ID: int64(8000 + i), Name: "居民", Lang: "zh-hans"}
		chat, before, group := server.Private(user), "", i%2 == 1
		if group {
			chat, before = server.Group(bottest.GroupOptions{Title: "群", Supergroup: true}), "@"+server.Bot().Username+" "
		}
		s := talk{chat: chat}
		for _, q := range []soakQuestion{{bedsQuestion, []string{"500张"}}, {"平阜县的乡镇公交票价多少？", []string{"2元"}}} {
			s.asked = append(s.asked, asking{soakQuestion: q, group: group, message: chat.Say(user, before+q.text)})
		}
		talks = append(talks, s)
	}
	for range 2 {
		awaitCall(t, server, p, "sendMessage")
		p.kill()
		p = startProcess(t, url, dir)
	}
	awaitAnswers(t, server, p, talks...)
	p.terminate()
	for _, s := range talks {
		if faults := faultsOf(s.asked, s.chat.Messages()); len(faults) > 0 {
			t.Errorf("chat %d: %q", s.chat.ID, faults)
		}
	}
}

// awaitCall waits until the bot calls a method.
func awaitCall(t *testing.T, s *bottest.Server, p *botProcess, method string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if _, err := s.Next(ctx, method); err != nil {
		t.Fatalf("no %s: %v: %s", method, err, p.stderr)
	}
}

// awaitAnswers waits until nothing is wrong in the chats.
func awaitAnswers(t *testing.T, s *bottest.Server, p *botProcess, talks ...talk) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		var faults []string
		for _, k := range talks {
			faults = append(faults, faultsOf(k.asked, k.chat.Messages())...)
		}
		if len(faults) == 0 {
			return
		}
		if _, err := s.Next(ctx, "sendMessage", "editMessageText"); err != nil {
			t.Fatalf("%v: %s: %s", err, strings.Join(faults, "\n"), p.stderr)
		}
	}
}
